package egress

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// names is a Resolver that knows what it is told.
type names struct {
	mu    sync.Mutex
	to    map[string][]string
	asked []string // network and name
}

func (n *names) LookupNetIP(_ context.Context, network, host string) ([]netip.Addr, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.asked = append(n.asked, network+" "+host)
	list, known := n.to[host]
	if !known {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	ips := make([]netip.Addr, len(list))
	for i, s := range list {
		ips[i] = netip.MustParseAddr(s)
	}
	return ips, nil
}

// meta is the declaration most tests use.
var meta = Declaration{Purpose: "WhatsApp messages", Host: "graph.example", Port: 443, Processor: "Meta"}

// reached is what a fake connect was asked for.
type reached struct {
	mu   sync.Mutex
	list []string
}

func (r *reached) add(address string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, address)
}

func (r *reached) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.list, " ")
}

// fake is a Dialer that connects to nothing but notes where it would have.
func fake(t *testing.T, addresses map[string][]string, declared ...Declaration) (*Dialer, *reached) {
	t.Helper()
	d, err := New(Config{Resolver: &names{to: addresses}})
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range declared {
		if err := d.Declare(decl); err != nil {
			t.Fatal(err)
		}
	}
	to := &reached{}
	d.connect = func(_ context.Context, _, address string) (net.Conn, error) {
		to.add(address)
		client, server := net.Pipe()
		_ = server.Close()
		return client, nil
	}
	return d, to
}

func dial(t *testing.T, d *Dialer, address string) error {
	t.Helper()
	conn, err := d.DialContext(t.Context(), "tcp", address)
	if err == nil {
		_ = conn.Close()
	}
	return err
}

// wantDenied fails unless err is a *Denied for cause.
func wantDenied(t *testing.T, err, cause error) {
	t.Helper()
	var denied *Denied
	if !errors.As(err, &denied) || !errors.Is(err, cause) {
		t.Errorf("got %v, want denied: %v", err, cause)
	}
}

