package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/text/unicode/norm"

	"botschaft/internal/desk"
	"botschaft/internal/private"
)

// The measures of the login throttle.
const (
	freeFailures  = 5                // per e-mail address, before waiting begins
	firstWait     = time.Second      // doubles with each further failure
	longestWait   = 15 * time.Minute // so that nobody is locked out for good
	failureMemory = 24 * time.Hour   // after which failures are forgotten
	addressBurst  = 40               // failures an address may have at once: an office shares one
	addressRefill = 15 * time.Second // until it may have one more
	throttleKeys  = 50_000           // remembered e-mail addresses, and as many addresses
)

// Throttled refuses an attempt that came too early.
type Throttled struct {
	After time.Duration // until the next attempt can succeed
}

// Error says so.
func (t *Throttled) Error() string { return t.Unwrap().Error() }

// Unwrap gives the error as the house knows it.
func (t *Throttled) Unwrap() error {
	return &desk.Error{Code: desk.CodeThrottled, Text: "too many attempts; wait before the next"}
}

// RetryAfter is how long to wait.
func (t *Throttled) RetryAfter() time.Duration { return t.After }

// Throttle slows down guessing at the login: exponentially per e-mail address,
// steadily per network address. It remembers keyed digests, in the memory of this
// process alone, of a bounded number of addresses; beyond it the longest unused
// are forgotten. It is safe for concurrent use.
type Throttle struct {
	now    func() time.Time
	key    [32]byte
	mu     sync.Mutex
	emails *simplelru.LRU[[32]byte, *failures]
	peers  *simplelru.LRU[netip.Prefix, time.Time] // GCRA: when the bucket is full again
}

// failures is what is remembered of one e-mail address.
type failures struct {
	n      int
	last   time.Time
	newest *Attempt // that moved last
}

// NewThrottle makes a Throttle.
func NewThrottle(now func() time.Time) *Throttle { return newThrottle(now, throttleKeys) }

func newThrottle(now func() time.Time, keys int) *Throttle {
	t := &Throttle{now: now}
	_, _ = rand.Read(t.key[:]) // never fails
	t.emails, _ = simplelru.NewLRU[[32]byte, *failures](keys, nil)
	t.peers, _ = simplelru.NewLRU[netip.Prefix, time.Time](keys, nil)
	return t
}

// Attempt is a login under way. It counts as failed from the start, so that
// attempts made at the same time do not pass together.
type Attempt struct {
	t       *Throttle
	email   [32]byte
	peer    netip.Prefix
	counted *failures // among which it counts
	before  time.Time // the last failure before it
	once    sync.Once
}

// Begin counts an attempt, or gives *Throttled. A refused attempt does not
// prolong the wait.
func (t *Throttle) Begin(email private.Text, peer netip.Addr) (*Attempt, error) {
	a := &Attempt{t: t, email: t.digest(email), peer: network(peer)}
	now := t.now()
	t.mu.Lock()
	defer t.mu.Unlock()
	f, ok := t.emails.Get(a.email)
	if !ok || now.Sub(f.last) >= failureMemory {
		f = &failures{}
	}
	full, _ := t.peers.Get(a.peer)
	if full.Before(now) {
		full = now
	}
	wait := f.last.Add(waitAfter(f.n)).Sub(now)
	wait = max(wait, full.Add(addressRefill).Sub(now)-addressBurst*addressRefill)
	if wait > 0 {
		return nil, &Throttled{After: wait}
	}
	a.counted, a.before = f, f.last
	f.n, f.last, f.newest = f.n+1, now, a
	t.emails.Add(a.email, f)
	t.peers.Add(a.peer, full.Add(addressRefill))
	return a, nil
}

// Succeeded forgets the failures of the e-mail address and takes this attempt
// back from the network address. Other guesses from there stay counted: an
// attacker may own one account.
func (a *Attempt) Succeeded() {
	a.undo(func() { a.t.emails.Remove(a.email) })
}

// Cancel takes the attempt back: it was not judged. Failures of others stay counted,
// and from the moment they happened.
func (a *Attempt) Cancel() {
	a.undo(func() {
		f, ok := a.t.emails.Get(a.email)
		if !ok || f != a.counted {
			return // forgotten meanwhile; what is there now is not about this attempt
		}
		if f.n--; f.n == 0 {
			a.t.emails.Remove(a.email)
		} else if f.newest == a {
			f.last, f.newest = a.before, nil
		}
	})
}

func (a *Attempt) undo(email func()) {
	a.once.Do(func() {
		a.t.mu.Lock()
		defer a.t.mu.Unlock()
		email()
		if full, ok := a.t.peers.Get(a.peer); ok {
			a.t.peers.Add(a.peer, full.Add(-addressRefill))
		}
	})
}

// waitAfter is how long n failures block.
func waitAfter(n int) time.Duration {
	if n < freeFailures {
		return 0
	}
	doublings := n - freeFailures
	if doublings > 20 {
		return longestWait
	}
	return min(firstWait<<doublings, longestWait)
}

// digest makes addresses that differ in case alone count as one.
func (t *Throttle) digest(email private.Text) [32]byte {
	h := hmac.New(sha256.New, t.key[:])
	h.Write([]byte(strings.ToLower(norm.NFC.String(strings.TrimSpace(email.Reveal())))))
	return [32]byte(h.Sum(nil))
}

// network is what one person can use at will: an IPv4 address, an IPv6 /64.
func network(a netip.Addr) netip.Prefix {
	a = a.Unmap().WithZone("")
	bits := 32
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits)
	return p
}
