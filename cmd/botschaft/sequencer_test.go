package main_test

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"botschaft/internal/storetest"
)

// eventLock is what a node holds while it numbers events (store: lockEvents).
const eventLock = 0x626f7401

// sequence looks at numbers past the house.
type sequence struct {
	t  testing.TB
	db *sql.DB
}

func (s sequence) number(query string, args ...any) int64 {
	s.t.Helper()
	var n int64
	must(s.t, s.db.QueryRowContext(s.t.Context(), query, args...).Scan(&n))
	return n
}

// holder is the server's process that numbers events just now, 0 if none does.
func (s sequence) holder() int64 {
	s.t.Helper()
	return s.number(`SELECT COALESCE(MAX(pid), 0) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND granted
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`, eventLock)
}

// stopNumbering stops a node in the middle of numbering.
func (s sequence) stopNumbering(p *process) {
	s.t.Helper()
	for range 2000 {
		must(s.t, p.Process.Signal(syscall.SIGSTOP))
		held := s.holder()
		for range 5 { // another node would be done by then
			time.Sleep(10 * time.Millisecond)
			if held == 0 || s.holder() != held {
				held = 0
				break
			}
		}
		if held != 0 {
			return
		}
		must(s.t, p.Process.Signal(syscall.SIGCONT))
		time.Sleep(time.Millisecond)
	}
	s.t.Fatal("the node was never met at numbering")
}

// readNumbers reads the numbers as they come and checks that each follows the one before.
func (s sequence) readNumbers(ctx context.Context, last *int64) {
	for ; ctx.Err() == nil; pause(ctx, 3*time.Millisecond) {
		rows, err := s.db.QueryContext(context.Background(), "SELECT n FROM event WHERE n > $1 ORDER BY n LIMIT 100", *last)
		if err != nil {
			s.t.Error(err)
			return
		}
		for rows.Next() {
			var n int64
			if err := rows.Scan(&n); err != nil || n != *last+1 {
				s.t.Errorf("after %d came %d, %v", *last, n, err)
			}
			*last = n
		}
		_ = rows.Close()
	}
}

// reader is a workspace that stays with the events whatever happens to the nodes.
type reader struct {
	mu    sync.Mutex
	last  string          // id of the newest event
	turns map[string]bool // that it was told of
	fault string
}

// read follows the stream at address until ctx ends, from where it was cut.
func (r *reader) read(ctx context.Context, h *house, address func() string) {
	for ; ctx.Err() == nil; pause(ctx, 50*time.Millisecond) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address()+"/api/v1/events", http.NoBody)
		if err != nil {
			return
		}
		req.Header.Set("Authorization", "Bearer "+h.token)
		r.mu.Lock()
		if r.last != "" {
			req.Header.Set("Last-Event-ID", r.last)
		}
		r.mu.Unlock()
		resp, err := (&http.Client{}).Do(req)
		if err != nil {
			continue
		}
		lines := bufio.NewScanner(resp.Body)
		lines.Buffer(nil, 8<<20)
		for lines.Scan() {
			r.take(lines.Text())
		}
		_ = resp.Body.Close()
	}
}

func (r *reader) take(line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if id, ok := strings.CutPrefix(line, "id: "); ok {
		if number(id) < number(r.last) {
			r.fault = id + " came after " + r.last
		}
		r.last = id
	}
	if strings.HasPrefix(line, "event: reload") {
		r.fault = "it was told to load anew"
	}
	for part := range strings.SplitSeq(line, `"turn_id":"`) {
		if id, _, ok := strings.Cut(part, `"`); ok && len(id) == 36 {
			r.turns[id] = true
		}
	}
}

// number is that of an event's id, feed.n.
func number(id string) int64 {
	n, _ := strconv.ParseInt(id[strings.LastIndexByte(id, '.')+1:], 10, 64)
	return n
}

// scene is eight who write at two nodes, and others who read.
type scene struct {
	*house // the one that stays
	sequence
	dying    *house
	dead     atomic.Bool
	readers  []*reader
	lasts    []int64 // of those who read numbers
	watching sync.WaitGroup

	mu      sync.Mutex
	written map[string]bool // ids of Notes
}

