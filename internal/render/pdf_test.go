package render

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carlos7ags/folio/core"
	"github.com/carlos7ags/folio/reader"
)

func pdf(t *testing.T, d Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := PDF(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(t *testing.T, d Document) *reader.PdfReader {
	t.Helper()
	r, err := reader.Parse(pdf(t, d))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// get follows keys and references from a dictionary.
func get[T core.PdfObject](t *testing.T, r *reader.PdfReader, from core.PdfObject, keys ...string) T {
	t.Helper()
	for i := 0; ; i++ {
		resolved, err := r.ResolveObject(from)
		if err != nil {
			t.Fatal(err)
		}
		if i == len(keys) {
			found, ok := resolved.(T)
			if !ok {
				t.Fatalf("%v is a %T", keys, resolved)
			}
			return found
		}
		from = resolved.(*core.PdfDictionary).Get(keys[i])
	}
}

// reading is a PDF as a screen reader meets it.
type reading struct {
	text     strings.Builder
	tags     []string
	scopes   []string
	contents map[[2]int]string // text by page and number of the marked content
	unread   []string          // text outside the structure, by page
	links    []string
}

// readAloud walks the structure of a PDF and checks the rules of ISO 14289-1 that it meets:
// everything is either marked as content of one element or as an artifact, each element
// names its parent, and content and links find their element.
func readAloud(t *testing.T, r *reader.PdfReader) *reading {
	t.Helper()
	out := &reading{contents: map[[2]int]string{}, unread: make([]string, r.PageCount())}
	pages := map[int]int{}
	for i, k := range get[*core.PdfArray](t, r, r.Catalog(), "Pages", "Kids").All() {
		pages[k.(*core.PdfIndirectReference).Num()] = i
		out.gather(t, r, i)
	}
	tree := get[*core.PdfDictionary](t, r, r.Catalog(), "StructTreeRoot")
	parents := map[int]core.PdfObject{}
	numbers := get[*core.PdfArray](t, r, tree, "ParentTree", "Nums")
	for i := 0; i < numbers.Len(); i += 2 {
		parents[numbers.At(i).(*core.PdfNumber).IntValue()] = numbers.At(i + 1)
	}
	left, last := len(out.contents), map[int]int{}
	var walk func(ref, parent core.PdfObject)
	walk = func(ref, parent core.PdfObject) {
		element := get[*core.PdfDictionary](t, r, ref)
		tag := element.Get("S").(*core.PdfName).Value
		out.tags = append(out.tags, tag)
		if element.Get("P").(*core.PdfIndirectReference).Num() != parent.(*core.PdfIndirectReference).Num() {
			t.Errorf("%s names another parent", tag)
		}
		if element.Get("A") != nil {
			out.scopes = append(out.scopes, tag+" "+get[*core.PdfName](t, r, element, "A", "Scope").Value)
		}
		if tag != "Link" {
			out.text.WriteString("\n")
		}
		for _, k := range element.Get("K").(*core.PdfArray).All() {
			d, ok := k.(*core.PdfDictionary)
			switch {
			case !ok:
				walk(k, ref)
			case d.Get("Type").(*core.PdfName).Value == "MCR":
				page, number := pages[d.Get("Pg").(*core.PdfIndirectReference).Num()], d.Get("MCID").(*core.PdfNumber).IntValue()
				out.text.WriteString(out.contents[[2]int{page, number}])
				left--
				if number < last[page] {
					t.Errorf("page %d draws %q after what is read later", page+1, out.contents[[2]int{page, number}])
				}
				last[page] = number
				if get[*core.PdfArray](t, r, parents[page]).At(number).(*core.PdfIndirectReference).Num() != ref.(*core.PdfIndirectReference).Num() {
					t.Errorf("content %d of page %d does not lead back to its %s", number, page+1, tag)
				}
			default:
				note := get[*core.PdfDictionary](t, r, d, "Obj")
				out.links = append(out.links, get[*core.PdfString](t, r, note, "A", "URI").Text())
				back := parents[note.Get("StructParent").(*core.PdfNumber).IntValue()]
				if tag != "Link" || back.(*core.PdfIndirectReference).Num() != ref.(*core.PdfIndirectReference).Num() || note.Get("Contents") == nil {
					t.Errorf("a link does not lead back to its element, or says nothing")
				}
			}
		}
	}
	walk(tree.Get("K"), r.Catalog().Get("StructTreeRoot"))
	if left != 0 {
		t.Errorf("%d contents are not in the structure, or twice", left)
	}
	return out
}

// gather reads one page.
func (out *reading) gather(t *testing.T, r *reader.PdfReader, i int) {
	t.Helper()
	p, err := r.Page(i)
	if err != nil {
		t.Fatal(err)
	}
	spans, err := p.TextSpans()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range spans {
		if s.Y < pageHeight-footY-1 || s.Y > pageHeight-top || s.X < marginX-1 || s.X > marginX+width {
			t.Errorf("page %d: %q stands outside, at %.0f, %.0f", i+1, s.Text, s.X, s.Y)
		}
		if s.MCID < 0 {
			out.unread[i] += s.Text + " "
		} else {
			out.contents[[2]int{i, s.MCID}] += s.Text
		}
	}
	ops, err := p.ContentOps()
	if err != nil {
		t.Fatal(err)
	}
	depth := 0
	for _, op := range ops {
		switch op.Operator {
		case "BDC":
			depth++
		case "EMC":
			depth--
		case "TJ", "S", "f", "B":
			if depth == 0 {
				t.Errorf("page %d draws (%s) what is neither content nor artifact", i+1, op.Operator)
			}
		}
	}
}

// TestPDFSaysEveryWord reads it as a screen reader does, in both languages.
func TestPDFSaysEveryWord(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"de", "en"} {
		d := example(language)
		r := open(t, d)
		out := readAloud(t, r)
		wantInOrder(t, d, out.text.String())
		if got, want := len(strings.Fields(out.text.String())), len(strings.Fields(strings.Join(textsOf(d), " "))); got != want {
			t.Errorf("%s: %d words are read aloud, the document has %d", language, got, want)
		}
		pattern := map[string]string{"de": "Seite %d von %d", "en": "Page %d of %d"}[language]
		for i, foot := range out.unread {
			if !strings.Contains(foot, fmt.Sprintf(pattern, i+1, r.PageCount())) || !strings.Contains(foot, d.Title) {
				t.Errorf("the foot of page %d says %q", i+1, foot)
			}
		}
		if r.PageCount() < 4 {
			t.Errorf("%d pages", r.PageCount())
		}
	}
}

func TestPDFIsTagged(t *testing.T) {
	t.Parallel()
	d := example("de")
	r := open(t, d)
	out := readAloud(t, r)
	if got := strings.Join(out.tags[:14], " "); got != "Document H1 P P Link Sect H2 Table TR TH TD TR TH TD" {
		t.Errorf("the structure begins %s", got)
	}
	if got := slices.Compact(slices.Clone(out.scopes)); !slices.Equal(got, []string{"TH Row", "TH Column", "TH Row"}) {
		t.Errorf("cells name %q", got)
	}
	if n := len(out.links); n < 41 || out.links[0] != "https://muster.example/kurz?a=1&b=2" {
		t.Errorf("%d links, %q", n, out.links)
	}
	for i, page := range out.unread {
		if strings.Contains(page, "Empfänger") != (i == 1 || i == 2) {
			t.Errorf("page %d repeats the head of the table where it should not, or does not: %s", i+1, page)
		}
	}
}

// TestPDFTellsWhatItIs wants title, language, date and bookmarks (PDF/UA-1; WCAG 2.4.2, 3.1.1).
func TestPDFTellsWhatItIs(t *testing.T) {
	t.Parallel()
	d := example("de")
	d.Title = "Größe & <Maß>"
	r := open(t, d)
	catalog := r.Catalog()
	if title, _, _, _, _ := r.Info(); title != d.Title {
		t.Errorf("the title is %q", title)
	}
	if got := get[*core.PdfString](t, r, catalog, "Lang").TextString(); got != "de" {
		t.Errorf("the language is %q", got)
	}
	if !get[*core.PdfBoolean](t, r, catalog, "MarkInfo", "Marked").Bool() || !get[*core.PdfBoolean](t, r, catalog, "ViewerPreferences", "DisplayDocTitle").Bool() {
		t.Error("it is not marked, or shows its file name as title")
	}
	if got := get[*core.PdfString](t, r, r.Trailer(), "Info", "CreationDate").Text(); got != "D:20261123093000Z" {
		t.Errorf("it was made %s", got)
	}
	xmp := string(get[*core.PdfStream](t, r, catalog, "Metadata").Data)
	for _, want := range []string{"<pdfuaid:part>1<", "Größe &amp; &lt;Maß&gt;", "<rdf:li>de<", "2026-11-23T09:30:00Z"} {
		if !strings.Contains(xmp, want) {
			t.Errorf("the metadata lacks %s", want)
		}
	}
	entry := get[*core.PdfDictionary](t, r, catalog, "Outlines", "First")
	for i, s := range d.Sections {
		if got := entry.Get("Title").(*core.PdfString).TextString(); got != s.Title {
			t.Errorf("bookmark %d is %q", i, got)
		}
		if i < len(d.Sections)-1 {
			entry = get[*core.PdfDictionary](t, r, entry, "Next")
		}
	}
}

// TestPDFIsTheSameEveryTime makes it many times at once.
func TestPDFIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	want := sha256.Sum256(pdf(t, example("de")))
	for range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			if sha256.Sum256(pdf(t, example("de"))) != want {
				t.Error("the same document gave other bytes")
			}
		})
	}
	d := example("de")
	d.Date = d.Date.Add(time.Second)
	if sha256.Sum256(pdf(t, d)) == want {
		t.Error("another date gave the same bytes")
	}
}

