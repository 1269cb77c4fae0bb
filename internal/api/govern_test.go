package api_test

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"botschaft/internal/audit"
	"botschaft/internal/desk"
)

// newInbox is the body that makes an Inbox of the north, with a number of its own.
func (w *world) newInbox() map[string]any {
	return map[string]any{
		"controller": w.north.controller.String(), "name": "Postfach", "phone_number_id": "900" + w.next(), "waba_id": "2",
		"app_secrets": []string{"secret"}, "access_token": "token", "verify_tokens": []string{"word"},
	}
}

// read asks by GET and reads the answer.
func (w *world) read(t *testing.T, who asker, path string, into any) {
	t.Helper()
	a := w.ask(t, who, question{method: http.MethodGet, path: "/api/v1" + path})
	if a.status != http.StatusOK {
		t.Fatalf("%s: %d %s", path, a.status, a.body)
	}
	a.read(t, into)
}

// does asks and wants the status.
func (w *world) does(t *testing.T, who asker, method, path string, body any, status int) answer {
	t.Helper()
	a := w.ask(t, who, question{method: method, path: "/api/v1" + path, body: body})
	if a.status != status {
		t.Fatalf("%s %s: %d %s", method, path, a.status, a.body)
	}
	return a
}

// number gives audit entries their numbers, as a running node does.
func (w *world) number(t *testing.T) {
	t.Helper()
	must(t, audit.New(w.Store, w.vault, w.vault.Installation(), slog.New(slog.DiscardHandler)).Number(context.Background()))
}

// facts are a Controller's, complete.
func facts(name string) map[string]any {
	return map[string]any{
		"name": name, "address": "Musterstraße 1", "seat": "Köln", "land": "NW", "authority": "", "privacy_url": "", "alternative": "",
		"dpo": map[string]any{"name": "", "email": "datenschutz@muster.example"}, "purposes": []any{map[string]any{"name": "Schaden", "basis": "6(1)(b)"}},
	}
}

type controllerSeen struct {
	ID    string
	Facts struct {
		Seat     string
		Purposes []struct{ Name, Basis string }
	}
}

type inboxSeen struct {
	ID, Name, Controller string
	WebhookPath          string `json:"webhook_path"`
	GraphURL             string `json:"graph_url"`
	Paused               *struct{ Reason string }
	Secrets              struct {
		AppSecrets   int  `json:"app_secrets"`
		VerifyTokens int  `json:"verify_tokens"`
		AccessToken  bool `json:"access_token"`
	}
}

// An admin makes a Controller and an Inbox, changes them, and finds in the history who
// did what. Secrets go in and never come out.
func TestSettingsByTheAPI(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		admin := w.admin(t)
		var made struct {
			ID          string
			Facts       struct{ Seat string }
			WebhookPath string `json:"webhook_path"`
		}
		w.does(t, admin, "POST", "/controllers", facts("Muster Leben AG"), 201).read(t, &made)
		controller := made.ID
		if made.Facts.Seat != "Köln" {
			t.Errorf("the controller is %+v", made)
		}
		changed := facts("Muster Leben AG")
		changed["seat"] = "Bonn"
		w.does(t, admin, "PUT", "/controllers/"+controller, changed, 204)
		w.does(t, admin, "PUT", "/controllers/"+missing, changed, 404)
		var controllers struct{ Items []controllerSeen }
		w.read(t, admin, "/controllers", &controllers)
		at := slices.IndexFunc(controllers.Items, func(c controllerSeen) bool { return c.ID == controller })
		if len(controllers.Items) != 3 || at < 0 || controllers.Items[at].Facts.Seat != "Bonn" || len(controllers.Items[at].Facts.Purposes) != 1 {
			t.Errorf("the controllers are %+v", controllers.Items)
		}

		body := w.newInbox()
		body["controller"] = controller
		w.does(t, admin, "POST", "/inboxes", body, 201).read(t, &made)
		if p := w.does(t, admin, "POST", "/inboxes", body, 409).problem(t); p.Code != "conflict" {
			t.Errorf("the same number twice: %+v", p)
		}
		inbox := "/inboxes/" + made.ID
		w.does(t, admin, "PUT", inbox, map[string]any{"name": " Kundendienst "}, 204)
		w.does(t, admin, "PUT", inbox+"/secrets", map[string]any{"app_secrets": []string{"stone-1", "stone-2"}}, 204)
		w.does(t, admin, "PUT", inbox+"/pause", map[string]any{"reason": "Umzug"}, 204)
		var inboxes struct{ Items []inboxSeen }
		a := w.ask(t, admin, question{method: "GET", path: "/api/v1/inboxes"})
		a.read(t, &inboxes)
		var seen inboxSeen
		for _, in := range inboxes.Items {
			if in.ID == made.ID {
				seen = in
			}
		}
		if seen.Name != "Kundendienst" || seen.Controller != controller || seen.WebhookPath != "/hooks/whatsapp/"+made.ID || seen.WebhookPath != made.WebhookPath ||
			seen.Paused == nil || seen.Secrets.AppSecrets != 2 || seen.Secrets.VerifyTokens != 1 || !seen.Secrets.AccessToken {
			t.Errorf("the inbox is %+v", seen)
		}
		if strings.Contains(a.body, "stone-") {
			t.Error("a secret comes out again")
		}
		w.checkHistory(t, admin, made.ID)
	})
}

