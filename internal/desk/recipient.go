package desk

import (
	"slices"
	"strings"
)

// Recipient is what is known about somebody whom a Controller discloses data to (GDPR
// Art. 4(9)): a Processor, one of its own Processors, or another who answers for the data
// itself. Nothing of it is about a natural person.
type Recipient struct {
	Name       string          `json:"name" toml:"name"`
	Address    string          `json:"address" toml:"address"`
	Country    string          `json:"country" toml:"country"` // ISO 3166-1, two letters
	Service    Bilingual       `json:"service" toml:"service"` // what it does for us
	Roles      []RecipientRole `json:"roles" toml:"roles" nullable:"false"`
	For        string          `json:"for,omitempty" toml:"for"` // the Processor whose own Processor it is
	Data       []DataClass     `json:"data" toml:"data" nullable:"false"`
	Carries    []Channel       `json:"carries,omitempty" toml:"carries"`         // whose Messages cannot go without it
	OwnUse     Bilingual       `json:"own_use,omitzero" toml:"own_use"`          // what it processes as a controller, and for what
	PrivacyURL string          `json:"privacy_url,omitempty" toml:"privacy_url"` // where it informs about that
	Essence    Bilingual       `json:"essence,omitzero" toml:"essence"`          // of the arrangement with who is a controller jointly with us: Art. 26(2)
	Transfer   Transfer        `json:"transfer" toml:"transfer"`
	Contract   Contract        `json:"contract" toml:"contract"`
	ReviewBy   string          `json:"review_by" toml:"review_by"` // the day on which somebody looks at this again, 2027-02-28
}

// RecipientRole says what a Recipient is under the GDPR; one may have several.
type RecipientRole string

// The roles.
const (
	RoleProcessor    RecipientRole = "processor"     // Art. 28, under our contract
	RoleSubProcessor RecipientRole = "sub_processor" // Art. 28(2) and (4), under a Processor's contract
	RoleController   RecipientRole = "controller"    // Art. 4(7), for purposes of its own
	RoleJoint        RecipientRole = "joint"         // Art. 26
)

// DataClass is a sort of data that a Recipient gets.
type DataClass string

// The classes.
const (
	DataContent  DataClass = "content"  // what people write, and their files
	DataIdentity DataClass = "identity" // telephone numbers, ids, names
	DataMetadata DataClass = "metadata" // when, how often, by which device
)

// Transfer says what allows data to go to a country outside the European Economic Area
// (GDPR Art. 44 to 49). Inside it none of it is needed.
type Transfer struct {
	Mechanism  TransferMechanism `json:"mechanism,omitempty" toml:"mechanism"`
	Module     int               `json:"module,omitempty" toml:"module"`         // of the clauses, 1 to 4
	Checked    string            `json:"checked,omitempty" toml:"checked"`       // the day on which the listing or the clauses were looked up
	CheckedBy  string            `json:"checked_by,omitempty" toml:"checked_by"` // an office, no name
	Source     string            `json:"source,omitempty" toml:"source"`         // where a copy is to be had
	Assessment string            `json:"assessment,omitempty" toml:"assessment"` // of the country's law and what is done about it; for clauses and rules
	Fallback   *Transfer         `json:"fallback,omitempty" toml:"fallback"`     // what stands behind the DPF; nil: nothing
}

// TransferMechanism names what a transfer rests on.
type TransferMechanism string

// The mechanisms.
const (
	TransferDPF       TransferMechanism = "dpf"       // decision (EU) 2023/1795, for those listed
	TransferAdequacy  TransferMechanism = "adequacy"  // another decision under Art. 45
	TransferClauses   TransferMechanism = "clauses"   // decision (EU) 2021/914
	TransferRules     TransferMechanism = "rules"     // binding corporate rules, Art. 47
	TransferException TransferMechanism = "exception" // Art. 49, with its limits
)

// Contract is what Art. 28(3) GDPR asks of the terms with a Processor.
type Contract struct {
	Subject  string            `json:"subject,omitempty" toml:"subject"`   // the subject-matter of the processing
	Duration string            `json:"duration,omitempty" toml:"duration"` // how long it lasts
	Nature   string            `json:"nature,omitempty" toml:"nature"`     // its nature and purpose
	Clauses  map[string]string `json:"clauses,omitempty" toml:"clauses"`   // letter a to h → where it is written
	Terms    []Terms           `json:"terms,omitempty" toml:"terms"`
}

// Terms are one document in one version.
type Terms struct {
	Title      string `json:"title" toml:"title"`
	URL        string `json:"url,omitempty" toml:"url"`
	Digest     string `json:"digest,omitempty" toml:"digest"` // SHA-256 of the file
	Version    string `json:"version" toml:"version"`         // its date, as a rule
	AcceptedBy string `json:"accepted_by" toml:"accepted_by"` // an office, no name
	AcceptedAt string `json:"accepted_at" toml:"accepted_at"`
	ReviewedAt string `json:"reviewed_at,omitempty" toml:"reviewed_at"` // the day on which somebody last read them again
}

// letters are those of Art. 28(3) GDPR.
const letters = "abcdefgh"

// area is the European Economic Area.
const area = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"

