package settings_test

import (
	"fmt"
	"strings"
	"testing"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// history gives what was changed about a subject, the oldest first.
func (w *world) history(t *testing.T, subject string) (all []desk.Revision) {
	t.Helper()
	listed, err := w.store.Read().ListRevisionsOf(t.Context(), rows.ListRevisionsOfParams{
		Subject: subject, Everything: true, BeforeAt: desk.AsMillis(w.clock.Now().AddDate(1, 0, 0)), Page: 100})
	must(t, err)
	for i := range listed {
		r, err := store.RevisionOf(listed[len(listed)-1-i])
		must(t, err)
		all = append(all, r)
	}
	return all
}

// said writes a change in short.
func said(r desk.Revision) string {
	parts := []string{string(r.Act)}
	for _, c := range r.Changes {
		parts = append(parts, fmt.Sprintf("%s %q %q", c.Field, c.Before, c.After))
	}
	return strings.Join(parts, "; ")
}

// wantHistory compares with what was done, the oldest first; each thing a minute after
// the one before, so that the order is that of time.
func (w *world) wantHistory(t *testing.T, subject string, by desk.Actor, want ...string) {
	t.Helper()
	got := w.history(t, subject)
	for i, r := range got {
		if i >= len(want) || said(r) != want[i] {
			t.Errorf("change %d of %s: %s", i, subject, said(r))
		}
		if i > 0 && r.Actor != by {
			t.Errorf("change %d of %s is by %+v", i, subject, r.Actor)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s has %d changes, want %d", subject, len(got), len(want))
	}
}

// later turns the clock before something is done.
func (w *world) later(t *testing.T, err func() error) {
	t.Helper()
	w.clock.Add(1e9)
	must(t, err())
}

func TestHistoryOfAnInbox(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, ada := t.Context(), desk.Actor{Kind: desk.ActorAgent, Agent: w.admin, Via: auth.ViaSession}
		n := w.newInbox()
		n.Secrets.AccessToken = key("stone-access")
		id, err := w.CreateWhatsAppInbox(ctx, shell, n)
		must(t, err)
		w.later(t, func() error { return w.RenameInbox(ctx, ada, id, " Kundendienst ") })
		w.later(t, func() error { return w.RenameInbox(ctx, ada, id, "Kundendienst") }) // nothing differs
		w.later(t, func() error { return w.PauseInbox(ctx, ada, id, "Umzug") })
		w.later(t, func() error { return w.ResumeInbox(ctx, ada, id) })
		w.later(t, func() error {
			return w.ReplaceSecrets(ctx, ada, id, desk.InboxSecrets{
				AccessToken: key("stone-fresh"), AppSecrets: []private.Key{key("stone-app")}})
		})
		w.wantHistory(t, "inbox:"+id.String(), ada,
			fmt.Sprintf(`inbox.created; name [] ["Service"]; controller [] [%q]; channel [] ["whatsapp"]; phone_number_id [] [%q]; waba_id [] ["2"]; `+
				`graph_url [] ["https://graph.facebook.com"]; graph_version [] ["v25.0"]; auth [] ["meta_signature"]`, w.controller, n.PhoneNumberID),
			`inbox.renamed; name ["Service"] ["Kundendienst"]`, `inbox.paused; paused [] ["Umzug"]`, `inbox.resumed; paused ["Umzug"] []`,
			`inbox.secrets_replaced; access_token [] []; app_secrets [] []`)
		if strings.Contains(string(w.rows(t)), "stone-") {
			t.Error("a secret stands somewhere as it is")
		}
		for _, r := range w.history(t, "inbox:"+id.String()) {
			if r.Controller != w.controller {
				t.Errorf("%s belongs to %v", r.Act, r.Controller)
			}
		}
	})
}

