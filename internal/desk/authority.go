package desk

import "regexp"

// authority is who supervises the private houses of a Land, and the words that plainly name
// it or its Land (GDPR Art. 51, 55(1); § 40(1) BDSG).
type authority struct {
	name string
	sign *regexp.Regexp
}

// authorities are those of the Länder, by their public short names. Bavaria has two, and that
// of its public bodies is none of ours.
var authorities = map[string]authority{
	"BW": {"LfDI (Baden-Württemberg)", words(`baden-württemberg|\blfdi[ -]bw\b`)},
	"BY": {"BayLDA (Bayern)", words(`\bbayern\b|\bbayerisch|\bbaylda\b|\bbaylfd\b`)},
	"BE": {"BlnBDI (Berlin)", words(`\bberlin\b|\bberliner (?:daten|beauftragte)|\bblnbdi\b`)},
	"BB": {"LDA (Brandenburg)", words(`\bbrandenburg\b|\bbrandenburgisch`)},
	"HB": {"LfDI (Bremen)", words(`\bbremen\b|\bbremisch|\bbremerhaven\b`)},
	"HH": {"HmbBfDI (Hamburg)", words(`\bhamburg\b|\bhamburgisch|\bhmbbfdi\b`)},
	"HE": {"HBDI (Hessen)", words(`\bhessen\b|\bhessisch|\bhbdi\b`)},
	"MV": {"LfDI (Mecklenburg-Vorpommern)", words(`\bmecklenburg|\bvorpommern\b|\blfdi[ -]mv\b`)},
	"NI": {"LfD (Niedersachsen)", words(`\bniedersachsen\b|\bniedersächsisch`)},
	"NW": {"LDI (Nordrhein-Westfalen)", words(`\bnordrhein|\bnrw\b|\bldi\b`)},
	"RP": {"LfDI (Rheinland-Pfalz)", words(`\brheinland-pfalz\b|\brlp\b`)},
	"SL": {"Unabhängiges Datenschutzzentrum (Saarland)", words(`\bsaarland|\bsaarländisch`)},
	"SN": {"SDTB (Sachsen)", words(`\bsachsen(?:$|[^-\w])|\bsächsisch|\bsdtb\b`)},
	"ST": {"LfD (Sachsen-Anhalt)", words(`\bsachsen-anhalt`)},
	"SH": {"ULD (Schleswig-Holstein)", words(`\bschleswig-holstein|\buld\b`)},
	"TH": {"TLfDI (Thüringen)", words(`\bthüringen\b|\bthüringer\b|\btlfdi\b`)},
}

var (
	// ofTheFederation supervises federal bodies and telecommunications (§ 9 BDSG), or insurers
	// for other things than their data.
	ofTheFederation = words(`\bbundesbeauftragte|\bbfdi\b|\bbafin\b|\bbundesanstalt für finanzdienst`)
	// ofBavarianBodies supervises the public bodies of Bavaria.
	ofBavarianBodies = words(`\bbaylfd\b|\blandesbeauftragte`)
	// aStreet may be called after any Land.
	aStreet = words(`[\pL-]+[ -](?:straße|strasse|str\.|allee|platz|weg|ring|damm|ufer)(?:\PL|$)`)
)

func words(pattern string) *regexp.Regexp { return regexp.MustCompile(`(?i)` + pattern) }

// OtherAuthority tells whether the authority that the Controller names is plainly not the one
// of its Land, and gives that one's name: another Land's, that of the federation, or in
// Bavaria that of the public bodies. Those two are right for a house that is public itself.
// What it does not recognise it takes to be right (GDPR Art. 13(2)(d), 55(1)).
func (f ControllerFacts) OtherAuthority(public bool) (competent string, other bool) {
	own, known := authorities[f.Land]
	text := aStreet.ReplaceAllString(f.Authority, "")
	if !known || text == "" {
		return "", false
	}
	if own.sign.MatchString(text) {
		isOther := f.Land == "BY" && !public && ofBavarianBodies.MatchString(text) && !words(`\bbaylda\b|landesamt`).MatchString(text)
		return own.name, isOther
	}
	if ofTheFederation.MatchString(text) {
		return own.name, !public
	}
	for _, a := range authorities {
		if a.sign.MatchString(text) {
			return own.name, true
		}
	}
	return own.name, false
}
