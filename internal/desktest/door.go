package desktest

import (
	"net"
	"sync"
)

// door is an address that outlives the houses behind it: webhooks find the next one
// where the last one was. While nobody is behind it, whoever comes is turned away.
type door struct {
	ln   net.Listener
	done sync.WaitGroup
	mu   sync.Mutex
	now  *doorway
}

func newDoor() (*door, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	d := &door{ln: ln}
	d.done.Go(d.admit)
	return d, nil
}

func (d *door) url() string { return "http://" + d.ln.Addr().String() }

// close shuts the door for good.
func (d *door) close() error {
	err := d.ln.Close()
	d.mu.Lock()
	if d.now != nil {
		_ = d.now.Close()
	}
	d.mu.Unlock()
	d.done.Wait()
	return err
}

func (d *door) admit() {
	for {
		conn, err := d.ln.Accept()
		if err != nil {
			return
		}
		d.mu.Lock()
		now := d.now
		d.mu.Unlock()
		if now == nil || !now.offer(conn) {
			_ = conn.Close()
		}
	}
}

// open gives a house its listener. Closing that shuts the door behind which it stands
// and leaves the address ours.
func (d *door) open() net.Listener {
	w := &doorway{addr: d.ln.Addr(), conns: make(chan net.Conn), shut: make(chan struct{})}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = w
	return w
}

// doorway is the listener of one house.
type doorway struct {
	addr  net.Addr
	conns chan net.Conn
	shut  chan struct{}
	once  sync.Once
}

func (w *doorway) offer(c net.Conn) bool {
	select {
	case w.conns <- c:
		return true
	case <-w.shut:
		return false
	}
}

// Accept waits for the next to come.
func (w *doorway) Accept() (net.Conn, error) {
	select {
	case c := <-w.conns:
		return c, nil
	case <-w.shut:
		return nil, net.ErrClosed
	}
}

// Close lets nobody in any more.
func (w *doorway) Close() error {
	w.once.Do(func() { close(w.shut) })
	return nil
}

// Addr is the door's.
func (w *doorway) Addr() net.Addr { return w.addr }
