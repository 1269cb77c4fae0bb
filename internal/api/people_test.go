package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
)

// byPassword logs in with a browser and gives the asker.
func (w *world) byPassword(t *testing.T, email, secret, browser string) asker {
	t.Helper()
	a := w.ask(t, asker{}, question{
		method: "POST", path: "/api/v1/session", body: map[string]any{"email": email, "password": secret}, header: http.Header{"User-Agent": {browser}},
	})
	if a.status != http.StatusNoContent {
		t.Fatalf("%s cannot log in: %d %s", email, a.status, a.body)
	}
	return asker{name: email, cookie: private.NewText(cookieOf(t, a).Value)}
}

const (
	firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:135.0) Gecko/20100101 Firefox/135.0"
	safari  = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15"
)

// member is an Agent as the list shows it.
type member struct {
	ID, Name, Email, Role, State string
	Controllers, Inboxes         []string
	Disabled                     *struct{ Reason string }
	Invitation                   *struct {
		ExpiresAt time.Time `json:"expires_at"`
	}
}

func (w *world) members(t *testing.T, who asker) map[string]member {
	t.Helper()
	var list struct{ Items []member }
	w.ask(t, who, question{method: "GET", path: "/api/v1/agents"}).read(t, &list)
	by := map[string]member{}
	for _, m := range list.Items {
		by[m.Email] = m
	}
	return by
}

func (w *world) looks(t *testing.T, secret string) answer {
	t.Helper()
	return w.ask(t, asker{}, question{method: "POST", path: "/api/v1/invitations", body: map[string]any{"secret": secret}})
}

func (w *world) accepts(t *testing.T, secret, password string) answer {
	t.Helper()
	return w.ask(t, asker{}, question{
		method: "POST", path: "/api/v1/invitations/acceptance", body: map[string]any{"secret": secret, "password": password}, header: http.Header{"User-Agent": {safari}},
	})
}

// invites asks for an Agent and gives the answer with the secret of its link.
func (w *world) invites(t *testing.T, who asker, email string) (id, secret string) {
	t.Helper()
	a := w.ask(t, who, question{method: "POST", path: "/api/v1/agents", body: map[string]any{
		"email": email, "name": "Ben Beispiel", "role": "agent", "controllers": []string{w.north.controller.String()}, "inboxes": []string{w.south.inbox.String()},
	}})
	var made struct {
		Agent, URL string
		ExpiresAt  time.Time `json:"expires_at"`
	}
	a.read(t, &made)
	before, secret, _ := strings.Cut(made.URL, "#")
	if a.status != http.StatusCreated || before != "http://desk.example/invitation" || len(secret) != 43 || !made.ExpiresAt.Equal(w.Now().Add(auth.InvitationLifetime)) {
		t.Fatalf("invited: %d %s", a.status, a.body)
	}
	return made.Agent, secret
}

