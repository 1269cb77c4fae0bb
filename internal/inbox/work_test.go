package inbox_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"botschaft/internal/desk"
	"botschaft/internal/inbox"
)

// turns gives what happened in a Conversation, the newest first, as "kind words".
func (w *world) turns(t *testing.T, v inbox.Viewer, id desk.ConversationID) (said []string) {
	t.Helper()
	page, err := w.Thread(t.Context(), v, id, 0, "")
	must(t, err)
	for _, e := range page.Items {
		if e.Turn != nil {
			said = append(said, string(e.Turn.Kind)+" "+e.Turn.Text.Reveal())
		}
	}
	return said
}

// in tells whether a view holds the Conversation.
func (w *world) in(t *testing.T, v inbox.Viewer, view desk.View, id desk.ConversationID) bool {
	t.Helper()
	page, err := w.List(t.Context(), v, inbox.Query{View: view, Limit: 200})
	must(t, err)
	for _, c := range page.Items {
		if c.ID == id {
			return true
		}
	}
	return false
}

func (w *world) views(t *testing.T, v inbox.Viewer, id desk.ConversationID) (in string) {
	t.Helper()
	for _, view := range []desk.View{desk.ViewMine, desk.ViewUnassigned, desk.ViewAll, desk.ViewClosed} {
		if w.in(t, v, view, id) {
			in += string(view) + " "
		}
	}
	return in
}

func wantCode(t *testing.T, err error, code desk.Code, field string) {
	t.Helper()
	var e *desk.Error
	if !errors.As(err, &e) || e.Code != code || e.Field != field {
		t.Errorf("got %v, want %s of %q", err, code, field)
	}
}

// A Conversation goes through its life; every act shows in the views, in the thread, in
// the audit log and as one event.
func TestLife(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, me, ben := t.Context(), w.north.viewer, w.agent(t, w.north)
		c := w.wrote(t, w.north, w.north.inboxes[0], "eins")
		for _, s := range []struct {
			what string
			do   func() (inbox.Conversation, error)
			in   string
			turn string
			act  desk.Act
		}{
			{"taken", func() (inbox.Conversation, error) {
				return w.Assign(ctx, me, c.ID, me.Actor.Agent, &desk.AgentID{})
			}, "mine all ", "assigned ", desk.ActAssigned},
			{"passed on", func() (inbox.Conversation, error) {
				return w.Transfer(ctx, me, c.ID, ben.Actor.Agent, text(" Bitte prüfen. "))
			}, "all ", "transferred Bitte prüfen.", desk.ActTransferred},
			{"released", func() (inbox.Conversation, error) { return w.Release(ctx, ben, c.ID) }, "unassigned all ", "released ", desk.ActReleased},
			{"resting", func() (inbox.Conversation, error) {
				return w.Snooze(ctx, me, c.ID, w.Now().Add(time.Hour))
			}, "all ", "snoozed ", desk.ActSnoozed},
			{"woken", func() (inbox.Conversation, error) { return w.Wake(ctx, me, c.ID) }, "unassigned all ", "woken ", desk.ActWoken},
			{"closed", func() (inbox.Conversation, error) { return w.Inbox.Close(ctx, me, c.ID, text("Erledigt")) }, "closed ", "closed Erledigt", desk.ActClosed},
			{"reopened", func() (inbox.Conversation, error) { return w.Reopen(ctx, me, c.ID) }, "unassigned all ", "reopened ", desk.ActReopened},
		} {
			before := len(w.audited(t, s.act))
			now, err := s.do()
			must(t, err)
			if in := w.views(t, me, c.ID); in != s.in {
				t.Errorf("%s: stands in %q, want %q", s.what, in, s.in)
			}
			if said := w.turns(t, me, c.ID); said[0] != s.turn {
				t.Errorf("%s: the thread says %q, want %q", s.what, said[0], s.turn)
			}
			if now.Position != int64(len(w.turns(t, me, c.ID))+1) {
				t.Errorf("%s: position %d", s.what, now.Position)
			}
			if n := len(w.audited(t, s.act)); n != before+1 {
				t.Errorf("%s: %d audit entries", s.what, n-before)
			}
		}
	})
}

