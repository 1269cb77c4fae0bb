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
