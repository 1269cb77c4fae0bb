package evidence

import (
	"context"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// Paper gives the signed form behind an entry of the Ledger. desk.CodeNotFound if there is
// none or its Contact is not in the Scope.
func (s *Sheets) Paper(ctx context.Context, actor desk.Actor, scope desk.Scope, entry desk.ConsentID) (desk.Paper, error) {
	row, err := s.store.Read().GetPaper(ctx, entry)
	if store.IsNone(err) {
		return desk.Paper{}, desk.NotFound("paper")
	} else if err != nil {
		return desk.Paper{}, err
	}
	if _, err := s.open(ctx, actor, scope, row.Contact); err != nil {
		return desk.Paper{}, err
	}
	form, err := vault.OpenOne(ctx, s.vault, vault.ReasonView, vault.ContactOwner(row.Contact), vault.FormPlace(entry), row.Form)
	return desk.Paper{Entry: entry, Type: row.Type, Form: form}, err
}
