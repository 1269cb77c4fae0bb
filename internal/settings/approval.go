package settings

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// What a list of Approvals shows: all that wait, and what was decided of late. Older ones
// stand in the audit log.
const (
	approvalsKept = 90 * 24 * time.Hour
	approvalsMost = 200
)

// SeenApproval is an Approval as somebody sees it.
type SeenApproval struct {
	desk.Approval
	State       desk.ApprovalState
	Reason      private.Text // of whoever asked
	Council     private.Text // what the works council was told
	Answer      private.Text // of whoever decided
	MayGrant    bool         // by the one who sees it, alone if they asked
	MayRefuse   bool
	MayWithdraw bool
}

// Approvals gives what waits and what was decided of late, the newest first, as far as it is
// in the Principal's Scope.
func (s *Settings) Approvals(ctx context.Context, who auth.Principal) ([]SeenApproval, error) {
	now, q := s.store.Now(), s.store.Read()
	listed, err := q.ListApprovals(ctx, rows.ListApprovalsParams{Since: desk.AsMillis(now.Add(-approvalsKept)), Now: desk.AsMillis(now), Page: approvalsMost})
	if err != nil {
		return nil, err
	}
	p, err := newPanel(ctx, q, now)
	if err != nil {
		return nil, err
	}
	out, opening := make([]SeenApproval, 0, len(listed)), s.vault.Opening(vault.ReasonView)
	for _, row := range listed {
		a := store.ApprovalOf(row)
		d, err := p.of(ctx, p.seeing(who), &a)
		if err != nil {
			return nil, err
		}
		if !d.Within {
			continue
		}
		others, open := 0, a.IsOpen(now)
		if open {
			if others, err = p.others(ctx, &a); err != nil {
				return nil, err
			}
		}
		out = append(out, SeenApproval{
			Approval: a, State: a.State(now), MayGrant: open && a.MayGrant(d) || a.MayGoOn(d, others, now),
			MayRefuse: open && a.MayRefuse(d), MayWithdraw: a.Withdraw(d, now) == nil,
		})
	}
	for i := range out {
		a := &out[i]
		vault.Add(opening, vault.OwnerInstallation(), vault.ApprovalPlace(a.ID), a.Approval.Reason, &a.Reason)
		vault.Add(opening, vault.OwnerInstallation(), vault.CouncilPlace(a.ID), a.Approval.Council, &a.Council)
		if a.Decision != nil {
			vault.Add(opening, vault.OwnerInstallation(), vault.DecisionPlace(a.ID), a.Decision.Reason, &a.Answer)
		}
	}
	return out, opening.Run(ctx)
}

