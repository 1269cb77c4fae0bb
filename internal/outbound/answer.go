package outbound

import (
	"context"
	"errors"
	"maps"
	"slices"

	"botschaft/internal/desk"
	"botschaft/internal/facts"
	"botschaft/internal/papers"
	"botschaft/internal/policy"
	"botschaft/internal/private"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// Answer gives the automatic answers that an inbound Message asks for: the Notice that a
// Contact is owed or wants to see again, the line about what it just sent, and the
// confirmation of a withdrawal, in this order. Each passes the gate like any other Message.
func (g *Gate) Answer(ctx context.Context, h *queue.Held, jobs []desk.Job) error {
	job := jobs[0]
	row, err := g.store.Read().GetMessage(ctx, job.Ref)
	if store.IsNone(err) {
		return g.drop(ctx, h, job)
	} else if err != nil {
		return err
	}
	to := store.MessageOf(row)
	a, err := g.answerTo(ctx, &to)
	if errors.Is(err, vault.ErrKeyGone) || errors.Is(err, vault.ErrUnreadable) {
		return g.drop(ctx, h, job)
	} else if err != nil {
		return err
	}
	return g.store.Update(ctx, func(tx *store.Tx) error {
		if err := g.give(ctx, tx, &to, a); err != nil {
			return err
		}
		return h.Finish(ctx, tx, job.ID)
	})
}

// answers are what an inbound Message may get.
type answers struct {
	notice       *noticing
	asked        bool // for the Notice, by the word
	line         *lining
	confirmation *desk.Message // of a withdrawal, or of a consent
}

// answerTo makes ready what may be given, sealed for the Contact.
func (g *Gate) answerTo(ctx context.Context, to *desk.Message) (a answers, err error) {
	content, err := vault.OpenOne(ctx, g.vault, vault.ReasonSend, vault.ContactOwner(to.Contact), vault.ContentPlace(to.ID), to.Content)
	if err != nil {
		return a, err
	}
	language, asked := desk.NoticeWord(content.Text.Reveal())
	if a.notice, err = g.notice(ctx, to, language); err != nil {
		return a, err
	}
	a.asked = asked
	if a.line, err = g.line(ctx, to, a.notice); err != nil {
		return a, err
	}
	entries, err := store.Ledger(ctx, g.store.Read(), to.Contact)
	purpose, ends := confirms(entries, to.ID)
	switch {
	case err != nil:
	case ends:
		a.confirmation, err = g.withdrawn(ctx, to, purpose)
	case slices.ContainsFunc(entries, func(e desk.ConsentEntry) bool {
		return e.Step == desk.ConsentGranted && e.Answer == to.ID && e.Means != desk.MeansPaper
	}):
		a.confirmation, err = g.consented(ctx, to)
	}
	return a, err
}

// confirms tells whether a Message took something back that stood until then, and for which
// Purpose; empty: all advertising. Whoever says it again hears nothing twice.
func confirms(entries []desk.ConsentEntry, by desk.MessageID) (purpose string, ends bool) {
	gone := map[string]bool{}
	for _, e := range entries {
		switch {
		case e.Step == desk.ConsentWithdrawn && e.Answer == by:
			return e.Purpose, !gone[""] && !gone[e.Purpose]
		case e.Step == desk.ConsentWithdrawn:
			gone[e.Purpose] = true
		case e.Step == desk.ConsentGranted:
			delete(gone, "")
			delete(gone, e.Purpose)
		}
	}
	return "", false
}

// withdrawn says that there will be no more advertising, and advertises nothing (GDPR
// Art. 7(3), 12(3)).
func (g *Gate) withdrawn(ctx context.Context, to *desk.Message, purpose string) (*desk.Message, error) {
	language, err := g.languageOf(ctx, to.Contact)
	if err != nil {
		return nil, err
	}
	of, err := g.purpose(ctx, to, purpose)
	if err != nil {
		return nil, err
	}
	return g.confirmation(ctx, to, papers.NoMoreAdvertising(language, of))
}

// consented says that the Consent is noted, and how it ends (GDPR Art. 7(3)).
func (g *Gate) consented(ctx context.Context, to *desk.Message) (*desk.Message, error) {
	language, err := g.wordsFor(ctx, to.Contact)
	if err != nil {
		return nil, err
	}
	register, err := store.RegisterNow(ctx, g.store.Read(), to.Controller, g.store.Now())
	if err != nil {
		return nil, err
	}
	return g.confirmation(ctx, to, papers.ConsentNoted(language, papers.Tone(register.Policies.Tone)))
}

func (g *Gate) confirmation(ctx context.Context, to *desk.Message, text string) (*desk.Message, error) {
	m := fromHouse(to, desk.OriginSystem)
	var err error
	m.Content, err = vault.Seal(ctx, g.vault, vault.ContactOwner(to.Contact), vault.ContentPlace(m.ID), desk.Content{Text: private.NewText(text)})
	return &m, err
}

// purpose is one of the register, by its name; zero without one.
func (g *Gate) purpose(ctx context.Context, to *desk.Message, name string) (desk.PurposeFact, error) {
	if name == "" {
		return desk.PurposeFact{}, nil
	}
	about := *to
	about.Permit.Purpose = name
	k, err := g.ask(ctx, g.store.Read(), g.store.Now(), &about)
	return k.Purpose, err
}

// give queues what is owed now, under lock.
func (g *Gate) give(ctx context.Context, tx *store.Tx, to *desk.Message, a answers) error {
	if err := tx.LockContact(ctx, to.Contact); err != nil {
		return err
	}
	k, err := g.ask(ctx, tx.Queries, tx.Now(), &desk.Message{
		Controller: to.Controller, Inbox: to.Inbox, Contact: to.Contact, Conversation: to.Conversation, Origin: desk.OriginNotice,
	})
	if err != nil {
		return err
	}
	conversation, err := tx.LockConversation(ctx, to.Conversation)
	if err != nil || conversation.Closed != nil {
		return err
	}
	if a.notice != nil && (a.asked || !k.Shown && !k.Pending) {
		if err := a.notice.queue(ctx, tx, conversation); err != nil {
			return err
		}
	}
	if a.line != nil && !k.Told[a.line.on] {
		if err := a.line.queue(ctx, tx, k, conversation); err != nil {
			return err
		}
	}
	if a.confirmation != nil {
		if _, err := say(ctx, tx, k, a.confirmation, conversation, nil); err != nil {
			return err
		}
	}
	return tx.SaveConversations(ctx, []desk.Conversation{*conversation})
}

// say decides upon a Message of the house behind a Notice and queues it, with what the log is
// to know of it beside; false if it is refused.
func say(ctx context.Context, tx *store.Tx, k facts.Known, m *desk.Message, conversation *desk.Conversation, also map[string]string) (bool, error) {
	d := policy.Decide(behindNotice(factsOf(tx.Now(), k, m)), draftOf(m))
	if d.Outcome != policy.OutcomePermit {
		tx.Audit(refusedEntry(system, m, k.Purpose.Name, refusalOf(d)))
		return false, nil
	}
	permit := d.Permit.Record()
	e := permittedEntry(system, m, permit)
	maps.Copy(e.Detail, also)
	tx.Audit(e)
	return true, queueMessage(ctx, tx, m, conversation, permit)
}
