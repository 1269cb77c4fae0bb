package inbound_test

import (
	"testing"
	"time"

	"botschaft/internal/consent"
	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/papers"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
)

// asked writes into the Ledger that a Contact was asked by one of its Identities, some time
// ago.
func (w *world) asked(t *testing.T, m desk.Message, means desk.ConsentMeans, kind desk.IdentityKind) desk.ConsentEntry {
	t.Helper()
	identities, err := w.Read().ListIdentities(t.Context(), m.Contact)
	must(t, err)
	e := desk.ConsentEntry{
		Controller: m.Controller, Contact: m.Contact, Step: desk.ConsentAsked, Ground: desk.GroundConsent, Purpose: "Angebote", Means: means,
		Wording: desk.Wording{Digest: "ab", Version: papers.ConsentVersion, Language: "de"}, Asked: desk.NewID[desk.Message](),
		Actor: desk.Actor{Kind: desk.ActorAgent, Agent: desk.NewID[desk.Agent]()},
	}
	for _, id := range identities {
		if id.Kind == kind {
			e.Identity = id.ID
		}
	}
	must(t, w.Update(t.Context(), func(tx *store.Tx) error {
		e, err = tx.AddConsent(t.Context(), e)
		return err
	}))
	return e
}

// An answer to what was asked is a Consent, however it is given: a tap, the word, either of
// them as the second step of a double opt-in. It proves what was answered, by which Message
// and number; nothing that only looks like it grants anything (GDPR Art. 4(11), 7(1)).
func TestAgreements(t *testing.T) {
	for name, c := range agreements() {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) { w.testAgreement(t, c) })
		})
	}
}

// both are the Identities of the one who answers.
var both = []desk.Alias{{Kind: desk.IdentityPhone, Value: text("+491700000001")}, {Kind: desk.IdentityBSUID, Value: text("DE.13491")}}

// agreed is a request with what was answered to it, and what must be written.
type agreed struct {
	asked  desk.ConsentMeans
	by     desk.IdentityKind
	before func(*testing.T, *world, desk.Message)
	answer func(at *directory.Entry, e desk.ConsentEntry) desk.Arrival
	step   desk.ConsentStep // empty: nothing is written
	means  desk.ConsentMeans
}

func agreements() map[string]agreed {
	const anna = "+491700000001"
	type answer = func(at *directory.Entry, e desk.ConsentEntry) desk.Arrival
	tap := func(yes bool, from []desk.Alias) answer {
		return func(at *directory.Entry, e desk.ConsentEntry) desk.Arrival {
			id, no := desk.ConsentButtons(e.Asked)
			if !yes {
				id = no
			}
			return taps(at, from, "wamid.answer", desk.KindInteractive, "Einverstanden", id)
		}
	}
	word := func(words string, ago time.Duration) answer {
		return func(at *directory.Entry, _ desk.ConsentEntry) desk.Arrival {
			return says(at, phone(anna), "wamid.answer", words, ago)
		}
	}
	return map[string]agreed{
		"button":          {desk.MeansButton, desk.IdentityPhone, nil, tap(true, phone(anna)), desk.ConsentGranted, desk.MeansButton},
		"word":            {desk.MeansButton, desk.IdentityPhone, nil, word("Einverstanden!", 0), desk.ConsentGranted, desk.MeansWord},
		"double opt-in":   {desk.MeansDoubleOptIn, desk.IdentityPhone, nil, word("I agree", 0), desk.ConsentGranted, desk.MeansDoubleOptIn},
		"no":              {desk.MeansButton, desk.IdentityPhone, nil, tap(false, phone(anna)), desk.ConsentDeclined, desk.MeansButton},
		"no in words":     {desk.MeansButton, desk.IdentityPhone, nil, word("Nein danke.", 0), desk.ConsentDeclined, desk.MeansWord},
		"no to something": {desk.MeansButton, desk.IdentityPhone, nil, word("Nein danke, den Termin nicht", 0), "", ""},
		"by the id asked": {desk.MeansButton, desk.IdentityBSUID, nil, tap(true, both), desk.ConsentGranted, desk.MeansButton},
		"by another id":   {desk.MeansButton, desk.IdentityBSUID, nil, tap(true, phone(anna)), "", ""},
		"another request": {desk.MeansButton, desk.IdentityPhone, nil, func(at *directory.Entry, _ desk.ConsentEntry) desk.Arrival {
			id, _ := desk.ConsentButtons(desk.NewID[desk.Message]())
			return taps(at, phone(anna), "wamid.answer", desk.KindInteractive, "Einverstanden", id)
		}, "", ""},
		"a yes to something": {desk.MeansButton, desk.IdentityPhone, nil, word("Ja, einverstanden mit dem Termin", 0), "", ""},
		"a word of before":   {desk.MeansButton, desk.IdentityPhone, nil, word("Einverstanden", time.Hour), "", ""},
		"too late": {desk.MeansButton, desk.IdentityPhone, func(_ *testing.T, w *world, _ desk.Message) {
			w.clock.Add(consent.RequestLife + time.Minute)
		}, tap(true, phone(anna)), "", ""},
		"after a stop": {desk.MeansButton, desk.IdentityPhone, func(t *testing.T, w *world, m desk.Message) {
			must(t, w.Update(t.Context(), func(tx *store.Tx) error {
				_, err := tx.AddConsent(t.Context(), desk.ConsentEntry{
					Controller: m.Controller, Contact: m.Contact, Step: desk.ConsentWithdrawn, Means: desk.MeansAgent, Actor: desk.Actor{Kind: desk.ActorAgent},
				})
				return err
			}))
		}, tap(true, phone(anna)), "", ""},
	}
}

