package inbound

import (
	"bytes"
	"context"
	"slices"
	"time"

	"botschaft/internal/consent"
	"botschaft/internal/desk"
	"botschaft/internal/store"
)

// agreement is the answer to a request for a Consent.
type agreement struct {
	asked desk.MessageID // whose button was tapped; zero: the word was written
	yes   bool
	by    [][]byte // digests of the Identities that it came by
}

// agrees reads an answer to a request: one of our buttons, the word that it asks for, or what
// the button for no says.
func agrees(a *desk.ArrivedMessage, by [][]byte) (agreement, bool) {
	if asked, yes, ok := desk.ReadConsentButton(a.Button.Reveal()); ok {
		return agreement{asked, yes, by}, true
	}
	text := a.Content.Text.Reveal()
	yes := consent.Agrees(text)
	return agreement{yes: yes, by: by}, a.Kind == desk.KindText && (yes || consent.Declines(text))
}

// writeAgreements writes what Contacts answered to what they were asked, and nothing else: a
// yes without a request, from another number, too late or after a no is no Consent (GDPR
// Art. 4(11), 7(1)).
//
// It gives the Messages that granted something.
func (p *plan) writeAgreements(ctx context.Context, tx *store.Tx) (grants map[desk.MessageID]bool, err error) {
	grants = map[desk.MessageID]bool{}
	for _, m := range p.messages {
		a, ok := p.agreements[m.ID]
		if !ok {
			continue
		}
		if err := tx.LockContact(ctx, m.Contact); err != nil {
			return nil, err
		}
		e, ok, err := a.entry(ctx, tx, &m)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if _, err := tx.AddConsent(ctx, e); err != nil {
			return nil, err
		}
		grants[m.ID] = e.Step == desk.ConsentGranted
	}
	return grants, nil
}

// entry finds the open request that this answers.
func (a agreement) entry(ctx context.Context, tx *store.Tx, m *desk.Message) (desk.ConsentEntry, bool, error) {
	entries, err := store.Ledger(ctx, tx.Queries, m.Contact)
	if err != nil {
		return desk.ConsentEntry{}, false, err
	}
	e, ok := consent.Asked(entries, a.asked, tx.Now())
	if !ok || a.asked.IsZero() && m.ExternalAt.Before(e.At.Truncate(time.Second)) {
		return e, false, nil // a word of before is no answer
	}
	identities, err := tx.ListIdentities(ctx, m.Contact)
	if err != nil {
		return e, false, err
	}
	for _, id := range identities {
		if id.ID == e.Identity && slices.ContainsFunc(a.by, func(d []byte) bool { return bytes.Equal(d, id.Digest) }) {
			return a.answer(e, m), true, nil
		}
	}
	return e, false, nil
}

// answer makes the entry of the one that asked.
func (a agreement) answer(e desk.ConsentEntry, m *desk.Message) desk.ConsentEntry {
	e.ID, e.ActedAt, e.Answer, e.Actor = desk.ConsentID{}, m.ExternalAt, m.ID, reader
	if e.Step = desk.ConsentGranted; !a.yes {
		e.Step = desk.ConsentDeclined
	}
	if e.Means == desk.MeansButton && a.asked.IsZero() {
		e.Means = desk.MeansWord
	}
	return e
}
