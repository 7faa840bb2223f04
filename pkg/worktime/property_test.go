package worktime_test

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/worktime"
	"pgregory.net/rapid"
)

// scenes are stretches of time worth walking through: an ordinary spring, and clocks that jump in the night, at midnight, by half an hour
// and by a whole date.
var scenes = []struct{ zone, from string }{
	{"Asia/Ho_Chi_Minh", "2024-04-15"},
	{"Asia/Ho_Chi_Minh", "2024-12-20"},
	{"Asia/Kathmandu", "2024-02-20"},
	{"UTC", "2024-02-20"},
	{"America/New_York", "2024-03-05"},
	{"America/New_York", "2024-10-28"},
	{"Europe/Berlin", "2024-03-25"},
	{"Europe/Berlin", "2024-10-20"},
	{"America/Sao_Paulo", "2017-10-10"},
	{"America/Sao_Paulo", "2018-02-12"},
	{"America/St_Johns", "2005-10-25"},
	{"America/St_Johns", "2005-03-29"},
	{"Australia/Lord_Howe", "2024-04-01"},
	{"Australia/Lord_Howe", "2024-10-01"},
	{"Pacific/Apia", "2011-12-25"},
}

const (
	walkBefore = 4 // days before and after the scene's first date that are walked
	walkDays   = 60
)

// scene is a random calendar with its walker.
type scene struct {
	definition worktime.Definition
	calendar   *worktime.Calendar
	walker     *walker
}

// drawScene draws a calendar together with its walker, drawCalendar without one.
func drawScene(t *rapid.T) scene {
	s := drawCalendar(t)
	s.walker = newWalker(s.definition, s.walker.begin, walkDays)
	return s
}

func drawCalendar(t *rapid.T) scene {
	s := rapid.SampledFrom(scenes).Draw(t, "scene")
	d := worktime.Definition{Zone: s.zone, Week: worktime.Week{}}
	from, err := time.Parse(time.DateOnly, s.from)
	if err != nil {
		t.Fatal(err)
	}
	ordinary := []worktime.Span{{"07:00", "11:30"}, {"13:30", "17:00"}}
	for _, name := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		switch rapid.SampledFrom([]string{"ordinary", "none", "random", "round the clock"}).Draw(t, name) {
		case "ordinary":
			d.Week[name] = ordinary
		case "random":
			d.Week[name] = drawSpans(t, name)
		case "round the clock":
			d.Week[name] = []worktime.Span{{"00:00", "24:00"}}
		}
	}
	date := func(label string) string {
		return from.AddDate(0, 0, rapid.IntRange(-1, 25).Draw(t, label)).Format(time.DateOnly)
	}
	for range rapid.IntRange(0, 5).Draw(t, "days off") {
		d.Off = append(d.Off, worktime.DayOff{Date: date("off")})
	}
	for range rapid.IntRange(0, 3).Draw(t, "make-up days") {
		m := worktime.MakeupDay{Date: date("makeup"), Hours: drawSpans(t, "hours")}
		if !slices.ContainsFunc(d.Makeup, func(o worktime.MakeupDay) bool { return o.Date == m.Date }) {
			d.Makeup = append(d.Makeup, m)
		}
	}
	c, err := worktime.Compile(d)
	if err != nil {
		t.Skip("no working time")
	}
	return scene{d, c, &walker{begin: from.AddDate(0, 0, -walkBefore)}}
}

func drawSpans(t *rapid.T, label string) []worktime.Span {
	ends := rapid.SliceOfNDistinct(rapid.IntRange(0, 96), 2, 6, rapid.ID[int]).Draw(t, label)
	slices.Sort(ends)
	var spans []worktime.Span
	for i := 0; i+1 < len(ends); i += 2 {
		clock := func(q int) string { return fmt.Sprintf("%02d:%02d", q/4, q%4*15) }
		spans = append(spans, worktime.Span{clock(ends[i]), clock(ends[i+1])})
	}
	return spans
}

// drawMinute draws a minute of the first days of the scene, often one at which something begins or ends.
func (s scene) drawMinute(t *rapid.T, label string, days int) int {
	i := walkBefore*1440 - 720 + rapid.IntRange(0, days*1440).Draw(t, label)
	if rapid.Bool().Draw(t, label+" at an edge") {
		for i < len(s.walker.minutes)-1 && s.walker.minutes[i].working == s.walker.minutes[i-1].working {
			i++
		}
	}
	return i
}

// drawInstant draws an instant of the scene's first weeks to the millisecond.
func (s scene) drawInstant(t *rapid.T, label string) time.Time {
	ms := rapid.Int64Range(0, 40*86_400_000).Draw(t, label)
	if rapid.Bool().Draw(t, label+" on a quarter hour") {
		ms -= ms % 900_000
	}
	return s.walker.begin.Add(time.Duration(ms) * time.Millisecond)
}