// What cannot be is refused by name and changes nothing.
func TestWorkRefuses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, me := t.Context(), w.north.viewer
		ben, other := w.agent(t, w.north), w.south.viewer
		c := w.wrote(t, w.north, w.north.inboxes[0], "eins")
		_, err := w.Assign(ctx, me, c.ID, other.Actor.Agent, nil)
		wantCode(t, err, desk.CodeInvalid, "agent")
		_, err = w.Assign(ctx, other, c.ID, other.Actor.Agent, nil)
		wantCode(t, err, desk.CodeNotFound, "")
		_, err = w.Release(ctx, me, c.ID)
		wantCode(t, err, desk.CodeConflict, "")
		_, err = w.Assign(ctx, ben, c.ID, ben.Actor.Agent, &desk.AgentID{})
		must(t, err)
		_, err = w.Assign(ctx, me, c.ID, me.Actor.Agent, &desk.AgentID{})
		wantCode(t, err, desk.CodeConflict, "was")
		_, err = w.Transfer(ctx, me, c.ID, me.Actor.Agent, text("  "))
		wantCode(t, err, desk.CodeInvalid, "note")
		for _, until := range []time.Time{w.Now(), w.Now().Add(-time.Hour), w.Now().Add(desk.MaxSnooze + time.Hour)} {
			_, err = w.Snooze(ctx, me, c.ID, until)
			wantCode(t, err, desk.CodeInvalid, "until")
		}
		_, err = w.Wake(ctx, me, c.ID)
		wantCode(t, err, desk.CodeConflict, "")
		_, err = w.Reopen(ctx, me, c.ID)
		wantCode(t, err, desk.CodeConflict, "")
		_, err = w.Inbox.Close(ctx, me, c.ID, text(""))
		must(t, err)
		_, err = w.Snooze(ctx, me, c.ID, time.Time{})
		wantCode(t, err, desk.CodeConflict, "")
		_, err = w.Assign(ctx, me, c.ID, me.Actor.Agent, nil)
		wantCode(t, err, desk.CodeConflict, "")
		if said := w.turns(t, me, c.ID); len(said) != 2 {
			t.Errorf("what was refused left %q", said)
		}
	})
}

// What rests wakes when its time is up, once, whoever looks; what rests until the
// Contact writes does not wake by time.
func TestRouse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, me := t.Context(), w.north.viewer
		timed, open := w.wrote(t, w.north, w.north.inboxes[0], "eins"), w.wrote(t, w.north, w.north.inboxes[1], "zwei")
		_, err := w.Snooze(ctx, me, timed.ID, w.Now().Add(time.Hour))
		must(t, err)
		_, err = w.Snooze(ctx, me, open.ID, time.Time{})
		must(t, err)
		for _, step := range []struct {
			after time.Duration
			woken int
			in    string
		}{{59 * time.Minute, 0, "all "}, {time.Minute, 1, "unassigned all "}, {100 * time.Hour, 0, "unassigned all "}} {
			w.clock.Add(step.after)
			n, err := w.Rouse(ctx)
			must(t, err)
			if in := w.views(t, me, timed.ID); n != step.woken || in != step.in {
				t.Errorf("after %v: woke %d, stands in %q", step.after, n, in)
			}
		}
		if in := w.views(t, me, open.ID); in != "all " {
			t.Errorf("what rests until the Contact writes stands in %q", in)
		}
	})
}

// Reopened beside another one that receives, a Conversation is open and does not
// receive; alone it does again.
func TestReopenBesideAnother(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, me := t.Context(), w.north.viewer
		first := w.wrote(t, w.north, w.north.inboxes[0], "eins")
		_, err := w.Inbox.Close(ctx, me, first.ID, text(""))
		must(t, err)
		second := w.another(t, first)
		now, err := w.Reopen(ctx, me, first.ID)
		must(t, err)
		if now.Receiving || now.Closed != nil {
			t.Errorf("beside another: %+v", now.Conversation)
		}
		for _, id := range []desk.ConversationID{first.ID, second.ID} {
			_, err := w.Inbox.Close(ctx, me, id, text(""))
			must(t, err)
		}
		if now, err = w.Reopen(ctx, me, first.ID); err != nil || !now.Receiving {
			t.Errorf("alone: %v, %v", now.Receiving, err)
		}
		others, err := w.Matters(ctx, me, first.ID)
		must(t, err)
		if len(others) != 1 || others[0].ID != second.ID {
			t.Errorf("other matters: %v", others)
		}
		if others, err := w.Matters(ctx, w.south.viewer, first.ID); desk.CodeOf(err) != desk.CodeNotFound || len(others) != 0 {
			t.Errorf("another Controller's agent got %v, %v", others, err)
		}
	})
}

