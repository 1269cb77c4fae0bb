package inbox_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"botschaft/internal/consent"
	"botschaft/internal/desk"
	"botschaft/internal/inbox"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
	"botschaft/internal/vault"
)

// The Purposes of the papers that rest on a consent and on a legitimate interest.
const (
	offers  = "Neues zu unseren Tarifen"
	similar = "Ähnliche Tarife"
)

// interested adds a Purpose of advertising that rests on a legitimate interest.
func (w *world) interested(t *testing.T, r *realm) {
	t.Helper()
	facts, _ := storetest.Papers()
	facts.Purposes = append(facts.Purposes, desk.PurposeFact{Name: similar, Basis: "6(1)(f)"})
	storetest.Enter(t, w.Store, desk.RegisterEntry{Controller: r.controller, Kind: desk.RegisterController, Subject: desk.RegisterID(r.controller), Active: true}, facts)
}

// A signed form is a Consent when everything is known that it must prove, and the sheet is
// kept, readable with the Contact's key alone (GDPR Art. 7(1), 32).
func TestRecordForm(t *testing.T) {
	sheet := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("signed by Anna\n"), 20)...)
	each(t, func(t *testing.T, w *world) {
		ctx, v := t.Context(), w.north.viewer
		c := w.wrote(t, w.north, w.north.inboxes[0], "Guten Tag")
		good := inbox.SignedForm{Conversation: c.ID, Purpose: offers, SignedAt: noon.Add(-48 * time.Hour), Version: "F 12 / 2026", Language: "de", Form: sheet}
		for what, spoil := range map[string]func(f *inbox.SignedForm){
			"no date":             func(f *inbox.SignedForm) { f.SignedAt = time.Time{} },
			"a date of tomorrow":  func(f *inbox.SignedForm) { f.SignedAt = noon.Add(24 * time.Hour) },
			"no version":          func(f *inbox.SignedForm) { f.Version = " " },
			"no language":         func(f *inbox.SignedForm) { f.Language = "" },
			"no form":             func(f *inbox.SignedForm) { f.Form = nil },
			"a program":           func(f *inbox.SignedForm) { f.Form = []byte("\x7fELF and so on") },
			"too large":           func(f *inbox.SignedForm) { f.Form = append([]byte("%PDF-"), make([]byte, inbox.MaxForm)...) },
			"another basis":       func(f *inbox.SignedForm) { f.Purpose = "Vertrag und Schaden" },
			"an unknown purpose":  func(f *inbox.SignedForm) { f.Purpose = "Gewinnspiele" },
			"somebody else's":     func(f *inbox.SignedForm) { f.Conversation = w.wrote(t, w.south, w.south.inboxes[0], "Moin").ID },
			"nothing of anything": func(f *inbox.SignedForm) { *f = inbox.SignedForm{} },
		} {
			f := good
			spoil(&f)
			if err := w.RecordForm(ctx, v, f); desk.CodeOf(err) != desk.CodeInvalid && desk.CodeOf(err) != desk.CodeNotFound {
				t.Errorf("%s: %v", what, err)
			}
		}
		must(t, w.RecordForm(ctx, v, good))
		entries := w.ledger(t, c)
		if len(entries) != 1 || entries[0].Means != desk.MeansPaper || entries[0].Actor != v.Actor || !consent.Now(entries, c.Contact, offers, w.Now()).Allows() {
			t.Fatalf("got %+v", entries)
		}
		row, err := w.Read().GetPaper(ctx, entries[0].ID)
		must(t, err)
		if bytes.Contains(row.Form.Bytes(), []byte("Anna")) {
			t.Error("the form is readable at rest")
		}
		form, err := vault.OpenOne(ctx, w.vault, vault.ReasonView, vault.ContactOwner(c.Contact), vault.FormPlace(entries[0].ID), row.Form)
		if err != nil || !bytes.Equal(form, sheet) || row.Type != "application/pdf" {
			t.Errorf("kept as %s, %v", row.Type, err)
		}

		must(t, w.Withdraw(ctx, v, c.ID, ""))
		if err := w.RecordForm(ctx, v, good); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("a form of before the no: %v", err)
		}
		if got := w.ledger(t, c); len(got) != 2 {
			t.Errorf("%d entries: what does not stand was written", len(got))
		}
	})
}