// An invited Agent sets its password once, within three days, and is in.
func TestInvitation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		admin := w.adminHere(t)
		id, secret := w.invites(t, admin, "ben@house.example")
		if m := w.members(t, admin)["ben@house.example"]; m.ID != id || m.State != "invited" || m.Invitation == nil || m.Name != "Ben Beispiel" ||
			fmt.Sprint(m.Controllers, m.Inboxes) != fmt.Sprint([]string{w.north.controller.String()}, []string{w.south.inbox.String()}) {
			t.Errorf("listed as %+v", m)
		}
		for _, guess := range []string{"", password} {
			if a := w.logsIn(t, "ben@house.example", guess); a.status != http.StatusUnauthorized {
				t.Errorf("logs in without a password: %d", a.status)
			}
		}
		var invitee struct{ Name, Email string }
		if w.looks(t, secret).read(t, &invitee); invitee.Name != "Ben Beispiel" || invitee.Email != "ben@house.example" {
			t.Errorf("the link is for %+v", invitee)
		}
		if a := w.accepts(t, secret, "too short"); a.status != http.StatusUnprocessableEntity || a.problem(t).Field != "password" {
			t.Errorf("a short password: %d %s", a.status, a.body)
		}
		a := w.accepts(t, secret, password)
		ben := asker{name: "ben", cookie: private.NewText(cookieOf(t, a).Value)}
		if a.status != http.StatusNoContent || w.ask(t, ben, question{method: "GET", path: "/api/v1/me"}).status != http.StatusOK {
			t.Errorf("accepted: %d %s", a.status, a.body)
		}
		if m := w.members(t, admin)["ben@house.example"]; m.State != "active" || m.Invitation != nil {
			t.Errorf("after accepting listed as %+v", m)
		}
		for what, a := range map[string]answer{
			"a second look": w.looks(t, secret), "a second acceptance": w.accepts(t, secret, "another "+password), "nobody's": w.looks(t, strings.Repeat("A", 43)),
			"no secret": w.looks(t, "x"),
		} {
			if a.status != http.StatusNotFound || a.header.Get("Set-Cookie") != "" {
				t.Errorf("%s: %d %s", what, a.status, a.body)
			}
		}
		if a := w.logsIn(t, "ben@house.example", password); a.status != http.StatusNoContent {
			t.Errorf("logs in: %d %s", a.status, a.body)
		}

		_, late := w.invites(t, admin, "late@house.example")
		w.clock.Add(auth.InvitationLifetime - time.Millisecond)
		if a := w.looks(t, late); a.status != http.StatusOK {
			t.Errorf("at the last moment: %d %s", a.status, a.body)
		}
		w.clock.Add(time.Millisecond)
		if a, b := w.looks(t, late), w.accepts(t, late, password); a.status != http.StatusNotFound || b.status != http.StatusNotFound {
			t.Errorf("too late: %d, %d", a.status, b.status)
		}
	})
}

// Inviting anew is the way to reset a password: the old one, Sessions, Tokens, streams
// and an earlier link end at once.
func TestInvitingAnew(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.run(t)
		admin := w.adminHere(t)
		id, first := w.invites(t, admin, "ben@house.example")
		again := func() string {
			t.Helper()
			var link struct{ URL string }
			w.ask(t, admin, question{method: "POST", path: "/api/v1/agents/" + id + "/invitations"}).read(t, &link)
			_, secret, _ := strings.Cut(link.URL, "#")
			return secret
		}
		second := again()
		if a, b := w.looks(t, first), w.looks(t, second); a.status != http.StatusNotFound || b.status != http.StatusOK {
			t.Errorf("the first link %d, the second %d", a.status, b.status)
		}
		ben := asker{name: "ben", cookie: private.NewText(cookieOf(t, w.accepts(t, second, password)).Value)}
		agent, err := desk.ParseID[desk.Agent](id)
		must(t, err)
		_, bearer := w.token(t, agent)
		w.numbered(t)
		stream := w.listens(t, ben, "")
		stream.live(t)
		third := again()
		stream.ended(t)
		for name, who := range map[string]asker{"session": ben, "token": {bearer: bearer}} {
			if a := w.ask(t, who, question{method: "GET", path: "/api/v1/me"}); a.status != http.StatusUnauthorized {
				t.Errorf("the %s goes on: %d", name, a.status)
			}
		}
		if a := w.logsIn(t, "ben@house.example", password); a.status != http.StatusUnauthorized {
			t.Errorf("the old password: %d", a.status)
		}
		if a := w.accepts(t, third, "another "+password); a.status != http.StatusNoContent {
			t.Errorf("the new link: %d %s", a.status, a.body)
		}
	})
}

