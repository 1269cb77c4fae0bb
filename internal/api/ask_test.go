package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/private"
)

// asker is somebody at the door.
type asker struct {
	name   string
	id     desk.AgentID
	role   desk.Role // empty: nobody's
	serves *realm    // nil: nobody's Inboxes, or everybody's if an admin
	cookie private.Text
	bearer private.Text
}

// by makes an asker of an Agent who shows a cookie or a Token.
func (w *world) byCookie(t *testing.T, name string, role desk.Role, serves *realm, id desk.AgentID) asker {
	t.Helper()
	return asker{name: name + " by cookie", id: id, role: role, serves: serves, cookie: w.session(t, id)}
}

func (w *world) byToken(t *testing.T, name string, role desk.Role, serves *realm, id desk.AgentID) asker {
	t.Helper()
	_, secret := w.token(t, id)
	return asker{name: name + " by token", id: id, role: role, serves: serves, bearer: secret}
}

// agentOf makes an Agent of one realm who shows a Token.
func (w *world) agentOf(t *testing.T, r *realm) asker {
	t.Helper()
	return w.byToken(t, "agent of "+r.word, desk.RoleAgent, r, w.agent(t, desk.RoleAgent, r))
}

// admin makes an admin who shows a Token.
func (w *world) admin(t *testing.T) asker {
	t.Helper()
	return w.byToken(t, "admin", desk.RoleAdmin, nil, w.agent(t, desk.RoleAdmin))
}

// adminHere makes an admin who is logged in.
func (w *world) adminHere(t *testing.T) asker {
	t.Helper()
	return w.byCookie(t, "admin", desk.RoleAdmin, nil, w.agent(t, desk.RoleAdmin))
}

// question is a request.
type question struct {
	method, path string
	body         any // nil: none; a string is sent as it is
	header       http.Header
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// problem is an answer that is none.
type problem struct {
	Type, Title, Code, Detail, Field string
	Status                           int
	RequestID                        string `json:"request_id"`
	Reasons                          []struct{ Code, Sentence, Article, Helps string }
}

// open asks and gives the answer unread.
func (w *world) open(ctx context.Context, t *testing.T, who asker, q question) *http.Response {
	t.Helper()
	var body io.Reader
	if raw, ok := q.body.(string); ok {
		body = strings.NewReader(raw)
	} else if q.body != nil {
		raw, err := json.Marshal(q.body)
		must(t, err)
		body = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(ctx, q.method, w.server.URL+q.path, body)
	must(t, err)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if !who.cookie.IsEmpty() {
		r.AddCookie(&http.Cookie{Name: "botschaft", Value: who.cookie.Reveal()})
	}
	if !who.bearer.IsEmpty() {
		r.Header.Set("Authorization", "Bearer "+who.bearer.Reveal())
	}
	for name, values := range q.header {
		r.Header[name] = values
	}
	res, err := w.client.Do(r)
	must(t, err)
	return res
}

// ask asks and reads the answer; of a stream its first event alone.
func (w *world) ask(t *testing.T, who asker, q question) answer {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	res := w.open(ctx, t, who, q)
	defer func() { _ = res.Body.Close() }()
	a := answer{status: res.StatusCode, header: res.Header}
	if a.isStream() {
		a.body = newListener(res).next(t).raw
		return a
	}
	raw, err := io.ReadAll(res.Body)
	must(t, err)
	a.body = string(raw)
	return a
}

func (a answer) isStream() bool { return a.header.Get("Content-Type") == "text/event-stream" }

// read decodes the body.
func (a answer) read(t *testing.T, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), into); err != nil {
		t.Fatalf("status %d, %.300q: %v", a.status, a.body, err)
	}
}

// problem reads the answer as a problem and checks what every problem promises.
func (a answer) problem(t *testing.T) problem {
	t.Helper()
	var p problem
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("status %d is %q: %q", a.status, got, a.body)
	}
	a.read(t, &p)
	if p.Status != a.status || p.Type != "about:blank" || p.Title == "" || p.Code == "" || p.Detail == "" {
		t.Errorf("status %d says %s", a.status, a.body)
	}
	if id := a.header.Get("X-Request-Id"); id == "" || p.RequestID != id {
		t.Errorf("request %s answers as request %q: %s", id, p.RequestID, a.body)
	}
	return p
}
