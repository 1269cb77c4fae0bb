package main_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// keep writes a file for whoever looks for the cause of a failure.
func keep(t testing.TB, name, text string) {
	t.Helper()
	path := filepath.Join(t.ArtifactDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Error(err)
	}
}

// leave ends the house's server. After a failure it keeps what each of the house's servers
// said, and where the last one stood.
func (h *house) leave() {
	if h.serving == nil {
		return
	}
	if !h.t.Failed() {
		h.serving.end(h.t, syscall.SIGKILL)
		return
	}
	last := h.serving.said.String()
	_ = h.serving.Process.Signal(syscall.SIGCONT) // it may have been stopped, or have ended
	h.serving.end(h.t, syscall.SIGQUIT)
	var all strings.Builder
	for _, p := range h.launched {
		fmt.Fprintf(&all, "=== process %d\n%s\n", p.Process.Pid, p.said.String())
	}
	keep(h.t, "server-"+strings.ReplaceAll(h.listen, ":", "-")+".log", all.String())
	h.t.Logf("the server at %s said:\n%s", h.listen, last)
}

// keep writes down what happened, if the test has failed. Deferred, it finds the house as
// the failure left it.
func (w *world) keep() {
	if !w.t.Failed() {
		return
	}
	h := w.outside()
	var text strings.Builder
	threads, err := w.house.threads()
	fmt.Fprintf(&text, "judged: %s\n%+v\nthe house shows %d threads, %v\n", w.judged, w.judged, len(threads), err)
	for _, thread := range threads {
		fmt.Fprintf(&text, "\nthread of %s\n", writer(thread))
		for _, m := range thread {
			fmt.Fprintf(&text, "%+v\n", m)
		}
	}
	for _, customer := range slices.Sorted(maps.Keys(h.written)) {
		fmt.Fprintf(&text, "\nacknowledged of %s\n%+v\n", customer, h.written[customer])
	}
	fmt.Fprintf(&text, "\naccepted\n%v\nnoted\n%v\narrived\n%+v\n", h.accepted, h.noted, h.arrived)
	keep(w.t, "history.txt", text.String())
}
