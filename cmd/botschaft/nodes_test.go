package main_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"botschaft/internal/storetest"
)

// node is one of several equal servers of this house, with an address and a data directory
// of its own.
func (h *house) node() *house {
	h.t.Helper()
	n := *h
	n.listen, n.serving, n.launched = freeAddress(h.t), nil, nil
	n.place = append([]string{"--data-dir", h.t.TempDir()}, h.place[2:]...)
	h.t.Cleanup(n.leave)
	return &n
}

// balance puts HAProxy at the house's address, before these nodes, as docs/operate.md
// advises: it asks /readyz.
func (h *house) balance(nodes ...*house) {
	h.t.Helper()
	path, err := exec.LookPath("haproxy")
	if err != nil {
		path = "/usr/sbin/haproxy" // where Debian puts it, beside the search path of many
		if _, err := os.Stat(path); err != nil {
			h.t.Fatal("this test needs HAProxy: install the package haproxy")
		}
	}
	lines := []string{
		"defaults", "  mode http", "  timeout connect 2s", "  timeout client 60s", "  timeout server 60s",
		"  option redispatch", "  retries 2",
		"frontend house", "  bind " + h.listen, "  default_backend nodes",
		"backend nodes", "  balance roundrobin", "  option httpchk GET /readyz", "  default-server check inter 250ms fall 2 rise 1",
	}
	for i, n := range nodes {
		lines = append(lines, fmt.Sprintf("  server node%d %s", i, n.listen))
	}
	cmd := exec.Command(path, "-db", "-f", h.file("haproxy.cfg", strings.Join(lines, "\n")+"\n"))
	said := &words{}
	cmd.Stdout, cmd.Stderr = said, said
	must(h.t, cmd.Start())
	h.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if h.t.Failed() {
			h.t.Logf("HAProxy said:\n%s", said.String())
		}
	})
}

// heard is what one stream told, line by line.
type heard struct {
	mu    sync.Mutex
	lines []string
}

// hear follows a node's event stream.
func (h *house) hear() *heard {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, "http://"+h.listen+"/api/v1/events", http.NoBody)
	must(h.t, err)
	req.Header.Set("Authorization", "Bearer "+h.token)
	resp, err := (&http.Client{}).Do(req)
	must(h.t, err)
	l := &heard{}
	go func() {
		defer func() { _ = resp.Body.Close() }()
		lines := bufio.NewScanner(resp.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			l.mu.Lock()
			l.lines = append(l.lines, lines.Text())
			l.mu.Unlock()
		}
	}()
	eventually(h.t, 10*time.Second, "the stream is live", func() bool { return l.told(0, "event: live") })
	return l
}

// told tells whether a line behind the first so many holds the words.
func (l *heard) told(after int, words string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(l.lines[min(after, len(l.lines)):], func(s string) bool { return strings.Contains(s, words) })
}

func (l *heard) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.lines)
}

// TestNodesShowEachOther lets one node show what happens at the other: what arrives, who
// writes, which Inboxes there are.
func TestNodesShowEachOther(t *testing.T) {
	t.Parallel()
	h := newHouse(t, storetest.PostgresURL(t), storetest.PostgresURL(t))
	_, webhook := h.inbox(phoneNumberID, nowhere)
	a, b := h.node(), h.node()
	a.start()
	b.start()
	here := b.hear()
	var took []time.Duration
	measure := func(what, words string, do func()) {
		t.Helper()
		after, began := here.count(), time.Now()
		do()
		for !here.told(after, words) {
			if time.Since(began) > 5*time.Second {
				t.Fatalf("the other node did not tell of %s", what)
			}
			time.Sleep(time.Millisecond)
		}
		took = append(took, time.Since(began))
		time.Sleep(150 * time.Millisecond) // what else it brings
	}
	for i := range 8 {
		measure("a message", `"kind":"message"`, func() { wantStatus(t, "webhook", a.deliver(webhook, said(i, "says hello")), http.StatusOK) })
	}
	path := "/conversations/" + a.conversation()
	for _, state := range []string{"viewing", "writing", "viewing", "writing"} {
		measure("presence", `"kind":"presence"`, func() {
			wantStatus(t, state, a.call(http.MethodPut, path+"/presence", `{"state":"`+state+`"}`), http.StatusNoContent)
		})
	}
	measure("a note", `"kind":"turn"`, func() {
		wantStatus(t, "note", a.call(http.MethodPost, path+"/notes", `{"client_id":"1","text":"a note"}`), http.StatusCreated)
	})
	slices.Sort(took)
	t.Logf("shown by the other node after %v", took)
	// By looking alone it would be a quarter of a second on average, and more when busy.
	if median := took[len(took)/2]; median > 300*time.Millisecond {
		t.Errorf("the other node shows what happened after %s", median)
	}
	if last := took[len(took)-1]; last > 2*time.Second {
		t.Errorf("the other node showed something after %s only", last)
	}
}

