package settings_test

import (
	"strings"
	"testing"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

func TestCreateInboxRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		type spoil func(n *settings.NewInbox)
		number := func(s string) spoil { return func(n *settings.NewInbox) { n.PhoneNumberID = s } }
		waba := func(s string) spoil { return func(n *settings.NewInbox) { n.WABA = s } }
		graph := func(s string) spoil { return func(n *settings.NewInbox) { n.GraphURL = s } }
		version := func(s string) spoil { return func(n *settings.NewInbox) { n.GraphVersion = s } }
		cases := []struct {
			field string
			spoil spoil
		}{
			{"controller", func(n *settings.NewInbox) { n.Controller = desk.NewID[desk.Controller]() }},
			{"controller", func(n *settings.NewInbox) { n.Controller = desk.ControllerID{} }},
			{"name", func(n *settings.NewInbox) { n.Name = " " }},
			{"name", func(n *settings.NewInbox) { n.Name = strings.Repeat("x", 201) }},
			{"name", func(n *settings.NewInbox) { n.Name = "a\x00b" }},
			{"phone_number_id", number("")}, {"phone_number_id", number("+49221")}, {"phone_number_id", number("12a")},
			{"phone_number_id", number("١٢٣")}, {"phone_number_id", number(strings.Repeat("1", 33))}, {"phone_number_id", number("1 2")},
			{"waba_id", waba("")}, {"waba_id", waba("x")}, {"waba_id", waba("-1")},
			{"graph_version", version("25")}, {"graph_version", version("v25")}, {"graph_version", version("v25.0/../me")}, {"graph_version", version("va.b")},
			{"graph_url", graph("graph.facebook.com")}, {"graph_url", graph("http://graph.facebook.com")}, {"graph_url", graph("ftp://x.example")},
			{"graph_url", graph("https://user:secret@graph.example")}, {"graph_url", graph("https://graph.example?a=b")},
			{"graph_url", graph("https://graph.example#f")}, {"graph_url", graph("https://")}, {"graph_url", graph("http://127.0.0.1.example")},
			{"graph_url", graph("https://graph.example/\xff")}, {"graph_url", graph("https://graph.example/\x00")},
			{"auth", func(n *settings.NewInbox) { n.Auth = "none" }},
			{"app_secrets", func(n *settings.NewInbox) { n.Secrets.AppSecrets = nil }},
			{"app_secrets", func(n *settings.NewInbox) { n.Secrets.AppSecrets = []private.Key{key("good"), key("")} }},
			{"access_token", func(n *settings.NewInbox) { n.Secrets.AccessToken = private.Key{} }},
			{"access_token", func(n *settings.NewInbox) { n.Secrets.AccessToken = key("") }},
			{"access_token", func(n *settings.NewInbox) { n.Secrets.AccessToken = key("two words") }},
			{"access_token", func(n *settings.NewInbox) { n.Secrets.AccessToken = key("EAA\r\nX: y") }},
			{"verify_tokens", func(n *settings.NewInbox) { n.Secrets.VerifyTokens = nil }},
			{"verify_tokens", func(n *settings.NewInbox) { n.Secrets.VerifyTokens = []private.Key{{}} }},
		}
		entries := w.written(t, func() {
			for _, c := range cases {
				n := w.newInbox()
				c.spoil(&n)
				_, err := w.CreateWhatsAppInbox(t.Context(), shell, n)
				refused(t, c.field+" of "+strings.ToValidUTF8(n.PhoneNumberID+" "+n.GraphURL+" "+n.GraphVersion, "?"), err, desk.CodeInvalid, c.field)
			}
		})
		if all := w.directory(t).All(); len(all) != 0 || len(entries) != 0 {
			t.Errorf("refused inboxes left %d inboxes and the entries %v", len(all), acts(entries))
		}
	})
}

func TestCreateInbox(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		n := w.newInbox()
		n.Name, n.PhoneNumberID, n.GraphURL, n.GraphVersion = " Kundendienst ", " 4711 ", "http://localhost:8080/graph/", "v26.1"
		id, err := w.CreateWhatsAppInbox(ctx, shell, n)
		must(t, err)
		plain, d360 := w.newInbox(), w.newInbox()
		d360.Auth, d360.Secrets.VerifyTokens = desk.AuthD360, nil // only Meta shakes hands
		usual, err := w.CreateWhatsAppInbox(ctx, shell, plain)
		must(t, err)
		must(t, second(w.CreateWhatsAppInbox(ctx, shell, d360)))
		d := w.directory(t)
		e, err := d.Inbox(ctx, id)
		must(t, err)
		if e.Name != "Kundendienst" || e.PhoneNumberID != "4711" || e.GraphURL != "http://localhost:8080/graph" || e.GraphVersion != "v26.1" ||
			e.Inbox.Controller != w.controller || e.Auth != desk.AuthMeta || e.Pause != nil || d.ByNumber("4711") != e {
			t.Errorf("the inbox is %+v", e.Inbox)
		}
		if e, err = d.Inbox(ctx, usual); err != nil || e.GraphURL != settings.DefaultGraphURL || e.GraphVersion != settings.DefaultGraphVersion {
			t.Errorf("the usual inbox is %+v, %v", e.Inbox, err)
		}
		other, err := w.AddController(ctx, shell, desk.ControllerFacts{Name: "Muster Lebensversicherung AG"})
		must(t, err)
		for _, controller := range []desk.ControllerID{w.controller, other} {
			again := w.newInbox()
			again.Controller, again.PhoneNumberID = controller, "4711"
			if entries := w.written(t, func() {
				refused(t, "a number twice", second(w.CreateWhatsAppInbox(ctx, shell, again)), desk.CodeConflict, "")
			}); len(entries) != 0 {
				t.Errorf("a refused inbox left the entries %v", acts(entries))
			}
		}
	})
}

