package desk

import (
	"slices"
	"time"
)

// Revision is one change of a setting, as its history keeps it: who changed what, when
// and from what to what. It never holds secrets, nor names or addresses of Agents.
type Revision struct {
	ID         RevisionID
	At         time.Time
	Actor      Actor
	Act        Act
	Subject    string       // noun and id, e.g. "inbox:0192…"
	Controller ControllerID // whose setting it is; zero: the house's
	Inbox      InboxID      // zero unless it is about one
	Changes    []Alteration
}

// Alteration is one field that changed. A side is empty where there was or is nothing.
// Both are empty of what changed and must not be kept, such as a secret.
type Alteration struct {
	Field  string   `json:"field"`
	Before []string `json:"before"`
	After  []string `json:"after"`
}

// Altered is a field that holds one value; the empty text is none.
func Altered(field, before, after string) Alteration {
	return Alteration{field, oneOrNone(before), oneOrNone(after)}
}

// AlteredSet is a field that holds several values in no order.
func AlteredSet(field string, before, after []string) Alteration {
	return Alteration{field, sorted(before), sorted(after)}
}

// AlteredUnseen is a field that changed and whose value is nobody's business.
func AlteredUnseen(field string) Alteration { return Alteration{Field: field} }

// Differs tells whether there is anything to keep.
func (a Alteration) Differs() bool {
	return a.Before == nil || !slices.Equal(a.Before, a.After)
}

func oneOrNone(s string) []string {
	if s == "" {
		return []string{}
	}
	return []string{s}
}

func sorted(s []string) []string {
	out := append([]string{}, s...)
	slices.Sort(out)
	return out
}

// RevisionQuery says which Revisions are read, the newest first.
type RevisionQuery struct {
	Scope   Scope
	Subject string // noun and id; empty: whatever was changed
	Limit   int
	Cursor  string // where the page before ended; empty: the first page
}
