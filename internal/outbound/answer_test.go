package outbound_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/papers"
	"botschaft/internal/policy"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// writes takes in what a Contact writes, as inbound does, with the Job for automatic answers.
func (w *world) writes(t *testing.T, c desk.Conversation, words string, ledger ...desk.ConsentStep) desk.Message {
	t.Helper()
	entries := make([]desk.ConsentEntry, len(ledger))
	for i, step := range ledger {
		entries[i] = desk.ConsentEntry{Step: step, Means: desk.MeansWord}
	}
	return w.does(t, c, words, entries...)
}

// does takes in a Message that writes into the Ledger.
func (w *world) does(t *testing.T, c desk.Conversation, words string, ledger ...desk.ConsentEntry) desk.Message {
	t.Helper()
	return w.sends(t, c, desk.KindText, words, ledger...)
}

// sends takes in a Message of any kind.
func (w *world) sends(t *testing.T, c desk.Conversation, kind desk.Kind, words string, ledger ...desk.ConsentEntry) desk.Message {
	t.Helper()
	ctx := t.Context()
	m := desk.Message{
		ID: desk.NewID[desk.Message](), Controller: w.controller, Inbox: w.inbox, Contact: c.Contact, Conversation: c.ID,
		Direction: desk.In, Kind: kind, Status: desk.StatusReceived, Origin: desk.OriginContact,
		At: w.Now(), ExternalAt: w.Now(), ThreadAt: w.Now(), StatusAt: w.Now(),
	}
	var err error
	m.Content, err = vault.Seal(ctx, w.vault, vault.ContactOwner(c.Contact), vault.ContentPlace(m.ID), desk.Content{Text: text(words)})
	must(t, err)
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		now, err := tx.LockConversation(ctx, c.ID)
		if err != nil {
			return err
		}
		now.Receive(&m)
		now.OpenWindow(m.ExternalAt, m.At)
		if err := tx.AddMessages(ctx, []desk.Message{m}); err != nil {
			return err
		}
		for _, e := range ledger {
			if err := w.records(ctx, tx, c, m, e); err != nil {
				return err
			}
		}
		if err := queue.Enqueue(ctx, tx, queue.Answers(w.inbox, c.ID), desk.Job{Ordinal: m.At.UnixMilli(), Ref: m.ID}); err != nil {
			return err
		}
		return tx.SaveConversations(ctx, []desk.Conversation{*now})
	}))
	return m
}

// records writes what a Message did to the Contact's Ledger.
func (w *world) records(ctx context.Context, tx *store.Tx, c desk.Conversation, m desk.Message, e desk.ConsentEntry) error {
	if err := tx.LockContact(ctx, c.Contact); err != nil {
		return err
	}
	e.Controller, e.Contact, e.Answer, e.Actor = w.controller, c.Contact, m.ID, desk.Actor{Kind: desk.ActorSystem, Via: "inbound"}
	if e.Step == desk.ConsentGranted {
		identities, err := tx.ListIdentities(ctx, c.Contact)
		if err != nil {
			return err
		}
		e.Ground, e.Purpose, e.Identity = desk.GroundConsent, offers, identities[0].ID
		e.Means, e.Paper, e.Wording = desk.MeansPaper, "cd", desk.Wording{Digest: "ab", Version: "1", Language: "de"}
	}
	_, err := tx.AddConsent(ctx, e)
	return err
}

// offers is the Purpose of advertising in the papers.
const offers = "Neues zu unseren Tarifen"

// conversation reads a Conversation.
func (w *world) conversation(t *testing.T, c desk.Conversation) desk.Conversation {
	t.Helper()
	row, err := w.Read().GetConversation(t.Context(), rows.GetConversationParams{ID: c.ID, Everything: true})
	must(t, err)
	return store.ConversationOf(row)
}

