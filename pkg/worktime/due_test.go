package worktime_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/motcua/motcua/pkg/worktime"
)

//nolint:paralleltest // AllocsPerRun counts what every goroutine allocates
func TestAPlainDueDateAllocatesNothing(t *testing.T) {
	c := national(t)
	half, err := worktime.ParseAmount("7.5")
	if err != nil {
		t.Fatal(err)
	}
	for _, term := range []worktime.Term{
		{Value: worktime.Whole(20), Unit: worktime.WorkingDay},
		{Value: worktime.Whole(400), Unit: worktime.WorkingDay},
		{Value: half, Unit: worktime.WorkingDay},
		{Value: worktime.Whole(8), Unit: worktime.Hour},
		{Value: worktime.Whole(30), Unit: worktime.CalendarDay},
		{Value: worktime.Whole(2), Unit: worktime.Month},
		{Unit: worktime.SameDay, Cutoff: "15:00"},
	} {
		r := worktime.Request{Start: at(t, "2024-03-04T09:00:00+07:00"), Term: term, Rules: worktime.Rules{Off: worktime.OffPrevious}}
		if n := testing.AllocsPerRun(100, func() {
			if _, err := c.Due(r); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%v %s: %v allocations", term.Value, term.Unit, n)
		}
	}
}

func TestTheThreeMeaningsOfAWorkingDay(t *testing.T) {
	t.Parallel()
	seven := []worktime.Span{{"08:00", "12:00"}, {"13:00", "16:00"}}
	d := worktime.Definition{Zone: "Asia/Ho_Chi_Minh", Week: worktime.Week{"mon": seven, "tue": seven, "wed": seven, "thu": seven, "fri": seven}}
	c, err := worktime.Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		value string
		day   worktime.DayRule
		end   worktime.EndRule
		want  string
	}{
		{"5", worktime.DayDate, worktime.EndClosing, "2024-03-11T16:00:00+07:00"},
		{"5", worktime.DayOffice, worktime.EndClosing, "2024-03-11T16:00:00+07:00"},
		{"5", worktime.DayEightHours, worktime.EndClosing, "2024-03-12T16:00:00+07:00"}, // 40 hours from Tuesday on are five dates and five hours
		{"0.5", worktime.DayDate, worktime.EndClosing, "2024-03-05T12:00:00+07:00"},
		{"0.5", worktime.DayOffice, worktime.EndClosing, "2024-03-05T11:30:00+07:00"},
		{"0.5", worktime.DayEightHours, worktime.EndClosing, "2024-03-05T12:00:00+07:00"},
		{"5", worktime.DayDate, worktime.EndSameTime, "2024-03-11T10:00:00+07:00"},
		{"5", worktime.DayEightHours, worktime.EndSameTime, "2024-03-11T16:00:00+07:00"}, // 5 hours today, 35 in five dates
		{"0.5", worktime.DayOffice, worktime.EndSameTime, "2024-03-04T14:30:00+07:00"},
	} {
		n, err := worktime.ParseAmount(x.value)
		if err != nil {
			t.Fatal(err)
		}
		due, err := c.Due(worktime.Request{
			Start: at(t, "2024-03-04T10:00:00+07:00"), Term: worktime.Term{Value: n, Unit: worktime.WorkingDay}, Rules: worktime.Rules{Day: x.day, End: x.end},
		})
		if err != nil || !due.At.Equal(at(t, x.want)) {
			t.Errorf("%s days, %s, %s: %s (%v), want %s", x.value, x.day, x.end, due.At.In(c.Zone()), err, x.want)
		}
	}
}

func TestEightHoursBeforeClosingIsThatMorning(t *testing.T) {
	t.Parallel()
	c := national(t)
	for _, x := range []struct {
		from    string
		seconds int64
		want    string
	}{
		{"2024-03-05T17:00:00+07:00", -8 * 3600, "2024-03-05T07:00:00+07:00"},
		{"2024-03-05T17:00:00+07:00", 8 * 3600, "2024-03-06T17:00:00+07:00"},
		{"2024-03-11T08:00:00+07:00", -2 * 3600, "2024-03-08T16:00:00+07:00"},
		{"2024-03-10T08:00:00+07:00", 0, "2024-03-10T08:00:00+07:00"},
	} {
		if got, err := c.Add(at(t, x.from), x.seconds); err != nil || !got.Equal(at(t, x.want)) {
			t.Errorf("%s %+d s: %s (%v), want %s", x.from, x.seconds, got.In(c.Zone()), err, x.want)
		}
	}
}

