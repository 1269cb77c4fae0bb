package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
)

// approval makes one that waits, about the policies of a realm's Controller.
func (w *world) approval(t *testing.T, r *realm, by desk.AgentID) desk.ApprovalID {
	t.Helper()
	c := desk.ChangeOfPolicies{Before: desk.DefaultPolicies(), After: desk.DefaultPolicies()}
	c.After.Tone = "du"
	facts, err := json.Marshal(c)
	must(t, err)
	a := desk.Approval{
		ID: desk.NewID[desk.Approval](), Controller: r.controller, Act: desk.ApprovePolicies, Subject: "policies:" + r.controller.String(), Facts: string(facts),
		RequestedBy: by, RequestedAt: w.Now(), ExpiresAt: w.Now().Add(72 * time.Hour),
	}
	a.Digest = a.Asks()
	must(t, w.Update(context.Background(), func(tx *store.Tx) error { return tx.AddApproval(context.Background(), a) }))
	return a.ID
}

// policiesBody is what a form would send.
func policiesBody(t *testing.T, p desk.Policies) map[string]any {
	t.Helper()
	text, err := json.Marshal(p)
	must(t, err)
	body := map[string]any{}
	must(t, json.Unmarshal(text, &body))
	return body
}

// seenApproval is what the API shows of one.
type seenApproval struct {
	ID, State, Subject, Reason string
	RequestedBy                struct{ ID, Name string } `json:"requested_by"`
	Changes                    []struct {
		Field         string
		Before, After []string
	}
	Decision *struct {
		By      struct{ ID string }
		Verdict string
		Reason  string
		Alone   bool
	}
	MayGrant    bool `json:"may_grant"`
	MayRefuse   bool `json:"may_refuse"`
	MayWithdraw bool `json:"may_withdraw"`
}

func (w *world) approvalsOf(t *testing.T, who asker) []seenApproval {
	t.Helper()
	var out struct{ Items []seenApproval }
	a := w.ask(t, who, question{method: "GET", path: "/api/v1/approvals"})
	if a.status != http.StatusOK {
		t.Fatalf("%s lists approvals: %d %s", who.name, a.status, a.body)
	}
	a.read(t, &out)
	return out.Items
}

// A change that leaves a default is accepted and waits; a colleague sees exactly what would
// change, grants it, and then it holds (GDPR Art. 32(1)).
func TestPoliciesWaitForASecondPerson(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		admin := w.byCookie(t, "an admin", desk.RoleAdmin, nil, w.agent(t, desk.RoleAdmin))
		other := w.byCookie(t, "another admin", desk.RoleAdmin, nil, w.agent(t, desk.RoleAdmin))
		dpo := w.byCookie(t, "the officer", desk.RoleDPO, w.north, w.agent(t, desk.RoleDPO, w.north))
		path := "/api/v1/controllers/" + w.north.controller.String() + "/policies"
		put := func(tone, reason string) (int, string) {
			t.Helper()
			p := desk.DefaultPolicies()
			p.Tone = tone
			body := policiesBody(t, p)
			if reason != "" {
				body["reason"] = reason
			}
			var out struct{ Approval string }
			a := w.ask(t, admin, question{method: "PUT", path: path, body: body})
			a.read(t, &out)
			return a.status, out.Approval
		}
		if status, asked := put("sie", ""); status != http.StatusOK || asked != "" {
			t.Errorf("what holds already: %d %q", status, asked)
		}
		status, asked := put("du", "Beschluss")
		if status != http.StatusAccepted || asked == "" {
			t.Fatalf("leaving the default: %d %q", status, asked)
		}
		seen := w.approvalsOf(t, other)
		if len(seen) != 1 || seen[0].ID != asked || seen[0].State != "waiting" || seen[0].Reason != "Beschluss" || seen[0].RequestedBy.ID != admin.id.String() || !seen[0].MayGrant {
			t.Fatalf("the other admin sees %+v", seen)
		}
		if c := seen[0].Changes; len(c) != 1 || c[0].Field != "tone" || strings.Join(c[0].Before, "") != "sie" || strings.Join(c[0].After, "") != "du" {
			t.Errorf("what would change is %+v", c)
		}
		if own := w.approvalsOf(t, admin); own[0].MayGrant || own[0].MayRefuse || !own[0].MayWithdraw {
			t.Errorf("whoever asked sees %+v", own)
		}
		if of := w.approvalsOf(t, dpo); len(of) != 1 || of[0].MayGrant || !of[0].MayRefuse {
			t.Errorf("the officer sees %+v", of)
		}
		decide := func(who asker, grant bool, reason string) answer {
			return w.ask(t, who, question{method: "POST", path: "/api/v1/approvals/" + asked + "/decision", body: map[string]any{"grant": grant, "reason": reason}})
		}
		for what, a := range map[string]answer{"whoever asked": decide(admin, true, ""), "the officer": decide(dpo, true, ""), "no reason": decide(other, false, "")} {
			if a.status < 400 || a.header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s: %d %s", what, a.status, a.body)
			}
		}
		if a := decide(other, true, "Gesehen"); a.status != http.StatusNoContent {
			t.Fatalf("granting: %d %s", a.status, a.body)
		}
		if d := w.approvalsOf(t, admin)[0].Decision; d == nil || d.Verdict != "granted" || d.Reason != "Gesehen" || d.By.ID != other.id.String() || d.Alone {
			t.Errorf("the decision is %+v", d)
		}
		r, err := w.settings.Register(t.Context(), w.north.controller, w.Now().Add(time.Minute))
		must(t, err)
		if r.Policies.Tone != "du" {
			t.Errorf("granted, and the tone is %q", r.Policies.Tone)
		}
	})
}

