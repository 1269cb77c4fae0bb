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
		if h.SetAside != 1 || !h.OldestDoubt.Equal(noon) || len(h.Paused) != 2 || h.WaitingJobs != 3 || h.LastEvent != 1 {
			t.Errorf("a troubled house is %+v", h)
		}
		h, err = w.Health(t.Context(), w.scope)
		must(t, err)
		same(t, "paused, for the north", h.Paused, []desk.InboxID{w.north.inbox})
		same(t, "waiting, for the north", []int64{h.SetAside, h.WaitingJobs, h.OldestDoubt.UnixMilli()}, []int64{1, 2, noon.UnixMilli()})
		must(t, w.Update(t.Context(), func(tx *store.Tx) error {
			if err := tx.DropMembership(t.Context(), rows.DropMembershipParams{Agent: w.scope.Agent, Controller: w.north.controller}); err != nil {
				return err
			}
			return tx.AddInboxMembership(t.Context(), rows.AddInboxMembershipParams{Agent: w.scope.Agent, Inbox: w.south.inbox, At: tx.Stamp()})
		}))
		h, err = w.Health(t.Context(), w.scope)
		must(t, err)
		if h.SetAside != 0 || !h.OldestDoubt.IsZero() || h.WaitingJobs != 1 {
			t.Errorf("for the south's inbox: %+v", h)
		}
	})
}

// trouble pauses both Inboxes, lets a Delivery of each wait, and in the north sets an item
// aside and leaves a Message in doubt, whose Job waits.
func (w *world) trouble(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		tx.Emit(desk.Event{Kind: desk.EventInbox})
		for _, r := range []realm{w.north, w.south} {
			if err := tx.AddInboxPause(ctx, rows.AddInboxPauseParams{Inbox: r.inbox, At: tx.Stamp(), Actor: "agent", Reason: "Umzug"}); err != nil {
				return err
			}
			d := desk.Delivery{ID: desk.NewID[desk.Delivery](), Inbox: r.inbox, ReceivedAt: tx.Now(), Body: sealed[[]byte]("x")}
			if err := tx.AddDeliveries(ctx, []desk.Delivery{d}); err != nil {
				return err
			}
			if err := queue.Enqueue(ctx, tx, queue.Inbound(r.inbox), desk.Job{Ordinal: 1, Ref: d.ID}); err != nil {
				return err
			}
		}
		if err := tx.AddSetAside(ctx, rows.AddSetAsideParams{
			ID: desk.NewID[desk.SetAside](), DeliveryID: desk.NewID[desk.Delivery](), Inbox: w.north.inbox, Reason: desk.ReasonItem, At: tx.Stamp(), ReceivedAt: tx.Stamp(),
		}); err != nil {
			return err
		}
		doubted := desk.NewID[desk.Message]()
		if err := queue.Enqueue(ctx, tx, queue.Lane{Kind: "outbound", Name: "outbound/1"}, desk.Job{Ordinal: 1, Ref: doubted}); err != nil {
			return err
		}
		return tx.AddMessages(ctx, []desk.Message{{
			ID: doubted, Controller: w.north.controller, Inbox: w.north.inbox, Contact: desk.NewID[desk.Contact](),
			Conversation: desk.NewID[desk.Conversation](), Direction: desk.Out, Kind: desk.KindText, Status: desk.StatusInDoubt, StatusAt: tx.Now(),
			At: tx.Now(), ExternalAt: tx.Now(), ThreadAt: tx.Now(), Content: sealed[desk.Content]("x"), Origin: desk.OriginAgent,
		}})
	}))
	w.clock.Add(time.Hour)
	_, err := w.NumberEvents(ctx)
	must(t, err)
}
