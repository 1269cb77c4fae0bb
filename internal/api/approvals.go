package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
)

// Approval is what somebody asked for and a second person decides.
type Approval struct {
	ID          string                  `json:"id" format:"uuid"`
	Act         desk.ApprovalAct        `json:"act" enum:"policies.change,audit.names,coexistence.begin"`
	State       desk.ApprovalState      `json:"state" enum:"waiting,ripe,granted,refused,withdrawn,lapsed,expired" doc:"ripe: it waited long enough to be done without a second person."`
	Controller  string                  `json:"controller" doc:"Whose matter it is; empty: the house's."`
	Subject     string                  `json:"subject" doc:"Noun and id of what it is about."`
	Changes     []Alteration            `json:"changes" nullable:"false" doc:"What would change; empty if nothing would."`
	RequestedBy Actor                   `json:"requested_by"`
	RequestedAt time.Time               `json:"requested_at"`
	Reason      string                  `json:"reason" doc:"Of whoever asked; may be empty."`
	Council     string                  `json:"council" doc:"What the works council was told; of audit.names."`
	RipeAt      Maybe[time.Time]        `json:"ripe_at" doc:"From when whoever asked may go on alone; null if somebody else can decide."`
	ExpiresAt   time.Time               `json:"expires_at" doc:"If nobody decides before; of audit.names, once granted, until when it is good."`
	Decision    Maybe[ApprovalDecision] `json:"decision"`
	MayGrant    bool                    `json:"may_grant" doc:"The caller may; alone if it is their own."`
	MayRefuse   bool                    `json:"may_refuse"`
	MayWithdraw bool                    `json:"may_withdraw"`
}

// ApprovalDecision is how an Approval ended.
type ApprovalDecision struct {
	At      time.Time    `json:"at"`
	By      Actor        `json:"by"`
	Verdict desk.Verdict `json:"verdict" enum:"granted,refused,withdrawn,lapsed"`
	Reason  string       `json:"reason"`
	Alone   bool         `json:"alone" doc:"Granted by whoever asked, after waiting, without a second person."`
}

type (
	approvalsOutput struct {
		Body struct {
			Items []Approval `json:"items" nullable:"false"`
		}
	}
	lookInput struct {
		Body struct {
			Agent   string `json:"agent" format:"uuid" doc:"Whose acts are to be read."`
			Reason  string `json:"reason" minLength:"1" maxLength:"500" doc:"For whoever decides."`
			Council string `json:"council" minLength:"1" maxLength:"500" doc:"What the works council was told, when and by whom."`
		}
	}
	lookAsked struct {
		Body struct {
			ID string `json:"id" format:"uuid"`
		}
	}
	approvalDecisionInput struct {
		ID   string `path:"id" format:"uuid"`
		Body struct {
			Grant  bool   `json:"grant"`
			Reason string `json:"reason" maxLength:"500" doc:"Must not be empty if it is refused."`
		}
	}
	approvalInput struct {
		ID string `path:"id" format:"uuid"`
	}
)

func (a *API) approvals() {
	register(a, byItself(operation("approvals-list", http.MethodGet, "/approvals", "What waits for a second person, and what was decided in the last 90 days, the newest first", http.StatusOK)),
		auth.ReadGovernance, a.listApprovals)
	register(a, operation("approval-request", http.MethodPost, "/approvals", "Ask for a second person's yes to read in the audit log what one colleague did", http.StatusCreated),
		auth.ReadAudit, a.askForNames)
	decide := operation("approval-decide", http.MethodPost, "/approvals/{id}/decision", "Grant or refuse what a colleague asked for", http.StatusNoContent)
	decide.Description = "What is granted takes effect at once, and only if it still is the very thing that was asked for. Whoever asked grants it alone once it is ripe. " +
		"A data-protection officer may refuse what an admin alone may grant."
	register(a, decide, auth.DecideApprovals, a.decideApproval)
	register(a, operation("approval-withdraw", http.MethodPost, "/approvals/{id}/withdrawal", "Take back what one asked for", http.StatusNoContent),
		auth.DecideApprovals, a.withdrawApproval)
}

