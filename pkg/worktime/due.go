package worktime

import "time"

const eightHours = 8 * hour

// Due is the instant by which the term is used up, by the conventions of README.md. It allocates nothing for a term without
// pauses and extensions. The error is an *Error: an amount past a hundred years, no working time ahead, a pause that ends before it
// begins, and so on.
func (c *Calendar) Due(r Request) (Due, error) {
	var s reckoning
	if err := c.reckon(&r, &s); err != nil {
		return Due{}, err
	}
	if s.suspended {
		return Due{Suspended: true, Unconfirmed: c.unconfirmed(s.start, s.start)}, nil
	}
	return Due{At: instant(s.due), Unconfirmed: c.unconfirmed(s.start, s.due)}, nil
}

// reckoning is a due date with the instants on the way to it, which an explanation needs.
type reckoning struct {
	leg              // the term's
	extensions []leg // for requests in hours only as far as the clock ran
	plain      int64 // for requests in days: due without pauses
	madeUp     int64 // for requests in days: when as much has been worked as the pauses took; due moves on to closing from there
	due        int64
	suspended  bool // then due means nothing
	pauses     pauses
}

// leg is the way that one term takes: without pauses for requests in days, with them for requests in hours.
type leg struct {
	start     int64
	reference int64 // from where working time counts under same_time
	zero      date  // day 0
	tod       int64 // the clock reading that same_time keeps, from midnight of day 0
	end       int64
}

func (c *Calendar) reckon(r *Request, s *reckoning) (err error) {
	if s.start, err = micros(r.Start); err != nil {
		return within("start", err)
	}
	if err = r.Rules.Check(); err != nil {
		return err
	}
	if err = r.Term.Check(); err != nil {
		return err
	}
	if err = checkExtensions(r.Extensions); err != nil {
		return err
	}
	if s.pauses, err = unite(r.Pauses); err != nil {
		return err
	}
	s.begin(s.start, c.zone.reading(s.start))
	if r.byHours() {
		return c.hours(r, s)
	}
	rules := r.Rules.WithDefaults()
	if err = c.count(&r.Term, &rules, &s.leg); err != nil {
		return err
	}
	s.plain = s.end
	if len(r.Extensions) > 0 {
		if err = c.extend(r.Extensions, &rules, s); err != nil {
			return err
		}
	}
	return c.makeUpPauses(&rules, s)
}

// begin makes the date of the reading day 0.
func (l *leg) begin(reference, reading int64) {
	l.reference, l.zero = reference, dateOf(reading)
	l.tod = reading - l.zero.midnight()
}

// count finds the end of a term, from the leg's start or the date of its day 0.
func (c *Calendar) count(t *Term, rules *Rules, l *leg) (err error) {
	switch t.Unit {
	case Minute, Hour:
		l.end, err = c.use(l.start, t.work())
	case WorkingDay:
		err = c.workingDays(t.Value, rules, l)
	case SameDay:
		err = c.sameDay(t.Cutoff, l)
	default:
		err = c.calendarDays(t, rules, l)
	}
	return err
}

// use is the first instant at or after u by which so much more has been worked.
func (c *Calendar) use(u, work int64) (int64, error) {
	if work == 0 {
		return u, nil
	}
	return c.when(c.work(u) + work)
}

// workingDays finds the end of a term in working days.
func (c *Calendar) workingDays(value Amount, rules *Rules, l *leg) (err error) {
	if rules.First == FirstRoll {
		reference, err := c.next(l.start)
		if err != nil {
			return err
		}
		l.begin(reference, c.zone.reading(reference))
	}
	switch {
	case value.IsZero() && rules.End == EndSameTime:
		l.end = l.start
	case value.IsZero():
		l.end, err = c.closingFrom(l.zero, l.start+1)
	case rules.Day == DayEightHours:
		l.end, err = c.eightHourDays(value, rules, l)
	default:
		l.end, err = c.officeDays(value, rules, l)
	}
	return err
}

// closingFrom is the closing of the date if it is a working date that does not close before u, else of the next one.
func (c *Calendar) closingFrom(on date, u int64) (int64, error) {
	if c.hoursOn(on).total > 0 {
		if closing := c.closing(on); closing >= u {
			return closing, nil
		}
	}
	on, err := c.nthAfter(on, 1)
	if err != nil {
		return 0, err
	}
	return c.closing(on), nil
}

