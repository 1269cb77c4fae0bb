package outbound_test

import (
	"slices"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/outbound"
	"botschaft/internal/papers"
	"botschaft/internal/policy"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
)

// line is what is told on an Occasion, in German.
func (w *world) line(on desk.Occasion) string { return w.lineIn(on, papers.German) }

func (w *world) lineIn(on desk.Occasion, language papers.Language) string {
	controller, _ := storetest.Papers()
	return papers.JustInTime(on, papers.NoticeFacts{Controller: controller, Language: language, Tone: papers.Formal}, w.policies)
}

// lines reads the evidence of what a Contact was told on Occasions, the newest first.
func (w *world) lines(t *testing.T, c desk.Conversation) []rows.ListShowingsRow {
	t.Helper()
	return slices.DeleteFunc(w.showings(t, c), func(s rows.ListShowingsRow) bool { return s.Occasion == "" })
}

// Whoever sends something that is not text is told what becomes of it, once for each kind of
// it, behind the Notice that is owed, with the evidence that it was told (GDPR Art. 13, 5(2)).
func TestALineIsToldOnceOnEachOccasion(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.deliver(t, "one")
		anna := w.came(t, "+491700000001", 0)
		w.sends(t, anna, desk.KindImage, "Mein Schaden")
		w.answers(t)
		w.sees(t, "a first photo", w.german(), w.line(desk.OccasionPhoto))
		for range 3 {
			w.sends(t, anna, desk.KindImage, "")
		}
		w.sends(t, anna, desk.KindVideo, "")
		w.answers(t)
		w.sees(t, "more photos and a film")
		for kind, on := range map[desk.Kind]desk.Occasion{
			desk.KindAudio: desk.OccasionVoice, desk.KindDocument: desk.OccasionDocument, desk.KindLocation: desk.OccasionLocation,
		} {
			w.sends(t, anna, kind, "")
			w.sends(t, anna, kind, "")
			w.answers(t)
			w.sees(t, string(kind), w.line(on))
		}
		for _, kind := range []desk.Kind{desk.KindSticker, desk.KindContacts, desk.KindReaction, desk.KindUnsupported, desk.KindText} {
			w.sends(t, anna, kind, "")
			w.answers(t)
			w.sees(t, string(kind))
		}
		lines, all := w.lines(t, anna), w.showings(t, anna)
		if len(lines) != 4 || len(all) != 5 {
			t.Fatalf("told are %+v", all)
		}
		for _, l := range lines {
			if l.Line != papers.LineDigest(w.line(l.Occasion)) || l.Version != 1 || l.Language != "de" || l.AcceptedAt.IsZero() || l.NoticeID != all[len(all)-1].NoticeID {
				t.Errorf("the evidence is %+v", l)
			}
			m := w.message(t, l.Message)
			if m.Origin != desk.OriginSystem || m.Status != desk.StatusSent {
				t.Errorf("the line is %+v", m)
			}
		}
		for _, s := range w.provider.sent {
			if p := s.permit.Record(); p.Purpose != "Vertrag und Schaden" || p.Class != string(policy.ClassService) {
				t.Errorf("it left by %+v", p)
			}
		}
		logged := map[string]string{}
		for _, e := range w.audited(t, desk.ActMessagePermitted) {
			logged[e.Detail["occasion"]] = e.Detail["line"]
		}
		for _, l := range lines {
			if logged[string(l.Occasion)] != l.Line {
				t.Errorf("of the %s the log has %q", l.Occasion, logged[string(l.Occasion)])
			}
		}
		first := w.message(t, lines[len(lines)-1].Message)
		if first.Position != 3 { // the photo, the Notice, the line
			t.Errorf("the first line has the place %d", first.Position)
		}
		w.clock.Add(time.Minute)
		w.status(t, first, "wamid.1", desk.StatusRead, "")
		if l := w.lines(t, anna)[3]; l.ReadAt.IsZero() || l.DeliveredAt.IsZero() {
			t.Errorf("after it was read the evidence is %+v", l)
		}
	})
}

