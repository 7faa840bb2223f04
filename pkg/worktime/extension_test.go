package worktime_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/motcua/motcua/pkg/worktime"
)

func days(n uint32) worktime.Term {
	return worktime.Term{Value: worktime.Whole(n), Unit: worktime.WorkingDay}
}

func hours(n uint32) worktime.Term {
	return worktime.Term{Value: worktime.Whole(n), Unit: worktime.Hour}
}

func TestATermIsExtendedByWhatCanBeCountedAndTwentyTimesAtMost(t *testing.T) {
	t.Parallel()
	c := national(t)
	half, err := worktime.ParseAmount("0.5")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		list []worktime.Term
		want string
	}{
		{[]worktime.Term{{Unit: worktime.SameDay}}, worktime.CodeExtensionNotAllowed},
		{[]worktime.Term{{Unit: worktime.SameDay, Value: worktime.Whole(1), Cutoff: "15:00"}}, worktime.CodeExtensionNotAllowed},
		{[]worktime.Term{days(1), days(0)}, worktime.CodeExtensionNotAllowed},
		{[]worktime.Term{hours(0)}, worktime.CodeExtensionNotAllowed},
		{[]worktime.Term{{Value: half, Unit: worktime.Month}}, worktime.CodeAmountFraction},
		{[]worktime.Term{{Value: worktime.Whole(101), Unit: worktime.Year}}, worktime.CodeAmountTooLarge},
		{[]worktime.Term{{Value: worktime.Whole(1), Unit: "week"}}, worktime.CodeUnknownUnit},
		{[]worktime.Term{{Value: worktime.Whole(1), Unit: worktime.Hour, Cutoff: "15:00"}}, worktime.CodeCutoffNotAllowed},
		{slices.Repeat([]worktime.Term{days(1)}, 21), worktime.CodeTooManyExtensions},
		{slices.Repeat([]worktime.Term{{Value: worktime.Whole(100), Unit: worktime.Year}}, 20), worktime.CodeOutOfRange},
		{slices.Repeat([]worktime.Term{hours(876_600)}, 20), worktime.CodeOutOfRange},
	} {
		var e *worktime.Error
		if due, err := c.Due(worktime.Request{Start: at(t, "2024-03-04T09:00:00+07:00"), Term: days(5), Extensions: x.list}); !asError(err, &e) || e.Code != x.want {
			t.Errorf("%v: %v (%v), want %s", x.list, due, err, x.want)
		}
	}
	due, err := c.Due(worktime.Request{Start: at(t, "2024-03-04T09:00:00+07:00"), Term: days(1), Extensions: slices.Repeat([]worktime.Term{days(1)}, 20)})
	if want := at(t, "2024-04-02T17:00:00+07:00"); err != nil || !due.At.Equal(want) {
		t.Errorf("twenty extensions: %v (%v), want %s", due, err, want)
	}
}

func TestOnlyHoursExtendedByHoursAreJudgedByTheInstant(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		term worktime.Term
		list []worktime.Term
		said worktime.VerdictRule
		want worktime.VerdictRule
	}{
		{hours(8), nil, "", worktime.ByInstant},
		{hours(8), []worktime.Term{hours(4)}, "", worktime.ByInstant},
		{hours(8), []worktime.Term{hours(4), days(1)}, "", worktime.ByDate},
		{days(1), []worktime.Term{hours(4)}, "", worktime.ByDate},
		{days(1), nil, "", worktime.ByDate},
		{hours(8), []worktime.Term{hours(4)}, worktime.ByDate, worktime.ByDate},
		{days(1), []worktime.Term{hours(4)}, worktime.ByInstant, worktime.ByInstant},
	} {
		r := worktime.Request{Term: x.term, Extensions: x.list, Rules: worktime.Rules{Verdict: x.said}}
		if got := r.Verdict(); got != x.want {
			t.Errorf("%v extended by %v, rule %q: by %s, want %s", x.term, x.list, x.said, got, x.want)
		}
	}
}

