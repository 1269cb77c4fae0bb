package settings_test

import (
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// What a number may do is known once the Provider has said it; whom its account wrote to counts
// for a day.
func TestCapacity(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		inbox := w.inbox(t)
		c, reached, err := w.Capacity(ctx, inbox)
		must(t, err)
		if c != (desk.Capacity{}) || reached != 0 {
			t.Errorf("before anything: %+v, %d", c, reached)
		}
		may := desk.Capacity{PerSecond: 80, People: 2000}
		must(t, w.SetCapacity(ctx, inbox, desk.Capacity{PerSecond: 20}))
		must(t, w.SetCapacity(ctx, inbox, may))
		anna, bert := desk.NewID[desk.Contact](), desk.NewID[desk.Contact]()
		must(t, w.store.Update(ctx, func(tx *store.Tx) error {
			if err := tx.AddContacts(ctx, []desk.Contact{{ID: anna, Controller: w.controller, CreatedAt: tx.Now()}, {ID: bert, Controller: w.controller, CreatedAt: tx.Now()}}); err != nil {
				return err
			}
			for contact, ago := range map[desk.ContactID]time.Duration{anna: time.Hour, bert: 25 * time.Hour} {
				if err := tx.NoteReach(ctx, rows.NoteReachParams{Inbox: inbox, Contact: contact, At: desk.AsMillis(tx.Now().Add(-ago))}); err != nil {
					return err
				}
			}
			return nil
		}))
		if c, reached, err = w.Capacity(ctx, inbox); err != nil || c != may || reached != 1 {
			t.Errorf("afterwards: %+v, %d, %v", c, reached, err)
		}
	})
}
