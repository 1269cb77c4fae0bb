package vault

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"sync"

	"botschaft/internal/desk"
)

// digester makes keyed digests under one key. Its parts are pooled because a
// digest is made for every Identity and message id that arrives.
type digester struct{ pool sync.Pool }

// digestRun is what one digest needs.
type digestRun struct {
	mac hash.Hash
	buf []byte
}

// newDigester keeps a copy of key.
func newDigester(key []byte) *digester {
	k := append([]byte(nil), key...)
	d := &digester{}
	d.pool.New = func() any { return &digestRun{mac: hmac.New(sha256.New, k)} }
	return d
}

// sum writes each part with its length before it, so that no two lists of parts
// give the same input.
func (d *digester) sum(domain string, parts [][]byte) []byte {
	run := d.pool.Get().(*digestRun)
	b := field(run.buf[:0], domain)
	b = binary.AppendUvarint(b, uint64(len(parts)))
	for _, p := range parts {
		b = field(b, p)
	}
	run.mac.Reset()
	run.mac.Write(b)
	out := run.mac.Sum(make([]byte, 0, sha256.Size))
	clear(b)
	run.buf = b
	d.pool.Put(run)
	return out
}

// Digest gives the keyed digest by which something of a Controller is found
// again: HMAC-SHA256, 32 bytes, under a key derived from the Controller's. The
// domain keeps digests of different columns apart; equal parts in different
// Controllers give different digests. ErrKeyGone if the Controller has no key.
func (v *Vault) Digest(ctx context.Context, c desk.ControllerID, domain string, parts ...[]byte) ([]byte, error) {
	k, err := v.key(ctx, ControllerOwner(c))
	if err != nil {
		return nil, err
	}
	return k.digests.sum(domain, parts), nil
}

// InstallationDigest is Digest for what belongs to no Controller, e.g. an Agent's
// e-mail address.
func (v *Vault) InstallationDigest(domain string, parts ...[]byte) []byte {
	return v.own.digests.sum(domain, parts)
}
