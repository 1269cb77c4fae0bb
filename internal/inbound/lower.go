package inbound

import (
	"context"
	"slices"
	"strconv"

	"botschaft/internal/desk"
	"botschaft/internal/store"
)

// writeIdentities writes what people are reached by now, and what changed about that.
func (p *plan) writeIdentities(ctx context.Context, tx *store.Tx) error {
	if err := tx.EndIdentities(ctx, identities(p.ended)); err != nil {
		return err
	}
	if err := tx.AddIdentities(ctx, identities(p.identities)); err != nil {
		return err
	}
	if err := tx.AddIdentityChanges(ctx, p.changes); err != nil {
		return err
	}
	keys := make([]desk.IdentityKey, len(p.keys))
	for i, k := range p.keys {
		keys[i] = k.IdentityKey
	}
	return tx.SetIdentityKeys(ctx, keys)
}

// tellLowered tells of every open Conversation with the people who may be somebody else now.
func (p *plan) tellLowered(ctx context.Context, tx *store.Tx) error {
	var told []desk.ContactID
	for _, c := range p.changes {
		for _, id := range []desk.ContactID{c.Contact, c.Other} {
			if id.IsZero() || slices.Contains(told, id) {
				continue
			}
			told = append(told, id)
			open, err := tx.ListOpenOf(ctx, id)
			if err != nil {
				return err
			}
			for _, o := range open {
				tx.Emit(desk.Event{Kind: desk.EventConversation, Controller: o.Controller, Inbox: o.Inbox, Conversation: o.ID})
			}
		}
	}
	return nil
}

// mismatches notes that a Message was not delivered because the Contact's device has another key
// than before.
func mismatches(ctx context.Context, tx *store.Tx, raised []*store.Standing) error {
	var changes []desk.IdentityChange
	for _, s := range raised {
		if s.Failure != strconv.Itoa(desk.KeyMismatch) {
			continue
		}
		row, err := tx.GetMessage(ctx, s.ID)
		if err != nil {
			return err
		}
		changes = append(changes, desk.IdentityChange{
			ID: desk.NewID[desk.IdentityChange](), Controller: s.Controller, Contact: row.Contact, Mark: s.ID[:],
			News: desk.SystemNewIdentity, Heard: desk.HeardRefusal, ChangedAt: s.StatusAt, At: tx.Now(),
		})
	}
	return tx.AddIdentityChanges(ctx, changes)
}

func identities(all []*desk.Identity) []desk.Identity {
	out := make([]desk.Identity, len(all))
	for i, id := range all {
		out[i] = *id
	}
	return out
}
