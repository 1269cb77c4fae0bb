package inbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"botschaft/internal/desk"
	"botschaft/internal/facts"
	"botschaft/internal/outbound"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// Limits of what is recorded about a grant.
const (
	MaxForm = 3 << 20 // bytes of a signed form
	maxSale = 500     // characters that name a contract
)

// SignedForm is a paper on which a Contact agreed.
type SignedForm struct {
	Conversation desk.ConversationID
	Purpose      string
	SignedAt     time.Time
	Version      string // of the form, as it is printed on it
	Language     string // of the form: de, en
	Form         []byte // a PDF, PNG or JPEG of the signed sheet
}

// Customer is the record of § 7(3) UWG: advertising to a customer who has not consented.
type Customer struct {
	Conversation desk.ConversationID
	Purpose      string       // that rests on a legitimate interest
	Sale         private.Text // the contract in connection with which the number was got
	SoldAt       time.Time
	Conditions   desk.CustomerGround // without Sale
}

// AskConsent asks the Contact of a Conversation whether it agrees to a Purpose.
func (b *Inbox) AskConsent(ctx context.Context, v Viewer, r outbound.ConsentRequest) (Message, error) {
	m, err := b.gate.AskConsent(ctx, v.Actor, v.Scope, r)
	if err != nil {
		return Message{}, err
	}
	views, err := b.showMessages(ctx, []desk.Message{m})
	if err != nil {
		return Message{}, err
	}
	return views[0], nil
}

// RecordForm records a Consent on paper, and keeps the sheet (GDPR Art. 7(1)).
func (b *Inbox) RecordForm(ctx context.Context, v Viewer, f SignedForm) error {
	kind, err := f.check()
	if err != nil {
		return err
	}
	c, err := b.store.ConversationWithin(ctx, v.Scope, f.Conversation)
	if err != nil {
		return err
	}
	digest := sha256.Sum256(f.Form)
	paper := hex.EncodeToString(digest[:])
	e := desk.ConsentEntry{
		ID: desk.NewID[desk.ConsentEntry](), ActedAt: f.SignedAt, Ground: desk.GroundConsent, Purpose: f.Purpose, Means: desk.MeansPaper, Paper: paper,
		Wording: desk.Wording{Digest: paper, Version: f.Version, Language: f.Language},
	}
	sealed, err := vault.Seal(ctx, b.vault, vault.ContactOwner(c.Contact), vault.FormPlace(e.ID), f.Form)
	if err != nil {
		return err
	}
	return b.grant(ctx, v, &c, e, "6(1)(a)", func(tx *store.Tx) error {
		return tx.AddPaper(ctx, rows.AddPaperParams{EntryID: e.ID, Contact: c.Contact, Type: kind, Form: sealed})
	})
}

// check gives the type of the sheet.
func (f SignedForm) check() (kind string, err error) {
	kind = http.DetectContentType(f.Form)
	switch {
	case f.SignedAt.IsZero():
		return "", desk.Invalid("signed_at", "is missing: when was the form signed?")
	case strings.TrimSpace(f.Version) == "" || !isPlain(f.Version):
		return "", desk.Invalid("version", "is missing: which version of the form was signed?")
	case f.Language != "de" && f.Language != "en":
		return "", desk.Invalid("language", "is not one of de and en")
	case len(f.Form) > MaxForm:
		return "", desk.Invalid("form", fmt.Sprintf("is larger than %d MiB", MaxForm>>20))
	case desk.PaperTypes[kind] == "":
		return "", desk.Invalid("form", "is not a PDF, PNG or JPEG")
	}
	return kind, nil
}

// RecordCustomer records the alternative to a Consent, with all its four conditions (§ 7(3)
// UWG).
func (b *Inbox) RecordCustomer(ctx context.Context, v Viewer, r Customer) error {
	sale := strings.TrimSpace(r.Sale.Reveal())
	switch {
	case sale == "" || !utf8.ValidString(sale):
		return desk.Invalid("sale", "is missing: § 7(3) no. 1 UWG")
	case utf8.RuneCountInString(sale) > maxSale:
		return desk.Invalid("sale", fmt.Sprintf("is longer than %d characters", maxSale))
	}
	c, err := b.store.ConversationWithin(ctx, v.Scope, r.Conversation)
	if err != nil {
		return err
	}
	customer := r.Conditions
	e := desk.ConsentEntry{
		ID: desk.NewID[desk.ConsentEntry](), ActedAt: r.SoldAt, Ground: desk.GroundCustomer, Purpose: r.Purpose, Means: desk.MeansAgent, Customer: &customer,
	}
	if customer.Sale, err = vault.Seal(ctx, b.vault, vault.ContactOwner(c.Contact), vault.SalePlace(e.ID), private.NewText(sale)); err != nil {
		return err
	}
	return b.grant(ctx, v, &c, e, "6(1)(f)", func(*store.Tx) error { return nil })
}

// grant writes an entry that must stand at once: complete, for a Purpose with that legal
// basis, and younger than the last no.
func (b *Inbox) grant(ctx context.Context, v Viewer, c *desk.Conversation, e desk.ConsentEntry, basis string, also func(*store.Tx) error) error {
	e.Controller, e.Contact, e.Actor, e.Step = c.Controller, c.Contact, v.Actor, desk.ConsentGranted
	return b.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.LockContact(ctx, c.Contact); err != nil {
			return err
		}
		if err := facts.Prove(ctx, tx.Queries, tx.Now(), c.ID, &e, basis); err != nil {
			return err
		}
		if _, err := tx.AddConsent(ctx, e); err != nil {
			return err
		}
		if err := also(tx); err != nil {
			return err
		}
		return emitOpen(ctx, tx, c)
	})
}

func isPlain(text string) bool { return checkPurpose(text) == nil }
