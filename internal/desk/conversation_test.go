package desk_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"botschaft/internal/desk"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

func TestThreadTime(t *testing.T) {
	for name, c := range map[string]struct {
		ago  time.Duration
		want time.Duration
		late bool
	}{
		"now":                  {0, 0, false},
		"a moment ago":         {3 * time.Second, 3 * time.Second, false},
		"just not late":        {desk.LateAfter, desk.LateAfter, false},
		"just late":            {desk.LateAfter + time.Millisecond, 0, true},
		"from yesterday":       {24 * time.Hour, 0, true},
		"from the future":      {-time.Minute, 0, false},
		"from the far future":  {-1000 * time.Hour, 0, false},
		"a millisecond ahead":  {-time.Millisecond, 0, false},
		"a millisecond behind": {time.Millisecond, time.Millisecond, false},
	} {
		at, late := desk.ThreadTime(noon.Add(-c.ago), noon)
		if !at.Equal(noon.Add(-c.want)) || late != c.late {
			t.Errorf("%s: stands at %v, late %v", name, at, late)
		}
	}
}

// A conversation that receives messages in any order knows the one that stands lowest
// in its thread, numbers all of them, and keeps the longest window.
func TestReceive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ages := rapid.SliceOfN(rapid.IntRange(-600, 3600), 1, 30).Draw(t, "ages in seconds")
		var c desk.Conversation
		var all []desk.Message
		var newest time.Time
		for i, age := range ages {
			arrival := noon.Add(time.Duration(i) * time.Second)
			external := arrival.Add(-time.Duration(age) * time.Second)
			m := desk.Message{ID: desk.NewID[desk.Message]()}
			m.ThreadAt, m.Late = desk.ThreadTime(external, arrival)
			c.Receive(&m)
			c.OpenWindow(external, arrival)
			all = append(all, m)
			if external.After(arrival) {
				external = arrival
			}
			if external.After(newest) {
				newest = external
			}
			if m.Position != int64(i+1) {
				t.Fatalf("message %d has position %d", i+1, m.Position)
			}
		}
		slices.SortFunc(all, func(a, b desk.Message) int {
			return cmp.Or(a.ThreadAt.Compare(b.ThreadAt), cmp.Compare(a.Position, b.Position))
		})
		last := all[len(all)-1]
		if c.LastMessage != last.ID || !c.LastAt.Equal(last.ThreadAt) {
			t.Fatal("the newest message is not the one that stands lowest")
		}
		if !c.WindowUntil().Equal(newest.Add(24 * time.Hour)) {
			t.Fatalf("the window ends at %v, the newest message is of %v", c.WindowUntil(), newest)
		}
	})
}

func TestNoWindowWithoutMessage(t *testing.T) {
	if until := (desk.Conversation{}).WindowUntil(); !until.IsZero() {
		t.Errorf("a conversation without messages has a window until %v", until)
	}
}
