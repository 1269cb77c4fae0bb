package vault

import (
	"bytes"
	"context"
	"crypto/cipher"
	"crypto/rand"
	"database/sql"
	"errors"
	"slices"

	"botschaft/internal/desk"
)

// errStaleWrapper says that a Controller's Contacts are wrapped by another key now.
var errStaleWrapper = errors.New("vault: the controller's key was rotated meanwhile")

// stillWrappers sees within a transaction that the Contacts of these Controllers are
// still wrapped as was read, and keeps it so until the end. What was read otherwise is
// forgotten.
func (v *Vault) stillWrappers(ctx context.Context, tx *sql.Tx, parents map[Owner]*unwrapped) error {
	var controllers []Owner
	for o := range parents {
		controllers = append(controllers, o)
	}
	slices.SortFunc(controllers, func(a, b Owner) int { return bytes.Compare(a.id[:], b.id[:]) })
	q := `SELECT id, parent FROM vault_key WHERE kind = 2 AND id IN (` + ids(1, controllers) + `) ORDER BY id`
	if !v.db.sqlite {
		q += ` FOR SHARE`
	}
	stale := false
	err := rows(ctx, tx, func(r *sql.Rows) error {
		var id, parent []byte
		if err := r.Scan(&id, &parent); err != nil {
			return unavailable(err)
		}
		o, err := scanOwner(int64(kindController), id)
		if err != nil {
			return err
		}
		used := parents[o].wrapper
		if parent == nil && used == o || bytes.Equal(parent, used.id[:]) {
			return nil
		}
		stale = true
		v.cache.drop(o)
		return nil
	}, q, idArgs(nil, controllers)...)
	if err == nil && stale {
		err = errStaleWrapper
	}
	return err
}

// rewrapPage is how many keys are wrapped anew in one transaction.
const rewrapPage = 500

// Rewrapping is how far the rotation of a Controller's key is.
type Rewrapping struct {
	Done, Total int64 // Contacts
}

// RotateController puts a new key in the place of the one that wraps the keys of a
// Controller's Contacts, and destroys the old one in the end. New Contacts use the new
// key from the first moment on; the others are wrapped anew in batches, beside running
// nodes. Ended on the way, it goes on where it was when it is called again. It gives the
// number of Contacts.
//
// What was sealed stays as it is: the Contacts' own keys do not change, nor does the
// Controller's key itself, from which its digests are made and under which the secrets
// of its Inboxes are sealed. ErrKeyGone if the Controller has no key.
func (v *Vault) RotateController(ctx context.Context, id desk.ControllerID, progress func(Rewrapping)) (int64, error) {
	if progress == nil {
		progress = func(Rewrapping) {}
	}
	o := ControllerOwner(id)
	if _, err := v.key(ctx, o); err != nil {
		return 0, err
	}
	var p Rewrapping
	olds, err := v.beginRewrap(ctx, o)
	if err != nil {
		return 0, err
	}
	v.cache.drop(o)
	to, err := v.key(ctx, o)
	if err != nil {
		return 0, err
	}
	if p.Total, err = v.countUnder(ctx, olds); err != nil {
		return 0, err
	}
	progress(p)
	for after := (Owner{}); ; {
		n, last, err := v.rewrapSome(ctx, olds, to, after)
		if err != nil {
			return p.Done, err
		}
		if n == 0 {
			break
		}
		after, p.Done = last, p.Done+n
		progress(p)
	}
	if err := v.endRewrap(ctx, o, to.wrapper); err != nil {
		return p.Done, err
	}
	return p.Done, v.db.forget(ctx)
}

// beginRewrap makes a new wrapping key and lets new Contacts use it, unless a rotation
// before did not come to its end. It gives the keys to be replaced: while it is done,
// whoever adds Contacts waits, so nobody uses those any more.
func (v *Vault) beginRewrap(ctx context.Context, o Owner) (olds []Owner, err error) {
	for {
		root := v.root.Load()
		err = v.db.change(ctx, func(tx *sql.Tx) error {
			if err := v.db.stillRoot(ctx, tx, root); err != nil {
				return err
			}
			olds, err = v.newWrapper(ctx, tx, o, root.wraps[kindWrapping])
			return err
		})
		if !errors.Is(err, errRotated) {
			return olds, err
		}
		if _, err := v.refresh(ctx); err != nil {
			return nil, err
		}
	}
}

