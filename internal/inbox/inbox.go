package inbox

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/outbound"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// Openings record that an Agent looked, before anything is shown.
type Openings interface {
	Open(ctx context.Context, e desk.AuditEntry) error
	Covers(agent desk.AgentID, subject string) bool
}

// Viewer is who looks or acts, and where they may.
type Viewer struct {
	Actor desk.Actor
	Scope desk.Scope
}

// Served is an Inbox that Agents serve, with its Controller.
type Served = directory.Entry

// Inbox serves Agents.
type Inbox struct {
	store    *store.Store
	vault    *vault.Vault
	inboxes  *directory.Directory
	gate     *outbound.Gate
	openings Openings
	read     Reader
	log      *slog.Logger
}

// Reader reads what a Message holds beside its text from what was kept of it.
type Reader func(desk.Content) desk.Details

// New makes an Inbox.
func New(s *store.Store, v *vault.Vault, d *directory.Directory, g *outbound.Gate, o Openings, r Reader, log *slog.Logger) *Inbox {
	return &Inbox{store: s, vault: v, inboxes: d, gate: g, openings: o, read: r, log: log}
}

// readable reports what was altered and shows the rest: one bad row must not keep
// everybody from everything else. It is shown without content.
func (b *Inbox) readable(err error) error {
	if errors.Is(err, vault.ErrUnreadable) {
		b.log.Error("something sealed cannot be read and is shown empty", "error", err)
		return nil
	}
	return err
}

// Inboxes gives those in the Scope, by name.
func (b *Inbox) Inboxes(ctx context.Context, scope desk.Scope) ([]*directory.Entry, error) {
	all := b.inboxes.All()
	reach, err := b.store.Reach(ctx, scope)
	if err != nil || reach.All {
		return all, err
	}
	return slices.DeleteFunc(slices.Clone(all), func(e *directory.Entry) bool { return !reach.Covers(e.Inbox.Controller, e.ID) }), nil
}

// subjectOf is how the audit log names a Conversation.
func subjectOf(id desk.ConversationID) string { return "conversation:" + id.String() }

func opened(actor desk.Actor, c *desk.Conversation) desk.AuditEntry {
	return desk.AuditEntry{
		Actor: actor, Act: desk.ActConversationOpened, Subject: subjectOf(c.ID), Controller: c.Controller, Inbox: c.Inbox,
	}
}

// HasOpened tells whether the Agent opened the Conversation lately, so that news of
// it may be shown without a further audit entry.
func (b *Inbox) HasOpened(agent desk.AgentID, id desk.ConversationID) bool {
	return b.openings.Covers(agent, subjectOf(id))
}

// Open gives one Conversation, noted in the audit log first.
func (b *Inbox) Open(ctx context.Context, v Viewer, id desk.ConversationID) (Conversation, error) {
	c, err := b.store.ConversationWithin(ctx, v.Scope, id)
	if err != nil {
		return Conversation{}, err
	}
	if err := b.openings.Open(ctx, opened(v.Actor, &c)); err != nil {
		return Conversation{}, err
	}
	views, err := b.showTo(ctx, v, []desk.Conversation{c})
	if err != nil {
		return Conversation{}, err
	}
	return views[0], nil
}

// Reveal gives the Contact's Identities in full. Each time is an audit entry.
func (b *Inbox) Reveal(ctx context.Context, v Viewer, id desk.ConversationID) ([]desk.Alias, error) {
	c, err := b.store.ConversationWithin(ctx, v.Scope, id)
	if err != nil {
		return nil, err
	}
	listed, values, err := b.identities(ctx, &c)
	if err != nil {
		return nil, err
	}
	if err := b.store.Update(ctx, func(tx *store.Tx) error {
		tx.Audit(desk.AuditEntry{
			Actor: v.Actor, Act: desk.ActIdentityRevealed, Subject: "contact:" + c.Contact.String(), Controller: c.Controller,
			Inbox: c.Inbox, Detail: map[string]string{"conversation": c.ID.String()},
		})
		return nil
	}); err != nil {
		return nil, err
	}
	out := make([]desk.Alias, len(listed))
	for i, identity := range listed {
		out[i] = desk.Alias{Kind: identity.Kind, Value: values[i]}
	}
	return out, nil
}
