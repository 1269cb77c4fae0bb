package api_test

import (
	"context"
	"strings"
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/settings"
)

// another is the same as who, with an Agent of its own.
func (w *world) another(t *testing.T, who asker) asker {
	t.Helper()
	name, _, _ := strings.Cut(who.name, " by ")
	id := w.agentAt(t, who.role, w.served(who.serves)...)
	if who.cookie.IsEmpty() {
		return w.byToken(t, name, who.role, who.serves, id)
	}
	return w.byCookie(t, name, who.role, who.serves, id)
}

// objectFor is object, but what belongs to Agents belongs to the asker.
func (w *world) objectFor(t *testing.T, op *operation, noun string, r *realm, who asker) string {
	t.Helper()
	if r != nil && op.isOwn() && !who.id.IsZero() {
		return w.own(t, noun, who.id)
	}
	if r != nil && op.ID == "approval-withdraw" && !who.id.IsZero() {
		return w.approval(t, r, who.id).String()
	}
	if r != nil && noun == "files" && !who.id.IsZero() {
		return w.brought(t, r.conversation, who.id).String()
	}
	return w.object(t, op, noun, r)
}

// own makes a Session or a Token of an Agent and gives its id.
func (w *world) own(t *testing.T, noun string, id desk.AgentID) string {
	t.Helper()
	if noun == "tokens" {
		made, _ := w.token(t, id)
		return made.String()
	}
	w.session(t, id)
	all, err := w.people.Sessions(context.Background(), id)
	must(t, err)
	return all[0].ID.String()
}

// member makes an Agent of the realm to whom the operation can be done.
func (w *world) member(t *testing.T, op *operation, r *realm) desk.AgentID {
	t.Helper()
	id := w.agent(t, desk.RoleAgent, r)
	if op.ID == "agent-enable" {
		must(t, w.settings.DisableAgent(context.Background(), shell, id, "left"))
	}
	return id
}

// invite makes an Agent of a realm who is invited.
func (w *world) invite(t *testing.T, r *realm) settings.Invited {
	t.Helper()
	n := settings.NewAgent{Email: text("new" + w.next() + "@house.example"), Name: text("Neue Kollegin"), Role: desk.RoleAgent}
	if r != nil {
		n.Controllers = []desk.ControllerID{r.controller}
	}
	invited, err := w.settings.InviteAgent(context.Background(), shell, n)
	must(t, err)
	return invited
}

// preferences are some that fit.
func preferences() map[string]any {
	return map[string]any{
		"language": "de", "theme": "dark", "density": "compact", "send_key": "ctrl_enter", "shortcuts": false, "keys": map[string]string{"close": "x"},
		"sound": true, "notifications": true, "announce": false, "panel": map[string]any{"order": []string{"notes", "contact"}, "collapsed": []string{"notes"}},
	}
}

// peopleBody makes the bodies that must name what is there; nil for the others.
func (w *world) peopleBody(t *testing.T, op *operation) map[string]any {
	t.Helper()
	switch op.ID {
	case "session-open":
		return map[string]any{"email": w.registered(t), "password": password}
	case "password-change":
		return map[string]any{"current": password, "password": "another " + password}
	case "invitation-look":
		return map[string]any{"secret": w.invite(t, nil).Secret.Reveal()}
	case "invitation-accept":
		return map[string]any{"secret": w.invite(t, nil).Secret.Reveal(), "password": password}
	case "policies-change":
		return policiesBody(t, desk.DefaultPolicies())
	case "preferences-set":
		return preferences()
	case "agent-invite":
		return map[string]any{
			"email": "agent" + w.next() + "@house.example", "name": "Neue Kollegin", "role": "agent", "controllers": []string{w.north.controller.String()}, "inboxes": []string{},
		}
	case "agent-change":
		return map[string]any{"name": "Anders", "role": "dpo", "controllers": []string{}, "inboxes": []string{w.south.inbox.String()}}
	case "token-create":
		return map[string]any{"name": "Auswertung", "days": 30}
	}
	return nil
}