// Guessing links is slowed down like guessing passwords.
func TestGuessingLinksIsThrottled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, secret := w.invites(t, w.adminHere(t), "ben@house.example")
		guess := func(i int) answer {
			if made := fmt.Sprintf("%043d", i); i%2 == 0 {
				return w.looks(t, made)
			} else {
				return w.accepts(t, made, password)
			}
		}
		var a answer
		for i := range 60 {
			if a = guess(i); a.status != http.StatusNotFound {
				break
			}
		}
		if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" || a.problem(t).Code != "throttled" {
			t.Errorf("sixty guesses: %d %s", a.status, a.body)
		}
		if a := w.accepts(t, secret, password); a.status != http.StatusTooManyRequests {
			t.Errorf("from the same address, the right one: %d", a.status)
		}
		w.clock.Add(time.Minute)
		if a := w.accepts(t, secret, password); a.status != http.StatusNoContent {
			t.Errorf("having waited: %d %s", a.status, a.body)
		}
	})
}

// An Agent sees where it is logged in, in our words alone, and ends what it does not
// know.
func TestOwnSessions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.run(t)
		email := w.registered(t)
		desktop, phone := w.byPassword(t, email, password, firefox), w.byPassword(t, email, password, "KANARIENVOGEL/1.0 (unheard of)")
		list := func(who asker) (found []struct {
			ID, Client string
			Current    bool
		}) {
			t.Helper()
			var l struct {
				Items []struct {
					ID, Client string
					Current    bool
				}
			}
			w.ask(t, who, question{method: "GET", path: "/api/v1/me/sessions"}).read(t, &l)
			return l.Items
		}
		own := list(desktop)
		if len(own) != 2 || own[0].Client != "" || own[0].Current || own[1].Client != "Firefox · Windows" || !own[1].Current {
			t.Fatalf("listed: %+v", own)
		}
		var me struct{ Session *struct{ ID string } }
		if w.ask(t, desktop, question{method: "GET", path: "/api/v1/me"}).read(t, &me); me.Session == nil || me.Session.ID != own[1].ID {
			t.Errorf("me names the session %+v", me.Session)
		}
		w.numbered(t)
		stream, kept := w.listens(t, phone, ""), w.listens(t, desktop, "")
		stream.live(t)
		kept.live(t)
		if a := w.ask(t, desktop, question{method: "DELETE", path: "/api/v1/me/sessions/" + own[0].ID}); a.status != http.StatusNoContent {
			t.Errorf("revoked: %d %s", a.status, a.body)
		}
		stream.ended(t)
		if c, _ := kept.change(t); c.Kind != "access" {
			t.Errorf("the other stream is told %+v", c)
		}
		if a := w.ask(t, phone, question{method: "GET", path: "/api/v1/me"}); a.status != http.StatusUnauthorized {
			t.Errorf("the revoked session: %d", a.status)
		}
		stranger := w.agentOf(t, w.north)
		if a := w.ask(t, stranger, question{method: "DELETE", path: "/api/v1/me/sessions/" + own[1].ID}); a.status != http.StatusNotFound {
			t.Errorf("somebody else's session: %d", a.status)
		}
		other := w.byPassword(t, email, password, safari)
		if a := w.ask(t, other, question{method: "DELETE", path: "/api/v1/me/sessions"}); a.status != http.StatusNoContent {
			t.Errorf("all others: %d %s", a.status, a.body)
		}
		if left := list(other); len(left) != 1 || left[0].Client != "Safari · macOS" || !left[0].Current {
			t.Errorf("left: %+v", left)
		}
		w.clock.Add(auth.SessionIdle)
		if fresh := w.byPassword(t, email, password, firefox); len(list(fresh)) != 1 {
			t.Error("a session that ended by itself is listed")
		}
	})
}

