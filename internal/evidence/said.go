package evidence

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"botschaft/internal/desk"
	"botschaft/internal/render"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// restsOn are the Messages whose words prove something: each question for a consent, its answer,
// and the Notice of the day that was asked about. What else a person wrote proves nothing here
// and is not opened (GDPR Art. 5(1)(c), 7(1)).
func (f *found) restsOn() (ids []desk.MessageID) {
	for _, e := range f.Ledger {
		if !e.Asked.IsZero() && e.Step == desk.ConsentAsked {
			ids = append(ids, e.Asked)
		}
		if !e.Answer.IsZero() && (e.Step == desk.ConsentGranted || e.Step == desk.ConsentDeclined) {
			ids = append(ids, e.Answer)
		}
	}
	if f.shown != nil {
		ids = append(ids, f.shown.Message)
	}
	return ids
}

// say opens the words of the Messages that something rests on. What is gone or cannot be opened
// any more is left out: the entries stand without it.
func (s *Sheets) say(ctx context.Context, f *found) error {
	ids := f.restsOn()
	contents, opening := make([]desk.Content, len(ids)), s.vault.Opening(vault.ReasonView)
	for i, id := range ids {
		m, err := s.store.Read().GetMessage(ctx, id)
		if store.IsNone(err) {
			continue
		} else if err != nil {
			return err
		}
		if m.Contact != f.contact {
			continue // somebody else said it, as was found out
		}
		vault.Add(opening, vault.ContactOwner(m.Contact), vault.ContentPlace(m.ID), m.Content, &contents[i])
	}
	if err := opening.Run(ctx); err != nil && !errors.Is(err, vault.ErrUnreadable) {
		return fmt.Errorf("open what contact %s was asked: %w", f.contact, err)
	}
	f.said = make(map[desk.MessageID]desk.Content, len(ids))
	for i, id := range ids {
		if !contents[i].Text.IsEmpty() {
			f.said[id] = contents[i]
		}
	}
	return nil
}

// words gives the questions for a consent and their answers to the letter, as far as they were
// opened: restsOn alone says what proves something (GDPR Art. 7(1)). The digest of a question's text is the one in its entry.
func (w wording) words(f found) []render.Section {
	s := render.Section{Title: w.say("Fragen und Antworten im Wortlaut", "Questions and answers to the letter"), Table: &render.Table{
		Head: []string{w.say("Nr.", "No."), w.say("Wer", "Who"), w.say("Wortlaut", "Words"), w.say("Prüfsumme des Textes", "Digest of the text")},
	}}
	add := func(e desk.ConsentEntry, who string, id desk.MessageID) {
		said, ok := f.said[id]
		if !ok {
			return
		}
		text := []string{said.Text.Reveal()}
		for _, b := range said.Buttons {
			text = append(text, "["+b.Title.Reveal()+"]")
		}
		digest := sha256.Sum256([]byte(said.Text.Reveal()))
		s.Table.Rows = append(s.Table.Rows, []string{fmt.Sprint(e.N), who, strings.Join(text, " "), hex.EncodeToString(digest[:])})
	}
	for _, e := range f.Ledger {
		if e.Step == desk.ConsentAsked {
			add(e, w.say("wir", "we"), e.Asked)
		} else {
			add(e, w.say("die Person", "the person"), e.Answer)
		}
	}
	if len(s.Table.Rows) == 0 {
		return nil
	}
	return []render.Section{s}
}