// answers gives automatic answers and delivers them until nothing waits.
func (w *world) answers(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := queue.NewRunner(w.Store, queue.Config{
		Kind: queue.KindAnswers, Node: "one", Batch: 1, Parallel: 4, Lease: lease, Poll: 2 * time.Millisecond, Log: w.log,
	}, w.gate.Answer)
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	w.idle(t)
	cancel()
	must(t, <-ended)
}

// Who writes for the first time gets the Notice without anybody's doing, and who asks for it
// gets it again, in the language of the word (GDPR Art. 12(1), 13).
func TestTheNoticeComesByItself(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.deliver(t, "one")
		anna := w.came(t, "+491700000001", 0)
		w.writes(t, anna, "Guten Tag")
		w.answers(t)
		w.sees(t, "a new contact", w.german())
		w.writes(t, anna, "Hallo?")
		w.answers(t)
		w.sees(t, "a contact who was shown it")
		w.writes(t, anna, "DATENSCHUTZ")
		w.answers(t)
		w.sees(t, "the German word", w.german())
		w.writes(t, anna, "Privacy!")
		w.answers(t)
		w.sees(t, "the English word", w.english())
		shown := w.showings(t, anna)
		if len(shown) != 3 || shown[0].AcceptedAt.IsZero() {
			t.Fatalf("it was shown %+v", shown)
		}
		english := 0
		for _, s := range shown {
			if s.Language == "en" {
				english++
			}
		}
		if english != 1 {
			t.Errorf("%d were English", english)
		}
		w.stands(t, w.says(t, anna, "hello"), desk.StatusSent)
		w.sees(t, "a reply behind it", "hello")
	})
}

// A Contact's language is that which a colleague noted (GDPR Art. 12(1)).
func TestTheNoticeSpeaksTheContactsLanguage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.deliver(t, "one")
		anna := w.came(t, "+491700000001", 0)
		profile, err := vault.Seal(t.Context(), w.vault, vault.ContactOwner(anna.Contact), vault.ProfilePlace(anna.Contact), desk.Profile{Name: text("canary name"), Language: text("en-GB")})
		must(t, err)
		must(t, w.Update(t.Context(), func(tx *store.Tx) error {
			return tx.SetProfiles(t.Context(), []desk.Contact{{ID: anna.Contact, Controller: w.controller, Profile: profile}})
		}))
		w.writes(t, anna, "Hello")
		w.answers(t)
		w.sees(t, "who speaks English", w.english())
	})
}

// Whose data may not be processed is sent nothing, not even the Notice (GDPR Art. 18(2)).
func TestNoNoticeForTheRestricted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.deliver(t, "one")
		anna := w.came(t, "+491700000001", 0)
		must(t, w.Update(t.Context(), func(tx *store.Tx) error {
			return tx.RestrictContact(t.Context(), rows.RestrictContactParams{Contact: anna.Contact, At: tx.Stamp(), Reason: "request"})
		}))
		for _, words := range []string{"Guten Tag", "DATENSCHUTZ"} {
			w.writes(t, anna, words)
			w.answers(t)
		}
		w.writes(t, anna, "STOP", desk.ConsentWithdrawn)
		w.answers(t)
		w.sees(t, "a restricted contact")
		refused := w.audited(t, desk.ActMessageRefused)
		if len(w.showings(t, anna)) != 0 || len(refused) != 4 { // three notices and a confirmation
			t.Errorf("%d refusals, shown %+v", len(refused), w.showings(t, anna))
		}
		for _, e := range refused {
			if e.Detail["reasons"] != string(policy.CodeContactRestricted) {
				t.Errorf("refused for %s", e.Detail["reasons"])
			}
		}
	})
}

