package vault

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"botschaft/internal/desk"
)

// AddController makes the key of a Controller. Repeating it changes nothing.
func (v *Vault) AddController(ctx context.Context, id desk.ControllerID) error {
	if id.IsZero() {
		return errNobody
	}
	return v.addRooted(ctx, ControllerOwner(id))
}

// addRooted makes a key that hangs from the root, once, however many nodes try.
func (v *Vault) addRooted(ctx context.Context, o Owner) error {
	raw := freshKey()
	defer clear(raw)
	for {
		root := v.root.Load()
		wrapped := sealEnvelope(root.wraps[o.kind], raw, wrapAssociated(o))
		err := v.db.change(ctx, func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, insertKey, o.id[:], int64(o.kind), nil, wrapped, v.now().UnixMilli()); err != nil {
				return unavailable(err)
			}
			return v.db.stillRoot(ctx, tx, root)
		})
		if !errors.Is(err, errRotated) {
			return err
		}
		if _, err := v.refresh(ctx); err != nil {
			return err
		}
	}
}

// NewContact is a Contact about to be stored, and its Controller.
type NewContact struct {
	Controller desk.ControllerID
	Contact    desk.ContactID
}

// AddContacts makes the keys of a batch with one insert, durable on return: call
// it before the transaction that stores the Contacts. Repeating it changes
// nothing; a Contact that was erased gets no key again. ErrKeyGone if a
// Controller has none.
func (v *Vault) AddContacts(ctx context.Context, batch []NewContact) error {
	if len(batch) == 0 {
		return nil
	}
	for {
		err := v.addContacts(ctx, batch)
		if !errors.Is(err, errStaleWrapper) {
			return err
		}
	}
}

