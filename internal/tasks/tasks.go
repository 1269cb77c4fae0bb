package tasks

import (
	"context"
	"slices"
	"time"

	"botschaft/internal/deadline"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// Limits of what is written, in characters.
const (
	MaxNote   = 200
	MaxReason = 500
)

// Openings audits that something is looked at.
type Openings interface {
	Open(ctx context.Context, e desk.AuditEntry) error
}

// Tasks serves Agents and data-protection officers.
type Tasks struct {
	store    *store.Store
	vault    *vault.Vault
	openings Openings
	zone     *time.Location
}

// New makes Tasks; moments in papers are shown in zone.
func New(s *store.Store, v *vault.Vault, o Openings, zone *time.Location) *Tasks {
	return &Tasks{store: s, vault: v, openings: o, zone: zone}
}

// Mark notes that a Message introduces a third person, who must be informed within a month of
// its arrival: that is when we obtained the data, whenever somebody noticed (GDPR Art.
// 14(3)(a)). desk.CodeNotFound if the Conversation is not in the Scope.
func (k *Tasks) Mark(ctx context.Context, actor desk.Actor, scope desk.Scope, n desk.NewThirdPerson) (desk.ShownTask, error) {
	var shown desk.ShownTask
	words, err := desk.CheckWords("note", n.Note, MaxNote, false)
	if err != nil {
		return shown, err
	}
	if !slices.Contains([]desk.ThirdRole{desk.ThirdWitness, desk.ThirdOpponent, desk.ThirdOther}, n.Role) {
		return shown, desk.Invalid("role", "must be witness, opponent or other")
	}
	m, err := k.message(ctx, scope, n)
	if err != nil {
		return shown, err
	}
	if same, err := k.marked(ctx, scope, n, words); err != nil || !same.ID.IsZero() {
		return same, err
	}
	t := desk.Task{
		ID: desk.NewID[desk.Task](), Controller: m.Controller, Inbox: m.Inbox, Contact: m.Contact, Conversation: m.Conversation, Message: m.ID,
		Kind: desk.TaskThirdPerson, Role: n.Role,
	}
	if t.Note, err = k.seal(ctx, t, vault.TaskNotePlace(t.ID), words); err != nil {
		return shown, err
	}
	err = k.store.Update(ctx, func(tx *store.Tx) error {
		r, err := store.RegisterNow(ctx, tx.Queries, t.Controller, tx.Now())
		if err != nil {
			return err
		}
		got := deadline.Start(m.ExternalAt.Time, m.At.Time)
		t.Due = deadline.Months(got, 1, deadline.Land(r.Controller.Land)).Until()
		t.Opened = desk.TaskOpening{At: tx.Now(), By: actor.Name()}
		tx.Emit(changed(t))
		return tx.OpenTask(ctx, actor, t)
	})
	return desk.ShownTask{Task: t, Day: dayOf(t), Words: words}, err
}

// marked finds the open Task that says the same about the Message already; the zero Task if none
// does. Who marks twice means one person.
func (k *Tasks) marked(ctx context.Context, scope desk.Scope, n desk.NewThirdPerson, words private.Text) (desk.ShownTask, error) {
	page, err := k.of(ctx, desk.TaskQuery{Scope: scope, Conversation: n.Conversation})
	if err != nil {
		return desk.ShownTask{}, err
	}
	items := slices.DeleteFunc(page.Items, func(t desk.ShownTask) bool {
		return t.Done != nil || t.Kind != desk.TaskThirdPerson || t.Message != n.Message || t.Role != n.Role
	})
	if err := k.show(ctx, items); err != nil {
		return desk.ShownTask{}, err
	}
	for _, t := range items {
		if t.Words.Equal(words) {
			return t, nil
		}
	}
	return desk.ShownTask{}, nil
}

// message gives the Message that introduces somebody, if its Conversation is in the Scope.
func (k *Tasks) message(ctx context.Context, scope desk.Scope, n desk.NewThirdPerson) (rows.Message, error) {
	if _, err := k.store.ConversationWithin(ctx, scope, n.Conversation); err != nil {
		return rows.Message{}, err
	}
	m, err := k.store.Read().GetMessage(ctx, n.Message)
	if store.IsNone(err) || err == nil && m.Conversation != n.Conversation {
		return m, desk.Invalid("message", "is none of this conversation")
	}
	if err == nil && desk.Direction(m.Direction) != desk.In {
		return m, desk.Invalid("message", "is ours; a third person is introduced by the contact")
	}
	return m, err
}

// Finish ends the Task about a third person: they were informed, or need not be, by one of the
// exceptions and with words that say why (GDPR Art. 14(5), 5(2); §§ 29, 33 BDSG); or that about
// a Message that failed, if no more is to be done.
func (k *Tasks) Finish(ctx context.Context, actor desk.Actor, scope desk.Scope, id desk.TaskID, r desk.TaskResult) error {
	words, err := checkResult(r)
	if err != nil {
		return err
	}
	t, err := k.get(ctx, scope, id)
	if err != nil {
		return err
	}
	switch {
	case t.Kind == desk.TaskDoubt:
		return desk.Conflict("a doubt ends when somebody reads the message and says in its conversation what it means")
	case (t.Kind == desk.TaskFailed) != (r.How == desk.TaskDismissed):
		return desk.Invalid("how", "is not how such a task ends: a message that failed is dismissed or sent again, a third person is informed or need not be")
	}
	end := desk.TaskEnd{How: r.How, Ground: r.Ground}
	if end.Reason, err = k.seal(ctx, t, vault.TaskReasonPlace(t.ID), words); err != nil {
		return err
	}
	return k.store.Update(ctx, func(tx *store.Tx) error {
		tx.Emit(changed(t))
		return tx.CloseTask(ctx, actor, t, end)
	})
}

func checkResult(r desk.TaskResult) (private.Text, error) {
	switch r.How {
	case desk.TaskInformed, desk.TaskDismissed:
		if r.Ground != "" {
			return private.Text{}, desk.Invalid("ground", "is for those who need not be informed")
		}
		return desk.CheckWords("reason", r.Reason, MaxReason, false)
	case desk.TaskNotNeeded:
		if !slices.Contains(desk.TaskGrounds, r.Ground) {
			return private.Text{}, desk.Invalid("ground", "must be one of 14(5)(a) to 14(5)(d), 29 or 33")
		}
		return desk.CheckWords("reason", r.Reason, MaxReason, true)
	}
	return private.Text{}, desk.Invalid("how", "must be informed, not_needed or dismissed")
}

// get gives a Task in the Scope.
func (k *Tasks) get(ctx context.Context, scope desk.Scope, id desk.TaskID) (desk.Task, error) {
	row, err := k.store.Read().GetTask(ctx, rows.GetTaskParams{ID: id, Everything: scope.All, Agent: scope.Agent})
	if store.IsNone(err) {
		return desk.Task{}, desk.NotFound("task")
	}
	return store.TaskOf(row), err
}

func (k *Tasks) seal(ctx context.Context, t desk.Task, place vault.Place, words private.Text) (desk.SealedText, error) {
	if words.IsEmpty() {
		return desk.SealedText{}, nil
	}
	return vault.Seal(ctx, k.vault, vault.ContactOwner(t.Contact), place, words)
}

// changed tells whoever has the Conversation before them.
func changed(t desk.Task) desk.Event {
	return desk.Event{Kind: desk.EventConversation, Controller: t.Controller, Inbox: t.Inbox, Conversation: t.Conversation}
}

func dayOf(t desk.Task) string { return deadline.LastDay(t.Due).String() }
