package tasks

import (
	"context"

	"botschaft/internal/deadline"
	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// manyAlerts is how many of an Inbox are shown.
const manyAlerts = 50

// Alerts tells what the Provider told about an Inbox, the newest first.
func (k *Tasks) Alerts(ctx context.Context, inbox desk.InboxID) ([]desk.ShownAlert, error) {
	listed, err := k.store.Read().ListAlerts(ctx, rows.ListAlertsParams{Inbox: inbox, Page: manyAlerts})
	if err != nil {
		return nil, err
	}
	out := make([]desk.ShownAlert, len(listed))
	for i, row := range listed {
		out[i] = inWords(store.AlertOf(row))
	}
	return out, nil
}

// EndAlert notes that somebody has seen to what the Provider told; desk.CodeConflict if that was
// done already.
func (k *Tasks) EndAlert(ctx context.Context, actor desk.Actor, id desk.AlertID) error {
	row, err := k.store.Read().GetAlert(ctx, id)
	if store.IsNone(err) {
		return desk.NotFound("alert")
	} else if err != nil {
		return err
	}
	return k.store.Update(ctx, func(tx *store.Tx) error {
		n, err := tx.EndAlert(ctx, rows.EndAlertParams{ID: id, EndedAt: tx.Stamp(), EndedBy: actor.Name()})
		if err != nil {
			return err
		}
		if n == 0 {
			return desk.Conflict("the alert has ended already")
		}
		tx.Audit(desk.AuditEntry{
			Actor: actor, Act: desk.ActAlertEnded, Subject: "alert:" + id.String(), Controller: row.Controller, Inbox: row.Inbox,
			Detail: map[string]string{"kind": string(row.Kind), "code": row.Code},
		})
		tx.Emit(desk.Event{Kind: desk.EventInbox, Controller: row.Controller, Inbox: row.Inbox})
		return nil
	})
}

// alerts gives those that somebody must see to: what is critical is late at once, the others by
// the end of the next working day, which is ours.
func (k *Tasks) alerts(ctx context.Context, q desk.TaskQuery) ([]desk.ShownTask, error) {
	if !q.Inboxes {
		return nil, nil
	}
	open, err := k.store.Read().ListOpenAlerts(ctx)
	if err != nil {
		return nil, err
	}
	var all []desk.ShownTask
	for _, row := range open {
		a := inWords(store.AlertOf(row))
		t := desk.ShownTask{
			Task: desk.Task{
				Controller: a.Controller, Inbox: a.Inbox, Kind: desk.TaskAlert, Due: a.At,
				Opened: desk.TaskOpening{At: a.At, By: string(desk.ActorSystem)},
			},
			Alert: &a,
		}
		if a.Kind == desk.AlertError {
			t.Code = a.Code
		}
		if a.Severity != desk.SeverityCritical {
			r, err := store.RegisterNow(ctx, k.store.Read(), a.Controller, k.store.Now())
			if err != nil {
				return nil, err
			}
			t.Due = deadline.NextWorkingDay(a.At, deadline.Land(r.Controller.Land)).Until()
			t.Day = dayOf(t.Task)
		}
		all = append(all, t)
	}
	return all, nil
}