func (w *world) testAgreement(t *testing.T, c agreed) {
	t.Helper()
	controller := w.controller(t)
	at := w.inbox(t, controller, "secret")
	storetest.Furnish(t, w.Store, controller, at.ID)
	w.deliver(t, at, says(at, both, "wamid.first", "Guten Tag", time.Minute))
	w.process(t, 200)
	m := w.messages(t, at)["Guten Tag"]
	e := w.asked(t, m, c.asked, c.by)
	if c.before != nil {
		c.before(t, w, m)
	}
	entries, err := store.Ledger(t.Context(), w.Read(), m.Contact)
	must(t, err)
	reply := c.answer(at, e)
	for range 2 { // a Delivery that comes twice is one
		w.deliver(t, at, reply, reply)
		w.process(t, 200)
	}
	now, err := store.Ledger(t.Context(), w.Read(), m.Contact)
	must(t, err)
	if c.step == "" {
		if len(now) != len(entries) {
			t.Errorf("it wrote %+v", now[len(entries):])
		}
		return
	}
	if len(now) != len(entries)+1 {
		t.Fatalf("%d entries", len(now))
	}
	got := now[len(now)-1]
	if got.Step != c.step || got.Means != c.means || got.Asked != e.Asked || got.Identity != e.Identity || got.Wording != e.Wording ||
		got.Answer.IsZero() || got.Answer == m.ID || got.Actor.Kind != desk.ActorSystem || consent.Check(got) != nil {
		t.Errorf("got %+v", got)
	}
	if stands := consent.Now(now, m.Contact, "Angebote", w.Now()).Allows(); stands != (c.step == desk.ConsentGranted) {
		t.Errorf("the consent stands: %t", stands)
	}
}

// What the house offers to tap is read as nothing else.
func TestAnswersAreNoWithdrawals(t *testing.T) {
	for _, lang := range []papers.Language{papers.German, papers.English} {
		r := papers.AskConsent(papers.NoticeFacts{Language: lang}, desk.PurposeFact{Name: "Angebote"}, false)
		if consent.Read(r.Yes) != consent.Silent || consent.Read(r.No) != consent.Silent || !consent.Agrees(r.Yes) || consent.Agrees(r.No) {
			t.Errorf("%q and %q are misread", r.Yes, r.No)
		}
	}
}
