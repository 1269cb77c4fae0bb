package inbound

import (
	"context"

	"botschaft/internal/store"
)

// Sweep destroys the keys of days whose Deliveries are all processed or decided, and
// removes their bodies.
func (w *Worker) Sweep(ctx context.Context) error {
	today := w.vault.Day(w.store.Now())
	days, err := w.store.Read().ListFinishedDays(ctx, today)
	if err != nil {
		return err
	}
	for _, day := range days {
		if err := w.vault.DestroyDay(ctx, day); err != nil {
			return err
		}
		if err := w.store.Update(ctx, func(tx *store.Tx) error {
			_, err := tx.DropDeliveries(ctx, day)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}