func (w *world) checkHistory(t *testing.T, admin asker, inbox string) {
	t.Helper()
	var history struct {
		Items []struct {
			By  struct{ Kind, ID, Name, Via string }
			Act string
		}
		Next string
	}
	var acts []string
	for path := "/history?limit=3&subject=inbox:" + inbox; ; path = "/history?limit=3&subject=inbox:" + inbox + "&cursor=" + history.Next {
		w.read(t, admin, path, &history)
		for _, r := range history.Items {
			acts = append(acts, r.Act)
			if r.By.Kind != "agent" || r.By.Name != "Agent" || r.By.ID == "" || r.By.Via != "token" {
				t.Errorf("%s is by %+v", r.Act, r.By)
			}
		}
		if history.Next == "" {
			break
		}
	}
	slices.Sort(acts)
	if want := []string{"inbox.created", "inbox.paused", "inbox.renamed", "inbox.secrets_replaced"}; !slices.Equal(acts, want) {
		t.Errorf("the history is %v, want %v", acts, want)
	}
	for _, path := range []string{"/history", "/history?subject=settings"} {
		if w.read(t, admin, path, &history); len(history.Items) < 6 {
			t.Errorf("%s has %d changes", path, len(history.Items))
		}
	}
}

// What is wrong is named by the names of the API.
func TestInboxRefusalsByTheAPI(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		admin := w.admin(t)
		for field, spoil := range map[string]func(map[string]any){
			"phone_number_id": func(b map[string]any) { b["phone_number_id"] = "+49 221" },
			"waba_id":         func(b map[string]any) { b["waba_id"] = "x" },
			"graph_url":       func(b map[string]any) { b["graph_url"] = "http://127.0.0.1:8080" },
			"graph_version":   func(b map[string]any) { b["graph_version"] = "25" },
			"verify_tokens":   func(b map[string]any) { b["verify_tokens"] = []string{} },
			"app_secrets":     func(b map[string]any) { b["app_secrets"] = []string{""} },
			"access_token":    func(b map[string]any) { b["access_token"] = "two words" },
			"controller":      func(b map[string]any) { b["controller"] = missing },
		} {
			body := w.newInbox()
			spoil(body)
			if p := w.does(t, admin, "POST", "/inboxes", body, 422).problem(t); p.Field != field {
				t.Errorf("want %s blamed: %+v", field, p)
			}
		}
		if p := w.does(t, admin, "PUT", "/inboxes/"+w.north.inbox.String()+"/secrets", map[string]any{}, 422).problem(t); p.Field != "secrets" {
			t.Errorf("no secret at all: %+v", p)
		}
	})
}

