package tasks

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/papers"
	"botschaft/internal/storetest"
)

// A register asks for its Duties, and for another ground at once when the Data Privacy Framework
// is held invalid and somebody rests on it (GDPR Art. 44, 45).
func TestTheRegisterAsks(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)
	facts, carrier := storetest.Papers()
	carrier.Transfer.Checked, carrier.Contract.Terms[0].AcceptedAt = "2026-11-01", "2026-11-01"
	listed := func(change func(*desk.Listed)) desk.Register {
		l := desk.Listed{Recipient: carrier, ID: desk.NewID[desk.RegisterEntry](), Active: true}
		change(&l)
		return desk.Register{ID: desk.NewID[desk.Controller](), Controller: facts, Recipients: []desk.Listed{l}}
	}
	invalid := func(change func(*desk.Listed)) desk.Register {
		r := listed(change)
		r.InvalidAt = time.Date(2026, 11, 29, 23, 30, 0, 0, time.UTC) // the 30th in Germany
		return r
	}
	bare := desk.Transfer{Mechanism: desk.TransferDPF, Checked: "2026-11-01", CheckedBy: "Datenschutz", Source: "https://list.example"}
	for name, c := range map[string]struct {
		register desk.Register
		want     []string
	}{
		"nothing":            {listed(func(*desk.Listed) {}), nil},
		"a review":           {listed(func(l *desk.Listed) { l.ReviewBy = "2026-11-30" }), []string{"review 2026-11-30 open []"}},
		"late":               {listed(func(l *desk.Listed) { l.ReviewBy = "2026-11-29" }), []string{"review 2026-11-29 overdue []"}},
		"on no day":          {listed(func(l *desk.Listed) { l.ReviewBy = "soon" }), []string{"review  overdue []"}},
		"something missing":  {listed(func(l *desk.Listed) { l.Address = "" }), []string{"complete  overdue [address]"}},
		"without the DPF":    {invalid(func(*desk.Listed) {}), []string{"invalid 2026-11-30 open []"}},
		"and nothing behind": {invalid(func(l *desk.Listed) { l.Transfer = bare }), []string{"invalid 2026-11-30 open [transfer.mechanism transfer.checked transfer.checked_by transfer.source]"}},
		"on clauses already": {invalid(func(l *desk.Listed) { l.Transfer = *l.Transfer.Fallback }), nil},
		"nobody abroad":      {invalid(func(l *desk.Listed) { l.Country = "IE" }), nil},
		"who is off, abroad": {invalid(func(l *desk.Listed) { l.Active = false }), nil},
		"and a review":       {invalid(func(l *desk.Listed) { l.ReviewBy = "2026-11-01" }), []string{"invalid 2026-11-30 open []", "review 2026-11-01 overdue []"}},
	} {
		var got []string
		for _, s := range asked(c.register, nil, now) {
			state := map[bool]string{true: "overdue", false: "open"}[s.IsOverdue(now)]
			got = append(got, fmt.Sprint(s.Kind, " ", s.Day, " ", state, " ", s.About[0].Missing))
			if !s.ID.IsZero() || s.Controller != c.register.ID || s.About[0].Name != carrier.Name {
				t.Errorf("%s: %+v", name, s)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// A Notice that says something else than the register is a Task at once, and so is an Inbox
// without one; one that says the same is none (GDPR Art. 5(1)(a), 13).
func TestTheRegisterAsksForItsNotice(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)
	facts, carrier := storetest.Papers()
	carrier.Transfer.Checked, carrier.Contract.Terms[0].AcceptedAt = "2026-11-01", "2026-11-01"
	r := desk.Register{
		ID: desk.NewID[desk.Controller](), Controller: facts, Policies: desk.DefaultPolicies(),
		Recipients: []desk.Listed{{Recipient: carrier, ID: desk.NewID[desk.RegisterEntry](), Active: true}},
	}
	given := desk.Giving{Inbox: desk.NewID[desk.Inbox](), Name: "Schaden", Digests: map[string]string{}}
	for _, l := range papers.Languages {
		given.Digests[string(l)] = papers.MakeNotice(papers.FactsOf(r, l, r.Footing(now.Format(time.DateOnly)))).Digest()
	}
	check := func(what string, g desk.Giving, want ...string) {
		t.Helper()
		var got []string
		for _, s := range asked(r, []desk.Giving{g}, now) {
			got = append(got, fmt.Sprint(s.Kind, " ", s.About[0].Name, " ", s.IsOverdue(now)))
			if s.About[0].ID != desk.RegisterID(g.Inbox) {
				t.Errorf("%s: about %s", what, s.About[0].ID)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", what, got, want)
		}
	}
	check("the same", given)
	check("none", desk.Giving{Inbox: given.Inbox, Name: "Schaden"}, "no_notice Schaden true")
	r.Recipients[0].Transfer = *carrier.Transfer.Fallback
	check("another ground of the transfer", given, "notice Schaden true")
}
