package worktime_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/motcua/motcua/pkg/worktime"
)

// walker is the conventions spelled out minute by minute: it asks Go for the wall clock's reading of every minute of a stretch of time and
// counts. It shares nothing with the engine but the definition, and knows only whole minutes.
type walker struct {
	begin   time.Time
	loc     *time.Location
	minutes []walked
	week    map[time.Weekday][][2]int // spans in minutes from midnight
	off     map[string]bool
	makeup  map[string][][2]int
	dates   []string       // every date of the stretch
	closes  map[string]int // its closing; -1 for a date that is not worked
}

type walked struct {
	date    string
	tod     int // minutes from midnight
	working bool
}

func newWalker(d worktime.Definition, begin time.Time, days int) *walker {
	loc, err := time.LoadLocation(d.Zone)
	if err != nil {
		panic(err)
	}
	w := &walker{
		begin: begin.UTC(), loc: loc, week: map[time.Weekday][][2]int{}, off: map[string]bool{}, makeup: map[string][][2]int{},
		closes: map[string]int{},
	}
	for name, spans := range d.Week {
		i := slices.Index([]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}, name)
		w.week[time.Weekday(i)] = minutesOf(spans)
	}
	for _, o := range d.Off {
		w.off[o.Date] = true
	}
	for _, m := range d.Makeup {
		w.makeup[m.Date] = minutesOf(m.Hours)
	}
	for i := range days * 24 * 60 {
		t := w.at(i).In(loc)
		m := walked{tod: t.Hour()*60 + t.Minute()}
		if i > 0 && m.tod == w.minutes[i-1].tod+1 { // the same date: formatting it is most of the work
			m.date = w.minutes[i-1].date
		} else {
			m.date = t.Format(time.DateOnly)
		}
		spans := w.week[t.Weekday()]
		if w.off[m.date] {
			spans = nil
		}
		if own, ok := w.makeup[m.date]; ok {
			spans = own
		}
		for _, s := range spans {
			m.working = m.working || m.tod >= s[0] && m.tod < s[1]
		}
		w.minutes = append(w.minutes, m)
		if _, ok := w.closes[m.date]; !ok {
			w.dates = append(w.dates, m.date)
			w.closes[m.date] = -1
		}
		if m.working {
			w.closes[m.date] = i + 1
		}
	}
	slices.Sort(w.dates)
	return w
}

func minutesOf(spans []worktime.Span) (list [][2]int) {
	for _, s := range spans {
		var h, m [2]int
		for i, clock := range s {
			if _, err := fmt.Sscanf(clock, "%d:%d", &h[i], &m[i]); err != nil {
				panic(err)
			}
		}
		list = append(list, [2]int{h[0]*60 + m[0], h[1]*60 + m[1]})
	}
	return list
}

func (w *walker) at(i int) time.Time    { return w.begin.Add(time.Duration(i) * time.Minute) }
func (w *walker) index(t time.Time) int { return int(t.Sub(w.begin) / time.Minute) }

// beyond is thrown where the stretch ends before the answer is found.
type beyond struct{}

func (w *walker) minute(i int) walked {
	if i < 0 || i >= len(w.minutes) {
		panic(beyond{})
	}
	return w.minutes[i]
}

func (w *walker) nextWorking(i int) int {
	for !w.minute(i).working {
		i++
	}
	return i
}

// nth is the n-th working date after a date.
func (w *walker) nth(date string, n int) string {
	for _, d := range w.dates {
		if d > date && w.worked(d) {
			if n--; n == 0 {
				return d
			}
		}
	}
	panic(beyond{})
}

// nthBefore is the n-th working date before a date.
func (w *walker) nthBefore(date string, n int) string {
	for _, d := range slices.Backward(w.dates[1:]) { // the first is walked in part only
		if d < date && w.closes[d] >= 0 {
			if n--; n == 0 {
				return d
			}
		}
	}
	panic(beyond{})
}

// worked says whether anybody works on the date; the last one is walked in part only.
func (w *walker) worked(date string) bool {
	if date >= w.dates[len(w.dates)-1] {
		panic(beyond{})
	}
	closes, exists := w.closes[date] // Samoa had no 30 December 2011
	return exists && closes >= 0
}

func (w *walker) closing(date string) int {
	if !w.worked(date) {
		panic("no work on " + date)
	}
	return w.closes[date]
}

// use is the first minute at or after i by which so many have been worked that skip does not leave out.
func (w *walker) use(i, need int, skip func(i int) bool) int {
	for need > 0 {
		if w.minute(i).working && !skip(i) {
			need--
		}
		i++
	}
	return i
}

func never(int) bool { return false }

// ask is a question in whole minutes.
type ask struct {
	start  int
	unit   worktime.Unit
	value  float64 // minutes for terms in minutes and hours, else the value
	cutoff int     // -1: none
	rules  worktime.Rules
	pauses [][2]int // to -1: open

	extensions []ask // of which only unit and value are looked at
}