// lanes are how things stand in the line of work, seen past the house.
type lanes struct {
	t   testing.TB
	url string
}

func (l lanes) number(query string, args ...any) int {
	l.t.Helper()
	db := storetest.Beside(l.t, l.url)
	defer func() { _ = db.Close() }()
	var n int
	must(l.t, db.QueryRowContext(l.t.Context(), query, args...).Scan(&n))
	return n
}

// heldBy counts the lanes with due work that a process holds. A node's name holds its pid.
func (l lanes) heldBy(pid int) int {
	return l.number("SELECT COUNT(*) FROM lane WHERE holder LIKE $1 AND due_at <= $2", fmt.Sprintf("%%-%d-%%", pid), time.Now().UnixMilli())
}

// takenInBy counts the lanes of what comes in that a process holds.
func (l lanes) takenInBy(pid int) int {
	return l.number("SELECT COUNT(*) FROM lane WHERE kind = 'inbound' AND holder LIKE $1", fmt.Sprintf("%%-%d-%%", pid))
}

// takeOver is how long work may rest when a node dies.
const takeOver = 10 * time.Second

// TestNodes kills one of two nodes behind a balancer at work: the other takes its lanes
// over in time, and nothing is lost, doubled, out of order or unaudited.
func TestNodes(t *testing.T) {
	t.Parallel()
	databases := []string{storetest.PostgresURL(t), storetest.PostgresURL(t)}
	h := newHouse(t, databases...)
	a, b := h.node(), h.node()
	h.balance(a, b)
	w := newWorld(t, h, 24, true)
	w.nodes = []*house{a, b}
	rest := w.live()
	a.start()
	b.start()
	w.meet()
	l := lanes{t, databases[0]}
	dying := a
	eventually(t, 30*time.Second, "a node holds lanes that are due", func() bool {
		for _, n := range w.nodes {
			if l.heldBy(n.serving.Process.Pid) > 1 {
				dying = n
				return true
			}
		}
		return false
	})
	pid, died := dying.serving.Process.Pid, time.Now()
	w.kill(dying.serving)
	t.Logf("a node died that held %d lanes with due work", l.heldBy(pid))
	eventually(t, takeOver+time.Second, "its lanes are taken over", func() bool { return l.heldBy(pid) == 0 })
	took := time.Since(died)
	t.Logf("they were taken over after %s", took)
	if took > takeOver {
		t.Errorf("the take-over took %s", took)
	}
	dying.start()
	rest()
	w.judge(100, 20)
}

