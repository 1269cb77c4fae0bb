package outbound_test

import (
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/outbound"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// tasks gives the Tasks of a Conversation.
func (w *world) tasks(t *testing.T, c desk.Conversation) (all []desk.Task) {
	t.Helper()
	listed, err := w.Read().ListConversationTasks(t.Context(), rows.ListConversationTasksParams{Conversation: c.ID, Everything: true, Page: 100})
	must(t, err)
	for _, row := range listed {
		all = append(all, store.TaskOf(row))
	}
	return all
}

// A Message that failed is a Task of whoever wrote it, once, until it is sent again.
func TestFailedSendsAreTasks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		w.provider.fails(invalid, 2)
		m := w.says(t, anna, "hello")
		w.deliver(t, "one")
		w.stands(t, m, desk.StatusFailed)
		open := w.tasks(t, anna)
		if len(open) != 1 || open[0].Kind != desk.TaskFailed || open[0].Agent != ben.Agent || open[0].Message != m.ID || open[0].Code != "131026" ||
			open[0].Done != nil || !open[0].Due.After(w.Now()) {
			t.Fatalf("the author is asked %+v", open)
		}
		must(t, w.gate.Repeat(t.Context(), ben, w.message(t, m.ID), false))
		if now := w.tasks(t, anna); now[0].Done == nil || now[0].Done.How != desk.TaskRepeated || now[0].Done.By != ben.Agent.String() {
			t.Errorf("sent again: %+v", now[0].Done)
		}
		w.stands(t, m, desk.StatusFailed) // and fails again
		if now := w.tasks(t, anna); len(now) != 2 {
			t.Errorf("failed again: %+v", now)
		}
	})
}

// News of a failure comes and goes by the way in, too.
func TestTasksFollowTheNews(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		m := w.says(t, anna, "hello")
		w.deliver(t, "one")
		w.stands(t, m, desk.StatusSent)
		w.status(t, m, "wamid.1", desk.StatusFailed, "131049")
		w.status(t, m, "wamid.1", desk.StatusFailed, "131049")
		if now := w.tasks(t, anna); len(now) != 1 || now[0].Done != nil || now[0].Code != "131049" {
			t.Fatalf("failed: %+v", now)
		}
		w.status(t, m, "wamid.1", desk.StatusDelivered, "")
		if now := w.tasks(t, anna); len(now) != 1 || now[0].Done == nil || now[0].Done.How != desk.TaskArrived {
			t.Errorf("delivered after all: %+v", now)
		}
	})
}

// What somebody let rest is nobody's Task: they have decided.
func TestAbandonedIsNoTask(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		w.provider.fails(lost, 1)
		m := w.says(t, anna, "hello")
		w.deliver(t, "one")
		w.stands(t, m, desk.StatusInDoubt)
		must(t, w.gate.Abandon(t.Context(), ben, w.message(t, m.ID)))
		if now := w.tasks(t, anna); len(now) != 0 {
			t.Errorf("%s: %+v", outbound.FailureAbandoned, now)
		}
	})
}

// What was on its way while somebody mended the Inbox and resumed it does not pause it again;
// what begins afterwards does.
func TestOldTroublePausesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		paused := func(began time.Time) (paused bool) {
			t.Helper()
			must(t, w.Update(ctx, func(tx *store.Tx) (err error) {
				paused, err = tx.PauseInbox(ctx, w.controller, w.inbox, "190", began)
				return err
			}))
			return paused
		}
		if !paused(w.Now()) || paused(w.Now()) {
			t.Error("an inbox is paused once")
		}
		if n := len(w.audited(t, desk.ActInboxPaused)); n != 1 {
			t.Errorf("%d pauses were audited", n)
		}
		began := w.Now()
		w.clock.Add(time.Minute)
		must(t, w.Update(ctx, func(tx *store.Tx) error { return tx.ResumeInbox(ctx, w.inbox) }))
		if paused(began) {
			t.Error("the old trouble paused it again")
		}
		if !paused(w.Now().Add(5 * time.Second)) {
			t.Error("new trouble did not pause it")
		}
	})
}
