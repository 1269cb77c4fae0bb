package render

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// A4 and what lies on it, in points; y is measured from the top.
const (
	pageWidth, pageHeight = 595.28, 841.89
	marginX               = 79.0
	top, bottom           = 68.0, 762.0
	width                 = pageWidth - 2*marginX
	footY                 = 786.0
	padding               = 14.0 // inside a frame
	gap                   = 14.0 // between columns
	cellPadding           = 5.0
)

// The styles of text.
var (
	titleStyle   = style{size: 22, leading: 27, bold: true, ink: ink}
	headingStyle = style{size: 13, leading: 17, bold: true, ink: ink}
	textStyle    = style{size: 10.5, leading: 15, ink: ink}
	cellStyle    = style{size: 9.5, leading: 13, ink: ink}
	nameStyle    = style{size: 9.5, leading: 13, bold: true, ink: ink}
	quietStyle   = style{size: 9.5, leading: 13, ink: quiet}
	columnStyle  = style{size: 9, leading: 12, bold: true, ink: quiet}
	smallStyle   = style{size: 8, leading: 11, ink: quiet}
)

// PDF writes d as a tagged PDF. Its parts for the page alone are left out.
func PDF(w io.Writer, d Document) error {
	if err := d.check(); err != nil {
		return err
	}
	s, err := newSheet(d)
	if err != nil {
		return err
	}
	s.place(s.opening())
	for _, section := range d.Sections {
		s.place(s.section(section))
	}
	s.place(s.ending())
	s.feet()
	return s.write(w)
}

// sheet is a PDF in the making.
type sheet struct {
	Document
	regular, bold *face
	tree          *node
	order         int // of the newest part of the structure
	pages         []*page
	bookmarks     []bookmark
}

// bookmark is where a section begins.
type bookmark struct {
	title string
	page  int
	y     float64
}

func newSheet(d Document) (*sheet, error) {
	regular, bold, err := openFaces()
	if err != nil {
		return nil, fmt.Errorf("render: %w", err)
	}
	return &sheet{Document: d, regular: regular, bold: bold, tree: &node{tag: "Document"}, pages: []*page{{y: top}}}, nil
}

func (s *sheet) opening() []strip {
	all := s.paragraph(s.node(s.tree, "H1"), s.Title, titleStyle, 0, width)
	if s.Subtitle != "" {
		all = append(all, spaced(4, s.paragraph(s.node(s.tree, "P"), s.Subtitle, quietStyle, 0, width))...)
	}
	all[len(all)-1].after = 12
	for _, text := range s.Intro {
		all = append(all, spaced(7, s.paragraph(s.node(s.tree, "P"), text, textStyle, 0, width))...)
	}
	return all
}

// section keeps its heading with the first lines below it, and stays on one page if it
// stands apart and is not long.
func (s *sheet) section(section Section) []strip {
	parent, x, width := s.node(s.tree, "Sect"), 0.0, width
	if section.Apart {
		x, width = padding, width-2*padding
	}
	all := spaced(22, s.paragraph(s.node(parent, "H2"), section.Title, headingStyle, x, width))
	keep(all)
	all[0].bookmark = section.Title
	space := 4.0
	for _, text := range section.Text {
		all = append(all, spaced(space, s.paragraph(s.node(parent, "P"), text, textStyle, x, width))...)
		space = 7
	}
	all = append(all, s.definitions(parent, section.Rows, x, width)...)
	if section.Table != nil {
		all = append(all, s.table(parent, *section.Table, x, width)...)
	}
	if section.Apart {
		frame := &frame{}
		for i := range all {
			all[i].frame = frame
		}
		if height(all) < (bottom-top)/2 {
			keep(all[:len(all)-1])
		}
	}
	return all
}

// ending is the footer as a part of the text, once.
func (s *sheet) ending() (all []strip) {
	for i, text := range s.Footer {
		lines := s.paragraph(s.node(s.tree, "P"), text, smallStyle, 0, width)
		if i == 0 {
			lines = spaced(28, lines)
			lines[0].rule, lines[0].pad = quietRule, 8
		}
		all = append(all, lines...)
	}
	return all
}

