package audit_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"botschaft/internal/audit"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
)

// running is a log that runs by a clock that goes only while everybody waits.
type running struct {
	*store.Store
	other *store.Store // of another process, which numbers nothing
	stop  func()
}

// byTheClock runs fn on each engine beside a Log that runs until fn stops it.
func byTheClock(t *testing.T, fn func(t *testing.T, r *running)) {
	t.Helper()
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		synctest.Test(t, func(t *testing.T) {
			r := &running{Store: storetest.Open(t, url, nil), other: storetest.Open(t, url, nil)}
			ctx, cancel := context.WithCancel(context.Background())
			ended := make(chan error, 1)
			go func() { ended <- audit.New(r.Store, ours, ourID, silent).Run(ctx) }()
			stopped := false
			r.stop = func() {
				if cancel(); !stopped {
					must(t, <-ended)
				}
				stopped = true
			}
			defer r.stop()
			fn(t, r)
		})
	})
}

func (r *running) write(t *testing.T, n int) {
	t.Helper()
	must(t, r.Update(context.Background(), func(tx *store.Tx) error {
		for i := range n {
			tx.Audit(entry(i))
		}
		return nil
	}))
}

func (r *running) report(t *testing.T) audit.Report {
	t.Helper()
	report, err := audit.NewVerifier(r.Store, ours.public(), ourID).Verify(context.Background())
	must(t, err)
	return report
}

// Entries are numbered in a moment, signed every minute when there are new ones, and
// once more at the end.
func TestRun(t *testing.T) {
	byTheClock(t, func(t *testing.T, r *running) {
		began := time.Now()
		time.Sleep(90 * time.Second)
		well(t, r.report(t), 0, 0)
		r.write(t, 3)
		time.Sleep(time.Second)
		well(t, r.report(t), 3, 0)
		time.Sleep(28 * time.Second) // 1:59
		well(t, r.report(t), 3, 0)
		time.Sleep(2 * time.Second) // 2:01
		first := r.report(t)
		well(t, first, 3, 3)
		if at := first.CheckpointAt.Sub(began); at < 2*time.Minute || at > 2*time.Minute+time.Second {
			t.Errorf("the checkpoint was signed after %v", at)
		}
		time.Sleep(10 * time.Minute) // nothing new, nothing to sign
		if again := r.report(t); again.Checkpoints != 1 || !again.CheckpointAt.Equal(*first.CheckpointAt) {
			t.Errorf("%d checkpoints over the same entries", again.Checkpoints)
		}
		for range 3 {
			r.write(t, 1)
			time.Sleep(time.Minute)
		}
		if r := r.report(t); r.Checkpoints != 4 || r.Protected != 6 {
			t.Errorf("one entry a minute left %d checkpoints over %d entries", r.Checkpoints, r.Protected)
		}
		r.write(t, 2)
		r.stop()
		last := r.report(t)
		well(t, last, 8, 8)
		if last.Waiting != 0 || last.Checkpoints != 5 {
			t.Errorf("at the end %d entries wait under %d checkpoints", last.Waiting, last.Checkpoints)
		}
	})
}

// What another process has written is found without a hint.
func TestRunFindsWhatOthersWrote(t *testing.T) {
	byTheClock(t, func(t *testing.T, r *running) {
		time.Sleep(90 * time.Second)
		for n := range int64(3) {
			must(t, r.other.Update(context.Background(), func(tx *store.Tx) error { tx.Audit(entry(1)); return nil }))
			time.Sleep(1100 * time.Millisecond)
			well(t, r.report(t), n+1, 0)
		}
	})
}
