package onestop_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/motcua/motcua/pkg/courier"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/ledger"
	"github.com/motcua/motcua/pkg/notify"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

// system is one outside that receives webhooks. It checks signatures with the library of those who wrote the rules down.
type system struct {
	*httptest.Server
	t     *testing.T
	kept  store.ReceiverState
	mu    sync.Mutex
	asked int
	got   []told // in the order of arrival
	// answer decides; 0 is 204. It may look at the message.
	answer func(told, http.ResponseWriter) int
}

type told struct {
	ID      string
	Type    string
	Subject string
	Data    notify.Happened
	body    []byte
}

func newSystem(t *testing.T) *system {
	t.Helper()
	x := &system{t: t}
	x.Server = httptest.NewServer(x)
	t.Cleanup(x.Close)
	return x
}

func (x *system) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var m told
	if err == nil {
		err = json.Unmarshal(body, &m)
	}
	if err != nil {
		x.t.Error(err)
	}
	m.body = body
	x.mu.Lock()
	defer x.mu.Unlock()
	x.asked++
	key, err := standard.NewWebhook(x.kept.Secret)
	if err != nil {
		x.t.Error(err)
	} else if err := key.VerifyIgnoringTimestamp(body, r.Header); err != nil {
		x.t.Errorf("%s: %v", m.ID, err)
	}
	if id := r.Header.Get("webhook-id"); id != m.ID || r.Header.Get("Content-Type") != notify.ContentType {
		x.t.Errorf("%s is sent as %s, %s", m.ID, id, r.Header.Get("Content-Type"))
	}
	status := 204
	if x.answer != nil {
		if s := x.answer(m, w); s != 0 {
			status = s
		}
	}
	if status < 300 {
		x.got = append(x.got, m)
	}
	w.WriteHeader(status)
}

// says sets what it answers from now on.
func (x *system) says(answer func(told, http.ResponseWriter) int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.answer = answer
}

func always(status int) func(told, http.ResponseWriter) int {
	return func(told, http.ResponseWriter) int { return status }
}

func (x *system) count() (asked, got int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.asked, len(x.got)
}

// once says what is wrong with what arrived: each event once, and each dossier's in order, from its first on.
func (x *system) once(events int) {
	x.t.Helper()
	x.mu.Lock()
	defer x.mu.Unlock()
	last := map[string]int{}
	for _, m := range x.got {
		if m.Data.Seq != last[m.Subject]+1 {
			x.t.Errorf("%s: event %d came after event %d", m.Subject, m.Data.Seq, last[m.Subject])
		}
		last[m.Subject] = m.Data.Seq
	}
	if len(x.got) != events {
		x.t.Errorf("%d messages, not %d", len(x.got), events)
	}
}

func (h *house) receiver(t *testing.T, x *system, in onestop.ReceiverInput) {
	t.Helper()
	in.Name, in.URL = "Hệ thống thử", x.URL
	if in.Format == "" {
		in.Format = notify.Events
	}
	kept, hint, err := h.AddReceiver(context.Background(), h.administrator, h.now, in, courier.New(h.clock, here).Reach)
	if hint != "" {
		t.Error(hint)
	}
	if err != nil {
		t.Fatal(err)
	}
	x.kept = kept
}

var here = courier.Networks{netip.MustParsePrefix("127.0.0.0/8")}

