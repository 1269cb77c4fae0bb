package inbox_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/inbox"
)

func (w *world) opens(t *testing.T, v inbox.Viewer, c desk.Conversation) {
	t.Helper()
	if got, err := w.Open(t.Context(), v, c.ID); err != nil || got.ID != c.ID {
		t.Errorf("got %v, %v", got.ID, err)
	}
}

// One entry for an Agent, a Conversation and ten minutes, however often it is looked at.
func TestOpeningIsAudited(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, v, colleague := t.Context(), w.north.viewer, w.agent(t, w.north)
		one, two := w.wrote(t, w.north, w.north.inboxes[0], "eins"), w.wrote(t, w.north, w.north.inboxes[1], "zwei")
		reads := func(v inbox.Viewer, c desk.Conversation) {
			t.Helper()
			page, err := w.Messages(ctx, v, c.ID, 0, "")
			if err != nil || len(page.Items) != 1 {
				t.Errorf("got %q, %v", lines(page.Items), err)
			}
		}
		for i, step := range []struct {
			look func()
			want int
		}{
			{func() { w.opens(t, v, one) }, 1},
			{func() { w.opens(t, v, one); reads(v, one) }, 1},
			{func() { reads(v, two) }, 2},
			{func() { w.opens(t, v, two) }, 2},
			{func() { reads(colleague, one) }, 3},
			{func() { w.clock.Add(10*time.Minute - time.Millisecond); reads(v, one); w.opens(t, v, two) }, 3},
			{func() { w.clock.Add(time.Millisecond); reads(v, one) }, 4},
			{func() { w.clock.Add(10*time.Minute - time.Millisecond); reads(v, one) }, 4},
		} {
			step.look()
			if n := len(w.audited(t, desk.ActConversationOpened)); n != step.want {
				t.Fatalf("after look %d: %d entries, want %d", i, n, step.want)
			}
		}
		e := w.audited(t, desk.ActConversationOpened)[0]
		if e.Actor != v.Actor || e.Subject != "conversation:"+one.ID.String() || e.Controller != w.north.controller || e.Inbox != one.Inbox || !e.At.Equal(noon) {
			t.Errorf("got %+v", e)
		}
		if !w.HasOpened(v.Actor.Agent, one.ID) || w.HasOpened(colleague.Actor.Agent, two.ID) || w.HasOpened(w.south.viewer.Actor.Agent, one.ID) {
			t.Error("who has opened what is told wrongly")
		}
		w.clock.Add(10 * time.Minute)
		if w.HasOpened(v.Actor.Agent, one.ID) {
			t.Error("an old look still counts")
		}
	})
}

// Lists show the last words of everybody: a look at them is an act as well.
func TestLookingAtListsIsAudited(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		v := w.north.viewer
		lists := func() int {
			_, err := w.List(t.Context(), v, inbox.Query{})
			must(t, err)
			return len(w.audited(t, desk.ActListOpened))
		}
		if n := lists(); n != 0 {
			t.Errorf("nothing was shown, and %d entries say so", n)
		}
		w.wrote(t, w.north, w.north.inboxes[0], "eins")
		if n := lists(); n != 1 {
			t.Errorf("%d entries", n)
		}
		must(t, w.Looked(t.Context(), v.Actor))
		if n := lists(); n != 1 {
			t.Errorf("%d entries for ten minutes", n)
		}
		w.clock.Add(10 * time.Minute)
		if n := lists(); n != 2 {
			t.Errorf("%d entries after ten minutes", n)
		}
		if n := len(w.audited(t, desk.ActConversationOpened)); n != 0 {
			t.Errorf("a list opened %d conversations", n)
		}
	})
}

