package papers

import (
	"slices"
	"time"

	"botschaft/internal/desk"
)

// Duties gives what somebody must do about a register at a moment, the most urgent first: its
// own, and before them to put the Notices to use that say what it says (GDPR Art. 5(1)(a), 13).
// Which day it is, is that of at's time zone.
func Duties(r desk.Register, given []desk.Giving, at time.Time) (all []desk.Duty) {
	on := r.Footing(at.Format(time.DateOnly))
	for _, g := range given {
		duty := desk.Duty{Kind: desk.DutyNotice, Row: desk.RegisterID(g.Inbox), Name: g.Name}
		switch {
		case len(g.Digests) == 0:
			duty.Kind = desk.DutyNoNotice
		case !slices.ContainsFunc(Languages, func(l Language) bool { return g.Digests[string(l)] != MakeNotice(FactsOf(r, l, on)).Digest() }):
			continue
		}
		all = append(all, duty)
	}
	return append(all, r.Due(at)...)
}
