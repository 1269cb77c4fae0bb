package httpd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
)

// later is an error that knows when to try again; no is one with reasons; state is a
// PostgreSQL's or SQLite's.
type (
	later struct {
		error
		after time.Duration
	}
	no    struct{ error }
	state string
	file  int // SQLite's code
)

func (l later) RetryAfter() time.Duration { return l.after }
func (l later) Unwrap() error             { return l.error }
func (s state) SQLState() string          { return string(s) }
func (s state) Error() string             { return "secret" }
func (f file) Code() int                  { return int(f) }
func (f file) Error() string              { return "secret" }
func (n no) Unwrap() error                { return n.error }
func (n no) ProblemReasons() []Reason {
	return []Reason{{Code: "window_closed", Sentence: "too late"}}
}
func decodeInto(v any, text string) error { return json.Unmarshal([]byte(text), v) }
func coded(code desk.Code) *desk.Error {
	return &desk.Error{Code: code, Text: "plain words", Field: "name", Err: errors.New("secret")}
}

func TestProblems(t *testing.T) {
	var number int
	_, large := io.ReadAll(http.MaxBytesReader(httptest.NewRecorder(), io.NopCloser(strings.NewReader("12")), 1))
	for name, tc := range map[string]struct {
		err    error
		status int
		code   desk.Code
		detail string
		header [2]string
	}{
		"invalid":       {coded(desk.CodeInvalid), 422, desk.CodeInvalid, "plain words", [2]string{}},
		"wrapped":       {fmt.Errorf("secret: %w", coded(desk.CodeConflict)), 409, desk.CodeConflict, "plain words", [2]string{}},
		"not found":     {coded(desk.CodeNotFound), 404, desk.CodeNotFound, "plain words", [2]string{}},
		"unauthorized":  {coded(desk.CodeUnauthorized), 401, desk.CodeUnauthorized, "plain words", [2]string{"WWW-Authenticate", `Bearer realm="botschaft"`}},
		"forbidden":     {coded(desk.CodeForbidden), 403, desk.CodeForbidden, "plain words", [2]string{}},
		"refused":       {no{coded(desk.CodeRefused)}, 422, desk.CodeRefused, "plain words", [2]string{}},
		"throttled":     {later{coded(desk.CodeThrottled), 1500 * time.Millisecond}, 429, desk.CodeThrottled, "plain words", [2]string{"Retry-After", "2"}},
		"throttled now": {later{coded(desk.CodeThrottled), 0}, 429, desk.CodeThrottled, "plain words", [2]string{"Retry-After", "1"}},
		"unavailable":   {coded(desk.CodeUnavailable), 503, desk.CodeUnavailable, "plain words", [2]string{"Retry-After", "5"}},
		"internal":      {coded(desk.CodeInternal), 500, desk.CodeInternal, "request id", [2]string{}},
		"unknown code":  {coded("secret"), 500, desk.CodeInternal, "", [2]string{}},
		"unknown error": {errors.New("secret"), 500, desk.CodeInternal, "request id", [2]string{}},
		"too slow":      {fmt.Errorf("secret: %w", context.DeadlineExceeded), 503, desk.CodeUnavailable, "try again", [2]string{"Retry-After", "5"}},
		"unreachable":   {fmt.Errorf("secret: %w", &net.OpError{Op: "dial", Err: errors.New("secret")}), 503, desk.CodeUnavailable, "the database", [2]string{"Retry-After", "5"}},
		"cut off":       {fmt.Errorf("secret: %w", state("57P01")), 503, desk.CodeUnavailable, "the database", [2]string{"Retry-After", "5"}},
		"not let in":    {fmt.Errorf("secret: %w", state("55000")), 503, desk.CodeUnavailable, "the database", [2]string{"Retry-After", "5"}},
		"a full disk":   {fmt.Errorf("secret: %w", file(13)), 503, desk.CodeUnavailable, "the database", [2]string{"Retry-After", "5"}},
		"a torn page":   {fmt.Errorf("secret: %w", file(11|1<<8)), 503, desk.CodeUnavailable, "the database", [2]string{"Retry-After", "5"}},
		"a unique key":  {fmt.Errorf("secret: %w", file(19|8<<8)), 500, desk.CodeInternal, "request id", [2]string{}},
		"bad statement": {fmt.Errorf("secret: %w", state("42601")), 500, desk.CodeInternal, "request id", [2]string{}},
		"too large":     {large, 413, desk.CodeInvalid, "too large", [2]string{}},
		"no JSON":       {decodeInto(&number, "secret"), 400, desk.CodeInvalid, "not valid JSON", [2]string{}},
		"wrong type":    {decodeInto(&number, `"secret"`), 400, desk.CodeInvalid, "not valid JSON", [2]string{}},
		"a line cut":    {io.ErrUnexpectedEOF, 503, desk.CodeUnavailable, "the database", [2]string{"Retry-After", "5"}},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := newTest(t, nil)
			w := ask(s.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("ETag", "x")
				w.Header().Set("Content-Encoding", "br")
				WriteProblem(w, r, tc.err)
			})), "GET", "/secret?secret", nil)
			p := problemOf(t, w)
			if w.Code != tc.status || p.Code != tc.code || !strings.Contains(p.Detail, tc.detail) {
				t.Errorf("got %d, %+v", w.Code, p)
			}
			if strings.Contains(w.Body.String(), "secret") {
				t.Errorf("it repeats what it must not: %s", w.Body)
			}
			if tc.header[0] != "" && w.Header().Get(tc.header[0]) != tc.header[1] {
				t.Errorf("%s is %q", tc.header[0], w.Header().Get(tc.header[0]))
			}
			if w.Header().Get("ETag")+w.Header().Get("Content-Encoding") != "" {
				t.Errorf("headers of another answer: %v", w.Header())
			}
			if (len(p.Reasons) == 1) != (tc.code == desk.CodeRefused) {
				t.Errorf("got reasons %v", p.Reasons)
			}
			if p.Code == desk.CodeInternal && p.Field != "" {
				t.Errorf("got field %s", p.Field)
			}
		})
	}
}

