package bench

import (
	"net/http"
	"testing"
	"time"
)

// updates is how many one webhook body holds at most (Meta: Webhooks, batching).
const updates = 1000

// BenchmarkUpdates: one webhook body of 1,000 messages, 50 of them of people who are new, from
// its arrival until all are taken in.
func BenchmarkUpdates(b *testing.B) {
	engines(b, func(b *testing.B, database string) {
		h := newHouse(b, database, nowhere)
		t := &traffic{}
		_, _, err := h.post(t.body(updates)) // the senders are known from here on
		must(b, err, "post")
		h.quiesce(time.Now().Add(time.Minute))
		medians(b, func(int) map[string]float64 {
			body := t.body(updates)
			before := h.gauge("botschaft_inbound_items_total", "message")
			begun := time.Now()
			acknowledged, status, err := h.post(body)
			must(b, err, "post")
			if status != http.StatusOK {
				b.Fatalf("answered with %d", status)
			}
			for h.gauge("botschaft_inbound_items_total", "message") < before+updates {
				if time.Since(begun) > time.Minute {
					b.Fatal("the updates are not taken in")
				}
				time.Sleep(2 * time.Millisecond)
			}
			return map[string]float64{
				"processed-ms": milliseconds(time.Since(begun)), "ack-ms": milliseconds(acknowledged), "body-KiB": float64(len(body)) / 1024,
			}
		})
	})
}
