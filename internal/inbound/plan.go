package inbound

import (
	"context"
	"fmt"
	"slices"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// plan is what a batch means for one Inbox: decided before the transaction, but for
// what must be read under lock.
type plan struct {
	to         *directory.Entry
	contacts   []desk.Contact
	profiles   []desk.Contact
	identities []desk.Identity
	values     []private.Text // of the identities, to be sealed
	messages   []desk.Message
	readings   map[desk.MessageID]reading
	agreements map[desk.MessageID]agreement
	news       []news
	withdrawn  []withdrawal
}

// newcomer is a Message on its way to becoming one, with its owner.
type newcomer struct {
	arrived *desk.ArrivedMessage
	digest  []byte
	aliases [][]byte
	contact desk.ContactID
	message desk.Message
}

func (w *Worker) prepare(ctx context.Context, to *directory.Entry, items []item) (*plan, error) {
	p := &plan{to: to}
	fresh, err := w.fresh(ctx, to, items)
	if err != nil {
		return nil, err
	}
	if err := w.recognise(ctx, p, fresh); err != nil {
		return nil, err
	}
	if err := w.seal(ctx, p, fresh); err != nil {
		return nil, err
	}
	if p.news, err = w.coalesce(ctx, to, items); err != nil {
		return nil, err
	}
	p.withdrawn, err = w.preferences(ctx, to, items)
	return p, err
}

// fresh gives the batch's Messages that are new to the Inbox, each once, oldest
// first.
func (w *Worker) fresh(ctx context.Context, to *directory.Entry, items []item) ([]*newcomer, error) {
	var all []*newcomer
	var digests [][]byte
	for _, it := range items {
		m := it.arrival.Message
		if m == nil {
			continue
		}
		digest, err := w.wamidDigest(ctx, &to.Inbox, m.Wamid)
		if err != nil {
			return nil, err
		}
		n := &newcomer{arrived: m, digest: digest}
		if !m.About.IsEmpty() {
			if n.message.AboutDigest, err = w.wamidDigest(ctx, &to.Inbox, m.About); err != nil {
				return nil, err
			}
		}
		n.message.At = it.delivery.ReceivedAt
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

func (w *Worker) wamidDigest(ctx context.Context, inbox *desk.Inbox, wamid private.Text) ([]byte, error) {
	return w.vault.Digest(ctx, inbox.Controller, "wamid", inbox.ID[:], []byte(wamid.Reveal()))
}

// recognise finds each Message's Contact by any Identity, or makes a new one with a
// key of its own, committed in the vault before the data. Identities that are new for
// a known Contact are added; one that is another Contact's stays there: two people
// are never merged silently.
func (w *Worker) recognise(ctx context.Context, p *plan, fresh []*newcomer) error {
	var digests [][]byte
	for _, n := range fresh {
		for _, a := range n.arrived.From {
			d, err := w.vault.Digest(ctx, p.to.Inbox.Controller, "identity", []byte(a.Kind), []byte(a.Value.Reveal()))
			if err != nil {
				return err
			}
			n.aliases, digests = append(n.aliases, d), append(digests, d)
		}
	}
	holders, err := w.store.FindIdentities(ctx, p.to.Inbox.Controller, digests)
	if err != nil {
		return fmt.Errorf("find contacts: %w", err)
	}
	var keys []vault.NewContact
	for _, n := range fresh {
		for _, d := range n.aliases {
			if c, ok := holders[string(d)]; ok {
				n.contact = c
				break
			}
		}
		if n.contact.IsZero() {
			n.contact = desk.NewID[desk.Contact]()
			p.contacts = append(p.contacts, desk.Contact{ID: n.contact, Controller: p.to.Inbox.Controller, CreatedAt: n.message.At})
			keys = append(keys, vault.NewContact{Controller: p.to.Inbox.Controller, Contact: n.contact})
		}
		p.learn(n, holders)
	}
	if len(keys) == 0 {
		return nil
	}
	return w.vault.AddContacts(ctx, keys)
}

// learn gives the Contact the Identities that nobody holds yet.
func (p *plan) learn(n *newcomer, holders map[string]desk.ContactID) {
	for i, d := range n.aliases {
		if _, taken := holders[string(d)]; taken {
			continue
		}
		holders[string(d)] = n.contact
		p.identities = append(p.identities, desk.Identity{
			ID: desk.NewID[desk.Identity](), Controller: p.to.Inbox.Controller, Contact: n.contact,
			Kind: n.arrived.From[i].Kind, Digest: d, ValidFrom: n.message.At,
		})
		p.values = append(p.values, n.arrived.From[i].Value)
	}
}

// write completes the plan under lock and writes it.
func (p *plan) write(ctx context.Context, tx *store.Tx) error {
	if err := tx.AddContacts(ctx, p.contacts); err != nil {
		return err
	}
	if err := tx.SetProfiles(ctx, p.profiles); err != nil {
		return err
	}
	if err := tx.AddIdentities(ctx, p.identities); err != nil {
		return err
	}
	if err := p.writeMessages(ctx, tx); err != nil {
		return err
	}
	if err := p.writeNews(ctx, tx); err != nil {
		return err
	}
	return p.writeWithdrawals(ctx, tx, p.withdrawn)
}
