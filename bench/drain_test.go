package bench

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// perSecond is what a number may send, and what the counter lets pass (Meta: Throughput).
const perSecond = 80

// counter is a provider that takes what comes within the number's throughput in any second, and
// answers everything beyond with 130429.
type counter struct {
	mu      sync.Mutex
	recent  []time.Time
	taken   int
	refused int
	first   time.Time
	last    time.Time
}

// ServeHTTP takes a message.
func (c *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet { // asks what the number may send
		_, _ = io.WriteString(w, "{}")
		return
	}
	_, _ = io.Copy(io.Discard, r.Body)
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	for len(c.recent) > 0 && now.Sub(c.recent[0]) >= time.Second {
		c.recent = c.recent[1:]
	}
	if len(c.recent) >= perSecond {
		c.refused++
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":{"message":"(#130429) Rate limit hit","type":"OAuthException","code":130429}}`)
		return
	}
	c.recent = append(c.recent, now)
	if c.taken++; c.taken == 1 {
		c.first = now
	}
	c.last = now
	_, _ = fmt.Fprintf(w, `{"messaging_product":"whatsapp","messages":[{"id":"wamid.drained.%d"}]}`, c.taken)
}

func (c *counter) counts() (taken, refused int, took time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.taken, c.refused, c.last.Sub(c.first)
}

// BenchmarkDrain: 10,000 people write within seconds, and each is owed a Notice: so many messages
// wait, each in a lane of its own. From the first on the wire to the last, beside what 80 a second
// allow. BENCH_QUEUED is how many.
func BenchmarkDrain(b *testing.B) {
	engines(b, func(b *testing.B, database string) {
		queued := number("BENCH_QUEUED", 10_000)
		c := &counter{}
		graph := httptest.NewServer(c)
		b.Cleanup(graph.Close)
		h := newHouse(b, database, graph.URL)
		begun := time.Now()
		h.write(queued)
		allowed := time.Duration(float64(queued-perSecond) / perSecond * float64(time.Second))
		for time.Since(begun) < 2*allowed+time.Minute {
			if taken, _, _ := c.counts(); taken >= queued {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		taken, refused, took := c.counts()
		report(b, map[string][]float64{
			"drain-s": {took.Seconds()}, "slower-%": {100 * (took - allowed).Seconds() / allowed.Seconds()}, "refused": {float64(refused)}, "missing": {float64(queued - taken)},
		})
	})
}

// write lets so many people write once, in bodies of a hundred.
func (h *house) write(people int) {
	h.b.Helper()
	next := 0
	t := &traffic{who: func() int { next++; return next }}
	for left := people; left > 0; left -= 100 {
		_, status, err := h.post(t.body(min(left, 100)))
		must(h.b, err, "post")
		if status != http.StatusOK {
			h.b.Fatalf("answered with %d", status)
		}
	}
}
