package courier

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/motcua/motcua/pkg/notify"
)

// MailSettings is how mail leaves.
type MailSettings struct {
	Server         string // HOST:PORT
	TLS            string // "starttls", "tls" from the first byte on, or "none"
	Roots          *x509.CertPool
	User, Password string // "" where the server wants none
	From           string
	To             []string
	Wait           time.Duration // for each word of the server; 0 is 20 s
}

// Postman brings letters to a mail server.
type Postman struct {
	options      []mail.Option
	host         string
	from, domain string
}

const mailWait = 20 * time.Second

// NewPostman checks the settings; the error names everything that is wrong with them.
func NewPostman(s MailSettings) (*Postman, error) {
	var wrong []error
	if s.Wait == 0 {
		s.Wait = mailWait
	}
	host, port, err := net.SplitHostPort(s.Server)
	number, err2 := strconv.Atoi(port)
	if err != nil || err2 != nil || host == "" || number < 1 || number > 65535 {
		wrong = append(wrong, fmt.Errorf("mail server %q is not like mail.example.vn:587", s.Server))
	}
	from, err := netmail.ParseAddress(s.From)
	if err != nil {
		wrong = append(wrong, fmt.Errorf("the sender %q is no mail address", s.From))
		from = &netmail.Address{}
	}
	if len(s.To) == 0 {
		wrong = append(wrong, errors.New("there is nobody to mail to"))
	}
	for _, to := range s.To {
		if a, err := netmail.ParseAddress(to); err != nil || a.Address != to {
			wrong = append(wrong, fmt.Errorf("the recipient %q is no mail address", to))
		}
	}
	if (s.User == "") != (s.Password == "") {
		wrong = append(wrong, errors.New("user and password go together"))
	}
	options := []mail.Option{
		mail.WithPort(number), mail.WithTimeout(s.Wait),
		mail.WithTLSConfig(&tls.Config{ServerName: host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}),
	}
	switch s.TLS {
	case "starttls":
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	case "tls":
		options = append(options, mail.WithSSL(), mail.WithTLSPolicy(mail.NoTLS))
	case "none":
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
		if s.User != "" {
			wrong = append(wrong, errors.New("a password is not sent without TLS"))
		}
	default:
		wrong = append(wrong, fmt.Errorf("TLS is starttls, tls or none, not %q", s.TLS))
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	if s.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	return &Postman{options: options, host: host, from: from.String(), domain: domain}, nil
}

// Send brings the letters in one visit and says for each why the server did not take it, nil when it did. What it says names no address and no
// password.
func (p *Postman) Send(ctx context.Context, letters []notify.Letter) []error {
	result := make([]error, len(letters))
	all := func(err error) []error {
		for i := range result {
			result[i] = err
		}
		return result
	}
	messages := make([]*mail.Msg, len(letters))
	for i, l := range letters {
		var err error
		if messages[i], err = p.message(l); err != nil {
			return all(err)
		}
	}
	client, err := mail.NewClient(p.host, p.options...)
	if err != nil {
		return all(fmt.Errorf("mail settings: %w", err))
	}
	err = client.DialAndSendWithContext(ctx, messages...)
	for i, m := range messages {
		switch {
		case m.IsDelivered(): // whatever went wrong afterwards
		case m.SendError() != nil:
			result[i] = whyNot(m.SendError())
		case err != nil:
			result[i] = whyNot(err)
		default:
			result[i] = errors.New("the mail was not sent")
		}
	}
	return result
}

func (p *Postman) message(l notify.Letter) (*mail.Msg, error) {
	m := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := errors.Join(m.From(p.from), m.To(l.To)); err != nil {
		return nil, errors.New("an address cannot be written to")
	}
	m.Subject(l.Subject)
	m.SetDate()
	m.SetMessageIDWithValue(l.ID + "@" + p.domain)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's absence notice answers it
	m.SetBodyString(mail.TypeTextPlain, l.Text)
	if l.File != "" {
		if err := m.AttachReader(l.File, strings.NewReader(l.Content), mail.WithFileContentType("text/plain; charset=utf-8")); err != nil {
			return nil, fmt.Errorf("attach: %w", err)
		}
	}
	return m, nil
}

// whyNot is why a mail was not taken, without what the server wrote: that may name people, and echo what it was told.
func whyNot(err error) error {
	var (
		refused *mail.SendError
		reply   *textproto.Error
	)
	switch {
	case errors.As(err, &refused) && refused.ErrorCode() != 0:
		return fmt.Errorf("the mail server answers %s", strings.TrimSpace(fmt.Sprint(refused.ErrorCode(), " ", refused.EnhancedStatusCode())))
	case errors.As(err, &reply) && (reply.Code == 535 || reply.Code == 534 || reply.Code == 530):
		return fmt.Errorf("the mail server does not accept user and password (%d)", reply.Code)
	case errors.As(err, &reply):
		return fmt.Errorf("the mail server answers %d", reply.Code)
	case strings.Contains(err.Error(), "does not support STARTTLS"): // the library has no name for it
		return errors.New("the mail server offers no STARTTLS")
	case errors.Is(err, mail.ErrNoSupportedAuthDiscovered):
		return errors.New("the mail server offers no way to sign in")
	}
	return errors.New(plainly(err).String())
}