// DecideApproval grants or refuses what a colleague asked for. What is granted takes effect
// in the same transaction, and only if it still is the very thing that was asked for. Whoever
// asked grants it alone, once it waited long enough and nobody else can. desk.CodeForbidden
// and desk.CodeConflict say why not; a Token decides nothing.
func (s *Settings) DecideApproval(ctx context.Context, actor desk.Actor, id desk.ApprovalID, grant bool, reason private.Text) error {
	if actor.Via == auth.ViaToken {
		return desk.Conflict("a token cannot decide; log in")
	}
	verdict := desk.Declined
	if grant {
		verdict = desk.Granted
	}
	why, err := s.why(ctx, vault.DecisionPlace(id), reason)
	if err != nil {
		return err
	}
	if !grant && why.IsEmpty() {
		return desk.Invalid("reason", "is missing")
	}
	return s.change(ctx, func(tx *store.Tx) error {
		a, who, others, err := askedFor(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if err := a.Decide(who, grant, others, tx.Now()); err != nil {
			return err
		}
		if grant {
			if err := carryOut(ctx, tx, actor, &a); err != nil {
				return err
			}
		}
		var said []string
		if days, is := who.Admitted.DaysOf(a.RequestedBy, tx.Now()); is && grant {
			said = []string{"invited_days", strconv.Itoa(days)} // before, by whoever asked
		}
		return end(ctx, tx, actor, &a, desk.ApprovalDecision{By: actor.Agent, Verdict: verdict, Reason: why}, said...)
	})
}

// WithdrawApproval takes back what the Actor asked for. desk.CodeForbidden if it was somebody
// else, desk.CodeConflict if it is not open any more.
func (s *Settings) WithdrawApproval(ctx context.Context, actor desk.Actor, id desk.ApprovalID) error {
	return s.change(ctx, func(tx *store.Tx) error {
		a, who, _, err := askedFor(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if err := a.Withdraw(who, tx.Now()); err != nil {
			return err
		}
		return end(ctx, tx, actor, &a, desk.ApprovalDecision{By: actor.Agent, Verdict: desk.Withdrawn})
	})
}

// ask writes what somebody asks for, by the choices p that hold. Asking for the very same
// thing again gives the Approval that waits; what the same person asked for before about
// the same gives way.
func ask(ctx context.Context, tx *store.Tx, actor desk.Actor, a desk.Approval, p desk.Policies) (desk.ApprovalID, error) {
	if actor.Agent.IsZero() {
		return a.ID, desk.Conflict("this needs a second person; log in and ask there")
	}
	a.Digest, a.RequestedAt = a.Asks(), tx.Now()
	waiting, err := tx.UndecidedAbout(ctx, a.Act, a.Subject)
	if err != nil {
		return a.ID, err
	}
	for _, w := range waiting {
		switch {
		case w.RequestedBy != a.RequestedBy && a.Act == desk.ApproveNames:
			continue // each looks for themselves
		case w.RequestedBy != a.RequestedBy:
			return a.ID, desk.Conflict("a colleague's request about the same waits; it must be decided first")
		case w.Digest == a.Digest:
			return w.ID, nil
		}
		if err := end(ctx, tx, actor, &w, desk.ApprovalDecision{By: actor.Agent, Verdict: desk.Withdrawn}); err != nil {
			return a.ID, err
		}
	}
	people, err := newPanel(ctx, tx.Queries, tx.Now())
	if err != nil {
		return a.ID, err
	}
	others, err := people.others(ctx, &a)
	if err != nil {
		return a.ID, err
	}
	if a.RipeAt, a.ExpiresAt, err = p.Terms(tx.Now(), others); err != nil {
		return a.ID, err
	}
	tell(tx, actor, &a, desk.ActApprovalRequested, "digest", a.Digest)
	return a.ID, tx.AddApproval(ctx, a)
}

// end writes how an Approval ended; more are keys and values for the audit entry.
func end(ctx context.Context, tx *store.Tx, actor desk.Actor, a *desk.Approval, d desk.ApprovalDecision, more ...string) error {
	d.At, a.Decision = tx.Now(), &d
	act := map[desk.Verdict]desk.Act{
		desk.Granted: desk.ActApprovalGranted, desk.Declined: desk.ActApprovalRefused, desk.Withdrawn: desk.ActApprovalWithdrawn, desk.Lapsed: desk.ActApprovalLapsed,
	}[d.Verdict]
	if a.IsAlone() {
		more = append(more, "alone", "true")
	}
	tell(tx, actor, a, act, more...)
	return tx.EndApproval(ctx, *a)
}

// tell writes the audit entry and wakes those who look; more are keys and values of detail.
func tell(tx *store.Tx, actor desk.Actor, a *desk.Approval, act desk.Act, more ...string) {
	detail := map[string]string{"request": string(a.Act)}
	if a.Act != desk.ApprovePolicies {
		noun, id, _ := strings.Cut(a.Subject, ":")
		detail[noun] = id
	}
	for i := 0; i+1 < len(more); i += 2 {
		detail[more[i]] = more[i+1]
	}
	tx.Audit(desk.AuditEntry{Actor: actor, Act: act, Subject: "approval:" + a.ID.String(), Controller: a.Controller, Detail: detail})
	tx.Emit(desk.Event{Kind: desk.EventApproval, Controller: a.Controller})
}

// carryOut does what was asked for, and nothing else.
func carryOut(ctx context.Context, tx *store.Tx, actor desk.Actor, a *desk.Approval) error {
	if a.Digest != a.Asks() {
		return desk.Conflict("this is not what was asked for any more; it was altered")
	}
	switch a.Act {
	case desk.ApproveNames:
		return carryOutNames(ctx, tx, a)
	case desk.ApproveCoexistence:
		return carryOutCoexistence(ctx, tx, actor, a)
	}
	return carryOutPolicies(ctx, tx, actor, a)
}

// askedFor finds an Approval that the Actor may see, what they are to it, and how many could
// grant it beside whoever asked.
func askedFor(ctx context.Context, tx *store.Tx, actor desk.Actor, id desk.ApprovalID) (a desk.Approval, who desk.Decider, others int, err error) {
	row, err := tx.GetApproval(ctx, id)
	if store.IsNone(err) {
		return a, who, 0, desk.NotFound("approval")
	} else if err != nil {
		return a, who, 0, err
	}
	a = store.ApprovalOf(row)
	p, err := newPanel(ctx, tx.Queries, tx.Now())
	if err != nil {
		return a, who, 0, err
	}
	if who = p.member(actor.Agent); who.Agent.IsZero() {
		return a, who, 0, desk.NotFound("approval")
	}
	if who, err = p.of(ctx, who, &a); err == nil && !who.Within {
		err = desk.NotFound("approval")
	}
	if err != nil {
		return a, who, 0, err
	}
	others, err = p.others(ctx, &a)
	return a, who, others, err
}

// panel knows who may have a say about Approvals, and what is in whose Scope.
type panel struct {
	q       *rows.Queries
	now     time.Time
	members []desk.Decider
	serves  map[desk.AgentID]map[desk.ControllerID]bool // of those who do not see all
	peers   map[desk.AgentID]map[string]bool            // subjects of the Agents they have to do with
	chosen  map[string]desk.Policies                    // by what an Approval is about
}

// newPanel gathers those who can log in and whose role has a say at all.
func newPanel(ctx context.Context, q *rows.Queries, now time.Time) (*panel, error) {
	listed, err := q.ListDeciders(ctx)
	p := &panel{q: q, now: now, members: make([]desk.Decider, len(listed)), serves: map[desk.AgentID]map[desk.ControllerID]bool{}, peers: map[desk.AgentID]map[string]bool{},
		chosen: map[string]desk.Policies{}}
	for i, row := range listed {
		p.members[i] = desk.Decider{Agent: row.ID, Role: row.Role}
		if row.AdmittedAt > 0 {
			p.members[i].Admitted = desk.Admission{By: row.AdmittedBy, At: time.UnixMilli(row.AdmittedAt).UTC()}
		}
	}
	return p, err
}

// of tells what somebody is to an Approval.
func (p *panel) of(ctx context.Context, d desk.Decider, a *desk.Approval) (desk.Decider, error) {
	if !d.Admitted.At.IsZero() && a.Decision == nil {
		chosen, err := p.choices(ctx, a)
		if err != nil {
			return d, err
		}
		d.New = d.Admitted.IsNew(p.now, chosen)
	}
	d.Within = d.Role == desk.RoleAdmin
	if d.Within {
		return d, nil
	}
	if err := p.learn(ctx, d.Agent); err != nil {
		return d, err
	}
	d.Within = p.serves[d.Agent][a.Controller] || a.Controller.IsZero() && p.peers[d.Agent][a.Subject] || d.Agent == a.RequestedBy
	return d, nil
}

// choices are those that an Approval goes by: the Controller's, or of looking at somebody the
// strictest of those it serves.
func (p *panel) choices(ctx context.Context, a *desk.Approval) (desk.Policies, error) {
	if known, ok := p.chosen[a.Subject]; ok {
		return known, nil
	}
	var chosen desk.Policies
	var err error
	if a.Act == desk.ApproveNames {
		chosen, err = store.PoliciesAbout(ctx, p.q, desk.AgentOf(a.Subject), p.now)
	} else {
		var r desk.Register
		r, err = store.RegisterNow(ctx, p.q, a.Controller, p.now)
		chosen = r.Policies
	}
	p.chosen[a.Subject] = chosen
	return chosen, err
}

// seeing finds who looks, even if they have no say.
func (p *panel) seeing(who auth.Principal) desk.Decider {
	if d := p.member(who.Agent); !d.Agent.IsZero() {
		return d
	}
	return desk.Decider{Agent: who.Agent, Role: who.Role}
}

// learn asks once what somebody has to do with.
func (p *panel) learn(ctx context.Context, id desk.AgentID) error {
	if p.serves[id] != nil {
		return nil
	}
	controllers, err := p.q.ListControllersOf(ctx, id)
	if err != nil {
		return err
	}
	peers, err := p.q.ListColleagues(ctx, id)
	if err != nil {
		return err
	}
	p.serves[id], p.peers[id] = map[desk.ControllerID]bool{}, map[string]bool{}
	for _, c := range controllers {
		p.serves[id][c.ID] = true
	}
	for _, peer := range peers {
		p.peers[id][desk.AboutAgent(peer)] = true
	}
	return nil
}

// member finds who acts among those who have a say; the zero Decider if it is none of them.
func (p *panel) member(id desk.AgentID) desk.Decider {
	if at := slices.IndexFunc(p.members, func(d desk.Decider) bool { return d.Agent == id }); at >= 0 {
		return p.members[at]
	}
	return desk.Decider{}
}

// others counts who could grant it beside whoever asked.
func (p *panel) others(ctx context.Context, a *desk.Approval) (n int, err error) {
	for _, d := range p.members {
		if d, err = p.of(ctx, d, a); err != nil {
			return 0, err
		}
		if a.MayGrant(d) {
			n++
		}
	}
	return n, nil
}

// why seals what somebody wrote about an Approval, which may name people.
func (s *Settings) why(ctx context.Context, place vault.Place, given private.Text) (desk.SealedText, error) {
	given = trimmed(given)
	if given.IsEmpty() {
		return desk.SealedText{}, nil
	}
	if err := checkName("reason", strings.Join(strings.Fields(given.Reveal()), " "), 500); err != nil {
		return desk.SealedText{}, err
	}
	return vault.Seal(ctx, s.vault, vault.OwnerInstallation(), place, given)
}
