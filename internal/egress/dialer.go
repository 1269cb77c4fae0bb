package egress

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// DefaultTimeout is how long a dial may take, resolution included.
const DefaultTimeout = 10 * time.Second

const (
	stagger    = 250 * time.Millisecond // between attempts at two addresses (RFC 8305)
	maxAddress = 8                      // attempts for one dial
)

// Resolver turns a name into addresses; *net.Resolver is one. Network is "ip", "ip4"
// or "ip6".
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Config is how a Dialer reaches the world. The zero Config dials directly, trusts the
// system's certificate authorities and asks the system's resolver.
type Config struct {
	// Proxy carries HTTP requests to Processors (http or https, with or without user);
	// own infrastructure is reached directly. The proxy resolves the names then. It is
	// declared as own infrastructure for purpose "proxy".
	Proxy *url.URL
	// ExtraCA replaces the certificate authorities to trust; WithSystemCA makes a pool
	// of the system's and further ones. Nil means the system's.
	ExtraCA *x509.CertPool
	// Timeout bounds one dial, resolution included; zero means DefaultTimeout.
	Timeout time.Duration
	// Resolver answers for names; nil means net.DefaultResolver.
	Resolver Resolver
}

// Dialer dials declared destinations. Make it with New; it is safe for concurrent use.
type Dialer struct {
	cfg     Config
	connect func(ctx context.Context, network, address string) (net.Conn, error)

	mu       sync.RWMutex
	declared map[destination][]Declaration
	used     map[destination]time.Time // when data last went there, by now
	now      func() time.Time
}

// New makes a Dialer to which nothing but its proxy is declared. It fails when the
// proxy's address is of no use.
func New(cfg Config) (*Dialer, error) {
	cfg.Timeout = cmp.Or(cfg.Timeout, DefaultTimeout)
	if cfg.Resolver == nil {
		cfg.Resolver = net.DefaultResolver
	}
	d := &Dialer{
		cfg:      cfg,
		connect:  (&net.Dialer{}).DialContext,
		declared: map[destination][]Declaration{},
		used:     map[destination]time.Time{},
		now:      time.Now,
	}
	if cfg.Proxy == nil {
		return d, nil
	}
	if s := cfg.Proxy.Scheme; s != "http" && s != "https" {
		return nil, fmt.Errorf("egress: the proxy's scheme is %q, want http or https", s)
	}
	at, err := urlDestination(cfg.Proxy)
	if err != nil {
		return nil, fmt.Errorf("egress: proxy: %w", err)
	}
	return d, d.Declare(Declaration{Purpose: "proxy", Host: at.host, Port: at.port, Own: true})
}

// WithSystemCA is the system's pool of certificate authorities and those of pem. It
// fails when pem holds none.
func WithSystemCA(pem []byte) (*x509.CertPool, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("egress: the system's certificate authorities: %w", err)
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New("egress: the bundle holds no certificate in PEM form")
	}
	return pool, nil
}

// DialContext connects to addr, host:port with a number for the port, over tcp, tcp4
// or tcp6. A destination that is not declared, or whose addresses are all forbidden,
// gives a *Denied. It does not use the proxy.
func (d *Dialer) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	family, ok := strings.CutPrefix(network, "tcp")
	if !ok || (family != "" && family != "4" && family != "6") {
		return nil, &Denied{Destination: addr, Cause: ErrNetwork}
	}
	at, err := parseDestination(addr)
	if err != nil {
		return nil, err
	}
	own, ok := d.covered(at)
	if !ok {
		return nil, &Denied{Destination: at.String(), Cause: ErrUndeclared}
	}
	ctx, cancel := context.WithTimeout(ctx, d.cfg.Timeout)
	defer cancel()
	ips, err := d.resolve(ctx, "ip"+family, at.host)
	if err != nil {
		return nil, err
	}
	ips, err = allowed(ips, own, at)
	if err != nil {
		return nil, err
	}
	d.use(at)
	return d.race(ctx, network, ips, at.port)
}

// resolve gives the addresses of host; an address is its own.
func (d *Dialer) resolve(ctx context.Context, network, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip}, nil
	}
	ips, err := d.cfg.Resolver.LookupNetIP(ctx, network, host)
	if err != nil {
		return nil, fmt.Errorf("egress: resolve %s: %w", host, err)
	}
	if len(ips) == 0 {
		return nil, fmt.Errorf("egress: resolve %s: no address", host)
	}
	return ips, nil
}

// allowed keeps the addresses that a destination may lead to, and denies it when none
// is left.
func allowed(ips []netip.Addr, own bool, at destination) ([]netip.Addr, error) {
	limit := public
	if own {
		limit = inside
	}
	var good []netip.Addr
	for _, ip := range ips {
		if ip = ip.Unmap(); reachOf(ip) <= limit {
			good = append(good, ip)
		}
	}
	if len(good) == 0 {
		return nil, &Denied{Destination: at.String(), Address: ips[0].String(), Cause: ErrAddress}
	}
	return good[:min(len(good), maxAddress)], nil
}

// race tries one address after the other, the next one when the last has failed or
// is slow, and keeps the first connection made.
func (d *Dialer) race(ctx context.Context, network string, ips []netip.Addr, port int) (net.Conn, error) {
	type attempt struct {
		conn net.Conn
		err  error
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	results := make(chan attempt, len(ips))
	started, pending := 0, 0
	begin := func() {
		if started == len(ips) || ctx.Err() != nil {
			return
		}
		to := netip.AddrPortFrom(ips[started], uint16(port)).String()
		started, pending = started+1, pending+1
		go func() {
			conn, err := d.connect(ctx, network, to)
			results <- attempt{conn, err}
		}()
	}
	slow := time.NewTicker(stagger)
	defer slow.Stop()
	var errs []error
	for begin(); pending > 0; {
		select {
		case <-slow.C:
			begin()
		case a := <-results:
			pending--
			if a.err == nil {
				go func() {
					for ; pending > 0; pending-- {
						if late := <-results; late.err == nil {
							_ = late.conn.Close()
						}
					}
				}()
				return a.conn, nil
			}
			errs = append(errs, a.err)
			slow.Reset(stagger)
			begin()
		}
	}
	if len(errs) == 0 {
		errs = append(errs, ctx.Err()) // over before it began
	}
	return nil, fmt.Errorf("egress: %w", errors.Join(errs...))
}

func parseDestination(addr string) (destination, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return destination{}, fmt.Errorf("egress: %w", err)
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return destination{}, fmt.Errorf("egress: %q is not the number of a port", port)
	}
	host, err = normaliseHost(host)
	return destination{host, int(n)}, err
}
