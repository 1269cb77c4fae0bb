package settings_test

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
	"botschaft/internal/storetest"
)

// session is an Agent who is logged in.
func session(id desk.AgentID) desk.Actor {
	return desk.Actor{Kind: desk.ActorAgent, Agent: id, Via: auth.ViaSession}
}

// another gives a second admin, always the same.
func (w *world) another(t *testing.T) desk.AgentID {
	t.Helper()
	if w.second.IsZero() {
		w.second = w.agent(t, "zweite@muster.example", desk.RoleAdmin)
	}
	return w.second
}

// choose changes the policies by whatever number of people it takes.
func (w *world) choose(t *testing.T, p desk.Policies) {
	t.Helper()
	other := w.another(t)
	asked, err := w.SetPolicies(t.Context(), session(w.admin), w.controller, p, private.Text{})
	must(t, err)
	if !asked.IsZero() {
		must(t, w.DecideApproval(t.Context(), session(other), asked, true, private.Text{}))
	}
}

// departing are choices of which one leaves its default.
func departing() desk.Policies {
	p := desk.DefaultPolicies()
	p.Tone = "du"
	return p
}

// asks asks for other choices, which must wait.
func (w *world) asks(t *testing.T, who desk.AgentID, p desk.Policies) desk.ApprovalID {
	t.Helper()
	id, err := w.SetPolicies(t.Context(), session(who), w.controller, p, text("Beschluss vom Montag"))
	must(t, err)
	if id.IsZero() {
		t.Fatal("it waits for nobody")
	}
	if got := w.register(t).Policies; got == p {
		t.Fatal("what waits has taken effect")
	}
	return id
}

// sees gives an Approval as somebody sees it.
func (w *world) sees(t *testing.T, who desk.AgentID, role desk.Role, id desk.ApprovalID) (settings.SeenApproval, bool) {
	t.Helper()
	all, err := w.Approvals(t.Context(), auth.Principal{Agent: who, Role: role, Via: auth.ViaSession})
	must(t, err)
	at := slices.IndexFunc(all, func(a settings.SeenApproval) bool { return a.ID == id })
	if at < 0 {
		return settings.SeenApproval{}, false
	}
	return all[at], true
}

func (w *world) wantState(t *testing.T, id desk.ApprovalID, want desk.ApprovalState) settings.SeenApproval {
	t.Helper()
	a, ok := w.sees(t, w.admin, desk.RoleAdmin, id)
	if !ok || a.State != want {
		t.Fatalf("it is %q, there %v; want %q", a.State, ok, want)
	}
	return a
}

// What leaves a default takes effect with a second person's yes, in the same transaction,
// and the log says who asked, who granted, and what it rests on (GDPR Art. 5(2), 32(1)).
func TestApprovalsTakeTwo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, other := t.Context(), w.another(t)
		var id desk.ApprovalID
		entries := w.written(t, func() { id = w.asks(t, w.admin, departing()) })
		if got := acts(entries); !slices.Equal(got, []string{"approval.requested"}) || len(entries[0].Detail["digest"]) != 64 {
			t.Errorf("asking left %v %v", got, entries)
		}
		if again := w.asks(t, w.admin, departing()); again != id {
			t.Error("asking for the very same again asked twice")
		}
		a := w.wantState(t, id, desk.ApprovalWaiting)
		if a.MayGrant || a.MayRefuse || !a.MayWithdraw || a.Reason.Reveal() != "Beschluss vom Montag" || !a.RipeAt.IsZero() || !a.ExpiresAt.Equal(noon.Add(72*time.Hour)) {
			t.Errorf("whoever asked sees %+v", a)
		}
		if a, _ := w.sees(t, other, desk.RoleAdmin, id); !a.MayGrant || !a.MayRefuse || a.MayWithdraw {
			t.Errorf("the other admin sees %+v", a)
		}
		decide := func(who desk.Actor, grant bool) error { return w.DecideApproval(ctx, who, id, grant, text("Gesehen")) }
		refused(t, "whoever asked", decide(session(w.admin), true), desk.CodeConflict, "")
		refused(t, "by a token", decide(desk.Actor{Kind: desk.ActorAgent, Agent: other, Via: auth.ViaToken}, true), desk.CodeConflict, "")
		refused(t, "an agent", decide(session(w.agent(t, "ben@muster.example", desk.RoleAgent)), true), desk.CodeNotFound, "")
		refused(t, "the command line", decide(shell, true), desk.CodeNotFound, "")
		refused(t, "without a reason", w.DecideApproval(ctx, session(other), id, false, text(" ")), desk.CodeInvalid, "reason")
		w.clock.Add(time.Hour)
		entries = w.written(t, func() { must(t, decide(session(other), true)) })
		if got := acts(entries); !slices.Equal(got, []string{"approval.granted", "register.changed"}) {
			t.Errorf("granting left %v", got)
		}
		for _, e := range entries {
			if e.Actor != session(other) || e.Controller != w.controller || e.Act == desk.ActRegisterChanged && e.Detail["approval"] != id.String() || e.Detail["alone"] != "" {
				t.Errorf("the entry is %+v", e)
			}
		}
		if got := w.register(t).Policies; got != departing() {
			t.Errorf("granted, and the choices are %+v", got)
		}
		a = w.wantState(t, id, "granted")
		if a.Answer.Reveal() != "Gesehen" || a.Decision.By != other || a.IsAlone() {
			t.Errorf("it says %+v", a)
		}
		refused(t, "twice", decide(session(other), true), desk.CodeConflict, "")
		refused(t, "withdrawn after", w.WithdrawApproval(ctx, session(w.admin), id), desk.CodeConflict, "")
	})
}

