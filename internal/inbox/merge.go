package inbox

import (
	"context"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Merge records that the Contact of a Conversation is the same person as another one. Neither
// is changed: they show each other's matters and Identities, what forbids sending to one
// forbids it to both, and to whom nothing of its own leads any more is answered by what the
// other has.
func (b *Inbox) Merge(ctx context.Context, v Viewer, id desk.ConversationID, other desk.ContactID) (Conversation, error) {
	c, err := b.store.ConversationWithin(ctx, v.Scope, id)
	if err != nil {
		return Conversation{}, err
	}
	if other == c.Contact {
		return Conversation{}, desk.Invalid("contact", "is the same contact already")
	}
	second, err := b.newestOf(ctx, v, other)
	if err != nil {
		return Conversation{}, err
	}
	if second.Controller != c.Controller {
		return Conversation{}, desk.NotFound("contact")
	}
	if err := b.store.Update(ctx, func(tx *store.Tx) error {
		if err := lockBoth(ctx, tx, c.Contact, other); err != nil {
			return err
		}
		m, err := merging(ctx, tx, &c, other)
		if err != nil {
			return err
		}
		m.Agent = v.Actor.Agent
		if err := tx.AddMerge(ctx, m); err != nil {
			return err
		}
		return b.tellMerged(ctx, tx, v.Actor, desk.ActContactMerged, &c, &second)
	}); err != nil {
		return Conversation{}, err
	}
	return b.Open(ctx, v, id)
}

// merging finds who is to be which. A person is one Contact and those that are the same as it:
// two such groups must be taken apart before they are put together.
func merging(ctx context.Context, tx *store.Tx, c *desk.Conversation, other desk.ContactID) (rows.AddMergeParams, error) {
	m := rows.AddMergeParams{ID: desk.NewID[desk.Merge](), Controller: c.Controller, Contact: c.Contact, IntoID: other, At: tx.Stamp()}
	mine, err := tx.ListMergesOf(ctx, c.Contact)
	if err != nil {
		return m, err
	}
	theirs, err := tx.ListMergesOf(ctx, other)
	if err != nil {
		return m, err
	}
	switch {
	case len(mine) > 0 && len(theirs) > 0:
		return m, desk.Conflict("both contacts are merged with others already; undo one of these merges first")
	case len(theirs) > 0:
		m.IntoID = theirs[0].IntoID
	case len(mine) > 0:
		m.Contact, m.IntoID = other, mine[0].IntoID
	}
	return m, nil
}

// Unmerge undoes it: the Contacts are two again, as they were.
func (b *Inbox) Unmerge(ctx context.Context, v Viewer, id desk.ConversationID, other desk.ContactID) (Conversation, error) {
	c, err := b.store.ConversationWithin(ctx, v.Scope, id)
	if err != nil {
		return Conversation{}, err
	}
	second, err := b.newestOf(ctx, v, other)
	if err != nil {
		return Conversation{}, err
	}
	if err := b.store.Update(ctx, func(tx *store.Tx) error {
		if err := lockBoth(ctx, tx, c.Contact, other); err != nil {
			return err
		}
		merges, err := tx.ListMergesOf(ctx, c.Contact)
		if err != nil {
			return err
		}
		gone := int64(0)
		for _, m := range merges {
			if m.Contact == other || m.IntoID == other && m.Contact == c.Contact {
				n, err := tx.DropMerge(ctx, rows.DropMergeParams{Contact: m.Contact, IntoID: m.IntoID})
				if err != nil {
					return err
				}
				gone += n
			}
		}
		if gone == 0 {
			return desk.Conflict("the contacts are not merged")
		}
		return b.tellMerged(ctx, tx, v.Actor, desk.ActMergeUndone, &c, &second)
	}); err != nil {
		return Conversation{}, err
	}
	return b.Open(ctx, v, id)
}

func (b *Inbox) tellMerged(ctx context.Context, tx *store.Tx, actor desk.Actor, act desk.Act, c, other *desk.Conversation) error {
	tx.Audit(desk.AuditEntry{
		Actor: actor, Act: act, Subject: "contact:" + c.Contact.String(), Controller: c.Controller, Inbox: c.Inbox,
		Detail: map[string]string{"other": other.Contact.String()},
	})
	if err := emitOpen(ctx, tx, other); err != nil {
		return err
	}
	return emitOpen(ctx, tx, c)
}

// lockBoth locks two Contacts in an order that is always the same.
func lockBoth(ctx context.Context, tx *store.Tx, a, b desk.ContactID) error {
	if string(a[:]) > string(b[:]) {
		a, b = b, a
	}
	if err := tx.LockContact(ctx, a); err != nil {
		return err
	}
	return tx.LockContact(ctx, b)
}

// newestOf gives the newest Conversation with a Contact in the Scope.
func (b *Inbox) newestOf(ctx context.Context, v Viewer, id desk.ContactID) (desk.Conversation, error) {
	listed, err := b.store.Read().ListMatters(ctx, rows.ListMattersParams{Contact: id, ID: desk.NewID[desk.Conversation](), Everything: v.Scope.All, Agent: v.Scope.Agent, Page: maxMatters})
	if err != nil {
		return desk.Conversation{}, err
	}
	for _, row := range listed {
		if c := store.ConversationOf(row); c.Contact == id {
			return c, nil
		}
	}
	return desk.Conversation{}, desk.NotFound("contact")
}

// Kin are the other Contacts that are the same person as a Conversation's.
func (b *Inbox) Kin(ctx context.Context, v Viewer, id desk.ConversationID) ([]Conversation, error) {
	c, err := b.store.ConversationWithin(ctx, v.Scope, id)
	if err != nil {
		return nil, err
	}
	if err := b.openings.Open(ctx, opened(v.Actor, &c)); err != nil {
		return nil, err
	}
	merges, err := b.store.Read().ListMergesOf(ctx, c.Contact)
	if err != nil {
		return nil, err
	}
	var found []desk.Conversation
	seen := map[desk.ContactID]bool{c.Contact: true}
	for _, m := range merges {
		for _, other := range []desk.ContactID{m.Contact, m.IntoID} {
			if seen[other] {
				continue
			}
			seen[other] = true
			switch newest, err := b.newestOf(ctx, v, other); {
			case err == nil:
				found = append(found, newest)
			case desk.CodeOf(err) != desk.CodeNotFound: // who is out of sight is not named
				return nil, err
			}
		}
	}
	return b.showTo(ctx, v, found)
}

// Seek gives the newest Conversation with each Contact who is reached by what was typed: a
// telephone number in any spelling, or an id of WhatsApp's. Each time is an audit entry.
func (b *Inbox) Seek(ctx context.Context, v Viewer, typed string) ([]Conversation, error) {
	kinds, values := desk.Sought(typed)
	if len(values) == 0 {
		return nil, desk.Invalid("text", "must be a telephone number, or an id that WhatsApp gave")
	}
	served, err := b.Inboxes(ctx, v.Scope)
	if err != nil {
		return nil, err
	}
	asked := map[desk.ControllerID]bool{}
	var found []desk.Conversation
	for _, in := range served {
		controller := in.Inbox.Controller
		if asked[controller] {
			continue
		}
		asked[controller] = true
		holders, err := b.holders(ctx, controller, kinds, values)
		if err != nil {
			return nil, err
		}
		for _, contact := range holders {
			switch newest, err := b.newestOf(ctx, v, contact); {
			case err == nil:
				found = append(found, newest)
			case desk.CodeOf(err) != desk.CodeNotFound:
				return nil, err
			}
		}
	}
	for i := range found {
		if err := b.openings.Open(ctx, opened(v.Actor, &found[i])); err != nil {
			return nil, err
		}
	}
	return b.showTo(ctx, v, found)
}

// holders finds who is reached by any of these values.
func (b *Inbox) holders(ctx context.Context, c desk.ControllerID, kinds []desk.IdentityKind, values []string) ([]desk.ContactID, error) {
	digests := make([][]byte, len(values))
	for i, value := range values {
		var err error
		if digests[i], err = b.vault.Digest(ctx, c, "identity", []byte(kinds[i]), []byte(value)); err != nil {
			return nil, err
		}
	}
	found, err := b.store.FindIdentities(ctx, c, digests)
	var out []desk.ContactID
	seen := map[desk.ContactID]bool{}
	for _, d := range digests {
		if id, ok := found[string(d)]; ok && !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out, err
}
