package queue_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
)

// A node that sleeps through its lease loses the lane: another works it, and what
// the first one did in its transaction is undone.
func TestLostLaneCannotCommit(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		lane := laneNamed("a")
		enqueue(t, s, lane, jobs(1)...)
		taken, wake := make(chan struct{}), make(chan struct{})
		result := make(chan error, 1)
		const lease = 300 * time.Hour // by the clock that stands still: never renewed in time
		start(t, s, queue.Config{Node: "sleeper", Lease: lease}, func(ctx context.Context, h *queue.Held, js []desk.Job) error {
			if h.Lane != lane {
				return finish(s, h, js)
			}
			close(taken)
			<-wake
			err := s.Update(ctx, func(tx *store.Tx) error {
				if err := queue.Enqueue(ctx, tx, laneNamed("ghost"), jobs(9)...); err != nil {
					return err
				}
				return h.Finish(ctx, tx, js[0].ID)
			})
			result <- err
			return err
		})
		<-taken
		var rec record
		start(t, s, queue.Config{Node: "other", Lease: lease}, func(_ context.Context, h *queue.Held, js []desk.Job) error {
			rec.add(h.Lane.Name, js)
			return finish(s, h, js)
		})
		for range 20 {
			if worked := rec.of(lane); len(worked) > 0 {
				t.Fatal("the lane was worked by two at once")
			}
			time.Sleep(time.Millisecond)
		}
		c.Add(lease + time.Millisecond)
		await(t, "the takeover", func() bool { return len(rec.of(lane)) == 1 })
		close(wake)
		if err := <-result; !errors.Is(err, queue.ErrLost) {
			t.Fatalf("the sleeper committed: %v", err)
		}
		left, err := s.Read().ListJobs(t.Context(), rows.ListJobsParams{Lane: laneNamed("ghost").Name, Page: 5})
		if err != nil || len(left) != 0 {
			t.Errorf("of the sleeper's transaction stayed %d jobs, %v", len(left), err)
		}
	})
}

// While work is under way its lease is renewed, also when the runner is stopping.
func TestLeaseIsKeptToTheEndOfTheWork(t *testing.T) {
	storetest.Each(t, nil, func(t *testing.T, s *store.Store) {
		lane := laneNamed("a")
		enqueue(t, s, lane, jobs(1)...)
		taken, wake := make(chan struct{}), make(chan struct{})
		var failed atomic.Value
		stop := start(t, s, queue.Config{Node: "worker", Lease: 1500 * time.Millisecond}, func(_ context.Context, h *queue.Held, js []desk.Job) error {
			close(taken)
			<-wake
			err := finish(s, h, js)
			if err != nil {
				failed.Store(err)
			}
			return err
		})
		<-taken
		stopped := make(chan struct{})
		go func() { stop(); close(stopped) }()
		var stolen atomic.Bool
		start(t, s, queue.Config{Node: "thief"}, func(_ context.Context, h *queue.Held, js []desk.Job) error {
			stolen.Store(true)
			return finish(s, h, js)
		})
		until := time.After(3500 * time.Millisecond) // more than two leases
		select {
		case <-stopped:
			t.Error("the runner stopped before its work ended")
		case <-until:
		}
		close(wake)
		<-stopped
		if err := failed.Load(); err != nil || stolen.Load() {
			t.Errorf("the lane was lost while it was worked: %v, stolen %v", err, stolen.Load())
		}
	})
}

