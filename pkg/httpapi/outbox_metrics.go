package httpapi

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store"
)

// outbox measures what waits for receivers and what became of the rest, as the database has it: every server on it says the same, and a restart
// counts nothing from zero. Anybody may read measurements, so receivers go by their id, and the database is asked every few seconds at most.
type outbox struct {
	store *store.Store
	clock func() time.Time

	mu    sync.Mutex
	asked time.Time
	up    bool
	all   []store.ReceiverState
}

// How long what the database said is told again, and how long it is waited for.
const (
	outboxKept  = 5 * time.Second
	outboxAsked = 5 * time.Second
)

var (
	outboxUp      = prometheus.NewDesc("motcua_outbox_up", "Whether the receivers could be read: 1 or 0.", nil, nil)
	outboxMetrics = []outboxMetric{
		metric("lag_events", "Entries of the log that were not looked at for the receiver yet.", prometheus.GaugeValue,
			func(r store.ReceiverState, _ time.Time) float64 { return float64(r.Behind) }),
		metric("lag_seconds", "Age of the oldest event that waits, 0 without any.", prometheus.GaugeValue, func(r store.ReceiverState, now time.Time) float64 {
			if r.Oldest == nil {
				return 0
			}
			return max(now.Sub(*r.Oldest).Seconds(), 0)
		}),
		metric("held_dossiers", "Dossiers whose events wait for one that was not taken.", prometheus.GaugeValue,
			func(r store.ReceiverState, _ time.Time) float64 { return float64(r.Held) }),
		metric("paused", "Whether it is paused: 1 or 0.", prometheus.GaugeValue, func(r store.ReceiverState, _ time.Time) float64 { return oneIf(r.Paused) }),
		metric("down", "Whether it counts as down: 1 or 0.", prometheus.GaugeValue,
			func(r store.ReceiverState, _ time.Time) float64 { return oneIf(r.Failures >= onestop.FailuresInARow) }),
		metric("sent_total", "Messages that it took.", prometheus.CounterValue,
			func(r store.ReceiverState, _ time.Time) float64 { return float64(r.Delivered) }),
		metric("refused_total", "Attempts after which a message was not taken.", prometheus.CounterValue,
			func(r store.ReceiverState, _ time.Time) float64 { return float64(r.Refused) }),
		metric("retries_total", "Attempts at what was not taken before.", prometheus.CounterValue,
			func(r store.ReceiverState, _ time.Time) float64 { return float64(r.Retried) }),
	}
)

// outboxMetric is one thing that is measured of each receiver.
type outboxMetric struct {
	desc *prometheus.Desc
	kind prometheus.ValueType
	of   func(r store.ReceiverState, now time.Time) float64
}

func metric(name, help string, kind prometheus.ValueType, of func(store.ReceiverState, time.Time) float64) outboxMetric {
	return outboxMetric{prometheus.NewDesc("motcua_receiver_"+name, help, []string{"receiver"}, nil), kind, of}
}

func oneIf(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Describe names what is measured.
func (x *outbox) Describe(to chan<- *prometheus.Desc) {
	to <- outboxUp
	for _, m := range outboxMetrics {
		to <- m.desc
	}
}

// Collect measures.
func (x *outbox) Collect(to chan<- prometheus.Metric) {
	now := x.clock()
	all, up := x.receivers(now)
	to <- prometheus.MustNewConstMetric(outboxUp, prometheus.GaugeValue, oneIf(up))
	for _, r := range all {
		for _, m := range outboxMetrics {
			to <- prometheus.MustNewConstMetric(m.desc, m.kind, m.of(r, now), r.ID.String())
		}
	}
}

func (x *outbox) receivers(now time.Time) ([]store.ReceiverState, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if age := now.Sub(x.asked); age < 0 || age >= outboxKept {
		ctx, cancel := context.WithTimeout(context.Background(), outboxAsked)
		defer cancel()
		all, err := x.store.Receivers(ctx)
		x.all, x.up, x.asked = all, err == nil, now
	}
	return x.all, x.up
}
