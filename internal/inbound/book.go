package inbound

import (
	"slices"
	"time"

	"botschaft/internal/desk"
)

// known is an Identity as it came, with the digest by which it is found and those of the other
// ways in which WhatsApp may write the same line.
type known struct {
	desk.Alias
	digest []byte
	same   [][]byte
}

// book tells who holds which Identity and who held it: as the store has it, and as the batch
// changes it.
type book struct {
	entries []*desk.Identity
	digests map[string][]*desk.Identity
	people  map[desk.ContactID][]*desk.Identity
}

func newBook() *book {
	return &book{digests: map[string][]*desk.Identity{}, people: map[desk.ContactID][]*desk.Identity{}}
}

func (b *book) add(id *desk.Identity) {
	if slices.ContainsFunc(b.digests[string(id.Digest)], func(o *desk.Identity) bool { return o.ID == id.ID }) {
		return
	}
	b.entries = append(b.entries, id)
	b.digests[string(id.Digest)] = append(b.digests[string(id.Digest)], id)
	b.people[id.Contact] = append(b.people[id.Contact], id)
}

// holding is who an Identity stands for at a moment.
type holding struct {
	contact desk.ContactID
	ended   *time.Time // the Identity was theirs until then; nil: it still is
}

// holder finds whose an Identity was at a moment: what was written before a number passed on
// belongs to whom it belonged then, however late it comes.
func (b *book) holder(digest []byte, at time.Time) (h holding, ok bool) {
	for _, id := range b.digests[string(digest)] {
		switch {
		case id.ValidUntil == nil:
			if h.ended == nil {
				h, ok = holding{id.Contact, nil}, true
			}
		case !at.After(*id.ValidUntil) && (h.ended == nil || id.ValidUntil.Before(*h.ended)):
			h, ok = holding{id.Contact, id.ValidUntil}, true
		}
	}
	return h, ok
}

// find looks for the holder of any of these, in their order; then of the same line in another
// spelling.
func (b *book) find(of []known, at time.Time) (holding, bool) {
	for _, k := range of {
		if h, ok := b.holder(k.digest, at); ok {
			return h, true
		}
	}
	for _, k := range of {
		for _, d := range k.same {
			if h, ok := b.holder(d, at); ok {
				return h, true
			}
		}
	}
	return holding{}, false
}

// isHeld tells whether anybody has the Identity now, or had it after the moment.
func (b *book) isHeld(k known, at time.Time) bool {
	_, ok := b.holder(k.digest, at)
	return ok
}

// differs tells whether a Contact is reached by another Identity of this kind already, in any
// spelling.
func (b *book) differs(c desk.ContactID, k known) bool {
	other := false
	for _, id := range b.people[c] {
		if id.Kind != k.Kind || id.ValidUntil != nil {
			continue
		}
		same := func(d []byte) bool { return string(d) == string(id.Digest) }
		if same(k.digest) || slices.ContainsFunc(k.same, same) {
			return false
		}
		other = true
	}
	return other
}

// rotation is news of a person's Identities.
type rotation struct {
	news          desk.SystemNews
	before, after []known
	elsewhere     bool // somebody else has what is new
}

func (r *rotation) read(from *desk.ArrivedRotation) {
	r.before, r.after = asKnown(from.Before), asKnown(from.After)
}

func asKnown(all []desk.Alias) []known {
	out := make([]known, len(all))
	for i, a := range all {
		out[i].Alias = a
	}
	return out
}
