package inbox

import (
	"context"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// restPage is how many Conversations are woken in one look.
const restPage = 100

// Rouse wakes the Conversations whose rest is over, each in a transaction of its own,
// and says how many. On several nodes the first one wakes.
func (b *Inbox) Rouse(ctx context.Context) (int, error) {
	ended, err := b.store.Read().ListSnoozeEnded(ctx, rows.ListSnoozeEndedParams{Now: b.store.Now().UnixMilli(), Page: restPage})
	if err != nil {
		return 0, err
	}
	woken := 0
	for _, id := range ended {
		err := b.store.Update(ctx, func(tx *store.Tx) error {
			c, err := tx.LockConversation(ctx, id)
			if err != nil || c.Snoozed == nil || c.Snoozed.Until.IsZero() || c.Snoozed.Until.After(tx.Now()) {
				return err
			}
			before := c.Tally()
			c.Wake()
			tx.Count(before, c.Tally())
			t := c.Turn(desk.TurnWoken, desk.AgentID{}, tx.Now())
			tx.Emit(t.Event())
			if err := tx.SaveConversations(ctx, []desk.Conversation{*c}); err != nil {
				return err
			}
			return tx.AddTurns(ctx, []desk.Turn{t})
		})
		if err != nil {
			return woken, err
		}
		woken++
	}
	return woken, nil
}
