package inbox_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/inbox"
)

// says gives what the Conversations' newest Messages say.
func says(cs []inbox.Conversation) (all []string) {
	for _, c := range cs {
		words := ""
		if c.Last != nil {
			words = c.Last.Text.Reveal()
		}
		all = append(all, words)
	}
	return all
}

// all reads every page of a list; between pages it calls meanwhile.
func (w *world) all(t *testing.T, v inbox.Viewer, q inbox.Query, meanwhile func(page int)) (all []inbox.Conversation) {
	t.Helper()
	for n := 0; ; n++ {
		page, err := w.List(t.Context(), v, q)
		must(t, err)
		if len(page.Items) > q.Limit && q.Limit > 0 {
			t.Fatalf("a page of %d has %d", q.Limit, len(page.Items))
		}
		all = append(all, page.Items...)
		if page.Next == "" {
			return all
		}
		if n > 100 || len(page.Items) == 0 {
			t.Fatal("the list has no end")
		}
		q.Cursor = page.Next
		meanwhile(n)
	}
}

func nothing(int) {}

// However a list is cut, its pages together are the list: over several Inboxes, and
// where many Conversations have the same time.
func TestListPages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const groups, size = 5, 4
		for group := range groups {
			for i := range size {
				w.wrote(t, w.north, w.north.inboxes[i%2], fmt.Sprintf("%d-%d", group, i))
			}
			w.clock.Add(time.Millisecond)
		}
		w.wrote(t, w.south, w.south.inboxes[0], "elsewhere")
		whole := w.all(t, w.north.viewer, inbox.Query{View: desk.ViewAll, Limit: inbox.MaxLimit}, nothing)
		if len(whole) != groups*size {
			t.Fatalf("got %q", says(whole))
		}
		for i := 1; i < len(whole); i++ {
			before, after := whole[i-1], whole[i]
			if before.LastAt.Before(after.LastAt) || before.LastAt.Equal(after.LastAt) && slices.Compare(before.ID[:], after.ID[:]) <= 0 {
				t.Errorf("%q comes before %q", before.Last.Text.Reveal(), after.Last.Text.Reveal())
			}
		}
		for _, limit := range []int{1, 2, 3, 4, 7, 19, 20, 21} {
			got := w.all(t, w.north.viewer, inbox.Query{View: desk.ViewAll, Limit: limit}, nothing)
			if !slices.Equal(says(got), says(whole)) {
				t.Errorf("in pages of %d:\n%q, want\n%q", limit, says(got), says(whole))
			}
		}
		one := w.all(t, w.north.viewer, inbox.Query{Inbox: w.north.inboxes[1], Limit: 3}, nothing)
		want := slices.DeleteFunc(slices.Clone(whole), func(c inbox.Conversation) bool { return c.Conversation.Inbox != w.north.inboxes[1] })
		if !slices.Equal(says(one), says(want)) {
			t.Errorf("of one inbox: %q, want %q", says(one), says(want))
		}
	})
}

// What stays in its place is listed once, whatever arrives meanwhile. What rises while
// somebody pages stands above the first page and is told by the events.
func TestListPagesWhileMessagesArrive(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var cs []desk.Conversation
		for i := range 24 {
			cs = append(cs, w.wrote(t, w.north, w.north.inboxes[i%2], fmt.Sprint(i)))
			if i%3 == 0 {
				w.clock.Add(time.Second)
			}
		}
		moved := map[desk.ConversationID]bool{}
		rises := func(c desk.Conversation) {
			w.hears(t, c, "again", 0)
			moved[c.ID] = true
		}
		got := w.all(t, w.north.viewer, inbox.Query{Limit: 3}, func(page int) {
			w.clock.Add(time.Second)
			w.wrote(t, w.north, w.north.inboxes[page%2], "new")
			rises(cs[23-page]) // listed already
			if page < 4 {
				rises(cs[page]) // not listed yet
			}
		})
		seen := map[desk.ConversationID]int{}
		for _, c := range got {
			seen[c.ID]++
			if words := c.Last.Text.Reveal(); words == "new" || words == "again" {
				t.Errorf("a later page shows %q", words)
			}
		}
		for i, c := range cs {
			if n := seen[c.ID]; n > 1 || n == 0 && !moved[c.ID] {
				t.Errorf("conversation %d is listed %d times", i, n)
			}
		}
	})
}

