package seed

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// seal turns what the batch holds readable into what the database may keep.
func (b *batch) seal(ctx context.Context, p *Plan) error {
	for _, who := range b.people {
		b.keys = append(b.keys, vault.NewContact{Controller: p.Controller, Contact: who.contact.ID})
	}
	if err := p.Vault.AddContacts(ctx, b.keys); err != nil {
		return err
	}
	for i := range b.people {
		if err := b.sealPerson(ctx, p, &b.people[i]); err != nil {
			return err
		}
	}
	// Threads grow beside each other: their rows lie between those of others.
	slices.SortStableFunc(b.letters, func(a, b letter) int {
		return cmp.Or(a.message.At.Compare(b.message.At), cmp.Compare(a.number, b.number))
	})
	for i := range b.letters {
		if err := b.sealLetter(ctx, p, &b.letters[i]); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) sealPerson(ctx context.Context, p *Plan, who *person) error {
	alias := desk.Alias{Kind: who.identity.Kind, Value: private.NewText("+" + Phone(who.number))}
	owner := vault.ContactOwner(who.contact.ID)
	var err error
	if who.contact.Profile, err = vault.Seal(ctx, p.Vault, owner, vault.ProfilePlace(who.contact.ID), desk.Profile{
		Name: private.NewText(Name(who.number)), Masked: alias.Masked(),
	}); err != nil {
		return err
	}
	if who.identity.Value, err = vault.Seal(ctx, p.Vault, owner, vault.IdentityPlace(who.identity.ID), alias.Value); err != nil {
		return err
	}
	who.identity.Digest, err = p.Vault.Digest(ctx, p.Controller, "identity", []byte(alias.Kind), []byte(alias.Value.Reveal()))
	b.contacts, b.identities = append(b.contacts, who.contact), append(b.identities, who.identity)
	return err
}

func (b *batch) sealLetter(ctx context.Context, p *Plan, l *letter) error {
	m, wamid := &l.message, Wamid(l.number, l.place)
	owner, content := vault.ContactOwner(m.Contact), desk.Content{Text: private.NewText(l.text)}
	if m.Direction == desk.In { // the Provider's object is kept whole
		content.Raw = private.NewText(fmt.Sprintf(`{"from":"%s","id":"%s","timestamp":"%d","type":"text","text":{"body":"%s"}}`,
			Phone(l.number), wamid, m.ExternalAt.Unix(), l.text))
	}
	var err error
	if m.Content, err = vault.Seal(ctx, p.Vault, owner, vault.ContentPlace(m.ID), content); err != nil {
		return err
	}
	if m.Wamid, err = vault.Seal(ctx, p.Vault, owner, vault.WamidPlace(m.ID), private.NewText(wamid)); err != nil {
		return err
	}
	if m.WamidDigest, err = p.Vault.Digest(ctx, p.Controller, "wamid", p.Inbox[:], []byte(wamid)); err != nil {
		return err
	}
	if m.Direction == desk.Out {
		err = b.dispatch(ctx, p, l)
	}
	b.messages = append(b.messages, *m)
	return err
}

// dispatch notes that a Message was allowed and went out at its first attempt.
func (b *batch) dispatch(ctx context.Context, p *Plan, l *letter) error {
	m := &l.message
	client, err := p.Vault.Digest(ctx, p.Controller, "client", m.Conversation[:], p.Agent[:], []byte(Wamid(l.number, l.place)))
	if err != nil {
		return err
	}
	body, err := p.Vault.Digest(ctx, p.Controller, "body", []byte(m.Kind), []byte(l.text))
	if err != nil {
		return err
	}
	permit, err := json.Marshal(desk.PermitRecord{Policy: "1", Basis: "6(1)(b)"})
	if err != nil {
		return err
	}
	b.dispatches = append(b.dispatches, rows.Dispatch{
		Message: m.ID, Conversation: m.Conversation, ClientDigest: client, BodyDigest: body, Permit: string(permit),
		Attempt: 1, Node: "seed", SendingAt: desk.AsMillis(m.At),
	})
	return nil
}