// A line is no Notice: who was told one alone is still owed the Notice, and a line that was
// told says nothing about which Notice was shown (GDPR Art. 13).
func TestALineIsNoNotice(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.deliver(t, "one")
		anna := w.came(t, "+491700000001", 0)
		w.sends(t, anna, desk.KindImage, "")
		w.answers(t)
		w.sees(t, "at first", w.german(), w.line(desk.OccasionPhoto))
		storetest.Execute(t, w.url, "DELETE FROM showing WHERE occasion = ''")
		w.stands(t, w.says(t, anna, "hello"), desk.StatusSent)
		w.sees(t, "a reply", w.german(), "hello")
	})
}

// A line is told again when the Notice is: after a change of matter and after twelve months,
// or as policy has it (GDPR Art. 12(1), 13(3)).
func TestALineIsToldAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.deliver(t, "one")
		anna := w.came(t, "+491700000001", 0)
		photo := func(what string, want ...string) {
			t.Helper()
			w.sends(t, anna, desk.KindImage, "")
			w.answers(t)
			w.sees(t, what, want...)
		}
		line := w.line(desk.OccasionPhoto)
		photo("first", w.german(), line)
		storetest.Activate(t, w.Store, w.controller, w.inbox, 2, false)
		photo("new words of the same matter")
		storetest.Activate(t, w.Store, w.controller, w.inbox, 3, true)
		photo("another matter", w.german(), line)
		w.clock.Add(364 * 24 * time.Hour)
		photo("a day before the year ends")
		w.clock.Add(2 * 24 * time.Hour)
		photo("after twelve months", w.german(), line)
		w.choose(t, func(p *desk.Policies) { p.Media = "portal_only" })
		photo("other words of the line")
		w.choose(t, func(p *desk.Policies) { p.NoticeRepeat = "change" })
		w.clock.Add(2 * 366 * 24 * time.Hour)
		photo("years later, by policy")
	})
}

// Lines come between the Notice and the confirmation, in one go; the Contact's language and
// the Notice's are one (GDPR Art. 12(1)).
func TestTheOrderOfAnswers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.deliver(t, "one")
		anna := w.came(t, "+491700000001", 0)
		m := w.sends(t, anna, desk.KindImage, "DATENSCHUTZ", desk.ConsentEntry{Step: desk.ConsentWithdrawn, Means: desk.MeansButton})
		w.answers(t)
		w.sees(t, "all at once", w.german(), w.line(desk.OccasionPhoto), papers.NoMoreAdvertising("", desk.PurposeFact{}))
		if now := w.conversation(t, anna); now.Position != m.Position+3 || now.LastMessage != m.ID || now.WaitingSince.IsZero() {
			t.Errorf("the conversation stands at %d and waits since %v", now.Position, now.WaitingSince)
		}
		bert := w.came(t, "+491700000002", 0)
		w.sends(t, bert, desk.KindLocation, "PRIVACY")
		w.answers(t)
		w.sees(t, "in English", w.english(), w.lineIn(desk.OccasionLocation, papers.English))
	})
}

// Ten photos that come together on several lanes are one Occasion, whoever gives the answers
// (GDPR Art. 12(1)).
func TestTenPhotosAreOneOccasion(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.came(t, "+491700000001", 0)
		for range 10 {
			m := w.sends(t, anna, desk.KindImage, "")
			must(t, w.Update(t.Context(), func(tx *store.Tx) error { // the Job comes twice, on another lane
				return queue.Enqueue(t.Context(), tx, queue.Answers(w.inbox, desk.NewID[desk.Conversation]()), desk.Job{Ordinal: 1, Ref: m.ID})
			}))
		}
		w.deliver(t, "one")
		w.answers(t)
		w.sees(t, "ten photos", w.german(), w.line(desk.OccasionPhoto))
		if n := len(w.lines(t, anna)); n != 1 {
			t.Errorf("%d lines", n)
		}
	})
}

