package settings

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/papers"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Register reads what a Controller's register said at a moment (GDPR Art. 5(2), 30).
func (s *Settings) Register(ctx context.Context, id desk.ControllerID, at time.Time) (desk.Register, error) {
	r, err := store.Register(ctx, s.store.Read(), id, at)
	if err == nil && r.ID.IsZero() {
		return r, desk.NotFound("controller")
	}
	return r, err
}

// Duties gives what somebody must do about a register, as it stood at a moment. Which day it
// is, is that of at's time zone.
func (s *Settings) Duties(ctx context.Context, r desk.Register, at time.Time) ([]desk.Duty, error) {
	given, err := store.Givings(ctx, s.store.Read(), r.ID, at)
	return papers.Duties(r, given, at), err
}

// RegisterVersions gives every version of a row of the register, the newest first.
func (s *Settings) RegisterVersions(ctx context.Context, id desk.ControllerID, kind desk.RegisterKind, subject desk.RegisterID) ([]desk.RegisterEntry, error) {
	listed, err := s.store.Read().ListRegisterVersions(ctx, rows.ListRegisterVersionsParams{Controller: id, Kind: kind, SubjectID: subject})
	if err != nil {
		return nil, err
	}
	out := make([]desk.RegisterEntry, len(listed))
	for i, row := range listed {
		out[i] = store.RegisterEntryOf(row)
	}
	return out, nil
}

// ControllerOf tells whose register a Recipient stands in; desk.CodeNotFound if in none.
func (s *Settings) ControllerOf(ctx context.Context, id desk.RegisterID) (desk.ControllerID, error) {
	controller, err := s.store.Read().GetControllerOfRecipient(ctx, id)
	if store.IsNone(err) {
		return controller, desk.NotFound("recipient")
	}
	return controller, err
}

// enter writes the next version of a row of the register, with its audit entry.
func enter(ctx context.Context, tx *store.Tx, actor desk.Actor, e desk.RegisterEntry, facts any) error {
	text, err := json.Marshal(facts)
	if err != nil {
		return err
	}
	e.Facts, e.By = string(text), nameOf(actor)
	return tx.AddRegisterEntry(ctx, e)
}

// registerAct is what the audit log keeps of a change of the register; what changed stands
// in the register's own versions.
func registerAct(actor desk.Actor, e desk.RegisterEntry) desk.AuditEntry {
	return desk.AuditEntry{
		Actor: actor, Act: desk.ActRegisterChanged, Subject: string(e.Kind) + ":" + e.Subject.String(), Controller: e.Controller,
		Detail: map[string]string{"active": fmt.Sprint(e.Active)},
	}
}

// PutRecipient writes a Recipient into the register: a new one, or the next version of one.
// One that lacks anything cannot be switched on, nor stay on (GDPR Art. 26(2), 28(3), 44). What
// works for it goes along with its new name.
func (s *Settings) PutRecipient(ctx context.Context, actor desk.Actor, controller desk.ControllerID, id desk.RegisterID, r desk.Recipient, active bool) (desk.RegisterID, error) {
	if err := checkRecipient(r, active); err != nil {
		return id, err
	}
	if err := s.checkControllers(ctx, "controller", []desk.ControllerID{controller}); err != nil {
		return id, err
	}
	fresh := id.IsZero()
	if fresh {
		id = desk.NewID[desk.RegisterEntry]()
	}
	e := desk.RegisterEntry{Controller: controller, Kind: desk.RegisterRecipient, Subject: id, Active: active}
	return id, s.change(ctx, func(tx *store.Tx) error {
		before, err := store.RegisterNow(ctx, tx.Queries, controller, tx.Now())
		if err != nil {
			return err
		}
		was, known := recipientOf(before, id)
		if !fresh && !known {
			return desk.NotFound("recipient")
		}
		// What was written before may always be switched off.
		if active || !known || textOf(was.Recipient) != textOf(r) {
			if err := before.Check(id, r, tx.Today()); err != nil {
				return err
			}
		}
		tx.Changed(registerAct(actor, e), recipientChanges(was, r, active)...)
		if err := enter(ctx, tx, actor, e, r); err != nil || !known {
			return err
		}
		return rename(ctx, tx, actor, before, was.Name, r.Name)
	})
}

