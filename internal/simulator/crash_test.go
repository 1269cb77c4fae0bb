package simulator

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// crashed is a Simulator with a file that is dropped at random moments and
// opened again from what its file held at that moment.
type crashed struct {
	t     *testing.T
	hook  *httptest.Server
	round int
	sim   *Simulator
	graph *httptest.Server
	path  string
	stop  func()

	mu       sync.Mutex
	promised map[string]string // wamid by what it is: "customer" or "business"
	people   []string          // customers that were promised
	received map[string]int    // by wamid and status, "" for a message
}

func newCrashed(t *testing.T) *crashed {
	w := &crashed{t: t, promised: map[string]string{}, received: map[string]int{}, people: []string{"anna"}, path: filepath.Join(t.TempDir(), "0")}
	w.hook = httptest.NewServer(http.HandlerFunc(w.receive))
	t.Cleanup(w.hook.Close)
	w.open()
	t.Cleanup(func() { w.stop() })
	return w
}

// open starts the Simulator of this round.
func (w *crashed) open() {
	w.t.Helper()
	sim, err := Open(w.path, Config{
		WebhookURL: fmt.Sprintf("%s/%d", w.hook.URL, w.round), AppSecret: testSecret, AccessToken: testToken,
		Settings: &Settings{BatchSize: 5, Parallel: 3, Duplicate: 0.1, ShuffleMS: 10, SentMS: 10, DeliverMS: 20, ReadMS: 20, Jitter: 1,
			IgnorePairRate: true, IgnoreThroughput: true},
		Numbers:   []Number{{PhoneNumberID: testNumber, WABA: testWABA, DisplayPhone: "+49 30 0000001"}},
		Customers: []NewCustomer{{ID: "anna", Name: "Anna Muster", Phone: "+49 1570 0000001"}},
		Backoff:   []time.Duration{0, 5 * time.Millisecond}, HistoryPerCustomer: 1_000_000,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if w.round == 0 {
		if err := sim.Behave("anna", Behaviour{AutoDeliver: true, AutoRead: true}); err != nil {
			w.t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- sim.Run(ctx) }()
	graph := httptest.NewServer(sim.Handler())
	w.mu.Lock()
	w.sim, w.graph = sim, graph
	w.mu.Unlock()
	w.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
		graph.CloseClientConnections()
		graph.Close()
		sim.Close()
	}
}

// crash keeps what the file holds now and drops the rest.
func (w *crashed) crash() {
	w.t.Helper()
	w.mu.Lock()
	w.round++
	w.graph = nil // nobody can ask what is dead
	image, err := os.ReadFile(w.path)
	received := make([]string, 0, len(w.received))
	for key := range w.received {
		received = append(received, key)
	}
	w.mu.Unlock()
	if err != nil {
		w.t.Fatal(err)
	}
	w.stop()
	w.path = filepath.Join(filepath.Dir(w.path), fmt.Sprint(w.round))
	if err := os.WriteFile(w.path, image, 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.open()
	w.sim.mu.Lock()
	defer w.sim.mu.Unlock()
	for _, key := range received { // nothing left that the phones do not know
		id, status, _ := strings.Cut(key, " ")
		if m := w.sim.messages[id]; m == nil || rank(m.Status) < rank(status) {
			w.t.Errorf("round %d: the receiver was told of %q, the phone shows %+v", w.round, key, m)
		}
	}
}

// receive stands for the product. What an earlier round still sends goes nowhere.
func (w *crashed) receive(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var env envelope
	if err != nil || json.Unmarshal(body, &env) != nil {
		w.t.Errorf("body %q: %v", body, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if r.URL.Path != fmt.Sprintf("/%d", w.round) || rand.IntN(4) == 0 {
		rw.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	for _, e := range env.Entry {
		for _, c := range e.Changes {
			for _, raw := range append(c.Value.Messages, c.Value.Statuses...) {
				var o struct{ ID, Status string }
				if json.Unmarshal(raw, &o) == nil {
					w.received[strings.TrimSpace(o.ID+" "+o.Status)]++
				}
			}
		}
	}
}

// ask posts to the present round and keeps an answer only if it is still the
// same round: who asks a process that is killed is promised nothing.
func (w *crashed) ask(path, body string, promise func(answer []byte)) {
	w.mu.Lock()
	round, graph := w.round, w.graph
	w.mu.Unlock()
	if graph == nil {
		time.Sleep(time.Millisecond)
		return
	}
	req, err := http.NewRequest(http.MethodPost, graph.URL+path, strings.NewReader(body))
	if err != nil {
		w.t.Error(err)
		return
	}
	req.Header.Set("Authorization", "Bearer "+testToken)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil || w.round != round {
		return
	}
	if res.StatusCode != http.StatusOK {
		w.t.Errorf("%s: %d %s", path, res.StatusCode, answer)
		return
	}
	promise(answer)
}

// live lets customers come and write and the business answer.
func (w *crashed) live(ctx context.Context, n int) {
	for i := 0; ctx.Err() == nil; i++ {
		switch {
		case i%20 == 7:
			id := fmt.Sprintf("customer-%d-%d", n, i)
			w.ask("/sim/customers", fmt.Sprintf(`{"id":%q,"name":"Kim","phone":"+49 1570 8%02d%04d"}`, id, n, i), func([]byte) { w.people = append(w.people, id) })
		case i%2 == 0:
			w.ask("/sim/customers/anna/messages", fmt.Sprintf(`{"text":"%d <%d> ä"}`, n, i), func(answer []byte) {
				w.promised[decode[MessageView](w.t, answer).ID] = "customer"
			})
		default:
			w.ask("/v25.0/"+testNumber+"/messages", strings.Replace(textToAnna, "m-1", fmt.Sprintf("m-%d-%d", n, i), 1), func(answer []byte) {
				w.promised[decode[struct{ Messages []struct{ ID string } }](w.t, answer).Messages[0].ID] = "business"
			})
		}
	}
}

// kept counts the promises.
func (w *crashed) kept() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.promised)
}

// owed is what has not been kept yet.
func (w *crashed) owed() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var owed []string
	for id, who := range w.promised {
		wanted := []string{id}
		if who == "business" {
			wanted = []string{id + " sent", id + " delivered", id + " read"}
		}
		for _, key := range wanted {
			if w.received[key] == 0 {
				owed = append(owed, key)
			}
		}
	}
	return owed
}

// TestKilledAtAnyMoment: what was acknowledged is on the phones afterwards, and
// whatever the receiver has not acknowledged still reaches it.
func TestKilledAtAnyMoment(t *testing.T) {
	w := newCrashed(t)
	ctx, stop := context.WithCancel(t.Context())
	var busy sync.WaitGroup
	busy.Go(func() { w.sayFirst() })
	busy.Wait()
	for n := range 4 {
		busy.Go(func() { w.live(ctx, n) })
	}
	for range 12 {
		most := w.kept() + 10
		until(t, "some promises more", func() bool { return w.kept() >= most })
		time.Sleep(rand.N(40 * time.Millisecond)) // the moment is random, not a condition
		w.crash()
	}
	stop()
	busy.Wait()
	http.DefaultClient.CloseIdleConnections()
	defer func() {
		if t.Failed() {
			t.Log("owed: ", w.owed())
		}
	}()
	until(t, "every promise was kept", func() bool { return len(w.owed()) == 0 })
	w.compare()
}

// sayFirst opens the window, so that the business may answer.
func (w *crashed) sayFirst() {
	w.ask("/sim/customers/anna/messages", `{"text":"Hallo"}`, func(answer []byte) {
		w.promised[decode[MessageView](w.t, answer).ID] = "customer"
	})
}

// compare looks at the phones of the last round.
func (w *crashed) compare() {
	w.t.Helper()
	list, err := w.sim.Messages("anna", "")
	if err != nil {
		w.t.Fatal(err)
	}
	shown := map[string]MessageView{}
	for _, m := range list {
		if shown[m.ID].ID != "" {
			w.t.Errorf("%s stands twice on the phone", m.ID)
		}
		shown[m.ID] = m
	}
	sent := map[string]int{}
	entries, total := w.sim.Outbox()
	for _, e := range entries {
		sent[e.ID]++
	}
	for id, who := range w.promised {
		if m := shown[id]; m.From != who || (who == "business") != (sent[id] == 1) || (who == "business" && m.Status != "read") {
			w.t.Errorf("%s of the %s: %+v, %d times in the outbox", id, who, m, sent[id])
		}
	}
	known := w.sim.Customers()
	for _, id := range w.people {
		if !slices.ContainsFunc(known, func(c CustomerView) bool { return c.ID == id }) {
			w.t.Errorf("customer %s was lost", id)
		}
	}
	if total != len(entries) || len(w.promised) < 100 || len(w.people) < 2 {
		w.t.Errorf("%d sent of %d, %d promises, %d customers", len(entries), total, len(w.promised), len(w.people))
	}
	w.t.Logf("%d promises kept over %d crashes", len(w.promised), w.round)
}
