package evidence

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/papers"
	"botschaft/internal/private"
	"botschaft/internal/render"
)

// wording writes a sheet in one language.
type wording struct {
	german bool
	zone   *time.Location
}

func (w wording) say(german, english string, values ...any) string {
	text := english
	if w.german {
		text = german
	}
	if len(values) == 0 {
		return text
	}
	return fmt.Sprintf(text, values...)
}

// moment writes a time to the second; none is a dash.
func (w wording) moment(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.In(w.zone).Format(w.say("02.01.2006 15:04:05 MST", "2 Jan 2006 15:04:05 MST"))
}

// document lays a sheet out.
func document(f found, language string, zone *time.Location) render.Document {
	w := wording{language == "de", zone}
	d := render.Document{
		Title: w.say("Nachweis zu einer Person", "Evidence about a person"), Language: language, Date: f.now, Subtitle: f.Controller.Name,
		Intro: []string{w.say(
			"Dieses Blatt zeigt, welcher Datenschutzhinweis der Person wann gezeigt wurde, was ihr im passenden Augenblick gesagt wurde, worin sie eingewilligt und was sie widerrufen hat. Jeder Eintrag steht so im Einwilligungsregister; das Prüfprotokoll enthält seine Prüfsumme.",
			"This sheet shows which privacy notice the person was shown and when, what they were told when it mattered, what they agreed to and what they took back. Each entry stands like this in the ledger; the audit log holds its digest.")},
		Footer: []string{w.say("Erstellt am %s", "Made on %s", w.moment(f.now))},
	}
	d.Sections = append([]render.Section{w.person(f)}, w.onDay(f)...)
	d.Sections = append(d.Sections, w.now(f), w.notices(f), w.lines(f), w.ledger(f))
	d.Sections = append(append(d.Sections, w.words(f)...), w.proof(f))
	return d
}

func (w wording) person(f found) render.Section {
	s := render.Section{Title: w.say("Person", "Person"), Rows: [][2]string{{w.say("Kennung", "Id"), f.contact.String()}}}
	if !f.name.IsEmpty() {
		s.Rows = append(s.Rows, [2]string{w.say("Nennt sich", "Calls itself"), f.name.Reveal()})
	}
	for _, id := range f.identities {
		s.Rows = append(s.Rows, [2]string{w.say("Erreichbar über", "Reached by"), id.Reveal()})
	}
	return s
}

// now says how things stand at the moment of the sheet.
func (w wording) now(f found) render.Section {
	s := render.Section{Title: w.say("Stand am %s", "As of %s", w.moment(f.now))}
	if !f.Restricted.IsZero() {
		s.Rows = append(s.Rows, [2]string{w.say("Verarbeitung", "Processing"), w.say("eingeschränkt seit %s (Art. 18 DSGVO)", "restricted since %s (GDPR Art. 18)", w.moment(f.Restricted))})
	}
	for _, o := range f.Objections {
		s.Rows = append(s.Rows, [2]string{o.Purpose, w.say("Widerspruch vom %s (Art. 21 DSGVO)", "objection of %s (GDPR Art. 21)", w.moment(o.At))})
	}
	for _, p := range f.Consents {
		stands := w.say("keine Einwilligung", "no consent")
		switch {
		case p.Held:
			stands = w.say("angehalten, bis jemand eine Nachricht gelesen hat", "held until somebody has read a message")
		case p.Stands:
			stands = w.say("erlaubt seit %s", "allowed since %s", w.moment(p.By.At))
		case p.By.Step == desk.ConsentWithdrawn:
			stands = w.say("widerrufen am %s", "withdrawn on %s", w.moment(p.By.At))
		}
		s.Rows = append(s.Rows, [2]string{p.Purpose, stands})
	}
	if len(s.Rows) == 0 {
		s.Text = []string{w.say("Es gibt keinen Zweck, der auf einer Einwilligung beruht, und keinen Widerspruch.", "No purpose rests on a consent, and there is no objection.")}
	}
	return s
}

