package store_test

import (
	"context"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
)

// A status that is parked while the receipt of its Message is written is found by
// whoever writes the receipt.
func TestParkingAndReceiptDoNotMiss(t *testing.T) {
	storetest.Each(t, time.Now, func(t *testing.T, s *store.Store) {
		ctx, inbox, digest := t.Context(), desk.NewID[desk.Inbox](), []byte("0123456789abcdef0123456789abcdef")
		locked, found := make(chan struct{}), make(chan int, 1)
		go func() {
			<-locked
			_ = s.Update(ctx, func(tx *store.Tx) error {
				if err := tx.LockWamids(ctx, digest); err != nil {
					return err
				}
				parked, err := tx.TakeParked(ctx, inbox, [][]byte{digest})
				found <- len(parked)
				return err
			})
		}()
		if err := s.Update(ctx, func(tx *store.Tx) error {
			if err := tx.LockWamids(ctx, digest); err != nil {
				return err
			}
			close(locked)
			time.Sleep(100 * time.Millisecond) // the other one asks now
			return tx.ParkStatuses(context.WithoutCancel(ctx), []store.ParkedStatus{{
				Inbox: inbox, WamidDigest: digest, Status: desk.StatusRead, At: tx.Now(), ParkedAt: tx.Now(),
			}})
		}); err != nil {
			t.Fatal(err)
		}
		if n := <-found; n != 1 {
			t.Errorf("the receipt found %d parked statuses", n)
		}
	})
}