// thread reads every page of a thread, the lowest first.
func (w *world) thread(t *testing.T, id desk.ConversationID, limit int, meanwhile func(page int)) (all []inbox.Message) {
	t.Helper()
	for n, cursor := 0, ""; ; n++ {
		page, err := w.Messages(t.Context(), w.north.viewer, id, limit, cursor)
		must(t, err)
		if len(page.Items) > limit {
			t.Fatalf("a page of %d has %d", limit, len(page.Items))
		}
		all = append(all, page.Items...)
		if page.Next == "" {
			return all
		}
		if n > 100 || len(page.Items) == 0 {
			t.Fatal("the thread has no end")
		}
		cursor = page.Next
		meanwhile(n)
	}
}

func lines(ms []inbox.Message) (all []string) {
	for _, m := range ms {
		all = append(all, m.Text.Reveal())
	}
	return all
}

// A thread is in the order of its Messages' own times, however it is cut.
func TestThreadPages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.wrote(t, w.north, w.north.inboxes[0], "0")
		w.wrote(t, w.north, w.north.inboxes[0], "another matter")
		for i := 1; i < 12; i++ {
			if i%3 == 0 {
				w.clock.Add(time.Second)
			}
			w.hears(t, c, fmt.Sprint(i), 0)
		}
		w.hears(t, c, "a bit late", 500*time.Millisecond) // by its time between 8 and 9
		w.hears(t, c, "much too late", time.Hour)         // stands at its arrival
		want := []string{"much too late", "11", "10", "9", "a bit late", "8", "7", "6", "5", "4", "3", "2", "1", "0"}
		for _, limit := range []int{1, 2, 3, 5, 13, 14, 15, 200} {
			got := w.thread(t, c.ID, limit, nothing)
			if !slices.Equal(lines(got), want) {
				t.Errorf("in pages of %d: %q, want %q", limit, lines(got), want)
			}
		}
		for _, m := range w.thread(t, c.ID, 200, nothing) {
			if late := m.Text.Reveal() == "much too late"; m.Late != late {
				t.Errorf("%q is marked %v", m.Text.Reveal(), m.Late)
			}
		}
	})
}

func TestThreadPagesWhileMessagesArrive(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.wrote(t, w.north, w.north.inboxes[0], "0")
		want := []string{"0"}
		for i := 1; i < 15; i++ {
			w.clock.Add(time.Second)
			w.hears(t, c, fmt.Sprint(i), 0)
			want = append([]string{fmt.Sprint(i)}, want...)
		}
		got := w.thread(t, c.ID, 2, func(page int) {
			w.clock.Add(time.Second)
			w.hears(t, c, "new", 0)
			w.hears(t, c, "late", time.Duration(1+page)*2*time.Second) // somewhere in what is read or will be
		})
		kept := slices.DeleteFunc(lines(got), func(s string) bool { return s == "late" })
		if !slices.Equal(kept, want) {
			t.Errorf("got %q, want %q", kept, want)
		}
		seen := map[desk.MessageID]bool{}
		for _, m := range got {
			if seen[m.ID] {
				t.Errorf("%q comes twice", m.Text.Reveal())
			}
			seen[m.ID] = true
		}
	})
}