// TestPageBreaks moves a document down line by line: no heading ends a page, no text leaves
// it, and what stands apart stays together.
func TestPageBreaks(t *testing.T) {
	t.Parallel()
	for lines := range 50 {
		d := example("de")
		d.Intro = append(d.Intro, strings.TrimSuffix(strings.Repeat("Zeile\n", lines+1), "\n"))
		d.Sections[1].Table = nil
		d.Sections[2].Text = slices.Repeat(d.Sections[2].Text, 5)
		s, err := newSheet(d)
		if err != nil {
			t.Fatal(err)
		}
		s.place(s.opening())
		for _, section := range d.Sections {
			s.place(s.section(section))
		}
		s.place(s.ending())
		for i, p := range s.pages {
			for _, it := range p.items {
				if it.y > bottom || it.y < top || it.x+it.width > width+0.5 {
					t.Errorf("%d lines: %q stands outside page %d", lines, it.text, i+1)
				}
			}
			last := slices.MaxFunc(p.items, func(a, b item) int { return int(a.y - b.y) })
			if last.style == headingStyle {
				t.Errorf("%d lines: page %d ends with the heading %q", lines, i+1, last.text)
			}
		}
		if frames := framesOf(s); len(frames) != 1 || frames[0].bottom > bottom {
			t.Errorf("%d lines: what stands apart has the frames %v", lines, frames)
		}
	}
}