// onDay says which Notice the person had been shown by the end of the day that was asked about,
// and gives its words.
func (w wording) onDay(f found) []render.Section {
	if f.on.IsZero() {
		return nil
	}
	day := f.on.Format(w.say("02.01.2006", "2 Jan 2006"))
	s := render.Section{ID: "day", Title: w.say("Datenschutzhinweis am %s", "Privacy notice on %s", day)}
	if f.shown == nil {
		s.Text = []string{w.say("Bis zum Ende dieses Tages war der Person kein Hinweis gezeigt worden.", "By the end of that day the person had been shown no notice.")}
		return []render.Section{s}
	}
	s.Rows = [][2]string{
		{w.say("Fassung", "Version"), fmt.Sprintf("%d (%s)", f.shown.Version, f.shown.Language)},
		{w.say("Gesendet", "Sent"), w.moment(f.shown.At)}, {w.say("Angenommen", "Accepted"), w.moment(f.shown.Accepted)},
		{w.say("Zugestellt", "Delivered"), w.moment(f.shown.Delivered)}, {w.say("Gelesen", "Read"), w.moment(f.shown.Read)},
		{w.say("Prüfsumme des Textes", "Digest of the text"), f.shown.Digest},
	}
	short := strings.ReplaceAll(f.words.Short, desk.PageMark, w.say("[Adresse der ausführlichen Fassung]", "[address of the long version]"))
	if sent, ok := f.said[f.shown.Message]; ok {
		short = sent.Text.Reveal()
	}
	words := render.Section{Title: w.say("Wortlaut dieses Hinweises", "Words of that notice"), Rows: [][2]string{{w.say("Im Chat", "In the chat"), short}}}
	var long []papers.Section
	if err := json.Unmarshal([]byte(f.words.Long), &long); err != nil {
		return []render.Section{s} // its digest stands; the words are where every version is
	}
	for _, part := range long {
		words.Rows = append(words.Rows, [2]string{part.Title, strings.Join(part.Text, " ")})
	}
	return []render.Section{s, words}
}

func (w wording) notices(f found) render.Section {
	s := render.Section{Title: w.say("Gezeigte Datenschutzhinweise", "Privacy notices that were shown")}
	if len(f.Showings) == 0 {
		s.Text = []string{w.say("Der Person wurde kein Hinweis gezeigt.", "The person was shown no notice.")}
		return s
	}
	s.Text = []string{w.say("Angenommen, zugestellt und gelesen belegen, dass der Hinweis gezeigt wurde. Eine Einwilligung sind sie nicht.",
		"Accepted, delivered and read prove that the notice was shown. They are no consent.")}
	s.Table = w.shown(w.say("Fassung", "Version"))
	for _, n := range f.Showings {
		s.Table.Rows = append(s.Table.Rows, append([]string{fmt.Sprintf("%d (%s)", n.Version, n.Language)}, w.reached(n.Showing, n.Digest)...))
	}
	return s
}

// lines are what the person was told beside the Notice, when it mattered.
func (w wording) lines(f found) render.Section {
	s := render.Section{Title: w.say("Kurze Hinweise im passenden Augenblick", "Lines told when they mattered")}
	if len(f.Lines) == 0 {
		s.Text = []string{w.say("Es gab keinen Anlass für einen.", "There was no occasion for one.")}
		return s
	}
	s.Table = w.shown(w.say("Anlass", "Occasion"))
	for _, l := range f.Lines {
		s.Table.Rows = append(s.Table.Rows, append([]string{fmt.Sprintf("%s (%s)", w.occasion(l.Occasion), l.Language)}, w.reached(l.Showing, l.Line)...))
	}
	return s
}

// shown heads a table of what was shown.
func (w wording) shown(what string) *render.Table {
	return &render.Table{Head: []string{what, w.say("Gesendet", "Sent"), w.say("Angenommen", "Accepted"),
		w.say("Zugestellt", "Delivered"), w.say("Gelesen", "Read"), w.say("Prüfsumme des Textes", "Digest of the text")}}
}

// reached is how far something came that was shown.
func (w wording) reached(s desk.Showing, digest string) []string {
	return []string{w.moment(s.At), w.moment(s.Accepted), w.moment(s.Delivered), w.moment(s.Read), digest}
}

func (w wording) occasion(on desk.Occasion) string {
	switch on {
	case desk.OccasionPhoto:
		return w.say("Bild oder Video", "picture or video")
	case desk.OccasionVoice:
		return w.say("Sprachnachricht", "voice message")
	case desk.OccasionDocument:
		return w.say("Dokument", "document")
	case desk.OccasionLocation:
		return w.say("Standort", "location")
	case desk.OccasionBot:
		return w.say("Beginn automatischer Antworten", "start of automatic answers")
	case desk.OccasionTranslation:
		return w.say("Übersetzung", "translation")
	}
	return string(on)
}

