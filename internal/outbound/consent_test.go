package outbound_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"botschaft/internal/consent"
	"botschaft/internal/desk"
	"botschaft/internal/outbound"
	"botschaft/internal/papers"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// asks asks for a Consent and tells what came of it.
func (w *world) asks(t *testing.T, c desk.Conversation, purpose string, wished time.Time) (desk.Message, error) {
	t.Helper()
	return w.gate.AskConsent(t.Context(), ben, allScope, outbound.ConsentRequest{Conversation: c.ID, Purpose: purpose, Wished: wished})
}

func (w *world) ledger(t *testing.T, c desk.Conversation) []desk.ConsentEntry {
	t.Helper()
	entries, err := store.Ledger(t.Context(), w.Read(), c.Contact)
	must(t, err)
	return entries
}

// agrees writes the answer of a Contact to what it was asked, as inbound does.
func (w *world) agrees(t *testing.T, c desk.Conversation, asked desk.ConsentEntry) {
	t.Helper()
	asked.ID, asked.Step = desk.ConsentID{}, desk.ConsentGranted
	m := w.writes(t, c, "Einverstanden")
	must(t, w.Update(t.Context(), func(tx *store.Tx) error {
		if err := tx.LockContact(t.Context(), c.Contact); err != nil {
			return err
		}
		asked.Answer = m.ID
		_, err := tx.AddConsent(t.Context(), asked)
		return err
	}))
}

// A Contact is asked in words that the Ledger names to the letter, with a yes and a no to tap,
// behind the Notice; whoever agrees hears how it ends, and then advertising may come (GDPR
// Art. 4(11), 7(1)-(3)).
func TestAskConsent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.choose(t, func(p *desk.Policies) { p.Outbound = "advertising" })
		anna := w.came(t, "+491700000001", time.Minute)
		m, err := w.asks(t, anna, offers, time.Time{})
		must(t, err)
		w.deliver(t, "one")
		w.stands(t, m, desk.StatusSent)
		if w.provider.count() != 2 {
			t.Fatalf("%d messages: the notice and the request", w.provider.count())
		}
		request := w.provider.sent[1]
		yes, no := desk.ConsentButtons(m.ID)
		if len(request.buttons) != 2 || request.buttons[0].ID != yes || request.buttons[1].ID != no {
			t.Errorf("the buttons are %+v", request.buttons)
		}
		entries := w.ledger(t, anna)
		digest := sha256.Sum256([]byte(request.text))
		if len(entries) != 1 {
			t.Fatalf("%d entries", len(entries))
		}
		asked := entries[0]
		if want := (desk.Wording{Digest: hex.EncodeToString(digest[:]), Version: papers.ConsentVersion, Language: "de"}); asked.Wording != want {
			t.Errorf("the wording is %+v and what was sent %+v", asked.Wording, want)
		}
		if asked.Step != desk.ConsentAsked || asked.Means != desk.MeansButton || asked.Asked != m.ID || asked.Identity.IsZero() || asked.Actor != ben || asked.Purpose != offers {
			t.Errorf("got %+v", asked)
		}
		if consent.Now(entries, anna.Contact, offers, w.Now()).Stands {
			t.Error("asking is taken for an answer")
		}
		if _, err := w.asks(t, anna, offers, time.Time{}); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("asked twice: %v", err)
		}
		w.agrees(t, anna, asked)
		w.answers(t)
		if got := w.provider.sent[len(w.provider.sent)-1].text; got != papers.ConsentNoted(papers.German, papers.Formal) {
			t.Errorf("whoever agreed hears %q", got)
		}
		w.refusedFor(t, "advertising after a yes", advertises(anna))
		if _, err := w.asks(t, anna, offers, time.Time{}); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("asked after a yes: %v", err)
		}
	})
}