// feet writes what stands at the foot of every page, once their number is known.
func (s *sheet) feet() {
	title := s.Title
	if len(s.Footer) > 0 {
		title += " · " + s.Footer[0]
	}
	for i, p := range s.pages {
		number := fmt.Sprintf(wordsIn(s.Language).page, i+1, len(s.pages))
		at := width - s.regular.width(number, smallStyle.size)
		lines := s.wrap([]stretch{{text: title}}, smallStyle, at-gap)
		foot := lines[0].text()
		if len(lines) > 1 {
			foot = strings.TrimRight(foot, " ·,") + " …"
		}
		for _, part := range []item{{x: 0, text: foot}, {x: at, text: number}} {
			part.y, part.style = footY, smallStyle
			p.items = append(p.items, part)
		}
		p.rules = append(p.rules, rule{y: footY - 14, ink: line})
	}
}

// spaced puts space above.
func spaced(space float64, strips []strip) []strip {
	strips[0].before = space
	return strips
}

// keep holds strips on one page, with what comes after them.
func keep(strips []strip) {
	for i := range strips {
		strips[i].keep = true
	}
}

func height(strips []strip) (sum float64) {
	for _, s := range strips {
		sum += s.height + s.before + s.pad + s.after
	}
	return sum
}

// definitions is a table of terms and what they mean.
func (s *sheet) definitions(parent *node, rows [][2]string, x, width float64) (all []strip) {
	if len(rows) == 0 {
		return nil
	}
	table := s.node(parent, "Table")
	left := width / 3
	for _, row := range rows {
		left = max(left, min(s.widest(row[0], quietStyle)+gap, width/2))
	}
	columns := []column{{x, left - gap}, {x + left, width - left}}
	for _, row := range rows {
		all = append(all, s.row(table, row[:], columns, []cell{{"TH", rowScope, quietStyle}, {"TD", "", cellStyle}})...)
	}
	all[0].before = 8
	return all
}

// table repeats its head on every page that it reaches.
func (s *sheet) table(parent *node, t Table, x, width float64) []strip {
	tag := s.node(parent, "Table")
	columns := s.columns(t, x, width)
	head := s.row(tag, t.Head, columns, slices.Repeat([]cell{{"TH", columnScope, columnStyle}}, len(columns)))
	head[0].rule = rule{}
	keep(head)
	all := spaced(8, head)
	if height(head) > (bottom-top)/3 {
		head = nil // it would leave no room for rows
	}
	cells := append([]cell{{"TH", rowScope, nameStyle}}, slices.Repeat([]cell{{"TD", "", cellStyle}}, len(columns))...)
	for i, row := range t.Rows {
		strips := s.row(tag, row, columns, cells)
		if i == 0 {
			strips[0].rule = quietRule
		}
		for j := range strips {
			strips[j].head = head
		}
		all = append(all, strips...)
	}
	return all
}

// column is a place for cells.
type column struct{ x, width float64 }

// cell is how the cells of a column are tagged and written.
type cell struct {
	tag, attributes string
	style           style
}

// row lays cells side by side, under a hairline. It breaks only if it is high.
func (s *sheet) row(table *node, texts []string, columns []column, cells []cell) []strip {
	var all []strip
	tr := s.node(table, "TR")
	for i, c := range columns {
		n := s.node(tr, cells[i].tag)
		n.attributes = cells[i].attributes
		for j, beside := range s.paragraph(n, texts[i], cells[i].style, c.x, c.width) {
			if j == len(all) {
				all = append(all, strip{})
			}
			all[j].height = max(all[j].height, beside.height)
			all[j].items = append(all[j].items, beside.items...)
		}
	}
	if height(all) < (bottom-top)/3 {
		keep(all[:len(all)-1])
	}
	all[0].rule, all[0].pad = rule{ink: line, x: columns[0].x, width: columns[len(columns)-1].x + columns[len(columns)-1].width - columns[0].x}, cellPadding
	all[len(all)-1].after = cellPadding
	return all
}
