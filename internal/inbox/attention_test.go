package inbox_test

import (
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/inbox"
	"botschaft/internal/outbound"
	"botschaft/internal/private"
	"botschaft/internal/store"
)

// A Note is written once however often it is asked for, stands in the thread where it
// was written, and never becomes a Message.
func TestNotes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, me := t.Context(), w.north.viewer
		c := w.wrote(t, w.north, w.north.inboxes[0], "eins")
		for range 2 {
			n, err := w.Note(ctx, me, c.ID, inbox.NewNote{ClientID: "n-1", Text: text(" Schaden gemeldet. ")})
			must(t, err)
			if n.Text.Reveal() != "Schaden gemeldet." || n.By != me.Actor.Agent || n.Position != 2 {
				t.Errorf("got %+v", n)
			}
		}
		_, err := w.Note(ctx, me, c.ID, inbox.NewNote{ClientID: "n-1", Text: text("Anderes")})
		wantCode(t, err, desk.CodeConflict, "")
		w.hears(t, c, "zwei", 0)
		page, err := w.Thread(ctx, me, c.ID, 0, "")
		must(t, err)
		if len(page.Items) != 3 || page.Items[1].Turn == nil || page.Items[0].Message == nil || page.Items[2].Message == nil {
			t.Fatalf("the thread holds %d entries: %+v", len(page.Items), page.Items)
		}
		messages, err := w.Messages(ctx, me, c.ID, 0, "")
		must(t, err)
		notes, err := w.Notes(ctx, me, c.ID)
		must(t, err)
		if len(messages.Items) != 2 || len(notes) != 1 || notes[0].Text.Reveal() != "Schaden gemeldet." {
			t.Errorf("%d messages, notes %+v", len(messages.Items), notes)
		}
		if n := len(w.audited(t, desk.ActNoteWritten)); n != 1 {
			t.Errorf("%d audit entries", n)
		}
	})
}

// A thread of Messages and Turns comes in pages without gap, double or disorder.
func TestEntriesComeInPages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, me := t.Context(), w.north.viewer
		c := w.wrote(t, w.north, w.north.inboxes[0], "0")
		for i := range 7 {
			w.clock.Add(time.Duration(i%3) * 400 * time.Millisecond)
			if i%2 == 0 {
				_, err := w.Note(ctx, me, c.ID, inbox.NewNote{ClientID: string(rune('a' + i)), Text: text("Notiz")})
				must(t, err)
			} else {
				w.hears(t, c, "Wort", 0)
			}
		}
		whole, err := w.Thread(ctx, me, c.ID, 200, "")
		must(t, err)
		for limit := 1; limit < 9; limit++ {
			var got []inbox.Entry
			for cursor := ""; ; {
				page, err := w.Thread(ctx, me, c.ID, limit, cursor)
				must(t, err)
				got = append(got, page.Items...)
				if cursor = page.Next; cursor == "" {
					break
				}
			}
			if len(got) != len(whole.Items) {
				t.Fatalf("pages of %d: %d entries of %d", limit, len(got), len(whole.Items))
			}
			for i := range got {
				if position(got[i]) != position(whole.Items[i]) {
					t.Errorf("pages of %d: entry %d differs", limit, i)
				}
			}
		}
	})
}

func position(e inbox.Entry) int64 {
	if e.Message != nil {
		return e.Message.Position
	}
	return e.Turn.Position
}

