package worktime

import "time"

const timeForm = "2006-01-02T15:04:05.999999Z07:00"

// Elapsed is the working time between two instants that lies outside the pauses, in whole seconds (a part of one is cut off); negative
// when end lies before start. An open pause has no end.
func (c *Calendar) Elapsed(start, end time.Time, stopped ...Pause) (int64, error) {
	a, b, err := bothMicros(start, end)
	if err != nil {
		return 0, err
	}
	p, err := unite(stopped)
	if err != nil {
		return 0, err
	}
	if a > b {
		return -c.unpaused(p, b, a) / second, nil
	}
	return c.unpaused(p, a, b) / second, nil
}

func (c *Calendar) unpaused(p pauses, a, b int64) int64 {
	return c.work(b) - c.work(a) - c.paused(p, a, b)
}

// WorkingDays is how many working dates come after start's date up to end's date; negative when end's date lies before start's.
func (c *Calendar) WorkingDays(start, end time.Time) (int64, error) {
	a, b, err := bothMicros(start, end)
	if err != nil {
		return 0, err
	}
	return c.daysBefore(dateOf(c.zone.reading(b))+1) - c.daysBefore(dateOf(c.zone.reading(a))+1), nil
}

// IsWorking says whether the instant is working time. Closing time is not.
func (c *Calendar) IsWorking(t time.Time) (bool, error) {
	u, err := micros(t)
	return err == nil && c.working(u), err
}

// NextWorking is the next working instant at or after t, in UTC; CodeNoWorkingTime when there is none.
func (c *Calendar) NextWorking(t time.Time) (time.Time, error) {
	u, err := micros(t)
	if err != nil {
		return time.Time{}, err
	}
	if u, err = c.next(u); err != nil {
		return time.Time{}, err
	}
	return instant(u), nil
}

// Add is the first instant after t by which so many working seconds outside the pauses have passed, in UTC; backwards, for a negative number, the
// last instant before t from which on so many pass, whatever was paused: eight hours before a due date at closing is that morning, not the evening
// before. CodeNoWorkingTime when a pause without an end prevents it.
func (c *Calendar) Add(t time.Time, seconds int64, stopped ...Pause) (time.Time, error) {
	u, err := micros(t)
	if err != nil {
		return time.Time{}, err
	}
	p, err := unite(stopped)
	if err != nil {
		return time.Time{}, err
	}
	if seconds > maxDays*86400 || seconds < -maxDays*86400 {
		return time.Time{}, failf(CodeAmountTooLarge, "%d seconds are more than a hundred years", seconds)
	}
	if seconds >= 0 {
		var suspended bool
		if u, suspended, err = c.usePaused(u, seconds*second, p); suspended {
			err = failNoWorkAhead()
		}
	} else if before := c.work(u) + seconds*second; before < 0 {
		err = failf(CodeOutOfRange, "there is not that much working time before %s", t.UTC().Format(timeForm))
	} else {
		u, err = c.after(before)
	}
	if err != nil {
		return time.Time{}, err
	}
	return instant(u), nil
}

// DaysBefore is the closing, in UTC, of the n-th working date before t's date on the office's clock, whether that one is worked or not: by
// when something must be done that has to be done n working days before a due date. The error says CodeAmountNotAllowed for n < 1,
// CodeAmountTooLarge for more than a hundred years, CodeOutOfRange where the calendars' years have not so many working dates before t.
func (c *Calendar) DaysBefore(t time.Time, n int64) (time.Time, error) {
	u, err := micros(t)
	if err != nil {
		return time.Time{}, err
	}
	if n < 1 {
		return time.Time{}, failf(CodeAmountNotAllowed, "at least one working day before a date can be asked for, and this is %d", n)
	}
	if n > maxDays {
		return time.Time{}, failf(CodeAmountTooLarge, "%d working days are more than a hundred years", n)
	}
	if nth := c.daysBefore(dateOf(c.zone.reading(u))) + 1 - n; nth > 0 {
		on, err := c.workingDate(nth)
		if err != nil {
			return time.Time{}, err
		}
		if closing := c.closing(on); closing >= firstInstant {
			return instant(closing), nil
		}
	}
	return time.Time{}, failf(CodeOutOfRange, "there are not %d working days before %s", n, t.UTC().Format(timeForm))
}

// Unconfirmed says whether a year between the two instants, in either order, is one whose days off are not confirmed.
func (c *Calendar) Unconfirmed(a, b time.Time) bool {
	x, y, err := bothMicros(a, b)
	return err == nil && c.unconfirmed(x, y)
}

func bothMicros(a, b time.Time) (x, y int64, err error) {
	if x, err = micros(a); err == nil {
		y, err = micros(b)
	}
	return x, y, err
}
