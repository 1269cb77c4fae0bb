package outbound_test

import (
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/outbound"
	"botschaft/internal/policy"
	"botschaft/internal/storetest"
)

// Nothing stands on a Purpose that rests on a consent without that consent, whatever class the
// Message is said to have, and nothing on a legitimate interest that nobody has balanced (GDPR
// Art. 5(2), 6(1)(a), (f), 7(3)).
func TestAPurposeMustStand(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		facts, _ := storetest.Papers()
		facts.Purposes = append(facts.Purposes, desk.PurposeFact{Name: "Anfragen von Beteiligten", Basis: "6(1)(f)", Interest: desk.Bilingual{DE: "allen zu antworten"}})
		storetest.Enter(t, w.Store, desk.RegisterEntry{
			Controller: w.controller, Kind: desk.RegisterController, Subject: desk.RegisterID(w.controller), Active: true,
		}, facts)
		anna := w.wrote(t, "+491700000001", time.Hour)
		for _, class := range []policy.Class{policy.ClassService, policy.ClassTransactional} {
			on := func(purpose string) outbound.Submission {
				return outbound.Submission{Conversation: anna.ID, Class: string(class), Purpose: purpose}
			}
			what := string(class)
			w.refusedFor(t, what+" without a consent", on(offers), policy.CodeBasisMissing)
			w.clock.Add(time.Second)
			w.record(t, anna, desk.ConsentGranted)
			w.refusedFor(t, what+" with one", on(offers))
			w.record(t, anna, desk.ConsentDoubted)
			w.refusedFor(t, what+" while a person must read first", on(offers), policy.CodeBasisMissing)
			w.record(t, anna, desk.ConsentWithdrawn)
			w.refusedFor(t, what+" after a withdrawal", on(offers), policy.CodeBasisMissing)
			w.refusedFor(t, what+" on an interest that nobody balanced", on("Anfragen von Beteiligten"), policy.CodeBasisMissing)
			w.refusedFor(t, what+" on the contract", on("Vertrag und Schaden"))
		}
	})
}

// What stands on a consent and waits in the lane is not sent after a withdrawal.
func TestAWithdrawalOvertakesWhatRestsOnIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		w.record(t, anna, desk.ConsentGranted)
		m, err := w.gate.Compose(t.Context(), ben, allScope, outbound.Submission{
			Conversation: anna.ID, ClientID: "c", Kind: desk.KindText, Text: text("hello"), Purpose: offers,
		})
		must(t, err)
		w.record(t, anna, desk.ConsentWithdrawn)
		w.deliver(t, "one")
		w.stands(t, m, desk.StatusFailed)
	})
}
