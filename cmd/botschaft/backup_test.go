package main_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"botschaft/internal/storetest"
)

// restorable is a place for a house that comes back: empty, with the root key that was
// kept elsewhere.
func (h *house) restorable(t testing.TB, engine string) *house {
	t.Helper()
	n := *h
	n.t, n.dir, n.serving, n.listen = t, t.TempDir(), nil, h.listen
	n.place = []string{"--data-dir", filepath.Join(n.dir, "data"), "--root-key-file", h.rootKey()}
	if engine == "postgres" {
		n.place = append(n.place, "--database-url", storetest.PostgresURL(t), "--vault-url", storetest.PostgresURL(t))
	}
	t.Cleanup(func() {
		if n.serving != nil {
			n.serving.end(t, syscall.SIGKILL)
		}
	})
	return &n
}

// engine is where the house stands.
func (h *house) engine() string {
	if strings.Contains(strings.Join(h.place, " "), "postgres://") {
		return "postgres"
	}
	return "sqlite"
}

// rootKey is where the house's root key is.
func (h *house) rootKey() string {
	for i, flag := range h.place {
		if flag == "--root-key-file" {
			return h.place[i+1]
		}
	}
	return filepath.Join(h.dir, "data", "root.key")
}

const backupKeys, restoreKeys = "data vault verified", "contacts data_taken_at deliveries_lost erased in_doubt installation rows vault_taken_at without_key"

// identity makes who can open backups.
func (h *house) identity() (file, recipient string) {
	h.t.Helper()
	file = filepath.Join(h.t.TempDir(), "identity")
	var made struct{ Recipient string }
	status, out, said := execute(h.t, nil, "key", "create-identity", file, "--json")
	if status != 0 {
		h.t.Fatalf("create-identity: %s", said)
	}
	must(h.t, json.Unmarshal([]byte(out), &made))
	return file, made.Recipient
}

// archives backs the house up and gives the files.
func (h *house) archives(recipient string, more ...string) (data, vault string) {
	h.t.Helper()
	made := h.facts(backupKeys, append([]string{"backup", "--to", h.t.TempDir(), "--recipient", recipient}, more...)...)
	of := func(kind string) string { return made[kind].(map[string]any)["file"].(string) }
	return of("data"), of("vault")
}

// TestBackup backs a house up while customers write and agents reply, loses it, and
// brings it back on the other engine: everything acknowledged before the backup is there,
// the house receives and replies, and the audit log verifies against a checkpoint that
// was kept outside.
func TestBackup(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		w := newWorld(t, h, 8, true)
		identity, recipient := h.identity()
		ctx, stop := context.WithCancel(t.Context())
		replying, rest := context.WithCancel(ctx)
		var busy, replies sync.WaitGroup
		busy.Go(func() { w.write(ctx) })
		busy.Go(func() { w.lookAround(ctx) })
		replies.Go(func() { w.reply(replying) })
		h.start()
		eventually(t, 30*time.Second, "every customer is known and answered", func() bool { return w.known() == len(w.names) && w.answered() > 3 })
		if status := h.serving.end(t, syscall.SIGTERM); status != 0 {
			t.Fatalf("the server ended with status %d", status)
		}
		kept, err := json.Marshal(h.facts("checkpoint checkpoint_at checkpoints entries ledger protected waiting", "verify", "audit"))
		must(t, err)
		checkpoint := h.file("checkpoint.json", string(kept))
		h.start()
		before := w.said()
		eventually(t, 30*time.Second, "what was said is shown", func() bool { return len(h.messages()) >= before })
		data, vault := h.archives(recipient, "--identity-file", identity)
		feed := column(t, h.open("data"), "SELECT feed FROM installation")[0]
		rest()
		replies.Wait() // who replies insists, and the house will not answer again
		w.kill(h.serving)
		stop()
		busy.Wait()

		n := h.restorable(t, map[string]string{"sqlite": "postgres", "postgres": "sqlite"}[h.engine()])
		n.facts("authentic data vault", "restore", "--check", "--data", data, "--vault", vault, "--identity-file", identity)
		n.facts(restoreKeys, "restore", "--data", data, "--vault", vault, "--identity-file", identity)
		n.facts("checkpoint checkpoint_at checkpoints entries ledger protected waiting", "verify", "audit", "--against", checkpoint)
		n.fails("there is a house already", "restore", "--data", data, "--vault", vault, "--identity-file", identity)
		if column(t, n.open("data"), "SELECT feed FROM installation")[0] == feed {
			t.Error("the feed is the old one")
		}
		n.start()
		if got := len(n.messages()); got < before {
			t.Errorf("%d messages are shown, %d were there when the backup began", got, before)
		}
		n.receives(w)
		n.replies(w)
		if status := n.serving.end(t, syscall.SIGTERM); status != 0 {
			t.Errorf("the server ended with status %d", status)
		}
		if status, out, said := n.run("verify", "audit", "--against", checkpoint); status != 0 {
			t.Errorf("the audit log: %d\n%s%s", status, out, said)
		}
	})
}

