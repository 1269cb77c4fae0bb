package inbox_test

import (
	"context"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/inbox"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// A Conversation in which somebody else goes on is cut at the change: each half opens with the key
// of its own Contact alone, at the same positions, with what belongs to it.
func TestSplit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, v := t.Context(), w.north.viewer
		c := w.wrote(t, w.north, w.north.inboxes[0], "health")
		_, err := w.Note(ctx, v, c.ID, inbox.NewNote{ClientID: "n-1", Text: text("about health")})
		must(t, err)
		if _, err := w.Split(ctx, v, c.ID); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("nothing changed: %v", err)
		}
		w.clock.Add(time.Minute)
		since := w.Now()
		w.changed(t, c)
		w.message(t, c, desk.Message{Direction: desk.In, Kind: desk.KindSystem, Status: desk.StatusReceived, Origin: desk.OriginContact}, "from … to …", 0)
		w.clock.Add(time.Minute)
		theirs := w.hears(t, c, "new words", 0)
		w.hears(t, c, "late words", 5*time.Minute)
		_, err = w.Note(ctx, v, c.ID, inbox.NewNote{ClientID: "n-2", Text: text("somebody else")})
		must(t, err)
		w.task(t, c, theirs)
		before := w.conversation(t, c.ID)

		queued := w.message(t, c, desk.Message{Direction: desk.Out, Kind: desk.KindText, Status: desk.StatusQueued, Origin: desk.OriginAgent}, "on its way", 0)
		if _, err := w.Split(ctx, v, c.ID); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("something is on its way: %v", err)
		}
		w.exec(t, "UPDATE message SET status = 'delivered' WHERE id = $1", queued)
		if _, err := w.Split(ctx, w.south.viewer, c.ID); desk.CodeOf(err) != desk.CodeNotFound {
			t.Errorf("a stranger splits: %v", err)
		}

		got, err := w.Split(ctx, v, c.ID)
		must(t, err)
		if got.ID == c.ID || got.Conversation.Contact == c.Contact || got.Closed != nil || !got.Receiving || len(got.Assurance.Changes) != 0 {
			t.Fatalf("got %+v", got.Conversation)
		}
		old, next := w.conversation(t, c.ID), w.conversation(t, got.ID)
		if lines := w.legible(t, old); lines != "late wordsfalse healthfalse about healthfalse from … to …false false" {
			t.Errorf("the one before: %q", lines)
		}
		if lines := w.legible(t, next); lines != "new wordsfalse somebody elsefalse on its wayfalse false" {
			t.Errorf("the other: %q", lines)
		}
		if old.Closed == nil || old.Receiving || !old.WindowOpened.IsZero() || old.Contact != c.Contact {
			t.Errorf("the one before is %+v", old)
		}
		if next.LastMessage != queued || !next.WindowOpened.Equal(since.Add(time.Minute)) || next.Position != before.Position+2 || next.Received == 0 {
			t.Errorf("the other is %+v, before %+v", next, before)
		}
		w.foreign(t, theirs, c.Contact, next.Contact)
		if name := w.profile(t, c.Contact).Name; !name.IsEmpty() {
			t.Errorf("the one before is called %q", name.Reveal())
		}
		if name := w.profile(t, next.Contact).Name; name.Reveal() != "name of health" {
			t.Errorf("the other is called %q", name.Reveal())
		}
		if held := w.held(t, c.Contact); held != 0 {
			t.Errorf("the one before is reached by %d", held)
		}
		if held := w.held(t, next.Contact); held != 2 {
			t.Errorf("the other is reached by %d", held)
		}
		entries := w.audited(t, desk.ActContactSplit)
		if len(entries) != 1 || entries[0].Subject != "contact:"+c.Contact.String() || entries[0].Detail["other"] != next.Contact.String() {
			t.Errorf("audited %+v", entries)
		}
		listed, err := w.Changes(ctx, v, next.ID)
		must(t, err)
		if len(listed) != 1 || listed[0].Vouched == nil || listed[0].Vouched.Means != desk.VouchSplit || listed[0].Other != next.Contact {
			t.Errorf("kept %+v", listed)
		}
		w.counted(t)
	})
}