// Back to the careful defaults goes whoever may, at once; what was asked for on top of the
// old choices lapses (GDPR Art. 25(2)).
func TestApprovalsAreNotNeededBackToTheDefault(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.choose(t, departing())
		p := departing()
		p.Outbound = "advertising"
		w.clock.Add(time.Hour)
		id := w.asks(t, w.admin, p)
		var again desk.ApprovalID
		entries := w.written(t, func() {
			var err error
			again, err = w.SetPolicies(t.Context(), session(w.second), w.controller, desk.DefaultPolicies(), private.Text{})
			must(t, err)
		})
		if got := acts(entries); !again.IsZero() || !slices.Equal(got, []string{"approval.lapsed", "register.changed"}) {
			t.Errorf("going back left %v, and asked for %v", got, again)
		}
		if got := w.register(t).Policies; got != desk.DefaultPolicies() {
			t.Errorf("the choices are %+v", got)
		}
		w.wantState(t, id, "lapsed")
		refused(t, "after it lapsed", w.DecideApproval(t.Context(), session(w.second), id, true, private.Text{}), desk.CodeConflict, "")
		if n := len(w.written(t, func() {
			must(t, second(w.SetPolicies(t.Context(), session(w.second), w.controller, desk.DefaultPolicies(), private.Text{})))
		})); n != 0 {
			t.Errorf("what holds already left %d entries", n)
		}
	})
}

// A yes to something else than what was asked for does nothing.
func TestApprovalsAreForTheVerySame(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, other := t.Context(), w.another(t)
		grant := func(id desk.ApprovalID) error { return w.DecideApproval(ctx, session(other), id, true, private.Text{}) }
		id := w.asks(t, w.admin, departing())
		if w.execute(t, `UPDATE approval SET facts = REPLACE(facts, '"tone":"du"', '"tone":"DU"')`) != 1 {
			t.Fatal("nothing was altered")
		}
		refused(t, "altered", grant(id), desk.CodeConflict, "")
		w.execute(t, `UPDATE approval SET facts = REPLACE(facts, '"tone":"DU"', '"tone":"du"')`)
		// Somebody with a shell changed the choices meanwhile.
		p := desk.DefaultPolicies()
		p.Voice = "reject"
		storetest.Enter(t, w.store, desk.RegisterEntry{Controller: w.controller, Kind: desk.RegisterPolicies, Subject: desk.RegisterID(w.controller), Active: true}, p)
		refused(t, "the choices changed", grant(id), desk.CodeConflict, "")
		if got := w.register(t).Policies; got != p {
			t.Errorf("the choices are %+v", got)
		}
		w.wantState(t, id, desk.ApprovalWaiting)
		// What the same person asks for next takes its place; a colleague has to wait.
		next := w.asks(t, w.admin, departing())
		w.wantState(t, id, "withdrawn")
		_, err := w.SetPolicies(ctx, session(other), w.controller, departing(), private.Text{})
		refused(t, "a colleague asks meanwhile", err, desk.CodeConflict, "")
		refused(t, "a colleague withdraws", w.WithdrawApproval(ctx, session(other), next), desk.CodeForbidden, "")
		must(t, w.WithdrawApproval(ctx, session(w.admin), next))
		w.wantState(t, next, "withdrawn")
		_, err = w.SetPolicies(ctx, shell, w.controller, departing(), private.Text{})
		refused(t, "the command line asks", err, desk.CodeConflict, "")
		refused(t, "one that nobody asked for", grant(desk.NewID[desk.Approval]()), desk.CodeNotFound, "")
	})
}

