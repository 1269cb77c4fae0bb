package inbound

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/vault"
)

// recogniser finds out whose what came is.
type recogniser struct {
	*plan
	book *book
	keys map[desk.ContactID]desk.IdentityKey
}

// recognise finds each Message's Contact by any Identity, or makes a new one with a
// key of its own, committed in the vault before the data. Identities that are new for
// a known Contact are added; one that is another Contact's stays there: two people
// are never merged silently.
func (w *Worker) recognise(ctx context.Context, p *plan, all []*newcomer) error {
	r := recogniser{plan: p}
	if err := w.digest(ctx, p, all); err != nil {
		return err
	}
	var err error
	if r.book, err = w.lookUp(ctx, p, all); err != nil {
		return fmt.Errorf("find contacts: %w", err)
	}
	p.book = r.book
	if r.keys, err = w.identityKeys(ctx, p, all, r.book); err != nil {
		return fmt.Errorf("find identity keys: %w", err)
	}
	for _, n := range all {
		if n.rotation == nil || len(n.rotation.after) == 0 {
			r.place(n)
		} else {
			r.rotate(n)
		}
		r.hold(n)
	}
	if len(p.contacts) == 0 {
		return nil
	}
	keys := make([]vault.NewContact, len(p.contacts))
	for i, c := range p.contacts {
		keys[i] = vault.NewContact{Controller: c.Controller, Contact: c.ID}
	}
	return w.vault.AddContacts(ctx, keys)
}

// digest makes the digests by which people are found.
func (w *Worker) digest(ctx context.Context, p *plan, all []*newcomer) error {
	controller := p.to.Inbox.Controller
	of := func(kind desk.IdentityKind, value string) ([]byte, error) {
		return w.vault.Digest(ctx, controller, "identity", []byte(kind), []byte(value))
	}
	for _, n := range all {
		var lists [][]known
		if n.arrived != nil {
			n.from = asKnown(n.arrived.From)
			if !n.arrived.Key.IsEmpty() {
				var err error
				if n.key, err = w.vault.Digest(ctx, controller, "identitykey", []byte(n.arrived.Key.Reveal())); err != nil {
					return err
				}
			}
		}
		lists = append(lists, n.from)
		if n.rotation != nil {
			lists = append(lists, n.rotation.before, n.rotation.after)
		}
		for _, list := range lists {
			for i := range list {
				k := &list[i]
				var err error
				if k.digest, err = of(k.Kind, k.Value.Reveal()); err != nil {
					return err
				}
				if k.Kind != desk.IdentityPhone {
					continue
				}
				for _, line := range desk.SameLines(k.Value.Reveal()) {
					d, err := of(k.Kind, line)
					if err != nil {
						return err
					}
					k.same = append(k.same, d)
				}
			}
		}
	}
	return nil
}

// lookUp reads who holds what came; and all that these people hold where something is new for
// them.
func (w *Worker) lookUp(ctx context.Context, p *plan, all []*newcomer) (*book, error) {
	var digests [][]byte
	asked := map[string]bool{}
	rotates := false
	for _, n := range all {
		lists := [][]known{n.from}
		if n.rotation != nil {
			rotates = true
			lists = append(lists, n.rotation.before, n.rotation.after)
		}
		for _, list := range lists {
			for _, k := range list {
				for _, d := range append([][]byte{k.digest}, k.same...) {
					if !asked[string(d)] {
						asked[string(d)] = true
						digests = append(digests, d)
					}
				}
			}
		}
	}
	found, err := w.store.FindHoldings(ctx, p.to.Inbox.Controller, digests)
	if err != nil {
		return nil, err
	}
	b := newBook()
	for i := range found {
		b.add(&found[i])
	}
	if len(b.people) == 0 || !rotates && len(b.digests) == len(digests) {
		return b, nil
	}
	more, err := w.store.FindIdentitiesOf(ctx, slices.Collect(maps.Keys(b.people)))
	if err != nil {
		return nil, err
	}
	for i := range more {
		b.add(&more[i])
	}
	return b, nil
}

// identityKeys reads the keys that are known of the people whose keys came.
func (w *Worker) identityKeys(ctx context.Context, p *plan, all []*newcomer, b *book) (map[desk.ContactID]desk.IdentityKey, error) {
	if !slices.ContainsFunc(all, func(n *newcomer) bool { return n.key != nil }) {
		return map[desk.ContactID]desk.IdentityKey{}, nil
	}
	return w.store.FindIdentityKeys(ctx, p.to.ID, slices.Collect(maps.Keys(b.people)))
}

// place gives a Message to whoever wrote it.
func (r *recogniser) place(n *newcomer) {
	h, ok := r.book.find(n.from, n.at)
	if ok {
		n.contact = h.contact
	} else {
		n.contact = r.meet(n)
	}
	if h.ended != nil && n.arrived != nil {
		n.arrived.Profile.Masked = private.Text{} // it is shown by what it has now
	}
	for _, k := range n.from {
		if r.book.isHeld(k, n.at) {
			continue
		}
		differs := h.ended == nil && r.book.differs(n.contact, k)
		id := r.learn(n.contact, k, n.at, h.ended)
		switch {
		case !differs:
		case k.Kind == desk.IdentityPhone:
			r.lower(n, desk.ContactID{}, desk.SystemNewNumber, desk.HeardMessage, id.ID[:])
		case k.Kind == desk.IdentityBSUID:
			r.lower(n, desk.ContactID{}, desk.SystemNewUserID, desk.HeardMessage, id.ID[:])
		}
	}
}

// meet makes a Contact.
func (r *recogniser) meet(n *newcomer) desk.ContactID {
	c := desk.Contact{ID: desk.NewID[desk.Contact](), Controller: r.to.Inbox.Controller, CreatedAt: n.message.At}
	r.contacts = append(r.contacts, c)
	n.met = true
	return c.ID
}

