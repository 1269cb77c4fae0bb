package inbound

import (
	"context"
	"fmt"
	"slices"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/private"
	"botschaft/internal/store"
)

// plan is what a batch means for one Inbox: decided before the transaction, but for
// what must be read under lock.
type plan struct {
	to         *directory.Entry
	contacts   []desk.Contact
	profiles   []desk.Contact
	identities []*desk.Identity
	values     []private.Text // of the identities, to be sealed
	ended      []*desk.Identity
	changes    []desk.IdentityChange
	keys       []heldKey
	messages   []desk.Message
	came       map[desk.MessageID][]known // what each came by
	files      []desk.Attachment          // of the messages
	readings   map[desk.MessageID]reading
	agreements map[desk.MessageID]agreement
	news       []news
	withdrawn  []withdrawal
	book       *book // as the batch leaves it
	echoes     []desk.Message
	echoFiles  map[desk.MessageID]desk.Attachment
	unknown    int // echoes to nobody who is known
	strange    int // those, and the ones to people with whom nobody speaks in this Inbox
}

// heldKey is the key of a device, which is sealed once its owner's is at hand.
type heldKey struct {
	desk.IdentityKey
	readable private.Text
}

// newcomer is a Message on its way to becoming one, with its owner; or a rotation that came
// without a Message.
type newcomer struct {
	arrived  *desk.ArrivedMessage // nil: none
	at       time.Time            // when it happened: the Provider's time, never later than the arrival
	digest   []byte
	from     []known
	key      []byte // digest of the identity key; nil: not told
	rotation *rotation
	contact  desk.ContactID
	met      bool // the Contact is new
	message  desk.Message
}

// by gives the digests of the Identities that it came by.
func (n *newcomer) by() [][]byte {
	out := make([][]byte, len(n.from))
	for i, k := range n.from {
		out[i] = k.digest
	}
	return out
}

func (w *Worker) prepare(ctx context.Context, to *directory.Entry, items []item) (*plan, error) {
	p := &plan{to: to}
	fresh, err := w.fresh(ctx, to, items)
	if err != nil {
		return nil, err
	}
	all := inOrder(fresh, items)
	if err := w.recognise(ctx, p, all); err != nil {
		return nil, err
	}
	if err := w.seal(ctx, p, all); err != nil {
		return nil, err
	}
	if p.news, err = w.coalesce(ctx, to, items); err != nil {
		return nil, err
	}
	if p.withdrawn, err = w.preferences(ctx, to, items); err != nil {
		return nil, err
	}
	return p, w.listen(ctx, p, items)
}

// fresh gives the batch's Messages that are new to the Inbox, each once, oldest
// first.
func (w *Worker) fresh(ctx context.Context, to *directory.Entry, items []item) ([]*newcomer, error) {
	return w.freshOf(ctx, to, items, func(a *desk.Arrival) *desk.ArrivedMessage { return a.Message })
}

// freshOf is fresh for what of gives of each Arrival; nil: nothing.
func (w *Worker) freshOf(ctx context.Context, to *directory.Entry, items []item, of func(*desk.Arrival) *desk.ArrivedMessage) ([]*newcomer, error) {
	var all []*newcomer
	var digests [][]byte
	for _, it := range items {
		m := of(&it.arrival)
		if m == nil {
			continue
		}
		digest, err := w.wamidDigest(ctx, &to.Inbox, m.Wamid)
		if err != nil {
			return nil, err
		}
		n := &newcomer{arrived: m, digest: digest}
		if m.Rotation != nil {
			n.rotation = &rotation{news: m.Rotation.News}
			n.rotation.read(m.Rotation)
		}
		if !m.About.IsEmpty() {
			if n.message.AboutDigest, err = w.wamidDigest(ctx, &to.Inbox, m.About); err != nil {
				return nil, err
			}
		}
		n.message.At = it.delivery.ReceivedAt
		n.at = happened(m.At, it.delivery.ReceivedAt)
		all, digests = append(all, n), append(digests, digest)
	}
	known, err := w.store.FindWamids(ctx, to.ID, digests)
	if err != nil {
		return nil, fmt.Errorf("find known messages: %w", err)
	}
	seen := map[string]bool{}
	fresh := slices.DeleteFunc(all, func(n *newcomer) bool {
		_, old := known[string(n.digest)]
		again := old || seen[string(n.digest)]
		seen[string(n.digest)] = true
		return again
	})
	slices.SortStableFunc(fresh, func(a, b *newcomer) int { return a.arrived.At.Compare(b.arrived.At) })
	return fresh, nil
}

// inOrder puts the rotations that came by themselves among the Messages, by when they happened.
func inOrder(fresh []*newcomer, items []item) []*newcomer {
	all := slices.Clone(fresh)
	for _, it := range items {
		if r := it.arrival.Rotation; r != nil {
			n := &newcomer{at: happened(r.At, it.delivery.ReceivedAt), rotation: &rotation{news: r.News}}
			n.message.At = it.delivery.ReceivedAt
			n.rotation.read(r)
			all = append(all, n)
		}
	}
	if len(all) > len(fresh) {
		slices.SortStableFunc(all, func(a, b *newcomer) int { return a.at.Compare(b.at) })
	}
	return all
}

// happened believes the Provider's time unless it is missing or lies ahead.
func happened(external, arrival time.Time) time.Time {
	if external.IsZero() || external.After(arrival) {
		return arrival
	}
	return external
}

func (w *Worker) wamidDigest(ctx context.Context, inbox *desk.Inbox, wamid private.Text) ([]byte, error) {
	return w.vault.Digest(ctx, inbox.Controller, "wamid", inbox.ID[:], []byte(wamid.Reveal()))
}

// write completes the plan under lock and writes it.
func (p *plan) write(ctx context.Context, tx *store.Tx) error {
	if err := tx.AddContacts(ctx, p.contacts); err != nil {
		return err
	}
	if err := tx.SetProfiles(ctx, p.profiles); err != nil {
		return err
	}
	if err := p.writeIdentities(ctx, tx); err != nil {
		return err
	}
	if err := p.writeMessages(ctx, tx); err != nil {
		return err
	}
	if err := p.writeEchoes(ctx, tx); err != nil {
		return err
	}
	if err := p.tellLowered(ctx, tx); err != nil {
		return err
	}
	if err := p.writeNews(ctx, tx); err != nil {
		return err
	}
	return p.writeWithdrawals(ctx, tx, p.withdrawn)
}
