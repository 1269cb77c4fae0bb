package outbound_test

import (
	"fmt"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/outbound"
	"botschaft/internal/policy"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
)

// abroad is a Recipient in the United States that carries Messages under the framework.
func abroad(fallback bool) desk.Recipient {
	_, r := storetest.Papers()
	r.Name, r.Country = "Carrier Inc.", "US"
	r.Transfer = desk.Transfer{Mechanism: desk.TransferDPF, Checked: "2026-11-01", CheckedBy: "Einkauf", Source: "https://list.example"}
	if fallback {
		r.Transfer.Fallback = &desk.Transfer{
			Mechanism: desk.TransferClauses, Module: 3, Checked: "2026-11-01", CheckedBy: "Einkauf", Source: "https://terms.example", Assessment: "done",
		}
	}
	return r
}

// recipient writes a Recipient into the register, or its next version.
func (w *world) recipient(t *testing.T, id desk.RegisterID, r desk.Recipient, active bool) {
	t.Helper()
	storetest.Enter(t, w.Store, desk.RegisterEntry{Controller: w.controller, Kind: desk.RegisterRecipient, Subject: id, Active: active}, r)
}

// While the Data Privacy Framework is held invalid, policy says what may still go, for a
// Conversation that was open before and for one that began since (GDPR Art. 45(5), 46).
func TestTheFrameworkFalls(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		carrier := desk.NewID[desk.RegisterEntry]()
		w.recipient(t, carrier, abroad(true), true)
		before := w.wrote(t, "+491700000001", time.Hour)
		w.refusedFor(t, "while the framework holds", outbound.Submission{Conversation: before.ID})
		w.clock.Add(time.Minute)
		w.holdFramework(t, false)
		w.clock.Add(time.Minute)
		since := w.wrote(t, "+491700000002", time.Hour)
		for _, c := range []struct {
			policy                   string
			fallback, before, behind bool // whether there are clauses, and what goes on
		}{
			{desk.DPFBlock, true, false, false}, {desk.DPFBlock, false, false, false},
			{desk.DPFFallbackOpen, true, true, false}, {desk.DPFFallbackOpen, false, false, false},
			{desk.DPFFallback, true, true, true}, {desk.DPFFallback, false, false, false},
			{desk.DPFWarn, true, true, true}, {desk.DPFWarn, false, true, true},
		} {
			w.choose(t, func(p *desk.Policies) { p.DPFInvalid = c.policy })
			w.recipient(t, carrier, abroad(c.fallback), true)
			for _, of := range []struct {
				what string
				in   desk.Conversation
				goes bool
			}{{"opened before", before, c.before}, {"opened since", since, c.behind}} {
				var want []policy.Code
				if !of.goes {
					want = []policy.Code{policy.CodeTransferBlocked}
				}
				w.refusedFor(t, fmt.Sprintf("%s, clauses %v, %s", c.policy, c.fallback, of.what), outbound.Submission{Conversation: of.in.ID}, want...)
			}
		}
		w.holdFramework(t, true)
		w.choose(t, func(p *desk.Policies) { p.DPFInvalid = desk.DPFBlock })
		w.refusedFor(t, "once it holds again", outbound.Submission{Conversation: since.ID})
	})
}

// What waits when the framework falls is decided upon again when it is sent (GDPR Art. 44).
func TestTheFrameworkFallsOnWhatWaits(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.recipient(t, desk.NewID[desk.RegisterEntry](), abroad(false), true)
		anna := w.wrote(t, "+491700000001", time.Hour)
		m := w.says(t, anna, "hello")
		w.holdFramework(t, false)
		w.deliver(t, "one")
		if now := w.stands(t, m, desk.StatusFailed); now.Failure != string(policy.CodeTransferBlocked) {
			t.Errorf("failed with %s", now.Failure)
		}
		w.sees(t, "while it is held invalid")
	})
}

// Nothing goes by somebody whose contract is not complete, or whom the Controller switched
// off (GDPR Art. 28(3)).
func TestAnIncompleteProcessor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		id, r := desk.NewID[desk.RegisterEntry](), abroad(false)
		for what, spoil := range map[string]func(r *desk.Recipient){
			"no letter":  func(r *desk.Recipient) { delete(r.Contract.Clauses, "h") },
			"no terms":   func(r *desk.Recipient) { r.Contract.Terms = nil },
			"no review":  func(r *desk.Recipient) { r.ReviewBy = "" },
			"no service": func(r *desk.Recipient) { r.Service = desk.Bilingual{} },
		} {
			r := abroad(false)
			spoil(&r)
			w.recipient(t, id, r, true)
			w.refusedFor(t, what, outbound.Submission{Conversation: anna.ID}, policy.CodeProcessorIncomplete)
		}
		earlier := r // as an earlier release let it be switched on
		earlier.Contract.Subject, earlier.Contract.Duration, earlier.Contract.Nature = "", "", ""
		w.recipient(t, id, earlier, true)
		w.refusedFor(t, "without what was asked later", outbound.Submission{Conversation: anna.ID})
		w.recipient(t, id, r, false)
		w.refusedFor(t, "switched off", outbound.Submission{Conversation: anna.ID}, policy.CodeProcessorIncomplete)
		w.recipient(t, id, r, true)
		w.refusedFor(t, "complete", outbound.Submission{Conversation: anna.ID})
	})
}

// Nothing is said for a Purpose that the Controller does not have (GDPR Art. 5(1)(b), 6(1)).
func TestAPurposeThatIsNone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		w.refusedFor(t, "an unknown purpose", outbound.Submission{Conversation: anna.ID, Purpose: "Gewinnspiel"}, policy.CodeBasisMissing)
		w.refusedFor(t, "a known one", outbound.Submission{Conversation: anna.ID, Purpose: "Vertrag und Schaden"})
	})
}

// An objection ends what its Purpose allowed, and nothing else (GDPR Art. 21).
func TestAnObjection(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna, bert := w.wrote(t, "+491700000001", time.Hour), w.wrote(t, "+491700000002", time.Hour)
		waits := w.says(t, anna, "waits")
		object := func(purpose string) {
			must(t, w.Update(t.Context(), func(tx *store.Tx) error {
				return tx.AddObjection(t.Context(), rows.AddObjectionParams{Contact: anna.Contact, Purpose: purpose, At: tx.Stamp(), Actor: "agent"})
			}))
		}
		object("Ein anderer Zweck")
		w.refusedFor(t, "to another purpose", outbound.Submission{Conversation: anna.ID})
		object("Vertrag und Schaden")
		w.refusedFor(t, "to this one", outbound.Submission{Conversation: anna.ID}, policy.CodeContactObjected)
		w.refusedFor(t, "by somebody else", outbound.Submission{Conversation: bert.ID})
		w.deliver(t, "one")
		if now := w.stands(t, waits, desk.StatusFailed); now.Failure != string(policy.CodeContactObjected) {
			t.Errorf("what waited failed with %s", now.Failure)
		}
		must(t, w.Update(t.Context(), func(tx *store.Tx) error {
			_, err := tx.DropObjection(t.Context(), rows.DropObjectionParams{Contact: anna.Contact, Purpose: "Vertrag und Schaden"})
			return err
		}))
		w.refusedFor(t, "taken back", outbound.Submission{Conversation: anna.ID})
	})
}
