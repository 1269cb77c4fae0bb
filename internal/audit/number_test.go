package audit_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"botschaft/internal/audit"
	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
)

// However many write, and however many nodes number: no number is given twice, none is
// left out, and a reader who has seen one never later finds a smaller one.
func TestNumbersAreDense(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const writers, each = 6, 30
		second := audit.New(storetest.Open(t, w.url, w.clock.Now), ours, ourID, silent)
		ctx := t.Context()
		var writing, nodes sync.WaitGroup
		for i := range writers {
			writing.Go(func() {
				for n := range each {
					if err := w.Update(ctx, func(tx *store.Tx) error { tx.Audit(entry(i*each + n)); return nil }); err != nil {
						t.Error(err)
					}
				}
			})
		}
		done := make(chan struct{})
		for _, l := range []*audit.Log{w.log, second} {
			nodes.Go(func() {
				for i, last := 0, false; !last && !t.Failed(); i++ {
					select {
					case <-done:
						last = true // once more, for what was written meanwhile
					default:
					}
					number := l.Number
					if i%5 == 4 {
						number = l.Checkpoint
					}
					if err := number(ctx); err != nil {
						t.Error(err)
					}
				}
			})
		}
		go func() { writing.Wait(); close(done) }()
		for seen := int64(0); seen < writers*each && !t.Failed(); {
			fresh, err := w.Read().ListEntries(ctx, rows.ListEntriesParams{AfterN: seen, Page: 1000})
			must(t, err)
			for _, e := range fresh {
				if seen++; e.N.Int64 != seen {
					t.Fatalf("number %d follows %d", e.N.Int64, seen-1)
				}
			}
		}
		nodes.Wait()
		must(t, w.log.Checkpoint(ctx))
		w.dense(t, writers*each)
		well(t, w.verify(t), writers*each, writers*each)
	})
}

// Two nodes that take turns know of each other's entries and sign the same tree.
func TestNodesTakeTurns(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		other := audit.New(storetest.Open(t, w.url, w.clock.Now), ours, ourID, silent)
		for i := range 6 {
			w.write(t, 1+i%3)
			l := []*audit.Log{w.log, other}[i%2]
			must(t, l.Checkpoint(t.Context()))
			must(t, other.Checkpoint(t.Context())) // there is one already
		}
		w.dense(t, 12)
		r := w.verify(t)
		well(t, r, 12, 12)
		if r.Checkpoints != 6 {
			t.Errorf("%d checkpoints", r.Checkpoints)
		}
	})
}

// What was never numbered, as after a crash, is numbered by the next node, in the
// order in which it happened, and more than a page at once.
func TestRestart(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.write(t, 3)
		w.number(t) // and the node is gone before it signed
		w.log = w.node()
		w.write(t, 4)
		must(t, w.log.Checkpoint(ctx))
		w.write(t, 2)
		w.number(t)
		w.log = w.node() // begins at the checkpoint over 7
		w.write(t, 2)
		must(t, w.Update(ctx, func(tx *store.Tx) error {
			for n := range 1200 {
				tx.Audit(entry(1000 + n))
			}
			return nil
		}))
		w.number(t)
		w.dense(t, 1211)
		must(t, w.log.Checkpoint(ctx))
		well(t, w.verify(t), 1211, 1211)
		var subjects []string
		for _, e := range w.numbered(t)[:11] {
			subjects = append(subjects, strings.TrimPrefix(e.Subject, "conversation:"))
		}
		if !slices.Equal(subjects, []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}) {
			t.Errorf("the order is %v", subjects)
		}
		// An entry says what was said, after all of it.
		e, err := store.AuditEntryOf(w.numbered(t)[4])
		must(t, err)
		if e.Actor != ben || e.Act != desk.ActConversationOpened || e.N != 5 || e.Detail["n"] != "5" || !e.At.Equal(noon.Add(5e6)) {
			t.Errorf("entry 5 reads %+v", e)
		}
	})
}

// A node that cannot trust what the last Checkpoint says of the tree begins at the
// first entry.
func TestRestartWithDamagedCheckpoint(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i, damage := range []func(b []byte) []byte{
			func([]byte) []byte { return nil },
			func(b []byte) []byte { b[len(b)-1]++; return b },       // other hashes
			func(b []byte) []byte { b[7]++; return b },              // another size than its hashes are of
			func(b []byte) []byte { return make([]byte, len(b)-4) }, // of nothing
		} {
			w.sign(t, 3)
			w.sign(t, 3)
			last, err := w.Read().LastCheckpoint(t.Context())
			must(t, err)
			tamperer{t, w.database(t)}.do("UPDATE checkpoint SET frontier = $1 WHERE size = $2", append([]byte{}, damage(last.Frontier)...), last.Size)
			w.log = w.node()
			w.write(t, 1)
			must(t, w.log.Checkpoint(t.Context()))
			w.dense(t, 7*(i+1))
			well(t, w.verify(t), int64(7*(i+1)), int64(7*(i+1)))
		}
	})
}

// A gap is never numbered over: the entries behind it wait, and none is lost.
func TestGapStopsTheNumbering(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.sign(t, 3)
		w.write(t, 3)
		w.number(t)
		x := tamperer{t, w.database(t)}
		x.do("UPDATE audit_entry SET n = 99 WHERE n = 5")
		w.log = w.node()
		w.write(t, 2)
		if err := w.log.Number(t.Context()); err == nil || !strings.Contains(err.Error(), "entry 5 is missing") {
			t.Errorf("a gap at 5: %v", err)
		}
		if err := w.log.Checkpoint(t.Context()); err == nil {
			t.Error("a log with a gap was signed")
		}
		if r := w.verify(t); r.Waiting != 2 {
			t.Errorf("%d entries wait", r.Waiting)
		}
		x.do("UPDATE audit_entry SET n = 5 WHERE n = 99")
		w.number(t)
		w.dense(t, 8)
		well(t, w.verify(t), 8, 3)
		x.do("DELETE FROM audit_entry WHERE n = 8") // a gap at the end
		w.log = w.node()
		w.write(t, 1)
		if err := w.log.Number(t.Context()); err == nil || !strings.Contains(err.Error(), "entry 8 is missing") {
			t.Errorf("a cut at 8: %v", err)
		}
	})
}

// A node under which the database was set back goes on from what is there now.
func TestDatabaseWasSetBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.sign(t, 3)
		w.sign(t, 3)
		x := tamperer{t, w.database(t)}
		x.do("DELETE FROM audit_entry WHERE n > 3")
		x.do("DELETE FROM checkpoint WHERE size > 3")
		x.do("UPDATE counter SET n = 3 WHERE name = 'audit'")
		w.sign(t, 2)
		w.dense(t, 5)
		well(t, w.verify(t), 5, 5)
	})
}

// An entry commits with its act or not at all.
func TestNoEntryWithoutItsAct(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		err := w.Update(t.Context(), func(tx *store.Tx) error {
			tx.Audit(entry(1))
			return context.DeadlineExceeded
		})
		if err == nil {
			t.Fatal("a transaction that failed has succeeded")
		}
		w.sign(t, 1)
		w.dense(t, 1)
	})
}
