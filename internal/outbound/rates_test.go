package outbound

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"botschaft/internal/desk"
)

// In no second, wherever it begins, more leaves a number than Meta allows; and nobody
// waits longer than that takes.
func TestRatesOfANumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
		r := newRates(func() time.Time { return now })
		inbox, other := desk.NewID[desk.Inbox](), desk.NewID[desk.Inbox]()
		var left []time.Time
		for _, ms := range rapid.SliceOfN(rapid.IntRange(0, 60), 100, 400).Draw(t, "pauses") {
			now = now.Add(time.Duration(ms) * time.Millisecond / 4)
			wait := r.reserve(inbox, desk.NewID[desk.Contact](), true)
			if n := len(left); wait > 0 {
				if free := left[n-perSecond].Add(flight+time.Second).Sub(now) - lead; wait != free {
					t.Fatalf("waits %v where %v is enough", wait, free)
				}
				continue
			}
			for _, wait := r.depart(inbox, false); wait > 0; _, wait = r.depart(inbox, false) {
				now = now.Add(wait)
			}
			left = append(left, now)
			if n := len(left); n > perSecond && now.Sub(left[n-1-perSecond]) < time.Second+flight {
				t.Fatalf("%d messages within %v", perSecond+1, now.Sub(left[n-1-perSecond]))
			}
		}
		if wait := r.reserve(other, desk.NewID[desk.Contact](), true); wait > 0 {
			t.Fatalf("another number waits %v", wait)
		}
	})
}

// goes lets a message leave at once, or tells how long it would wait for a place.
func (r *rates) goes(inbox desk.InboxID, contact desk.ContactID) time.Duration {
	wait := r.reserve(inbox, contact, true)
	if wait == 0 {
		r.depart(inbox, true)
	}
	return wait
}

// One person gets a burst, then one message every six seconds; silence pays it back.
func TestRatesOfAPair(t *testing.T) {
	now := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	r := newRates(func() time.Time { return now })
	inbox, anna := desk.NewID[desk.Inbox](), desk.NewID[desk.Contact]()
	burst := 0
	for r.goes(inbox, anna) == 0 {
		burst++
	}
	if burst != pairBurst {
		t.Fatalf("a burst of %d", burst)
	}
	if wait := r.goes(inbox, anna); wait != pairBurst*pairEvery {
		t.Fatalf("after a burst waits %v", wait)
	}
	now = now.Add(pairBurst * pairEvery)
	for range 5 {
		if r.goes(inbox, anna) != 0 {
			t.Fatal("waits longer than it was told")
		}
		now = now.Add(pairEvery)
	}
	if r.goes(inbox, desk.NewID[desk.Contact]()) != 0 {
		t.Error("another person waits")
	}
	if wait := r.reserve(inbox, anna, true); wait != 0 {
		t.Errorf("waits %v", wait)
	}
	r.giveBack(inbox, anna)
	if wait := r.goes(inbox, anna); wait != 0 {
		t.Errorf("waits %v for a place that was given back", wait)
	}
	now = now.Add(pairBurst * pairEvery)
	for i := range pairBurst {
		if wait := r.goes(inbox, anna); wait != 0 {
			t.Fatalf("after a silence message %d waits %v", i, wait)
		}
	}
}

// Where the Provider counts otherwise, its count is heeded: for the person or for all.
func TestRatesHeedTheProvider(t *testing.T) {
	now := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	r := newRates(func() time.Time { return now })
	inbox, other, anna, carl := desk.NewID[desk.Inbox](), desk.NewID[desk.Inbox](), desk.NewID[desk.Contact](), desk.NewID[desk.Contact]()
	r.slow(&desk.SendError{After: 4 * time.Second}, inbox, anna)
	if wait := r.reserve(inbox, anna, true); wait != 0 {
		t.Errorf("a failure of one message holds up others for %v", wait)
	}
	r.slow(&desk.SendError{Slows: desk.SlowsPair, After: 4 * time.Second}, inbox, anna)
	if a, c := r.reserve(inbox, anna, true), r.reserve(inbox, carl, true); a != 4*time.Second || c != 0 {
		t.Errorf("the person waits %v, another %v", a, c)
	}
	r.slow(&desk.SendError{Slows: desk.SlowsInbox, After: 2 * time.Second}, inbox, anna)
	if c, o := r.reserve(inbox, carl, true), r.reserve(other, carl, true); c != 2*time.Second || o != 0 {
		t.Errorf("the number waits %v, another %v", c, o)
	}
	now = now.Add(4 * time.Second)
	if a, c := r.reserve(inbox, anna, true), r.reserve(inbox, carl, true); a != 0 || c != 0 {
		t.Errorf("afterwards the person waits %v, another %v", a, c)
	}
}

func TestRatesForget(t *testing.T) {
	now := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	r := newRates(func() time.Time { return now })
	inbox := desk.NewID[desk.Inbox]()
	for range 3 * manyPairs {
		now = now.Add(20 * time.Millisecond)
		if r.goes(inbox, desk.NewID[desk.Contact]()) != 0 {
			t.Fatal("waits")
		}
	}
	if n := len(r.pairs); n > manyPairs {
		t.Errorf("%d pairs are remembered", n)
	}
}

