package worktime

const maxExtensions = 20

// checkExtensions says whether each can be counted, and adds to something.
func checkExtensions(list []Term) error {
	if len(list) > maxExtensions {
		return failTooManyExtensions()
	}
	for _, t := range list {
		if err := t.checkExtension(); err != nil {
			return err
		}
	}
	return nil
}

func failTooManyExtensions() error {
	return failf(CodeTooManyExtensions, "a term can be extended %d times at most", maxExtensions)
}

func (t Term) checkExtension() error {
	if err := t.Check(); err != nil {
		return err
	}
	if t.Unit == SameDay {
		return failf(CodeExtensionNotAllowed, "a term cannot be extended by same_day, which says no more than when something received that day is due")
	}
	if t.Value.IsZero() {
		return failf(CodeExtensionNotAllowed, "an extension by 0 %s is none", t.Unit)
	}
	return nil
}

// byHours says whether all of it is in minutes and hours. Paused time then simply does not count; it need not be made up for.
func (r *Request) byHours() bool {
	for _, t := range r.Extensions {
		if !t.Unit.byHours() {
			return false
		}
	}
	return r.Term.Unit.byHours()
}

// Verdict is how the request is judged: as its rules say, else by the instant if term and extensions are all in minutes and hours, and by
// date if some are in days.
func (r Request) Verdict() VerdictRule {
	if r.byHours() {
		return r.Rules.VerdictFor(r.Term.Unit)
	}
	return r.Rules.VerdictFor(WorkingDay)
}

// hours finds the due date of a request in minutes and hours.
func (c *Calendar) hours(r *Request, s *reckoning) (err error) {
	work := r.Term.work()
	s.due, s.suspended, err = c.usePaused(s.start, work, s.pauses)
	s.end = s.due
	for _, t := range r.Extensions {
		if err != nil || s.suspended {
			break
		}
		l := leg{start: s.due}
		work += t.work()
		s.due, s.suspended, err = c.usePaused(s.start, work, s.pauses)
		l.end = s.due
		s.extensions = append(s.extensions, l)
	}
	return err
}

// extend counts the extensions, each from the end of what is before it: day 0 is the date that ends there or on which it lies, midnight
// being the end of a date and not the beginning of the next.
func (c *Calendar) extend(list []Term, rules *Rules, s *reckoning) error {
	own := *rules
	own.First = FirstCalendar
	s.extensions = make([]leg, 0, len(list))
	for i := range list {
		l := leg{start: s.plain, reference: s.plain, zero: c.dateEndedAt(s.plain)}
		l.tod = c.zone.reading(s.plain-1) + 1 - l.zero.midnight()
		if err := c.count(&list[i], &own, &l); err != nil {
			return err
		}
		s.plain = l.end
		s.extensions = append(s.extensions, l)
	}
	return nil
}
