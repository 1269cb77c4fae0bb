package httpd

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"botschaft/internal/desk"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// journal is a log that can be read while it is written.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.String()
}

// last gives the last line as a map.
func (j *journal) last(t *testing.T) map[string]any {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(j.String()), "\n")
	entry := map[string]any{}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &entry); err != nil {
		t.Fatalf("%q: %v", lines[len(lines)-1], err)
	}
	return entry
}

// newTest makes a Server whose log is the journal; change may alter the Options.
func newTest(t *testing.T, change func(*Options)) (*Server, *journal) {
	t.Helper()
	j := &journal{}
	o := Options{
		PublicURL: &url.URL{Scheme: "https", Host: "desk.example"}, Now: func() time.Time { return noon },
		Log: slog.New(slog.NewJSONHandler(j, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	return s, j
}

// ask sends one request to h; headers come in pairs.
func ask(h http.Handler, method, target string, body io.Reader, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, body)
	r.RequestURI = ""
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// problemOf reads w as a problem and checks what every problem must be.
func problemOf(t *testing.T, w *httptest.ResponseRecorder) Problem {
	t.Helper()
	var p Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("status %d, %q: %v", w.Code, w.Body, err)
	}
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("got content type %q", got)
	}
	if p.Type != "about:blank" || p.Status != w.Code || p.Title != http.StatusText(w.Code) || p.Code == "" {
		t.Errorf("status %d: got %+v", w.Code, p)
	}
	if p.RequestID == "" || p.RequestID != w.Header().Get("X-Request-Id") {
		t.Errorf("got request id %q, header %q", p.RequestID, w.Header().Get("X-Request-Id"))
	}
	return p
}

// ok answers with one word.
var ok = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") })

func TestNewRefuses(t *testing.T) {
	good := func() Options {
		return Options{PublicURL: &url.URL{Scheme: "https", Host: "desk.example"}, Log: slog.New(slog.DiscardHandler), Now: time.Now}
	}
	for name, change := range map[string]func(*Options){
		"no public URL":         func(o *Options) { o.PublicURL = nil },
		"no log":                func(o *Options) { o.Log = nil },
		"no clock":              func(o *Options) { o.Now = nil },
		"no such certificate":   func(o *Options) { o.TLSCertFile, o.TLSKeyFile = "missing.pem", "missing.key" },
		"public URL of no use":  func(o *Options) { o.PublicURL = &url.URL{Path: "/desk"} },
		"ancestor with path":    func(o *Options) { o.FrameAncestors = []string{"https://a.example/x"} },
		"ancestor with policy":  func(o *Options) { o.FrameAncestors = []string{"https://a.example;script-src"} },
		"ancestor is wildcard":  func(o *Options) { o.FrameAncestors = []string{"https://*.example"} },
		"ancestor without name": func(o *Options) { o.FrameAncestors = []string{"https://"} },
	} {
		o := good()
		change(&o)
		if _, err := New(o); err == nil {
			t.Errorf("%s: made all the same", name)
		}
	}
}

func TestSecurityHeaders(t *testing.T) {
	s, _ := newTest(t, nil)
	h := s.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/fails":
			WriteProblem(w, r, desk.NotFound("thing"))
		case "/panics":
			panic("x")
		}
	}))
	ids := map[string]bool{}
	for _, path := range []string{"/", "/fails", "/panics"} {
		w := ask(h, "GET", path, nil, "X-Request-Id", "mine")
		for name, want := range map[string]string{
			"Strict-Transport-Security": "max-age=63072000", "X-Content-Type-Options": "nosniff",
			"Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY", "Cache-Control": "no-store",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		policy := w.Header().Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'self'", "script-src 'self';", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: the policy lacks %s: %s", path, part, policy)
			}
		}
		if strings.Contains(policy, "unsafe") || !strings.Contains(w.Header().Get("Permissions-Policy"), "camera=()") {
			t.Errorf("%s: got %s, %s", path, policy, w.Header().Get("Permissions-Policy"))
		}
		id := w.Header().Get("X-Request-Id")
		if id == "" || id == "mine" || ids[id] {
			t.Errorf("%s: request id %q", path, id)
		}
		ids[id] = true
	}
}