// A data-protection officer of one Controller sees its settings, its history and its
// part of the log, and nothing of the other.
func TestOversightInScope(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		admin, dpo := w.admin(t), w.byCookie(t, "dpo", desk.RoleDPO, w.north, w.agent(t, desk.RoleDPO, w.north))
		for _, r := range []*realm{w.north, w.south} {
			w.does(t, admin, "PUT", "/inboxes/"+r.inbox.String(), map[string]any{"name": "Postfach " + r.word}, 204)
			w.does(t, admin, "PUT", "/inboxes/"+r.inbox.String()+"/pause", map[string]any{"reason": "Umzug " + r.word}, 204)
		}
		sue := w.byCookie(t, "sue", desk.RoleAgent, w.south, w.agent(t, desk.RoleAgent, w.south)) // logs in
		w.does(t, admin, "PUT", "/agents/"+sue.id.String(), map[string]any{
			"name": "Sue", "role": "dpo", "controllers": []string{w.south.controller.String()}, "inboxes": []string{},
		}, 204)
		w.number(t)
		for _, path := range []string{"/controllers", "/inboxes", "/history", "/audit", "/audit?act=inbox.paused", "/health"} {
			a := w.ask(t, dpo, question{method: "GET", path: "/api/v1" + path})
			if a.status != 200 || strings.Contains(a.body, w.south.word) || strings.Contains(a.body, w.south.inbox.String()) || strings.Contains(a.body, w.south.controller.String()) ||
				strings.Contains(a.body, sue.id.String()) || strings.Contains(a.body, "Sue") {
				t.Errorf("%s: %d %s", path, a.status, a.body)
			}
			if !strings.Contains(a.body, w.north.inbox.String()) && !strings.Contains(a.body, w.north.controller.String()) {
				t.Errorf("%s says nothing of the north: %s", path, a.body)
			}
			if b := w.ask(t, admin, question{method: "GET", path: "/api/v1" + path}); path != "/controllers" && !strings.Contains(b.body, w.south.inbox.String()) {
				t.Errorf("%s hides the south from an admin: %s", path, b.body)
			}
		}
		for _, subject := range []string{"inbox:" + w.south.inbox.String(), "controller:" + w.south.controller.String(), "agent:" + sue.id.String()} {
			for _, path := range []string{"/history", "/audit"} {
				if path == "/audit" && subject == "agent:"+sue.id.String() { // whom nobody may look for alone, there or not
					w.does(t, dpo, "GET", path+"?subject="+subject, nil, 403)
					continue
				}
				var page struct{ Items []any }
				if w.read(t, dpo, path+"?subject="+subject, &page); len(page.Items) != 0 {
					t.Errorf("%s of %s: %v", path, subject, page.Items)
				}
			}
		}
	})
}

// The log is read page by page, with the names of those who acted.
func TestAuditByTheAPI(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.agent(t, desk.RoleAdmin)
		admin := w.byToken(t, "admin", desk.RoleAdmin, nil, id)
		for range 5 {
			w.does(t, admin, "PUT", "/inboxes/"+w.north.inbox.String()+"/pause", map[string]any{"reason": "Umzug"}, 204)
			w.does(t, admin, "DELETE", "/inboxes/"+w.north.inbox.String()+"/pause", nil, 204)
			w.clock.Add(time.Hour)
		}
		w.number(t)
		var page struct {
			Items []struct {
				N                 int64
				Actor             struct{ ID, Name string }
				Act, Subject      string
				Controller, Inbox *string
				Detail            map[string]string
			}
			Next string
		}
		var last int64
		found := 0
		base := "/audit?limit=2&act=inbox.paused&agent=" + id.String()
		for path := base; ; path = base + "&cursor=" + page.Next {
			w.read(t, admin, path, &page)
			for _, e := range page.Items {
				if last != 0 && e.N >= last || e.Actor.Name != "Agent" || e.Actor.ID != id.String() || e.Act != "inbox.paused" || e.Subject != "inbox:"+w.north.inbox.String() ||
					e.Controller == nil || *e.Controller != w.north.controller.String() || e.Inbox == nil || e.Detail["reason"] != "Umzug" {
					t.Errorf("behind %d: %+v", last, e)
				}
				last = e.N
				found++
			}
			if page.Next == "" {
				break
			}
		}
		if found != 5 {
			t.Errorf("%d entries are found, want 5", found)
		}
		until, from := url.QueryEscape(noon.Add(3*time.Hour).Format(time.RFC3339)), url.QueryEscape(noon.Add(time.Hour).Format(time.RFC3339))
		if w.read(t, admin, "/audit?act=inbox.resumed&from="+from+"&to="+until, &page); len(page.Items) != 2 {
			t.Errorf("of two hours: %+v", page.Items)
		}
		w.number(t)
		w.read(t, admin, "/audit?act=audit.opened", &page)
		if len(page.Items) != 1 || page.Items[0].Actor.ID != id.String() || page.Items[0].Controller != nil {
			t.Errorf("the reading is %+v", page.Items)
		}
	})
}

