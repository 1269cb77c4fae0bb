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
	pairBurst = 45              // messages to one recipient within pairEvery, borrowed from later
)

// rates keeps sends within Meta's limits, so that refusals by Meta are the exception.
type rates struct {
	clock func() time.Time
	mu    sync.Mutex
	last  map[desk.InboxID]*window
	pairs map[desk.ContactID]*pair
	held  map[desk.InboxID]time.Time // until when the Provider wants nothing of a number
}

// window remembers when the newest messages of one number left.
type window struct {
	sent [perSecond]time.Time
	next int
}

// pair is what one recipient got since the last pause. A burst may be as quick as it
// likes for pairEvery; then nothing goes until the long run has caught up with it.
type pair struct {
	began time.Time
	sent  int
	held  time.Time // until when the Provider wants nothing for this recipient
}

// paid tells when the long run has caught up with the burst.
func (p *pair) paid() time.Time { return p.began.Add(time.Duration(p.sent) * pairEvery) }

func (p *pair) wait(now time.Time) time.Duration {
	inBurst := now.Sub(p.began) < pairEvery && p.sent < pairBurst
	if wait := p.paid().Sub(now); p.sent > 0 && wait > 0 && !inBurst {
		return max(wait, p.held.Sub(now))
	}
	return max(0, p.held.Sub(now))
}

func (p *pair) take(now time.Time) {
	if !now.Before(p.paid()) {
		p.began, p.sent = now, 0
	}
	p.sent++
}

func newRates(clock func() time.Time) *rates {
	return &rates{clock: clock, last: map[desk.InboxID]*window{}, pairs: map[desk.ContactID]*pair{}, held: map[desk.InboxID]time.Time{}}
}

// reserve takes a place for one message, or tells how long to wait for one.
func (r *rates) reserve(inbox desk.InboxID, contact desk.ContactID) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.clock()
	if wait := r.held[inbox].Sub(now); wait > 0 {
		return wait
	}
	with := r.with(contact)
	if wait := with.wait(now); wait > 0 {
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
	with.take(now)
	r.forgetPaid(now)
	return 0
}

func (r *rates) with(contact desk.ContactID) *pair {
	if r.pairs[contact] == nil {
		r.pairs[contact] = &pair{}
	}
	return r.pairs[contact]
}

// slow heeds a Provider that wants us to wait: its count is the one that matters.
func (r *rates) slow(e *desk.SendError, inbox desk.InboxID, contact desk.ContactID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch until := r.clock().Add(e.After); e.Slows {
	case desk.SlowsInbox:
		r.held[inbox] = until
	case desk.SlowsPair:
		r.with(contact).held = until
	}
}

// giveBack returns the pair's share of a place that was not used. The number's share
// comes back by itself within the second.
func (r *rates) giveBack(contact desk.ContactID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p := r.pairs[contact]; p != nil && p.sent > 0 {
		p.sent--
	}
}

const manyPairs = 10_000

// forgetPaid bounds the memory: a pair without debt is like one never seen.
func (r *rates) forgetPaid(now time.Time) {
	if len(r.pairs) < manyPairs {
		return
	}
	for c, p := range r.pairs {
		if p.paid().Before(now) && p.held.Before(now) {
			delete(r.pairs, c)
		}
	}
}