func framesOf(s *sheet) (all []frame) {
	for _, p := range s.pages {
		all = append(all, p.frames...)
	}
	return all
}

// TestPDFTakesLongThings has words, cells, heads and frames that are larger than a page.
func TestPDFTakesLongThings(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Wort ", 1200)
	d := Document{Title: long, Language: "de", Intro: []string{"", strings.Repeat("ä", 5000), "https://a.example/" + strings.Repeat("b/", 2000)}}
	d.Sections = []Section{
		{Title: "a", Table: &Table{Head: []string{long, "b"}, Rows: [][]string{{long, long}, {"", ""}}}},
		{Title: "b", Text: []string{long, long}, Apart: true, Rows: [][2]string{{long, ""}, {"", long}}},
		{Title: "c", Text: make([]string, 100)},
	}
	out := readAloud(t, open(t, d))
	if got, want := strings.Count(out.text.String(), "Wort"), 8*1200; got != want {
		t.Errorf("%d words of %d", got, want)
	}
	if n := strings.Count(out.text.String(), "ä"); n != 5000 {
		t.Errorf("%d letters of a long word", n)
	}
}

// TestPDFReadsWhatItCannotDraw wants a character that the font lacks as a box with the
// character behind it, and letters composed.
func TestPDFReadsWhatItCannotDraw(t *testing.T) {
	t.Parallel()
	s, err := newSheet(example("de"))
	if err != nil {
		t.Fatal(err)
	}
	s.place(s.paragraph(s.node(s.tree, "P"), "Hallo 😀 a\u0308 nicht\u2011trennen\u00ad\u200b", textStyle, 0, width))
	content := string(s.content(s.page(), core.NewPdfIndirectReference(1, 0)))
	if !strings.Contains(content, fmt.Sprintf("/ActualText <%x>", core.EncodeTextStringUTF16BE("Hallo 😀 ä nicht‑trennen"))) {
		t.Errorf("the text is not there:\n%s", content)
	}
	if regexp.MustCompile(`\[<([0-9a-f]{4})*0000`).MatchString(content) {
		t.Errorf("a glyph that does not exist is drawn:\n%s", content)
	}
}