// How far one has read is one's own; what comes after is unread until it is read.
func TestReading(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, me, ben := t.Context(), w.north.viewer, w.agent(t, w.north)
		c := w.wrote(t, w.north, w.north.inboxes[0], "eins")
		_, err := w.Assign(ctx, me, c.ID, me.Actor.Agent, nil)
		must(t, err)
		unread := func(v inbox.Viewer) (int64, bool) {
			n, err := w.Unread(ctx, v)
			must(t, err)
			shown, err := w.Open(ctx, v, c.ID)
			must(t, err)
			return n, shown.Received > shown.ReadTo
		}
		if n, is := unread(me); n != 1 || !is {
			t.Errorf("before: %d, %v", n, is)
		}
		must(t, w.MarkRead(ctx, me, c.ID, 2))
		if n, is := unread(me); n != 0 || is {
			t.Errorf("read: %d, %v", n, is)
		}
		if n, is := unread(ben); n != 0 || !is {
			t.Errorf("a colleague: %d, %v", n, is)
		}
		w.hears(t, c, "zwei", 0)
		if n, is := unread(me); n != 1 || !is {
			t.Errorf("written anew: %d, %v", n, is)
		}
		must(t, w.MarkRead(ctx, me, c.ID, 3))
		must(t, w.MarkRead(ctx, me, c.ID, 0))
		if n, is := unread(me); n != 1 || !is {
			t.Errorf("marked unread: %d, %v", n, is)
		}
		for _, bad := range []int64{-1, 4} {
			wantCode(t, w.MarkRead(ctx, me, c.ID, bad), desk.CodeInvalid, "position")
		}
		wantCode(t, w.MarkRead(ctx, w.south.viewer, c.ID, 1), desk.CodeNotFound, "")
	})
}

// What somebody has typed is theirs, replaced by what they typed since, and gone when it
// is empty.
func TestDrafts(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, me, ben := t.Context(), w.north.viewer, w.agent(t, w.north)
		c := w.wrote(t, w.north, w.north.inboxes[0], "eins")
		for _, words := range []string{"Guten T", "Guten Tag"} {
			must(t, w.SaveDraft(ctx, me, c.ID, desk.Writing{Reply: text(words), Note: text("intern")}))
		}
		d, err := w.Draft(ctx, me, c.ID)
		must(t, err)
		if d.Reply.Reveal() != "Guten Tag" || d.Note.Reveal() != "intern" || !d.At.Equal(w.Now()) {
			t.Errorf("got %q, %q at %v", d.Reply.Reveal(), d.Note.Reveal(), d.At)
		}
		if d, err := w.Draft(ctx, ben, c.ID); err != nil || !d.Reply.IsEmpty() {
			t.Errorf("a colleague reads %q, %v", d.Reply.Reveal(), err)
		}
		must(t, w.SaveDraft(ctx, me, c.ID, desk.Writing{}))
		if d, err := w.Draft(ctx, me, c.ID); err != nil || !d.ID.IsZero() {
			t.Errorf("emptied, there is %+v, %v", d, err)
		}
		wantCode(t, w.SaveDraft(ctx, w.south.viewer, c.ID, desk.Writing{Reply: text("x")}), desk.CodeNotFound, "")
	})
}

// Who looks is told for a minute; going on as before is no news until half of it is over.
func TestPresence(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, me := t.Context(), w.north.viewer
		c := w.wrote(t, w.north, w.north.inboxes[0], "eins")
		for _, s := range []struct {
			after  time.Duration
			state  desk.PresenceState
			events int
			left   int
		}{
			{0, desk.PresenceViewing, 1, 1}, {25 * time.Second, desk.PresenceViewing, 0, 1}, {10 * time.Second, desk.PresenceViewing, 1, 1},
			{time.Second, desk.PresenceWriting, 1, 1}, {time.Second, desk.PresenceGone, 1, 0}, {time.Second, desk.PresenceGone, 0, 0},
		} {
			w.clock.Add(s.after)
			before := w.told(t)
			must(t, w.Attend(ctx, me, c.ID, s.state, false))
			people, err := w.Attending(ctx, me, c.ID)
			must(t, err)
			if n := w.told(t) - before; n != s.events || len(people) != s.left {
				t.Errorf("%s after %v: %d events, %v", s.state, s.after, n, people)
			}
		}
		must(t, w.Attend(ctx, me, c.ID, desk.PresenceWriting, false))
		w.clock.Add(desk.PresenceFor)
		if people, err := w.Attending(ctx, me, c.ID); err != nil || len(people) != 0 {
			t.Errorf("a minute later: %v, %v", people, err)
		}
	})
}

