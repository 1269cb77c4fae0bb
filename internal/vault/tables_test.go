package vault_test

import (
	"slices"
	"strings"
	"testing"

	"botschaft/internal/vault"
)

// Every table of the vault was decided on: a backup keeps it, or leaves it out for a
// reason. The columns are declared, and a guard of the house compares them with the
// tables.
func TestEveryTableIsKeptOrLeftOut(t *testing.T) {
	t.Parallel()
	there, declared := map[string]bool{}, []string{}
	for column := range vault.Columns {
		table, _, _ := strings.Cut(column, ".")
		there[table] = true
	}
	for _, table := range vault.Tables {
		declared = append(declared, table.Name)
		if !there[table.Name] {
			t.Errorf("table %s is declared for backups and not there", table.Name)
		}
	}
	for name := range there {
		if !slices.Contains(declared, name) {
			t.Errorf("table %s is in no backup: say in internal/vault/snapshot.go whether it is kept, or why it is left out", name)
		}
	}
}
