package store

import (
	"context"
	"slices"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

// redelivered is how long the Provider may tell the same once more (Meta: webhooks, retries).
const redelivered = 8 * 24 * time.Hour

// AlertOf reads a row.
func AlertOf(r rows.Alert) desk.Alert {
	a := desk.Alert{
		ID: r.ID, Controller: r.Controller, Inbox: r.Inbox, Kind: r.Kind, Code: r.Code, Subject: r.Subject, Value: r.Value,
		Severity: r.Severity, At: r.At.Time,
	}
	if !r.EndedAt.IsZero() {
		a.Ended = &desk.AlertEnd{At: r.EndedAt.Time, By: r.EndedBy}
	}
	return a
}

// AddAlert keeps what the Provider tells about an Inbox. It ends what was told of the same
// before: the newest word counts. What is told once more changes nothing, and what asks for
// nothing has ended already.
func (tx *Tx) AddAlert(ctx context.Context, controller desk.ControllerID, inbox desk.InboxID, a desk.ArrivedAlert) error {
	subject := a.Subject
	if a.Kind == desk.AlertError {
		subject = a.Code // each error ends by itself
	}
	last, err := tx.LastAlert(ctx, rows.LastAlertParams{Inbox: inbox, Kind: a.Kind, Subject: subject})
	switch {
	case err != nil && !IsNone(err):
		return err
	case err == nil && isRepetition(AlertOf(last), a, tx.now):
		return nil
	}
	if err := tx.EndAlerts(ctx, rows.EndAlertsParams{
		Inbox: inbox, Kind: a.Kind, Subject: subject, EndedAt: tx.Stamp(), EndedBy: string(desk.ActorSystem),
	}); err != nil {
		return err
	}
	id := desk.NewID[desk.Alert]()
	if err := tx.InsertAlert(ctx, rows.InsertAlertParams{
		ID: id, Controller: controller, Inbox: inbox, Kind: a.Kind, Code: a.Code, Subject: subject, Value: a.Value, Severity: a.Severity, At: tx.Stamp(),
	}); err != nil {
		return err
	}
	tx.Emit(desk.Event{Kind: desk.EventInbox, Controller: controller, Inbox: inbox})
	if slices.Contains(aboutCapacity, a.Kind) {
		tx.Wake(WakeCapacity)
	}
	if a.Severity != desk.SeverityInfo {
		return nil
	}
	_, err = tx.EndAlert(ctx, rows.EndAlertParams{ID: id, EndedAt: tx.Stamp(), EndedBy: string(desk.ActorSystem)})
	return err
}

// aboutCapacity are the kinds of Alerts after which a number may be able to do more or less
// (Meta: phone_number_quality_update, business_capability_update, account_update).
var aboutCapacity = []desk.AlertKind{"number", "limit", "account"}

// isRepetition tells whether a says what last says already. An error that somebody saw to, or
// another message in a group, is news when it comes again.
func isRepetition(last desk.Alert, a desk.ArrivedAlert, now time.Time) bool {
	same := last.Code == a.Code && last.Value == a.Value
	if a.Kind == desk.AlertError || a.Kind == desk.AlertGroup {
		return same && last.Ended == nil
	}
	return same && now.Sub(last.At) < redelivered
}