// A customer may be written to about the like of what they bought when all four conditions
// are on record, and never again after a no (§ 7(3) UWG).
func TestRecordCustomer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, v := t.Context(), w.north.viewer
		w.interested(t, w.north)
		c := w.wrote(t, w.north, w.north.inboxes[0], "Guten Tag")
		good := inbox.Customer{
			Conversation: c.ID, Purpose: similar, Sale: private.NewText("Kfz-Vertrag 4711"), SoldAt: noon.Add(-400 * 24 * time.Hour),
			Conditions: desk.CustomerGround{OwnSimilar: true, NotObject: true, Told: true},
		}
		for what, spoil := range map[string]func(r *inbox.Customer){
			"no sale":       func(r *inbox.Customer) { r.Sale = private.Text{} },
			"not similar":   func(r *inbox.Customer) { r.Conditions.OwnSimilar = false },
			"who objected":  func(r *inbox.Customer) { r.Conditions.NotObject = false },
			"untold":        func(r *inbox.Customer) { r.Conditions.Told = false },
			"another basis": func(r *inbox.Customer) { r.Purpose = offers },
		} {
			r := good
			spoil(&r)
			if err := w.RecordCustomer(ctx, v, r); desk.CodeOf(err) != desk.CodeInvalid {
				t.Errorf("%s: %v", what, err)
			}
		}
		must(t, w.RecordCustomer(ctx, v, good))
		entries := w.ledger(t, c)
		if s := consent.Now(entries, c.Contact, similar, w.Now()); len(entries) != 1 || !s.Allows() || s.Ground != desk.GroundCustomer {
			t.Fatalf("got %+v", entries)
		}
		sale, err := vault.OpenOne(ctx, w.vault, vault.ReasonView, vault.ContactOwner(c.Contact), vault.SalePlace(entries[0].ID), entries[0].Customer.Sale)
		if err != nil || sale.Reveal() != "Kfz-Vertrag 4711" {
			t.Errorf("the sale is %v, %v", sale, err)
		}
		must(t, w.Withdraw(ctx, v, c.ID, similar))
		if err := w.RecordCustomer(ctx, v, good); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("a customer after a no: %v", err)
		}
	})
}

// An authority has no legitimate interest, so it has no such customers either (GDPR Art. 6(1)
// subpara. 2, § 7(3) UWG).
func TestAnAuthorityRecordsNoCustomer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.interested(t, w.north)
		public := desk.DefaultPolicies()
		public.PublicSector = "on"
		storetest.Enter(t, w.Store, desk.RegisterEntry{
			Controller: w.north.controller, Kind: desk.RegisterPolicies, Subject: desk.RegisterID(w.north.controller), Active: true,
		}, public)
		c := w.wrote(t, w.north, w.north.inboxes[0], "Guten Tag")
		err := w.RecordCustomer(t.Context(), w.north.viewer, inbox.Customer{
			Conversation: c.ID, Purpose: similar, Sale: private.NewText("Kfz-Vertrag 4711"), SoldAt: noon.Add(-400 * 24 * time.Hour),
			Conditions: desk.CustomerGround{OwnSimilar: true, NotObject: true, Told: true},
		})
		if desk.CodeOf(err) != desk.CodeInvalid || !strings.Contains(err.Error(), "an authority has none of") {
			t.Errorf("got %v", err)
		}
		if got := w.ledger(t, c); len(got) != 0 {
			t.Errorf("%d entries were written", len(got))
		}
	})
}

func (w *world) ledger(t *testing.T, c desk.Conversation) []desk.ConsentEntry {
	t.Helper()
	entries, err := store.Ledger(t.Context(), w.Read(), c.Contact)
	must(t, err)
	return entries
}

// Somebody objects to what rests on an interest or to advertising; to a contract nobody can, and
// a note of it would keep them from what it promises (GDPR Art. 21(1) and (2)).
func TestObject(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, v := t.Context(), w.north.viewer
		w.interested(t, w.north)
		c := w.wrote(t, w.north, w.north.inboxes[0], "Guten Tag")
		for _, purpose := range []string{similar, offers} {
			must(t, w.Object(ctx, v, c.ID, purpose))
		}
		for _, purpose := range []string{"Vertrag und Schaden", "Gewinnspiel"} {
			if err := w.Object(ctx, v, c.ID, purpose); desk.CodeOf(err) != desk.CodeInvalid {
				t.Errorf("%s: %v", purpose, err)
			}
		}
	})
}
