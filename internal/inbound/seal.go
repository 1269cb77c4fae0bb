package inbound

import (
	"context"
	"fmt"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/vault"
)

// seal turns what the batch holds readable into what the database may keep, after
// one query for all keys.
func (w *Worker) seal(ctx context.Context, p *plan, fresh []*newcomer) error {
	owners := make([]vault.Owner, 0, len(fresh))
	for _, n := range fresh {
		owners = append(owners, vault.ContactOwner(n.contact))
	}
	if err := w.vault.Prefetch(ctx, owners); err != nil {
		return fmt.Errorf("load keys: %w", err)
	}
	for i := range p.identities {
		id := p.identities[i]
		sealed, err := vault.Seal(ctx, w.vault, vault.ContactOwner(id.Contact), vault.IdentityPlace(id.ID), p.values[i])
		if err != nil {
			return err
		}
		id.Value = sealed
	}
	for i := range p.keys {
		k := &p.keys[i]
		var err error
		if k.Value, err = vault.Seal(ctx, w.vault, vault.ContactOwner(k.Contact), vault.KeyPlace(k.Inbox), k.readable); err != nil {
			return err
		}
	}
	for _, n := range fresh {
		if n.arrived == nil {
			continue
		}
		if err := w.sealMessage(ctx, p, n); err != nil {
			return err
		}
	}
	return w.sealProfiles(ctx, p, fresh)
}

func (w *Worker) sealMessage(ctx context.Context, p *plan, n *newcomer) error {
	if err := w.sealWords(ctx, p, n); err != nil {
		return err
	}
	a, m := n.arrived, &n.message
	m.Direction, m.Origin, m.Status, m.StatusAt = desk.In, desk.OriginContact, desk.StatusReceived, m.At
	p.messages = append(p.messages, *m)
	if a.File {
		p.files = append(p.files, fileOf(m))
	}
	p.read(m, a)
	if answer, ok := agrees(a, n.by()); ok {
		if p.agreements == nil {
			p.agreements = map[desk.MessageID]agreement{}
		}
		p.agreements[m.ID] = answer
	}
	return nil
}

// fileOf asks for the file of a Message.
func fileOf(m *desk.Message) desk.Attachment {
	return desk.Attachment{Message: m.ID, Contact: m.Contact, State: desk.AttachmentWaiting, At: m.At, Until: m.At.Add(desk.FileLife)}
}

// sealWords gives a Message its id and its time, and seals what it says.
func (w *Worker) sealWords(ctx context.Context, p *plan, n *newcomer) error {
	a, m := n.arrived, &n.message
	m.ID, m.Controller, m.Inbox, m.Contact, m.Kind = desk.NewID[desk.Message](), p.to.Inbox.Controller, p.to.ID, n.contact, a.Kind
	m.ExternalAt = a.At
	if m.ExternalAt.IsZero() {
		m.ExternalAt, m.Late = m.At, true
	}
	at, late := desk.ThreadTime(m.ExternalAt, m.At)
	m.ThreadAt, m.Late = at, m.Late || late
	m.WamidDigest = n.digest
	if p.came == nil {
		p.came = map[desk.MessageID][]known{}
	}
	p.came[m.ID] = n.from
	owner := vault.ContactOwner(n.contact)
	var err error
	if m.Content, err = vault.Seal(ctx, w.vault, owner, vault.ContentPlace(m.ID), a.Content); err != nil {
		return err
	}
	m.Wamid, err = vault.Seal(ctx, w.vault, owner, vault.WamidPlace(m.ID), a.Wamid)
	return err
}

// sealProfiles keeps what new Contacts call themselves, and what known ones call
// themselves now.
func (w *Worker) sealProfiles(ctx context.Context, p *plan, fresh []*newcomer) error {
	latest := map[desk.ContactID]desk.Profile{}
	for _, n := range fresh {
		latest[n.contact], _ = merged(latest[n.contact], n.profile())
	}
	for i := range p.contacts {
		c := &p.contacts[i]
		sealed, err := vault.Seal(ctx, w.vault, vault.ContactOwner(c.ID), vault.ProfilePlace(c.ID), latest[c.ID])
		if err != nil {
			return err
		}
		c.Profile = sealed
		delete(latest, c.ID)
	}
	return w.renewProfiles(ctx, p, latest)
}

func (w *Worker) renewProfiles(ctx context.Context, p *plan, latest map[desk.ContactID]desk.Profile) error {
	ids := make([]desk.ContactID, 0, len(latest))
	for id := range latest {
		ids = append(ids, id)
	}
	known, err := w.store.FindContacts(ctx, ids)
	if err != nil {
		return err
	}
	opened, opening := make([]desk.Profile, len(ids)), w.vault.Opening(vault.ReasonProcess)
	for i, id := range ids {
		vault.Add(opening, vault.ContactOwner(id), vault.ProfilePlace(id), known[id].Profile, &opened[i])
	}
	if err := opening.Run(ctx); err != nil {
		return err
	}
	for i, id := range ids {
		now, changed := merged(opened[i], latest[id])
		if !changed {
			continue
		}
		sealed, err := vault.Seal(ctx, w.vault, vault.ContactOwner(id), vault.ProfilePlace(id), now)
		if err != nil {
			return err
		}
		p.profiles = append(p.profiles, desk.Contact{ID: id, Profile: sealed})
	}
	return nil
}

// merged keeps what is known where the news says nothing.
func merged(was, now desk.Profile) (desk.Profile, bool) {
	changed := false
	for _, f := range []struct{ was, now *private.Text }{
		{&was.Name, &now.Name}, {&was.Username, &now.Username}, {&was.Masked, &now.Masked},
	} {
		if !f.now.IsEmpty() && !f.now.Equal(*f.was) {
			*f.was, changed = *f.now, true
		}
	}
	return was, changed
}
