package outbound

import (
	"context"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

const (
	reachSpan = 24 * time.Hour  // in which the Provider counts people
	reachLook = 5 * time.Minute // how often what waits for a place asks again
)

// reach notes that m goes to somebody outside of a Window, and tells whether there is a place: a
// business may write to so many people within 24 hours, over all numbers of its account (Meta:
// Messaging limits). Who had a place in that time keeps it.
func reach(ctx context.Context, tx *store.Tx, m *desk.Message, windowUntil time.Time) (bool, error) {
	now := tx.Now()
	if now.Before(windowUntil) {
		return true, nil
	}
	may, err := tx.GetCapacity(ctx, m.Inbox)
	if err != nil && !store.IsNone(err) {
		return false, err
	}
	if may.People > 0 {
		if err := tx.LockReach(ctx, m.Controller); err != nil {
			return false, err
		}
		n, err := tx.CountReach(ctx, rows.CountReachParams{Inbox: m.Inbox, Since: desk.AsMillis(now.Add(-reachSpan)), But: m.Contact})
		if err != nil || n >= may.People {
			return false, err
		}
	}
	return true, tx.NoteReach(ctx, rows.NoteReachParams{Inbox: m.Inbox, Contact: m.Contact, At: tx.Stamp()})
}
