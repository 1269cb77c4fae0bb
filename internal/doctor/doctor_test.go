package doctor_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"botschaft/internal/config"
	"botschaft/internal/diagnosis"
	"botschaft/internal/doctor"
	"botschaft/internal/egress"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// authority signs certificates for the names of a test.
type authority struct {
	t    testing.TB
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pool *x509.CertPool
}

func newAuthority(t testing.TB) *authority {
	a := &authority{t: t, pool: x509.NewCertPool()}
	a.cert, a.key = &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), KeyUsage: x509.KeyUsageCertSign}, newKey(t)
	der, err := x509.CreateCertificate(rand.Reader, a.cert, a.cert, a.key.Public(), a.key)
	must(t, err)
	a.cert, err = x509.ParseCertificate(der)
	must(t, err)
	a.pool.AddCert(a.cert)
	return a
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	return key
}

// files writes a certificate for 127.0.0.1, or another name, that ends after life.
func (a *authority) files(life time.Duration, names ...string) (cert, key string) {
	own := newKey(a.t)
	c := &x509.Certificate{SerialNumber: big.NewInt(2), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(life), DNSNames: names}
	if len(names) == 0 {
		c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	der, err := x509.CreateCertificate(rand.Reader, c, a.cert, own.Public(), a.key)
	must(a.t, err)
	raw, err := x509.MarshalPKCS8PrivateKey(own)
	must(a.t, err)
	dir := a.t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	must(a.t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	must(a.t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}), 0o600))
	return cert, key
}

// look looks at an empty directory, configured by the environment.
func look(t testing.TB, trusted *x509.CertPool, environ ...string) diagnosis.Facts {
	t.Helper()
	dir := t.TempDir()
	cfg, err := config.Load(config.Sources{Environ: append([]string{"BOTSCHAFT_LISTEN=127.0.0.1:1", "BOTSCHAFT_DATA_DIR=" + dir}, environ...)})
	must(t, err)
	return newDoctor(t, cfg, trusted).Look(t.Context())
}

func newDoctor(t testing.TB, cfg config.Config, trusted *x509.CertPool) *doctor.Doctor {
	t.Helper()
	dialer, err := egress.New(egress.Config{})
	must(t, err)
	return doctor.New(doctor.Uses{Config: cfg, Data: "sqlite:" + cfg.Database.Path, Vault: "sqlite:" + cfg.Vault.Path,
		Temp: t.TempDir(), Dialer: dialer, Trusted: trusted, Now: time.Now, Patience: time.Second})
}

