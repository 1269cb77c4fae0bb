package render

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"
)

// example is a Document with everything in it, over several pages.
func example(language string) Document {
	d := Document{
		Title: "Datenschutzhinweis zu WhatsApp", Language: language, Date: time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC),
		Subtitle: "Muster Versicherung AG · gilt seit 23. November 2026",
		Intro:    []string{"Hier steht, was mit Ihren Daten geschieht – und was Sie „dagegen“ tun können. Kurz: https://muster.example/kurz?a=1&b=2."},
		Footer:   []string{"Version 7 vom 23. November 2026", "SHA-256 9f86d081884c7d659a2feaa0c55ad015"},
		Versions: []Link{{Text: "Version 6 vom 1. März 2026", Href: "/n/6"}}, Alternate: &Link{"Deutsch", "/n/7", "de"}, PDF: "/n/7.pdf",
	}
	if language == "de" {
		d.Alternate = &Link{"English", "/n/7/en", "en"}
	}
	table := &Table{Head: []string{"Empfänger", "Land", "Grundlage"}}
	for range 40 {
		table.Rows = append(table.Rows, []string{"WhatsApp Ireland Limited, Dublin", "IE", "Auftragsverarbeitungsvereinbarung, siehe https://www.whatsapp.com/legal/privacy-policy-eea"})
	}
	d.Sections = []Section{
		{Title: "Wer verantwortlich ist", Rows: [][2]string{{"Name", "Łukasz Żółć & Çağrı Öztürk"}, {"Anschrift", "Musterstraße 1\n50667 Köln"}}},
		{ID: "wer", Title: "Wer Daten erhält", Text: []string{"Diese:"}, Table: table},
		{Title: "Widerspruch", Text: []string{"Sie können jederzeit widersprechen (Art. 21 Abs. 1 DSGVO)."}, Apart: true},
		{Title: "Fristen", Text: []string{strings.Repeat("Eine Unterhaltung löschen wir 6 Monate nach ihrem Ende. ", 30)}},
		{Title: "Beschwerde", Text: []string{"Bei jeder Aufsichtsbehörde."}},
		{Title: "Größe ≥ 100 €", Text: []string{"§ 5 – ganz am Ende …"}},
	}
	return d
}

// TestBothRefuse wants an error and not a byte for what cannot be read by everybody (WCAG
// 1.3.1, 2.4.2, 2.4.6, 3.1.1).
func TestBothRefuse(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Document){
		"no title":         func(d *Document) { d.Title = " " },
		"no language":      func(d *Document) { d.Language = "" },
		"no such language": func(d *Document) { d.Language = "deutsch!" },
		"no heading":       func(d *Document) { d.Sections[0].Title = "" },
		"no columns":       func(d *Document) { d.Sections[1].Table = &Table{} },
		"uneven rows":      func(d *Document) { d.Sections[1].Table = &Table{Head: []string{"a"}, Rows: [][]string{{"b", "c"}}} },
	} {
		d := example("de")
		spoil(&d)
		for form, write := range map[string]func(io.Writer, Document) error{"HTML": HTML, "PDF": PDF} {
			var out strings.Builder
			if err := write(&out, d); err == nil || out.Len() > 0 {
				t.Errorf("%s, %s: error %v and %d bytes", name, form, err, out.Len())
			}
		}
	}
	if err := PDF(failing{}, example("de")); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("a writer that fails: %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestSpans(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]span{
		"":                             nil,
		"nothing http://a.example":     {{"nothing http://a.example", ""}},
		"https://a.example/b":          {{"https://a.example/b", "https://a.example/b"}},
		"see (https://a.example/b?c).": {{"see (", ""}, {"https://a.example/b?c", "https://a.example/b?c"}, {").", ""}},
		"https://a.example, „https://b.example“": {{"https://a.example", "https://a.example"}, {", „", ""}, {"https://b.example", "https://b.example"}, {"“", ""}},
	} {
		if got := spans(text); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// textsOf are all texts that a reader of either form must get.
func textsOf(d Document) []string {
	texts := append([]string{d.Title, d.Subtitle}, d.Intro...)
	for _, s := range d.Sections {
		texts = append(append(texts, s.Title), s.Text...)
		for _, r := range s.Rows {
			texts = append(texts, r[:]...)
		}
		if s.Table != nil {
			texts = append(texts, s.Table.Head...)
			for _, r := range s.Table.Rows {
				texts = append(texts, r...)
			}
		}
	}
	return append(texts, d.Footer...)
}

// wantInOrder wants every word of d, in the order of reading.
func wantInOrder(t *testing.T, d Document, text string) {
	t.Helper()
	got := strings.Fields(text)
	for _, want := range strings.Fields(strings.Join(textsOf(d), " ")) {
		for len(got) > 0 && got[0] != want {
			got = got[1:]
		}
		if len(got) == 0 {
			t.Fatalf("%q is missing, or stands too early", want)
		}
	}
}
