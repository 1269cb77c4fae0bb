package tasks_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"botschaft/internal/consent"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
)

// Whoever was introduced is informed within a month of the Message, which ends on a working day
// at the seat of the Controller (GDPR Art. 14(3)(a); Reg. 1182/71 Art. 3(4)).
func TestAMonthAtTheSeat(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ day, land, due string }{
		{"2026-11-25", "NW", "2026-12-28"}, // Christmas and a weekend
		{"2026-12-06", "BY", "2027-01-07"}, // Epiphany
		{"2026-12-06", "NW", "2027-01-06"},
		{"2026-01-31", "NW", "2026-03-02"},
	} {
		t.Run(c.day+c.land, func(t *testing.T) {
			each(t, c.day, c.land, func(t *testing.T, w *world) {
				m := w.hears(t, w.inboxes[0])
				if made := w.mark(t, m); made.Day != c.due || made.IsOverdue(made.Due.Add(-time.Second)) || !made.IsOverdue(made.Due) {
					t.Errorf("due on %s, want %s", made.Day, c.due)
				}
				w.clock.Add(20 * 24 * time.Hour) // who notices later has no longer
				if made := w.markAs(t, m, desk.ThirdOpponent); made.Day != c.due {
					t.Errorf("marked later it is due on %s, want %s", made.Day, c.due)
				}
			})
		})
	}
}

// A Task shows who was introduced to those who serve the Inbox, and is not there for others;
// it ends once, with a ground that the law knows and words that say why (GDPR Art. 14(5), 5(2)).
func TestThirdPersons(t *testing.T) {
	each(t, "2026-11-25", "NW", func(t *testing.T, w *world) {
		ctx, m := t.Context(), w.hears(t, w.inboxes[0])
		made := w.mark(t, m)
		seen := w.list(t, desk.TaskQuery{Scope: w.teams[0], Conversation: m.Conversation})
		if len(seen) != 1 || seen[0].Words.Reveal() != "Erika, Nachbarin" || seen[0].Opened.By != w.agent.Agent.String() || seen[0].Role != desk.ThirdWitness {
			t.Errorf("its team sees %+v", seen)
		}
		if w.looked.acts[0] != desk.ActListOpened || w.audited(t, desk.ActTaskOpened) != 1 {
			t.Error("marking or looking left no trace")
		}
		w.checkStrangers(t, made, m)
		for field, r := range map[string]desk.TaskResult{
			"how":    {How: desk.TaskCleared},
			"ground": {How: desk.TaskNotNeeded, Reason: text("weil")},
			"reason": {How: desk.TaskNotNeeded, Ground: desk.GroundEffort, Reason: text("  ")},
		} {
			if err := w.Finish(ctx, w.agent, w.teams[0], made.ID, r); desk.CodeOf(err) != desk.CodeInvalid || !strings.Contains(err.Error(), field) {
				t.Errorf("%+v: %v", r, err)
			}
		}
		if err := w.Finish(ctx, w.agent, w.teams[0], made.ID, desk.TaskResult{How: desk.TaskInformed, Ground: desk.GroundKnows}); desk.CodeOf(err) != desk.CodeInvalid {
			t.Errorf("informed by an exception: %v", err)
		}
		w.checkEndsOnce(t, made)
		done := w.list(t, desk.TaskQuery{Scope: w.teams[0], Conversation: m.Conversation})
		if len(done) != 1 || done[0].Done == nil || done[0].Done.Ground != desk.GroundBDSGInterest || done[0].Reason.Reveal() != "Der Anspruch wäre gefährdet." {
			t.Errorf("done is %+v", done)
		}
	})
}

