package desk_test

import (
	"testing"

	"pgregory.net/rapid"

	"botschaft/internal/desk"
)

var ladder = []desk.Status{
	desk.StatusQueued, desk.StatusSending, desk.StatusInDoubt, desk.StatusSent, desk.StatusFailed, desk.StatusDelivered, desk.StatusRead,
}

func statuses() *rapid.Generator[desk.Status] {
	return rapid.SampledFrom(append([]desk.Status{desk.StatusReceived, "", "played"}, ladder...))
}

// However news arrives, a Message ends at the highest rung of it and never climbs
// down on the way.
func TestStatusesOnlyClimb(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at, top := desk.StatusQueued, desk.StatusQueued
		for _, next := range rapid.SliceOf(statuses()).Draw(t, "news") {
			before := at
			if at.Climbs(next) {
				at = next
			}
			if at.Rank() < before.Rank() {
				t.Fatalf("climbed down from %s to %s", before, at)
			}
			if next.Rank() > top.Rank() {
				top = next
			}
		}
		if at != top {
			t.Fatalf("ended at %s, the highest news was %s", at, top)
		}
	})
}

func TestLadder(t *testing.T) {
	for i, low := range ladder {
		if low.Climbs(low) {
			t.Errorf("%s climbs to itself", low)
		}
		for _, high := range ladder[i+1:] {
			if !low.Climbs(high) || high.Climbs(low) {
				t.Errorf("%s does not stand below %s", low, high)
			}
		}
		if settled := i >= 3; low.Settled() != settled {
			t.Errorf("Settled of %s is %v", low, !settled)
		}
		if low.Climbs(desk.StatusReceived) || low.Climbs("deleted") {
			t.Errorf("%s climbs to what is no rung", low)
		}
	}
	if desk.StatusReceived.Settled() {
		t.Error("an inbound message has nothing to settle")
	}
}
