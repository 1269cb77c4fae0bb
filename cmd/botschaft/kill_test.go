package main_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"botschaft/internal/simulator"
)

// soakVariable is for how long to soak, such as 30m for all tests named TestSoak….
const soakVariable = "BOTSCHAFT_TEST_SOAK"

// TestSoakKill9 kills the server at random moments while customers write and replies go
// out, for a third of the soak: nothing acknowledged may be lost, doubled or out of order.
func TestSoakKill9(t *testing.T) {
	t.Parallel()
	lasting, long := soaking(t, 1)
	eachEngine(t, func(t *testing.T, h *house) {
		began, least, customers := time.Now(), 15, 40
		if long {
			least, customers = 50, 200
		}
		w := newWorld(t, h, customers, !long)
		w.files = true
		defer w.keep()
		w.play(func(round int) bool { return round < least || time.Since(began) < lasting })
		w.judge(least, 1)
	})
}

// world is a house between customers who write and an agent who replies.
type world struct {
	t       testing.TB
	house   *house
	files   bool     // customers send documents, too
	brief   bool     // do not wait for replies held up by a doubt
	nodes   []*house // that serve it
	webhook string
	side    string        // webhook of an Inbox of the same app, if there is one
	every   time.Duration // between two texts
	sim     *simulator.Simulator
	began   time.Time
	names   []string
	stolen  func() int // how often work of a lane was committed by a node that had lost it
	kills   int
	judged  verdict

	mu            sync.Mutex
	written       map[string][]written
	conversations map[string]string // by customer
	accepted      map[string]string // text by Message id
	noted         map[string]string // text by Note id
	replies       int
}

func newWorld(t testing.TB, h *house, customers int, brief bool) *world {
	t.Helper()
	w := &world{t: t, house: h, brief: brief, began: time.Now(), written: map[string][]written{}, conversations: map[string]string{}, accepted: map[string]string{}, noted: map[string]string{}}
	w.nodes, w.every, w.stolen = []*house{h}, 8*time.Millisecond, func() int { return 0 }
	w.sim = simulator.New(simulator.Config{
		AppSecret: []byte(appSecret), AccessToken: accessToken, VerifyToken: verifyToken,
		Settings: &simulator.Settings{
			BatchSize: 7, Parallel: 4, Duplicate: 0.3, ShuffleMS: 60, SentMS: 5, DeliverMS: 20, ReadMS: 40, Jitter: 1, IgnoreThroughput: true, IgnorePairRate: true,
		},
		Backoff:    []time.Duration{0, 50 * time.Millisecond, 200 * time.Millisecond},
		OutboxSize: 1_000_000, OutboxBytes: 1 << 30,
	})
	w.webhook = h.faces(w.sim, w.sim.Handler(), simulator.Number{})
	for i := range customers {
		name := fmt.Sprintf("customer%03d", i)
		c := simulator.NewCustomer{ID: name, Name: name, Phone: fmt.Sprintf("+49 1570 0000%03d", i)}
		if i%4 == 3 { // hides the phone
			c.Username = name
		}
		_, err := w.sim.AddCustomer(c)
		must(t, err)
		w.names = append(w.names, name)
	}
	w.misbehave()
	return w
}

// misbehave keeps the answers of some sends back until their first status was
// delivered, so that many kills meet a send that is under way.
func (w *world) misbehave() {
	w.t.Helper()
	for i, name := range w.names {
		if i%2 == 0 {
			_, err := w.sim.AddFault(simulator.Fault{Kind: simulator.FailStatusFirst, Count: -1, Customer: name})
			must(w.t, err)
		}
	}
}

// play kills the server for as long as more says, then lets it work in peace.
func (w *world) play(more func(round int) bool) {
	w.t.Helper()
	rest := w.live()
	w.house.start()
	w.meet()
	w.kill(w.house.serving)
	for round := 1; more(round); round++ {
		w.round(round)
	}
	w.house.start()
	rest()
}

// live lets customers write and the agent answer until rest is called, which needs a
// server that answers.
func (w *world) live() (rest func()) {
	ctx, stop := context.WithCancel(w.t.Context())
	var busy sync.WaitGroup
	busy.Go(func() { w.write(ctx) })
	busy.Go(func() { w.lookAround(ctx) })
	for range 3 {
		busy.Go(func() { w.reply(ctx) })
	}
	rest = func() { stop(); busy.Wait() }
	w.t.Cleanup(rest) // also when the test has failed
	return rest
}

// meet waits until every customer has written.
func (w *world) meet() {
	w.t.Helper()
	eventually(w.t, 2*time.Minute, "every customer is known", func() bool { return w.known() == len(w.names) })
}

