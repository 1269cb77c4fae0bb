package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"botschaft/internal/storetest"
)

// A server that has no statistics yet, as after a table was filled at once, or old ones, as
// while it fills, finds by what is looked for in sets, and does not read all that a
// controller or an inbox has.
func TestSetsAreFoundWithoutStatistics(t *testing.T) {
	for name, c := range map[string]struct{ fill, ask, column string }{
		"identity": {
			`INSERT INTO identity (id, controller_id, contact_id, kind, digest, value, valid_from)
				SELECT sha256(('i' || g)::bytea), '\x01', sha256(('c' || g)::bytea), 'phone', sha256(g::text::bytea), '\x00', g FROM generate_series(1, 60000) g`,
			`SELECT digest, contact_id FROM identity WHERE controller_id = '\x01' AND valid_until IS NULL AND digest IN`, "digest",
		},
		"message": {
			`INSERT INTO message (id, controller_id, inbox_id, contact_id, conversation_id, direction, kind, position, at, external_at, thread_at, late, content, wamid_digest, status, status_at, failure, origin)
				SELECT sha256(('i' || g)::bytea), '\x01', '\x01', '\x01', '\x01', 'in', 'text', g, g, g, g, false, '\x00', sha256(g::text::bytea), 'received', g, '', 'contact' FROM generate_series(1, 60000) g`,
			`SELECT id FROM message WHERE inbox_id = '\x01' AND wamid_digest IN`, "wamid_digest",
		},
		"conversation": {
			`INSERT INTO conversation (id, controller_id, inbox_id, contact_id, opened_at, last_at, position, receiving)
				SELECT sha256(('i' || g)::bytea), '\x01', '\x01', sha256(g::text::bytea), g, g, 1, true FROM generate_series(1, 60000) g`,
			`SELECT id FROM conversation WHERE inbox_id = '\x01' AND receiving AND contact_id IN`, "contact_id",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := storetest.MigratedPostgres(t) // SQLite has none, and plans by the form of a statement
			storetest.Execute(t, url, "ALTER TABLE "+name+" SET (autovacuum_enabled = off)")
			storetest.Execute(t, url, "ALTER TABLE "+name+" DISABLE TRIGGER ALL")
			storetest.Execute(t, url, c.fill)
			values := make([]string, 256)
			for i := range values {
				values[i] = fmt.Sprintf("sha256('%d')", i)
			}
			plan := explain(t, url, c.ask+" ("+strings.Join(values, ", ")+")")
			if !strings.Contains(plan, "Cond: (("+c.column+" = ANY") {
				t.Errorf("%.400s", plan)
			}
		})
	}
}

func explain(t *testing.T, url, statement string) string {
	t.Helper()
	found, err := storetest.Beside(t, url).QueryContext(context.Background(), "EXPLAIN "+statement)
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
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return plan.String()
}