// Where all was said since, nothing but a line is left of the Conversation: it never becomes the
// other's itself, because what somebody is writing into it in this moment is sealed for the Contact.
// The reason of an end goes with whom it is about.
func TestSplitOfAllThatWasSaid(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, v := t.Context(), w.north.viewer
		c := w.wrote(t, w.north, w.north.inboxes[0], "before")
		_, err := w.Inbox.Close(ctx, v, c.ID, text("done"))
		must(t, err)
		w.clock.Add(time.Minute)
		w.changed(t, c)
		w.clock.Add(time.Minute)
		second := w.again(t, c)
		w.hears(t, second, "since", 0)
		_, err = w.Inbox.Close(ctx, v, second.ID, text("why it ended"))
		must(t, err)
		got, err := w.Split(ctx, v, second.ID)
		must(t, err)
		if got.ID == second.ID || got.Conversation.Contact == c.Contact || got.Closed == nil || got.WindowOpened.IsZero() {
			t.Errorf("got %+v", got.Conversation)
		}
		left := w.conversation(t, second.ID)
		if left.Contact != c.Contact || left.Closed == nil || !left.Closed.Reason.IsEmpty() || w.legible(t, left) != "false" {
			t.Errorf("left is %+v, and one reads %q", left, w.legible(t, left))
		}
		reason, err := vault.OpenOne(ctx, w.vault, vault.ReasonView, vault.ContactOwner(got.Conversation.Contact), vault.ClosurePlace(got.ID), got.Closed.Reason)
		must(t, err)
		if reason.Reveal() != "why it ended" || w.legible(t, got.Conversation) != "sincefalse why it endedfalse false" {
			t.Errorf("one reads %q, closed for %q", w.legible(t, got.Conversation), reason.Reveal())
		}
		if lines := w.legible(t, c); lines != "beforefalse donefalse" {
			t.Errorf("the one before: %q", lines)
		}
		if first := w.conversation(t, c.ID); first.Closed.Reason.IsEmpty() || !first.WindowOpened.IsZero() {
			t.Errorf("the first is %+v", first)
		}
		w.counted(t)
	})
}

// Who has not written since the change has told no name: it stays whose it was. What holds for the
// Contact in the Inbox goes along where WhatsApp has it by the number, and where it cannot harm.
func TestSplitBeforeAWord(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, v := t.Context(), w.north.viewer
		c := w.wrote(t, w.north, w.north.inboxes[0], "words")
		must(t, w.Update(ctx, func(tx *store.Tx) error {
			return tx.AddObjection(ctx, rows.AddObjectionParams{Contact: c.Contact, Purpose: "news", At: tx.Stamp(), Actor: "x"})
		}))
		w.clock.Add(time.Minute)
		w.changed(t, c)
		got, err := w.Split(ctx, v, c.ID)
		must(t, err)
		if got.ID != c.ID || got.Conversation.Contact != c.Contact || got.Receiving || !got.WindowOpened.IsZero() || w.legible(t, c) != "wordsfalse" {
			t.Errorf("got %+v", got.Conversation)
		}
		listed, err := w.Changes(ctx, v, c.ID)
		must(t, err)
		stranger := listed[0].Other
		if own, theirs := w.profile(t, c.Contact).Name, w.profile(t, stranger).Name; own.Reveal() != "name of words" || !theirs.IsEmpty() {
			t.Errorf("they are called %q and %q", own.Reveal(), theirs.Reveal())
		}
		if held, of := w.held(t, stranger), w.held(t, c.Contact); held != 2 || of != 0 {
			t.Errorf("reached by %d and %d", held, of)
		}
		objected, err := w.Read().ListObjections(ctx, stranger)
		must(t, err)
		if len(objected) != 1 {
			t.Errorf("objections %+v", objected)
		}
	})
}

// Who was found to be one person with another since must be taken apart from them first.
func TestSplitOfWhoWasMergedSince(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, v := t.Context(), w.north.viewer
		c, other := w.wrote(t, w.north, w.north.inboxes[0], "words"), w.wrote(t, w.north, w.north.inboxes[0], "others")
		w.clock.Add(time.Minute)
		w.changed(t, c)
		_, err := w.Merge(ctx, v, c.ID, other.Contact)
		must(t, err)
		if _, err := w.Split(ctx, v, c.ID); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("merged, and split: %v", err)
		}
		_, err = w.Unmerge(ctx, v, c.ID, other.Contact)
		must(t, err)
		_, err = w.Split(ctx, v, c.ID)
		must(t, err)
	})
}

// Whoever writes by nothing of the Contact's is somebody else already: only the doubt ends.
func TestSplitOfWhoIsAnother(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.wrote(t, w.north, w.north.inboxes[0], "words")
		w.clock.Add(time.Minute)
		w.changed(t, c)
		w.exec(t, "UPDATE identity SET valid_until = $2 WHERE contact_id = $1", c.Contact, desk.AsMillis(w.Now()))
		got, err := w.Split(t.Context(), w.north.viewer, c.ID)
		must(t, err)
		if got.ID != c.ID || got.Conversation.Contact != c.Contact || len(got.Assurance.Changes) != 0 || w.legible(t, c) != "wordsfalse" {
			t.Errorf("got %+v", got.Conversation)
		}
	})
}

