package audit_test

import (
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// recognise is what is said about who the Contact is.
func (h *house) recognise(t *testing.T) {
	t.Helper()
	ctx, v, id := t.Context(), h.admin, h.conversation
	c, err := h.desk.Open(ctx, v, id)
	must(t, err)
	other := desk.Contact{ID: desk.NewID[desk.Contact](), Controller: h.controller, CreatedAt: h.Now()}
	must(t, h.vault.AddContacts(ctx, []vault.NewContact{{Controller: h.controller, Contact: other.ID}}))
	other.Profile, err = vault.Seal(ctx, h.vault, vault.ContactOwner(other.ID), vault.ProfilePlace(other.ID), desk.Profile{Name: text(canaryName)})
	must(t, err)
	number := desk.Identity{ID: desk.NewID[desk.Identity](), Controller: h.controller, Contact: other.ID, Kind: desk.IdentityPhone, ValidFrom: h.Now()}
	number.Digest = number.ID[:]
	number.Value, err = vault.Seal(ctx, h.vault, vault.ContactOwner(other.ID), vault.IdentityPlace(number.ID), text(canaryNumber))
	must(t, err)
	second := desk.NewID[desk.Conversation]()
	changed := func(of desk.ContactID) desk.IdentityChange {
		return desk.IdentityChange{
			ID: desk.NewID[desk.IdentityChange](), Controller: h.controller, Contact: of, Mark: of[:],
			News: desk.SystemNewNumber, Heard: desk.HeardNotice, ChangedAt: h.Now(), At: h.Now(),
		}
	}
	must(t, h.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddIdentityChanges(ctx, []desk.IdentityChange{changed(c.Contact), changed(other.ID)}); err != nil {
			return err
		}
		if err := tx.AddContacts(ctx, []desk.Contact{other}); err != nil {
			return err
		}
		if err := tx.AddIdentities(ctx, []desk.Identity{number}); err != nil {
			return err
		}
		return tx.AddConversations(ctx, []desk.Conversation{{
			ID: second, Controller: h.controller, Inbox: h.inbox, Contact: other.ID, OpenedAt: tx.Now(), LastAt: tx.Now(), Receiving: true,
		}})
	}))
	_, err = h.desk.Vouch(ctx, v, id, desk.VouchCallback)
	must(t, err)
	_, err = h.desk.Merge(ctx, v, id, other.ID)
	must(t, err)
	_, err = h.desk.Unmerge(ctx, v, id, other.ID)
	must(t, err)
	_, err = h.desk.Split(ctx, v, second)
	must(t, err)
}
