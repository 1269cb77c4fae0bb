package oversight_test

import (
	"fmt"
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// member makes an Agent who serves a realm's Controller; of no realm, an admin.
func (w *world) member(t *testing.T, r realm) desk.AgentID {
	t.Helper()
	ctx, id, role := t.Context(), desk.NewID[desk.Agent](), desk.RoleAgent
	if r.controller.IsZero() {
		role = desk.RoleAdmin
	}
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddAgent(ctx, rows.AddAgentParams{
			ID: id, Role: role, EmailDigest: id[:], Profile: sealed[desk.AgentProfile]("x"), CreatedAt: tx.Stamp(),
		}); err != nil || role == desk.RoleAdmin {
			return err
		}
		return tx.AddMembership(ctx, rows.AddMembershipParams{Agent: id, Controller: r.controller, At: tx.Stamp()})
	}))
	return id
}

func by(id desk.AgentID) desk.Actor {
	return desk.Actor{Kind: desk.ActorAgent, Agent: id, Via: "session"}
}

// Whoever watches over one Controller reads that somebody logged in, and who only if they
// have to do with it; what was done within it names everybody.
func TestLogHidesWhoIsElsewhere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ann, ida, sue := w.member(t, w.north), w.member(t, realm{}), w.member(t, w.south)
		subject := func(id desk.AgentID) string { return "agent:" + id.String() }
		for _, e := range []desk.AuditEntry{
			{Actor: by(ann), Act: "session.created", Subject: "session:1"},
			{Actor: by(sue), Act: "session.created", Subject: "session:2"},
			{Actor: by(sue), Act: "agent.password_changed", Subject: subject(sue)},
			{Actor: by(ida), Act: "agent.disabled", Subject: subject(sue)},
			{Actor: by(ida), Act: "agent.disabled", Subject: subject(ann)},
			{Actor: by(ida), Act: "token.created", Subject: "token:1", Detail: map[string]string{"agent": sue.String()}},
			{Actor: by(sue), Act: "inbox.paused", Subject: "inbox:1", Controller: w.north.controller, Inbox: w.north.inbox},
		} {
			w.act(t, e)
		}
		names := map[desk.AgentID]string{ann: "ann", ida: "ida", sue: "sue", {}: "somebody"}
		read := func(q desk.AuditQuery) (got []string) {
			t.Helper()
			entries, _, err := w.Entries(t.Context(), shell, q)
			must(t, err)
			for _, e := range entries {
				who := e.Subject
				for id, name := range names {
					if e.Subject == subject(id) {
						who = name
					}
				}
				if id, ok := e.Detail["agent"]; ok {
					who += " of " + id
				}
				got = append(got, names[e.Actor.Agent]+" "+string(e.Act)+" "+who)
			}
			return got
		}
		same(t, "the north", read(desk.AuditQuery{Scope: w.scope}), []string{
			"sue inbox.paused inbox:1", "ida token.created token:1", "ida agent.disabled ann", "ida agent.disabled agent",
			"somebody agent.password_changed agent", "somebody session.created session:2", "ann session.created session:1",
		})
		same(t, "asked for her", read(desk.AuditQuery{Scope: w.scope, Agent: sue}), []string{"sue inbox.paused inbox:1"})
		same(t, "asked about her", read(desk.AuditQuery{Scope: w.scope, Subject: subject(sue)}), []string(nil))
		same(t, "everything about her", len(read(desk.AuditQuery{Scope: every, Subject: subject(sue)})), 2)
		same(t, "everything by her", len(read(desk.AuditQuery{Scope: every, Agent: sue})), 3)
	})
}

// The history does the same; whoever came to a place within the Scope, or left it, is
// named.
func TestHistoryHidesWhoIsElsewhere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ann, sue, ex := w.member(t, w.north), w.member(t, w.south), w.member(t, w.south)
		subject := func(id desk.AgentID) string { return "agent:" + id.String() }
		north, south := []string{w.north.controller.String()}, []string{w.south.controller.String()}
		for _, c := range []struct {
			actor   desk.AgentID
			subject string
			changes []desk.Alteration
		}{
			{sue, "token:1", []desk.Alteration{desk.Altered("agent", "", sue.String())}},
			{ann, subject(ann), []desk.Alteration{desk.Altered("role", "agent", "dpo")}},
			{ann, subject(sue), []desk.Alteration{desk.Altered("role", "agent", "dpo"), desk.AlteredSet("controllers", nil, south)}},
			{sue, subject(ex), []desk.Alteration{desk.AlteredSet("controllers", north, south)}},
		} {
			must(t, w.Update(t.Context(), func(tx *store.Tx) error {
				tx.Changed(desk.AuditEntry{Actor: by(c.actor), Act: "x.y", Subject: c.subject}, c.changes...)
				return nil
			}))
			w.clock.Add(1e9)
		}
		var got []string
		for _, r := range w.history(t, desk.RevisionQuery{Scope: w.scope}) {
			got = append(got, fmt.Sprint(r.Subject, r.Actor.Agent == ann, r.Actor.Agent.IsZero(), r.Changes))
		}
		same(t, "the north", got, []string{
			fmt.Sprint(subject(ex), false, true, []desk.Alteration{desk.AlteredSet("controllers", north, nil)}),
			fmt.Sprint("agent", true, false, []desk.Alteration{desk.Altered("role", "agent", "dpo"), {Field: "controllers"}}),
			fmt.Sprint(subject(ann), true, false, []desk.Alteration{desk.Altered("role", "agent", "dpo")}),
			fmt.Sprint("token:1", false, true, []desk.Alteration{{Field: "agent"}}),
		})
		if of := w.history(t, desk.RevisionQuery{Scope: w.scope, Subject: subject(sue)}); len(of) != 0 {
			t.Errorf("asked for: %+v", of)
		}
		if of := w.history(t, desk.RevisionQuery{Scope: w.scope, Subject: subject(ex)}); len(of) != 1 {
			t.Errorf("asked for whoever left: %+v", of)
		}
		if all := w.history(t, desk.RevisionQuery{Scope: every, Subject: subject(sue)}); len(all) != 1 {
			t.Errorf("everything: %+v", all)
		}
	})
}