// Nobody decided in time: nothing happens, and it can be asked for anew.
func TestApprovalsExpire(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		other := w.another(t)
		id := w.asks(t, w.admin, departing())
		w.clock.Add(72 * time.Hour)
		w.wantState(t, id, desk.ApprovalExpired)
		refused(t, "too late", w.DecideApproval(t.Context(), session(other), id, true, private.Text{}), desk.CodeConflict, "")
		next := w.asks(t, other, departing())
		must(t, w.DecideApproval(t.Context(), session(w.admin), next, true, private.Text{}))
		w.wantState(t, id, desk.ApprovalExpired)
		w.clock.Add(100 * 24 * time.Hour)
		if _, there := w.sees(t, w.admin, desk.RoleAdmin, id); there {
			t.Error("an old one is still listed")
		}
	})
}

// The only admin waits, and is marked as having been alone; or may not at all, by the
// Controller's choice (GDPR Art. 32(1)(b)).
func TestApprovalsOfTheOnlyAdmin(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, dpo := t.Context(), w.agent(t, "dpo@muster.example", desk.RoleDPO)
		goOn := func(id desk.ApprovalID) error {
			return w.DecideApproval(ctx, session(w.admin), id, true, private.Text{})
		}
		id := w.asks(t, w.admin, departing())
		if a := w.wantState(t, id, desk.ApprovalWaiting); a.MayGrant || !a.RipeAt.Equal(noon.Add(24*time.Hour)) || !a.ExpiresAt.Equal(noon.Add(96*time.Hour)) {
			t.Errorf("alone, it is %+v", a)
		}
		w.clock.Add(24*time.Hour - time.Millisecond)
		refused(t, "too early", goOn(id), desk.CodeConflict, "")
		// Somebody who changes nothing can stop it.
		if a, _ := w.sees(t, dpo, desk.RoleDPO, id); a.MayGrant || !a.MayRefuse {
			t.Errorf("the data-protection officer sees %+v", a)
		}
		refused(t, "the data-protection officer", w.DecideApproval(ctx, session(dpo), id, true, private.Text{}), desk.CodeForbidden, "")
		must(t, w.DecideApproval(ctx, session(dpo), id, false, text("Ohne Grundlage")))
		w.clock.Add(time.Hour)
		refused(t, "after it was stopped", goOn(id), desk.CodeConflict, "")

		id = w.asks(t, w.admin, departing())
		w.clock.Add(24 * time.Hour)
		if a := w.wantState(t, id, desk.ApprovalRipe); !a.MayGrant {
			t.Error("it waited long enough, and may not go on")
		}
		late := w.agent(t, "spaet@muster.example", desk.RoleAdmin)
		if a := w.wantState(t, id, desk.ApprovalRipe); a.MayGrant {
			t.Error("somebody else is there by now, and it may go on alone")
		}
		refused(t, "somebody else is there by now", goOn(id), desk.CodeConflict, "")
		must(t, w.DisableAgent(ctx, shell, late, "left"))
		entries := w.written(t, func() { must(t, goOn(id)) })
		for _, e := range entries {
			if e.Act == desk.ActApprovalGranted && e.Detail["alone"] != "true" {
				t.Errorf("the log does not say that it was done alone: %+v", e)
			}
		}
		if a := w.wantState(t, id, "granted"); !a.IsAlone() || w.register(t).Policies != departing() {
			t.Errorf("it is %+v, and the choices %+v", a, w.register(t).Policies)
		}

		strict := departing()
		strict.SingleAdmin = "refuse"
		id = w.asks(t, w.admin, strict)
		w.clock.Add(24 * time.Hour)
		must(t, goOn(id))
		_, err := w.SetPolicies(ctx, session(w.admin), w.controller, departing(), private.Text{})
		refused(t, "alone where that is refused, even back to waiting", err, desk.CodeConflict, "")
		strict.Tone = "sie"
		must(t, second(w.SetPolicies(ctx, session(w.admin), w.controller, strict, private.Text{})))
	})
}

