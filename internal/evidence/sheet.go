package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/facts"
	"botschaft/internal/private"
	"botschaft/internal/render"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// Openings audits that something is looked at.
type Openings interface {
	Open(ctx context.Context, e desk.AuditEntry) error
}

// Sheets makes them.
type Sheets struct {
	store    *store.Store
	vault    *vault.Vault
	openings Openings
	zone     *time.Location
}

// New makes Sheets; moments are shown in zone.
func New(s *store.Store, v *vault.Vault, o Openings, zone *time.Location) *Sheets {
	return &Sheets{store: s, vault: v, openings: o, zone: zone}
}

// Sheet makes a Contact's sheet, as a page or as PDF. desk.CodeNotFound if the Contact is not
// in the Scope.
func (s *Sheets) Sheet(ctx context.Context, actor desk.Actor, scope desk.Scope, q desk.SheetQuery) ([]byte, error) {
	on, err := s.day(q.On)
	if err != nil {
		return nil, err
	}
	contact, err := s.open(ctx, actor, scope, q.Contact)
	if err != nil {
		return nil, err
	}
	f, err := s.gather(ctx, contact)
	if err != nil {
		return nil, err
	}
	if !on.IsZero() {
		if err := s.inForce(ctx, on, &f); err != nil {
			return nil, err
		}
	}
	if err := s.say(ctx, &f); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	d := document(f, q.Language, s.zone)
	d.PDF, d.Alternate = others(q)
	if q.PDF {
		err = render.PDF(&out, d)
	} else {
		err = render.HTML(&out, d)
	}
	return out.Bytes(), err
}

// others gives the way from the page to the PDF, and to the page in the other language.
func others(q desk.SheetQuery) (pdf string, alternate *render.Link) {
	at := func(form, language string) string {
		v := url.Values{"form": {form}, "language": {language}}
		if q.On != "" {
			v.Set("on", q.On)
		}
		return "?" + v.Encode()
	}
	alternate = &render.Link{Text: "English", Language: "en"}
	if q.Language != "de" {
		alternate = &render.Link{Text: "Deutsch", Language: "de"}
	}
	alternate.Href = at("html", alternate.Language)
	return at("pdf", q.Language), alternate
}

// day reads a day of the house's calendar; the zero time if none was asked for.
func (s *Sheets) day(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	on, err := time.ParseInLocation(time.DateOnly, text, s.zone)
	switch {
	case err != nil:
		return on, desk.Invalid("on", "is not a day such as 2026-11-30")
	case on.After(s.store.Now()):
		return on, desk.Invalid("on", "lies in the future") // nobody knows yet what is shown by then
	}
	return on, nil
}

// open finds a Contact within the Scope, and audits that it is looked at.
func (s *Sheets) open(ctx context.Context, actor desk.Actor, scope desk.Scope, id desk.ContactID) (rows.Contact, error) {
	contact, err := s.store.Read().GetContactWithin(ctx, rows.GetContactWithinParams{ID: id, Everything: scope.All, Agent: scope.Agent})
	if store.IsNone(err) {
		return contact, desk.NotFound("contact")
	} else if err != nil {
		return contact, err
	}
	return contact, s.openings.Open(ctx, desk.AuditEntry{
		Actor: actor, Act: desk.ActEvidenceOpened, Subject: "contact:" + id.String(), Controller: contact.Controller,
	})
}

// found is what a sheet states.
type found struct {
	facts.History
	now        time.Time
	contact    desk.ContactID
	name       private.Text
	identities []private.Text                   // masked
	of         map[desk.IdentityID]private.Text // the same, by their ids
	sales      map[desk.ConsentID]private.Text
	checkpoint rows.Checkpoint
	on         time.Time      // the day that was asked about; zero: none was
	shown      *facts.Showing // by the end of that day; nil: nothing was
	words      desk.Notice    // what it said
	said       map[desk.MessageID]desk.Content
}

func (s *Sheets) gather(ctx context.Context, c rows.Contact) (found, error) {
	q := s.store.Read()
	f := found{now: s.store.Now(), contact: c.ID}
	var err error
	if f.History, err = facts.ReadHistory(ctx, q, f.now, c.Controller, c.ID); err != nil {
		return f, err
	}
	if err := s.person(ctx, c, &f); err != nil {
		return f, err
	}
	if f.checkpoint, err = q.LastCheckpoint(ctx); store.IsNone(err) {
		err = nil
	}
	return f, err
}

// inForce finds the last Notice that the Contact had been shown by the end of a day, and its
// words (GDPR Art. 13, 5(2)). Shown is what the Provider accepted.
func (s *Sheets) inForce(ctx context.Context, day time.Time, f *found) error {
	f.on = day
	end := day.AddDate(0, 0, 1)
	for i, n := range f.Showings { // the newest first
		if !n.Accepted.IsZero() && n.Accepted.Before(end) {
			f.shown = &f.Showings[i]
			break
		}
	}
	if f.shown == nil {
		return nil
	}
	listed, err := s.store.Read().ListNotices(ctx, f.shown.Inbox)
	for _, row := range listed {
		if row.ID == f.shown.Notice {
			f.words = store.NoticeOf(row)
		}
	}
	return err
}

// person opens what the Contact is called and reached by. What cannot be opened any more is
// left out: the entries stand without it.
func (s *Sheets) person(ctx context.Context, c rows.Contact, f *found) error {
	listed, err := s.store.Read().ListIdentities(ctx, c.ID)
	if err != nil {
		return err
	}
	var profile desk.Profile
	values, opening := make([]private.Text, len(listed)), s.vault.Opening(vault.ReasonView)
	vault.Add(opening, vault.ContactOwner(c.ID), vault.ProfilePlace(c.ID), c.Profile, &profile)
	for i, id := range listed {
		vault.Add(opening, vault.ContactOwner(c.ID), vault.IdentityPlace(id.ID), id.Value, &values[i])
	}
	sales := make([]private.Text, len(f.Ledger))
	for i, e := range f.Ledger {
		if e.Customer != nil {
			vault.Add(opening, vault.ContactOwner(c.ID), vault.SalePlace(e.ID), e.Customer.Sale, &sales[i])
		}
	}
	if err := opening.Run(ctx); err != nil && !errors.Is(err, vault.ErrUnreadable) {
		return fmt.Errorf("open contact %s: %w", c.ID, err)
	}
	f.name, f.sales = profile.Name, make(map[desk.ConsentID]private.Text, len(sales))
	for i, e := range f.Ledger {
		f.sales[e.ID] = sales[i]
	}
	f.of = make(map[desk.IdentityID]private.Text, len(listed))
	for i, id := range listed {
		masked := desk.Alias{Kind: id.Kind, Value: values[i]}.Masked()
		f.identities, f.of[id.ID] = append(f.identities, masked), masked
	}
	return nil
}
