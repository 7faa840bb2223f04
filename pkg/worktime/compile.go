package worktime

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// weekdays in the order of date.weekday.
var weekdays = [7]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// span is working time on a date, in microseconds from midnight.
type span struct{ from, to int64 }

// hours are the spans of one date, in order and apart from each other, and how much working time lies before each and in all.
type hours struct {
	spans  []span
	before []int64
	total  int64
}

// week is one version of the office's week. The sums run over two weeks so that any seven days in a row are one subtraction.
type week struct {
	day  [7]*hours
	work [15]int64 // working time on the weekdays before i
	days [15]int64 // working weekdays before i
	from date
	act  string
}

// kind says why a date has the hours that it has.
type kind uint8

const (
	byWeek kind = iota
	byOff
	byMakeup
	byClockChange // the week's hours, less what the wall clock skips
)

// special is a date that does not follow the week.
type special struct {
	on    date
	hours *hours
	kind  kind
	name  Text
	act   string
}

// stretch is a run of dates that follow one week, or a single special date, with all that lies before it.
type stretch struct {
	from    date
	week    *week
	special *special // nil when the dates follow the week
	work    int64    // working time before the stretch
	days    int64    // working dates before the stretch
}

// Dates before and after what instants can reach, so that every wall clock finds a stretch.
const firstDate = date(-25569) // 1899-12-30

var noHours = &hours{}

// Compile makes a calendar of a definition. It refuses zones, weekdays, dates and times of day that do not exist, spans that overlap, are
// empty or end before they begin, and a definition without any working time. Spans may stand in any order; touching ones become one.
// A date that is both off and made up is made up.
func Compile(d Definition) (*Calendar, error) {
	if d.Inherits != "" {
		return nil, failf(CodeUnknownCalendar, "the calendar inherits from %s, which has to be put under it first", quoteShort(d.Inherits))
	}
	z, err := zoneNamed(d.Zone)
	if err != nil {
		return nil, err
	}
	c := &Calendar{zone: z, name: d.Name, version: d.Version, confirmedFrom: math.MinInt64, confirmedUntil: math.MaxInt64}
	if y := d.Confirmed; y != nil {
		if y.First < firstYear || y.Last > lastYear || y.First > y.Last {
			return nil, failf(CodeInvalidYears, "the confirmed years %d to %d must lie in order between %d and %d", y.First, y.Last, firstYear, lastYear)
		}
		c.confirmedFrom = z.firstAt(dateFrom(y.First, time.January, 1).midnight())
		c.confirmedUntil = z.firstAt(dateFrom(y.Last+1, time.January, 1).midnight())
	}
	weeks, err := compileWeeks(d)
	if err != nil {
		return nil, err
	}
	specials, err := compileSpecials(d, weeks)
	if err != nil {
		return nil, err
	}
	specials = trimSkipped(z, weeks, specials)
	c.layOut(weeks, specials)
	if !c.works() {
		return nil, failf(CodeNoWorkingTime, "the calendar has no working time at all")
	}
	c.layEras()
	return c, nil
}