func (s scene) drawPauses(t *rapid.T) (pauses [][2]int) {
	for range rapid.IntRange(0, 3).Draw(t, "pauses") {
		p := [2]int{s.drawMinute(t, "from", 15), 0}
		p[1] = p[0] + rapid.IntRange(0, 4000).Draw(t, "length")
		pauses = append(pauses, p)
	}
	if rapid.IntRange(0, 3).Draw(t, "an open one") == 0 {
		pauses = append(pauses, [2]int{s.drawMinute(t, "open from", 25), -1})
	}
	return pauses
}

func (s scene) drawAsk(t *rapid.T) (ask, worktime.Term) {
	q := ask{
		start: s.drawMinute(t, "start", 12), cutoff: -1, pauses: s.drawPauses(t),
		unit: rapid.SampledFrom([]worktime.Unit{
			worktime.Minute, worktime.Hour, worktime.WorkingDay, worktime.WorkingDay,
			worktime.CalendarDay, worktime.Month, worktime.Year, worktime.SameDay,
		}).Draw(t, "unit"),
		rules: worktime.Rules{
			First: rapid.SampledFrom([]worktime.FirstRule{worktime.FirstCalendar, worktime.FirstRoll}).Draw(t, "first"),
			End:   rapid.SampledFrom([]worktime.EndRule{worktime.EndClosing, worktime.EndSameTime}).Draw(t, "end"),
			Off:   rapid.SampledFrom([]worktime.OffRule{worktime.OffNext, worktime.OffPrevious}).Draw(t, "off rule"),
		},
	}
	term := worktime.Term{Unit: q.unit}
	text := "0"
	switch q.unit {
	case worktime.Minute:
		n := rapid.IntRange(0, 3000).Draw(t, "minutes")
		q.value, text = float64(n), fmt.Sprint(n)
	case worktime.Hour:
		n := rapid.IntRange(0, 200).Draw(t, "quarters")
		q.value, text = float64(n*15), fmt.Sprint(float64(n)/4)
	case worktime.WorkingDay:
		n := rapid.IntRange(0, 40).Draw(t, "quarter days")
		if rapid.Bool().Draw(t, "whole") {
			n -= n % 4
		}
		q.value, text = float64(n)/4, fmt.Sprint(float64(n)/4)
	case worktime.CalendarDay:
		n := rapid.IntRange(0, 25).Draw(t, "days")
		q.value, text = float64(n), fmt.Sprint(n)
	case worktime.Month:
		n := rapid.IntRange(0, 1).Draw(t, "months")
		q.value, text = float64(n), fmt.Sprint(n)
	case worktime.SameDay:
		if rapid.Bool().Draw(t, "with cutoff") {
			q.cutoff = rapid.IntRange(0, 96).Draw(t, "cutoff") * 15
			term.Cutoff = fmt.Sprintf("%02d:%02d", q.cutoff/60, q.cutoff%60)
		}
	}
	var err error
	if term.Value, err = worktime.ParseAmount(text); err != nil {
		t.Fatal(err)
	}
	if rapid.IntRange(0, 2).Draw(t, "extended") == 0 {
		q.extensions = drawExtensions(t)
	}
	return q, term
}

// drawExtensions draws one to three, short enough that the walker does not soon come to its end.
func drawExtensions(t *rapid.T) (list []ask) {
	for range rapid.IntRange(1, 3).Draw(t, "extensions") {
		e := ask{unit: rapid.SampledFrom([]worktime.Unit{
			worktime.Minute, worktime.Hour, worktime.WorkingDay, worktime.WorkingDay, worktime.CalendarDay, worktime.CalendarDay, worktime.Month,
		}).Draw(t, "extension in")}
		switch e.unit {
		case worktime.Minute, worktime.Hour:
			e.value = float64(rapid.IntRange(1, 40).Draw(t, "quarters more") * 15)
		case worktime.WorkingDay:
			e.value = float64(rapid.IntRange(1, 20).Draw(t, "quarter days more")) / 4
			if rapid.Bool().Draw(t, "whole") {
				e.value = math.Ceil(e.value)
			}
		case worktime.CalendarDay:
			e.value = float64(rapid.IntRange(1, 9).Draw(t, "days more"))
		default:
			e.value = 1
		}
		list = append(list, e)
	}
	return list
}

// term is an extension as a request has it.
func (q ask) term() worktime.Term {
	value := q.value
	if q.unit == worktime.Hour {
		value /= 60
	}
	amount, err := worktime.ParseAmount(strconv.FormatFloat(value, 'f', -1, 64))
	if err != nil {
		panic(err)
	}
	return worktime.Term{Value: amount, Unit: q.unit}
}

