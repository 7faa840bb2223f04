package worktime

import "strconv"

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
			d.Remarks = append(d.Remarks, remark("hours-changed", "{date}", on.String(), "{date_vi}", on.vietnamese()))
		} else {
			d.Remarks = append(d.Remarks, remark("hours-changed-act", "{date}", on.String(), "{date_vi}", on.vietnamese(), "{act}", w.act))
		}
	}
	x.count(&d, on, worked)
	for i := range x.s.extensions {
		x.extended(&d, on, worked, i)
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

// numbered says whether the dates of the term itself have numbers.
func (x *explainer) numbered() bool {
	return !x.r.Term.Unit.byHours() && x.r.Term.Unit != SameDay && !x.r.Term.Value.IsZero()
}

// count says which day of the term the date is, before any extension.
func (x *explainer) count(d *DateExplained, on date, worked bool) {
	switch s := &x.s; {
	case !x.numbered() && (len(s.extensions) == 0 || x.r.byHours()):
	case x.numbered() && on < s.zero:
		d.Remarks = append(d.Remarks, remark("before-first-day"))
	case x.numbered() && on == s.zero:
		d.Remarks = append(d.Remarks, remark("first-day"))
	case on > x.c.dateEndedAt(s.plain):
		d.Remarks = append(d.Remarks, remark("stands-for-paused"))
	case x.numbered() && on <= x.c.dateEndedAt(s.end):
		x.number(d, on, worked, x.r.Term, &s.leg)
		if x.r.Term.Unit.byDates() && on > s.zero.plus(x.r.Term) {
			d.Remarks = append(d.Remarks, remark("moved"))
		}
	}
	x.movedBack(d, on, x.r.Term, &x.s.leg)
}

// extended says whether the date, or working time of it that counts, lies within the extension, and which day of it the date is.
func (x *explainer) extended(d *DateExplained, on date, worked bool, i int) {
	z, t, l := x.c.zone, x.r.Extensions[i], &x.s.extensions[i]
	whole := on > x.c.dateEndedAt(l.start) && on <= x.c.dateEndedAt(l.end)
	from, to := max(l.start, z.firstAt(on.midnight())), min(l.end, z.firstAt((on+1).midnight()), x.end)
	if whole || !x.skipsFirst(t) && from < to && x.c.work(from) < x.c.work(to) {
		d.Remarks = append(d.Remarks, remark("extension-counted", "{n}", strconv.Itoa(i+1)))
	}
	if whole {
		x.number(d, on, worked, t, l)
	}
	x.movedBack(d, on, t, l)
}

// number says which day of the term the date is, if it counts.
func (x *explainer) number(d *DateExplained, on date, worked bool, t Term, l *leg) {
	switch {
	case t.Unit == WorkingDay && worked:
		d.Day = x.c.daysBefore(on+1) - x.c.daysBefore(l.zero+1)
		d.Remarks = append(d.Remarks, remark("day-counted", "{n}", strconv.FormatInt(d.Day, 10)))
	case t.Unit.byDates() && on <= l.zero.plus(t):
		d.Day = int64(on - l.zero)
		d.Remarks = append(d.Remarks, remark("date-counted", "{n}", strconv.FormatInt(d.Day, 10)))
	}
}

// movedBack says of the date on which a term ends that it moved there from one that is not among the term's dates.
func (x *explainer) movedBack(d *DateExplained, on date, t Term, l *leg) {
	if t.Unit.byDates() && on == x.c.dateEndedAt(l.end) && on < l.zero.plus(t) {
		over := l.zero.plus(t)
		d.Remarks = append(d.Remarks, remark("moved-back", "{date}", over.String(), "{date_vi}", over.vietnamese()))
	}
}

// parts cuts the date, as far as it lies between start and the end, where hours begin or end, pauses begin or end, or counting does.
func (x *explainer) parts(on date) []Part {
	z := x.c.zone
	from, to := max(z.firstAt(on.midnight()), x.s.start), min(z.firstAt((on+1).midnight()), x.end)
	cuts := []int64{x.s.reference, x.s.plain, x.s.madeUp}
	for i, l := range x.s.extensions {
		if x.skipsFirst(x.r.Extensions[i]) {
			cuts = append(cuts, l.start)
		}
	}
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
	case x.beforeExtension(on, from):
		p.Remark = remark("extension-first-day")
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
	case !x.numbered():
		return false
	case x.r.Term.Unit == WorkingDay && x.rules.End == EndSameTime:
		return u < x.s.reference
	default:
		return on <= x.s.zero
	}
}

// beforeExtension says whether working time at the instant is what a term that ended on the date left of it, before an extension counts.
func (x *explainer) beforeExtension(on date, u int64) bool {
	for i, l := range x.s.extensions {
		if u >= l.start && u < l.end && on <= l.zero && x.skipsFirst(x.r.Extensions[i]) {
			return true
		}
	}
	return false
}

// skipsFirst says whether an extension leaves what is left of day 0 out.
func (x *explainer) skipsFirst(t Term) bool {
	return t.Unit.byDates() || t.Unit == WorkingDay && x.rules.End != EndSameTime
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
