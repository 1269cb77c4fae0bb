package vault

import (
	"context"
	"database/sql"

	"botschaft/internal/desk"
)

// Census is how many of some Contacts have their key.
type Census struct {
	Alive   int64 // what is sealed for them opens
	Erased  int64 // the key was destroyed (GDPR Art. 17)
	Missing int64 // there is no key, and nobody destroyed it: this vault is older than they are
}

// Census counts.
func (v *Vault) Census(ctx context.Context, contacts []desk.ContactID) (Census, error) {
	var c Census
	for _, part := range parts(contacts) {
		alive, dead, args := int64(0), int64(0), idArgs(nil, part)
		for into, q := range map[*int64]string{
			&dead: `SELECT id FROM vault_tombstone WHERE kind = 3 AND id IN (` + ids(1, part) + `)`,
			&alive: `SELECT id FROM vault_key k WHERE kind = 3 AND NOT EXISTS
				(SELECT 1 FROM vault_tombstone t WHERE t.id = k.id AND t.kind = k.kind) AND id IN (` + ids(1, part) + `)`,
		} {
			err := v.db.query(ctx, func(r *sql.Rows) error {
				*into++
				return nil
			}, q, args...)
			if err != nil {
				return c, err
			}
		}
		c.Alive, c.Erased, c.Missing = c.Alive+alive, c.Erased+dead, c.Missing+int64(len(part))-alive-dead
	}
	return c, nil
}

// parts gives Contacts as owners, in lists that a statement takes.
func parts(contacts []desk.ContactID) [][]Owner {
	var out [][]Owner
	for len(contacts) > 0 {
		some := contacts[:min(len(contacts), maxList)]
		contacts = contacts[len(some):]
		owners := make([]Owner, len(some))
		for i, id := range some {
			owners[i] = ContactOwner(id)
		}
		out = append(out, owners)
	}
	return out
}
