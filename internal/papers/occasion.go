package papers

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"botschaft/internal/desk"
)

// The limits of a line.
const (
	MaxLine      = 300 // characters
	maxSentences = 3
)

// JustInTime writes the line for a Occasion: what becomes of what was just sent, and where
// sensitive things go instead. It says what the house does today and no more; empty if the
// Occasion is none (GDPR Art. 13, in layers).
func JustInTime(m desk.Occasion, f NoticeFacts, p desk.Policies) string {
	w := wordsOf(f)
	switch m {
	case desk.OccasionPhoto:
		return w.photo(p.Media)
	case desk.OccasionVoice:
		return w.voice(p.Voice)
	case desk.OccasionDocument:
		return w.document(p.Media)
	case desk.OccasionLocation:
		return w.location()
	case desk.OccasionBot:
		return w.bot()
	case desk.OccasionTranslation:
		return w.translation()
	default:
		return ""
	}
}

// LineDigest is the SHA-256 of every letter of a line, in hex.
func LineDigest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// photo speaks of films, too.
func (w words) photo(media string) string {
	wanted := w.say("Hierher gehören höchstens Fotos von Schäden.", "At most photos of damage belong here.")
	return w.file(w.say("{Ihre|Deine} Aufnahme speichern wir verschlüsselt und sehen sie nur für {Ihr|dein} Anliegen an.",
		"We keep your picture or video encrypted and look at it for your matter only."), wanted, media)
}

func (w words) document(media string) string {
	wanted := w.say("Bitte {schicken Sie|schick} hier keine Dokumente.", "Please send no documents here.")
	return w.file(w.say("{Ihr|Dein} Dokument speichern wir verschlüsselt und öffnen es nur für {Ihr|dein} Anliegen.",
		"We keep your document encrypted and open it for your matter only."), wanted, media)
}

// file says what becomes of a file, what may be sent here by the Controller's choice, and
// where the rest goes.
func (w words) file(becomes, wanted, media string) string {
	switch media {
	case "portal_only":
		wanted = w.say("Bitte {schicken Sie|schick} hier keine Dateien.", "Please send no files here.")
	case "all":
		wanted = ""
	}
	return w.sentences(becomes, wanted, w.say("Alles zu Gesundheit, Bank oder Ausweis bitte so: %s",
		"All about health, bank or identity card please this way: %s", w.elsewhere()))
}

func (w words) voice(voice string) string {
	becomes, wanted := w.say("{Ihre|Deine} Sprachnachricht speichern wir verschlüsselt und hören sie nur für {Ihr|dein} Anliegen an.",
		"We keep your voice message encrypted and listen to it for your matter only."), ""
	if voice == "reject" {
		becomes = w.say("Sprachnachrichten nehmen wir hier nicht an; verschlüsselt speichern wir, dass eine kam.",
			"We do not take voice messages here; we keep, encrypted, that one came.")
		wanted = w.say("Bitte {schreiben Sie|schreib} uns.", "Please write to us.")
	}
	return w.sentences(becomes, wanted,
		w.say("Alles zu Gesundheit, Bank oder Ausweis bitte so: %s", "All about health, bank or identity card please this way: %s", w.elsewhere()))
}

func (w words) location() string {
	return w.sentences(
		w.say("{Ihren|Deinen} Standort speichern wir verschlüsselt und nutzen ihn nur für {Ihr|dein} Anliegen.", "We keep your location encrypted and use it for your matter only."),
		w.say("Wir sehen nur diesen einen Ort und verfolgen nicht, wohin {Sie gehen|du gehst}.", "We see this one place and do not follow where you go."),
		w.say("Verrät ein Ort etwas Vertrauliches, {teilen Sie|teil} ihn besser so mit: %s", "If a place gives away something confidential, better tell us this way: %s", w.elsewhere()),
	)
}

// bot says that a machine answers (AI Act Art. 50(1)).
func (w words) bot() string {
	return w.sentences(
		w.say("Hier antwortet zuerst ein Programm, kein Mensch.", "A program answers here first, not a person."),
		w.say("Über Vertrag oder Leistung entscheidet es nicht.", "It does not decide about contracts or payments."),
		w.say("Wer lieber mit einem Menschen spricht, schreibt das hier oder nutzt: %s", "If you prefer a person, say so here or use: %s", w.elsewhere()),
	)
}

func (w words) translation() string {
	return w.sentences(
		w.say("{Ihre|Deine} und unsere Nachrichten übersetzt hier ein Programm, und es kann sich irren.", "A program translates your messages and ours here, and it may be wrong."),
		w.say("{Fragen Sie|Frag} nach, wenn etwas nicht passt.", "Please ask if something does not fit."),
		w.say("Ohne Übersetzung: %s", "Without translation: %s", w.elsewhere()),
	)
}

// elsewhere is where sensitive things may go.
func (w words) elsewhere() string {
	if w.SecureURL != "" {
		return w.SecureURL
	}
	return w.Controller.Alternative
}

func (w words) sentences(all ...string) string {
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return s == "" }), " ")
}

// sentences counts them; what a colon announces belongs to its sentence.
func sentences(text string) (n int) {
	for _, s := range sentenceEnd.Split(strings.ReplaceAll(text, ":", ""), -1) {
		if aWord.MatchString(s) {
			n++
		}
	}
	return n
}

// sensitive are the Occasions at which people may send what does not belong into a chat.
var sensitive = map[desk.Occasion]bool{desk.OccasionPhoto: true, desk.OccasionVoice: true, desk.OccasionDocument: true}

// LintLine tells everything that is wrong with a line, as Lint does of a Notice (GDPR Art.
// 12(1), 13).
func LintLine(m desk.Occasion, text string, f NoticeFacts) []Problem {
	l := &linter{notice: Notice{Short: text}, facts: f, all: text}
	if n := utf8.RuneCountInString(text); n > MaxLine {
		l.say("length", "the line has %d characters, more than %d", n, MaxLine)
	}
	place := wordsOf(f).elsewhere()
	if place == "" || !strings.Contains(text, place) {
		l.say("13(1)(a)", "the way without WhatsApp is not said")
	}
	if n := sentences(strings.ReplaceAll(text, place, "")); n > maxSentences {
		l.say("length", "the line has %d sentences, more than %d", n, maxSentences)
	}
	if sensitive[m] && !wordsIn(f.Language, `Gesundheit.*Bank.*Ausweis`, `health.*bank.*identity`).MatchString(text) {
		l.say("layer 1", "what not to send is not said")
	}
	l.claims()
	l.reading()
	return l.problems
}
