package inbound_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// echoes is what somebody wrote to a person in the WhatsApp Business app.
func echoes(at *directory.Entry, to []desk.Alias, wamid, words string, ago time.Duration) desk.Arrival {
	a := says(at, to, wamid, words, ago)
	a.Echo, a.Message = a.Message, nil
	return a
}

// hears lets an Inbox take in what is written in the app, since some time ago.
func (w *world) hears(t failing, at *directory.Entry, ago time.Duration) {
	t.Helper()
	ctx := context.Background()
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.AddCoexistence(ctx, rows.AddCoexistenceParams{Inbox: at.ID, At: desk.AsMillis(noon.Add(-ago)), Actor: "agent", Reason: "Außendienst"})
		return err
	}))
	must(t, w.inboxes.Refresh(ctx))
}

func TestEchoes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.controller(t)
		at, deaf := w.inbox(t, c, "secret"), w.inbox(t, c, "secret")
		w.hears(t, at, time.Hour)
		anna, bert := phone("+491700000001"), phone("+491700000002")

		// In the same batch as the first word of a stranger, twice, and beside what is not taken in.
		heard := echoes(at, anna, "wamid.2", "Vom Telefon", 3*time.Minute)
		w.deliver(t, at, says(at, anna, "wamid.1", "Hallo", 5*time.Minute), heard, heard,
			echoes(at, anna, "wamid.3", "Vorher", 2*time.Hour), echoes(at, bert, "wamid.4", "An Unbekannt", time.Minute),
			says(deaf, anna, "wamid.5", "Auch hier", 5*time.Minute), echoes(deaf, anna, "wamid.6", "Nicht von hier", time.Minute))
		w.process(t, 200)
		w.deliver(t, at, heard)
		w.process(t, 200)

		threads := w.threads(t, at)
		th := threads["+491700000001"]
		if want := []string{"11:55:00 received Hallo", "11:57:00 sent Vom Telefon"}; len(threads) != 1 || !slices.Equal(th.Lines, want) || th.Last != want[1] {
			t.Errorf("the threads are %+v", threads)
		}
		if !th.Window.Equal(noon.Add(-5 * time.Minute)) {
			t.Errorf("the window opened at %v", th.Window)
		}
		if other := w.threads(t, deaf)["+491700000001"].Lines; len(other) != 1 {
			t.Errorf("another inbox has %q", other)
		}
		if w.meter.dropped != 3 || w.meter.aside != 0 {
			t.Errorf("%d were dropped, %d set aside", w.meter.dropped, w.meter.aside)
		}
		m, conversation := w.onlyEcho(t, at)
		if m.Direction != desk.Out || m.Origin != desk.OriginApp || !m.Author.IsZero() {
			t.Errorf("it is %s of %s by %s", m.Direction, m.Origin, m.Author)
		}
		if !conversation.WaitingSince.Equal(noon) || conversation.Received != 1 {
			t.Errorf("waits since %v, received %d", conversation.WaitingSince, conversation.Received)
		}
	})
}

// What becomes of an echo is shown and no Task of anybody's: whoever wrote it sees it in the app.
func TestStatusesOfEchoes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := w.inbox(t, w.controller(t), "secret")
		w.hears(t, at, time.Hour)
		anna := phone("+491700000001")
		w.deliver(t, at, says(at, anna, "wamid.1", "Hallo", 5*time.Minute), echoes(at, anna, "wamid.2", "Vom Telefon", 3*time.Minute))
		w.process(t, 200)
		for _, want := range []desk.Status{desk.StatusFailed, desk.StatusDelivered} {
			failure := ""
			if want == desk.StatusFailed {
				failure = "131026"
			}
			w.deliver(t, at, tells(at, "wamid.2", desk.MessageID{}, want, failure))
			w.process(t, 200)
			if m, _ := w.onlyEcho(t, at); m.Status != want {
				t.Errorf("it is %s, want %s", m.Status, want)
			}
			w.noTask(t)
		}
	})
}

func (w *world) noTask(t failing) {
	t.Helper()
	open, err := w.Read().ListOpenTasks(context.Background(), rows.ListOpenTasksParams{
		AfterDue: desk.AsMillis(time.UnixMilli(1)), Until: desk.AsMillis(noon.AddDate(1, 0, 0)), Everything: true, Page: 100,
	})
	must(t, err)
	if len(open) != 0 {
		t.Errorf("there are tasks: %+v", open)
	}
}

