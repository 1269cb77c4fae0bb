package httpd

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// running is a Server at work on a port of loopback.
type running struct {
	*Server
	url  string
	stop context.CancelFunc
	done chan error
	http *http.Client
}

func start(t *testing.T, routes func(*Server) http.Handler, change func(*Options)) *running {
	t.Helper()
	s, _ := newTest(t, change)
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	r := &running{Server: s, url: "http://" + ln.Addr().String(), stop: stop, done: make(chan error, 1), http: &http.Client{Transport: &http.Transport{}}}
	go func() { r.done <- s.Serve(ctx, ln, routes(s)) }()
	t.Cleanup(func() { stop(); r.http.CloseIdleConnections() })
	return r
}

func (r *running) get(t *testing.T, path string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := r.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}

// At a shutdown streams end at once, and a request under way is finished.
func TestShutdown(t *testing.T) {
	working, finish := make(chan struct{}), make(chan struct{})
	r := start(t, func(s *Server) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("GET /stream", s.Stream(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "first\n")
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
			_, _ = io.WriteString(w, "last\n")
		})))
		mux.HandleFunc("GET /work", func(w http.ResponseWriter, r *http.Request) {
			close(working)
			<-finish
			if r.Context().Err() != nil {
				t.Error("the request was cut")
			}
			_, _ = io.WriteString(w, "done")
		})
		return mux
	}, nil)
	stream := bufio.NewReader(r.get(t, "/stream").Body)
	if line, err := stream.ReadString('\n'); line != "first\n" {
		t.Fatalf("got %q, %v", line, err)
	}
	work := make(chan string)
	go func() {
		resp, err := r.http.Get(r.url + "/work")
		if err != nil {
			work <- err.Error()
			return
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body)
		work <- string(text)
	}()
	<-working
	r.stop()
	if rest, err := io.ReadAll(stream); string(rest) != "last\n" || err != nil {
		t.Errorf("the stream ended with %q, %v", rest, err)
	}
	select {
	case err := <-r.done:
		t.Fatalf("returned with a request under way: %v", err)
	default:
	}
	close(finish)
	if got := <-work; got != "done" {
		t.Errorf("got %s", got)
	}
	if err := <-r.done; err != nil {
		t.Errorf("got %v", err)
	}
}

func TestShutdownLosesPatience(t *testing.T) {
	working := make(chan struct{})
	r := start(t, func(*Server) http.Handler {
		return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			close(working)
			<-r.Context().Done()
		})
	}, func(o *Options) { o.ShutdownTimeout = 20 * time.Millisecond })
	lost := make(chan error)
	go func() {
		resp, err := r.http.Get(r.url)
		if err == nil {
			_ = resp.Body.Close()
		}
		lost <- err
	}()
	<-working
	r.stop()
	if err := <-r.done; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	<-lost
}

// deadlines is a writer that notes the deadlines set on it.
type deadlines struct {
	http.ResponseWriter
	read, write []time.Time
}

func (d *deadlines) SetReadDeadline(at time.Time) error  { d.read = append(d.read, at); return nil }
func (d *deadlines) SetWriteDeadline(at time.Time) error { d.write = append(d.write, at); return nil }

func TestStreamLiftsTimeouts(t *testing.T) {
	s, _ := newTest(t, nil)
	d := &deadlines{}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Stream(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if len(d.read) != 1 || !d.read[0].IsZero() || len(d.write) != 1 || !d.write[0].IsZero() {
			t.Errorf("got %v, %v", d.read, d.write)
		}
		s.close()
		<-r.Context().Done()
	})).ServeHTTP(&answer{ResponseWriter: d}, r)
	srv := newServer(ok, s.o.Log)
	if srv.ReadHeaderTimeout == 0 || srv.ReadTimeout == 0 || srv.WriteTimeout == 0 || srv.IdleTimeout == 0 || srv.MaxHeaderBytes == 0 {
		t.Error("a timeout or a limit is missing")
	}
}

func TestServeFails(t *testing.T) {
	r := start(t, func(*Server) http.Handler { return ok }, nil)
	second, _ := newTest(t, func(o *Options) { o.Listen = strings.TrimPrefix(r.url, "http://") })
	if err := second.Run(t.Context(), ok); err == nil || !strings.Contains(err.Error(), "listen on") {
		t.Errorf("got %v", err)
	}
	if resp := r.get(t, "/"); resp.StatusCode != 200 {
		t.Errorf("got %s", resp.Status)
	}
	r.stop()
	if err := <-r.done; err != nil {
		t.Error(err)
	}
}

