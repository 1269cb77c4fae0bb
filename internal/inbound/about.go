package inbound

import (
	"context"

	"botschaft/internal/desk"
	"botschaft/internal/store"
)

// tellChanged tells that Messages look different now, because some of these change them. One
// that is not here yet will be told when it comes.
func (p *plan) tellChanged(ctx context.Context, tx *store.Tx, messages []desk.Message) error {
	var about [][]byte
	for i := range messages {
		if m := &messages[i]; m.Kind.Changes() && m.AboutDigest != nil {
			about = append(about, m.AboutDigest)
		}
	}
	changed, err := tx.FindNamedStandings(ctx, p.to.ID, about)
	if err != nil {
		return err
	}
	for _, s := range changed {
		tx.Emit(desk.Event{Kind: desk.EventMessage, Controller: s.Controller, Inbox: s.Inbox, Conversation: s.Conversation, Message: s.ID})
	}
	return nil
}

// homes are Conversations in which Messages stand that others change.
type homes map[desk.ConversationID]*desk.Conversation

// find gives, locked, the Conversation in which the Message stands that m changes, so that no
// reaction opens a matter or reopens one; nil if it is not known.
func (h homes) find(ctx context.Context, tx *store.Tx, m *desk.Message) (*desk.Conversation, error) {
	if m.AboutDigest == nil {
		return nil, nil
	}
	named, err := tx.FindNamedStandings(ctx, m.Inbox, [][]byte{m.AboutDigest})
	if err != nil || len(named) == 0 {
		return nil, err
	}
	id := named[0].Conversation
	if h[id] == nil {
		if h[id], err = tx.LockConversation(ctx, id); err != nil {
			return nil, err
		}
	}
	if h[id].Contact != m.Contact {
		return nil, nil
	}
	return h[id], nil
}
