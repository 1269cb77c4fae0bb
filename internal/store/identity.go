package store

import (
	"context"
	"database/sql"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

// FindHoldings gives the Identities with these digests, those that have ended too.
func (s *Store) FindHoldings(ctx context.Context, c desk.ControllerID, digests [][]byte) ([]desk.Identity, error) {
	return s.findIdentities(ctx, "controller_id = $1 AND digest IN", []any{c}, digests)
}

// FindIdentitiesOf gives all Identities of these Contacts of a Controller.
func (s *Store) FindIdentitiesOf(ctx context.Context, ids []desk.ContactID) ([]desk.Identity, error) {
	return s.findIdentities(ctx, "contact_id IN", nil, idBytes(ids))
}

func (s *Store) findIdentities(ctx context.Context, where string, fixed []any, values [][]byte) ([]desk.Identity, error) {
	var found []desk.Identity
	err := findSet(ctx, s.asked(), "SELECT id, controller_id, contact_id, kind, digest, valid_from, valid_until FROM identity WHERE "+where, "",
		fixed, values, func(r *sql.Rows) error {
			var i desk.Identity
			var from, until desk.Millis
			err := r.Scan(&i.ID, &i.Controller, &i.Contact, &i.Kind, &i.Digest, &from, &until)
			i.ValidFrom = from.Time
			if !until.IsZero() {
				i.ValidUntil = &until.Time
			}
			found = append(found, i)
			return err
		})
	return found, unavailable(err)
}

var endedRows = newUpdate("identity",
	column[desk.Identity]{"id", "bytea", func(i *desk.Identity) any { return i.ID }},
	column[desk.Identity]{"valid_until", "bigint", validUntil},
)

func validUntil(i *desk.Identity) any {
	if i.ValidUntil == nil {
		return nil
	}
	return desk.AsMillis(*i.ValidUntil)
}

// EndIdentities writes until when Identities were valid.
func (tx *Tx) EndIdentities(ctx context.Context, ended []desk.Identity) error {
	return endedRows.write(ctx, tx, ended)
}

var changeRows = newInsert("identity_change", "ON CONFLICT (contact_id, mark) DO NOTHING",
	column[desk.IdentityChange]{"id", "bytea", func(c *desk.IdentityChange) any { return c.ID }},
	column[desk.IdentityChange]{"controller_id", "bytea", func(c *desk.IdentityChange) any { return c.Controller }},
	column[desk.IdentityChange]{"contact_id", "bytea", func(c *desk.IdentityChange) any { return c.Contact }},
	column[desk.IdentityChange]{"other_id", "bytea", func(c *desk.IdentityChange) any { return c.Other }},
	column[desk.IdentityChange]{"mark", "bytea", func(c *desk.IdentityChange) any { return c.Mark }},
	column[desk.IdentityChange]{"news", "text", func(c *desk.IdentityChange) any { return string(c.News) }},
	column[desk.IdentityChange]{"heard", "text", func(c *desk.IdentityChange) any { return string(c.Heard) }},
	column[desk.IdentityChange]{"changed_at", "bigint", func(c *desk.IdentityChange) any { return desk.AsMillis(c.ChangedAt) }},
	column[desk.IdentityChange]{"at", "bigint", func(c *desk.IdentityChange) any { return desk.AsMillis(c.At) }},
	column[desk.IdentityChange]{"means", "text", func(*desk.IdentityChange) any { return "" }},
)

// AddIdentityChanges notes changes, each once however often it is told.
func (tx *Tx) AddIdentityChanges(ctx context.Context, changes []desk.IdentityChange) error {
	return changeRows.write(ctx, tx, changes)
}

// IdentityChangeOf reads a row.
func IdentityChangeOf(r rows.IdentityChange) desk.IdentityChange {
	c := desk.IdentityChange{
		ID: r.ID, Controller: r.Controller, Contact: r.Contact, Other: r.OtherID, Mark: r.Mark, News: r.News, Heard: r.Heard,
		ChangedAt: r.ChangedAt.Time, At: r.At.Time,
	}
	if !r.VouchedAt.IsZero() {
		c.Vouched = &desk.Vouching{At: r.VouchedAt.Time, By: r.VouchedBy, Means: r.Means}
	}
	return c
}

// FindOpenChanges gives, for each Contact, the changes that nobody has vouched for, the oldest
// first.
func (s *Store) FindOpenChanges(ctx context.Context, ids []desk.ContactID) (map[desk.ContactID][]desk.IdentityChange, error) {
	found := map[desk.ContactID][]desk.IdentityChange{}
	err := findSet(ctx, s.asked(), "SELECT id, contact_id, other_id, news, heard, changed_at, at FROM identity_change WHERE vouched_at IS NULL AND contact_id IN",
		"ORDER BY contact_id, changed_at, id", nil, idBytes(ids), func(r *sql.Rows) error {
			var c desk.IdentityChange
			var changed, at desk.Millis
			err := r.Scan(&c.ID, &c.Contact, &c.Other, &c.News, &c.Heard, &changed, &at)
			c.ChangedAt, c.At = changed.Time, at.Time
			found[c.Contact] = append(found[c.Contact], c)
			return err
		})
	return found, unavailable(err)
}

var keyRows = newInsert("identity_key", "ON CONFLICT (contact_id, inbox_id) DO UPDATE SET digest = excluded.digest, at = excluded.at, value = excluded.value WHERE identity_key.at < excluded.at",
	column[desk.IdentityKey]{"contact_id", "bytea", func(k *desk.IdentityKey) any { return k.Contact }},
	column[desk.IdentityKey]{"inbox_id", "bytea", func(k *desk.IdentityKey) any { return k.Inbox }},
	column[desk.IdentityKey]{"digest", "bytea", func(k *desk.IdentityKey) any { return k.Digest }},
	column[desk.IdentityKey]{"at", "bigint", func(k *desk.IdentityKey) any { return desk.AsMillis(k.At) }},
	column[desk.IdentityKey]{"value", "bytea", func(k *desk.IdentityKey) any { return k.Value }},
)

// SetIdentityKeys keeps the newest key of each Contact; an older one changes nothing.
func (tx *Tx) SetIdentityKeys(ctx context.Context, keys []desk.IdentityKey) error {
	return keyRows.write(ctx, tx, keys)
}

// FindIdentityKeys gives the keys of Contacts that the Inbox knows.
func (s *Store) FindIdentityKeys(ctx context.Context, inbox desk.InboxID, ids []desk.ContactID) (map[desk.ContactID]desk.IdentityKey, error) {
	found := map[desk.ContactID]desk.IdentityKey{}
	err := findSet(ctx, s.asked(), "SELECT contact_id, digest, at, value FROM identity_key WHERE inbox_id = $1 AND contact_id IN", "", []any{inbox}, idBytes(ids),
		func(r *sql.Rows) error {
			k := desk.IdentityKey{Inbox: inbox}
			var at desk.Millis
			err := r.Scan(&k.Contact, &k.Digest, &at, &k.Value)
			k.At = at.Time
			found[k.Contact] = k
			return err
		})
	return found, unavailable(err)
}