// answered tells how many replies were accepted.
func (w *world) answered() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.accepted)
}

// said tells how many texts customers have written.
func (w *world) said() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, all := range w.written {
		n += len(all)
	}
	return n
}

// receives lets a customer write to the house that came back.
func (h *house) receives(w *world) {
	h.t.Helper()
	text := "after the restore " + h.dir
	_, err := w.sim.Say(w.names[0], phoneNumberID, text)
	must(h.t, err)
	eventually(h.t, 30*time.Second, "a new text is shown", func() bool {
		for _, m := range h.messages() {
			if m.Text == text {
				return true
			}
		}
		return false
	})
}

// replies answers a customer, whom it must reach.
func (h *house) replies(w *world) {
	h.t.Helper()
	w.mu.Lock()
	conversation := w.conversations[w.names[1]]
	w.mu.Unlock()
	a := h.call(http.MethodPost, "/conversations/"+conversation+"/messages", fmt.Sprintf(`{"client_id":"%s","kind":"text","text":"Wir sind wieder da."}`, h.dir))
	var m struct{ ID string }
	if a.status != http.StatusCreated || json.Unmarshal([]byte(a.body), &m) != nil {
		h.t.Fatalf("a reply: %d %s", a.status, a.body)
	}
	eventually(h.t, 30*time.Second, "the reply reaches the customer", func() bool {
		sent, _ := w.sim.Outbox()
		for _, e := range sent {
			if e.CallbackData == m.ID {
				return true
			}
		}
		return false
	})
}

// TestKilledBackup kills a backup on its way, and a restore: nothing stands where a
// whole archive or house would, and the next try works.
func TestKilledBackup(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		identity, recipient := h.identity()
		dir := t.TempDir()
		p := begin(t, nil, append([]string{"backup", "--to", dir, "--recipient", recipient, "--rate", "0.0001"}, h.place...)...)
		eventually(t, 30*time.Second, "the backup has begun", func() bool { return len(files(t, dir)) > 0 })
		p.end(t, syscall.SIGKILL)
		if left := files(t, dir); len(left) != 1 || !strings.HasSuffix(left[0], ".part") {
			t.Errorf("the killed backup left %v", left)
		}
		h.facts(backupKeys, "backup", "--to", dir, "--recipient", recipient)
		left := files(t, dir)
		if len(left) != 2 || strings.HasSuffix(left[0], ".part") {
			t.Fatalf("the next left %v", left)
		}

		n := h.restorable(t, h.engine())
		whole, err := os.ReadFile(filepath.Join(dir, left[0]))
		must(t, err)
		slow := filepath.Join(n.dir, "slow")
		must(t, syscall.Mkfifo(slow, 0o600))
		restore := func(data string) []string {
			return append([]string{"restore", "--data", data, "--vault", filepath.Join(dir, left[1]), "--identity-file", identity}, n.place...)
		}
		p = begin(t, nil, restore(slow)...)
		pipe, err := os.OpenFile(slow, os.O_WRONLY, 0)
		must(t, err)
		_, err = pipe.Write(whole[:len(whole)/2]) // a pipe takes it once it is being read
		must(t, err)
		time.Sleep(200 * time.Millisecond) // whatever it does with it, it cannot be at its end
		p.end(t, syscall.SIGKILL)
		must(t, pipe.Close())
		status, out, said := execute(t, nil, restore(filepath.Join(dir, left[0]))...)
		if status != 0 || !strings.Contains(out, "is back") {
			t.Fatalf("the next restore: %d %s%s", status, out, said)
		}
		n.start()
	})
}

func files(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
