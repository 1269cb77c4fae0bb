package inbound

import (
	"context"
	"slices"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/store"
)

// told is what the Provider tells about an Inbox beside Messages.
type told struct {
	to    *directory.Entry
	alert desk.ArrivedAlert
}

// toldOf finds the Inboxes that an Alert is about: those of the account that share the secret
// it was proven with, or the one of them that it names, which few notices do. What is about an
// account that nobody here has is told to the Inbox at whose door it came.
func (w *Worker) toldOf(door *directory.Entry, a desk.Arrival) (all []told) {
	if door == nil {
		return nil
	}
	for _, to := range w.inboxes.All() {
		if to.WABA == a.WABA && door.SharesSecret(to) {
			all = append(all, told{to, *a.Alert})
		}
	}
	if i := slices.IndexFunc(all, func(t told) bool { return t.to.PhoneNumberID == a.PhoneNumberID }); i >= 0 {
		return all[i : i+1]
	}
	if len(all) == 0 {
		all = append(all, told{door, *a.Alert})
	}
	return all
}

// mend tells of errors that others will meet, too, and stops an Inbox whose every Message would
// fail: what waits is kept for when it is mended.
func (p *plan) mend(ctx context.Context, tx *store.Tx, n news) error {
	if n.stops {
		_, err := tx.PauseInbox(ctx, p.to.Inbox.Controller, p.to.ID, n.failure, n.at)
		return err
	}
	if !n.mend {
		return nil
	}
	return tx.AddAlert(ctx, p.to.Inbox.Controller, p.to.ID, desk.ArrivedAlert{Kind: desk.AlertError, Code: n.failure, Severity: desk.SeverityWarning})
}
