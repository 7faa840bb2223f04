package onestop_test

import (
	"context"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/courier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/notify"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

func TestACopyOfTheDatabaseHoldsNoSecretOfReceivers(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		ctx := context.Background()
		p := newPost(t, config)
		x := p.receiver(t, onestop.ReceiverInput{})
		first := x.kept.Secret
		p.busy(t, 1)
		if n := p.send(t); n != 3 {
			t.Errorf("%d messages", n)
		}
		renewed, err := p.RenewSecret(ctx, p.administrator, p.now, x.kept.ID)
		if err != nil {
			t.Fatal(err)
		}
		held := storetest.Dump(t, config)
		for _, secret := range []string{first, renewed.Secret} {
			bare, ok := strings.CutPrefix(secret, "whsec_")
			if !ok || strings.Contains(held, bare) || strings.Contains(held, hex.EncodeToString([]byte(bare))) {
				t.Error("a secret lies in the database")
			}
		}
		if strings.Count(held, "locked1:") < 2 {
			t.Error("the secrets are not where they were looked for")
		}
		if s := p.state(t, x); strings.Contains(s.Secret+s.OldSecret, "whsec_") {
			t.Error("a receiver is read with its secret")
		}
	})
}

func TestSecretsFromBeforeAndOfKeysBeforeAreReadAndLockedAnew(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		ctx := context.Background()
		p := newPost(t, config)
		x, other := p.receiver(t, onestop.ReceiverInput{}), p.receiver(t, onestop.ReceiverInput{})
		storetest.Tamper(t, config, "UPDATE receivers SET secret = '"+x.kept.Secret+"' WHERE id = '"+x.kept.ID.String()+"'") // as it was kept once
		tell := func(taken int) {
			t.Helper()
			p.now = p.now.Add(15 * time.Minute)
			p.receive(t, p.clerk, input("9.000001"))
			p.enter(t, p.signer, 1)
			if n := p.send(t); n != taken {
				t.Errorf("%d messages were taken, not %d", n, taken)
			}
		}
		relock := func(relocked, closed int) {
			t.Helper()
			if r, c, err := p.RelockSecrets(ctx); r != relocked || c != closed || err != nil {
				t.Errorf("%d locked anew, %d closed: %v", r, c, err)
			}
		}
		tell(2)
		relock(1, 0)
		relock(0, 0)
		tell(2)
		before, next := notify.NewKey(), notify.NewKey()
		p.LockSecrets(keys(before)) // those of the house are lost
		relock(0, 2)
		tell(0)
		s := p.state(t, x)
		if s.Failures < 3 || !strings.Contains(s.LastError.String(), "the secret is locked") || s.Held != 1 {
			t.Errorf("%+v", s)
		}
		post := courier.New(p.clock, here)
		if _, err := p.Ping(ctx, p.administrator, p.now, x.kept.ID, "urn:motcua", post.Send); fault.As(err) == nil || fault.As(err).Code != "secret-locked" {
			t.Error(err)
		}
		for _, x := range []*system{x, other} {
			renewed, err := p.RenewSecret(ctx, p.administrator, p.now, x.kept.ID)
			if err != nil || renewed.OldSecret != "" {
				t.Fatal(renewed, err)
			}
			x.kept.Secret = renewed.Secret
		}
		if n := p.send(t); n != 2 {
			t.Errorf("%d messages were taken after all", n)
		}
		p.LockSecrets(keys(next, before))
		tell(2)
		relock(2, 0)
		p.LockSecrets(keys(next))
		relock(0, 0)
		tell(2)
		x.once(5)
		other.once(5)
		p.LockSecrets(notify.Keys{})
		if _, err := p.AddReceiver(ctx, staff.System(), p.now, onestop.ReceiverInput{Name: "x", URL: x.URL, Format: notify.Events}); err == nil {
			t.Error("a receiver is added though its secret cannot be locked")
		}
	})
}

func TestASecretBelongsToItsReceiver(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		p := newPost(t, config)
		x, other := p.receiver(t, onestop.ReceiverInput{}), p.receiver(t, onestop.ReceiverInput{})
		storetest.Tamper(t, config, "UPDATE receivers SET secret = (SELECT secret FROM receivers WHERE id = '"+x.kept.ID.String()+"')")
		_, err := p.Ping(context.Background(), p.administrator, p.now, other.kept.ID, "urn:motcua", courier.New(p.clock, here).Send)
		if fault.As(err) == nil || fault.As(err).Code != "secret-locked" {
			t.Error(err)
		}
	})
}

func TestKeysAreReadLineByLine(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "# không\n\n", "abc", notify.NewKey() + "\nYQ==\n", strings.Repeat("?", 44)} {
		if _, err := notify.ReadKeys(body); err == nil {
			t.Errorf("%q is read", body)
		}
	}
	if _, err := notify.ReadKeys("# khóa\r\n" + notify.NewKey() + "\r\n\n"); err != nil {
		t.Error(err)
	}
}