// Nobody is asked for what needs no consent, where nothing could come of it, or after a no
// without a wish of their own; and the gate stands before this question too (§ 7(1) UWG).
func TestWhoMayNotBeAsked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Minute)
		refused := func(what string, c desk.Conversation, purpose string, wished time.Time, want desk.Code) {
			t.Helper()
			if _, err := w.asks(t, c, purpose, wished); desk.CodeOf(err) != want {
				t.Errorf("%s: %v", what, err)
			}
		}
		refused("answers only", anna, offers, time.Time{}, desk.CodeConflict)
		w.choose(t, func(p *desk.Policies) { p.Outbound = "advertising" })
		refused("no purpose", anna, "Unbekannt", time.Time{}, desk.CodeInvalid)
		refused("a purpose that rests on the contract", anna, serviceRests, time.Time{}, desk.CodeInvalid)
		refused("a wish of tomorrow", anna, offers, w.Now().Add(time.Hour), desk.CodeInvalid)
		refused("nobody", desk.Conversation{ID: desk.NewID[desk.Conversation]()}, offers, time.Time{}, desk.CodeNotFound)

		w.record(t, anna, desk.ConsentDoubted)
		refused("a doubt that nobody has read", anna, offers, time.Time{}, desk.CodeConflict)
		w.record(t, anna, desk.ConsentWithdrawn)
		refused("after a no", anna, offers, time.Time{}, desk.CodeConflict)
		refused("after a no, by a wish of before", anna, offers, w.Now().Add(-time.Hour), desk.CodeConflict)
		w.clock.Add(2 * time.Minute)
		m, err := w.asks(t, anna, offers, w.Now().Add(-time.Minute))
		must(t, err)
		entries := w.ledger(t, anna)
		if last := entries[len(entries)-1]; last.Means != desk.MeansDoubleOptIn || last.Asked != m.ID {
			t.Errorf("a wish of their own: %+v", last)
		}

		bert := w.wrote(t, "+491700000002", 25*time.Hour)
		before := len(w.ledger(t, bert))
		refused("outside the window", bert, offers, time.Time{}, desk.CodeRefused)
		must(t, w.Update(t.Context(), func(tx *store.Tx) error {
			return tx.RestrictContact(t.Context(), rows.RestrictContactParams{Contact: bert.Contact, At: tx.Stamp(), Reason: "request"})
		}))
		refused("restricted", bert, offers, time.Time{}, desk.CodeRefused)
		if len(w.ledger(t, bert)) != before {
			t.Error("the ledger says that somebody was asked who was not")
		}
	})
}

// A no that comes while the question waits in the lane overtakes it: it is not put any more
// (GDPR Art. 7(3), 21(3)).
func TestANoOvertakesTheQuestion(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.choose(t, func(p *desk.Policies) { p.Outbound = "advertising" })
		question := func(phone string, then desk.ConsentStep) desk.Message {
			c := w.wrote(t, phone, time.Minute)
			m, err := w.asks(t, c, offers, time.Time{})
			must(t, err)
			w.record(t, c, then)
			return m
		}
		overtaken := question("+491700000001", desk.ConsentWithdrawn)
		held := question("+491700000002", desk.ConsentDoubted) // holds advertising, which the question is not
		w.deliver(t, "one")
		w.stands(t, overtaken, desk.StatusFailed)
		w.stands(t, held, desk.StatusSent)
	})
}

// The question fits beside its buttons and tells what must be known, in every tone.
func TestTheQuestionFits(t *testing.T) {
	for _, lang := range []papers.Language{papers.German, papers.English} {
		for _, tone := range []papers.Tone{papers.Formal, papers.Casual} {
			r := papers.AskConsent(papers.NoticeFacts{
				Controller: desk.ControllerFacts{Name: strings.Repeat("n", 120)}, Language: lang, Tone: tone, PageURL: "https://desk.example/" + strings.Repeat("p", 60),
			}, desk.PurposeFact{Name: strings.Repeat("z", 120)}, true)
			if n := len([]rune(r.Text)); n > 1024 {
				t.Errorf("%s %s: %d characters", lang, tone, n)
			}
			if len([]rune(r.Yes)) > 20 || len([]rune(r.No)) > 20 || !strings.Contains(r.Text, "STOP") {
				t.Errorf("%s %s: %+v", lang, tone, r)
			}
		}
	}
}
