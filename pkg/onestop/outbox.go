package onestop

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/notify"
	"github.com/motcua/motcua/pkg/store"
)

// The log over all journals is the outbox: a receiver stands at one of its entries, and what was not taken holds back its own dossier only.
// An event gets in when its journal has it, at the latest a minute later, so that nothing can be lost between the two.

// Send carries one message out, once, and says what came of it.
type Send func(ctx context.Context, r notify.Receiver, m notify.Message) notify.Answer

const (
	turnSize      = 100              // entries of the log in one turn
	turnTime      = 20 * time.Second // after which a turn begins no message any more
	turnLease     = 20 * time.Second // that a sender holds a receiver for; whoever dies is followed after that
	turnRenewal   = 4 * time.Second  // how often a sender that lives holds it for longer
	receiversTold = 4                // at once, by one process
	dossiersTold  = 8                // at once, to one receiver
)

// FailuresInARow says how many different dossiers must fail one after the other until a receiver counts as down.
const FailuresInARow = 3

// Both waits double with every failure. There is no last one: what was not taken is tried until it is.
var (
	receiverWait = wait{5 * time.Second, 10 * time.Minute}
	dossierWait  = wait{10 * time.Second, time.Hour}
)

type wait struct{ first, longest time.Duration }

func (w wait) after(failures int) time.Duration {
	d := w.first
	for i := 1; i < failures && d < w.longest; i++ {
		d *= 2
	}
	return min(d, w.longest)
}

// SendEvents tells every receiver what it was not told yet and may be told now, each dossier's events in the order of its journal. Several
// processes may run it: one at a time works for a receiver. A message is sent again, with the same id, when its sender died before it wrote
// down that it was taken. source is the URI that messages say they come from. It returns how many messages were taken.
func (o *Office) SendEvents(ctx context.Context, clock func() time.Time, source string, send Send) (int, error) {
	var (
		working sync.WaitGroup
		lock    sync.Mutex
		taken   int
		failed  error
	)
	for range receiversTold {
		working.Go(func() {
			for ctx.Err() == nil {
				n, more, err := o.sendTurn(ctx, clock, source, send)
				lock.Lock()
				taken, failed = taken+n, errors.Join(failed, err)
				lock.Unlock()
				if err != nil || !more {
					return
				}
			}
		})
	}
	working.Wait()
	return taken, failed
}

// sendTurn works for one receiver for a while; more is false when none had anything to be told.
func (o *Office) sendTurn(ctx context.Context, clock func() time.Time, source string, send Send) (taken int, more bool, err error) {
	now := instant(clock())
	held, err := o.store.HoldReceiver(ctx, now, now.Add(turnLease))
	if err != nil || held == nil {
		return 0, false, err
	}
	t := &turn{office: o, clock: clock, send: send, source: source, Turn: *held, begun: now, row: held.Failures}
	if t.Receiver, err = o.unlocked(t.Receiver, now); err != nil { // it waits as if it were down, and says why
		wrong := notify.Answer{Why: fault.As(err).Said}
		t.send = func(context.Context, notify.Receiver, notify.Message) notify.Answer { return wrong }
	}
	t.until = now.Add(turnLease)
	letGo := t.stay(ctx)
	if err = t.plan(ctx); err == nil {
		t.run(ctx)
	}
	letGo()
	if err != nil {
		return 0, false, err
	}
	ctx = context.WithoutCancel(ctx) // what was taken is written down even when the program is told to stop
	result, err := t.result(ctx)
	if err != nil {
		return 0, false, err
	}
	_, err = o.store.KeepTurn(ctx, t.Turn, result, instant(clock()))
	return result.Delivered, true, err
}

// turn is what one sender does for one receiver before it writes down how far it got.
type turn struct {
	store.Turn
	office *Office
	clock  func() time.Time
	send   Send
	source string
	begun  time.Time

	probing bool        // the receiver was down: one message tells whether it still is
	work    []*delivery // dossiers that are told of one beside the other
	end     int64       // position behind all that was planned
	after   map[uuid.UUID]store.HeldDossier
	names   names

	mu      sync.Mutex
	until   time.Time // when the receiver is somebody else's to take over
	stopped bool      // begin nothing more
	gone    bool
	busy    time.Duration
	row     int // failures in a row, those of earlier turns included
	taken   int
	refused int // attempts
	retried int // attempts at what was not taken before
	wrong   fault.Text
	wrongAt time.Time
}

