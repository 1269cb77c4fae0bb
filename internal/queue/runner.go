package queue

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Work does the first Jobs of a lane. It commits their removal itself, by
// Held.Finish or Held.Delay in the transaction that writes what came of them. An
// error puts the lane off; the Jobs stay.
type Work func(ctx context.Context, h *Held, jobs []desk.Job) error

// Config says how lanes of one kind are worked.
type Config struct {
	Kind     string
	Node     string        // unique name of this process
	Batch    int           // Jobs handed to Work at once
	Parallel int           // lanes worked at once
	Lease    time.Duration // how long a dead node keeps a lane; default 8 s
	Poll     time.Duration // how often to look without a hint; default 1 s
	Log      *slog.Logger
}

// Runner works all lanes of one kind.
type Runner struct {
	Config
	store *store.Store
	work  Work
	woken <-chan struct{}
	slots chan struct{}
	ended chan struct{} // a lane was left: look again

	mu   sync.Mutex
	busy map[string]bool
	wg   sync.WaitGroup
}

// NewRunner makes a Runner; Run starts it.
func NewRunner(s *store.Store, c Config, work Work) *Runner {
	if c.Lease == 0 {
		c.Lease = 8 * time.Second // with Poll and some work, others have taken over within ten
	}
	if c.Poll == 0 {
		c.Poll = time.Second
	}
	return &Runner{
		Config: c, store: s, work: work, woken: s.Woken(c.Kind), slots: make(chan struct{}, c.Parallel),
		ended: make(chan struct{}, 1), busy: map[string]bool{},
	}
}

// Run works until ctx ends, then waits for the lanes under way.
func (r *Runner) Run(ctx context.Context) error {
	defer r.wg.Wait()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-r.woken:
		case <-r.ended:
		case <-timer.C:
		}
		next, err := r.start(ctx)
		if err != nil && ctx.Err() == nil {
			r.Log.Warn("looking for due lanes failed", "kind", r.Kind, "error", err)
		}
		timer.Reset(next)
	}
}

// start begins every due lane for which there is a slot. A lane that this node still
// holds and works no more is among them: the store was away when it was to be given back. It
// tells when to look again, be there a hint or not.
func (r *Runner) start(ctx context.Context) (time.Duration, error) {
	now := r.store.Now()
	lanes, err := r.store.Read().ListDueLanes(ctx, rows.ListDueLanesParams{
		Kind: r.Kind, Now: desk.AsMillis(now), Soon: desk.AsMillis(now.Add(r.Poll)), Holder: r.Node, Page: 4 * int32(cap(r.slots)),
	})
	if err != nil {
		return r.Poll, err
	}
	for _, lane := range lanes {
		if wait := lane.DueAt.Sub(now); wait > 0 {
			return wait, nil
		}
		if !r.claimLocally(lane.Name) {
			continue
		}
		select {
		case r.slots <- struct{}{}:
		default:
			r.forget(lane.Name)
			return r.Poll, nil
		}
		r.wg.Add(1)
		go r.runLane(ctx, Lane{Kind: r.Kind, Name: lane.Name})
	}
	return r.Poll, nil
}

func (r *Runner) claimLocally(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.busy[name] {
		return false
	}
	r.busy[name] = true
	return true
}

func (r *Runner) forget(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.busy, name)
}

func (r *Runner) runLane(ctx context.Context, lane Lane) {
	defer r.wg.Done()
	h, err := r.take(context.WithoutCancel(ctx), lane)
	if err != nil {
		// The lane is due still: looking again at once would be a busy loop for as long
		// as the store cannot be written to.
		r.report(ctx, err)
		r.leave(lane)
		return
	}
	defer r.lookAgain()
	defer r.leave(lane)
	if h == nil {
		return
	}
	stop := r.keep(context.WithoutCancel(ctx), h)
	err = r.drain(ctx, h)
	stop()
	r.report(ctx, err)
	if !errors.Is(err, ErrLost) {
		r.report(ctx, r.release(context.WithoutCancel(ctx), h, err))
	}
}

func (r *Runner) leave(lane Lane) {
	r.forget(lane.Name)
	<-r.slots
}

func (r *Runner) lookAgain() {
	select {
	case r.ended <- struct{}{}:
	default:
	}
}

func (r *Runner) report(ctx context.Context, err error) {
	if err == nil || ctx.Err() != nil {
		return
	}
	r.Log.Warn("a lane was put off", "kind", r.Kind, "error", err)
}

// take leases the lane; nil if another node was quicker. Whoever takes must learn whether it
// did: a lane that is taken and not worked would keep others out until the lease ends.
func (r *Runner) take(ctx context.Context, lane Lane) (*Held, error) {
	h := &Held{Lane: lane, node: r.Node}
	err := r.store.Once(ctx, func(q *rows.Queries) (err error) {
		now := r.store.Now()
		h.token, err = q.TakeLane(ctx, rows.TakeLaneParams{
			Name: lane.Name, Holder: r.Node, Now: desk.AsMillis(now), Until: desk.AsMillis(now.Add(r.Lease)),
		})
		return err
	})
	if store.IsNone(err) {
		return nil, nil
	}
	return h, err
}

// keep renews the lease until the returned function is called, a stop of the Runner
// notwithstanding: the work under way is still ours.
func (r *Runner) keep(ctx context.Context, h *Held) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(r.Lease / 3)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				r.report(ctx, r.renew(ctx, h))
			}
		}
	}()
	return func() { cancel(); <-done }
}

func (r *Runner) renew(ctx context.Context, h *Held) error {
	return r.store.Once(ctx, func(q *rows.Queries) error {
		n, err := q.RenewLane(ctx, rows.RenewLaneParams{
			Name: h.Lane.Name, Token: h.token, Holder: h.node, Until: desk.AsMillis(r.store.Now().Add(r.Lease)),
		})
		if err == nil && n == 0 {
			return ErrLost
		}
		return err
	})
}

// drain works the lane until nothing is due in it.
func (r *Runner) drain(ctx context.Context, h *Held) error {
	for ctx.Err() == nil {
		listed, err := r.store.Read().ListJobs(ctx, rows.ListJobsParams{Lane: h.Lane.Name, Page: int32(r.Batch)})
		if err != nil {
			return err
		}
		var due []desk.Job
		for _, row := range listed {
			job := store.JobOf(row)
			if job.DueAt.After(r.store.Now()) {
				break // what is put off holds up what stands behind it
			}
			due = append(due, job)
		}
		if len(due) == 0 {
			return nil
		}
		if err := r.work(ctx, h, due); err != nil {
			return err
		}
	}
	return nil
}

// release gives the lane back, due when its first Job is, or later after a failure.
func (r *Runner) release(ctx context.Context, h *Held, failure error) error {
	return r.store.Update(ctx, func(tx *store.Tx) error {
		if err := h.Fence(ctx, tx); err != nil {
			return err
		}
		due, err := tx.NextDue(ctx, h.Lane.Name)
		if err != nil && !store.IsNone(err) {
			return err
		}
		if failure != nil && !due.IsZero() {
			due = desk.AsMillis(tx.Now().Add(time.Second + rand.N(time.Second)))
		}
		_, err = tx.ReleaseLane(ctx, rows.ReleaseLaneParams{Name: h.Lane.Name, Token: h.token, Holder: h.node, DueAt: due})
		return err
	})
}
