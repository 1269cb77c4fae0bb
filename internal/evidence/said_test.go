package evidence_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
	"botschaft/internal/vault"
)

// thread is a Conversation of the world's Contact.
func (w *world) thread(t *testing.T) desk.Conversation {
	t.Helper()
	c := desk.Conversation{
		ID: desk.NewID[desk.Conversation](), Controller: w.controller, Inbox: w.inbox, Contact: w.contact, OpenedAt: w.Now(), LastAt: w.Now(), Receiving: true,
	}
	must(t, w.Update(t.Context(), func(tx *store.Tx) error { return tx.AddConversations(t.Context(), []desk.Conversation{c}) }))
	return c
}

// writes puts a Message into the thread.
func (w *world) writes(t *testing.T, c desk.Conversation, direction desk.Direction, said desk.Content) desk.MessageID {
	t.Helper()
	ctx := t.Context()
	m := desk.Message{
		ID: desk.NewID[desk.Message](), Controller: c.Controller, Inbox: c.Inbox, Contact: c.Contact, Conversation: c.ID, Direction: direction,
		Kind: desk.KindText, Status: desk.StatusReceived, Origin: desk.OriginContact, At: w.Now(), ExternalAt: w.Now(), ThreadAt: w.Now(), StatusAt: w.Now(),
	}
	var err error
	m.Content, err = vault.Seal(ctx, w.vault, vault.ContactOwner(c.Contact), vault.ContentPlace(m.ID), said)
	must(t, err)
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		locked, err := tx.LockConversation(ctx, c.ID)
		if err != nil {
			return err
		}
		locked.Receive(&m)
		if err := tx.SaveConversations(ctx, []desk.Conversation{*locked}); err != nil {
			return err
		}
		return tx.AddMessages(ctx, []desk.Message{m})
	}))
	return m.ID
}

func text(s string) desk.Content { return desk.Content{Text: private.NewText(s)} }

// A consent is proved by the question and the answer to the letter, and the question's digest is
// the one of its entry; with what words it was withdrawn, among other things that somebody wrote,
// is not opened (GDPR Art. 7(1), 5(1)(c)).
func TestSheetGivesTheWords(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		ctx, w := t.Context(), newWorld(t, url, nil)
		c := w.thread(t)
		question := text("Dürfen wir Ihnen Neues schreiben?")
		question.Buttons = []desk.Button{{ID: "yes", Title: private.NewText("Ja, gern")}}
		asked, answer := w.writes(t, c, desk.Out, question), w.writes(t, c, desk.In, text("EINVERSTANDEN"))
		stop := w.writes(t, c, desk.In, text("Ich liege im Krankenhaus, keine Werbung mehr"))
		sum := sha256.Sum256([]byte(question.Text.Reveal()))
		digest := hex.EncodeToString(sum[:])
		entry := func(step desk.ConsentStep, answer desk.MessageID) desk.ConsentEntry {
			return desk.ConsentEntry{
				ID: desk.NewID[desk.ConsentEntry](), Controller: w.controller, Contact: w.contact, Step: step, Ground: desk.GroundConsent, Purpose: "Neues zu unseren Tarifen",
				Means: desk.MeansWord, Asked: asked, Answer: answer, Actor: desk.Actor{Kind: desk.ActorSystem},
				Wording: desk.Wording{Digest: digest, Version: "1", Language: "de"},
			}
		}
		gone := entry(desk.ConsentDeclined, desk.NewID[desk.Message]()) // a Message that is no more
		must(t, w.Update(ctx, func(tx *store.Tx) error {
			for _, e := range []desk.ConsentEntry{
				entry(desk.ConsentAsked, desk.MessageID{}), entry(desk.ConsentGranted, answer), gone, entry(desk.ConsentWithdrawn, stop),
			} {
				if _, err := tx.AddConsent(ctx, e); err != nil {
					return err
				}
			}
			return nil
		}))
		page, err := w.Sheet(ctx, desk.Actor{}, desk.Scope{All: true}, desk.SheetQuery{Contact: w.contact, Language: "de"})
		must(t, err)
		for _, say := range []string{"Fragen und Antworten im Wortlaut", "Dürfen wir Ihnen Neues schreiben? [Ja, gern]", "EINVERSTANDEN", digest} {
			if !strings.Contains(string(page), say) {
				t.Errorf("the sheet does not say %q", say)
			}
		}
		if strings.Count(string(page), digest) < 2 {
			t.Error("the digest of the question is not beside its words")
		}
		if strings.Contains(string(page), "Krankenhaus") {
			t.Error("the sheet opens what proves nothing")
		}
	})
}

// Of a day, the sheet gives the Notice as it was sent, with the address of its long version
// (GDPR Art. 13, 5(2)).
func TestSheetGivesTheNoticeAsItWasSent(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		ctx, clock := t.Context(), storetest.NewClock(time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC))
		w := newWorld(t, url, clock.Now)
		sent := w.writes(t, w.thread(t), desk.Out, text("Hinweis: https://muster.example/n/ABC"))
		must(t, w.Update(ctx, func(tx *store.Tx) error {
			notices, err := tx.ListNotices(ctx, w.inbox)
			if err != nil {
				return err
			}
			if err := tx.AddShowing(ctx, rows.AddShowingParams{
				Message: sent, NoticeID: notices[0].ID, Contact: w.contact, Inbox: w.inbox, Version: 1, At: tx.Stamp(),
			}); err != nil {
				return err
			}
			return tx.NoteShowing(ctx, rows.NoteShowingParams{Message: sent, At: tx.Stamp(), Status: string(desk.StatusRead)})
		}))
		page, err := w.Sheet(ctx, desk.Actor{}, desk.Scope{All: true}, desk.SheetQuery{Contact: w.contact, Language: "en", On: "2026-11-02"})
		must(t, err)
		if !strings.Contains(string(page), ">https://muster.example/n/ABC<") {
			t.Error("the sheet does not give the address that was sent")
		}
	})
}
