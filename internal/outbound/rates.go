package outbound

import (
	"sync"
	"time"

	"botschaft/internal/desk"
)

// Meta's limits (Meta: Messaging limits, throughput; Error codes 130429, 131056).
const (
	perSecond = 80              // messages per number in any second
	pairEvery = 6 * time.Second // between messages to one recipient, in the long run
	pairBurst = 45              // messages to one recipient borrowed from later
)

// rates keeps sends within Meta's limits, so that refusals by Meta are the exception.
type rates struct {
	clock func() time.Time
	mu    sync.Mutex
	last  map[desk.InboxID]*window
	pairs map[desk.ContactID]time.Time // when the pair's debt is paid off
	held  map[desk.InboxID]time.Time   // until when the Provider wants nothing of a number
}

// window remembers when the newest messages of one number left.
type window struct {
	sent [perSecond]time.Time
	next int
}

func newRates(clock func() time.Time) *rates {
	return &rates{clock: clock, last: map[desk.InboxID]*window{}, pairs: map[desk.ContactID]time.Time{}, held: map[desk.InboxID]time.Time{}}
}

// reserve takes a place for one message, or tells how long to wait for one.
func (r *rates) reserve(inbox desk.InboxID, contact desk.ContactID) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.clock()
	if wait := r.held[inbox].Sub(now); wait > 0 {
		return wait
	}
	paid := r.pairs[contact]
	if paid.Before(now) {
		paid = now
	}
	if wait := paid.Add(pairEvery).Sub(now) - pairBurst*pairEvery; wait > 0 {
		return wait
	}
	w := r.last[inbox]
	if w == nil {
		w = &window{}
		r.last[inbox] = w
	}
	if wait := w.sent[w.next].Add(time.Second).Sub(now); wait > 0 {
		return wait
	}
	w.sent[w.next] = now
	w.next = (w.next + 1) % perSecond
	r.pairs[contact] = paid.Add(pairEvery)
	r.forgetPaid(now)
	return 0
}

// slow heeds a Provider that wants us to wait: its count is the one that matters.
func (r *rates) slow(e *desk.SendError, inbox desk.InboxID, contact desk.ContactID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch until := r.clock().Add(e.After); e.Slows {
	case desk.SlowsInbox:
		r.held[inbox] = until
	case desk.SlowsPair:
		r.pairs[contact] = until.Add((pairBurst - 1) * pairEvery)
	}
}

// giveBack returns the pair's share of a place that was not used. The number's share
// comes back by itself within the second.
func (r *rates) giveBack(contact desk.ContactID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if paid, owed := r.pairs[contact]; owed {
		r.pairs[contact] = paid.Add(-pairEvery)
	}
}

const manyPairs = 10_000

// forgetPaid bounds the memory: a pair without debt is like one never seen.
func (r *rates) forgetPaid(now time.Time) {
	if len(r.pairs) < manyPairs {
		return
	}
	for c, paid := range r.pairs {
		if paid.Before(now) {
			delete(r.pairs, c)
		}
	}
}