// nextRelease builds the program as the next release: with one migration more, which takes
// its time and holds up who writes Messages for a moment.
func nextRelease(t testing.TB) (release string, version int) {
	t.Helper()
	root, err := filepath.Abs("../..")
	must(t, err)
	found, err := filepath.Glob(filepath.Join(root, "internal/store/migrations/*.sql"))
	must(t, err)
	version = len(found) + 1
	dir := t.TempDir()
	migration, overlay := filepath.Join(dir, "next.sql"), filepath.Join(dir, "overlay.json")
	must(t, os.WriteFile(migration, []byte("-- +goose Up\nSELECT pg_sleep(1.5);\n"+
		"ALTER TABLE message ADD COLUMN next BIGINT NOT NULL DEFAULT 0;\nALTER TABLE conversation ADD COLUMN next BIGINT;\n"+
		"UPDATE conversation SET next = position;\nCREATE INDEX message_next ON message (next, id);\nSELECT pg_sleep(0.5);\n"), 0o600))
	replaced, err := json.Marshal(map[string]any{"Replace": map[string]string{
		filepath.Join(root, "internal/store/migrations", fmt.Sprintf("%05d_next.sql", version)): migration,
	}})
	must(t, err)
	must(t, os.WriteFile(overlay, replaced, 0o600))
	release = filepath.Join(dir, "botschaft")
	build := exec.Command("go", "build", "-buildvcs=false", "-overlay", overlay, "-o", release, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the next release: %v\n%s", err, out)
	}
	return release, version
}

// startAs starts the node's server with another release of the program, without waiting.
func (h *house) startAs(release string) {
	h.t.Helper()
	h.serving = beginAs(h.t, release, h.env, append([]string{"serve", "--listen", h.listen}, h.place...)...)
}

// TestRollingUpgrade replaces the nodes one after the other by the next release while
// customers write and agents answer: one new node migrates, another waits, the old one
// serves on.
func TestRollingUpgrade(t *testing.T) {
	t.Parallel()
	release, version := nextRelease(t)
	databases := []string{storetest.PostgresURL(t), storetest.PostgresURL(t)}
	h := newHouse(t, databases...)
	a, b, c := h.node(), h.node(), h.node()
	h.balance(a, b, c)
	w := newWorld(t, h, 24, true)
	rest := w.live()
	a.start()
	b.start()
	w.meet()
	l := lanes{t, databases[0]}
	schema := func() int { return l.number("SELECT CAST(MAX(version_id) AS INTEGER) FROM goose_db_version") }
	if status := a.serving.end(t, syscall.SIGTERM); status != 0 {
		t.Errorf("the first node ended with status %d", status)
	}
	want(t, "the schema before", schema(), version-1)
	a.startAs(release)
	c.startAs(release)
	before := l.number("SELECT COUNT(*) FROM message")
	for _, n := range []*house{a, c} {
		if !n.ready(n.serving) {
			t.Fatalf("a new node ended with status %d:\n%s", n.serving.ProcessState.ExitCode(), n.serving.said.String())
		}
	}
	want(t, "the schema after", schema(), version)
	if after := l.number("SELECT COUNT(*) FROM message"); after <= before {
		t.Errorf("nothing went on while one migrated: %d messages, then %d", before, after)
	}
	wantStatus(t, "the old node", b.ask(http.MethodGet, "/readyz", ""), http.StatusOK)
	wantStatus(t, "a page of the old node", b.call(http.MethodGet, "/conversations", ""), http.StatusOK)
	if status := b.serving.end(t, syscall.SIGKILL); status != -1 {
		t.Errorf("the old node had ended with status %d", status)
	}
	b.start() // a release older by one may even start
	if status := b.serving.end(t, syscall.SIGTERM); status != 0 {
		t.Errorf("the old node ended with status %d", status)
	}
	w.nodes = []*house{a, c}
	rest()
	storetest.Execute(t, databases[0], "UPDATE goose_db_version SET version_id = version_id + 1 WHERE version_id = $1", version)
	if status, _, said := b.run("verify", "audit"); status == 0 || !strings.Contains(said, "newer schema") {
		t.Errorf("a program two releases older: status %d, %s", status, said)
	}
	storetest.Execute(t, databases[0], "UPDATE goose_db_version SET version_id = $1 WHERE version_id = $2", version, version+1)
	w.judge(100, 20)
}
