package inbox

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Withdraw records that a Contact wants no more advertising and told a colleague so, for a
// Purpose or for all (empty). It holds from the next send on (GDPR Art. 7(3), 21(3)).
func (b *Inbox) Withdraw(ctx context.Context, v Viewer, id desk.ConversationID, purpose string) error {
	return b.record(ctx, v, id, desk.ConsentEntry{Step: desk.ConsentWithdrawn, Means: desk.MeansAgent, Purpose: purpose})
}

// ClearDoubt records that a colleague has read a Message that might have been a withdrawal,
// and it was none.
func (b *Inbox) ClearDoubt(ctx context.Context, v Viewer, id desk.ConversationID, message desk.MessageID) error {
	return b.record(ctx, v, id, desk.ConsentEntry{Step: desk.ConsentCleared, Means: desk.MeansAgent, Answer: message})
}

// record writes an entry into the Ledger of the Conversation's Contact.
func (b *Inbox) record(ctx context.Context, v Viewer, id desk.ConversationID, e desk.ConsentEntry) error {
	if err := checkPurpose(e.Purpose); err != nil {
		return err
	}
	return b.upon(ctx, v, id, func(tx *store.Tx, c *desk.Conversation) error {
		e.Controller, e.Contact, e.Actor = c.Controller, c.Contact, v.Actor
		if _, err := tx.AddConsent(ctx, e); err != nil {
			return err
		}
		return emitOpen(ctx, tx, c)
	})
}

// Object records that a Contact objects to a Purpose: nothing is sent for it any more (GDPR
// Art. 21(1)). desk.CodeInvalid if it rests on what nobody can object to: a note of one would keep
// a customer from what the contract promises them.
func (b *Inbox) Object(ctx context.Context, v Viewer, id desk.ConversationID, purpose string) error {
	return b.upon(ctx, v, id, func(tx *store.Tx, c *desk.Conversation) error {
		r, err := store.RegisterNow(ctx, tx.Queries, c.Controller, tx.Now())
		if err != nil {
			return err
		}
		if p, ok := r.Controller.Named(purpose); !ok {
			return desk.Invalid("purpose", "is no purpose of the controller")
		} else if !p.MayBeObjected() {
			return desk.Invalid("purpose", "rests on a contract or a duty by law, to which nobody can object (GDPR Art. 21)")
		}
		if err := changedContact(ctx, tx, v.Actor, desk.ActContactObjected, c); err != nil {
			return err
		}
		return tx.AddObjection(ctx, rows.AddObjectionParams{Contact: c.Contact, Purpose: purpose, At: tx.Stamp(), Actor: v.Actor.Agent.String()})
	})
}

// LiftObjection ends an objection, after compelling grounds were documented or the Contact
// took it back.
func (b *Inbox) LiftObjection(ctx context.Context, v Viewer, id desk.ConversationID, purpose string) error {
	if err := checkPurpose(purpose); err != nil {
		return err
	}
	return b.upon(ctx, v, id, func(tx *store.Tx, c *desk.Conversation) error {
		n, err := tx.DropObjection(ctx, rows.DropObjectionParams{Contact: c.Contact, Purpose: purpose})
		if err != nil {
			return err
		}
		if n == 0 {
			return nil // there is none
		}
		return changedContact(ctx, tx, v.Actor, desk.ActObjectionLifted, c)
	})
}

// checkPurpose wants plain text: a Purpose that has left the register may still be named.
func checkPurpose(purpose string) error {
	if !utf8.ValidString(purpose) || strings.ContainsFunc(purpose, unicode.IsControl) {
		return desk.Invalid("purpose", "must be plain text")
	}
	return nil
}
