package worktime

import "strconv"

// maxExplained bounds an explanation at more than ten years of dates; the due date itself has no such bound.
const maxExplained = 4000

// Explain gives the due date of the request with the way there. Errors are those of Due.
func (c *Calendar) Explain(r Request) (Explanation, error) {
	s, err := c.reckon(&r)
	if err != nil {
		return Explanation{}, err
	}
	x := explainer{c: c, r: r, rules: r.Rules.WithDefaults(), s: s, end: s.due}
	if s.suspended {
		x.end = max(s.pauses.openFrom, s.start)
	}
	if x.byHours() {
		x.s.plain, x.s.madeUp = x.end, x.end
	}
	e := Explanation{Start: x.local(s.start), Suspended: s.suspended, Calendar: x.calendarUsed(), Remarks: x.rulesUsed(), Dates: []DateExplained{}}
	if !s.suspended {
		e.Due = x.local(s.due)
	}
	first, last := dateOf(c.zone.reading(s.start)), dateOf(c.zone.reading(x.end))
	if !s.suspended && x.end > s.start {
		last = c.dateEndedAt(x.end)
	}
	for c.zone.firstAt((last + 1).midnight()) < x.end { // where the clock went back over midnight, the next date had begun before
		last++
	}
	for on := first; on <= last; on++ {
		if len(e.Dates) == maxExplained {
			e.Remarks = append(e.Remarks, remark("too-long-to-list", "{n}", strconv.Itoa(maxExplained)))
			break
		}
		d := x.date(on, on == last)
		e.Seconds += d.Seconds
		e.Dates = append(e.Dates, d)
	}
	return e, nil
}

type explainer struct {
	c     *Calendar
	r     Request
	rules Rules
	s     reckoning
	end   int64 // the instant up to which there is something to explain
}

func (x *explainer) byHours() bool { return x.r.Term.Unit == Minute || x.r.Term.Unit == Hour }

func (x *explainer) byDates() bool {
	return x.r.Term.Unit == CalendarDay || x.r.Term.Unit == Month || x.r.Term.Unit == Year
}

func (x *explainer) local(u int64) string {
	return instant(u).In(x.c.zone.loc).Format(timeForm)
}

func (x *explainer) calendarUsed() CalendarUsed {
	used := CalendarUsed{Name: x.c.name, Version: x.c.version, Zone: x.c.zone.loc.String()}
	first, last := dateOf(x.c.zone.reading(x.s.start)), dateOf(x.c.zone.reading(x.end))
	for i, w := range x.c.weeks {
		if w.from > max(first, last) || i+1 < len(x.c.weeks) && x.c.weeks[i+1].from <= min(first, last) {
			continue
		}
		u := WeekUsed{Act: w.act, Hours: Week{}}
		if i > 0 {
			u.From = w.from.String()
		}
		for d, name := range weekdays {
			if h := w.day[d]; h.total > 0 {
				u.Hours[name] = h.written()
			}
		}
		used.Weeks = append(used.Weeks, u)
	}
	return used
}

func (h *hours) written() []Span {
	list := make([]Span, len(h.spans))
	for i, s := range h.spans {
		list[i] = Span{clock(s.from), clock(s.to)}
	}
	return list
}

