package api_test

import (
	"net/http"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
)

func (w *world) logsIn(t *testing.T, email, password string) answer {
	t.Helper()
	return w.ask(t, asker{}, question{method: "POST", path: "/api/v1/session", body: map[string]any{"email": email, "password": password}})
}

// cookieOf gives what the browser would keep.
func cookieOf(t *testing.T, a answer) *http.Cookie {
	t.Helper()
	all := (&http.Response{Header: a.header}).Cookies()
	if len(all) != 1 {
		t.Fatalf("status %d sets %d cookies: %s", a.status, len(all), a.body)
	}
	return all[0]
}

func TestSessionFromLoginToLogout(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		email := w.registered(t)
		a := w.logsIn(t, email, password)
		c := cookieOf(t, a)
		if a.status != http.StatusNoContent || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || a.body != "" {
			t.Errorf("got %d %+v %s", a.status, c, a.body)
		}
		who := asker{name: "erika", cookie: private.NewText(c.Value)}
		var me struct {
			Agent       struct{ Email, Role string }
			Controllers []struct{ ID string }
			Inboxes     []struct{ ID string }
		}
		w.ask(t, who, question{method: "GET", path: "/api/v1/me"}).read(t, &me)
		if me.Agent.Email != email || me.Agent.Role != "admin" || len(me.Controllers) != 2 || len(me.Inboxes) != 2 {
			t.Errorf("got %+v", me)
		}
		a = w.ask(t, who, question{method: "DELETE", path: "/api/v1/session"})
		if c := cookieOf(t, a); a.status != http.StatusNoContent || c.Value != "" || c.MaxAge >= 0 {
			t.Errorf("got %d %+v", a.status, c)
		}
		if a := w.ask(t, who, question{method: "GET", path: "/api/v1/me"}); a.status != http.StatusUnauthorized {
			t.Errorf("after logging out: %d %s", a.status, a.body)
		}
	})
}

// Guessing slows down; what was wrong is not told, and waiting helps.
func TestGuessingIsThrottled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		email := w.registered(t)
		var said string
		for range 5 {
			for _, who := range []string{email, "nobody@house.example"} {
				a := w.logsIn(t, who, "wrong horse battery")
				p := a.problem(t)
				if a.status != http.StatusUnauthorized || p.Code != "unauthorized" || a.header.Get("Set-Cookie") != "" {
					t.Fatalf("got %d %s", a.status, a.body)
				}
				if said == "" {
					said = p.Detail
				}
				if p.Detail != said || p.Field != "" {
					t.Errorf("a wrong password is told from an unknown address: %q, %q", p.Detail, said)
				}
			}
		}
		for _, who := range []string{email, "nobody@house.example"} {
			a := w.logsIn(t, who, password)
			seconds, err := strconv.Atoi(a.header.Get("Retry-After"))
			if a.status != http.StatusTooManyRequests || a.problem(t).Code != "throttled" || err != nil || seconds < 1 {
				t.Fatalf("%s: got %d %s, Retry-After %q", who, a.status, a.body, a.header.Get("Retry-After"))
			}
		}
		seconds, _ := strconv.Atoi(w.logsIn(t, email, password).header.Get("Retry-After"))
		w.clock.Add(time.Duration(seconds) * time.Second)
		if a := w.logsIn(t, email, password); a.status != http.StatusNoContent {
			t.Errorf("having waited %d seconds: %d %s", seconds, a.status, a.body)
		}
	})
}

// An address that belongs to nobody costs as much work as a wrong password. The work
// is measured by its memory, which is the same on every machine; so no other test may
// run meanwhile.
func TestEveryLoginCostsTheSame(t *testing.T) {
	w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "botschaft.db"))
	email := w.registered(t)
	w.logsIn(t, "first@house.example", "x") // whatever is made once
	const oneHash = 19 << 20
	for what, who := range map[string]string{"a wrong password": email, "an unknown address": "nobody@house.example"} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if a := w.logsIn(t, who, "wrong horse battery"); a.status != http.StatusUnauthorized {
			t.Fatal(a.body)
		}
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n < oneHash || n > oneHash*3/2 {
			t.Errorf("%s takes %d KiB, want those of one hash, %d KiB", what, n>>10, oneHash>>10)
		}
	}
}

// What a browser that stands open asks for by itself keeps no session alive; what a
// person does, does.
func TestIdleSessionsEnd(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		path := "/conversations/" + w.north.conversation.ID.String()
		presence := func(who asker) {
			w.does(t, who, "PUT", path+"/presence", map[string]any{"state": "viewing"}, http.StatusNoContent)
		}
		for what, beat := range map[string]struct {
			role   desk.Role
			do     func(who asker)
			status int
		}{
			"presence":       {desk.RoleAgent, presence, http.StatusUnauthorized},
			"what is read":   {desk.RoleAgent, func(who asker) { w.does(t, who, "PUT", path+"/reading", map[string]any{"position": 1}, 204) }, http.StatusUnauthorized},
			"the permit":     {desk.RoleAgent, func(who asker) { w.does(t, who, "GET", path+"/permit", nil, 200) }, http.StatusUnauthorized},
			"health":         {desk.RoleDPO, func(who asker) { w.does(t, who, "GET", "/health", nil, 200) }, http.StatusUnauthorized},
			"a verification": {desk.RoleDPO, func(who asker) { w.does(t, who, "GET", "/audit/verification", nil, 200) }, http.StatusUnauthorized},
			"opening it":     {desk.RoleAgent, func(who asker) { w.does(t, who, "GET", path, nil, 200) }, http.StatusOK},
		} {
			who := w.byCookie(t, what, beat.role, w.north, w.agent(t, beat.role, w.north))
			for range 2 {
				w.clock.Add(auth.SessionIdle/2 - time.Minute)
				beat.do(who)
			}
			w.clock.Add(2 * time.Minute)
			if a := w.ask(t, who, question{method: "GET", path: "/api/v1/me"}); a.status != beat.status {
				t.Errorf("kept up by %s alone, the session answers %d", what, a.status)
			}
		}
	})
}
