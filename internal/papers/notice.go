package papers

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"botschaft/internal/desk"
)

// Language and Tone choose the words.
type (
	Language string
	Tone     string
)

// The languages, and the tones of German; English has one.
const (
	German  Language = "de"
	English Language = "en"
	Formal  Tone     = "sie"
	Casual  Tone     = "du"
)

// NoticeFacts is all that a Notice is made from, texts of the register in its language.
type NoticeFacts struct {
	Controller desk.ControllerFacts
	Recipients []desk.Recipient
	PageURL    string       // where layer 2 is read
	SecureURL  string       // the protected area; empty: there is none
	Bot        string       // the policy of that name; empty or "off": no machine answers people
	Footing    desk.Footing // of the Purposes
	Language   Language
	Tone       Tone
}

// Languages are those a Notice is given in.
var Languages = []Language{German, English}

// FactsOf gives what a register says for a Notice. The page's address is not known before it is
// sent: a mark stands for it.
func FactsOf(r desk.Register, l Language, on desk.Footing) NoticeFacts {
	return NoticeFacts{
		Controller: r.Controller, Recipients: r.Disclosed(), PageURL: desk.PageMark, Language: l, Tone: Tone(r.Policies.Tone), Bot: r.Policies.Bot,
		Footing: on,
	}
}

// hasBot tells whether a machine may answer people.
func (f NoticeFacts) hasBot() bool { return f.Bot != "" && f.Bot != "off" }

// Notice is the information of GDPR Art. 13 in two layers.
type Notice struct {
	Short string    // layer 1, the first automatic answer
	Long  []Section // layer 2, a page
}

// Section is a part of layer 2.
type Section struct {
	Item  string // of Art. 13, e.g. "13(1)(a)"; "21(4)" stands apart from all others
	Title string
	Text  []string // paragraphs
}

// MakeNotice writes a Notice from facts. It leaves out what is not known; Lint says what
// that is.
func MakeNotice(f NoticeFacts) Notice {
	w := wordsOf(f)
	return Notice{Short: w.short(), Long: filled(
		Section{"13(1)(a)", w.say("Wer verantwortlich ist", "Who is responsible"), w.controller()},
		Section{"13(1)(b)", w.say("Datenschutz", "Data protection"), w.officer()},
		Section{"13(1)(c)", w.say("Wofür wir Daten verwenden und was das erlaubt", "What we use data for, and what allows it"), w.purposes()},
		Section{"13(1)(e)", w.say("Wer Daten erhält", "Who receives data"), w.recipients()},
		Section{"13(1)(f)", w.say("Daten außerhalb des Europäischen Wirtschaftsraums", "Data outside the European Economic Area"), w.transfers()},
		Section{"13(2)(a)", w.say("Wie lange wir Daten behalten", "How long we keep data"), w.period()},
		Section{"13(2)(b)", w.say("{Ihre|Deine} Rechte", "Your rights"), w.rights()},
		Section{"21(4)", w.say("Widerspruch", "Objection"), w.objection()},
		Section{"13(2)(c)", w.say("Einwilligungen widerrufen", "Withdrawing a consent"), w.withdrawal()},
		Section{"13(2)(d)", w.say("Beschwerde", "Complaint"), w.complaint()},
		Section{"13(2)(e)", w.say("Ob {Sie|du} Daten angeben {müssen|musst}", "Whether you must give data"), w.duty()},
		Section{"13(2)(f)", w.say("Keine Entscheidung allein durch Maschinen", "No decision by machines alone"), w.machines()},
		Section{"5(1)(a)", w.say("Wie eine Nachricht reist", "How a message travels"), w.journey()},
	)}
}

// filled leaves out paragraphs that say nothing, and sections without any.
func filled(all ...Section) (sections []Section) {
	for _, s := range all {
		if s.Text = slices.DeleteFunc(s.Text, func(p string) bool { return p == "" }); len(s.Text) > 0 {
			sections = append(sections, s)
		}
	}
	return sections
}

// Digest is the SHA-256 of every letter of the Notice, in hex. A Notice in use is stale when
// the facts of today give another.
func (n Notice) Digest() string {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%q", n.Short)
	for _, s := range n.Long {
		_, _ = fmt.Fprintf(h, "%q%q%q", s.Item, s.Title, s.Text)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// words writes in one language and tone.
type words struct{ NoticeFacts }

func wordsOf(f NoticeFacts) words { return words{f} }

// say chooses the language, and in braces the tone: {Sie|du}.
func (w words) say(german, english string, values ...any) string {
	text := english
	if w.Language == German {
		text = toned(german, w.Tone == Casual)
	}
	if len(values) == 0 {
		return text
	}
	return fmt.Sprintf(text, values...)
}

func toned(text string, casual bool) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		choice, after, _ := strings.Cut(rest, "}")
		formal, friendly, _ := strings.Cut(choice, "|")
		if casual {
			formal = friendly
		}
		b.WriteString(formal)
		text = after
	}
}

// unless gives nothing when the fact that a sentence needs is missing.
func unless(missing bool, sentence string) string {
	if missing {
		return ""
	}
	return sentence
}
