package settings

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// AskForCoexistence asks for a second person's yes to let an Inbox take in what is written in
// the WhatsApp Business app on the same number, and gives the Approval that waits. What leaves
// by the app passes no gate here, and Meta reads that telephone's address book (GDPR Art. 25(2),
// 32(1), 35). The reason will stand in the audit log in the open: it is for circumstances, not
// for names. desk.CodeConflict if it is on, if nobody else could decide and the policy
// single_admin refuses, or while a colleague's request about the same waits.
func (s *Settings) AskForCoexistence(ctx context.Context, actor desk.Actor, id desk.InboxID, reason string) (desk.ApprovalID, error) {
	if err := checkName("reason", reason, 500); err != nil {
		return desk.ApprovalID{}, err
	}
	inbox, err := s.Inbox(ctx, id)
	if err != nil {
		return desk.ApprovalID{}, err
	}
	facts, err := json.Marshal(desk.BeginningOfCoexistence{Reason: strings.TrimSpace(reason)})
	if err != nil {
		return desk.ApprovalID{}, err
	}
	asked := desk.Approval{
		ID: desk.NewID[desk.Approval](), Controller: inbox.Controller, Act: desk.ApproveCoexistence, Subject: desk.AboutInbox(id),
		Facts: string(facts), RequestedBy: actor.Agent,
	}
	var waits desk.ApprovalID
	err = s.change(ctx, func(tx *store.Tx) error {
		on, err := coexistenceOf(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case on != nil:
			return errCoexists
		}
		p, err := policiesNow(ctx, tx, inbox.Controller)
		if err != nil {
			return err
		}
		waits, err = ask(ctx, tx, actor, asked, p)
		return err
	})
	return waits, err
}

var errCoexists = desk.Conflict("the inbox takes in what is written in the app already")

// carryOutCoexistence begins what was asked for, unless it began meanwhile.
func carryOutCoexistence(ctx context.Context, tx *store.Tx, actor desk.Actor, a *desk.Approval) error {
	var asked desk.BeginningOfCoexistence
	if err := json.Unmarshal([]byte(a.Facts), &asked); err != nil {
		return err
	}
	id := desk.InboxOf(a.Subject)
	begun, err := tx.AddCoexistence(ctx, rows.AddCoexistenceParams{Inbox: id, At: tx.Stamp(), Actor: nameOf(actor), Reason: asked.Reason})
	if err != nil {
		return err
	}
	if begun == 0 {
		return errCoexists
	}
	changedInbox(tx, actor, desk.ActCoexistenceBegun, desk.Inbox{ID: id, Controller: a.Controller},
		map[string]string{"reason": asked.Reason, "approval": a.ID.String()}, desk.Altered("coexistence", "", asked.Reason))
	return nil
}

// EndCoexistence keeps nothing more of what is written in the app, at once and by one person's
// word; what came before stays. desk.CodeConflict if it is off.
func (s *Settings) EndCoexistence(ctx context.Context, actor desk.Actor, id desk.InboxID) error {
	inbox, err := s.Inbox(ctx, id)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *store.Tx) error {
		on, err := coexistenceOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if on == nil {
			return desk.Conflict("the inbox takes in nothing of the app")
		}
		changedInbox(tx, actor, desk.ActCoexistenceEnded, inbox, nil, desk.Altered("coexistence", on.Reason, ""))
		_, err = tx.DropCoexistence(ctx, id)
		return err
	})
}

// coexistenceOf gives since when and why an Inbox takes in the app; nil: it does not.
func coexistenceOf(ctx context.Context, tx *store.Tx, id desk.InboxID) (*rows.Coexistence, error) {
	all, err := tx.ListCoexistences(ctx)
	if at := slices.IndexFunc(all, func(c rows.Coexistence) bool { return c.Inbox == id }); err == nil && at >= 0 {
		return &all[at], nil
	}
	return nil, err
}