// IsAbroad tells whether the Recipient's country is outside the European Economic Area.
func (r Recipient) IsAbroad() bool { return !slices.Contains(strings.Fields(area), r.Country) }

// carries tells whether Messages of a Channel cannot go without it.
func (r Recipient) carries(c Channel) bool { return slices.Contains(r.Carries, c) }

// Has tells whether the Recipient has a role.
func (r Recipient) Has(role RecipientRole) bool { return slices.Contains(r.Roles, role) }

// Missing names every fact without which the Recipient must not get data, as field paths in
// the order of the form; nil if nothing is missing (GDPR Art. 26(2), 28(3), 44).
func (r Recipient) Missing() (missing []string) {
	want := func(ok bool, field string) {
		if !ok {
			missing = append(missing, field)
		}
	}
	want(r.Name != "", "name")
	want(r.Address != "", "address")
	want(len(r.Country) == 2 && r.Country == strings.ToUpper(r.Country), "country")
	want(!r.Service.IsEmpty(), "service")
	want(len(r.Roles) > 0, "roles")
	want(len(r.Data) > 0, "data")
	want(r.ReviewBy != "", "review_by")
	want(!r.Has(RoleSubProcessor) || r.For != "", "for")
	want(!r.Has(RoleController) || !r.OwnUse.IsEmpty(), "own_use")
	want(!r.Has(RoleController) || r.PrivacyURL != "", "privacy_url")
	want(!r.Has(RoleJoint) || !r.Essence.IsEmpty(), "essence")
	if r.IsAbroad() {
		missing = append(missing, r.Transfer.missing()...)
	}
	if r.Has(RoleProcessor) {
		missing = append(missing, r.Contract.missing()...)
	}
	return missing
}

// check tells the first day that is none or, of what somebody is said to have done, that has
// not come (GDPR Art. 5(2)). today is a day such as 2026-11-30.
func (r Recipient) check(today string) error {
	type done struct{ field, day string }
	all := []done{{"transfer.checked", r.Transfer.Checked}}
	if behind := r.Transfer.Fallback; behind != nil {
		all = append(all, done{"transfer.fallback.checked", behind.Checked})
	}
	for _, t := range r.Contract.Terms {
		all = append(all, done{"contract.terms.accepted_at", t.AcceptedAt}, done{"contract.terms.reviewed_at", t.ReviewedAt})
	}
	for _, d := range all {
		if err := happened(d.field, d.day, today); err != nil {
			return err
		}
	}
	return isDay("review_by", r.ReviewBy)
}

// askedLater are facts that the register did not ask for at first.
var askedLater = []string{"essence", "contract.subject", "contract.duration", "contract.nature"}

// stops tells whether something is missing that stops what is on its way: all that Missing
// names, but for what was askedLater. A Recipient that was switched on before lacks that, and
// its Messages go on, so that no upgrade silences a house; its Duties ask for it at once
// (Register.Due), and its next version cannot be switched on without it.
func (r Recipient) stops() bool {
	return slices.ContainsFunc(r.Missing(), func(field string) bool { return !slices.Contains(askedLater, field) })
}

func (t Transfer) missing() (missing []string) {
	want := func(ok bool, field string) {
		if !ok {
			missing = append(missing, "transfer."+field)
		}
	}
	want(slices.Contains([]TransferMechanism{TransferDPF, TransferAdequacy, TransferClauses, TransferRules, TransferException}, t.Mechanism), "mechanism")
	want(t.Mechanism != TransferClauses || t.Module >= 1 && t.Module <= 4, "module")
	want(t.Mechanism != TransferClauses && t.Mechanism != TransferRules || t.Assessment != "", "assessment")
	want(t.Checked != "", "checked")
	want(t.CheckedBy != "", "checked_by")
	want(t.Source != "", "source")
	return missing
}

func (c Contract) missing() (missing []string) {
	for _, said := range []struct{ value, field string }{{c.Subject, "subject"}, {c.Duration, "duration"}, {c.Nature, "nature"}} {
		if said.value == "" {
			missing = append(missing, "contract."+said.field)
		}
	}
	for _, letter := range strings.Split(letters, "") {
		if c.Clauses[letter] == "" {
			missing = append(missing, "contract.clauses."+letter)
		}
	}
	if len(c.Terms) == 0 {
		missing = append(missing, "contract.terms")
	}
	for _, t := range c.Terms {
		switch {
		case t.Title == "" || t.Version == "":
			missing = append(missing, "contract.terms.version")
		case t.URL == "" && t.Digest == "":
			missing = append(missing, "contract.terms.url")
		case t.AcceptedBy == "" || t.AcceptedAt == "":
			missing = append(missing, "contract.terms.accepted_by")
		}
	}
	return missing
}

// WithoutDPF gives the Recipient as it stands when the adequacy decision for the United
// States is gone: on the clauses behind it, or on nothing (GDPR Art. 45(5)).
func (r Recipient) WithoutDPF() Recipient {
	if r.Transfer.Mechanism != TransferDPF {
		return r
	}
	if r.Transfer.Fallback == nil {
		r.Transfer = Transfer{}
	} else {
		r.Transfer = *r.Transfer.Fallback
	}
	return r
}
