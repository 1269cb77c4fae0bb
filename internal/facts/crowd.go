package facts

import (
	"context"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// crowdPage is how many Contacts are read of at once.
const crowdPage = 4096

// AskAll answers the Question for each of many Contacts that no Conversation is open with, in
// their order. It reads in sets, beside the work, and so it is for looking ahead: whoever
// sends asks again, for the one Contact, in the transaction that decides (GDPR Art. 7(3)).
func (r *Registers) AskAll(ctx context.Context, s *store.Store, ask Question, contacts []desk.ContactID, each func(desk.ContactID, Known) error) error {
	row, err := s.Read().LoadFacts(ctx, rows.LoadFactsParams{Inbox: ask.Inbox, Controller: ask.Controller})
	if err != nil {
		return err
	}
	reg, err := r.of(ctx, s.Read(), ask.Controller, row.Register, ask.Now)
	if err != nil {
		return err
	}
	for len(contacts) > 0 {
		page := contacts[:min(len(contacts), crowdPage)]
		contacts = contacts[len(page):]
		found, err := s.FindContactFacts(ctx, ask.Inbox, page, reg.readsLedger(ask))
		if err != nil {
			return err
		}
		for _, ask.Contact = range page {
			if err := each(ask.Contact, reg.known(ask, row, found[ask.Contact])); err != nil {
				return err
			}
		}
	}
	return nil
}
