package desk

import (
	"errors"
	"slices"
	"testing"
)

// complete is a Processor abroad with everything there must be.
func complete() Recipient {
	r := Recipient{
		Name: "Carrier, Inc.", Address: "1 Way, Town", Country: "US", Service: Bilingual{DE: "befördert Nachrichten"}, Roles: []RecipientRole{RoleProcessor, RoleController},
		Data: []DataClass{DataContent}, OwnUse: Bilingual{DE: "zählt Nachrichten"}, PrivacyURL: "https://carrier.example/privacy", ReviewBy: "2027-11-01",
		Transfer: Transfer{Mechanism: TransferDPF, Checked: "2026-11-01", CheckedBy: "Datenschutz", Source: "https://list.example", Fallback: &Transfer{
			Mechanism: TransferClauses, Module: 3, Checked: "2026-11-02", CheckedBy: "Datenschutz", Source: "https://clauses.example", Assessment: "TIA 1",
		}},
		Contract: Contract{Subject: "sending", Duration: "until notice", Nature: "to answer people", Clauses: map[string]string{}, Terms: []Terms{{
			Title: "Terms", URL: "https://carrier.example/terms", Version: "2026-01-01", AcceptedBy: "Einkauf", AcceptedAt: "2026-02-01",
		}}},
	}
	for _, letter := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		r.Contract.Clauses[letter] = "no. 1"
	}
	return r
}

// Each fact is missed when it is taken away, alone and by name (GDPR Art. 26(2), 28(3),
// 44).
func TestMissingNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	if missing := complete().Missing(); missing != nil {
		t.Fatalf("a complete row lacks %v", missing)
	}
	for field, take := range map[string]func(*Recipient){
		"name":                       func(r *Recipient) { r.Name = "" },
		"address":                    func(r *Recipient) { r.Address = "" },
		"country":                    func(r *Recipient) { r.Country = "usa" },
		"service":                    func(r *Recipient) { r.Service = Bilingual{} },
		"data":                       func(r *Recipient) { r.Data = nil },
		"review_by":                  func(r *Recipient) { r.ReviewBy = "" },
		"for":                        func(r *Recipient) { r.Roles = append(r.Roles, RoleSubProcessor) },
		"own_use":                    func(r *Recipient) { r.OwnUse = Bilingual{} },
		"privacy_url":                func(r *Recipient) { r.PrivacyURL = "" },
		"essence":                    func(r *Recipient) { r.Roles = append(r.Roles, RoleJoint) },
		"contract.subject":           func(r *Recipient) { r.Contract.Subject = "" },
		"contract.duration":          func(r *Recipient) { r.Contract.Duration = "" },
		"contract.nature":            func(r *Recipient) { r.Contract.Nature = "" },
		"transfer.mechanism":         func(r *Recipient) { r.Transfer.Mechanism = "shield" },
		"transfer.module":            func(r *Recipient) { r.Transfer.Mechanism, r.Transfer.Assessment = TransferClauses, "TIA 1" },
		"transfer.assessment":        func(r *Recipient) { r.Transfer.Mechanism = TransferRules },
		"transfer.checked":           func(r *Recipient) { r.Transfer.Checked = "" },
		"transfer.checked_by":        func(r *Recipient) { r.Transfer.CheckedBy = "" },
		"transfer.source":            func(r *Recipient) { r.Transfer.Source = "" },
		"contract.clauses.d":         func(r *Recipient) { delete(r.Contract.Clauses, "d") },
		"contract.terms":             func(r *Recipient) { r.Contract.Terms = nil },
		"contract.terms.version":     func(r *Recipient) { r.Contract.Terms[0].Version = "" },
		"contract.terms.url":         func(r *Recipient) { r.Contract.Terms[0].URL = "" },
		"contract.terms.accepted_by": func(r *Recipient) { r.Contract.Terms[0].AcceptedAt = "" },
	} {
		r := complete()
		take(&r)
		if got := r.Missing(); !slices.Equal(got, []string{field}) {
			t.Errorf("without %s: %v", field, got)
		}
	}
	if got := (Recipient{}).Missing(); !slices.Contains(got, "roles") || !slices.Contains(got, "transfer.mechanism") {
		t.Errorf("an empty row lacks %v", got)
	}
}

// Inside the European Economic Area no transfer needs a ground, and who is no Processor has
// no contract of Art. 28.
func TestWhatIsNotNeeded(t *testing.T) {
	t.Parallel()
	r := complete()
	r.Country, r.Transfer, r.Roles, r.Contract = "IE", Transfer{}, []RecipientRole{RoleController}, Contract{}
	if missing := r.Missing(); missing != nil {
		t.Errorf("it lacks %v", missing)
	}
	r.Roles, r.Essence = []RecipientRole{RoleController, RoleJoint}, Bilingual{DE: "beide antworten"}
	if missing := r.Missing(); missing != nil {
		t.Errorf("a joint controller lacks %v", missing)
	}
	r.Country = "GB"
	if !slices.Contains(r.Missing(), "transfer.mechanism") {
		t.Error("the United Kingdom is in the European Economic Area")
	}
}

