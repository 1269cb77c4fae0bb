package main

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"botschaft/internal/channel"
	"botschaft/internal/desk"
	"botschaft/internal/outbound"
	"botschaft/internal/whatsapp"
)

const whatsappHead = `# WhatsApp: kinds, fields, errors

<!-- Generated from the code by make gen. Do not edit. -->

What the house understands of Meta's Cloud API, what becomes of it, and by which example or test that is held. The examples are bodies of our own in [internal/whatsapp/testdata/webhook](../internal/whatsapp/testdata/webhook), each with what it is read as; Meta's own are read beside them where somebody has a copy ([CONTRIBUTING.md](../CONTRIBUTING.md#how-the-tests-work)). Whatever else arrives is kept sealed and counted by its name.

`

// becomes says what the desk makes of each kind of message that arrives.
var becomes = map[desk.Kind]string{
	desk.KindText:        "its words, with links that are told and not fetched; read for a withdrawal",
	desk.KindImage:       "the picture, fetched and sealed, with a thumbnail; its caption",
	desk.KindVideo:       "the film in a player, fetched and sealed; its caption",
	desk.KindAudio:       "the recording in a player, with its length if it is a voice message",
	desk.KindDocument:    "the document to download, under a name made harmless; its caption",
	desk.KindSticker:     "the picture",
	desk.KindLocation:    "name, address and degrees, with a link for the reader's own maps; no map is asked for",
	desk.KindContacts:    "each card in words; a number given in answer to a request is marked as the sender's own",
	desk.KindReaction:    "the emoji at the message it is about; it reopens nothing",
	desk.KindInteractive: "the chosen answer or row; of a form a table of its answers",
	desk.KindButton:      "the words of the button",
	desk.KindOrder:       "its lines",
	desk.KindSystem:      "a line in the thread; a new number or id is noted at the contact",
	desk.KindEdit:        "the new words at the message, the earlier ones behind them",
	desk.KindRevoke:      "the message says nothing any more, nor does what quotes it",
	desk.KindUnsupported: "a line with Meta's reason",
}

func mib(bytes int) string { return strconv.Itoa(bytes>>20) + " MiB" }

// leaves says what of each kind can be sent, with its limits.
func leaves() [][2]string {
	n := strconv.Itoa
	return [][2]string{
		{"text", "up to " + n(whatsapp.MaxText) + " characters, with or without a preview of its first link"},
		{"image", "JPEG or PNG up to " + mib(whatsapp.MaxImage) + ", with a caption of " + n(whatsapp.MaxCaption) + " characters"},
		{"video", "MP4 or 3GP up to " + mib(whatsapp.MaxVideo) + ", with a caption"},
		{"audio", "AAC, AMR, MP3, M4A or Ogg with Opus in mono up to " + mib(whatsapp.MaxAudio) + "; Ogg as a voice message, too"},
		{"document", "PDF, text, Word, Excel or PowerPoint up to " + mib(whatsapp.MaxDocument) + ", with a name and a caption"},
		{"sticker", "WebP up to " + n(whatsapp.MaxSticker>>10) + " KiB, moving up to " + n(whatsapp.MaxAnimated>>10) + " KiB"},
		{"location", "degrees, name, address"},
		{"contacts", "cards with name, work, telephone, e-mail, web"},
		{"reaction", "an emoji on a message, or none to take it back"},
		{"interactive: buttons", "1 to " + n(whatsapp.MaxButtons) + " of " + n(whatsapp.MaxButtonTitle) + " characters under a text of " + n(whatsapp.MaxOffer)},
		{"interactive: list", n(whatsapp.MaxRows) + " rows in all, titles of " + n(whatsapp.MaxRowTitle) + " and descriptions of " + n(whatsapp.MaxRowDescription) + " characters, under a text of " + n(whatsapp.MaxText)},
		{"interactive: link", "one button of " + n(whatsapp.MaxButtonTitle) + " characters with a web address"},
		{"interactive: form", "a published Flow, opened by a button of " + n(whatsapp.MaxFlowLabel) + " characters"},
		{"interactive: request", "asks for the location, or for the telephone number of somebody known by an id alone"},
		{"interactive: header", "a line of " + n(whatsapp.MaxHeader) + " characters above any of these but a request; above buttons, links and forms a picture, a film or a PDF instead"},
		{"template", "by name and language, with values of header and body, numbered or named, and of its buttons; or with a place, a picture, a film or a PDF above it"},
		{"any of them but a reaction", "in answer to a certain message"},
	}
}

// seen is what the examples show.
type seen struct {
	kinds  map[desk.Kind][]string
	fields map[string][]string
	made   map[string]string
}

// readExamples decodes every example of a webhook.
func readExamples(t *testing.T) seen {
	t.Helper()
	s := seen{map[desk.Kind][]string{}, map[string][]string{}, map[string]string{}}
	files, err := filepath.Glob("../../internal/whatsapp/testdata/webhook/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no examples", err)
	}
	reader := channel.NewWhatsApp(http.DefaultClient, time.Now, func(string, int) {})
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		n, err := whatsapp.Decode(body)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		arrivals, err := reader.Decode(body)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		_, dropped := whatsapp.WithoutCoexistence(body, func(string) bool { return false })
		for _, item := range n.Items {
			s.fields[item.Field] = append(s.fields[item.Field], name)
			if dropped[item.Field] > 0 {
				s.made[item.Field] = "acknowledged, counted and kept nowhere"
			}
		}
		for _, a := range arrivals {
			s.note(a, fieldAt(n, a.Path), name)
		}
	}
	return s
}

