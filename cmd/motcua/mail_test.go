package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/motcua/motcua/pkg/courier/couriertest"
	"github.com/motcua/motcua/pkg/onestop"
)

func TestAMailAsItWasSavedIsReadByVerify(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		x := couriertest.NewMailServer(t, false)
		file := func(name, body string) string {
			path := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}
		o.env = append(o.env, "MOTCUA_MAIL_SERVER="+x.Addr, "MOTCUA_MAIL_CA="+file("ca.pem", string(x.CA)), "MOTCUA_MAIL_USER="+couriertest.User,
			"MOTCUA_MAIL_PASSWORD_FILE="+file("password", couriertest.Password+"\n"), "MOTCUA_MAIL_FROM=motcua@tinh.example.vn", "MOTCUA_MAIL_TO=a@x.example.vn, b@x.example.vn")
		if out := o.must("ledger", "mail", "--test"); strings.Count(out, "đã nhận / taken") != 2 {
			t.Error(out)
		}
		x.Down()
		if out, err := o.run("ledger", "mail", "--test"); err == nil || strings.Count(out, "the connection is refused") != 2 || strings.Contains(out, couriertest.Password) {
			t.Error(out, err)
		}
		x.Up()
		l := &load{office: o, answered: map[string]string{}}
		l.furnish()
		o.start("--mail-at", "hourly")
		if a, err := o.ask("POST", "/api/v1/dossiers", l.clerk, newDossier); err != nil || a.status != http.StatusCreated {
			t.Fatal(a, err)
		}
		o.must("ledger", "enter")
		if out := o.must("ledger", "mail"); !strings.Contains(out, "2 mails sent") {
			t.Error(out)
		}
		a, err := o.ask("GET", "/api/v1/ledger", "", nil)
		if err != nil || a.body["mailed_to"] != 2.0 || a.body["mailed_at"] == nil {
			t.Error(a, err)
		}
		o.kill()
		taken, _ := x.Taken()
		mail := file("thu.eml", taken[len(taken)-1].Body)
		key, _ := a.body["public_key"].(string)
		findings := func() int {
			t.Helper()
			out, _ := o.run("verify", "--json", "--checkpoint", mail, "--key", key)
			var v onestop.Verification
			if err := json.NewDecoder(strings.NewReader(out)).Decode(&v); err != nil {
				t.Fatal(out, err)
			}
			return len(v.Findings)
		}
		if n := findings(); n != 0 {
			t.Errorf("%d findings", n)
		}
		mail = file("sai.eml", strings.Replace(taken[len(taken)-1].Body, "\r\nContent-Transfer-Encoding: base64", "\r\nX-Was: base64", 1))
		if n := findings(); n != 0 { // the text is enough
			t.Errorf("%d findings", n)
		}
		key = "motcua+00000000+AQM55kLKwR9xNPKxm5n2qIq5ErPzdxJYTd1Kauekrm34"
		if out, err := o.run("verify", "--checkpoint", mail, "--key", key); err == nil {
			t.Error("a key of somebody else's checks it: " + out)
		}
	})
}

func TestMailSettingsThatCannotWorkStopTheServer(t *testing.T) {
	t.Parallel()
	whole := mailbox{MailServer: "mail.example.vn:587", MailTLS: "starttls", MailFrom: "a@x.vn", MailTo: []string{"b@x.vn"}, MailAt: "17"}
	if duty, err := whole.mailCheckpoints("urn:x"); err != nil || len(duty(nil)) != 1 {
		t.Error(err)
	}
	if duty, err := (mailbox{MailAt: "17", MailTLS: "starttls"}).mailCheckpoints("urn:x"); err != nil || len(duty(nil)) != 0 {
		t.Error("mail without a mail server", err)
	}
	missing := filepath.Join(t.TempDir(), "không")
	for says, change := range map[string]func(*mailbox){
		"--mail-server":        func(b *mailbox) { b.MailServer = "" },
		"--mail-at":            func(b *mailbox) { b.MailAt = "24" },
		"--mail-at: \"hàng":    func(b *mailbox) { b.MailAt = "hàng giờ" },
		"--mail-ca":            func(b *mailbox) { b.MailCA = missing },
		"--mail-password-file": func(b *mailbox) { b.MailUser, b.MailPasswordFile = "u", missing },
		"is given as well":     func(b *mailbox) { b.MailUser, b.MailPassword, b.MailPasswordFile = "u", "p", missing },
		"nobody":               func(b *mailbox) { b.MailTo = []string{" "} },
		"without TLS":          func(b *mailbox) { b.MailTLS, b.MailUser, b.MailPassword = "none", "u", "p" },
	} {
		b := whole
		change(&b)
		if _, err := b.mailCheckpoints("urn:x"); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
}