func TestSecurityHeadersVary(t *testing.T) {
	s, _ := newTest(t, func(o *Options) {
		o.PublicURL = &url.URL{Scheme: "http", Host: "localhost:8080"}
		o.FrameAncestors = []string{"https://demo.example", "https://b.example"}
	})
	h := s.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Cache-Control", "public") }))
	header := ask(h, "GET", "/", nil).Header()
	if s.Secure() || header.Get("Strict-Transport-Security") != "" || header.Get("X-Frame-Options") != "" {
		t.Errorf("got %v", header)
	}
	if policy := header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, "frame-ancestors https://demo.example https://b.example") {
		t.Errorf("got %s", policy)
	}
	if header.Get("Cache-Control") != "public" {
		t.Error("a handler cannot choose its caching")
	}
	header.Set("Referrer-Policy", "unsafe-url") // of this answer alone
	if got := ask(h, "GET", "/", nil).Header().Get("Referrer-Policy"); got != "no-referrer" {
		t.Errorf("the next answer has %s", got)
	}
}

func TestCrossSiteChanges(t *testing.T) {
	s, _ := newTest(t, nil)
	h := s.Handler(ok)
	for name, tc := range map[string]struct {
		method, target string
		headers        []string
		allowed        bool
	}{
		"read from elsewhere":        {"GET", "/api/v1/x", []string{"Sec-Fetch-Site", "cross-site"}, true},
		"own page":                   {"POST", "/api/v1/x", []string{"Sec-Fetch-Site", "same-origin"}, true},
		"typed by hand":              {"POST", "/api/v1/x", []string{"Sec-Fetch-Site", "none"}, true},
		"other site":                 {"POST", "/api/v1/x", []string{"Sec-Fetch-Site", "cross-site"}, false},
		"sibling site":               {"DELETE", "/api/v1/x", []string{"Sec-Fetch-Site", "same-site"}, false},
		"other origin":               {"PUT", "/api/v1/x", []string{"Origin", "https://evil.example"}, false},
		"null origin":                {"POST", "/api/v1/x", []string{"Origin", "null"}, false},
		"own origin behind a proxy":  {"POST", "/api/v1/x", []string{"Origin", "https://desk.example"}, true},
		"own name by plain http":     {"POST", "/api/v1/x", []string{"Origin", "http://desk.example"}, false},
		"no browser":                 {"POST", "/api/v1/x", nil, true},
		"bearer from elsewhere":      {"POST", "/api/v1/x", []string{"Sec-Fetch-Site", "cross-site", "Authorization", "Bearer bo_x"}, true},
		"basic from elsewhere":       {"POST", "/api/v1/x", []string{"Sec-Fetch-Site", "cross-site", "Authorization", "Basic eDp5"}, false},
		"webhook":                    {"POST", "/hooks/whatsapp/1", []string{"Sec-Fetch-Site", "cross-site"}, true},
		"webhook path in disguise":   {"POST", "/hooks/../api/v1/x", []string{"Sec-Fetch-Site", "cross-site"}, false},
		"webhook path with a double": {"POST", "/hooks//x", []string{"Sec-Fetch-Site", "cross-site"}, false},
		"something like a webhook":   {"POST", "/hooksx", []string{"Sec-Fetch-Site", "cross-site"}, false},
	} {
		w := ask(h, tc.method, "http://10.0.0.1"+tc.target, nil, tc.headers...)
		if tc.allowed {
			if w.Code != http.StatusOK {
				t.Errorf("%s: got %d", name, w.Code)
			}
			continue
		}
		if p := problemOf(t, w); p.Code != desk.CodeForbidden {
			t.Errorf("%s: got %+v", name, p)
		}
	}
}

