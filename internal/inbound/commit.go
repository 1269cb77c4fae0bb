package inbound

import (
	"context"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// isStoreGone tells whether the database itself failed, not a statement about an
// item: what the database refuses is the item's fault or another lane's doing.
func isStoreGone(err error) bool {
	return desk.CodeOf(err) == desk.CodeUnavailable && !store.IsRefused(err)
}

// commit decides what the batch means and writes it in one transaction.
func (w *Worker) commit(ctx context.Context, h *queue.Held, b *batch) error {
	byInbox := map[*directory.Entry][]item{}
	var order []*directory.Entry
	for _, it := range b.items {
		if byInbox[it.to] == nil {
			order = append(order, it.to)
		}
		byInbox[it.to] = append(byInbox[it.to], it)
	}
	plans := make([]*plan, 0, len(order))
	for _, to := range order {
		p, err := w.prepare(ctx, to, byInbox[to])
		if err != nil {
			return err
		}
		plans = append(plans, p)
	}
	err := w.store.Update(ctx, func(tx *store.Tx) error {
		for _, p := range plans {
			if err := p.write(ctx, tx); err != nil {
				return err
			}
		}
		if err := b.writeAside(ctx, tx); err != nil {
			return err
		}
		for _, t := range b.told {
			if err := tx.AddAlert(ctx, t.to.Inbox.Controller, t.to.ID, t.alert); err != nil {
				return err
			}
		}
		if err := tx.FinishDeliveries(ctx, b.done); err != nil {
			return err
		}
		return h.Finish(ctx, tx, b.jobs...)
	})
	for _, p := range plans {
		if err == nil {
			b.strange += p.strange
		}
	}
	return err
}

func (b *batch) writeAside(ctx context.Context, tx *store.Tx) error {
	for _, a := range b.aside {
		if err := tx.AddSetAside(ctx, rows.AddSetAsideParams{
			ID: a.ID, DeliveryID: a.Delivery, Inbox: a.Inbox, Path: a.Path, Reason: a.Reason, At: tx.Stamp(),
			ReceivedAt: desk.AsMillis(a.ReceivedAt), Day: b.days[a.Delivery],
		}); err != nil {
			return err
		}
	}
	return nil
}
