package onestop_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/courier"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/ledger"
	"github.com/motcua/motcua/pkg/notify"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

func TestAReceiverThatWasDownForADayGetsEverythingOnceAndInOrder(t *testing.T) {
	t.Parallel()
	eachPost(t, func(t *testing.T, p *post, x *system) {
		p.busy(t, 3)
		if n := p.send(t); n != 9 {
			t.Fatalf("%d messages were taken", n)
		}
		x.once(9)
		x.says(always(503))
		for range 24 {
			p.busy(t, 2)
			p.pass(t, time.Hour, time.Minute)
		}
		asked, got := x.count()
		if got != 9 || asked > 9+8+24*7 {
			t.Errorf("while it was down it was asked %d times and took %d", asked-9, got-9)
		}
		s := p.state(t, x)
		if s.Failures == 0 || s.Oldest == nil || p.now.Sub(*s.Oldest) < 23*time.Hour || s.LastError.String() != "answered with status 503" || s.Behind+int64(s.Held) == 0 {
			t.Errorf("%+v", s)
		}
		x.says(nil)
		p.pass(t, 15*time.Minute, 5*time.Second)
		x.once(9 + 24*6)
		if s := p.state(t, x); s.Failures != 0 || s.Behind != 0 || s.Held != 0 || s.Oldest != nil || s.Delivered != 9+24*6 {
			t.Errorf("%+v", s)
		}
	})
}

func TestWhatFailsAtOnceIsOneFailureOfTheReceiver(t *testing.T) {
	t.Parallel()
	eachPost(t, func(t *testing.T, p *post, x *system) {
		p.busy(t, 20)
		x.says(always(503))
		for i, want := range []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second} { // eight dossiers are told side by side
			p.send(t)
			s := p.state(t, x)
			if asked, _ := x.count(); s.Failures != 3+i || s.RetryAt.Sub(p.now) != want || asked > 8+i {
				t.Errorf("asked %d times: %+v", asked, s)
			}
			p.now = s.RetryAt
		}
		x.says(nil)
		p.pass(t, time.Minute, 5*time.Second)
		x.once(60)
	})
}

func TestADossierThatIsNotTakenHoldsBackItselfOnly(t *testing.T) {
	t.Parallel()
	eachPost(t, func(t *testing.T, p *post, x *system) {
		all := p.busy(t, 5)
		poison := all[2].Code
		x.says(func(m told, _ http.ResponseWriter) int {
			if m.Subject == poison && m.Data.Seq == 2 {
				return 422
			}
			return 0
		})
		p.send(t)
		if _, got := x.count(); got != 13 {
			t.Errorf("%d of 13 that can be taken are", got)
		}
		p.busy(t, 1) // later ones are not held up, and nothing overtakes within the one
		p.act(t, p.head, p.act(t, p.officer, all[2], dossier.CompleteStep, onestop.ActInput{}), dossier.Take, onestop.ActInput{})
		p.enter(t, p.signer, 2)
		p.pass(t, 2*time.Hour, time.Minute)
		if _, got := x.count(); got != 16 {
			t.Errorf("%d of 16 that can be taken are", got)
		}
		held := p.held(t, x)
		if len(held) != 1 || held[0].Code != poison || held[0].Seq != 2 || held[0].Failures < 5 || held[0].LastError.String() != "answered with status 422" {
			t.Fatalf("%+v", held)
		}
		if s := p.state(t, x); s.Held != 1 || s.Behind != 0 || s.Failures != 0 {
			t.Errorf("%+v", s)
		}
		x.says(nil)
		p.pass(t, 2*time.Hour, time.Minute)
		x.once(20)
	})
}

