package inbox

import (
	"context"

	"botschaft/internal/desk"
	"botschaft/internal/outbound"
)

// Reply composes through the gate and gives the queued Message.
func (b *Inbox) Reply(ctx context.Context, v Viewer, s outbound.Submission) (Message, error) {
	m, err := b.gate.Compose(ctx, v.Actor, v.Scope, s)
	if err != nil {
		return Message{}, err
	}
	views, err := b.showMessages(ctx, []desk.Message{m}) // what advertises has more than was written
	if err != nil {
		return Message{}, err
	}
	return views[0], nil
}

// Repeat sends a Message again that failed, or one in doubt if warned.
func (b *Inbox) Repeat(ctx context.Context, v Viewer, id desk.MessageID, warned bool) (Message, error) {
	return b.act(ctx, v, id, func(m desk.Message) error { return b.gate.Repeat(ctx, v.Actor, m, warned) })
}

// Abandon lets a Message in doubt rest.
func (b *Inbox) Abandon(ctx context.Context, v Viewer, id desk.MessageID) (Message, error) {
	return b.act(ctx, v, id, func(m desk.Message) error { return b.gate.Abandon(ctx, v.Actor, m) })
}

// act does something to a Message and gives it as it is then.
func (b *Inbox) act(ctx context.Context, v Viewer, id desk.MessageID, do func(desk.Message) error) (Message, error) {
	m, err := b.message(ctx, v.Scope, id)
	if err != nil {
		return Message{}, err
	}
	if err := do(m); err != nil {
		return Message{}, err
	}
	if m, err = b.message(ctx, v.Scope, id); err != nil {
		return Message{}, err
	}
	views, err := b.showMessages(ctx, []desk.Message{m})
	if err != nil {
		return Message{}, err
	}
	return views[0], nil
}

func (b *Inbox) message(ctx context.Context, scope desk.Scope, id desk.MessageID) (desk.Message, error) {
	return b.store.MessageWithin(ctx, scope, id)
}

// Preview tells what the gate would say now of a text of a class and for a Purpose; both
// empty: of a reply.
func (b *Inbox) Preview(ctx context.Context, v Viewer, id desk.ConversationID, class, purpose string) (outbound.Preview, error) {
	c, err := b.store.ConversationWithin(ctx, v.Scope, id)
	if err != nil {
		return outbound.Preview{}, err
	}
	return b.gate.Preview(ctx, c, class, purpose)
}
