package outbound

import (
	"context"
	"errors"
	"strings"

	"botschaft/internal/desk"
	"botschaft/internal/papers"
	"botschaft/internal/policy"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// noticing is a Notice on its way to a Contact.
type noticing struct {
	gate    *Gate
	message desk.Message
	notice  desk.Notice
}

// errNoticeOwed says that the Notice must be made before this is decided again.
var errNoticeOwed = errors.New("outbound: the notice goes first")

// withNotice decides in one transaction, and once more with the Notice that goes ahead if it
// is owed: it is sealed in between, outside of both.
func (g *Gate) withNotice(ctx context.Context, m *desk.Message, decide func(tx *store.Tx, ahead *noticing) error) error {
	err := g.store.Update(ctx, func(tx *store.Tx) error { return decide(tx, nil) })
	if !errors.Is(err, errNoticeOwed) {
		return err
	}
	ahead, err := g.notice(ctx, m, "")
	if err != nil {
		return err
	}
	return g.store.Update(ctx, func(tx *store.Tx) error { return decide(tx, ahead) })
}

// notice makes the Message that carries the Notice in use, in a language or in the
// Contact's; nil if the Inbox has none in use (GDPR Art. 12(1), 13).
func (g *Gate) notice(ctx context.Context, to *desk.Message, language string) (*noticing, error) {
	k, err := g.ask(ctx, g.store.Read(), g.store.Now(), to)
	if err != nil || len(k.Notices) == 0 {
		return nil, err
	}
	if language == "" {
		if language, err = g.languageOf(ctx, to.Contact); err != nil {
			return nil, err
		}
	}
	n := noticing{gate: g, notice: k.Notices[0], message: fromHouse(to, desk.OriginNotice)}
	for _, in := range k.Notices { // German first
		if strings.HasPrefix(language, in.Language) {
			n.notice = in
		}
	}
	text := private.NewText(strings.ReplaceAll(n.notice.Short, desk.PageMark, g.pageURL(to.Inbox, n.notice.Language)))
	n.message.Content, err = vault.Seal(ctx, g.vault, vault.ContactOwner(to.Contact), vault.ContentPlace(n.message.ID), desk.Content{Text: text})
	return &n, err
}

// fromHouse makes a text of the house itself for the Contact of another Message.
func fromHouse(to *desk.Message, origin desk.Origin) desk.Message {
	return desk.Message{
		ID: desk.NewID[desk.Message](), Controller: to.Controller, Inbox: to.Inbox, Contact: to.Contact, Conversation: to.Conversation,
		Direction: desk.Out, Kind: desk.KindText, Status: desk.StatusQueued, Origin: origin,
	}
}

// pageURL is where an Inbox's Notice is read in whole.
func (g *Gate) pageURL(id desk.InboxID, language string) string {
	return g.place.PublicURL + (&desk.Inbox{ID: id}).NoticePath() + "/" + language
}

// wordsFor is the language in which the house itself speaks to a Contact: its own if that is
// one of the house's two, German if nobody noted one.
func (g *Gate) wordsFor(ctx context.Context, id desk.ContactID) (papers.Language, error) {
	noted, err := g.languageOf(ctx, id)
	if err != nil || noted == "" || strings.HasPrefix(noted, string(papers.German)) {
		return papers.German, err
	}
	return papers.English, nil
}

// languageOf is the language that a colleague noted; empty if nobody did.
func (g *Gate) languageOf(ctx context.Context, id desk.ContactID) (string, error) {
	contact, err := g.store.Read().GetContact(ctx, id)
	if err != nil || contact.Profile.IsEmpty() {
		return "", err
	}
	profile, err := vault.OpenOne(ctx, g.vault, vault.ReasonSend, vault.ContactOwner(id), vault.ProfilePlace(id), contact.Profile)
	return profile.Language.Reveal(), err
}

// queue decides upon the Notice and puts it into its lane, with the record that will prove
// that it was shown. Whoever may not be written to at all gets none either; the Message
// behind it is refused for the same reason.
//
// It stands on the Purpose that answers stand on, whatever the Message behind it is for.
func (n *noticing) queue(ctx context.Context, tx *store.Tx, conversation *desk.Conversation) error {
	m := &n.message
	k, err := n.gate.ask(ctx, tx.Queries, tx.Now(), m)
	if err != nil {
		return err
	}
	d := policy.Decide(factsOf(tx.Now(), k, m), draftOf(m))
	if d.Outcome != policy.OutcomePermit {
		tx.Audit(refusedEntry(system, m, k.Purpose.Name, refusalOf(d)))
		return nil
	}
	permit := d.Permit.Record()
	if err := queueMessage(ctx, tx, m, conversation, permit); err != nil {
		return err
	}
	tx.Audit(permittedEntry(system, m, permit))
	return tx.AddShowing(ctx, rows.AddShowingParams{
		Message: m.ID, NoticeID: n.notice.ID, Contact: m.Contact, Inbox: m.Inbox, Version: n.notice.Version, At: tx.Stamp(),
	})
}
