package api_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/settings"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// asOf lists the Conversations and gives the place the list includes.
func (w *world) asOf(t *testing.T, who asker) string {
	t.Helper()
	var list struct {
		AsOf string `json:"as_of"`
	}
	w.ask(t, who, question{method: "GET", path: "/api/v1/conversations"}).read(t, &list)
	return list.AsOf
}

// numbered waits until every event so far has its number.
func (w *world) numbered(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		n, err := w.Read().CountFreshEvents(context.Background())
		must(t, err)
		if n == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("events wait for their numbers")
		}
	}
}

// says checks that a change shows the realm's Conversation with its last words.
func (c change) says(t *testing.T, r *realm, words string) {
	t.Helper()
	if c.Kind != "message" || c.Conversation == nil || c.Conversation.ID != r.conversation.ID.String() || c.Conversation.Last == nil ||
		c.Conversation.Last.Text != words || c.MessageID == "" {
		t.Errorf("got %+v (%+v), want %s's %q", c, c.Conversation, r.word, words)
	}
}

// A listener who comes back is told what it missed, once and in order, and then what is
// new.
func TestStreamContinues(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.run(t)
		w.numbered(t)
		agent := w.agentOf(t, w.north)
		at := w.asOf(t, agent)
		w.hears(t, w.north.conversation, "eins")
		w.numbered(t)
		first := w.listens(t, agent, at)
		c, e := first.change(t)
		c.says(t, w.north, "eins")
		if before, live := first.live(t); len(before) != 0 || live.id != e.id {
			t.Errorf("behind the change came %v, and live is at %s", before, live.id)
		}
		w.hears(t, w.north.conversation, "zwei")
		c, e = first.change(t)
		c.says(t, w.north, "zwei")
		if !strings.HasPrefix(e.id, "feed.") || e.id == at {
			t.Errorf("the change has the id %s", e.id)
		}
		w.hears(t, w.north.conversation, "drei")
		w.numbered(t)
		before, live := w.listens(t, agent, e.id).live(t)
		if len(before) != 1 || live.id != before[0].id {
			t.Fatalf("behind %s: %v, live at %s", e.id, before, live.id)
		}
		before[0].change(t).says(t, w.north, "drei")
		if before, again := w.listens(t, agent, live.id).live(t); len(before) != 0 || again.id != live.id {
			t.Errorf("behind the newest: %v", before)
		}
		if before, now := w.listens(t, agent, "").live(t); len(before) != 0 || now.id != live.id {
			t.Errorf("without a place the stream begins with %v at %s, want %s", before, now.id, live.id)
		}
	})
}

// Where the stream cannot continue it says so and ends.
func TestStreamCannotContinue(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.run(t)
		w.hears(t, w.north.conversation, "eins")
		w.hears(t, w.north.conversation, "zwei")
		w.numbered(t)
		agent := w.agentOf(t, w.north)
		if before, _ := w.listens(t, agent, "feed.0").live(t); len(before) == 0 {
			t.Error("the beginning of the feed is kept and was not told")
		}
		must(t, w.Update(t.Context(), func(tx *store.Tx) error {
			_, err := tx.SweepEvents(t.Context(), desk.AsMillis(tx.Now().Add(time.Hour)))
			return err
		}))
		w.hears(t, w.north.conversation, "drei")
		w.numbered(t)
		last, err := w.LastEvent(t.Context())
		must(t, err)
		other := desk.Cursor{Feed: "restored", N: last}.String() // reached, but by another feed
		for _, place := range []string{other, "feed.1", "feed.999999", "feed.-1", "feed.x", "feed.", ".1", "1", "garbage", "feed.99999999999999999999"} {
			told := w.listens(t, agent, place).ended(t)
			if len(told) != 1 || told[0].event != "reload" || told[0].id != "" {
				t.Errorf("from %s on: %v", place, told)
			}
		}
	})
}

var errChanged = errors.New("changed my mind")

// Only what was committed is told, and of several news of one thing the newest.
func TestStreamTellsWhatIsCommitted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.run(t)
		w.numbered(t)
		l := w.listens(t, w.agentOf(t, w.north), "")
		l.live(t)
		e := desk.Event{Kind: desk.EventConversation, Controller: w.north.controller, Inbox: w.north.inbox, Conversation: w.north.conversation.ID}
		emit := func(n int, err error) error {
			return w.Update(t.Context(), func(tx *store.Tx) error {
				for range n {
					tx.Emit(e)
				}
				return err
			})
		}
		if err := emit(1, errChanged); !errors.Is(err, errChanged) {
			t.Fatal(err)
		}
		before, err := w.LastEvent(t.Context())
		must(t, err)
		must(t, emit(3, nil))
		c, told := l.change(t)
		if want := (desk.Cursor{Feed: "feed", N: before + 3}).String(); c.Kind != "conversation" || c.MessageID != "" || told.id != want {
			t.Errorf("got %+v at %s, want %s", c, told.id, want)
		}
		w.hears(t, w.north.conversation, "danach")
		c, _ = l.change(t)
		c.says(t, w.north, "danach")
	})
}