// Mine, nobody's, all that are open, and the closed ones.
func TestViews(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		v, colleague := w.north.viewer, w.agent(t, w.north)
		for i, words := range []string{"mine", "of a colleague", "nobody's", "mine and closed", "closed"} {
			c := w.wrote(t, w.north, w.north.inboxes[i%2], words)
			w.clock.Add(time.Second)
			switch words {
			case "mine", "mine and closed":
				w.exec(t, "UPDATE conversation SET assignee_id = $1 WHERE id = $2", v.Actor.Agent[:], c.ID[:])
			case "of a colleague":
				w.exec(t, "UPDATE conversation SET assignee_id = $1 WHERE id = $2", colleague.Actor.Agent[:], c.ID[:])
			}
			if strings.Contains(words, "closed") {
				w.exec(t, "UPDATE conversation SET closed_at = $1, receiving = FALSE WHERE id = $2", w.Now().UnixMilli(), c.ID[:])
			}
		}
		for view, want := range map[desk.View][]string{
			desk.ViewMine: {"mine"}, desk.ViewUnassigned: {"nobody's"}, desk.ViewAll: {"nobody's", "of a colleague", "mine"},
			desk.ViewClosed: {"closed", "mine and closed"}, "": {"nobody's", "of a colleague", "mine"},
		} {
			for _, limit := range []int{1, 50} {
				if got := w.all(t, v, inbox.Query{View: view, Limit: limit}, nothing); !slices.Equal(says(got), want) {
					t.Errorf("%q in pages of %d: %q, want %q", view, limit, says(got), want)
				}
			}
			if got := w.all(t, w.south.viewer, inbox.Query{View: view}, nothing); len(got) != 0 {
				t.Errorf("the others see %q", says(got))
			}
		}
		if _, err := w.List(t.Context(), v, inbox.Query{View: "theirs"}); desk.CodeOf(err) != desk.CodeInvalid {
			t.Errorf("a view nobody knows: %v", err)
		}
	})
}

// A cursor is what a page gave, or it is refused; whatever it says, it stays in its
// list.
func TestCursors(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, v := t.Context(), w.north.viewer
		c := w.wrote(t, w.north, w.north.inboxes[0], "eins")
		w.wrote(t, w.south, w.south.inboxes[0], "elsewhere")
		b64 := base64.RawURLEncoding.EncodeToString
		for _, bad := range []string{"x", "=", "äöü", b64(nil) + "A", b64(make([]byte, 15)), b64(make([]byte, 17)), b64(make([]byte, 23)), b64(make([]byte, 25)), strings.Repeat("A", 10_000)} {
			if page, err := w.List(ctx, v, inbox.Query{Cursor: bad}); desk.CodeOf(err) != desk.CodeInvalid || len(page.Items) != 0 {
				t.Errorf("list from %.40q on: %v", bad, err)
			}
			if page, err := w.Messages(ctx, v, c.ID, 0, bad); desk.CodeOf(err) != desk.CodeInvalid || len(page.Items) != 0 {
				t.Errorf("thread from %.40q on: %v", bad, err)
			}
		}
		for _, fill := range []string{"\x00", "\x01", "\x7f", "\x80", "\xff"} {
			page, err := w.List(ctx, v, inbox.Query{Cursor: b64([]byte(strings.Repeat(fill, 24)))})
			if err != nil || slices.Contains(says(page.Items), "elsewhere") {
				t.Errorf("list from %x on: %q, %v", fill, says(page.Items), err)
			}
			if _, err := w.Messages(ctx, v, c.ID, 0, b64([]byte(strings.Repeat(fill, 16)))); err != nil {
				t.Errorf("thread from %x on: %v", fill, err)
			}
		}
		for _, limit := range []int{-1, inbox.MaxLimit + 1} {
			if _, err := w.List(ctx, v, inbox.Query{Limit: limit}); desk.CodeOf(err) != desk.CodeInvalid {
				t.Errorf("a list of %d: %v", limit, err)
			}
			if _, err := w.Messages(ctx, v, c.ID, limit, ""); desk.CodeOf(err) != desk.CodeInvalid {
				t.Errorf("a thread of %d: %v", limit, err)
			}
		}
	})
}