// Whatever happens in whatever order, the counts are those of the lists.
func TestCountsAreRight(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		agents := []inbox.Viewer{w.north.viewer, w.agent(t, w.north)}
		var all []desk.ConversationID
		for i := range 6 {
			all = append(all, w.wrote(t, w.north, w.north.inboxes[i%2], fmt.Sprint("Wort ", i)).ID)
		}
		rapid.Check(t, func(rt *rapid.T) {
			ctx := context.Background()
			for range 8 {
				v := agents[rapid.IntRange(0, 1).Draw(rt, "who")]
				id := all[rapid.IntRange(0, len(all)-1).Draw(rt, "which")]
				switch rapid.IntRange(0, 6).Draw(rt, "act") {
				case 0:
					_, _ = w.Assign(ctx, v, id, agents[rapid.IntRange(0, 1).Draw(rt, "to")].Actor.Agent, nil)
				case 1:
					_, _ = w.Release(ctx, v, id)
				case 2:
					_, _ = w.Snooze(ctx, v, id, time.Time{})
				case 3:
					_, _ = w.Wake(ctx, v, id)
				case 4:
					_, _ = w.Inbox.Close(ctx, v, id, text(""))
				case 5:
					_, _ = w.Reopen(ctx, v, id)
				case 6:
					_, _ = w.Snooze(ctx, v, id, w.Now().Add(time.Hour))
				}
			}
			for _, v := range agents {
				w.checkCounts(t, v)
			}
		})
		counts, err := w.Counts(t.Context(), w.south.viewer)
		must(t, err)
		for _, c := range counts.Items {
			if c.All+c.Closed+c.Mine+c.Unassigned != 0 || c.Inbox == w.north.inboxes[0] || c.Inbox == w.north.inboxes[1] {
				t.Errorf("another Controller's agent is told %+v", c)
			}
		}
	})
}

func (w *world) checkCounts(t *testing.T, v inbox.Viewer) {
	t.Helper()
	counts, err := w.Counts(context.Background(), v)
	must(t, err)
	for _, c := range counts.Items {
		for view, n := range map[desk.View]int64{desk.ViewMine: c.Mine, desk.ViewUnassigned: c.Unassigned, desk.ViewAll: c.All, desk.ViewClosed: c.Closed} {
			page, err := w.List(context.Background(), v, inbox.Query{View: view, Inbox: c.Inbox, Limit: 200})
			must(t, err)
			if int64(len(page.Items)) != n {
				t.Fatalf("%s holds %d, counted %d", view, len(page.Items), n)
			}
		}
	}
}

// In the order of work whose Window ends first stands first; what was answered follows,
// the newest first; pages join without gap.
func TestOrderOfWork(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var want []desk.ConversationID
		for i := range 4 {
			want = append(want, w.wrote(t, w.north, w.north.inboxes[i%2], fmt.Sprint("wartet ", i)).ID)
			w.clock.Add(time.Minute)
		}
		for i := range 3 {
			c := w.wrote(t, w.north, w.north.inboxes[i%2], fmt.Sprint("beantwortet ", i))
			w.clock.Add(time.Minute)
			w.fails(t, c, "Antwort")
			want = append(want[:4:4], append([]desk.ConversationID{c.ID}, want[4:]...)...)
		}
		for _, view := range []desk.View{desk.ViewUnassigned, desk.ViewAll} {
			var got []desk.ConversationID
			for cursor := ""; ; {
				page, err := w.List(t.Context(), w.north.viewer, inbox.Query{View: view, Sort: desk.SortDue, Limit: 2, Cursor: cursor})
				must(t, err)
				for _, c := range page.Items {
					got = append(got, c.ID)
				}
				if cursor = page.Next; cursor == "" {
					break
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: got %v, want %v", view, got, want)
			}
		}
		page, err := w.List(t.Context(), w.north.viewer, inbox.Query{Sort: desk.SortDue, Limit: 1})
		must(t, err)
		_, err = w.List(t.Context(), w.north.viewer, inbox.Query{Cursor: page.Next})
		wantCode(t, err, desk.CodeInvalid, "cursor")
		_, err = w.List(t.Context(), w.north.viewer, inbox.Query{View: desk.ViewClosed, Sort: desk.SortDue})
		wantCode(t, err, desk.CodeInvalid, "sort")
	})
}
