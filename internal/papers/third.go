package papers

import (
	"slices"
	"strings"

	"botschaft/internal/desk"
)

// ThirdFacts is all that the information for a third person is made from. Nothing in it is
// about the person but the part they have in the matter.
type ThirdFacts struct {
	NoticeFacts
	Role desk.ThirdRole
}

// MakeThird writes what somebody must be told about whom a Contact introduced: a witness, an
// opponent (GDPR Art. 14(1) and (2)). It leaves out what is not known; LintThird says what
// that is.
func MakeThird(f ThirdFacts) []Section {
	w := wordsOf(forThird(f))
	return filled(
		Section{"14(1)(a)", w.say("Wer verantwortlich ist", "Who is responsible"), w.controller()},
		Section{"14(1)(b)", w.say("Datenschutz", "Data protection"), w.officer()},
		Section{"14(2)(f)", w.say("Woher wir die Daten haben", "Where we have the data from"), w.source()},
		Section{"14(1)(d)", w.say("Um welche Daten es geht", "Which data this is about"), w.categories(f.Role)},
		Section{"14(1)(c)", w.say("Wofür wir Daten verwenden und was das erlaubt", "What we use data for, and what allows it"), w.thirdPurposes()},
		Section{"14(1)(e)", w.say("Wer Daten erhält", "Who receives data"), w.recipients()},
		Section{"14(1)(f)", w.say("Daten außerhalb des Europäischen Wirtschaftsraums", "Data outside the European Economic Area"), w.transfers()},
		Section{"14(2)(a)", w.say("Wie lange wir Daten behalten", "How long we keep data"), w.thirdPeriod()},
		Section{"14(2)(c)", w.say("{Ihre|Deine} Rechte", "Your rights"), w.rights()},
		Section{"21(4)", w.say("Widerspruch", "Objection"), w.objections(w.say("Dafür genügt eine Nachricht an uns.", "A message to us is enough."))},
		Section{"14(2)(e)", w.say("Beschwerde", "Complaint"), w.complaint()},
		Section{"14(2)(g)", w.say("Keine Entscheidung allein durch Maschinen", "No decision by machines alone"), w.machines()},
	)
}

// ThirdIntro says why somebody gets this.
func ThirdIntro(f ThirdFacts) []string {
	return []string{wordsOf(f.NoticeFacts).say(
		"Jemand hat uns im Zusammenhang mit einem Vertrag oder einem Schaden Angaben über {Sie|dich} gemacht. Hier steht, was wir damit tun und welche Rechte {Sie haben|du hast} (Art. 14 DSGVO).",
		"Somebody has told us about you in connection with a contract or a claim. This says what we do with that and which rights you have (GDPR Art. 14).")}
}

// forThird keeps the Purposes that reach somebody who is no party: one for Parties does not,
// nobody consented for
// them, and a contract allows nothing about those who have not made it. What is done for the
// contract of another rests, towards them, on the interest in carrying it out; an authority has
// none, and needs a law for it (GDPR Art. 6(1) subpara. 2).
func forThird(f ThirdFacts) NoticeFacts {
	n := f.NoticeFacts
	n.Controller.Purposes = nil
	for _, p := range f.Controller.Purposes {
		switch {
		case p.Basis == "6(1)(a)", p.Parties:
			continue
		case p.Basis == "6(1)(b)":
			p.Basis, p.Interest = "6(1)(f)", contractOfAnother
		}
		if p.IsBarred(f.Footing) {
			continue
		}
		n.Controller.Purposes = append(n.Controller.Purposes, p)
	}
	return n
}

var contractOfAnother = desk.Bilingual{
	DE: "den Vertrag mit der Person zu erfüllen, die uns die Angaben gemacht hat, und Ansprüche daraus zu klären",
	EN: "carrying out the contract with the person who told us, and settling claims under it",
}

func (w words) thirdPurposes() (text []string) {
	for _, p := range w.Controller.Purposes {
		text = append(text, unless(p.Basis == "6(1)(f)" && p.Interest.IsEmpty(), w.purpose(p, w.basis(p))))
	}
	return text
}

