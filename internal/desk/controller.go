package desk

import "time"

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
	Name  string `json:"name" toml:"name"`
	Basis string `json:"basis" toml:"basis"`
}

var laender = map[string]bool{
	"BW": true, "BY": true, "BE": true, "BB": true, "HB": true, "HH": true, "HE": true, "MV": true,
	"NI": true, "NW": true, "RP": true, "SL": true, "SN": true, "ST": true, "SH": true, "TH": true,
}

var bases = map[string]bool{
	"6(1)(a)": true, "6(1)(b)": true, "6(1)(c)": true, "6(1)(d)": true, "6(1)(e)": true, "6(1)(f)": true,
}

// Check tells the first fact that is wrong. Facts may be missing: then what
// depends on them is refused later, with the way to mend it.
func (f ControllerFacts) Check() error {
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
	}
	return nil
}