// rulesUsed are the remarks on term and rules.
func (x *explainer) rulesUsed() []Remark {
	t, unit := x.r.Term, unitNames[x.r.Term.Unit]
	list := []Remark{remark("term", "{value}", t.Value.String(), "{unit_vi}", unit.VI, "{unit_en}", unit.EN)}
	switch {
	case x.byHours():
		list = append(list, remark("hours"))
	case t.Unit == SameDay:
		list[0] = remark("term-same-day")
		if t.Cutoff != "" {
			list = append(list, remark("cutoff", "{cutoff}", t.Cutoff))
		}
		list = append(list, remark("end-closing"))
	case x.byDates():
		off := offNames[x.rules.Off]
		list = append(list, remark("first-calendar"), remark("every-date", "{off_vi}", off.VI, "{off_en}", off.EN), remark("end-closing"))
	default:
		list = append(list, remark(map[FirstRule]string{FirstCalendar: "first-calendar", FirstRoll: "first-roll"}[x.rules.First]))
		list = append(list, remark(map[EndRule]string{EndClosing: "end-closing", EndSameTime: "end-same-time"}[x.rules.End]))
		if x.rules.Day == DayEightHours {
			list = append(list, remark("day-eight"))
		} else if !t.Value.IsWhole() {
			list = append(list, remark(map[DayRule]string{DayDate: "day-date", DayOffice: "day-office"}[x.rules.Day]))
		}
	}
	if len(x.r.Pauses) > 0 && x.byHours() {
		list = append(list, remark("pauses"))
	} else if len(x.r.Pauses) > 0 {
		list = append(list, remark("pauses-shift"))
	}
	if x.s.suspended {
		list = append(list, remark("suspended"))
	} else if x.s.due < x.s.start {
		list = append(list, remark("due-before-receipt"))
	}
	for _, u := range []int64{min(x.s.start, x.end), max(x.s.start, x.end)} {
		if x.c.unconfirmed(u, u) {
			list = append(list, remark("not-confirmed", "{year}", strconv.Itoa(dateOf(x.c.zone.reading(u)).year())))
		}
	}
	return list
}

// date explains one date.
func (x *explainer) date(on date, last bool) DateExplained {
	d := DateExplained{Date: on.String(), Weekday: weekdayNames[on.weekday()], Kind: "working", Remarks: []Remark{}}
	s := x.c.at(on)
	worked := s.hoursOn(on).total > 0
	if s.special != nil {
		d.Name, d.Act = s.special.name, s.special.act
	}
	switch {
	case s.special != nil && s.special.kind == byOff:
		d.Kind = "day_off"
		d.Remarks = append(d.Remarks, named("day-off", d.Name))
	case s.special != nil && s.special.kind == byMakeup:
		d.Kind = "makeup"
		d.Remarks = append(d.Remarks, named("makeup", d.Name))
	case s.special != nil:
		d.Kind = "clock_change"
		d.Remarks = append(d.Remarks, remark("clock-change"))
	case !worked:
		d.Kind = "weekday_off"
		d.Remarks = append(d.Remarks, remark("weekday-off", "{weekday_vi}", d.Weekday.VI, "{weekday_en}", d.Weekday.EN))
	}
	if w := s.week; w.from == on && on != firstDate {
		if w.act == "" {
			d.Remarks = append(d.Remarks, remark("hours-changed", "{date}", on.String()))
		} else {
			d.Remarks = append(d.Remarks, remark("hours-changed-act", "{date}", on.String(), "{act}", w.act))
		}
	}
	x.count(&d, on, worked)
	if raw := x.rawEnd(); x.byDates() && on < raw && on == x.c.dateEndedAt(x.s.plain) { // raw is not among the dates
		d.Remarks = append(d.Remarks, remark("moved-back", "{date}", raw.String()))
	}
	for _, p := range x.parts(on) {
		if p.Counted {
			d.Seconds += p.Seconds
		}
		d.Parts = append(d.Parts, p)
	}
	if last && !x.s.suspended {
		r := x.c.zone.reading(x.s.due)
		d.Remarks = append(d.Remarks, remark("due", "{clock}", clock(r-on.midnight())))
	} else if last {
		d.Remarks = append(d.Remarks, remark("suspended"))
	}
	return d
}

func named(code string, name Text) Remark {
	if name == (Text{}) {
		return remark(code)
	}
	vi, en := name.VI, name.EN
	if vi == "" {
		vi = en
	}
	if en == "" {
		en = vi
	}
	return remark(code+"-named", "{name_vi}", vi, "{name_en}", en)
}

