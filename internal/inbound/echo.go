package inbound

import (
	"context"
	"fmt"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// fieldEchoes is what Meta calls the webhooks about what is written in the WhatsApp Business app.
const fieldEchoes = "smb_message_echoes"

// hears tells whether an Inbox takes in an echo: Coexistence may have been switched off meanwhile,
// and what was written before it was switched on stays outside. The Provider counts in seconds.
func hears(to *directory.Entry, echo *desk.ArrivedMessage) bool {
	on := to.Coexistence
	return on != nil && (echo.At.IsZero() || !echo.At.Before(on.At.Truncate(time.Second)))
}

// listen takes up what a colleague wrote in the WhatsApp Business app, as far as it went to
// people who are known here. Whoever never wrote to the house was told nothing by it, and what
// is written to them elsewhere is none of its business (GDPR Art. 5(1)(c)): no Contact is made.
func (w *Worker) listen(ctx context.Context, p *plan, items []item) error {
	all, err := w.freshOf(ctx, p.to, items, func(a *desk.Arrival) *desk.ArrivedMessage { return a.Echo })
	if err != nil || len(all) == 0 {
		return err
	}
	if err := w.digest(ctx, p, all); err != nil {
		return err
	}
	known, err := w.lookUp(ctx, p, all)
	if err != nil {
		return fmt.Errorf("find contacts of echoes: %w", err)
	}
	owners, met := make([]vault.Owner, 0, len(all)), make([]*newcomer, 0, len(all))
	for _, n := range all {
		h, ok := p.book.find(n.from, n.at) // who wrote first in this very batch
		if !ok {
			h, ok = known.find(n.from, n.at)
		}
		if !ok {
			p.unknown++
			continue
		}
		n.contact = h.contact
		owners, met = append(owners, vault.ContactOwner(n.contact)), append(met, n)
	}
	if err := w.vault.Prefetch(ctx, owners); err != nil {
		return fmt.Errorf("load keys: %w", err)
	}
	for _, n := range met {
		if err := w.sealEcho(ctx, p, n); err != nil {
			return err
		}
	}
	return nil
}

// sealEcho makes the Message of an echo. It has left, by the Provider's own word; there is no
// Permit, because nobody here was asked.
func (w *Worker) sealEcho(ctx context.Context, p *plan, n *newcomer) error {
	if err := w.sealWords(ctx, p, n); err != nil {
		return err
	}
	m := n.message
	m.Direction, m.Origin, m.Status, m.StatusAt = desk.Out, desk.OriginApp, desk.StatusSent, n.at
	p.echoes = append(p.echoes, m)
	if n.arrived.File {
		if p.echoFiles == nil {
			p.echoFiles = map[desk.MessageID]desk.Attachment{}
		}
		p.echoFiles[m.ID] = fileOf(&m)
	}
	return nil
}

// writeEchoes gives each echo its place in the Conversation that receives for its Contact, else
// in the newest one, which stays closed. It opens no Window, wakes nothing, answers nothing.
func (p *plan) writeEchoes(ctx context.Context, tx *store.Tx) error {
	p.strange = p.unknown
	if len(p.echoes) == 0 {
		return nil
	}
	places, err := tx.LockReceiving(ctx, p.to.ID, owners(p.echoes))
	if err != nil {
		return err
	}
	var files []desk.Attachment
	written := make([]desk.Message, 0, len(p.echoes))
	for _, m := range p.echoes {
		c := places[m.Contact]
		if c == nil {
			if err := p.stands(ctx, tx, &m); err != nil {
				return err
			}
			if c, err = newest(ctx, tx, &m); err != nil {
				return err
			}
			places[m.Contact] = c
		}
		if c == nil {
			p.strange++
			continue
		}
		m.Conversation = c.ID
		c.Receive(&m)
		written = append(written, m)
		if f, ok := p.echoFiles[m.ID]; ok {
			files = append(files, f)
		}
		tx.Emit(desk.Event{Kind: desk.EventMessage, Controller: m.Controller, Inbox: m.Inbox, Conversation: c.ID, Message: m.ID})
	}
	var touched []desk.Conversation
	for _, c := range places {
		if c != nil {
			touched = append(touched, *c)
		}
	}
	if err := tx.SaveConversations(ctx, touched); err != nil {
		return err
	}
	if err := tx.AddMessages(ctx, written); err != nil {
		return err
	}
	if err := writeFiles(ctx, tx, files); err != nil {
		return err
	}
	return p.tellChanged(ctx, tx, written)
}

func (p *plan) echoDigests() (out [][]byte) {
	for _, m := range p.echoes {
		out = append(out, m.WamidDigest)
	}
	return out
}

// newest gives, locked, the newest Conversation with the Contact of m in its Inbox; nil if there
// is none.
func newest(ctx context.Context, tx *store.Tx, m *desk.Message) (*desk.Conversation, error) {
	id, err := tx.NewestConversation(ctx, rows.NewestConversationParams{Inbox: m.Inbox, Contact: m.Contact})
	if store.IsNone(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return tx.LockConversation(ctx, id)
}
