package api

import (
	"context"
	"net/http"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
)

// MonthView is what of an Inbox was delivered in a month.
type MonthView struct {
	Month    string        `json:"month" example:"2026-11"`
	Items    []ChargeView  `json:"items" nullable:"false"`
	Free     Maybe[int64]  `json:"free" doc:"Replies of the month that are still free; null without a price table."`
	Cost     Maybe[string] `json:"cost" doc:"What it comes to, with two decimals; null without a price for all of it."`
	Currency string        `json:"currency" doc:"Of the cost."`
}

// ChargeView counts Messages that the provider charges alike.
type ChargeView struct {
	Category string `json:"category" doc:"The provider's, such as service or utility; empty: it told none."`
	Type     string `json:"type" doc:"The provider's: regular costs something; empty: it told none."`
	Count    int64  `json:"count"`
}

type chargesOutput struct {
	Body struct {
		Items     []MonthView  `json:"items" nullable:"false" doc:"The last twelve months that had any, the newest first."`
		Reached   int64        `json:"reached" doc:"People whom the account wrote to outside of a window in the last 24 hours."`
		Limit     Maybe[int64] `json:"limit" doc:"How many of them WhatsApp allows; null: everybody, or it has not said."`
		PerSecond Maybe[int64] `json:"per_second" doc:"How many messages WhatsApp takes from the number in a second; null: it has not said."`
	}
}

func (a *API) charges() {
	register(a, operation("charges-list", http.MethodGet, "/inboxes/{id}/charges", "What was delivered by month and category, and what of the free replies is left", http.StatusOK),
		auth.ReadSettings, a.listCharges)
}

func (a *API) listCharges(ctx context.Context, x *exchange, in *alertInput) (*chargesOutput, error) {
	id, err := a.served(ctx, x, in.ID)
	if err != nil {
		return nil, err
	}
	may, reached, err := a.Settings.Capacity(ctx, id)
	if err != nil {
		return nil, err
	}
	all, err := a.Settings.Charges(ctx, id, a.Now().AddDate(0, -11, 0).Format("2006-01"))
	out := &chargesOutput{}
	out.Body.Items, out.Body.Reached = []MonthView{}, reached
	if may.People > 0 {
		out.Body.Limit = some(int64(may.People))
	}
	if may.PerSecond > 0 {
		out.Body.PerSecond = some(int64(may.PerSecond))
	}
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].Month == all[0].Month {
			n++
		}
		out.Body.Items = append(out.Body.Items, a.month(all[:n]))
		all = all[n:]
	}
	return out, err
}

func (a *API) month(of []desk.Charge) MonthView {
	v := MonthView{Month: of[0].Month, Items: make([]ChargeView, len(of))}
	for i, c := range of {
		v.Items[i] = ChargeView{c.Category, c.Type, c.Count}
	}
	if p := a.Prices.On(v.Month); p != nil {
		v.Free = some(p.Left(of))
		if cost, ok := p.Cost(of); ok {
			v.Cost, v.Currency = some(cost), p.Currency
		}
	}
	return v
}
