package api_test

import (
	"net/http"
	"slices"
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/settings"
)

// sees is what an asker is shown of the house without naming anything.
type sees struct {
	controllers, inboxes, listed, counted []string
	unread                                int64
}

func (w *world) sees(t *testing.T, who asker) (s sees) {
	t.Helper()
	var me struct{ Controllers, Inboxes []struct{ ID string } }
	w.ask(t, who, question{method: "GET", path: "/api/v1/me"}).read(t, &me)
	for _, c := range me.Controllers {
		s.controllers = append(s.controllers, c.ID)
	}
	for _, i := range me.Inboxes {
		s.inboxes = append(s.inboxes, i.ID)
	}
	var list struct{ Items []struct{ ID string } }
	w.ask(t, who, question{method: "GET", path: "/api/v1/conversations"}).read(t, &list)
	for _, c := range list.Items {
		s.listed = append(s.listed, c.ID)
	}
	var n counts
	w.ask(t, who, question{method: "GET", path: "/api/v1/counts"}).read(t, &n)
	for _, c := range n.Items {
		s.counted = append(s.counted, c.Inbox)
	}
	s.unread = n.Unread
	return s
}

// wants compares with what the realms hold.
func (s sees) wants(t *testing.T, what string, realms ...*realm) {
	t.Helper()
	var want sees
	for _, r := range realms {
		if id := r.controller.String(); !slices.Contains(want.controllers, id) {
			want.controllers = append(want.controllers, id)
		}
		want.inboxes = append(want.inboxes, r.inbox.String())
		want.listed = append(want.listed, r.conversation.ID.String())
	}
	want.counted = want.inboxes
	for name, pair := range map[string][2][]string{
		"controllers": {s.controllers, want.controllers}, "inboxes": {s.inboxes, want.inboxes},
		"list": {s.listed, want.listed}, "counts": {s.counted, want.counted},
	} {
		slices.Sort(pair[0])
		slices.Sort(pair[1])
		if !slices.Equal(pair[0], pair[1]) {
			t.Errorf("%s: the %s are %v, want %v", what, name, pair[0], pair[1])
		}
	}
}

// An Agent sees an Inbox if it is a member of it or of its Controller, and nothing of
// any other: not in lists, single reads, counts, names or the stream; and from the
// moment that changes, the other way round.
func TestMembership(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.run(t)
		east := w.beside(t, w.north.controller, "Ost")
		must(t, w.inboxes.Refresh(t.Context()))
		id := w.agentAt(t, desk.RoleAgent, w.north)
		ben := w.byToken(t, "ben", desk.RoleAgent, w.north, id)
		whole := w.byToken(t, "anna", desk.RoleAgent, w.north, w.agent(t, desk.RoleAgent, w.north))
		w.sees(t, ben).wants(t, "a member of one Inbox", w.north)
		w.sees(t, whole).wants(t, "a member of the Controller", w.north, east)
		w.sees(t, w.byToken(t, "nobody", desk.RoleAgent, nil, w.agent(t, desk.RoleAgent))).wants(t, "a member of nothing")
		w.numbered(t)
		bens, annas := w.listens(t, ben, ""), w.listens(t, whole, "")
		bens.live(t)
		annas.live(t)
		for _, r := range []*realm{w.south, east, w.north} {
			w.hears(t, r.conversation, "neu "+r.word)
		}
		c, _ := bens.change(t)
		c.says(t, w.north, "neu Nord")
		c, _ = annas.change(t)
		c.says(t, east, "neu Ost")
		reads := func(who asker, r *realm) int {
			return w.ask(t, who, question{method: "GET", path: "/api/v1/conversations/" + r.conversation.ID.String()}).status
		}
		if a, b, c := reads(ben, w.north), reads(ben, east), reads(ben, w.south); a != 200 || b != 404 || c != 404 {
			t.Errorf("single reads: %d, %d, %d", a, b, c)
		}

		// Assigned and unread, then out of reach: not even counted.
		assigned := w.ask(t, whole, question{
			method: "PUT", path: "/api/v1/conversations/" + w.north.conversation.ID.String() + "/assignment", body: map[string]any{"agent": id.String()},
		})
		if assigned.status != http.StatusOK || w.sees(t, ben).unread != 1 {
			t.Fatalf("assigned: %d %s, %d unread", assigned.status, assigned.body, w.sees(t, ben).unread)
		}
		must(t, w.settings.ChangeAgent(t.Context(), shell, id, settings.AgentChange{Inboxes: &[]desk.InboxID{east.inbox}}))
		now := w.sees(t, ben)
		if now.wants(t, "after the move", east); now.unread != 0 {
			t.Errorf("%d unread of what is out of reach", now.unread)
		}
		if a, b := reads(ben, w.north), reads(ben, east); a != 404 || b != 200 {
			t.Errorf("single reads after the move: %d, %d", a, b)
		}
		w.hears(t, w.north.conversation, "nicht für ben")
		w.hears(t, east.conversation, "für ben")
		for {
			c, e := bens.change(t)
			if c.Conversation != nil && c.Conversation.ID == w.north.conversation.ID.String() && c.Conversation.Last.Text == "nicht für ben" {
				t.Fatalf("told of what is out of reach: %s", e.raw)
			}
			if c.Kind == "message" && c.Conversation.ID == east.conversation.ID.String() {
				break
			}
		}
		must(t, w.settings.ChangeAgent(t.Context(), shell, id, settings.AgentChange{
			Controllers: &[]desk.ControllerID{w.south.controller}, Inboxes: &[]desk.InboxID{},
		}))
		w.sees(t, ben).wants(t, "a member of the other Controller", w.south)
	})
}

// A Controller's new Inbox is its members' at once, also on open streams.
func TestMembershipOfFutureInboxes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.run(t)
		whole := w.byToken(t, "anna", desk.RoleAgent, w.north, w.agent(t, desk.RoleAgent, w.north))
		one := w.byToken(t, "ben", desk.RoleAgent, w.north, w.agentAt(t, desk.RoleAgent, w.north))
		w.numbered(t)
		annas, bens := w.listens(t, whole, ""), w.listens(t, one, "")
		annas.live(t)
		bens.live(t)
		east := w.beside(t, w.north.controller, "Ost")
		must(t, w.inboxes.Refresh(t.Context()))
		c, _ := annas.change(t)
		c.says(t, east, "Guten Tag Ost")
		w.sees(t, whole).wants(t, "a member of the Controller", w.north, east)
		w.sees(t, one).wants(t, "a member of one Inbox", w.north)
		w.hears(t, w.north.conversation, "danach")
		c, _ = bens.change(t)
		c.says(t, w.north, "danach")
	})
}
