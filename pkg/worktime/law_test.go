package worktime_test

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/motcua/motcua/pkg/worktime"
	"pgregory.net/rapid"
)

// due is the due date of a request that may not fail; false when it would end after the calendars or the clock stands.
func (s scene) due(t *rapid.T, r worktime.Request) (time.Time, bool) {
	t.Helper()
	d, err := s.calendar.Due(r)
	if err != nil {
		var e *worktime.Error
		if !asError(err, &e) || e.Code != worktime.CodeNoWorkingTime {
			t.Fatalf("%+v: %v", r, err)
		}
	}
	return d.At, err == nil && !d.Suspended
}

func asError(err error, e **worktime.Error) bool { return errors.As(err, e) }

func TestAddingAndThenMeasuringGivesTheAmountBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawCalendar(t)
		start := s.drawInstant(t, "start")
		n := rapid.Int64Range(-400_000, 4_000_000).Draw(t, "seconds")
		end, err := s.calendar.Add(start, n)
		if err != nil {
			t.Skip(err)
		}
		if got, err := s.calendar.Elapsed(start, end); err != nil || got != n {
			t.Fatalf("%s + %d s = %s, which measures %d s (%v) in %+v", start, n, end, got, err, s.definition)
		}
		if n >= 0 {
			minutes := worktime.Whole(uint32(n / 60))
			due, _ := s.due(t, worktime.Request{Start: start, Term: worktime.Term{Value: minutes, Unit: worktime.Minute}})
			if n%60 == 0 && !due.Equal(end) {
				t.Fatalf("%s + %d s = %s, as a term %s", start, n, end, due)
			}
		}
	})
}

func TestALaterStartIsNeverDueEarlier(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawCalendar(t)
		q, term := s.drawAsk(t)
		q.pauses = nil
		if q.unit == worktime.WorkingDay && q.rules.End == worktime.EndSameTime {
			q.rules.First = worktime.FirstRoll // by the calendar's first day Friday 10:00 leads to Monday 10:00, Saturday 9:00 to Monday 9:00
		}
		if q.unit == worktime.WorkingDay && !term.Value.IsWhole() && q.rules.End == worktime.EndSameTime {
			t.Skip("a part of eight hours may be more than a short day")
		}
		if len(q.extensions) > 0 && term.Value.IsZero() && q.unit != worktime.SameDay && q.rules.End == worktime.EndSameTime {
			t.Skip("a term of nothing may end when nobody works, and what extends it begins by the calendar there")
		}
		a := s.request(q, term)
		b := a
		b.Start = a.Start.Add(time.Duration(rapid.Int64Range(0, 600_000).Draw(t, "later by seconds")) * time.Second)
		x, ok1 := s.due(t, a)
		y, ok2 := s.due(t, b)
		if ok1 && ok2 && y.Before(x) && s.steady() {
			t.Fatalf("%+v\nfrom %s is due %s\nfrom %s is due %s\nin %+v", a.Term, a.Start, x, b.Start, y, s.definition)
		}
	})
}

// steady is false where the date itself goes back: at St John's the clock went from 00:01 to 23:01 of the day before.
func (s scene) steady() bool { return s.definition.Zone != "America/St_Johns" }

func TestMoreIsNeverDueEarlier(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawCalendar(t)
		q, term := s.drawAsk(t)
		if q.unit == worktime.SameDay {
			t.Skip("has no amount")
		}
		if len(q.extensions) > 0 && !s.steady() {
			t.Skip("dates go back, and with them the first of an extension")
		}
		more := term
		n := rapid.Uint32Range(1, 30).Draw(t, "n")
		term.Value, more.Value = worktime.Whole(n), worktime.Whole(n+rapid.Uint32Range(1, 30).Draw(t, "more"))
		a, b := s.request(q, term), s.request(q, more)
		x, ok1 := s.due(t, a)
		y, ok2 := s.due(t, b)
		if ok2 && ok1 && y.Before(x) {
			t.Fatalf("%+v is due %s, %+v %s", a, x, b.Term, y)
		}
	})
}

