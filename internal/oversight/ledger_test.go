package oversight_test

import (
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/store"
)

// consents writes entries about a new Contact, all of one moment.
func (w *world) consents(t *testing.T, of realm, steps ...desk.ConsentStep) {
	t.Helper()
	contact := desk.NewID[desk.Contact]()
	must(t, w.Update(t.Context(), func(tx *store.Tx) error {
		if err := tx.AddContacts(t.Context(), []desk.Contact{{ID: contact, Controller: of.controller, Profile: sealed[desk.Profile]("x"), CreatedAt: tx.Now()}}); err != nil {
			return err
		}
		for _, step := range steps {
			if _, err := tx.AddConsent(t.Context(), desk.ConsentEntry{
				Controller: of.controller, Contact: contact, Step: step, Purpose: "Neues", Means: desk.MeansAgent, Actor: shell,
			}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// ledger reads the whole Ledger page by page.
func (w *world) ledger(t *testing.T, q desk.LedgerQuery) (all []desk.ConsentEntry) {
	t.Helper()
	for pages := 0; ; pages++ {
		page, next, err := w.Ledger(t.Context(), shell, q)
		must(t, err)
		if all = append(all, page...); next == "" {
			return all
		}
		if q.Cursor = next; pages > 20 || len(page) != q.Limit {
			t.Fatalf("page %d has %d entries", pages, len(page))
		}
	}
}

// The Ledger is read page by page, the newest first and each entry once, also where many have
// the same time, of every Controller in the Scope or of one (GDPR Art. 5(2), 7(1)).
func TestLedger(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 3 {
			w.consents(t, w.north, desk.ConsentGranted, desk.ConsentAsked, desk.ConsentWithdrawn)
			w.consents(t, w.south, desk.ConsentGranted, desk.ConsentWithdrawn)
		}
		w.clock.Add(1)
		w.consents(t, w.south, desk.ConsentGranted)
		for name, c := range map[string]struct {
			query desk.LedgerQuery
			want  int
		}{
			"everything":             {desk.LedgerQuery{Scope: every}, 16},
			"of the scope":           {desk.LedgerQuery{Scope: w.scope}, 9},
			"of one Controller":      {desk.LedgerQuery{Scope: every, Controller: w.south.controller}, 7},
			"of one beyond":          {desk.LedgerQuery{Scope: w.scope, Controller: w.south.controller}, 0},
			"of a step":              {desk.LedgerQuery{Scope: every, Step: desk.ConsentAsked}, 3},
			"of a Controller's step": {desk.LedgerQuery{Scope: every, Controller: w.north.controller, Step: desk.ConsentGranted}, 3},
		} {
			c.query.Limit = 2
			seen := map[desk.ConsentID]bool{}
			all := w.ledger(t, c.query)
			for i, e := range all {
				if seen[e.ID] || i > 0 && e.At.After(all[i-1].At) {
					t.Errorf("%s: entry %d at %v is out of order", name, i, e.At)
				}
				seen[e.ID] = true
			}
			if len(all) != c.want {
				t.Errorf("%s: %d entries, want %d", name, len(all), c.want)
			}
		}
		if _, _, err := w.Ledger(t.Context(), shell, desk.LedgerQuery{Scope: every, Cursor: "no place"}); desk.CodeOf(err) != desk.CodeInvalid {
			t.Errorf("a cursor that is none: %v", err)
		}
	})
}
