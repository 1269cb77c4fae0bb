package facts_test

import (
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/facts"
	"botschaft/internal/private"
	"botschaft/internal/store"
)

// A consent ends with the number that gave it: whoever has another one is asked again.
func TestNoConsentGoesOverToAnotherNumber(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := facts.NewRegisters()
		identity := desk.Identity{
			ID: w.identity, Controller: w.controller, Contact: w.contact, Kind: desk.IdentityPhone, Digest: []byte("d"),
			Value: private.SealedBytes[private.Text]([]byte("sealed by nobody here")), ValidFrom: noon,
		}
		write := func(fn func(tx *store.Tx) error) { t.Helper(); must(t, w.Update(t.Context(), fn)) }
		write(func(tx *store.Tx) error { return tx.AddIdentities(t.Context(), []desk.Identity{identity}) })
		if !w.ask(t, r).Consent.Allows() {
			t.Fatal("the consent does not stand")
		}
		w.clock.Add(time.Hour)
		w.agrees(t) // for the number that ended half an hour ago, as the house does not know yet
		w.clock.Add(time.Minute)
		ended := noon.Add(30 * time.Minute)
		identity.ValidUntil = &ended
		write(func(tx *store.Tx) error {
			if err := tx.EndIdentities(t.Context(), []desk.Identity{identity}); err != nil {
				return err
			}
			return tx.AddIdentityChanges(t.Context(), []desk.IdentityChange{{
				ID: desk.NewID[desk.IdentityChange](), Controller: w.controller, Contact: w.contact, Mark: identity.ID[:],
				News: desk.SystemNewNumber, Heard: desk.HeardNotice, ChangedAt: ended, At: tx.Now(),
			}})
		})
		if w.ask(t, r).Consent.Allows() {
			t.Error("the consent went over to another number")
		}
		w.clock.Add(time.Minute)
		w.identity = desk.NewID[desk.Identity]()
		w.agrees(t)
		if !w.ask(t, r).Consent.Allows() {
			t.Error("the consent by the new number does not stand")
		}
	})
}
