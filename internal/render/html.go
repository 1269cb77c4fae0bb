package render

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
)

var (
	//go:embed page.html.tmpl
	pageText string
	//go:embed style.css
	styleSheet []byte

	pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{"spans": spans}).Parse(pageText))
)

// StylePath is where a page expects Style.
const StylePath = "/papers/style.css"

// manySections is the number beyond which a page begins with a table of contents.
const manySections = 5

// Style is the style sheet of every page, a file of its own because the server's content
// security policy allows none in the page.
func Style() []byte { return slices.Clone(styleSheet) }

// HTML writes d as a page for browsers.
func HTML(w io.Writer, d Document) error {
	if err := d.check(); err != nil {
		return err
	}
	d.Sections = slices.Clone(d.Sections)
	for i := range d.Sections {
		if d.Sections[i].ID == "" {
			d.Sections[i].ID = fmt.Sprint("section-", i+1)
		}
	}
	words := wordsIn(d.Language)
	var page bytes.Buffer
	err := pageTemplate.Execute(&page, struct {
		Document
		StylePath                     string
		ToContents, ToVersions, ToPDF string
		Contents                      bool
	}{d, StylePath, words.contents, words.versions, words.pdf, len(d.Sections) > manySections})
	if err != nil {
		return fmt.Errorf("render: %w", err)
	}
	_, err = page.WriteTo(w)
	return err
}