// send does what the job does every few seconds.
func (h *house) send(t *testing.T) int {
	t.Helper()
	n, err := h.SendEvents(context.Background(), h.clock, "https://motcua.example.vn", courier.New(h.clock, here).Send)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (h *house) state(t *testing.T, x *system) store.ReceiverState {
	t.Helper()
	s, err := h.Office.Receiver(context.Background(), h.administrator, x.kept.ID)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// busy lets dossiers come in and move: three events each.
func (h *house) busy(t *testing.T, dossiers int) []dossier.Dossier {
	t.Helper()
	all := make([]dossier.Dossier, dossiers)
	for i := range all {
		all[i] = h.inProgress(t)
	}
	for i, d := range all {
		all[i] = h.act(t, h.officer, d, dossier.Take, onestop.ActInput{})
	}
	return all
}

func (h *house) pass(t *testing.T, span, step time.Duration) {
	t.Helper()
	for end := h.now.Add(span); h.now.Before(end); h.now = h.now.Add(step) {
		h.send(t)
	}
}

func TestAReceiverThatWasDownForADayGetsEverythingOnceAndInOrder(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		signer, x := newSigner(t), newSystem(t)
		h.receiver(t, x, onestop.ReceiverInput{})
		h.busy(t, 3)
		h.enter(t, signer, 9)
		if n := h.send(t); n != 9 {
			t.Fatalf("%d messages were taken", n)
		}
		x.once(9)
		x.says(always(503))
		for range 24 {
			h.busy(t, 2)
			h.enter(t, signer, 6)
			h.pass(t, time.Hour, time.Minute)
		}
		asked, got := x.count()
		if got != 9 || asked > 9+8+24*7 {
			t.Errorf("while it was down it was asked %d times and took %d", asked-9, got-9)
		}
		s := h.state(t, x)
		if s.Failures == 0 || s.Oldest == nil || h.now.Sub(*s.Oldest) < 23*time.Hour || s.LastError != "answered with status 503" || s.Behind+int64(s.Held) == 0 {
			t.Errorf("%+v", s)
		}
		x.says(nil)
		h.pass(t, 15*time.Minute, 5*time.Second)
		x.once(9 + 24*6)
		if s := h.state(t, x); s.Failures != 0 || s.Behind != 0 || s.Held != 0 || s.Oldest != nil || s.Delivered != 9+24*6 {
			t.Errorf("%+v", s)
		}
	})
}

func TestWhatFailsAtOnceIsOneFailureOfTheReceiver(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		signer, x := newSigner(t), newSystem(t)
		h.receiver(t, x, onestop.ReceiverInput{})
		h.busy(t, 20)
		h.enter(t, signer, 60)
		x.says(always(503))
		for i, want := range []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second} { // eight dossiers are told side by side
			h.send(t)
			s := h.state(t, x)
			if asked, _ := x.count(); s.Failures != 3+i || s.RetryAt.Sub(h.now) != want || asked > 8+i {
				t.Errorf("asked %d times: %+v", asked, s)
			}
			h.now = s.RetryAt
		}
		x.says(nil)
		h.pass(t, time.Minute, 5*time.Second)
		x.once(60)
	})
}

func TestADossierThatIsNotTakenHoldsBackItselfOnly(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		signer, x := newSigner(t), newSystem(t)
		h.receiver(t, x, onestop.ReceiverInput{})
		all := h.busy(t, 5)
		poison := all[2].Code
		x.says(func(m told, _ http.ResponseWriter) int {
			if m.Subject == poison && m.Data.Seq == 2 {
				return 422
			}
			return 0
		})
		h.enter(t, signer, 15)
		h.send(t)
		if _, got := x.count(); got != 13 {
			t.Errorf("%d of 13 that can be taken are", got)
		}
		h.busy(t, 1) // later ones are not held up, and nothing overtakes within the one
		h.act(t, h.head, h.act(t, h.officer, all[2], dossier.CompleteStep, onestop.ActInput{}), dossier.Take, onestop.ActInput{})
		h.enter(t, signer, 5)
		h.pass(t, 2*time.Hour, time.Minute)
		if _, got := x.count(); got != 16 {
			t.Errorf("%d of 16 that can be taken are", got)
		}
		held, _, err := h.HeldDossiers(context.Background(), h.administrator, x.kept.ID, store.Page{})
		if err != nil || len(held) != 1 || held[0].Code != poison || held[0].Seq != 2 || held[0].Failures < 5 || held[0].LastError != "answered with status 422" {
			t.Fatalf("%+v %v", held, err)
		}
		if s := h.state(t, x); s.Held != 1 || s.Behind != 0 || s.Failures != 0 {
			t.Errorf("%+v", s)
		}
		x.says(nil)
		h.pass(t, 2*time.Hour, time.Minute)
		x.once(20)
	})
}

