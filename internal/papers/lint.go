package papers

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"botschaft/internal/desk"
)

// The limits of layer 1.
const (
	MaxShort    = 900 // characters
	easyGerman  = 40  // at least, by Amstad; 30 is a scientific text, 60 a newspaper for everybody
	easyEnglish = 50  // at least, by Flesch
)

// Problem is what keeps a Notice from being put to use.
type Problem struct {
	Item string // what is concerned: an item of Art. 13, "21(4)", "length", "claim", "reading"
	Text string // a plain sentence
}

// Lint tells everything that is wrong with a Notice, against the facts it must state. It
// reads the text and not how it was made, so that it sees what somebody cut or added (GDPR
// Art. 12(1), 13, 21(4)).
func Lint(n Notice, f NoticeFacts) (problems []Problem) {
	l := &linter{notice: n, facts: f, long: n.text(), all: n.Short + "\n" + n.text()}
	for _, check := range []func(){
		l.register, l.facts13, l.complete, l.purposes, l.recipients, l.transfers, l.rights, l.machines, l.objection, l.short, l.claims, l.reading,
	} {
		check()
	}
	return l.problems
}

// text is layer 2 as people read it.
func (n Notice) text() string {
	var b strings.Builder
	for _, s := range n.Long {
		b.WriteString(s.Title + "\n" + strings.Join(s.Text, "\n") + "\n")
	}
	return b.String()
}

type linter struct {
	notice    Notice
	facts     NoticeFacts
	long, all string
	items     map[string]string // what another article calls the items of Art. 13; nil: it is Art. 13
	problems  []Problem
}

func (l *linter) say(item, text string, values ...any) {
	if other, ok := l.items[item]; ok {
		item = other
	}
	l.problems = append(l.problems, Problem{item, fmt.Sprintf(text, values...)})
}

// states wants a fact in layer 2, and wants it to be known.
func (l *linter) states(item, what, fact string) {
	switch {
	case strings.TrimSpace(fact) == "":
		l.say(item, "%s is not known", what)
	case !strings.Contains(l.long, fact):
		l.say(item, "%s is not stated", what)
	}
}

func (l *linter) register() { l.given(MakeNotice(l.facts).Long) }

// given wants every word that the register gives, in its place.
func (l *linter) given(sections []Section) {
	for _, want := range sections {
		i := slices.IndexFunc(l.notice.Long, func(s Section) bool { return s.Item == want.Item })
		for _, paragraph := range want.Text {
			if i < 0 || !slices.Contains(l.notice.Long[i].Text, paragraph) {
				l.say(want.Item, "what the register gives is not said: %s", paragraph)
			}
		}
	}
}

// facts13 are the items that only the Controller knows.
func (l *linter) facts13() {
	c := l.facts.Controller
	l.states("13(1)(a)", "the controller's name", c.Name)
	l.states("13(1)(a)", "the controller's address", c.Address)
	l.states("13(1)(a)", "the way without WhatsApp", c.Alternative)
	l.states("13(1)(b)", "the data-protection officer", c.DPO.Name)
	l.states("13(1)(b)", "the data-protection officer's address", c.DPO.Email)
	l.states("13(2)(d)", "the supervisory authority", c.Authority)
}

// complete wants no Purpose announced that the register could not stand for: a legitimate
// interest without its balancing is none, and an authority has none at all (GDPR Art. 5(2),
// 6(1)(f) and subpara. 2).
func (l *linter) complete() {
	for _, p := range l.facts.Controller.Purposes {
		switch {
		case p.IsBarred(l.facts.Footing):
			l.say("13(1)(c)", "the purpose %q rests on a legitimate interest, which an authority has none of (GDPR Art. 6(1) subpara. 2), so it must not be announced", p.Name)
		case len(p.Missing(l.facts.Footing)) > 0:
			l.say("13(1)(c)", "the purpose %q is not complete in the register, so it must not be announced", p.Name)
		}
	}
}

func (l *linter) purposes() {
	if len(l.facts.Controller.Purposes) == 0 {
		l.say("13(1)(c)", "no purpose is known")
	}
	w := wordsOf(l.facts)
	for _, p := range l.facts.Controller.Purposes {
		if !l.line(w.title(p)+": ", "Art. "+p.Basis) {
			l.say("13(1)(c)", "the purpose %q is not stated with its legal basis", p.Name)
		}
		if interest := w.in(p.Interest); p.Basis == "6(1)(f)" && (interest == "" || !l.line(w.title(p)+": ", interest)) {
			l.say("13(1)(d)", "the legitimate interest behind %q is not stated", p.Name)
		}
	}
}

