package settings

import (
	"context"

	"botschaft/internal/desk"
	"botschaft/internal/store"
)

// handBack releases the open Conversations that an Agent may not have any more, so that
// they stand among those nobody has: people wait there for an answer. It goes into the
// transaction that ends the access, which holds the Agent locked, as one statement per
// table however many there are.
func handBack(ctx context.Context, tx *store.Tx, actor desk.Actor, id desk.AgentID) error {
	lost, err := tx.LockLost(ctx, id)
	if err != nil || len(lost) == 0 {
		return err
	}
	turns := make([]desk.Turn, len(lost))
	for i := range lost {
		c := &lost[i]
		before := c.Tally()
		c.Assignee = desk.AgentID{}
		turns[i] = c.Turn(desk.TurnReleased, actor.Agent, tx.Now())
		tx.Count(before, c.Tally())
		tx.Audit(desk.AuditEntry{
			Actor: actor, Act: desk.ActReleased, Subject: "conversation:" + c.ID.String(), Controller: c.Controller, Inbox: c.Inbox,
		})
		tx.Emit(turns[i].Event())
	}
	if err := tx.SaveConversations(ctx, lost); err != nil {
		return err
	}
	return tx.AddTurns(ctx, turns)
}
