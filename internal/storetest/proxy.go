package storetest

import (
	"errors"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"
)

// Proxy is a line to a server on which everything can go wrong.
type Proxy struct {
	listener net.Listener
	going    sync.WaitGroup

	mu     sync.Mutex
	free   *sync.Cond // wakes who waits for the end of a freeze
	to     string
	shut   bool
	frozen bool
	closed bool
	delay  time.Duration
	pairs  map[net.Conn]net.Conn
}

// NewProxy opens a line to address until the test ends.
func NewProxy(t testing.TB, address string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{listener: l, to: address, pairs: map[net.Conn]net.Conn{}}
	p.free = sync.NewCond(&p.mu)
	p.going.Go(p.accept)
	t.Cleanup(func() {
		_ = l.Close()
		p.change(func() { p.closed, p.frozen, p.shut = true, false, true })
		p.Cut()
		p.going.Wait()
	})
	return p
}

// URL is the address of a database, through the line.
func (p *Proxy) URL(t testing.TB, direct string) string {
	t.Helper()
	u, err := url.Parse(direct)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = p.listener.Addr().String()
	return u.String()
}

// HostOf gives host and port of an address.
func HostOf(t testing.TB, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

// Freeze lets nothing through, in either direction, without hanging up: as when a machine
// lost its power.
func (p *Proxy) Freeze(frozen bool) { p.change(func() { p.frozen = frozen }) }

// Shut refuses new lines and cuts those there are; opened again, it takes new ones.
func (p *Proxy) Shut(shut bool) {
	p.change(func() { p.shut = shut })
	if shut {
		p.Cut()
	}
}

// Delay holds back everything that is asked, each time by so much.
func (p *Proxy) Delay(d time.Duration) { p.change(func() { p.delay = d }) }

// Turn leads new lines to another server, and cuts those there are.
func (p *Proxy) Turn(address string) {
	p.change(func() { p.to = address })
	p.Cut()
}

// Cut hangs up all lines, in both directions and in the middle of whatever is said.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for a, b := range p.pairs {
		_, _ = a.Close(), b.Close()
	}
	p.free.Broadcast()
}

func (p *Proxy) change(what func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	what()
	p.free.Broadcast()
}

func (p *Proxy) accept() {
	for {
		conn, err := p.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			p.going.Go(func() { p.serve(conn) })
		}
	}
}

func (p *Proxy) serve(in net.Conn) {
	defer func() { _ = in.Close() }()
	p.mu.Lock()
	to, shut := p.to, p.shut
	p.mu.Unlock()
	if shut {
		return
	}
	out, err := net.DialTimeout("tcp", to, 5*time.Second)
	if err != nil {
		return
	}
	defer func() { _ = out.Close() }()
	p.change(func() { p.pairs[in] = out })
	defer p.change(func() { delete(p.pairs, in) })
	var both sync.WaitGroup
	both.Go(func() { p.copy(out, in, true) })
	both.Go(func() { p.copy(in, out, false) })
	both.Wait()
}

// copy passes on what is said until either side hangs up.
func (p *Proxy) copy(to, from net.Conn, asks bool) {
	defer func() { _, _ = to.Close(), from.Close() }()
	b := make([]byte, 64<<10)
	for {
		n, err := from.Read(b)
		if n > 0 {
			if wait := p.hold(); asks && wait > 0 {
				time.Sleep(wait)
			}
			if _, err := to.Write(b[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// hold waits for the end of a freeze and tells the delay.
func (p *Proxy) hold() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.frozen && !p.closed {
		p.free.Wait()
	}
	return p.delay
}