func (s scene) request(q ask, term worktime.Term) worktime.Request {
	r := worktime.Request{Start: s.walker.at(q.start), Term: term, Rules: q.rules}
	for _, e := range q.extensions {
		r.Extensions = append(r.Extensions, e.term())
	}
	for _, p := range q.pauses {
		x := worktime.Pause{From: s.walker.at(p[0])}
		if p[1] >= 0 {
			to := s.walker.at(p[1])
			x.To = &to
		}
		r.Pauses = append(r.Pauses, x)
	}
	return r
}

// walk runs what the walker does and is false when it walked off the stretch.
func walk(f func()) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, off := r.(beyond); !off {
				panic(r)
			}
			ok = false
		}
	}()
	f()
	return true
}

func TestDueIsWhatWalkingMinuteByMinuteFinds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t)
		for range 25 {
			q, term := s.drawAsk(t)
			r := s.request(q, term)
			got, err := s.calendar.Due(r)
			var want int
			var open bool
			if !walk(func() { want, open = s.walker.due(q) }) {
				continue
			}
			if err != nil {
				t.Fatalf("%+v: %v; walking finds %s", r, err, s.walker.at(want))
			}
			if got.Suspended != open || !open && !got.At.Equal(s.walker.at(want)) {
				t.Fatalf("%+v\nin %+v\ngot  %+v\nwant %s, suspended %t", r, s.definition, got, s.walker.at(want), open)
			}
		}
	})
}

func TestMeasuresAreWhatWalkingMinuteByMinuteFinds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t)
		for range 25 {
			a, b := s.drawMinute(t, "a", 30), s.drawMinute(t, "b", 30)
			pauses := s.drawPauses(t)
			s.checkElapsed(t, a, b, pauses)
			s.checkWorkingDays(t, a, b)
			s.checkDaysBefore(t, a, rapid.IntRange(1, 12).Draw(t, "days before"))
			working, err := s.calendar.IsWorking(s.walker.at(a))
			if err != nil || working != s.walker.minutes[a].working {
				t.Fatalf("%s working: %t (%v)", s.walker.at(a), working, err)
			}
			var next int
			if walk(func() { next = s.walker.nextWorking(a) }) {
				if got, err := s.calendar.NextWorking(s.walker.at(a)); err != nil || !got.Equal(s.walker.at(next)) {
					t.Fatalf("next working after %s in %+v: %s (%v), want %s", s.walker.at(a), s.definition, got, err, s.walker.at(next))
				}
			}
		}
	})
}

func (s scene) checkElapsed(t *rapid.T, a, b int, pauses [][2]int) {
	want := int64(0)
	for i := min(a, b); i < max(a, b); i++ {
		stopped := slices.ContainsFunc(pauses, func(p [2]int) bool { return i >= p[0] && (p[1] < 0 || i < p[1]) })
		if s.walker.minutes[i].working && !stopped {
			want += 60
		}
	}
	if a > b {
		want = -want
	}
	r := s.request(ask{pauses: pauses}, worktime.Term{})
	got, err := s.calendar.Elapsed(s.walker.at(a), s.walker.at(b), r.Pauses...)
	if err != nil || got != want {
		t.Fatalf("elapsed %s to %s with %v in %+v: %d (%v), want %d", s.walker.at(a), s.walker.at(b), pauses, s.definition, got, err, want)
	}
}

func (s scene) checkWorkingDays(t *rapid.T, a, b int) {
	from, to, sign := s.walker.minutes[a].date, s.walker.minutes[b].date, int64(1)
	if from > to {
		from, to, sign = to, from, -1
	}
	want := int64(0)
	for _, d := range s.walker.dates {
		if d > from && d <= to && s.walker.closes[d] >= 0 {
			want += sign
		}
	}
	got, err := s.calendar.WorkingDays(s.walker.at(a), s.walker.at(b))
	if err != nil || got != want {
		t.Fatalf("working days %s to %s in %+v: %d (%v), want %d", s.walker.at(a), s.walker.at(b), s.definition, got, err, want)
	}
}

func (s scene) checkDaysBefore(t *rapid.T, a, n int) {
	var want int
	if !walk(func() { want = s.walker.closing(s.walker.nthBefore(s.walker.minutes[a].date, n)) }) {
		return
	}
	got, err := s.calendar.DaysBefore(s.walker.at(a), int64(n))
	if err != nil || !got.Equal(s.walker.at(want)) {
		t.Fatalf("%d working days before %s in %+v: %s (%v), want %s", n, s.walker.at(a), s.definition, got, err, s.walker.at(want))
	}
}
