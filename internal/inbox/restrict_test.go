package inbox_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/outbound"
)

func (w *world) replies(t *testing.T, c desk.Conversation, client string) error {
	t.Helper()
	_, err := w.Reply(t.Context(), w.north.viewer, outbound.Submission{Conversation: c.ID, ClientID: client, Kind: desk.KindText, Text: text("Hallo")})
	return err
}

// events numbers and gives what was told since the number.
func (w *world) events(t *testing.T, after int64) []desk.Event {
	t.Helper()
	_, err := w.NumberEvents(context.Background())
	must(t, err)
	got, err := w.EventsAfter(context.Background(), after, 1000)
	must(t, err)
	return got
}

// While a Contact is restricted nothing is sent to it; that is an act, and so is
// lifting it.
func TestRestriction(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, v := t.Context(), w.north.viewer
		c := w.wrote(t, w.north, w.north.inboxes[0], "Sperren Sie meine Daten")
		other := w.wrote(t, w.north, w.north.inboxes[0], "Guten Tag")
		if err := w.Unrestrict(ctx, v, c.ID); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("nothing to lift: %v", err)
		}
		for what, reason := range map[string]string{"nothing": "", "blanks": " \n\t", "501": strings.Repeat("ü", 501)} {
			if err := w.Restrict(ctx, v, c.ID, reason); desk.CodeOf(err) != desk.CodeInvalid {
				t.Errorf("a reason of %s: %v", what, err)
			}
		}
		must(t, w.Restrict(ctx, v, c.ID, " "+strings.Repeat("ü", 500)+"\n"))
		if err := w.Restrict(ctx, v, c.ID, "another"); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("restricted already: %v", err)
		}
		kept, err := w.Read().GetRestriction(ctx, c.Contact)
		if err != nil || kept.Reason != strings.Repeat("ü", 500) || !kept.At.Equal(noon) {
			t.Errorf("kept %+v, %v", kept, err)
		}
		var refused *outbound.Refused
		if err := w.replies(t, c, "c-1"); !errors.As(err, &refused) || len(refused.Reasons()) != 1 || refused.Reasons()[0].Code != "contact_restricted" {
			t.Errorf("got %v", err)
		}
		if p, err := w.Preview(ctx, v, c.ID, "", ""); err != nil || p.Outcome != "refusal" || len(p.Reasons) != 1 {
			t.Errorf("the preview says %+v, %v", p, err)
		}
		must(t, w.replies(t, other, "c-1"))
		w.hears(t, c, "what it writes is received", 0)

		must(t, w.Unrestrict(ctx, v, c.ID))
		if err := w.Unrestrict(ctx, v, c.ID); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("lifted already: %v", err)
		}
		must(t, w.replies(t, c, "c-1"))
		w.checkRestrictionActs(t, c)
	})
}

func (w *world) checkRestrictionActs(t *testing.T, c desk.Conversation) {
	t.Helper()
	for _, act := range []desk.Act{desk.ActContactRestricted, desk.ActContactUnrestricted} {
		entries := w.audited(t, act)
		if len(entries) != 1 {
			t.Fatalf("%s: %d entries", act, len(entries))
		}
		e := entries[0]
		if e.Actor != w.north.viewer.Actor || e.Subject != "contact:"+c.Contact.String() || e.Controller != w.north.controller || e.Inbox != c.Inbox || len(e.Detail) != 0 {
			t.Errorf("got %+v", e)
		}
	}
	n := 0
	for _, e := range w.events(t, 0) {
		if e.Kind == desk.EventConversation && e.Conversation == c.ID && e.Controller == w.north.controller && e.Inbox == c.Inbox {
			n++
		}
	}
	if n != 2 {
		t.Errorf("%d events tell of it", n)
	}
}

// Of those who restrict at the same time one does, and one entry says so.
func TestRestrictionsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for round := range 15 {
			c := w.wrote(t, w.north, w.north.inboxes[0], "Sperren Sie meine Daten")
			var done atomic.Int32
			var wg sync.WaitGroup
			begin := make(chan struct{})
			for range 6 {
				wg.Go(func() {
					<-begin
					err := w.Restrict(context.Background(), w.north.viewer, c.ID, "asked")
					if err == nil {
						done.Add(1)
					} else if desk.CodeOf(err) != desk.CodeConflict {
						t.Errorf("got %v", err)
					}
				})
			}
			close(begin)
			wg.Wait()
			if n := len(w.audited(t, desk.ActContactRestricted)); done.Load() != 1 || n != round+1 {
				t.Fatalf("%d did it, %d entries say so for %d contacts", done.Load(), n, round+1)
			}
		}
	})
}