func TestWhatIsPausedAddsNoWork(t *testing.T) {
	t.Parallel()
	c := national(t)
	from, until, after := at(t, "2024-03-05T10:00:00+07:00"), at(t, "2024-03-06T10:00:00+07:00"), at(t, "2024-03-06T11:00:00+07:00")
	pauses := []worktime.Pause{{From: from, To: &until}, {From: at(t, "2024-03-06T09:00:00+07:00"), To: &after}}
	for _, x := range []struct {
		seconds int64
		want    string
	}{
		{3600, "2024-03-05T10:00:00+07:00"}, // all of it before the pause
		{3601, "2024-03-06T11:00:01+07:00"},
		{3 * 3600, "2024-03-06T15:00:00+07:00"},
		{-3600, "2024-03-05T08:00:00+07:00"}, // backwards, whatever was paused
	} {
		if got, err := c.Add(at(t, "2024-03-05T09:00:00+07:00"), x.seconds, pauses...); err != nil || !got.Equal(at(t, x.want)) {
			t.Errorf("%+d s: %s (%v), want %s", x.seconds, got.In(c.Zone()), err, x.want)
		}
	}
	var e *worktime.Error
	if _, err := c.Add(from, 1, worktime.Pause{From: from}); !errors.As(err, &e) || e.Code != worktime.CodeNoWorkingTime {
		t.Errorf("in a pause without an end: %v", err)
	}
}

func TestALastDateWithoutWorkMovesAsTheRuleSays(t *testing.T) {
	t.Parallel()
	c := national(t)
	for _, x := range []struct {
		on   string
		days uint32
		unit worktime.Unit
		off  worktime.OffRule
		want string
	}{
		{"2024-03-01", 8, worktime.CalendarDay, "", "2024-03-11"}, // Saturday 9 March
		{"2024-03-01", 8, worktime.CalendarDay, worktime.OffNext, "2024-03-11"},
		{"2024-03-01", 8, worktime.CalendarDay, worktime.OffPrevious, "2024-03-08"},
		{"2024-03-01", 7, worktime.CalendarDay, worktime.OffPrevious, "2024-03-08"}, // worked: it stays
		{"2024-03-01", 1, worktime.CalendarDay, worktime.OffPrevious, "2024-03-04"}, // Friday is day 0
		{"2024-03-01", 2, worktime.CalendarDay, worktime.OffPrevious, "2024-03-04"},
		{"2024-03-02", 1, worktime.CalendarDay, worktime.OffPrevious, "2024-03-04"}, // Friday is before day 0
		{"2024-03-02", 0, worktime.CalendarDay, worktime.OffPrevious, "2024-03-04"},
		{"2024-01-10", 1, worktime.Month, worktime.OffPrevious, "2024-02-07"}, // 10 February lies in Tết
		{"2022-05-01", 2, worktime.Year, worktime.OffPrevious, "2024-04-26"},  // 27 April to 1 May are off
		{"2024-03-01", 8, worktime.WorkingDay, worktime.OffPrevious, "2024-03-13"},
	} {
		due, err := c.Due(worktime.Request{
			Start: at(t, x.on+"T09:00:00+07:00"), Term: worktime.Term{Value: worktime.Whole(x.days), Unit: x.unit}, Rules: worktime.Rules{Off: x.off},
		})
		if err != nil || !due.At.Equal(at(t, x.want+"T17:00:00+07:00")) {
			t.Errorf("%s, %d %s, %s: %s (%v), want %s", x.on, x.days, x.unit, x.off, due.At.In(c.Zone()), err, x.want)
		}
	}
}