// How the house stands, and how a verification does.
func TestHealthByTheAPI(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		admin := w.admin(t)
		w.setAside(t, w.north)
		var health struct {
			Checks []struct {
				Name, Says string
				OK         bool
			}
			Version, Database, Node string
			StartedAt               time.Time  `json:"started_at"`
			SetAside                int        `json:"set_aside"`
			OldestDoubt             *time.Time `json:"oldest_doubt"`
			Paused                  []string
			WaitingJobs             *int `json:"waiting_jobs"`
			Events                  struct{ Last *int }
		}
		w.read(t, admin, "/health", &health)
		if len(health.Checks) != 1 || !health.Checks[0].OK || health.Version != "1" || health.Node != "one" || !health.StartedAt.Equal(noon) || health.SetAside != 1 ||
			health.OldestDoubt != nil || health.Paused == nil || health.WaitingJobs == nil || health.Events.Last == nil {
			t.Errorf("the health is %+v", health)
		}
		var v struct {
			State     string
			StartedAt *time.Time `json:"started_at"`
			Fault     any
		}
		if w.read(t, admin, "/audit/verification", &v); v.State != "never" || v.StartedAt != nil {
			t.Errorf("before the first one: %+v", v)
		}
		for range 2 { // the second one joins the first
			w.does(t, admin, "POST", "/audit/verification", nil, 202).read(t, &v)
			if v.State != "running" || v.StartedAt == nil {
				t.Errorf("asked for: %+v", v)
			}
		}
	})
}

// Whoever watches over the house reads what the gate refused, who had asked, and the reasons in
// words; nothing of the Message itself (GDPR Art. 5(2)).
func TestRefusalsAreListed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		agent := w.agentOf(t, w.north)
		w.clock.Add(desk.WindowLength)
		dpo := w.byCookie(t, "dpo", desk.RoleDPO, w.north, w.agent(t, desk.RoleDPO, w.north))
		must(t, w.settings.PauseInbox(t.Context(), shell, w.north.inbox, "Umzug nach Köln"))
		w.writes(t, agent, "c-1", "Streng geheim")
		w.number(t)
		type reason struct{ Code, Sentence, Article, Helps string }
		var page struct {
			Items []struct {
				Actor                               struct{ Kind, ID, Name string }
				Inbox, Conversation, Class, Purpose string
				Sending                             bool
				Reasons                             []reason
			}
			Next  string
			Known []reason
		}
		a := w.ask(t, dpo, question{method: "GET", path: "/api/v1/refusals?reason=window_closed", header: http.Header{"Accept-Language": {"de"}}})
		a.read(t, &page)
		if len(page.Items) != 1 || page.Next != "" || len(page.Known) < 15 {
			t.Fatalf("got %d %s", a.status, a.body)
		}
		r := page.Items[0]
		if r.Actor.Kind != "agent" || r.Actor.Name == "" || r.Inbox != w.north.inbox.String() || r.Conversation != w.north.conversation.ID.String() ||
			r.Class != "service" || r.Purpose == "" || r.Sending {
			t.Errorf("got %+v", r)
		}
		if len(r.Reasons) != 2 || r.Reasons[0].Code != "inbox_paused" || !strings.Contains(r.Reasons[1].Sentence, "Stunden") || r.Reasons[1].Helps == "" {
			t.Errorf("the reasons are %+v", r.Reasons)
		}
		if strings.Contains(a.body, "geheim") || strings.Contains(a.body, "Umzug") {
			t.Errorf("it says too much: %s", a.body)
		}
		for _, bad := range []string{"reason=because", "inbox=7", "cursor=x"} {
			w.does(t, dpo, "GET", "/refusals?"+bad, nil, http.StatusUnprocessableEntity)
		}
		w.does(t, agent, "GET", "/refusals", nil, http.StatusForbidden)
	})
}

