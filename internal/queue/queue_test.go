package queue_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"botschaft/internal/desk"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const kind = "work"

var quiet = slog.New(slog.DiscardHandler)

func newClock() *storetest.Clock {
	return storetest.NewClock(time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC))
}

// each runs fn on each engine with a clock of its own.
func each(t *testing.T, fn func(t *testing.T, s *store.Store, c *storetest.Clock)) {
	t.Helper()
	storetest.EachURL(t, func(t *testing.T, url string) {
		c := newClock()
		fn(t, storetest.Open(t, url, c.Now), c)
	})
}

func laneNamed(name string) queue.Lane { return queue.Lane{Kind: kind, Name: kind + "/" + name} }

// jobs makes Jobs whose Ref is their ordinal.
func jobs(ordinals ...int64) []desk.Job {
	out := make([]desk.Job, len(ordinals))
	for i, n := range ordinals {
		out[i] = desk.Job{Ordinal: n, Ref: [16]byte{byte(n)}}
	}
	return out
}

func enqueue(t *testing.T, s *store.Store, lane queue.Lane, jobs ...desk.Job) {
	t.Helper()
	must(t, s.Update(t.Context(), func(tx *store.Tx) error { return queue.Enqueue(t.Context(), tx, lane, jobs...) }))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// start runs a Runner until the test or the returned function ends it.
func start(t *testing.T, s *store.Store, c queue.Config, work queue.Work) (stop func()) {
	t.Helper()
	c.Kind = kind
	if c.Node == "" {
		c.Node = "one"
	}
	if c.Batch == 0 {
		c.Batch = 1
	}
	if c.Parallel == 0 {
		c.Parallel = 4
	}
	if c.Poll == 0 {
		c.Poll = 5 * time.Millisecond
	}
	if c.Log == nil {
		c.Log = quiet
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := queue.NewRunner(s, c, work)
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the runner ended with %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for: %s", what)
		}
		time.Sleep(time.Millisecond)
	}
}

// record notes what was worked, per lane.
type record struct {
	mu    sync.Mutex
	lanes map[string][]byte
}

func (r *record) add(lane string, js []desk.Job) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lanes == nil {
		r.lanes = map[string][]byte{}
	}
	for _, j := range js {
		r.lanes[lane] = append(r.lanes[lane], j.Ref[0])
	}
}

func (r *record) of(lane queue.Lane) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.lanes[lane.Name])
}

func finish(s *store.Store, h *queue.Held, js []desk.Job) error {
	ids := make([]desk.JobID, len(js))
	for i, j := range js {
		ids[i] = j.ID
	}
	ctx := context.Background()
	return s.Update(ctx, func(tx *store.Tx) error { return h.Finish(ctx, tx, ids...) })
}

func TestLanesAreWorkedInOrder(t *testing.T) {
	storetest.Each(t, nil, func(t *testing.T, s *store.Store) {
		a, b := laneNamed("a"), laneNamed("b")
		var rec record
		enqueue(t, s, a, jobs(3, 1, 2)...)
		enqueue(t, s, b, jobs(1)...)
		start(t, s, queue.Config{Batch: 2}, func(_ context.Context, h *queue.Held, js []desk.Job) error {
			if len(js) > 2 {
				t.Errorf("a batch of %d", len(js))
			}
			rec.add(h.Lane.Name, js)
			return finish(s, h, js)
		})
		await(t, "the first jobs", func() bool { return len(rec.of(a)) == 3 && len(rec.of(b)) == 1 })
		enqueue(t, s, a, jobs(4)...)
		await(t, "the job added later", func() bool { return len(rec.of(a)) == 4 })
		if got := rec.of(a); !bytes.Equal(got, []byte{1, 2, 3, 4}) {
			t.Errorf("worked in the order %v", got)
		}
	})
}

func TestJobExistsOnlyIfItsCauseCommitted(t *testing.T) {
	storetest.Each(t, nil, func(t *testing.T, s *store.Store) {
		broken := errors.New("broken on purpose")
		lane := laneNamed("a")
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			if err := queue.Enqueue(t.Context(), tx, lane, jobs(1)...); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) {
			t.Fatal(err)
		}
		enqueue(t, s, lane, jobs(2)...)
		var rec record
		start(t, s, queue.Config{}, func(_ context.Context, h *queue.Held, js []desk.Job) error {
			rec.add(h.Lane.Name, js)
			return finish(s, h, js)
		})
		await(t, "the job", func() bool { return len(rec.of(lane)) > 0 })
		if got := rec.of(lane); !bytes.Equal(got, []byte{2}) {
			t.Errorf("worked %v", got)
		}
	})
}

func TestFailureKeepsTheJobs(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		lane := laneNamed("a")
		enqueue(t, s, lane, jobs(1, 2)...)
		var tries atomic.Int32
		var rec record
		start(t, s, queue.Config{Batch: 2}, func(_ context.Context, h *queue.Held, js []desk.Job) error {
			if tries.Add(1) == 1 {
				return errors.New("broken on purpose")
			}
			rec.add(h.Lane.Name, js)
			return finish(s, h, js)
		})
		await(t, "the first try", func() bool { return tries.Load() == 1 })
		await(t, "the second try", func() bool { c.Add(100 * time.Millisecond); return len(rec.of(lane)) == 2 })
	})
}

// What is put off holds up what stands behind it, and other lanes go on.
func TestDelay(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		slow, other := laneNamed("slow"), laneNamed("other")
		enqueue(t, s, slow, jobs(1, 2)...)
		var rec record
		var delayed atomic.Bool
		start(t, s, queue.Config{Batch: 2}, func(ctx context.Context, h *queue.Held, js []desk.Job) error {
			if h.Lane == slow && !delayed.Swap(true) {
				return s.Update(ctx, func(tx *store.Tx) error { return h.Delay(ctx, tx, js[0].ID, tx.Now().Add(1000*time.Hour)) })
			}
			rec.add(h.Lane.Name, js)
			return finish(s, h, js)
		})
		await(t, "the delay", delayed.Load)
		for i := range 20 {
			enqueue(t, s, other, jobs(int64(i))...)
			await(t, "the other lane", func() bool { return len(rec.of(other)) == i+1 })
		}
		if got := rec.of(slow); len(got) != 0 {
			t.Fatalf("worked %v before its time", got)
		}
		c.Add(1001 * time.Hour)
		await(t, "the delayed job", func() bool { return len(rec.of(slow)) == 2 })
		if got := rec.of(slow); !bytes.Equal(got, []byte{1, 2}) {
			t.Errorf("worked in the order %v", got)
		}
	})
}

// A Job that is put off is looked for when it is due, not when the Runner would look anyway.
func TestDueIsNotLateByThePoll(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url, time.Now)
		var r record
		start(t, s, queue.Config{Poll: time.Hour}, func(_ context.Context, h *queue.Held, js []desk.Job) error {
			r.add(h.Lane.Name, js)
			return finish(s, h, js)
		})
		later := jobs(1)
		later[0].DueAt = time.Now().Add(300 * time.Millisecond)
		enqueue(t, s, laneNamed("later"), later...)
		await(t, "what is due", func() bool { return len(r.of(laneNamed("later"))) == 1 })
		if early := time.Until(later[0].DueAt); early > 0 {
			t.Errorf("early by %s", early)
		}
	})
}
