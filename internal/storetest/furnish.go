package storetest

import (
	"context"
	"encoding/json"
	"sync"
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Papers are facts with which a Controller may send: nothing is missing.
func Papers() (desk.ControllerFacts, desk.Recipient) {
	return desk.ControllerFacts{
			Name: "Muster Versicherung AG", Address: "Musterstraße 1, 50667 Köln", Seat: "Köln", Land: "NW",
			Authority: "LDI NRW", PrivacyURL: "https://muster.example/datenschutz", Alternative: "Telefon 0221 000000",
			DPO:      desk.Office{Name: "Datenschutz", Email: "datenschutz@muster.example"},
			Purposes: []desk.PurposeFact{{Name: "Vertrag und Schaden", Basis: "6(1)(b)"}, {Name: "Neues zu unseren Tarifen", Basis: "6(1)(a)"}},
		}, desk.Recipient{
			Name: "Carrier, Inc.", Address: "1 Way, Town", Country: "US", Service: desk.Bilingual{DE: "befördert Nachrichten"},
			Roles: []desk.RecipientRole{desk.RoleProcessor, desk.RoleController}, OwnUse: desk.Bilingual{DE: "zählt Nachrichten"},
			PrivacyURL: "https://carrier.example/privacy", Transfer: desk.Transfer{
				Mechanism: desk.TransferDPF, Checked: "2026-01-01", CheckedBy: "Datenschutz", Source: "https://list.example", Fallback: &desk.Transfer{
					Mechanism: desk.TransferClauses, Module: 3, Checked: "2026-01-01", CheckedBy: "Datenschutz", Source: "https://clauses.example", Assessment: "TIA 1",
				},
			}, Data: []desk.DataClass{desk.DataContent}, Carries: []desk.Channel{desk.ChannelWhatsApp},
			ReviewBy: "2030-01-01", Contract: desk.Contract{
				Subject: "carrying messages", Duration: "until notice is given", Nature: "to answer people",
				Clauses: map[string]string{"a": "1", "b": "1", "c": "1", "d": "1", "e": "1", "f": "1", "g": "1", "h": "1"},
				Terms:   []desk.Terms{{Title: "Terms", URL: "https://carrier.example", Version: "1", AcceptedBy: "Einkauf", AcceptedAt: "2026-01-01"}},
			},
		}
}

// Furnish gives a Controller a complete register, and its Inboxes a Notice in use.
func Furnish(t testing.TB, s *store.Store, controller desk.ControllerID, inboxes ...desk.InboxID) {
	t.Helper()
	facts, carrier := Papers()
	Enter(t, s, desk.RegisterEntry{Controller: controller, Kind: desk.RegisterController, Subject: desk.RegisterID(controller), Active: true}, facts)
	Enter(t, s, desk.RegisterEntry{Controller: controller, Kind: desk.RegisterRecipient, Subject: desk.NewID[desk.RegisterEntry](), Active: true}, carrier)
	for _, inbox := range inboxes {
		Activate(t, s, controller, inbox, 1, true)
	}
}

// encoders makes those of the register once, while nobody else uses them: the race detector
// takes that for a race.
var encoders = sync.OnceValue(func() error {
	for _, facts := range []any{desk.ControllerFacts{}, desk.Recipient{}, desk.Policies{}, desk.Framework{}} {
		if _, err := json.Marshal(facts); err != nil {
			return err
		}
	}
	return nil
})

// Enter writes the next version of a row of the register.
func Enter(t testing.TB, s *store.Store, e desk.RegisterEntry, facts any) {
	t.Helper()
	if err := encoders(); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(facts)
	if err != nil {
		t.Fatal(err)
	}
	e.Facts = string(text)
	update(t, s, func(tx *store.Tx) error { return tx.AddRegisterEntry(context.Background(), e) })
}

// Activate puts a version of an Inbox's Notice to use.
func Activate(t testing.TB, s *store.Store, controller desk.ControllerID, inbox desk.InboxID, version int64, material bool) {
	t.Helper()
	update(t, s, func(tx *store.Tx) error {
		return tx.AddNotices(context.Background(), desk.Notice{
			ID: desk.NewID[desk.Notice](), Controller: controller, Inbox: inbox, Version: version, Language: "de", Tone: "sie", Digest: "ab",
			Short: "Hinweis: " + desk.PageMark, Long: "[]", Material: material,
		}, desk.Notice{
			ID: desk.NewID[desk.Notice](), Controller: controller, Inbox: inbox, Version: version, Language: "en", Tone: "sie", Digest: "cd",
			Short: "Notice: " + desk.PageMark, Long: "[]", Material: material,
		})
	})
}

// Show records that a Contact was shown the Notice that an Inbox has in use.
func Show(t testing.TB, s *store.Store, contact desk.ContactID, inbox desk.InboxID) {
	t.Helper()
	ctx := context.Background()
	update(t, s, func(tx *store.Tx) error {
		notices, err := tx.ListNotices(ctx, inbox)
		if err != nil {
			return err
		}
		id := desk.NewID[desk.Message]()
		if err := tx.AddShowing(ctx, rows.AddShowingParams{
			Message: id, NoticeID: notices[0].ID, Contact: contact, Inbox: inbox, Version: notices[0].Version, At: tx.Stamp(),
		}); err != nil {
			return err
		}
		return tx.NoteShowing(ctx, rows.NoteShowingParams{Message: id, At: tx.Stamp(), Status: string(desk.StatusRead)})
	})
}

func update(t testing.TB, s *store.Store, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := s.Update(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}