func (l *linter) recipients() {
	if len(l.facts.Recipients) == 0 {
		l.say("13(1)(e)", "no recipient is known")
	}
	w := wordsOf(l.facts)
	for _, r := range l.facts.Recipients {
		if service := w.in(r.Service); service == "" || !l.line(r.Name+", ", service) {
			l.say("13(1)(e)", "%s is not named with what it does", r.Name)
		}
		if r.Has(desk.RoleController) && (r.OwnUse.IsEmpty() || r.PrivacyURL == "" || !l.line(r.Name+" ", w.in(r.OwnUse), r.PrivacyURL)) {
			l.say("13(1)(e)", "what %s processes as a controller is not said, with a link", r.Name)
		}
		if essence := w.in(r.Essence); r.Has(desk.RoleJoint) && (essence == "" || !l.line(r.Name+" ", essence)) {
			l.say("13(1)(e)", "the essence of the arrangement with %s is not said (GDPR Art. 26(2))", r.Name)
		}
	}
	if !slices.ContainsFunc(l.facts.Recipients, func(r desk.Recipient) bool { return r.Has(desk.RoleController) }) {
		l.say("13(1)(e)", "nobody is named as a controller of its own, and WhatsApp is one")
	}
}

func (l *linter) transfers() {
	for _, r := range l.facts.Recipients {
		if !r.IsAbroad() {
			continue
		}
		basis := map[desk.TransferMechanism]string{
			desk.TransferDPF: "2023/1795", desk.TransferAdequacy: "Art. 45", desk.TransferClauses: "2021/914", desk.TransferRules: "Art. 47", desk.TransferException: "Art. 49",
		}[r.Transfer.Mechanism]
		if basis == "" || r.Transfer.Source == "" || !l.line(r.Name+" (", basis, r.Transfer.Source) {
			l.say("13(1)(f)", "what the transfer to %s (%s) rests on, and where a copy is, is not said", r.Name, r.Country)
		}
	}
}

// wanting is an item, by the words without which it is not there.
type wanting struct{ item, what, german, english string }

// wanted are the items that need no fact.
var wanted = []wanting{
	{"13(2)(a)", "how long data is kept", `behalten .*Danach löschen`, `keep .*Then we erase`},
	{"13(2)(b)", "the right to access", `Auskunft.*Art\. 15`, `access.*Art\. 15`},
	{"13(2)(b)", "the right to rectification", `Berichtigung.*Art\. 16\b`, `rectification.*Art\. 16\b`},
	{"13(2)(b)", "the right to erasure", `Löschung.*Art\. 17\b`, `erasure.*Art\. 17\b`},
	{"13(2)(b)", "the right to restriction", `Einschränkung.*Art\. 18\b`, `restriction.*Art\. 18\b`},
	{"13(2)(b)", "the right to portability", `Format.*Art\. 20\b`, `format.*Art\. 20\b`},
	{"13(2)(c)", "that a consent can be withdrawn", `Einwilligung.*jederzeit widerrufen`, `withdraw a consent at any time`},
	{"13(2)(d)", "the right to complain", `Beschwerde ein`, `lodge a complaint`},
	{"13(2)(e)", "whether data must be given", `(?i)niemand muss.*\n?.*Ohne sie`, `(?i)nobody has to.*\n?.*Without it`},
	{"13(2)(f)", "automated decisions", `Art\. 22`, `Art\. 22`},
}

func (l *linter) rights() { l.wants(wanted) }

// machines wants the machine that may answer to be named, with the word that it decides nothing.
func (l *linter) machines() {
	if l.facts.hasBot() && !wordsIn(l.facts.Language, `Ein Programm .*antworten.*entscheidet nichts`, `A program .*answer.*decides nothing`).MatchString(l.long) {
		l.say("13(2)(f)", "that a machine may answer, and decides nothing, is not said")
	}
}

func (l *linter) wants(items []wanting) {
	for _, w := range items {
		if !wordsIn(l.facts.Language, w.german, w.english).MatchString(l.long) {
			l.say(w.item, "%s is not said", w.what)
		}
	}
}

// objection wants the right to object in a section of its own.
func (l *linter) objection() {
	i := slices.IndexFunc(l.notice.Long, func(s Section) bool { return s.Item == "21(4)" })
	if i < 0 {
		l.say("21(4)", "the right to object does not stand apart")
		return
	}
	own := strings.Join(l.notice.Long[i].Text, "\n")
	for _, w := range []struct{ what, german, english string }{
		{"the right to object to a legitimate interest", `widersprechen.*Art\. 21 Abs\. 1`, `object.*Art\. 21\(1\)`},
		{"the right to object to advertising", `(?s)Werbung.*widersprechen.*Art\. 21 Abs\. 2`, `object to advertising.*Art\. 21\(2\)`},
	} {
		if !wordsIn(l.facts.Language, w.german, w.english).MatchString(own) {
			l.say("21(4)", "%s is not said apart from all else", w.what)
		}
	}
}