// Every Agent of a Controller reads that it holds the Data Privacy Framework invalid and what
// follows, nobody else does, and the register says what is due (GDPR Art. 45(5), 24(1)).
func TestWhatTheRegisterAsksFor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		admin, agent, other := w.admin(t), w.agentOf(t, w.north), w.agentOf(t, w.south)
		at := "/controllers/" + w.north.controller.String()
		type held struct {
			Controller struct{ ID string }
			Policy     string
		}
		of := func(who asker) []held {
			var me struct{ Framework []held }
			w.does(t, who, "GET", "/me", nil, 200).read(t, &me)
			return me.Framework
		}
		if got := of(agent); got == nil || len(got) > 0 {
			t.Errorf("while it is valid: %+v", got)
		}
		w.does(t, admin, "PUT", at+"/framework", map[string]any{"valid": false, "reason": "Urteil"}, 204)
		if got := of(agent); len(got) != 1 || got[0].Controller.ID != w.north.controller.String() || got[0].Policy != "fallback_open" {
			t.Errorf("an agent of it reads %+v", got)
		}
		if got := of(other); len(got) != 0 {
			t.Errorf("an agent of another reads %+v", got)
		}

		type duty struct {
			Kind, Name, Until string
			Missing           []string
			Late              bool
		}
		var register struct {
			Duties     []duty
			Recipients []struct {
				ID    string
				Facts map[string]any
			}
		}
		read := func() {
			t.Helper()
			w.does(t, admin, "GET", at+"/register", nil, 200).read(t, &register)
		}
		read()
		before := len(register.Duties)
		row := register.Recipients[0]
		row.Facts["review_by"] = w.Now().AddDate(0, 0, -2).Format(time.DateOnly)
		w.does(t, admin, "PUT", "/recipients/"+row.ID, map[string]any{"active": true, "facts": row.Facts}, 204)
		read()
		tomorrow := w.Now().AddDate(0, 0, 1)
		if p := w.does(t, admin, "GET", at+"/register?at="+url.QueryEscape(tomorrow.Format(time.RFC3339)), nil, 422).problem(t); p.Field != "at" {
			t.Errorf("the register of tomorrow: %+v", p)
		}
		facts := maps.Clone(row.Facts)
		facts["for"] = "Nobody, Inc."
		if p := w.does(t, admin, "PUT", "/recipients/"+row.ID, map[string]any{"active": true, "facts": facts}, 422).problem(t); p.Field != "for" {
			t.Errorf("for nobody: %+v", p)
		}
		d := register.Duties
		if len(d) != before+1 || !slices.ContainsFunc(d, func(d duty) bool {
			return d.Kind == "review" && d.Name == row.Facts["name"] && d.Late && d.Until == row.Facts["review_by"] && d.Missing != nil
		}) {
			t.Errorf("due are %+v, before there were %d", d, before)
		}
	})
}

// Where data goes is shown to whoever watches over data protection, and to no Agent.
func TestDestinationsAreListed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var page struct {
			Items []struct {
				Host, Purpose, Company string
				Port                   int
				LastUsed               *time.Time `json:"last_used_at"`
			}
		}
		admin := w.admin(t)
		w.read(t, admin, "/destinations", &page)
		if len(page.Items) != 1 || page.Items[0].Host != "graph.example" || page.Items[0].Company != "Carrier" || page.Items[0].LastUsed != nil {
			t.Errorf("got %+v", page.Items)
		}
		w.does(t, w.agentOf(t, w.north), "GET", "/destinations", nil, http.StatusForbidden)
	})
}