func TestManySendersAtOnceTellEachEventOnce(t *testing.T) {
	t.Parallel()
	eachPost(t, func(t *testing.T, p *post, x *system) {
		systems := []*system{x}
		for range 5 {
			systems = append(systems, p.receiver(t, onestop.ReceiverInput{}))
		}
		p.busy(t, 40)
		var working sync.WaitGroup
		for range 3 {
			office := onestop.New(p.store, process, zone) // as another server on the same database
			office.LockSecrets(theKeys)
			working.Go(func() {
				if _, err := office.SendEvents(context.Background(), p.clock, "urn:motcua", courier.New(p.clock, here).Send); err != nil {
					t.Error(err)
				}
			})
		}
		working.Wait()
		p.send(t)
		for _, x := range systems {
			x.once(120)
		}
	})
}

func TestASenderThatDiesBeforeItWritesDownSendsAgainUnderTheSameID(t *testing.T) {
	t.Parallel()
	eachPost(t, func(t *testing.T, p *post, x *system) {
		p.busy(t, 2)
		x.says(func(m told, _ http.ResponseWriter) int {
			if m.Data.Seq == 3 { // the sender lost its turn meanwhile: what it came to is not written down
				if _, err := p.ReplayReceiver(context.Background(), p.administrator, p.now, x.kept.ID, 0); err != nil {
					t.Error(err)
				}
			}
			return 0
		})
		p.send(t)
		if s := p.state(t, x); s.Position != 0 || s.Delivered != 0 {
			t.Fatalf("%+v", s)
		}
		x.says(nil)
		if p.send(t) != 0 {
			t.Error("somebody else began while the first one's time was not up")
		}
		p.now = p.now.Add(21 * time.Second)
		p.send(t)
		ids := map[string]int{}
		for _, m := range x.got {
			ids[m.ID]++
		}
		for id, n := range ids {
			if n != 2 {
				t.Errorf("%s arrived %d times", id, n)
			}
		}
		if len(ids) != 6 {
			t.Errorf("%d messages", len(ids))
		}
	})
}

// Three seconds go by in each: the receiver takes longer to answer than anybody holds it for at once.
func TestASenderThatLivesKeepsItsReceiver(t *testing.T) {
	t.Parallel()
	eachPost(t, func(t *testing.T, p *post, x *system) {
		p.busy(t, 1)
		begun := time.Now()
		clock := func() time.Time { return p.now.Add(3 * time.Since(begun)) }
		send := func() int {
			n, err := p.SendEvents(context.Background(), clock, "https://motcua.example.vn", courier.New(clock, here).Send)
			if err != nil {
				t.Error(err)
			}
			return n
		}
		asked, answered := make(chan bool, 3), make(chan bool)
		x.says(func(told, http.ResponseWriter) int {
			asked <- true
			<-answered
			return 0
		})
		var first sync.WaitGroup
		first.Go(func() { send() })
		<-asked
		time.Sleep(8 * time.Second)
		if n := send(); n != 0 || len(asked) != 0 {
			t.Errorf("somebody else told %d, asked %d times, while the first one was at it", n, len(asked))
		}
		close(answered)
		first.Wait()
		send()
		x.once(3)
	})
}

func TestWhatTheLogTookInOutOfOrderIsToldInOrder(t *testing.T) {
	t.Parallel()
	eachPost(t, func(t *testing.T, p *post, x *system) {
		ctx := context.Background()
		p.moved(t, 2)
		some, err := p.store.NotInLedger(ctx, time.Time{}, nil, 10)
		if err != nil || len(some) != 6 {
			t.Fatal(some, err)
		}
		for _, some := range [][]store.EventRef{{some[5], some[3], some[0]}, {some[2], some[4]}, {some[1]}} { // as clocks that differ could bring about
			size, _, err := p.store.LedgerEnd(ctx)
			if err != nil {
				t.Fatal(err)
			}
			leaves := make([]ledger.Leaf, len(some))
			for i, e := range some {
				leaves[i] = ledger.Leaf{DossierID: e.DossierID, Seq: e.Seq, EventHash: e.Hash, EnteredAt: p.now}
			}
			hashes, err := ledger.Append(size, leaves, p.store.LedgerHashes(ctx))
			if err == nil {
				err = p.store.AddLeaves(ctx, leaves, hashes)
			}
			if err != nil {
				t.Fatal(err)
			}
			p.pass(t, 3*time.Minute, 30*time.Second)
		}
		x.once(6)
	})
}

