package egress

import "net/netip"

// reach says who may lead to an address.
type reach uint8

const (
	public reach = iota // everybody declared
	inside              // own infrastructure alone
	never               // nobody
)

// neverPrefixes are refused even to own infrastructure: no service answers there, or
// one that hands out the machine's credentials to whoever asks.
var neverPrefixes = prefixes(
	"0.0.0.0/8", "::/128", // unspecified, "this network" (RFC 1122)
	"224.0.0.0/4", "ff00::/8", // multicast
	"240.0.0.0/4",                                              // reserved, and broadcast
	"169.254.169.254/32", "169.254.170.2/32", "fd00:ec2::/112", // metadata of AWS, Azure, Google; AWS containers
	"169.254.170.23/32", "100.100.100.200/32", "192.0.0.192/32", // metadata of AWS pods, Alibaba, Oracle
	"168.63.129.16/32", // Azure's host agent
)

// insidePrefixes are special addresses that a name in the public DNS has no business
// with (IANA special-purpose registries, RFC 6890).
var insidePrefixes = prefixes(
	"127.0.0.0/8", "::1/128", // loopback
	"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10", // private, ULA, site-local
	"169.254.0.0/16", "fe80::/10", // link-local
	"100.64.0.0/10",                                   // carrier-grade NAT (RFC 6598)
	"192.0.0.0/24", "198.18.0.0/15", "192.88.99.0/24", // protocol assignments, benchmarks, 6to4 relays
	"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20", // documentation
	"64:ff9b::/96", "64:ff9b:1::/48", // NAT64 (RFC 6052, RFC 8215)
	"::/96", "2001::/23", "2002::/16", "100::/64", // IPv4-compatible, Teredo and kin, 6to4, discard
)

// wrappings are IPv6 prefixes whose addresses lead to an IPv4 address inside them, at
// the given byte.
var wrappings = []struct {
	prefix netip.Prefix
	at     int
}{
	{netip.MustParsePrefix("64:ff9b::/96"), 12},   // NAT64 (RFC 6052)
	{netip.MustParsePrefix("64:ff9b:1::/48"), 12}, // local NAT64, of which /96 is the usual use (RFC 8215)
	{netip.MustParsePrefix("2002::/16"), 2},       // 6to4 (RFC 3056)
}

// reachOf judges ip. An IPv4 address inside an IPv6 one counts as what it is: mapped
// ones are unwrapped, and behind NAT64 and 6to4 a forbidden address stays forbidden.
func reachOf(ip netip.Addr) reach {
	ip = ip.Unmap().WithZone("")
	switch {
	case !ip.IsValid() || within(ip, neverPrefixes):
		return never
	case within(ip, insidePrefixes):
		return max(inside, reachOfInner(ip))
	default:
		return public
	}
}

// reachOfInner judges the IPv4 address inside ip, and is public if there is none.
func reachOfInner(ip netip.Addr) reach {
	for _, w := range wrappings {
		if w.prefix.Contains(ip) {
			b := ip.As16()
			return reachOf(netip.AddrFrom4([4]byte(b[w.at : w.at+4])))
		}
	}
	return public
}

func within(ip netip.Addr, list []netip.Prefix) bool {
	for _, p := range list {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}
