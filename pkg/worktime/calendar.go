package worktime

import "time"

// Calendar answers questions about one Definition. It does not change and may be used by any number of goroutines.
//
// Any distance is a binary search: the dates are laid out as stretches that follow one week, cut by special dates, each stretch with the
// working time and the working dates before it. Readings of the wall clock and instants are brought together by one number per era of the
// zone, so that the working time before an instant never falls and never jumps.
type Calendar struct {
	zone      *zone
	name      Text
	version   string
	weeks     []*week
	specials  []special
	stretches []stretch
	shift     []int64 // per era: what is added to worked(reading) to get the working time before the instant
	begun     []int64 // per era: the working time before it

	confirmedFrom  int64 // instants between which the years are confirmed
	confirmedUntil int64
}

func (c *Calendar) layOut(weeks []*week, specials []special) {
	c.weeks, c.specials = weeks, specials
	c.stretches = make([]stretch, 0, 2*len(specials)+len(weeks))
	next := stretch{from: firstDate, week: weeks[0]}
	add := func() {
		if n := len(c.stretches); n > 0 && c.stretches[n-1].from == next.from { // no date lies in the one before
			c.stretches = c.stretches[:n-1]
		}
		c.stretches = append(c.stretches, next)
	}
	moveTo := func(on date) { next.work, next.days, next.from = c.workBefore(on), c.daysBefore(on), on }
	changeWeeks := func(until date) {
		for ; len(weeks) > 1 && weeks[1].from <= until; weeks = weeks[1:] {
			moveTo(weeks[1].from)
			next.week = weeks[1]
			add()
		}
	}
	add()
	for i := range specials {
		s := &specials[i]
		changeWeeks(s.on)
		moveTo(s.on)
		next.special = s
		add()
		next.special = nil
		next.from++
		if s.hours.total > 0 {
			next.work += s.hours.total
			next.days++
		}
		add()
	}
	changeWeeks(dateOf(endInstant))
}

// works says whether there is any working time.
func (c *Calendar) works() bool {
	last := &c.stretches[len(c.stretches)-1]
	return last.work > 0 || last.week.work[7] > 0
}

func (c *Calendar) layEras() {
	z := c.zone
	c.shift, c.begun = make([]int64, len(z.from)), make([]int64, len(z.from))
	for e := 1; e < len(z.from); e++ {
		before := c.worked(z.from[e]+z.off[e-1]) + c.shift[e-1]
		c.begun[e] = before
		c.shift[e] = before - c.worked(z.from[e]+z.off[e])
	}
}

// Zone is the time zone of the office's clock.
func (c *Calendar) Zone() *time.Location { return c.zone.loc }

// Name is what the definition calls itself; empty if it does not.
func (c *Calendar) Name() Text { return c.name }

// Version is the definition's.
func (c *Calendar) Version() string { return c.version }

// at is the stretch that the date lies in.
func (c *Calendar) at(on date) *stretch {
	s := c.stretches
	lo, hi := 0, len(s)
	for hi-lo > 1 {
		if mid := int(uint(lo+hi) >> 1); s[mid].from <= on {
			lo = mid
		} else {
			hi = mid
		}
	}
	return &s[lo]
}

func (s *stretch) hoursOn(on date) *hours {
	if s.special != nil {
		return s.special.hours
	}
	return s.week.day[on.weekday()]
}

func (c *Calendar) hoursOn(on date) *hours { return c.at(on).hoursOn(on) }

// workBefore is the working time before a date's midnight, daysBefore the number of working dates before the date.
func (c *Calendar) workBefore(on date) int64 {
	s := c.at(on)
	return s.work + s.within(on, &s.week.work)
}

func (c *Calendar) daysBefore(on date) int64 {
	s := c.at(on)
	return s.days + s.within(on, &s.week.days)
}

// within sums over the dates of the stretch before the date; sum is one of its week's.
func (s *stretch) within(on date, sum *[15]int64) int64 {
	n := int64(on - s.from)
	if n <= 0 {
		return 0
	}
	w := int64(s.from.weekday())
	return n/7*sum[7] + sum[w+n%7] - sum[w]
}

// worked is the working time before a reading of the wall clock.
func (c *Calendar) worked(reading int64) int64 {
	on := dateOf(reading)
	s := c.at(on)
	return s.work + s.within(on, &s.week.work) + s.hoursOn(on).until(reading-on.midnight())
}

// until is the working time before the time of day.
func (h *hours) until(tod int64) int64 {
	for i := len(h.spans) - 1; i >= 0; i-- {
		if s := h.spans[i]; tod > s.from {
			return h.before[i] + min(tod, s.to) - s.from
		}
	}
	return 0
}

// when is the first time of day by which so much has been worked: 0 < work <= total.
func (h *hours) when(work int64) int64 {
	i := len(h.spans) - 1
	for h.before[i] >= work {
		i--
	}
	return h.spans[i].from + work - h.before[i]
}