func TestBodyLimits(t *testing.T) {
	s, _ := newTest(t, func(o *Options) {
		o.BodyLimits = []BodyLimit{{"/api/v1/files", 10}, {"/api/v1/files/big", 4 << 20}, {"/hooks/tiny", 5}}
	})
	h := s.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil {
			WriteProblem(w, r, fmt.Errorf("read: %w", err))
			return
		}
		_, _ = fmt.Fprint(w, n)
	}))
	for path, limit := range map[string]int{
		"/api/v1/x": 1 << 20, "/": 1 << 20, "/hooks/whatsapp/1": 3 << 20, "/hooks/../api": 1 << 20,
		"/api/v1/files/a": 10, "/api/v1/files/big/b": 4 << 20, "/hooks/tiny": 5,
	} {
		if w := ask(h, "POST", path, bytes.NewReader(make([]byte, limit))); w.Code != http.StatusOK {
			t.Errorf("%s: %d bytes: got %d", path, limit, w.Code)
		}
		w := ask(h, "POST", path, bytes.NewReader(make([]byte, limit+1)))
		if p := problemOf(t, w); p.Status != http.StatusRequestEntityTooLarge || p.Code != desk.CodeInvalid {
			t.Errorf("%s: one byte more: got %+v", path, p)
		}
	}
}

func TestPanic(t *testing.T) {
	s, j := newTest(t, nil)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /text", func(http.ResponseWriter, *http.Request) { panic("Erika Muster +49171") })
	mux.HandleFunc("GET /error", func(http.ResponseWriter, *http.Request) { panic(errors.New("Erika Muster")) })
	mux.HandleFunc("GET /runtime", func(_ http.ResponseWriter, r *http.Request) { _ = strings.Split(r.URL.Path, "/")[99] })
	for path, kind := range map[string]string{"/text": "string", "/error": "*errors.errorString", "/runtime": "index out of range"} {
		w := ask(s.Handler(mux), "GET", path+"?name=Erika", nil)
		if p := problemOf(t, w); p.Code != desk.CodeInternal || strings.Contains(w.Body.String(), "Erika") {
			t.Errorf("%s: got %s", path, w.Body)
		}
		if got := j.String(); !strings.Contains(got, kind) || !strings.Contains(got, `"route":"`+path+`"`) || !strings.Contains(got, "httpd_test.go:") {
			t.Errorf("%s: logged %s", path, got)
		}
	}
	if got := j.String(); strings.Contains(got, "Erika") || strings.Contains(got, "/internal/httpd/") {
		t.Errorf("logged %s", got)
	}
}

// Once part of an answer is under way, the connection is cut: the caller must not take
// the part for the whole.
func TestPanicInMidAnswer(t *testing.T) {
	s, j := newTest(t, nil)
	for name, value := range map[string]any{"panic": "x", "abort": http.ErrAbortHandler} {
		func() {
			defer func() {
				if v := recover(); v != http.ErrAbortHandler { //nolint:errorlint // net/http compares so too
					t.Errorf("%s: got %v", name, v)
				}
			}()
			ask(s.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, "half")
				panic(value)
			})), "GET", "/", nil)
		}()
		if entry := j.last(t); entry["aborted"] != true || entry["status"] != float64(200) || entry["bytes"] != float64(4) {
			t.Errorf("%s: logged %v", name, entry)
		}
	}
}

func TestRequestLog(t *testing.T) {
	s, j := newTest(t, nil)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/contacts/{id}", func(w http.ResponseWriter, r *http.Request) {
		if RequestID(r.Context()) != w.Header().Get("X-Request-Id") {
			t.Error("the context holds another request id")
		}
		_, _ = io.WriteString(w, "12345")
	})
	mux.HandleFunc("GET /healthz", ok)
	mux.HandleFunc("GET /broken", func(w http.ResponseWriter, r *http.Request) { WriteProblem(w, r, errors.New("disk is full")) })
	h := s.Handler(mux)
	w := ask(h, "GET", "/api/v1/contacts/secret-id?phone=secret-phone", nil,
		"User-Agent", "secret-agent", "Cookie", "a=secret", "X-Forwarded-For", "192.0.2.77", "Authorization", "Bearer secret", "Referer", "https://secret.example")
	entry := j.last(t)
	for name, want := range map[string]any{
		"msg": "request", "level": "INFO", "method": "GET", "route": "/api/v1/contacts/{id}", "status": 200.0, "bytes": 5.0,
		"request_id": w.Header().Get("X-Request-Id"),
	} {
		if entry[name] != want {
			t.Errorf("%s is %v, want %v", name, entry[name], want)
		}
	}
	ask(h, "SECRET", "/secret-path", nil)
	if entry := j.last(t); entry["route"] != "none" || entry["method"] != "other" || entry["status"] != 404.0 {
		t.Errorf("logged %v", entry)
	}
	ask(h, "GET", "/healthz", nil)
	if entry := j.last(t); entry["level"] != "DEBUG" {
		t.Errorf("logged %v", entry)
	}
	if body := ask(h, "GET", "/broken", nil).Body.String(); strings.Contains(body, "disk") {
		t.Errorf("answered %s", body)
	}
	if entry := j.last(t); entry["level"] != "ERROR" || entry["cause"] != "disk is full" {
		t.Errorf("logged %v", entry)
	}
	for _, private := range []string{"secret", "SECRET", "192.0.2"} {
		if strings.Contains(j.String(), private) {
			t.Errorf("the log shows %s: %s", private, j)
		}
	}
}

