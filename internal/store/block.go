package store

import (
	"context"
	"database/sql"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

// BlockOf reads a row.
func BlockOf(r rows.ContactBlock) desk.Block {
	b := desk.Block{
		ID: r.ID, Controller: r.Controller, Contact: r.Contact, Inbox: r.Inbox, Reason: r.Reason, At: r.At.Time, By: r.Agent,
		Told: r.ToldAt.Time, Failure: r.Failure,
	}
	if !r.LiftedAt.IsZero() {
		b.Lifted = &desk.Lifting{At: r.LiftedAt.Time, By: r.LiftedBy}
	}
	return b
}

// BlockKey is whom a Block holds for.
type BlockKey struct {
	Contact desk.ContactID
	Inbox   desk.InboxID
}

// FindBlocks gives the Blocks that hold for these Contacts, in any Inbox.
func (s *Store) FindBlocks(ctx context.Context, ids []desk.ContactID) (map[BlockKey]desk.Block, error) {
	found := map[BlockKey]desk.Block{}
	err := findSet(ctx, s.asked(), "SELECT id, contact_id, inbox_id, reason, at, agent_id, told_at, failure FROM contact_block WHERE lifted_at IS NULL AND contact_id IN",
		"", nil, idBytes(ids), func(r *sql.Rows) error {
			var b desk.Block
			var at, told desk.Millis
			err := r.Scan(&b.ID, &b.Contact, &b.Inbox, &b.Reason, &at, &b.By, &told, &b.Failure)
			b.At, b.Told = at.Time, told.Time
			found[BlockKey{b.Contact, b.Inbox}] = b
			return err
		})
	return found, unavailable(err)
}
