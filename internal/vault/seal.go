package vault

import (
	"context"
	"errors"
	"fmt"

	"botschaft/internal/private"
)

// Seal encrypts value with the key of o and binds it to p. T is private.Text,
// private.Key, []byte, desk.Content, desk.Profile, desk.AgentProfile or
// desk.InboxSecrets; any other is an error at once. ErrKeyGone if o has no key.
func Seal[T any](ctx context.Context, v *Vault, o Owner, p Place, value T) (private.Sealed[T], error) {
	var none private.Sealed[T]
	if p.Column == "" {
		return none, errNoColumn
	}
	b, err := encode(value)
	if err != nil {
		return none, err
	}
	defer clear(b)
	k, err := v.key(ctx, o)
	if err != nil {
		return none, fmt.Errorf("seal %s: %w", p, err)
	}
	return private.SealedBytes[T](sealEnvelope(k.content, b, p.associated(o))), nil
}

// Pass seals anew, for somebody else and perhaps another place, what was sealed: what it says stays
// within the vault. ErrKeyGone if either has no key.
func (v *Vault) Pass(ctx context.Context, from Owner, was Place, to Owner, now Place, sealed []byte) ([]byte, error) {
	if was.Column == "" || now.Column == "" {
		return nil, errNoColumn
	}
	opens, err := v.key(ctx, from)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", was, err)
	}
	seals, err := v.key(ctx, to)
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", now, err)
	}
	b, err := openEnvelope(opens.content, sealed, was.associated(from))
	if err != nil {
		return nil, fmt.Errorf("open %s of %s: %w: %w", was, from, ErrUnreadable, err)
	}
	defer clear(b)
	return sealEnvelope(seals.content, b, now.associated(to)), nil
}

// Reason says why content is opened; it names the purpose (GDPR Art. 5(1)(b)).
type Reason string

// The reasons.
const (
	ReasonView     Reason = "view"     // an Actor looks at it
	ReasonSend     Reason = "send"     // it goes to a channel
	ReasonProcess  Reason = "process"  // a Delivery is taken in
	ReasonSettings Reason = "settings" // a secret of ours is needed
	ReasonLogin    Reason = "login"    // an Agent proves who they are
	ReasonExport   Reason = "export"   // the data subject gets a copy (GDPR Art. 15, 20)
)

var errNoReason = errors.New("vault: content is opened for a Reason only")

// Opening is a batch of sealed values to open together with one key query. It is
// for one goroutine.
type Opening struct {
	v      *Vault
	reason Reason
	items  []sealedItem
	gone   int
	err    error // the first misuse of Add
}

// sealedItem is one value of an Opening; dst is a pointer to its type.
type sealedItem struct {
	owner    Owner
	place    Place
	envelope []byte
	dst      any
}

// Opening starts a batch. Fill it with Add, then Run it.
func (v *Vault) Opening(r Reason) *Opening { return &Opening{v: v, reason: r} }

// Add puts s into the batch; Run writes what it holds to dst. Until then, and for
// an empty s or a key that is gone, dst is the zero value. A T that cannot be
// sealed makes Run fail.
func Add[T any](b *Opening, o Owner, p Place, s private.Sealed[T], dst *T) {
	var zero T
	*dst = zero
	if tagOf(dst) == 0 && b.err == nil {
		b.err = unsupported(zero)
	}
	if p.Column == "" && b.err == nil {
		b.err = errNoColumn
	}
	if !s.IsEmpty() {
		b.items = append(b.items, sealedItem{o, p, s.Bytes(), dst})
	}
}

// Gone is how many values stayed zero because their key is gone.
func (b *Opening) Gone() int { return b.gone }

// Run opens everything added since the last Run, with at most one key query. A
// value that was altered or moved is an error that names its Place, never what it
// says; the others are opened all the same.
func (b *Opening) Run(ctx context.Context) error {
	items := b.items
	b.items = nil
	if b.err != nil {
		return b.err
	}
	if b.reason == "" {
		return errNoReason
	}
	if len(items) == 0 {
		return nil
	}
	owners := make([]Owner, len(items))
	for i := range items {
		owners[i] = items[i].owner
	}
	found, err := b.v.keys(ctx, owners)
	if err != nil {
		return fmt.Errorf("open for %s: %w", b.reason, err)
	}
	return b.open(items, found)
}

// open opens items with the keys found and gives the first failure.
func (b *Opening) open(items []sealedItem, found map[Owner]*unwrapped) error {
	var first error
	failed := 0
	for i := range items {
		it := &items[i]
		k := found[it.owner]
		if k == nil {
			b.gone++
			continue
		}
		if err := it.open(k); err != nil {
			failed++
			if first == nil {
				first = fmt.Errorf("open %s of %s for %s: %w: %w", it.place, it.owner, b.reason, ErrUnreadable, err)
			}
		}
	}
	if failed > 1 {
		return fmt.Errorf("%w (and %d more of %d)", first, failed-1, len(items))
	}
	return first
}

func (it *sealedItem) open(k *unwrapped) error {
	b, err := openEnvelope(k.content, it.envelope, it.place.associated(it.owner))
	if err != nil {
		return err
	}
	defer clear(b)
	return decode(b, it.dst)
}

// OpenOne opens a single value. ErrKeyGone if its key is gone; an empty s gives
// the zero value.
func OpenOne[T any](ctx context.Context, v *Vault, r Reason, o Owner, p Place, s private.Sealed[T]) (T, error) {
	var value, zero T
	b := v.Opening(r)
	Add(b, o, p, s, &value)
	if err := b.Run(ctx); err != nil {
		return zero, err
	}
	if b.Gone() > 0 {
		return zero, fmt.Errorf("open %s for %s: %w: %s", p, r, ErrKeyGone, o)
	}
	return value, nil
}