func TestWithoutDPF(t *testing.T) {
	t.Parallel()
	r := complete().WithoutDPF()
	if r.Transfer.Mechanism != TransferClauses || r.Transfer.Module != 3 || r.Transfer.Source != "https://clauses.example" || r.Missing() != nil {
		t.Errorf("with clauses behind it: %+v lacks %v", r.Transfer, r.Missing())
	}
	bare := complete()
	bare.Transfer.Fallback = nil
	if got := bare.WithoutDPF().Missing(); !slices.Contains(got, "transfer.mechanism") {
		t.Errorf("with nothing behind it: it lacks %v", got)
	}
	rules := complete()
	rules.Transfer.Mechanism, rules.Transfer.Fallback = TransferRules, nil
	if rules.WithoutDPF().Transfer != rules.Transfer {
		t.Error("what never rested on it has changed")
	}
}

// Who was switched on before the register asked for more goes on carrying Messages; what is
// missing is a Duty. All else that is missing stops them (GDPR Art. 26(2), 28(3)).
func TestWhatWasAskedLaterStopsNothing(t *testing.T) {
	t.Parallel()
	r, now := dutiful()
	row := &r.Recipients[0]
	row.Roles = append(row.Roles, RoleJoint)
	row.Contract.Subject, row.Contract.Duration, row.Contract.Nature = "", "", ""
	if got := r.Incomplete(ChannelWhatsApp); got != nil {
		t.Errorf("%v stop what goes out", got)
	}
	if got, want := said(r.Due(now)), "complete Carrier, Inc.[essence contract.subject contract.duration contract.nature]"; !slices.Equal(got, []string{want}) {
		t.Errorf("due are %q, want %q", got, want)
	}
	delete(row.Contract.Clauses, "d")
	if got := r.Incomplete(ChannelWhatsApp); !slices.Equal(got, []string{"Carrier, Inc."}) {
		t.Errorf("without a letter %v stop what goes out", got)
	}
	row.Contract.Clauses["d"], row.Active = "no. 1", false
	if got := r.Incomplete(ChannelWhatsApp); !slices.Equal(got, []string{"Carrier, Inc."}) {
		t.Errorf("switched off %v stop what goes out", got)
	}
}

// Nobody has looked something up, accepted or approved it on a day that has not come, and a day
// is one of the calendar (GDPR Art. 5(2)).
func TestWhatHappenedLiesInThePast(t *testing.T) {
	t.Parallel()
	const today, tomorrow = "2026-11-30", "2026-12-01"
	days := map[string]func(*Recipient, string){
		"transfer.checked":           func(r *Recipient, day string) { r.Transfer.Checked = day },
		"transfer.fallback.checked":  func(r *Recipient, day string) { r.Transfer.Fallback.Checked = day },
		"contract.terms.accepted_at": func(r *Recipient, day string) { r.Contract.Terms[0].AcceptedAt = day },
		"contract.terms.reviewed_at": func(r *Recipient, day string) { r.Contract.Terms[0].ReviewedAt = day },
		"review_by":                  func(r *Recipient, day string) { r.ReviewBy = day },
	}
	for field, set := range days {
		for day, text := range map[string]string{
			today: "", "": "", tomorrow: "lies in the future", "2026-11-31": "is not a day such as 2026-11-30", "30.11.2026": "is not a day such as 2026-11-30",
		} {
			if field == "review_by" && day == tomorrow {
				text = "" // somebody is to look then
			}
			r := complete()
			set(&r, day)
			wantInvalid(t, field+" "+day, r.check(today), field, text)
		}
	}
	const approved = "purposes.balancing.approved_at"
	for day, text := range map[string]string{today: "", tomorrow: "lies in the future", "morgen": "is not a day such as 2026-11-30"} {
		f := ControllerFacts{Name: "Muster", Purposes: []PurposeFact{weighed(day)}}
		wantInvalid(t, approved+" "+day, f.Check(today), approved, text)
	}
}

// wantInvalid wants a field refused for a reason, or nothing refused if there is no text.
func wantInvalid(t *testing.T, what string, err error, field, text string) {
	t.Helper()
	var invalid *Error
	if text == "" && err != nil || text != "" && (!errors.As(err, &invalid) || invalid.Field != field || invalid.Text != text) {
		t.Errorf("%s: %v", what, err)
	}
}