func TestWorkingDaysBeforeADueDateAreCountedBackToClosing(t *testing.T) {
	t.Parallel()
	c := national(t)
	for _, x := range []struct {
		from string
		n    int64
		want string
	}{
		{"2024-03-05T17:00:00+07:00", 1, "2024-03-04T17:00:00+07:00"},
		{"2024-03-04T17:00:00+07:00", 1, "2024-03-01T17:00:00+07:00"},
		{"2024-03-04T00:00:00+07:00", 1, "2024-03-01T17:00:00+07:00"}, // the hour does not matter
		{"2024-03-03T23:59:59+07:00", 1, "2024-03-01T17:00:00+07:00"}, // nor whether anybody works on the date
		{"2024-05-06T17:00:00+07:00", 1, "2024-05-04T17:00:00+07:00"}, // the make-up Saturday
		{"2024-05-06T17:00:00+07:00", 4, "2024-04-26T17:00:00+07:00"}, // 4, 3, 2 May; 29 April to 1 May are off
		{"2024-02-15T17:00:00+07:00", 5, "2024-02-01T17:00:00+07:00"}, // 7, 6, 5, 2, 1 February
	} {
		if got, err := c.DaysBefore(at(t, x.from), x.n); err != nil || !got.Equal(at(t, x.want)) || got.Location() != time.UTC {
			t.Errorf("%d before %s: %s (%v), want %s", x.n, x.from, got, err, x.want)
		}
	}
	late, err := worktime.Compile(worktime.Definition{
		Zone:  "America/New_York", // where calendars begin on the evening of 31 December 1899
		Weeks: []worktime.WeekFrom{{From: "1900-01-02", Week: worktime.Week{}}, {From: "2024-01-01", Week: worktime.Week{"mon": {{"08:00", "24:00"}}}}},
		Week:  worktime.Week{"sat": {{"08:00", "24:00"}}, "sun": {{"08:00", "16:00"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		c    *worktime.Calendar
		from string
		n    int64
		want string
	}{
		{c, "2024-03-05T17:00:00+07:00", 0, worktime.CodeAmountNotAllowed},
		{c, "2024-03-05T17:00:00+07:00", -1, worktime.CodeAmountNotAllowed},
		{c, "2024-03-05T17:00:00+07:00", 36526, worktime.CodeAmountTooLarge},
		{c, "2024-03-05T17:00:00+07:00", 36525, worktime.CodeOutOfRange},
		{c, "1900-01-01T07:00:00+07:00", 1, worktime.CodeOutOfRange},
		{c, "1899-01-01T00:00:00Z", 1, worktime.CodeOutOfRange},
		{late, "2024-01-01T12:00:00-05:00", 1, worktime.CodeOutOfRange}, // 31 December 1899 had closed before the first instant
		{late, "2024-01-01T12:00:00-05:00", 3, worktime.CodeOutOfRange},
	} {
		var e *worktime.Error
		if got, err := x.c.DaysBefore(at(t, x.from), x.n); !asError(err, &e) || e.Code != x.want {
			t.Errorf("%d before %s: %s (%v), want %s", x.n, x.from, got, err, x.want)
		}
	}
	if got, err := late.DaysBefore(at(t, "2024-01-08T12:00:00-05:00"), 1); err != nil || !got.Equal(at(t, "2024-01-02T00:00:00-05:00")) {
		t.Errorf("the closing at midnight: %s (%v)", got, err)
	}
}

func TestAnAgencyInheritsWhatItDoesNotSay(t *testing.T) {
	t.Parallel()
	day := []worktime.Span{{"07:00", "11:30"}, {"13:30", "17:00"}}
	province := worktime.Definition{
		Zone: "Asia/Ho_Chi_Minh", Week: worktime.Week{"mon": day, "tue": day}, Confirmed: &worktime.Years{First: 2024, Last: 2024},
		Off:    []worktime.DayOff{{Date: "2024-03-04"}, {Date: "2024-03-05"}},
		Makeup: worktime.Makeup{{Date: "2024-03-09", Like: "mon"}, {Date: "2024-03-10", Hours: day}},
	}
	morning := []worktime.Span{{"08:00", "11:00"}}
	agency := worktime.Definition{
		Week: worktime.Week{"mon": morning}, Off: []worktime.DayOff{{Date: "2024-03-10"}}, Makeup: worktime.Makeup{{Date: "2024-03-05", Hours: morning}},
	}
	got := agency.Over(province)
	want := worktime.Definition{
		Zone: "Asia/Ho_Chi_Minh", Week: worktime.Week{"mon": morning}, Confirmed: &worktime.Years{First: 2024, Last: 2024},
		Off:    []worktime.DayOff{{Date: "2024-03-04"}, {Date: "2024-03-10"}},
		Makeup: worktime.Makeup{{Date: "2024-03-05", Hours: morning}, {Date: "2024-03-09", Like: "mon"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
	c, err := worktime.Compile(got)
	if err != nil {
		t.Fatal(err)
	}
	// the make-up Saturday has the agency's own Monday, three hours
	if n, err := c.Elapsed(at(t, "2024-03-09T00:00:00+07:00"), at(t, "2024-03-10T00:00:00+07:00")); err != nil || n != 3*3600 {
		t.Errorf("the make-up Saturday has %d s (%v)", n, err)
	}
}

func TestAmountsAreExact(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"5": "5", "5.0": "5", "7.50": "7.5", "0": "0", "-0": "0", "0.000": "0", "1e3": "1000", "25e-2": "0.25", "1E+2": "100", "0.3333333333333333": "0.3333333333333333",
		"100000000000000000": "100000000000000000", "0e999999999999999999999": "0",
	} {
		if a, err := worktime.ParseAmount(text); err != nil || a.String() != want {
			t.Errorf("%s is %s (%v), want %s", text, a, err, want)
		}
	}
	for text, want := range map[string]string{
		"": worktime.CodeInvalidAmount, "five": worktime.CodeInvalidAmount, "1.": worktime.CodeInvalidAmount, ".5": worktime.CodeInvalidAmount, "01": worktime.CodeInvalidAmount,
		"+1": worktime.CodeInvalidAmount, "1e": worktime.CodeInvalidAmount, "0x1": worktime.CodeInvalidAmount, "1_0": worktime.CodeInvalidAmount, "١": worktime.CodeInvalidAmount,
		"-1": worktime.CodeNegativeAmount, "-0.5": worktime.CodeNegativeAmount, "1e99": worktime.CodeAmountTooLarge, "1e-99": worktime.CodeAmountTooLarge,
		"1e99999999999999999999": worktime.CodeAmountTooLarge, "9999999999999999999": worktime.CodeAmountTooLarge,
	} {
		var e *worktime.Error
		if _, err := worktime.ParseAmount(text); !asError(err, &e) || e.Code != want {
			t.Errorf("%q gives %v, want %s", text, err, want)
		}
	}
}
