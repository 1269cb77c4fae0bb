package storetest

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"botschaft/internal/store"
)

// Each runs fn once on each engine, with a freshly migrated database whose clock
// is clock (nil: the system's).
func Each(t *testing.T, clock func() time.Time, fn func(t *testing.T, s *store.Store)) {
	t.Helper()
	EachURL(t, func(t *testing.T, url string) {
		fn(t, Open(t, url, clock))
	})
}

// EachURL runs fn once on each engine with the address of a freshly migrated database.
func EachURL(t *testing.T, fn func(t *testing.T, url string)) {
	t.Helper()
	each(t, MigratedSQLite, MigratedPostgres, fn)
}

// EachEmptyURL is EachURL with databases that have no tables.
func EachEmptyURL(t *testing.T, fn func(t *testing.T, url string)) {
	t.Helper()
	empty := func(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "botschaft.db") }
	each(t, empty, PostgresURL, fn)
}

func each(t *testing.T, sqlite, postgres func(testing.TB) string, fn func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); fn(t, sqlite(t)) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); fn(t, postgres(t)) })
}

// Open opens the database until the test ends.
func Open(t testing.TB, url string, clock func() time.Time) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), store.Config{URL: url, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Listen lets the store hear other nodes until the test ends.
func Listen(t testing.TB, s *store.Store) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	var listening sync.WaitGroup
	listening.Go(func() { _ = s.Listen(ctx, slog.New(slog.DiscardHandler)) })
	t.Cleanup(func() { stop(); listening.Wait() })
}
