package store_test

import (
	"context"
	"strings"
	"testing"

	"botschaft/internal/storetest"
)

// A server that has no statistics yet, as after a table was filled at once, finds who
// holds digests by the digests, and does not read all that a controller has.
func TestHoldersAreFoundWithoutStatistics(t *testing.T) {
	url := storetest.MigratedPostgres(t) // SQLite has none, and plans by the form of a statement
	storetest.Execute(t, url, "ALTER TABLE identity SET (autovacuum_enabled = off)")
	storetest.Execute(t, url, `INSERT INTO identity (id, controller_id, contact_id, kind, digest, value, valid_from)
			SELECT sha256(('i' || g)::bytea), '\x01', sha256(('c' || g)::bytea), 'phone', sha256(g::text::bytea), '\x00', g FROM generate_series(1, 20000) g`)
	found, err := storetest.Beside(t, url).QueryContext(context.Background(), `EXPLAIN SELECT digest, contact_id FROM identity
			WHERE controller_id = '\x01' AND digest IN (sha256('1'), sha256('2'), sha256('3'), sha256('4')) AND valid_until IS NULL`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = found.Close() }()
	var plan strings.Builder
	for found.Next() {
		var line string
		if err := found.Scan(&line); err != nil {
			t.Fatal(err)
		}
		plan.WriteString(line + "\n")
	}
	if err := found.Err(); err != nil || !strings.Contains(plan.String(), "Cond: ((digest = ANY") {
		t.Errorf("%v\n%s", err, plan.String())
	}
}
