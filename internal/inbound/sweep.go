package inbound

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
)

// sweepAfter is how long a day that has ended is left alone: a body that came in its
// last moment is sealed with its key and may not be committed yet.
const sweepAfter = time.Hour

// keepDays is how long a Delivery nobody decided on is kept.
const keepDays = 30

// Sweep destroys the keys of days whose Deliveries are all processed or decided, and
// removes their bodies. What was set aside for 30 days and not decided on is lost then,
// with an audit entry that says how much.
func (w *Worker) Sweep(ctx context.Context) error {
	today := w.vault.Day(w.store.Now().Add(-sweepAfter))
	days, err := w.store.Read().ListFinishedDays(ctx, today)
	if err != nil {
		return fmt.Errorf("list finished days: %w", err)
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
	return w.giveUp(ctx, today-keepDays)
}

func (w *Worker) giveUp(ctx context.Context, limit int64) error {
	overdue, err := w.store.Read().ListOverdueDays(ctx, limit)
	if err != nil {
		return fmt.Errorf("list overdue days: %w", err)
	}
	for _, day := range overdue {
		if err := w.vault.DestroyDay(ctx, day.Day); err != nil {
			return err
		}
		w.log.Error("deliveries were kept for 30 days without a decision and are lost", "deliveries", day.Deliveries)
		if err := w.store.Update(ctx, func(tx *store.Tx) error {
			tx.Audit(desk.AuditEntry{
				Actor: desk.Actor{Kind: desk.ActorSystem, Via: "sweep"}, Act: desk.ActDeliveriesLost, Subject: "day:" + strconv.FormatInt(day.Day, 10),
				Detail: map[string]string{"deliveries": strconv.FormatInt(day.Deliveries, 10)},
			})
			if _, err := tx.DropOverdueSetAside(ctx, day.Day); err != nil {
				return err
			}
			_, err := tx.DropOverdueDeliveries(ctx, day.Day)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}
