package inbound_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"botschaft/internal/consent"
	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// messages reads what came into an Inbox, by its words.
func (w *world) messages(t *testing.T, at *directory.Entry) map[string]desk.Message {
	t.Helper()
	open, err := w.Read().ListOpenConversations(t.Context(), rows.ListOpenConversationsParams{
		Inbox: at.ID, BeforeAt: desk.AsMillis(noon.Add(24 * 365 * time.Hour)), BeforeID: desk.NewID[desk.Conversation](), Page: 1000,
	})
	must(t, err)
	found := map[string]desk.Message{}
	for _, c := range open {
		listed, err := w.Read().ListMessages(t.Context(), rows.ListMessagesParams{
			Conversation: c.ID, BeforeAt: desk.AsMillis(noon.Add(24 * 365 * time.Hour)), BeforePosition: 1 << 40, Page: 1000,
		})
		must(t, err)
		lines := w.thread(t, store.ConversationOf(c)).Lines
		for i, row := range listed { // the newest first
			_, words, _ := strings.Cut(lines[len(lines)-1-i], " received ")
			m, err := w.Read().GetMessage(t.Context(), row.ID)
			must(t, err)
			found[words] = store.MessageOf(m)
		}
	}
	return found
}

// ledger reads what the Ledger holds of those who wrote, in order, and checks that it counts
// without a gap and that the log has the digest of each entry.
func (w *world) ledger(t *testing.T, of ...desk.Message) []desk.ConsentEntry {
	t.Helper()
	contacts := map[desk.ContactID]bool{}
	for _, m := range of {
		contacts[m.Contact] = true
	}
	logged := map[string]desk.AuditEntry{}
	listed, err := w.Read().ListFreshEntries(t.Context(), 10_000)
	must(t, err)
	for _, row := range listed {
		e, err := store.AuditEntryOf(row)
		must(t, err)
		if e.Act == desk.ActConsentRecorded {
			logged[e.Detail["entry"]] = e
		}
	}
	var all []desk.ConsentEntry
	for id := range contacts {
		entries, err := store.Ledger(t.Context(), w.Read(), id)
		must(t, err)
		for i, e := range entries {
			log := logged[e.ID.String()]
			delete(logged, e.ID.String())
			if e.N != int64(i+1) {
				t.Errorf("entry %d has the number %d", i+1, e.N)
			}
			if log.Detail["digest"] != e.Digest() || log.Detail["step"] != string(e.Step) || log.Subject != "contact:"+id.String() || log.Controller != e.Controller {
				t.Errorf("of %+v the log says %+v", e, log)
			}
		}
		all = append(all, entries...)
	}
	if len(logged) > 0 {
		t.Errorf("the log knows %d entries that are none", len(logged))
	}
	return all
}

// asks gives the Messages that wait for an automatic answer in a Conversation.
func (w *world) asks(t *testing.T, at *directory.Entry, c desk.ConversationID) (refs []desk.MessageID) {
	t.Helper()
	jobs, err := w.Read().ListJobs(t.Context(), rows.ListJobsParams{Lane: queue.Answers(at.ID, c).Name, Page: 100})
	must(t, err)
	for _, j := range jobs {
		var id desk.MessageID
		copy(id[:], j.Ref[:])
		row, err := w.Read().GetMessage(t.Context(), id)
		must(t, err)
		if row.Conversation == c { // a lane serves several
			refs = append(refs, id)
		}
	}
	return refs
}

