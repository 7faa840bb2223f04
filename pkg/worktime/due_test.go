package worktime_test

import (
	"testing"

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
		r := worktime.Request{Start: at(t, "2024-03-04T09:00:00+07:00"), Term: term}
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
