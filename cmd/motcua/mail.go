package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/motcua/motcua/pkg/courier"
	"github.com/motcua/motcua/pkg/jobs"
	"github.com/motcua/motcua/pkg/notify"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store"
)

// mailbox is how checkpoints leave by mail.
type mailbox struct {
	MailServer       string   `help:"Mail server that checkpoints of the log are mailed through, HOST:PORT; without it none are." env:"MOTCUA_MAIL_SERVER" placeholder:"HOST:PORT"`
	MailTLS          string   `name:"mail-tls" help:"starttls, tls (from the first byte on) or none." default:"starttls" enum:"starttls,tls,none" env:"MOTCUA_MAIL_TLS"`
	MailCA           string   `name:"mail-ca" help:"File of the authority that the mail server's certificate is from, if it is none that the system knows." env:"MOTCUA_MAIL_CA" placeholder:"FILE"`
	MailUser         string   `help:"User at the mail server, if it wants one." env:"MOTCUA_MAIL_USER" placeholder:"NAME"`
	MailPassword     string   `help:"Password of the user; better given in the environment or in a file." env:"MOTCUA_MAIL_PASSWORD" placeholder:"PASSWORD"`
	MailPasswordFile string   `help:"File that holds the password." env:"MOTCUA_MAIL_PASSWORD_FILE" placeholder:"FILE"`
	MailFrom         string   `help:"Sender of the mails." env:"MOTCUA_MAIL_FROM" placeholder:"ADDRESS"`
	MailTo           []string `help:"Who is mailed checkpoints, separated by commas." env:"MOTCUA_MAIL_TO" placeholder:"ADDRESS"`
	MailAt           string   `help:"Hour of the day at which they are mailed, 0 to 23 in Vietnamese time, or hourly." default:"17" env:"MOTCUA_MAIL_AT" placeholder:"HOUR"`
}

// postman is who carries the mails, and the rule for when.
func (b mailbox) postman(source string) (*courier.Postman, onestop.MailRule, error) {
	rule := onestop.MailRule{Hourly: b.MailAt == "hourly", Source: source}
	for _, to := range b.MailTo {
		if to = strings.TrimSpace(to); to != "" {
			rule.To = append(rule.To, to)
		}
	}
	var err error
	if rule.Hour, err = strconv.Atoi(b.MailAt); !rule.Hourly && (err != nil || rule.Hour < 0 || rule.Hour > 23) {
		return nil, rule, fmt.Errorf("--mail-at: %q is no hour from 0 to 23 and not hourly", b.MailAt)
	}
	s := courier.MailSettings{Server: b.MailServer, TLS: b.MailTLS, User: b.MailUser, Password: b.MailPassword, From: b.MailFrom, To: rule.To}
	if b.MailPasswordFile != "" {
		if b.MailPassword != "" {
			return nil, rule, errors.New("--mail-password-file: a password is given as well")
		}
		body, err := os.ReadFile(b.MailPasswordFile)
		if err != nil {
			return nil, rule, fmt.Errorf("--mail-password-file: %w", err)
		}
		s.Password = strings.TrimRight(string(body), "\r\n")
	}
	if b.MailCA != "" {
		body, err := os.ReadFile(b.MailCA)
		if err != nil {
			return nil, rule, fmt.Errorf("--mail-ca: %w", err)
		}
		if s.Roots = x509.NewCertPool(); !s.Roots.AppendCertsFromPEM(body) {
			return nil, rule, fmt.Errorf("--mail-ca: there is no certificate in %s", b.MailCA)
		}
	}
	p, err := courier.NewPostman(s)
	if err != nil {
		return nil, rule, fmt.Errorf("--mail-…: %w", err)
	}
	return p, rule, nil
}

// mailCheckpoints is the duty to mail checkpoints, none without a mail server. It looks every five minutes what is due or was not taken.
func (b mailbox) mailCheckpoints(source string) (func(*onestop.Office) []jobs.Job, error) {
	if b.MailServer == "" {
		if b.MailFrom != "" || len(b.MailTo) > 0 {
			return nil, errors.New("--mail-server: is missing, though there is a sender or a recipient")
		}
		return func(*onestop.Office) []jobs.Job { return nil }, nil
	}
	p, rule, err := b.postman(source)
	return func(office *onestop.Office) []jobs.Job {
		return []jobs.Job{{Name: "mail-checkpoint", Schedule: "*/5 * * * *", Run: func(ctx context.Context, _ time.Time) (string, error) {
			n, err := office.MailCheckpoint(ctx, clock, rule, false, p.Send)
			return fmt.Sprintf("%d mails sent", n), err
		}}}
	}, err
}

type ledgerMail struct {
	data
	public
	mailbox
	Test bool `help:"Send a trial mail that says nothing, to see whether the settings are right."`
}

// Run mails the last checkpoint to everybody, whether it is due or not.
func (v ledgerMail) Run() error {
	source, err := v.address("urn:motcua")
	if err != nil {
		return err
	}
	p, rule, err := v.postman(source)
	if err != nil {
		return err
	}
	if v.Test {
		return v.trial(p, rule)
	}
	return v.with(func(ctx context.Context, _ *store.Store, o *onestop.Office) error {
		n, err := o.MailCheckpoint(ctx, clock, rule, true, p.Send)
		fmt.Printf("%d thư đã gửi. / %d mails sent.\n", n, n)
		return err
	})
}

// trial needs no database.
func (v ledgerMail) trial(p *courier.Postman, rule onestop.MailRule) error {
	letters := make([]notify.Letter, len(rule.To))
	for i, to := range rule.To {
		letters[i] = notify.TrialLetter(rule.Source, to, clock(), zone)
	}
	result, failed := p.Send(context.Background(), letters), 0
	for i, err := range result {
		told := "đã nhận / taken"
		if err != nil {
			told, failed = err.Error(), failed+1
		}
		fmt.Printf("%s: %s\n", rule.To[i], told)
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d mails were not taken", failed, len(result))
	}
	return nil
}
