package store

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

// InboxOf reads a row.
func InboxOf(r rows.Inbox) desk.Inbox {
	return desk.Inbox{
		ID: r.ID, Controller: r.Controller, Channel: r.Channel, Name: r.Name, PhoneNumberID: r.PhoneNumberID,
		WABA: r.WabaID, GraphURL: r.GraphUrl, GraphVersion: r.GraphVersion, Auth: r.Auth, Signals: r.Signals, CreatedAt: r.CreatedAt.Time,
	}
}

// ControllerOf reads a row.
func ControllerOf(r rows.Controller) (desk.Controller, error) {
	c := desk.Controller{ID: r.ID, Name: r.Name, CreatedAt: r.CreatedAt.Time}
	if err := json.Unmarshal([]byte(r.Facts), &c.Facts); err != nil {
		return c, fmt.Errorf("facts of controller %s: %w", r.ID, err)
	}
	return c, nil
}

// PauseOf reads a row.
func PauseOf(r rows.InboxPause) *desk.Pause {
	return &desk.Pause{At: r.At.Time, By: r.Actor, Reason: r.Reason, Code: r.Code}
}

// CoexistenceOf reads a row.
func CoexistenceOf(r rows.Coexistence) *desk.Coexistence {
	return &desk.Coexistence{At: r.At.Time, By: r.Actor, Reason: r.Reason}
}

// resumeGrace is how long after an Inbox was resumed a node may still know its secrets of before.
const resumeGrace = 2 * time.Second

// PauseInbox stops an Inbox because of the Provider's error: nothing that it sends can succeed
// until somebody mends what the Provider complains of. Everything queued stays. An error of a
// send that began before the Inbox was resumed last pauses nothing: it tells of what was mended.
func (tx *Tx) PauseInbox(ctx context.Context, controller desk.ControllerID, inbox desk.InboxID, code string, began time.Time) (paused bool, err error) {
	resumed, err := tx.GetInboxResumed(ctx, inbox)
	if err != nil || began.Before(resumed.Time.Add(resumeGrace)) && !resumed.IsZero() {
		return false, err
	}
	n, err := tx.StopInbox(ctx, rows.StopInboxParams{
		Inbox: inbox, At: tx.Stamp(), Actor: string(desk.ActorSystem), Reason: "provider error " + code, Code: code,
	})
	if err != nil || n == 0 { // another send was first
		return false, err
	}
	tx.Audit(desk.AuditEntry{
		Actor: desk.Actor{Kind: desk.ActorSystem, Via: "provider"}, Act: desk.ActInboxPaused, Subject: "inbox:" + inbox.String(),
		Controller: controller, Inbox: inbox, Detail: map[string]string{"provider_code": code},
	})
	tx.Emit(desk.Event{Kind: desk.EventInbox, Controller: controller, Inbox: inbox})
	return true, nil
}

// ResumeInbox ends the Pause of an Inbox, so that it sends again, in order, what waited.
func (tx *Tx) ResumeInbox(ctx context.Context, inbox desk.InboxID) error {
	if _, err := tx.DropInboxPause(ctx, inbox); err != nil {
		return err
	}
	return tx.SetInboxResumed(ctx, rows.SetInboxResumedParams{ID: inbox, ResumedAt: tx.Stamp()})
}

// LockReach makes this transaction the only one that counts whom a Controller writes to outside of
// Windows, and adds somebody, until it ends: two would both find the last place free. SQLite has one
// writer.
func (tx *Tx) LockReach(ctx context.Context, c desk.ControllerID) error {
	if tx.store.engine != postgres {
		return nil
	}
	return tx.lock(ctx, int64(binary.BigEndian.Uint64(c[8:])))
}
