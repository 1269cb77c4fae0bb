package egress

import "errors"

// The causes of a Denied; test for them with errors.Is.
var (
	// ErrUndeclared: nobody declared this host and port.
	ErrUndeclared = errors.New("is not declared as a destination")
	// ErrAddress: the name leads only to addresses that its declaration does not cover.
	ErrAddress = errors.New("leads to an address that is not allowed")
	// ErrPlaintext: plain HTTP is for own infrastructure alone.
	ErrPlaintext = errors.New("must be reached by TLS")
	// ErrNetwork: only TCP leaves the house.
	ErrNetwork = errors.New("is not reached by TCP")
)

// Denied says that the dialer refused a destination; nothing was sent to it. It comes
// wrapped in a *url.Error from the HTTP client; find it with errors.As.
type Denied struct {
	Destination string // host:port as asked for
	Address     string // the offending address, for ErrAddress
	Cause       error  // one of the causes above
}

// Error names destination and cause.
func (d *Denied) Error() string {
	s := "egress: " + d.Destination + " " + d.Cause.Error()
	if d.Address != "" {
		s += ": " + d.Address
	}
	return s
}

// Unwrap gives the cause.
func (d *Denied) Unwrap() error { return d.Cause }
