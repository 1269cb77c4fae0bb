package policy

import (
	"time"

	"botschaft/internal/desk"
)

// Life is how long a Permit lives at most: long enough to send one Message, short
// enough that a withdrawn Consent or a new restriction counts at once.
const Life = 30 * time.Second

// Permit is a passing decision for one Draft. Only Decide makes one; a type that
// embeds the interface has none inside and panics when asked.
type Permit interface {
	// Record is what stays on the Message: version, legal basis, rows not assessed.
	Record() desk.PermitRecord
	// Until is when the Permit ends, exclusive: Life after the decision, or the end of
	// the Window if the Draft needs it and that comes sooner.
	Until() time.Time
	// Allows tells whether this is the very Message that was decided upon. It does not
	// look at the time; the caller compares Until with its clock.
	Allows(m desk.MessageID, kind desk.Kind) bool

	permit()
}

// granted is the one Permit there is.
type granted struct {
	draft       Draft
	facts       Facts
	notAssessed []string
	until       time.Time
}

func grant(f Facts, d Draft, notAssessed []string) *granted {
	until := f.Now.Add(Life)
	if !d.Template && f.WindowUntil.Before(until) {
		until = f.WindowUntil
	}
	return &granted{draft: d, facts: f, notAssessed: notAssessed, until: until}
}

func (g *granted) Record() desk.PermitRecord {
	return desk.PermitRecord{
		Policy:      Version,
		Purpose:     g.facts.Purpose,
		Basis:       g.facts.Basis,
		Class:       string(g.draft.Class),
		Notice:      g.facts.Notice,
		NotAssessed: append([]string(nil), g.notAssessed...),
	}
}

func (g *granted) Until() time.Time { return g.until }

func (g *granted) Allows(m desk.MessageID, kind desk.Kind) bool {
	return !m.IsZero() && g.draft.Message == m && g.draft.Kind == kind
}

func (g *granted) permit() {}
