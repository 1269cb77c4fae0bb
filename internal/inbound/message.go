package inbound

import (
	"context"
	"slices"

	"botschaft/internal/desk"
	"botschaft/internal/queue"
	"botschaft/internal/store"
)

// writeMessages gives each Message its place in the receiving Conversation of its
// Contact, opening one where there is none.
func (p *plan) writeMessages(ctx context.Context, tx *store.Tx) error {
	if len(p.messages) == 0 {
		return nil
	}
	receiving, err := tx.LockReceiving(ctx, p.to.ID, owners(p.messages))
	if err != nil {
		return err
	}
	var opened, advanced []*desk.Conversation
	var turns []desk.Turn
	touched := map[desk.ConversationID]bool{}
	messages := make([]desk.Message, len(p.messages))
	homes := homes{}
	for i, m := range p.messages {
		c := receiving[m.Contact]
		if c == nil {
			if err := p.stands(ctx, tx, &m); err != nil {
				return err
			}
		}
		if c == nil && m.Kind.Changes() {
			if c, err = homes.find(ctx, tx, &m); err != nil {
				return err
			}
		}
		if c == nil {
			c = &desk.Conversation{
				ID: desk.NewID[desk.Conversation](), Controller: m.Controller, Inbox: m.Inbox, Contact: m.Contact, OpenedAt: m.At, Receiving: true,
			}
			receiving[m.Contact], touched[c.ID] = c, true
			opened = append(opened, c)
		} else if !touched[c.ID] {
			touched[c.ID] = true
			advanced = append(advanced, c)
		}
		if m.Kind.Asks() && c.Snoozed != nil {
			turns = append(turns, wake(tx, c))
		}
		m.Conversation = c.ID
		c.Receive(&m)
		if m.Kind.Asks() {
			c.OpenWindow(m.ExternalAt, m.At)
		}
		messages[i] = m
		tx.Emit(desk.Event{Kind: desk.EventMessage, Controller: m.Controller, Inbox: m.Inbox, Conversation: c.ID, Message: m.ID})
	}
	if err := tx.AddConversations(ctx, values(opened)); err != nil {
		return err
	}
	if err := tx.SaveConversations(ctx, values(advanced)); err != nil {
		return err
	}
	if err := tx.AddTurns(ctx, turns); err != nil {
		return err
	}
	if err := tx.AddMessages(ctx, messages); err != nil {
		return err
	}
	if err := writeFiles(ctx, tx, p.files); err != nil {
		return err
	}
	if err := p.tellChanged(ctx, tx, messages); err != nil {
		return err
	}
	if err := p.writeReadings(ctx, tx); err != nil {
		return err
	}
	grants, err := p.writeAgreements(ctx, tx)
	if err != nil {
		return err
	}
	return p.askForAnswers(ctx, tx, messages, opened, grants)
}

// errSplit: the batch is decided anew.
var errSplit = desk.Conflict("the contact was split meanwhile")

// stands makes sure that a known Contact, of whom nothing is open here, still has what the Message
// came by: in the moment of a Split it would land with whom it does not belong to.
func (p *plan) stands(ctx context.Context, tx *store.Tx, m *desk.Message) error {
	if slices.ContainsFunc(p.contacts, func(c desk.Contact) bool { return c.ID == m.Contact }) {
		return nil
	}
	at := m.ExternalAt
	if at.After(m.At) {
		at = m.At
	}
	held, err := tx.IsHeld(ctx, m.Contact, p.foundBy(m), desk.AsMillis(at))
	if err == nil && !held {
		err = errSplit
	}
	return err
}

// foundBy are the Identities that a Message came by, in every spelling, but for those that this very
// batch tells of.
func (p *plan) foundBy(m *desk.Message) (out [][]byte) {
	for _, k := range p.came[m.ID] {
		for _, d := range append([][]byte{k.digest}, k.same...) {
			if !slices.ContainsFunc(p.identities, func(id *desk.Identity) bool { return string(id.Digest) == string(d) }) {
				out = append(out, d)
			}
		}
	}
	return out
}

// writeFiles asks for the files to be fetched, each in a Job of its own: no text waits for one.
func writeFiles(ctx context.Context, tx *store.Tx, files []desk.Attachment) error {
	if err := tx.AddAttachments(ctx, files); err != nil {
		return err
	}
	ids := make([]desk.MessageID, len(files))
	for i := range files {
		ids[i] = files[i].Message
	}
	return queue.EnqueueFiles(ctx, tx, ids...)
}

// wake ends the rest of a Conversation whose Contact writes.
func wake(tx *store.Tx, c *desk.Conversation) desk.Turn {
	before := c.Tally()
	c.Wake()
	tx.Count(before, c.Tally())
	t := c.Turn(desk.TurnWoken, desk.AgentID{}, tx.Now())
	tx.Emit(t.Event())
	return t
}

func owners(messages []desk.Message) []desk.ContactID {
	seen := map[desk.ContactID]bool{}
	var ids []desk.ContactID
	for _, m := range messages {
		if !seen[m.Contact] {
			seen[m.Contact] = true
			ids = append(ids, m.Contact)
		}
	}
	return ids
}

func values(cs []*desk.Conversation) []desk.Conversation {
	out := make([]desk.Conversation, len(cs))
	for i, c := range cs {
		out[i] = *c
	}
	return out
}
