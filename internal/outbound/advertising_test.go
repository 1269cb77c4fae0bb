package outbound_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"botschaft/internal/desk"
	"botschaft/internal/outbound"
	"botschaft/internal/papers"
	"botschaft/internal/policy"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
)

// advertises is a Submission of advertising.
func advertises(c desk.Conversation) outbound.Submission {
	return outbound.Submission{Conversation: c.ID, Class: string(policy.ClassAdvertising), Purpose: offers}
}

// record writes into a Contact's Ledger.
func (w *world) record(t *testing.T, c desk.Conversation, step desk.ConsentStep) {
	t.Helper()
	must(t, w.Update(t.Context(), func(tx *store.Tx) error {
		m := desk.Message{ID: desk.NewID[desk.Message]()}
		if step == desk.ConsentDoubted { // a person must read it, so it is there
			if err := w.reads(t.Context(), tx, c, &m); err != nil {
				return err
			}
		}
		return w.records(t.Context(), tx, c, m, desk.ConsentEntry{Step: step, Means: desk.MeansWord})
	}))
}

// reads takes a Message in, and nothing that follows from it.
func (w *world) reads(ctx context.Context, tx *store.Tx, c desk.Conversation, m *desk.Message) error {
	*m = desk.Message{
		ID: m.ID, Controller: w.controller, Inbox: w.inbox, Contact: c.Contact, Conversation: c.ID, Direction: desk.In, Kind: desk.KindText,
		Status: desk.StatusReceived, Origin: desk.OriginContact, At: tx.Now(), ExternalAt: tx.Now(), ThreadAt: tx.Now(), StatusAt: tx.Now(),
		Content: private.SealedBytes[desk.Content]([]byte{1}),
	}
	now, err := tx.LockConversation(ctx, c.ID)
	if err != nil {
		return err
	}
	now.Receive(m)
	if err := tx.SaveConversations(ctx, []desk.Conversation{*now}); err != nil {
		return err
	}
	return tx.AddMessages(ctx, []desk.Message{*m})
}

// Advertising goes to those who agreed, by day and where policy allows it, and to nobody else
// (§ 7(1), (2) no. 2 UWG; GDPR Art. 7, 25(2)).
func TestAdvertising(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna, bert := w.wrote(t, "+491700000001", time.Hour), w.wrote(t, "+491700000002", time.Hour)
		w.record(t, anna, desk.ConsentGranted)
		w.refusedFor(t, "policy reply_only", advertises(anna), policy.CodeAdvertisingConsentMissing)
		w.choose(t, func(p *desk.Policies) { p.Outbound = "service_templates" })
		w.refusedFor(t, "policy service_templates", advertises(anna), policy.CodeAdvertisingConsentMissing)
		w.choose(t, func(p *desk.Policies) { p.Outbound = "advertising" })
		w.refusedFor(t, "with a consent", advertises(anna))
		w.refusedFor(t, "without one", advertises(bert), policy.CodeAdvertisingConsentMissing)
		s := advertises(anna)
		s.Purpose = "Vertrag und Schaden"
		w.refusedFor(t, "for another purpose", s, policy.CodeAdvertisingConsentMissing)

		w.record(t, anna, desk.ConsentDoubted)
		w.refusedFor(t, "while a person must read first", advertises(anna), policy.CodeAdvertisingConsentMissing)
		w.record(t, anna, desk.ConsentWithdrawn)
		w.refusedFor(t, "withdrawn", advertises(anna), policy.CodeContactObjected, policy.CodeAdvertisingConsentMissing)
		w.refusedFor(t, "an answer all the same", outbound.Submission{Conversation: anna.ID})
		w.clock.Add(time.Second)
		w.record(t, anna, desk.ConsentGranted)
		w.refusedFor(t, "agreed anew", advertises(anna))
	})
}

// Whatever advertises says who writes and how it ends; nothing else does, and asking twice is
// asking once all the same (§ 7(2) no. 3, 7(3) no. 4 UWG; GDPR Art. 21(4)).
func TestAdvertisingSaysHowItEnds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		w.record(t, anna, desk.ConsentGranted)
		w.choose(t, func(p *desk.Policies) { p.Outbound = "advertising" })
		s := advertises(anna)
		s.ClientID, s.Kind, s.Text = "c-1", desk.KindText, private.NewText("Unser neuer Tarif")
		m, err := w.gate.Compose(t.Context(), ben, allScope, s)
		must(t, err)
		again, err := w.gate.Compose(t.Context(), ben, allScope, s)
		must(t, err)
		if again.ID != m.ID {
			t.Error("asked twice, it is two messages")
		}
		w.deliver(t, "one")
		w.stands(t, m, desk.StatusSent)
		if got := w.provider.sent[0].text; !strings.HasPrefix(got, "Unser neuer Tarif\n\n") || !strings.HasSuffix(got, ". Keine Werbung mehr? STOP genügt.") {
			t.Errorf("sent was %q", got)
		}
		s.ClientID, s.Text = "c-2", private.NewText(strings.Repeat("x", outbound.MaxText-papers.MaxFooter))
		if _, err := w.gate.Compose(t.Context(), ben, allScope, s); desk.CodeOf(err) != desk.CodeInvalid {
			t.Errorf("what leaves no room for it: %v", err)
		}
	})
}

