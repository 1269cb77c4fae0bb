package api

import (
	"context"
	"net/http"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
)

// Alerts are what the Provider tells about Inboxes beside Messages.
type Alerts interface {
	Alerts(ctx context.Context, inbox desk.InboxID) ([]desk.ShownAlert, error)
	EndAlert(ctx context.Context, actor desk.Actor, id desk.AlertID) error
}

// AlertView is what the Provider tells about an Inbox.
type AlertView struct {
	ID       string           `json:"id" format:"uuid"`
	Kind     desk.AlertKind   `json:"kind" enum:"template,quality,category,number,name,limit,account,review,warning,security,error,group"`
	Code     string           `json:"code" doc:"The provider's."`
	Subject  string           `json:"subject" doc:"A template or a number; empty: the account."`
	Value    string           `json:"value" doc:"How it stands now, or why."`
	Severity desk.Severity    `json:"severity" enum:"info,warning,critical"`
	At       time.Time        `json:"at"`
	Ended    Maybe[AlertDone] `json:"ended" doc:"Null: somebody must do something."`
	Sentence Words            `json:"sentence"`
	Helps    Words            `json:"helps"`
}

// AlertDone is how an Alert ended.
type AlertDone struct {
	At time.Time    `json:"at"`
	By Maybe[Named] `json:"by" doc:"Null: the house, because nothing is to be done or the provider said something newer."`
}

type (
	alertInput struct {
		ID string `path:"id" format:"uuid"`
	}
	alertListOutput struct {
		Body struct {
			Items []AlertView `json:"items" nullable:"false" doc:"The newest first."`
		}
	}
)

func (a *API) alerts() {
	register(a, operation("alerts-list", http.MethodGet, "/inboxes/{id}/alerts", "What the provider tells about account, number and templates, the newest first", http.StatusOK),
		auth.ReadSettings, a.listAlerts)
	register(a, operation("alert-end", http.MethodPost, "/alerts/{id}/end", "Somebody has seen to it", http.StatusNoContent),
		auth.ChangeSettings, a.endAlert)
}

func (a *API) listAlerts(ctx context.Context, x *exchange, in *alertInput) (*alertListOutput, error) {
	id, err := a.served(ctx, x, in.ID)
	if err != nil {
		return nil, err
	}
	n, err := a.names(ctx)
	if err != nil {
		return nil, err
	}
	all, err := a.Alerts.Alerts(ctx, id)
	out := &alertListOutput{}
	out.Body.Items = make([]AlertView, len(all))
	for i, s := range all {
		out.Body.Items[i] = alertView(s, n)
	}
	return out, err
}

// served gives an Inbox in the caller's Scope.
func (a *API) served(ctx context.Context, x *exchange, text string) (desk.InboxID, error) {
	id, err := inboxID(text)
	if err != nil {
		return id, err
	}
	all, err := a.Inbox.Inboxes(ctx, x.who.Scope())
	if err != nil {
		return id, err
	}
	for _, e := range all {
		if e.ID == id {
			return id, nil
		}
	}
	return id, desk.NotFound("inbox")
}

func (a *API) endAlert(ctx context.Context, x *exchange, in *alertInput) (*none, error) {
	id, err := desk.ParseID[desk.Alert](in.ID)
	if err != nil {
		return nil, desk.NotFound("alert")
	}
	return nil, a.Alerts.EndAlert(ctx, x.who.Actor(), id)
}

func alertView(s desk.ShownAlert, n names) AlertView {
	v := AlertView{
		ID: s.ID.String(), Kind: s.Kind, Code: s.Code, Subject: s.Subject, Value: s.Value, Severity: s.Severity, At: s.At,
		Sentence: Words{s.Sentence.DE, s.Sentence.EN}, Helps: Words{s.Helps.DE, s.Helps.EN},
	}
	if s.Ended != nil {
		v.Ended = some(AlertDone{At: s.Ended.At, By: n.by(s.Ended.By)})
	}
	return v
}