func compileHours(spans []Span, where string) (*hours, error) {
	if len(spans) == 0 {
		return noHours, nil
	}
	h := &hours{spans: make([]span, 0, len(spans))}
	for _, s := range spans {
		from, err := parseClock(s[0])
		if err != nil {
			return nil, err
		}
		to, err := parseClock(s[1])
		if err != nil {
			return nil, err
		}
		if from == to {
			return nil, failf(CodeSpanEmpty, "%s: the span %s to %s is empty", where, s[0], s[1])
		}
		if from > to {
			return nil, failf(CodeSpanReversed, "%s: the span %s to %s ends before it begins", where, s[0], s[1])
		}
		h.spans = append(h.spans, span{from, to})
	}
	slices.SortFunc(h.spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	joined := h.spans[:1]
	for _, s := range h.spans[1:] {
		last := &joined[len(joined)-1]
		if s.from < last.to {
			return nil, failf(CodeSpanOverlap, "%s: spans overlap at %s", where, clock(s.from))
		}
		if s.from == last.to {
			last.to = s.to
		} else {
			joined = append(joined, s)
		}
	}
	h.spans = joined
	h.sum()
	return h, nil
}

func (h *hours) sum() {
	h.before = make([]int64, len(h.spans))
	h.total = 0
	for i, s := range h.spans {
		h.before[i] = h.total
		h.total += s.to - s.from
	}
}

func compileWeeks(d Definition) ([]*week, error) {
	if d.Week == nil && len(d.Weeks) > 0 {
		return nil, failf(CodeMissingField, "weeks are given from dates on, but no week for the time before")
	}
	first, err := compileWeek(d.Week, "week")
	if err != nil {
		return nil, err
	}
	first.from = firstDate
	weeks := []*week{first}
	for _, v := range d.Weeks {
		w, err := compileWeek(v.Week, "week from "+v.From)
		if err != nil {
			return nil, err
		}
		if w.from, err = parseDate(v.From); err != nil {
			return nil, err
		}
		w.act = v.Act
		weeks = append(weeks, w)
	}
	slices.SortStableFunc(weeks, func(a, b *week) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(weeks); i++ {
		if weeks[i].from == weeks[i-1].from {
			return nil, failf(CodeDuplicateDate, "two weeks begin on %s", weeks[i].from)
		}
	}
	return weeks, nil
}

func compileWeek(w Week, where string) (*week, error) {
	out := &week{}
	known := 0
	for i, name := range weekdays {
		spans, ok := w[name]
		if ok {
			known++
		}
		var err error
		if out.day[i], err = compileHours(spans, where+", "+name); err != nil {
			return nil, err
		}
	}
	if known != len(w) {
		for name := range w {
			if !slices.Contains(weekdays[:], name) {
				return nil, failf(CodeUnknownWeekday, "%s is not a weekday; they are mon, tue, wed, thu, fri, sat and sun", quoteShort(name))
			}
		}
	}
	for i := range 14 {
		h := out.day[i%7]
		out.work[i+1] = out.work[i] + h.total
		out.days[i+1] = out.days[i]
		if h.total > 0 {
			out.days[i+1]++
		}
	}
	return out, nil
}

// weekOn is the week in force on a date.
func weekOn(weeks []*week, on date) *week {
	i := len(weeks) - 1
	for weeks[i].from > on {
		i--
	}
	return weeks[i]
}

// compileSpecials gives the days off and make-up days in order, each date once.
func compileSpecials(d Definition, weeks []*week) ([]special, error) {
	all := make([]special, 0, len(d.Off)+len(d.Makeup))
	for _, o := range d.Off {
		on, err := parseDate(o.Date)
		if err != nil {
			return nil, err
		}
		all = append(all, special{on: on, hours: noHours, kind: byOff, name: o.Name, act: o.Act})
	}
	for _, m := range d.Makeup {
		on, err := parseDate(m.Date)
		if err != nil {
			return nil, err
		}
		h, err := makeupHours(m, weekOn(weeks, on))
		if err != nil {
			return nil, err
		}
		all = append(all, special{on: on, hours: h, kind: byMakeup, name: m.Name, act: m.Act})
	}
	slices.SortStableFunc(all, func(a, b special) int {
		return cmp.Or(cmp.Compare(a.on, b.on), -cmp.Compare(a.kind, b.kind)) // make-up first: it wins
	})
	once := all[:0]
	for _, s := range all {
		if n := len(once); n == 0 || once[n-1].on != s.on {
			once = append(once, s)
		} else if s.kind == byMakeup {
			return nil, failf(CodeDuplicateDate, "%s is made up twice", s.on)
		}
	}
	return once, nil
}

func makeupHours(m MakeupDay, w *week) (*hours, error) {
	if m.Like == "" {
		if len(m.Hours) == 0 {
			return nil, failf(CodeSpanEmpty, "the make-up day %s has no hours; a day without work is a day off", m.Date)
		}
		return compileHours(m.Hours, "make-up day "+m.Date)
	}
	if len(m.Hours) > 0 {
		return nil, failf(CodeDuplicateField, "the make-up day %s has hours of its own and those of another weekday", m.Date)
	}
	i := slices.Index(weekdays[:], m.Like)
	if i < 0 {
		return nil, failf(CodeUnknownWeekday, "%s is not a weekday; they are mon, tue, wed, thu, fri, sat and sun", quoteShort(m.Like))
	}
	if w.day[i].total == 0 {
		return nil, failf(CodeSpanEmpty, "the make-up day %s is like %s, on which nobody works", m.Date, m.Like)
	}
	return w.day[i], nil
}

// trimSkipped takes out of the dates' hours what the wall clock jumps over, so that the end of a span is a time that comes and a date
// without a single working minute is not a working date (Samoa had no 30 December 2011).
func trimSkipped(z *zone, weeks []*week, specials []special) []special {
	opens, closes := fullDay, int64(0)
	note := func(h *hours) {
		if n := len(h.spans); n > 0 {
			opens, closes = min(opens, h.spans[0].from), max(closes, h.spans[n-1].to)
		}
	}
	for _, w := range weeks {
		for _, h := range w.day {
			note(h)
		}
	}
	for _, s := range specials {
		note(s.hours)
	}
	for e := 1; e < len(z.from); e++ {
		from, to := z.from[e]+z.off[e-1], z.from[e]+z.off[e]
		first := dateOf(from)
		if to <= from || dateOf(to) == first && (to-first.midnight() <= opens || from-first.midnight() >= closes) {
			continue
		}
		for on := first; on <= dateOf(to-1); on++ {
			specials = trimDate(weeks, specials, on, span{from - on.midnight(), to - on.midnight()})
		}
	}
	return specials
}

func trimDate(weeks []*week, specials []special, on date, gap span) []special {
	i, found := slices.BinarySearchFunc(specials, on, func(s special, on date) int { return cmp.Compare(s.on, on) })
	h := weekOn(weeks, on).day[on.weekday()]
	if found {
		h = specials[i].hours
	}
	trimmed := &hours{}
	for _, s := range h.spans {
		if a := (span{s.from, min(s.to, gap.from)}); a.from < a.to {
			trimmed.spans = append(trimmed.spans, a)
		}
		if b := (span{max(s.from, gap.to), s.to}); b.from < b.to {
			trimmed.spans = append(trimmed.spans, b)
		}
	}
	if slices.Equal(trimmed.spans, h.spans) {
		return specials
	}
	trimmed.sum()
	if found {
		specials[i].hours = trimmed
		return specials
	}
	return slices.Insert(specials, i, special{on: on, hours: trimmed, kind: byClockChange})
}
