package inbound

import (
	"cmp"
	"context"
	"slices"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// charges are how many Messages of a batch the Provider charges for, or does not: what was
// delivered counts, once, by what the news of that says (Meta: Pricing, per delivered message).
type charges map[desk.Charge]int64

// add counts a Message that the news lets arrive.
func (c charges) add(before desk.Status, n news) {
	arrived := desk.StatusDelivered.Rank()
	if before.Rank() >= arrived || n.status.Rank() < arrived {
		return
	}
	c[desk.Charge{Month: store.Month(n.at), Category: n.category, Type: n.charge}]++
}

func (c charges) write(ctx context.Context, tx *store.Tx, inbox desk.InboxID) error {
	all := make([]desk.Charge, 0, len(c))
	for of, n := range c {
		of.Count = n
		all = append(all, of)
	}
	// In one order, so that no two transactions wait for each other.
	slices.SortFunc(all, func(a, b desk.Charge) int {
		return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.Category, b.Category), cmp.Compare(a.Type, b.Type))
	})
	for _, of := range all {
		if err := tx.AddCharge(ctx, rows.AddChargeParams{Inbox: inbox, Month: of.Month, Category: of.Category, Kind: of.Type, Count: of.Count}); err != nil {
			return err
		}
	}
	return nil
}