// Whoever withdraws is told so once, and may do so again after a new consent (GDPR Art. 7(3),
// 12(3)).
func TestAWithdrawalIsConfirmedOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.deliver(t, "one")
		anna := w.came(t, "+491700000001", 0)
		w.writes(t, anna, "STOP", desk.ConsentWithdrawn)
		w.answers(t)
		w.sees(t, "the first word", w.german(), papers.NoMoreAdvertising("", desk.PurposeFact{}))
		w.writes(t, anna, "Stop!!", desk.ConsentWithdrawn)
		w.answers(t)
		w.sees(t, "the same again")
		w.writes(t, anna, "Hören Sie auf", desk.ConsentDoubted)
		w.answers(t)
		w.sees(t, "a doubt")
		w.writes(t, anna, "JA", desk.ConsentGranted)
		w.writes(t, anna, "STOP", desk.ConsentWithdrawn)
		w.answers(t)
		w.sees(t, "after a new consent", papers.NoMoreAdvertising("", desk.PurposeFact{}))
	})
}

// Whoever takes back one Purpose hears of that one; taking back all that is left is confirmed
// as well, and then nothing is left to hear of (GDPR Art. 7(3), 12(3)).
func TestAWithdrawalOfOnePurposeIsConfirmedAsSuch(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.deliver(t, "one")
		anna := w.came(t, "+491700000001", 0)
		one := desk.ConsentEntry{Step: desk.ConsentWithdrawn, Means: desk.MeansButton, Purpose: offers}
		all := desk.ConsentEntry{Step: desk.ConsentWithdrawn, Means: desk.MeansButton}
		ofOne := papers.NoMoreAdvertising("", desk.PurposeFact{Name: offers})
		if !strings.Contains(ofOne, "keine Werbung mehr zu „"+offers+"“") || ofOne == papers.NoMoreAdvertising("", desk.PurposeFact{}) {
			t.Errorf("it says %q", ofOne)
		}
		w.does(t, anna, "Keine Tarife", one)
		w.answers(t)
		w.sees(t, "one purpose", w.german(), ofOne)
		w.does(t, anna, "Keine Tarife", one)
		w.answers(t)
		w.sees(t, "the same again")
		w.does(t, anna, "Keine Werbung mehr", all)
		w.answers(t)
		w.sees(t, "all that is left", papers.NoMoreAdvertising("", desk.PurposeFact{}))
		w.does(t, anna, "Keine Tarife", one)
		w.answers(t)
		w.sees(t, "one of all")
	})
}

// What the house says by itself answers nobody: who waited waits as before, and lists show
// what was said last (GDPR Art. 12(3)).
func TestAutomaticMessagesAnswerNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.deliver(t, "one")
		anna := w.came(t, "+491700000001", 0)
		m := w.writes(t, anna, "STOP", desk.ConsentWithdrawn)
		before := w.conversation(t, anna)
		w.clock.Add(time.Minute)
		w.answers(t)
		w.sees(t, "automatically", w.german(), papers.NoMoreAdvertising("", desk.PurposeFact{}))
		now := w.conversation(t, anna)
		if now.Position != before.Position+2 {
			t.Errorf("%d automatic messages have a place", now.Position-before.Position)
		}
		if now.WaitingSince.IsZero() || !now.WaitingSince.Equal(m.At) || now.LastMessage != m.ID || !now.LastAt.Equal(before.LastAt) {
			t.Errorf("it waits since %v, and the last line is %v of %v", now.WaitingSince, now.LastMessage, now.LastAt)
		}
		w.stands(t, w.says(t, anna, "hello"), desk.StatusSent)
		if now := w.conversation(t, anna); !now.WaitingSince.IsZero() {
			t.Error("a reply ends no waiting")
		}
	})
}

// A Message that nobody can read any more gets no answer, and holds nobody up.
func TestNoAnswerToTheErased(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.deliver(t, "one")
		anna := w.came(t, "+491700000001", 0)
		w.writes(t, anna, "DATENSCHUTZ")
		must(t, w.vault.Destroy(t.Context(), anna.Contact, "test"))
		w.answers(t)
		w.sees(t, "an erased contact")
	})
}
