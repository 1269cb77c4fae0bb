package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/outbound"
)

// RefusalView is one no of the gate (GDPR Art. 5(2)).
type RefusalView struct {
	N            int64         `json:"n" doc:"Its number in the audit log."`
	At           time.Time     `json:"at"`
	Actor        Actor         `json:"actor" doc:"Who asked."`
	Controller   Maybe[string] `json:"controller"`
	Inbox        Maybe[string] `json:"inbox"`
	Conversation string        `json:"conversation" doc:"Its id."`
	Sending      bool          `json:"sending" doc:"It had been let through before, and was refused when it was to be sent."`
	Class        string        `json:"class" enum:",service,transactional,advertising" doc:"Empty where it was not kept."`
	Purpose      string        `json:"purpose" doc:"The same."`
	Reasons      []ReasonView  `json:"reasons" nullable:"false" doc:"All of them, the one that names it first."`
}

type (
	refusalsInput struct {
		Reason string    `query:"reason" maxLength:"100" doc:"A code: Refusals of which it is a reason."`
		Inbox  string    `query:"inbox" doc:"Id of an Inbox."`
		From   time.Time `query:"from"`
		To     time.Time `query:"to" doc:"This moment is not part of it."`
		Limit  int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
		Cursor string    `query:"cursor" maxLength:"200"`
	}
	refusalsOutput struct {
		Body struct {
			Items []RefusalView `json:"items" nullable:"false"`
			Next  string        `json:"next" doc:"Empty at the end."`
			Known []ReasonView  `json:"known" nullable:"false" doc:"Every reason there is, in the order of the gate."`
		}
	}
)

func (a *API) refusals() {
	register(a, operation("refusals-list", http.MethodGet, "/refusals", "What the gate refused, and why, the newest first; audited", http.StatusOK),
		auth.ReadAudit, a.listRefusals)
}

func (in *refusalsInput) query(scope desk.Scope) (q desk.RefusalQuery, err error) {
	q = desk.RefusalQuery{Scope: scope, Reason: in.Reason, From: in.From, Until: in.To, Limit: in.Limit}
	if in.Reason != "" && !slices.ContainsFunc(outbound.Reasons(), func(r outbound.Reason) bool { return string(r.Code) == in.Reason }) {
		return q, desk.Invalid("reason", "is not a code of the gate")
	}
	if in.Inbox != "" {
		if q.Inbox, err = desk.ParseID[desk.Inbox](in.Inbox); err != nil {
			return q, desk.Invalid("inbox", "is not an id")
		}
	}
	if in.Cursor != "" {
		if q.Before, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil || q.Before < 1 {
			return q, desk.Invalid("cursor", "is not a cursor of this list")
		}
	}
	return q, nil
}

func (a *API) listRefusals(ctx context.Context, x *exchange, in *refusalsInput) (*refusalsOutput, error) {
	q, err := in.query(x.who.Scope())
	if err != nil {
		return nil, err
	}
	entries, next, err := a.Protection.Refusals(ctx, x.who.Actor(), q)
	if err != nil {
		return nil, err
	}
	n, err := a.names(ctx)
	if err != nil {
		return nil, err
	}
	out := &refusalsOutput{}
	out.Body.Items, out.Body.Known = make([]RefusalView, len(entries)), reasonViews(outbound.Reasons(), x.language())
	for i, e := range entries {
		out.Body.Items[i] = refusalView(auditView(e, n), x.language())
	}
	if next > 0 {
		out.Body.Next = strconv.FormatInt(next, 10)
	}
	return out, nil
}

func refusalView(e AuditEntry, language string) RefusalView {
	v := RefusalView{
		N: e.N, At: e.At, Actor: e.Actor, Controller: e.Controller, Inbox: e.Inbox, Conversation: e.Detail["conversation"],
		Sending: strings.HasPrefix(e.Subject, "message:"), Class: e.Detail["class"], Purpose: e.Detail["purpose"],
	}
	var reasons []outbound.Reason
	for _, code := range strings.Fields(e.Detail["reasons"]) {
		reasons = append(reasons, outbound.ReasonFor(code))
	}
	v.Reasons = reasonViews(reasons, language)
	return v
}

func reasonViews(reasons []outbound.Reason, language string) []ReasonView {
	out := make([]ReasonView, len(reasons))
	for i, r := range reasonsOf(reasons, language) {
		out[i] = ReasonView(r)
	}
	return out
}