func TestAReceiverThatIsGoneIsPausedAndOneThatIsBusyIsLeftAlone(t *testing.T) {
	t.Parallel()
	eachPost(t, func(t *testing.T, p *post, x *system) {
		p.busy(t, 1)
		x.says(func(_ told, w http.ResponseWriter) int { w.Header().Set("Retry-After", "7200"); return 429 })
		p.pass(t, 2*time.Hour-time.Minute, time.Minute)
		if asked, _ := x.count(); asked != 1 {
			t.Errorf("it was asked %d times though it said when to come again", asked)
		}
		x.says(always(410))
		p.pass(t, time.Hour, time.Minute)
		if asked, got := x.count(); asked != 2 || got != 0 {
			t.Errorf("asked %d times, took %d", asked, got)
		}
		s := p.state(t, x)
		if !s.Paused || !strings.Contains(s.Note, "410") {
			t.Errorf("%+v", s)
		}
		x.says(nil)
		again := onestop.ReceiverInput{Name: s.Name, URL: s.URL, Format: s.Format}
		if _, err := p.ChangeReceiver(context.Background(), p.administrator, p.now, s.ID, again); err != nil {
			t.Fatal(err)
		}
		p.pass(t, time.Minute, 5*time.Second)
		x.once(3)
	})
}

func TestWhatIsNotSoundIsHeldBackAndNotTold(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		p := newPost(t, config)
		x := p.receiver(t, onestop.ReceiverInput{})
		d := p.busy(t, 2)[0]
		silenced(t, config)
		storetest.Tamper(t, config, fmt.Sprintf("UPDATE dossier_events SET by_name = 'Ai đó' WHERE dossier_id = '%s' AND seq = 2", d.ID))
		p.pass(t, time.Minute, 5*time.Second)
		if _, got := x.count(); got != 4 {
			t.Errorf("%d messages", got)
		}
		if held := p.held(t, x); len(held) != 1 || held[0].Seq != 2 || !strings.Contains(held[0].LastError.String(), "not sound") {
			t.Fatalf("%+v", held)
		}
	})
}

func TestAReceiverIsToldOfWhatItAskedForOnly(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) {
		p := newPost(t, config)
		asked := map[string]struct {
			in    onestop.ReceiverInput
			want  int
			named func(told) bool // whether a message says who the applicant is
		}{
			"of a commune":   {onestop.ReceiverInput{Agency: p.commune.Code}, 6, func(told) bool { return false }},
			"of another":     {onestop.ReceiverInput{Agency: p.elsewhere.Code}, 0, nil},
			"of one kind":    {onestop.ReceiverInput{Kinds: []dossier.Kind{dossier.WasReceived}}, 2, func(told) bool { return false }},
			"national":       {onestop.ReceiverInput{Format: notify.National}, 6, func(told) bool { return true }},
			"with all facts": {onestop.ReceiverInput{Full: true}, 6, func(m told) bool { return m.Data.Seq == 1 }},
		}
		systems := map[string]*system{}
		for name, c := range asked {
			systems[name] = p.receiver(t, c.in)
		}
		p.busy(t, 2)
		p.send(t)
		for name, c := range asked {
			x := systems[name]
			if _, got := x.count(); got != c.want {
				t.Errorf("%s: %d messages, not %d", name, got, c.want)
			}
			if s := p.state(t, x); s.Behind != 0 || s.Held != 0 {
				t.Errorf("%s: %+v", name, s)
			}
			for _, m := range x.got {
				if named := strings.Contains(string(m.body), "Người Thử"); named != c.named(m) {
					t.Errorf("%s: the applicant is named: %t in %s", name, named, m.body)
				}
			}
		}
		m := systems["of a commune"].got[0]
		if m.Type != "vn.motcua.dossier.received" || m.Data.State != dossier.Accepted || m.Data.Deciding != "ST" || m.Data.DueAt == nil {
			t.Error(string(m.body))
		}
	})
}