// count says which day of a term in days the date is.
func (x *explainer) count(d *DateExplained, on date, worked bool) {
	if x.byHours() || x.r.Term.Unit == SameDay || x.r.Term.Value.IsZero() {
		return
	}
	switch {
	case on < x.s.zero:
		d.Remarks = append(d.Remarks, remark("before-first-day"))
	case on == x.s.zero:
		d.Remarks = append(d.Remarks, remark("first-day"))
	case on.midnight() >= x.c.zone.reading(x.s.plain):
		d.Remarks = append(d.Remarks, remark("stands-for-paused"))
	case !x.byDates():
		if worked {
			d.Day = x.c.daysBefore(on+1) - x.c.daysBefore(x.s.zero+1)
			d.Remarks = append(d.Remarks, remark("day-counted", "{n}", strconv.FormatInt(d.Day, 10)))
		}
	case on > x.rawEnd():
		d.Remarks = append(d.Remarks, remark("moved"))
	default:
		d.Day = int64(on - x.s.zero)
		d.Remarks = append(d.Remarks, remark("date-counted", "{n}", strconv.FormatInt(d.Day, 10)))
	}
}

// rawEnd is the last date of a term in days, months or years before it moves off a date without work.
func (x *explainer) rawEnd() date { return x.s.zero.plus(x.r.Term) }

// parts cuts the date, as far as it lies between start and the end, where hours begin or end, pauses begin or end, or counting does.
func (x *explainer) parts(on date) []Part {
	z := x.c.zone
	from, to := max(z.firstAt(on.midnight()), x.s.start), min(z.firstAt((on+1).midnight()), x.end)
	cuts := []int64{x.s.reference, x.s.plain, x.s.madeUp}
	for _, s := range x.c.hoursOn(on).spans {
		for _, w := range []int64{on.midnight() + s.from, on.midnight() + s.to} {
			cuts = append(cuts, z.firstAt(w), z.lastAt(w))
		}
	}
	if e := z.era(to); z.from[e] > from {
		cuts = append(cuts, z.from[e])
	}
	for _, p := range x.s.pauses.closed {
		cuts = append(cuts, p.from, p.to)
	}
	parts := []Part{}
	for from < to {
		next := to
		for _, c := range cuts {
			if c > from && c < next {
				next = c
			}
		}
		parts = append(parts, x.part(on, from, next))
		from = next
	}
	return parts
}

// part explains a stretch in which nothing changes.
func (x *explainer) part(on date, from, to int64) Part {
	begins, ends := x.c.zone.reading(from), x.c.zone.reading(to-1)+1
	tod := begins - dateOf(begins).midnight()
	p := Part{From: clock(tod), To: clock(ends - dateOf(ends-1).midnight()), Seconds: (x.c.work(to) - x.c.work(from)) / second}
	switch paused, cause := x.pausedAt(from); {
	case !x.c.working(from):
		p.Remark = remark(outside(x.c.hoursOn(dateOf(begins)), tod))
	case paused && cause != "":
		p.Cause = cause
		p.Remark = remark("paused-cause", "{cause}", cause)
	case paused:
		p.Remark = remark("paused")
	case x.beforeCounting(on, from):
		p.Remark = remark("first-day")
	case from >= x.s.madeUp:
		p.Remark = remark("to-closing")
	case from >= x.s.plain:
		p.Counted = true
		p.Remark = remark("stands-for-paused")
	default:
		p.Counted = true
		p.Remark = remark("counted")
	}
	return p
}

// beforeCounting says whether working time at the instant comes before what the term counts.
func (x *explainer) beforeCounting(on date, u int64) bool {
	switch {
	case x.byHours(), x.r.Term.Unit == SameDay, x.r.Term.Value.IsZero():
		return false
	case x.r.Term.Unit == WorkingDay && x.rules.End == EndSameTime:
		return u < x.s.reference
	default:
		return on <= x.s.zero
	}
}

func outside(h *hours, tod int64) string {
	switch {
	case len(h.spans) == 0:
		return "no-work"
	case tod < h.spans[0].from:
		return "before-opening"
	case tod >= h.closing():
		return "after-closing"
	default:
		return "break"
	}
}

// pausedAt says whether a pause covers the instant, and why; of several the first that was given and says why.
func (x *explainer) pausedAt(u int64) (paused bool, cause string) {
	t := instant(u)
	for _, p := range x.r.Pauses {
		if !p.From.After(t) && (p.To == nil || p.To.After(t)) {
			paused = true
			if cause == "" {
				cause = p.Cause
			}
		}
	}
	return paused, cause
}
