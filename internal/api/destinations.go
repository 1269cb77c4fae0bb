package api

import (
	"context"
	"net/http"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
)

// DestinationView is a place outside of the house that data may go to, or went to.
type DestinationView struct {
	Host      string           `json:"host" example:"graph.facebook.com"`
	Port      int              `json:"port"`
	Purpose   string           `json:"purpose" doc:"What for."`
	Company   string           `json:"company" doc:"Whose it is, as far as the house knows; empty: own infrastructure."`
	Open      bool             `json:"open" doc:"Whether a way leads there now."`
	FirstUsed Maybe[time.Time] `json:"first_used_at"`
	LastUsed  Maybe[time.Time] `json:"last_used_at" doc:"Null: never. Of another node up to a minute late."`
	Senders   []SenderView     `json:"senders" nullable:"false"`
}

// SenderView is an Inbox whose Messages go there.
type SenderView struct {
	Inbox      string   `json:"inbox"`
	Controller string   `json:"controller"`
	Recipients []string `json:"recipients" nullable:"false" doc:"Processors of the register that carry its Messages; none: the register knows of nobody."`
}

type destinationsOutput struct {
	Body struct {
		Items []DestinationView `json:"items" nullable:"false"`
	}
}

func (a *API) destinations() {
	register(a, operation("destinations-list", http.MethodGet, "/destinations", "Where data may go and went, what for, and when last (GDPR Art. 30(1)(d))", http.StatusOK),
		auth.ReadGovernance, a.listDestinations)
}

func (a *API) listDestinations(ctx context.Context, x *exchange, _ *struct{}) (*destinationsOutput, error) {
	all, err := a.Protection.Destinations(ctx, x.who.Scope())
	if err != nil {
		return nil, err
	}
	out := &destinationsOutput{}
	out.Body.Items = make([]DestinationView, len(all))
	for i, d := range all {
		out.Body.Items[i] = destinationView(d)
	}
	return out, nil
}

func destinationView(d desk.Destination) DestinationView {
	v := DestinationView{
		Host: d.Host, Port: d.Port, Purpose: d.Purpose, Company: d.Company, Open: d.Open, Senders: make([]SenderView, len(d.Senders)),
		FirstUsed: maybeTime(d.FirstUsed), LastUsed: maybeTime(d.LastUsed),
	}
	for i, s := range d.Senders {
		v.Senders[i] = SenderView{s.Inbox.String(), s.Controller.String(), append([]string{}, s.Recipients...)}
	}
	return v
}
