package store

import (
	"cmp"
	"context"
	"database/sql"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

var contactRows = newInsert("contact", "",
	column[desk.Contact]{"id", "bytea", func(c *desk.Contact) any { return c.ID }},
	column[desk.Contact]{"controller_id", "bytea", func(c *desk.Contact) any { return c.Controller }},
	column[desk.Contact]{"profile", "bytea", func(c *desk.Contact) any { return c.Profile }},
	column[desk.Contact]{"created_at", "bigint", func(c *desk.Contact) any { return desk.AsMillis(c.CreatedAt) }},
)

var identityRows = newInsert("identity", "",
	column[desk.Identity]{"id", "bytea", func(i *desk.Identity) any { return i.ID }},
	column[desk.Identity]{"controller_id", "bytea", func(i *desk.Identity) any { return i.Controller }},
	column[desk.Identity]{"contact_id", "bytea", func(i *desk.Identity) any { return i.Contact }},
	column[desk.Identity]{"kind", "text", func(i *desk.Identity) any { return string(i.Kind) }},
	column[desk.Identity]{"digest", "bytea", func(i *desk.Identity) any { return i.Digest }},
	column[desk.Identity]{"value", "bytea", func(i *desk.Identity) any { return i.Value }},
	column[desk.Identity]{"valid_from", "bigint", func(i *desk.Identity) any { return desk.AsMillis(i.ValidFrom) }},
	column[desk.Identity]{"valid_until", "bigint", validUntil},
)

// AddContacts writes new Contacts. Their keys stand in the vault already.
func (tx *Tx) AddContacts(ctx context.Context, contacts []desk.Contact) error {
	return contactRows.write(ctx, tx, contacts)
}

// AddIdentities writes new Identities; one that is somebody's already is an error.
func (tx *Tx) AddIdentities(ctx context.Context, identities []desk.Identity) error {
	return identityRows.write(ctx, tx, identities)
}

var profileRows = newUpdate("contact",
	column[desk.Contact]{"id", "bytea", func(c *desk.Contact) any { return c.ID }},
	column[desk.Contact]{"profile", "bytea", func(c *desk.Contact) any { return c.Profile }},
)

// SetProfiles writes what Contacts call themselves now.
func (tx *Tx) SetProfiles(ctx context.Context, contacts []desk.Contact) error {
	return profileRows.write(ctx, tx, contacts)
}

// FindIdentities gives the Contacts that hold the digests now.
func (s *Store) FindIdentities(ctx context.Context, c desk.ControllerID, digests [][]byte) (map[string]desk.ContactID, error) {
	found := make(map[string]desk.ContactID, len(digests))
	err := findSet(ctx, s.asked(), "SELECT digest, contact_id FROM identity WHERE controller_id = $1 AND digest IN",
		"AND valid_until IS NULL", []any{c}, digests, func(r *sql.Rows) error {
			var digest []byte
			var contact desk.ContactID
			err := r.Scan(&digest, &contact)
			found[string(digest)] = contact
			return err
		})
	return found, unavailable(err)
}

// FindContacts gives the Contacts with these ids.
func (s *Store) FindContacts(ctx context.Context, ids []desk.ContactID) (map[desk.ContactID]desk.Contact, error) {
	found := make(map[desk.ContactID]desk.Contact, len(ids))
	err := findSet(ctx, s.asked(), `SELECT c.id, c.controller_id, c.profile, c.created_at, r.at, r.reason FROM contact c
		LEFT JOIN contact_restriction r ON r.contact_id = c.id WHERE c.id IN`, "", nil, idBytes(ids),
		func(r *sql.Rows) error {
			var c desk.Contact
			var at, restricted desk.Millis
			var reason sql.NullString
			err := r.Scan(&c.ID, &c.Controller, &c.Profile, &at, &restricted, &reason)
			c.CreatedAt = at.Time
			if !restricted.IsZero() {
				c.Restricted = &desk.Restriction{At: restricted.Time, Reason: reason.String}
			}
			found[c.ID] = c
			return err
		})
	return found, unavailable(err)
}

// LockContact keeps other transactions from composing to the Contact meanwhile.
func (tx *Tx) LockContact(ctx context.Context, id desk.ContactID) error {
	if tx.store.engine != postgres {
		return nil
	}
	_, err := tx.sql.ExecContext(ctx, "SELECT 1 FROM contact WHERE id = $1 FOR UPDATE", id)
	return err
}

func idBytes[N any](ids []desk.ID[N]) [][]byte {
	out := make([][]byte, len(ids))
	for i := range ids {
		out[i] = ids[i][:]
	}
	return out
}

// contactPage is how many Contacts are walked through at once.
const contactPage = 4096

// Contacts gives the ids of all Contacts in pages.
func (s *Store) Contacts(ctx context.Context, each func([]desk.ContactID) error) error {
	return eachContact(ctx, s.readDB, each)
}

func eachContact(ctx context.Context, q querier, each func([]desk.ContactID) error) error {
	var after desk.ContactID
	for {
		page, err := contactsAfter(ctx, q, after)
		if err != nil || len(page) == 0 {
			return err
		}
		if err := each(page); err != nil {
			return err
		}
		after = page[len(page)-1]
	}
}

func contactsAfter(ctx context.Context, q querier, after desk.ContactID) ([]desk.ContactID, error) {
	found, err := q.QueryContext(ctx, "SELECT id FROM contact WHERE id > $1 ORDER BY id LIMIT $2", after[:], contactPage)
	if err != nil {
		return nil, unavailable(err)
	}
	defer found.Close()
	var page []desk.ContactID
	for found.Next() {
		var id desk.ContactID
		if err := found.Scan(&id); err != nil {
			return nil, unavailable(err)
		}
		page = append(page, id)
	}
	return page, unavailable(found.Err())
}

// Reached is the Identity that a Message goes to: the newest phone number, else the newest
// id of another kind.
func Reached(listed []rows.Identity) desk.IdentityID {
	newest := map[desk.IdentityKind]desk.IdentityID{}
	for _, id := range listed {
		newest[id.Kind] = id.ID
	}
	return cmp.Or(newest[desk.IdentityPhone], newest[desk.IdentityBSUID], newest[desk.IdentityParent])
}
