package api_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
)

// A path that exists, asked in a way that does not, says which ways do.
func TestUnknownMethods(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.contract(t)
		c.Paths["/api/v1/openapi.json"] = map[string]*operation{"get": {}}
		for path, known := range c.Paths {
			path := strings.ReplaceAll(path, "{id}", missing)
			for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "KANARIENVOGEL"} {
				if known[strings.ToLower(method)] != nil || method == "HEAD" && known["get"] != nil {
					continue
				}
				a := w.ask(t, asker{}, question{method: method, path: path})
				var allowed []string
				for _, m := range strings.Split(a.header.Get("Allow"), ", ") {
					if m != "HEAD" {
						allowed = append(allowed, strings.ToLower(m))
					}
				}
				slices.Sort(allowed)
				want := slices.Sorted(func(yield func(string) bool) {
					for m := range known {
						if !yield(m) {
							return
						}
					}
				})
				if a.status != http.StatusMethodNotAllowed || !slices.Equal(allowed, want) {
					t.Errorf("%s %s: got %d, Allow %q, want 405 and %q", method, path, a.status, a.header.Get("Allow"), want)
					continue
				}
				if method == "HEAD" {
					continue // has no body
				}
				if p := a.problem(t); p.Code != "invalid" || p.Field != "" {
					t.Errorf("%s %s: %s", method, path, a.body)
				}
			}
		}
	})
}

func TestUnknownPaths(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		admin := w.admin(t)
		for _, path := range []string{"/api/v1/", "/api/v1/nothing", "/api/v1/me/", "/api/v1/conversations/", "/api/v1/openapi", "/api/v1/conversations/" + missing + "/nothing"} {
			for _, method := range []string{"GET", "POST"} {
				a := w.ask(t, admin, question{method: method, path: path})
				if p := a.problem(t); a.status != http.StatusNotFound || p.Code != "not_found" {
					t.Errorf("%s %s: %d %s", method, path, a.status, a.body)
				}
			}
		}
	})
}

// HEAD asks for what GET asks for, without the answer; and it ends.
func TestHeadIsAGetWithoutAnswer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		admin := w.admin(t)
		for _, op := range w.contract(t).operations() {
			if op.method != http.MethodGet {
				continue
			}
			path := op.fits(t, func(noun string) string { return w.object(t, op, noun, w.north) })
			for _, who := range []asker{admin, {name: "nobody"}} {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				a := w.ask(t, who, question{method: "HEAD", path: path})
				want := http.StatusOK
				if who.role == "" {
					want = http.StatusUnauthorized
				}
				if a.status != want || a.body != "" {
					t.Errorf("%s asked HEAD %s and got %d %q, want %d", who.name, op.path, a.status, a.body, want)
				}
				if again := w.open(ctx, t, who, question{method: "GET", path: "/api/v1/openapi.json"}); again.Body.Close() != nil {
					t.Errorf("the connection is of no use after HEAD %s", op.path)
				}
				cancel()
			}
		}
	})
}

// A body that is too large, or ends before its end, is the asker's doing.
func TestBodiesOutOfMeasure(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		admin := w.admin(t)
		path := "/api/v1/conversations/" + w.north.conversation.ID.String() + "/messages"
		large := `{"text":"` + strings.Repeat("x", 1<<20) + `"}`
		a := w.ask(t, admin, question{method: "POST", path: path, body: large})
		if p := a.problem(t); a.status != http.StatusRequestEntityTooLarge || p.Code != "invalid" {
			t.Errorf("too large: %d %s", a.status, a.body)
		}
		conn, err := (&net.Dialer{Timeout: patience}).DialContext(t.Context(), "tcp", w.server.Listener.Addr().String())
		must(t, err)
		defer func() { _ = conn.Close() }()
		must(t, conn.SetDeadline(time.Now().Add(patience)))
		_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: desk.example\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
			path, admin.bearer.Reveal())
		must(t, err)
		tcp, ok := conn.(*net.TCPConn)
		if !ok {
			t.Fatalf("%T", conn)
		}
		must(t, tcp.CloseWrite())
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		must(t, err)
		_ = res.Body.Close()
		if res.StatusCode != http.StatusBadRequest {
			t.Errorf("half a body: %d", res.StatusCode)
		}
	})
}

// What the contract allows no column may refuse: PostgreSQL keeps no U+0000.
func TestTextsOfAnyKind(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c, admin := w.contract(t), w.admin(t)
		for _, op := range c.operations() {
			s := c.bodySchema(t, op)
			if s == nil {
				continue
			}
			for name, property := range s.Properties {
				if property = c.resolve(t, property); property.Type != "string" || len(property.Enum) > 0 {
					continue
				}
				for what, value := range map[string]string{
					"U+0000": "a\x00b", "controls": "a\x01\x1b[31mb", "a lone U+0000": "\x00", "blanks": " \u00a0\t", "surrogates": "\ufffd", "right to left": "\u202eabc", "emoji": "👩‍👩‍👧",
				} {
					body, _ := w.bodyOf(t, c, op).(map[string]any)
					body[name] = value
					w.arrange(t, op)
					a := w.ask(t, admin, question{method: op.method, path: op.fits(t, func(noun string) string { return w.object(t, op, noun, w.north) }), body: body})
					if a.status >= 500 {
						t.Errorf("%s with %s in %s: %d %s", op, what, name, a.status, a.body)
					}
					if a.status != http.StatusUnprocessableEntity {
						continue
					}
					if p := a.problem(t); p.Field != name && p.Code != "refused" { // the gate knows no such purpose
						t.Errorf("%s with %s in %s: %s", op, what, name, a.body)
					}
				}
			}
		}
	})
}

// A reason is kept readable, in the words of whoever gave it.
func TestReasons(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		agent, path := w.agentOf(t, w.north), "/api/v1/conversations/"+w.north.conversation.ID.String()+"/restriction"
		put := func(reason string) answer {
			return w.ask(t, agent, question{method: "PUT", path: path, body: map[string]any{"reason": reason}})
		}
		for what, reason := range map[string]string{"nothing": "", "blanks": " \n ", "U+0000": "a\x00b", "an escape": "a\x1b[2Jb", "501": strings.Repeat("ü", 501)} {
			if a := put(reason); a.status != http.StatusUnprocessableEntity || a.problem(t).Field != "reason" {
				t.Errorf("%s: %d %s", what, a.status, a.body)
			}
		}
		if a := put(" " + strings.Repeat("ü", 498) + "\n"); a.status != http.StatusNoContent {
			t.Errorf("500 characters: %d %s", a.status, a.body)
		}
		kept, err := w.Read().GetRestriction(t.Context(), w.north.conversation.Contact)
		must(t, err)
		if kept.Reason != strings.Repeat("ü", 498) {
			t.Errorf("kept %d characters", len([]rune(kept.Reason)))
		}
		if a := put("another reason"); a.status != http.StatusConflict || a.problem(t).Code != string(desk.CodeConflict) {
			t.Errorf("restricted already: %d %s", a.status, a.body)
		}
	})
}
