package egress

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// world is a TLS server that stands for every public address, and a Dialer that
// reaches it by the names it is given.
type world struct {
	*Dialer
	server *httptest.Server
	plain  *httptest.Server
	to     *reached
	asked  *reached // host and path of each request, host alone for a CONNECT
}

func newWorld(t *testing.T, cfg Config, declared ...Declaration) *world {
	t.Helper()
	w := &world{to: &reached{}, asked: &reached{}}
	answer := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.asked.add(r.Host + r.URL.Path)
		if to := r.URL.Query().Get("to"); to != "" {
			http.Redirect(rw, r, to, http.StatusTemporaryRedirect)
			return
		}
		_, _ = io.WriteString(rw, r.Proto)
	})
	w.server = httptest.NewUnstartedServer(answer)
	w.server.EnableHTTP2 = true
	w.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	w.server.StartTLS()
	t.Cleanup(w.server.Close)
	w.plain = httptest.NewServer(answer)
	t.Cleanup(w.plain.Close)
	cfg.ExtraCA = x509.NewCertPool()
	cfg.ExtraCA.AddCert(w.server.Certificate())
	cfg.Resolver = &names{to: map[string][]string{
		"example.com": {"8.8.8.8"}, "evil.example": {"8.8.4.4"}, "inside.example": {"127.0.0.1"}, "proxy.example": {"10.0.0.8"},
	}}
	d, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range declared {
		if err := d.Declare(decl); err != nil {
			t.Fatal(err)
		}
	}
	d.connect = func(ctx context.Context, network, address string) (net.Conn, error) {
		w.to.add(address)
		server := w.server
		if !strings.HasSuffix(address, ":443") {
			server = w.plain
		}
		return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
	}
	w.Dialer = d
	return w
}

func (w *world) client(t *testing.T) *http.Client {
	t.Helper()
	c := w.HTTPClient(Timeouts{})
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func get(t *testing.T, c *http.Client, address string) (body string, err error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return do(t, c, req)
}

func do(t *testing.T, c *http.Client, req *http.Request) (body string, err error) {
	t.Helper()
	resp, err := c.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return string(text), err
}

var (
	example = Declaration{Purpose: "test", Host: "example.com", Port: 443, Processor: "Example"}
	own     = Declaration{Purpose: "test", Host: "inside.example", Port: 80, Own: true}
)

func TestClientReachesTheDeclared(t *testing.T) {
	w := newWorld(t, Config{}, example, own)
	c := w.client(t)
	if got, err := get(t, c, "https://example.com/v25.0/x"); err != nil || got != "HTTP/2.0" {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := get(t, c, "http://inside.example/metrics"); err != nil || got != "HTTP/1.1" {
		t.Errorf("got %q, %v", got, err)
	}
	if got := w.to.String(); got != "8.8.8.8:443 127.0.0.1:80" {
		t.Errorf("connected to %s", got)
	}
}

// closing notes that a request's body was closed, as a RoundTripper must.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

func TestClientRefuses(t *testing.T) {
	plainText := example
	plainText.Port = 80
	loopback := Declaration{Purpose: "test", Host: "127.0.0.1", Port: 443, Processor: "Example"}
	rebound := Declaration{Purpose: "test", Host: "inside.example", Port: 443, Processor: "Example"}
	for name, tc := range map[string]struct {
		url   string
		host  string
		cause error
	}{
		"undeclared host":    {"https://evil.example/", "", ErrUndeclared},
		"undeclared port":    {"https://example.com:444/", "", ErrUndeclared},
		"plain http":         {"http://example.com/", "", ErrPlaintext},
		"plain http on 443":  {"http://example.com:443/", "", ErrPlaintext},
		"other host inside":  {"https://example.com/", "evil.example", ErrUndeclared},
		"loopback literal":   {"https://127.0.0.1/", "", ErrAddress},
		"loopback in IPv6":   {"https://[::ffff:127.0.0.1]/", "", ErrAddress},
		"name turned inside": {"https://inside.example/", "", ErrAddress},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, Config{}, example, plainText, loopback, rebound)
			body := &closing{Reader: strings.NewReader("secret")}
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, tc.url+"path-secret?q=secret", body)
			if err != nil {
				t.Fatal(err)
			}
			req.Host = tc.host
			_, err = do(t, w.client(t), req)
			wantDenied(t, err, tc.cause)
			var denied *Denied
			if errors.As(err, &denied) && strings.Contains(denied.Error(), "secret") {
				t.Errorf("the error repeats the request: %v", denied)
			}
			if !body.closed {
				t.Error("the body was left open")
			}
			if w.to.String() != "" || w.asked.String() != "" {
				t.Errorf("connected to %q, asked %q", w.to, w.asked)
			}
		})
	}
}

