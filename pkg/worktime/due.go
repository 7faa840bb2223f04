package worktime

import "time"

const eightHours = 8 * hour

// The most that a term may be: a hundred years.
const (
	maxYears  = 100
	maxMonths = maxYears * 12
	maxDays   = maxYears*365 + 25
)

// Due is the instant by which the term is used up, by the conventions of README.md. It allocates nothing for a term without
// pauses. The error is an *Error: an amount past a hundred years, no working time ahead, a pause that ends before it begins, and so on.
func (c *Calendar) Due(r Request) (Due, error) {
	s, err := c.reckon(&r)
	if err != nil {
		return Due{}, err
	}
	if s.suspended {
		return Due{Suspended: true, Unconfirmed: c.unconfirmed(s.start, s.start)}, nil
	}
	return Due{At: instant(s.due), Unconfirmed: c.unconfirmed(s.start, s.due)}, nil
}

// reckoning is a due date with the instants on the way to it, which an explanation needs.
type reckoning struct {
	start     int64
	reference int64 // the instant whose date is day 0 and whose clock reading same_time keeps
	plain     int64 // for terms in days: due without pauses
	madeUp    int64 // for terms in days: when as much has been worked as the pauses took; due moves on to closing from there
	zero      date  // day 0
	due       int64
	suspended bool // then due means nothing
	pauses    pauses
}

func (c *Calendar) reckon(r *Request) (s reckoning, err error) {
	if s.start, err = micros(r.Start); err != nil {
		return s, err
	}
	if err = r.Rules.Check(); err != nil {
		return s, err
	}
	if err = r.Term.Check(); err != nil {
		return s, err
	}
	if s.pauses, err = unite(r.Pauses); err != nil {
		return s, err
	}
	s.reference, s.zero = s.start, dateOf(c.zone.reading(s.start))
	rules := r.Rules.WithDefaults()
	switch r.Term.Unit {
	case Minute, Hour:
		n, _ := r.Term.Value.times(r.Term.Unit.micros())
		s.due, s.suspended, err = c.usePaused(s.start, n, s.pauses)
		return s, err
	case WorkingDay:
		err = c.workingDays(r.Term.Value, rules, &s)
	case SameDay:
		err = c.sameDay(r.Term.Cutoff, &s)
	default:
		err = c.calendarDays(r.Term, rules, &s)
	}
	if err == nil {
		err = c.makeUpPauses(rules, &s)
	}
	return s, err
}

// Check says whether the term can be counted: a known unit, an amount up to a hundred years, whole where a fraction has no meaning,
// and a cut-off only where there is one to keep.
func (t Term) Check() error {
	if t.Cutoff != "" {
		if t.Unit != SameDay {
			return failf(CodeCutoffNotAllowed, "a cut-off has a meaning for same_day only")
		}
		if _, err := parseClock(t.Cutoff); err != nil {
			return err
		}
	}
	whole, fraction := t.Value.split()
	var most uint64
	switch t.Unit {
	case Minute:
		most = maxDays * 24 * 60
	case Hour:
		most = maxDays * 24
	case WorkingDay:
		most = maxDays
	case CalendarDay:
		most = maxDays
	case Month:
		most = maxMonths
	case Year:
		most = maxYears
	case SameDay:
		if t.Value != (Amount{}) && t.Value != Whole(1) {
			return failf(CodeAmountNotAllowed, "same_day takes no value, and this is %s", t.Value)
		}
		return nil
	default:
		return failf(CodeUnknownUnit, "%s is not a unit; they are minute, hour, working_day, calendar_day, month, year and same_day", quoteShort(string(t.Unit)))
	}
	if whole > most || whole == most && !fraction.IsZero() {
		return failf(CodeAmountTooLarge, "%s %s is more than a hundred years", t.Value, t.Unit)
	}
	if !fraction.IsZero() && t.Unit != Minute && t.Unit != Hour && t.Unit != WorkingDay {
		return failf(CodeAmountFraction, "a part of a %s is not defined, and the value is %s", t.Unit, t.Value)
	}
	return nil
}

func (u Unit) micros() int64 {
	if u == Hour {
		return hour
	}
	return minute
}