// foreign makes sure that a Message opens with the key of one Contact, and not with another's.
func (w *world) foreign(t *testing.T, id desk.MessageID, not, but desk.ContactID) {
	t.Helper()
	m, err := w.Read().GetMessage(t.Context(), id)
	must(t, err)
	open := func(who desk.ContactID) (desk.Content, error) {
		return vault.OpenOne(t.Context(), w.vault, vault.ReasonView, vault.ContactOwner(who), vault.ContentPlace(id), m.Content)
	}
	if _, err := open(not); err == nil {
		t.Error("the key of the one before opens it")
	}
	if content, err := open(but); err != nil || content.Text.Reveal() != "new words" {
		t.Errorf("the other's key: %v", err)
	}
	tasks, err := w.Read().ListConversationTasks(t.Context(), rows.ListConversationTasksParams{Conversation: m.Conversation, Everything: true, Page: 9})
	must(t, err)
	if len(tasks) != 1 || tasks[0].Contact != but {
		t.Fatalf("tasks %+v", tasks)
	}
	note, err := vault.OpenOne(t.Context(), w.vault, vault.ReasonView, vault.ContactOwner(but), vault.TaskNotePlace(tasks[0].ID), tasks[0].Note)
	must(t, err)
	if note.Reveal() != "a witness" {
		t.Errorf("noted %q", note.Reveal())
	}
}

func (w *world) task(t *testing.T, c desk.Conversation, about desk.MessageID) {
	t.Helper()
	id := desk.NewID[desk.Task]()
	note, err := vault.Seal(t.Context(), w.vault, vault.ContactOwner(c.Contact), vault.TaskNotePlace(id), text("a witness"))
	must(t, err)
	must(t, w.Update(context.Background(), func(tx *store.Tx) error {
		return tx.OpenTask(context.Background(), w.north.viewer.Actor, desk.Task{
			ID: id, Controller: c.Controller, Inbox: c.Inbox, Contact: c.Contact, Conversation: c.ID, Message: about, Kind: desk.TaskThirdPerson, Due: w.Now(), Note: note,
		})
	}))
}

func (w *world) conversation(t *testing.T, id desk.ConversationID) desk.Conversation {
	t.Helper()
	c, err := w.ConversationWithin(t.Context(), w.north.viewer.Scope, id)
	must(t, err)
	return c
}

// again makes a second Conversation with a Contact.
func (w *world) again(t *testing.T, c desk.Conversation) desk.Conversation {
	t.Helper()
	c.ID, c.OpenedAt, c.LastAt, c.Position = desk.NewID[desk.Conversation](), w.Now(), w.Now(), 0
	must(t, w.Update(context.Background(), func(tx *store.Tx) error { return tx.AddConversations(context.Background(), []desk.Conversation{c}) }))
	return c
}

func (w *world) profile(t *testing.T, id desk.ContactID) desk.Profile {
	t.Helper()
	row, err := w.Read().GetContact(t.Context(), id)
	must(t, err)
	p, err := vault.OpenOne(t.Context(), w.vault, vault.ReasonView, vault.ContactOwner(id), vault.ProfilePlace(id), row.Profile)
	must(t, err)
	return p
}

// held opens what a Contact is reached by, and counts it.
func (w *world) held(t *testing.T, id desk.ContactID) int {
	t.Helper()
	listed, err := w.Read().ListIdentities(t.Context(), id)
	must(t, err)
	opening, values := w.vault.Opening(vault.ReasonView), make([]private.Text, len(listed))
	for i, r := range listed {
		vault.Add(opening, vault.ContactOwner(id), vault.IdentityPlace(r.ID), r.Value, &values[i])
	}
	must(t, opening.Run(t.Context()))
	return len(listed)
}

// counted makes sure that the tallies are what a count gives.
func (w *world) counted(t *testing.T) {
	t.Helper()
	off, err := w.Read().CountTallies(t.Context())
	must(t, err)
	sums := map[string]int64{}
	for _, r := range off {
		sums[r.Inbox.String()+string(r.State)] += r.N
	}
	for what, n := range sums {
		if n != 0 {
			t.Errorf("%s is off by %d", what, n)
		}
	}
}
