package egress

import (
	"cmp"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

// Timeouts bounds one request. A zero field means the default beside it.
type Timeouts struct {
	Total     time.Duration // from the first look-up to the last byte of the answer; 60 s
	Handshake time.Duration // of TLS; 10 s
	Answer    time.Duration // from the request's last byte to the answer's headers; 30 s
}

// HTTPClient makes a client with a pool of its own, so make one per use and keep it.
// It reaches declared destinations alone, by TLS 1.2 or newer (plain HTTP for own
// infrastructure only), by HTTP/2 where the other side speaks it, and through the
// proxy if there is one. A redirect is returned to the caller as it came.
func (d *Dialer) HTTPClient(t Timeouts) *http.Client {
	return &http.Client{
		Timeout:   cmp.Or(t.Total, 60*time.Second),
		Transport: &gate{dialer: d, next: d.transport(t)},
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
}

func (d *Dialer) transport(t Timeouts) *http.Transport {
	return &http.Transport{
		Proxy:                 d.proxyFor,
		DialContext:           d.DialContext,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: d.cfg.ExtraCA},
		TLSHandshakeTimeout:   cmp.Or(t.Handshake, 10*time.Second),
		ResponseHeaderTimeout: cmp.Or(t.Answer, 30*time.Second),
		ExpectContinueTimeout: time.Second,
		ForceAttemptHTTP2:     true,
		// A dead HTTP/2 connection would swallow every request until the kernel gives up.
		HTTP2:               &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 10 * time.Second},
		MaxIdleConns:        256,
		MaxIdleConnsPerHost: 64,
		IdleConnTimeout:     90 * time.Second,
	}
}

// proxyFor sends what goes to Processors through the proxy; own infrastructure is
// this side of it.
func (d *Dialer) proxyFor(r *http.Request) (*url.URL, error) {
	if d.cfg.Proxy == nil {
		return nil, nil
	}
	at, err := urlDestination(r.URL)
	if err != nil {
		return nil, err
	}
	if own, _ := d.covered(at); own {
		return nil, nil
	}
	return d.cfg.Proxy, nil
}

// gate checks every request before the transport sees it: behind a proxy, and on a
// connection from the pool, nobody dials the destination.
type gate struct {
	dialer *Dialer
	next   *http.Transport
}

// RoundTrip refuses with a *Denied, or sends the request.
func (g *gate) RoundTrip(r *http.Request) (*http.Response, error) {
	at, err := g.check(r)
	if err != nil {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, err
	}
	g.dialer.use(at)
	return g.next.RoundTrip(r)
}

// CloseIdleConnections empties the pool.
func (g *gate) CloseIdleConnections() { g.next.CloseIdleConnections() }

// check gives where a request leads, or why it may not.
func (g *gate) check(r *http.Request) (destination, error) {
	at, err := urlDestination(r.URL)
	if err != nil {
		return at, err
	}
	own, ok := g.dialer.covered(at)
	switch {
	case !ok:
		return at, &Denied{Destination: at.String(), Cause: ErrUndeclared}
	case r.URL.Scheme != "https" && !own:
		return at, &Denied{Destination: at.String(), Cause: ErrPlaintext}
	}
	if r.Host != "" && r.Host != r.URL.Host { // another name inside a declared connection
		return at, &Denied{Destination: r.Host, Cause: ErrUndeclared}
	}
	if ip, ipErr := netip.ParseAddr(at.host); ipErr == nil { // a proxy would not check it
		_, err = allowed([]netip.Addr{ip}, own, at)
	}
	return at, err
}

// urlDestination is where u leads; the port follows from the scheme if it names none.
func urlDestination(u *url.URL) (destination, error) {
	port := u.Port()
	if port == "" {
		port = "443"
		if u.Scheme == "http" {
			port = "80"
		}
	}
	return parseDestination(net.JoinHostPort(u.Hostname(), port))
}