func (v *Vault) newWrapper(ctx context.Context, tx *sql.Tx, o Owner, root cipher.AEAD) (olds []Owner, err error) {
	q := `SELECT parent FROM vault_key WHERE kind = 2 AND id = $1`
	if !v.db.sqlite {
		q += ` FOR UPDATE`
	}
	var current []byte
	if err := tx.QueryRowContext(ctx, q, o.id[:]).Scan(&current); err != nil {
		return nil, unavailable(err)
	}
	all, err := owners(ctx, tx, `SELECT kind, id FROM vault_key WHERE kind = 6 AND parent = $1`, o.id[:])
	if err != nil {
		return nil, err
	}
	all = append(all, o)
	old := func(w Owner) bool { return current != nil && !bytes.Equal(w.id[:], current) }
	if olds = slices.DeleteFunc(slices.Clone(all), func(w Owner) bool { return !old(w) }); len(olds) > 1 {
		return olds, nil // an older key is there yet: go on
	}
	if len(olds) == 1 { // the Controller's own, which stays; does it wrap anybody still?
		var left bool
		err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM vault_key WHERE kind = 3 AND parent = $1)`, o.id[:]).Scan(&left)
		if err != nil || left {
			return olds, unavailable(err)
		}
	}
	w := Owner{kind: kindWrapping}
	_, _ = rand.Read(w.id[:]) // never fails
	raw := freshKey()
	defer clear(raw)
	if _, err := tx.ExecContext(ctx, insertKey, w.id[:], int64(w.kind), o.id[:], sealEnvelope(root, raw, wrapAssociated(w)), v.now().UnixMilli()); err != nil {
		return nil, unavailable(err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE vault_key SET parent = $1 WHERE kind = 2 AND id = $2`, w.id[:], o.id[:])
	return all, unavailable(err)
}

func (v *Vault) countUnder(ctx context.Context, olds []Owner) (n int64, err error) {
	err = v.db.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM vault_key WHERE kind = 3 AND parent IN (`+ids(1, olds)+`)`, idArgs(nil, olds)...).Scan(&n)
	return n, unavailable(err)
}

// rewrapSome wraps some keys anew that hang from the old ones, those after an owner, and
// gives their number and the last of them.
func (v *Vault) rewrapSome(ctx context.Context, olds []Owner, to *unwrapped, after Owner) (n int64, last Owner, err error) {
	now := v.now()
	var page []storedKey
	err = v.db.query(ctx, func(r *sql.Rows) error {
		var s storedKey
		err := s.scan(r)
		page = append(page, s)
		return err
	}, `SELECT k.kind, k.id, k.parent, k.wrapped, p.kind, p.wrapped FROM vault_key k JOIN vault_key p ON p.id = k.parent AND p.kind IN (2, 6)
		WHERE k.kind = 3 AND k.id > $2 AND k.parent IN (`+ids(3, olds)+`) ORDER BY k.id LIMIT $1`, idArgs([]any{rewrapPage, after.id[:]}, olds)...)
	if err != nil || len(page) == 0 {
		return 0, last, err
	}
	fresh := make([][]byte, len(page))
	for i := range page {
		s := &page[i]
		from, err := v.parent(s, now)
		if err != nil {
			return 0, last, err
		}
		raw, err := openEnvelope(from.wrap, s.wrapped, wrapAssociated(s.owner))
		if err != nil {
			return 0, last, damaged(s.owner, err)
		}
		fresh[i] = sealEnvelope(to.wraps, raw, wrapAssociated(s.owner))
		clear(raw)
	}
	return int64(len(page)), page[len(page)-1].owner, v.db.change(ctx, func(tx *sql.Tx) error {
		update, err := tx.PrepareContext(ctx, `UPDATE vault_key SET parent = $1, wrapped = $2 WHERE id = $3 AND kind = 3 AND parent = $4`)
		if err != nil {
			return unavailable(err)
		}
		defer update.Close()
		for i, s := range page { // a key that was destroyed meanwhile is not there to be updated
			if _, err := update.ExecContext(ctx, to.wrapper.id[:], fresh[i], s.owner.id[:], s.parent); err != nil {
				return unavailable(err)
			}
		}
		return nil
	})
}

// endRewrap destroys the keys that wrap nobody any more.
func (v *Vault) endRewrap(ctx context.Context, o, present Owner) error {
	return v.db.change(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM vault_key WHERE kind = 6 AND parent = $1 AND id <> $2
			AND NOT EXISTS (SELECT 1 FROM vault_key c WHERE c.kind = 3 AND c.parent = vault_key.id)`, o.id[:], present.id[:])
		return unavailable(err)
	})
}