func (w *world) told(t *testing.T) int {
	t.Helper()
	_, err := w.NumberEvents(t.Context())
	must(t, err)
	n, err := w.LastEvent(t.Context())
	must(t, err)
	return int(n)
}

// Whoever answers what is nobody's has it. Whoever has not seen a colleague's answer is
// told before theirs goes out.
func TestAnsweringTakesAndNoticesColleagues(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, me, ben := t.Context(), w.north.viewer, w.agent(t, w.north)
		c := w.wrote(t, w.north, w.north.inboxes[0], "eins")
		seen := int64(1)
		reply := func(v inbox.Viewer, client string, after *int64) error {
			_, err := w.Reply(ctx, v, outbound.Submission{
				Conversation: c.ID, ClientID: client, Kind: desk.KindText, Text: text("Antwort " + client), After: after, Takes: true,
			})
			return err
		}
		must(t, reply(ben, "b", &seen))
		if in := w.views(t, ben, c.ID); in != "mine all " {
			t.Errorf("answered, it stands in %q", in)
		}
		wantCode(t, reply(me, "a", &seen), desk.CodeConflict, "after")
		must(t, reply(ben, "b2", &seen)) // one's own answer overtakes nobody
		must(t, reply(me, "a", nil))
		w.checkCounts(t, ben)
		shown, err := w.Open(ctx, me, c.ID)
		must(t, err)
		if shown.Assignee != ben.Actor.Agent || !shown.WaitingSince.IsZero() {
			t.Errorf("got %+v", shown.Conversation)
		}
	})
}

// Only a Message in doubt can be let rest, and only once.
func TestAbandon(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, me := t.Context(), w.north.viewer
		c := w.wrote(t, w.north, w.north.inboxes[0], "eins")
		id := w.message(t, c, desk.Message{Direction: desk.Out, Kind: desk.KindText, Status: desk.StatusInDoubt, Origin: desk.OriginAgent}, "Vielleicht", 0)
		m, err := w.Abandon(ctx, me, id)
		must(t, err)
		if m.Status != desk.StatusFailed || m.Failure != outbound.FailureAbandoned {
			t.Errorf("got %s %s", m.Status, m.Failure)
		}
		_, err = w.Abandon(ctx, me, id)
		wantCode(t, err, desk.CodeConflict, "")
		_, err = w.Abandon(ctx, w.south.viewer, id)
		wantCode(t, err, desk.CodeNotFound, "")
	})
}

// A Contact's language is kept beside what it calls itself.
func TestLanguage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, me := t.Context(), w.north.viewer
		c := w.wrote(t, w.north, w.north.inboxes[0], "eins")
		must(t, w.SetLanguage(ctx, me, c.ID, text("tr")))
		shown, err := w.Open(ctx, me, c.ID)
		must(t, err)
		if shown.Profile.Language.Reveal() != "tr" || shown.Profile.Name.Reveal() != "name of eins" {
			t.Errorf("got %q, %q", shown.Profile.Language.Reveal(), shown.Profile.Name.Reveal())
		}
		must(t, w.SetLanguage(ctx, me, c.ID, private.Text{}))
		ids, err := w.Identities(ctx, me, c.ID)
		must(t, err)
		if len(ids) != 2 || ids[0].Masked.Reveal() == "" {
			t.Errorf("identities %+v", ids)
		}
	})
}

// another begins another Conversation of the same Contact.
func (w *world) another(t *testing.T, c desk.Conversation) desk.Conversation {
	t.Helper()
	next := desk.Conversation{
		ID: desk.NewID[desk.Conversation](), Controller: c.Controller, Inbox: c.Inbox, Contact: c.Contact,
		OpenedAt: w.Now(), LastAt: w.Now(), WindowOpened: w.Now(), Receiving: true,
	}
	must(t, w.Update(t.Context(), func(tx *store.Tx) error { return tx.AddConversations(t.Context(), []desk.Conversation{next}) }))
	w.hears(t, next, "noch etwas", 0)
	return next
}