// learn gives a Contact an Identity that nobody holds; until is nil while it is theirs.
func (r *recogniser) learn(c desk.ContactID, k known, from time.Time, until *time.Time) *desk.Identity {
	id := &desk.Identity{
		ID: desk.NewID[desk.Identity](), Controller: r.to.Inbox.Controller, Contact: c, Kind: k.Kind, Digest: k.digest, ValidFrom: from, ValidUntil: until,
	}
	r.book.add(id)
	r.identities, r.values = append(r.identities, id), append(r.values, k.Value)
	return id
}

// rotate lets the Contact go by its new Identities. Whoever wrote by one of them already is
// another Contact, and stays one until somebody says that they are the same person.
func (r *recogniser) rotate(n *newcomer) {
	before, after := n.rotation.before, n.rotation.after
	was, held := r.book.find(before, n.at)
	now, taken := r.book.find(after, n.at)
	switch {
	case held:
		n.contact = was.contact
	case taken:
		n.contact = now.contact
	default:
		n.contact = r.meet(n)
	}
	mark := r.end(n, held)
	for _, k := range after {
		if r.book.isHeld(k, n.at) {
			continue
		}
		if id := r.learn(n.contact, k, n.at, nil); mark == nil {
			mark = id.ID[:]
		}
	}
	for _, k := range before {
		if len(r.book.digests[string(k.digest)]) == 0 {
			r.learn(n.contact, k, n.at, &n.at) // so that what was written before finds its way
		}
	}
	var other desk.ContactID
	if held && taken && now.contact != was.contact {
		other = now.contact
		n.rotation.elsewhere = true
	}
	if n.arrived != nil {
		n.arrived.Profile.Masked = private.Text{}
	}
	if mark == nil || !held {
		return
	}
	r.lower(n, other, r.news(n), desk.HeardNotice, mark)
}

// news is a new number where one is named that the Contact did not have.
func (r *recogniser) news(n *newcomer) desk.SystemNews {
	for _, k := range n.rotation.before {
		if k.Kind == desk.IdentityPhone {
			return desk.SystemNewNumber
		}
	}
	return n.rotation.news
}

// end ends what the Contact is not reached by any more, and marks the change by the first that
// ended; nil if nothing did. With the number goes everything that hung on it, also what other
// portfolios call the person (Meta: Business-scoped user IDs).
func (r *recogniser) end(n *newcomer, held bool) (mark []byte) {
	if !held {
		return nil
	}
	all := n.rotation.news == desk.SystemNewNumber
	for _, k := range n.rotation.after {
		all = all || k.Kind == desk.IdentityPhone && r.book.differs(n.contact, k)
	}
	for _, id := range r.book.people[n.contact] {
		is := func(k known) bool { return string(k.digest) == string(id.Digest) }
		switch {
		case id.ValidUntil != nil || id.ValidFrom.After(n.at) || slices.ContainsFunc(n.rotation.after, is):
			continue
		case !all && !slices.ContainsFunc(n.rotation.before, is):
			continue
		}
		id.ValidUntil = &n.at
		if !slices.Contains(r.identities, id) {
			r.ended = append(r.ended, id)
		}
		if mark == nil {
			mark = id.ID[:]
		}
	}
	return mark
}

// hold compares the identity key with the one before: another one is another device, perhaps
// somebody else's. What is older than what is known says nothing.
func (r *recogniser) hold(n *newcomer) {
	said := n.rotation != nil && n.rotation.news == desk.SystemNewIdentity
	before, seen := r.keys[n.contact]
	if said && !n.met {
		mark := n.key
		if mark == nil {
			mark = n.digest
		}
		r.lower(n, desk.ContactID{}, desk.SystemNewIdentity, desk.HeardNotice, mark)
	}
	if n.key == nil || seen && !n.at.After(before.At) {
		return
	}
	if !said && seen && string(before.Digest) != string(n.key) {
		r.lower(n, desk.ContactID{}, desk.SystemNewIdentity, desk.HeardMessage, n.key)
	}
	k := desk.IdentityKey{Contact: n.contact, Inbox: r.to.ID, Digest: n.key, At: n.at}
	if seen && string(before.Digest) == string(n.key) {
		k.Value = before.Value
	}
	r.keys[n.contact] = k
	if !k.Value.IsEmpty() {
		return // nothing new; that it was seen again is not worth a row
	}
	r.plan.hold(heldKey{k, n.arrived.Key})
}

// hold keeps the newest key of each device that a batch tells of: a statement writes a row once.
func (p *plan) hold(k heldKey) {
	for i := range p.keys {
		if p.keys[i].Contact == k.Contact {
			p.keys[i] = k
			return
		}
	}
	p.keys = append(p.keys, k)
}

// lower notes that a Contact may be somebody else by now.
func (r *recogniser) lower(n *newcomer, other desk.ContactID, news desk.SystemNews, heard desk.Heard, mark []byte) {
	r.changes = append(r.changes, desk.IdentityChange{
		ID: desk.NewID[desk.IdentityChange](), Controller: r.to.Inbox.Controller, Contact: n.contact, Other: other, Mark: slices.Clone(mark),
		News: news, Heard: heard, ChangedAt: n.at, At: n.message.At,
	})
}

// profile is what the Contact calls itself now, as far as n tells it.
func (n *newcomer) profile() (now desk.Profile) {
	if n.arrived != nil {
		now = n.arrived.Profile
	}
	if n.rotation != nil && len(n.rotation.after) > 0 && !n.rotation.elsewhere {
		now.Masked = n.rotation.after[0].Masked()
	}
	return now
}