// What cannot be written down is not shown and not done.
func TestNothingIsShownUnaudited(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, v := t.Context(), w.north.viewer
		c := w.wrote(t, w.north, w.north.inboxes[0], "Guten Tag")
		m := w.fails(t, c, "Antwort")
		w.exec(t, "ALTER TABLE audit_entry RENAME TO elsewhere")
		for _, u := range w.uses(c.ID, m, w.north.inboxes[0]) {
			switch u.name { // shows no content; has nothing to lift; shows colleagues alone
			case "Preview", "Unrestrict", "Attending", "Colleagues":
				continue
			}
			if got, err := u.do(ctx, v); got != nil || err == nil || desk.CodeOf(err) == desk.CodeNotFound {
				t.Errorf("%s: %v, %v", u.name, got, err)
			}
		}
		if w.HasOpened(v.Actor.Agent, c.ID) {
			t.Error("an opening that failed counts")
		}
		w.exec(t, "ALTER TABLE elsewhere RENAME TO audit_entry")
		if left := w.audited(t, ""); len(left) != 0 {
			t.Errorf("the log holds %+v", left)
		}
		if _, err := w.Read().GetRestriction(ctx, c.Contact); err == nil {
			t.Error("the contact is restricted and nobody did it")
		}
		w.opens(t, v, c)
	})
}

// Agents who look at the same time leave an entry each.
func TestOpeningsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.wrote(t, w.north, w.north.inboxes[0], "eins")
		viewers := []inbox.Viewer{w.north.viewer, w.agent(t, w.north), w.agent(t, w.north)}
		var wg sync.WaitGroup
		for _, v := range viewers {
			for range 4 {
				wg.Go(func() {
					_, err := w.Open(context.Background(), v, c.ID)
					if err != nil || !w.HasOpened(v.Actor.Agent, c.ID) {
						t.Errorf("got %v", err)
					}
				})
			}
		}
		wg.Wait()
		seen := map[desk.AgentID]bool{}
		for _, e := range w.audited(t, desk.ActConversationOpened) {
			seen[e.Actor.Agent] = true
		}
		if len(seen) != len(viewers) {
			t.Errorf("%d of %d agents stand in the log", len(seen), len(viewers))
		}
	})
}

// The number in full is shown after an entry, each time.
func TestRevealIsAudited(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.wrote(t, w.north, w.north.inboxes[0], "eins")
		w.wrote(t, w.north, w.north.inboxes[0], "somebody else")
		for n := range 3 {
			got, err := w.Reveal(t.Context(), w.north.viewer, c.ID)
			must(t, err)
			var values []string
			for _, a := range got {
				values = append(values, a.Value.Reveal())
			}
			slices.Sort(values)
			if len(values) != 2 || !strings.HasPrefix(values[0], "bsuid+49170") || !strings.HasPrefix(values[1], "phone+49170") {
				t.Errorf("got %q", values)
			}
			entries := w.audited(t, desk.ActIdentityRevealed)
			if len(entries) != n+1 {
				t.Fatalf("%d entries after %d looks", len(entries), n+1)
			}
			e := entries[0]
			if e.Actor != w.north.viewer.Actor || e.Subject != "contact:"+c.Contact.String() || e.Controller != w.north.controller ||
				e.Inbox != c.Inbox || len(e.Detail) != 1 || e.Detail["conversation"] != c.ID.String() {
				t.Errorf("got %+v", e)
			}
		}
	})
}

// What was erased is shown as empty, and everything else around it as it is.
func TestErasedContent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, v := t.Context(), w.north.viewer
		gone, kept := w.wrote(t, w.north, w.north.inboxes[0], "gone"), w.wrote(t, w.north, w.north.inboxes[1], "kept")
		must(t, w.vault.Destroy(ctx, gone.Contact, "agent:test"))
		got := says(w.all(t, v, inbox.Query{}, nothing))
		slices.Sort(got)
		if !slices.Equal(got, []string{"", "kept"}) {
			t.Errorf("the list says %q", got)
		}
		if got := lines(w.thread(t, gone.ID, 10, nothing)); !slices.Equal(got, []string{""}) {
			t.Errorf("the thread says %q", got)
		}
		if c, err := w.Open(ctx, v, gone.ID); err != nil || !c.Profile.Name.IsEmpty() {
			t.Errorf("got %v", err)
		}
		if got, err := w.Reveal(ctx, v, gone.ID); err != nil || slices.ContainsFunc(got, func(a desk.Alias) bool { return !a.Value.IsEmpty() }) {
			t.Errorf("got %d, %v", len(got), err)
		}
		if got := lines(w.thread(t, kept.ID, 10, nothing)); !slices.Equal(got, []string{"kept"}) {
			t.Errorf("the other thread says %q", got)
		}
	})
}
