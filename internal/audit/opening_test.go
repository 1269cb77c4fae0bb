package audit_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"botschaft/internal/audit"
	"botschaft/internal/desk"
)

// look is ben's look, or another Agent's, at a Conversation.
func look(who desk.Actor, subject string) desk.AuditEntry {
	return desk.AuditEntry{Actor: who, Act: desk.ActConversationOpened, Subject: subject}
}

// looks counts the entries that were committed, by Agent and subject.
func (w *world) looks(t *testing.T) map[string]int {
	t.Helper()
	must(t, w.log.Number(context.Background()))
	found := map[string]int{}
	for _, e := range w.numbered(t) {
		found[fmt.Sprint(e.ActorID == ben.Agent, " ", e.Subject)]++
	}
	return found
}

func TestOpenings(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, o := t.Context(), audit.NewOpenings(w.Store)
		ida := desk.Actor{Kind: desk.ActorAgent, Agent: desk.NewID[desk.Agent](), Via: "token"}
		opens := func(when string, who desk.Actor, subject string, want int) {
			t.Helper()
			must(t, o.Open(ctx, look(who, subject)))
			if !o.Covers(who.Agent, subject) {
				t.Errorf("%s: what was opened is not covered", when)
			}
			if got := w.looks(t)[fmt.Sprint(who == ben, " ", subject)]; got != want {
				t.Errorf("%s: %d entries, want %d", when, got, want)
			}
		}
		if o.Covers(ben.Agent, "conversation:1") {
			t.Error("what nobody opened is covered")
		}
		opens("at first", ben, "conversation:1", 1)
		opens("at once again", ben, "conversation:1", 1)
		opens("another conversation", ben, "conversation:2", 1)
		opens("another agent", ida, "conversation:1", 1)
		w.clock.Add(10*time.Minute - time.Millisecond)
		opens("the last moment of ten minutes", ben, "conversation:1", 1)
		w.clock.Add(time.Millisecond)
		if o.Covers(ben.Agent, "conversation:1") {
			t.Error("an entry covers more than ten minutes")
		}
		opens("ten minutes later", ben, "conversation:1", 2)
		w.clock.Add(9 * time.Minute)
		opens("looking on does not prolong", ben, "conversation:1", 2)
		w.clock.Add(time.Minute)
		opens("ten minutes after the second entry", ben, "conversation:1", 3)
		opens("the other agent, hours later", ida, "conversation:1", 2)
		must(t, audit.NewOpenings(w.Store).Open(ctx, look(ida, "conversation:1")))
		if got := w.looks(t)["false conversation:1"]; got != 3 {
			t.Errorf("a second node left %d entries in all", got)
		}
	})
}

// A browser asks for several things at once: that is one look.
func TestOpeningsAtTheSameMoment(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		o := audit.NewOpenings(w.Store)
		for round := 1; round <= 3; round++ {
			var asking sync.WaitGroup
			for i := range 24 {
				asking.Go(func() {
					subject := fmt.Sprintf("conversation:%d", i%3)
					if err := o.Open(t.Context(), look(ben, subject)); err != nil || !o.Covers(ben.Agent, subject) {
						t.Errorf("opening: %v", err)
					}
				})
			}
			asking.Wait()
			for subject, n := range w.looks(t) {
				if n != round {
					t.Errorf("%s: %d entries after round %d", subject, n, round)
				}
			}
			w.clock.Add(time.Hour)
		}
	})
}

// Nothing may be shown without its entry: whoever comes while the entry is being
// written waits for it, and an entry that failed covers nobody.
func TestOpeningThatFails(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		o, x := audit.NewOpenings(w.Store), tamperer{t, w.database(t)}
		x.rename("audit_entry", "away")
		failed := make(chan error)
		for range 6 {
			go func() { failed <- o.Open(t.Context(), look(ben, "conversation:1")) }()
		}
		for range 6 {
			if err := <-failed; desk.CodeOf(err) != desk.CodeUnavailable {
				t.Errorf("without a log: %v", err)
			}
		}
		if o.Covers(ben.Agent, "conversation:1") {
			t.Error("an entry that was not written covers")
		}
		x.rename("away", "audit_entry")
		gone, stop := context.WithCancel(t.Context())
		stop()
		if err := o.Open(gone, look(ben, "conversation:1")); err == nil || o.Covers(ben.Agent, "conversation:1") {
			t.Errorf("whoever has hung up opened: %v", err)
		}
		must(t, o.Open(t.Context(), look(ben, "conversation:1")))
		if got := w.looks(t)["true conversation:1"]; got != 1 {
			t.Errorf("%d entries", got)
		}
	})
}