// Nobody is told of a Controller whom they do not serve.
func TestStreamKeepsToTheScope(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.run(t)
		w.numbered(t)
		north := w.agent(t, desk.RoleAgent, w.north)
		who := []asker{w.byToken(t, "agent of Nord", desk.RoleAgent, w.north, north), w.agentOf(t, w.south), w.admin(t)}
		var all []*listener
		for _, a := range who {
			l := w.listens(t, a, "")
			l.live(t)
			all = append(all, l)
		}
		for _, r := range []*realm{w.north, w.south} {
			w.hears(t, r.conversation, "Neues aus "+r.word)
			must(t, w.settings.PauseInbox(t.Context(), shell, r.inbox, "Umzug "+r.word))
		}
		must(t, w.Update(t.Context(), func(tx *store.Tx) error {
			tx.Emit(desk.Event{Kind: desk.EventAccess, Agent: north})
			return nil
		}))
		for _, r := range []*realm{w.north, w.south} {
			w.hears(t, r.conversation, "Schluss")
		}
		want := []string{"message Nord, inbox Nord, access, message Nord", "message Süd, inbox Süd, message Süd", "message Nord, inbox Nord, message Süd, inbox Süd, message Nord, message Süd"}
		for i, l := range all {
			if got := w.kinds(t, l, strings.Count(want[i], ",")+1); got != want[i] {
				t.Errorf("%s was told of %s; want %s", who[i].name, got, want[i])
			}
		}
	})
}

// kinds reads n changes in short, and checks that each speaks of one realm alone.
func (w *world) kinds(t *testing.T, l *listener, n int) string {
	t.Helper()
	var got []string
	for range n {
		c, e := l.change(t)
		line := c.Kind
		for _, r := range []*realm{w.north, w.south} {
			if strings.Contains(e.raw, r.word) || c.Inbox != nil && c.Inbox.ID == r.inbox.String() {
				line += " " + r.word
			}
		}
		got = append(got, line)
	}
	return strings.Join(got, ", ")
}

// What a Message says is told to whoever opened its Conversation lately: that look is
// in the audit log.
func TestStreamShowsWhatWasOpened(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.run(t)
		w.numbered(t)
		agent := w.agentOf(t, w.north)
		l := w.listens(t, agent, "")
		l.live(t)
		hears := func(words string) change {
			t.Helper()
			w.hears(t, w.north.conversation, words)
			c, _ := l.change(t)
			c.says(t, w.north, words)
			return c
		}
		if c := hears("eins"); c.Message != nil {
			t.Errorf("not opened yet, and told %+v", c.Message)
		}
		if a := w.ask(t, agent, question{method: "GET", path: "/api/v1/conversations/" + w.north.conversation.ID.String() + "/messages"}); a.status != http.StatusOK {
			t.Fatal(a.body)
		}
		if c := hears("zwei"); c.Message == nil || c.Message.Text != "zwei" || c.Message.ID != c.MessageID || c.Message.Status != "received" {
			t.Errorf("opened, and told %+v", c.Message)
		}
		w.clock.Add(10 * time.Minute)
		if c := hears("drei"); c.Message != nil {
			t.Errorf("opened too long ago, and told %+v", c.Message)
		}
	})
}

// Whoever may not listen any more is cut off before the next word.
func TestStreamEndsWithTheAccess(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.run(t)
		w.numbered(t)
		for what, end := range map[string]func(id desk.AgentID, who asker) error{
			"logging out": func(_ desk.AgentID, who asker) error {
				if a := w.ask(t, who, question{method: "DELETE", path: "/api/v1/session"}); a.status != http.StatusNoContent {
					t.Errorf("%d %s", a.status, a.body)
				}
				return nil
			},
			"disabling": func(id desk.AgentID, _ asker) error {
				return w.settings.DisableAgent(t.Context(), shell, id, "left")
			},
			"a new password": func(id desk.AgentID, _ asker) error {
				return w.settings.ResetPassword(t.Context(), shell, id, text(password))
			},
		} {
			id := w.agent(t, desk.RoleAgent, w.north)
			w.checkCutOff(t, what, w.byCookie(t, "agent", desk.RoleAgent, w.north, id), func(who asker) error { return end(id, who) })
		}
		id := w.agent(t, desk.RoleAgent, w.north)
		token, secret := w.token(t, id)
		w.checkCutOff(t, "revoking the token", asker{name: "token", bearer: secret}, func(asker) error {
			return w.settings.RevokeToken(t.Context(), shell, desk.AgentID{}, token)
		})
	})
}

