package outbound

import (
	"context"

	"botschaft/internal/desk"
	"botschaft/internal/store"
)

// hides tells whether what a Submission answers or reacts to is not shown until somebody has
// vouched for who the Contact is: a quote would tell it to whoever has the number now (GDPR Art.
// 5(1)(f), 32).
func (g *Gate) hides(ctx context.Context, c desk.Conversation, about desk.MessageID) (bool, error) {
	if about.IsZero() {
		return false, nil
	}
	open, err := g.store.FindOpenChanges(ctx, []desk.ContactID{c.Contact})
	if err != nil || len(open) == 0 {
		return false, err
	}
	of, err := g.store.Read().GetMessage(ctx, about)
	if err != nil {
		return false, err
	}
	r, err := store.RegisterNow(ctx, g.store.Read(), c.Controller, g.store.Now())
	return of.ThreadAt.Before(r.Policies.HiddenBefore(open[c.Contact])), err
}
