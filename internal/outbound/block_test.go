package outbound_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/outbound"
	"botschaft/internal/policy"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// blocks a Contact, and tells the Provider until nothing waits.
func (w *world) blocks(t *testing.T, c desk.Conversation) desk.Block {
	t.Helper()
	ctx := t.Context()
	b := desk.Block{ID: desk.NewID[desk.Block](), Controller: c.Controller, Contact: c.Contact, Inbox: c.Inbox, At: w.Now()}
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddBlock(ctx, rows.AddBlockParams{
			ID: b.ID, Controller: b.Controller, Contact: b.Contact, Inbox: b.Inbox, Reason: desk.BlockSpam, At: tx.Stamp(), Agent: ben.Agent,
		}); err != nil {
			return err
		}
		return outbound.TellBlock(ctx, tx, &b)
	}))
	running, cancel := context.WithCancel(context.Background())
	r := queue.NewRunner(w.Store, queue.Config{
		Kind: outbound.KindBlocks, Node: "one", Batch: 1, Parallel: 1, Lease: lease, Poll: 2 * time.Millisecond, Log: w.log,
	}, w.gate.Block)
	ended := make(chan error, 1)
	go func() { ended <- r.Run(running) }()
	await(t, "the block to be settled", func() bool {
		depths, err := w.Read().LaneDepths(ctx)
		must(t, err)
		if len(depths) > 0 {
			w.clock.Add(15 * time.Second)
			time.Sleep(5 * time.Millisecond) // the lanes look every two
		}
		return len(depths) == 0
	})
	cancel()
	must(t, <-ended)
	row, err := w.Read().GetBlock(ctx, b.ID)
	must(t, err)
	return store.BlockOf(row)
}

// A Provider is asked again while that may help, and its no is kept; nobody writes to whom we
// blocked, whatever it says.
func TestBlock(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		w.provider.block = func(n int) error {
			if n < 3 {
				return &desk.SendError{Outcome: desk.SendUnknown}
			}
			return nil
		}
		b := w.blocks(t, anna)
		asked := w.provider.blocks()
		if len(asked) != 3 || asked[0].Ends || asked[0].Who[0].Value.Reveal() != "+491700000001" || b.Told.Sub(b.At) < time.Minute || b.Failure != "" {
			t.Errorf("asked %d times; the block is %+v", len(asked), b)
		}
		var refused *outbound.Refused
		if _, err := w.compose(t, anna, "c", "Hallo"); !errors.As(err, &refused) || refused.Reasons()[0].Code != policy.CodeContactBlocked {
			t.Errorf("a reply to somebody who is blocked: %v", err)
		}

		bert := w.wrote(t, "+491700000002", time.Hour)
		w.provider.block = func(int) error { return &desk.SendError{Outcome: desk.SendRejected, Code: 131047} }
		if b := w.blocks(t, bert); b.Failure != "131047" || !b.Told.IsZero() || len(w.provider.blocks()) != 4 {
			t.Errorf("the provider's no: %+v", b)
		}
		carl := w.wrote(t, "+491700000003", time.Hour)
		w.provider.block = func(int) error { return &desk.SendError{Outcome: desk.SendNotWritten} }
		if b := w.blocks(t, carl); b.Failure != outbound.FailureUnknown || !b.Told.IsZero() {
			t.Errorf("a provider that cannot be reached: %+v", b)
		}
	})
}
