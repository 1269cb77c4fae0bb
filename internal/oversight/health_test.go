package oversight_test

import (
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

func TestHealth(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		h, err := w.Health(t.Context(), every)
		must(t, err)
		engine := "postgresql"
		if w.IsSQLite() {
			engine = "sqlite"
		}
		if h.Version != "7" || h.Node != "one" || !h.StartedAt.Equal(noon) || h.Database != engine || len(h.Checks) != 1 || h.Checks[0].Says != "full" {
			t.Errorf("the node is %+v", h)
		}
		if h.SetAside != 0 || !h.OldestDoubt.IsZero() || len(h.Paused) != 0 || h.WaitingJobs != 0 || h.LastEvent != 0 {
			t.Errorf("a quiet house is %+v", h)
		}
		w.trouble(t)
		h, err = w.Health(t.Context(), every)
		must(t, err)
		if h.SetAside != 1 || !h.OldestDoubt.Equal(noon) || len(h.Paused) != 2 || h.WaitingJobs != 2 || h.LastEvent != 1 {
			t.Errorf("a troubled house is %+v", h)
		}
		h, err = w.Health(t.Context(), w.scope)
		must(t, err)
		same(t, "paused, for the north", h.Paused, []desk.InboxID{w.north.inbox})
	})
}

// trouble pauses both Inboxes, sets an item aside, lets two Jobs wait, and leaves a
// Message in doubt.
func (w *world) trouble(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		tx.Emit(desk.Event{Kind: desk.EventInbox})
		for _, r := range []realm{w.north, w.south} {
			if err := tx.AddInboxPause(ctx, rows.AddInboxPauseParams{Inbox: r.inbox, At: tx.Stamp(), Actor: "agent", Reason: "Umzug"}); err != nil {
				return err
			}
			if err := queue.Enqueue(ctx, tx, queue.Inbound(r.inbox), desk.Job{Ordinal: 1, Ref: desk.NewID[desk.Delivery]()}); err != nil {
				return err
			}
		}
		if err := tx.AddSetAside(ctx, rows.AddSetAsideParams{
			ID: desk.NewID[desk.SetAside](), DeliveryID: desk.NewID[desk.Delivery](), Inbox: w.north.inbox, Reason: desk.ReasonItem, At: tx.Stamp(), ReceivedAt: tx.Stamp(),
		}); err != nil {
			return err
		}
		return tx.AddMessages(ctx, []desk.Message{{
			ID: desk.NewID[desk.Message](), Controller: w.north.controller, Inbox: w.north.inbox, Contact: desk.NewID[desk.Contact](),
			Conversation: desk.NewID[desk.Conversation](), Direction: desk.Out, Kind: desk.KindText, Status: desk.StatusInDoubt, StatusAt: tx.Now(),
			At: tx.Now(), ExternalAt: tx.Now(), ThreadAt: tx.Now(), Content: sealed[desk.Content]("x"), Origin: desk.OriginAgent,
		}})
	}))
	w.clock.Add(time.Hour)
	_, err := w.NumberEvents(ctx)
	must(t, err)
}
