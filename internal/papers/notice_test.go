package papers

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"botschaft/internal/desk"
)

// known are facts in which nothing is missing.
func known(lang Language, tone Tone) NoticeFacts {
	return NoticeFacts{
		Controller: desk.ControllerFacts{
			Name: "Muster Versicherung AG", Address: "Musterstraße 1, 50667 Köln", Seat: "Deutz", Land: "SH",
			Authority:   "Landesbeauftragte für Datenschutz und Informationsfreiheit Nordrhein-Westfalen",
			PrivacyURL:  "https://muster-versicherung.example/datenschutz",
			Alternative: "Telefon 0221 000000, service@muster-versicherung.example",
			DPO:         desk.Office{Name: "Datenschutzbeauftragte der Muster Versicherung AG", Email: "datenschutz@muster-versicherung.example"},
			Purposes: []desk.PurposeFact{
				{Name: "Vertrags- und Schadenbearbeitung", NameEN: "Contracts and claims", Basis: "6(1)(b)", Period: desk.Bilingual{
					DE: "Eine Unterhaltung ohne Bezug zu einem Vertrag oder Schaden löschen wir 6 Monate nach ihrem Ende.",
					EN: "We erase a conversation without a contract or claim 6 months after it ends.",
				}},
				{Name: "Anfragen von Beteiligten", NameEN: "Enquiries of others concerned", Basis: "6(1)(f)", Interest: desk.Bilingual{
					DE: "allen zu antworten, die ein Schaden betrifft", EN: "answering everybody whom a claim concerns",
				}, Balancing: &desk.Balancing{
					Necessity: "Ohne Antwort bleibt der Schaden offen.", Balance: "Wer schreibt, erwartet Antwort.", Safeguards: "Nur dieser Schaden.",
					Objection: "Dann per Brief.", ApprovedBy: "Rechtsabteilung", ApprovedAt: "2026-11-02",
				}},
			},
		},
		Recipients: []desk.Recipient{
			{Name: "Meta Platforms Ireland Limited", Address: "Dublin", Country: "IE", Service: desk.Bilingual{DE: "befördert Nachrichten", EN: "carries messages"}, Roles: []desk.RecipientRole{desk.RoleProcessor}},
			{Name: "WhatsApp Ireland Limited", Address: "Dublin", Country: "IE", Service: desk.Bilingual{DE: "stellt Nachrichten zu", EN: "delivers messages"}, Roles: []desk.RecipientRole{desk.RoleProcessor, desk.RoleController}, OwnUse: desk.Bilingual{DE: "Nummer, Konto, Gerät und Zeiten der Nutzung, um den Dienst zu betreiben und zu schützen", EN: "number, account, device and times of use, to run and protect its service"}, PrivacyURL: "https://www.whatsapp.com/legal/privacy-policy-eea"},
			{
				Name: "WhatsApp LLC", Address: "Menlo Park", Country: "US", Service: desk.Bilingual{DE: "hilft bei der Zustellung", EN: "helps to deliver"}, Roles: []desk.RecipientRole{desk.RoleSubProcessor}, For: "WhatsApp Ireland Limited",
				Transfer: desk.Transfer{Mechanism: desk.TransferDPF, Source: "https://www.dataprivacyframework.gov/list"},
			},
			{
				Name: "Muster Agentur GmbH", Address: "Köln", Country: "DE", Service: desk.Bilingual{DE: "berät Kunden vor Ort", EN: "advises customers on site"}, Roles: []desk.RecipientRole{desk.RoleJoint},
				Essence: desk.Bilingual{DE: "Die Agentur berät und wir zahlen. Auskunft geben beide.", EN: "the agency advises and we pay; both answer"},
			},
		},
		PageURL: "https://desk.muster-versicherung.example/n/7", Footing: desk.Footing{Today: "2026-11-30"}, SecureURL: "https://muster-versicherung.example/sicher",
		Language: lang, Tone: tone,
	}
}

