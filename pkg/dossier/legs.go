package dossier

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/worktime"
)

// Leg is a span in which a dossier lay with one agency (chặng), for a step or at the counter, or in which a step waited for somebody
// outside; then AgencyID answers for the wait. Used and Over are working seconds outside the pauses of its own clock, of which the waits of other
// steps are none. Late is reckoned outside those of the dossier.
type Leg struct {
	StepNo   int
	Name     string // of the step, "" at the counter
	AgencyID uuid.UUID
	Outside  string // who was waited for
	Cause    PauseCause
	Answer   string // what came of it, once it is over
	From     time.Time
	To       *time.Time // nil while it lasts
	TakenAt  *time.Time // when the agency took the step over, nil while it has not, and at the counter
	LateFrom *time.Time // nil for one without a time of its own
	Used     int64
	Over     int64 // of them, after LateFrom
	Late     int64 // of the dossier's lateness, what falls to it
}

// Legs is the way of a dossier through the agencies. Late is by how many working seconds the dossier is late; it is the sum of what falls
// to each leg.
type Legs struct {
	Late  int64
	Items []Leg
}

// Legs tells which agency used how much of the dossier's time, and what of its lateness falls to whom: to those that went over the time
// of their own step, in proportion, where several were over at once in equal parts; what nobody's step explains falls to whoever had it
// after the date had passed. A dossier that is open is judged at now, one that a body outside kept is that wait's.
func (r Reckoner) Legs(d Dossier, now time.Time) (Legs, error) {
	legs := Legs{Items: []Leg{}}
	if d.AcceptedAt == nil || d.Source != nil || d.Basis == nil {
		return legs, nil
	}
	end := now
	if d.FinishedAt != nil {
		end = *d.FinishedAt
	}
	w := walk{Reckoner: r, d: d, end: end, pauses: spans(d.PausesUntil(end)), own: map[int][]worktime.Pause{}}
	if err := w.gather(&legs); err != nil {
		return legs, err
	}
	return legs, w.attribute(&legs)
}

// walk goes through a dossier's turns with a calendar.
type walk struct {
	Reckoner
	d      Dossier
	end    time.Time
	pauses []worktime.Pause         // of the dossier's clock
	own    map[int][]worktime.Pause // of the clock of each step
}

func spans(pauses []Pause) []worktime.Pause {
	all := make([]worktime.Pause, len(pauses))
	for i, p := range pauses {
		all[i] = worktime.Pause{From: p.From, To: p.To}
	}
	return all
}

// stretch is a time in which a leg had the dossier.
type stretch struct {
	leg      int
	from, to time.Time
}

func (w walk) gather(legs *Legs) error {
	for _, t := range w.d.Turns {
		leg := Leg{StepNo: t.StepNo, AgencyID: t.AgencyID, From: t.From, To: &t.To, TakenAt: t.TakenAt, LateFrom: t.LateFrom}
		if s := w.d.step(t.StepNo); s != nil {
			leg.Name = s.Name
		}
		legs.Items = append(legs.Items, leg)
	}
	switch {
	case w.d.FinishedAt != nil:
	case w.d.StepNo == 0:
		legs.Items = append(legs.Items, Leg{AgencyID: w.d.ReceivingID, From: *w.d.AcceptedAt})
	default:
		for _, s := range w.d.UnderWay() {
			leg := Leg{StepNo: s.No, Name: s.Name, AgencyID: s.AgencyID, From: *s.StartedAt, TakenAt: s.TakenAt}
			if s.Mark != nil {
				leg.LateFrom = &s.Mark.LateFrom
			}
			legs.Items = append(legs.Items, leg)
		}
	}
	for i := range legs.Items {
		if err := w.counter(&legs.Items[i]); err != nil {
			return err
		}
	}
	for _, x := range w.d.Waits {
		legs.Items = append(legs.Items, Leg{
			StepNo: x.StepNo, Name: w.d.step(x.StepNo).Name, AgencyID: x.Owner.AgencyID, Outside: x.Body, Cause: x.Cause, Answer: x.Answer, From: x.From,
			To:       x.To,
			LateFrom: lateFrom(legs.Items, x),
		})
	}
	slices.SortStableFunc(legs.Items, func(a, b Leg) int { return a.From.Compare(b.From) })
	return nil
}

// counter gives the counter its own time, as the rules have it.
func (w walk) counter(leg *Leg) error {
	if leg.StepNo > 0 {
		return nil
	}
	to := w.end
	if leg.To != nil {
		to = *leg.To
	}
	m, err := w.Counter(w.d, leg.From, to)
	if m != nil {
		leg.LateFrom = &m.LateFrom
	}
	return err
}

// Counter is the mark of a counter where the dossier lay, nil where the rules give it no time of its own. What the applicant was waited for
// meanwhile is not the counter's.
func (r Reckoner) Counter(d Dossier, from, to time.Time) (*Mark, error) {
	if r.Rules.HandOver == nil {
		return nil, nil
	}
	within := slices.DeleteFunc(d.pausesOf(0, to), func(p Pause) bool { return !p.From.Before(to) || !p.To.After(from) })
	p, err := r.Due(Basis{From: from, Term: *r.Rules.HandOver}, within)
	if err != nil || p == nil {
		return nil, err
	}
	return &p.Mark, nil
}