func (a *API) listApprovals(ctx context.Context, x *exchange, _ *none) (*approvalsOutput, error) {
	listed, err := a.Settings.Approvals(ctx, x.who)
	if err != nil {
		return nil, err
	}
	n, err := a.names(ctx)
	if err != nil {
		return nil, err
	}
	out := &approvalsOutput{}
	out.Body.Items = make([]Approval, len(listed))
	for i := range listed {
		if out.Body.Items[i], err = approvalView(&listed[i], n); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func approvalView(a *settings.SeenApproval, n names) (Approval, error) {
	of := func(id desk.AgentID) Actor {
		if id.IsZero() {
			return Actor{Kind: desk.ActorSystem}
		}
		return actorView(desk.Actor{Kind: desk.ActorAgent, Agent: id, Via: auth.ViaSession}, n)
	}
	v := Approval{
		ID: a.ID.String(), Act: a.Act, State: a.State, Controller: idOrEmpty(a.Controller), Subject: a.Subject, Changes: []Alteration{},
		RequestedBy: of(a.RequestedBy), RequestedAt: a.RequestedAt, Reason: a.Reason.Reveal(), Council: a.Council.Reveal(), RipeAt: maybeTime(a.RipeAt), ExpiresAt: a.ExpiresAt,
		MayGrant: a.MayGrant, MayRefuse: a.MayRefuse, MayWithdraw: a.MayWithdraw,
	}
	if d := a.Decision; d != nil {
		v.Decision = some(ApprovalDecision{d.At, of(d.By), d.Verdict, a.Answer.Reveal(), a.IsAlone()})
	}
	switch a.Act {
	case desk.ApprovePolicies:
		var c desk.ChangeOfPolicies
		if err := json.Unmarshal([]byte(a.Facts), &c); err != nil {
			return v, err
		}
		for _, change := range c.After.Alterations(c.Before) {
			if change.Differs() {
				v.Changes = append(v.Changes, Alteration(change))
			}
		}
	case desk.ApproveCoexistence:
		var asked desk.BeginningOfCoexistence
		if err := json.Unmarshal([]byte(a.Facts), &asked); err != nil {
			return v, err
		}
		v.Reason = asked.Reason
	}
	return v, nil
}

// idOrEmpty writes an id; none is the empty text.
func idOrEmpty[N any](id desk.ID[N]) string {
	if id.IsZero() {
		return ""
	}
	return id.String()
}

func (a *API) askForNames(ctx context.Context, x *exchange, in *lookInput) (*lookAsked, error) {
	about, err := desk.ParseID[desk.Agent](in.Body.Agent)
	if err != nil {
		return nil, desk.Invalid("agent", "is not an id")
	}
	id, err := a.Settings.AskForNames(ctx, x.who, settings.LookAtNames{
		Agent: about, Reason: private.NewText(in.Body.Reason), Council: private.NewText(in.Body.Council),
	})
	if err != nil {
		return nil, err
	}
	out := &lookAsked{}
	out.Body.ID = id.String()
	return out, nil
}

func (a *API) decideApproval(ctx context.Context, x *exchange, in *approvalDecisionInput) (*none, error) {
	id, err := approvalID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Settings.DecideApproval(ctx, x.who.Actor(), id, in.Body.Grant, private.NewText(in.Body.Reason))
}

func (a *API) withdrawApproval(ctx context.Context, x *exchange, in *approvalInput) (*none, error) {
	id, err := approvalID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Settings.WithdrawApproval(ctx, x.who.Actor(), id)
}

func approvalID(text string) (desk.ApprovalID, error) {
	id, err := desk.ParseID[desk.Approval](text)
	if err != nil {
		err = desk.NotFound("approval")
	}
	return id, err
}