// What lies below the *url.Error of net/http says nothing of the request either.
func TestClientErrorsAreDiscreet(t *testing.T) {
	w := newWorld(t, Config{}, example, Declaration{Purpose: "gone", Host: "gone.example", Port: 443, Processor: "X"})
	c := w.client(t)
	connect := w.connect
	w.connect = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("refused") }
	for _, address := range []string{"https://example.com", "https://gone.example", "https://1.2.3.4.5", "https://example..com"} {
		_, err := get(t, c, address+"/secret?q=secret#secret")
		var outer *url.Error
		if !errors.As(err, &outer) || strings.Contains(outer.Err.Error(), "secret") {
			t.Errorf("%s: got %v", address, err)
		}
	}
	w.connect = connect
	w.server.Config.Handler = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	_, err := get(t, c, "https://example.com/secret?q=secret")
	var outer *url.Error
	if !errors.As(err, &outer) || strings.Contains(outer.Err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
}

func TestClientRedirects(t *testing.T) {
	w := newWorld(t, Config{}, example)
	c := w.client(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://example.com/?to=https://example.com/next", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusTemporaryRedirect || resp.Header.Get("Location") != "https://example.com/next" {
		t.Errorf("got %s to %s", resp.Status, resp.Header.Get("Location"))
	}
	if got := w.asked.String(); got != "example.com/" {
		t.Errorf("asked for %s", got)
	}
	c.CheckRedirect = nil // a caller that follows is still held by the gate
	for to, cause := range map[string]error{
		"https://evil.example/": ErrUndeclared, "http://example.com:443/": ErrPlaintext, "https://127.0.0.1/": ErrUndeclared,
	} {
		_, err := get(t, c, "https://example.com/?to="+to)
		wantDenied(t, err, cause)
	}
	if got := w.to.String(); got != "8.8.8.8:443" {
		t.Errorf("connected to %s", got)
	}
}

// A connection in the pool is no way around a withdrawn declaration.
func TestWithdrawCutsThePool(t *testing.T) {
	w := newWorld(t, Config{}, example)
	c := w.client(t)
	if _, err := get(t, c, "https://example.com/"); err != nil {
		t.Fatal(err)
	}
	w.Withdraw(example)
	_, err := get(t, c, "https://example.com/")
	wantDenied(t, err, ErrUndeclared)
	if err := w.Declare(example); err != nil {
		t.Fatal(err)
	}
	if _, err := get(t, c, "https://example.com/"); err != nil {
		t.Error(err)
	}
	if got := w.asked.String(); got != "example.com/ example.com/" {
		t.Errorf("asked for %s", got)
	}
}

func TestClientTLS(t *testing.T) {
	w := newWorld(t, Config{}, example, Declaration{Purpose: "x", Host: "evil.example", Port: 443, Processor: "X"})
	c := w.client(t)
	_, err := get(t, c, "https://evil.example/") // the certificate is for example.com
	var wrong x509.HostnameError
	if !errors.As(err, &wrong) {
		t.Errorf("got %v, want a wrong host name", err)
	}
	w.server.TLS.MaxVersion = tls.VersionTLS11
	w.server.TLS.MinVersion = tls.VersionTLS10
	c.CloseIdleConnections()
	if _, err := get(t, c, "https://example.com/"); err == nil {
		t.Error("TLS 1.1 was spoken")
	}
	if w.asked.String() != "" {
		t.Errorf("asked for %s", w.asked)
	}
}

func TestClientTimeouts(t *testing.T) {
	w := newWorld(t, Config{}, example)
	release := make(chan struct{})
	w.server.Config.Handler = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	for name, limits := range map[string]Timeouts{
		"total": {Total: 50 * time.Millisecond}, "answer": {Answer: 50 * time.Millisecond},
	} {
		c := w.HTTPClient(limits)
		_, err := get(t, c, "https://example.com/")
		var slow net.Error
		if !errors.As(err, &slow) || !slow.Timeout() {
			t.Errorf("%s: got %v", name, err)
		}
		c.CloseIdleConnections()
	}
}

func TestClientIgnoresTheEnvironment(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy"} {
		t.Setenv(name, "http://evil.example:3128")
	}
	w := newWorld(t, Config{}, example)
	if _, err := get(t, w.client(t), "https://example.com/"); err != nil {
		t.Fatal(err)
	}
	if got := w.to.String(); got != "8.8.8.8:443" {
		t.Errorf("connected to %s", got)
	}
}
