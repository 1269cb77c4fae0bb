package inbox

import (
	"context"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// cutting is a Conversation that is cut at the Split: what was said in it before, and since.
type cutting struct {
	desk.Conversation
	before, since []desk.Trace
}

// trace locks all that was talked about with the Contact, and finds where something was said since.
func (p *parting) trace(ctx context.Context) error {
	all, err := p.tx.LockConversationsOf(ctx, p.From)
	if err != nil {
		return err
	}
	for _, c := range all {
		said, err := p.tx.Traces(ctx, c.ID)
		if err != nil {
			return err
		}
		at := cutting{Conversation: c}
		for _, t := range said {
			if t.IsSince(p.Since) {
				at.since = append(at.since, t)
			} else {
				at.before = append(at.before, t)
			}
		}
		if len(at.since) > 0 {
			p.spoken = append(p.spoken, at)
		}
	}
	return nil
}

// cut ends each Conversation in which the stranger spoke, and lets what was said since go on in one
// of theirs, at the same places.
func (p *parting) cut(ctx context.Context) error {
	for _, c := range p.spoken {
		if err := p.branch(ctx, &c); err != nil {
			return err
		}
	}
	return nil
}

func (p *parting) branch(ctx context.Context, c *cutting) error {
	tally := c.Tally()
	turn := c.Turn(desk.TurnSplit, p.by.Agent, p.tx.Now())
	next, left := c.Retrace(c.since), c.Retrace(c.before)
	next.ID, next.Contact, next.OpenedAt = desk.NewID[desk.Conversation](), p.To, c.since[0].At
	left.Receiving, left.Snoozed = false, nil
	if err := p.closures(ctx, &left, &next); err != nil {
		return err
	}
	p.Homes[c.ID] = next.ID
	there := turn
	there.ID, there.Contact, there.Conversation = desk.NewID[desk.Turn](), p.To, next.ID
	p.turns = append(p.turns, turn, there)
	p.tx.Count(tally, left.Tally())
	if err := p.tx.SaveConversations(ctx, []desk.Conversation{left}); err != nil {
		return err
	}
	return p.tx.AddConversations(ctx, []desk.Conversation{next})
}

// closures ends what is left, and keeps the reason of an earlier end with whom it is about.
func (p *parting) closures(ctx context.Context, left, next *desk.Conversation) error {
	was := left.Closed
	if was == nil {
		left.Closed = &desk.Closure{At: p.tx.Now(), By: p.by.Agent}
		return nil
	}
	bare := &desk.Closure{At: was.At, By: was.By}
	next.Closed = bare
	if was.Reason.IsEmpty() || was.At.Before(p.Since) {
		return nil
	}
	left.Closed = bare
	sealed, err := p.vault.Pass(ctx, vault.ContactOwner(p.From), vault.ClosurePlace(left.ID), vault.ContactOwner(p.To), vault.ClosurePlace(next.ID), was.Reason.Bytes())
	next.Closed = &desk.Closure{At: was.At, By: was.By, Reason: private.SealedBytes[private.Text](sealed)}
	return err
}

// handOver gives the stranger what was said.
func (p *parting) handOver(ctx context.Context) error {
	if err := p.tx.HandOver(ctx, &p.Split, p.again); err != nil {
		return err
	}
	return p.leaveOpen(ctx)
}

// leaveOpen leaves what is open with the Contact as it is, but that nothing comes there any more:
// what is on its way in this moment must not find its old place. Nor is any Window the Contact's:
// it opens by number (Meta: customer service window).
func (p *parting) leaveOpen(ctx context.Context) error {
	open, err := p.tx.ListOpenOf(ctx, p.From)
	if err != nil {
		return err
	}
	for _, r := range open {
		c := store.ConversationOf(r)
		c.Receiving, c.WindowOpened = false, time.Time{}
		if err := p.tx.SaveConversations(ctx, []desk.Conversation{c}); err != nil {
			return err
		}
	}
	return p.tx.EndWindows(ctx, p.From)
}
