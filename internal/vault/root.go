package vault

import (
	"context"
	"crypto/cipher"
	"crypto/hmac"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"botschaft/internal/private"
)

// rootKey is a root key ready for use.
type rootKey struct {
	wraps       map[kind]cipher.AEAD // by the kind of what it wraps
	fingerprint []byte               // tells root keys apart and reveals nothing of them
}

// rootUses names what is derived from the root key to wrap each kind.
var rootUses = map[kind]string{
	kindInstallation: "wrap installation", kindSigning: "wrap signing",
	kindController: "wrap controller", kindDay: "wrap day", kindWrapping: "wrap wrapping",
}

// deriveRoot makes the ciphers of a root key.
func deriveRoot(root []byte, installation [16]byte) (r *rootKey, err error) {
	r = &rootKey{wraps: map[kind]cipher.AEAD{}}
	for k, use := range rootUses {
		if r.wraps[k], err = deriveAEAD(root, installation[:], use); err != nil {
			return nil, err
		}
	}
	r.fingerprint, err = derive(root, installation[:], "fingerprint")
	return r, err
}

// ErrRotated says that the root key was exchanged and this process does not have the new
// one. It is an ErrWrongRootKey, too.
var ErrRotated = fmt.Errorf("%w: it was rotated while this process ran. Put the new root key where its file is, or beside it as the next one", ErrWrongRootKey)

// errRotated says that a key was wrapped with a root key that is not the vault's any more.
var errRotated = errors.New("vault: the root key was rotated meanwhile")

// rootFor finds the root key with a fingerprint, the one given or a spare; nil if there
// is none.
func (v *Vault) rootFor(fingerprint []byte, given ...[]byte) (*rootKey, error) {
	try := func(root []byte) (*rootKey, error) {
		r, err := deriveRoot(root, v.installation)
		if err != nil || !hmac.Equal(r.fingerprint, fingerprint) {
			return nil, err
		}
		return r, nil
	}
	for _, root := range given {
		if r, err := try(root); r != nil || err != nil {
			return r, err
		}
	}
	if v.spares == nil {
		return nil, nil
	}
	for _, spare := range v.spares() {
		if root := spare.Reveal(); len(root) == keySize {
			if r, err := try(root); r != nil || err != nil {
				return r, err
			}
		}
	}
	return nil, nil
}

// follow takes up the root key of a fingerprint, and tells whether it is another than
// before. ErrRotated if this process does not have it.
func (v *Vault) follow(fingerprint []byte) (changed bool, err error) {
	if hmac.Equal(v.root.Load().fingerprint, fingerprint) {
		return false, nil
	}
	r, err := v.rootFor(fingerprint)
	if err != nil {
		return false, err
	}
	if r == nil {
		return false, ErrRotated
	}
	v.root.Store(r)
	return true, nil
}

// refresh asks the vault which root key is its own.
func (v *Vault) refresh(ctx context.Context) (changed bool, err error) {
	var fingerprint []byte
	if err := v.db.read.QueryRowContext(ctx, `SELECT fingerprint FROM vault_meta WHERE one = 1`).Scan(&fingerprint); err != nil {
		return false, unavailable(err)
	}
	return v.follow(fingerprint)
}

// stillRoot sees within a transaction that the vault's root key is the one that was
// used, and keeps it so until the end.
func (e *engine) stillRoot(ctx context.Context, tx *sql.Tx, used *rootKey) error {
	q := `SELECT fingerprint FROM vault_meta WHERE one = 1`
	if !e.sqlite {
		q += ` FOR SHARE`
	}
	var stored []byte
	if err := tx.QueryRowContext(ctx, q).Scan(&stored); err != nil {
		return unavailable(err)
	}
	if !hmac.Equal(stored, used.fingerprint) {
		return errRotated
	}
	return nil
}

// RotateRoot puts the next root key in the place of the present one: everything that
// hangs from the root is wrapped anew, and the fingerprint last, in one transaction.
// What hangs from that in turn stays as it is. It gives the number of keys; 0 if it was
// done already. Other nodes go on if they have the next key among their Spares, with no
// pause; one without is not ready any more, and fails when what it holds in memory ages
// out (CacheTTL).
func (v *Vault) RotateRoot(ctx context.Context, next private.Key) (int, error) {
	if len(next.Reveal()) != keySize {
		return 0, errRootKeySize
	}
	to, err := deriveRoot(next.Reveal(), v.installation)
	if err != nil {
		return 0, err
	}
	rotated := 0
	err = v.db.change(ctx, func(tx *sql.Tx) (err error) {
		rotated, err = v.rewrapRooted(ctx, tx, to)
		return err
	})
	if err != nil {
		return 0, err
	}
	v.root.Store(to)
	return rotated, v.db.forget(ctx)
}

func (v *Vault) rewrapRooted(ctx context.Context, tx *sql.Tx, to *rootKey) (int, error) {
	q := `SELECT fingerprint FROM vault_meta WHERE one = 1`
	if !v.db.sqlite {
		q += ` FOR UPDATE` // whoever makes a key that hangs from the root waits
	}
	var stored []byte
	if err := tx.QueryRowContext(ctx, q).Scan(&stored); err != nil {
		return 0, unavailable(err)
	}
	if hmac.Equal(stored, to.fingerprint) {
		return 0, nil
	}
	from, err := v.rootFor(stored)
	if err != nil {
		return 0, err
	}
	if hmac.Equal(v.root.Load().fingerprint, stored) {
		from = v.root.Load()
	}
	if from == nil {
		return 0, ErrRotated
	}
	keys, err := rooted(ctx, tx)
	if err != nil {
		return 0, err
	}
	for _, k := range keys {
		raw, err := openEnvelope(from.wraps[k.owner.kind], k.wrapped, wrapAssociated(k.owner))
		if err != nil {
			return 0, damaged(k.owner, err)
		}
		wrapped := sealEnvelope(to.wraps[k.owner.kind], raw, wrapAssociated(k.owner))
		clear(raw)
		if _, err := tx.ExecContext(ctx, `UPDATE vault_key SET wrapped = $1 WHERE id = $2 AND kind = $3`, wrapped, k.owner.id[:], int64(k.owner.kind)); err != nil {
			return 0, unavailable(err)
		}
	}
	_, err = tx.ExecContext(ctx, `UPDATE vault_meta SET fingerprint = $1 WHERE one = 1`, to.fingerprint)
	return len(keys), unavailable(err)
}

// rooted lists the keys that hang from the root.
func rooted(ctx context.Context, tx *sql.Tx) ([]storedKey, error) {
	var all []storedKey
	err := rows(ctx, tx, func(r *sql.Rows) error {
		var k int64
		var id []byte
		var s storedKey
		if err := r.Scan(&k, &id, &s.wrapped); err != nil {
			return unavailable(err)
		}
		var err error
		s.owner, err = scanOwner(k, id)
		s.wrapped = slices.Clone(s.wrapped)
		all = append(all, s)
		return err
	}, `SELECT kind, id, wrapped FROM vault_key WHERE kind <> 3 ORDER BY kind, id`)
	return all, err
}
