package settings_test

import (
	"bytes"
	"testing"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
	"botschaft/internal/storetest"
)

func (w *world) asksAbout(t *testing.T, who desk.AgentID, role desk.Role, about desk.AgentID) (desk.ApprovalID, error) {
	t.Helper()
	return w.AskForNames(t.Context(), auth.Principal{Agent: who, Role: role, Via: auth.ViaSession}, settings.LookAtNames{
		Agent: about, Reason: text("Beschwerde vom Dienstag"), Council: text("Vorsitz am Mittwoch"),
	})
}

// Reading what a colleague did takes a second person, who is neither the one who asks nor the
// one it is about, and is good for a while (§ 87(1) no. 6 BetrVG).
func TestApprovalsToReadNames(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		ben, dpo, other := w.agent(t, "ben@muster.example", desk.RoleAgent), w.agent(t, "dpo@muster.example", desk.RoleDPO), w.another(t)
		var id desk.ApprovalID
		var err error
		entries := w.written(t, func() { id, err = w.asksAbout(t, w.admin, desk.RoleAdmin, ben) })
		must(t, err)
		if len(entries) != 1 || entries[0].Act != desk.ActApprovalRequested || entries[0].Detail["agent"] != ben.String() || entries[0].Detail["request"] != "audit.names" {
			t.Errorf("asking left %+v", entries)
		}
		if again, err := w.asksAbout(t, w.admin, desk.RoleAdmin, ben); err != nil || again != id {
			t.Errorf("asked again: %v %v", again, err)
		}
		if theirs, err := w.asksAbout(t, other, desk.RoleAdmin, ben); err != nil || theirs == id {
			t.Errorf("a colleague asks, too: %v %v", theirs, err)
		}
		a := w.wantState(t, id, desk.ApprovalWaiting)
		if a.Council.Reveal() != "Vorsitz am Mittwoch" || !a.RipeAt.IsZero() {
			t.Errorf("it says %+v", a)
		}
		if a, ok := w.sees(t, dpo, desk.RoleDPO, id); !ok || !a.MayGrant || !a.MayRefuse {
			t.Errorf("the officer sees %+v, %v", a, ok)
		}
		decide := func(who desk.AgentID, id desk.ApprovalID) error {
			return w.DecideApproval(ctx, session(who), id, true, private.Text{})
		}
		refused(t, "whoever asked", decide(w.admin, id), desk.CodeConflict, "")
		w.clock.Add(time.Hour)
		must(t, decide(dpo, id))
		if a := w.wantState(t, id, "granted"); !a.ExpiresAt.Equal(noon.Add(73 * time.Hour)) {
			t.Errorf("it is good until %v", a.ExpiresAt)
		}
		w.clock.Add(72 * time.Hour)
		w.wantState(t, id, desk.ApprovalExpired)

		about, err := w.asksAbout(t, w.admin, desk.RoleAdmin, other)
		must(t, err)
		refused(t, "whom it is about", decide(other, about), desk.CodeForbidden, "")
		must(t, decide(dpo, about))
		_, err = w.asksAbout(t, w.admin, desk.RoleAdmin, w.admin)
		refused(t, "about oneself", err, desk.CodeConflict, "")
		_, err = w.asksAbout(t, w.admin, desk.RoleAdmin, desk.NewID[desk.Agent]())
		refused(t, "about nobody", err, desk.CodeNotFound, "")
		if all := w.rows(t); bytes.Contains(all, []byte("Beschwerde vom Dienstag")) || bytes.Contains(all, []byte("Vorsitz am Mittwoch")) {
			t.Error("what people wrote can be read in the database")
		}
	})
}

// What cannot be said is asked for, strangers are nobody, and where the officer alone reads,
// nobody else can ask.
func TestApprovalsToReadNamesHaveLimits(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		ben, dpo := w.agent(t, "ben@muster.example", desk.RoleAgent), w.agent(t, "dpo@muster.example", desk.RoleDPO)
		who := auth.Principal{Agent: w.admin, Role: desk.RoleAdmin, Via: auth.ViaSession}
		for field, l := range map[string]settings.LookAtNames{
			"reason": {Agent: ben, Council: text("Vorsitz")}, "council": {Agent: ben, Reason: text("Grund"), Council: text(" ")},
		} {
			_, err := w.AskForNames(ctx, who, l)
			refused(t, "without "+field, err, desk.CodeInvalid, field)
		}
		facts, _ := storetest.Papers()
		elsewhere, err := w.AddController(ctx, shell, facts)
		must(t, err)
		far, err := w.CreateAgent(ctx, shell, settings.NewAgent{
			Email: text("fern@muster.example"), Role: desk.RoleAgent, Password: text(password), Controllers: []desk.ControllerID{elsewhere}})
		must(t, err)
		_, err = w.asksAbout(t, dpo, desk.RoleDPO, far)
		refused(t, "the officer of another Controller", err, desk.CodeNotFound, "")

		p := desk.DefaultPolicies()
		p.AuditAccess = desk.NamesDPOOnly
		storetest.Enter(t, w.store, desk.RegisterEntry{Controller: w.controller, Kind: desk.RegisterPolicies, Subject: desk.RegisterID(w.controller), Active: true}, p)
		_, err = w.asksAbout(t, w.admin, desk.RoleAdmin, ben)
		refused(t, "an admin, where the officer alone reads", err, desk.CodeForbidden, "")
		_, err = w.asksAbout(t, dpo, desk.RoleDPO, ben)
		refused(t, "the officer, where the officer alone reads", err, desk.CodeConflict, "")
		if _, err = w.asksAbout(t, w.admin, desk.RoleAdmin, far); err != nil {
			t.Errorf("about somebody of the other Controller: %v", err)
		}
	})
}
