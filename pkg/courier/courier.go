// Package courier carries messages out of the house: over HTTP, signed, and into no network within the house that the operator did not name; and
// letters to the mail server.
package courier

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/notify"
)

// Courier sends messages by HTTP POST, signed, and never to an address within the house unless it lies in an allowed network.
type Courier struct {
	clock               func() time.Time
	secureMay, plainMay func(netip.Addr) bool // where https and where http may go
	secure, plain       *http.Client
}

// How long one attempt may take: what a receiver does with a message it should do after it has answered.
const attempt = 15 * time.Second

var errRefused = errors.New("an address that is not to be reached")

// New is a Courier. Plain HTTP, which anybody on the way can read, goes to allowed networks only.
func New(clock func() time.Time, allowed Networks) *Courier {
	anywhere := func(a netip.Addr) bool { return public(a) || allowed.Inside(a) }
	return &Courier{clock: clock, secureMay: anywhere, plainMay: allowed.Inside, secure: clientFor(anywhere), plain: clientFor(allowed.Inside)}
}

// clientFor connects only to addresses that may be reached. It looks at the address that is dialled, after the name was resolved, so that no
// name can lead elsewhere between a check and the connection. It knows no proxy, which would connect in its stead.
func clientFor(may func(netip.Addr) bool) *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		a, err := netip.ParseAddrPort(address)
		if err != nil || !may(a.Addr()) {
			return errRefused
		}
		return nil
	}}
	return &http.Client{
		Timeout:       attempt,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: 10 * time.Second, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
			ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 8, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 64 << 10,
		},
	}
}

// Send tries once.
func (c *Courier) Send(ctx context.Context, r notify.Receiver, m notify.Message) notify.Answer {
	if why := notify.WrongURL(r.URL); !why.Empty() {
		return notify.Answer{Why: fault.Say("the address %s", why)}
	}
	now := c.clock()
	signature, err := notify.Sign(m, now, r.Secrets(now)...)
	if err != nil {
		return notify.Answer{Why: fault.Say("the message cannot be signed")}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL, bytes.NewReader(m.Body))
	if err != nil {
		return notify.Answer{Why: fault.Say("the address cannot be asked")}
	}
	request.Header.Set("Content-Type", notify.ContentType)
	request.Header.Set("User-Agent", "Motcua")
	request.Header.Set("webhook-id", m.ID)
	request.Header.Set("webhook-timestamp", notify.Timestamp(now))
	request.Header.Set("webhook-signature", signature)
	client := c.secure
	if request.URL.Scheme == "http" {
		client = c.plain
	}
	response, err := client.Do(request)
	if err != nil {
		return notify.Answer{Why: plainly(err)}
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 64<<10)) // so that the connection can be used again
	return notify.Answer{Status: response.StatusCode, RetryAfter: retryAfter(response.Header.Get("Retry-After"), now)}
}

// plainly is why nobody answered, without addresses that whoever reads it may not know.
func plainly(err error) fault.Text {
	var (
		dns     *net.DNSError
		timeout interface{ Timeout() bool }
		tlsErr  *tls.CertificateVerificationError
	)
	switch {
	case errors.Is(err, errRefused):
		return fault.Say("the address lies in a network that messages are not sent to")
	case errors.Is(err, context.Canceled):
		return fault.Say("it was broken off")
	case errors.As(err, &dns):
		return fault.Say("the host name is not known")
	case errors.As(err, &tlsErr):
		return fault.Say("the certificate is not valid for the host")
	case errors.As(err, &timeout) && timeout.Timeout():
		return fault.Say("no answer in time")
	case errors.Is(err, syscall.ECONNREFUSED):
		return fault.Say("the connection is refused")
	}
	return fault.Say("the connection failed")
}

// The longest that a receiver's word to come back later is taken for.
const longestWait = 24 * time.Hour

func retryAfter(s string, now time.Time) time.Duration {
	wait := time.Duration(0)
	if seconds, err := strconv.ParseInt(strings.TrimSpace(s), 10, 32); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(s); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), longestWait)
}
