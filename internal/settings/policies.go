package settings

import (
	"context"
	"encoding/json"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// SetPolicies puts other choices in the place of a Controller's. What only goes back to the
// careful defaults acts at once. Anything else waits for a second person (GDPR Art. 25(2),
// 32(1)): the id of the Approval that was asked for is given back, zero if there is none.
// reason is for whoever decides; it may be empty. desk.CodeConflict if nobody else could
// decide and the policy single_admin refuses, or while a colleague's change of the same
// choices waits.
func (s *Settings) SetPolicies(ctx context.Context, actor desk.Actor, controller desk.ControllerID, p desk.Policies, reason private.Text) (desk.ApprovalID, error) {
	asked := desk.Approval{ID: desk.NewID[desk.Approval](), Controller: controller, Act: desk.ApprovePolicies, Subject: policiesSubject(controller), RequestedBy: actor.Agent}
	if err := p.Check(); err != nil {
		return desk.ApprovalID{}, err
	}
	var err error
	if asked.Reason, err = s.why(ctx, vault.ApprovalPlace(asked.ID), reason); err != nil {
		return desk.ApprovalID{}, err
	}
	var waits desk.ApprovalID
	err = s.change(ctx, func(tx *store.Tx) error {
		before, err := policiesNow(ctx, tx, controller)
		if err != nil || before == p {
			return err
		}
		if len(p.NeedsApproval(before)) == 0 {
			return putPolicies(ctx, tx, actor, asked.Controller, before, p, desk.ApprovalID{})
		}
		facts, err := json.Marshal(desk.ChangeOfPolicies{Before: before, After: p})
		if err != nil {
			return err
		}
		asked.Facts = string(facts)
		waits, err = ask(ctx, tx, actor, asked, before)
		return err
	})
	return waits, err
}

// policiesSubject is how the audit log and the register name a Controller's choices.
func policiesSubject(controller desk.ControllerID) string {
	return string(desk.RegisterPolicies) + ":" + controller.String()
}

func policiesNow(ctx context.Context, tx *store.Tx, controller desk.ControllerID) (desk.Policies, error) {
	r, err := store.RegisterNow(ctx, tx.Queries, controller, tx.Now())
	if err == nil && r.ID.IsZero() {
		err = desk.NotFound("controller")
	}
	return r.Policies, err
}

// putPolicies writes the next version. Whatever else was asked for about the choices as they
// were lapses. by is the Approval it rests on, zero if it needs none.
func putPolicies(ctx context.Context, tx *store.Tx, actor desk.Actor, controller desk.ControllerID, before, p desk.Policies, by desk.ApprovalID) error {
	e := desk.RegisterEntry{Controller: controller, Kind: desk.RegisterPolicies, Subject: desk.RegisterID(controller), Active: true}
	entry := registerAct(actor, e)
	if !by.IsZero() {
		entry.Detail["approval"] = by.String()
	}
	tx.Changed(entry, p.Alterations(before)...)
	if err := enter(ctx, tx, actor, e, p); err != nil {
		return err
	}
	if before.DPFInvalid != p.DPFInvalid {
		if err := tellInboxes(ctx, tx, controller); err != nil {
			return err
		}
	}
	waiting, err := tx.UndecidedAbout(ctx, desk.ApprovePolicies, entry.Subject)
	if err != nil {
		return err
	}
	for _, a := range waiting {
		if a.ID == by {
			continue
		}
		if err := end(ctx, tx, actor, &a, desk.ApprovalDecision{Verdict: desk.Lapsed}); err != nil {
			return err
		}
	}
	return nil
}

// carryOutPolicies does what was asked for, if the choices still are what they were.
func carryOutPolicies(ctx context.Context, tx *store.Tx, actor desk.Actor, a *desk.Approval) error {
	var c desk.ChangeOfPolicies
	if err := json.Unmarshal([]byte(a.Facts), &c); err != nil {
		return err
	}
	if err := c.After.Check(); err != nil {
		return err
	}
	before, err := policiesNow(ctx, tx, a.Controller)
	if err != nil {
		return err
	}
	if before != c.Before {
		return desk.Conflict("the policies are not any more what they were when this was asked for; ask for it anew")
	}
	return putPolicies(ctx, tx, actor, a.Controller, before, c.After, a.ID)
}