// lateFrom is that of the turn in which a wait began.
func lateFrom(turns []Leg, x Wait) *time.Time {
	for _, t := range turns {
		if t.StepNo == x.StepNo && t.Outside == "" && !x.From.Before(t.From) && (t.To == nil || x.From.Before(*t.To)) {
			return t.LateFrom
		}
	}
	return nil
}

func (w walk) attribute(legs *Legs) error {
	all, over := w.stretches(legs.Items, func(Leg) *time.Time { return &time.Time{} }), w.stretches(legs.Items, func(l Leg) *time.Time { return l.LateFrom })
	for i, l := range legs.Items {
		if _, there := w.own[l.StepNo]; !there {
			w.own[l.StepNo] = spans(w.d.pausesOf(l.StepNo, w.end))
		}
		for _, x := range []struct {
			of  []stretch
			sum *int64
		}{{all, &legs.Items[i].Used}, {over, &legs.Items[i].Over}} {
			for _, s := range x.of {
				if s.leg != i {
					continue
				}
				seconds, err := w.elapsed(s.from, s.to, w.own[l.StepNo])
				if err != nil {
					return err
				}
				*x.sum += seconds
			}
		}
	}
	p := w.d.Promise()
	if p == nil || !w.end.After(p.LateFrom) {
		return nil
	}
	var err error
	if legs.Late, err = w.elapsed(p.LateFrom, w.end, w.pauses); err != nil || legs.Late == 0 {
		return err
	}
	own, err := w.weigh(over, len(legs.Items))
	if err != nil {
		return err
	}
	rest := legs.Late
	if sum := total(own); sum < rest {
		rest -= sum
	} else {
		own, rest = divide(rest, own), 0
	}
	after := w.stretches(legs.Items, func(Leg) *time.Time { return &p.LateFrom })
	held, err := w.weigh(after, len(legs.Items))
	if err != nil {
		return err
	}
	if total(held) == 0 && len(held) > 0 { // over for no time at all, as after a recall
		held[len(held)-1] = 1
	}
	held = divide(rest, held)
	for i := range legs.Items {
		legs.Items[i].Late = own[i] + held[i]
	}
	return nil
}

// stretches are the times in which each leg had the dossier after an instant of its own; what it waited for somebody outside is that
// wait's.
func (w walk) stretches(legs []Leg, after func(Leg) *time.Time) []stretch {
	var all []stretch
	for i, l := range legs {
		from := after(l)
		if from == nil {
			continue
		}
		to := w.end
		if l.To != nil {
			to = *l.To
		}
		parts := []stretch{{i, later(*from, l.From), to}}
		if l.Outside == "" {
			for _, other := range legs {
				if other.Outside != "" && other.StepNo == l.StepNo {
					parts = without(parts, other, w.end)
				}
			}
		}
		for _, s := range parts {
			if s.to.After(s.from) {
				all = append(all, s)
			}
		}
	}
	return all
}

// without cuts a wait out of stretches.
func without(parts []stretch, wait Leg, end time.Time) []stretch {
	to := end
	if wait.To != nil {
		to = *wait.To
	}
	var left []stretch
	for _, s := range parts {
		left = append(left, stretch{s.leg, s.from, earlier(s.to, wait.From)}, stretch{s.leg, later(s.from, to), s.to})
	}
	return slices.DeleteFunc(left, func(s stretch) bool { return !s.to.After(s.from) })
}

// weigh is the working time of each leg's stretches in which the dossier's clock ran, since no other cost it time, where those that had it at the
// same time share in equal parts.
func (w walk) weigh(all []stretch, n int) ([]int64, error) {
	var cuts []time.Time
	for _, s := range all {
		cuts = append(cuts, s.from, s.to)
	}
	slices.SortFunc(cuts, time.Time.Compare)
	weights := make([]int64, n)
	for i := 1; i < len(cuts); i++ {
		var at []int64
		for _, s := range all {
			if !s.from.After(cuts[i-1]) && !s.to.Before(cuts[i]) {
				at = append(at, int64(s.leg))
			}
		}
		if len(at) == 0 || cuts[i].Equal(cuts[i-1]) {
			continue
		}
		seconds, err := w.elapsed(cuts[i-1], cuts[i], w.pauses)
		if err != nil {
			return nil, err
		}
		for k, leg := range at {
			weights[leg] += seconds / int64(len(at))
			if int64(k) < seconds%int64(len(at)) {
				weights[leg]++
			}
		}
	}
	return weights, nil
}

func (w walk) elapsed(from, to time.Time, pauses []worktime.Pause) (int64, error) {
	seconds, err := w.Calendar.Elapsed(from, to, pauses...)
	if err != nil {
		return 0, fmt.Errorf("dossier %s: working time: %w", w.d.Code, err)
	}
	return max(seconds, 0), nil
}

// divide shares a whole out in proportion to weights, to the last second: what rounding leaves goes to the largest remainders, the
// earlier leg first.
func divide(whole int64, weights []int64) []int64 {
	parts, sum := make([]int64, len(weights)), total(weights)
	if sum == 0 || whole == 0 {
		return parts
	}
	order, left := make([]int, len(weights)), whole
	for i, x := range weights {
		order[i] = i
		parts[i] = whole * x / sum
		left -= parts[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(whole*weights[b]%sum - whole*weights[a]%sum) })
	for _, i := range order[:left] {
		parts[i]++
	}
	return parts
}

func total(all []int64) int64 {
	var sum int64
	for _, x := range all {
		sum += x
	}
	return sum
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
