package store

import (
	"context"

	"botschaft/internal/deadline"
	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

// settler acts when news decides about a Task.
var settler = desk.Actor{Kind: desk.ActorSystem, Via: "status"}

// OpenFailure makes the Task of a Message of ours that failed: whoever wrote it decides what
// now; of what the house wrote by itself, whoever has the Conversation. It is due at the end of
// the next working day, which is ours. A Message has one open Task, however often it fails.
func (tx *Tx) OpenFailure(ctx context.Context, id desk.MessageID, code string) error {
	if _, err := tx.FindOpenFailure(ctx, id); !IsNone(err) {
		return err
	}
	m, err := tx.GetMessage(ctx, id)
	if err != nil {
		return err
	}
	t := desk.Task{
		ID: desk.NewID[desk.Task](), Controller: m.Controller, Inbox: m.Inbox, Contact: m.Contact, Conversation: m.Conversation, Message: m.ID,
		Kind: desk.TaskFailed, Agent: m.AuthorID, Code: code,
	}
	if t.Agent.IsZero() {
		c, err := tx.GetConversation(ctx, rows.GetConversationParams{ID: m.Conversation, Everything: true})
		if err != nil {
			return err
		}
		t.Agent = c.AssigneeID
	}
	r, err := RegisterNow(ctx, tx.Queries, t.Controller, tx.now)
	if err != nil {
		return err
	}
	t.Due = deadline.NextWorkingDay(tx.now, deadline.Land(r.Controller.Land)).Until()
	tx.Emit(taskEvent(t))
	return tx.OpenTask(ctx, settler, t)
}

// CloseFailure ends the open Task of a Message that failed, if it has one.
func (tx *Tx) CloseFailure(ctx context.Context, actor desk.Actor, id desk.MessageID, how desk.TaskHow) error {
	row, err := tx.FindOpenFailure(ctx, id)
	if IsNone(err) {
		return nil
	} else if err != nil {
		return err
	}
	t := TaskOf(row)
	tx.Emit(taskEvent(t))
	return tx.CloseTask(ctx, actor, t, desk.TaskEnd{How: how})
}

// taskEvent tells whoever has the Conversation before them.
func taskEvent(t desk.Task) desk.Event {
	return desk.Event{Kind: desk.EventConversation, Controller: t.Controller, Inbox: t.Inbox, Conversation: t.Conversation}
}

// followStanding opens the Task of a Message that news let fail, and ends it when the Message
// came through after all.
func (tx *Tx) followStanding(ctx context.Context, s Standing) error {
	if s.Origin == desk.OriginApp {
		return nil // whoever wrote it sees that where they wrote it
	}
	switch failed, was := s.Status == desk.StatusFailed, s.was == desk.StatusFailed; {
	case failed && !was:
		return tx.OpenFailure(ctx, s.ID, s.Failure)
	case was && !failed && s.Status.Settled():
		return tx.CloseFailure(ctx, settler, s.ID, desk.TaskArrived)
	}
	return nil
}
