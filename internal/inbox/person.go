package inbox

import (
	"context"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// maxMatters is how many other Conversations of a Contact are shown.
const maxMatters = 50

// Matters gives the other Conversations of the same Contact in the Scope, the newest
// first.
func (b *Inbox) Matters(ctx context.Context, v Viewer, id desk.ConversationID) ([]Conversation, error) {
	c, err := b.store.ConversationWithin(ctx, v.Scope, id)
	if err != nil {
		return nil, err
	}
	if err := b.openings.Open(ctx, opened(v.Actor, &c)); err != nil {
		return nil, err
	}
	listed, err := b.store.Read().ListMatters(ctx, rows.ListMattersParams{
		Contact: c.Contact, ID: id, Everything: v.Scope.All, Agent: v.Scope.Agent, Page: maxMatters,
	})
	if err != nil {
		return nil, err
	}
	found := make([]desk.Conversation, len(listed))
	for i, row := range listed {
		found[i] = store.ConversationOf(row)
	}
	return b.showTo(ctx, v, found)
}

// Identity is an Identity as far as it is shown without revealing it.
type Identity struct {
	ID     desk.IdentityID
	Kind   desk.IdentityKind
	Masked private.Text
	Since  time.Time
}

// Identities gives the Contact's Identities, masked.
func (b *Inbox) Identities(ctx context.Context, v Viewer, id desk.ConversationID) ([]Identity, error) {
	c, err := b.store.ConversationWithin(ctx, v.Scope, id)
	if err != nil {
		return nil, err
	}
	if err := b.openings.Open(ctx, opened(v.Actor, &c)); err != nil {
		return nil, err
	}
	listed, values, err := b.identities(ctx, &c)
	if err := b.readable(err); err != nil {
		return nil, err
	}
	out := make([]Identity, len(listed))
	for i, row := range listed {
		out[i] = Identity{row.ID, row.Kind, desk.Alias{Kind: row.Kind, Value: values[i]}.Masked(), row.ValidFrom.Time}
	}
	return out, nil
}

// identities opens the Contact's Identities, its own behind those of the Contacts that are the
// same person.
func (b *Inbox) identities(ctx context.Context, c *desk.Conversation) ([]rows.Identity, []private.Text, error) {
	listed, err := b.store.Read().ListIdentities(ctx, c.Contact)
	if err != nil {
		return nil, nil, err
	}
	kin, err := b.store.Read().ListKinIdentities(ctx, c.Contact)
	if err != nil {
		return nil, nil, err
	}
	listed = append(kin, listed...)
	values, opening := make([]private.Text, len(listed)), b.vault.Opening(vault.ReasonView)
	for i, identity := range listed {
		vault.Add(opening, vault.ContactOwner(identity.Contact), vault.IdentityPlace(identity.ID), identity.Value, &values[i])
	}
	return listed, values, opening.Run(ctx)
}

// SetLanguage notes which language the Contact reads, as BCP 47; empty if that is not
// known.
func (b *Inbox) SetLanguage(ctx context.Context, v Viewer, id desk.ConversationID, tag private.Text) error {
	c, err := b.store.ConversationWithin(ctx, v.Scope, id)
	if err != nil {
		return err
	}
	// Opened and sealed again outside the transaction; who is faster wins, and what the
	// Contact calls itself comes again with its next Message.
	contact, err := b.store.Read().GetContact(ctx, c.Contact)
	if err != nil {
		return err
	}
	owner, place := vault.ContactOwner(c.Contact), vault.ProfilePlace(c.Contact)
	profile, err := vault.OpenOne(ctx, b.vault, vault.ReasonProcess, owner, place, contact.Profile)
	if err != nil {
		return err
	}
	profile.Language = tag
	sealed, err := vault.Seal(ctx, b.vault, owner, place, profile)
	if err != nil {
		return err
	}
	return b.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.LockContact(ctx, c.Contact); err != nil {
			return err
		}
		if err := changedContact(ctx, tx, v.Actor, desk.ActLanguageSet, &c); err != nil {
			return err
		}
		return tx.SetContactProfile(ctx, rows.SetContactProfileParams{ID: c.Contact, Profile: sealed})
	})
}
