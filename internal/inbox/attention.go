package inbox

import (
	"context"
	"unicode/utf8"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// MarkRead notes how far the Agent has read a Conversation. A lower position than before
// marks it as unread again.
func (b *Inbox) MarkRead(ctx context.Context, v Viewer, id desk.ConversationID, position int64) error {
	c, err := b.store.ConversationWithin(ctx, v.Scope, id)
	if err != nil {
		return err
	}
	if position < 0 || position > c.Position {
		return desk.Invalid("position", "is not a position of this conversation")
	}
	return b.store.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.GetReading(ctx, rows.GetReadingParams{Agent: v.Actor.Agent, Conversation: id})
		if err == nil && was == position {
			return nil
		} else if err != nil && !store.IsNone(err) {
			return err
		}
		tx.Emit(desk.Event{Kind: desk.EventReading, Controller: c.Controller, Inbox: c.Inbox, Conversation: id, Agent: v.Actor.Agent})
		if err := b.gate.TellRead(ctx, tx, &c, position); err != nil {
			return err
		}
		return tx.SetReading(ctx, rows.SetReadingParams{Agent: v.Actor.Agent, Conversation: id, Position: position, At: tx.Stamp()})
	})
}

// Draft is what an Agent has typed and not sent, as the house keeps it.
type Draft struct {
	desk.Draft
	desk.Writing
}

// SaveDraft keeps what the Agent has typed; an empty Writing is forgotten.
func (b *Inbox) SaveDraft(ctx context.Context, v Viewer, id desk.ConversationID, w desk.Writing) error {
	if utf8.RuneCountInString(w.Reply.Reveal()) > MaxNote || utf8.RuneCountInString(w.Note.Reveal()) > MaxNote {
		return desk.Invalid("reply", "is longer than 4096 characters")
	}
	c, err := b.store.ConversationWithin(ctx, v.Scope, id)
	if err != nil {
		return err
	}
	if w.Reply.IsEmpty() && w.Note.IsEmpty() {
		return b.store.Update(ctx, func(tx *store.Tx) error {
			return tx.DropDraft(ctx, rows.DropDraftParams{Agent: v.Actor.Agent, Conversation: id})
		})
	}
	draft := desk.NewID[desk.Draft]()
	sealed, err := vault.Seal(ctx, b.vault, vault.ContactOwner(c.Contact), vault.DraftPlace(draft), w)
	if err != nil {
		return err
	}
	return b.store.Update(ctx, func(tx *store.Tx) error {
		return tx.SetDraft(ctx, rows.SetDraftParams{
			ID: draft, Agent: v.Actor.Agent, Conversation: id, Contact: c.Contact, At: tx.Stamp(), Content: sealed,
		})
	})
}

// Draft gives what the Agent has typed; the zero Draft if nothing.
func (b *Inbox) Draft(ctx context.Context, v Viewer, id desk.ConversationID) (Draft, error) {
	c, err := b.store.ConversationWithin(ctx, v.Scope, id)
	if err != nil {
		return Draft{}, err
	}
	row, err := b.store.Read().GetDraft(ctx, rows.GetDraftParams{Agent: v.Actor.Agent, Conversation: id})
	if store.IsNone(err) {
		return Draft{}, nil
	} else if err != nil {
		return Draft{}, err
	}
	d := Draft{Draft: desk.Draft{ID: row.ID, Agent: row.Agent, Conversation: id, Contact: c.Contact, At: row.At.Time, Content: row.Content}}
	opening := b.vault.Opening(vault.ReasonView)
	vault.Add(opening, vault.ContactOwner(c.Contact), vault.DraftPlace(row.ID), row.Content, &d.Writing)
	return d, b.readable(opening.Run(ctx))
}

// Attend notes that the Agent has a Conversation in front of them, for a minute. What
// only goes on as before is told again when half of it is over. Whether the Agent writes an
// answer, rather than a Note, may be told to the Contact.
func (b *Inbox) Attend(ctx context.Context, v Viewer, id desk.ConversationID, state desk.PresenceState, answers bool) error {
	c, err := b.store.ConversationWithin(ctx, v.Scope, id)
	if err != nil {
		return err
	}
	event := desk.Event{Kind: desk.EventPresence, Controller: c.Controller, Inbox: c.Inbox, Conversation: id}
	key := rows.GetPresenceParams{Conversation: id, Agent: v.Actor.Agent}
	return b.store.Update(ctx, func(tx *store.Tx) error {
		if state == desk.PresenceGone {
			n, err := tx.DropPresence(ctx, rows.DropPresenceParams(key))
			if n > 0 {
				tx.Emit(event)
			}
			return err
		}
		if answers && state == desk.PresenceWriting {
			if err := b.tellTyping(ctx, tx, v, &c); err != nil {
				return err
			}
		}
		was, err := tx.GetPresence(ctx, key)
		if err != nil && !store.IsNone(err) {
			return err
		}
		if err == nil && was.State == state && was.Until.Sub(tx.Now()) > desk.PresenceFor/2 {
			return nil
		}
		tx.Emit(event)
		return tx.SetPresence(ctx, rows.SetPresenceParams{
			Conversation: id, Agent: v.Actor.Agent, State: state, Until: desk.AsMillis(tx.Now().Add(desk.PresenceFor)),
		})
	})
}

// tellTyping tells the Contact, as far as the Agent has read what it wrote.
func (b *Inbox) tellTyping(ctx context.Context, tx *store.Tx, v Viewer, c *desk.Conversation) error {
	position, err := tx.GetReading(ctx, rows.GetReadingParams{Agent: v.Actor.Agent, Conversation: c.ID})
	if store.IsNone(err) {
		return nil
	} else if err != nil {
		return err
	}
	return b.gate.TellTyping(ctx, tx, c, position)
}

// Attending gives who has a Conversation in front of them now.
func (b *Inbox) Attending(ctx context.Context, v Viewer, id desk.ConversationID) ([]desk.Presence, error) {
	if _, err := b.store.ConversationWithin(ctx, v.Scope, id); err != nil {
		return nil, err
	}
	found, err := b.store.FindPresences(ctx, []desk.ConversationID{id})
	return found[id], err
}