// source is what Art. 14(2)(f) asks for.
func (w words) source() []string {
	return []string{w.say(
		"Die Angaben stammen von der Person, die {Sie|dich} uns gegenüber genannt hat; sie hat uns über WhatsApp geschrieben. Aus öffentlich zugänglichen Quellen haben wir sie nicht.",
		"The data comes from the person who told us about you; they wrote to us on WhatsApp. We do not have it from publicly accessible sources.")}
}

// categories are those of Art. 14(1)(d), by the part somebody has in the matter.
func (w words) categories(role desk.ThirdRole) []string {
	part := w.say("was {Sie|du} mit dem Vorgang zu tun {haben|hast}", "what you have to do with the matter")
	switch role {
	case desk.ThirdWitness:
		part = w.say("dass {Sie|du} einen Vorgang beobachtet haben {sollen|sollst}, und was {Sie|du} dazu sagen {können|kannst}", "that you are said to have seen what happened, and what you can say about it")
	case desk.ThirdOpponent:
		part = w.say("wie {Sie|du} an dem Vorgang beteiligt {waren|warst}, etwa an einem Unfall, und welche Ansprüche es dazu gibt", "how you took part in what happened, such as an accident, and which claims there are about it")
	}
	return []string{w.say(
		"Name und Kontaktdaten, soweit sie genannt wurden; außerdem, %s. Dazu kommen die Nachrichten, in denen das steht.",
		"Name and contact details, as far as they were mentioned; and %s. To this belong the messages that say so.", part)}
}

func (w words) thirdPeriod() []string {
	return w.periods(w.say("Wir behalten {Ihre|deine} Daten so lange, wie wir sie für den Vorgang brauchen oder ein Gesetz uns zur Aufbewahrung verpflichtet. Danach löschen wir sie.",
		"We keep your data for as long as we need it for the matter or a law obliges us to keep it. Then we erase it."))
}

// inArticle14 are the items that Art. 14 names otherwise than Art. 13.
var inArticle14 = map[string]string{
	"13(1)(a)": "14(1)(a)", "13(1)(b)": "14(1)(b)", "13(1)(c)": "14(1)(c)", "13(1)(d)": "14(2)(b)", "13(1)(e)": "14(1)(e)", "13(1)(f)": "14(1)(f)",
	"13(2)(a)": "14(2)(a)", "13(2)(b)": "14(2)(c)", "13(2)(d)": "14(2)(e)", "13(2)(f)": "14(2)(g)",
}

// onlyThird are the items of Art. 14 that Art. 13 does not have, by the words without which
// they are not there.
var onlyThird = []wanting{
	{"14(1)(d)", "which categories of data this is about", `Name und Kontaktdaten`, `Name and contact details`},
	{"14(2)(f)", "where the data comes from", `stammen von der Person`, `comes from the person`},
	{"14(2)(f)", "whether it comes from publicly accessible sources", `öffentlich zugänglichen Quellen`, `publicly accessible sources`},
}

// LintThird tells everything that is wrong with the information for a third person, against
// the facts it must state: what the register gives, in its section, and each item of GDPR
// Art. 14(1) and (2) by words of its own.
func LintThird(sections []Section, f ThirdFacts) []Problem {
	long := Notice{Long: sections}.text()
	l := &linter{notice: Notice{Long: sections}, facts: forThird(f), long: long, all: long, items: inArticle14}
	l.given(MakeThird(f))
	for _, check := range []func(){l.facts13, l.purposes, l.recipients, l.transfers, l.objection, l.claims} {
		check()
	}
	// Nobody consented, and nobody is asked to give anything: Art. 14 has no such items here.
	l.wants(slices.DeleteFunc(slices.Clone(wanted), func(w wanting) bool { return w.item == "13(2)(c)" || w.item == "13(2)(e)" }))
	l.wants(onlyThird)
	return l.problems
}

// Said lists what is wrong, so that it can be mended in one go.
func Said(problems []Problem) string {
	all := make([]string, len(problems))
	for i, p := range problems {
		all[i] = p.Text
	}
	return strings.Join(all, "; ")
}