func (h *hours) contains(tod int64) bool {
	for _, s := range h.spans {
		if tod >= s.from && tod < s.to {
			return true
		}
	}
	return false
}

func (h *hours) closing() int64 { return h.spans[len(h.spans)-1].to }

// readingWhen is the first reading by which so much has been worked; work > 0.
func (c *Calendar) readingWhen(work int64) (int64, error) {
	s := c.stretches
	lo, hi := 0, len(s) // s[lo].work < work <= s[hi].work
	for hi-lo > 1 {
		if mid := int(uint(lo+hi) >> 1); s[mid].work < work {
			lo = mid
		} else {
			hi = mid
		}
	}
	on, rest, err := s[lo].dateWhen(work-s[lo].work, &s[lo].week.work)
	if err != nil {
		return 0, err
	}
	return on.midnight() + s[lo].hoursOn(on).when(rest), nil
}

// readingAfter is the reading after which more than work is worked: one step before the reading when one unit more has been.
func (c *Calendar) readingAfter(work int64) (int64, error) {
	r, err := c.readingWhen(work + 1)
	return r - 1, err
}

// dateWhen is the date of the stretch on which the sum reaches n > 0, and what of n is left on that date.
func (s *stretch) dateWhen(n int64, sum *[15]int64) (on date, rest int64, err error) {
	if s.special != nil {
		return s.from, n, nil
	}
	if sum[7] == 0 {
		return 0, 0, failNoWorkAhead()
	}
	weeks := (n - 1) / sum[7]
	if weeks > 53*(lastYear-firstYear) { // before a multiplication wraps round
		return 0, 0, failTooFar()
	}
	n -= weeks * sum[7]
	w := s.from.weekday()
	i := 0
	for sum[w+i+1]-sum[w] < n {
		i++
	}
	return s.from + date(weeks*7+int64(i)), n - (sum[w+i] - sum[w]), nil
}

// workingDate is the date by which there have been n working dates since the calendar's first; n > 0.
func (c *Calendar) workingDate(n int64) (date, error) {
	s := c.stretches
	lo, hi := 0, len(s)
	for hi-lo > 1 {
		if mid := int(uint(lo+hi) >> 1); s[mid].days < n {
			lo = mid
		} else {
			hi = mid
		}
	}
	on, _, err := s[lo].dateWhen(n-s[lo].days, &s[lo].week.days)
	if err == nil && on > dateOf(endInstant) {
		err = failTooFar()
	}
	return on, err
}

// nthAfter is the n-th working date after a date; n > 0.
func (c *Calendar) nthAfter(on date, n int64) (date, error) {
	return c.workingDate(c.daysBefore(on+1) + n)
}

// work is the working time before an instant.
func (c *Calendar) work(u int64) int64 {
	e := c.zone.era(u)
	return c.worked(u+c.zone.off[e]) + c.shift[e]
}

// when is the first instant by which so much has been worked; work > 0.
func (c *Calendar) when(work int64) (int64, error) {
	e := len(c.begun) - 1
	if c.begun[e] >= work {
		e = c.eraBefore(e, work)
	}
	r, err := c.readingWhen(work - c.shift[e])
	return c.inRange(r-c.zone.off[e], err)
}

// after is the instant after which more than work is worked; it is itself working.
func (c *Calendar) after(work int64) (int64, error) {
	e := len(c.begun) - 1
	if c.begun[e] > work {
		e = c.eraBefore(e, work+1)
	}
	r, err := c.readingAfter(work - c.shift[e])
	return c.inRange(r-c.zone.off[e], err)
}

// eraBefore is the last era before e that begins with less than work; 0 if none does.
func (c *Calendar) eraBefore(e int, work int64) int {
	lo, hi := 0, e
	for hi-lo > 1 {
		if mid := int(uint(lo+hi) >> 1); c.begun[mid] < work {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

func (c *Calendar) inRange(u int64, err error) (int64, error) {
	if err == nil && u >= endInstant {
		err = failTooFar()
	}
	return u, err
}

func failNoWorkAhead() error {
	return failf(CodeNoWorkingTime, "the calendar has no more working time ahead")
}

func failTooFar() error {
	return failf(CodeOutOfRange, "it would end after the year %d", lastYear)
}

// closing is the instant at which a working date closes.
func (c *Calendar) closing(on date) int64 {
	return c.zone.endAt(on.midnight() + c.hoursOn(on).closing())
}

// working says whether the instant is working time.
func (c *Calendar) working(u int64) bool {
	r := c.zone.reading(u)
	on := dateOf(r)
	return c.hoursOn(on).contains(r - on.midnight())
}

// next is the next working instant at or after u.
func (c *Calendar) next(u int64) (int64, error) {
	if c.working(u) {
		return u, nil
	}
	return c.after(c.work(u))
}