// officeDays counts working dates; what is left of the value behind them counts in working time: after the end of the last of them, or
// from the same time on it.
func (c *Calendar) officeDays(value Amount, rules *Rules, l *leg) (at int64, err error) {
	whole, fraction := value.split()
	last := l.zero
	if whole > 0 {
		if last, err = c.nthAfter(l.zero, int64(whole)); err != nil {
			return 0, err
		}
	}
	switch {
	case rules.End == EndClosing && fraction.IsZero():
		return c.closing(last), nil
	case rules.End == EndClosing:
		at = c.zone.endAt((last + 1).midnight())
	case whole == 0:
		at = l.reference
	default:
		at, err = c.sameTime(l.tod, last)
	}
	if err != nil || fraction.IsZero() {
		return at, err
	}
	length := eightHours
	if rules.Day == DayOffice {
		begins, err := c.next(at)
		if err != nil {
			return 0, err
		}
		length = c.hoursOn(dateOf(c.zone.reading(begins))).total
	}
	part, _ := fraction.Times(length)
	return c.use(at, part)
}

// sameTime is the time of day on the date if that is working or ends a span, else the next working instant.
func (c *Calendar) sameTime(tod int64, on date) (int64, error) {
	u := c.zone.firstAt(on.midnight() + tod)
	if c.working(u) || c.working(u-1) {
		return u, nil
	}
	return c.after(c.work(u))
}

// eightHourDays turns the whole value into working time: from the end of day 0, and then to the closing of the date that it leads to
// unless a part of a day was asked for; or from the reference itself.
func (c *Calendar) eightHourDays(value Amount, rules *Rules, l *leg) (int64, error) {
	n, _ := value.Times(eightHours)
	if rules.End == EndSameTime {
		return c.use(l.reference, n)
	}
	u, err := c.use(c.zone.lastAt((l.zero + 1).midnight()), n)
	if err != nil || !value.IsWhole() {
		return u, err
	}
	return c.closing(c.dateEndedAt(u)), nil
}

// dateEndedAt is the date of the working time that ends at u: at midnight that of the day before.
func (c *Calendar) dateEndedAt(u int64) date { return dateOf(c.zone.reading(u - 1)) }

// calendarDays finds the end of a term in days, months or years: every date counts, and only the last must be worked.
func (c *Calendar) calendarDays(t *Term, rules *Rules, l *leg) error {
	on := l.zero.plus(*t)
	if rules.Off == OffPrevious && c.hoursOn(on).total == 0 {
		if n := c.daysBefore(on); n > c.daysBefore(l.zero+1) {
			on, _ = c.workingDate(n) // which is there, having been counted
		}
	}
	on, err := c.nthAfter(on-1, 1)
	if err != nil {
		return err
	}
	l.end = c.closing(on)
	return nil
}

// plus is the date so many days, months or years on.
func (d date) plus(t Term) date {
	n, _ := t.Value.split()
	switch t.Unit {
	case Month:
		return d.addMonths(int(n))
	case Year:
		return d.addMonths(12 * int(n))
	default:
		return d + date(n)
	}
}

// sameDay finds the end of a same-day term: today if it comes in by the cut-off and by closing.
func (c *Calendar) sameDay(cutoff string, l *leg) (err error) {
	on := l.zero
	if cutoff != "" {
		limit, err := parseClock(cutoff)
		if err != nil {
			return err
		}
		if l.tod > limit {
			if on, err = c.nthAfter(on, 1); err != nil {
				return err
			}
			l.end = c.closing(on)
			return nil
		}
	}
	l.end, err = c.closingFrom(on, l.start)
	return err
}

// makeUpPauses moves a due date in days by the working time that the pauses before it took, and on by those that begin meanwhile.
func (c *Calendar) makeUpPauses(rules *Rules, s *reckoning) (err error) {
	s.due, s.madeUp = s.plain, s.plain
	if len(s.pauses.closed) == 0 && !s.pauses.open {
		return nil
	}
	took := c.paused(s.pauses, s.start, s.plain)
	if took > 0 {
		if s.due, s.suspended, err = c.usePaused(s.plain, took, s.pauses); err != nil || s.suspended {
			return err
		}
		s.madeUp = s.due
		if rules.End == EndClosing {
			s.due = c.closing(c.dateEndedAt(s.due))
		}
	}
	s.suspended = s.pauses.open && s.pauses.openFrom < s.due
	return nil
}

// unconfirmed says whether a year between the instants is not confirmed.
func (c *Calendar) unconfirmed(a, b int64) bool {
	return min(a, b) < c.confirmedFrom || max(a, b) >= c.confirmedUntil
}

// Closing is the instant at which the office closes on the date of t, or on the next working date if nobody works on that one.
func (c *Calendar) Closing(t time.Time) (time.Time, error) {
	u, err := micros(t)
	if err != nil {
		return time.Time{}, err
	}
	on, err := c.nthAfter(dateOf(c.zone.reading(u))-1, 1)
	if err != nil {
		return time.Time{}, err
	}
	return instant(c.closing(on)), nil
}
