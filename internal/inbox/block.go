package inbox

import (
	"context"

	"botschaft/internal/desk"
	"botschaft/internal/outbound"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Block keeps a Contact from writing to the Inbox of a Conversation, and the house from writing to
// it there. The Provider takes it only within 24 hours of the Contact's last Message (Meta: Block
// users); where it did not, Block asks it again.
func (b *Inbox) Block(ctx context.Context, v Viewer, id desk.ConversationID, reason desk.BlockReason) error {
	switch reason {
	case desk.BlockInsult, desk.BlockThreat, desk.BlockHarassment, desk.BlockSpam, desk.BlockOther:
	default:
		return desk.Invalid("reason", "is not a reason to block somebody")
	}
	return b.upon(ctx, v, id, func(tx *store.Tx, c *desk.Conversation) error {
		row, err := tx.GetHoldingBlock(ctx, rows.GetHoldingBlockParams{Contact: c.Contact, Inbox: c.Inbox})
		if err == nil {
			return askAgain(ctx, tx, v.Actor, c, row)
		} else if !store.IsNone(err) {
			return err
		}
		block := desk.Block{
			ID: desk.NewID[desk.Block](), Controller: c.Controller, Contact: c.Contact, Inbox: c.Inbox, Reason: reason, At: tx.Now(), By: v.Actor.Agent,
		}
		if err := tx.AddBlock(ctx, rows.AddBlockParams{
			ID: block.ID, Controller: block.Controller, Contact: block.Contact, Inbox: block.Inbox, Reason: reason, At: tx.Stamp(), Agent: block.By,
		}); err != nil {
			return err
		}
		return tellBlock(ctx, tx, v.Actor, desk.ActContactBlocked, c, &block)
	})
}

// askAgain asks the Provider once more for a Block that it did not take.
func askAgain(ctx context.Context, tx *store.Tx, actor desk.Actor, c *desk.Conversation, row rows.ContactBlock) error {
	block := store.BlockOf(row)
	if block.Failure == "" {
		return desk.Conflict("the contact is blocked already")
	}
	if err := tx.SettleBlock(ctx, rows.SettleBlockParams{ID: block.ID}); err != nil {
		return err
	}
	return tellBlock(ctx, tx, actor, desk.ActContactBlocked, c, &block)
}

// Unblock ends a Block.
func (b *Inbox) Unblock(ctx context.Context, v Viewer, id desk.ConversationID) error {
	return b.upon(ctx, v, id, func(tx *store.Tx, c *desk.Conversation) error {
		row, err := tx.GetHoldingBlock(ctx, rows.GetHoldingBlockParams{Contact: c.Contact, Inbox: c.Inbox})
		if store.IsNone(err) {
			return desk.Conflict("the contact is not blocked")
		} else if err != nil {
			return err
		}
		if err := tx.LiftBlock(ctx, rows.LiftBlockParams{ID: row.ID, LiftedAt: tx.Stamp(), LiftedBy: v.Actor.Agent}); err != nil {
			return err
		}
		block := store.BlockOf(row)
		return tellBlock(ctx, tx, v.Actor, desk.ActContactUnblocked, c, &block)
	})
}

// tellBlock tells the log, whoever looks, and the Provider.
func tellBlock(ctx context.Context, tx *store.Tx, actor desk.Actor, act desk.Act, c *desk.Conversation, b *desk.Block) error {
	tx.Audit(desk.AuditEntry{
		Actor: actor, Act: act, Subject: "contact:" + c.Contact.String(), Controller: c.Controller, Inbox: c.Inbox,
		Detail: map[string]string{"reason": string(b.Reason)},
	})
	if err := emitOpen(ctx, tx, c); err != nil {
		return err
	}
	return outbound.TellBlock(ctx, tx, b)
}