func TestHealth(t *testing.T) {
	s, j := newTest(t, nil)
	var fault error
	h := s.Health(Probe{"database", func(context.Context) error { return fault }}, Probe{"vault", func(context.Context) error { return nil }})
	ready := func() (int, readiness) {
		t.Helper()
		w := ask(h, "GET", "/readyz", nil)
		var r readiness
		if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		if (w.Header().Get("Retry-After") != "") == r.Ready {
			t.Errorf("Retry-After is %q", w.Header().Get("Retry-After"))
		}
		return w.Code, r
	}
	if code, r := ready(); code != 200 || !r.Ready || r.Checks["database"] != "ok" || r.Checks["vault"] != "ok" {
		t.Errorf("got %d, %+v", code, r)
	}
	fault = errors.New("password wrong for secret")
	if code, r := ready(); code != 503 || r.Ready || r.Checks["database"] != "is not available" || r.Checks["vault"] != "ok" {
		t.Errorf("got %d, %+v", code, r)
	}
	ready()
	if got := strings.Count(j.String(), "not ready"); got != 1 {
		t.Errorf("logged %d times: %s", got, j)
	}
	fault = &desk.Error{Code: desk.CodeUnavailable, Text: "is migrating"}
	if _, r := ready(); r.Checks["database"] != "is migrating" {
		t.Errorf("got %+v", r)
	}
	fault = nil
	s.close()
	if code, r := ready(); code != 503 || r.Ready || r.Checks["server"] != "is shutting down" {
		t.Errorf("got %d, %+v", code, r)
	}
	if w := ask(h, "GET", "/healthz", nil); w.Code != 200 || w.Body.String() != "{\"alive\":true}\n" {
		t.Errorf("got %d, %s", w.Code, w.Body)
	}
}

func TestProbeMisbehaves(t *testing.T) {
	s, _ := newTest(t, nil)
	w := ask(s.Health(Probe{"x", func(context.Context) error { panic("secret") }}), "GET", "/readyz", nil)
	if w.Code != 503 || !strings.Contains(w.Body.String(), "is not available") {
		t.Errorf("got %d, %s", w.Code, w.Body)
	}
	w = ask(s.Health(Probe{"x", func(context.Context) error { return context.DeadlineExceeded }}), "GET", "/readyz", nil)
	if !strings.Contains(w.Body.String(), "does not answer") {
		t.Errorf("got %s", w.Body)
	}
	busy := &probing{Probe: Probe{Name: "x", Check: func(context.Context) error { return nil }}}
	busy.busy.Store(true) // a run that outlived its time
	if got := busy.ask(t.Context(), s.o.Log); got != "does not answer" {
		t.Errorf("got %s", got)
	}
}
