package egress

import (
	"context"
	"encoding/base64"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
)

// tunnel is a proxy that notes the destinations it was asked for and leads all of them
// to one server.
func tunnel(t *testing.T, to net.Addr) (proxy *httptest.Server, asked *reached) {
	t.Helper()
	asked = &reached{}
	var open sync.WaitGroup
	proxy = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if want := "Basic " + base64.StdEncoding.EncodeToString([]byte("desk:word")); r.Method != http.MethodConnect || r.Header.Get("Proxy-Authorization") != want {
			asked.add("!" + r.Method + " " + r.Host)
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		asked.add(r.Host)
		there, err := net.Dial(to.Network(), to.String())
		if err != nil {
			t.Error(err)
			return
		}
		here, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(here, "HTTP/1.1 200 OK\r\n\r\n")
		pipe := func(a, b net.Conn) { _, _ = io.Copy(a, b); _ = a.Close(); _ = b.Close() }
		open.Go(func() { pipe(here, there) })
		open.Go(func() { pipe(there, here) })
	}))
	t.Cleanup(func() { proxy.Close(); open.Wait() })
	return proxy, asked
}

func TestProxy(t *testing.T) {
	literal := Declaration{Purpose: "x", Host: "10.0.0.9", Port: 443, Processor: "X"}
	w := newWorld(t, Config{Proxy: &url.URL{Scheme: "http", Host: "proxy.example:3128", User: url.UserPassword("desk", "word")}}, example, own, literal)
	proxy, asked := tunnel(t, w.server.Listener.Addr())
	direct := w.connect
	w.connect = func(ctx context.Context, network, address string) (net.Conn, error) {
		if address != "10.0.0.8:3128" {
			return direct(ctx, network, address)
		}
		w.to.add(address)
		return new(net.Dialer).DialContext(ctx, network, proxy.Listener.Addr().String())
	}
	c := w.client(t)
	if _, err := get(t, c, "https://example.com/"); err != nil {
		t.Fatal(err)
	}
	if got := asked.String() + ", " + w.to.String(); got != "example.com:443, 10.0.0.8:3128" {
		t.Errorf("asked for and connected to %s", got)
	}
	if _, err := get(t, c, "http://inside.example/"); err != nil { // own: this side of the proxy
		t.Error(err)
	}
	if got := w.to.String(); got != "10.0.0.8:3128 127.0.0.1:80" {
		t.Errorf("connected to %s", got)
	}
	for address, cause := range map[string]error{
		"https://evil.example/": ErrUndeclared, "http://example.com:443/": ErrPlaintext, "https://10.0.0.9/": ErrAddress,
	} {
		_, err := get(t, c, address)
		wantDenied(t, err, cause)
	}
	if got := asked.String(); got != "example.com:443" {
		t.Errorf("the proxy was asked for %s", got)
	}
}

func TestProxyIsDeclared(t *testing.T) {
	d, err := New(Config{Proxy: &url.URL{Scheme: "https", Host: "Proxy.example"}})
	if err != nil {
		t.Fatal(err)
	}
	want := Declaration{Purpose: "proxy", Host: "proxy.example", Port: 443, Own: true}
	if got := d.Declarations(); len(got) != 1 || got[0] != want {
		t.Errorf("got %+v", got)
	}
	for _, bad := range []string{"socks5://proxy.example:1080", "//proxy.example", "http://", "http://proxy.example:0", "http://pr_ö.example"} {
		u, err := url.Parse(bad)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := New(Config{Proxy: u}); err == nil {
			t.Errorf("%s is taken for a proxy", bad)
		}
	}
}

func TestWithSystemCA(t *testing.T) {
	for _, bad := range []string{"", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"} {
		if _, err := WithSystemCA([]byte(bad)); err == nil {
			t.Errorf("%q is taken for a bundle", bad)
		}
	}
	w := newWorld(t, Config{}, example)
	pool, err := WithSystemCA(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: w.server.Certificate().Raw}))
	if err != nil {
		t.Fatal(err)
	}
	w.cfg.ExtraCA = pool
	if _, err := get(t, w.client(t), "https://example.com/"); err != nil {
		t.Error(err)
	}
}