// round starts the server and kills it: mostly at work, sometimes while it starts.
func (w *world) round(n int) {
	w.t.Helper()
	p := w.house.launch()
	w.house.serving = p
	if n%3 != 2 && !w.house.ready(p) {
		w.t.Fatalf("round %d: the server ended by itself with status %d:\n%s", n, p.ProcessState.ExitCode(), p.said.String())
	}
	time.Sleep(rand.N(900 * time.Millisecond)) // the moment of the kill is random, not a condition
	w.kill(p)
}

func (w *world) kill(p *process) {
	w.t.Helper()
	if status := p.end(w.t, syscall.SIGKILL); status != -1 {
		w.t.Fatalf("the server ended by itself with status %d:\n%s", status, p.said.String())
	}
	w.kills++
}

// known tells how many customers' Conversations were found.
func (w *world) known() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.conversations)
}

// write lets customers write numbered texts.
func (w *world) write(ctx context.Context) {
	for n := 0; ctx.Err() == nil; n++ {
		name := w.names[rand.IntN(len(w.names))]
		text := fmt.Sprintf("%s says %06d", name, n)
		in := simulator.Inbound{Text: text}
		if w.files && n%12 == 11 {
			in.Kind, in.File = "document", &simulator.InboundFile{Name: "unterlage.txt", MIME: "text/plain", Data: []byte(contentOf(text))}
		}
		m, err := w.sim.Send(name, phoneNumberID, in)
		if err == nil {
			w.mu.Lock()
			w.written[name] = append(w.written[name], written{text, time.UnixMilli(m.At)})
			w.mu.Unlock()
		}
		pause(ctx, w.every)
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// lookAround finds the customers' Conversations.
func (w *world) lookAround(ctx context.Context) {
	for ; ctx.Err() == nil; pause(ctx, 100*time.Millisecond) {
		if w.known() == len(w.names) {
			return
		}
		threads, err := w.house.threads()
		if err != nil {
			continue // it is dead just now
		}
		w.mu.Lock()
		for id, thread := range threads {
			w.conversations[writer(thread)] = id
		}
		w.mu.Unlock()
	}
}

// writer tells whose thread it is.
func writer(thread []shown) string {
	for _, m := range thread {
		if name, _, ok := strings.Cut(m.Text, " says "); ok {
			return name
		}
	}
	return ""
}

// reply answers customers, within what the pair rate leaves of them.
func (w *world) reply(ctx context.Context) {
	for ; ctx.Err() == nil; pause(ctx, 10*time.Millisecond) {
		w.mu.Lock()
		var conversation string
		if name := w.names[rand.IntN(len(w.names))]; w.replies < len(w.names)*(1+int(time.Since(w.began)/(8*time.Second))) {
			conversation = w.conversations[name]
		}
		if conversation != "" {
			w.replies++
		}
		n := w.replies
		w.mu.Unlock()
		if conversation != "" {
			w.insist(conversation, n)
		}
	}
}

// insist asks for a reply until it is accepted, as a careful client does: with the
// same client_id, so that asking twice sends once. Beside every fifth stands a Note.
func (w *world) insist(conversation string, n int) {
	text := fmt.Sprintf("reply %06d", n)
	path := "/api/v1/conversations/" + conversation
	w.ask(path+"/messages", fmt.Sprintf(`{"client_id":"client-%d","kind":"text","text":"%s"}`, n, text), text, w.accepted)
	if n%5 == 0 {
		w.ask(path+"/notes", fmt.Sprintf(`{"client_id":"note-%d","text":"%s"}`, n, text), text, w.noted)
	}
}

// ask asks until it is answered with 201, and notes the text by the id it got.
func (w *world) ask(path, body, text string, into map[string]string) {
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		a, err := w.house.do(http.MethodPost, path, strings.NewReader(body), w.house.bearer()...)
		if w.t.Context().Err() != nil {
			return // the test is over
		}
		if err != nil || a.status >= http.StatusInternalServerError {
			continue
		}
		var m struct{ ID string }
		if a.status != http.StatusCreated || json.Unmarshal([]byte(a.body), &m) != nil {
			w.t.Errorf("%s: %d %s", text, a.status, a.body)
			return
		}
		w.mu.Lock()
		into[m.ID] = text
		w.mu.Unlock()
		return
	}
	w.t.Errorf("%s was not accepted within two minutes", text)
}

// judge waits until the house is quiet and compares it with the world.
func (w *world) judge(texts, replies int) {
	w.t.Helper()
	sofar := w.await()
	w.judged = w.verdict(sofar)
	v := w.judged
	v.report(w.t)
	said := 0
	for _, all := range w.written {
		said += len(all)
	}
	doubts := 0
	for _, thread := range sofar.threads {
		doubts += count(thread, "in_doubt")
	}
	w.t.Logf("%d kills, %d texts, %d replies accepted, %d in doubt: %s", w.kills, said, len(w.accepted), doubts, v)
	if said < texts || len(w.accepted) < replies {
		w.t.Errorf("too little happened to prove anything: %d texts, %d replies", said, len(w.accepted))
	}
	if aside := w.house.setAside(); len(aside) > 0 {
		w.t.Errorf("set aside: %v", aside)
	}
	if w.files {
		w.wantFiles(sofar)
	}
	for _, n := range w.nodes {
		if status := n.serving.end(w.t, syscall.SIGTERM); status != 0 {
			w.t.Errorf("the server ended with status %d", status)
		}
	}
	if status, out, said := w.house.run("verify", "audit"); status != 0 {
		w.t.Errorf("the audit log: status %d\n%s%s", status, out, said)
	}
}

// verdict judges once the log has caught up: it is numbered a moment after the acts.
func (w *world) verdict(h history) verdict {
	w.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(200 * time.Millisecond) {
		var err error
		h.audited, h.notes, err = w.house.audited()
		must(w.t, err)
		h.stolen = w.stolen()
		if v := h.judge(); len(v.unaudited) == 0 || time.Now().After(deadline) {
			return v
		}
	}
}

// audited tells how often the log speaks of each reply and of each Note, by id, and how
// often each text stands as a Note.
func (h *house) audited() (entries, notes map[string]int, err error) {
	type entry struct {
		Subject string
		Detail  map[string]string
	}
	entries, notes = map[string]int{}, map[string]int{}
	permitted, err := everyPage[entry](h, "/audit?act=message.permitted")
	if err != nil {
		return nil, nil, err
	}
	for _, e := range permitted {
		entries[strings.TrimPrefix(e.Subject, "message:")]++
	}
	written, err := everyPage[entry](h, "/audit?act=note.written")
	if err != nil {
		return nil, nil, err
	}
	seen := map[string]bool{}
	for _, e := range written {
		entries[e.Detail["note"]]++
		if conversation := strings.TrimPrefix(e.Subject, "conversation:"); !seen[conversation] {
			seen[conversation] = true
			listed, err := everyPage[struct{ Text string }](h, "/conversations/"+conversation+"/notes")
			if err != nil {
				return nil, nil, err
			}
			for _, n := range listed {
				notes[n.Text]++
			}
		}
	}
	return entries, notes, nil
}

func count(thread []shown, status string) int {
	n := 0
	for _, m := range thread {
		if m.Status == status {
			n++
		}
	}
	return n
}

// await waits until every webhook was answered with 200, every text is shown and every
// reply has come to rest. What does not come to rest is the oracle's to name.
func (w *world) await() history {
	w.t.Helper()
	var h history
	for deadline := time.Now().Add(3 * time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		h = w.look()
		items, bodies := w.sim.Pending()
		if items+bodies == 0 && h.rests() {
			break
		}
	}
	return h
}

// rests tells whether nothing is under way any more.
func (h history) rests() bool {
	for customer, said := range h.written {
		if count(h.threads[customer], "received") < len(said) {
			return false
		}
	}
	known := map[string]bool{}
	for _, a := range h.arrived {
		known[a.reference] = true
	}
	for _, thread := range h.threads {
		if slices.ContainsFunc(thread, func(m shown) bool {
			return m.Status == "queued" && !(h.brief && held(thread, m)) || m.Status == "sending" || m.Status == "in_doubt" && known[m.ID]
		}) {
			return false
		}
	}
	return true
}

// look takes down how things stand.
func (w *world) look() history {
	w.t.Helper()
	threads, err := w.house.threads()
	must(w.t, err)
	h := w.outside()
	for id, thread := range threads {
		name := writer(thread)
		if name == "" || h.threads[name] != nil {
			w.t.Fatalf("conversation %s is a second one of %q, or nobody's", id, name)
		}
		h.threads[name] = thread
	}
	return h
}

// outside is what is known without asking the house.
func (w *world) outside() history {
	w.mu.Lock()
	defer w.mu.Unlock()
	h := history{brief: w.brief, written: maps.Clone(w.written), accepted: maps.Clone(w.accepted), noted: maps.Clone(w.noted), threads: map[string][]shown{}}
	sent, _ := w.sim.Outbox()
	for _, e := range sent {
		if isNotice(e.Text) || isLine(e.Text) {
			continue
		}
		h.arrived = append(h.arrived, arrived{e.Customer, e.CallbackData})
	}
	return h
}