func TestHistoryOfAController(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, ada := t.Context(), desk.Actor{Kind: desk.ActorAgent, Agent: w.admin, Via: auth.ViaToken}
		facts := desk.ControllerFacts{
			Name: "Muster Versicherung AG", Seat: "Köln", DPO: desk.Office{Email: "datenschutz@muster.example"},
			Purposes: []desk.PurposeFact{{Name: "Schaden", Basis: "6(1)(b)"}, {Name: "Vertrag", Basis: "6(1)(b)"}},
		}
		w.later(t, func() error { return w.ChangeController(ctx, ada, w.controller, facts) })
		facts.Seat, facts.Purposes = "Bonn", facts.Purposes[:1]
		w.later(t, func() error { return w.ChangeController(ctx, ada, w.controller, facts) })
		w.wantHistory(t, "controller:"+w.controller.String(), ada, `controller.changed; name [] ["Muster Versicherung AG"]`,
			`controller.changed; seat [] ["Köln"]; dpo.email [] ["datenschutz@muster.example"]; purposes [] ["Schaden (6(1)(b))" "Vertrag (6(1)(b))"]`,
			`controller.changed; seat ["Köln"] ["Bonn"]; purposes ["Schaden (6(1)(b))" "Vertrag (6(1)(b))"] ["Schaden (6(1)(b))"]`)
		listed, err := w.Controllers(ctx)
		if err != nil || len(listed) != 1 || listed[0].ID != w.controller || listed[0].Facts.Seat != "Bonn" || len(listed[0].Facts.Purposes) != 1 {
			t.Errorf("the controllers are %+v, %v", listed, err)
		}
		refused(t, "a controller that is not there", w.ChangeController(ctx, ada, desk.NewID[desk.Controller](), facts), desk.CodeNotFound, "")
	})
}

// What is listed of an Inbox tells how many secrets there are and none of them; where
// they were altered there are none, and the others are listed all the same.
func TestListInboxes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		n := w.newInbox()
		n.Secrets.AppSecrets = append(n.Secrets.AppSecrets, key("another"))
		first, err := w.CreateWhatsAppInbox(ctx, shell, n)
		must(t, err)
		second := w.inbox(t)
		must(t, w.PauseInbox(ctx, shell, second, "Umzug"))
		find := func(id desk.InboxID) settings.InboxFacts {
			t.Helper()
			all, err := w.Inboxes(ctx)
			must(t, err)
			if len(all) != 2 {
				t.Errorf("%d inboxes", len(all))
			}
			for _, in := range all {
				if in.ID == id {
					return in
				}
			}
			t.Fatal("an inbox is not listed")
			return settings.InboxFacts{}
		}
		if in := find(first); in.Kept != (desk.KeptSecrets{AppSecrets: 2, VerifyTokens: 1, AccessToken: true}) || in.Pause != nil || in.PhoneNumberID != n.PhoneNumberID {
			t.Errorf("the first is %+v", in)
		}
		if in := find(second); in.Pause == nil || in.Pause.Reason != "Umzug" {
			t.Errorf("the second is %+v", in)
		}
		w.execute(t, "UPDATE inbox SET secrets = (SELECT secrets FROM inbox i WHERE i.id <> inbox.id) WHERE name = 'Service' AND phone_number_id = $1", n.PhoneNumberID)
		if in := find(first); in.Kept != (desk.KeptSecrets{}) {
			t.Errorf("with altered secrets the first is %+v", in)
		}
		if in := find(second); !in.Kept.AccessToken {
			t.Errorf("beside altered ones the second is %+v", in)
		}
	})
}

func TestRenameInboxRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.inbox(t)
		entries := w.written(t, func() {
			for _, name := range []string{"", " \t", strings.Repeat("x", 201), "a\x00b", "a\x1b[2Jb"} {
				refused(t, "a name", w.RenameInbox(t.Context(), shell, id, name), desk.CodeInvalid, "name")
			}
			refused(t, "an inbox that is not there", w.RenameInbox(t.Context(), shell, desk.NewID[desk.Inbox](), "x"), desk.CodeNotFound, "")
		})
		if len(entries) != 0 {
			t.Errorf("refused names left the entries %v", acts(entries))
		}
	})
}

// Whoever has no shell on the server is not led to what listens on it alone.
func TestAgentsDoNotReachTheServer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ada := desk.Actor{Kind: desk.ActorAgent, Agent: w.admin, Via: auth.ViaSession}
		for _, url := range []string{
			"http://127.0.0.1:9", "https://localhost", "https://LOCALHOST:1", "https://127.1.2.3", "https://[::1]:1", "https://[::ffff:127.0.0.1]",
		} {
			n := w.newInbox()
			n.GraphURL = url
			refused(t, url, second(w.CreateWhatsAppInbox(t.Context(), ada, n)), desk.CodeInvalid, "graph_url")
		}
		n := w.newInbox()
		n.GraphURL = "https://waba.example"
		must(t, second(w.CreateWhatsAppInbox(t.Context(), ada, n)))
	})
}
