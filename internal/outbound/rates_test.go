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
			wait := r.reserve(inbox, desk.NewID[desk.Contact]())
			if n := len(left); wait > 0 {
				if free := left[n-perSecond].Add(time.Second).Sub(now); wait != free {
					t.Fatalf("waits %v where %v is enough", wait, free)
				}
				continue
			}
			left = append(left, now)
			if n := len(left); n > perSecond && now.Sub(left[n-1-perSecond]) < time.Second {
				t.Fatalf("%d messages within %v", perSecond+1, now.Sub(left[n-1-perSecond]))
			}
		}
		if wait := r.reserve(other, desk.NewID[desk.Contact]()); wait > 0 {
			t.Fatalf("another number waits %v", wait)
		}
	})
}

// One person gets a burst, then one message every six seconds; silence pays it back.
func TestRatesOfAPair(t *testing.T) {
	now := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	r := newRates(func() time.Time { return now })
	inbox, anna := desk.NewID[desk.Inbox](), desk.NewID[desk.Contact]()
	burst := 0
	for r.reserve(inbox, anna) == 0 {
		burst++
	}
	if burst != pairBurst {
		t.Fatalf("a burst of %d", burst)
	}
	if wait := r.reserve(inbox, anna); wait != pairBurst*pairEvery {
		t.Fatalf("after a burst waits %v", wait)
	}
	now = now.Add(pairBurst * pairEvery)
	for range 5 {
		if r.reserve(inbox, anna) != 0 {
			t.Fatal("waits longer than it was told")
		}
		now = now.Add(pairEvery)
	}
	if r.reserve(inbox, desk.NewID[desk.Contact]()) != 0 {
		t.Error("another person waits")
	}
	r.giveBack(anna)
	if wait := r.reserve(inbox, anna); wait != 0 {
		t.Errorf("waits %v for a place that was given back", wait)
	}
	now = now.Add(pairBurst * pairEvery)
	for i := range pairBurst {
		if wait := r.reserve(inbox, anna); wait != 0 {
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
	if wait := r.reserve(inbox, anna); wait != 0 {
		t.Errorf("a failure of one message holds up others for %v", wait)
	}
	r.slow(&desk.SendError{Slows: desk.SlowsPair, After: 4 * time.Second}, inbox, anna)
	if a, c := r.reserve(inbox, anna), r.reserve(inbox, carl); a != 4*time.Second || c != 0 {
		t.Errorf("the person waits %v, another %v", a, c)
	}
	r.slow(&desk.SendError{Slows: desk.SlowsInbox, After: 2 * time.Second}, inbox, anna)
	if c, o := r.reserve(inbox, carl), r.reserve(other, carl); c != 2*time.Second || o != 0 {
		t.Errorf("the number waits %v, another %v", c, o)
	}
	now = now.Add(4 * time.Second)
	if a, c := r.reserve(inbox, anna), r.reserve(inbox, carl); a != 0 || c != 0 {
		t.Errorf("afterwards the person waits %v, another %v", a, c)
	}
}

func TestRatesForget(t *testing.T) {
	now := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	r := newRates(func() time.Time { return now })
	inbox := desk.NewID[desk.Inbox]()
	for range 3 * manyPairs {
		now = now.Add(20 * time.Millisecond)
		if r.reserve(inbox, desk.NewID[desk.Contact]()) != 0 {
			t.Fatal("waits")
		}
	}
	if n := len(r.pairs); n > manyPairs {
		t.Errorf("%d pairs are remembered", n)
	}
}
