package render

import (
	"bytes"
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/carlos7ags/folio/core"
)

// producer is what a PDF says of who made it.
const producer = "Botschaft"

// file is a PDF as numbered objects.
type file struct{ objects []core.PdfObject }

func (f *file) reserve() *core.PdfIndirectReference { return f.add(nil) }

func (f *file) add(o core.PdfObject) *core.PdfIndirectReference {
	f.objects = append(f.objects, o)
	return core.NewPdfIndirectReference(len(f.objects), 0)
}

func (f *file) set(ref *core.PdfIndirectReference, o core.PdfObject) { f.objects[ref.Num()-1] = o }

func dict(pairs ...any) *core.PdfDictionary {
	d := core.NewPdfDictionary()
	for i := 0; i < len(pairs); i += 2 {
		d.Set(pairs[i].(string), pairs[i+1].(core.PdfObject))
	}
	return d
}

func name(s string) core.PdfObject { return core.NewPdfName(s) }
func integer(i int) core.PdfObject { return core.NewPdfInteger(i) }
func text(s string) core.PdfObject { return core.NewPdfTextString(s) }
func yes() core.PdfObject          { return core.NewPdfBoolean(true) }
func reals(v ...float64) core.PdfObject {
	a := core.NewPdfArray()
	for _, x := range v {
		a.Add(core.NewPdfReal(x))
	}
	return a
}

// write makes the objects of the PDF and writes them, or nothing.
func (s *sheet) write(w io.Writer) error {
	f := &file{}
	catalog, pages, tree := f.reserve(), f.reserve(), f.reserve()
	s.tree.number(f)
	refs := make([]*core.PdfIndirectReference, len(s.pages))
	kids := core.NewPdfArray()
	for i := range s.pages {
		refs[i] = f.reserve()
		kids.Add(refs[i])
	}
	regular, bold := f.reserve(), f.reserve()
	fonts := dict("Regular", regular, "Bold", bold)
	f.set(pages, dict("Type", name("Pages"), "Kids", kids, "Count", integer(len(refs))))
	links := len(refs)
	for i, p := range s.pages {
		content := f.add(core.NewPdfStreamCompressed(s.content(p, refs[i])))
		page := dict("Type", name("Page"), "Parent", pages, "MediaBox", reals(0, 0, pageWidth, pageHeight),
			"Resources", dict("Font", fonts), "Contents", content, "StructParents", integer(i), "Tabs", name("S"))
		if notes := s.annotate(f, p, refs[i], &links); notes.Len() > 0 {
			page.Set("Annots", notes)
		}
		f.set(refs[i], page)
	}
	f.set(regular, s.regular.BuildObjects(f.add))
	f.set(bold, s.bold.BuildObjects(f.add))
	s.writeTree(f, tree)
	metadata := core.NewPdfStream(s.metadata())
	metadata.Dict.Set("Type", name("Metadata"))
	metadata.Dict.Set("Subtype", name("XML"))
	root := dict("Type", name("Catalog"), "Pages", pages, "Lang", text(s.Language), "MarkInfo", dict("Marked", yes()),
		"StructTreeRoot", tree, "ViewerPreferences", dict("DisplayDocTitle", yes()), "Metadata", f.add(metadata))
	if len(s.bookmarks) > 0 {
		root.Set("Outlines", s.outline(f, refs))
	}
	f.set(catalog, root)
	return f.write(w, catalog, f.add(s.info()))
}

// annotate makes the links of a page something to click, and part of the structure.
func (s *sheet) annotate(f *file, p *page, ref *core.PdfIndirectReference, next *int) *core.PdfArray {
	notes := core.NewPdfArray()
	for _, i := range p.items {
		if i.href == "" {
			continue
		}
		x, y := marginX+i.x, pageHeight-i.y
		note := f.add(dict("Type", name("Annot"), "Subtype", name("Link"), "Rect", reals(x, y-3, x+i.width, y+i.style.size),
			"Border", core.NewPdfArray(integer(0), integer(0), integer(0)), "F", integer(4), "Contents", text(i.href),
			"StructParent", integer(*next), "A", dict("Type", name("Action"), "S", name("URI"), "URI", core.NewPdfLiteralString(plain(i.href)))))
		*next++
		notes.Add(note)
		p.links = append(p.links, i)
		i.node.kids = append(i.node.kids, kid{order: i.order, content: dict("Type", name("OBJR"), "Pg", ref, "Obj", note)})
	}
	return notes
}

// plain writes an address in ASCII.
func plain(href string) string {
	var b strings.Builder
	for _, c := range []byte(href) {
		if c < 0x80 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// outline lists the sections, for the panel beside the page.
func (s *sheet) outline(f *file, pages []*core.PdfIndirectReference) *core.PdfIndirectReference {
	list := f.reserve()
	refs := make([]*core.PdfIndirectReference, len(s.bookmarks))
	for i := range refs {
		refs[i] = f.reserve()
	}
	for i, b := range s.bookmarks {
		entry := dict("Title", text(b.title), "Parent", list, "Dest",
			core.NewPdfArray(pages[b.page], name("XYZ"), core.NewPdfNull(), core.NewPdfReal(pageHeight-b.y+8), core.NewPdfNull()))
		if i > 0 {
			entry.Set("Prev", refs[i-1])
		}
		if i < len(refs)-1 {
			entry.Set("Next", refs[i+1])
		}
		f.set(refs[i], entry)
	}
	f.set(list, dict("Type", name("Outlines"), "First", refs[0], "Last", refs[len(refs)-1], "Count", integer(len(refs))))
	return list
}

func (s *sheet) info() *core.PdfDictionary {
	d := dict("Title", text(s.Title), "Producer", text(producer))
	if !s.Date.IsZero() {
		d.Set("CreationDate", core.NewPdfLiteralString(s.Date.UTC().Format("D:20060102150405Z")))
	}
	return d
}

// metadata is the XMP packet: title, language, date, and which rules the file follows.
func (s *sheet) metadata() []byte {
	var title, date bytes.Buffer
	_ = xml.EscapeText(&title, []byte(s.Title)) // a buffer takes everything
	if !s.Date.IsZero() {
		fmt.Fprintf(&date, "\n<xmp:CreateDate>%s</xmp:CreateDate>", s.Date.UTC().Format("2006-01-02T15:04:05Z"))
	}
	return fmt.Appendf(nil, `<?xpacket begin="%s" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>%s</pdf:Producer>%s
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>`, "\ufeff", title.String(), s.Language, producer, date.String())
}

// write writes the objects, where each is, and where to begin. The file's id is the digest
// of its content.
func (f *file) write(w io.Writer, root, info *core.PdfIndirectReference) error {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	at := make([]int, len(f.objects))
	for i, o := range f.objects {
		at[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n", i+1)
		if _, err := o.WriteTo(&b); err != nil {
			return fmt.Errorf("render: %w", err)
		}
		b.WriteString("\nendobj\n")
	}
	digest := sha256.Sum256(b.Bytes())
	id := core.NewPdfHexString(string(digest[:16]))
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	b.WriteString("trailer\n")
	trailer := dict("Size", integer(len(at)+1), "Root", root, "Info", info, "ID", core.NewPdfArray(id, id))
	if _, err := trailer.WriteTo(&b); err != nil {
		return fmt.Errorf("render: %w", err)
	}
	fmt.Fprintf(&b, "\nstartxref\n%d\n%%%%EOF\n", start)
	_, err := b.WriteTo(w)
	return err
}
