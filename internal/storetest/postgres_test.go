package storetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

func one[T any](t *testing.T, url, query string) T {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	var v T
	if err := conn.QueryRow(t.Context(), query).Scan(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestPostgresURLGivesAnEmptyDatabaseEach(t *testing.T) {
	a, b := PostgresURL(t), PostgresURL(t)
	if a == b {
		t.Fatalf("two calls gave one database: %s", a)
	}
	if err := execute(t.Context(), a, "CREATE TABLE thing (id BIGINT)"); err != nil {
		t.Fatal(err)
	}
	const count = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
	if got := one[int](t, b, count); got != 0 {
		t.Errorf("got %d tables in the second database, want 0", got)
	}
	if got := one[int](t, a, "SELECT current_setting('server_version_num')::int / 10000"); got < oldest {
		t.Errorf("got PostgreSQL %d, want %d or newer", got, oldest)
	}
}

func TestPostgresURLDropsItsDatabase(t *testing.T) {
	var url string
	t.Run("test", func(t *testing.T) {
		url = PostgresURL(t)
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close(context.Background()) }) // runs before the drop
		_, _ = pgx.Connect(t.Context(), url)                       // and this one is left open
	})
	if err := answers(url); err == nil {
		t.Error("the database outlived its test")
	}
}

func TestPostgresTemplateIsMadeOnce(t *testing.T) {
	key := "template test " + randomHex(8)
	runs := 0
	migrate := func(url string) error {
		runs++
		return execute(t.Context(), url, "CREATE TABLE thing AS SELECT 7 AS n")
	}
	for range 3 {
		url := PostgresTemplate(t, key, migrate)
		if got := one[int](t, url, "SELECT n FROM thing"); got != 7 {
			t.Errorf("got %d, want 7", got)
		}
		if err := execute(t.Context(), url, "UPDATE thing SET n = 8"); err != nil {
			t.Fatal(err)
		}
	}
	if runs != 1 {
		t.Errorf("migrated %d times, want once", runs)
	}
}

func TestPostgresTemplateForgetsAFailedMigration(t *testing.T) {
	server, name := mustServer(t), "botschaft_template_"+randomHex(8)
	boom := errors.New("boom")
	if err := makeTemplate(t.Context(), server, name, func(string) error { return boom }); !errors.Is(err, boom) {
		t.Fatalf("got %v, want %v", err, boom)
	}
	const count = "SELECT count(*) FROM pg_database WHERE datname LIKE '"
	if got := one[int](t, server, count+name+"%'"); got != 0 {
		t.Errorf("got %d databases left, want 0", got)
	}
}

func TestMissingPostgresIsAnError(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if installed, _ := filepath.Glob("/usr/lib/postgresql/*/bin"); len(installed) > 0 {
		t.Setenv(ServerVariable, "postgres://nobody@127.0.0.1:1/postgres")
	}
	_, err := findServer()
	if err == nil || !(strings.Contains(err.Error(), "install the package postgresql") || strings.Contains(err.Error(), "does not answer")) {
		t.Errorf("got %v, want a sentence that says what to do", err)
	}
}

func TestSharedDirectoryOfSomebodyElseIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shared")
	if err := os.Symlink(t.TempDir(), dir); err != nil {
		t.Fatal(err)
	}
	if err := (server{dir: dir}).makeDirectory(); err == nil {
		t.Error("a planted link was taken for the shared directory")
	}
}