// News is what is there now; of what is there no more there is none.
func TestNews(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.wrote(t, w.north, w.north.inboxes[0], "eins")
		m := w.hears(t, c, "zwei", 0)
		w.hears(t, c, "drei", 0)
		events := []desk.Event{
			{Kind: desk.EventMessage, Conversation: c.ID, Message: m},
			{Kind: desk.EventConversation, Conversation: c.ID},
			{Kind: desk.EventMessage, Conversation: desk.NewID[desk.Conversation](), Message: desk.NewID[desk.Message]()},
			{Kind: desk.EventInbox, Inbox: c.Inbox},
		}
		news, err := w.News(t.Context(), events)
		must(t, err)
		if len(news) != len(events) {
			t.Fatalf("%d news of %d events", len(news), len(events))
		}
		if n := news[0]; n.Conversation == nil || n.Conversation.Last.Text.Reveal() != "drei" || n.Message == nil || n.Message.Text.Reveal() != "zwei" {
			t.Errorf("got %+v", n)
		}
		if news[1].Conversation != news[0].Conversation || news[1].Message != nil {
			t.Errorf("got %+v", news[1])
		}
		for _, n := range news[2:] {
			if n.Conversation != nil || n.Message != nil || n.Turn != nil || n.Attending != nil || n.Read != nil {
				t.Errorf("of nothing there is %+v", n)
			}
		}
		if left := w.audited(t, ""); len(left) != 0 {
			t.Errorf("building news left %+v", left)
		}
	})
}

// What was altered in the database is shown empty, and keeps nobody from the rest.
func TestAlteredContentIsShownEmpty(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.wrote(t, w.north, w.north.inboxes[0], "eins")
		m, next := w.hears(t, c, "zwei", 0), w.hears(t, c, "drei", 0)
		w.exec(t, "UPDATE message SET content = (SELECT o.content FROM message o WHERE o.id = $1) WHERE id = $2", next, m)
		news, err := w.News(t.Context(), []desk.Event{
			{Kind: desk.EventMessage, Conversation: c.ID, Message: m}, {Kind: desk.EventMessage, Conversation: c.ID, Message: next},
		})
		must(t, err)
		if !news[0].Message.Text.IsEmpty() || news[1].Message.Text.Reveal() != "drei" {
			t.Errorf("got %q and %q", news[0].Message.Text.Reveal(), news[1].Message.Text.Reveal())
		}
	})
}

// What is done to a Contact shows wherever something is open with it, once each, and for
// those who serve that Inbox.
func TestContactChangesEverywhere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, v := t.Context(), w.north.viewer
		c := w.wrote(t, w.north, w.north.inboxes[0], "eins")
		w.wrote(t, w.north, w.north.inboxes[0], "von jemand anderem")
		elsewhere := c
		elsewhere.Inbox = w.north.inboxes[1]
		beside, here := w.another(t, elsewhere), w.north.inboxes[0]
		_, err := w.Inbox.Close(ctx, v, c.ID, text(""))
		must(t, err)
		next := w.another(t, c)
		want := map[desk.ConversationID]desk.InboxID{c.ID: here, next.ID: here, beside.ID: elsewhere.Inbox}
		for _, step := range []struct {
			what string
			do   func() error
		}{
			{"restricted", func() error { return w.Restrict(ctx, v, c.ID, "Art. 18") }},
			{"unrestricted", func() error { return w.Unrestrict(ctx, v, c.ID) }},
			{"language", func() error { return w.SetLanguage(ctx, v, c.ID, text("de")) }},
		} {
			w.events(t, 0)
			before, err := w.LastEvent(ctx)
			must(t, err)
			must(t, step.do())
			told := map[desk.ConversationID]desk.InboxID{}
			for _, e := range w.events(t, before) {
				if told[e.Conversation] = e.Inbox; e.Kind != desk.EventConversation {
					t.Errorf("%s: told of %+v", step.what, e)
				}
			}
			if !maps.Equal(told, want) {
				t.Errorf("%s: told of %v, want %v", step.what, told, want)
			}
		}
	})
}
