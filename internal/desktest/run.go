package desktest

import (
	"context"
	"log"
	"testing"
)

// Run plays every scenario of a directory on each engine.
func Run(t *testing.T, dir string, build Build) {
	t.Helper()
	scripts, err := loadScripts(dir)
	if err != nil {
		t.Fatal(err)
	}
	std := overhear(t)
	for _, s := range scripts {
		t.Run(s.name, func(t *testing.T) {
			onEachEngine(t, func(t *testing.T, at Place) {
				w := newWorld(t, build, s, at)
				w.std = std
				w.perform(t)
			})
		})
	}
}

// overhear keeps what is written to the process's own log until the test ends: nothing
// of ours should, and what a library writes there has passed no rule of ours.
func overhear(t testing.TB) *notes {
	t.Helper()
	n, was := &notes{}, log.Writer()
	log.SetOutput(n)
	t.Cleanup(func() {
		log.SetOutput(was)
		t.Logf("the process's own log: %s", n.bytes())
	})
	return n
}

// perform plays the script, then checks what holds after every scenario: nothing was
// set aside or complained of unless the script speaks of it, the audit log is whole,
// the house stops well, and no canary is anywhere.
func (w *world) perform(t *testing.T) {
	t.Helper()
	for _, l := range w.script.lines {
		if err := w.play(t.Context(), l); err != nil {
			t.Logf("the log:\n%s", w.log.text())
			t.Fatalf("\n%s: %s\n\t%v", l.at, l.text, err)
		}
	}
	if w.house == nil {
		t.Fatalf("%s: a scenario ends with a house that runs", w.script.path)
	}
	if !w.script.speaksOf("set aside") {
		w.expect(t, "nothing is set aside", func(ctx context.Context, w *world, _ args) error {
			return setAside(ctx, w, args{"N": {"0"}})
		})
	}
	if !w.script.speaksOf("tamper audit") {
		w.expect(t, "the audit log is whole", auditVerifies)
	}
	w.expect(t, "no canary is anywhere", noCanary)
	if err := w.stop(); err != nil {
		t.Error(err)
	}
	w.expect(t, "no canary is anywhere after the house stopped", noCanary)
	if n := w.log.faults.Load(); n > 0 && !w.script.speaksOf("log complains") {
		t.Errorf("%s: the log complains %d times:\n%s", w.script.path, n, w.log.text())
	}
}

// expect checks what holds after every scenario.
func (w *world) expect(t *testing.T, what string, do func(context.Context, *world, args) error) {
	t.Helper()
	if err := do(t.Context(), w, args{}); err != nil {
		t.Errorf("\n%s: at the end, want that %s:\n\t%v", w.script.path, what, err)
	}
}
