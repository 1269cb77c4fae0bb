package audit_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"botschaft/internal/audit"
	"botschaft/internal/desk"
	"botschaft/internal/store"
)

// outside gives the newest Checkpoint as it is kept elsewhere: through its file.
func (w *world) outside(t *testing.T) audit.Attestation {
	t.Helper()
	b, err := json.Marshal(w.verify(t))
	must(t, err)
	var r audit.Report
	must(t, json.Unmarshal(b, &r))
	if r.Last == nil {
		t.Fatalf("a report without a checkpoint: %s", b)
	}
	return *r.Last
}

// Checkpoints that were kept elsewhere hold, in whatever order they are given.
func TestOutsideCheckpoints(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var kept []audit.Attestation
		for range 3 {
			w.sign(t, 3)
			kept = append(kept, w.outside(t))
		}
		w.write(t, 2)
		w.number(t)
		for _, order := range [][]int{{0}, {2}, {0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {1, 1}} {
			var given []audit.Attestation
			for _, i := range order {
				given = append(given, kept[i])
			}
			r := w.verify(t, given...)
			well(t, r, 11, 9)
			if r.Checkpoints != 3+len(order) {
				t.Errorf("given %v: %d checkpoints are right", order, r.Checkpoints)
			}
		}
		// They protect a log that has lost its own.
		x := tamperer{t, w.database(t)}
		x.do("DELETE FROM checkpoint")
		well(t, w.verify(t), 11, 0)
		well(t, w.verify(t, kept[2], kept[0]), 11, 9)
	})
}

// Somebody who can write the whole database can cut the log at any place and remove
// all traces. Only what was kept elsewhere shows it, and the report says up to where
// the log is protected.
func TestCutWithoutTrace(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.sign(t, 4)
		first := w.outside(t)
		w.sign(t, 4)
		second := w.outside(t)
		w.write(t, 2)
		w.number(t)
		cut := func(to int64) {
			x := tamperer{t, w.database(t)}
			x.do("DELETE FROM audit_entry WHERE n > $1", to)
			x.do("UPDATE counter SET n = $1 WHERE name = 'audit'", to)
		}
		cut(9) // in the unprotected tail: nobody can tell, and nobody is told otherwise
		well(t, w.verify(t, second), 9, 8)
		cut(6)
		blames(t, w.verify(t), "truncated", 7, 4)
		tamperer{t, w.database(t)}.do("DELETE FROM checkpoint WHERE size = 8")
		well(t, w.verify(t), 6, 4)
		well(t, w.verify(t, first), 6, 4)
		blames(t, w.verify(t, second), "truncated", 7, 4) // newer than the log's tail
		blames(t, w.verify(t, second, first), "truncated", 7, 4)
		// What is written later does not fill the gap.
		l := w.node()
		w.write(t, 5)
		must(t, l.Checkpoint(t.Context()))
		well(t, w.verify(t, first), 11, 11)
		blames(t, w.verify(t, second), "altered", 5, 4)
		blames(t, w.verify(t, second, first), "altered", 5, 4)
	})
}

// Somebody who rewrites everything up to the hashes and lets the house sign it anew is
// found by what was kept elsewhere alone.
func TestRewrittenHistory(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.sign(t, 6)
		before := w.outside(t)
		x := tamperer{t, w.database(t)}
		x.do("UPDATE audit_entry SET subject = '' WHERE n = 3")
		forge(x, 3)
		blames(t, w.verify(t), "altered", 1, 0)
		x.do("DELETE FROM checkpoint")
		well(t, w.verify(t), 6, 0) // it says that nothing is protected
		must(t, w.node().Checkpoint(t.Context()))
		well(t, w.verify(t), 6, 6)
		blames(t, w.verify(t, before), "altered", 1, 0)
	})
}

// A Checkpoint that is not this house's is no evidence against it, and none for it.
func TestForeignCheckpoints(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.sign(t, 4)
		own := w.outside(t)
		w.sign(t, 4)
		foreign := func(spoil func(a *audit.Attestation)) audit.Attestation {
			a := own
			a.Root, a.Signature = slices.Clone(own.Root), slices.Clone(own.Signature)
			spoil(&a)
			return a
		}
		for name, a := range map[string]audit.Attestation{
			"another size":   foreign(func(a *audit.Attestation) { a.Size = 5 }),
			"another time":   foreign(func(a *audit.Attestation) { a.At = desk.AsMillis(noon) }),
			"another root":   foreign(func(a *audit.Attestation) { a.Root[0]++ }),
			"a short root":   foreign(func(a *audit.Attestation) { a.Root = a.Root[1:] }),
			"no signature":   foreign(func(a *audit.Attestation) { a.Signature = nil }),
			"beyond the end": foreign(func(a *audit.Attestation) { a.Size = 20 }),
			"of nothing":     foreign(func(a *audit.Attestation) { a.Size = 0 }),
			"less than that": foreign(func(a *audit.Attestation) { a.Size = -1 }),
		} {
			r := w.verify(t, a)
			if r.Fault == nil || r.Fault.Kind != "checkpoint" || r.Fault.Entry != a.Size || !strings.Contains(r.Fault.Text, "not ours") {
				t.Errorf("%s: wrong is %+v", name, r.Fault)
			}
		}
	})
}