// Whose data may not be processed is told nothing, nor is anybody while the Inbox is paused,
// the Conversation closed, or without a Notice (GDPR Art. 13, 18(2)).
func TestNoLineForWhomNothingMayGo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.deliver(t, "one")
		anna := w.came(t, "+491700000001", 0)
		must(t, w.Update(t.Context(), func(tx *store.Tx) error {
			return tx.RestrictContact(t.Context(), rows.RestrictContactParams{Contact: anna.Contact, At: tx.Stamp(), Reason: "request"})
		}))
		w.sends(t, anna, desk.KindImage, "")
		w.answers(t)
		w.sees(t, "a restricted contact")
		refused := w.audited(t, desk.ActMessageRefused)
		if len(refused) != 2 || refused[1].Detail["reasons"] != string(policy.CodeContactRestricted) || len(w.showings(t, anna)) != 0 {
			t.Errorf("refused are %+v", refused)
		}
		must(t, w.Update(t.Context(), func(tx *store.Tx) error {
			_, err := tx.UnrestrictContact(t.Context(), anna.Contact)
			return err
		}))
		storetest.Execute(t, w.url, "UPDATE conversation SET closed_at = 1, receiving = FALSE")
		w.sends(t, anna, desk.KindImage, "")
		w.answers(t)
		w.sees(t, "a closed conversation")
		storetest.Execute(t, w.url, "UPDATE conversation SET closed_at = NULL, receiving = TRUE")
		storetest.Execute(t, w.url, "DELETE FROM notice")
		storetest.Execute(t, w.url, "UPDATE controller SET register = register + 1")
		w.sends(t, anna, desk.KindImage, "")
		w.answers(t)
		w.sees(t, "no notice in use")
	})
}

// A line that failed was not told, and behind a Notice that failed none leaves; the next time
// it is told (GDPR Art. 13).
func TestALineFails(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.deliver(t, "one")
		anna := w.came(t, "+491700000001", 0)
		w.provider.fails(invalid, 1)
		w.sends(t, anna, desk.KindImage, "")
		w.answers(t)
		w.idle(t)
		w.sees(t, "behind a notice that failed", w.german())
		if l := w.lines(t, anna); len(l) != 1 || !l[0].AcceptedAt.IsZero() {
			t.Errorf("told are %+v", l)
		} else if m := w.message(t, l[0].Message); m.Status != desk.StatusFailed || outbound.FailureOf(m.Failure).Helps.DE == "" {
			t.Errorf("the line is %s for %s", m.Status, m.Failure)
		}
		w.sends(t, anna, desk.KindImage, "")
		w.answers(t)
		w.sees(t, "the next photo", w.german(), w.line(desk.OccasionPhoto))
		w.provider.fails(invalid, 1)
		w.sends(t, anna, desk.KindAudio, "")
		w.answers(t)
		w.sees(t, "a line that fails", w.line(desk.OccasionVoice))
		w.sends(t, anna, desk.KindAudio, "")
		w.answers(t)
		w.sees(t, "again", w.line(desk.OccasionVoice))
	})
}

// What has a problem is not told, and nothing else is held up by it (GDPR Art. 12(1)).
func TestALineWithAProblemIsNotTold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.deliver(t, "one")
		anna := w.came(t, "+491700000001", 0)
		facts, _ := storetest.Papers()
		for range 8 {
			facts.Alternative += " oder an einem unserer vielen Schalter"
		}
		storetest.Enter(t, w.Store, desk.RegisterEntry{
			Controller: w.controller, Kind: desk.RegisterController, Subject: desk.RegisterID(w.controller), Active: true,
		}, facts)
		w.sends(t, anna, desk.KindImage, "")
		w.answers(t)
		w.sees(t, "a line that is too long", w.german())
		w.refusedFor(t, "a reply", outbound.Submission{Conversation: anna.ID})
	})
}

// Whatever the house writes itself is known to decide nothing about the Contact, and what a
// colleague writes a colleague decided: no permit lists the row as not assessed (GDPR Art.
// 22(1)).
func TestNothingAutomaticDecides(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.deliver(t, "one")
		anna := w.came(t, "+491700000001", 0)
		w.sends(t, anna, desk.KindImage, "Mein Schaden")
		w.answers(t)
		w.says(t, anna, "hello")
		entries := w.audited(t, desk.ActMessagePermitted)
		if len(entries) < 3 {
			t.Fatalf("%d permits of a notice, a line and a reply", len(entries))
		}
		for _, e := range entries {
			if got := e.Detail["not_assessed"]; got != "G8 G10 G11" {
				t.Errorf("the permit of %s does not assess %q", e.Subject, got)
			}
		}
	})
}
