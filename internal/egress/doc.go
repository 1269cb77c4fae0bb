// Package egress is the only way out of the program: a dialer, and the HTTP client
// on it, that reaches declared hosts and refuses the rest.
//
// It promises that every connection goes to a host:port somebody declared with a
// purpose and with a Processor or as own infrastructure; that every address is
// checked after resolution and that the connection goes to the address checked, so
// that an answer changing between two look-ups (DNS rebinding) gains nothing; and
// that the list of declarations is at any time the list of places data can go to.
//
// It refuses private, loopback and other special addresses to Processors, and
// metadata services, multicast and unspecified addresses to everybody. Its HTTP
// client follows no redirects, reads no proxy from the environment, and speaks plain
// HTTP to own infrastructure alone. It resolves names with the system's resolver; that
// look-up itself is the one thing that is not declared.
package egress
