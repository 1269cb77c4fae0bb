package evidence_test

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/evidence"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
	"botschaft/internal/vault"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type openings struct{ acts []desk.Act }

func (o *openings) Open(_ context.Context, e desk.AuditEntry) error {
	o.acts = append(o.acts, e.Act)
	return nil
}

// world is a house with one Contact.
type world struct {
	*store.Store
	*evidence.Sheets
	vault      *vault.Vault
	openings   openings
	controller desk.ControllerID
	inbox      desk.InboxID
	contact    desk.ContactID
}

func newWorld(t *testing.T, url string, clock func() time.Time) *world {
	t.Helper()
	ctx := t.Context()
	w := &world{Store: storetest.Open(t, url, clock), controller: desk.NewID[desk.Controller](), inbox: desk.NewID[desk.Inbox](), contact: desk.NewID[desk.Contact]()}
	v, err := vault.Open(ctx, vault.Config{
		URL: "sqlite:" + filepath.Join(t.TempDir(), "vault.db"), RootKey: private.NewKey([]byte(strings.Repeat("k", 32))), Clock: w.Now,
	})
	must(t, err)
	t.Cleanup(func() { _ = v.Close() })
	must(t, v.AddController(ctx, w.controller))
	must(t, v.AddContacts(ctx, []vault.NewContact{{Controller: w.controller, Contact: w.contact}}))
	profile, err := vault.Seal(ctx, v, vault.ContactOwner(w.contact), vault.ProfilePlace(w.contact), desk.Profile{Name: private.NewText("Anna <b>K.</b>")})
	must(t, err)
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddController(ctx, rows.AddControllerParams{ID: w.controller, Name: "Muster", Facts: "{}", CreatedAt: tx.Stamp()}); err != nil {
			return err
		}
		if err := tx.AddInbox(ctx, rows.AddInboxParams{ID: w.inbox, Controller: w.controller, Channel: desk.ChannelWhatsApp, Secrets: private.SealedBytes[desk.InboxSecrets]([]byte{1}), CreatedAt: tx.Stamp()}); err != nil {
			return err
		}
		return tx.AddContacts(ctx, []desk.Contact{{ID: w.contact, Controller: w.controller, Profile: profile, CreatedAt: tx.Now()}})
	}))
	storetest.Furnish(t, w.Store, w.controller, w.inbox)
	w.vault, w.Sheets = v, evidence.New(w.Store, v, &w.openings, time.UTC)
	return w
}

// Of an existing customer the sheet names the sale in which the number was got, and which number
// it was: without either nobody could prove the exception (§ 7(3) no. 1 UWG; GDPR Art. 7(1)).
func TestSheetNamesTheSale(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		ctx, w := t.Context(), newWorld(t, url, nil)
		e := desk.ConsentEntry{
			ID: desk.NewID[desk.ConsentEntry](), Controller: w.controller, Contact: w.contact, Step: desk.ConsentGranted, Ground: desk.GroundCustomer,
			Identity: desk.NewID[desk.Identity](), Purpose: "Neues zu unseren Tarifen", Means: desk.MeansAgent, Actor: desk.Actor{Kind: desk.ActorSystem},
			Customer: &desk.CustomerGround{OwnSimilar: true, NotObject: true, Told: true},
		}
		var err error
		e.Customer.Sale, err = vault.Seal(ctx, w.vault, vault.ContactOwner(w.contact), vault.SalePlace(e.ID), private.NewText("Hausratversicherung HR-4711"))
		must(t, err)
		number, err := vault.Seal(ctx, w.vault, vault.ContactOwner(w.contact), vault.IdentityPlace(e.Identity), private.NewText("+491701234567"))
		must(t, err)
		must(t, w.Update(ctx, func(tx *store.Tx) error {
			if err := tx.AddIdentities(ctx, []desk.Identity{{
				ID: e.Identity, Controller: w.controller, Contact: w.contact, Kind: desk.IdentityPhone, Digest: []byte("digest"), Value: number, ValidFrom: tx.Now(),
			}}); err != nil {
				return err
			}
			_, err := tx.AddConsent(ctx, e)
			return err
		}))
		page, err := w.Sheet(ctx, desk.Actor{}, desk.Scope{All: true}, desk.SheetQuery{Contact: w.contact, Language: "de"})
		must(t, err)
		if !strings.Contains(string(page), "Bestandskunde (§ 7 Abs. 3 UWG), Verkauf: Hausratversicherung HR-4711, für &#43;49 ••• 67") {
			t.Errorf("the sale is not named: %s", page)
		}
	})
}

