package desktest

import (
	"net"
	"testing"
	"time"
)

// The address stays while houses behind it come and go; between two of them whoever
// comes is turned away at once.
func TestDoor(t *testing.T) {
	d, err := newDoor()
	if err != nil {
		t.Fatal(err)
	}
	address := d.ln.Addr().String()
	knock := func() net.Conn {
		conn, err := net.DialTimeout("tcp", address, time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
			t.Fatal(err)
		}
		return conn
	}
	turnedAway := func() {
		t.Helper()
		conn := knock()
		defer func() { _ = conn.Close() }()
		if n, err := conn.Read(make([]byte, 1)); err == nil || n > 0 {
			t.Error("somebody answered where nobody is")
		} else if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
			t.Error("nobody was turned away")
		}
	}
	turnedAway()
	for range 2 {
		way := d.open()
		conn := knock()
		inside, err := way.Accept()
		if err != nil || way.Addr().String() != address {
			t.Fatalf("got %v, %v", way.Addr(), err)
		}
		if err := way.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := way.Accept(); err == nil {
			t.Error("a closed doorway lets somebody in")
		}
		_, _ = conn.Close(), inside.Close()
		turnedAway()
	}
	d.open() // nobody will ever come out of this one
	conn := knock()
	defer func() { _ = conn.Close() }()
	if err := d.close(); err != nil {
		t.Error(err)
	}
}