// A status may overtake the echo it speaks of, in a batch before it or in the same one.
func TestStatusesOvertakeEchoes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := w.inbox(t, w.controller(t), "secret")
		w.hears(t, at, time.Hour)
		anna := phone("+491700000001")
		w.deliver(t, at, says(at, anna, "wamid.1", "Hallo", 5*time.Minute),
			tells(at, "wamid.2", desk.MessageID{}, desk.StatusRead, ""), tells(at, "wamid.4", desk.MessageID{}, desk.StatusRead, ""))
		w.deliver(t, at, tells(at, "wamid.2", desk.MessageID{}, desk.StatusDelivered, ""), tells(at, "wamid.3", desk.MessageID{}, desk.StatusFailed, "131026"))
		w.process(t, 1)
		w.deliver(t, at, echoes(at, anna, "wamid.2", "Gelesen", 4*time.Minute), echoes(at, anna, "wamid.3", "Verloren", 3*time.Minute),
			echoes(at, phone("+491700000002"), "wamid.4", "An Unbekannt", time.Minute),
			tells(at, "wamid.5", desk.MessageID{}, desk.StatusDelivered, ""), echoes(at, anna, "wamid.5", "Zugestellt", 2*time.Minute))
		w.process(t, 1)
		want := []string{"11:55:00 received Hallo", "11:56:00 read Gelesen", "11:57:00 failed Verloren", "11:58:00 delivered Zugestellt"}
		if lines := w.threads(t, at)["+491700000001"].Lines; !slices.Equal(lines, want) {
			t.Errorf("the thread is %q", lines)
		}
		digest, err := w.vault.Digest(t.Context(), at.Controller.ID, "wamid", at.ID[:], []byte("wamid.3"))
		must(t, err)
		failed, err := w.FindWamids(t.Context(), at.ID, [][]byte{digest})
		must(t, err)
		if lost := failed[string(digest)]; lost.Failure != "131026" {
			t.Errorf("it failed for %q", lost.Failure)
		}
		w.noTask(t)
	})
}

// onlyEcho gives the last Message of the only open Conversation of an Inbox.
func (w *world) onlyEcho(t failing, at *directory.Entry) (desk.Message, desk.Conversation) {
	t.Helper()
	ctx := context.Background()
	listed, err := w.Read().ListOpenConversations(ctx, rows.ListOpenConversationsParams{
		Inbox: at.ID, BeforeAt: desk.AsMillis(noon.Add(time.Hour)), BeforeID: desk.NewID[desk.Conversation](), Page: 2,
	})
	must(t, err)
	if len(listed) != 1 {
		t.Fatalf("%d conversations", len(listed))
	}
	c := store.ConversationOf(listed[0])
	found, err := w.FindMessages(ctx, []desk.MessageID{c.LastMessage})
	must(t, err)
	return found[c.LastMessage], c
}

// An echo stands in the newest Conversation where none receives, and leaves it closed.
func TestEchoesReopenNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := w.inbox(t, w.controller(t), "secret")
		w.hears(t, at, time.Hour)
		anna := phone("+491700000001")
		w.deliver(t, at, says(at, anna, "wamid.1", "Hallo", 5*time.Minute))
		w.process(t, 200)
		_, c := w.onlyEcho(t, at)
		must(t, w.Update(t.Context(), func(tx *store.Tx) error {
			locked, err := tx.LockConversation(t.Context(), c.ID)
			if err != nil {
				return err
			}
			before := locked.Tally()
			locked.Receiving, locked.Closed = false, &desk.Closure{At: noon}
			tx.Count(before, locked.Tally())
			return tx.SaveConversations(t.Context(), []desk.Conversation{*locked})
		}))
		w.deliver(t, at, echoes(at, anna, "wamid.2", "Vom Telefon", 3*time.Minute))
		w.process(t, 200)
		row, err := w.Read().GetConversation(t.Context(), rows.GetConversationParams{ID: c.ID, Everything: true})
		must(t, err)
		after := store.ConversationOf(row)
		if lines := w.thread(t, after).Lines; len(lines) != 2 || after.Closed == nil || after.Receiving || len(w.threads(t, at)) != 0 {
			t.Errorf("it has %q, closed %v", lines, after.Closed)
		}
	})
}
