package desk

import (
	"strings"
	"time"
)

// Controller is the legal entity that answers for the data (GDPR Art. 4(7)).
// Facts are what its notices state; none of it is about a natural person but the
// office of the data-protection officer, which is published anyway (Art. 37(7)).
type Controller struct {
	ID        ControllerID
	Name      string
	Facts     ControllerFacts
	CreatedAt time.Time
}

// ControllerFacts are the facts of GDPR Art. 13 that only the Controller knows.
type ControllerFacts struct {
	Name        string        `json:"name" toml:"name"`
	Address     string        `json:"address,omitempty" toml:"address"`
	Seat        string        `json:"seat,omitempty" toml:"seat"`
	Land        string        `json:"land,omitempty" toml:"land"` // two letters: BW BY BE BB HB HH HE MV NI NW RP SL SN ST SH TH
	Authority   string        `json:"authority,omitempty" toml:"authority"`
	PrivacyURL  string        `json:"privacy_url,omitempty" toml:"privacy_url"`
	Alternative string        `json:"alternative,omitempty" toml:"alternative"` // the way to us that needs no WhatsApp
	DPO         Office        `json:"dpo" toml:"dpo"`
	Purposes    []PurposeFact `json:"purposes,omitempty" toml:"purposes"`
}

// Office is a published point of contact.
type Office struct {
	Name  string `json:"name,omitempty" toml:"name"`
	Email string `json:"email,omitempty" toml:"email"`
}

// PurposeFact is a Purpose with its legal basis, e.g. "6(1)(b)" (GDPR Art. 6).
type PurposeFact struct {
	Name      string     `json:"name" toml:"name"`
	NameEN    string     `json:"name_en,omitempty" toml:"name_en"` // empty: the name is good in English too
	Basis     string     `json:"basis" toml:"basis"`
	Interest  Bilingual  `json:"interest,omitzero" toml:"interest"` // that is pursued, of 6(1)(f): GDPR Art. 13(1)(d)
	Balancing *Balancing `json:"balancing,omitempty" toml:"balancing"`
	Period    Bilingual  `json:"period,omitzero" toml:"period"` // how long its data is kept, a sentence: GDPR Art. 13(2)(a)
	// Parties says that it reaches nobody but those who write or are party to a contract, such
	// as advertising to customers: third persons are not told of it (GDPR Art. 14(1)(c)).
	Parties bool `json:"parties,omitempty" toml:"parties"`
}

// Title is the Purpose's name in a language.
func (p PurposeFact) Title(language string) string { return Bilingual{p.Name, p.NameEN}.In(language) }

// Balancing is why a legitimate interest outweighs those of the people concerned (GDPR Art.
// 6(1)(f), 5(2)); it names offices and no person.
type Balancing struct {
	Necessity  string `json:"necessity" toml:"necessity"`   // why nothing milder does
	Balance    string `json:"balance" toml:"balance"`       // what weighs against it, and why it weighs less
	Safeguards string `json:"safeguards" toml:"safeguards"` // what protects the people concerned
	Objection  string `json:"objection" toml:"objection"`   // what happens when somebody objects, GDPR Art. 21(1)
	ApprovedBy string `json:"approved_by" toml:"approved_by"`
	ApprovedAt string `json:"approved_at" toml:"approved_at"` // 2026-11-30
}

// Footing is what it depends on, beside a Purpose's own facts, whether the Purpose may be used:
// who the Controller is, and which day it is.
type Footing struct {
	Authority bool   // the Controller is a public authority
	Today     string // 2026-11-30
}

// MayBeObjected tells whether somebody may object to the Purpose: to what rests on an interest or
// a public task for reasons of their own, to advertising without any. A contract and a duty by law
// end otherwise (GDPR Art. 21(1) and (2)).
func (p PurposeFact) MayBeObjected() bool {
	return p.Basis == "6(1)(f)" || p.Basis == "6(1)(e)" || p.AsksConsent()
}

// AsksConsent tells whether nothing may stand on the Purpose without a Consent to it.
func (p PurposeFact) AsksConsent() bool { return p.Basis == "6(1)(a)" }

// weighs tells whether the Purpose rests on a legitimate interest.
func (p PurposeFact) weighs() bool { return p.Basis == "6(1)(f)" }

// IsBarred tells whether the Purpose rests on a legitimate interest of an authority, which has
// none in the performance of its tasks (GDPR Art. 6(1) subpara. 2).
func (p PurposeFact) IsBarred(on Footing) bool { return on.Authority && p.weighs() }