// address is where a client of that node goes: a balancer would see its death.
func (s *scene) address(of *house) string {
	if s.dead.Load() {
		return s.listen
	}
	return of.listen
}

// watch lets four read numbers, and four workspaces follow the nodes.
func (s *scene) watch(ctx context.Context) {
	s.lasts = make([]int64, 4)
	for i := range s.lasts {
		s.watching.Go(func() { s.readNumbers(ctx, &s.lasts[i]) })
	}
	for i := range 4 {
		r, at := &reader{turns: map[string]bool{}}, []*house{s.dying, s.house}[i%2]
		s.readers = append(s.readers, r)
		s.watching.Go(func() { r.read(ctx, s.house, func() string { return s.address(at) }) })
		eventually(s.house.t, 10*time.Second, "the stream is live", func() bool { r.mu.Lock(); defer r.mu.Unlock(); return r.last != "" })
	}
}

// write lets one write at each Conversation until the returned function is called.
func (s *scene) write(conversations []string) (end func()) {
	var writing sync.WaitGroup
	ctx, enough := context.WithCancel(context.Background())
	for writer, conversation := range conversations {
		path := "/api/v1/conversations/" + conversation + "/notes"
		writing.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				at := []*house{s.dying, s.house}[n%2]
				if id := s.note(path, fmt.Sprintf("%d-%d", writer, n), func() string { return s.address(at) }); id != "" {
					s.mu.Lock()
					s.written[id] = true
					s.mu.Unlock()
				}
			}
		})
	}
	return func() { enough(); writing.Wait() }
}

// TestSequencer lets eight write at once at two nodes while one of them stops in the middle
// of numbering and then dies, and a neighbouring database keeps a transaction open. Who
// reads misses nothing, and the audit log is whole.
func TestSequencer(t *testing.T) {
	t.Parallel()
	databases := []string{storetest.PostgresURL(t), storetest.PostgresURL(t)}
	h := newHouse(t, databases...)
	_, webhook := h.inbox(phoneNumberID, nowhere)
	s := &scene{house: h.node(), dying: h.node(), sequence: sequence{t, storetest.Beside(t, databases[0])}, written: map[string]bool{}}
	s.start()
	s.dying.start()
	conversations := s.conversations(webhook, 8)
	neighbour, err := storetest.Beside(t, storetest.PostgresURL(t)).BeginTx(t.Context(), nil)
	must(t, err)
	_, err = neighbour.Exec("CREATE TABLE long AS SELECT txid_current()")
	must(t, err)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	s.watch(ctx)
	end := s.write(conversations)
	eventually(t, 20*time.Second, "some was written", func() bool { return s.number("SELECT COUNT(*) FROM turn") > 100 })
	s.stopNumbering(s.dying.serving)
	s.dead.Store(true)
	stopped, before := time.Now(), s.number("SELECT n FROM counter WHERE name = 'event'")
	eventually(t, 20*time.Second, "the other node numbers", func() bool { return s.number("SELECT n FROM counter WHERE name = 'event'") > before })
	took := time.Since(stopped)
	t.Logf("a node that stopped at numbering held the others up for %s", took)
	if took > 12*time.Second {
		t.Error("that is too long")
	}
	s.dying.serving.end(t, syscall.SIGKILL)
	died := s.number("SELECT COUNT(*) FROM event")
	eventually(t, 10*time.Second, "more is written", func() bool { return s.number("SELECT COUNT(*) FROM event") > died+100 })
	end()
	s.checkNumbers(stop)
	must(t, neighbour.Rollback())
	if status := s.serving.end(t, syscall.SIGTERM); status != 0 {
		t.Errorf("the node ended with status %d", status)
	}
	s.checkTail(databases[0])
}