// Whoever finds an open browser cannot take the Agent over without its password.
func TestChangingThePassword(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		email := w.registered(t)
		one, two := w.byPassword(t, email, password, firefox), w.byPassword(t, email, password, safari)
		change := func(who asker, current, next string) answer {
			t.Helper()
			return w.ask(t, who, question{method: "PUT", path: "/api/v1/me/password", body: map[string]any{"current": current, "password": next}})
		}
		if a := change(one, password, "short"); a.status != http.StatusUnprocessableEntity || a.problem(t).Field != "password" {
			t.Errorf("a short one: %d %s", a.status, a.body)
		}
		if a := change(one, "wrong horse battery", "new "+password); a.status != http.StatusUnprocessableEntity || a.problem(t).Field != "current" {
			t.Errorf("a wrong one: %d %s", a.status, a.body)
		}
		if a := change(one, password, "new "+password); a.status != http.StatusNoContent {
			t.Fatalf("changed: %d %s", a.status, a.body)
		}
		for name, want := range map[string]struct {
			who    asker
			status int
		}{"the same session": {one, 200}, "another session": {two, 401}} {
			if a := w.ask(t, want.who, question{method: "GET", path: "/api/v1/me"}); a.status != want.status {
				t.Errorf("%s: %d", name, a.status)
			}
		}
		if a, b := w.logsIn(t, email, password), w.logsIn(t, email, "new "+password); a.status != 401 || b.status != 204 {
			t.Errorf("the old one %d, the new one %d", a.status, b.status)
		}
		for range 5 {
			change(one, "wrong horse battery", "new "+password)
		}
		if a := change(one, "new "+password, password); a.status != http.StatusTooManyRequests {
			t.Errorf("guessing: %d %s", a.status, a.body)
		}
	})
}

func TestPreferences(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.run(t)
		ben, anna := w.agentOf(t, w.north), w.agentOf(t, w.north)
		read := func(who asker) string {
			t.Helper()
			var me struct{ Preferences map[string]any }
			w.ask(t, who, question{method: "GET", path: "/api/v1/me"}).read(t, &me)
			return fmt.Sprint(me.Preferences)
		}
		const defaults = "map[announce:true density:comfortable keys:map[] language: notifications:false panel:map[collapsed:[] order:[]] send_key:enter shortcuts:true sound:false theme:system]"
		if got := read(ben); got != defaults {
			t.Errorf("at first: %s", got)
		}
		w.numbered(t)
		stream, other := w.listens(t, ben, ""), w.listens(t, anna, "")
		stream.live(t)
		other.live(t)
		put := func(spoil func(map[string]any)) answer {
			t.Helper()
			p := preferences()
			spoil(p)
			return w.ask(t, ben, question{method: "PUT", path: "/api/v1/me/preferences", body: p})
		}
		if a := put(func(map[string]any) {}); a.status != http.StatusNoContent {
			t.Fatalf("kept: %d %s", a.status, a.body)
		}
		const chosen = "map[announce:false density:compact keys:map[close:x] language:de notifications:true panel:map[collapsed:[notes] order:[notes contact]] send_key:ctrl_enter shortcuts:false sound:true theme:dark]"
		if got := read(ben); got != chosen || read(anna) != defaults {
			t.Errorf("ben has %s, anna %s", got, read(anna))
		}
		if c, _ := stream.change(t); c.Kind != "access" {
			t.Errorf("told %+v", c)
		}
		w.hears(t, w.north.conversation, "danach")
		c, _ := other.change(t)
		c.says(t, w.north, "danach") // and nothing of ben's
		for field, spoil := range map[string]func(map[string]any){
			"theme": func(p map[string]any) { p["theme"] = "pink" }, "language": func(p map[string]any) { p["language"] = "fr" },
			"keys": func(p map[string]any) { p["keys"] = map[string]any{strings.Repeat("x", 65): "a"} },
			"panel.order": func(p map[string]any) {
				p["panel"] = map[string]any{"order": []string{"a\x00"}, "collapsed": []string{}}
			},
		} {
			if a := put(spoil); a.status != http.StatusUnprocessableEntity || a.problem(t).Field != field {
				t.Errorf("a bad %s: %d %s", field, a.status, a.body)
			}
		}
		if got := read(ben); got != chosen {
			t.Errorf("what was refused left %s", got)
		}
		row, err := w.Read().GetPreferences(context.Background(), ben.id)
		must(t, err)
		if strings.Contains(string(row.Preferences.Bytes()), "ctrl_enter") {
			t.Error("preferences are kept readable")
		}
	})
}