// Missing names what a Purpose lacks to be put to use, as field paths. A balancing that is
// approved on a later day is not approved yet (GDPR Art. 5(2), 6(1)(f)).
func (p PurposeFact) Missing(on Footing) (missing []string) {
	switch {
	case !p.weighs():
		return nil
	case p.IsBarred(on):
		return []string{"purposes.basis"}
	}
	if p.Interest.IsEmpty() {
		missing = append(missing, "purposes.interest")
	}
	b := p.Balancing
	if b == nil {
		return append(missing, "purposes.balancing")
	}
	for _, c := range []struct{ value, field string }{
		{b.Necessity, "necessity"}, {b.Balance, "balance"}, {b.Safeguards, "safeguards"}, {b.Objection, "objection"},
		{b.ApprovedBy, "approved_by"}, {b.approved(on.Today), "approved_at"},
	} {
		if c.value == "" {
			missing = append(missing, "purposes.balancing."+c.field)
		}
	}
	return missing
}

// approved is the day of the approval; empty if it has not come.
func (b *Balancing) approved(today string) string {
	if b.ApprovedAt > today {
		return ""
	}
	return b.ApprovedAt
}

// Bilingual is one text in the two languages of the house.
type Bilingual struct {
	DE string `json:"de" toml:"de"`
	EN string `json:"en,omitempty" toml:"en"`
}

// In gives the text in a language (BCP 47), or in the other one if there is no such text.
func (w Bilingual) In(language string) string {
	if w.DE == "" || w.EN != "" && !strings.HasPrefix(language, "de") {
		return w.EN
	}
	return w.DE
}

// IsEmpty tells whether nothing is said.
func (w Bilingual) IsEmpty() bool { return w.DE == "" && w.EN == "" }

var laender = map[string]bool{
	"BW": true, "BY": true, "BE": true, "BB": true, "HB": true, "HH": true, "HE": true, "MV": true,
	"NI": true, "NW": true, "RP": true, "SL": true, "SN": true, "ST": true, "SH": true, "TH": true,
}

var bases = map[string]bool{
	"6(1)(a)": true, "6(1)(b)": true, "6(1)(c)": true, "6(1)(d)": true, "6(1)(e)": true, "6(1)(f)": true,
}

// Missing names every fact of GDPR Art. 13 that is missing, as field paths; nil if none is.
func (f ControllerFacts) Missing(on Footing) (missing []string) {
	for _, c := range []struct{ value, field string }{
		{f.Name, "name"},
		{f.Address, "address"},
		{f.Seat, "seat"},
		{f.Land, "land"},
		{f.DPO.Name, "dpo.name"},
		{f.DPO.Email, "dpo.email"},
		{f.Authority, "authority"},
		{f.PrivacyURL, "privacy_url"},
		{f.Alternative, "alternative"},
	} {
		if c.value == "" {
			missing = append(missing, c.field)
		}
	}
	if len(f.Purposes) == 0 {
		missing = append(missing, "purposes")
	}
	for _, p := range f.Purposes {
		missing = append(missing, p.Missing(on)...)
	}
	return missing
}

// Named gives the Purpose of a name.
func (f ControllerFacts) Named(name string) (PurposeFact, bool) {
	for _, p := range f.Purposes {
		if p.Name == name {
			return p, true
		}
	}
	return PurposeFact{}, false
}

// Purpose gives the first Purpose that answers stand on: the first whose basis is no
// consent; nothing if there is none that may be used (GDPR Art. 5(1)(b), 6(1)).
func (f ControllerFacts) Purpose(on Footing) (PurposeFact, bool) {
	for _, p := range f.Purposes {
		if !p.AsksConsent() && len(p.Missing(on)) == 0 {
			return p, true
		}
	}
	return PurposeFact{}, false
}

// Check tells the first fact that is wrong on a day such as 2026-11-30. Facts may be missing:
// then what depends on them is refused later, with the way to mend it.
func (f ControllerFacts) Check(today string) error {
	if f.Name == "" {
		return Invalid("name", "is missing")
	}
	if f.Land != "" && !laender[f.Land] {
		return Invalid("land", "is not the two-letter code of a German Land")
	}
	for _, p := range f.Purposes {
		if p.Name == "" {
			return Invalid("purposes.name", "is missing")
		}
		if !bases[p.Basis] {
			return Invalid("purposes.basis", "is not one of 6(1)(a) to 6(1)(f)")
		}
		if b := p.Balancing; b != nil {
			if err := happened("purposes.balancing.approved_at", b.ApprovedAt, today); err != nil {
				return err
			}
		}
	}
	return nil
}