func TestMetrics(t *testing.T) {
	m := NewMetrics()
	s, _ := newTest(t, func(o *Options) { o.Metrics = m })
	mux := http.NewServeMux()
	mux.Handle("GET /api/v1/contacts/{id}", ok)
	ask(s.Handler(mux), "GET", "/api/v1/contacts/secret?secret", nil)
	ask(s.Handler(mux), "SECRET", "/secret", nil)
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- m.Serve(ctx, ln, s.o.Log) }()
	r := &running{url: "http://" + ln.Addr().String(), http: &http.Client{Transport: &http.Transport{}}}
	resp := r.get(t, "/metrics")
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`botschaft_http_requests_total{method="GET",route="/api/v1/contacts/{id}",status="200"} 1`,
		`botschaft_http_requests_total{method="other",route="none",status="404"} 1`,
		`botschaft_http_request_seconds_count{route="none"} 1`, "go_goroutines", "process_",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("lacks %s", want)
		}
	}
	if strings.Contains(strings.ToLower(string(text)), "secret") {
		t.Error("a label holds what a caller chose")
	}
	if resp := r.get(t, "/other"); resp.StatusCode != http.StatusNotFound {
		t.Errorf("got %s", resp.Status)
	}
	r.http.CloseIdleConnections()
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// issue writes a certificate for name and its key, both dated at.
func issue(t *testing.T, dir, name string, at time.Time) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: pkcs}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

func TestCertificateIsReadAgain(t *testing.T) {
	dir, now := t.TempDir(), noon
	cert, key := issue(t, dir, "one.example", noon)
	c, err := newCertificates(cert, key, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	name := func() string {
		t.Helper()
		pair, err := c.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		return pair.Leaf.Subject.CommonName
	}
	issue(t, dir, "two.example", noon.Add(time.Second))
	now = now.Add(time.Minute - 1)
	if got := name(); got != "one.example" {
		t.Errorf("read again too early: %s", got)
	}
	now = now.Add(1)
	if got := name(); got != "two.example" {
		t.Errorf("got %s after the renewal", got)
	}
	if err := os.WriteFile(cert, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Minute)
	if got := name(); got != "two.example" {
		t.Errorf("got %s while the renewal is half written", got)
	}
	issue(t, dir, "three.example", noon.Add(time.Hour))
	now = now.Add(time.Minute)
	if got := name(); got != "three.example" {
		t.Errorf("got %s after the second renewal", got)
	}
	if err := os.Remove(cert); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Minute)
	if got := name(); got != "three.example" {
		t.Errorf("got %s without a file", got)
	}
}

func TestServeTLS(t *testing.T) {
	cert, key := issue(t, t.TempDir(), "desk.example", noon)
	r := start(t, func(*Server) http.Handler { return ok }, func(o *Options) { o.TLSCertFile, o.TLSKeyFile = cert, key })
	text, err := os.ReadFile(cert)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	r.url = strings.Replace(r.url, "http:", "https:", 1)
	r.http.Transport = &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: pool, ServerName: "desk.example"}}
	if resp := r.get(t, "/"); resp.StatusCode != 200 || resp.ProtoMajor != 2 {
		t.Errorf("got %s by %s", resp.Status, resp.Proto)
	}
	old := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, ServerName: "desk.example", MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}}}
	if resp, err := old.Get(r.url); err == nil {
		_ = resp.Body.Close()
		t.Error("TLS 1.1 is spoken")
	}
	r.http.CloseIdleConnections()
	r.stop()
	if err := <-r.done; err != nil {
		t.Error(err)
	}
}

// What net/http says about connections names no addresses.
func TestFaultsNameNobody(t *testing.T) {
	s, j := newTest(t, nil)
	srv := newServer(ok, s.o.Log)
	srv.ErrorLog.Print("http: TLS handshake error from 192.0.2.1:4711: EOF")
	srv.ErrorLog.Print("http: panic serving 192.0.2.1:4711: secret")
	srv.ErrorLog.Print("http: Accept error: too many open files")
	got := j.String()
	if strings.Contains(got, "192.0.2.1") || strings.Contains(got, "secret") || !strings.Contains(got, "too many open files") {
		t.Errorf("logged %s", got)
	}
}
