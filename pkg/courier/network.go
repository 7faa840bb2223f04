package courier

import (
	"fmt"
	"net/netip"
	"strings"
)

// Networks are those within the house that an operator lets messages be sent to. Without any, only the world outside is reached: whoever may
// name a receiver must not reach the machines behind the server with it.
type Networks []netip.Prefix

// ReadNetworks reads a list like "10.20.0.0/16, 192.168.4.7".
func ReadNetworks(s string) (Networks, error) {
	var all Networks
	for _, one := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
		p, err := netip.ParsePrefix(one)
		if err != nil {
			a, bare := netip.ParseAddr(one)
			if bare != nil {
				return nil, fmt.Errorf("%q is no network like 10.20.0.0/16 and no address", one)
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		all = append(all, p.Masked())
	}
	return all, nil
}

// Inside says whether the operator named the address's network.
func (n Networks) Inside(a netip.Addr) bool {
	for _, p := range n {
		if p.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// public says whether an address is one of the world outside. Addresses that carry one of IPv4 inside (6to4, NAT64, Teredo and the like) are
// not: where they lead is not for us to see.
func public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsValid() || a.Zone() != "" || !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range reserved {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// reserved are what the registries of special-purpose addresses (RFC 6890 and after) list beside what netip knows.
var reserved = func() []netip.Prefix {
	var all []netip.Prefix
	for _, s := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24",
		"198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
	} {
		all = append(all, netip.MustParsePrefix(s))
	}
	return all
}()