func (w *world) checkStrangers(t *testing.T, made desk.ShownTask, m desk.Message) {
	t.Helper()
	ctx, other := t.Context(), w.teams[1]
	if seen := w.list(t, desk.TaskQuery{Scope: other}); len(seen) != 0 {
		t.Errorf("another team sees %+v", seen)
	}
	if n, err := w.Count(ctx, desk.TaskQuery{Scope: other}); err != nil || n.Open != 0 {
		t.Errorf("another team is told %+v, %v", n, err)
	}
	_, err := w.List(ctx, w.agent, desk.TaskQuery{Scope: other, Conversation: m.Conversation})
	_, marked := w.Mark(ctx, w.agent, other, desk.NewThirdPerson{Conversation: m.Conversation, Message: m.ID, Role: desk.ThirdOther})
	_, written := w.Text(ctx, w.agent, other, made.ID, "de", false)
	for what, err := range map[string]error{
		"list": err, "mark": marked, "text": written, "finish": w.Finish(ctx, w.agent, other, made.ID, desk.TaskResult{How: desk.TaskInformed}),
	} {
		if desk.CodeOf(err) != desk.CodeNotFound {
			t.Errorf("another team may %s: %v", what, err)
		}
	}
	foreign := w.hears(t, w.inboxes[0])
	if _, err := w.Mark(ctx, w.agent, w.teams[0], desk.NewThirdPerson{Conversation: m.Conversation, Message: foreign.ID, Role: desk.ThirdOther}); desk.CodeOf(err) != desk.CodeInvalid {
		t.Errorf("a message of another conversation: %v", err)
	}
}

// checkEndsOnce lets several end the Task in the same moment.
func (w *world) checkEndsOnce(t *testing.T, made desk.ShownTask) {
	t.Helper()
	var wg sync.WaitGroup
	results := make(chan error, 5)
	for range cap(results) {
		wg.Go(func() {
			results <- w.Finish(context.Background(), w.agent, w.teams[0], made.ID, desk.TaskResult{
				How: desk.TaskNotNeeded, Ground: desk.GroundBDSGInterest, Reason: text("Der Anspruch wäre gefährdet."),
			})
		})
	}
	wg.Wait()
	close(results)
	ended := 0
	for err := range results {
		if err == nil {
			ended++
		} else if desk.CodeOf(err) != desk.CodeConflict {
			t.Error(err)
		}
	}
	if ended != 1 || w.audited(t, desk.ActTaskDone) != 1 {
		t.Errorf("it ended %d times", ended)
	}
}

// Who marks twice means one person; another part in the matter is another person, and so is one
// who is named after the first was informed.
func TestMarkedTwice(t *testing.T) {
	each(t, "2026-11-25", "NW", func(t *testing.T, w *world) {
		m := w.hears(t, w.inboxes[0])
		made := w.mark(t, m)
		if again := w.mark(t, m); again.ID != made.ID || again.Day != made.Day || w.audited(t, desk.ActTaskOpened) != 1 {
			t.Errorf("the same mark is task %+v", again)
		}
		if w.markAs(t, m, desk.ThirdOpponent).ID == made.ID {
			t.Error("another person is no other task")
		}
		must(t, w.Finish(t.Context(), w.agent, everywhere, made.ID, desk.TaskResult{How: desk.TaskInformed}))
		if w.mark(t, m).ID == made.ID {
			t.Error("a task that ended is marked again")
		}
	})
}

