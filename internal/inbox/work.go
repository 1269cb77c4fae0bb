package inbox

import (
	"context"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// Limits of what is written beside Messages, in characters.
const (
	MaxNote     = 4096
	MaxTransfer = 1000
	MaxReason   = 500
)

// step is one act on a Conversation, decided under its lock.
type step struct {
	act    desk.Act
	kind   desk.TurnKind
	words  private.Text // what the Turn says
	detail map[string]string
	agent  desk.AgentID // who is to have it; its access does not end meanwhile
	// change does it, or says why not. What it notes on the Turn is shown.
	change func(ctx context.Context, tx *store.Tx, c *desk.Conversation, t *desk.Turn) error
}

// work does one act: state, Turn, tallies, audit entry and event in one transaction.
func (b *Inbox) work(ctx context.Context, v Viewer, id desk.ConversationID, s step) (Conversation, error) {
	c, err := b.store.ConversationWithin(ctx, v.Scope, id)
	if err != nil {
		return Conversation{}, err
	}
	turnID, sealed, err := b.sealTurn(ctx, c.Contact, s.words)
	if err != nil {
		return Conversation{}, err
	}
	var after desk.Conversation
	err = b.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.HoldAgent(ctx, s.agent); err != nil {
			return err
		}
		c, err := tx.LockConversation(ctx, id)
		if err != nil {
			return err
		}
		before := c.Tally()
		t := c.Turn(s.kind, v.Actor.Agent, tx.Now())
		t.ID, t.Content = turnID, sealed
		if err := s.change(ctx, tx, c, &t); err != nil {
			return err
		}
		tx.Count(before, c.Tally())
		tx.Audit(desk.AuditEntry{
			Actor: v.Actor, Act: s.act, Subject: subjectOf(id), Controller: c.Controller, Inbox: c.Inbox, Detail: s.detail,
		})
		tx.Emit(t.Event())
		after = *c
		if err := tx.SaveConversations(ctx, []desk.Conversation{*c}); err != nil {
			return err
		}
		return tx.AddTurns(ctx, []desk.Turn{t})
	})
	if err != nil {
		return Conversation{}, err
	}
	views, err := b.showTo(ctx, v, []desk.Conversation{after})
	if err != nil {
		return Conversation{}, err
	}
	return views[0], nil
}

// sealTurn makes the id and the sealed words of a Turn to come.
func (b *Inbox) sealTurn(ctx context.Context, contact desk.ContactID, words private.Text) (desk.TurnID, desk.SealedText, error) {
	id := desk.NewID[desk.Turn]()
	if words.IsEmpty() {
		return id, desk.SealedText{}, nil
	}
	sealed, err := vault.Seal(ctx, b.vault, vault.ContactOwner(contact), vault.TurnPlace(id), words)
	return id, sealed, err
}

// Assign gives a Conversation to an Agent who serves its Inbox. was is who has it as
// far as the caller knows; nil if that does not matter.
func (b *Inbox) Assign(ctx context.Context, v Viewer, id desk.ConversationID, to desk.AgentID, was *desk.AgentID) (Conversation, error) {
	return b.work(ctx, v, id, b.assigning(step{act: desk.ActAssigned, kind: desk.TurnAssigned}, to, was))
}

// Transfer is Assign to a colleague, with words on what they should know.
func (b *Inbox) Transfer(ctx context.Context, v Viewer, id desk.ConversationID, to desk.AgentID, note private.Text) (Conversation, error) {
	note, err := desk.CheckWords("note", note, MaxTransfer, true)
	if err != nil {
		return Conversation{}, err
	}
	return b.work(ctx, v, id, b.assigning(step{act: desk.ActTransferred, kind: desk.TurnTransferred, words: note}, to, nil))
}

func (b *Inbox) assigning(s step, to desk.AgentID, was *desk.AgentID) step {
	s.detail, s.agent = map[string]string{"to": to.String()}, to
	s.change = func(ctx context.Context, tx *store.Tx, c *desk.Conversation, t *desk.Turn) error {
		switch {
		case c.Closed != nil:
			return errClosed
		case was != nil && *was != c.Assignee:
			return errMoved
		case c.Assignee == to:
			return desk.Conflict("the agent has the conversation already")
		}
		may, err := tx.MayHave(ctx, to, c.Inbox)
		if err != nil {
			return err
		}
		if !may {
			return desk.Invalid("agent", "does not serve this inbox")
		}
		c.Assignee, t.To = to, to
		return nil
	}
	return s
}

var (
	errClosed = desk.Conflict("the conversation is closed; reopen it first")
	errMoved  = &desk.Error{Code: desk.CodeConflict, Field: "was", Text: "somebody else was faster: the conversation has another owner now"}
)

