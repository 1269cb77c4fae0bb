package settings

import (
	"context"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// SetCapacity notes what the Provider lets the number of an Inbox do.
func (s *Settings) SetCapacity(ctx context.Context, inbox desk.InboxID, c desk.Capacity) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		return tx.SetCapacity(ctx, rows.SetCapacityParams{Inbox: inbox, PerSecond: int64(c.PerSecond), People: int64(c.People), At: tx.Stamp()})
	})
}

// CapacityNews counts for each Inbox what the Provider ever told of its number, limits or account:
// when there is more, what the number may do may have changed.
func (s *Settings) CapacityNews(ctx context.Context) (map[desk.InboxID]int64, error) {
	counted, err := s.store.Read().CountCapacityAlerts(ctx)
	told := make(map[desk.InboxID]int64, len(counted))
	for _, c := range counted {
		told[c.Inbox] = c.Told
	}
	return told, err
}

// Capacity tells what the Provider lets the number of an Inbox do, and how many people its account
// wrote to outside of a Window in the last 24 hours.
func (s *Settings) Capacity(ctx context.Context, inbox desk.InboxID) (c desk.Capacity, reached int64, err error) {
	q := s.store.Read()
	row, err := q.GetCapacity(ctx, inbox)
	if err != nil && !store.IsNone(err) {
		return c, 0, err
	}
	nobody := desk.NewID[desk.Contact]()
	reached, err = q.CountReach(ctx, rows.CountReachParams{Inbox: inbox, Since: desk.AsMillis(s.store.Now().Add(-24 * time.Hour)), But: nobody})
	return desk.Capacity{PerSecond: int(row.PerSecond), People: int(row.People)}, reached, err
}