func (w wording) ledger(f found) render.Section {
	s := render.Section{Title: w.say("Einwilligungsregister", "Ledger")}
	if len(f.Ledger) == 0 {
		s.Text = []string{w.say("Zu dieser Person gibt es keinen Eintrag.", "There is no entry about this person.")}
		return s
	}
	s.Table = &render.Table{Head: []string{w.say("Nr.", "No."), w.say("Zeit", "Time"), w.say("Was", "What"), w.say("Zweck", "Purpose"),
		w.say("Wie", "How"), w.say("Prüfsumme des Eintrags", "Digest of the entry")}}
	for _, e := range f.Ledger {
		purpose := e.Purpose
		if purpose == "" {
			purpose = w.say("alle Werbung", "all advertising")
		}
		s.Table.Rows = append(s.Table.Rows, []string{fmt.Sprint(e.N), w.moment(e.At), w.step(e.Step), purpose, w.means(e, f.sales[e.ID], f.of[e.Identity]), e.Digest()})
	}
	return s
}

func (w wording) step(s desk.ConsentStep) string {
	switch s {
	case desk.ConsentAsked:
		return w.say("gefragt", "asked")
	case desk.ConsentGranted:
		return w.say("erteilt", "given")
	case desk.ConsentDeclined:
		return w.say("abgelehnt", "declined")
	case desk.ConsentWithdrawn:
		return w.say("widerrufen", "withdrawn")
	case desk.ConsentDoubted:
		return w.say("vielleicht widerrufen, zu lesen", "perhaps withdrawn, to be read")
	case desk.ConsentCleared:
		return w.say("gelesen: kein Widerruf", "read: no withdrawal")
	}
	return string(s)
}

// means says how an entry came about, with the Message it rests on; of an existing customer
// with the sale that the number was got in. by is the Identity that it is for.
func (w wording) means(e desk.ConsentEntry, sale, by private.Text) string {
	parts := []string{map[desk.ConsentMeans]string{
		desk.MeansButton: w.say("Schaltfläche", "button"), desk.MeansWord: w.say("geschriebenes Wort", "written word"),
		desk.MeansPaper: w.say("Formular auf Papier", "paper form"), desk.MeansDoubleOptIn: w.say("doppelte Bestätigung", "double opt-in"),
		desk.MeansAgent:      w.say("von einer Person im Haus vermerkt", "noted by a colleague"),
		desk.MeansPreference: w.say("Einstellung in WhatsApp", "setting in WhatsApp"), desk.MeansError: w.say("Meldung von WhatsApp (131050)", "error of WhatsApp (131050)"),
	}[e.Means]}
	if e.Ground == desk.GroundCustomer {
		parts = append(parts, w.say("Bestandskunde (§ 7 Abs. 3 UWG)", "existing customer (§ 7(3) UWG)"))
		if !sale.IsEmpty() {
			parts = append(parts, w.say("Verkauf: %s", "sale: %s", sale.Reveal()))
		}
	}
	if !by.IsEmpty() {
		parts = append(parts, w.say("für %s", "for %s", by.Reveal()))
	}
	if !e.Asked.IsZero() {
		parts = append(parts, w.say("gefragt mit Nachricht %s", "asked by message %s", e.Asked))
	}
	if !e.ActedAt.IsZero() && e.Step != desk.ConsentWithdrawn {
		parts = append(parts, w.say("vom %s", "of %s", w.moment(e.ActedAt)))
	}
	if !e.Answer.IsZero() {
		parts = append(parts, w.say("Nachricht %s", "message %s", e.Answer))
	}
	if e.Paper != "" {
		parts = append(parts, w.say("Formular %s", "form %s", e.Paper))
	}
	if e.Wording.Digest != "" {
		parts = append(parts, w.say("Wortlaut %s (%s, %s)", "wording %s (%s, %s)", e.Wording.Digest, e.Wording.Version, e.Wording.Language))
	}
	return strings.Join(parts, ", ")
}

// proof says how the sheet is checked.
func (w wording) proof(f found) render.Section {
	s := render.Section{Title: w.say("Wie dieses Blatt zu prüfen ist", "How to check this sheet"), Text: []string{w.say(
		"Der Befehl „botschaft verify audit“ vergleicht jeden Eintrag mit der Prüfsumme, die das Prüfprotokoll bei seiner Entstehung festgehalten hat, und nennt den ersten, der verändert, entfernt oder eingeschoben wurde.",
		"The command “botschaft verify audit” compares each entry with the digest that the audit log kept when it was written, and names the first one that was altered, removed or slipped in.")}}
	if f.checkpoint.Size > 0 {
		s.Rows = [][2]string{
			{w.say("Letzter Kontrollpunkt", "Last checkpoint"), w.moment(f.checkpoint.At.Time)},
			{w.say("Einträge darunter", "Entries under it"), fmt.Sprint(f.checkpoint.Size)},
			{w.say("Wurzel", "Root"), hex.EncodeToString(f.checkpoint.Root)},
		}
	}
	return s
}
