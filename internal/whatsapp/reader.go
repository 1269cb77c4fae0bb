package whatsapp

import (
	"iter"
	"math"
	"strconv"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// maxUnknown bounds the number of distinct unknown names a body may add.
const maxUnknown = 64

// reader walks JSON that json.Valid has accepted, once, from left to right.
// That is why it never reports a syntax error: it has only to find its way.
//
// Its one rule: a typed read consumes the value if it has the type asked for
// and otherwise leaves it alone. Whatever the code leaves alone, members skips
// and counts by name, be it unknown or of an unexpected type; nothing else in
// this package has to care.
type reader struct {
	b       []byte
	i       int
	unknown map[string]int
	taken   int      // items and list entries so far, at most MaxItems
	full    bool     // there were more
	spare   *Message // a broken one, to be used for the next
}

// take asks for room for one more item or list entry. Three bytes of body could
// otherwise become hundreds of bytes of memory, a million times over.
func (r *reader) take() bool {
	if r.taken == MaxItems {
		r.full = true
		return false
	}
	r.taken++
	return true
}

// members yields the name of each property of an object while the reader
// stands on its value. Anything but an object yields nothing and stays
// unconsumed. The loop must not be left early.
func (r *reader) members(scope string) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if !r.at('{') {
			return
		}
		r.i++
		for r.peek() != '}' {
			name := r.name()
			r.peek()
			r.i++ // the colon
			r.peek()
			start := r.i
			yield(name)
			if r.i == start {
				if r.b[start] != 'n' { // null is as good as absent
					r.count(scope, name)
				}
				r.skip()
			}
			if r.peek() == ',' {
				r.i++
			}
		}
		r.i++
	}
}

// elements yields the index of each element of an array while the reader
// stands on it; the rules are those of members.
func (r *reader) elements() iter.Seq[int] {
	return func(yield func(int) bool) {
		if !r.at('[') {
			return
		}
		r.i++
		for n := 0; r.peek() != ']'; n++ {
			start := r.i
			yield(n)
			if r.i == start {
				r.skip()
			}
			if r.peek() == ',' {
				r.i++
			}
		}
		r.i++
	}
}

// list collects the objects of an array, at most limit of them; an object that stands
// for an array of one counts as that.
func list[T any](r *reader, limit int, read func() *T) []T {
	if r.at('{') && r.take() {
		if one := read(); one != nil {
			return []T{*one}
		}
	}
	var all []T
	for range r.elements() {
		if len(all) == limit || !r.take() {
			continue
		}
		if one := read(); one != nil {
			all = append(all, *one)
		}
	}
	return all
}

// each reads every element of an array, or the one value that stands for it.
func (r *reader) each(read func()) {
	if r.at('{') {
		read()
		return
	}
	for range r.elements() {
		if r.take() {
			read()
		}
	}
}

// peek skips white space and returns the byte the reader stands on.
func (r *reader) peek() byte {
	for r.i < len(r.b) {
		switch c := r.b[r.i]; c {
		case ' ', '\t', '\n', '\r':
			r.i++
		default:
			return c
		}
	}
	return 0
}

func (r *reader) at(c byte) bool { return r.peek() == c }

// skip passes over one value of any kind, without recursion.
func (r *reader) skip() {
	switch r.peek() {
	case '"':
		r.token()
	case '{', '[':
		for depth := 0; ; {
			switch r.b[r.i] {
			case '"':
				r.token()
				continue
			case '{', '[':
				depth++
			case '}', ']':
				depth--
			}
			r.i++
			if depth == 0 {
				return
			}
		}
	default:
		r.scalar()
	}
}

// raw passes over one value and returns its bytes, which alias the body.
func (r *reader) raw() []byte {
	r.peek()
	start := r.i
	r.skip()
	return r.b[start:r.i:r.i]
}

// scalar passes over a number, true, false or null and returns its bytes.
func (r *reader) scalar() []byte {
	start := r.i
	for r.i < len(r.b) {
		switch r.b[r.i] {
		case ',', '}', ']', ' ', '\t', '\n', '\r':
			return r.b[start:r.i]
		}
		r.i++
	}
	return r.b[start:r.i]
}

// token passes over a string and returns what stands between its quotes, and
// whether that is plain: no escapes and nothing but ASCII.
func (r *reader) token() (inner []byte, plain bool) {
	r.i++
	start := r.i
	plain = true
	for {
		switch c := r.b[r.i]; {
		case c == '"':
			r.i++
			return r.b[start : r.i-1], plain
		case c == '\\':
			plain = false
			r.i += 2
		default:
			if c >= utf8.RuneSelf {
				plain = false
			}
			r.i++
		}
	}
}

