package worktime

import (
	"slices"
	"strconv"
)

// maxExplained bounds an explanation at more than ten years of dates; the due date itself has no such bound.
const maxExplained = 4000

// Explain gives the due date of the request with the way there. Errors are those of Due.
func (c *Calendar) Explain(r Request) (Explanation, error) {
	var s reckoning
	if err := c.reckon(&r, &s); err != nil {
		return Explanation{}, err
	}
	x := explainer{c: c, r: r, rules: r.Rules.WithDefaults(), s: s, end: s.due}
	if s.suspended {
		x.end = max(s.pauses.openFrom, s.start)
	}
	if r.byHours() {
		x.s.plain, x.s.madeUp = x.end, x.end
		if n := len(s.extensions); s.suspended && n > 0 {
			x.s.extensions[n-1].end = x.end
		}
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
	case t.Unit == SameDay:
		list[0] = remark("term-same-day")
	case t.Unit.byDates():
		list = append(list, remark("first-calendar"))
	case t.Unit == WorkingDay:
		list = append(list, remark(map[FirstRule]string{FirstCalendar: "first-calendar", FirstRoll: "first-roll"}[x.rules.First]))
	}
	said := x.rulesOf(t)
	list = append(list, said...)
	for i, t := range x.r.Extensions {
		unit := unitNames[t.Unit]
		list = append(list, remark("extension", "{n}", strconv.Itoa(i+1), "{value}", t.Value.String(), "{unit_vi}", unit.VI, "{unit_en}", unit.EN))
		if !t.Unit.byHours() {
			list = append(list, remark("extension-first"))
		}
		if rules := x.rulesOf(t); !slices.Equal(rules, said) {
			list, said = append(list, rules...), rules
		}
	}
	if len(x.r.Pauses) > 0 && x.r.byHours() {
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

// rulesOf are the remarks on how the term is counted once it has begun.
func (x *explainer) rulesOf(t Term) (list []Remark) {
	switch {
	case t.Unit.byHours():
		return append(list, remark("hours"))
	case t.Unit == SameDay:
		if t.Cutoff != "" {
			list = append(list, remark("cutoff", "{cutoff}", t.Cutoff))
		}
		return append(list, remark("end-closing"))
	case t.Unit.byDates():
		off := offNames[x.rules.Off]
		return append(list, remark("every-date", "{off_vi}", off.VI, "{off_en}", off.EN), remark("end-closing"))
	}
	list = append(list, remark(map[EndRule]string{EndClosing: "end-closing", EndSameTime: "end-same-time"}[x.rules.End]))
	if x.rules.Day == DayEightHours {
		list = append(list, remark("day-eight"))
	} else if !t.Value.IsWhole() {
		list = append(list, remark(map[DayRule]string{DayDate: "day-date", DayOffice: "day-office"}[x.rules.Day]))
	}
	return list
}
