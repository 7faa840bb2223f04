package courier_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/courier"
	"github.com/motcua/motcua/pkg/notify"
)

var letter = notify.Message{ID: "thu-1", Body: []byte(`{}`)}

func to(url string) notify.Receiver { return notify.Receiver{URL: url, Secret: notify.NewSecret()} }

func networks(t *testing.T, s string) courier.Networks {
	t.Helper()
	n, err := courier.ReadNetworks(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// canary counts whoever connects to the loopback of this machine, by either family.
func canary(t *testing.T) (port string, connections *atomic.Int64) {
	t.Helper()
	connections = &atomic.Int64{}
	first, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ = net.SplitHostPort(first.Addr().String())
	listeners := []net.Listener{first}
	if six, err := net.Listen("tcp6", "[::1]:"+port); err == nil {
		listeners = append(listeners, six)
	}
	for _, l := range listeners {
		t.Cleanup(func() { l.Close() })
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				connections.Add(1)
				c.Close()
			}
		}()
	}
	return port, connections
}

func TestNoWayToWriteAnAddressLeadsIntoTheHouse(t *testing.T) {
	t.Parallel()
	port, connections := canary(t)
	c := courier.New(time.Now, nil)
	hosts := []string{
		"127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f.1", "0x7f000001", "0177.0.0.1", "017700000001", "0", "0.0.0.0", "00000000.0.0.0",
		"localhost", "LOCALHOST", "localhost.", "ip6-localhost", "127.0.0.1.", "①②⑦.⓪.⓪.①", "127。0。0。1",
		"[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b:1::7f00:1]",
		"[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::1]", "[fe80::1%25lo]", "[fc00::1]", "[fd12:3456::1]", "[ff02::1]", "[fec0::1]", "[2001:db8::1]", "[100::1]",
		"10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254", "169.254.0.1", "100.64.0.1", "100.127.255.255",
		"192.0.0.1", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
		"a@127.0.0.1", "127.0.0.1:80@127.0.0.1", "example.vn#@127.0.0.1", "127.0.0.1\\@example.vn", "%31%32%37.0.0.1",
	}
	tried := 0
	for _, host := range hosts {
		for _, scheme := range []string{"https", "http"} {
			tried++
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			a := c.Send(ctx, to(scheme+"://"+host+":"+port+"/"), letter)
			cancel()
			if a.Why.Empty() || a.Status != 0 {
				t.Errorf("%s://%s: %+v", scheme, host, a)
			}
		}
	}
	for _, url := range []string{"file:///etc/hosts", "gopher://127.0.0.1:" + port + "/_x", "ftp://127.0.0.1:" + port, "unix:///run/x", "dict://127.0.0.1:" + port, "//127.0.0.1:" + port} {
		tried++
		if a := c.Send(t.Context(), to(url), letter); a.Why.Empty() {
			t.Errorf("%s: %+v", url, a)
		}
	}
	if n := connections.Load(); n != 0 || tried < 100 {
		t.Errorf("%d of %d came through", n, tried)
	}
	t.Logf("0 connections of %d", tried)
}

func TestTheOperatorOpensNetworksOfTheHouse(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	x := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked.Add(1); w.WriteHeader(202) }))
	t.Cleanup(x.Close)
	for _, c := range []struct {
		allowed, url string
		taken        bool
	}{
		{"127.0.0.0/8", x.URL, true},
		{"127.0.0.1", x.URL, true},
		{"10.0.0.0/8, 127.0.0.1/32", x.URL, true},
		{"127.0.0.1", strings.Replace(x.URL, "127.0.0.1", "[::ffff:127.0.0.1]", 1), true},
		{"127.0.0.2", x.URL, false},
		{"10.0.0.0/8", x.URL, false},
		{"::1", x.URL, false},
		{"", x.URL, false},
	} {
		if a := courier.New(time.Now, networks(t, c.allowed)).Send(t.Context(), to(c.url), letter); a.Delivered() != c.taken {
			t.Errorf("%q, %s: %+v", c.allowed, c.url, a)
		}
	}
	if asked.Load() != 4 {
		t.Errorf("it was asked %d times", asked.Load())
	}
	for _, s := range []string{"x", "10.0.0.0/33", "10.0.0", "http://10.0.0.1", "10.0.0.0/8,,y"} {
		if n, err := courier.ReadNetworks(s); err == nil {
			t.Errorf("%q is read as %v", s, n)
		}
	}
}