// use is the first instant at or after u by which so much more has been worked.
func (c *Calendar) use(u, work int64) (int64, error) {
	if work == 0 {
		return u, nil
	}
	return c.when(c.work(u) + work)
}

// workingDays finds the plain due date of a term in working days.
func (c *Calendar) workingDays(value Amount, rules Rules, s *reckoning) (err error) {
	if rules.First == FirstRoll {
		if s.reference, err = c.next(s.start); err != nil {
			return err
		}
		s.zero = dateOf(c.zone.reading(s.reference))
	}
	switch {
	case value.IsZero() && rules.End == EndSameTime:
		s.plain = s.start
	case value.IsZero():
		s.plain, err = c.closingFrom(s.zero, s.start+1)
	case rules.Day == DayEightHours:
		s.plain, err = c.eightHourDays(value, rules, s.zero, s.reference)
	default:
		s.plain, err = c.officeDays(value, rules, s.zero, s.reference)
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
func (c *Calendar) officeDays(value Amount, rules Rules, zero date, reference int64) (at int64, err error) {
	whole, fraction := value.split()
	last := zero
	if whole > 0 {
		if last, err = c.nthAfter(zero, int64(whole)); err != nil {
			return 0, err
		}
	}
	switch {
	case rules.End == EndClosing && fraction.IsZero():
		return c.closing(last), nil
	case rules.End == EndClosing:
		at = c.zone.endAt((last + 1).midnight())
	case whole == 0:
		at = reference
	default:
		at, err = c.sameTime(reference, last)
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
	part, _ := fraction.times(length)
	return c.use(at, part)
}

// sameTime is the clock reading of the reference on the date if that is working or ends a span, else the next working instant.
func (c *Calendar) sameTime(reference int64, on date) (int64, error) {
	r := c.zone.reading(reference)
	u := c.zone.firstAt(on.midnight() + r - dateOf(r).midnight())
	if c.working(u) || c.working(u-1) {
		return u, nil
	}
	return c.after(c.work(u))
}

// eightHourDays turns the whole value into working time: from the end of day 0, and then to the closing of the date that it leads to
// unless a part of a day was asked for; or from the reference itself.
func (c *Calendar) eightHourDays(value Amount, rules Rules, zero date, reference int64) (int64, error) {
	n, _ := value.times(eightHours)
	if rules.End == EndSameTime {
		return c.use(reference, n)
	}
	u, err := c.use(c.zone.lastAt((zero + 1).midnight()), n)
	if err != nil || !value.IsWhole() {
		return u, err
	}
	return c.closing(c.dateEndedAt(u)), nil
}

// dateEndedAt is the date of the working time that ends at u: at midnight that of the day before.
func (c *Calendar) dateEndedAt(u int64) date { return dateOf(c.zone.reading(u - 1)) }

// calendarDays finds the plain due date of a term in days, months or years: every date counts, and only the last must be worked.
func (c *Calendar) calendarDays(t Term, rules Rules, s *reckoning) error {
	on := s.zero.plus(t)
	if rules.Off == OffPrevious && c.hoursOn(on).total == 0 {
		if n := c.daysBefore(on); n > c.daysBefore(s.zero+1) {
			on, _ = c.workingDate(n) // which is there, having been counted
		}
	}
	on, err := c.nthAfter(on-1, 1)
	if err != nil {
		return err
	}
	s.plain = c.closing(on)
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

// sameDay finds the plain due date of a same-day term: today if it comes in by the cut-off and by closing.
func (c *Calendar) sameDay(cutoff string, s *reckoning) (err error) {
	r := c.zone.reading(s.start)
	on := dateOf(r)
	if cutoff != "" {
		limit, err := parseClock(cutoff)
		if err != nil {
			return err
		}
		if r-on.midnight() > limit {
			if on, err = c.nthAfter(on, 1); err != nil {
				return err
			}
			s.plain = c.closing(on)
			return nil
		}
	}
	s.plain, err = c.closingFrom(on, s.start)
	return err
}

// makeUpPauses moves a due date in days by the working time that the pauses before it took, and on by those that begin meanwhile.
func (c *Calendar) makeUpPauses(rules Rules, s *reckoning) (err error) {
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
