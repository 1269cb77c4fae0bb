package desktest

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
)

// canary is something about a person, or a secret, that must stand readable nowhere.
type canary struct {
	what  string // what it is, for the one who has to mend it
	value string
}

// leastCanary is how long a canary must be at least, so that nothing looks like one by
// chance.
const leastCanary = 9

// form is a way to write a value down.
type form struct {
	name string
	text []byte
}

// forms gives every way a canary may stand within other bytes and still be read by
// anybody: as it is, in hexadecimal, and in base64 behind any number of other bytes.
func forms(value string) []form {
	digits := hex.EncodeToString([]byte(value))
	all := []form{{"as it is", []byte(value)}, {"in hex", []byte(digits)}}
	if upper := strings.ToUpper(digits); upper != digits {
		all = append(all, form{"in upper-case hex", []byte(upper)})
	}
	for before := range 3 {
		core := base64Core(value, before)
		all = append(all, form{fmt.Sprintf("in base64 behind %d bytes", before), []byte(core)})
		if safe := strings.NewReplacer("+", "-", "/", "_").Replace(core); safe != core {
			all = append(all, form{fmt.Sprintf("in base64url behind %d bytes", before), []byte(safe)})
		}
	}
	return all
}

// base64Core gives the characters that value alone decides when it stands behind that
// many other bytes, and before any.
func base64Core(value string, before int) string {
	text := base64.RawStdEncoding.EncodeToString(append(make([]byte, before), value...))
	return text[(8*before+5)/6 : 8*(before+len(value))/6]
}

// headLength is how much of each pattern is looked up at once.
const headLength = 8

// finder looks for all forms of all canaries in one pass.
type finder struct {
	heads map[uint64][]pattern
	sieve [1 << 10]uint64 // a bit for each head there is: most bytes are dismissed by it
}

type pattern struct {
	canary canary
	form   form
}

func newFinder(canaries []canary) (*finder, error) {
	f := &finder{heads: map[uint64][]pattern{}}
	for _, c := range canaries {
		if len(c.value) < leastCanary {
			return nil, fmt.Errorf("%s is too short to be a canary", c.what)
		}
		for _, w := range forms(c.value) {
			head := binary.BigEndian.Uint64(w.text)
			f.heads[head] = append(f.heads[head], pattern{c, w})
			bit := sieveBit(head)
			f.sieve[bit/64] |= 1 << (bit % 64)
		}
	}
	return f, nil
}

// sieveBit spreads heads over the sieve.
func sieveBit(head uint64) uint64 { return head * 0x9e3779b97f4a7c15 >> 48 }

// find says which canaries are in the content, and how they are written there.
func (f *finder) find(content []byte) []pattern {
	var found []pattern
	seen := map[string]bool{}
	var head uint64
	for i, b := range content {
		head = head<<8 | uint64(b)
		bit := sieveBit(head)
		if i < headLength-1 || f.sieve[bit/64]&(1<<(bit%64)) == 0 {
			continue
		}
		rest := content[i+1-headLength:]
		for _, p := range f.heads[head] {
			key := p.canary.value + p.form.name
			if len(rest) >= len(p.form.text) && string(rest[:len(p.form.text)]) == string(p.form.text) && !seen[key] {
				seen[key] = true
				found = append(found, p)
			}
		}
	}
	return found
}

// place is somewhere canaries must not be, with what is there now.
type place struct {
	name    string
	content []byte
}

// search gives a sentence for each canary that stands readable in a place.
func search(places []place, canaries []canary) ([]string, error) {
	f, err := newFinder(canaries)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, p := range places {
		for _, hit := range f.find(p.content) {
			found = append(found, fmt.Sprintf("%s holds %s (%s) %s", p.name, hit.canary.what, hit.canary.value, hit.form.name))
		}
	}
	return found, nil
}
