package desk

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// dutiful is a register that asks for nothing on the day.
func dutiful() (Register, time.Time) {
	facts := ControllerFacts{
		Name: "Muster", Address: "Weg 1", Seat: "Berlin", Land: "BE", Authority: "BlnBDI", PrivacyURL: "https://muster.example/privacy",
		Alternative: "Telefon", DPO: Office{"Datenschutz", "dsb@muster.example"}, Purposes: []PurposeFact{{Name: "Anfragen", Basis: "6(1)(b)"}},
	}
	carrier := complete()
	carrier.Carries = []Channel{ChannelWhatsApp}
	row := Listed{Recipient: carrier, ID: NewID[RegisterEntry](), Active: true}
	return Register{ID: NewID[Controller](), Controller: facts, Recipients: []Listed{row}}, time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
}

// weighed is a Purpose on a legitimate interest whose balancing was approved on a day.
func weighed(approved string) PurposeFact {
	return PurposeFact{Name: "Betrug erkennen", Basis: "6(1)(f)", Interest: Bilingual{DE: "Schaden abwenden"}, Balancing: &Balancing{
		Necessity: "n", Balance: "b", Safeguards: "s", Objection: "o", ApprovedBy: "Datenschutz", ApprovedAt: approved,
	}}
}

// said is what a test compares of Duties.
func said(duties []Duty) []string {
	out := []string{}
	for _, d := range duties {
		out = append(out, fmt.Sprint(d.Kind, " ", d.Name, d.Title, d.Fields, d.Until))
	}
	return out
}

func TestDue(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Register)
		want   []string
	}{
		"in order": {func(*Register) {}, []string{}},
		"facts of the Controller": {
			func(r *Register) { r.Controller.Authority = "" }, []string{"complete [authority]"},
		},
		"a fact of a Recipient": {
			func(r *Register) { delete(r.Recipients[0].Contract.Clauses, "d") }, []string{"complete Carrier, Inc.[contract.clauses.d]"},
		},
		"a review that is 31 days away": {
			func(r *Register) { r.Recipients[0].ReviewBy = "2026-12-31" }, []string{},
		},
		"a review that is 30 days away": {
			func(r *Register) { r.Recipients[0].ReviewBy = "2026-12-30" }, []string{"review Carrier, Inc.[]2026-12-30"},
		},
		"a review on no day": {
			func(r *Register) { r.Recipients[0].ReviewBy = "soon" }, []string{"review Carrier, Inc.[]"},
		},
		"a listing looked up 90 days ago": {
			func(r *Register) { r.Recipients[0].Transfer.Checked = "2026-09-01" }, []string{"framework Carrier, Inc.[]2026-11-30"},
		},
		"a listing that does not matter any more": {
			func(r *Register) {
				r.Recipients[0].Transfer.Checked, r.InvalidAt = "2020-01-01", time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
			}, []string{},
		},
		"clauses are no listing": {
			func(r *Register) {
				r.Recipients[0].Transfer = *r.Recipients[0].Transfer.Fallback
				r.Recipients[0].Transfer.Checked = "2020-01-01"
			}, []string{},
		},
		"terms accepted a year ago": {
			func(r *Register) { r.Recipients[0].Contract.Terms[0].AcceptedAt = "2025-11-29" }, []string{"terms Carrier, Inc.Terms[]2026-11-29"},
		},
		"old terms that somebody read again": {
			func(r *Register) {
				r.Recipients[0].Contract.Terms[0].AcceptedAt, r.Recipients[0].Contract.Terms[0].ReviewedAt = "2020-01-01", "2026-06-01"
			}, []string{},
		},
		"who gets nothing": {
			func(r *Register) {
				r.Recipients[0].Active, r.Recipients[0].Carries, r.Recipients[0].ReviewBy = false, nil, ""
			}, []string{},
		},
		"a carrier that is switched off": {
			func(r *Register) { r.Recipients[0].Active, r.Recipients[0].ReviewBy = false, "" }, []string{"complete Carrier, Inc.[review_by]"},
		},
		"what is missing first, then the oldest": {
			func(r *Register) {
				c := &r.Recipients[0]
				c.Address, c.ReviewBy, c.Transfer.Checked, c.Contract.Terms[0].AcceptedAt = "", "2026-12-24", "2026-08-01", "2025-12-01"
			}, []string{"complete Carrier, Inc.[address]", "framework Carrier, Inc.[]2026-10-30", "terms Carrier, Inc.Terms[]2026-12-01", "review Carrier, Inc.[]2026-12-24"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, now := dutiful()
			c.change(&r)
			if got := said(r.Due(now)); !slices.Equal(got, c.want) {
				t.Errorf("due are %q, want %q", got, c.want)
			}
		})
	}
}

// What the register cannot stand for is to be completed: a Recipient that works for nobody, an
// interest that nobody has weighed yet or that an authority has none of (GDPR Art. 6(1), 28(4)).
func TestDueWithoutFooting(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Register)
		want   []string
	}{
		"a Recipient that works for nobody": {
			func(r *Register) { r.Recipients[0].For = "Holding, Inc." }, []string{"complete Carrier, Inc.[for]"},
		},
		"one that works for itself": {
			func(r *Register) { r.Recipients[0].For = "Carrier, Inc." }, []string{"complete Carrier, Inc.[for]"},
		},
		"one that works for another": {
			func(r *Register) {
				r.Recipients[0].For = "Holding, Inc."
				r.Recipients = append(r.Recipients, Listed{Recipient: Recipient{Name: "Holding, Inc."}, ID: NewID[RegisterEntry]()})
			}, []string{},
		},
		"an interest of a house": {
			func(r *Register) { r.Controller.Purposes = []PurposeFact{weighed("2026-11-30")} }, []string{},
		},
		"an interest that is weighed tomorrow": {
			func(r *Register) { r.Controller.Purposes = []PurposeFact{weighed("2026-12-01")} }, []string{"complete [purposes.balancing.approved_at]"},
		},
		"an interest of an authority": {
			func(r *Register) {
				r.Controller.Purposes, r.Policies.PublicSector = []PurposeFact{weighed("2026-11-30")}, "on"
			}, []string{"complete [purposes.basis]"},
		},
		"a task of an authority": {
			func(r *Register) {
				r.Controller.Purposes, r.Policies.PublicSector = []PurposeFact{{Name: "Aufgabe", Basis: "6(1)(e)"}}, "on"
			}, []string{},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, now := dutiful()
			c.change(&r)
			if got := said(r.Due(now)); !slices.Equal(got, c.want) {
				t.Errorf("due are %q, want %q", got, c.want)
			}
		})
	}
}

// The day is the house's: in the first hours of a day in Germany it is the day before in UTC.
func TestDueKnowsTheDay(t *testing.T) {
	t.Parallel()
	r, _ := dutiful()
	r.Recipients[0].ReviewBy = "2026-12-31"
	berlin := time.FixedZone("", 3600)
	at := time.Date(2026, 11, 30, 23, 30, 0, 0, time.UTC)
	if got := said(r.Due(at)); len(got) > 0 {
		t.Errorf("in UTC: %q", got)
	}
	if got := said(r.Due(at.In(berlin))); len(got) != 1 {
		t.Errorf("in Germany: %q", got)
	}
}

func TestIsLate(t *testing.T) {
	t.Parallel()
	for until, want := range map[string]bool{"": true, "2026-11-29": true, "2026-11-30": false, "2026-12-01": false} {
		if got := (Duty{Until: until}).IsLate("2026-11-30"); got != want {
			t.Errorf("until %q: %v", until, got)
		}
	}
}
