package bench

import (
	"testing"
	"time"
)

// BenchmarkIngest: 2,000 messages a second for a minute. Accepted means answered with
// 200; processed means visible by the API.
func BenchmarkIngest(b *testing.B) {
	engines(b, func(b *testing.B, database string) {
		rate := number("BENCH_RATE", 2000)
		medians(b, func(round int) map[string]float64 {
			if round > 0 && database != "" {
				database = freshDatabase(b)
			}
			h := newHouse(b, database, nowhere)
			begun := time.Now()
			var out sent
			h.profiled(func() {
				out = h.load(&traffic{round: round % 10}, rate, seconds(60), mixed)
				h.quiesce(time.Now().Add(10 * time.Minute))
			})
			done := time.Since(begun)
			seen := h.visible()
			if seen != out.messages {
				b.Errorf("acknowledged %d messages, %d are visible", out.messages, seen)
			}
			return map[string]float64{
				"accepted/s": float64(out.messages) / out.took.Seconds(), "refused": float64(out.refused),
				"ack-p50-ms": milliseconds(percentile(out.acks, 50)), "ack-p99-ms": milliseconds(percentile(out.acks, 99)),
				"processed/s": float64(seen) / done.Seconds(), "backlog-s": (done - out.took).Seconds(),
				"lost": float64(out.messages - seen), "resident-MiB": h.resident(),
			}
		})
	})
}

// quietly is how long quiesce takes where nothing waits.
const quietly = 200 * time.Millisecond

// quiesce waits until nothing waits in the lanes.
func (h *house) quiesce(deadline time.Time) {
	h.b.Helper()
	for quiet := 0; quiet < 2; time.Sleep(quietly / 2) {
		if time.Now().After(deadline) {
			h.b.Fatal("the backlog does not go away")
		}
		if h.gauge("botschaft_lane_depth", "") == 0 {
			quiet++
		} else {
			quiet = 0
		}
	}
}

type page[T any] struct {
	Items []T
	Next  string
}

// visible counts the inbound Messages that the API shows, each id once.
func (h *house) visible() int64 {
	seen := map[string]bool{}
	for cursor := "first"; cursor != ""; {
		if cursor == "first" {
			cursor = ""
		}
		var list page[struct{ ID string }]
		h.get("/api/v1/conversations?limit=200&cursor="+cursor, &list)
		for _, c := range list.Items {
			for more := "first"; more != ""; {
				if more == "first" {
					more = ""
				}
				var thread page[struct{ ID string }]
				h.get("/api/v1/conversations/"+c.ID+"/messages?limit=200&cursor="+more, &thread)
				for _, m := range thread.Items {
					seen[m.ID] = true
				}
				more = thread.Next
			}
		}
		cursor = list.Next
	}
	return int64(len(seen))
}
