package api

import (
	"context"
	"net/http"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
)

// SetAsideView is an item of a Delivery that waits for a decision.
type SetAsideView struct {
	ID         string              `json:"id" format:"uuid"`
	Delivery   string              `json:"delivery" format:"uuid"`
	Inbox      string              `json:"inbox" format:"uuid"`
	Path       string              `json:"path" doc:"Where in the body; empty: all of it."`
	Reason     desk.SetAsideReason `json:"reason" enum:"malformed,item,unknown_number,fault"`
	At         time.Time           `json:"at"`
	ReceivedAt time.Time           `json:"received_at"`
}

type (
	dropInput struct {
		ID   string `path:"id" format:"uuid"`
		Body ReasonInput
	}
	setAsideOutput struct {
		Body struct {
			Items []SetAsideView `json:"items" nullable:"false"`
		}
	}
)

func (a *API) deliveries() {
	register(a, operation("deliveries-list", http.MethodGet, "/deliveries", "Items that were set aside, the oldest first", http.StatusOK),
		auth.ManageDeliveries, a.listSetAside)
	register(a, operation("delivery-retry", http.MethodPost, "/deliveries/{id}/attempts", "Take a set-aside item in again", http.StatusNoContent),
		auth.ManageDeliveries, a.retrySetAside)
	register(a, operation("delivery-drop", http.MethodPut, "/deliveries/{id}/closure", "Give a set-aside item up", http.StatusNoContent),
		auth.ManageDeliveries, a.dropSetAside)
}

func (a *API) listSetAside(ctx context.Context, _ *exchange, _ *none) (*setAsideOutput, error) {
	items, err := a.Settings.SetAside(ctx)
	if err != nil {
		return nil, err
	}
	out := &setAsideOutput{}
	out.Body.Items = make([]SetAsideView, len(items))
	for i, s := range items {
		out.Body.Items[i] = SetAsideView{
			ID: s.ID.String(), Delivery: s.Delivery.String(), Inbox: s.Inbox.String(), Path: s.Path, Reason: s.Reason, At: s.At, ReceivedAt: s.ReceivedAt,
		}
	}
	return out, nil
}

func (a *API) retrySetAside(ctx context.Context, x *exchange, in *oneInput) (*none, error) {
	id, err := desk.ParseID[desk.SetAside](in.ID)
	if err != nil {
		return nil, desk.NotFound("set-aside item")
	}
	return nil, a.Settings.RetrySetAside(ctx, x.who.Actor(), id)
}

func (a *API) dropSetAside(ctx context.Context, x *exchange, in *dropInput) (*none, error) {
	id, err := desk.ParseID[desk.SetAside](in.ID)
	if err != nil {
		return nil, desk.NotFound("set-aside item")
	}
	return nil, a.Settings.DropSetAside(ctx, x.who.Actor(), id, in.Body.Reason)
}