// short checks what layer 1 must carry by itself.
func (l *linter) short() {
	s := l.notice.Short
	if n := utf8.RuneCountInString(s); n > MaxShort {
		l.say("length", "layer 1 has %d characters, more than %d", n, MaxShort)
	}
	for _, c := range []struct{ what, fact string }{
		{"who writes", l.facts.Controller.Name}, {"where layer 2 is", l.facts.PageURL}, {"the way without WhatsApp", l.facts.Controller.Alternative},
	} {
		if c.fact == "" || !strings.Contains(s, c.fact) {
			l.say("layer 1", "%s is not said in layer 1", c.what)
		}
	}
	if !strings.Contains(s, l.facts.SecureURL) {
		l.say("layer 1", "where sensitive data may go is not said in layer 1")
	}
	for _, w := range []struct{ what, german, english string }{
		{"why", `(?i)Anliegen`, `(?i)your matter`},
		{"that Meta takes part, in the USA too", `Meta.*USA`, `Meta.*USA`},
		{"what not to send", `Gesundheit.*Bank.*Ausweis`, `health.*bank.*identity`},
		{"that it is automatic", `automatisch`, `automatic`},
		{"the rights", `Auskunft.*Löschung.*Beschwerde`, `access.*erasure.*complaint`},
		{"the right to object, apart (Art. 21(4))", `(?m)^Widerspruchsrecht: .*Werbung.*berechtigtes Interesse`, `(?m)^Right to object: .*advertising.*legitimate interest`},
		{"the word that shows it again", `DATENSCHUTZ`, `PRIVACY`},
	} {
		if !wordsIn(l.facts.Language, w.german, w.english).MatchString(s) {
			l.say("layer 1", "%s is not said in layer 1", w.what)
		}
	}
}

// forbidden are claims that are not true of the Cloud API, or no information at all. Whoever
// says that it is not so may use the words.
var forbidden = []struct {
	what   string
	rule   *regexp.Regexp
	denied bool // a sentence that denies it is no claim
}{
	{"Meta decrypts messages: no encryption reaches from the customer to the controller", regexp.MustCompile(
		`(?i)\b(?:ende|end)[\s\p{Pd}]*(?:zu|to|2)[\s\p{Pd}]*(?:ende|end)|\be2ee?\b|durchgehend verschlüsselt|encrypted throughout`), true},
	{"somebody can read along: Meta decrypts messages", regexp.MustCompile(
		`(?i)niemand (?:sonst )?liest mit|(?:niemand|meta|whatsapp) (?:sonst )?kann .{0,40}(?:mit)?lesen|nur (?:sie|du) und wir können|` +
			`(?:nobody|no one|meta|whatsapp) (?:else )?can(?:not|'t)? read|only you and we can`), false},
	{"an information is no consent", regexp.MustCompile(
		`(?i)(?:wenn|indem|sobald|mit|durch) .{0,60}(?:nutz|schreib|nachricht|absenden|fortsetz).{0,60}(?:stimm\w+ .{0,60}zu|willig\w+ .{0,60}ein|einverstanden|akzeptier)|` +
			`by (?:using|continuing|writing).{0,60}(?:agree|consent|accept)|(?:agree|consent) .{0,60}by (?:using|continuing|writing)|gelesen und akzeptiert|read and (?:agree|accept)`), false},
	{"nobody can keep that promise", regexp.MustCompile(`(?i)100 ?% sicher|absolut sicher|completely secure|100 ?% secure`), true},
}

var denial = regexp.MustCompile(`(?i)\b(?:nicht|kein\w*|not|no)\b`)

func (l *linter) claims() {
	for _, sentence := range sentenceEnd.Split(l.all, -1) {
		for _, f := range forbidden {
			if words := f.rule.FindString(sentence); words != "" && !(f.denied && denial.MatchString(sentence)) {
				l.say("claim", "%q must not be said: %s", words, f.what)
			}
		}
	}
}

func (l *linter) reading() {
	least := easyEnglish
	if l.facts.Language == German {
		least = easyGerman
	}
	if ease := ReadingEase(l.notice.Short, l.facts.Language); ease < float64(least) {
		l.say("reading", "it is hard to read: %.0f, and %d is the least", ease, least)
	}
}

func wordsIn(lang Language, german, english string) *regexp.Regexp {
	if lang == German {
		return regexp.MustCompile(german)
	}
	return regexp.MustCompile(english)
}

// line tells whether a line of layer 2 begins so and contains all parts.
func (l *linter) line(begins string, parts ...string) bool {
	for _, line := range strings.Split(l.long, "\n") {
		if strings.HasPrefix(line, begins) && !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(line, p) }) {
			return true
		}
	}
	return false
}
