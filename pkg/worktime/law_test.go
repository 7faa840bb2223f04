package worktime_test

import (
	"encoding/json"
	"errors"
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
		if q.unit == worktime.Minute || q.unit == worktime.Hour {
			if want := int64(q.value * 60); !due.Suspended && counted != want {
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
		if without, err := s.calendar.Due(worktime.Request{Start: r.Start, Term: term, Rules: r.Rules}); err == nil && !due.Suspended {
			x, err := s.calendar.Explain(worktime.Request{Start: r.Start, Term: term, Rules: r.Rules})
			if err != nil || x.Seconds != counted {
				t.Fatalf("%+v: %d s counted, without pauses (due %s) %d (%v)", r, counted, without.At, x.Seconds, err)
			}
		}
	})
}
