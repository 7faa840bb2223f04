// Package couriertest has a mail server for tests: a real one that speaks SMTP, keeps what it took, and can be down.
package couriertest

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/motcua/motcua/pkg/courier"
)

// User signs in at the server, with Password.
const (
	User     = "motcua"
	Password = "mật-khẩu thử"
)

// Taken is a mail that the server took.
type Taken struct {
	From, To string
	Signed   bool   // the sender signed in
	Secure   bool   // over TLS
	Body     string // as it came over the wire
}

// MailServer is the server. It knows TLS with a certificate of its own.
type MailServer struct {
	Addr  string
	Roots *x509.CertPool // that its certificate is from
	CA    []byte         // the same, as a file has it

	t      testing.TB
	secure *tls.Config
	direct bool // TLS from the first byte on
	server *smtp.Server

	mu     sync.Mutex
	taken  []Taken
	visits int
	refuse func(to string) error
}

// NewMailServer starts one that offers STARTTLS, or speaks TLS from the first byte on.
func NewMailServer(t testing.TB, direct bool) *MailServer {
	t.Helper()
	lent := httptest.NewTLSServer(nil) // has a certificate for 127.0.0.1
	lent.Close()
	x := &MailServer{t: t, Addr: "127.0.0.1:0", Roots: x509.NewCertPool(), secure: &tls.Config{Certificates: lent.TLS.Certificates, MinVersion: tls.VersionTLS12}, direct: direct}
	x.Roots.AddCert(lent.Certificate())
	x.CA = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: lent.Certificate().Raw})
	x.Up()
	t.Cleanup(x.Down)
	return x
}

// Settings lead to the server, signed in.
func (x *MailServer) Settings(to ...string) courier.MailSettings {
	s := courier.MailSettings{
		Server: x.Addr, TLS: "starttls", Roots: x.Roots, User: User, Password: Password, From: "Một cửa <motcua@tinh.example.vn>", To: to,
	}
	if x.direct {
		s.TLS = "tls"
	}
	return s
}

// Up starts the server where it was before.
func (x *MailServer) Up() {
	x.t.Helper()
	l, err := net.Listen("tcp4", x.Addr)
	if err != nil {
		x.t.Fatal(err)
	}
	x.Addr = l.Addr().String()
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.visits++
		return &session{x: x, c: c}, nil
	}))
	s.Domain, s.AllowInsecureAuth, s.ErrorLog = "thu.example.vn", true, log.New(io.Discard, "", 0)
	if x.direct {
		l = tls.NewListener(l, x.secure)
	} else {
		s.TLSConfig = x.secure
	}
	x.server = s
	go func() { _ = s.Serve(l) }() // ends when it is closed
}

// Down stops it.
func (x *MailServer) Down() { _ = x.server.Close() }

// Refuse sets what recipients are refused with from now on; a nil error takes the mail.
func (x *MailServer) Refuse(with func(to string) error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.refuse = with
}

// Taken is what it took so far, and how often it was asked.
func (x *MailServer) Taken() (mails []Taken, visits int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return append([]Taken(nil), x.taken...), x.visits
}

type session struct {
	x    *MailServer
	c    *smtp.Conn
	mail Taken
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != User || password != Password {
			return smtp.ErrAuthFailed
		}
		s.mail.Signed = true
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.mail.From = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.x.mu.Lock()
	defer s.x.mu.Unlock()
	if s.mail.To != "" {
		return errors.New("one recipient a mail")
	}
	if s.x.refuse != nil {
		if err := s.x.refuse(to); err != nil {
			return err
		}
	}
	s.mail.To = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	body, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mail.Body = string(body)
	_, s.mail.Secure = s.c.TLSConnectionState()
	s.x.mu.Lock()
	defer s.x.mu.Unlock()
	s.x.taken = append(s.x.taken, s.mail)
	return nil
}

func (s *session) Reset()        { s.mail.To, s.mail.Body = "", "" }
func (s *session) Logout() error { return nil }

// NewPostman carries mail by the settings.
func NewPostman(t testing.TB, s courier.MailSettings) *courier.Postman {
	t.Helper()
	p, err := courier.NewPostman(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