// A Footer fits, whatever the Controller is called.
func TestFooterFits(t *testing.T) {
	for _, language := range []papers.Language{papers.German, papers.English} {
		footer := papers.Footer(papers.NoticeFacts{Controller: desk.ControllerFacts{Name: strings.Repeat("ß", 200)}, Language: language})
		if n := utf8.RuneCountInString(footer); n > papers.MaxFooter {
			t.Errorf("%d characters", n)
		}
	}
}

// The evening, a Sunday and a holiday are quiet (§ 7(1) UWG).
func TestQuietHours(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		w.record(t, anna, desk.ConsentGranted)
		w.choose(t, func(p *desk.Policies) { p.Outbound = "advertising" })
		berlin, err := time.LoadLocation("Europe/Berlin")
		must(t, err)
		for _, at := range []struct {
			what, time string
			quiet      bool
		}{
			{"just before eight", "2026-11-02 19:59", false},
			{"at eight in the evening", "2026-11-02 20:00", true},
			{"before eight in the morning", "2026-11-03 07:59", true},
			{"at eight in the morning", "2026-11-03 08:00", false},
			{"a Sunday", "2026-11-08 12:00", true},
			{"Christmas", "2026-12-25 12:00", true},
			{"Corpus Christi in this Land", "2027-05-27 12:00", true},
			{"a Friday", "2027-05-28 12:00", false},
		} {
			moment, err := time.ParseInLocation("2006-01-02 15:04", at.time, berlin)
			must(t, err)
			w.clock.Add(moment.Sub(w.Now()))
			w.writesAgain(t, anna)
			var want []policy.Code
			if at.quiet {
				want = []policy.Code{policy.CodeQuietHours}
			}
			w.refusedFor(t, at.what, advertises(anna), want...)
			w.refusedFor(t, "an answer "+at.what, outbound.Submission{Conversation: anna.ID})
		}
		w.choose(t, func(p *desk.Policies) { p.QuietHours = "22-8" })
		w.clock.Add(9 * time.Hour) // nine in the evening
		w.refusedFor(t, "by another policy", advertises(anna))
	})
}

// Whoever withdraws gets none of what was queued before: a thousand wait, and after the
// withdrawal is committed not one leaves (GDPR Art. 7(3), 21(3)).
func TestAWithdrawalOvertakesAThousand(t *testing.T) {
	const queued, before = 1000, 20
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		w.record(t, anna, desk.ConsentGranted)
		w.choose(t, func(p *desk.Policies) { p.Outbound = "advertising" })
		var composing sync.WaitGroup
		for part := range 4 {
			composing.Go(func() {
				for i := range queued / 4 {
					s := advertises(anna)
					s.ClientID, s.Kind, s.Text = fmt.Sprintf("%d of %d", i, part), desk.KindText, text("Neuer Tarif")
					if _, err := w.gate.Compose(t.Context(), ben, allScope, s); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		composing.Wait()
		w.provider.answers(func(n int, _ desk.Outgoing) (desk.Receipt, error) {
			if n == before-1 { // while this one is on its way
				w.record(t, anna, desk.ConsentWithdrawn)
			}
			return desk.Receipt{Wamid: text(fmt.Sprintf("wamid.%d", n))}, nil
		})
		w.deliver(t, "one")
		await(t, "the withdrawal", func() bool { return w.provider.count() >= before })
		w.soonest(t, "an empty lane", func() bool {
			depths, err := w.Read().LaneDepths(t.Context())
			must(t, err)
			return len(depths) == 0
		})
		if n := w.provider.count(); n != before {
			t.Errorf("%d left, of which %d after the withdrawal", n, n-before)
		}
		db := storetest.Beside(t, w.url)
		var refused int
		must(t, db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM message WHERE failure = $1", string(policy.CodeContactObjected)).Scan(&refused))
		if refused != queued-before {
			t.Errorf("%d were refused", refused)
		}
	})
}

// What WhatsApp does not carry because the Contact wants no advertising is a withdrawal (GDPR
// Art. 7(3), 21(3); Meta: Error codes, 131050).
func TestTheProviderKnowsAWithdrawal(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.wrote(t, "+491700000001", time.Hour)
		m := w.says(t, c, "Unsere neuen Tarife")
		w.provider.fails(&desk.SendError{Outcome: desk.SendRejected, Code: desk.NoAdvertising}, 1)
		w.deliver(t, "one")
		w.stands(t, m, desk.StatusFailed)
		entries, err := store.Ledger(t.Context(), w.Read(), c.Contact)
		must(t, err)
		if len(entries) != 1 || entries[0].Step != desk.ConsentWithdrawn || entries[0].Means != desk.MeansError || entries[0].Asked != m.ID {
			t.Errorf("the ledger has %+v", entries)
		}
	})
}