func fieldAt(n *whatsapp.Notification, path string) string {
	for _, item := range n.Items {
		if strings.HasPrefix(path, item.Path) {
			return item.Field
		}
	}
	return ""
}

// note keeps what an Arrival became.
func (s seen) note(a desk.Arrival, field, example string) {
	switch {
	case a.Message != nil:
		s.kinds[a.Message.Kind] = append(s.kinds[a.Message.Kind], example)
	case a.Echo != nil:
		s.made[field] += "; where the inbox takes in the app: a message of ours in the thread, if the person has one"
	case a.Preference != nil:
		s.made[field] = "an entry of the ledger: advertising ends, or may be asked for again"
	case a.Rotation != nil:
		s.made[field] = "the contact's new id; the old one ends"
	case a.Alert != nil:
		s.made[field] = "an alert on the page of the inbox, and a task if somebody must act"
	}
}

// examples are links to the files, each once.
func examples(names []string) string {
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	for i, name := range names {
		names[i] = "[" + name + "](../internal/whatsapp/testdata/webhook/" + name + ".json)"
	}
	return strings.Join(names, ", ")
}

// The reference of WhatsApp is what the code does: each kind has an example and a word of what
// becomes of it, each code its rule and its words.
func TestWhatsAppReferenceIsCurrent(t *testing.T) {
	s := readExamples(t)
	var out bytes.Buffer
	out.WriteString(whatsappHead)
	out.WriteString("## What arrives\n\n| Kind | Becomes | Held by |\n|---|---|---|\n")
	for _, kind := range slices.Sorted(maps.Keys(becomes)) {
		if len(s.kinds[kind]) == 0 {
			t.Errorf("no example has a message of kind %s", kind)
		}
		fmt.Fprintf(&out, "| `%s` | %s | %s |\n", kind, becomes[kind], examples(s.kinds[kind]))
	}
	for kind := range s.kinds {
		if becomes[kind] == "" {
			t.Errorf("nothing says what becomes of a message of kind %s", kind)
		}
	}
	out.WriteString("\n## What leaves\n\nEvery kind needs the gate's permit, and outside of WhatsApp's 24 hours only a template gets one. What WhatsApp would refuse is refused when it is composed, with the field ([content_test.go](../internal/whatsapp/content_test.go), [composed.txtar](../scenarios/composed.txtar)).\n\n| Kind | Holds |\n|---|---|\n")
	for _, row := range leaves() {
		fmt.Fprintf(&out, "| %s | %s |\n", row[0], row[1])
	}
	out.WriteString("\n## Fields of webhooks\n\n| Field | Becomes | Held by |\n|---|---|---|\n")
	s.made[whatsapp.FieldMessages] = "messages and how far ours have come"
	for _, field := range slices.Sorted(maps.Keys(s.fields)) {
		made := s.made[field]
		held := examples(s.fields[field])
		switch {
		case field == whatsapp.FieldMessages:
			held = "all of the above"
		case slices.Contains(s.fields[field], "unknown_field"):
			continue // of nobody's but ours: it shows that a new field is passed over too
		case made == "":
			made = "nothing: it is recognised and passed over"
		}
		fmt.Fprintf(&out, "| `%s` | %s | %s |\n", field, made, held)
	}
	writeErrors(&out)
	current(t, filepath.Join("..", "..", "docs", "whatsapp.md"), out.Bytes())
}

// writeErrors writes the table of codes; neighbours of one rule and the same words stand in one row.
func writeErrors(out *bytes.Buffer) {
	out.WriteString("\n## Errors\n\nWhat a code of Meta's means for a message that was refused, and the words that agents read. A send without an answer is in doubt and never repeated by itself ([decision 6](decisions/0006-in-doubt.md)). Held by [errors_test.go](../internal/whatsapp/errors_test.go).\n\n| Code | Meaning | Again | Waits | Told | Deutsch | English |\n|---|---|---|---|---|---|---|\n")
	const most = 3_000_000
	first, before := -1, ""
	for code := 0; code <= most+1; code++ {
		row := ""
		if rule := whatsapp.RuleOf(code); rule.Class != whatsapp.ClassUnknown && code <= most {
			row = errorRow(code, rule)
		}
		if row == before {
			continue
		}
		if before != "" {
			name := strconv.Itoa(first)
			if code-1 > first {
				name += "–" + strconv.Itoa(code-1)
			}
			fmt.Fprintf(out, "| %s %s\n", name, before)
		}
		first, before = code, row
	}
}

func errorRow(code int, rule whatsapp.Rule) string {
	again, waits, told := "no", "–", "author"
	if rule.Retry {
		again = "after " + rule.Base.String()
	}
	switch rule.Pauses {
	case whatsapp.PausesPair:
		waits = "this person's"
	case whatsapp.PausesNumber:
		waits = "this number's"
	case whatsapp.PausesInbox:
		waits = "the inbox, until it is mended"
	}
	if rule.Tells == whatsapp.TellsAdmins {
		told = "author, administrators"
	}
	words := outbound.FailureOf(strconv.Itoa(code))
	return fmt.Sprintf("| %s | %s | %s | %s | %s %s | %s %s |", rule.Name, again, waits, told,
		words.Sentence.DE, words.Helps.DE, words.Sentence.EN, words.Helps.EN)
}
