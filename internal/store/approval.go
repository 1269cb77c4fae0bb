package store

import (
	"context"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

// ApprovalOf makes the noun of a row.
func ApprovalOf(r rows.Approval) desk.Approval {
	a := desk.Approval{
		ID: r.ID, Controller: r.Controller, Act: r.Act, Subject: r.Subject, Facts: r.Facts, Digest: r.Digest,
		RequestedBy: r.RequestedBy, RequestedAt: r.RequestedAt.Time, Reason: r.Reason, Council: r.Council, RipeAt: r.RipeAt.Time, ExpiresAt: r.ExpiresAt.Time,
	}
	if r.Verdict != "" {
		a.Decision = &desk.ApprovalDecision{At: r.DecidedAt.Time, By: r.DecidedBy, Verdict: r.Verdict, Reason: r.DecidedReason}
	}
	return a
}

// AddApproval writes what somebody asked for.
func (tx *Tx) AddApproval(ctx context.Context, a desk.Approval) error {
	return tx.Queries.AddApproval(ctx, rows.AddApprovalParams{
		ID: a.ID, Controller: a.Controller, Act: a.Act, Subject: a.Subject, Facts: a.Facts, Digest: a.Digest,
		RequestedBy: a.RequestedBy, RequestedAt: desk.AsMillis(a.RequestedAt), Reason: a.Reason, Council: a.Council,
		RipeAt: desk.AsMillis(a.RipeAt), ExpiresAt: desk.AsMillis(a.ExpiresAt),
	})
}

// EndApproval writes the Decision; desk.CodeConflict if one was taken already.
func (tx *Tx) EndApproval(ctx context.Context, a desk.Approval) error {
	d := a.Decision
	n, err := tx.DecideApproval(ctx, rows.DecideApprovalParams{
		ID: a.ID, DecidedAt: desk.AsMillis(d.At), DecidedBy: d.By, Verdict: d.Verdict, DecidedReason: d.Reason, ExpiresAt: desk.AsMillis(a.ExpiresAt),
	})
	if err == nil && n == 0 {
		return desk.Conflict("this was decided already")
	}
	return err
}

// UndecidedAbout gives what waits about one thing, the newest first.
func (tx *Tx) UndecidedAbout(ctx context.Context, act desk.ApprovalAct, subject string) ([]desk.Approval, error) {
	listed, err := tx.ListUndecidedAbout(ctx, rows.ListUndecidedAboutParams{Act: act, Subject: subject, Now: tx.Stamp()})
	out := make([]desk.Approval, len(listed))
	for i, row := range listed {
		out[i] = ApprovalOf(row)
	}
	return out, err
}

// GrantedNames finds what lets an Agent read now what another did; zero if nothing does.
func GrantedNames(ctx context.Context, q *rows.Queries, by, about desk.AgentID, now time.Time) (desk.ApprovalID, error) {
	id, err := q.FindGranted(ctx, rows.FindGrantedParams{Act: desk.ApproveNames, Subject: desk.AboutAgent(about), RequestedBy: by, Now: desk.AsMillis(now)})
	if IsNone(err) {
		return desk.ApprovalID{}, nil
	}
	return id, err
}

// PoliciesAbout gives what the Controllers whom an Agent serves chose about looking at what it
// did, the strictest of them; all Controllers, if it serves every one or none.
func PoliciesAbout(ctx context.Context, q *rows.Queries, agent desk.AgentID, now time.Time) (desk.Policies, error) {
	listed, err := controllersOf(ctx, q, agent)
	if err != nil {
		return desk.Policies{}, err
	}
	chosen := make([]desk.Policies, len(listed))
	for i, c := range listed {
		r, err := RegisterNow(ctx, q, c.ID, now)
		if err != nil {
			return desk.Policies{}, err
		}
		chosen[i] = r.Policies
	}
	return desk.StrictestAboutNames(chosen), nil
}

// controllersOf gives those whom an Agent has to do with: all, if it is an admin or serves none.
func controllersOf(ctx context.Context, q *rows.Queries, agent desk.AgentID) ([]rows.Controller, error) {
	a, err := q.GetAgent(ctx, agent)
	if err != nil && !IsNone(err) {
		return nil, err
	}
	if a.Role != desk.RoleAdmin {
		if listed, err := q.ListControllersOf(ctx, agent); err != nil || len(listed) > 0 {
			return listed, err
		}
	}
	return q.ListControllers(ctx)
}