// every calls fn for each language and tone.
func every(t *testing.T, fn func(t *testing.T, f NoticeFacts)) {
	t.Helper()
	t.Parallel()
	for _, v := range []struct {
		lang Language
		tone Tone
	}{{German, Formal}, {German, Casual}, {English, Formal}} {
		t.Run(string(v.lang)+"-"+string(v.tone), func(t *testing.T) {
			t.Parallel()
			fn(t, known(v.lang, v.tone))
		})
	}
}

// TestNoticeHasNoProblems makes the information of GDPR Art. 13 in each language and tone.
func TestNoticeHasNoProblems(t *testing.T) {
	every(t, func(t *testing.T, f NoticeFacts) {
		n := MakeNotice(f)
		for _, p := range Lint(n, f) {
			t.Errorf("%s: %s", p.Item, p.Text)
		}
		if strings.ContainsAny(n.Short+n.text(), "{}|%") {
			t.Errorf("a choice was not made: %s\n%s", n.Short, n.text())
		}
		t.Logf("%d characters, ease %.0f\n%s", utf8.RuneCountInString(n.Short), ReadingEase(n.Short, f.Language), n.Short)
	})
}

func TestTone(t *testing.T) {
	t.Parallel()
	formal, casual := MakeNotice(known(German, Formal)), MakeNotice(known(German, Casual))
	if strings.Contains(formal.Short+formal.text(), " du ") || strings.Contains(casual.Short+casual.text(), "Ihre") || formal.Digest() == casual.Digest() {
		t.Error("the tones are mixed")
	}
}

// Every section, and every paragraph, is missed when it is taken out (GDPR Art. 12(1), 13, 21(4), 22).
func TestLintMissesNothing(t *testing.T) {
	every(t, func(t *testing.T, f NoticeFacts) {
		for i, s := range MakeNotice(f).Long {
			if s.Item == "5(1)(a)" {
				continue // the law asks for no words about how a message travels
			}
			cut := MakeNotice(f)
			cut.Long = slices.Delete(cut.Long, i, i+1)
			if problems := Lint(cut, f); len(problems) == 0 {
				t.Errorf("nobody misses %s", s.Item)
			} else if !slices.ContainsFunc(problems, func(p Problem) bool { return p.Item == s.Item }) {
				t.Errorf("%s is missed as %v", s.Item, problems)
			}
		}
		short := MakeNotice(f).Short
		for _, paragraph := range strings.Split(short, "\n\n") {
			cut := MakeNotice(f)
			cut.Short = strings.Replace(short, paragraph, "", 1)
			if len(Lint(cut, f)) == 0 {
				t.Errorf("nobody misses %q", paragraph)
			}
		}
	})
}

// Each fact that is not known is a problem of its own (GDPR Art. 13(1), 45, 46).
func TestLintWantsFacts(t *testing.T) {
	every(t, func(t *testing.T, full NoticeFacts) {
		for item, take := range map[string]func(*NoticeFacts){
			"13(1)(a)": func(f *NoticeFacts) { f.Controller.Address = "" },
			"13(1)(b)": func(f *NoticeFacts) { f.Controller.DPO.Email = "" },
			"13(1)(c)": func(f *NoticeFacts) { f.Controller.Purposes = nil },
			"13(1)(d)": func(f *NoticeFacts) { f.Controller.Purposes = []desk.PurposeFact{{Name: "Anfragen", Basis: "6(1)(f)"}} },
			"13(1)(e)": func(f *NoticeFacts) { f.Recipients = f.Recipients[:1] },
			"13(1)(f)": func(f *NoticeFacts) { f.Recipients[2].Transfer.Mechanism = "" },
			"13(2)(d)": func(f *NoticeFacts) { f.Controller.Authority = "" },
			"layer 1":  func(f *NoticeFacts) { f.PageURL = "" },
		} {
			f := full
			f.Recipients = slices.Clone(full.Recipients)
			take(&f)
			if !slices.ContainsFunc(Lint(MakeNotice(f), f), func(p Problem) bool { return p.Item == item }) {
				t.Errorf("without its fact %s is complete", item)
			}
		}
	})
}

