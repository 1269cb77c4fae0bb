package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"botschaft/internal/storetest"
)

// deskSenders have a Conversation each before anything is measured. The last of them,
// the talkers, have said enough to fill a screen.
const (
	deskSenders = 10_000
	deskTalkers = 12
	deskSaid    = 60
)

// BenchmarkDesk: the agents' workspace in a real browser, with 10,000 Conversations.
// The figures are taken by web/app/bench/desk.mjs, one process for each; what happens
// outside meanwhile it asks of the street. BENCH_HOUR is how long the last one lasts.
func BenchmarkDesk(b *testing.B) {
	database := ""
	if os.Getenv("BENCH_POSTGRES") != "" {
		database = storetest.PostgresURL(b)
	}
	h := newHouse(b, database, nowhere)
	s := &street{house: h, senders: number("BENCH_SENDERS", deskSenders)}
	s.settle()
	outside := httptest.NewServer(s.handler())
	defer outside.Close()
	b.Run("server", h.benchLists)
	for _, figure := range []string{"load", "open", "arrival", "type", "scroll", "hour"} {
		b.Run(figure, func(b *testing.B) { h.browse(b, figure, outside.URL, s) })
	}
}

// browse lets the browser take a figure, and reports the median of each of its values.
func (h *house) browse(b *testing.B, figure, street string, s *street) {
	hour, err := time.ParseDuration(os.Getenv("BENCH_HOUR"))
	if err != nil {
		hour = time.Hour
	}
	ctx, cancel := context.WithTimeout(context.Background(), hour+30*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", "../web/app/bench/desk.mjs", figure)
	cmd.Env = append(os.Environ(), "BASE_URL=http://"+h.listen, "EMAIL="+email, "PASSWORD="+password, "STREET="+street,
		"BENCH_ROUNDS="+strconv.Itoa(number("BENCH_ROUNDS", 5)), "BENCH_SECONDS="+strconv.Itoa(number("BENCH_SECONDS", 30)),
		"BENCH_HOUR="+strconv.Itoa(int(hour.Seconds())), "BENCH_TALKERS="+strconv.Itoa(deskTalkers), "BENCH_SENDERS="+strconv.Itoa(s.senders))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	must(b, err, "take the figure "+figure)
	var values map[string][]float64
	must(b, json.Unmarshal(out, &values), "read the figure "+figure)
	report(b, values)
}

// benchLists: what the server itself needs for the lists that the workspace asks for.
func (h *house) benchLists(b *testing.B) {
	medians(b, func(int) map[string]float64 {
		out := map[string]float64{}
		for unit, path := range map[string]string{
			"newest-ms": "conversations?view=all&sort=newest&limit=40", "due-ms": "conversations?view=unassigned&sort=due&limit=40",
			"hundred-ms": "conversations?view=all&sort=newest&limit=100", "counts-ms": "counts",
		} {
			var took []time.Duration
			for range 50 {
				begun := time.Now()
				drain(h.call(http.MethodGet, "/api/v1/"+path, nil))
				took = append(took, time.Since(begun))
			}
			out[unit] = milliseconds(percentile(took, 50))
		}
		return out
	})
}

// street is where the senders are.
type street struct {
	house   *house
	senders int
	rounds  atomic.Int64 // of serial numbers
	fresh   atomic.Int64 // who wrote for the first time
}

// settle has everybody write once, then the talkers go on.
func (s *street) settle() {
	s.tell(0, s.senders)
	for range deskSaid - 1 {
		s.tell(s.senders-deskTalkers, deskTalkers)
	}
	s.house.quiesce(time.Now().Add(5 * time.Minute))
}

// tell has so many senders in a row write one message each, in bodies of 20 at most.
func (s *street) tell(first, count int) {
	next := first
	t := &traffic{who: func() int { next++; return next - 1 }}
	t.serial.Store(s.rounds.Add(1) << 32)
	for left := count; left > 0; left -= 20 {
		_, status, err := s.house.post(t.body(min(20, left)))
		if must(s.house.b, err, "post a body"); status != http.StatusOK {
			s.house.b.Fatalf("a body was answered with %d", status)
		}
	}
}

// handler lets the browser's side say what shall happen.
//
//	POST /load?rate=50&seconds=60&talker=20   one in 20 messages is the last talker's
//	POST /talk                                 every talker writes once, the last one last
func (s *street) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /load", func(w http.ResponseWriter, r *http.Request) {
		ask := func(name string) int { n, _ := strconv.Atoi(r.FormValue(name)); return n }
		t := &traffic{who: s.crowd(ask("talker"))}
		t.serial.Store(s.rounds.Add(1) << 32)
		out := s.house.load(t, ask("rate"), time.Duration(ask("seconds"))*time.Second, mixed)
		fmt.Fprintf(w, `{"messages":%d,"refused":%d}`, out.messages, out.refused)
	})
	mux.HandleFunc("POST /talk", func(w http.ResponseWriter, r *http.Request) {
		s.tell(s.senders-deskTalkers, deskTalkers)
		fmt.Fprint(w, "{}")
	})
	return mux
}

// crowd gives who writes: anybody, one in a hundred for the first time, and the last
// talker one message in so many.
func (s *street) crowd(talker int) func() int {
	return func() int {
		switch {
		case talker > 0 && rand.N(talker) == 0:
			return s.senders - 1
		case rand.N(100) == 0:
			return s.senders + int(s.fresh.Add(1))
		}
		return rand.N(s.senders)
	}
}
