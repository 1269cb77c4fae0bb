package settings

import (
	"context"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

// Charges tells what of an Inbox was delivered since a month (2026-11), by what the Provider
// counts it as, the newest month first.
func (s *Settings) Charges(ctx context.Context, inbox desk.InboxID, since string) ([]desk.Charge, error) {
	listed, err := s.store.Read().ListCharges(ctx, rows.ListChargesParams{Inbox: inbox, Since: since})
	if err != nil {
		return nil, err
	}
	all := make([]desk.Charge, len(listed))
	for i, r := range listed {
		all[i] = desk.Charge{Month: r.Month, Category: r.Category, Type: r.Kind, Count: r.Count}
	}
	return all, nil
}