// rename lets those who work for a Recipient go on naming it when its name changes.
func rename(ctx context.Context, tx *store.Tx, actor desk.Actor, r desk.Register, was, now string) error {
	for _, l := range r.Recipients {
		if was == now || l.For != was {
			continue
		}
		next := l.Recipient
		next.For = now
		e := desk.RegisterEntry{Controller: r.ID, Kind: desk.RegisterRecipient, Subject: l.ID, Active: l.Active}
		tx.Changed(registerAct(actor, e), recipientChanges(l, next, l.Active)...)
		if err := enter(ctx, tx, actor, e, next); err != nil {
			return err
		}
	}
	return nil
}

func recipientOf(r desk.Register, id desk.RegisterID) (desk.Listed, bool) {
	for _, l := range r.Recipients {
		if l.ID == id {
			return l, true
		}
	}
	return desk.Listed{}, false
}

func recipientChanges(was desk.Listed, now desk.Recipient, active bool) []desk.Alteration {
	a, b := textOf(was.Recipient), textOf(now)
	return []desk.Alteration{
		desk.Altered("name", was.Name, now.Name), desk.Altered("active", fmt.Sprint(was.Active), fmt.Sprint(active)), desk.Altered("facts", a, b),
	}
}

// textOf is the JSON of facts, as the register's history shows them.
func textOf(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}

// sha256Hex is a SHA-256 as the register writes it down.
var sha256Hex = regexp.MustCompile(`^[0-9a-f]{64}$`)

func checkRecipient(r desk.Recipient, active bool) error {
	if err := checkName("name", r.Name, 200); err != nil {
		return err
	}
	for _, t := range []struct{ field, text string }{
		{"address", r.Address}, {"service", r.Service.DE}, {"service", r.Service.EN}, {"for", r.For}, {"own_use", r.OwnUse.DE}, {"own_use", r.OwnUse.EN},
		{"privacy_url", r.PrivacyURL}, {"essence", r.Essence.DE}, {"essence", r.Essence.EN}, {"transfer.source", r.Transfer.Source}, {"transfer.assessment", r.Transfer.Assessment},
		{"contract.subject", r.Contract.Subject}, {"contract.duration", r.Contract.Duration}, {"contract.nature", r.Contract.Nature},
	} {
		if t.text == "" {
			continue
		}
		if err := checkName(t.field, t.text, 1000); err != nil {
			return err
		}
	}
	for _, t := range r.Contract.Terms {
		if t.Digest != "" && !sha256Hex.MatchString(t.Digest) {
			return desk.Invalid("contract.terms.digest", "is no SHA-256 in hexadecimal")
		}
	}
	if missing := r.Missing(); active && len(missing) > 0 {
		return desk.Invalid("active", "cannot be yes while these are missing: "+strings.Join(missing, ", "))
	}
	return nil
}

// HoldFramework records that the Data Privacy Framework is held invalid, or valid again. What
// follows is the policy dpf_invalid (GDPR Art. 45(5), 46).
func (s *Settings) HoldFramework(ctx context.Context, actor desk.Actor, controller desk.ControllerID, valid bool, reason string) error {
	if err := checkName("reason", reason, 500); err != nil {
		return err
	}
	e := desk.RegisterEntry{Controller: controller, Kind: desk.RegisterFramework, Subject: desk.RegisterID(controller), Active: valid}
	return s.change(ctx, func(tx *store.Tx) error {
		before, err := store.RegisterNow(ctx, tx.Queries, controller, tx.Now())
		if err != nil {
			return err
		}
		if before.ID.IsZero() {
			return desk.NotFound("controller")
		}
		if before.InvalidAt.IsZero() == valid {
			return nil // the register says so already
		}
		tx.Changed(registerAct(actor, e), desk.Altered("valid", fmt.Sprint(!valid), fmt.Sprint(valid)), desk.Altered("reason", before.Invalid.Reason, reason))
		if err := tellInboxes(ctx, tx, controller); err != nil {
			return err
		}
		return enter(ctx, tx, actor, e, desk.Framework{Reason: strings.TrimSpace(reason)})
	})
}

// tellInboxes lets everybody who serves a Controller look again at what its register makes of
// sending.
func tellInboxes(ctx context.Context, tx *store.Tx, controller desk.ControllerID) error {
	listed, err := tx.ListInboxes(ctx)
	for _, in := range listed {
		if in.Controller == controller {
			tx.Emit(desk.Event{Kind: desk.EventInbox, Controller: controller, Inbox: in.ID})
		}
	}
	return err
}