// The essence of the arrangement with a joint controller is said, and missed where it is not,
// whether nobody knows it or somebody cut it (GDPR Art. 26(2)).
func TestJointControllers(t *testing.T) {
	every(t, func(t *testing.T, f NoticeFacts) {
		essence := wordsOf(f).in(f.Recipients[3].Essence)
		if text := MakeNotice(f).text(); !strings.Contains(text, essence) || strings.Contains(text, "..") {
			t.Errorf("the essence is not said: %s", text)
		}
		missed := func(n Notice, f NoticeFacts) bool {
			return slices.ContainsFunc(Lint(n, f), func(p Problem) bool { return p.Item == "13(1)(e)" && strings.Contains(p.Text, "Art. 26(2)") })
		}
		cut := MakeNotice(f)
		for i := range cut.Long {
			cut.Long[i].Text = slices.DeleteFunc(cut.Long[i].Text, func(p string) bool { return strings.Contains(p, essence) })
		}
		unknown := f
		unknown.Recipients = slices.Clone(f.Recipients)
		unknown.Recipients[3].Essence = desk.Bilingual{}
		if missed(MakeNotice(f), f) || !missed(cut, f) || !missed(MakeNotice(unknown), unknown) {
			t.Error("the linter does not look for the essence")
		}
	})
}

// What the policy says of a machine that answers is said to people, each choice in words of its
// own, and missed where somebody cut it; that it decides nothing is said of each, and whoever
// allows none is told of none (GDPR Art. 13(2)(f), 22).
func TestTheBotIsNamed(t *testing.T) {
	every(t, func(t *testing.T, f NoticeFacts) {
		option := slices.IndexFunc(desk.PolicyOptions(), func(o desk.PolicyOption) bool { return o.Key == "bot" })
		said := map[string]bool{}
		for _, bot := range desk.PolicyOptions()[option].Options {
			f.Bot = bot
			n := MakeNotice(f)
			said[n.text()] = true
			for _, p := range Lint(n, f) {
				t.Errorf("%s: %s: %s", bot, p.Item, p.Text)
			}
			i := slices.IndexFunc(n.Long, func(s Section) bool { return s.Item == "13(2)(f)" })
			if !strings.Contains(n.Long[i].Text[0], "Art. 22") {
				t.Errorf("%s: %q", bot, n.Long[i].Text)
			}
			if bot == "off" {
				if len(n.Long[i].Text) != 1 {
					t.Errorf("no machine answers, and said is %q", n.Long[i].Text)
				}
				continue
			}
			n.Long[i].Text = slices.Delete(n.Long[i].Text, 1, 2)
			if !slices.ContainsFunc(Lint(n, f), func(p Problem) bool { return p.Item == "13(2)(f)" && strings.HasPrefix(p.Text, "that a machine") }) {
				t.Errorf("%s: nobody misses the machine", bot)
			}
		}
		if n := len(desk.PolicyOptions()[option].Options); len(said) != n {
			t.Errorf("%d choices are told in %d ways", n, len(said))
		}
	})
}

func TestForbiddenClaims(t *testing.T) {
	t.Parallel()
	f := known(German, Formal)
	for _, claim := range []string{
		"Ihre Nachrichten sind Ende-zu-Ende-verschlüsselt.", "Alles ist end-to-end encrypted.", "Niemand kann Ihre Nachrichten mitlesen.",
		"Durch die Nutzung erklären Sie sich einverstanden.", "Wenn Sie weiterschreiben, stimmen Sie allem zu.", "Mit Ihrer Nachricht willigen Sie ein.",
		"Alles ist E2E-verschlüsselt.", "Ende‑zu‑Ende-Verschlüsselung schützt Sie.", "Nur Sie und wir können das lesen.", "Meta cannot read it.", "By continuing this chat you agree to everything.", "Der Chat ist 100 % sicher.",
	} {
		n := MakeNotice(f)
		n.Long[0].Text = append(n.Long[0].Text, claim)
		if !slices.ContainsFunc(Lint(n, f), func(p Problem) bool { return p.Item == "claim" }) {
			t.Errorf("%q may be said", claim)
		}
	}
	for _, truth := range []string{
		"Die Nachricht ist nicht Ende-zu-Ende-verschlüsselt bis zu uns.", "Daten, die durch die Nutzung von WhatsApp entstehen, wertet WhatsApp aus.",
		"Niemand kann mit einer Nachricht kündigen.",
	} {
		n := MakeNotice(f)
		n.Long[0].Text = append(n.Long[0].Text, truth)
		if problems := Lint(n, f); len(problems) > 0 {
			t.Errorf("%q may not be said: %v", truth, problems)
		}
	}
	long := MakeNotice(f)
	long.Short += strings.Repeat(" Und noch ein Satz.", 40)
	if !slices.ContainsFunc(Lint(long, f), func(p Problem) bool { return p.Item == "length" }) {
		t.Error("layer 1 may be of any length")
	}
	hard := MakeNotice(f)
	hard.Short = "Datenschutzrechtliche Verantwortlichkeitszuordnungen beeinträchtigen Informationspflichterfüllungskonzeptionen."
	if !slices.ContainsFunc(Lint(hard, f), func(p Problem) bool { return p.Item == "reading" }) {
		t.Error("layer 1 may be as hard as a law")
	}
}

