package oversight_test

import (
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
)

// granted makes an Approval for by to read what about did.
func (w *world) granted(t *testing.T, by, about desk.AgentID, until time.Time) desk.ApprovalID {
	t.Helper()
	a := desk.Approval{
		ID: desk.NewID[desk.Approval](), Act: desk.ApproveNames, Subject: desk.AboutAgent(about), Facts: "{}",
		RequestedBy: by, RequestedAt: w.clock.Now(), ExpiresAt: until, Decision: &desk.ApprovalDecision{At: w.clock.Now(), By: about, Verdict: desk.Granted},
	}
	must(t, w.Update(t.Context(), func(tx *store.Tx) error {
		if err := tx.AddApproval(t.Context(), a); err != nil {
			return err
		}
		return tx.EndApproval(t.Context(), a)
	}))
	return a.ID
}

// chooses writes the choices of a realm.
func (w *world) chooses(t *testing.T, r realm, access string) {
	t.Helper()
	p := desk.DefaultPolicies()
	p.AuditAccess = access
	storetest.Enter(t, w.Store, desk.RegisterEntry{Controller: r.controller, Kind: desk.RegisterPolicies, Subject: desk.RegisterID(r.controller), Active: true}, p)
}

// Nobody reads what one colleague did without a second person, and each look says on whose
// word (§ 87(1) no. 6 BetrVG).
func TestLookingAtAColleagueTakesTwo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, ann, ida := t.Context(), w.member(t, w.north), w.member(t, realm{})
		w.act(t, desk.AuditEntry{Actor: by(ann), Act: "session.created", Subject: "session:1"})
		looks := func(who desk.Actor, scope desk.Scope, q desk.AuditQuery) error {
			t.Helper()
			q.Scope = scope
			_, _, err := w.Entries(ctx, who, q)
			return err
		}
		admin, whole := by(ida), desk.Scope{Agent: ida, All: true}
		byHer, onHer := desk.AuditQuery{Agent: ann}, desk.AuditQuery{Subject: desk.AboutAgent(ann)}
		for name, q := range map[string]desk.AuditQuery{"by her": byHer, "on her account": onHer, "both": {Agent: ida, Subject: desk.AboutAgent(ann)}, "one act of hers": {Agent: ann, Act: "session.created"}} {
			for role, err := range map[string]error{"an admin": looks(admin, whole, q), "the officer": looks(w.dpo, w.scope, q)} {
				if q.Agent == ida && role == "the officer" {
					continue // two strangers to the officer
				}
				if desk.CodeOf(err) != desk.CodeApproval {
					t.Errorf("%s reads %s: %v", role, name, err)
				}
			}
		}
		must(t, looks(admin, whole, desk.AuditQuery{}))
		must(t, looks(admin, whole, desk.AuditQuery{Agent: ida}))
		must(t, looks(by(ann), desk.Scope{Agent: ann}, byHer))
		must(t, looks(shell, whole, byHer))

		until := w.clock.Now().Add(time.Hour)
		w.granted(t, ida, ida, until)         // about somebody else
		w.granted(t, w.dpo.Agent, ann, until) // somebody else's
		if err := looks(admin, whole, byHer); desk.CodeOf(err) != desk.CodeApproval {
			t.Errorf("by the word for another: %v", err)
		}
		id := w.granted(t, ida, ann, until)
		must(t, looks(admin, whole, byHer))
		must(t, looks(admin, whole, onHer))
		must(t, looks(w.dpo, w.scope, byHer))
		must(t, w.log.Number(ctx))
		entries, _, err := w.Entries(ctx, shell, desk.AuditQuery{Scope: every, Act: desk.ActAuditOpened, Agent: ida, Subject: desk.AboutAgent(ann)})
		must(t, err)
		if len(entries) != 1 || entries[0].Detail["approval"] != id.String() {
			t.Errorf("the look left %+v", entries)
		}
		w.clock.Add(time.Hour)
		if err := looks(admin, whole, byHer); desk.CodeOf(err) != desk.CodeApproval {
			t.Errorf("after it expired: %v", err)
		}
	})
}

// Where the officer alone may look, nobody else does, by whosever word; and of several
// Controllers the strictest holds.
func TestTheOfficerAloneLooks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, ann, sue, ida := t.Context(), w.member(t, w.north), w.member(t, w.south), w.member(t, realm{})
		w.chooses(t, w.north, desk.NamesDPOOnly)
		look := func(who desk.Actor, scope desk.Scope, about desk.AgentID) desk.Code {
			t.Helper()
			_, _, err := w.Entries(ctx, who, desk.AuditQuery{Scope: scope, Agent: about})
			if err == nil {
				return ""
			}
			return desk.CodeOf(err)
		}
		whole := desk.Scope{Agent: ida, All: true}
		w.granted(t, ida, ann, w.clock.Now().Add(time.Hour))
		for name, c := range map[string]struct {
			who   desk.Actor
			scope desk.Scope
			about desk.AgentID
			want  desk.Code
		}{
			"the officer at her":                 {w.dpo, w.scope, ann, ""},
			"an admin at her":                    {by(ida), whole, ann, desk.CodeForbidden},
			"an admin at somebody of the other":  {by(ida), whole, sue, desk.CodeApproval},
			"the officer at an admin of the all": {w.dpo, w.scope, ida, ""},
		} {
			if got := look(c.who, c.scope, c.about); got != c.want {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		}
	})
}
