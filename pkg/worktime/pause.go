package worktime

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// pauses is a union: closed stretches in order and apart from each other, cut off where the open one begins, which has no end. The open
// one keeps its own beginning even if a closed one leads up to it: whether there is a due date hangs on it.
type pauses struct {
	closed   []span // instants
	openFrom int64
	open     bool
}

// unite brings pauses into order. Empty ones vanish.
func unite(list []Pause) (pauses, error) {
	p := pauses{openFrom: math.MaxInt64}
	if len(list) == 0 {
		return p, nil
	}
	all := make([]span, 0, len(list))
	for i, x := range list {
		from := clamp(x.From)
		if x.To == nil {
			if p.open {
				return p, within(nth("pauses", i), failf(CodeTwoOpenPauses, "two pauses have no end"))
			}
			p.open, p.openFrom = true, from
			continue
		}
		if x.To.Before(x.From) {
			return p, within(nth("pauses", i), failf(CodePauseReversed, "a pause ends (%s) before it begins (%s)",
				x.To.UTC().Format(timeForm), x.From.UTC().Format(timeForm)))
		}
		if to := clamp(*x.To); from < to {
			all = append(all, span{from, to})
		}
	}
	slices.SortFunc(all, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for _, x := range all {
		if x.to = min(x.to, p.openFrom); x.from >= x.to { // the open one covers it
			break
		}
		if n := len(p.closed); n > 0 && x.from <= p.closed[n-1].to {
			p.closed[n-1].to = max(p.closed[n-1].to, x.to)
		} else {
			p.closed = append(p.closed, x)
		}
	}
	return p, nil
}

// clamp reads an instant and keeps it inside the years of calendars; beyond them there is no working time that could count.
func clamp(t time.Time) int64 {
	switch s := t.Unix(); {
	case s < firstInstant/second:
		return firstInstant
	case s >= endInstant/second:
		return endInstant
	default:
		return t.UnixMicro()
	}
}

// paused is the working time that the pauses take between two instants; 0 if b does not lie after a.
func (c *Calendar) paused(p pauses, a, b int64) (work int64) {
	for _, x := range p.closed {
		if from, to := max(a, x.from), min(b, x.to); from < to {
			work += c.work(to) - c.work(from)
		}
	}
	if from := max(a, p.openFrom); p.open && from < b {
		work += c.work(b) - c.work(from)
	}
	return work
}

// usePaused is the first instant at or after u by which so much has been worked outside the pauses; suspended when an open pause
// prevents it or began before it.
func (c *Calendar) usePaused(u, work int64, p pauses) (due int64, suspended bool, err error) {
	if work == 0 {
		return u, p.open && p.openFrom < u, nil
	}
	for _, x := range p.closed {
		if x.to <= u {
			continue
		}
		if x.from > u {
			free := c.work(x.from) - c.work(u)
			if work <= free {
				break
			}
			work -= free
		}
		u = x.to
	}
	if p.open && (p.openFrom <= u || c.work(p.openFrom)-c.work(u) < work) {
		return 0, true, nil
	}
	due, err = c.use(u, work)
	return due, false, err
}
