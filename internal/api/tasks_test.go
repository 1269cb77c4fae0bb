package api_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
)

// introduces makes the Task about somebody whom the realm's Contact introduced.
func (w *world) introduces(t *testing.T, r *realm) desk.TaskID {
	t.Helper()
	c, ctx := r.conversation, context.Background()
	task := desk.Task{
		ID: desk.NewID[desk.Task](), Controller: c.Controller, Inbox: c.Inbox, Contact: c.Contact, Conversation: c.ID,
		Message: w.hears(t, c, "Meine Nachbarin hat es gesehen."), Kind: desk.TaskThirdPerson, Role: desk.ThirdWitness, Due: w.Now().AddDate(0, 1, 0),
	}
	must(t, w.Update(ctx, func(tx *store.Tx) error { return tx.OpenTask(ctx, shell, task) }))
	return task.ID
}

type taskSeen struct {
	ID, Kind, Role, Due, Note string
	Overdue                   bool
	Controller                struct{ Name string }
	Inbox, By                 *struct{ Name string }
	Conversation, Message     *string
	Done                      *struct{ How, Ground, Reason string }
	About                     []struct {
		Name    string
		Missing []string
	}
}

func (w *world) tasks(t *testing.T, who asker, query string) []taskSeen {
	t.Helper()
	var list struct{ Items []taskSeen }
	w.read(t, who, "/tasks"+query, &list)
	return list.Items
}

// An agent marks a Message, gets the text, and says how it ended; the officer sees the same and
// what the register asks for; whoever serves somebody else sees nothing (GDPR Art. 14, 39).
func TestTasksByTheAPI(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		agent := w.byCookie(t, "agent", desk.RoleAgent, w.north, w.agent(t, desk.RoleAgent, w.north))
		dpo := w.byCookie(t, "dpo", desk.RoleDPO, w.north, w.agent(t, desk.RoleDPO, w.north))
		stranger := w.byCookie(t, "stranger", desk.RoleAgent, w.south, w.agent(t, desk.RoleAgent, w.south))
		message := w.hears(t, w.north.conversation, "Erika hat es gesehen.")
		path := "/conversations/" + w.north.conversation.ID.String() + "/tasks"
		body := map[string]any{"message": message.String(), "kind": "third_person", "role": "witness", "note": "Erika, Nachbarin"}
		var made taskSeen
		w.does(t, agent, "POST", path, body, 201).read(t, &made)
		if made.ID == "" || made.Note != "Erika, Nachbarin" || made.Due == "" || made.Overdue || made.By == nil || made.Inbox == nil || *made.Message != message.String() {
			t.Errorf("made was %+v", made)
		}
		w.does(t, stranger, "POST", path, body, 404)
		w.does(t, dpo, "POST", path, body, 403)
		for field, spoil := range map[string]any{"message": missing, "kind": "doubt", "role": "friend", "note": strings.Repeat("x", 201)} {
			wrong := map[string]any{"message": message.String(), "kind": "third_person", "role": "witness", field: spoil}
			if p := w.does(t, agent, "POST", path, wrong, 422).problem(t); !strings.Contains(p.Field, field) {
				t.Errorf("want %s blamed: %+v", field, p)
			}
		}
		for _, who := range []asker{agent, dpo} {
			seen := w.tasks(t, who, "?conversation="+w.north.conversation.ID.String())
			if len(seen) != 1 || seen[0].Note != "Erika, Nachbarin" {
				t.Errorf("%s sees %+v", who.name, seen)
			}
		}
		if seen := w.tasks(t, stranger, ""); len(seen) != 0 {
			t.Errorf("the stranger sees %+v", seen)
		}
		w.does(t, stranger, "GET", "/tasks?conversation="+w.north.conversation.ID.String(), nil, 404)
		w.checkTaskText(t, made.ID, agent, stranger)
		done := "/tasks/" + made.ID + "/done"
		w.does(t, dpo, "POST", done, map[string]any{"how": "informed"}, 403)
		w.does(t, stranger, "POST", done, map[string]any{"how": "informed"}, 404)
		w.does(t, agent, "POST", done, map[string]any{"how": "not_needed", "reason": "x"}, 422)
		w.does(t, agent, "POST", done, map[string]any{"how": "not_needed", "ground": "14(5)(a)"}, 422)
		w.does(t, agent, "POST", done, map[string]any{"how": "not_needed", "ground": "14(5)(a)", "reason": "Sie hat uns selbst geschrieben."}, 204)
		w.does(t, agent, "POST", done, map[string]any{"how": "informed"}, 409)
		seen := w.tasks(t, dpo, "")
		at := slices.IndexFunc(seen, func(v taskSeen) bool { return v.ID == made.ID })
		if at < 0 || seen[at].Done == nil || seen[at].Done.Ground != "14(5)(a)" || seen[at].Done.Reason == "" {
			t.Errorf("the officer sees %+v", seen)
		}
	})
}

func (w *world) checkTaskText(t *testing.T, id string, agent, stranger asker) {
	t.Helper()
	for form, begins := range map[string]string{"?form=html&language=de": "<!doctype html>", "?form=pdf&language=en": "%PDF-"} {
		a := w.does(t, agent, "GET", "/tasks/"+id+"/text"+form, nil, http.StatusOK)
		if !strings.HasPrefix(strings.ToLower(a.body), strings.ToLower(begins)) {
			t.Errorf("%s begins with %.40q", form, a.body)
		}
	}
	w.does(t, stranger, "GET", "/tasks/"+id+"/text", nil, 404)
}

// What the register asks for is counted and listed for those who read it, and for nobody else.
func TestRegisterTasksByTheAPI(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		agent := w.byToken(t, "agent", desk.RoleAgent, w.north, w.agent(t, desk.RoleAgent, w.north))
		dpo := w.byToken(t, "dpo", desk.RoleDPO, w.north, w.agent(t, desk.RoleDPO, w.north))
		admin := w.admin(t)
		_, carrier := storetest.Papers()
		var before, after struct{ Open, Overdue int }
		w.read(t, dpo, "/tasks/count", &before)
		w.does(t, admin, "PUT", "/controllers/"+w.north.controller.String()+"/framework", map[string]any{"valid": false, "reason": "EuGH"}, 204)
		w.clock.Add(48 * time.Hour)
		w.read(t, dpo, "/tasks/count", &after)
		seen := w.tasks(t, dpo, "?overdue=true")
		at := slices.IndexFunc(seen, func(v taskSeen) bool { return v.Kind == "invalid" })
		if after.Overdue != len(seen) || after.Overdue == 0 || at < 0 || !seen[at].Overdue || seen[at].ID != "" ||
			len(seen[at].About) != 1 || seen[at].About[0].Name != carrier.Name || seen[at].Controller.Name == "" {
			t.Errorf("%+v, then %+v: %+v", before, after, seen)
		}
		if seen := w.tasks(t, agent, ""); len(seen) != 0 {
			t.Errorf("an agent sees %+v", seen)
		}
		if w.read(t, agent, "/tasks/count", &after); after.Open != 0 {
			t.Errorf("an agent is told %+v", after)
		}
	})
}
