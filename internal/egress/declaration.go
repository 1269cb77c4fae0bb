package egress

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Declaration says where data may go, and why. A host:port may have several, one for
// each purpose. Declarations that are equal (==, once the host is normalised) are one.
type Declaration struct {
	Purpose   string // what for, e.g. "WhatsApp messages"; required
	Host      string // a name in ASCII form, without wildcard, or an IP address
	Port      int    // 1 to 65535
	Processor string // name of the Processor (GDPR Art. 28); required unless Own
	Own       bool   // own infrastructure: may be private or loopback, and plain HTTP
}

// destination is the key of the declarations.
type destination struct {
	host string
	port int
}

func (d destination) String() string { return net.JoinHostPort(d.host, strconv.Itoa(d.port)) }

func (d Declaration) destination() destination { return destination{d.Host, d.Port} }

// Declare opens the way to d.Host at d.Port. Declaring again what is declared changes
// nothing. It fails when purpose, host or port is wrong, or when neither a Processor
// nor own infrastructure is named.
func (d *Dialer) Declare(decl Declaration) error {
	decl, err := normalise(decl)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	at := decl.destination()
	if !slices.Contains(d.declared[at], decl) {
		d.declared[at] = append(d.declared[at], decl)
	}
	return nil
}

// Withdraw takes back a declaration. Requests through HTTPClient are refused from then
// on, unless another declaration covers the destination; connections taken from
// DialContext stay with their owner. Withdrawing what is not declared does nothing.
func (d *Dialer) Withdraw(decl Declaration) {
	decl, err := normalise(decl)
	if err != nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	at := decl.destination()
	rest := slices.DeleteFunc(d.declared[at], func(x Declaration) bool { return x == decl })
	if d.declared[at] = rest; len(rest) == 0 {
		delete(d.declared, at)
	}
}

// Declarations lists what is declared, by host, port and purpose.
func (d *Dialer) Declarations() []Declaration {
	d.mu.RLock()
	defer d.mu.RUnlock()
	var all []Declaration
	for _, list := range d.declared {
		all = append(all, list...)
	}
	slices.SortFunc(all, func(a, b Declaration) int {
		return cmp.Or(cmp.Compare(a.Host, b.Host), cmp.Compare(a.Port, b.Port),
			cmp.Compare(a.Purpose, b.Purpose), cmp.Compare(a.Processor, b.Processor))
	})
	return all
}

// covered tells whether at is declared, and whether any declaration says that it is
// own infrastructure.
func (d *Dialer) covered(at destination) (own, ok bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	list := d.declared[at]
	return slices.ContainsFunc(list, func(x Declaration) bool { return x.Own }), len(list) > 0
}

func normalise(d Declaration) (Declaration, error) {
	host, err := normaliseHost(d.Host)
	switch {
	case err != nil:
		return d, err
	case d.Port < 1 || d.Port > 65535:
		return d, fmt.Errorf("egress: port %d of %s is not between 1 and 65535", d.Port, host)
	case strings.TrimSpace(d.Purpose) == "":
		return d, fmt.Errorf("egress: the declaration of %s names no purpose", host)
	case strings.TrimSpace(d.Processor) == "" && !d.Own:
		return d, fmt.Errorf("egress: the declaration of %s names neither a processor nor own infrastructure", host)
	}
	d.Host = host
	return d, nil
}

// normaliseHost gives one spelling to each host: names in lower case without a final
// dot, addresses in canonical form, IPv4 never dressed as IPv6.
func normaliseHost(host string) (string, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		if ip.Zone() != "" {
			return "", fmt.Errorf("egress: the address %q carries a zone", host)
		}
		return ip.Unmap().String(), nil
	}
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	labels := strings.Split(name, ".")
	if len(name) > 253 || slices.ContainsFunc(labels, isNoLabel) {
		return "", fmt.Errorf("egress: %q is neither a host name in ASCII form nor an address", host)
	}
	// A last label that begins with a digit is an address in disguise (127.1, 0x7f.1);
	// resolvers read those differently.
	if last := labels[len(labels)-1]; last[0] >= '0' && last[0] <= '9' {
		return "", fmt.Errorf("egress: %q is not an address in canonical form", host)
	}
	return name, nil
}

func isNoLabel(l string) bool {
	return l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' ||
		strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-_") != ""
}
