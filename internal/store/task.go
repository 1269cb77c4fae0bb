package store

import (
	"context"

	"botschaft/internal/deadline"
	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

// TaskOf reads a row.
func TaskOf(r rows.Task) desk.Task {
	t := desk.Task{
		ID: r.ID, Controller: r.Controller, Inbox: r.Inbox, Contact: r.Contact, Conversation: r.Conversation, Message: r.Message,
		Kind: r.Kind, Role: r.Role, Due: r.Due.Time, Note: r.Note, Agent: r.Agent, Code: r.Code, Opened: desk.TaskOpening{At: r.OpenedAt.Time, By: r.OpenedBy},
	}
	if !r.DoneAt.IsZero() {
		t.Done = &desk.TaskEnd{At: r.DoneAt.Time, By: r.DoneBy, How: r.How, Ground: r.Ground, Reason: r.Reason}
	}
	return t
}

// OpenTask writes a Task and its audit entry.
func (tx *Tx) OpenTask(ctx context.Context, actor desk.Actor, t desk.Task) error {
	detail := map[string]string{"kind": string(t.Kind), "message": t.Message.String(), "due": deadline.LastDay(t.Due).String()}
	if t.Code != "" {
		detail["code"] = t.Code
	}
	tx.Audit(taskEntry(actor, desk.ActTaskOpened, t, detail))
	return tx.AddTask(ctx, rows.AddTaskParams{
		ID: t.ID, Controller: t.Controller, Inbox: t.Inbox, Contact: t.Contact, Conversation: t.Conversation, Message: t.Message,
		Kind: t.Kind, Role: t.Role, Due: desk.AsMillis(t.Due), Note: t.Note, OpenedAt: tx.Stamp(), OpenedBy: actor.Name(),
		Agent: t.Agent, Code: t.Code,
	})
}

// CloseTask ends an open Task, with its audit entry; desk.CodeConflict if it has ended
// already.
func (tx *Tx) CloseTask(ctx context.Context, actor desk.Actor, t desk.Task, end desk.TaskEnd) error {
	n, err := tx.EndTask(ctx, rows.EndTaskParams{
		ID: t.ID, DoneAt: tx.Stamp(), DoneBy: actor.Name(), How: end.How, Ground: end.Ground, Reason: end.Reason,
	})
	if err != nil {
		return err
	}
	if n == 0 {
		return desk.Conflict("the task is done already")
	}
	detail := map[string]string{"kind": string(t.Kind), "how": string(end.How)}
	if end.Ground != "" {
		detail["ground"] = string(end.Ground)
	}
	tx.Audit(taskEntry(actor, desk.ActTaskDone, t, detail))
	return nil
}

func taskEntry(actor desk.Actor, act desk.Act, t desk.Task, detail map[string]string) desk.AuditEntry {
	return desk.AuditEntry{Actor: actor, Act: act, Subject: "task:" + t.ID.String(), Controller: t.Controller, Inbox: t.Inbox, Detail: detail}
}

// follow opens the Task that an entry of the Ledger asks of people, and ends those that it
// answers: as the entries fold, so do the Tasks (GDPR Art. 7(3), 24(1)).
func (tx *Tx) follow(ctx context.Context, e desk.ConsentEntry) error {
	switch {
	case e.Step == desk.ConsentDoubted:
		return tx.openDoubt(ctx, e)
	case e.Step == desk.ConsentCleared && e.Actor.Kind == desk.ActorAgent:
		return tx.closeDoubts(ctx, e, desk.TaskCleared, func(t desk.Task) bool { return t.Message == e.Answer })
	case e.Step == desk.ConsentWithdrawn && e.Purpose == "":
		return tx.closeDoubts(ctx, e, desk.TaskWithdrawn, func(desk.Task) bool { return true })
	}
	return nil
}

// openDoubt lets a person read the Message until the end of the next working day:
// advertising is held meanwhile.
func (tx *Tx) openDoubt(ctx context.Context, e desk.ConsentEntry) error {
	m, err := tx.GetMessage(ctx, e.Answer)
	if err != nil {
		return err
	}
	r, err := RegisterNow(ctx, tx.Queries, e.Controller, tx.now)
	if err != nil {
		return err
	}
	return tx.OpenTask(ctx, e.Actor, desk.Task{
		ID: desk.NewID[desk.Task](), Controller: m.Controller, Inbox: m.Inbox, Contact: m.Contact, Conversation: m.Conversation, Message: m.ID,
		Kind: desk.TaskDoubt, Due: deadline.NextWorkingDay(e.At, deadline.Land(r.Controller.Land)).Until(),
	})
}

func (tx *Tx) closeDoubts(ctx context.Context, e desk.ConsentEntry, how desk.TaskHow, answers func(desk.Task) bool) error {
	listed, err := tx.ListOpenDoubts(ctx, e.Contact)
	if err != nil {
		return err
	}
	for _, row := range listed {
		if t := TaskOf(row); answers(t) {
			if err := tx.CloseTask(ctx, e.Actor, t, desk.TaskEnd{How: how}); err != nil {
				return err
			}
		}
	}
	return nil
}