func TestNothingMatches(t *testing.T) {
	s, j := newTest(t, nil)
	mux := http.NewServeMux()
	mux.Handle("GET /thing", ok)
	mux.HandleFunc("GET /own", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "my own words", http.StatusNotFound) })
	h := s.Handler(mux)
	if p := problemOf(t, ask(h, "GET", "/nothing/secret", nil)); p.Code != desk.CodeNotFound || strings.Contains(p.Detail, "secret") {
		t.Errorf("got %+v", p)
	}
	w := ask(h, "POST", "/thing", nil)
	if p := problemOf(t, w); p.Status != http.StatusMethodNotAllowed || !strings.Contains(w.Header().Get("Allow"), "GET") {
		t.Errorf("got %+v, Allow %q", p, w.Header().Get("Allow"))
	}
	if entry := j.last(t); entry["status"] != 405.0 {
		t.Errorf("logged %v", entry)
	}
	if w := ask(h, "GET", "/own", nil); w.Body.String() != "my own words\n" {
		t.Errorf("a route's own answer became %s", w.Body)
	}
	if w := ask(h, "HEAD", "/nothing", nil); w.Code != http.StatusNotFound || w.Body.Len() != 0 {
		t.Errorf("HEAD: got %d, %s", w.Code, w.Body)
	}
}

func TestClient(t *testing.T) {
	s, _ := newTest(t, func(o *Options) {
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	})
	for name, tc := range map[string]struct {
		peer    string
		forward []string
		want    string
	}{
		"direct":                   {"192.0.2.1:5", nil, "192.0.2.1"},
		"direct, claims another":   {"192.0.2.1:5", []string{"8.8.8.8"}, "192.0.2.1"},
		"one proxy":                {"10.0.0.1:5", []string{"192.0.2.7"}, "192.0.2.7"},
		"proxy says nothing":       {"10.0.0.1:5", nil, "10.0.0.1"},
		"planted to the left":      {"10.0.0.1:5", []string{"8.8.8.8, 192.0.2.7"}, "192.0.2.7"},
		"two proxies":              {"10.0.0.1:5", []string{"192.0.2.7, 10.0.0.2"}, "192.0.2.7"},
		"two lines":                {"10.0.0.1:5", []string{"8.8.8.8", "192.0.2.7,10.0.0.2"}, "192.0.2.7"},
		"all are proxies":          {"10.0.0.1:5", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		"no address":               {"10.0.0.1:5", []string{"192.0.2.7, unknown, 10.0.0.2"}, "10.0.0.2"},
		"with port":                {"10.0.0.1:5", []string{"192.0.2.7:4711"}, "192.0.2.7"},
		"IPv6 with port":           {"[fd00::1]:5", []string{"[2001:db8::9]:4711"}, "2001:db8::9"},
		"IPv6 in brackets":         {"[fd00::1]:5", []string{"[2001:db8::9]"}, "2001:db8::9"},
		"IPv4 dressed as IPv6":     {"[::ffff:10.0.0.1]:5", []string{"::ffff:192.0.2.7"}, "192.0.2.7"},
		"zone":                     {"[fe80::1%eth0]:5", nil, "fe80::1"},
		"peer of no known address": {"@", []string{"192.0.2.7"}, "invalid IP"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = tc.peer
		for _, line := range tc.forward {
			r.Header.Add("X-Forwarded-For", line)
		}
		if got := s.Client(r).String(); got != tc.want {
			t.Errorf("%s: got %s, want %s", name, got, tc.want)
		}
	}
}