// Whoever narrows the log to a colleague is told to ask, asks with a reason, and reads once
// the officer has agreed (§ 87(1) no. 6 BetrVG).
func TestLookingAtAColleagueByTheAPI(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		admin := w.byCookie(t, "an admin", desk.RoleAdmin, nil, w.agent(t, desk.RoleAdmin))
		dpo := w.byCookie(t, "the officer", desk.RoleDPO, w.north, w.agent(t, desk.RoleDPO, w.north))
		ben := w.agent(t, desk.RoleAgent, w.north).String()
		look := func() answer { return w.ask(t, admin, question{method: "GET", path: "/api/v1/audit?agent=" + ben}) }
		if a := look(); a.status != http.StatusForbidden || a.problem(t).Code != "approval_needed" {
			t.Fatalf("looking: %d %s", a.status, a.body)
		}
		ask := func(body map[string]any) answer {
			return w.ask(t, admin, question{method: "POST", path: "/api/v1/approvals", body: body})
		}
		if a := ask(map[string]any{"agent": ben, "reason": "Beschwerde", "council": ""}); a.status != http.StatusUnprocessableEntity || a.problem(t).Field != "council" {
			t.Errorf("without a word to the works council: %d %s", a.status, a.body)
		}
		var made struct{ ID string }
		a := ask(map[string]any{"agent": ben, "reason": "Beschwerde", "council": "Vorsitz am Mittwoch"})
		if a.read(t, &made); a.status != http.StatusCreated {
			t.Fatalf("asking: %d %s", a.status, a.body)
		}
		seen := w.approvalsOf(t, dpo)
		if len(seen) != 1 || seen[0].ID != made.ID || seen[0].Subject != "agent:"+ben || !seen[0].MayGrant || len(seen[0].Changes) != 0 {
			t.Fatalf("the officer sees %+v", seen)
		}
		if a := look(); a.status != http.StatusForbidden {
			t.Errorf("before anybody agreed: %d %s", a.status, a.body)
		}
		if a := w.ask(t, dpo, question{method: "POST", path: "/api/v1/approvals/" + made.ID + "/decision", body: map[string]any{"grant": true, "reason": ""}}); a.status != http.StatusNoContent {
			t.Fatalf("the officer agrees: %d %s", a.status, a.body)
		}
		if a := look(); a.status != http.StatusOK {
			t.Errorf("after the officer agreed: %d %s", a.status, a.body)
		}
	})
}
