package outbound

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"botschaft/internal/consent"
	"botschaft/internal/desk"
	"botschaft/internal/papers"
	"botschaft/internal/policy"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// ConsentRequest is what an Agent wants a Contact to be asked.
type ConsentRequest struct {
	Conversation desk.ConversationID
	Purpose      string    // one that rests on a consent
	Wished       time.Time // when the Contact told the wish elsewhere: it is asked to confirm; zero: it is asked in the chat
}

// asking is a ConsentRequest on its way through one transaction.
type asking struct {
	gate    *Gate
	actor   desk.Actor
	wished  time.Time
	message desk.Message
	entry   desk.ConsentEntry
	refusal *policy.Refusal
}

// AskConsent asks a Contact for a Consent, in words that the register gives and with an
// answer to tap; the Ledger keeps what was asked (GDPR Art. 7(1), 7(2)). *Refused if the gate
// says no, desk.CodeConflict if the Contact must not be asked.
func (g *Gate) AskConsent(ctx context.Context, actor desk.Actor, scope desk.Scope, r ConsentRequest) (desk.Message, error) {
	c, err := g.store.ConversationWithin(ctx, scope, r.Conversation)
	if err != nil {
		return desk.Message{}, err
	}
	a := &asking{gate: g, actor: actor, wished: r.Wished}
	if err := a.prepare(ctx, c, r.Purpose); err != nil {
		return desk.Message{}, err
	}
	if err := g.withNotice(ctx, &a.message, func(tx *store.Tx, ahead *noticing) error {
		return a.decide(ctx, tx, ahead)
	}); err != nil {
		return desk.Message{}, err
	}
	if a.refusal != nil {
		return desk.Message{}, &Refused{a.refusal}
	}
	return a.message, nil
}

// prepare words the request and seals it.
func (a *asking) prepare(ctx context.Context, c desk.Conversation, name string) error {
	g := a.gate
	if a.wished.After(g.store.Now()) {
		return desk.Invalid("wished_at", "lies in the future")
	}
	register, err := store.RegisterNow(ctx, g.store.Read(), c.Controller, g.store.Now())
	if err != nil {
		return err
	}
	purpose, ok := register.Controller.Named(name)
	switch {
	case !ok || purpose.Basis != "6(1)(a)":
		return desk.Invalid("purpose", "is no purpose of the controller that rests on a consent")
	case register.Policies.Outbound == "reply_only":
		return desk.Conflict("the policies of the controller allow answers only; a consent would be of no use")
	}
	a.message = fromHouse(&desk.Message{Controller: c.Controller, Inbox: c.Inbox, Contact: c.Contact, Conversation: c.ID}, desk.OriginSystem)
	a.message.Kind = desk.KindInteractive
	language, err := g.wordsFor(ctx, c.Contact)
	if err != nil {
		return err
	}
	text := papers.AskConsent(papers.NoticeFacts{
		Controller: register.Controller, Language: language, Tone: papers.Tone(register.Policies.Tone), PageURL: g.pageURL(c.Inbox, string(language)),
	}, purpose, !a.wished.IsZero())
	digest := sha256.Sum256([]byte(text.Text))
	a.entry = desk.ConsentEntry{
		Controller: c.Controller, Contact: c.Contact, ActedAt: a.wished, Step: desk.ConsentAsked, Ground: desk.GroundConsent, Purpose: name,
		Means: desk.MeansButton, Asked: a.message.ID, Actor: a.actor,
		Wording: desk.Wording{Digest: hex.EncodeToString(digest[:]), Version: papers.ConsentVersion, Language: string(language)},
	}
	if !a.wished.IsZero() {
		a.entry.Means = desk.MeansDoubleOptIn
	}
	yes, no := desk.ConsentButtons(a.message.ID)
	a.message.Content, err = vault.Seal(ctx, g.vault, vault.ContactOwner(c.Contact), vault.ContentPlace(a.message.ID), desk.Content{
		Text:    private.NewText(text.Text),
		Buttons: []desk.Button{{ID: yes, Title: private.NewText(text.Yes)}, {ID: no, Title: private.NewText(text.No)}},
	})
	return err
}

// decide runs within one transaction: whether the Contact may be asked, whether the gate
// lets the question out, and both entries.
func (a *asking) decide(ctx context.Context, tx *store.Tx, ahead *noticing) error {
	m := &a.message
	if err := tx.LockContact(ctx, m.Contact); err != nil {
		return err
	}
	if err := a.mayAsk(ctx, tx); err != nil {
		return err
	}
	j, err := a.gate.judge(ctx, tx, m, ahead)
	if err != nil {
		return err
	}
	if a.refusal, err = j.refuses(tx, a.actor, m); err != nil || a.refusal != nil {
		return err
	}
	return a.queue(ctx, tx, j)
}

// mayAsk looks into the Ledger for the Identity that would be asked.
func (a *asking) mayAsk(ctx context.Context, tx *store.Tx) error {
	identities, err := tx.ListIdentities(ctx, a.message.Contact)
	if err != nil {
		return err
	}
	a.entry.Identity = store.Reached(identities)
	entries, err := store.Ledger(ctx, tx.Queries, a.message.Contact)
	if err != nil {
		return err
	}
	return consent.MayAsk(entries, consent.Question{
		Contact: a.message.Contact, Identity: a.entry.Identity, Purpose: a.entry.Purpose, Moment: tx.Now(),
	}, a.wished)
}

func (a *asking) queue(ctx context.Context, tx *store.Tx, j judgement) error {
	m := &a.message
	conversation, err := tx.LockConversation(ctx, m.Conversation)
	if err != nil {
		return err
	}
	if conversation.Closed != nil {
		return errClosed
	}
	if err := j.notice(ctx, tx, conversation); err != nil {
		return err
	}
	permit := j.Permit.Record()
	if err := queueMessage(ctx, tx, m, conversation, permit); err != nil {
		return err
	}
	tx.Audit(permittedEntry(a.actor, m, permit))
	if _, err := tx.AddConsent(ctx, a.entry); err != nil {
		return err
	}
	return tx.SaveConversations(ctx, []desk.Conversation{*conversation})
}
