package doctor

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"botschaft/internal/diagnosis"
	"botschaft/internal/egress"
)

// knocked is what came of asking an address.
type knocked struct {
	certificate *diagnosis.Certificate
	status      int
	header      http.Header
	body        []byte
	trouble     diagnosis.Trouble
}

// knock asks one of our own addresses. at is host:port, u what is asked for there. A
// certificate is taken as it comes and judged afterwards: that it is wrong is what
// somebody wants to know.
func (d *Doctor) knock(ctx context.Context, at string, u *url.URL) (k knocked) {
	ctx, cancel := context.WithTimeout(ctx, knocking)
	defer cancel()
	host, port, _ := net.SplitHostPort(at)
	number, _ := strconv.Atoi(port)
	if err := d.Dialer.Declare(egress.Declaration{Purpose: "looking at our own address", Host: host, Port: number, Own: true}); err != nil {
		return knocked{trouble: because(err)}
	}
	conn, err := d.Dialer.DialContext(ctx, "tcp", at)
	if err != nil {
		return knocked{trouble: because(err)}
	}
	defer func() { _ = conn.Close() }()
	if u.Scheme == "https" {
		outer := tls.Client(conn, &tls.Config{ServerName: u.Hostname(), InsecureSkipVerify: true, MinVersion: tls.VersionTLS12})
		if err := outer.HandshakeContext(ctx); err != nil {
			return knocked{trouble: "no TLS: " + because(err)}
		}
		c := d.judge(u.Hostname(), outer.ConnectionState().PeerCertificates)
		k.certificate, conn = &c, outer
	}
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline)
	}
	d.request(ctx, conn, u, &k)
	return k
}

func (d *Doctor) request(ctx context.Context, conn net.Conn, u *url.URL, k *knocked) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return
	}
	r.Header.Set("User-Agent", "botschaft doctor")
	r.Close = true
	if err := r.Write(conn); err != nil {
		return
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), r)
	if err != nil {
		return
	}
	defer answer.Body.Close()
	k.status, k.header = answer.StatusCode, answer.Header
	k.body, _ = io.ReadAll(io.LimitReader(answer.Body, 64<<10))
}

// judge says what a browser would.
func (d *Doctor) judge(name string, chain []*x509.Certificate) diagnosis.Certificate {
	leaf, between := chain[0], x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	c := diagnosis.Certificate{Name: name, From: leaf.NotBefore, Until: leaf.NotAfter, Named: leaf.VerifyHostname(name) == nil}
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: d.Trusted, Intermediates: between, CurrentTime: d.Now()}); err != nil {
		c.Chain = because(err)
	}
	return c
}

// public asks the address that people type.
func (d *Doctor) public(ctx context.Context) diagnosis.Public {
	u := d.Config.PublicURL
	ip, err := netip.ParseAddr(u.Hostname())
	p := diagnosis.Public{URL: u.String(), Secure: d.Config.Secure(), Loopback: u.Hostname() == "localhost" || err == nil && ip.IsLoopback()}
	if !p.Secure {
		return p
	}
	port := u.Port()
	if port == "" {
		port = "443"
	}
	k := d.knock(ctx, net.JoinHostPort(u.Hostname(), port), u.JoinPath("healthz"))
	p.Certificate, p.Status, p.Trouble = k.certificate, k.status, k.trouble
	p.HSTS = k.header.Get("Strict-Transport-Security") != ""
	return p
}

// pair reads the certificate and key that the server shows itself.
func (d *Doctor) pair() *diagnosis.Pair {
	if d.Config.TLSCertFile == "" {
		return nil
	}
	p := &diagnosis.Pair{Path: d.Config.TLSCertFile}
	loaded, err := tls.LoadX509KeyPair(d.Config.TLSCertFile, d.Config.TLSKeyFile)
	if err != nil {
		p.Trouble = because(err)
		return p
	}
	chain := make([]*x509.Certificate, len(loaded.Certificate))
	for i, raw := range loaded.Certificate {
		if chain[i], err = x509.ParseCertificate(raw); err != nil {
			p.Trouble = because(err)
			return p
		}
	}
	p.Certificate = d.judge(d.Config.PublicURL.Hostname(), chain)
	return p
}

func (d *Doctor) proxies() diagnosis.Proxies {
	host, _, _ := net.SplitHostPort(d.Config.Listen)
	ip, err := netip.ParseAddr(host)
	here := host == "localhost" || err == nil && ip.IsLoopback()
	return diagnosis.Proxies{
		Trusted: len(d.Config.TrustedProxies) > 0, Listen: d.Config.Listen,
		Needed: d.Config.Secure() && d.Config.TLSCertFile == "",
		Open:   !here && d.Config.TLSCertFile == "",
	}
}

// serving asks the server of this machine whether it is ready.
func (d *Doctor) serving(ctx context.Context) diagnosis.Serving {
	at, u := d.Own("/readyz")
	s := diagnosis.Serving{Address: at, Here: d.locked()}
	k := d.knock(ctx, at, u)
	var said struct {
		Ready  *bool             `json:"ready"`
		Checks map[string]string `json:"checks"`
	}
	switch err := json.Unmarshal(k.body, &said); {
	case k.trouble != "":
		s.Trouble = k.trouble
	case err != nil || said.Ready == nil:
		s.Trouble = "what answers there is not ours"
	default:
		s.Answers, s.Ready, s.Checks = true, *said.Ready, map[string]string{}
		for name, says := range said.Checks {
			if says != "ok" {
				s.Checks[name] = says
			}
		}
	}
	return s
}

// Own is how this machine reaches its own listener: where to connect to, and what to ask
// for there.
func (d *Doctor) Own(path string) (at string, u *url.URL) {
	host, port, _ := net.SplitHostPort(d.Config.Listen)
	if slices.Contains([]string{"", "0.0.0.0", "::", "localhost"}, host) {
		host = "127.0.0.1"
	}
	u = &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port), Path: path}
	if d.Config.TLSCertFile != "" {
		u.Scheme, u.Host = "https", d.Config.PublicURL.Host
	}
	return net.JoinHostPort(host, port), u
}

// Alive asks the server of this machine whether it answers, or with ready whether it
// would take work; the error says why not.
func (d *Doctor) Alive(ctx context.Context, ready bool) error {
	path := "/healthz"
	if ready {
		path = "/readyz"
	}
	at, u := d.Own(path)
	switch k := d.knock(ctx, at, u); {
	case k.trouble != "":
		return errors.New(at + ": " + string(k.trouble))
	case k.status != http.StatusOK:
		return errors.New(at + path + " answers with status " + strconv.Itoa(k.status) + k.complaints())
	}
	return nil
}

// complaints are what /readyz says is not well, a line each.
func (k knocked) complaints() string {
	var said struct{ Checks map[string]string }
	if json.Unmarshal(k.body, &said) != nil {
		return ""
	}
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(said.Checks)) {
		if says := said.Checks[name]; says != "ok" {
			text.WriteString("\n" + name + ": " + says)
		}
	}
	return text.String()
}

// since tells how long something took.
func (d *Doctor) since(t time.Time) time.Duration { return d.Now().Sub(t) }
