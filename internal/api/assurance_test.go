package api_test

import (
	"context"
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// changes lets the number of a Contact change.
func (w *world) changes(t *testing.T, of desk.Conversation) {
	t.Helper()
	id := desk.NewID[desk.IdentityChange]()
	must(t, w.Update(context.Background(), func(tx *store.Tx) error {
		return tx.AddIdentityChanges(context.Background(), []desk.IdentityChange{{
			ID: id, Controller: of.Controller, Contact: of.Contact, Mark: id[:], News: desk.SystemNewNumber, Heard: desk.HeardNotice,
			ChangedAt: tx.Now(), At: tx.Now(),
		}})
	}))
}

// merged makes a Contact that is the same person as a realm's.
func (w *world) merged(t *testing.T, r *realm) desk.ContactID {
	t.Helper()
	ctx, other := context.Background(), w.wrote(t, r).Contact
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		root := r.conversation.Contact
		merges, err := tx.ListMergesOf(ctx, root)
		if err != nil {
			return err
		}
		if len(merges) > 0 {
			root = merges[0].IntoID
		}
		return tx.AddMerge(ctx, rows.AddMergeParams{
			ID: desk.NewID[desk.Merge](), Controller: r.controller, Contact: other, IntoID: root, At: tx.Stamp(), Agent: desk.NewID[desk.Agent](),
		})
	}))
	return other
}
