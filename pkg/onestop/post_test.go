package onestop_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
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

// post is a house whose events are told to systems outside.
type post struct {
	*house
	signer *ledger.Signer
}

// eachPost runs a test on a house over each database, with a system outside that is told everything.
func eachPost(t *testing.T, test func(t *testing.T, p *post, x *system)) {
	t.Helper()
	storetest.EachConfig(t, func(t *testing.T, c store.Config) {
		p := newPost(t, c)
		test(t, p, p.receiver(t, onestop.ReceiverInput{}))
	})
}

func newPost(t *testing.T, c store.Config) *post {
	t.Helper()
	return &post{house: newHouse(t, storetest.Open(t, c)), signer: newSigner(t)}
}

// receiver is a new system that is told what the input asks for.
func (p *post) receiver(t *testing.T, in onestop.ReceiverInput) *system {
	t.Helper()
	x := newSystem(t)
	in.Name, in.URL = "Hệ thống thử", x.URL
	if in.Format == "" {
		in.Format = notify.Events
	}
	kept, err := p.AddReceiver(context.Background(), p.administrator, p.now, in)
	if err != nil {
		t.Fatal(err)
	}
	x.kept = kept
	return x
}

var here = courier.Networks{netip.MustParsePrefix("127.0.0.0/8")}

// send does what the job does every few seconds.
func (p *post) send(t *testing.T) int {
	t.Helper()
	n, err := p.SendEvents(context.Background(), p.clock, "https://motcua.example.vn", courier.New(p.clock, here).Send)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// pass lets time go by, in which the job runs every step.
func (p *post) pass(t *testing.T, span, step time.Duration) {
	t.Helper()
	for end := p.now.Add(span); p.now.Before(end); p.now = p.now.Add(step) {
		p.send(t)
	}
}

func (p *post) state(t *testing.T, x *system) store.ReceiverState {
	t.Helper()
	s, err := p.Office.Receiver(context.Background(), p.administrator, x.kept.ID)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (p *post) held(t *testing.T, x *system) []store.HeldDossier {
	t.Helper()
	held, _, err := p.HeldDossiers(context.Background(), p.administrator, x.kept.ID, store.Page{})
	if err != nil {
		t.Fatal(err)
	}
	return held
}

// busy lets dossiers come in and move, three events each, and the log take them in.
func (p *post) busy(t *testing.T, dossiers int) []dossier.Dossier {
	t.Helper()
	all := p.moved(t, dossiers)
	p.enter(t, p.signer, 3*dossiers)
	return all
}

// moved is busy before the log takes anything in.
func (p *post) moved(t *testing.T, dossiers int) []dossier.Dossier {
	t.Helper()
	all := make([]dossier.Dossier, dossiers)
	for i := range all {
		all[i] = p.inProgress(t)
	}
	for i, d := range all {
		all[i] = p.act(t, p.officer, d, dossier.Take, onestop.ActInput{})
	}
	return all
}
