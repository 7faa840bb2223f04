package onestop_test

import (
	"context"
	"encoding/json"
	"flag"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/courier"
	"github.com/motcua/motcua/pkg/notify"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

var senderKills = flag.Int("sender-kills", 5, "TestASenderThatIsKilledLosesNothing: how often the sending process is killed, on each database")

// sending is what a process that sends has to know. It is handed over in the environment.
type sending struct {
	Config store.Config
	Key    string
	Now    time.Time // its clock starts here
}

const sendingIn = "MOTCUA_TEST_SENDING"

// The sending process is killed again and again, as a power switch would, in the middle of what it does, while dossiers move on. Whatever
// happened must have arrived at least once, each dossier's events in their order, and what came twice under one id, with the same words.
func TestASenderThatIsKilledLosesNothing(t *testing.T) {
	t.Parallel()
	if in := os.Getenv(sendingIn); in != "" {
		sendUntilKilled(t, in)
		return
	}
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		p, key := newPost(t, config), notify.NewKey()
		p.LockSecrets(keys(key))
		x := p.receiver(t, onestop.ReceiverInput{})
		x.says(func(told, http.ResponseWriter) int {
			time.Sleep(time.Duration(rand.IntN(3)) * time.Millisecond)
			switch rand.IntN(40) {
			case 0:
				return http.StatusUnprocessableEntity
			case 1:
				return http.StatusInternalServerError
			}
			return 0
		})
		p.busy(t, 40)
		events, inTheMiddle := 120, 0
		for n := range *senderKills {
			p.now = p.now.Add(2 * time.Minute) // past the turn of the one before
			before, taken := x.count()
			noted := p.state(t, x).Delivered
			sender := p.sender(t, config, key)
			p.busy(t, 4)
			events += 12
			after := before + 1 + rand.IntN(10) // messages, and it dies
			if n%3 == 2 {                       // or it gets somewhere first
				after += rand.IntN(150)
			}
			for asked, end := before, time.Now().Add(2*time.Second); asked < after && time.Now().Before(end); asked, _ = x.count() {
				time.Sleep(200 * time.Microsecond)
			}
			_ = sender.Process.Kill()
			_ = sender.Wait()
			if _, got := x.count(); int64(got-taken) > p.state(t, x).Delivered-noted {
				inTheMiddle++
			}
		}
		x.says(nil)
		p.now = p.now.Add(2 * time.Minute)
		p.pass(t, 3*time.Hour, time.Minute)
		if s := p.state(t, x); s.Behind != 0 || s.Held != 0 || s.Failures != 0 {
			t.Errorf("%+v", s)
		}
		twice := x.atLeastOnce(p.journals(t), events)
		if inTheMiddle == 0 {
			t.Error("it was never killed between a message and its note: that proves nothing")
		}
		t.Logf("%d kills, %d of them between a message and its note; %d events, all told, %d messages of them came again", *senderKills, inTheMiddle, events, twice)
	})
}

// sender starts another process on the house's database that does nothing but send.
func (p *post) sender(t *testing.T, config store.Config, key string) *exec.Cmd {
	t.Helper()
	config.Log = nil
	in, err := json.Marshal(sending{Config: config, Key: key, Now: p.now})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestASenderThatIsKilledLosesNothing$")
	cmd.Env = append(os.Environ(), sendingIn+"="+string(in))
	cmd.Stdout, cmd.Stderr = t.Output(), t.Output()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

func sendUntilKilled(t *testing.T, in string) {
	var s sending
	if err := json.Unmarshal([]byte(in), &s); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	clock := func() time.Time { return s.Now.Add(time.Since(begun)) }
	office := onestop.New(storetest.Open(t, s.Config), process, zone)
	office.LockSecrets(keys(s.Key))
	for time.Since(begun) < time.Minute {
		if _, err := office.SendEvents(context.Background(), clock, "https://motcua.example.vn", courier.New(clock, here).Send); err != nil {
			t.Error(err)
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Error("nobody killed it")
}

// journals is every event that there is, its kind by the id of its message.
func (p *post) journals(t *testing.T) map[string]string {
	t.Helper()
	ctx, all := context.Background(), map[string]string{}
	for page := (store.Page{Limit: 1000}); ; {
		dossiers, next, err := p.store.Dossiers(ctx, staff.System().Scope(), store.DossierFilter{}, page)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range dossiers {
			events, err := p.store.Journal(ctx, staff.System().Scope(), d.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range events {
				all[notify.MessageID(e)] = string(e.Kind)
			}
		}
		if next == "" {
			return all
		}
		page.After = string(next)
	}
}

// atLeastOnce says what is wrong with what arrived: every event of the journals, none that is not there, no event before the one that it
// follows came at all, and the same words whenever it came again. It returns how many messages came again.
func (x *system) atLeastOnce(journals map[string]string, events int) (again int) {
	x.t.Helper()
	x.mu.Lock()
	defer x.mu.Unlock()
	words, reached := map[string]string{}, map[string]int{}
	for _, m := range x.got {
		if before, came := words[m.ID]; came {
			again++
			if before != string(m.body) {
				x.t.Errorf("%s came again with other words", m.ID)
			}
			continue
		}
		words[m.ID] = string(m.body)
		if string(m.Data.Kind) != journals[m.ID] {
			x.t.Errorf("%s tells of %s, the journal of %q", m.ID, m.Data.Kind, journals[m.ID])
		}
		if m.Data.Seq != reached[m.Subject]+1 {
			x.t.Errorf("%s: event %d came after event %d", m.Subject, m.Data.Seq, reached[m.Subject])
		}
		reached[m.Subject] = m.Data.Seq
	}
	if len(words) != events || len(journals) != events {
		x.t.Errorf("of %d events %d are in the journals and %d arrived", events, len(journals), len(words))
	}
	return again
}
