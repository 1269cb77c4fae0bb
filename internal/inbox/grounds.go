package inbox

import (
	"context"

	"botschaft/internal/desk"
	"botschaft/internal/facts"
	"botschaft/internal/outbound"
)

// Grounds say why we may write to a Contact, or why not: what an Agent must know, and what a
// Contact may ask (GDPR Art. 5(2), 15(1)).
type Grounds struct {
	Now outbound.Preview
	facts.History
}

// Grounds tells them for the Contact of a Conversation. Looking is audited like opening it.
func (b *Inbox) Grounds(ctx context.Context, v Viewer, id desk.ConversationID) (Grounds, error) {
	c, err := b.store.ConversationWithin(ctx, v.Scope, id)
	if err != nil {
		return Grounds{}, err
	}
	if err := b.openings.Open(ctx, opened(v.Actor, &c)); err != nil {
		return Grounds{}, err
	}
	var g Grounds
	if g.Now, err = b.gate.Preview(ctx, c, "", ""); err != nil {
		return g, err
	}
	g.History, err = facts.ReadHistory(ctx, b.store.Read(), b.store.Now(), c.Controller, c.Contact)
	return g, err
}