func TestDialUndeclared(t *testing.T) {
	d, to := fake(t, map[string][]string{"graph.example": {"157.240.0.1"}, "evil.example": {"157.240.0.2"}}, meta)
	for _, address := range []string{
		"evil.example:443", "graph.example:80", "graph.example:4430", "sub.graph.example:443",
		"graph.example.evil.example:443", "157.240.0.1:443", "[2a03:2880::1]:443", "localhost:443",
	} {
		wantDenied(t, dial(t, d, address), ErrUndeclared)
	}
	if to.String() != "" {
		t.Errorf("connected to %s", to)
	}
	for _, address := range []string{"graph.example:443", "GRAPH.example.:443"} {
		if err := dial(t, d, address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	if got := to.String(); got != "157.240.0.1:443 157.240.0.1:443" {
		t.Errorf("connected to %s", got)
	}
}

func TestDialMalformed(t *testing.T) {
	d, to := fake(t, nil, meta)
	for _, address := range []string{"", "graph.example", "graph.example:", "graph.example:https", "graph.example:0", "graph.example:65536", ":443", "gräph.example:443", "127.1:443", "0x7f.1:443", "[fe80::1%eth0]:443"} {
		if err := dial(t, d, address); err == nil {
			t.Errorf("%q was dialled", address)
		}
	}
	for _, network := range []string{"udp", "tcp5", "unix", "ip4:icmp", ""} {
		_, err := d.DialContext(t.Context(), network, "graph.example:443")
		wantDenied(t, err, ErrNetwork)
	}
	if to.String() != "" {
		t.Errorf("connected to %s", to)
	}
}

// specials are addresses a name of a Processor must not lead to; never are those that
// not even own infrastructure has.
var (
	specials = strings.Fields(`127.0.0.1 127.9.9.9 ::1 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1
		fc00::1 fd12::1 169.254.1.1 fe80::1 fec0::1 100.64.0.1 198.18.0.1 192.0.2.1 203.0.113.7 2001:db8::1
		::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::8.8.8.8 64:ff9b::10.0.0.1 64:ff9b:1::1.1.1.1
		::7f00:1 2002:7f00:1:: 2002:808:808:: 2001::1 100::1`)
	nevers = strings.Fields(`0.0.0.0 0.1.2.3 :: 224.0.0.1 239.1.1.1 ff02::1 240.0.0.1 255.255.255.255
		169.254.169.254 169.254.170.2 169.254.170.23 fd00:ec2::254 100.100.100.200 192.0.0.192 168.63.129.16
		::ffff:169.254.169.254 ::ffff:0.0.0.0 64:ff9b::169.254.169.254 64:ff9b:1::169.254.169.254
		2002:a9fe:a9fe:: 64:ff9b::255.255.255.255`)
	publics = strings.Fields(`8.8.8.8 157.240.0.1 2a03:2880:f1ff::1 172.32.0.1 172.15.0.1 100.128.0.1 ::ffff:8.8.8.8 9.255.255.255`)
)

// A name may lead to 127.0.0.1 today and did not yesterday: what counts is the address
// that is connected to.
func TestDialSpecialAddresses(t *testing.T) {
	own := Declaration{Purpose: "store", Host: "db.example", Port: 5432, Own: true}
	for list, may := range map[*[]string]struct{ processor, own bool }{
		&specials: {false, true}, &nevers: {false, false}, &publics: {true, true},
	} {
		for _, ip := range *list {
			d, to := fake(t, map[string][]string{"graph.example": {ip}, "db.example": {ip}}, meta, own)
			for address, allowed := range map[string]bool{"graph.example:443": may.processor, "db.example:5432": may.own} {
				err := dial(t, d, address)
				if allowed && err != nil {
					t.Errorf("%s at %s: %v", address, ip, err)
				}
				if !allowed {
					wantDenied(t, err, ErrAddress)
				}
			}
			if want := len(*list) > 0 && may.own; (to.String() != "") != want {
				t.Errorf("%s: connected to %q", ip, to)
			}
		}
	}
}

func TestDialLiteralAddresses(t *testing.T) {
	d, to := fake(t, nil,
		Declaration{Purpose: "a", Host: "127.0.0.1", Port: 443, Processor: "X"},
		Declaration{Purpose: "b", Host: "::ffff:10.1.1.1", Port: 443, Own: true},
		Declaration{Purpose: "c", Host: "169.254.169.254", Port: 80, Own: true},
	)
	wantDenied(t, dial(t, d, "127.0.0.1:443"), ErrAddress)
	wantDenied(t, dial(t, d, "[::ffff:127.0.0.1]:443"), ErrAddress)
	wantDenied(t, dial(t, d, "169.254.169.254:80"), ErrAddress)
	if err := dial(t, d, "10.1.1.1:443"); err != nil {
		t.Error(err)
	}
	if got := to.String(); got != "10.1.1.1:443" {
		t.Errorf("connected to %s", got)
	}
}

// The connection goes to the address that was checked: there is one look-up, and what
// is forbidden among its answers is left out.
func TestDialResolvesOnce(t *testing.T) {
	d, to := fake(t, map[string][]string{"graph.example": {"10.0.0.1", "169.254.169.254", "::ffff:157.240.0.9", "127.0.0.1"}}, meta)
	resolver := d.cfg.Resolver.(*names)
	conn, err := d.DialContext(t.Context(), "tcp4", "graph.example:443")
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	if got := to.String(); got != "157.240.0.9:443" {
		t.Errorf("connected to %s", got)
	}
	if len(resolver.asked) != 1 || resolver.asked[0] != "ip4 graph.example" {
		t.Errorf("asked for %q", resolver.asked)
	}
}

func TestDialUnknownName(t *testing.T) {
	empty := Declaration{Purpose: "x", Host: "empty.example", Port: 443, Processor: "X"}
	d, to := fake(t, map[string][]string{"empty.example": {}}, meta, empty)
	var dns *net.DNSError
	if err := dial(t, d, "graph.example:443"); !errors.As(err, &dns) {
		t.Errorf("got %v", err)
	}
	if err := dial(t, d, "empty.example:443"); err == nil || to.String() != "" {
		t.Errorf("got %v, connected to %q", err, to)
	}
}

// attempt is how a fake connect behaves at one address.
type attempt struct {
	after time.Duration
	fails bool
}

// conn counts those left open.
type conn struct {
	net.Conn
	address string
	closed  func()
}

func (c *conn) Close() error { c.closed(); return nil }

// race dials with attempts in a bubble of its own time and gives the address reached,
// how long it took, and how many connections were left open beside it.
func race(t *testing.T, ctx context.Context, plan map[string]attempt, order ...string) (address string, took time.Duration, left int, err error) {
	t.Helper()
	d, _ := fake(t, map[string][]string{"graph.example": order}, meta)
	var mu sync.Mutex
	open := 0
	d.connect = func(ctx context.Context, _, address string) (net.Conn, error) {
		a := plan[strings.TrimSuffix(address, ":443")]
		if a.after < 0 { // goes on even when told to stop
			time.Sleep(-a.after)
		} else {
			select {
			case <-time.After(a.after):
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		if a.fails {
			return nil, errors.New("refused at " + address)
		}
		mu.Lock()
		defer mu.Unlock()
		open++
		return &conn{address: address, closed: func() { mu.Lock(); open--; mu.Unlock() }}, nil
	}
	start := time.Now()
	c, err := d.DialContext(ctx, "tcp", "graph.example:443")
	took = time.Since(start)
	synctest.Wait()
	time.Sleep(time.Minute) // for those who do not stop when told
	synctest.Wait()
	mu.Lock()
	defer mu.Unlock()
	if err != nil {
		return "", took, open, err
	}
	return c.(*conn).address, took, open - 1, nil
}

func TestRace(t *testing.T) {
	const ms = time.Millisecond
	for name, tc := range map[string]struct {
		plan  map[string]attempt
		order []string
		want  string
		took  time.Duration
	}{
		"first is quick":       {map[string]attempt{"8.8.8.1": {after: 20 * ms}}, []string{"8.8.8.1", "8.8.8.2"}, "8.8.8.1:443", 20 * ms},
		"first fails at once":  {map[string]attempt{"8.8.8.1": {fails: true}, "8.8.8.2": {after: 30 * ms}}, []string{"8.8.8.1", "8.8.8.2"}, "8.8.8.2:443", 30 * ms},
		"first hangs":          {map[string]attempt{"8.8.8.1": {after: time.Hour}, "8.8.8.2": {after: 30 * ms}}, []string{"8.8.8.1", "8.8.8.2"}, "8.8.8.2:443", 280 * ms},
		"both come":            {map[string]attempt{"8.8.8.1": {after: -300 * ms}, "8.8.8.2": {after: 10 * ms}}, []string{"8.8.8.1", "8.8.8.2"}, "8.8.8.2:443", 260 * ms},
		"slow first still won": {map[string]attempt{"8.8.8.1": {after: 300 * ms}, "8.8.8.2": {after: -time.Second}}, []string{"8.8.8.1", "8.8.8.2"}, "8.8.8.1:443", 300 * ms},
		"fails, then hangs":    {map[string]attempt{"8.8.8.1": {after: 100 * ms, fails: true}, "8.8.8.2": {after: time.Hour}}, []string{"8.8.8.1", "8.8.8.2", "8.8.8.3"}, "8.8.8.3:443", 350 * ms},
		"third of three":       {map[string]attempt{"8.8.8.1": {after: time.Hour}, "8.8.8.2": {after: time.Hour}}, []string{"8.8.8.1", "8.8.8.2", "2a03::3"}, "[2a03::3]:443", 500 * ms},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got, took, left, err := race(t, t.Context(), tc.plan, tc.order...)
				if err != nil || got != tc.want || took != tc.took || left != 0 {
					t.Errorf("got %s after %v with %d left open, %v; want %s after %v", got, took, left, err, tc.want, tc.took)
				}
			})
		})
	}
}

func TestRaceIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, _, left, err := race(t, t.Context(), map[string]attempt{"8.8.8.1": {fails: true}, "8.8.8.2": {fails: true}}, "8.8.8.1", "8.8.8.2")
		if err == nil || left != 0 || !strings.Contains(err.Error(), "8.8.8.1") || !strings.Contains(err.Error(), "8.8.8.2") {
			t.Errorf("got %v, %d left open", err, left)
		}
	})
	synctest.Test(t, func(t *testing.T) { // the dial's own time is up
		_, took, left, err := race(t, t.Context(), map[string]attempt{"8.8.8.1": {after: time.Hour}}, "8.8.8.1")
		if !errors.Is(err, context.DeadlineExceeded) || took != DefaultTimeout || left != 0 {
			t.Errorf("got %v after %v, %d left open", err, took, left)
		}
	})
	synctest.Test(t, func(t *testing.T) { // nobody waits any more
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, _, left, err := race(t, ctx, map[string]attempt{"8.8.8.1": {after: -time.Second}}, "8.8.8.1", "8.8.8.2")
		if !errors.Is(err, context.Canceled) || left != 0 {
			t.Errorf("got %v, %d left open", err, left)
		}
	})
	synctest.Test(t, func(t *testing.T) { // a name with a hundred addresses costs eight attempts
		var many []string
		plan := map[string]attempt{}
		for i := range 100 {
			ip := netip.AddrFrom4([4]byte{8, 8, 8, byte(i)}).String()
			many, plan[ip] = append(many, ip), attempt{fails: true}
		}
		_, _, _, err := race(t, t.Context(), plan, many...)
		if err == nil || strings.Count(err.Error(), "refused at") != maxAddress {
			t.Errorf("got %v", err)
		}
	})
}