// Changes hold for who is logged in at once, and the last admin stays one.
func TestChangingAgents(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		admin, ben := w.adminHere(t), w.agentOf(t, w.north)
		change := func(id desk.AgentID, role string) answer {
			t.Helper()
			return w.ask(t, admin, question{method: "PUT", path: "/api/v1/agents/" + id.String(), body: map[string]any{
				"name": "Anders Beispiel", "role": role, "controllers": []string{w.south.controller.String()}, "inboxes": []string{},
			}})
		}
		for what, a := range map[string]answer{
			"demoted":  change(admin.id, "agent"),
			"disabled": w.ask(t, admin, question{method: "PUT", path: "/api/v1/agents/" + admin.id.String() + "/disabling", body: map[string]any{"reason": "left"}}),
			"invited":  w.ask(t, admin, question{method: "POST", path: "/api/v1/agents/" + admin.id.String() + "/invitations"}),
		} {
			if a.status != http.StatusConflict {
				t.Errorf("the last admin %s: %d %s", what, a.status, a.body)
			}
		}
		if a := change(ben.id, "admin"); a.status != http.StatusNoContent {
			t.Fatalf("changed: %d %s", a.status, a.body)
		}
		var me struct{ Agent struct{ Name, Role string } }
		if w.ask(t, ben, question{method: "GET", path: "/api/v1/me"}).read(t, &me); me.Agent.Name != "Anders Beispiel" || me.Agent.Role != "admin" {
			t.Errorf("ben is %+v", me.Agent)
		}
		if a := change(admin.id, "dpo"); a.status != http.StatusNoContent {
			t.Errorf("one of two admins becomes something else: %d %s", a.status, a.body)
		}
		if a := change(ben.id, "agent"); a.status != http.StatusForbidden {
			t.Errorf("and may nothing more: %d %s", a.status, a.body)
		}
		if a := w.ask(t, admin, question{method: "GET", path: "/api/v1/agents"}); a.status != http.StatusOK {
			t.Errorf("but reads: %d %s", a.status, a.body)
		}
	})
}

// Whoever found an admin's Token comes in by it alone: it makes neither links nor admins.
// What makes no way in works.
func TestTokensMakeNoWaysIn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, ben := w.agent(t, desk.RoleAdmin), w.agentOf(t, w.north)
		program, person := w.byToken(t, "admin", desk.RoleAdmin, nil, id), w.byCookie(t, "admin", desk.RoleAdmin, nil, id)
		path := "/agents/" + ben.id.String()
		is := func(role string) map[string]any {
			return map[string]any{"name": "Ben", "role": role, "controllers": []string{w.north.controller.String()}, "inboxes": []string{}}
		}
		acts := w.acts(t)
		for _, a := range []answer{
			w.does(t, program, "POST", path+"/invitations", nil, 409),
			w.does(t, program, "PUT", path, is("admin"), 409),
			w.does(t, program, "POST", "/agents", map[string]any{
				"email": "new@house.example", "name": "", "role": "agent", "controllers": []string{}, "inboxes": []string{},
			}, 409),
		} {
			if p := a.problem(t); p.Code != "conflict" || !strings.Contains(p.Detail, "log in") {
				t.Errorf("refused with %+v", p)
			}
		}
		if now := w.acts(t); now != acts {
			t.Errorf("what was refused left %d audit entries", now-acts)
		}
		w.does(t, program, "PUT", path, is("dpo"), 204)
		w.does(t, person, "PUT", path, is("admin"), 204)
		w.does(t, program, "PUT", path, is("admin"), 204)
		w.does(t, person, "POST", path+"/invitations", nil, 201)
	})
}

