package courier_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/courier"
)

func TestAnAddressThatLeadsIntoTheHouseIsToldBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	c := courier.New(time.Now, networks(t, "127.0.0.0/8, 10.20.0.0/16"))
	strict := courier.New(time.Now, nil)
	for _, x := range []struct {
		courier     *courier.Courier
		url         string
		wrong, hint string
	}{
		{strict, "https://8.8.8.8/", "", ""},
		{strict, "https://[2606:4700::1111]:8443/x", "", ""},
		{strict, "https://127.0.0.1/", "leads into a network", ""},
		{strict, "https://[::1]/", "leads into a network", ""},
		{strict, "https://[::ffff:10.0.0.1]/", "leads into a network", ""},
		{strict, "https://169.254.169.254/latest", "leads into a network", ""},
		{strict, "https://localhost/", "leads into a network", ""},
		{strict, "https://LocalHost.:99/", "leads into a network", ""},
		{strict, "https://a.localhost/", "leads into a network", ""},
		{strict, "http://8.8.8.8/", "plain http", ""},
		{strict, "http://localhost/", "plain http", ""},
		{strict, "https://khong-co.invalid/", "", "not known now"},
		{strict, "http://khong-co.invalid/", "", "not known now"},
		{c, "http://localhost:8080/", "", ""},
		{c, "http://127.1.2.3/", "", ""},
		{c, "https://10.20.30.40/", "", ""},
		{c, "https://10.21.30.40/", "leads into a network", ""},
		{c, "file:///etc/passwd", "", ""}, // told by notify.WrongURL
		{c, "https://u:p@10.21.0.1/", "", ""},
	} {
		why, notice := x.courier.Reach(t.Context(), x.url)
		wrong, hint := why.String(), notice.String()
		if !strings.HasPrefix(wrong, x.wrong) || (wrong == "") != (x.wrong == "") || !strings.Contains(hint, x.hint) || (hint == "") != (x.hint == "") {
			t.Errorf("%s: wrong %q, hint %q", x.url, wrong, hint)
		}
	}
	given, cancel := context.WithCancel(t.Context())
	cancel()
	if wrong, hint := strict.Reach(given, "https://khong-co.invalid/"); !wrong.Empty() || hint.Empty() {
		t.Error(wrong, hint)
	}
}
