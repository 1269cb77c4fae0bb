package render

import (
	"math"
	"slices"
	"strings"
)

// strip is a band across the page that no page break cuts, e.g. a line of a paragraph.
type strip struct {
	before   float64 // space above it, not at the top of a page
	rule     rule    // across its top
	pad      float64 // between rule and content
	height   float64
	after    float64
	keep     bool // the next strip comes onto the same page
	items    []item
	frame    *frame  // around it and its neighbours of the same frame
	head     []strip // repeated above it if it begins a page
	bookmark string
}

// item is text at a place: below the strip's top, or on a page.
type item struct {
	x, y  float64
	text  string
	style style
	stretch
	width float64
}

// rule is a hairline; without an ink it is none.
type rule struct {
	x, y, width float64
	ink         colour
}

var quietRule = rule{ink: quiet, width: width}

// frame is a box around strips.
type frame struct{ top, bottom float64 }

// page is what was put onto a page.
type page struct {
	y      float64 // where the next strip goes
	open   *frame  // the frame of the last strip
	items  []item
	rules  []rule
	frames []frame
	marked []*node // who owns the marked content, by number
	links  []item
}

// place puts strips onto pages, as many together as want to stay together.
func (s *sheet) place(strips []strip) {
	for len(strips) > 0 {
		n := 1
		for n < len(strips) && strips[n-1].keep {
			n++
		}
		if !s.fits(strips[:n]) {
			s.turn()
		}
		for i := range strips[:n] {
			if !s.fits(strips[i : i+1]) {
				s.turn()
			}
			s.put(strips[i])
		}
		strips = strips[n:]
	}
}

func (s *sheet) page() *page { return s.pages[len(s.pages)-1] }

// fits tells whether strips find room on this page. An empty page takes anything.
func (s *sheet) fits(strips []strip) bool {
	p, need := s.page(), height(strips)
	if strips[0].frame != nil {
		need += padding
	}
	if strips[0].frame != p.open {
		need += padding
	}
	return p.y == top || p.y+need <= bottom
}

func (s *sheet) turn() { s.pages = append(s.pages, &page{y: top}) }

func (s *sheet) put(t strip) {
	p := s.page()
	if p.open != nil && t.frame != p.open {
		p.y += padding
	}
	if p.y == top {
		for _, h := range t.head {
			s.put(unread(h))
		}
	} else {
		p.y += t.before
	}
	if t.frame != nil && t.frame != p.open {
		p.frames = append(p.frames, frame{top: p.y})
		p.y += padding
	}
	p.open = t.frame
	if t.bookmark != "" {
		s.bookmarks = append(s.bookmarks, bookmark{t.bookmark, len(s.pages) - 1, p.y})
	}
	if t.rule != (rule{}) {
		t.rule.y = p.y
		p.rules = append(p.rules, t.rule)
	}
	p.y += t.pad
	for _, i := range t.items {
		i.y += p.y
		p.items = append(p.items, i)
	}
	p.y += t.height + t.after
	if t.frame != nil {
		p.frames[len(p.frames)-1].bottom = p.y + padding
	}
}

// unread is a strip that is seen again and not read aloud again.
func unread(t strip) strip {
	items := make([]item, len(t.items))
	for i, it := range t.items {
		it.stretch = stretch{}
		items[i] = it
	}
	t.items, t.head, t.frame = items, nil, nil
	return t
}

// paragraph is text in lines, of which neither the first nor the last stands alone.
func (s *sheet) paragraph(n *node, text string, st style, x, width float64) []strip {
	var stretches []stretch
	for _, sp := range spans(text) {
		owner := n
		if sp.Href != "" {
			owner = s.node(n, "Link")
		}
		stretches = append(stretches, stretch{text: sp.Text, href: sp.Href, node: owner, order: s.next()})
	}
	lines := s.wrap(stretches, st, width)
	strips := make([]strip, len(lines))
	for i, l := range lines {
		strips[i] = strip{height: st.leading, keep: len(lines) > 1 && (i == 0 || i == len(lines)-2)}
		at := x
		for _, p := range l {
			it := item{x: at, y: st.baseline(), text: p.text, style: st, stretch: p.stretch, width: s.face(st).width(p.text, st.size)}
			at += it.width
			it.width = s.face(st).width(strings.TrimRight(p.text, " "), st.size)
			strips[i].items = append(strips[i].items, it)
		}
	}
	return strips
}

// columns shares the width: each column gets what its longest word needs, and of the rest
// according to its longest text.
func (s *sheet) columns(t Table, x, width float64) []column {
	room := width - gap*float64(len(t.Head)-1)
	least, wish := make([]float64, len(t.Head)), make([]float64, len(t.Head))
	var leasts, wishes float64
	for i := range t.Head {
		for j, row := range slices.Concat([][]string{t.Head}, t.Rows) {
			st := nameStyle
			if j > 0 && i > 0 {
				st = cellStyle
			}
			wish[i] = max(wish[i], s.face(st).width(row[i], st.size))
			least[i] = max(least[i], s.widest(row[i], st))
		}
		wish[i] = math.Sqrt(max(0, wish[i]-least[i])) // or one long text would take all
		leasts, wishes = leasts+least[i], wishes+wish[i]
	}
	all := make([]column, len(t.Head))
	for i := range all {
		wide := least[i] * min(1, room/leasts)
		if wishes > 0 {
			wide += wish[i] / wishes * max(0, room-leasts)
		}
		all[i] = column{x, wide}
		x += wide + gap
	}
	return all
}

// widest is the width of the longest word, and no more than a part of an address, which may
// be broken.
func (s *sheet) widest(text string, st style) (wide float64) {
	for word := range strings.FieldsSeq(text) {
		w := s.face(st).width(word, st.size) + 1
		if strings.Contains(word, "://") {
			w = min(w, 12*st.size)
		}
		wide = max(wide, w)
	}
	return wide
}