func (v *Vault) addContacts(ctx context.Context, batch []NewContact) error {
	fresh, parents, err := v.wrapFresh(ctx, batch)
	if err != nil {
		return err
	}
	var cached []Owner
	err = v.db.change(ctx, func(tx *sql.Tx) error {
		if err := v.stillWrappers(ctx, tx, parents); err != nil {
			return err
		}
		cached = cached[:0]
		for chunk := range slices.Chunk(fresh, maxList/2) {
			added, err := insertContacts(ctx, tx, chunk, v.now())
			if err != nil {
				return err
			}
			cached = append(cached, added...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	v.keep(fresh, cached)
	return nil
}

// freshContact is a Contact key on its way into the store.
type freshContact struct {
	owner   Owner
	parent  [16]byte
	wrapped []byte
	key     *unwrapped
}

// wrapFresh makes a key for each Contact of the batch, in the order of their ids
// so that two nodes with overlapping batches cannot wait for each other.
func (v *Vault) wrapFresh(ctx context.Context, batch []NewContact) ([]freshContact, map[Owner]*unwrapped, error) {
	batch = slices.Clone(batch)
	slices.SortFunc(batch, func(a, b NewContact) int { return bytes.Compare(a.Contact[:], b.Contact[:]) })
	batch = slices.CompactFunc(batch, func(a, b NewContact) bool { return a.Contact == b.Contact })
	controllers := make([]Owner, 0, 1)
	for _, n := range batch {
		if o := ControllerOwner(n.Controller); !slices.Contains(controllers, o) {
			controllers = append(controllers, o)
		}
	}
	parents, err := v.keys(ctx, controllers)
	if err != nil {
		return nil, nil, err
	}
	until := v.now().Add(CacheTTL)
	out := make([]freshContact, 0, len(batch))
	for _, n := range batch {
		parent := parents[ControllerOwner(n.Controller)]
		if parent == nil || n.Contact.IsZero() {
			return nil, nil, fmt.Errorf("%w: add controller %s first", ErrKeyGone, n.Controller)
		}
		o, raw := ContactOwner(n.Contact), freshKey()
		k, err := v.ready(o, raw, until)
		if err != nil {
			return nil, nil, err
		}
		out = append(out, freshContact{o, parent.wrapper.id, sealEnvelope(parent.wraps, raw, wrapAssociated(o)), k})
		clear(raw)
	}
	return out, parents, nil
}

// insertContacts gives back whose keys were stored. The tombstones are read after
// the insert: whichever of an erasure and an insert commits last, no erased
// Contact keeps a key (the read of keys excludes tombstones as well).
func insertContacts(ctx context.Context, tx *sql.Tx, chunk []freshContact, now time.Time) ([]Owner, error) {
	n := padded(len(chunk))
	args := make([]any, 0, 2+3*n)
	args = append(args, int64(kindContact), now.UnixMilli())
	var b strings.Builder
	b.WriteString(`INSERT INTO vault_key (kind, created_at, id, parent, wrapped) VALUES `)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "($1,$2,%s)", list(3+3*i, 3))
		c := &chunk[min(i, len(chunk)-1)]
		args = append(args, c.owner.id[:], c.parent[:], c.wrapped)
	}
	b.WriteString(` ON CONFLICT DO NOTHING RETURNING kind, id`)
	added, err := owners(ctx, tx, b.String(), args...)
	if err != nil || len(added) == 0 {
		return nil, err
	}
	dead, err := owners(ctx, tx, `SELECT kind, id FROM vault_tombstone WHERE kind = $1 AND id IN (`+ids(2, added)+`)`,
		idArgs([]any{int64(kindContact)}, added)...)
	if err != nil || len(dead) == 0 {
		return added, err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM vault_key WHERE kind = $1 AND id IN (`+ids(2, dead)+`)`,
		idArgs([]any{int64(kindContact)}, dead)...)
	return slices.DeleteFunc(added, func(o Owner) bool { return slices.Contains(dead, o) }), unavailable(err)
}

// owners reads kind and id from every row.
func owners(ctx context.Context, tx *sql.Tx, q string, args ...any) (out []Owner, err error) {
	err = rows(ctx, tx, func(r *sql.Rows) error {
		var k int64
		var id []byte
		if err := r.Scan(&k, &id); err != nil {
			return unavailable(err)
		}
		o, err := scanOwner(k, id)
		out = append(out, o)
		return err
	}, q, args...)
	return out, err
}

// keep caches the fresh keys that were stored; for the others an older one counts.
func (v *Vault) keep(fresh []freshContact, stored []Owner) {
	is := make(map[Owner]bool, len(stored))
	for _, o := range stored {
		is[o] = true
	}
	for i := range fresh {
		if is[fresh[i].owner] {
			v.cache.put(fresh[i].owner, fresh[i].key)
		}
	}
}

// Prefetch loads the keys of owners that are not in memory, all with one query,
// so that a batch of Seal calls asks nothing more. A key that is gone is no error
// here.
func (v *Vault) Prefetch(ctx context.Context, owners []Owner) error {
	_, err := v.keys(ctx, owners)
	return err
}

// key gives the key of one owner, or ErrKeyGone.
func (v *Vault) key(ctx context.Context, o Owner) (*unwrapped, error) {
	if o.kind == kindInstallation {
		return v.own, nil
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	if k := v.cache.get(o, v.now()); k != nil {
		return k, nil
	}
	found := map[Owner]*unwrapped{}
	if err := v.load(ctx, []Owner{o}, found); err != nil {
		return nil, err
	}
	if k := found[o]; k != nil {
		return k, nil
	}
	return nil, fmt.Errorf("%w: %s", ErrKeyGone, o)
}

// keys gives the keys of all owners; those that are gone are missing.
func (v *Vault) keys(ctx context.Context, owners []Owner) (map[Owner]*unwrapped, error) {
	now := v.now()
	found := make(map[Owner]*unwrapped, len(owners))
	var missing []Owner
	for _, o := range owners {
		if err := o.check(); err != nil {
			return nil, err
		}
		if _, seen := found[o]; seen {
			continue
		}
		k := v.own
		if o.kind != kindInstallation {
			k = v.cache.get(o, now)
		}
		found[o] = k // nil marks it as seen
		if k == nil {
			missing = append(missing, o)
		}
	}
	for chunk := range slices.Chunk(missing, maxList) {
		if err := v.load(ctx, chunk, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// selectKeys brings along what wraps a key, or shall wrap those of a Controller's Contacts.
const selectKeys = `SELECT k.kind, k.id, k.parent, k.wrapped, p.kind, p.wrapped
	FROM vault_key k LEFT JOIN vault_key p ON p.id = k.parent AND p.kind IN (2, 6)
	WHERE NOT EXISTS (SELECT 1 FROM vault_tombstone t WHERE t.id = k.id AND t.kind = k.kind)
	AND k.id IN (`

// load reads, unwraps and caches keys with one query, whatever their kinds. They
// are fresh from the moment before it was asked.
func (v *Vault) load(ctx context.Context, missing []Owner, found map[Owner]*unwrapped) error {
	err := v.loadOnce(ctx, missing, found)
	if !errors.Is(err, errAltered) {
		return err
	}
	// The root key may have been rotated since this node last looked.
	if changed, refreshed := v.refresh(ctx); refreshed != nil {
		return refreshed
	} else if changed {
		return v.loadOnce(ctx, missing, found)
	}
	return err
}

func (v *Vault) loadOnce(ctx context.Context, missing []Owner, found map[Owner]*unwrapped) error {
	now := v.now()
	v.cache.purge(now)
	wanted := make(map[Owner]bool, len(missing))
	for _, o := range missing {
		wanted[o] = true
	}
	return v.db.query(ctx, func(r *sql.Rows) error {
		var row storedKey
		if err := row.scan(r); err != nil {
			return err
		}
		if !wanted[row.owner] {
			return nil
		}
		k, err := v.unwrap(&row, now)
		if err != nil {
			return err
		}
		found[row.owner] = k
		v.cache.put(row.owner, k)
		return nil
	}, selectKeys+ids(1, missing)+`)`, idArgs(nil, missing)...)
}

// storedKey is a row of selectKeys.
type storedKey struct {
	owner         Owner
	parent        []byte
	wrapped       []byte
	parentKind    sql.NullInt64
	parentWrapped []byte
}

func (s *storedKey) scan(r *sql.Rows) error {
	var k int64
	var id []byte
	if err := r.Scan(&k, &id, &s.parent, &s.wrapped, &s.parentKind, &s.parentWrapped); err != nil {
		return unavailable(err)
	}
	var err error
	s.owner, err = scanOwner(k, id)
	return err
}

// unwrap opens a stored key, through its Controller's if it is a Contact's.
func (v *Vault) unwrap(s *storedKey, now time.Time) (*unwrapped, error) {
	with := v.root.Load().wraps[s.owner.kind]
	if s.owner.kind == kindContact {
		parent, err := v.parent(s, now)
		if err != nil {
			return nil, err
		}
		with = parent.wrap
	}
	if with == nil {
		return nil, damaged(s.owner, errEnvelope)
	}
	raw, err := openEnvelope(with, s.wrapped, wrapAssociated(s.owner))
	if err != nil {
		return nil, damaged(s.owner, err)
	}
	defer clear(raw)
	k, err := v.ready(s.owner, raw, now.Add(CacheTTL))
	if err != nil || s.owner.kind != kindController || s.parent == nil {
		return k, err
	}
	wrapper, err := v.parent(s, now)
	if err != nil {
		return nil, err
	}
	copy(k.wrapper.id[:], s.parent)
	k.wrapper.kind, k.wraps = kindWrapping, wrapper.wrap
	return k, nil
}

// parent gives the key that a row hangs from; the row brought it along.
func (v *Vault) parent(s *storedKey, now time.Time) (*unwrapped, error) {
	if !s.parentKind.Valid {
		return nil, damaged(s.owner, errNoParent)
	}
	o, err := scanOwner(s.parentKind.Int64, s.parent)
	if err != nil {
		return nil, err
	}
	if k := v.cache.get(o, now); k != nil {
		return k, nil
	}
	k, err := v.unwrap(&storedKey{owner: o, wrapped: s.parentWrapped}, now)
	if err == nil {
		v.cache.put(o, k)
	}
	return k, err
}

var errNoParent = errors.New("the key that wraps it is not there")