// What is due first stands first, a page at a time, then what was done; what is overdue is
// counted.
func TestTheOrderOfTasks(t *testing.T) {
	each(t, "2026-11-25", "NW", func(t *testing.T, w *world) {
		var want []string
		for range 5 {
			m := w.hears(t, w.inboxes[0])
			want = append(want, w.mark(t, m).ID.String(), w.markAs(t, m, desk.ThirdOpponent).ID.String())
			w.clock.Add(7 * 24 * time.Hour)
		}
		must(t, w.Finish(t.Context(), w.agent, everywhere, w.list(t, desk.TaskQuery{Scope: everywhere})[2].ID, desk.TaskResult{How: desk.TaskInformed}))
		var got []string
		var days []string
		cursor, pages := "", 0
		for ; pages < 9; pages++ {
			page, err := w.List(t.Context(), w.agent, desk.TaskQuery{Scope: everywhere, Limit: 2, Cursor: cursor})
			must(t, err)
			for _, s := range page.Items {
				got = append(got, s.ID.String())
				if s.Done == nil {
					days = append(days, s.Day)
				}
			}
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		if pages != 4 || !slices.IsSorted(days) || len(days) != 9 {
			t.Errorf("%d pages with %v", pages+1, days)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		now := time.Date(2026, 12, 29, 0, 0, 0, 0, time.UTC) // after the 28th, on which the first were due
		w.clock.Add(now.Sub(w.Now()))
		n, err := w.Count(t.Context(), desk.TaskQuery{Scope: everywhere})
		if overdue := w.list(t, desk.TaskQuery{Scope: everywhere, Overdue: true}); err != nil || n.Open != 9 || n.Overdue != 2 || len(overdue) != 2 || overdue[0].Day != "2026-12-28" {
			t.Errorf("%+v %v: %+v", n, err, overdue)
		}
		if _, err := w.List(t.Context(), w.agent, desk.TaskQuery{Scope: everywhere, Cursor: "x"}); desk.CodeOf(err) != desk.CodeInvalid {
			t.Errorf("a cursor of nothing: %v", err)
		}
	})
}

// A Message that may withdraw is to be read by the end of the next working day, once, until a
// person says what it means or the Contact withdraws (GDPR Art. 7(3), 24(1)).
func TestDoubts(t *testing.T) {
	each(t, "2026-12-24", "NW", func(t *testing.T, w *world) {
		m := w.hears(t, w.inboxes[0])
		house := desk.Actor{Kind: desk.ActorSystem, Via: "inbound"}
		doubt := func(m desk.Message) {
			w.records(t, desk.ConsentEntry{Contact: m.Contact, Step: desk.ConsentDoubted, Means: desk.MeansWord, Answer: m.ID, Actor: house})
		}
		doubt(m)
		open := w.list(t, desk.TaskQuery{Scope: w.teams[0]})
		if len(open) != 1 || open[0].Kind != desk.TaskDoubt || open[0].Message != m.ID || open[0].Day != "2026-12-28" || open[0].Opened.By != "system" {
			t.Fatalf("open is %+v", open)
		}
		if err := w.Finish(t.Context(), w.agent, w.teams[0], open[0].ID, desk.TaskResult{How: desk.TaskInformed}); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("ended without reading: %v", err)
		}
		w.records(t, desk.ConsentEntry{Contact: m.Contact, Step: desk.ConsentWithdrawn, Purpose: "Neues", Means: desk.MeansAgent, Actor: w.agent}) // others wait still
		w.records(t, desk.ConsentEntry{Contact: m.Contact, Step: desk.ConsentCleared, Answer: m.ID, Means: desk.MeansAgent, Actor: w.agent})
		w.records(t, desk.ConsentEntry{Contact: m.Contact, Step: desk.ConsentCleared, Answer: m.ID, Means: desk.MeansAgent, Actor: w.agent})
		ended := w.list(t, desk.TaskQuery{Scope: w.teams[0]})
		if len(ended) != 1 || ended[0].Done == nil || ended[0].Done.How != desk.TaskCleared || ended[0].Done.By != w.agent.Agent.String() {
			t.Errorf("ended is %+v", ended)
		}
		again := w.writes(t, desk.Conversation{ID: m.Conversation, Controller: m.Controller, Inbox: m.Inbox, Contact: m.Contact})
		doubt(again)
		w.records(t, desk.ConsentEntry{Contact: m.Contact, Step: desk.ConsentWithdrawn, Means: desk.MeansWord, Actor: house})
		if w.audited(t, desk.ActTaskOpened) != 2 || w.audited(t, desk.ActTaskDone) != 2 {
			t.Errorf("%d were opened and %d ended", w.audited(t, desk.ActTaskOpened), w.audited(t, desk.ActTaskDone))
		}
		if n, err := w.Count(t.Context(), desk.TaskQuery{Scope: everywhere}); err != nil || n.Open != 0 {
			t.Errorf("%+v, %v", n, err)
		}
	})
}

// Whatever stands in the Ledger, there is an open Task about a Contact exactly while advertising
// waits for a person (GDPR Art. 7(3), 21(2)).
func TestTasksFoldLikeTheLedger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.MigratedSQLite(t), time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC), "NW")
	rapid.Check(t, func(rt *rapid.T) {
		first := w.hears(t, w.inboxes[0])
		messages := []desk.Message{first}
		for range rapid.IntRange(1, 8).Draw(rt, "entries") {
			e := desk.ConsentEntry{
				Contact: first.Contact, Means: desk.MeansWord, Actor: rapid.SampledFrom([]desk.Actor{w.agent, {Kind: desk.ActorSystem}}).Draw(rt, "actor"),
				Step:    rapid.SampledFrom([]desk.ConsentStep{desk.ConsentDoubted, desk.ConsentDoubted, desk.ConsentCleared, desk.ConsentWithdrawn}).Draw(rt, "step"),
				Purpose: rapid.SampledFrom([]string{"", "Neues"}).Draw(rt, "purpose"),
			}
			if e.Step == desk.ConsentDoubted {
				messages = append(messages, w.writes(t, desk.Conversation{ID: first.Conversation, Controller: w.controller, Inbox: first.Inbox, Contact: first.Contact}))
				e.Answer = messages[len(messages)-1].ID
			} else {
				e.Answer = rapid.SampledFrom(messages).Draw(rt, "about").ID
			}
			w.records(t, e)
			entries, err := store.Ledger(t.Context(), w.Read(), first.Contact)
			must(t, err)
			open, err := w.Read().ListOpenDoubts(t.Context(), first.Contact)
			must(t, err)
			if held := consent.Now(entries, first.Contact, "anything else", w.Now()).Held; held != (len(open) > 0) {
				rt.Fatalf("held: %v, open tasks: %d, after %+v", held, len(open), entries)
			}
		}
	})
}

