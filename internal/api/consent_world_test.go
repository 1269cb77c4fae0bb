package api_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
	"botschaft/internal/vault"
)

// similar is a Purpose of advertising that rests on a legitimate interest.
const similar = "Ähnliche Tarife"

// signedForm is a small PDF in base64.
const signedForm = "JVBERi0xLjcKc2lnbmVk"

// advertises gives the realm's Controller Purposes of advertising, and the policy for it.
func (w *world) advertises(t *testing.T, r *realm) {
	t.Helper()
	facts, _ := storetest.Papers()
	facts.Purposes = append(facts.Purposes, desk.PurposeFact{Name: similar, Basis: "6(1)(f)"})
	policies := desk.DefaultPolicies()
	policies.Outbound = "advertising"
	storetest.Enter(t, w.Store, desk.RegisterEntry{Controller: r.controller, Kind: desk.RegisterController, Subject: desk.RegisterID(r.controller), Active: true}, facts)
	storetest.Enter(t, w.Store, desk.RegisterEntry{Controller: r.controller, Kind: desk.RegisterPolicies, Subject: desk.RegisterID(r.controller), Active: true}, policies)
}

// asksForConsent are the operations that need a Contact who was asked for nothing yet.
func asksForConsent(op *operation) bool {
	return strings.HasPrefix(op.ID, "consent-") && op.ID != "consent-withdraw"
}

// paper keeps a signed form of the realm's Contact, as the use case does.
func (w *world) paper(t *testing.T, r *realm) desk.ConsentID {
	t.Helper()
	ctx, c, e := context.Background(), r.conversation, desk.NewID[desk.ConsentEntry]()
	form, err := vault.Seal(ctx, w.vault, vault.ContactOwner(c.Contact), vault.FormPlace(e), []byte("%PDF-1.7"))
	must(t, err)
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.AddConsent(ctx, desk.ConsentEntry{
			ID: e, Controller: c.Controller, Contact: c.Contact, Step: desk.ConsentGranted, Means: desk.MeansPaper, Actor: desk.Actor{Kind: desk.ActorAgent},
		}); err != nil {
			return err
		}
		return tx.AddPaper(ctx, rows.AddPaperParams{EntryID: e, Contact: c.Contact, Type: "application/pdf", Form: form})
	}))
	return e
}

// What an Agent records about a consent is on the card at once, and the signed form can be
// had; advertising goes out by it and is told from an answer before it is typed (GDPR Art.
// 7(1); § 7 UWG).
func TestConsentsByAPI(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.advertises(t, w.north)
		agent := w.byCookie(t, "an agent", desk.RoleAgent, w.north, w.agent(t, desk.RoleAgent, w.north))
		dpo := w.byCookie(t, "a dpo", desk.RoleDPO, w.north, w.agent(t, desk.RoleDPO, w.north))
		c := w.wrote(t, w.north)
		path, offers := "/api/v1/conversations/"+c.ID.String(), "Neues zu unseren Tarifen"
		advertising := map[string]any{"client_id": "1", "kind": "text", "text": "Neu: Hausrat", "class": "advertising", "purpose": offers}
		if a := w.ask(t, agent, question{method: "POST", path: path + "/messages", body: advertising}); a.status != 422 || !strings.Contains(a.body, "advertising_consent_missing") {
			t.Fatalf("advertising without a consent: %d %s", a.status, a.body)
		}
		preview := path + "/permit?class=advertising&purpose=Neues%20zu%20unseren%20Tarifen"
		if a := w.ask(t, agent, question{method: "GET", path: preview}); !strings.Contains(a.body, "advertising_consent_missing") {
			t.Errorf("the preview says %s", a.body)
		}
		if a := w.ask(t, agent, question{method: "POST", path: path + "/consents/paper", body: map[string]any{
			"purpose": offers, "signed_at": noon.Add(-time.Hour), "version": "F 12", "language": "de", "form": signedForm,
		}}); a.status != 204 {
			t.Fatalf("the form: %d %s", a.status, a.body)
		}
		var grounds struct {
			Consents []struct {
				Purpose string
				Stands  bool
			}
			Ledger []struct {
				ID    string
				Paper bool
			}
		}
		w.ask(t, agent, question{method: "GET", path: path + "/grounds"}).read(t, &grounds)
		if len(grounds.Ledger) != 1 || !grounds.Ledger[0].Paper || len(grounds.Consents) != 1 || !grounds.Consents[0].Stands {
			t.Fatalf("the card says %+v", grounds)
		}
		a := w.ask(t, dpo, question{method: "GET", path: "/api/v1/papers/" + grounds.Ledger[0].ID})
		if a.status != 200 || a.header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(a.body, "%PDF-") || !strings.Contains(a.header.Get("Content-Disposition"), ".pdf") {
			t.Errorf("the paper: %d %v %q", a.status, a.header, a.body)
		}
		if a := w.ask(t, agent, question{method: "GET", path: preview}); !strings.Contains(a.body, "permit") {
			t.Errorf("the preview after the form says %s", a.body)
		}
		if a := w.ask(t, agent, question{method: "POST", path: path + "/messages", body: advertising}); a.status != 201 {
			t.Errorf("advertising with a consent: %d %s", a.status, a.body)
		}
		if a := w.ask(t, agent, question{method: "POST", path: path + "/consents/requests", body: map[string]any{"purpose": offers}}); a.status != 409 {
			t.Errorf("asked for what there is: %d %s", a.status, a.body)
		}
	})
}
