package backup_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"botschaft/internal/archive"
	"botschaft/internal/backup"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
	"botschaft/internal/vault"
)

// engines are where a house can stand.
var engines = []string{"sqlite", "postgres"}

// place is where one stands, or will.
type place struct {
	data, keys string
	root       private.Key
}

func newPlace(t testing.TB, engine string, root private.Key) place {
	t.Helper()
	if engine == "postgres" {
		return place{storetest.PostgresURL(t), storetest.PostgresURL(t), root}
	}
	dir := t.TempDir()
	return place{"sqlite:" + filepath.Join(dir, "botschaft.db"), "sqlite:" + filepath.Join(dir, "vault.db"), root}
}

func rootKey(fill byte) private.Key {
	return private.NewKey([]byte(strings.Repeat(string(rune(fill)), 32)))
}

// house is an open one.
type house struct {
	place
	store *store.Store
	vault *vault.Vault
	feed  string
}

func (p place) open(t testing.TB) *house {
	t.Helper()
	v, err := vault.Open(t.Context(), vault.Config{URL: p.keys, RootKey: p.root})
	must(t, err)
	t.Cleanup(func() { _ = v.Close() })
	s := storetest.Open(t, p.data, nil)
	in, err := settings.Bind(t.Context(), s, v)
	must(t, err)
	return &house{p, s, v, in.Feed}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// reader is who can open the backups of these tests.
type reader struct {
	recipients []archive.Recipient
	identities []archive.Identity
}

func newReader(t testing.TB) reader {
	t.Helper()
	file := filepath.Join(t.TempDir(), "identity")
	recipient, err := archive.NewIdentity(file)
	must(t, err)
	var r reader
	r.recipients, err = archive.Recipients([]string{recipient}, nil)
	must(t, err)
	r.identities, err = archive.Identities([]string{file})
	must(t, err)
	return r
}

var shell = desk.Actor{Kind: desk.ActorCommand, Via: "backup"}

func (h *house) backup(t testing.TB, r reader) backup.Made {
	t.Helper()
	made, err := backup.Make(t.Context(), h.store, h.vault, backup.Order{
		Dir: t.TempDir(), VaultDir: t.TempDir(), Recipients: r.recipients, Identities: r.identities, Actor: shell,
	})
	must(t, err)
	return made
}

// plan brings a backup back to a place.
func (p place) plan(made backup.Made, r reader) backup.Plan {
	return backup.Plan{
		Data: made.Data.Name, Vault: made.Vault.Name, Identities: r.identities, Sends: []string{"outbound", "answers"}, Actor: shell, Now: time.Now,
		DataPlace: store.Config{URL: p.data}, VaultPlace: vault.Config{URL: p.keys, RootKey: p.root},
	}
}

// one is the id of everything that fill makes.
var one = desk.NewID[desk.Contact]()

// fill puts a row into every table that has none.
func (h *house) fill(t testing.TB) {
	t.Helper()
	db := storetest.Beside(t, h.data)
	for _, table := range store.Tables {
		if table.Name == "goose_db_version" || count(t, db, table.Name) > 0 {
			continue
		}
		var names, marks []string
		var values []any
		rows, err := db.Query("SELECT * FROM " + table.Name + " LIMIT 1")
		must(t, err)
		types, err := rows.ColumnTypes()
		must(t, err)
		must(t, rows.Close())
		for i, c := range types {
			names, marks = append(names, c.Name()), append(marks, fmt.Sprintf("$%d", i+1))
			values = append(values, sample(t, c.DatabaseTypeName(), c.Name()))
		}
		storetest.Execute(t, h.data, "INSERT INTO "+table.Name+" ("+strings.Join(names, ", ")+") VALUES ("+strings.Join(marks, ", ")+")", values...)
	}
}

func sample(t testing.TB, typ, column string) any {
	t.Helper()
	switch {
	case strings.Contains(typ, "BYTEA") || strings.Contains(typ, "BLOB"):
		return one[:]
	case strings.Contains(typ, "TEXT"):
		return map[bool]string{true: `{"grüße":"\u0000 ist keins"}`, false: "Größe\t\"'\\"}[column == "detail"]
	case strings.Contains(typ, "BOOL"):
		return true
	case strings.Contains(typ, "INT"):
		return int64(1) << 41
	}
	t.Fatalf("column %s has the type %s", column, typ)
	return nil
}

func count(t testing.TB, db *sql.DB, table string) (n int) {
	t.Helper()
	must(t, db.QueryRow("SELECT COUNT(*) FROM "+table).Scan(&n))
	return n
}

// contents gives every row that a backup keeps, by table, in an order of its own.
func (h *house) contents(t testing.TB) map[string][]string {
	t.Helper()
	sn, err := h.store.Snapshot(t.Context())
	must(t, err)
	defer func() { _ = sn.Close() }()
	all := map[string][]string{}
	for _, table := range store.Tables {
		if table.LeftOut != "" {
			continue
		}
		var columns []string
		must(t, sn.Read(context.Background(), table, func(c []string) error { columns = c; return nil }, func(values []any) error {
			var line []string
			for i, c := range columns {
				line = append(line, fmt.Sprintf("%s=%T:%x", c, values[i], fmt.Sprint(values[i])))
			}
			slices.Sort(line) // columns that were added later stand elsewhere
			all[table.Name] = append(all[table.Name], strings.Join(line, " "))
			return nil
		}))
		slices.Sort(all[table.Name])
	}
	return all
}

// indexes lists them: a restore makes them last.
func (h *house) indexes(t testing.TB, engine string) (all []string) {
	t.Helper()
	list := "SELECT name || ' ' || COALESCE(sql, '') FROM sqlite_master WHERE type = 'index' ORDER BY 1"
	if engine == "postgres" {
		list = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"
	}
	rows, err := storetest.Beside(t, h.data).Query(list)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var one string
		must(t, rows.Scan(&one))
		all = append(all, one)
	}
	return all
}