func (w *world) checkCutOff(t *testing.T, what string, who asker, end func(asker) error) {
	t.Helper()
	l, other := w.listens(t, who, ""), w.listens(t, w.agentOf(t, w.north), "")
	l.live(t)
	other.live(t)
	must(t, end(who))
	w.hears(t, w.north.conversation, "nicht mehr")
	if told := l.ended(t); len(told) != 0 {
		t.Errorf("after %s came %v", what, told)
	}
	c, _ := other.change(t)
	c.says(t, w.north, "nicht mehr")
	if a := w.ask(t, who, question{method: "GET", path: "/api/v1/events"}); a.status != http.StatusUnauthorized {
		t.Errorf("after %s the next request got %d", what, a.status)
	}
}

// Whoever is still logged in and reads no Conversations any more is told so, and of
// nothing behind it; a reconnect is refused.
func TestStreamEndsWithTheRole(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.api.Beat(20 * time.Millisecond)
		w.run(t)
		w.numbered(t)
		dpo := desk.RoleDPO
		for what, end := range map[string]func(id desk.AgentID){
			"a change that was told": func(id desk.AgentID) {
				must(t, w.settings.ChangeAgent(t.Context(), shell, id, settings.AgentChange{Role: &dpo}))
				w.hears(t, w.north.conversation, "nicht mehr")
			},
			"a change that nobody told": func(id desk.AgentID) {
				must(t, w.Update(t.Context(), func(tx *store.Tx) error {
					row, err := tx.GetAgent(t.Context(), id)
					if err != nil {
						return err
					}
					return tx.SetAgent(t.Context(), rows.SetAgentParams{ID: id, Role: dpo, Profile: row.Profile})
				}))
				w.clock.Add(time.Minute)
			},
		} {
			ben := w.byCookie(t, "ben", desk.RoleAgent, w.north, w.agent(t, desk.RoleAgent, w.north))
			l := w.listens(t, ben, "")
			l.live(t)
			end(ben.id)
			told := l.ended(t)
			if len(told) != 1 || told[0].event != "change" || told[0].id == "" || told[0].change(t).Kind != "access" {
				t.Errorf("after %s came %v", what, told)
			}
			if a := w.ask(t, ben, question{method: "GET", path: "/api/v1/events"}); a.status != http.StatusForbidden {
				t.Errorf("after %s the next request got %d", what, a.status)
			}
		}
	})
}

// A silent stream shows that it is there, and ends when the session does by itself.
func TestSilentStream(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.api.Beat(20 * time.Millisecond)
		w.run(t)
		w.numbered(t)
		id := w.agent(t, desk.RoleAgent, w.north)
		l := w.listens(t, w.byCookie(t, "agent", desk.RoleAgent, w.north, id), "")
		l.live(t)
		for range 3 {
			if e := l.next(t); e.comment != "still here" || e.id != "" || e.event != "" || e.data != "" {
				t.Errorf("the silent stream says %q", e.raw)
			}
		}
		w.clock.Add(auth.SessionAbsolute)
		if told := l.ended(t); len(told) != 0 {
			t.Errorf("after the session's end came %v", told)
		}
	})
}

// What is told to others only is silence, too.
func TestStreamIsSilentBesideOthers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.api.Beat(300 * time.Millisecond)
		w.run(t)
		w.numbered(t)
		l := w.listens(t, w.agentOf(t, w.north), "")
		l.live(t)
		for range 100 {
			w.hears(t, w.south.conversation, "nichts für Nord")
			select {
			case e := <-l.all:
				if e.comment != "still here" {
					t.Errorf("the silent stream says %q", e.raw)
				}
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
		t.Error("nothing shows that the stream is there while others are told much")
	})
}

func TestStreamHeaders(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		l := w.listens(t, w.agentOf(t, w.north), "")
		l.live(t)
		for name, want := range map[string]string{"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"} {
			if got := l.res.Header.Get(name); got != want {
				t.Errorf("%s is %q", name, got)
			}
		}
	})
}
