package render

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"github.com/carlos7ags/folio/font"
	"golang.org/x/text/unicode/norm"
)

// colour is red, green and blue from 0 to 1.
type colour [3]float64

// The colours of style.css, as ink on white.
var (
	ink    = colour{0.10, 0.13, 0.15}
	quiet  = colour{0.34, 0.38, 0.42}
	line   = colour{0.82, 0.80, 0.77}
	accent = colour{0.05, 0.29, 0.49}
	tint   = colour{0.95, 0.97, 0.99}
)

// style is how text looks.
type style struct {
	size, leading float64
	bold          bool
	ink           colour
}

// baseline is where letters stand in a line, measured from its top.
func (s style) baseline() float64 { return s.leading/2 + 0.35*s.size }

// parsed are the fonts, read once.
var parsed = sync.OnceValues(func() (faces [2]font.Face, err error) {
	if faces[0], err = font.ParseTTF(liberationsansregular.TTF); err == nil {
		faces[1], err = font.ParseTTF(liberationsansbold.TTF)
	}
	return faces, err
})

// face is a font in one PDF, which keeps the letters that were used.
type face struct{ *font.EmbeddedFont }

func openFaces() (regular, bold *face, err error) {
	faces, err := parsed()
	if err != nil {
		return nil, nil, err
	}
	return &face{font.NewEmbeddedFont(faces[0])}, &face{font.NewEmbeddedFont(faces[1])}, nil
}

func (s *sheet) face(st style) *face {
	if st.bold {
		return s.bold
	}
	return s.regular
}

// box is drawn for a character that the font lacks.
const box = '□'

func (f *face) has(r rune) bool { return f.Face().GlyphIndex(r) != 0 }

// drawn is what the font can show of a text.
func (f *face) drawn(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case f.has(r):
			return r
		case r == '‑': // the hyphen that does not break
			return '-'
		default:
			return box
		}
	}, text)
}

// width is that of text at a size, with its kerning.
func (f *face) width(text string, size float64) float64 {
	sum, last := 0.0, rune(0)
	for _, r := range f.drawn(text) {
		sum += float64(f.Face().GlyphAdvance(f.Face().GlyphIndex(r))) * 1000 / float64(f.Face().UnitsPerEm())
		if last != 0 {
			sum += f.Kern(last, r)
		}
		last = r
	}
	return sum * size / 1000
}

// show is the operand that draws text, with its kerning.
func (f *face) show(text string) string {
	var b bytes.Buffer
	last := rune(0)
	for _, r := range f.drawn(text) {
		if last != 0 {
			if kern := f.Kern(last, r); kern != 0 {
				fmt.Fprintf(&b, "> %s <", number(-kern))
			}
		}
		fmt.Fprintf(&b, "%x", f.EncodeString(string(r)))
		last = r
	}
	return "[<" + b.String() + ">]"
}

// stretch is a text of one place in the structure.
type stretch struct {
	text, href string
	node       *node // nil: not to be read aloud
	order      int
}

// piece is the part of a stretch on one line.
type piece struct {
	text string
	stretch
}

type textLine []piece

func (l textLine) text() string {
	var b strings.Builder
	for _, p := range l {
		b.WriteString(p.text)
	}
	return b.String()
}

// add appends text, to the last piece if it belongs there.
func (l *textLine) add(text string, s stretch) {
	if last := len(*l) - 1; last >= 0 && (*l)[last].stretch == s {
		(*l)[last].text += text
	} else {
		*l = append(*l, piece{text, s})
	}
}

// wrap breaks text into lines. There is at least one.
func (s *sheet) wrap(stretches []stretch, st style, width float64) []textLine {
	lines := []textLine{nil}
	f := s.face(st)
	at := 0.0
	turn := func() { lines, at = append(lines, nil), 0 }
	add := func(text string, s stretch) {
		lines[len(lines)-1].add(text, s)
		at += f.width(text, st.size)
	}
	for _, word := range split(stretches) {
		text := word.text()
		switch {
		case text == "\n":
			turn()
			continue
		case text == " ":
			if at > 0 {
				add(" ", word[0].stretch)
			}
			continue
		case at > 0 && at+f.width(text, st.size) > width:
			turn()
		}
		for _, p := range word {
			for _, part := range f.pieces(p.text, st.size, width) {
				if at > 0 && at+f.width(part, st.size) > width {
					turn()
				}
				add(part, p.stretch)
			}
		}
	}
	return lines
}

// split cuts text into words, spaces and line ends; a word may reach across stretches.
func split(stretches []stretch) (all []textLine) {
	var word textLine
	end := func() {
		if word != nil {
			all, word = append(all, word), nil
		}
	}
	for _, s := range stretches {
		text := clean(s.text)
		for text != "" {
			at := strings.IndexAny(text, " \n")
			if at < 0 {
				word.add(text, s)
				break
			}
			if at > 0 {
				word.add(text[:at], s)
			}
			end()
			if len(all) > 0 && all[len(all)-1].text() != " " {
				all = append(all, textLine{{" ", s}})
			}
			if text[at] == '\n' {
				all = append(all, textLine{{"\n", s}})
			}
			text = text[at+1:]
		}
	}
	end()
	return all
}

// pieces cuts a word that is wider than a line, in addresses behind a sign.
func (f *face) pieces(word string, size, width float64) (all []string) {
	start, sign, at := 0, 0, 0.0
	for i, r := range word {
		wide := f.width(string(r), size)
		if at+wide > width && i > start {
			cut := i
			if sign-start > (i-start)/3 {
				cut = sign
			}
			all, start, at = append(all, word[start:cut]), cut, f.width(word[cut:i], size)
		}
		at += wide
		if strings.ContainsRune("/-.&=?_", r) {
			sign = i + 1
		}
	}
	return append(all, word[start:])
}

// clean composes letters, makes every space but the firm ones a plain one, and drops what
// nobody sees.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\u00a0' || r == '\u202f':
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector):
			return -1
		default:
			return r
		}
	}, norm.NFC.String(text))
}
