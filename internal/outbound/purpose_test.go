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

// An authority has no legitimate interest in the performance of its tasks, whatever was balanced:
// nothing stands on one (GDPR Art. 6(1) subpara. 2). Nor does it for anybody before the balancing
// was approved (GDPR Art. 5(2)).
func TestAnInterestNeedsFooting(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const interest, contract = "Anfragen von Beteiligten", "Vertrag und Schaden"
		purposes := func(approved string, contracts ...desk.PurposeFact) {
			facts, _ := storetest.Papers()
			facts.Purposes = append(contracts, desk.PurposeFact{
				Name: interest, Basis: "6(1)(f)", Interest: desk.Bilingual{DE: "allen zu antworten"}, Balancing: &desk.Balancing{
					Necessity: "n", Balance: "b", Safeguards: "s", Objection: "o", ApprovedBy: "Datenschutz", ApprovedAt: approved,
				},
			})
			storetest.Enter(t, w.Store, desk.RegisterEntry{
				Controller: w.controller, Kind: desk.RegisterController, Subject: desk.RegisterID(w.controller), Active: true,
			}, facts)
		}
		anna := w.wrote(t, "+491700000001", time.Hour)
		on := func(purpose string) outbound.Submission {
			return outbound.Submission{Conversation: anna.ID, Purpose: purpose}
		}
		for _, c := range []struct {
			public, approved string
			on, alone        []policy.Code // what refuses the Purpose, and an answer where there is no other
		}{
			{"off", "2026-11-02", nil, nil},
			{"off", "2026-11-03", []policy.Code{policy.CodeBasisMissing}, []policy.Code{policy.CodeBasisMissing}},
			{"on", "2026-11-02", []policy.Code{policy.CodeInterestBarred}, []policy.Code{policy.CodeInterestBarred}},
			{"on", "2026-11-03", []policy.Code{policy.CodeInterestBarred}, []policy.Code{policy.CodeInterestBarred}},
		} {
			what := "authority " + c.public + ", approved " + c.approved
			w.choose(t, func(p *desk.Policies) { p.PublicSector = c.public })
			purposes(c.approved, desk.PurposeFact{Name: contract, Basis: "6(1)(b)"})
			w.refusedFor(t, what, on(interest), c.on...)
			w.refusedFor(t, what+": on the contract", on(contract))
			w.refusedFor(t, what+": an answer", on(""))
			purposes(c.approved)
			w.refusedFor(t, what+": an answer without a contract", on(""), c.alone...)
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