// What people write to end advertising is in the Ledger with the message itself, and with it
// in the log; what may be such a word holds advertising until a person has read it; all else
// writes nothing (GDPR Art. 7(3), 21(2), 5(2)).
func TestWithdrawalsAreReadAsTheyComeIn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := w.inbox(t, w.controller(t), "secret")
		said := map[string]desk.ConsentStep{
			"STOP": desk.ConsentWithdrawn, "Stopp!": desk.ConsentWithdrawn, "Abmelden bitte": desk.ConsentWithdrawn, "unsubscribe": desk.ConsentWithdrawn,
			"Bitte keine Werbung mehr": desk.ConsentWithdrawn, "Ich widerrufe meine Einwilligung in die Werbung": desk.ConsentWithdrawn,
			"Ende": desk.ConsentDoubted, "Stopp mal kurz": desk.ConsentDoubted, "Wie kann ich den Newsletter abbestellen?": desk.ConsentDoubted,
			"Guten Tag": "", "Ich habe das Stoppschild übersehen": "", "DATENSCHUTZ": "",
		}
		for i, words := range slices.Sorted(maps.Keys(said)) {
			w.deliver(t, at, says(at, phone(fmt.Sprintf("+4917000000%02d", i)), fmt.Sprintf("wamid.%d", i), words, time.Minute))
		}
		w.process(t, 200)
		messages := w.messages(t, at)
		if len(messages) != len(said) {
			t.Fatalf("%d messages came in", len(messages))
		}
		w.ledger(t, slices.Collect(maps.Values(messages))...)
		for words, step := range said {
			m := messages[words]
			entries, err := store.Ledger(t.Context(), w.Read(), m.Contact)
			must(t, err)
			if step == "" {
				if len(entries) != 0 {
					t.Errorf("%q wrote %+v", words, entries)
				}
				continue
			}
			if len(entries) != 1 {
				t.Errorf("%q wrote %d entries", words, len(entries))
				continue
			}
			e := entries[0]
			if e.Step != step || e.Means != desk.MeansWord || e.Answer != m.ID || e.Purpose != "" || e.Actor.Kind != desk.ActorSystem ||
				!e.ActedAt.Equal(noon.Add(-time.Minute)) || !e.At.Equal(noon) || e.Controller != m.Controller {
				t.Errorf("%q wrote %+v", words, e)
			}
			q := consent.Question{Contact: m.Contact, Purpose: "Neues", Moment: noon}
			if s := consent.At(entries, q); s.Allows() || s.Held != (step == desk.ConsentDoubted) {
				t.Errorf("after %q the ledger says %+v", words, s)
			}
		}
	})
}

// A withdrawal that is delivered again is the same one: it writes and asks for nothing anew
// (GDPR Art. 5(1)(d)).
func TestAWithdrawalComesTwice(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := w.inbox(t, w.controller(t), "secret")
		stop := says(at, phone("+491700000001"), "wamid.1", "STOP", 0)
		for range 3 {
			id := w.deliver(t, at, stop, stop)
			w.process(t, 200)
			w.again(t, at, id)
			w.process(t, 200)
		}
		m := w.messages(t, at)["STOP"]
		if entries := w.ledger(t, m); len(entries) != 1 {
			t.Errorf("%d entries", len(entries))
		}
		if asks := w.asks(t, at, m.Conversation); !slices.Equal(asks, []desk.MessageID{m.ID}) {
			t.Errorf("%d answers are asked for", len(asks))
		}
	})
}

// doubtTasks gives what people must read.
func (w *world) doubtTasks(t *testing.T) (open, done []desk.Task) {
	t.Helper()
	opened, err := w.Read().ListOpenTasks(t.Context(), rows.ListOpenTasksParams{AfterDue: desk.AsMillis(time.UnixMilli(1)), Until: desk.AsMillis(noon.AddDate(1, 0, 0)), Everything: true, Page: 100})
	must(t, err)
	ended, err := w.Read().ListDoneTasks(t.Context(), rows.ListDoneTasksParams{Everything: true, Page: 100})
	must(t, err)
	for _, row := range opened {
		open = append(open, store.TaskOf(row))
	}
	for _, row := range ended {
		done = append(done, store.TaskOf(row))
	}
	return open, done
}

// A doubt asks a person once to read it, however often its Message is delivered, and no longer
// once the Contact withdraws (GDPR Art. 7(3), 21(2)).
func TestADoubtIsOneTask(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := w.inbox(t, w.controller(t), "secret")
		anna := phone("+491700000001")
		doubt := says(at, anna, "wamid.1", "Ende", 0)
		for range 3 {
			id := w.deliver(t, at, doubt, doubt)
			w.process(t, 200)
			w.again(t, at, id)
			w.process(t, 200)
		}
		m := w.messages(t, at)["Ende"]
		open, done := w.doubtTasks(t)
		if len(open) != 1 || len(done) != 0 || open[0].Kind != desk.TaskDoubt || open[0].Message != m.ID || open[0].Conversation != m.Conversation || open[0].Inbox != at.ID {
			t.Fatalf("open are %+v, done %+v", open, done)
		}
		stop := says(at, anna, "wamid.2", "STOP", 0)
		w.deliver(t, at, stop, doubt)
		w.process(t, 200)
		open, done = w.doubtTasks(t)
		if len(open) != 0 || len(done) != 1 || done[0].Done.How != desk.TaskWithdrawn || done[0].Done.By != string(desk.ActorSystem) {
			t.Errorf("open are %+v, done %+v", open, done)
		}
	})
}