// Who watches over one Controller sees the people of that one.
func TestAgentsInScope(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		admin := w.admin(t)
		dpo := w.byToken(t, "dora", desk.RoleDPO, w.north, w.agent(t, desk.RoleDPO, w.north))
		both := w.agentAt(t, desk.RoleAgent, w.north, w.south)
		south := w.agent(t, desk.RoleAgent, w.south)
		_, bearer := w.token(t, south)
		_ = bearer
		all, seen := w.members(t, admin), w.members(t, dpo)
		if len(all) != 4 || len(seen) != 3 {
			t.Errorf("the admin sees %d, the officer %d", len(all), len(seen))
		}
		for _, m := range seen {
			if m.ID == south.String() {
				t.Errorf("the officer sees %+v", m)
			}
			if m.ID == both.String() && (len(m.Inboxes) != 1 || m.Inboxes[0] != w.north.inbox.String()) {
				t.Errorf("the officer sees the other controller's inbox: %+v", m)
			}
		}
		tokens := func(who asker, query string) int {
			t.Helper()
			var list struct{ Items []struct{ ID string } }
			w.ask(t, who, question{method: "GET", path: "/api/v1/tokens" + query}).read(t, &list)
			return len(list.Items)
		}
		if a, b, c := tokens(admin, "?all=true"), tokens(dpo, "?all=true"), tokens(dpo, ""); a != 3 || b != 2 || c != 1 {
			t.Errorf("tokens: the admin sees %d, the officer %d, of its own %d", a, b, c)
		}
		if a := w.ask(t, w.agentOf(t, w.north), question{method: "GET", path: "/api/v1/tokens?all=true"}); a.status != http.StatusForbidden {
			t.Errorf("an agent lists everybody's tokens: %d", a.status)
		}
	})
}

func TestOwnTokens(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ben := w.byCookie(t, "ben", desk.RoleAgent, w.north, w.agent(t, desk.RoleAgent, w.north))
		a := w.ask(t, ben, question{method: "POST", path: "/api/v1/tokens", body: map[string]any{"name": " Auswertung für Erika ", "days": 30}})
		var made struct{ ID, Token string }
		a.read(t, &made)
		program := asker{name: "program", bearer: private.NewText(made.Token)}
		if a.status != http.StatusCreated || w.ask(t, program, question{method: "GET", path: "/api/v1/me"}).status != http.StatusOK {
			t.Fatalf("made: %d %s", a.status, a.body)
		}
		var list struct {
			Items []struct {
				ID, Name  string
				Agent     struct{ ID string }
				ExpiresAt time.Time  `json:"expires_at"`
				RevokedAt *time.Time `json:"revoked_at"`
			}
		}
		w.ask(t, ben, question{method: "GET", path: "/api/v1/tokens"}).read(t, &list)
		if len(list.Items) != 1 || list.Items[0].Name != "Auswertung für Erika" || list.Items[0].Agent.ID != ben.id.String() ||
			!list.Items[0].ExpiresAt.Equal(w.Now().Add(30*24*time.Hour)) || list.Items[0].RevokedAt != nil {
			t.Errorf("listed: %+v", list.Items)
		}
		path := "/api/v1/tokens/" + made.ID
		if a := w.ask(t, w.agentOf(t, w.north), question{method: "DELETE", path: path}); a.status != http.StatusNotFound {
			t.Errorf("somebody else's token: %d", a.status)
		}
		if a, b := w.ask(t, ben, question{method: "DELETE", path: path}), w.ask(t, program, question{method: "GET", path: "/api/v1/me"}); a.status != 204 || b.status != 401 {
			t.Errorf("revoked: %d, then %d", a.status, b.status)
		}
		if w.ask(t, ben, question{method: "GET", path: "/api/v1/tokens"}).read(t, &list); list.Items[0].RevokedAt == nil {
			t.Error("it does not say that it was revoked")
		}
		other, _ := w.token(t, ben.id)
		if a := w.ask(t, w.admin(t), question{method: "DELETE", path: "/api/v1/tokens/" + other.String()}); a.status != http.StatusNoContent {
			t.Errorf("an admin revokes it: %d %s", a.status, a.body)
		}
	})
}