func (r *reader) name() []byte {
	inner, plain := r.token()
	if plain {
		return inner
	}
	return unescape(inner)
}

// text reads a string, or a number as it is written: middlemen give the one for the
// other. U+0000, invalid UTF-8 and lone surrogates become U+FFFD.
func (r *reader) text() string {
	if r.isNumber() {
		return string(r.scalar())
	}
	if !r.at('"') {
		return ""
	}
	inner, plain := r.token()
	if plain {
		return string(inner)
	}
	return string(unescape(inner))
}

// float reads a number, also one in quotes; others are left alone.
func (r *reader) float() float64 {
	start := r.i
	f, err := strconv.ParseFloat(r.text(), 64)
	if err != nil {
		r.i = start
		return 0
	}
	return f
}

// integer reads a whole number that fits 53 bits, also one in quotes.
func (r *reader) integer() int {
	start := r.i
	f := r.float()
	if f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		r.i = start
		return 0
	}
	return int(f)
}

// boolean reads true or false, also in quotes.
func (r *reader) boolean() bool {
	start := r.i
	word := ""
	switch r.peek() {
	case 't', 'f':
		word = string(r.scalar())
	case '"':
		word = r.text()
	}
	if word != "true" && word != "false" {
		r.i = start
	}
	return word == "true"
}

// Times outside these bounds are absurd: WhatsApp began in 2009. Milliseconds taken
// for seconds lie far beyond 2100 and cannot be mistaken for them.
var (
	earliest = time.Date(2009, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	latest   = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
)

// seconds reads a time in seconds (or milliseconds) since 1970, as a string or a number,
// and whether it is one. Something absurd is consumed: it is known, and useless.
func (r *reader) seconds() (time.Time, bool) {
	start := r.i
	f := r.float()
	if r.i == start {
		r.skip()
		return time.Time{}, false
	}
	if ms := f / 1000; ms >= float64(earliest) && ms < float64(latest) {
		f = ms
	}
	if !(f >= float64(earliest) && f < float64(latest)) {
		return time.Time{}, false
	}
	return time.Unix(int64(f), 0).UTC(), true
}

func (r *reader) isNumber() bool {
	c := r.peek()
	return c == '-' || '0' <= c && c <= '9'
}

// count notes the name of something unknown, never its value. A name that
// could itself be about a person (an odd character, a run of digits) or comes
// after too many others is not kept either.
func (r *reader) count(scope string, name []byte) {
	key := scope + ".?"
	if wellNamed(name) {
		key = scope + "." + string(name)
	}
	if r.unknown == nil {
		r.unknown = make(map[string]int)
	}
	if _, known := r.unknown[key]; !known && len(r.unknown) >= maxUnknown {
		key = "?"
	}
	r.unknown[key]++
}

func wellNamed(name []byte) bool {
	digits := 0
	for _, c := range name {
		switch {
		case '0' <= c && c <= '9':
			digits++
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_':
		default:
			return false
		}
	}
	return 0 < len(name) && len(name) <= 48 && digits <= 3
}

// unescape resolves the escapes of a JSON string as encoding/json does, and
// beyond that turns U+0000 into U+FFFD, which PostgreSQL could not store.
func unescape(s []byte) []byte {
	out := make([]byte, 0, len(s)+utf8.UTFMax)
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '\\' && s[i+1] == 'u':
			u := hexRune(s[i+2:])
			i += 6
			if utf16.IsSurrogate(u) {
				low := rune(-1)
				if i+6 <= len(s) && s[i] == '\\' && s[i+1] == 'u' {
					low = hexRune(s[i+2:])
				}
				if u = utf16.DecodeRune(u, low); u != utf8.RuneError {
					i += 6
				}
			}
			if u == 0 {
				u = utf8.RuneError
			}
			out = utf8.AppendRune(out, u)
		case c == '\\':
			out = append(out, control(s[i+1]))
			i += 2
		case c < utf8.RuneSelf:
			out = append(out, c)
			i++
		default:
			u, size := utf8.DecodeRune(s[i:])
			out = utf8.AppendRune(out, u)
			i += size
		}
	}
	return out
}

// hexRune reads the four hex digits that json.Valid has promised.
func hexRune(s []byte) rune {
	var u rune
	for _, c := range s[:4] {
		switch {
		case c <= '9':
			c -= '0'
		case c <= 'F':
			c -= 'A' - 10
		default:
			c -= 'a' - 10
		}
		u = u<<4 | rune(c)
	}
	return u
}

func control(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}