// checkNumbers checks that the numbers are dense and that everybody was told of everything.
func (s *scene) checkNumbers(stop func()) {
	t := s.house.t
	t.Helper()
	eventually(t, 5*time.Second, "all is numbered", func() bool { return s.number("SELECT COUNT(*) FROM event WHERE n IS NULL") == 0 })
	events, last := s.number("SELECT COUNT(*) FROM event"), s.number("SELECT MAX(n) FROM event")
	want(t, "numbers", last, events)
	for i, r := range s.readers {
		eventually(t, 5*time.Second, "a reader has seen all", func() bool { r.mu.Lock(); defer r.mu.Unlock(); return number(r.last) >= last })
		r.mu.Lock()
		missed := 0
		for id := range s.written {
			if !r.turns[id] {
				missed++
			}
		}
		if missed > 0 || r.fault != "" {
			t.Errorf("reader %d missed %d of %d notes; %s", i, missed, len(s.written), r.fault)
		}
		r.mu.Unlock()
	}
	time.Sleep(100 * time.Millisecond) // who reads numbers looks every few milliseconds
	stop()
	s.watching.Wait()
	for i, n := range s.lasts {
		want(t, fmt.Sprintf("reader %d of numbers has read", i), n, last)
	}
	t.Logf("%d notes by eight writers, %d events", len(s.written), events)
}

// conversations lets so many customers write, and gives their Conversations.
func (h *house) conversations(webhook string, n int) []string {
	h.t.Helper()
	var texts, ids []string
	for i := range n {
		body := strings.ReplaceAll(said(i, fmt.Sprintf("hello %d", i)), "4915700000001", fmt.Sprintf("49157000001%02d", i))
		wantStatus(h.t, "webhook", h.deliver(webhook, body), http.StatusOK)
		texts = append(texts, fmt.Sprintf("hello %d", i))
	}
	h.awaitTexts(texts...)
	listed, err := everyPage[struct{ ID string }](h, "/conversations")
	must(h.t, err)
	for _, c := range listed {
		ids = append(ids, c.ID)
	}
	want(h.t, "conversations", len(ids), n)
	return ids
}

// note writes a Note until it is accepted and gives its id.
func (h *house) note(path, client string, address func() string) string {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		at := *h
		at.listen, at.client = address(), &http.Client{Timeout: 3 * time.Second, Transport: h.client.Transport}
		a, err := at.do(http.MethodPost, path, strings.NewReader(fmt.Sprintf(`{"client_id":%q,"text":%q}`, client, client)), h.bearer()...)
		if err != nil || a.status >= http.StatusInternalServerError {
			continue
		}
		var turn struct{ ID string }
		if a.status != http.StatusCreated || json.Unmarshal([]byte(a.body), &turn) != nil {
			h.t.Errorf("note %s: %d %s", client, a.status, a.body)
		}
		return turn.ID
	}
	h.t.Errorf("note %s was not taken within a minute", client)
	return ""
}

// checkTail verifies the audit log, keeps its Checkpoint elsewhere and cuts the log's tail
// so that nothing within the database tells of it.
func (h *house) checkTail(database string) {
	h.t.Helper()
	status, report, said := h.run("verify", "audit", "--json")
	if status != 0 {
		h.t.Fatalf("the audit log: status %d\n%s%s", status, report, said)
	}
	kept := h.file("checkpoint.json", report)
	var r struct{ Entries, Protected int64 }
	must(h.t, json.Unmarshal([]byte(report), &r))
	if r.Entries < 200 || r.Protected != r.Entries {
		h.t.Errorf("%d of %d entries are protected", r.Protected, r.Entries)
	}
	cut := r.Entries - 3
	for _, statement := range []string{
		"DELETE FROM checkpoint WHERE size > $1", "DELETE FROM audit_entry WHERE n > $1 OR n IS NULL", "UPDATE counter SET n = $1 WHERE name = 'audit'",
	} {
		storetest.Execute(h.t, database, statement, cut)
	}
	if status, out, _ := h.run("verify", "audit"); status != 0 {
		h.t.Errorf("within the database nothing tells of the cut: status %d, %s", status, out)
	}
	if status, out, _ := h.run("verify", "audit", "--against", kept); status == 0 || !strings.Contains(out, "cut off") {
		h.t.Errorf("against a checkpoint kept elsewhere: status %d, %s", status, out)
	}
}
