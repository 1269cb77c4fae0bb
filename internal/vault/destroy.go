package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"botschaft/internal/desk"
)

// Destroy destroys a Contact's key (GDPR Art. 17): tombstone, erasure log and
// removal are one transaction. What was sealed with it opens nowhere any more,
// here at once and on other nodes after CacheTTL. by is an actor as in
// "agent:<id>", never a name. Repeating it changes nothing; do so after an error,
// which may also mean that SQLite's log could not be emptied yet.
func (v *Vault) Destroy(ctx context.Context, contact desk.ContactID, by string) error {
	if contact.IsZero() {
		return errNobody
	}
	o := ContactOwner(contact)
	defer v.cache.drop(o)
	err := v.db.change(ctx, func(tx *sql.Tx) error {
		var controller []byte
		err := tx.QueryRowContext(ctx, `SELECT COALESCE(p.parent, k.parent) FROM vault_key k
			LEFT JOIN vault_key p ON p.id = k.parent AND p.kind = 6 WHERE k.id = $1 AND k.kind = 3`, o.id[:]).Scan(&controller)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return unavailable(err)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO vault_erasure (contact, controller, at, actor) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
			o.id[:], controller, v.now().UnixMilli(), by)
		if err != nil {
			return unavailable(err)
		}
		return v.bury(ctx, tx, []Owner{o})
	})
	if err != nil {
		return err
	}
	return v.db.forget(ctx)
}

// bury sets tombstones and removes keys. All dead are of one kind; there are at
// most sweepPage of them.
func (v *Vault) bury(ctx context.Context, tx *sql.Tx, dead []Owner) error {
	k := int64(dead[0].kind)
	n := padded(len(dead))
	var b strings.Builder
	b.WriteString(`INSERT INTO vault_tombstone (kind, at, id) VALUES `)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "($1,$2,$%d)", 3+i)
	}
	b.WriteString(` ON CONFLICT DO NOTHING`)
	if _, err := tx.ExecContext(ctx, b.String(), idArgs([]any{k, v.now().UnixMilli()}, dead)...); err != nil {
		return unavailable(err)
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM vault_key WHERE kind = $1 AND id IN (`+ids(2, dead)+`)`, idArgs([]any{k}, dead)...)
	return unavailable(err)
}

// sweepPage is how many keys a sweep asks about at a time.
const sweepPage = 500

// SweepOrphans destroys Contact keys made before olderThan (seven days ago, as a
// rule) whose Contact was never stored, because the transaction after AddContacts
// failed. exists tells which of the given Contacts are stored: those missing from
// its answer or false lose their key for good, so an error must be an error. It
// gives the number destroyed.
func (v *Vault) SweepOrphans(ctx context.Context, olderThan time.Time,
	exists func(context.Context, []desk.ContactID) (map[desk.ContactID]bool, error),
) (int, error) {
	swept := 0
	var after desk.ContactID
	for {
		page, err := v.keysBefore(ctx, olderThan, after)
		if err != nil {
			return swept, err
		}
		if len(page) == 0 {
			break
		}
		after = page[len(page)-1]
		known, err := exists(ctx, page)
		if err != nil {
			return swept, err
		}
		n, err := v.sweep(ctx, page, known)
		swept += n
		if err != nil {
			return swept, err
		}
	}
	if swept == 0 {
		return 0, nil
	}
	return swept, v.db.forget(ctx)
}

// keysBefore lists the Contacts after one, whose keys are older than a time.
func (v *Vault) keysBefore(ctx context.Context, older time.Time, after desk.ContactID) ([]desk.ContactID, error) {
	var page []desk.ContactID
	err := v.db.query(ctx, func(r *sql.Rows) error {
		var id desk.ContactID
		err := r.Scan(&id)
		page = append(page, id)
		return unavailable(err)
	}, `SELECT id FROM vault_key WHERE kind = 3 AND created_at < $1 AND id > $2 ORDER BY id LIMIT $3`,
		older.UnixMilli(), after[:], sweepPage)
	return page, err
}

// sweep buries those of a page that are not known.
func (v *Vault) sweep(ctx context.Context, page []desk.ContactID, known map[desk.ContactID]bool) (int, error) {
	var dead []Owner
	for _, id := range page {
		if !known[id] {
			dead = append(dead, ContactOwner(id))
		}
	}
	if len(dead) == 0 {
		return 0, nil
	}
	err := v.db.change(ctx, func(tx *sql.Tx) error { return v.bury(ctx, tx, dead) })
	if err != nil {
		return 0, err
	}
	for _, o := range dead {
		v.cache.drop(o)
	}
	return len(dead), nil
}