// TestPublicURL asks servers with certificates that are right and wrong.
func TestPublicURL(t *testing.T) {
	ca := newAuthority(t)
	for name, c := range map[string]struct {
		life  time.Duration
		names []string
		trust *x509.CertPool
		want  string // the certificate's Findings that are not well
	}{
		"right":     {life: 10 * 7 * 24 * time.Hour, trust: ca.pool},
		"ends soon": {life: 20 * 24 * time.Hour, trust: ca.pool, want: "warning valid until"},
		"ended":     {life: -time.Minute, trust: ca.pool, want: "problem ended"},
		"name":      {life: 10 * 7 * 24 * time.Hour, names: []string{"other.example"}, trust: ca.pool, want: "problem is not for 127.0.0.1"},
		"stranger":  {life: 10 * 7 * 24 * time.Hour, trust: x509.NewCertPool(), want: "problem is not trusted"},
	} {
		t.Run(name, func(t *testing.T) {
			cert, key := ca.files(c.life, c.names...)
			pair, err := tls.LoadX509KeyPair(cert, key)
			must(t, err)
			s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Strict-Transport-Security", "max-age=1")
				if r.URL.Path != "/healthz" {
					w.WriteHeader(http.StatusNotFound)
				}
			}))
			s.Config.ErrorLog = log.New(io.Discard, "", 0)
			s.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
			s.StartTLS()
			defer s.Close()
			f := look(t, c.trust, "BOTSCHAFT_PUBLIC_URL="+s.URL, "BOTSCHAFT_TLS_CERT_FILE="+cert, "BOTSCHAFT_TLS_KEY_FILE="+key)
			if p := f.Public; p.Status != http.StatusOK || !p.HSTS || p.Trouble != "" || p.Certificate == nil {
				t.Fatalf("got %+v", p)
			}
			if f.Pair == nil || *f.Public.Certificate != f.Pair.Certificate {
				t.Errorf("shown is %+v, the files hold %+v", f.Public.Certificate, f.Pair)
			}
			got := ""
			f.Pair, f.Public.Loopback = nil, false
			for _, x := range diagnosis.Examine(f) {
				if x.Check == "certificate" && x.Severity != diagnosis.OK {
					got = string(x.Severity) + " " + x.Found
				}
			}
			if !strings.HasPrefix(got, c.want) || (got == "") != (c.want == "") {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestServing finds a server that is ready, one that is not, and something else.
func TestServing(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want diagnosis.Serving
	}{
		"ready":     {`{"ready":true,"checks":{"disk":"ok"}}`, diagnosis.Serving{Answers: true, Ready: true}},
		"not ready": {`{"ready":false,"checks":{"disk":"is full","clock":"ok"}}`, diagnosis.Serving{Answers: true, Checks: map[string]string{"disk": "is full"}}},
		"stranger":  {`<html>`, diagnosis.Serving{Trouble: "what answers there is not ours"}},
		"mute":      {``, diagnosis.Serving{Trouble: "what answers there is not ours"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, c.body) }))
			defer s.Close()
			got := look(t, nil, "BOTSCHAFT_LISTEN="+strings.TrimPrefix(s.URL, "http://")).Serving
			if got.Answers != c.want.Answers || got.Ready != c.want.Ready || got.Checks["disk"] != c.want.Checks["disk"] || len(got.Checks) > 1 || got.Trouble != c.want.Trouble {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
	if got := look(t, nil).Serving; got.Answers || got.Trouble != "connection refused" {
		t.Errorf("nobody there: %+v", got)
	}
}

// TestLock sees a lock without taking it.
func TestLock(t *testing.T) {
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "serve.lock"))
	must(t, err)
	defer f.Close()
	here := func() bool { return look(t, nil, "BOTSCHAFT_DATA_DIR="+dir).Serving.Here }
	if here() {
		t.Error("a lock that nobody holds was seen")
	}
	must(t, unix.Flock(int(f.Fd()), unix.LOCK_EX))
	if !here() {
		t.Error("the lock was not seen")
	}
	must(t, unix.Flock(int(f.Fd()), unix.LOCK_UN))
	if here() {
		t.Error("a lock that was given back was seen")
	}
}

// TestReach comes as far as it can with each Provider.
func TestReach(t *testing.T) {
	ear, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	go func() {
		for {
			c, err := ear.Accept()
			if err != nil {
				return
			}
			_ = c.Close()
		}
	}()
	defer ear.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	strange := httptest.NewUnstartedServer(http.NotFoundHandler())
	strange.Config.ErrorLog = log.New(io.Discard, "", 0)
	strange.StartTLS()
	defer strange.Close()
	for address, want := range map[string]diagnosis.Step{
		plain.URL: diagnosis.StepAnswer, strange.URL: diagnosis.StepConnect, "http://127.0.0.1:1": diagnosis.StepName,
		"https://" + ear.Addr().String(): diagnosis.StepConnect, "http://" + ear.Addr().String(): diagnosis.StepTLS,
		"https://nobody.invalid": diagnosis.StepNone, "https://10.0.0.1": diagnosis.StepDenied,
	} {
		cfg, err := config.Load(config.Sources{Environ: []string{"BOTSCHAFT_DATA_DIR=" + t.TempDir()}})
		must(t, err)
		d := newDoctor(t, cfg, nil)
		d.Declare = func(string) error {
			host, port, _ := strings.Cut(strings.SplitN(address, "://", 2)[1], ":")
			n := map[string]int{"": 443}[port]
			for _, digit := range port {
				n = 10*n + int(digit-'0')
			}
			return d.Dialer.Declare(egress.Declaration{Purpose: "test", Host: host, Port: n, Own: host == "127.0.0.1", Processor: "nobody"})
		}
		if got := d.Reach(t.Context(), address); got.Reached != want || (got.Trouble == "") != (want == diagnosis.StepAnswer) {
			t.Errorf("%s: got %+v, want %s", address, got, want)
		}
	}
}
