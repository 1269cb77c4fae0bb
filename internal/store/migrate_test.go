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
// holds while it asks for the first. PostgreSQL ends the migration, which asked first.
func TestMigrationOutlivesDeadlock(t *testing.T) {
	t.Parallel()
	url := storetest.PostgresURL(t)
	storetest.Execute(t, url, "CREATE TABLE first (id BIGINT); CREATE TABLE second (id BIGINT)")
	provider, err := goose.NewProvider(goose.DialectPostgres, storetest.Beside(t, url), fstest.MapFS{"00001_both.sql": {
		Data: []byte("-- +goose Up\nALTER TABLE first ADD COLUMN next BIGINT;\nALTER TABLE second ADD COLUMN next BIGINT;\n"),
	}}, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	serving, err := storetest.Beside(t, url).BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := serving.ExecContext(ctx, "INSERT INTO second VALUES (1)"); err != nil {
		t.Fatal(err)
	}
	migrated := make(chan error, 1)
	go func() { migrated <- store.Up(ctx, provider) }()
	beside := storetest.Beside(t, url)
	for waiting := false; !waiting; time.Sleep(5 * time.Millisecond) {
		row := beside.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE relation = 'second'::regclass AND NOT granted)")
		if err := row.Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := serving.ExecContext(ctx, "INSERT INTO first VALUES (1)"); err != nil {
		t.Fatal(err)
	}
	if err := serving.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-migrated; err != nil {
		t.Fatal(err)
	}
	storetest.Execute(t, url, "UPDATE first SET next = 1 WHERE next IS NULL")
	storetest.Execute(t, url, "UPDATE second SET next = 1 WHERE next IS NULL")
}
