package settings

import (
	"context"
	"strings"

	"botschaft/internal/desk"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// SetAside lists the items that wait for a decision, the oldest first.
func (s *Settings) SetAside(ctx context.Context) ([]desk.SetAside, error) {
	listed, err := s.store.Read().ListSetAside(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]desk.SetAside, len(listed))
	for i, r := range listed {
		out[i] = setAsideOf(r)
	}
	return out, nil
}

func setAsideOf(r rows.SetAside) desk.SetAside {
	return desk.SetAside{
		ID: r.ID, Delivery: r.DeliveryID, Inbox: r.Inbox, Path: r.Path, Reason: r.Reason, At: r.At.Time, ReceivedAt: r.ReceivedAt.Time,
	}
}

// RetrySetAside takes the whole Delivery in again; what had been taken in already is
// recognised. An item that fails again is set aside anew. Until then the Delivery is
// unprocessed, so that no sweep destroys what is to be tried.
func (s *Settings) RetrySetAside(ctx context.Context, actor desk.Actor, id desk.SetAsideID) error {
	return s.decide(ctx, id, func(tx *store.Tx, item rows.SetAside) error {
		tx.Audit(setAsideEntry(actor, desk.ActSetAsideRetried, item))
		if n, err := tx.ReopenDelivery(ctx, item.DeliveryID); err != nil {
			return err
		} else if n == 0 {
			return desk.Conflict("the delivery itself is gone; the item can only be dropped")
		}
		if err := tx.DropSetAside(ctx, id); err != nil {
			return err
		}
		return queue.Enqueue(ctx, tx, queue.Inbound(item.Inbox), desk.Job{Ordinal: item.ReceivedAt.UnixMilli(), Ref: item.DeliveryID})
	})
}

// DropSetAside gives an item up, for a reason that is kept.
func (s *Settings) DropSetAside(ctx context.Context, actor desk.Actor, id desk.SetAsideID, reason string) error {
	if err := checkName("reason", reason, 500); err != nil {
		return err
	}
	return s.decide(ctx, id, func(tx *store.Tx, item rows.SetAside) error {
		tx.Audit(setAsideEntry(actor, desk.ActSetAsideDropped, item))
		return tx.DecideSetAside(ctx, rows.DecideSetAsideParams{
			SetAsideID: id, At: tx.Stamp(), Actor: nameOf(actor), Decision: "dropped", Reason: strings.TrimSpace(reason),
		})
	})
}

func (s *Settings) decide(ctx context.Context, id desk.SetAsideID, then func(*store.Tx, rows.SetAside) error) error {
	return s.change(ctx, func(tx *store.Tx) error {
		item, err := tx.GetSetAside(ctx, id)
		if store.IsNone(err) {
			return desk.NotFound("set-aside item")
		} else if err != nil {
			return err
		}
		return then(tx, item)
	})
}

func setAsideEntry(actor desk.Actor, act desk.Act, item rows.SetAside) desk.AuditEntry {
	return desk.AuditEntry{
		Actor: actor, Act: act, Subject: "set_aside:" + item.ID.String(), Inbox: item.Inbox,
		Detail: map[string]string{"delivery": item.DeliveryID.String(), "path": item.Path, "was": string(item.Reason)},
	}
}
