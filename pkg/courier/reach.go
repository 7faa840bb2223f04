package courier

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/notify"
)

// How long a name is looked up while somebody waits for the answer.
const lookingUp = 3 * time.Second

// Reach says whether messages may go to the address of a receiver as things are: wrong is why not, nothing when they may; hint is what is to be
// noticed. It saves a mistake, it protects nothing: a name can lead elsewhere a moment later, and the connection itself looks again. A name with
// at least one address that may be reached is one that may; a name that is not known now is let in, since it may be known tomorrow.
func (c *Courier) Reach(ctx context.Context, address string) (wrong, hint fault.Text) {
	u, err := url.Parse(address)
	if err != nil || !notify.WrongURL(address).Empty() {
		return fault.Text{}, fault.Text{} // that is told elsewhere
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	may, wrong := c.secureMay, fault.Say("leads into a network that messages are not sent to")
	if u.Scheme == "http" {
		may, wrong = c.plainMay, fault.Say("plain http goes only to networks within the house that the operator named; use https")
	}
	var found []netip.Addr
	switch a, err := netip.ParseAddr(host); {
	case err == nil:
		found = append(found, a)
	case host == "localhost" || strings.HasSuffix(host, ".localhost"):
		found = []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()}
	default:
		ctx, cancel := context.WithTimeout(ctx, lookingUp)
		defer cancel()
		found, err = net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		var unknown *net.DNSError
		if errors.As(err, &unknown) || len(found) == 0 {
			return fault.Text{}, fault.Say("the host name is not known now; messages wait until it is")
		}
	}
	for _, a := range found {
		if may(a) {
			return fault.Text{}, fault.Text{}
		}
	}
	return wrong, fault.Text{}
}
