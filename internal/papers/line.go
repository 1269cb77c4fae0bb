package papers

import (
	"strings"

	"botschaft/internal/desk"
)

// NoMoreAdvertising confirms a withdrawal, of all advertising or of that for one Purpose
// alone, in both languages where nobody knows which one the Contact reads (GDPR Art. 7(3)).
func NoMoreAdvertising(language string, of desk.PurposeFact) string {
	german, english := "keine Werbung mehr", "no more advertising"
	if of.Name != "" {
		german, english = "keine Werbung mehr zu „"+of.Title("de")+"“", "no more advertising about “"+of.Title("en")+"”"
	}
	german = "Verstanden: Wir schicken " + german + ". Zu laufenden Anliegen antworten wir hier weiterhin."
	english = "Understood: we send " + english + ". We still answer here about your present matters."
	switch {
	case strings.HasPrefix(language, "de"):
		return german
	case language == "":
		return german + "\n\n" + english
	default:
		return english
	}
}

// MaxFooter is the longest Footer, in characters.
const MaxFooter = 260

// Footer stands under each Message that advertises: who writes, and how it ends (§ 7(2) no. 3,
// § 7(3) no. 4 UWG; § 6(1) no. 2 DDG; GDPR Art. 21(4)).
func Footer(f NoticeFacts) string {
	w := wordsOf(f)
	return w.say("%s. Keine Werbung mehr? STOP genügt.", "%s. No more advertising? STOP is enough.", w.Controller.Name)
}

// ConsentVersion names how requests for a Consent are worded; it rises with every change of
// the words.
const ConsentVersion = "request 1"

// Request asks for a Consent, with the two answers (Meta: Interactive reply buttons).
type Request struct{ Text, Yes, No string }

// AskConsent asks whether the Contact agrees to a Purpose, and says all that it must know to
// agree: to whom, for what, that it is free, how it ends, and what WhatsApp learns (GDPR Art.
// 4(11), 7(2)-(4), 13). It advertises nothing. If the wish was told elsewhere before, it asks
// to confirm it.
func AskConsent(f NoticeFacts, p desk.PurposeFact, wished bool) Request {
	w := wordsOf(f)
	what := w.say("Dürfen wir {Ihnen|dir} hier auf WhatsApp zu folgendem Zweck schreiben, auch mit Werbung?",
		"May we write to you here on WhatsApp for the following purpose, with advertising too?")
	if wished {
		what = w.say("{Sie haben|Du hast} uns gesagt, dass wir {Ihnen|dir} hier auf WhatsApp zu folgendem Zweck schreiben dürfen, auch mit Werbung. Bitte {bestätigen Sie|bestätige} das.",
			"You told us that we may write to you here on WhatsApp for the following purpose, with advertising too. Please confirm it.")
	}
	return Request{
		Yes: w.say("Einverstanden", "I agree"),
		No:  w.say("Nein danke", "No, thank you"),
		Text: strings.Join([]string{
			what,
			w.title(p) + " (" + w.Controller.Name + ")",
			w.say("Das ist freiwillig; auf {Ihren|deinen} Vertrag und unsere Hilfe hat die Antwort keinen Einfluss. {Sie können|Du kannst} jederzeit widerrufen, STOP genügt.",
				"This is your free choice; the answer has no bearing on your contract or on our help. You may withdraw at any time, STOP is enough."),
			w.say("WhatsApp und Meta erfahren dabei, dass und wann wir schreiben. Mehr: %s", "WhatsApp and Meta learn that we write, and when. More: %s", w.PageURL),
			w.say("Bitte {tippen Sie|tipp} auf eine Antwort oder {schreiben Sie|schreib} EINVERSTANDEN.", "Please tap an answer or write I AGREE."),
		}, "\n\n"),
	}
}

// ConsentNoted tells a Contact who agreed that it is noted, and how it ends.
func ConsentNoted(lang Language, tone Tone) string {
	return wordsOf(NoticeFacts{Language: lang, Tone: tone}).say(
		"Danke, {Ihre|deine} Einwilligung ist notiert. {Sie können|Du kannst} sie jederzeit widerrufen, STOP genügt.",
		"Thank you, your consent is noted. You may withdraw it at any time, STOP is enough.")
}