// Release takes a Conversation from whoever has it.
func (b *Inbox) Release(ctx context.Context, v Viewer, id desk.ConversationID) (Conversation, error) {
	return b.work(ctx, v, id, step{act: desk.ActReleased, kind: desk.TurnReleased, change: func(_ context.Context, _ *store.Tx, c *desk.Conversation, t *desk.Turn) error {
		switch {
		case c.Closed != nil:
			return errClosed
		case c.Assignee.IsZero():
			return desk.Conflict("nobody has the conversation")
		}
		c.Assignee = desk.AgentID{}
		return nil
	}})
}

// Close ends a Conversation. What the Contact writes next opens another one.
func (b *Inbox) Close(ctx context.Context, v Viewer, id desk.ConversationID, reason private.Text) (Conversation, error) {
	reason, err := desk.CheckWords("reason", reason, MaxReason, false)
	if err != nil {
		return Conversation{}, err
	}
	c, err := b.store.ConversationWithin(ctx, v.Scope, id)
	if err != nil {
		return Conversation{}, err
	}
	var sealed desk.SealedText
	if !reason.IsEmpty() {
		if sealed, err = vault.Seal(ctx, b.vault, vault.ContactOwner(c.Contact), vault.ClosurePlace(id), reason); err != nil {
			return Conversation{}, err
		}
	}
	return b.work(ctx, v, id, step{act: desk.ActClosed, kind: desk.TurnClosed, words: reason, change: func(_ context.Context, tx *store.Tx, c *desk.Conversation, t *desk.Turn) error {
		if c.Closed != nil {
			return desk.Conflict("the conversation is closed already")
		}
		c.Closed, c.Snoozed, c.Receiving = &desk.Closure{At: tx.Now(), By: v.Actor.Agent, Reason: sealed}, nil, false
		return nil
	}})
}

// Reopen takes the Closure away. What the Contact writes next belongs here again,
// unless another Conversation of theirs receives it by now. Whoever had it has it again,
// unless they may not any more.
func (b *Inbox) Reopen(ctx context.Context, v Viewer, id desk.ConversationID) (Conversation, error) {
	was, err := b.store.ConversationWithin(ctx, v.Scope, id)
	if err != nil {
		return Conversation{}, err
	}
	reopen := step{act: desk.ActReopened, kind: desk.TurnReopened, agent: was.Assignee, change: func(ctx context.Context, tx *store.Tx, c *desk.Conversation, t *desk.Turn) error {
		if c.Closed == nil {
			return desk.Conflict("the conversation is not closed")
		}
		if may, err := tx.MayHave(ctx, c.Assignee, c.Inbox); err != nil {
			return err
		} else if !may {
			c.Assignee = desk.AgentID{}
		}
		c.Closed = nil
		other, err := tx.LockReceiving(ctx, c.Inbox, []desk.ContactID{c.Contact})
		c.Receiving = len(other) == 0
		return err
	}}
	view, err := b.work(ctx, v, id, reopen)
	if store.IsConstraint(err) { // another one began to receive in the same moment
		return b.work(ctx, v, id, reopen)
	}
	return view, err
}

// Snooze lets a Conversation rest until a time, or until the Contact writes: then
// until is the zero time. Resting again replaces the rest before.
func (b *Inbox) Snooze(ctx context.Context, v Viewer, id desk.ConversationID, until time.Time) (Conversation, error) {
	return b.work(ctx, v, id, step{act: desk.ActSnoozed, kind: desk.TurnSnoozed, change: func(_ context.Context, tx *store.Tx, c *desk.Conversation, t *desk.Turn) error {
		switch {
		case c.Closed != nil:
			return errClosed
		case !until.IsZero() && !until.After(tx.Now()):
			return desk.Invalid("until", "must be in the future")
		case until.After(tx.Now().Add(desk.MaxSnooze)):
			return desk.Invalid("until", "must be within a year")
		}
		c.Snoozed, t.Until = &desk.Snooze{At: tx.Now(), By: v.Actor.Agent, Until: until}, until
		return nil
	}})
}

// Wake ends the rest of a Conversation.
func (b *Inbox) Wake(ctx context.Context, v Viewer, id desk.ConversationID) (Conversation, error) {
	return b.work(ctx, v, id, step{act: desk.ActWoken, kind: desk.TurnWoken, change: func(_ context.Context, _ *store.Tx, c *desk.Conversation, _ *desk.Turn) error {
		if !c.Wake() {
			return desk.Conflict("the conversation does not rest")
		}
		return nil
	}})
}

// Colleagues gives the Agents who may have Conversations of an Inbox.
func (b *Inbox) Colleagues(ctx context.Context, v Viewer, id desk.InboxID) ([]desk.AgentID, error) {
	if _, err := b.listed(ctx, v.Scope, id); err != nil {
		return nil, err
	}
	return b.store.Read().ListAssignable(ctx, id)
}