func TestExtensionsAreExplainedRuleByRuleAndDayByDay(t *testing.T) {
	t.Parallel()
	// Two working days from Thursday 29 February end on Monday 4 March; six days from there on Sunday 10, and under the rule on Friday 8
	// March; two hours more are Monday 11 March 9:00. The hour that a pause took is made up for until 10:00, and on to closing.
	until := at(t, "2024-03-06T08:00:00+07:00")
	e, err := national(t).Explain(worktime.Request{
		Start: at(t, "2024-02-29T09:00:00+07:00"), Term: days(2), Extensions: []worktime.Term{{Value: worktime.Whole(6), Unit: worktime.CalendarDay}, hours(2)},
		Rules: worktime.Rules{Off: worktime.OffPrevious}, Pauses: []worktime.Pause{{From: at(t, "2024-03-06T07:00:00+07:00"), To: &until}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{
		"Term: 2 working day(s).",
		"The date of receipt is not counted; counting begins on the next date (Civil Code 2015, art. 147).",
		"It ends at closing time of the last date (Civil Code 2015, art. 148).",
		"Extension 1: 6 calendar day(s).",
		"The date on which what is extended ends is not counted; counting begins on the next date.",
		"Every date counts; if nobody works on the last one, it ends on the last working date before it, or on the next one if there is none after the first day.",
		"It ends at closing time of the last date (Civil Code 2015, art. 148).",
		"Extension 2: 2 working hour(s).",
		"Only working time counts, to the minute.",
		"The working time that the pauses took is added behind the due date.",
	}, sentences(e.Remarks)); diff != "" {
		t.Error(diff)
	}
	type row struct {
		date    string
		day     int64
		seconds int64
		remarks []string
	}
	var got []row
	for _, d := range e.Dates {
		got = append(got, row{d.Date, d.Day, d.Seconds, sentences(d.Remarks)})
	}
	const whole = 8 * 3600
	if diff := cmp.Diff([]row{
		{"2024-02-29", 0, 0, []string{"The first day, not counted."}},
		{"2024-03-01", 1, whole, []string{"Working day 1."}},
		{"2024-03-02", 0, 0, []string{"Nobody works on a Saturday."}},
		{"2024-03-03", 0, 0, []string{"Nobody works on a Sunday."}},
		{"2024-03-04", 2, whole, []string{"Working day 2."}},
		{"2024-03-05", 1, whole, []string{"Within extension 1.", "Day 1."}},
		{"2024-03-06", 2, whole - 3600, []string{"Within extension 1.", "Day 2."}},
		{"2024-03-07", 3, whole, []string{"Within extension 1.", "Day 3."}},
		{"2024-03-08", 4, whole, []string{
			"Within extension 1.", "Day 4.", "The term ran out on 2024-03-10, a date without work, and moves back to the last working date before it.",
		}},
		{"2024-03-09", 0, 0, []string{"Nobody works on a Saturday.", "Within extension 2."}},
		{"2024-03-10", 0, 0, []string{"Nobody works on a Sunday.", "Within extension 2."}},
		{"2024-03-11", 0, 3 * 3600, []string{"Within extension 2.", "Due at 17:00."}},
	}, got, cmp.AllowUnexported(row{})); diff != "" {
		t.Error(diff)
	}
}

func TestHoursExtendedByHoursAreExplainedAsFarAsTheClockRuns(t *testing.T) {
	t.Parallel()
	c := national(t)
	// Eight hours from Monday 9:00 end on Tuesday 9:00, four more at 15:00, and three more on Wednesday at 8:00.
	r := worktime.Request{Start: at(t, "2024-03-04T09:00:00+07:00"), Term: hours(8), Extensions: []worktime.Term{hours(4), hours(3)}}
	for _, x := range []struct {
		open string
		want [][]string
	}{
		{"", [][]string{{"2024-03-04"}, {"2024-03-05", "Within extension 1.", "Within extension 2."}, {"2024-03-06", "Within extension 2.", "Due at 08:00."}}},
		{"2024-03-05T14:00:00+07:00", [][]string{{"2024-03-04"}, {"2024-03-05", "Within extension 1.", "The clock stands; there is no due date yet."}}},
		{"2024-03-05T08:00:00+07:00", [][]string{{"2024-03-04"}, {"2024-03-05", "The clock stands; there is no due date yet."}}},
	} {
		if x.open != "" {
			r.Pauses = []worktime.Pause{{From: at(t, x.open)}}
		}
		e, err := c.Explain(r)
		if err != nil {
			t.Fatal(err)
		}
		var got [][]string
		for _, d := range e.Dates {
			got = append(got, append([]string{d.Date}, sentences(d.Remarks)...))
		}
		if diff := cmp.Diff(x.want, got); diff != "" {
			t.Errorf("paused from %q: %s", x.open, diff)
		}
	}
}

func TestWhatATermLeavesOfItsLastDateIsNotCountedInAnExtensionInDays(t *testing.T) {
	t.Parallel()
	c := national(t)
	// Eight hours from Monday 9:00 end on Tuesday 9:00. Tuesday is day 0 of the extension.
	r := worktime.Request{Start: at(t, "2024-03-04T09:00:00+07:00"), Term: hours(8), Extensions: []worktime.Term{days(2)}}
	e, err := c.Explain(r)
	if err != nil {
		t.Fatal(err)
	}
	if e.Due != "2024-03-07T17:00:00+07:00" || e.Seconds != (8+2*8)*3600 {
		t.Errorf("due %s with %d s counted", e.Due, e.Seconds)
	}
	parts := func(d worktime.DateExplained) (list [][3]string) {
		for _, p := range d.Parts {
			list = append(list, [3]string{p.From, p.To, p.Code})
		}
		return list
	}
	if diff := cmp.Diff([][3]string{
		{"00:00", "07:00", "before-opening"},
		{"07:00", "09:00", "counted"},
		{"09:00", "11:30", "extension-first-day"},
		{"11:30", "13:30", "break"},
		{"13:30", "17:00", "extension-first-day"},
		{"17:00", "24:00", "after-closing"},
	}, parts(e.Dates[1])); diff != "" || len(e.Dates[1].Remarks) > 0 {
		t.Errorf("%v %s", e.Dates[1].Remarks, diff)
	}
	// To the same time it goes on at once, and two dates on it is Thursday 9:00.
	r.Rules.End = worktime.EndSameTime
	if e, err = c.Explain(r); err != nil {
		t.Fatal(err)
	}
	if e.Due != "2024-03-07T09:00:00+07:00" || e.Seconds != (8+2*8)*3600 {
		t.Errorf("due %s with %d s counted", e.Due, e.Seconds)
	}
	if diff := cmp.Diff([]string{"Within extension 1."}, sentences(e.Dates[1].Remarks)); diff != "" {
		t.Error(diff)
	}
	// Where the clock stands from 8:00 on, nothing of the extension is reached.
	r.Pauses = []worktime.Pause{{From: at(t, "2024-03-05T08:00:00+07:00")}}
	if e, err = c.Explain(r); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"The clock stands; there is no due date yet."}, sentences(e.Dates[1].Remarks)); diff != "" {
		t.Error(diff)
	}
}