func (q ask) byHours() bool {
	byHours := q.unit == worktime.Minute || q.unit == worktime.Hour
	for _, e := range q.extensions {
		byHours = byHours && e.byHours()
	}
	return byHours
}

// due is the minute of the due date; open when the clock stands.
func (w *walker) due(q ask) (due int, open bool) {
	paused := func(i int) bool {
		for _, p := range q.pauses {
			if i >= p[0] && (p[1] < 0 || i < p[1]) {
				return true
			}
		}
		return false
	}
	openFrom := -1
	for _, p := range q.pauses {
		if p[1] < 0 {
			openFrom = p[0]
		}
	}
	stands := func(due int) (int, bool) { return due, openFrom >= 0 && openFrom < due }
	if q.byHours() {
		for _, e := range q.extensions {
			q.value += e.value
		}
		if openFrom >= 0 { // find out without the open one whether it is used up before
			i, need := q.start, int(q.value)
			for ; need > 0 && i < openFrom; i++ {
				if w.minute(i).working && !paused(i) {
					need--
				}
			}
			if need > 0 {
				return 0, true
			}
			return stands(i)
		}
		return w.use(q.start, int(q.value), paused), false
	}
	d0 := w.plain(q)
	took := 0
	for i := q.start; i < d0; i++ {
		if w.minute(i).working && paused(i) {
			took++
		}
	}
	r := d0
	for need := took; need > 0; r++ { // as much working time from d0 on as the pauses take up to r
		if openFrom >= 0 && r >= openFrom {
			return 0, true
		}
		if w.minute(r).working && !paused(r) {
			need--
		}
	}
	if took > 0 && q.rules.End == worktime.EndClosing {
		r = w.closing(w.minute(r - 1).date)
	}
	return stands(r)
}

// plain is the due date without pauses: what each extension begins with is the minute that ends where the term before it does.
func (w *walker) plain(q ask) int {
	i := w.term(q, w.minute(q.start).date, w.minute(q.start).tod)
	for _, e := range q.extensions {
		e.start, e.rules = i, q.rules
		e.rules.First = worktime.FirstCalendar
		ended := w.minute(i - 1)
		i = w.term(e, ended.date, ended.tod+1)
	}
	return i
}

// term is the end of a term that begins on the date at the minute of the day.
func (w *walker) term(q ask, date string, tod int) int {
	switch q.unit {
	case worktime.Minute, worktime.Hour:
		return w.use(q.start, int(q.value), never)
	case worktime.SameDay:
		if w.worked(date) && w.closes[date] >= q.start && (q.cutoff < 0 || tod <= q.cutoff) {
			return w.closes[date]
		}
		return w.closing(w.nth(date, 1))
	case worktime.WorkingDay:
		return w.workingDays(q, date, tod)
	}
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		panic(err)
	}
	n := int(q.value)
	switch q.unit {
	case worktime.CalendarDay:
		t = t.AddDate(0, 0, n)
	case worktime.Year:
		n *= 12
		fallthrough
	case worktime.Month:
		first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
		length := first.AddDate(0, 1, -1).Day()
		t = first.AddDate(0, 0, min(t.Day(), length)-1)
	}
	if q.rules.Off == worktime.OffPrevious {
		for back := t; back.Format(time.DateOnly) > date; back = back.AddDate(0, 0, -1) {
			if on := back.Format(time.DateOnly); w.worked(on) {
				return w.closing(on)
			}
		}
	}
	return w.closing(w.nth(t.AddDate(0, 0, -1).Format(time.DateOnly), 1))
}

func (w *walker) workingDays(q ask, date string, tod int) int {
	reference := q.start
	if q.rules.First == worktime.FirstRoll {
		reference = w.nextWorking(q.start)
		date, tod = w.minute(reference).date, w.minute(reference).tod
	}
	whole := int(q.value)
	part := int((q.value - float64(whole)) * 8 * 60)
	if q.value == 0 {
		if q.rules.End == worktime.EndSameTime {
			return q.start
		}
		if w.worked(date) && w.closes[date] > q.start {
			return w.closes[date]
		}
		return w.closing(w.nth(date, 1))
	}
	if whole > 0 {
		date = w.nth(date, whole)
	}
	if q.rules.End == worktime.EndClosing {
		if part == 0 {
			return w.closing(date)
		}
		i := w.index(q.endOf(w, date))
		return w.use(i, part, never)
	}
	i := reference
	if whole > 0 {
		i = w.sameTime(tod, date)
	}
	return w.use(i, part, never)
}

// endOf is the last minute's end of the date.
func (ask) endOf(w *walker, date string) time.Time {
	last := 0
	for i, m := range w.minutes {
		if m.date == date {
			last = i + 1
		}
	}
	return w.at(last)
}

func (w *walker) sameTime(tod int, date string) int {
	i := 0
	for w.minute(i).date < date || w.minute(i).date == date && w.minute(i).tod < tod {
		i++
	}
	if w.minute(i).working || w.minute(i-1).working {
		return i
	}
	return w.nextWorking(i)
}