// delivery is what a turn has to tell of one dossier.
type delivery struct {
	items []item
	next  int  // the first item not dealt with
	tried bool // something was sent, or would have been
	wrong fault.Text
	held  *store.HeldDossier // as it was held back before the turn
}

// item is one entry of the log on its way to a receiver.
type item struct {
	store.Outgoing
	skip   bool // the receiver does not want it
	moment *notify.Moment
	broken fault.Text // why it cannot be told at all
}

// run tells dossiers side by side, each in its order.
func (t *turn) run(ctx context.Context) {
	var working sync.WaitGroup
	queue := make(chan *delivery)
	for range min(dossiersTold, len(t.work)) {
		working.Go(func() {
			for d := range queue {
				t.tell(ctx, d)
			}
		})
	}
	for _, d := range t.work {
		if t.over(ctx) {
			break
		}
		queue <- d
	}
	close(queue)
	working.Wait()
}

// stay keeps the receiver for the turn while it goes on, until the function that it gives is called. A turn whose receiver was taken over, or that
// cannot hold it any longer because the database is gone, begins nothing more.
func (t *turn) stay(ctx context.Context) (letGo func()) {
	ctx, stop := context.WithCancel(ctx)
	var holding sync.WaitGroup
	holding.Go(func() {
		tick := time.NewTicker(turnRenewal)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			until := instant(t.clock()).Add(turnLease)
			held, err := t.office.store.RenewTurn(ctx, t.Turn, until)
			t.mu.Lock()
			if t.stopped = t.stopped || err == nil && !held; held {
				t.until = until
			}
			t.mu.Unlock()
		}
	})
	return func() {
		stop()
		holding.Wait()
	}
}

// over says whether the turn begins no message any more.
func (t *turn) over(ctx context.Context) bool {
	now := t.clock()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stopped = t.stopped || now.Sub(t.begun) > turnTime || !now.Before(t.until) || ctx.Err() != nil
	return t.stopped
}

func (t *turn) tell(ctx context.Context, d *delivery) {
	for d.next < len(d.items) {
		x := d.items[d.next]
		switch {
		case x.skip:
			d.next++
			continue
		case t.over(ctx):
			return
		case !x.broken.Empty():
			d.tried, d.wrong = true, x.broken
			t.note(x.broken)
			return
		}
		m, err := notify.Tell(t.Receiver, *x.moment, x.Index, t.names.of(*x.moment, t.source), t.office.zone)
		if err != nil {
			d.tried, d.wrong = true, fault.Say("the message cannot be made")
			t.note(d.wrong)
			return
		}
		a := t.send(ctx, t.Receiver, m)
		if !a.Delivered() && ctx.Err() != nil { // broken off by ourselves
			return
		}
		d.tried = true
		if !t.heard(a, d) {
			d.wrong = a.Said()
			return
		}
		d.next++
	}
}

// heard takes down an answer. It is true when the message was taken.
func (t *turn) heard(a notify.Answer, d *delivery) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if d.held != nil && d.held.Failures > 0 && d.next == 0 || t.probing {
		t.retried++
	}
	if a.Delivered() {
		t.taken++
		t.row = 0
		return true
	}
	t.refused++
	t.wrong, t.wrongAt = a.Said(), t.clock()
	// What was held back before failed before and says little of the receiver; what was on its way when it went down says nothing new.
	if !t.stopped && (d.held == nil || t.probing) {
		t.row++
		if a.Unreachable() {
			t.row = max(t.row, FailuresInARow)
		}
	}
	if a.Busy() {
		t.busy, t.row = max(t.busy, a.RetryAfter), max(t.row, FailuresInARow)
	}
	t.gone = t.gone || a.Gone()
	t.stopped = t.stopped || t.gone || t.row >= FailuresInARow
	return false
}

func (t *turn) note(wrong fault.Text) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wrong, t.wrongAt = wrong, t.clock()
}

// wanted says whether the receiver is to be told of the moment.
func (t *turn) wanted(m notify.Moment) bool {
	return t.Wants(m.Event.Kind) && t.names.within(t.AgencyID, m.Dossier)
}

// sound says why an event of the log cannot be told as the journal now has it, "" when it can.
func sound(x store.Outgoing, m *notify.Moment) fault.Text {
	switch {
	case m == nil:
		return fault.Say("the journal is not sound; run motcua verify")
	case m.Event.Hash != x.EventHash:
		return fault.Say("the journal is not as the log took it in; run motcua verify")
	}
	return fault.Text{}
}
