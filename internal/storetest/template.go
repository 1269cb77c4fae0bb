package storetest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"botschaft/internal/store"
)

// MigratedSQLite gives the address of a database with today's tables and nothing in them.
func MigratedSQLite(t testing.TB) string {
	t.Helper()
	made, err := sqliteTemplate()
	if err != nil {
		t.Fatalf("make the template database: %v", err)
	}
	path := filepath.Join(t.TempDir(), "botschaft.db")
	if err := os.WriteFile(path, made, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// MigratedPostgres is MigratedSQLite on the other engine.
func MigratedPostgres(t testing.TB) string {
	t.Helper()
	key, err := migrationsKey()
	if err != nil {
		t.Fatalf("read the migrations: %v", err)
	}
	return PostgresTemplate(t, key, migrate)
}

// sqliteTemplate migrates a database once for all tests of the process.
var sqliteTemplate = sync.OnceValues(func() (made []byte, err error) {
	dir, err := os.MkdirTemp("", "botschaft-template-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "botschaft.db")
	if err := migrate("sqlite:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func migrate(url string) error {
	s, err := store.Open(context.Background(), store.Config{URL: url})
	if err != nil {
		return err
	}
	return s.Close()
}

// migrationsKey changes with every change of a migration.
var migrationsKey = sync.OnceValues(func() (string, error) {
	_, here, _, _ := runtime.Caller(0)
	files, err := filepath.Glob(filepath.Join(filepath.Dir(here), "../store/migrations/*.sql"))
	if err != nil || len(files) == 0 {
		return "", fmt.Errorf("none were found beside %s: %w", here, err)
	}
	sum := sha256.New()
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		_, _ = sum.Write(text) // never fails
	}
	return fmt.Sprintf("%x", sum.Sum(nil)), nil
})