// Whoever watches over one Controller sees what is asked for there alone, and what people
// wrote lies sealed.
func TestApprovalsWithinTheScope(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.another(t)
		facts, _ := storetest.Papers()
		elsewhere, err := w.AddController(ctx, shell, facts)
		must(t, err)
		stranger, err := w.CreateAgent(ctx, shell, settings.NewAgent{
			Email: text("fremd@muster.example"), Role: desk.RoleDPO, Password: text(password), Controllers: []desk.ControllerID{elsewhere}})
		must(t, err)
		own := w.agent(t, "dpo@muster.example", desk.RoleDPO)
		id := w.asks(t, w.admin, departing())
		if _, there := w.sees(t, stranger, desk.RoleDPO, id); there {
			t.Error("it is shown to somebody of another Controller")
		}
		if _, there := w.sees(t, own, desk.RoleDPO, id); !there {
			t.Error("it is not shown to the Controller's own officer")
		}
		refused(t, "somebody of another Controller", w.DecideApproval(ctx, session(stranger), id, false, text("Nein")), desk.CodeNotFound, "")
		must(t, w.DecideApproval(ctx, session(own), id, false, text("Ohne Grundlage")))
		if all := w.rows(t); bytes.Contains(all, []byte("Beschluss vom Montag")) || bytes.Contains(all, []byte("Ohne Grundlage")) {
			t.Error("what people wrote can be read in the database")
		}
		_, err = w.SetPolicies(ctx, session(w.admin), w.controller, departing(), text(strings.Repeat("a", 501)))
		refused(t, "a long reason", err, desk.CodeInvalid, "reason")
	})
}

// takesUp lets somebody in by an Invitation.
func (w *world) takesUp(t *testing.T, in settings.Invited, err error) desk.AgentID {
	t.Helper()
	must(t, err)
	entrance := auth.NewEntrance(w.people, hasher, auth.NewThrottle(w.store.Now))
	_, err = entrance.Accept(t.Context(), auth.Accepted{Secret: in.Secret, Password: text(password), Peer: netip.MustParseAddr("192.0.2.7")})
	must(t, err)
	return in.Agent
}

// An account that somebody lets in, or lets in anew, is no second person before the waiting time
// is over, whoever invited it; it may stop what is asked for at once. What whoever asked has let in
// is said in the log even after that (GDPR Art. 32(1)(b)).
func TestANewAccountIsNoSecondPerson(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		invite := func(by desk.Actor, email string) desk.AgentID {
			t.Helper()
			in, err := w.InviteAgent(ctx, by, settings.NewAgent{Email: text(email), Role: desk.RoleAdmin})
			return w.takesUp(t, in, err)
		}
		grant := func(who desk.AgentID, id desk.ApprovalID) error {
			return w.DecideApproval(ctx, session(who), id, true, private.Text{})
		}
		days := func(act func()) string {
			t.Helper()
			entries := w.written(t, act)
			at := slices.IndexFunc(entries, func(e desk.AuditEntry) bool { return e.Act == desk.ActApprovalGranted })
			if at < 0 || entries[at].Detail["alone"] != "" {
				t.Fatalf("the log says %+v", entries)
			}
			return entries[at].Detail["invited_days"]
		}
		own := invite(session(w.admin), "selbst@muster.example")
		next := invite(session(own), "kette@muster.example")
		id := w.asks(t, w.admin, departing())
		if a := w.wantState(t, id, desk.ApprovalWaiting); !a.RipeAt.Equal(noon.Add(24 * time.Hour)) {
			t.Errorf("with new accounts alone there, it is ripe at %v", a.RipeAt)
		}
		w.clock.Add(24*time.Hour - time.Millisecond)
		for name, who := range map[string]desk.AgentID{"whom the admin invited": own, "whom they invited in turn": next} {
			if a, _ := w.sees(t, who, desk.RoleAdmin, id); a.MayGrant || !a.MayRefuse {
				t.Errorf("%s sees %+v", name, a)
			}
			refused(t, name, grant(who, id), desk.CodeConflict, "")
		}
		w.clock.Add(time.Millisecond)
		if got := days(func() { must(t, grant(own, id)) }); got != "1" {
			t.Errorf("invited %q days before", got)
		}
		if w.register(t).Policies != departing() {
			t.Error("what was granted has no effect")
		}
		other := departing()
		other.Media = "all"
		id = w.asks(t, own, other)
		w.clock.Add(48 * time.Hour)
		if got := days(func() { must(t, grant(w.admin, id)) }); got != "" {
			t.Errorf("the first admin was invited %q days before", got)
		}

		// A password that is reset by an Invitation is as good as a new account.
		in, err := w.InviteAnew(ctx, session(w.admin), own)
		w.takesUp(t, in, err)
		other.Voice = "reject"
		id = w.asks(t, w.admin, other)
		refused(t, "whose password was reset", grant(own, id), desk.CodeConflict, "")
		if got := days(func() { must(t, grant(next, id)) }); got != "" {
			t.Errorf("somebody else invited them, and the log says %q", got)
		}
		other.Media = "damage_photos"
		must(t, second(w.SetPolicies(ctx, session(w.admin), w.controller, other, private.Text{})))
		other.Tone, other.Media = "sie", "portal_only"
		id = w.asks(t, w.admin, other)
		must(t, w.DecideApproval(ctx, session(own), id, false, text("Ohne Grundlage")))
	})
}
