package store_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
)

// One caller who gives up in the middle of a long statement fails nobody else's work.
func TestGivingUpHarmsNobody(t *testing.T) {
	storetest.Each(t, time.Now, func(t *testing.T, s *store.Store) {
		ctx, broken := context.Background(), errors.New("broken on purpose")
		emit := func(n int) error {
			return s.Update(ctx, func(tx *store.Tx) error {
				for range n {
					tx.Emit(desk.Event{Kind: desk.EventInbox})
				}
				return nil
			})
		}
		const seeded, each = 20_000, 40
		if err := emit(seeded); err != nil {
			t.Fatal(err)
		}
		number := func() (total int) {
			for {
				n, err := s.NumberEvents(ctx)
				if err != nil {
					t.Fatal(err)
				}
				if total += int(n); n == 0 {
					return total
				}
			}
		}
		number()
		var impatient, busy sync.WaitGroup
		over := make(chan struct{})
		for range 2 {
			impatient.Go(func() {
				for {
					select {
					case <-over:
						return
					default:
					}
					short, cancel := context.WithTimeout(ctx, rand.N(20*time.Millisecond))
					_ = s.Update(short, func(tx *store.Tx) error {
						_, err := tx.SweepEvents(short, desk.AsMillis(s.Now().Add(time.Hour)))
						return errors.Join(err, broken) // whatever came of it, it is undone
					})
					cancel()
				}
			})
		}
		for range 4 {
			busy.Go(func() {
				for range each {
					if err := emit(1); err != nil {
						t.Errorf("an innocent failed: %v", err)
						return
					}
				}
			})
		}
		busy.Wait()
		close(over)
		impatient.Wait()
		if n := number(); n != 4*each {
			t.Errorf("%d new events, want %d", n, 4*each)
		}
	})
}
