package outbound

import (
	"math/rand/v2"
	"sync"
	"time"

	"botschaft/internal/desk"
)

// Meta's limits (Meta: Messaging limits, throughput; Error codes 130429, 131056).
const (
	perSecond = 80              // messages per number in any second, unless Meta says otherwise
	pairEvery = 6 * time.Second // between messages to one recipient, in the long run
	pairBurst = 45              // messages to one recipient within pairEvery, borrowed from later
)

// longestQueue is how far ahead a place in the queue is promised.
const longestQueue = 2 * time.Minute

// rates keeps sends within Meta's limits, so that refusals by Meta are the exception.
type rates struct {
	clock func() time.Time
	mu    sync.Mutex
	limit map[desk.InboxID]int // messages in a second; without one perSecond
	gone  map[desk.InboxID]*window
	pairs map[desk.ContactID]*pair
	ends  map[desk.InboxID]time.Time // when the last of the queue of a number is asked back
	held  map[desk.InboxID]time.Time // until when the Provider wants nothing of a number
}

// of gives the window of a number, as large as its limit is now.
func (r *rates) of(inbox desk.InboxID) *window {
	limit := r.limit[inbox]
	if limit == 0 {
		limit = perSecond
	}
	if w := r.gone[inbox]; w == nil || len(w.sent) != limit {
		r.gone[inbox] = w.resized(limit)
	}
	return r.gone[inbox]
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
	return &rates{
		clock: clock, limit: map[desk.InboxID]int{}, gone: map[desk.InboxID]*window{},
		ends:  map[desk.InboxID]time.Time{},
		pairs: map[desk.ContactID]*pair{}, held: map[desk.InboxID]time.Time{},
	}
}

// Allow says how many Messages an Inbox may send in a second; 0: as many as Meta lets every number.
func (g *Gate) Allow(inbox desk.InboxID, perSecond int) {
	g.rates.mu.Lock()
	defer g.rates.mu.Unlock()
	g.rates.limit[inbox] = perSecond
}

// reserve takes a place for one message, which then leaves or gives it back; or tells how long to
// wait for one. What is urgent asks again as soon as there may be one; all else stands in a queue.
func (r *rates) reserve(inbox desk.InboxID, contact desk.ContactID, urgent bool) time.Duration {
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
	w := r.of(inbox)
	if wait := w.opens(now) - lead; wait > 0 {
		return r.queue(inbox, now, wait, urgent)
	}
	w.onWay++
	with.take(now)
	r.forgetPaid(now)
	return 0
}

// queue tells one of many when to ask again. If all of ten thousand asked whenever a place is free,
// the asking alone would take the machine. A tenth more are asked back than there will be places, so
// that none is left empty by who is late.
func (r *rates) queue(inbox desk.InboxID, now time.Time, free time.Duration, urgent bool) time.Duration {
	if urgent || free <= shortWait {
		return free
	}
	at := now.Add(free)
	if end := r.ends[inbox]; end.After(at) {
		at = end
	}
	if wait := at.Sub(now); wait > longestQueue {
		return wait - rand.N(longestQueue/2)
	}
	r.ends[inbox] = at.Add(time.Second * 9 / 10 / time.Duration(len(r.of(inbox).sent)))
	return at.Sub(now)
}

// depart is called when a message is about to leave, and tells which one it is, or how long to wait
// first; not at all if it has waited long enough.
func (r *rates) depart(inbox desk.InboxID, last bool) (n uint64, wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now, w := r.clock(), r.of(inbox)
	if wait := w.sent[w.next].at.Add(time.Second).Sub(now); wait > 0 && !last {
		return 0, wait
	}
	return w.leave(now), 0
}

// arrived is called when a message was taken.
func (r *rates) arrived(inbox desk.InboxID, n uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.of(inbox).arrived(n, r.clock())
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

// giveBack returns a place that was not used.
func (r *rates) giveBack(inbox desk.InboxID, contact desk.ContactID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.of(inbox).stay()
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
