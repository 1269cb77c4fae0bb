package inbox

import (
	"context"
	"strings"
	"unicode/utf8"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Restrict limits the processing of a Contact's data: nothing is sent to it any
// more, what it writes is still received (GDPR Art. 18). The first reason stays.
func (b *Inbox) Restrict(ctx context.Context, v Viewer, id desk.ConversationID, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" || utf8.RuneCountInString(reason) > 500 {
		return desk.Invalid("reason", "must have between 1 and 500 characters")
	}
	return b.upon(ctx, v, id, func(tx *store.Tx, c *desk.Conversation) error {
		if _, err := tx.GetRestriction(ctx, c.Contact); err == nil {
			return desk.Conflict("the contact is restricted already")
		} else if !store.IsNone(err) {
			return err
		}
		if err := changedContact(ctx, tx, v.Actor, desk.ActContactRestricted, c); err != nil {
			return err
		}
		return tx.RestrictContact(ctx, rows.RestrictContactParams{Contact: c.Contact, At: tx.Stamp(), Reason: reason})
	})
}

// Unrestrict lifts the restriction.
func (b *Inbox) Unrestrict(ctx context.Context, v Viewer, id desk.ConversationID) error {
	return b.upon(ctx, v, id, func(tx *store.Tx, c *desk.Conversation) error {
		n, err := tx.UnrestrictContact(ctx, c.Contact)
		if err != nil {
			return err
		}
		if n == 0 {
			return desk.Conflict("the contact is not restricted")
		}
		return changedContact(ctx, tx, v.Actor, desk.ActContactUnrestricted, c)
	})
}

// upon runs do within one transaction for a Conversation in the Viewer's Scope, while nobody else
// changes what is known of its Contact.
func (b *Inbox) upon(ctx context.Context, v Viewer, id desk.ConversationID, do func(*store.Tx, *desk.Conversation) error) error {
	c, err := b.store.ConversationWithin(ctx, v.Scope, id)
	if err != nil {
		return err
	}
	return b.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.LockContact(ctx, c.Contact); err != nil {
			return err
		}
		return do(tx, &c)
	})
}

// changedContact tells what was done to a Contact, whom c is with. Whatever is open with
// it shows it, in other Inboxes too.
func changedContact(ctx context.Context, tx *store.Tx, actor desk.Actor, act desk.Act, c *desk.Conversation) error {
	tx.Audit(desk.AuditEntry{Actor: actor, Act: act, Subject: "contact:" + c.Contact.String(), Controller: c.Controller, Inbox: c.Inbox})
	return emitOpen(ctx, tx, c)
}

// emitOpen tells of every open Conversation with the Contact whom c is with.
func emitOpen(ctx context.Context, tx *store.Tx, c *desk.Conversation) error {
	open, err := tx.ListOpenOf(ctx, c.Contact)
	if err != nil {
		return err
	}
	tx.Emit(desk.Event{Kind: desk.EventConversation, Controller: c.Controller, Inbox: c.Inbox, Conversation: c.ID})
	for _, o := range open {
		if o.ID != c.ID {
			tx.Emit(desk.Event{Kind: desk.EventConversation, Controller: o.Controller, Inbox: o.Inbox, Conversation: o.ID})
		}
	}
	return nil
}
