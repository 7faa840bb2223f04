package onestop_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/motcua/motcua/pkg/courier"
	"github.com/motcua/motcua/pkg/courier/couriertest"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/ledger"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

// mailDay lets a day go by with an event and a checkpoint every hour, and mail every five minutes.
func (h *house) mailDay(t *testing.T, signer *ledger.Signer, rule onestop.MailRule, p *courier.Postman) (failed int) {
	t.Helper()
	for end := h.now.Add(24 * time.Hour); h.now.Before(end); h.now = h.now.Add(5 * time.Minute) {
		if h.now.Minute() == 0 {
			h.receive(t, h.clerk, input("9.000001"))
			h.enter(t, signer, 1)
		}
		if _, err := h.MailCheckpoint(context.Background(), h.clock, rule, false, p.Send); err != nil {
			failed++
		}
	}
	return failed
}

func TestCheckpointsAreMailedOnceADayOrOnceAnHourToEachAndLeadBackToTheLog(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		signer, x := newSigner(t), couriertest.NewMailServer(t, false)
		to := []string{"luu.tru@tinh.example.vn", "thanh.tra@tinh.example.vn"}
		p, rule := couriertest.NewPostman(t, x.Settings(to...)), onestop.MailRule{To: to, Hour: 17}
		if n, err := h.MailCheckpoint(context.Background(), h.clock, rule, true, p.Send); n != 0 || err != nil { // nothing is signed yet
			t.Error(n, err)
		}
		h.now = when("2026-11-02T09:00:00+07:00")
		if failed := h.mailDay(t, signer, rule, p); failed > 0 {
			t.Errorf("%d failed", failed)
		}
		taken, _ := x.Taken()
		if len(taken) != 4 { // one at once, since there was none before, and one at five
			t.Fatalf("%d mails", len(taken))
		}
		var kept []string
		for _, m := range taken {
			kept = append(kept, ledger.Find(m.Body)...)
		}
		if c, err := ledger.Open(kept[3], signer.Public); err != nil || c.Size != 9 || !c.At.Equal(when("2026-11-02T17:00:00+07:00")) {
			t.Error(c, err)
		}
		var v onestop.Verification
		if err := h.VerifyLedger(context.Background(), h.now, &v, signer.Public, kept); err != nil || len(v.Findings) > 0 {
			t.Error(v, err)
		}
		rule.Hourly = true
		h.mailDay(t, signer, rule, p)
		if taken, _ = x.Taken(); len(taken) != 4+48 {
			t.Errorf("%d mails of a day by the hour", len(taken)-4)
		}
		h.now = h.now.Add(2 * time.Hour)
		if n, err := h.MailCheckpoint(context.Background(), h.clock, rule, false, p.Send); n != 0 || err != nil {
			t.Error("a checkpoint was mailed though nothing happened since", n, err)
		}
		if n, err := h.MailCheckpoint(context.Background(), h.clock, rule, true, p.Send); n != 2 || err != nil {
			t.Error(n, err)
		}
	})
}

func TestWhatTheMailServerDoesNotTakeIsMailedWhenItDoes(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		signer, x := newSigner(t), couriertest.NewMailServer(t, true)
		to := []string{"luu.tru@tinh.example.vn", "day@tinh.example.vn"}
		p, rule := couriertest.NewPostman(t, x.Settings(to...)), onestop.MailRule{To: to, Hour: 10}
		x.Refuse(func(to string) error { // one of them only
			if strings.HasPrefix(to, "day@") {
				return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user " + to}
			}
			return nil
		})
		h.now = when("2026-11-02T09:00:00+07:00")
		h.receive(t, h.clerk, input("9.000001"))
		h.enter(t, signer, 1)
		n, err := h.MailCheckpoint(context.Background(), h.clock, rule, false, p.Send)
		if n != 1 || err == nil || !strings.Contains(err.Error(), "recipient 2 of 2: the mail server answers 550 5.1.1") || strings.Contains(err.Error(), "@") {
			t.Fatal(n, err)
		}
		x.Refuse(nil)
		if n, err = h.MailCheckpoint(context.Background(), h.clock, rule, false, p.Send); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		x.Down()
		if failed := h.mailDay(t, signer, rule, p); failed != 23*12 {
			t.Errorf("it was tried %d times while the server was down", failed)
		}
		x.Up()
		n, err = h.MailCheckpoint(context.Background(), h.clock, rule, false, p.Send)
		taken, _ := x.Taken()
		if n != 2 || err != nil || len(taken) != 4 {
			t.Fatal(n, err, len(taken))
		}
		last, err := h.store.LastCheckpoint(context.Background())
		if mails, err := h.store.Mails(context.Background(), []int64{1, last.Size, 99999}); err != nil || len(mails) != 2 ||
			mails[1].To != 2 || mails[last.Size].To != 2 || !mails[last.Size].At.Equal(h.now) {
			t.Errorf("%+v, %v", mails, err)
		}
		if found := ledger.Find(taken[3].Body); err != nil || len(found) != 1 || found[0] != last.Signed {
			t.Errorf("%q, %v", found, err)
		}
	})
}

func TestALogThatWasCutOffAndSignedAnewIsMailedAndSeen(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		ctx := context.Background()
		c := crime{t: t, config: config, h: newHouse(t, storetest.Open(t, config)), signer: newSigner(t)}
		h, x := c.h, couriertest.NewMailServer(t, false)
		p, rule := couriertest.NewPostman(t, x.Settings("luu.tru@tinh.example.vn")), onestop.MailRule{To: []string{"luu.tru@tinh.example.vn"}, Hour: 17}
		c.victim = h.act(t, h.officer, h.inProgress(t), dossier.Take, onestop.ActInput{})
		c.enter()
		if n, err := h.MailCheckpoint(ctx, h.clock, rule, false, p.Send); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		silenced(t, config)
		c.rewrite(c.journal()[:2]) // and the log with it, of which there are then two
		c.forgetLog(0)
		h.now = h.now.Add(time.Minute)
		c.enter()
		h.now = h.now.Add(24 * time.Hour)
		if n, err := h.MailCheckpoint(ctx, h.clock, rule, false, p.Send); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		taken, _ := x.Taken()
		c.kept = append(ledger.Find(taken[0].Body), ledger.Find(taken[1].Body)...)
		for _, f := range c.look() {
			if strings.Contains(f.What, "there were two logs") || strings.Contains(f.What, "a checkpoint was signed over 3 entries, and there are only 2") {
				return
			}
		}
		t.Errorf("it is not seen: %+v", c.look())
	})
}
