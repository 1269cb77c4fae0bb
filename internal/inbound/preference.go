package inbound

import (
	"context"
	"slices"
	"strconv"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/store"
)

// withdrawal is one that did not come as words: a person's own setting in WhatsApp, or its
// refusal to carry more advertising.
type withdrawal struct {
	contact desk.ContactID
	means   desk.ConsentMeans
	at      time.Time
	about   desk.MessageID // ours, that WhatsApp refused
}

// preferences finds whose settings have come. People whom nobody here knows have nothing to
// take back; that somebody wants advertising again is no consent (GDPR Art. 4(11)).
func (w *Worker) preferences(ctx context.Context, to *directory.Entry, items []item) ([]withdrawal, error) {
	var out []withdrawal
	for _, it := range items {
		p := it.arrival.Preference
		if p == nil || !p.Stops {
			continue
		}
		digests := make([][]byte, len(p.From))
		for i, a := range p.From {
			var err error
			if digests[i], err = w.vault.Digest(ctx, to.Inbox.Controller, "identity", []byte(a.Kind), []byte(a.Value.Reveal())); err != nil {
				return nil, err
			}
		}
		holders, err := w.store.FindIdentities(ctx, to.Inbox.Controller, digests)
		if err != nil {
			return nil, err
		}
		at := p.At
		if at.IsZero() || at.After(it.delivery.ReceivedAt) {
			at = it.delivery.ReceivedAt
		}
		for _, d := range digests {
			if contact, ok := holders[string(d)]; ok {
				out = append(out, withdrawal{contact, desk.MeansPreference, at, desk.MessageID{}})
				break
			}
		}
	}
	return out, nil
}

// refusals are the Messages that WhatsApp does not carry because the Contact wants no
// advertising.
func refusals(ctx context.Context, tx *store.Tx, raised []*store.Standing) ([]withdrawal, error) {
	var out []withdrawal
	for _, s := range raised {
		if s.Failure != strconv.Itoa(desk.NoAdvertising) {
			continue
		}
		row, err := tx.GetMessage(ctx, s.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, withdrawal{row.Contact, desk.MeansError, s.StatusAt, s.ID})
	}
	return out, nil
}

// writeWithdrawals enters them into the Ledger, each once however often it is told.
func (p *plan) writeWithdrawals(ctx context.Context, tx *store.Tx, all []withdrawal) error {
	for _, w := range all {
		if err := tx.LockContact(ctx, w.contact); err != nil {
			return err
		}
		entries, err := store.Ledger(ctx, tx.Queries, w.contact)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(entries, func(e desk.ConsentEntry) bool {
			return e.Step == desk.ConsentWithdrawn && e.Means == w.means && e.ActedAt.Equal(w.at.Truncate(time.Millisecond)) && e.Asked == w.about
		}) {
			continue
		}
		if _, err := tx.AddConsent(ctx, desk.ConsentEntry{
			Controller: p.to.Inbox.Controller, Contact: w.contact, ActedAt: w.at, Step: desk.ConsentWithdrawn, Means: w.means, Asked: w.about, Actor: reader,
		}); err != nil {
			return err
		}
	}
	return nil
}
