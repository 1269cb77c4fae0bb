package render

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// Document is a text for people, without any look.
type Document struct {
	Title     string
	Language  string    // of the text, as BCP 47 writes it: "de", "en"
	Date      time.Time // when it was made, for the PDF's properties; zero: not said
	Subtitle  string
	Intro     []string // paragraphs before the first section
	Sections  []Section
	Footer    []string // its first line, e.g. the version, stands on each page of the PDF, too
	Versions  []Link   // older versions; for the page alone
	Alternate *Link    // the same in another language; for the page alone
	PDF       string   // where the PDF is; empty: there is none
}

// Section is a part of a Document under a heading of its own.
type Section struct {
	ID    string // names the section in addresses; empty: its number does
	Title string
	Text  []string    // paragraphs; what starts with https:// becomes a link
	Rows  [][2]string // terms and what they mean; nil: none
	Table *Table
	Apart bool // set apart from all else, as GDPR Art. 21(4) wants the right to object
}

// Table has a heading for each column; the first cell of a row names the row.
type Table struct {
	Head []string
	Rows [][]string
}

// Link is a way to another page.
type Link struct {
	Text, Href string
	Language   string // of the text and the other page; empty: the Document's
}

// What cannot be rendered for everybody.
var (
	ErrUntitled = errors.New("render: a document and each of its sections need a title")
	ErrUneven   = errors.New("render: a table needs a heading for each column, and a cell in each for every row")
)

// check wants what assistive technology cannot do without (WCAG 1.3.1, 2.4.2, 2.4.6, 3.1.1).
func (d Document) check() error {
	if strings.TrimSpace(d.Title) == "" {
		return ErrUntitled
	}
	if _, err := language.Parse(d.Language); err != nil {
		return fmt.Errorf("render: a document needs a language: %w", err)
	}
	for _, s := range d.Sections {
		if strings.TrimSpace(s.Title) == "" {
			return ErrUntitled
		}
		if s.Table != nil && (len(s.Table.Head) == 0 || slices.ContainsFunc(s.Table.Rows, func(row []string) bool { return len(row) != len(s.Table.Head) })) {
			return fmt.Errorf("%w: %s", ErrUneven, s.Title)
		}
	}
	return nil
}

// words are the few words that a Document does not bring.
type words struct{ contents, versions, pdf, page string }

func wordsIn(language string) words {
	if strings.HasPrefix(strings.ToLower(language), "de") {
		return words{"Inhalt", "Frühere Fassungen", "Als PDF", "Seite %d von %d"}
	}
	return words{"Contents", "Earlier versions", "As PDF", "Page %d of %d"}
}

// span is a part of a paragraph; with an address it is a link.
type span struct{ Text, Href string }

var (
	address     = regexp.MustCompile(`https://[^\s<>"„“”»«]+`)
	punctuation = ".,;:!?…)]}'’"
)

// spans finds the addresses in a text.
func spans(text string) (all []span) {
	for text != "" {
		at := address.FindStringIndex(text)
		if at == nil {
			return append(all, span{Text: text})
		}
		href := strings.TrimRight(text[at[0]:at[1]], punctuation)
		if at[0] > 0 {
			all = append(all, span{Text: text[:at[0]]})
		}
		all = append(all, span{href, href})
		text = text[at[0]+len(href):]
	}
	return all
}