// The sheet states what the Ledger and the Showings hold, in both languages and forms; it is
// audited, and nobody outside the Scope gets one (GDPR Art. 5(2), 7(1), 13).
func TestSheet(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		ctx, w := t.Context(), newWorld(t, url, nil)
		storetest.Show(t, w.Store, w.contact, w.inbox)
		line := strings.Repeat("1f", 32)
		must(t, w.Update(ctx, func(tx *store.Tx) error {
			notices, err := tx.ListNotices(ctx, w.inbox)
			if err != nil {
				return err
			}
			return tx.AddShowing(ctx, rows.AddShowingParams{
				Message: desk.NewID[desk.Message](), NoticeID: notices[0].ID, Contact: w.contact, Inbox: w.inbox, Version: 1, At: tx.Stamp(),
				Occasion: desk.OccasionLocation, Line: line,
			})
		}))
		var entry desk.ConsentEntry
		must(t, w.Update(ctx, func(tx *store.Tx) (err error) {
			entry, err = tx.AddConsent(ctx, desk.ConsentEntry{
				Controller: w.controller, Contact: w.contact, Step: desk.ConsentWithdrawn, Means: desk.MeansWord, Answer: desk.NewID[desk.Message](), Actor: desk.Actor{Kind: desk.ActorSystem},
			})
			return err
		}))
		all := desk.Scope{All: true}
		for language, words := range map[string][]string{
			"de": {`lang="de"`, "Nachweis", "widerrufen am", "alle Werbung", "Neues zu unseren Tarifen", "Standort (de)", `href="?form=pdf&amp;language=de"`, `href="?form=html&amp;language=en"`},
			"en": {`lang="en"`, "Evidence", "withdrawn on", "all advertising", "location (de)"},
		} {
			page, err := w.Sheet(ctx, desk.Actor{}, all, desk.SheetQuery{Contact: w.contact, Language: language})
			must(t, err)
			for _, say := range append(words, w.contact.String(), "Anna &lt;b&gt;K.", entry.Digest(), entry.Answer.String(), line) {
				if !strings.Contains(string(page), say) {
					t.Errorf("%s: the page does not say %q", language, say)
				}
			}
			if n := strings.Count(string(page), "1 (de)"); n != 1 {
				t.Errorf("%s: the line makes %d notices", language, n)
			}
			pdf, err := w.Sheet(ctx, desk.Actor{}, all, desk.SheetQuery{Contact: w.contact, Language: language, PDF: true})
			must(t, err)
			if !bytes.HasPrefix(pdf, []byte("%PDF-")) {
				t.Errorf("%s: this is no PDF", language)
			}
		}
		if acts := w.openings.acts; len(acts) != 4 || acts[0] != desk.ActEvidenceOpened {
			t.Errorf("audited are %v", acts)
		}
		if _, err := w.Sheet(ctx, desk.Actor{}, desk.Scope{Agent: desk.NewID[desk.Agent]()}, desk.SheetQuery{Contact: w.contact, Language: "de"}); desk.CodeOf(err) != desk.CodeNotFound {
			t.Errorf("outside the scope: %v", err)
		}
	})
}

// Which Notice somebody had been shown by the end of a day, and what it said, is one question
// (GDPR Art. 5(2), 13). What the Provider never accepted was not shown.
func TestTheNoticeOfADay(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		ctx, clock := t.Context(), storetest.NewClock(time.Date(2026, 11, 2, 23, 59, 0, 0, time.UTC))
		w := newWorld(t, url, clock.Now)
		storetest.Show(t, w.Store, w.contact, w.inbox)
		clock.Add(30 * 24 * time.Hour)
		second := desk.Notice{
			ID: desk.NewID[desk.Notice](), Controller: w.controller, Inbox: w.inbox, Version: 2, Language: "en", Tone: "sie", Digest: "ef02",
			Short: "Second: " + desk.PageMark, Long: `[{"Item":"13(1)(a)","Title":"Who we are","Text":["Muster & Co."]}]`,
		}
		must(t, w.Update(ctx, func(tx *store.Tx) error { return tx.AddNotices(ctx, second) }))
		storetest.Show(t, w.Store, w.contact, w.inbox)
		clock.Add(24 * time.Hour)
		must(t, w.Update(ctx, func(tx *store.Tx) error {
			return tx.AddShowing(ctx, rows.AddShowingParams{Message: desk.NewID[desk.Message](), NoticeID: second.ID, Contact: w.contact, Inbox: w.inbox, Version: 3, At: tx.Stamp()})
		}))
		for on, want := range map[string][]string{
			"2026-11-01": {"Privacy notice on 1 Nov 2026", "had been shown no notice"},
			"2026-11-02": {"Privacy notice on 2 Nov 2026", "1 (de)", "Hinweis: [address of the long version]"},
			"2026-12-01": {"1 (de)", "Hinweis: "},
			"2026-12-02": {"2 (en)", "Second: ", "Who we are", "Muster &amp; Co.", "ef02"},
			"2026-12-03": {"Privacy notice on 3 Dec 2026", "2 (en)", "Second: "},
		} {
			page, err := w.Sheet(ctx, desk.Actor{}, desk.Scope{All: true}, desk.SheetQuery{Contact: w.contact, Language: "en", On: on})
			must(t, err)
			_, after, _ := strings.Cut(string(page), `id="day"`) // behind the contents
			of, _, _ := strings.Cut(after, "As of ")
			for _, say := range want {
				if !strings.Contains(of, say) {
					t.Errorf("on %s the sheet does not say %q:\n%s", on, say, of)
				}
			}
		}
		for _, bad := range []string{"2026-13-01", "yesterday", "2026-12-05"} {
			if _, err := w.Sheet(ctx, desk.Actor{}, desk.Scope{All: true}, desk.SheetQuery{Contact: w.contact, On: bad}); desk.CodeOf(err) != desk.CodeInvalid {
				t.Errorf("on %q: %v", bad, err)
			}
		}
	})
}
