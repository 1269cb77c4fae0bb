package vault

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
)

// What Open, Bind and every use of a key may answer; test with errors.Is.
var (
	// ErrWrongRootKey: the configured root key is not the one of this vault.
	ErrWrongRootKey = errors.New("vault: wrong root key")
	// ErrForeign: the data belongs to another installation than the vault.
	ErrForeign = errors.New("vault: the data belongs to another installation")
	// ErrTooNew: a newer release has changed the vault's tables.
	ErrTooNew = errors.New("vault: the store was made by a newer release")
	// ErrKeyGone: the key was destroyed or never existed (GDPR Art. 17).
	ErrKeyGone = errors.New("vault: the key is gone")
	// ErrUnreadable: what was sealed is not what stands there, or stood elsewhere.
	ErrUnreadable = errors.New("vault: altered, or moved from its place")
)

// Config says where the vault is and what opens it.
type Config struct {
	URL     string      // "sqlite:/path/vault.db" or "postgres://…"
	RootKey private.Key // 32 bytes; see RootKeyFile
	// Spares gives further root keys, asked for when RootKey is not the vault's: the next
	// one while it takes the place of the present one. May be nil.
	Spares func() []private.Key
	Clock  func() time.Time // nil is time.Now
}

// Vault seals and opens, and destroys keys. It is safe for concurrent use.
type Vault struct {
	db           *engine
	now          func() time.Time
	cache        *cache
	installation [16]byte
	root         atomic.Pointer[rootKey]
	spares       func() []private.Key
	own          *unwrapped // the installation's key
	signing      ed25519.PrivateKey
}

var errRootKeySize = desk.Invalid("root_key", fmt.Sprintf("must be %d bytes long", keySize))

// Open opens the vault and creates it when its store is empty: installation id,
// root-key fingerprint, installation key and signing key. It answers
// ErrWrongRootKey, ErrTooNew, or a desk.CodeUnavailable while the store is down.
func Open(ctx context.Context, c Config) (*Vault, error) {
	return open(ctx, c, openEngine, (*Vault).prepare)
}

// open connects, then begins as it is told.
func open(ctx context.Context, c Config, connect func(url string) (*engine, error), begin func(*Vault, context.Context, []byte) error) (*Vault, error) {
	if len(c.RootKey.Reveal()) != keySize {
		return nil, errRootKeySize
	}
	db, err := connect(c.URL)
	if err != nil {
		return nil, err
	}
	v := &Vault{db: db, now: c.Clock, spares: c.Spares}
	if v.now == nil {
		v.now = time.Now
	}
	if v.cache, err = newCache(); err == nil {
		err = begin(v, ctx, c.RootKey.Reveal())
	}
	if err == nil {
		err = db.watch()
	}
	if err != nil {
		_ = db.close()
		return nil, err
	}
	return v, nil
}

// Close ends the connections to the store.
func (v *Vault) Close() error { return v.db.close() }

// Installation is the id of this installation; the data carries it too.
func (v *Vault) Installation() [16]byte { return v.installation }

// Bind checks that data of the given installation id is ours. Data of another
// installation, or of none, is ErrForeign: its keys are not here.
func (v *Vault) Bind(installation [16]byte) error {
	if installation == v.installation {
		return nil
	}
	return fmt.Errorf("%w: the data says %s, the vault %s. Check that database and vault URL belong together, "+
		"and that both were restored from the same installation", ErrForeign,
		desk.ControllerID(installation), desk.ControllerID(v.installation))
}

// Ready is a cheap probe: can the store be read, and is it still ours?
func (v *Vault) Ready(ctx context.Context) error {
	if err := v.Missing(); err != nil {
		return err
	}
	v.cache.purge(v.now())
	var id, fingerprint []byte
	if err := v.db.read.QueryRowContext(ctx, `SELECT installation, fingerprint FROM vault_meta WHERE one = 1`).Scan(&id, &fingerprint); err != nil {
		return unavailable(err)
	}
	if !bytes.Equal(id, v.installation[:]) {
		return fmt.Errorf("%w: the vault's store was exchanged while running", ErrForeign)
	}
	_, err := v.follow(fingerprint)
	return err
}

// signingOwner is where the signing key is kept; nothing else is sealed with it.
var signingOwner = Owner{kind: kindSigning}

// Sign signs msg with the installation's Ed25519 key, for checkpoints and
// certificates.
func (v *Vault) Sign(msg []byte) []byte { return ed25519.Sign(v.signing, msg) }

// VerifyKey is the public half of the signing key.
func (v *Vault) VerifyKey() ed25519.PublicKey {
	return bytes.Clone(v.signing.Public().(ed25519.PublicKey))
}

// adopt keeps an own key of the installation for as long as the Vault lives.
func (v *Vault) adopt(o Owner, raw []byte) (err error) {
	defer clear(raw)
	if o.kind == kindSigning {
		v.signing = ed25519.NewKeyFromSeed(raw)
		return nil
	}
	v.own, err = v.ready(o, raw, time.Time{})
	return err
}

// ready turns raw key bytes of o into ciphers. Contact and day keys seal content
// directly; the others serve several uses and derive a key for each.
func (v *Vault) ready(o Owner, raw []byte, until time.Time) (*unwrapped, error) {
	k := &unwrapped{until: until}
	var err error
	if o.kind == kindContact || o.kind == kindDay {
		k.content, err = newAEAD(raw)
		return k, err
	}
	if k.wrap, err = deriveAEAD(raw, nil, "wrap contact"); err != nil || o.kind == kindWrapping {
		return k, err
	}
	k.wrapper, k.wraps = o, k.wrap
	if k.content, err = deriveAEAD(raw, nil, "content"); err != nil {
		return nil, err
	}
	mac, err := derive(raw, nil, "digest")
	if err != nil {
		return nil, err
	}
	k.digests = newDigester(mac)
	clear(mac)
	return k, nil
}
