package store_test

import (
	"context"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3"

	"botschaft/internal/store"
	"botschaft/internal/storetest"
)

// A node of the release before holds one table and asks for another, which the migration
// holds while it asks for the first. PostgreSQL ends whoever looks around first once both wait:
// as a rule the migration, which asked first. Where it was the node, it is played once more.
func TestMigrationOutlivesDeadlock(t *testing.T) {
	t.Parallel()
	for range 10 {
		if outlives(t, storetest.PostgresURL(t)) {
			return
		}
	}
	t.Error("the migration was never the one that was ended")
}

// outlives tells whether the migration was ended and made all the same.
func outlives(t *testing.T, url string) bool {
	t.Helper()
	storetest.Execute(t, url, "CREATE TABLE first (id BIGINT); CREATE TABLE second (id BIGINT)")
	provider, err := goose.NewProvider(goose.DialectPostgres, storetest.Beside(t, url), fstest.MapFS{"00001_both.sql": {
		Data: []byte("-- +goose Up\nALTER TABLE first ADD COLUMN next BIGINT;\nALTER TABLE second ADD COLUMN next BIGINT;\n"),
	}}, goose.WithDisableGlobalRegistry(true))
	must(t, err)
	ctx := context.Background()
	serving, err := storetest.Beside(t, url).BeginTx(ctx, nil)
	must(t, err)
	_, err = serving.ExecContext(ctx, "INSERT INTO second VALUES (1)")
	must(t, err)
	migrated := make(chan error, 1)
	go func() { migrated <- store.Up(ctx, provider) }()
	beside := storetest.Beside(t, url)
	for waiting := false; !waiting; time.Sleep(5 * time.Millisecond) {
		must(t, beside.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE relation = 'second'::regclass AND NOT granted)").Scan(&waiting))
	}
	_, ended := serving.ExecContext(ctx, "INSERT INTO first VALUES (1)")
	if ended == nil {
		must(t, serving.Commit())
	} else {
		must(t, serving.Rollback())
	}
	must(t, <-migrated)
	storetest.Execute(t, url, "UPDATE first SET next = 1 WHERE next IS NULL")
	storetest.Execute(t, url, "UPDATE second SET next = 1 WHERE next IS NULL")
	return ended == nil
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