// A fact that changes makes exactly the Notices stale that state it (GDPR Art. 5(2)).
func TestStaleness(t *testing.T) {
	t.Parallel()
	facts := known(German, Formal)
	digest, text := MakeNotice(facts).Digest(), MakeNotice(facts).Short+MakeNotice(facts).text()
	stated, silent := 0, 0
	walk(reflect.ValueOf(&facts).Elem(), "", func(path string, v reflect.Value) {
		if v.Type() != reflect.TypeFor[string]() || v.String() == "" {
			return // words of ours rather than facts
		}
		fact := v.String()
		v.SetString("ganz anders")
		stale := MakeNotice(facts).Digest() != digest
		v.SetString(fact)
		if strings.Contains(text, fact) {
			stated++
		} else {
			silent++
		}
		if stale != strings.Contains(text, fact) {
			t.Errorf("%s (%q): the notice is stale: %v", path, fact, stale)
		}
	})
	if stated < 20 || silent < 2 {
		t.Errorf("%d facts are stated and %d are not", stated, silent)
	}
	if MakeNotice(facts).Digest() != digest {
		t.Error("the same facts give another notice")
	}
}

// walk visits every field below v.
func walk(v reflect.Value, path string, visit func(string, reflect.Value)) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			walk(v.Field(i), path+"."+v.Type().Field(i).Name, visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), fmt.Sprintf("%s[%d]", path, i), visit)
		}
	default:
		visit(path, v)
	}
}

// A legitimate interest whose balancing lacks something is not announced (GDPR Art. 6(1)(f)).
func TestNoIncompletePurposeIsAnnounced(t *testing.T) {
	f := known(German, Formal)
	f.Controller.Purposes = slices.Clone(f.Controller.Purposes)
	f.Controller.Purposes[1].Balancing = nil
	problems := Lint(MakeNotice(f), f)
	if len(problems) != 1 || problems[0].Item != "13(1)(c)" {
		t.Errorf("got %v", problems)
	}
}

// Nor is one that nobody has approved yet, or a legitimate interest of an authority (GDPR Art.
// 6(1) subpara. 2).
func TestNoInterestWithoutFooting(t *testing.T) {
	every(t, func(t *testing.T, f NoticeFacts) {
		for what, c := range map[string]struct {
			on   desk.Footing
			says string // nothing: there is no problem
		}{
			"on the day of the approval": {desk.Footing{Today: "2026-11-02"}, ""},
			"the day before":             {desk.Footing{Today: "2026-11-01"}, "is not complete in the register"},
			"an authority":               {desk.Footing{Today: "2026-11-30", Authority: true}, "which an authority has none of"},
		} {
			f := f
			f.Footing = c.on
			problems := Lint(MakeNotice(f), f)
			if c.says == "" && len(problems) > 0 || c.says != "" && (len(problems) != 1 || problems[0].Item != "13(1)(c)" || !strings.Contains(problems[0].Text, c.says)) {
				t.Errorf("%s: %v", what, problems)
			}
		}
	})
}
