package bench

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"botschaft/bench/seed"
	"botschaft/internal/desk"
	"botschaft/internal/private"
)

// A house of many Agents: each event of a branch is for its 50, each of the Inbox that
// all of them serve for 1,000.
const (
	branches  = 20
	perBranch = 50
)

// BenchmarkStreams: 1,000 Agents of 20 branches listen on plain HTTP/1.1, each on a
// connection of its own. From the making of a message to each of their screens: at 50
// messages a second for one branch each, then at 5 a second for all. Memory is what the
// server needs more than when it did the same for one listener: in use after a garbage
// collection, and resident, with the garbage and what is kept for it.
func BenchmarkStreams(b *testing.B) {
	engines(b, func(b *testing.B, database string) {
		h := newHouse(b, database, nowhere)
		tokens := h.hire()
		medians(b, func(round int) map[string]float64 {
			h.stop()
			h.start()
			t := newTown(round)
			one := h.listeners(tokens[:1])
			used := h.inUse(func() { h.load(t, 50, seconds(30), alone) })
			h.quiesce(time.Now().Add(time.Minute))
			time.Sleep(quietly) // until the last is told
			one.hangUp()
			resident := h.resident()
			begun := time.Now()
			c := h.listeners(tokens)
			out := map[string]float64{"connected-s": time.Since(begun).Seconds()}
			each := func(more float64) float64 { return more * 1024 / float64(len(tokens)) }
			out["in-use-KiB/stream"] = each(h.inUse(func() {
				c.measure(out, "branch", h.load(t, 50, seconds(30), alone), perBranch)
			}) - used)
			c.measure(out, "all", h.load(&t.all, 5, seconds(30), alone), len(tokens))
			out["resident-KiB/stream"] = each(h.resident() - resident)
			c.hangUp()
			return out
		})
	})
}

// inUse gives the least memory in MiB that the server used while something was done: what
// was left after a garbage collection, with the stacks.
func (h *house) inUse(while func()) float64 {
	done := make(chan struct{})
	go func() { defer close(done); while() }()
	least := math.Inf(1)
	for tick := time.Tick(250 * time.Millisecond); ; {
		select {
		case <-done:
			return least / (1 << 20)
		case <-tick:
			least = min(least, h.gauge("go_memstats_heap_alloc_bytes", "")+h.gauge("go_memstats_stack_inuse_bytes", ""))
		}
	}
}

func branchNumber(branch int) string { return fmt.Sprintf("3000000000000%02d", branch) }

// hire makes the Agents while the house is not served.
func (h *house) hire() []string {
	h.b.Helper()
	h.stop()
	begun := time.Now()
	tokens, err := seed.Hire(context.Background(), h.home, h.inbox, seed.Staff{
		Branches: branches, Each: perBranch, Number: branchNumber, Secrets: desk.InboxSecrets{
			AppSecrets: []private.Key{private.NewKey([]byte(appSecret))}, AccessToken: private.NewKey([]byte(accessToken)),
			VerifyTokens: []private.Key{private.NewKey([]byte("verify"))},
		},
	})
	must(h.b, err, "hire the agents")
	h.b.Logf("%s: hired %d agents in %s", h.b.Name(), len(tokens), time.Since(begun).Round(time.Second))
	h.start()
	return tokens
}

// town writes to its branches by turns; nobody writes twice in a row.
type town struct {
	perBranch []traffic
	all       traffic
	turn      int
	people    int
}

func newTown(round int) *town {
	t := &town{perBranch: make([]traffic, branches)}
	t.all.round, t.all.who = round%10, t.next
	t.all.serial.Store(int64(round*100+branches) << 32)
	for i := range t.perBranch {
		b := &t.perBranch[i]
		b.round, b.number, b.who = round%10, branchNumber(i), t.next
		b.serial.Store(int64(round*100+i) << 32)
	}
	return t
}

func (t *town) body(n int) []byte {
	t.turn++
	return t.perBranch[t.turn%len(t.perBranch)].body(n)
}

func (t *town) next() int {
	t.people++
	return t.people % knownSenders
}

// listeners are open streams. What they read is looked at as little as can be, because
// they share the machine with the server.
type listeners struct {
	b     testing.TB
	lines []net.Conn
	mu    sync.Mutex
	lags  []time.Duration
	heard atomic.Int64
	ended sync.WaitGroup
}

// listeners opens a stream for each Token and waits until all are live.
func (h *house) listeners(tokens []string) *listeners {
	h.b.Helper()
	l := &listeners{b: h.b}
	var live sync.WaitGroup
	for _, token := range tokens {
		conn, err := net.Dial("tcp", h.listen)
		must(h.b, err, "connect")
		l.lines = append(l.lines, conn)
		_, err = fmt.Fprintf(conn, "GET /api/v1/events HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n", h.listen, token)
		must(h.b, err, "listen")
		live.Add(1)
		l.ended.Go(func() { l.listen(conn, live.Done) })
	}
	live.Wait()
	return l
}

// said is what stands before the moment a message was made.
var said = []byte(`"text":"`)

func (l *listeners) listen(conn net.Conn, live func()) {
	in := bufio.NewReader(conn)
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return // hung up
		}
		now := time.Now()
		if bytes.Equal(line, []byte("event: live\n")) {
			live()
		}
		if _, text, ok := bytes.Cut(line, said); ok {
			made, _, _ := bytes.Cut(text, []byte(" "))
			ns, err := strconv.ParseInt(string(made), 10, 64)
			if err == nil {
				l.hear(now.Sub(time.Unix(0, ns)))
			}
		}
	}
}

func (l *listeners) hear(lag time.Duration) {
	l.mu.Lock()
	l.lags = append(l.lags, lag)
	l.mu.Unlock()
	l.heard.Add(1)
}

// measure waits until each message was told to so many, and notes how long it took.
func (l *listeners) measure(out map[string]float64, name string, load sent, each int) {
	want := load.messages * int64(each)
	for deadline := time.Now().Add(10 * time.Second); l.heard.Load() < want && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
	time.Sleep(quietly)
	l.mu.Lock()
	lags := l.lags
	l.lags = nil
	l.mu.Unlock()
	if heard := l.heard.Swap(0); heard != want || load.refused > 0 {
		l.b.Errorf("%d messages, %d refused, were told %d times instead of %d", load.messages, load.refused, heard, want)
	}
	out[name+"-p50-ms"] = milliseconds(percentile(lags, 50))
	out[name+"-p99-ms"] = milliseconds(percentile(lags, 99))
}

func (l *listeners) hangUp() {
	for _, conn := range l.lines {
		_ = conn.Close()
	}
	l.ended.Wait()
}
