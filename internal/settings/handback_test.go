package settings_test

import (
	"context"
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/store"
)

// However many an Agent has, all are given back in the one transaction that ends its
// access, and the tallies hold.
func TestManyAreGivenBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const many = 700
		ctx, in, ben := context.Background(), w.inbox(t), w.agent(t, "ben@muster.example", desk.RoleAgent)
		all := make([]desk.Conversation, many)
		for i := range all {
			all[i] = desk.Conversation{
				ID: desk.NewID[desk.Conversation](), Controller: w.controller, Inbox: in, Contact: desk.NewID[desk.Contact](),
				OpenedAt: noon, LastAt: noon, Assignee: ben, Receiving: true,
			}
			if i%2 == 1 {
				all[i].Snoozed = &desk.Snooze{At: noon, By: ben}
			}
		}
		must(t, w.store.Update(ctx, func(tx *store.Tx) error { return tx.AddConversations(ctx, all) }))
		before, err := w.store.LastEvent(ctx)
		must(t, err)
		entries := w.written(t, func() { must(t, w.DisableAgent(ctx, shell, ben, "left")) })
		if len(entries) != many+1 {
			t.Errorf("%d audit entries", len(entries))
		}
		tallies, err := w.store.Tallies(ctx)
		must(t, err)
		for tally, want := range map[desk.Tally]int64{
			{Inbox: in, State: desk.TallyOpen}: many / 2, {Inbox: in, State: desk.TallySnoozed}: many / 2,
			{Inbox: in, Owner: ben, State: desk.TallyOpen}: 0, {Inbox: in, Owner: ben, State: desk.TallySnoozed}: 0,
		} {
			if n := tallies[tally]; n != want {
				t.Errorf("%+v: %d, want %d", tally, n, want)
			}
		}
		_, err = w.store.NumberEvents(ctx)
		must(t, err)
		after, err := w.store.LastEvent(ctx)
		must(t, err)
		if after-before < many {
			t.Errorf("%d events", after-before)
		}
	})
}
