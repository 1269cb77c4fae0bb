package live_test

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"botschaft/internal/desk"
	"botschaft/internal/live"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("database/sql.(*DB).connectionOpener"))
}

func numbers(_ context.Context, events []desk.Event) ([]int64, error) {
	views := make([]int64, len(events))
	for i, e := range events {
		views[i] = e.N
	}
	return views, nil
}

func run(t *testing.T, s *store.Store) *live.Feed[int64] {
	t.Helper()
	f := live.NewFeed(s, s.Woken(store.WakeEvents), numbers, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { _ = f.Run(ctx) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	return f
}

func emit(t *testing.T, s *store.Store, n int) {
	t.Helper()
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		for range n {
			tx.Emit(desk.Event{Kind: desk.EventMessage, Message: desk.NewID[desk.Message]()})
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// Listeners of any speed, who come and go, are told every number once and in order.
func TestNothingIsMissed(t *testing.T) {
	storetest.Each(t, time.Now, func(t *testing.T, s *store.Store) {
		f := run(t, s)
		const writers, rounds, size = 4, 40, 30
		total := int64(writers * rounds * size)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for range rounds {
					emit(t, s, size)
				}
			})
		}
		for i := range 6 {
			wg.Go(func() {
				seen := int64(0)
				for seen < total {
					items, err := f.Next(ctx, seen, nil)
					if err != nil {
						t.Errorf("listener %d after %d: %v", i, seen, err)
						return
					}
					for _, it := range items[:1+rand.IntN(len(items))] { // a slow one takes less
						if it.N != seen+1 || it.View != it.N {
							t.Errorf("listener %d: after %d came %d (%d)", i, seen, it.N, it.View)
							return
						}
						seen = it.N
					}
				}
			})
		}
		wg.Wait()
	})
}

func TestPlacesOutOfReachAreRefused(t *testing.T) {
	storetest.Each(t, time.Now, func(t *testing.T, s *store.Store) {
		f := run(t, s)
		emit(t, s, 3)
		if _, err := f.Next(t.Context(), 2, nil); err != nil {
			t.Fatal(err)
		}
		for after, want := range map[int64]error{0: nil, 3: nil, 4: live.ErrGone} {
			if err := f.Check(t.Context(), after); !errors.Is(err, want) {
				t.Errorf("after %d: %v, want %v", after, err, want)
			}
		}
		if err := s.Update(t.Context(), func(tx *store.Tx) error {
			_, err := tx.SweepEvents(t.Context(), desk.AsMillis(s.Now().Add(time.Hour)))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for after, want := range map[int64]error{2: live.ErrGone, 3: nil} {
			if err := f.Check(t.Context(), after); !errors.Is(err, want) {
				t.Errorf("everything is swept, and after %d: %v, want %v", after, err, want)
			}
		}
		emit(t, s, 1)
		if _, err := f.Next(t.Context(), 3, nil); err != nil {
			t.Fatal(err)
		}
		if err := f.Check(t.Context(), 1); !errors.Is(err, live.ErrGone) {
			t.Errorf("a swept place: %v", err)
		}
	})
}