func TestMidnightIsTheEndOfADateAlsoWhereTheClockJumpsOverIt(t *testing.T) {
	t.Parallel()
	week := worktime.Week{}
	for _, name := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		week[name] = []worktime.Span{{"00:00", "24:00"}}
	}
	c, err := worktime.Compile(worktime.Definition{Zone: "America/Sao_Paulo", Week: week})
	if err != nil {
		t.Fatal(err)
	}
	// Twelve hours from Saturday noon end at 24:00, when the clock shows Sunday 1:00; a day from there is Sunday 24:00.
	due, err := c.Due(worktime.Request{
		Start: at(t, "2017-10-14T12:00:00-03:00"), Term: hours(12), Extensions: []worktime.Term{days(1)}, Rules: worktime.Rules{End: worktime.EndSameTime},
	})
	if want := at(t, "2017-10-16T00:00:00-02:00"); err != nil || !due.At.Equal(want) {
		t.Errorf("due %s (%v), want %s", due.At.In(c.Zone()), err, want)
	}
}

func BenchmarkDueExtended(b *testing.B) {
	c := national(b)
	r := worktime.Request{Start: at(b, "2024-03-04T09:00:00+07:00"), Term: days(20), Extensions: []worktime.Term{days(10), days(5)}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Due(r); err != nil {
			b.Fatal(err)
		}
	}
}
