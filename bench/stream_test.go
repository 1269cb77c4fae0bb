package bench

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"botschaft/internal/storetest"
)

func freshDatabase(b testing.TB) string { return storetest.PostgresURL(b) }

// BenchmarkStream: at 200 messages a second, from the webhook's arrival to the event
// on an agent's stream.
func BenchmarkStream(b *testing.B) {
	engines(b, func(b *testing.B, database string) {
		h := newHouse(b, database, nowhere)
		medians(b, func(round int) map[string]float64 {
			ears := h.listenToEvents()
			out := h.load(&traffic{round: round % 10}, 200, seconds(30), alone)
			h.quiesce(time.Now().Add(time.Minute))
			lags := ears.stop(int(out.messages))
			return map[string]float64{
				"events": float64(len(lags)), "event-p50-ms": milliseconds(percentile(lags, 50)), "event-p99-ms": milliseconds(percentile(lags, 99)),
			}
		})
	})
}

// ears listen to the stream of events. Each text begins with the moment it was posted,
// and an event shows the newest text of its Conversation.
type ears struct {
	mu   sync.Mutex
	lags map[string]time.Duration // by text: the first event that showed it
	body interface{ Close() error }
	done chan struct{}
}

func (h *house) listenToEvents() *ears {
	h.b.Helper()
	req, err := http.NewRequest(http.MethodGet, "http://"+h.listen+"/api/v1/events", nil)
	must(h.b, err, "listen")
	req.Header.Set("Authorization", "Bearer "+h.token)
	resp, err := (&http.Client{}).Do(req)
	must(h.b, err, "listen")
	e := &ears{lags: map[string]time.Duration{}, body: resp.Body, done: make(chan struct{})}
	live := make(chan struct{})
	go func() {
		defer close(e.done)
		in := bufio.NewScanner(resp.Body)
		in.Buffer(nil, 1<<20)
		for in.Scan() {
			now := time.Now()
			if in.Text() == "event: live" {
				close(live)
			}
			data, ok := strings.CutPrefix(in.Text(), "data: {")
			if !ok {
				continue
			}
			var c struct {
				Conversation *struct{ Last *struct{ Text string } }
			}
			if json.Unmarshal([]byte("{"+data), &c) == nil && c.Conversation != nil && c.Conversation.Last != nil {
				e.hear(now, c.Conversation.Last.Text)
			}
		}
	}()
	<-live
	return e
}

func (e *ears) hear(now time.Time, text string) {
	posted, _, _ := strings.Cut(text, " ")
	ns, err := strconv.ParseInt(posted, 10, 64)
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, again := e.lags[posted]; err == nil && !again {
		e.lags[posted] = now.Sub(time.Unix(0, ns))
	}
}

func (e *ears) stop(want int) []time.Duration {
	for range 100 {
		e.mu.Lock()
		n := len(e.lags)
		e.mu.Unlock()
		if n >= want {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	_ = e.body.Close()
	<-e.done
	return slices.Collect(maps.Values(e.lags))
}

// wire is a provider that notes when a send arrives and answers at once.
type wire struct {
	mu    sync.Mutex
	times map[string]time.Time
}

func (w *wire) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet { // asks what the number may send
		_, _ = io.WriteString(rw, "{}")
		return
	}
	now := time.Now()
	var m struct {
		Callback string `json:"biz_opaque_callback_data"`
	}
	_ = json.NewDecoder(r.Body).Decode(&m)
	w.mu.Lock()
	w.times[m.Callback] = now
	n := len(w.times)
	w.mu.Unlock()
	rw.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(rw, `{"messaging_product":"whatsapp","contacts":[{"input":"1","wa_id":"1"}],"messages":[{"id":"wamid.out.%d"}]}`, n)
}

// BenchmarkReply: from an agent's POST to the provider having it on the wire.
func BenchmarkReply(b *testing.B) {
	engines(b, func(b *testing.B, database string) {
		w := &wire{times: map[string]time.Time{}}
		graph := httptest.NewServer(w)
		defer graph.Close()
		h := newHouse(b, database, graph.URL)
		medians(b, func(round int) map[string]float64 {
			var lags, posts []time.Duration
			for i, c := range h.writers(round, number("BENCH_REPLIES", 300)) {
				body := fmt.Appendf(nil, `{"client_id":"r%d-%d","kind":"text","text":"Danke, wir kümmern uns darum."}`, round, i)
				begun := time.Now()
				resp := h.call(http.MethodPost, "/api/v1/conversations/"+c+"/messages", body)
				posts = append(posts, time.Since(begun))
				var made struct{ ID string }
				must(b, json.NewDecoder(resp.Body).Decode(&made), "read the reply")
				_ = resp.Body.Close()
				lags = append(lags, w.await(made.ID).Sub(begun))
				time.Sleep(15 * time.Millisecond) // within the 80 a second of one number
			}
			return map[string]float64{
				"wire-p50-ms": milliseconds(percentile(lags, 50)), "wire-p99-ms": milliseconds(percentile(lags, 99)),
				"post-p99-ms": milliseconds(percentile(posts, 99)),
			}
		})
	})
}

// writers gives the Conversations of people who wrote just now: each is answered once,
// within what the provider allows for a pair.
func (h *house) writers(round, n int) (ids []string) {
	h.b.Helper()
	t := &traffic{round: round}
	for range n/10 + 10 {
		_, _, err := h.post(t.body(20))
		must(h.b, err, "post")
	}
	h.quiesce(time.Now().Add(time.Minute))
	for cursor := ""; len(ids) < n; {
		var list page[struct{ ID string }]
		h.get("/api/v1/conversations?limit=200&cursor="+cursor, &list)
		for _, c := range list.Items {
			ids = append(ids, c.ID)
		}
		if cursor = list.Next; cursor == "" {
			break
		}
	}
	return ids[:min(n, len(ids))]
}

func (w *wire) await(id string) time.Time {
	for range 5000 {
		w.mu.Lock()
		at, ok := w.times[id]
		w.mu.Unlock()
		if ok {
			return at
		}
		time.Sleep(time.Millisecond)
	}
	return time.Now().Add(time.Hour)
}

// BenchmarkIdle: memory of an idle server, time from start to ready on existing data,
// size of the program.
func BenchmarkIdle(b *testing.B) {
	engines(b, func(b *testing.B, database string) {
		h := newHouse(b, database, nowhere)
		t := &traffic{}
		for range 50 {
			_, _, err := h.post(t.body(20))
			must(b, err, "post")
		}
		h.quiesce(time.Now().Add(time.Minute))
		medians(b, func(int) map[string]float64 {
			h.stop()
			ready := h.start()
			time.Sleep(3 * time.Second)
			return map[string]float64{"ready-ms": milliseconds(ready), "resident-MiB": h.resident(), "program-MiB": size(b, h.program)}
		})
	})
}