// Doubts that stood before there were Tasks get theirs by the migration, and those that a person
// or the Contact had ended get none.
func TestDoubtsFromBefore(t *testing.T) {
	files, err := filepath.Glob("../store/migrations/*_task.sql")
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	script, err := os.ReadFile(files[0])
	must(t, err)
	_, statement, found := strings.Cut(string(script), "\nINSERT INTO task")
	if !found {
		t.Fatal("the migration makes no tasks")
	}
	each(t, "2026-11-25", "NW", func(t *testing.T, w *world) {
		var want []string
		for _, end := range []desk.ConsentEntry{
			{}, {Step: desk.ConsentWithdrawn, Purpose: "Neues"}, {Step: desk.ConsentWithdrawn}, {Step: desk.ConsentCleared, Actor: w.agent}, {Step: desk.ConsentCleared},
		} {
			m := w.hears(t, w.inboxes[0])
			w.records(t, desk.ConsentEntry{Contact: m.Contact, Step: desk.ConsentDoubted, Means: desk.MeansWord, Answer: m.ID})
			if end.Contact, end.Answer = m.Contact, m.ID; end.Step != "" {
				w.records(t, end)
			}
			if end.Step == "" || end.Purpose != "" || end.Step == desk.ConsentCleared && end.Actor.Kind != desk.ActorAgent {
				want = append(want, m.ID.String())
			}
		}
		storetest.Execute(t, w.url, "DELETE FROM task")
		storetest.Execute(t, w.url, "INSERT INTO task"+statement)
		var got []string
		for _, s := range w.list(t, desk.TaskQuery{Scope: everywhere}) {
			got = append(got, s.Message.String())
			if s.Kind != desk.TaskDoubt || s.Done != nil || s.Day != "2026-11-27" || s.Inbox != w.inboxes[0] {
				t.Errorf("made is %+v", s)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

// The information is made from the register of the moment, in both languages and forms, and not
// at all while the register lacks an item of it; it is a paper and no message (GDPR Art. 14(1)).
func TestTheInformation(t *testing.T) {
	each(t, "2026-11-25", "NW", func(t *testing.T, w *world) {
		ctx := t.Context()
		made := w.mark(t, w.hears(t, w.inboxes[0]))
		for language, words := range map[string][]string{
			"de": {`lang="de"`, "Wer verantwortlich ist", "datenschutz@muster.example", "LDI NRW", "Art. 14 DSGVO", "beobachtet", "öffentlich zugänglichen", "Carrier, Inc.", "25.11.2026"},
			"en": {`lang="en"`, "Who is responsible", "datenschutz@muster.example", "LDI NRW", "GDPR Art. 14", "Carrier, Inc.", "25 November 2026"},
		} {
			page, err := w.Text(ctx, w.agent, w.teams[0], made.ID, language, false)
			must(t, err)
			for _, s := range append(words, made.ID.String()) {
				if !strings.Contains(string(page), s) {
					t.Errorf("%s: the page does not say %q", language, s)
				}
			}
			if strings.Contains(string(page), "Erika") {
				t.Errorf("%s: the page names somebody", language)
			}
			pdf, err := w.Text(ctx, w.agent, w.teams[0], made.ID, language, true)
			if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
				t.Errorf("%s: this is no PDF: %v", language, err)
			}
		}
		if !slices.Contains(w.looked.acts, desk.ActTaskTextOpened) {
			t.Error("making the information left no trace")
		}
		facts, _ := storetest.Papers()
		facts.Authority = ""
		storetest.Enter(t, w.Store, desk.RegisterEntry{Controller: w.controller, Kind: desk.RegisterController, Subject: desk.RegisterID(w.controller), Active: true}, facts)
		if _, err := w.Text(ctx, w.agent, w.teams[0], made.ID, "de", false); desk.CodeOf(err) != desk.CodeConflict || !strings.Contains(err.Error(), "supervisory authority") {
			t.Errorf("without an authority: %v", err)
		}
		m := w.hears(t, w.inboxes[0])
		w.records(t, desk.ConsentEntry{Contact: m.Contact, Step: desk.ConsentDoubted, Means: desk.MeansWord, Answer: m.ID, Actor: w.agent})
		doubt := w.list(t, desk.TaskQuery{Scope: everywhere, Conversation: m.Conversation})[0]
		if _, err := w.Text(ctx, w.agent, w.teams[0], doubt.ID, "de", false); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("for a doubt: %v", err)
		}
	})
}

// failed makes the Task of an Agent of the first team about a Message of ours.
func (w *world) failed(t *testing.T) desk.Task {
	t.Helper()
	ctx, m := t.Context(), w.hears(t, w.inboxes[0])
	storetest.Execute(t, w.url, "UPDATE message SET author_id = $1 WHERE id = $2", w.teams[0].Agent, m.ID)
	must(t, w.Update(ctx, func(tx *store.Tx) error { return tx.OpenFailure(ctx, m.ID, "131026") }))
	open := w.list(t, desk.TaskQuery{Scope: w.teams[0], Conversation: m.Conversation})
	if len(open) != 1 {
		t.Fatalf("%d tasks", len(open))
	}
	return open[0].Task
}

// A Message that failed is its author's: a colleague has it once the author is not there any
// more, and it ends once.
func TestFailuresAreTheirAuthors(t *testing.T) {
	each(t, "2026-11-25", "NW", func(t *testing.T, w *world) {
		ctx, task := t.Context(), w.failed(t)
		colleague := desk.Scope{Agent: desk.NewID[desk.Agent]()}
		must(t, w.Update(ctx, func(tx *store.Tx) error {
			if err := tx.AddAgent(ctx, rows.AddAgentParams{
				ID: colleague.Agent, Role: desk.RoleAgent, EmailDigest: colleague.Agent[:], Profile: private.SealedBytes[desk.AgentProfile]([]byte{1}), CreatedAt: tx.Stamp(),
			}); err != nil {
				return err
			}
			return tx.AddInboxMembership(ctx, rows.AddInboxMembershipParams{Agent: colleague.Agent, Inbox: w.inboxes[0], At: tx.Stamp()})
		}))
		see := func(what string, want int64, whose desk.Scope) {
			t.Helper()
			n, err := w.Count(ctx, desk.TaskQuery{Scope: whose})
			must(t, err)
			if listed := w.list(t, desk.TaskQuery{Scope: whose}); n.Open != want || len(listed) != int(want) {
				t.Errorf("%s: %d counted, %d listed, want %d", what, n.Open, len(listed), want)
			}
		}
		see("the author", 1, w.teams[0])
		see("a colleague", 0, colleague)
		see("another team", 0, w.teams[1])
		see("whoever sees all", 1, everywhere)
		if n, err := w.Count(ctx, desk.TaskQuery{Scope: w.teams[0]}); err != nil || n.Failed != 1 {
			t.Errorf("the author's own are %d: %v", n.Failed, err)
		}
		must(t, w.Update(ctx, func(tx *store.Tx) error {
			return tx.DisableAgent(ctx, rows.DisableAgentParams{Agent: w.teams[0].Agent, At: tx.Stamp(), Reason: "left", Actor: "system"})
		}))
		see("a colleague of somebody who left", 1, colleague)

		for how, code := range map[desk.TaskHow]desk.Code{desk.TaskInformed: desk.CodeInvalid, desk.TaskRepeated: desk.CodeInvalid} {
			if err := w.Finish(ctx, w.agent, everywhere, task.ID, desk.TaskResult{How: how}); desk.CodeOf(err) != code {
				t.Errorf("ended as %s: %v", how, err)
			}
		}
		if err := w.Finish(ctx, w.agent, w.teams[1], task.ID, desk.TaskResult{How: desk.TaskDismissed}); desk.CodeOf(err) != desk.CodeNotFound {
			t.Errorf("a stranger ended it: %v", err)
		}
		must(t, w.Finish(ctx, w.agent, everywhere, task.ID, desk.TaskResult{How: desk.TaskDismissed}))
		if err := w.Finish(ctx, w.agent, everywhere, task.ID, desk.TaskResult{How: desk.TaskDismissed}); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("it ended twice: %v", err)
		}
		see("a colleague", 0, desk.Scope{Agent: desk.NewID[desk.Agent]()})
	})
}

// An Inbox that the Provider's errors paused is a Task of whoever can mend it, at once and until
// it is resumed; one that somebody paused is none.
func TestPausedInboxesAreTasks(t *testing.T) {
	each(t, "2026-11-25", "NW", func(t *testing.T, w *world) {
		ctx := t.Context()
		must(t, w.Update(ctx, func(tx *store.Tx) error {
			if _, err := tx.PauseInbox(ctx, w.controller, w.inboxes[0], "190", tx.Now()); err != nil {
				return err
			}
			return tx.AddInboxPause(ctx, rows.AddInboxPauseParams{Inbox: w.inboxes[1], At: tx.Stamp(), Actor: w.agent.Agent.String(), Reason: "Wartung"})
		}))
		paused := func(q desk.TaskQuery) []desk.ShownTask {
			return slices.DeleteFunc(w.list(t, q), func(t desk.ShownTask) bool { return t.Kind != desk.TaskPaused })
		}
		seen := paused(desk.TaskQuery{Scope: everywhere, Inboxes: true})
		if len(seen) != 1 || seen[0].Inbox != w.inboxes[0] || seen[0].Code != "190" || !seen[0].IsOverdue(w.Now()) {
			t.Errorf("administrators see %+v", seen)
		}
		if seen := paused(desk.TaskQuery{Scope: w.teams[0]}); len(seen) != 0 {
			t.Errorf("agents see %+v", seen)
		}
		if n, err := w.Count(ctx, desk.TaskQuery{Scope: everywhere, Inboxes: true}); err != nil || n.Overdue != 1 {
			t.Errorf("counted %+v: %v", n, err)
		}
		must(t, w.Update(ctx, func(tx *store.Tx) error { return tx.ResumeInbox(ctx, w.inboxes[0]) }))
		if seen := paused(desk.TaskQuery{Scope: everywhere, Inboxes: true}); len(seen) != 0 {
			t.Errorf("resumed: %+v", seen)
		}
	})
}