// A pause counts from the moment it commits, for the gate and for whoever shows it,
// and the log says who and why.
func TestPause(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, id := t.Context(), w.inbox(t)
		ben := desk.Actor{Kind: desk.ActorAgent, Agent: w.admin, Via: auth.ViaSession}
		d, hints := w.directory(t), w.store.Woken(store.WakeDirectory)
		stands := func(when string, want bool, reason string) {
			t.Helper()
			f, err := w.store.Read().LoadFacts(ctx, rows.LoadFactsParams{Inbox: id, Contact: desk.NewID[desk.Contact]()})
			if err != nil || f.Paused != want || f.PauseReason != reason {
				t.Errorf("%s: the gate is told %+v, %v", when, f, err)
			}
			select {
			case <-hints:
			default:
				t.Errorf("%s: nobody was told", when)
			}
			must(t, d.Refresh(ctx))
			e, err := d.Inbox(ctx, id)
			must(t, err)
			if (e.Pause != nil) != want || want && (e.Pause.Reason != reason || !e.Pause.At.Equal(w.clock.Now())) {
				t.Errorf("%s: shown is %+v", when, e.Pause)
			}
			if want && e.Pause.By != w.admin.String() {
				t.Errorf("%s: by %q", when, e.Pause.By)
			}
		}
		for _, reason := range []string{"", "\t ", strings.Repeat("x", 501), "\x00"} {
			refused(t, "pause without reason", w.PauseInbox(ctx, ben, id, reason), desk.CodeInvalid, "reason")
		}
		refused(t, "resume what is not paused", w.ResumeInbox(ctx, ben, id), desk.CodeConflict, "")
		for _, err := range []error{w.PauseInbox(ctx, ben, desk.NewID[desk.Inbox](), "x"), w.ResumeInbox(ctx, ben, desk.NewID[desk.Inbox]())} {
			refused(t, "an inbox that is not there", err, desk.CodeNotFound, "")
		}
		for _, reason := range []string{"Umzug der Leitung", "noch ein Umzug"} {
			w.clock.Add(time.Hour)
			entries := w.written(t, func() {
				must(t, w.PauseInbox(ctx, ben, id, " "+reason+" "))
				stands("paused", true, reason)
				refused(t, "pause twice", w.PauseInbox(ctx, shell, id, "again"), desk.CodeConflict, "")
				must(t, w.ResumeInbox(ctx, ben, id))
				stands("resumed", false, "")
			})
			if len(entries) != 2 {
				t.Fatalf("the entries are %v", acts(entries))
			}
			for _, e := range entries {
				if e.Actor != ben || e.Subject != "inbox:"+id.String() || e.Controller != w.controller || e.Inbox != id || !e.At.Equal(w.clock.Now()) {
					t.Errorf("the entry is %+v", e)
				}
				if e.Act == desk.ActInboxPaused && e.Detail["reason"] != reason {
					t.Errorf("the log says as the reason %q", e.Detail["reason"])
				}
			}
		}
	})
}

func TestPauseRace(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.inbox(t)
		for _, step := range []struct {
			act desk.Act
			do  func() error
		}{
			{desk.ActInboxPaused, func() error { return w.PauseInbox(t.Context(), shell, id, "a test") }},
			{desk.ActInboxResumed, func() error { return w.ResumeInbox(t.Context(), shell, id) }},
		} {
			entries := w.written(t, func() {
				won, lost := winners(w.race(t, "inbox_pause", 3, func(int) error { return step.do() }))
				for _, err := range lost {
					refused(t, string(step.act)+" at the same moment", err, desk.CodeConflict, "")
				}
				if won != 1 {
					t.Errorf("%s: %d succeeded", step.act, won)
				}
			})
			if len(entries) != 1 || entries[0].Act != step.act {
				t.Errorf("%s left the entries %v", step.act, acts(entries))
			}
		}
	})
}