// The log of another installation is not ours, whether its key or its name differs.
func TestForeignLog(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		theirs, other := newSigner("t"), desk.NewID[desk.Installation]()
		w.log = audit.New(w.Store, theirs, other, silent)
		w.sign(t, 4)
		for name, v := range map[string]*audit.Verifier{
			"key":  audit.NewVerifier(w.Store, ours.public(), other),
			"name": audit.NewVerifier(w.Store, theirs.public(), ourID),
			"both": audit.NewVerifier(w.Store, ours.public(), ourID),
		} {
			r, err := v.Verify(t.Context())
			must(t, err)
			if r.Fault == nil || r.Fault.Kind != "checkpoint" || r.Fault.Entry != 4 || r.Protected != 0 {
				t.Errorf("another %s: wrong is %+v", name, r.Fault)
			}
		}
		v := audit.NewVerifier(w.Store, theirs.public(), other)
		for range 2 { // a Verifier may be used again
			r, err := v.Verify(t.Context())
			must(t, err)
			well(t, r, 4, 4)
		}
	})
}

// What cannot be read is no verdict.
func TestVerifyWithoutDatabase(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.sign(t, 4)
		gone, stop := context.WithCancel(t.Context())
		stop()
		v := audit.NewVerifier(w.Store, ours.public(), ourID)
		if _, err := v.Verify(gone); !errors.Is(err, context.Canceled) {
			t.Errorf("while the program ends: %v", err)
		}
		tamperer{t, w.database(t)}.rename("audit_entry", "away")
		if r, err := v.Verify(t.Context()); err == nil {
			t.Errorf("without its table: %+v", r)
		}
		tamperer{t, w.database(t)}.rename("away", "audit_entry")
		r, err := v.Verify(t.Context())
		must(t, err)
		well(t, r, 4, 4)
	})
}

func (x tamperer) rename(from, to string) {
	x.t.Helper()
	_, err := x.db.ExecContext(context.Background(), "ALTER TABLE "+from+" RENAME TO "+to)
	must(x.t, err)
}

// Whoever verifies while the house works sees no fault that is not there.
func TestVerifyWhileTheHouseWorks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- w.log.Run(ctx) }()
		written := make(chan error, 1)
		go func() {
			var err error
			for n := 0; ctx.Err() == nil && err == nil; n++ {
				err = w.Update(context.Background(), func(tx *store.Tx) error {
					tx.Audit(entry(n), entry(n))
					return nil
				})
			}
			written <- err
		}()
		var last int64
		for last < 200 {
			r := w.verify(t)
			if r.Fault != nil || r.Entries < last {
				t.Errorf("after %d entries: %+v", last, r.Fault)
				break
			}
			last = r.Entries
		}
		stop()
		must(t, <-written)
		must(t, <-ended)
		if r := w.verify(t); r.Fault != nil || r.Entries < last || r.Waiting+r.Entries-r.Protected > 2 {
			t.Errorf("in the end: %+v", r)
		}
	})
}

// A house that came back from a backup has lost the entries behind it. A Checkpoint over
// those says which, and that a restore was the cause, also when the log is longer than
// ever; one within what came back holds.
func TestCheckpointBehindARestore(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.sign(t, 4)
		within := w.outside(t)
		w.sign(t, 3)
		behind := w.outside(t)
		x := tamperer{t, w.database(t)}
		x.do("DELETE FROM audit_entry WHERE n > 4")
		x.do("DELETE FROM checkpoint WHERE size > 4")
		x.do("UPDATE counter SET n = 4 WHERE name = 'audit'")
		w.clock.Add(time.Hour)
		must(t, w.Update(t.Context(), func(tx *store.Tx) error {
			tx.Audit(desk.AuditEntry{Actor: shell, Act: desk.ActBackupRestored, Subject: "installation:x", Detail: map[string]string{"numbered": "4"}})
			return nil
		}))
		w.log = w.node()
		for range 2 {
			w.sign(t, 5)
			if r := w.verify(t, within); r.Fault != nil {
				t.Errorf("within what came back: %+v", r.Fault)
			}
			r := w.verify(t, within, behind)
			if r.Fault == nil || r.Fault.Kind != "truncated" || r.Fault.Entry != 5 || !strings.Contains(r.Fault.Text, "from 5 to 7 were lost when the house was restored") ||
				!strings.Contains(r.Fault.Text, "entry 5 tells") {
				t.Errorf("behind it: %+v", r.Fault)
			}
		}
		w.sign(t, 1)
		later := w.outside(t)
		if r := w.verify(t, within, later); r.Fault != nil {
			t.Errorf("after it: %+v", r.Fault)
		}
	})
}