func TestAnExtensionInWorkingDaysIsCountedAsOneLongerTerm(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawCalendar(t)
		q, _ := s.drawAsk(t)
		q.rules.End = worktime.EndClosing
		q.rules.Day = rapid.SampledFrom([]worktime.DayRule{worktime.DayDate, worktime.DayOffice}).Draw(t, "day")
		q.extensions = nil
		term := func(n uint32) worktime.Term {
			return worktime.Term{Value: worktime.Whole(n), Unit: worktime.WorkingDay}
		}
		sum := rapid.Uint32Range(1, 20).Draw(t, "days")
		split := s.request(q, term(sum))
		for range rapid.IntRange(1, 20).Draw(t, "extensions") {
			n := rapid.Uint32Range(1, 9).Draw(t, "more")
			split.Extensions = append(split.Extensions, term(n))
			sum += n
		}
		x, err1 := s.calendar.Due(split)
		y, err2 := s.calendar.Due(s.request(q, term(sum)))
		if (err1 == nil) != (err2 == nil) || x != y {
			t.Fatalf("%+v: %+v (%v), as one term of %d days %+v (%v)", split, x, err1, sum, y, err2)
		}
	})
}

func TestAnExtensionInHoursIsCountedAsOneLongerTerm(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawCalendar(t)
		q, _ := s.drawAsk(t)
		q.extensions = nil
		minutes := rapid.Uint32Range(0, 3000).Draw(t, "minutes")
		split := s.request(q, worktime.Term{Value: worktime.Whole(minutes), Unit: worktime.Minute})
		for range rapid.IntRange(1, 20).Draw(t, "extensions") {
			n, e := rapid.Uint32Range(1, 30).Draw(t, "more"), worktime.Term{Unit: worktime.Minute}
			e.Value = worktime.Whole(n)
			if rapid.Bool().Draw(t, "in hours") {
				e.Unit = worktime.Hour
				n *= 60
			}
			split.Extensions = append(split.Extensions, e)
			minutes += n
		}
		x, err1 := s.calendar.Due(split)
		y, err2 := s.calendar.Due(s.request(q, worktime.Term{Value: worktime.Whole(minutes), Unit: worktime.Minute}))
		if (err1 == nil) != (err2 == nil) || x != y {
			t.Fatalf("%+v: %+v (%v), as one term of %d minutes %+v (%v)", split, x, err1, minutes, y, err2)
		}
	})
}

func TestAnExtensionNeverMakesADossierDueEarlier(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawCalendar(t)
		q, term := s.drawAsk(t)
		q.extensions = drawExtensions(t)
		r := s.request(q, term)
		fewer := r
		fewer.Extensions = r.Extensions[:rapid.IntRange(0, len(r.Extensions)-1).Draw(t, "granted before")]
		x, ok1 := s.due(t, fewer)
		y, ok2 := s.due(t, r)
		if ok1 && ok2 && (y.Before(x) || len(r.Pauses) == 0 && !y.After(x)) {
			t.Fatalf("%+v is due %s, with %v %s", r, y, fewer.Extensions, x)
		}
		if ok2 && !ok1 {
			t.Fatalf("%+v is due %s, and with only %v the clock stands", r, y, fewer.Extensions)
		}
	})
}

func TestALongerExtensionIsNeverDueEarlier(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawCalendar(t)
		if !s.steady() {
			t.Skip("dates go back")
		}
		q, term := s.drawAsk(t)
		q.extensions = drawExtensions(t)
		i := rapid.IntRange(0, len(q.extensions)-1).Draw(t, "which")
		e := &q.extensions[i]
		e.value = math.Ceil(e.value) // a part of eight hours may be more than a short day
		a := s.request(q, term)
		e.value += float64(rapid.IntRange(1, 5).Draw(t, "by")) * 15
		b := s.request(q, term)
		x, ok1 := s.due(t, a)
		y, ok2 := s.due(t, b)
		if ok1 && ok2 && y.Before(x) {
			t.Fatalf("%+v is due %s, %+v %s", a, x, b.Extensions, y)
		}
	})
}

func TestAPauseNeverMakesADossierDueEarlier(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawCalendar(t)
		q, term := s.drawAsk(t)
		r := s.request(q, term)
		fewer := r
		fewer.Pauses = r.Pauses[:rapid.IntRange(0, len(r.Pauses)).Draw(t, "kept")]
		x, ok1 := s.due(t, fewer)
		y, ok2 := s.due(t, r)
		if ok1 && ok2 && y.Before(x) {
			t.Fatalf("%+v is due %s, with %v %s", r, y, fewer.Pauses, x)
		}
	})
}

func TestSplittingOrDoublingAPauseChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawCalendar(t)
		q, term := s.drawAsk(t)
		r := s.request(q, term)
		split := r
		split.Pauses = nil
		for _, p := range r.Pauses {
			if p.To == nil {
				split.Pauses = append(split.Pauses, p)
				continue
			}
			mid := p.From.Add(p.To.Sub(p.From) / 3)
			split.Pauses = append(split.Pauses, worktime.Pause{From: mid, To: p.To}, worktime.Pause{From: p.From, To: &mid}, p)
		}
		x, err1 := s.calendar.Due(r)
		y, err2 := s.calendar.Due(split)
		if (err1 == nil) != (err2 == nil) || x != y {
			t.Fatalf("%+v: %+v (%v), split %+v (%v)", r, x, err1, y, err2)
		}
	})
}

func TestADueDateLiesInWorkingTimeOrAtItsEnd(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawCalendar(t)
		q, term := s.drawAsk(t)
		if term.Value.IsZero() && term.Unit != worktime.SameDay {
			t.Skip("a term of nothing may end where it began")
		}
		r := s.request(q, term)
		due, ok := s.due(t, r)
		if !ok {
			t.Skip("none")
		}
		here, err := s.calendar.IsWorking(due)
		if err != nil {
			t.Fatal(err)
		}
		before, err := s.calendar.IsWorking(due.Add(-time.Microsecond))
		if err != nil || !here && !before {
			t.Fatalf("%+v is due %s, when nobody works (%v)", r, due, err)
		}
	})
}

func TestTheOrderOfDaysOffAndPausesDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawCalendar(t)
		q, term := s.drawAsk(t)
		r := s.request(q, term)
		d := s.definition
		d.Off, d.Makeup = slices.Clone(d.Off), slices.Clone(d.Makeup)
		r2 := r
		r2.Pauses = slices.Clone(r.Pauses)
		slices.Reverse(d.Off)
		slices.Reverse(d.Makeup)
		slices.Reverse(r2.Pauses)
		c, err := worktime.Compile(d)
		if err != nil {
			t.Fatal(err)
		}
		x, err1 := s.calendar.Due(r)
		y, err2 := c.Due(r2)
		if (err1 == nil) != (err2 == nil) || x != y {
			t.Fatalf("%+v: %+v (%v), in other order %+v (%v)", r, x, err1, y, err2)
		}
	})
}

func TestJudgeAndWindowAgreeWithReadingTheClock(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawCalendar(t)
		if !s.steady() {
			t.Skip("dates go back")
		}
		due, finished := s.drawInstant(t, "due"), s.drawInstant(t, "finished")
		if rapid.Bool().Draw(t, "close together") {
			finished = due.Add(time.Duration(rapid.Int64Range(-2_500, 2_500).Draw(t, "apart")) * time.Millisecond)
		}
		for _, rule := range []worktime.VerdictRule{worktime.ByDate, worktime.ByInstant} {
			a, b := finished.In(s.calendar.Zone()).Format(time.DateOnly), due.In(s.calendar.Zone()).Format(time.DateOnly)
			if rule == worktime.ByInstant {
				a, b = finished.UTC().Format("2006-01-02T15:04:05"), due.UTC().Format("2006-01-02T15:04:05")
			}
			want := worktime.OnTime
			if a < b {
				want = worktime.Early
			} else if a > b {
				want = worktime.Late
			}
			got, early, late := s.calendar.Judge(due, finished, rule)
			onTimeFrom, lateFrom := s.calendar.Window(due, rule)
			byWindow := worktime.OnTime
			if finished.Before(onTimeFrom) {
				byWindow = worktime.Early
			} else if !finished.Before(lateFrom) {
				byWindow = worktime.Late
			}
			if got != want || byWindow != want {
				t.Fatalf("due %s, finished %s, by %s: %s, by window %s, want %s", due, finished, rule, got, byWindow, want)
			}
			between, err := s.calendar.Elapsed(finished, due)
			if err != nil {
				t.Fatal(err)
			}
			wantEarly, wantLate := int64(0), int64(0)
			switch want {
			case worktime.Early:
				wantEarly = between / 60
			case worktime.Late:
				wantLate = -between / 60
			}
			if early != wantEarly || late != wantLate {
				t.Fatalf("due %s, finished %s: %d early, %d late, want %d and %d", due, finished, early, late, wantEarly, wantLate)
			}
		}
	})
}

func TestADefinitionSurvivesJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawCalendar(t).definition
		d.Name, d.Confirmed = worktime.Text{VI: "Lịch", EN: "Calendar"}, &worktime.Years{First: 2015, Last: 2026}
		d.Weeks = []worktime.WeekFrom{{From: "2025-07-01", Week: d.Week, Act: "QĐ 1"}}
		d.Off = append(d.Off, worktime.DayOff{Date: "2024-04-30", Name: worktime.Text{VI: "Ngày Chiến thắng"}, Act: "a"})
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var back worktime.Definition
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		again, err := json.Marshal(back)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(text), string(again)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestAnExplanationAddsUpToTheTerm(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawCalendar(t)
		q, term := s.drawAsk(t)
		r := s.request(q, term)
		due, err := s.calendar.Due(r)
		if err != nil {
			t.Skip(err)
		}
		e, err := s.calendar.Explain(r)
		if err != nil {
			t.Fatal(err)
		}
		if e.Suspended != due.Suspended || !due.Suspended && e.Due != due.At.In(s.calendar.Zone()).Format("2006-01-02T15:04:05Z07:00") {
			t.Fatalf("due %+v, explained as %s", due, e.Due)
		}
		if last := e.Dates[len(e.Dates)-1]; !slices.ContainsFunc(last.Remarks, func(r worktime.Remark) bool { return r.Code == "due" || r.Code == "suspended" }) {
			t.Fatalf("%+v: the last date, %s, says nothing of the due date", r, last.Date)
		}
		counted := int64(0)
		for _, d := range e.Dates {
			for _, p := range d.Parts {
				if p.VI == "" || p.EN == "" || p.Code == "" {
					t.Fatalf("a part says nothing: %+v", p)
				}
				if p.Counted {
					counted += p.Seconds
				}
			}
		}
		if counted != e.Seconds {
			t.Fatalf("the parts add up to %d s, said are %d s", counted, e.Seconds)
		}
		if q.byHours() {
			want := int64(q.value * 60)
			for _, e := range q.extensions {
				want += int64(e.value * 60)
			}
			if !due.Suspended && counted != want {
				t.Fatalf("%+v: %d s counted, want %d", r, counted, want)
			}
			return
		}
		for _, d := range e.Dates {
			first := slices.ContainsFunc(d.Remarks, func(r worktime.Remark) bool { return r.Code == "first-day" })
			if first && slices.ContainsFunc(d.Parts, func(p worktime.Part) bool { return strings.HasPrefix(p.Code, "paused") }) {
				return // the first day is not counted, but a pause on it moves the date
			}
		}
		unpaused := r
		unpaused.Pauses = nil
		if without, err := s.calendar.Due(unpaused); err == nil && !due.Suspended {
			x, err := s.calendar.Explain(unpaused)
			for i, d := range x.Dates { // nor is what a term leaves of its last date, before an extension in days
				if slices.ContainsFunc(d.Parts, func(p worktime.Part) bool { return p.Code == "extension-first-day" }) &&
					slices.ContainsFunc(e.Dates[i].Parts, func(p worktime.Part) bool { return strings.HasPrefix(p.Code, "paused") }) {
					return
				}
			}
			if err != nil || x.Seconds != counted {
				t.Fatalf("%+v: %d s counted, without pauses (due %s) %d (%v)", r, counted, without.At, x.Seconds, err)
			}
		}
	})
}

func TestDatesBehindTheTermAreExplainedAsWithinTheExtension(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawCalendar(t)
		if !s.steady() {
			t.Skip("dates go back")
		}
		q, term := s.drawAsk(t)
		q.extensions = drawExtensions(t)
		r := s.request(q, term)
		shorter, unpaused := r, r
		shorter.Extensions, shorter.Pauses, unpaused.Pauses = nil, nil, nil
		if q.byHours() {
			shorter.Pauses, unpaused.Pauses = r.Pauses, r.Pauses
		}
		a, ok1 := s.due(t, shorter)
		b, ok2 := s.due(t, unpaused)
		if !ok1 || !ok2 {
			t.Skip("none")
		}
		e, err := s.calendar.Explain(r)
		if err != nil {
			t.Skip(err)
		}
		ended := func(due time.Time) string {
			return due.Add(-time.Microsecond).In(s.calendar.Zone()).Format(time.DateOnly)
		}
		for _, d := range e.Dates {
			codes := map[string]bool{}
			for _, r := range d.Remarks {
				codes[r.Code] = true
			}
			within := d.Date > ended(a) && d.Date <= ended(b)
			if within && (!codes["extension-counted"] || codes["moved"] || codes["stands-for-paused"]) || !within && codes["extension-counted"] && d.Date != ended(a) {
				t.Fatalf("%+v: the term ends on %s, the extensions on %s, and %s says %v", r, ended(a), ended(b), d.Date, d.Remarks)
			}
		}
	})
}