// A number may send more or less than others, and what it sent counts when that changes.
func TestRatesByNumber(t *testing.T) {
	now := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	g := &Gate{rates: newRates(func() time.Time { return now })}
	inbox := desk.NewID[desk.Inbox]()
	burst := func() (n int) {
		for g.rates.goes(inbox, desk.NewID[desk.Contact]()) == 0 {
			n++
		}
		return n
	}
	for _, step := range []struct {
		allowed, burst int
		then           time.Duration
	}{{0, perSecond, 0}, {1000, 1000 - perSecond, 2 * time.Second}, {20, 20, (time.Second + flight) / 2}, {80, 60, 2 * time.Second}, {0, perSecond, 0}} {
		g.Allow(inbox, step.allowed)
		if n := burst(); n != step.burst {
			t.Errorf("with %d in a second %d went at once, want %d", step.allowed, n, step.burst)
		}
		now = now.Add(step.then)
	}
}

// However many wait, few more ask again in a second than there are places; whoever is urgent asks at
// once when there is one.
func TestRatesQueue(t *testing.T) {
	now := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	r := newRates(func() time.Time { return now })
	inbox := desk.NewID[desk.Inbox]()
	asking := map[time.Duration]int{}
	last := time.Duration(0)
	for i := range perSecond + 5000 {
		wait := r.reserve(inbox, desk.NewID[desk.Contact](), false)
		if i < perSecond {
			continue
		}
		asking[wait/time.Second]++
		last = max(last, wait)
	}
	for at, n := range asking {
		if n > perSecond*9/8 {
			t.Errorf("%d ask again in second %d", n, at)
		}
	}
	if most := 5000 / perSecond * time.Second; last < most*7/8 || last > most {
		t.Errorf("the last one waits %v", last)
	}
	if wait := r.reserve(inbox, desk.NewID[desk.Contact](), true); wait != time.Second-lead {
		t.Errorf("who is urgent waits %v", wait)
	}
	for range 20_000 {
		if wait := r.reserve(inbox, desk.NewID[desk.Contact](), false); wait > longestQueue+2*time.Second {
			t.Fatalf("waits %v", wait)
		}
	}
}

// A place is given a moment before it opens, to as many as may leave then and to no more.
func TestRatesLead(t *testing.T) {
	now := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	r := newRates(func() time.Time { return now })
	inbox := desk.NewID[desk.Inbox]()
	for i := range perSecond {
		if r.goes(inbox, desk.NewID[desk.Contact]()) != 0 {
			t.Fatal("waits")
		}
		if i == 1 {
			now = now.Add(2 * lead)
		}
	}
	now = now.Add(time.Second + flight - 3*lead)
	for i, want := range []time.Duration{0, 0, 2 * lead} {
		if wait := r.reserve(inbox, desk.NewID[desk.Contact](), true); wait != want {
			t.Errorf("number %d waits %v, want %v", i, wait, want)
		}
	}
	if _, wait := r.depart(inbox, false); wait != lead {
		t.Errorf("the first leaves after %v", wait)
	}
}

// However much comes to the wire at once, no more leaves in a second than may.
func TestRatesDepart(t *testing.T) {
	now := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	r := newRates(func() time.Time { return now })
	inbox, other := desk.NewID[desk.Inbox](), desk.NewID[desk.Inbox]()
	for i := range perSecond {
		if _, wait := r.depart(inbox, false); wait != 0 {
			t.Fatalf("number %d waits %v", i, wait)
		}
	}
	_, a := r.depart(inbox, false)
	if _, b := r.depart(other, false); a != time.Second+flight || b != 0 {
		t.Errorf("the next waits %v, another number %v", a, b)
	}
	now = now.Add(time.Second + flight)
	if _, wait := r.depart(inbox, false); wait != 0 {
		t.Errorf("later waits %v, too", wait)
	}
}

// What was answered has arrived, and a place opens a second later: later by what the answer took
// longer than others, and by nothing that all take. An answer that comes late makes no place open
// sooner than it would, nor does that of another one.
func TestRatesArrived(t *testing.T) {
	const trip = 100 * time.Millisecond
	noon := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	for took, late := range map[time.Duration]time.Duration{
		trip: stray, trip + 64*time.Millisecond: stray + 64*time.Millisecond, 2 * time.Second: flight, time.Hour: flight,
	} {
		now := noon
		r := newRates(func() time.Time { return now })
		inbox := desk.NewID[desk.Inbox]()
		first, _ := r.depart(inbox, false)
		var last uint64
		for range perSecond - 1 {
			last, _ = r.depart(inbox, false)
		}
		now = noon.Add(trip)
		r.arrived(inbox, last)
		now = noon.Add(took)
		r.arrived(inbox, first)
		now = noon.Add(trip)
		_, wait := r.depart(inbox, false)
		if opens := wait + trip; (opens - time.Second - late).Abs() > time.Millisecond {
			t.Errorf("answered after %v, the place opens after %v", took, opens)
		}
	}
}

// An answer to what left before the limit grew tells nothing of those that leave now.
func TestRatesArrivedAfterGrowth(t *testing.T) {
	now := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	g := &Gate{rates: newRates(func() time.Time { return now })}
	inbox := desk.NewID[desk.Inbox]()
	g.Allow(inbox, 2)
	first, _ := g.rates.depart(inbox, true)
	for range 3 {
		g.rates.depart(inbox, true)
	}
	g.Allow(inbox, 80)
	now = now.Add(time.Millisecond)
	g.rates.arrived(inbox, first)
	if w := g.rates.of(inbox); w.trip != 0 {
		t.Errorf("a way of %v was learnt", w.trip)
	}
}