func TestManySendersAtOnceTellEachEventOnce(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		signer := newSigner(t)
		systems := make([]*system, 6)
		for i := range systems {
			systems[i] = newSystem(t)
			h.receiver(t, systems[i], onestop.ReceiverInput{})
		}
		h.busy(t, 40)
		h.enter(t, signer, 120)
		var working sync.WaitGroup
		for range 3 {
			office := onestop.New(h.store, process, zone) // as another server on the same database
			office.LockSecrets(theKeys)
			working.Go(func() {
				if _, err := office.SendEvents(context.Background(), h.clock, "urn:motcua", courier.New(h.clock, here).Send); err != nil {
					t.Error(err)
				}
			})
		}
		working.Wait()
		h.send(t)
		for _, x := range systems {
			x.once(120)
		}
	})
}

func TestASenderThatDiesBeforeItWritesDownSendsAgainUnderTheSameID(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		signer, x := newSigner(t), newSystem(t)
		h.receiver(t, x, onestop.ReceiverInput{})
		h.busy(t, 2)
		h.enter(t, signer, 6)
		x.says(func(m told, _ http.ResponseWriter) int {
			if m.Data.Seq == 3 { // the sender lost its turn meanwhile: what it came to is not written down
				if _, err := h.ReplayReceiver(context.Background(), h.administrator, h.now, x.kept.ID, 0); err != nil {
					t.Error(err)
				}
			}
			return 0
		})
		h.send(t)
		if s := h.state(t, x); s.Position != 0 || s.Delivered != 0 {
			t.Fatalf("%+v", s)
		}
		x.says(nil)
		if h.send(t) != 0 {
			t.Error("somebody else began while the first one's time was not up")
		}
		h.now = h.now.Add(2 * time.Minute)
		h.send(t)
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

func TestWhatTheLogTookInOutOfOrderIsToldInOrder(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx, x := context.Background(), newSystem(t)
		h.receiver(t, x, onestop.ReceiverInput{})
		h.busy(t, 2)
		some, err := h.store.NotInLedger(ctx, time.Time{}, nil, 10)
		if err != nil || len(some) != 6 {
			t.Fatal(some, err)
		}
		for _, some := range [][]store.EventRef{{some[5], some[3], some[0]}, {some[2], some[4]}, {some[1]}} { // as clocks that differ could bring about
			size, _, err := h.store.LedgerEnd(ctx)
			if err != nil {
				t.Fatal(err)
			}
			leaves := make([]ledger.Leaf, len(some))
			for i, e := range some {
				leaves[i] = ledger.Leaf{DossierID: e.DossierID, Seq: e.Seq, EventHash: e.Hash, EnteredAt: h.now}
			}
			hashes, err := ledger.Append(size, leaves, h.store.LedgerHashes(ctx))
			if err == nil {
				err = h.store.AddLeaves(ctx, leaves, hashes)
			}
			if err != nil {
				t.Fatal(err)
			}
			h.pass(t, 3*time.Minute, 30*time.Second)
		}
		x.once(6)
	})
}

