package main_test

import (
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestRotateKeys exchanges the root key and a controller's key beside a running server
// that receives and replies, moves the files as it is told to, and starts it again. A
// server without the next root key is not ready any more, and says why.
func TestRotateKeys(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		w := newWorld(t, h, 4, true)
		h.start()
		for _, name := range w.names {
			_, err := w.sim.Say(name, phoneNumberID, name+" says hello")
			must(t, err)
		}
		eventually(t, 30*time.Second, "everybody is known", func() bool {
			threads, err := h.threads()
			for id, thread := range threads {
				w.conversations = merged(w.conversations, writer(thread), id)
			}
			return err == nil && w.known() == len(w.names)
		})
		root, next := h.rootKey(), h.rootKey()+".next"
		h.fails("next_root_key_file is missing", "key", "rotate-root")
		h.facts("file", "key", "new-root")
		h.fails("is there already", "key", "new-root")
		old, err := os.ReadFile(root)
		must(t, err)

		moved := next + ".elsewhere"
		h.facts("contacts", "key", "rotate-controller", h.controller)
		h.fails("no such controller", "key", "rotate-controller", "01a20a6c-370e-7d4e-89a5-50e2a6c83c1f")
		if got := h.facts("keys", "key", "rotate-root"); got["keys"].(float64) < 4 {
			t.Errorf("rotated %v", got)
		}
		h.facts("keys", "key", "rotate-root") // asked again, it is done already
		must(t, os.Rename(next, moved))       // as if the server were on a machine without it
		if status, out, said := h.run("agent", "list"); status != 1 || !strings.Contains(said, "wrong root key") {
			t.Errorf("the old key alone: %d %s%s", status, out, said)
		}
		eventually(t, 10*time.Second, "the server without the next key says so", func() bool {
			a := h.ask(http.MethodGet, "/readyz", "")
			return a.status == http.StatusServiceUnavailable
		})
		must(t, os.Rename(moved, next))
		eventually(t, 10*time.Second, "the server with it is ready", func() bool { return h.ask(http.MethodGet, "/readyz", "").status == http.StatusOK })
		h.receives(w)
		h.replies(w)

		must(t, os.Rename(root, root+".retired"))
		must(t, os.Rename(next, root))
		h.receivesAgain(w)
		if status := h.serving.end(t, syscall.SIGTERM); status != 0 {
			t.Errorf("the server ended with status %d", status)
		}
		h.start()
		if got := len(h.messages()); got < len(w.names)+3 {
			t.Errorf("%d messages are shown after the restart", got)
		}
		must(t, os.WriteFile(root, old, 0o600))
		if status, _, said := h.run("agent", "list"); status != 1 || !strings.Contains(said, "wrong root key") {
			t.Errorf("the old key: %d %s", status, said)
		}
	})
}

func merged(known map[string]string, name, id string) map[string]string {
	if known == nil {
		known = map[string]string{}
	}
	known[name] = id
	return known
}

// receivesAgain is receives with another text.
func (h *house) receivesAgain(w *world) {
	h.t.Helper()
	n := *h
	n.dir += " again"
	n.receives(w)
}
