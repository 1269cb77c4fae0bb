package settings_test

import (
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/private"
)

// An expired token or a reset app secret is replaced on an Inbox that stands; what was
// not given stays, and the directory knows it at once.
func TestReplaceSecrets(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		id := w.inbox(t)
		known := w.directory(t)
		must(t, w.ReplaceSecrets(ctx, shell, id, desk.InboxSecrets{AccessToken: key("fresh")}))
		must(t, w.ReplaceSecrets(ctx, shell, id, desk.InboxSecrets{AppSecrets: []private.Key{key("new"), key("app secret")}}))
		must(t, known.Refresh(ctx))
		entry, err := known.Inbox(ctx, id)
		must(t, err)
		s := entry.Secrets
		if string(s.AccessToken.Reveal()) != "fresh" || len(s.AppSecrets) != 2 || string(s.AppSecrets[0].Reveal()) != "new" || string(s.VerifyTokens[0].Reveal()) != "verify token" {
			t.Errorf("the inbox has %d app secrets, and token and verify token are not as given", len(s.AppSecrets))
		}
		for field, given := range map[string]desk.InboxSecrets{
			"secrets":       {},
			"access_token":  {AccessToken: key("two words")},
			"app_secrets":   {AppSecrets: []private.Key{key("")}},
			"verify_tokens": {VerifyTokens: []private.Key{{}}},
		} {
			refused(t, "bad secrets", w.ReplaceSecrets(ctx, shell, id, given), desk.CodeInvalid, field)
		}
		refused(t, "an inbox that is not there", w.ReplaceSecrets(ctx, shell, desk.NewID[desk.Inbox](), desk.InboxSecrets{AccessToken: key("x")}), desk.CodeNotFound, "")
	})
}

// The facts of a Controller can follow later and change.
func TestChangeController(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		must(t, w.ChangeController(ctx, shell, w.controller, desk.ControllerFacts{Name: "Muster Neu AG", Seat: "Bonn", Land: "NW"}))
		w.inbox(t)
		if c := w.directory(t).All()[0].Controller; c.Facts.Name != "Muster Neu AG" || c.Facts.Seat != "Bonn" {
			t.Errorf("the controller is %+v", c.Facts)
		}
		refused(t, "no name", w.ChangeController(ctx, shell, w.controller, desk.ControllerFacts{Seat: "Bonn"}), desk.CodeInvalid, "name")
		refused(t, "another", w.ChangeController(ctx, shell, desk.NewID[desk.Controller](), desk.ControllerFacts{Name: "X"}), desk.CodeNotFound, "")
	})
}
