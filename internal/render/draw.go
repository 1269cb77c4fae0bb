package render

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/carlos7ags/folio/core"
)

// number writes a number as PDF does: never with an exponent.
func number(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(v, 'f', 2, 64), "0"), ".")
}

func numbers(values ...float64) string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = number(v)
	}
	return strings.Join(all, " ")
}

// content draws a page: boxes and lines first, which are not read aloud, then the text in
// the order of reading. It tells the structure what is where.
func (s *sheet) content(p *page, ref *core.PdfIndirectReference) []byte {
	var b bytes.Buffer
	s.decorate(&b, p)
	slices.SortStableFunc(p.items, func(x, y item) int { return cmp.Compare(rank(x), rank(y)) })
	for i := 0; i < len(p.items); {
		n := i
		for n < len(p.items) && rank(p.items[n]) == rank(p.items[i]) {
			n++
		}
		owner := p.items[i].node
		if owner == nil {
			b.WriteString("/Artifact <</Type /Pagination>> BDC\n")
		} else {
			fmt.Fprintf(&b, "/%s <</MCID %d>> BDC\n", owner.tag, len(p.marked))
			owner.kids = append(owner.kids, kid{order: p.items[i].order, content: dict("Type", name("MCR"), "Pg", ref, "MCID", integer(len(p.marked)))})
			p.marked = append(p.marked, owner)
		}
		for _, it := range p.items[i:n] {
			s.letters(&b, it)
		}
		b.WriteString("EMC\n")
		i = n
	}
	return b.Bytes()
}

// rank puts text into the order of reading, and what is not read aloud behind it.
func rank(i item) int {
	if i.node == nil {
		return int(^uint(0) >> 1)
	}
	return i.order
}

// decorate draws frames, hairlines and the lines under links.
func (s *sheet) decorate(b *bytes.Buffer, p *page) {
	b.WriteString("/Artifact <</Type /Layout>> BDC\n")
	for _, f := range p.frames {
		low, high := pageHeight-f.bottom, f.bottom-f.top
		fmt.Fprintf(b, "%s rg %s RG 0.75 w %s re B\n", numbers(tint[:]...), numbers(accent[:]...), numbers(marginX, low, width, high))
		fmt.Fprintf(b, "%s rg %s re f\n", numbers(accent[:]...), numbers(marginX, low, 3, high))
	}
	for _, r := range p.rules {
		if r.width == 0 {
			r.width = width
		}
		y := pageHeight - r.y
		fmt.Fprintf(b, "%s RG 0.5 w %s m %s l S\n", numbers(r.ink[:]...), numbers(marginX+r.x, y), numbers(marginX+r.x+r.width, y))
	}
	for _, i := range p.items {
		if i.href != "" {
			y := pageHeight - i.y - 1.5
			fmt.Fprintf(b, "%s RG 0.5 w %s m %s l S\n", numbers(accent[:]...), numbers(marginX+i.x, y), numbers(marginX+i.x+i.width, y))
		}
	}
	b.WriteString("EMC\n")
}

// letters draws one item. What the font lacks is a box that is read as the character.
func (s *sheet) letters(b *bytes.Buffer, i item) {
	f, name, ink := s.face(i.style), "Regular", i.style.ink
	if i.style.bold {
		name = "Bold"
	}
	if i.href != "" {
		ink = accent
	}
	lacks := strings.ContainsFunc(i.text, func(r rune) bool { return r != '‑' && !f.has(r) })
	if lacks {
		fmt.Fprintf(b, "/Span <</ActualText <%x>>> BDC\n", core.EncodeTextStringUTF16BE(i.text))
	}
	fmt.Fprintf(b, "BT /%s %s Tf %s rg %s Td %s TJ ET\n", name, number(i.style.size), numbers(ink[:]...),
		numbers(marginX+i.x, pageHeight-i.y), f.show(i.text))
	if lacks {
		b.WriteString("EMC\n")
	}
}