func TestAReceiverThatIsGoneIsPausedAndOneThatIsBusyIsLeftAlone(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		signer, x := newSigner(t), newSystem(t)
		h.receiver(t, x, onestop.ReceiverInput{})
		h.busy(t, 1)
		h.enter(t, signer, 3)
		x.says(func(_ told, w http.ResponseWriter) int { w.Header().Set("Retry-After", "7200"); return 429 })
		h.pass(t, 2*time.Hour-time.Minute, time.Minute)
		if asked, _ := x.count(); asked != 1 {
			t.Errorf("it was asked %d times though it said when to come again", asked)
		}
		x.says(always(410))
		h.pass(t, time.Hour, time.Minute)
		if asked, got := x.count(); asked != 2 || got != 0 {
			t.Errorf("asked %d times, took %d", asked, got)
		}
		s := h.state(t, x)
		if !s.Paused || !strings.Contains(s.Note, "410") {
			t.Errorf("%+v", s)
		}
		x.says(nil)
		if _, _, err := h.ChangeReceiver(context.Background(), h.administrator, h.now, s.ID, onestop.ReceiverInput{Name: s.Name, URL: s.URL, Format: s.Format}, courier.New(h.clock, here).Reach); err != nil {
			t.Fatal(err)
		}
		h.pass(t, time.Minute, 5*time.Second)
		x.once(3)
	})
}

func TestWhatIsNotSoundIsHeldBackAndNotTold(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]func(testing.TB) store.Config{
		store.SQLite:     storetest.SQLite,
		store.PostgreSQL: func(t testing.TB) store.Config { return store.Config{DatabaseURL: storetest.Postgres(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := config(t)
			h := newHouse(t, storetest.Open(t, config))
			signer, x := newSigner(t), newSystem(t)
			h.receiver(t, x, onestop.ReceiverInput{})
			d := h.busy(t, 2)[0]
			h.enter(t, signer, 6)
			silenced(t, config)
			storetest.Tamper(t, config, fmt.Sprintf("UPDATE dossier_events SET by_name = 'Ai đó' WHERE dossier_id = '%s' AND seq = 2", d.ID))
			h.pass(t, time.Minute, 5*time.Second)
			if _, got := x.count(); got != 4 {
				t.Errorf("%d messages", got)
			}
			held, _, err := h.HeldDossiers(context.Background(), h.administrator, x.kept.ID, store.Page{})
			if err != nil || len(held) != 1 || held[0].Seq != 2 || !strings.Contains(held[0].LastError, "not sound") {
				t.Fatalf("%+v %v", held, err)
			}
		})
	}
}

func TestAReceiverIsToldOfWhatItAskedForOnly(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		signer := newSigner(t)
		commune, elsewhere, kinds, national, full := newSystem(t), newSystem(t), newSystem(t), newSystem(t), newSystem(t)
		h.receiver(t, commune, onestop.ReceiverInput{Agency: h.commune.Code})
		h.receiver(t, elsewhere, onestop.ReceiverInput{Agency: h.elsewhere.Code})
		h.receiver(t, kinds, onestop.ReceiverInput{Kinds: []dossier.Kind{dossier.WasReceived}})
		h.receiver(t, national, onestop.ReceiverInput{Format: notify.National})
		h.receiver(t, full, onestop.ReceiverInput{Full: true})
		h.busy(t, 2)
		h.enter(t, signer, 6)
		h.send(t)
		for name, c := range map[string]struct {
			x    *system
			want int
		}{"commune": {commune, 6}, "elsewhere": {elsewhere, 0}, "kinds": {kinds, 2}, "national": {national, 6}, "full": {full, 6}} {
			if _, got := c.x.count(); got != c.want {
				t.Errorf("%s: %d messages, not %d", name, got, c.want)
			}
			if s := h.state(t, c.x); s.Behind != 0 || s.Held != 0 {
				t.Errorf("%s: %+v", name, s)
			}
			for _, m := range c.x.got {
				if named := strings.Contains(string(m.body), "Người Thử"); named != (name == "national" || name == "full" && m.Data.Seq == 1) {
					t.Errorf("%s: the applicant is named: %t in %s", name, named, m.body)
				}
			}
		}
		if m := commune.got[0]; m.Type != "vn.motcua.dossier.received" || m.Data.State != dossier.Accepted || m.Data.Deciding != "ST" || m.Data.DueAt == nil {
			t.Error(string(m.body))
		}
	})
}
