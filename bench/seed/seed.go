package seed

import (
	"context"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// Plan says what is made, and where.
type Plan struct {
	Store         *store.Store
	Vault         *vault.Vault
	Controller    desk.ControllerID
	Inbox         desk.InboxID
	Agent         desk.AgentID // who answered, and has what somebody has
	Conversations int          // of one Contact each
	Messages      int          // at least one for each Conversation
	Seed          uint64       // another one gives other times and words
	At            time.Time    // when the last Message came; times lie in the 90 days before
	Progress      func(messages int)
}

// Made is what there is more of.
type Made struct {
	Conversations int
	Messages      int
	Sent          int // of the Messages: the Provider took them, and told no status yet
}

const (
	span      = 90 * 24 * time.Hour
	perBatch  = 5000 // Messages in one transaction, more or less
	batchLead = 2    // batches that may be sealed ahead of the writing
)

// Run makes what the Plan says.
func Run(ctx context.Context, p Plan) (Made, error) {
	if p.Conversations < 1 || p.Messages < p.Conversations || p.Agent.IsZero() {
		return Made{}, desk.Invalid("plan", "needs an agent, a conversation at least, and a message for each")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ready, failed := make(chan *batch, batchLead), make(chan error, 1)
	go func() {
		defer close(ready)
		failed <- p.prepare(ctx, ready)
	}()
	made, err := p.write(ctx, ready)
	cancel()
	for range ready { // the sealing ends
		continue
	}
	if sealing := <-failed; err == nil {
		err = sealing
	}
	return made, err
}

// prepare seals batch after batch. The keys are committed before.
func (p *Plan) prepare(ctx context.Context, ready chan<- *batch) error {
	for next := 0; next < p.Conversations; {
		b := &batch{}
		for ; next < p.Conversations && len(b.letters) < perBatch; next++ {
			p.invent(b, next)
		}
		if err := b.seal(ctx, p); err != nil {
			return err
		}
		select {
		case ready <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (p *Plan) write(ctx context.Context, ready <-chan *batch) (made Made, err error) {
	for b := range ready {
		if err := p.Store.Update(ctx, func(tx *store.Tx) error { return b.write(ctx, tx) }); err != nil {
			return made, err
		}
		made.Conversations += len(b.conversations)
		made.Messages += len(b.messages)
		made.Sent += len(b.dispatches)
		if p.Progress != nil {
			p.Progress(made.Messages)
		}
	}
	return made, nil
}

// batch is what one transaction writes.
type batch struct {
	keys          []vault.NewContact
	people        []person
	letters       []letter
	contacts      []desk.Contact
	identities    []desk.Identity
	conversations []desk.Conversation
	messages      []desk.Message
	dispatches    []rows.Dispatch
	turns         []desk.Turn
}

func (b *batch) write(ctx context.Context, tx *store.Tx) error {
	for _, step := range []func() error{
		func() error { return tx.AddContacts(ctx, b.contacts) },
		func() error { return tx.AddIdentities(ctx, b.identities) },
		func() error { return tx.AddConversations(ctx, b.conversations) },
		func() error { return tx.AddMessages(ctx, b.messages) },
		func() error { return tx.AddDispatches(ctx, b.dispatches) },
		func() error { return tx.AddTurns(ctx, b.turns) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
