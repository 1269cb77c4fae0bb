package desk

import (
	"slices"
	"testing"
)

// official are the authorities' names as they give them, by Land.
var official = map[string][]string{
	"BW": {"Der Landesbeauftragte für den Datenschutz und die Informationsfreiheit Baden-Württemberg, Lautenschlagerstraße 20, Stuttgart", "LfDI BW"},
	"BY": {"Bayerisches Landesamt für Datenschutzaufsicht, Promenade 18, 91522 Ansbach", "BayLDA"},
	"BE": {"Berliner Beauftragte für Datenschutz und Informationsfreiheit", "BlnBDI, Alt-Moabit 59-61, 10555 Berlin"},
	"BB": {"Die Landesbeauftragte für den Datenschutz und für das Recht auf Akteneinsicht Brandenburg, Kleinmachnow", "LDA Brandenburg"},
	"HB": {"Die Landesbeauftragte für Datenschutz und Informationsfreiheit der Freien Hansestadt Bremen", "LfDI Bremen, Arndtstraße 1, 27570 Bremerhaven"},
	"HH": {"Der Hamburgische Beauftragte für Datenschutz und Informationsfreiheit", "HmbBfDI"},
	"HE": {"Der Hessische Beauftragte für Datenschutz und Informationsfreiheit, Wiesbaden", "HBDI"},
	"MV": {"Der Landesbeauftragte für Datenschutz und Informationsfreiheit Mecklenburg-Vorpommern", "LfDI M-V Mecklenburg"},
	"NI": {"Der Landesbeauftragte für den Datenschutz Niedersachsen, Prinzenstraße 5, Hannover", "LfD Niedersachsen"},
	"NW": {"Landesbeauftragte für Datenschutz und Informationsfreiheit Nordrhein-Westfalen, Kavalleriestraße 2-4, Düsseldorf", "LDI NRW"},
	"RP": {"Der Landesbeauftragte für den Datenschutz und die Informationsfreiheit Rheinland-Pfalz, Mainz", "LfDI RLP"},
	"SL": {"Unabhängiges Datenschutzzentrum Saarland", "Landesbeauftragte für Datenschutz und Informationsfreiheit des Saarlandes"},
	"SN": {"Sächsische Datenschutz- und Transparenzbeauftragte, Dresden", "Datenschutzbeauftragte von Sachsen"},
	"ST": {"Landesbeauftragte für den Datenschutz Sachsen-Anhalt, Magdeburg", "LfD Sachsen-Anhalt"},
	"SH": {"Unabhängiges Landeszentrum für Datenschutz Schleswig-Holstein, Holstenstraße 98, Kiel", "ULD"},
	"TH": {"Thüringer Landesbeauftragter für den Datenschutz und die Informationsfreiheit, Erfurt", "TLfDI"},
}

// Each authority is right in its own Land and wrong in every other one, and what a Land is
// told to name instead is right there (GDPR Art. 13(2)(d), 55(1)).
func TestAuthoritiesOfTheLaender(t *testing.T) {
	t.Parallel()
	if len(official) != len(laender) || len(authorities) != len(laender) {
		t.Fatalf("%d and %d authorities of %d Länder", len(official), len(authorities), len(laender))
	}
	for of, names := range official {
		for _, name := range names {
			for land := range laender {
				competent, other := ControllerFacts{Land: land, Authority: name}.OtherAuthority(false)
				if other != (land != of) {
					t.Errorf("%q is another one's in %s: %v", name, land, other)
				}
				if _, wrong := (ControllerFacts{Land: land, Authority: competent}).OtherAuthority(false); wrong || competent == "" {
					t.Errorf("%s is told to name %q", land, competent)
				}
			}
		}
	}
}

func TestOtherAuthority(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		land, authority string
		public, want    bool
	}{
		"of the federation":                   {"NW", "Die Bundesbeauftragte für den Datenschutz und die Informationsfreiheit, Graurheindorfer Straße 153, Bonn", false, true},
		"of the federation, by letters":       {"HH", "BfDI", false, true},
		"of insurance supervision":            {"NW", "BaFin", false, true},
		"of the federation, of a public body": {"NW", "BfDI", true, false},
		"of Bavaria's public bodies":          {"BY", "Der Bayerische Landesbeauftragte für den Datenschutz (BayLfD), Wagmüllerstraße 18, München", false, true},
		"of Bavaria's, of a public body":      {"BY", "BayLfD", true, false},
		"another Land's, of a public body":    {"BY", "LDI NRW", true, true},
		"a street of another Land's name":     {"NW", "Datenschutzaufsicht, Berliner Allee 33, Düsseldorf", false, false},
		"a street of a Land's name":           {"NW", "Datenschutzaufsicht, Hessische Straße 1", false, false},
		"two, of which one is ours":           {"NW", "LDI NRW; für unsere Niederlassung BayLDA", false, false},
		"one that nobody knows":               {"NW", "Andere Behörde", false, false},
		"none":                                {"NW", "", false, false},
		"no Land":                             {"", "BayLDA", false, false},
	} {
		if _, got := (ControllerFacts{Land: c.land, Authority: c.authority}).OtherAuthority(c.public); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// Whose authority is plainly another's is told so among what is to be done, and may go on
// (GDPR Art. 5(1)(d)).
func TestTheAuthorityIsADuty(t *testing.T) {
	t.Parallel()
	r, now := dutiful()
	r.Controller.Authority = "BayLDA"
	if got, want := said(r.Due(now)), []string{"authority BlnBDI (Berlin)[authority]"}; !slices.Equal(got, want) {
		t.Errorf("due are %q, want %q", got, want)
	}
	if missing := r.Controller.Missing(r.Footing("2026-11-30")); missing != nil || len(r.Incomplete(ChannelWhatsApp)) > 0 {
		t.Errorf("it stops what goes out: %v", missing)
	}
	r.Controller.Authority, r.Policies.PublicSector = "BfDI", "on"
	if got := said(r.Due(now)); len(got) > 0 {
		t.Errorf("a public body is told %q", got)
	}
}
