package live

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"botschaft/internal/desk"
)

const (
	ringSize  = 4096 // events at most; half as many at least, once there were that many
	readPage  = 500
	gather    = 20 * time.Millisecond // lets events of a busy moment share one look
	pollEvery = 500 * time.Millisecond
)

// ErrGone says that the feed cannot continue from that number: load anew.
var ErrGone = errors.New("live: the feed does not reach back that far")

// Source is where events are stored.
type Source interface {
	NumberEvents(ctx context.Context) (int64, error)
	EventsAfter(ctx context.Context, n int64, page int) ([]desk.Event, error)
	LastEvent(ctx context.Context) (int64, error)
	OldestEvent(ctx context.Context) (int64, error)
}

// Build makes what is shown of each event, as things are now. It is called once per
// event and node, however many listen.
type Build[V any] func(ctx context.Context, events []desk.Event) ([]V, error)

// Item is an event with what is shown of it.
type Item[V any] struct {
	desk.Event
	View V
}

// Feed is the newest events on this node.
type Feed[V any] struct {
	source Source
	woken  <-chan struct{}
	build  Build[V]
	log    *slog.Logger

	mu        sync.Mutex
	ring      []Item[V]     // events behind from, in order
	from      int64         // number before the first in the ring
	last      int64         // number of the newest event known
	listeners int           // who waits in Next
	news      chan struct{} // closed when last moves
}

// NewFeed makes a Feed; Run starts it. woken holds a hint after each commit.
func NewFeed[V any](source Source, woken <-chan struct{}, build Build[V], log *slog.Logger) *Feed[V] {
	return &Feed[V]{source: source, woken: woken, build: build, log: log, news: make(chan struct{})}
}

// Run numbers and tells events until ctx ends.
func (f *Feed[V]) Run(ctx context.Context) error {
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for {
		if err := f.turn(ctx); err != nil && ctx.Err() == nil {
			f.log.Warn("telling events waits", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-f.woken:
			wait(ctx, gather)
		case <-poll.C:
		}
	}
}

func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// turn numbers what was committed and publishes it.
func (f *Feed[V]) turn(ctx context.Context) error {
	if _, err := f.source.NumberEvents(ctx); err != nil {
		return err
	}
	f.mu.Lock()
	last, idle := f.last, f.listeners == 0
	f.mu.Unlock()
	if idle || last == 0 {
		return f.skip(ctx)
	}
	for {
		items, err := f.read(ctx, last)
		if err != nil || len(items) == 0 {
			return err
		}
		last = items[len(items)-1].N
		f.publish(items)
	}
}

// skip moves on without reading, since nobody listens.
func (f *Feed[V]) skip(ctx context.Context) error {
	n, err := f.source.LastEvent(ctx)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if n != f.last || len(f.ring) > 0 {
		f.ring, f.from, f.last = nil, n, n
		f.tell()
	}
	return nil
}

func (f *Feed[V]) publish(items []Item[V]) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ring = append(f.ring, items...)
	if len(f.ring) > ringSize { // half of it goes at once, so that not every event moves all others
		surplus := len(f.ring) - ringSize/2
		f.from = f.ring[surplus-1].N
		f.ring = slices.Clone(f.ring[surplus:])
	}
	f.last = items[len(items)-1].N
	f.tell()
}

func (f *Feed[V]) tell() {
	close(f.news)
	f.news = make(chan struct{})
}

// read gives a page of events with their views.
func (f *Feed[V]) read(ctx context.Context, after int64) ([]Item[V], error) {
	events, err := f.source.EventsAfter(ctx, after, readPage)
	if err != nil || len(events) == 0 {
		return nil, err
	}
	views, err := f.build(ctx, events)
	if err != nil {
		return nil, err
	}
	items := make([]Item[V], len(events))
	for i := range events {
		items[i] = Item[V]{events[i], views[i]}
	}
	return items, nil
}

// Check gives ErrGone if a listener cannot continue behind number after.
func (f *Feed[V]) Check(ctx context.Context, after int64) error {
	last, err := f.source.LastEvent(ctx)
	if err != nil {
		return err
	}
	oldest, err := f.source.OldestEvent(ctx)
	if err != nil {
		return err
	}
	if after > last || after < last && (oldest == 0 || after+1 < oldest) {
		return ErrGone
	}
	return nil
}

// Next gives the events behind number after and waits for one; none if beat fires before.
func (f *Feed[V]) Next(ctx context.Context, after int64, beat <-chan time.Time) ([]Item[V], error) {
	f.listen(1)
	defer f.listen(-1)
	for {
		items, behind, news := f.look(after)
		if len(items) > 0 {
			return items, nil
		}
		if behind {
			items, err := f.read(ctx, after)
			if err != nil || len(items) > 0 {
				return items, err
			}
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-beat:
			return nil, nil
		case <-news:
		}
	}
}

// Listen tells the Feed that somebody listens until stop is called, also between
// calls of Next, so that events are kept at hand.
func (f *Feed[V]) Listen() (stop func()) {
	f.listen(1)
	return sync.OnceFunc(func() { f.listen(-1) })
}

func (f *Feed[V]) listen(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.listeners += n
}

// look gives what the ring holds behind number after; behind tells that the store
// must be asked instead.
func (f *Feed[V]) look(after int64) (items []Item[V], behind bool, news <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if after < f.from {
		return nil, true, f.news
	}
	at, _ := slices.BinarySearchFunc(f.ring, after+1, func(it Item[V], n int64) int { return cmp.Compare(it.N, n) })
	if at < len(f.ring) {
		return slices.Clip(f.ring[at:]), false, f.news // what stands in the ring is not written to again
	}
	return nil, false, f.news
}