func TestARedirectionIsNotFollowed(t *testing.T) {
	t.Parallel()
	var inside atomic.Int64
	behind := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { inside.Add(1) }))
	t.Cleanup(behind.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		x := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, behind.URL, status) }))
		a := courier.New(time.Now, networks(t, "127.0.0.0/8")).Send(t.Context(), to(x.URL), letter)
		x.Close()
		if a.Delivered() || a.Status != status || !strings.Contains(a.Said().String(), "not followed") {
			t.Errorf("%d: %+v", status, a)
		}
	}
	if inside.Load() != 0 {
		t.Error("it was followed")
	}
}

func TestAnAnswerSaysWhatCameOfIt(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 2, 1, 30, 0, 0, time.UTC)
	for _, c := range []struct {
		status                       int
		later                        string
		delivered, gone, down, leave bool
		wait                         time.Duration
	}{
		{200, "", true, false, false, false, 0},
		{204, "", true, false, false, false, 0},
		{299, "", true, false, false, false, 0},
		{400, "", false, false, false, false, 0},
		{410, "", false, true, false, false, 0},
		{429, "", false, false, true, false, 0},
		{429, "120", false, false, true, true, 2 * time.Minute},
		{429, "-5", false, false, true, false, 0},
		{429, "soon", false, false, true, false, 0},
		{500, "", false, false, false, false, 0},
		{500, "120", false, false, false, false, 2 * time.Minute},
		{503, "Mon, 02 Nov 2026 02:30:00 GMT", false, false, true, true, time.Hour},
		{503, "99999999", false, false, true, true, 24 * time.Hour},
	} {
		x := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if c.later != "" {
				w.Header().Set("Retry-After", c.later)
			}
			w.WriteHeader(c.status)
			fmt.Fprint(w, strings.Repeat("bí mật", 50_000))
		}))
		a := courier.New(func() time.Time { return now }, networks(t, "127.0.0.1")).Send(t.Context(), to(x.URL), letter)
		x.Close()
		if a.Delivered() != c.delivered || a.Gone() != c.gone || a.Unreachable() != c.down || a.Busy() != c.leave || a.RetryAfter != c.wait {
			t.Errorf("%d %q: %+v", c.status, c.later, a)
		}
		if (a.Said().String() == "") != c.delivered || strings.Contains(a.Said().String(), "bí") {
			t.Errorf("%d is told as %q", c.status, a.Said())
		}
	}
}

func TestWhoDoesNotAnswerIsNotWaitedForAndNotNamed(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + closed.Addr().String()
	closed.Close()
	secure := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(secure.Close)
	release := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(slow.Close)
	t.Cleanup(func() { close(release) }) // before the server waits for it
	c := courier.New(time.Now, networks(t, "127.0.0.1"))
	for url, why := range map[string]string{
		nobody: "refused", secure.URL: "certificate", slow.URL: "in time", "https://khong-co.invalid/": "not known",
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		a := c.Send(ctx, to(url), letter)
		cancel()
		if a.Why.Empty() || !a.Unreachable() || !strings.Contains(a.Said().String(), why) || strings.Contains(a.Said().String(), "127.") {
			t.Errorf("%s: %+v", url, a)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if a := c.Send(ctx, to(slow.URL), letter); a.Said().String() != "it was broken off" {
		t.Errorf("%+v", a)
	}
	if a := c.Send(t.Context(), notify.Receiver{URL: slow.URL, Secret: "whsec_"}, letter); a.Why.Empty() {
		t.Error("a message left without a signature")
	}
}
