package store

import (
	"slices"
	"strings"
	"testing"
)

// Every sealed column that a Contact's key opens is either handed over in a Split, or known not to
// be.
func TestSplitKnowsWhatIsSealed(t *testing.T) {
	house := []string{"approval", "terms_file", "inbox", "agent", "agent_preferences", "token", "delivery"}
	stays := []string{ // these are sealed anew by whoever splits
		"contact.profile", "identity.value", "identity_key.value", "conversation.closed_reason",
		"ledger.sale", "paper.form", // the Ledger says who agreed
	}
	for name, class := range Columns {
		table, column, _ := strings.Cut(name, ".")
		if class != Sealed || slices.Contains(house, table) || slices.Contains(stays, name) {
			continue
		}
		if !slices.ContainsFunc(allSpoken, func(s spoken) bool { return s.table == table && slices.Contains(s.sealed, column) }) {
			t.Errorf("%s is neither handed over nor said to stay", name)
		}
	}
}
