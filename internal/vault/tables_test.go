package vault_test

import (
	"slices"
	"strings"
	"testing"

	"botschaft/internal/storetest"
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

// The keys that come back wait for the data, however long those take.
func TestFillingIsPatient(t *testing.T) {
	t.Parallel()
	f, err := vault.Fill(t.Context(), vault.Config{URL: storetest.PostgresURL(t), RootKey: rootKey}, 1)
	check(t, err)
	defer func() { check(t, f.Close()) }()
	if patience, err := f.Patience(t.Context()); err != nil || patience != "0" {
		t.Errorf("the transaction may wait for %s (%v)", patience, err)
	}
}
