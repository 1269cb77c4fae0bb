package store_test

import (
	"slices"
	"testing"

	"botschaft/internal/store"
	"botschaft/internal/storetest"
)

// tablesOf lists the tables of a database, on each engine.
var tablesOf = map[bool]string{
	true:  "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
	false: "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
}

// Every table there is was decided on: a backup keeps it, or leaves it out for a reason.
func TestEveryTableIsKeptOrLeftOut(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url, nil)
		rows, err := storetest.Beside(t, url).Query(tablesOf[s.IsSQLite()])
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var there, declared []string
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				t.Fatal(err)
			}
			there = append(there, name)
		}
		for _, table := range store.Tables {
			declared = append(declared, table.Name)
		}
		slices.Sort(there)
		slices.Sort(declared)
		for _, name := range there {
			if !slices.Contains(declared, name) {
				t.Errorf("table %s is in no backup: say in internal/store/tables.go whether it is kept, or why it is left out", name)
			}
		}
		for _, name := range declared {
			if !slices.Contains(there, name) {
				t.Errorf("table %s is declared for backups and not there", name)
			}
		}
	})
}

// A snapshot sees nothing of what is written after it began.
func TestSnapshotStandsStill(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url, nil)
		sn, err := s.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = sn.Close() }()
		storetest.Execute(t, url, "INSERT INTO controller (id, name, facts, created_at) VALUES ($1, 'x', '', 1)", []byte("0123456789abcdef"))
		if n, err := sn.Count(t.Context(), store.Table{Name: "controller"}); err != nil || n != 0 {
			t.Errorf("it sees %d rows (%v)", n, err)
		}
	})
}
