package courier_test

import (
	"mime"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/motcua/motcua/pkg/courier"
	"github.com/motcua/motcua/pkg/courier/couriertest"
	"github.com/motcua/motcua/pkg/ledger"
	"github.com/motcua/motcua/pkg/notify"
)

// pledged is a checkpoint with a long signature, and the key that checks it.
func pledged(t *testing.T) notify.Pledge {
	t.Helper()
	private, public, err := ledger.NewKey("motcua-thu")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.NewSigner(private, public)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	signed, err := signer.Sign(ledger.Checkpoint{Size: 1234, At: at})
	if err != nil {
		t.Fatal(err)
	}
	return notify.Pledge{Size: 1234, SignedAt: at, Signed: signed, PublicKey: public, Source: "https://motcua.example.vn"}
}

func letterTo(t *testing.T, to string) (notify.Letter, notify.Pledge) {
	t.Helper()
	p := pledged(t)
	return notify.CheckpointLetter(p, to, time.FixedZone("+07", 7*3600)), p
}

func TestACheckpointThatCameByMailVerifies(t *testing.T) {
	t.Parallel()
	for name, direct := range map[string]bool{"starttls": false, "tls": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := couriertest.NewMailServer(t, direct)
			l, p := letterTo(t, "luu.tru@tinh.example.vn")
			if result := couriertest.NewPostman(t, x.Settings(l.To)).Send(t.Context(), []notify.Letter{l}); result[0] != nil {
				t.Fatal(result[0])
			}
			taken, _ := x.Taken()
			if len(taken) != 1 || !taken[0].Signed || !taken[0].Secure || taken[0].To != l.To || taken[0].From != "motcua@tinh.example.vn" {
				t.Fatalf("%+v", taken)
			}
			m, err := mail.ReadMessage(strings.NewReader(taken[0].Body))
			if err != nil {
				t.Fatal(err)
			}
			subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
			if err != nil || subject != "Điểm kiểm soát nhật ký hồ sơ 17:00 02/11/2026, 1234 sự kiện / Journal checkpoint" {
				t.Error(subject, err)
			}
			if id := m.Header.Get("Message-Id"); id != "<"+l.ID+"@tinh.example.vn>" {
				t.Error(id)
			}
			found := ledger.Find(taken[0].Body) // text and attached file are the same one
			if len(found) != 1 || found[0] != p.Signed {
				t.Fatalf("%q", found)
			}
			if c, err := ledger.Open(found[0], p.PublicKey); err != nil || c.Size != 1234 {
				t.Error(c, err)
			}
			if !strings.Contains(l.Text, p.Signed) || l.Content != p.Signed {
				t.Error(l.Text)
			}
		})
	}
}

func TestWhatIsWrongWithMailIsSaidWithoutAddressesAndPasswords(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := closed.Addr().String()
	closed.Close()
	mute, err := net.Listen("tcp4", "127.0.0.1:0") // takes the connection and says nothing
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mute.Close() })
	starttls, direct := couriertest.NewMailServer(t, false), couriertest.NewMailServer(t, true)
	full := couriertest.NewMailServer(t, false)
	full.Refuse(func(to string) error { return &smtp.SMTPError{Code: 452, Message: "no room for " + to} })
	l, _ := letterTo(t, "luu.tru@tinh.example.vn")
	for name, c := range map[string]struct {
		server *couriertest.MailServer
		change func(*courier.MailSettings)
		says   string
	}{
		"nobody there":     {starttls, func(s *courier.MailSettings) { s.Server = nobody }, "refused"},
		"no answer":        {starttls, func(s *courier.MailSettings) { s.Server = mute.Addr().String() }, "in time"},
		"unknown host":     {starttls, func(s *courier.MailSettings) { s.Server = "khong-co.invalid:25" }, "not known"},
		"wrong password":   {starttls, func(s *courier.MailSettings) { s.Password = "sai" }, "does not accept user and password (535)"},
		"wrong authority":  {starttls, func(s *courier.MailSettings) { s.Roots = nil }, "certificate"},
		"another's TLS":    {direct, func(s *courier.MailSettings) { s.Roots = nil }, "certificate"},
		"TLS where none":   {starttls, func(s *courier.MailSettings) { s.TLS = "tls" }, "failed"},
		"no room":          {full, func(*courier.MailSettings) {}, "answers 452"},
		"signed in or not": {full, func(s *courier.MailSettings) { s.TLS, s.User, s.Password = "none", "", "" }, "answers 452"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := c.server.Settings(l.To)
			c.change(&s)
			s.Wait = time.Second
			err := couriertest.NewPostman(t, s).Send(t.Context(), []notify.Letter{l})[0]
			if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "@") || strings.Contains(err.Error(), couriertest.Password) || strings.Contains(err.Error(), "sai") {
				t.Errorf("%v", err)
			}
			if taken, _ := c.server.Taken(); len(taken) > 0 {
				t.Error("it was taken all the same")
			}
		})
	}
}

func TestMailSettingsAreCheckedAllAtOnce(t *testing.T) {
	t.Parallel()
	_, err := courier.NewPostman(courier.MailSettings{Server: "mail.example.vn", TLS: "ssl", User: "u", From: "không phải", To: []string{"a@b.vn", "Ai <a@b.vn>"}})
	for _, says := range []string{"mail server \"mail.example.vn\"", "TLS is", "user and password", "the sender", "the recipient \"Ai"} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
	s := courier.MailSettings{Server: "mail.example.vn:25", TLS: "none", From: "a@b.vn", To: []string{"a@b.vn"}}
	if _, err := courier.NewPostman(s); err != nil {
		t.Error(err)
	}
	s.User, s.Password = "u", "p"
	if _, err := courier.NewPostman(s); err == nil || !strings.Contains(err.Error(), "without TLS") {
		t.Error(err)
	}
	s.To = nil
	if _, err := courier.NewPostman(s); err == nil || !strings.Contains(err.Error(), "nobody") {
		t.Error(err)
	}
}