// Each of several withdrawals is kept, in their order, and each is looked at for an answer
// (GDPR Art. 7(3), 12(3)).
func TestTwoWithdrawalsInOneBatch(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := w.inbox(t, w.controller(t), "secret")
		anna, bert := phone("+491700000001"), phone("+491700000002")
		w.deliver(t, at, says(at, anna, "wamid.0", "Guten Tag", 5*time.Minute))
		w.process(t, 200)
		first := w.messages(t, at)["Guten Tag"]
		if asks := w.asks(t, at, first.Conversation); len(asks) != 1 { // for the Notice
			t.Errorf("%d answers are asked for by who is new", len(asks))
		}
		w.deliver(t, at, says(at, anna, "wamid.2", "Stop", time.Minute), says(at, bert, "wamid.3", "Stopp", 0),
			says(at, anna, "wamid.1", "STOP", 2*time.Minute), says(at, anna, "wamid.4", "Und noch etwas", 0))
		w.process(t, 200)
		m := w.messages(t, at)
		entries := w.ledger(t, m["STOP"], m["Stopp"])
		if len(entries) != 3 {
			t.Fatalf("%d entries", len(entries))
		}
		annas, err := store.Ledger(t.Context(), w.Read(), m["STOP"].Contact)
		must(t, err)
		if len(annas) != 2 || annas[0].Answer != m["STOP"].ID || annas[1].Answer != m["Stop"].ID {
			t.Errorf("the entries are %+v", annas)
		}
		asks := w.asks(t, at, first.Conversation)
		if len(asks) != 3 || !slices.Contains(asks, m["STOP"].ID) || !slices.Contains(asks, m["Stop"].ID) {
			t.Errorf("%d answers are asked for", len(asks))
		}
		if asks := w.asks(t, at, m["Stopp"].Conversation); len(asks) != 1 { // for the Notice and the confirmation
			t.Errorf("%d answers are asked for by the other", len(asks))
		}
	})
}

// Lanes that work at the same time count the entries of one Contact without a gap, and none
// is lost (GDPR Art. 5(2)).
func TestWithdrawalsAtTheSameTime(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.controller(t)
		at := []*directory.Entry{w.inbox(t, c, "secret"), w.inbox(t, c, "secret"), w.inbox(t, c, "secret")}
		w.deliver(t, at[0], says(at[0], phone("+491700000001"), "wamid.first", "Guten Tag", 5*time.Minute))
		w.process(t, 200)
		for i := range 10 {
			for _, in := range at {
				w.deliver(t, in, says(in, phone("+491700000001"), fmt.Sprintf("wamid.%d", i), "STOP", time.Duration(10-i)*time.Second))
			}
		}
		w.process(t, 1)
		if entries := w.ledger(t, w.messages(t, at[0])["Guten Tag"]); len(entries) != 30 {
			t.Errorf("%d entries", len(entries))
		}
	})
}

// What is written beside a file, or in the place of other words, withdraws as a text does; the
// name of a place does not (GDPR Art. 7(3)).
func TestWithdrawalsBesideFiles(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := w.inbox(t, w.controller(t), "secret")
		want := map[desk.Kind]bool{desk.KindImage: true, desk.KindVideo: true, desk.KindDocument: true, desk.KindEdit: true, desk.KindLocation: false, desk.KindReaction: false}
		var all []desk.Message
		of := map[desk.ContactID]desk.Kind{}
		for kind := range want {
			n := len(all) + 1
			words := fmt.Sprintf("Keine Werbung mehr %d", n)
			w.deliver(t, at, taps(at, phone(fmt.Sprintf("+49170000%04d", n)), fmt.Sprint("wamid.", n), kind, words, ""))
			w.process(t, 200)
			m := w.messages(t, at)[words]
			of[m.Contact], all = kind, append(all, m)
		}
		for _, e := range w.ledger(t, all...) {
			if kind := of[e.Contact]; !want[kind] || e.Step != desk.ConsentWithdrawn || e.Means != desk.MeansWord {
				t.Errorf("%s: %+v", kind, e)
			}
			delete(of, e.Contact)
		}
		for _, kind := range of {
			if want[kind] {
				t.Errorf("%s took nothing back", kind)
			}
		}
	})
}