// Two nodes share the lanes and never work one of them at the same time.
func TestNodesShareLanes(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		const lanes, each = 12, 15
		nodes := []*store.Store{storetest.Open(t, url, nil), storetest.Open(t, url, nil)}
		var busy [lanes]atomic.Int32
		var rec record
		var by [2]atomic.Int32
		index := map[queue.Lane]int{}
		for i := range lanes {
			index[laneNamed(fmt.Sprint(i))] = i
		}
		var filled sync.WaitGroup
		for lane := range index {
			filled.Go(func() {
				for n := range each {
					enqueue(t, nodes[n%2], lane, jobs(int64(n))...)
				}
			})
		}
		for i, s := range nodes {
			start(t, s, queue.Config{Node: fmt.Sprint(i), Batch: 3, Parallel: 3}, func(_ context.Context, h *queue.Held, js []desk.Job) error {
				lane := index[h.Lane]
				if busy[lane].Add(1) != 1 {
					t.Errorf("lane %d is worked twice at once", lane)
				}
				defer busy[lane].Add(-1)
				by[i].Add(1)
				if err := finish(s, h, js); err != nil {
					return err
				}
				rec.add(h.Lane.Name, js)
				return nil
			})
		}
		filled.Wait()
		for lane := range index {
			await(t, "all jobs", func() bool { return len(rec.of(lane)) >= each })
			for i, ref := range rec.of(lane) {
				if int(ref) != i {
					t.Fatalf("%s was worked in the order %v", lane.Name, rec.of(lane))
				}
			}
		}
		if by[0].Load() == 0 || by[1].Load() == 0 {
			t.Errorf("one node did everything: %d and %d batches", by[0].Load(), by[1].Load())
		}
	})
}

// counter counts what is logged.
type counter struct {
	slog.Handler
	n *atomic.Int32
}

func (c counter) Enabled(context.Context, slog.Level) bool { return true }

func (c counter) Handle(context.Context, slog.Record) error { c.n.Add(1); return nil }

// A store that can be read and not written to, such as one on a full disk, must not
// make the runner spin.
func TestRunnerDoesNotSpin(t *testing.T) {
	path := filepath.Join(t.TempDir(), "botschaft.db")
	s := storetest.Open(t, "sqlite:"+path, nil)
	enqueue(t, s, laneNamed("a"), jobs(1)...)
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)")
	must(t, err)
	defer db.Close()
	_, err = db.Exec("CREATE TRIGGER full BEFORE UPDATE ON lane BEGIN SELECT RAISE(ABORT, 'disk full'); END")
	must(t, err)
	var logged, worked atomic.Int32
	start(t, s, queue.Config{Poll: 50 * time.Millisecond, Log: slog.New(counter{slog.DiscardHandler, &logged})},
		func(_ context.Context, h *queue.Held, js []desk.Job) error {
			worked.Add(1)
			return finish(s, h, js)
		})
	await(t, "the first failures", func() bool { return logged.Load() >= 2 })
	time.Sleep(250 * time.Millisecond)
	if n := logged.Load(); n > 12 {
		t.Errorf("%d attempts to take the lane within moments", n)
	}
	_, err = db.Exec("DROP TRIGGER full")
	must(t, err)
	await(t, "the job", func() bool { return worked.Load() == 1 })
}

// A node whose store was away when it gave a lane back takes it again at once, not when
// its own lease is over.
func TestOwnLaneIsTakenBack(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		lane := laneNamed("a")
		enqueue(t, s, lane, jobs(1)...)
		must(t, s.Update(t.Context(), func(tx *store.Tx) error {
			_, err := tx.TakeLane(t.Context(), rows.TakeLaneParams{
				Name: lane.Name, Holder: "me", Now: tx.Stamp(), Until: desk.AsMillis(tx.Now().Add(time.Hour)),
			})
			return err
		}))
		var rec record
		start(t, s, queue.Config{Node: "me"}, func(_ context.Context, h *queue.Held, js []desk.Job) error {
			rec.add(h.Lane.Name, js)
			return finish(s, h, js)
		})
		await(t, "the job", func() bool { return len(rec.of(lane)) == 1 })
	})
}

// A Runner that was stopped holds nothing, wherever the stop met it: who works on elsewhere
// need not wait for a lease to end.
func TestAStoppedRunnerHoldsNothing(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s, db := storetest.Open(t, url, newClock().Now), storetest.Beside(t, url)
		for round := range 60 {
			for n := range 8 {
				enqueue(t, s, laneNamed(fmt.Sprint(n)), jobs(int64(round))...)
			}
			stop := start(t, s, queue.Config{Parallel: 8}, func(_ context.Context, h *queue.Held, js []desk.Job) error {
				return finish(s, h, js)
			})
			time.Sleep(time.Duration(round%12) * 500 * time.Microsecond)
			stop()
			var held int
			must(t, db.QueryRow("SELECT COUNT(*) FROM lane WHERE holder <> ''").Scan(&held))
			if held > 0 {
				t.Fatalf("round %d: %d lanes are held by nobody who works", round, held)
			}
		}
	})
}
