package api_test

import (
	"net/http"
	"testing"

	"botschaft/internal/desk"
)

// takes makes an Agent the owner of a realm's Conversation, by the API.
func (w *world) takes(t *testing.T, who asker, id desk.ConversationID) {
	t.Helper()
	w.does(t, who, "PUT", "/conversations/"+id.String()+"/assignment", map[string]any{"agent": who.id.String()}, http.StatusOK)
}

// holds gives the ids in a view, as a set.
func (w *world) holds(t *testing.T, who asker, view string) map[string]bool {
	t.Helper()
	var list struct{ Items []struct{ ID string } }
	w.read(t, who, "/conversations?view="+view, &list)
	held := map[string]bool{}
	for _, c := range list.Items {
		held[c.ID] = true
	}
	return held
}

// When an Agent's access ends, what it had open is nobody's at once: in the views, the
// counts and the threads, for whoever listens, and in the audit log.
func TestEndOfAccessGivesBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.run(t)
		admin := w.byCookie(t, "admin", desk.RoleAdmin, nil, w.agent(t, desk.RoleAdmin))
		east := w.beside(t, w.north.controller, "Ost")
		must(t, w.inboxes.Refresh(t.Context()))
		member := func(role string, inboxes ...string) map[string]any {
			return map[string]any{"name": "Ben", "role": role, "controllers": []string{}, "inboxes": append([]string{}, inboxes...)}
		}
		for _, end := range []struct {
			what, method, path string
			body               any
			keepsEast          bool
		}{
			{"a disabling", "PUT", "/disabling", map[string]any{"reason": "left"}, false},
			{"another role", "PUT", "", member("dpo", w.north.inbox.String(), east.inbox.String()), false},
			{"another place", "PUT", "", member("agent", east.inbox.String()), true},
		} {
			ben, anna := w.byToken(t, "ben", desk.RoleAgent, w.north, w.agent(t, desk.RoleAgent, w.north)), w.agentOf(t, w.north)
			open, resting, closed, beside := w.wrote(t, w.north).ID, w.wrote(t, w.north).ID, w.wrote(t, w.north).ID, w.wrote(t, east).ID
			for _, id := range []desk.ConversationID{open, resting, closed, beside} {
				w.takes(t, ben, id)
			}
			w.does(t, ben, "PUT", "/conversations/"+resting.String()+"/snooze", map[string]any{}, http.StatusOK)
			w.does(t, ben, "POST", "/conversations/"+closed.String()+"/closure", map[string]any{}, http.StatusOK)
			w.numbered(t)
			l := w.listens(t, anna, "")
			l.live(t)
			before := w.holds(t, anna, "unassigned")
			w.does(t, admin, end.method, "/agents/"+ben.id.String()+end.path, end.body, http.StatusNoContent)

			now := w.holds(t, anna, "unassigned")
			want := map[desk.ConversationID]bool{open: true, resting: false, closed: false, beside: !end.keepsEast}
			for id, in := range want {
				if now[id.String()] != in || before[id.String()] {
					t.Errorf("after %s: stands with nobody's %v, want %v", end.what, now[id.String()], in)
				}
			}
			w.wantsReleased(t, anna, admin, end.what, open, resting)
			w.checkUnassigned(t, anna, end.what)
			heard := map[string]bool{}
			for !heard[open.String()] || !heard[resting.String()] {
				if c := l.heard(t, "turn"); c.Conversation != nil {
					heard[c.Conversation.ID] = true
				}
			}
			w.does(t, anna, "DELETE", "/conversations/"+resting.String()+"/snooze", nil, http.StatusOK)
			w.does(t, anna, "DELETE", "/conversations/"+closed.String()+"/closure", nil, http.StatusOK)
			now = w.holds(t, anna, "unassigned")
			if !now[resting.String()] || !now[closed.String()] {
				t.Errorf("after %s: woken and reopened, they stand with nobody's: %v, %v", end.what, now[resting.String()], now[closed.String()])
			}
		}
	})
}

// wantsReleased checks that the thread and the audit log say who gave them back.
func (w *world) wantsReleased(t *testing.T, reader, by asker, what string, all ...desk.ConversationID) {
	t.Helper()
	w.number(t)
	for _, id := range all {
		var thread struct {
			Items []struct {
				Turn *struct {
					Kind string
					By   *struct{ ID string }
				}
			}
		}
		w.read(t, reader, "/conversations/"+id.String()+"/thread", &thread)
		if first := thread.Items[0].Turn; first == nil || first.Kind != "released" || first.By == nil || first.By.ID != by.id.String() {
			t.Errorf("after %s: the newest in the thread is %+v", what, first)
		}
		var log struct {
			Items []struct{ Actor struct{ ID, Via string } }
		}
		w.read(t, by, "/audit?act=conversation.released&subject=conversation:"+id.String(), &log)
		if len(log.Items) != 1 || log.Items[0].Actor.ID != by.id.String() || log.Items[0].Actor.Via != "session" {
			t.Errorf("after %s: the log says %+v", what, log.Items)
		}
	}
}

// checkUnassigned checks that as many are counted as nobody's as are listed.
func (w *world) checkUnassigned(t *testing.T, who asker, what string) {
	t.Helper()
	var n counts
	w.read(t, who, "/counts", &n)
	sum := 0
	for _, c := range n.Items {
		sum += int(c.Unassigned)
	}
	if listed := len(w.holds(t, who, "unassigned")); listed != sum {
		t.Errorf("after %s: %d counted, %d listed", what, sum, listed)
	}
}

// An admin has Conversations anywhere; as an agent, where it serves.
func TestDemotionGivesBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		admin, ida := w.admin(t), w.admin(t)
		w.takes(t, ida, w.north.conversation.ID)
		w.takes(t, ida, w.south.conversation.ID)
		w.does(t, admin, "PUT", "/agents/"+ida.id.String(), map[string]any{
			"name": "Ida", "role": "agent", "controllers": []string{w.south.controller.String()}, "inboxes": []string{},
		}, http.StatusNoContent)
		held := w.holds(t, admin, "unassigned")
		if !held[w.north.conversation.ID.String()] || held[w.south.conversation.ID.String()] {
			t.Errorf("nobody's are %v", held)
		}
	})
}
