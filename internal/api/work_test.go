package api_test

import (
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/settings"
	"botschaft/internal/store"
)

// heard reads changes until one is of the kind.
func (l *listener) heard(t *testing.T, kind string) change {
	t.Helper()
	for {
		e := l.next(t)
		if e.event != "change" {
			continue
		}
		if c := e.change(t); c.Kind == kind {
			return c
		}
	}
}

// What one has read is told to oneself alone; who looks, and how many stand where, to
// everybody who serves the Inbox, and to nobody else.
func TestStreamTellsWhatIsOnesOwn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.run(t)
		w.numbered(t)
		me, ben, far := w.agentOf(t, w.north), w.agentOf(t, w.north), w.agentOf(t, w.south)
		id := w.north.conversation.ID.String()
		put := func(who asker, path, body string) {
			t.Helper()
			if a := w.ask(t, who, question{method: "PUT", path: "/api/v1/conversations/" + id + path, body: body}); a.status != 204 {
				t.Fatalf("%s: %d %s", path, a.status, a.body)
			}
		}
		mine, bens, fars := w.listens(t, me, ""), w.listens(t, ben, ""), w.listens(t, far, "")
		for _, l := range []*listener{mine, bens, fars} {
			l.live(t)
		}
		put(me, "/reading", `{"position":1}`)
		put(me, "/presence", `{"state":"writing"}`)
		if c := mine.heard(t, "reading"); c.Reading == nil || c.Reading.Position != 1 || c.Reading.Conversation != id {
			t.Errorf("told of what one has read: %+v", c)
		}
		for _, l := range []*listener{mine, bens} {
			for {
				c, _ := l.change(t)
				if l == bens && c.Kind == "reading" {
					t.Error("a colleague is told what one has read")
				}
				if c.Kind == "presence" {
					if c.Presence == nil || len(c.Presence.People) != 1 || c.Presence.People[0].State != "writing" {
						t.Errorf("told of who looks: %+v", c.Presence)
					}
					break
				}
			}
		}
		w.hears(t, w.north.conversation, "neu")
		if c := bens.heard(t, "counts"); c.Counts == nil || len(c.Counts.Items) != 1 || c.Counts.Items[0].Unassigned != 1 {
			t.Errorf("told how many: %+v", c.Counts)
		}
		w.hears(t, w.south.conversation, "dort")
		if c, _ := fars.change(t); c.Conversation == nil || c.Conversation.ID != w.south.conversation.ID.String() {
			t.Errorf("the other Controller's agent is told first of %+v", c)
		}
	})
}

// The first thing a stream tells may be that something was read, which moves no
// Conversation from one view to another: the number of unread ones changes all the same.
// So it does with a message in what one has.
func TestStreamCountsWhatIsReadFirst(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.run(t)
		w.numbered(t)
		id := w.agent(t, desk.RoleAgent, w.north)
		me := w.byCookie(t, "a", desk.RoleAgent, w.north, id)
		path := "/api/v1/conversations/" + w.north.conversation.ID.String()
		if a := w.ask(t, me, question{method: "PUT", path: path + "/assignment", body: `{"agent":"` + id.String() + `"}`}); a.status != 200 {
			t.Fatal(a.body)
		}
		w.numbered(t)
		l := w.listens(t, me, "")
		l.live(t)
		if a := w.ask(t, me, question{method: "PUT", path: path + "/reading", body: `{"position":2}`}); a.status != 204 {
			t.Fatal(a.body)
		}
		if c := l.heard(t, "counts").Counts; c == nil || len(c.Items) != 1 || c.Items[0].Mine != 1 || c.Unread != 0 {
			t.Errorf("told how many: %+v", c)
		}
		w.hears(t, w.north.conversation, "und noch etwas")
		if c := l.heard(t, "counts").Counts; c == nil || c.Unread != 1 {
			t.Errorf("after another message: %+v", c)
		}
	})
}

// After the Inboxes one serves became others, the next counts are those of the others,
// also when nothing moved but what is read.
func TestStreamCountsWhatIsServedNow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.run(t)
		w.numbered(t)
		me := w.agentOf(t, w.north)
		l := w.listens(t, me, "")
		l.live(t)
		w.hears(t, w.north.conversation, "neu")
		if c := l.heard(t, "counts").Counts; c == nil || len(c.Items) != 1 {
			t.Fatalf("told how many: %+v", c)
		}
		must(t, w.settings.ChangeAgent(t.Context(), shell, me.id, settings.AgentChange{Inboxes: &[]desk.InboxID{w.south.inbox}}))
		l.heard(t, "access")
		w.does(t, me, "PUT", "/conversations/"+w.north.conversation.ID.String()+"/reading", map[string]any{"position": 1}, 204)
		if c := l.heard(t, "counts").Counts; c == nil || len(c.Items) != 2 || c.Items[0].Unassigned+c.Items[1].Unassigned != 2 {
			t.Errorf("told how many: %+v", c)
		}
	})
}

// What several agents are told of themselves at the same moment, each of them hears.
func TestStreamTellsEachOfThemselves(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.run(t)
		w.numbered(t)
		who := []asker{w.agentOf(t, w.north), w.agentOf(t, w.north)}
		var all []*listener
		for _, a := range who {
			l := w.listens(t, a, "")
			l.live(t)
			all = append(all, l)
		}
		c := w.north.conversation
		must(t, w.Update(t.Context(), func(tx *store.Tx) error {
			for _, kind := range []desk.EventKind{desk.EventAccess, desk.EventReading} {
				for _, a := range who {
					e := desk.Event{Kind: kind, Agent: a.id}
					if kind == desk.EventReading {
						e.Controller, e.Inbox, e.Conversation = c.Controller, c.Inbox, c.ID
					}
					tx.Emit(e)
				}
			}
			return nil
		}))
		w.hears(t, c, "danach")
		for i, l := range all {
			if got := w.kinds(t, l, 3); got != "access, reading, message Nord" {
				t.Errorf("%d was told of %s", i, got)
			}
		}
	})
}

// Answering as a person takes what is nobody's; a program takes nothing.
func TestProgramsTakeNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.agent(t, desk.RoleAgent, w.north)
		assignee := func() *desk.AgentID {
			c, err := w.FindConversations(t.Context(), []desk.ConversationID{w.north.conversation.ID})
			must(t, err)
			found := c[w.north.conversation.ID].Assignee
			return &found
		}
		path := "/api/v1/conversations/" + w.north.conversation.ID.String() + "/messages"
		program, person := w.byToken(t, "a", desk.RoleAgent, w.north, id), w.byCookie(t, "a", desk.RoleAgent, w.north, id)
		if a := w.ask(t, program, question{method: "POST", path: path, body: `{"client_id":"1","kind":"text","text":"Hallo"}`}); a.status != 201 {
			t.Fatal(a.body)
		}
		if got := assignee(); !got.IsZero() {
			t.Errorf("a program has it: %v", got)
		}
		if a := w.ask(t, person, question{method: "POST", path: path, body: `{"client_id":"2","kind":"text","text":"Hallo","after":0}`}); a.status != 201 {
			t.Fatal(a.body)
		}
		if got := assignee(); *got != id {
			t.Errorf("a person answered, and %v has it", got)
		}
		ben := w.agentOf(t, w.north)
		a := w.ask(t, ben, question{method: "POST", path: path, body: `{"client_id":"3","kind":"text","text":"Hallo","after":0}`})
		if p := a.problem(t); a.status != 409 || p.Field != "after" {
			t.Errorf("a colleague who has not seen it: %d %s", a.status, a.body)
		}
	})
}
