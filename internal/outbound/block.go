package outbound

import (
	"context"
	"errors"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// KindBlocks is the kind of lane in which Providers are told of Blocks. A Job names the Block.
const KindBlocks = "blocks"

const (
	blockAgain  = 30 * time.Second // after a failure that may pass
	blockWithin = time.Hour        // then it stays untold
)

// TellBlock tells the Provider of a Block, or of its end, once the transaction has committed. The
// gate refuses from the commit on, whatever becomes of it.
func TellBlock(ctx context.Context, tx *store.Tx, b *desk.Block) error {
	lane := queue.Lane{Kind: KindBlocks, Name: KindBlocks + "/" + b.Contact.String() + "/" + b.Inbox.String()}
	return queue.Enqueue(ctx, tx, lane, desk.Job{Ref: b.ID, Ordinal: tx.Now().UnixMilli()})
}

// Block works the lane of a Contact's Blocks: it tells the Provider how the Block stands now. To
// tell it twice does no harm, so what is in doubt is told again.
func (g *Gate) Block(ctx context.Context, h *queue.Held, jobs []desk.Job) error {
	job := jobs[0]
	row, err := g.store.Read().GetBlock(ctx, job.Ref)
	if store.IsNone(err) {
		return g.drop(ctx, h, job)
	} else if err != nil {
		return err
	}
	b := store.BlockOf(row)
	asked, err := g.blocking(ctx, &b)
	if errors.Is(err, vault.ErrKeyGone) || errors.Is(err, vault.ErrUnreadable) {
		return g.drop(ctx, h, job)
	} else if err != nil {
		return err
	}
	within, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	err = g.to.Block(within, asked)
	var failed *desk.SendError
	if err != nil && !errors.As(err, &failed) {
		failed = &desk.SendError{Outcome: desk.SendUnknown}
	}
	return g.settleBlock(ctx, h, job, &b, failed)
}

func (g *Gate) blocking(ctx context.Context, b *desk.Block) (desk.Blocking, error) {
	e, err := g.inboxes.Inbox(ctx, b.Inbox)
	if err != nil {
		return desk.Blocking{}, err
	}
	identities, err := g.store.Read().ListIdentities(ctx, b.Contact)
	if err != nil {
		return desk.Blocking{}, err
	}
	values, opening := make([]private.Text, len(identities)), g.vault.Opening(vault.ReasonSend)
	for i, id := range identities {
		vault.Add(opening, vault.ContactOwner(id.Contact), vault.IdentityPlace(id.ID), id.Value, &values[i])
	}
	if err := opening.Run(ctx); err != nil {
		return desk.Blocking{}, err
	}
	out := desk.Blocking{
		GraphURL: e.GraphURL, GraphVersion: e.GraphVersion, PhoneNumberID: e.PhoneNumberID, Token: e.Secrets.AccessToken, Ends: b.Lifted != nil,
	}
	for i, id := range identities {
		out.Who = append(out.Who, desk.Alias{Kind: id.Kind, Value: values[i]})
	}
	return out, nil
}

// settleBlock notes what the Provider said, and tells whoever looks.
func (g *Gate) settleBlock(ctx context.Context, h *queue.Held, job desk.Job, b *desk.Block, failed *desk.SendError) error {
	return g.store.Update(ctx, func(tx *store.Tx) error {
		begun := b.At
		if b.Lifted != nil {
			begun = b.Lifted.At
		}
		passes := failed != nil && (failed.Outcome != desk.SendRejected || failed.Retry || failed.Stop)
		if passes && tx.Now().Sub(begun) < blockWithin {
			return h.Delay(ctx, tx, job.ID, tx.Now().Add(max(failed.After, blockAgain)))
		}
		settled := rows.SettleBlockParams{ID: b.ID, ToldAt: tx.Stamp()}
		if failed != nil {
			settled.ToldAt, settled.Failure = desk.Millis{}, FailureUnknown
			if failed.Code != 0 {
				settled.Failure = failureOf(failed)
			}
		}
		if err := tx.SettleBlock(ctx, settled); err != nil {
			return err
		}
		open, err := tx.ListOpenOf(ctx, b.Contact)
		if err != nil {
			return err
		}
		for _, o := range open {
			tx.Emit(desk.Event{Kind: desk.EventConversation, Controller: o.Controller, Inbox: o.Inbox, Conversation: o.ID})
		}
		return h.Finish(ctx, tx, job.ID)
	})
}
