package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"botschaft/internal/desk"
	"botschaft/internal/private"
)

// cost is what one Argon2id run takes.
type cost struct {
	memory  uint32 // KiB
	time    uint32 // passes
	threads uint8
}

// today's cost: OWASP's 19 MiB, two passes, one thread; about 36 ms.
var today = cost{memory: 19 * 1024, time: 2, threads: 1}

const (
	saltBytes  = 16
	keyBytes   = 32
	runsAtOnce = 2  // each run holds its memory
	queueLimit = 64 // waiting logins; more are turned away
)

// errHash says that a stored hash cannot be read. It never repeats it.
var errHash = errors.New("auth: not an Argon2id hash in PHC form")

// Hasher makes and checks password hashes. It runs at most two at a time, so
// that logins cannot take all memory. It is safe for concurrent use.
type Hasher struct {
	slots   chan struct{}
	waiting atomic.Int32
	dummy   hash
}

// NewHasher makes a Hasher.
func NewHasher() *Hasher {
	h := &Hasher{slots: make(chan struct{}, runsAtOnce)}
	h.dummy = hash{cost: today, salt: make([]byte, saltBytes), key: make([]byte, keyBytes)}
	_, _ = rand.Read(h.dummy.key) // never fails
	return h
}

// Hash gives the PHC string of password with a fresh salt. It waits for a slot
// until ctx ends; too many waiters give desk.CodeUnavailable. The rules for
// passwords are CheckPassword's.
func (h *Hasher) Hash(ctx context.Context, password private.Text) (private.Text, error) {
	x := hash{cost: today, salt: make([]byte, saltBytes)}
	_, _ = rand.Read(x.salt) // never fails
	key, err := h.run(ctx, x, keyBytes, password)
	if err != nil {
		return private.Text{}, err
	}
	x.key = key
	return private.NewText(x.String()), nil
}

// Verify tells whether password belongs to the PHC string phc, in a time that
// does not depend on where they differ, and whether the hash should be made anew
// because the cost has changed since.
func (h *Hasher) Verify(ctx context.Context, phc, password private.Text) (ok, rehash bool, err error) {
	x, err := parseHash(phc.Reveal())
	if err != nil {
		return false, false, err
	}
	key, err := h.run(ctx, x, len(x.key), password)
	if err != nil {
		return false, false, err
	}
	ok = subtle.ConstantTimeCompare(key, x.key) == 1
	return ok, ok && (x.cost != today || len(x.key) != keyBytes), nil
}

// VerifyNobody takes as long as Verify and says no: for an e-mail address that
// belongs to nobody.
func (h *Hasher) VerifyNobody(ctx context.Context, password private.Text) error {
	_, err := h.run(ctx, h.dummy, keyBytes, password)
	return err
}

func (h *Hasher) run(ctx context.Context, x hash, size int, password private.Text) ([]byte, error) {
	if h.waiting.Add(1) > queueLimit {
		h.waiting.Add(-1)
		return nil, desk.Unavailable("too many logins at once", nil)
	}
	defer h.waiting.Add(-1)
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for a password slot: %w", context.Cause(ctx))
	}
	return argon2.IDKey(canonical(password), x.salt, x.cost.time, x.cost.memory, x.cost.threads, uint32(size)), nil
}

// canonical gives the bytes that are hashed. An "ü" typed on a Mac and one typed
// on Windows differ in bytes, not in NFC. What no rule would have allowed is cut.
func canonical(password private.Text) []byte {
	s := password.Reveal()
	if len(s) > maxPassword*utf8.UTFMax {
		s = s[:maxPassword*utf8.UTFMax]
	}
	return norm.NFC.Bytes([]byte(s))
}

// hash is a password hash taken apart.
type hash struct {
	cost cost
	salt []byte
	key  []byte
}

// String gives the PHC string.
func (x hash) String() string {
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		x.cost.memory, x.cost.time, x.cost.threads, enc.EncodeToString(x.salt), enc.EncodeToString(x.key))
}

// parseHash reads a PHC string. It refuses costs that would let one damaged row
// take the server's memory.
func parseHash(s string) (hash, error) {
	part := strings.Split(s, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" || part[2] != "v="+strconv.Itoa(argon2.Version) {
		return hash{}, errHash
	}
	c, err := parseCost(part[3])
	if err != nil {
		return hash{}, err
	}
	enc := base64.RawStdEncoding.Strict()
	salt, saltErr := enc.DecodeString(part[4])
	key, keyErr := enc.DecodeString(part[5])
	if saltErr != nil || keyErr != nil || len(salt) < 8 || len(salt) > 64 || len(key) < 16 || len(key) > 64 {
		return hash{}, errHash
	}
	return hash{cost: c, salt: salt, key: key}, nil
}

func parseCost(s string) (cost, error) {
	field := strings.Split(s, ",")
	if len(field) != 3 {
		return cost{}, errHash
	}
	var n [3]uint64
	for i, limit := range []struct {
		name string
		max  uint64
	}{{"m=", 256 * 1024}, {"t=", 16}, {"p=", 8}} {
		digits, named := strings.CutPrefix(field[i], limit.name)
		v, err := strconv.ParseUint(digits, 10, 32)
		if !named || err != nil || v == 0 || v > limit.max || strconv.FormatUint(v, 10) != digits {
			return cost{}, errHash
		}
		n[i] = v
	}
	return cost{memory: uint32(n[0]), time: uint32(n[1]), threads: uint8(n[2])}, nil
}
