package worktime_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/motcua/motcua/pkg/worktime"
)

// TestThreePausesOverTetAreExplainedDayByDay reads an explanation as an inspector would: ten working days received on 29 January 2024,
// paused three times over Tết.
func TestThreePausesOverTetAreExplainedDayByDay(t *testing.T) {
	t.Parallel()
	pause := func(from, to, cause string) worktime.Pause {
		until := at(t, to+":00+07:00")
		return worktime.Pause{From: at(t, from+":00+07:00"), To: &until, Cause: cause}
	}
	e, err := national(t).Explain(worktime.Request{
		Start: at(t, "2024-01-29T09:00:00+07:00"), Term: worktime.Term{Value: worktime.Whole(10), Unit: worktime.WorkingDay},
		Pauses: []worktime.Pause{
			pause("2024-02-06T15:00", "2024-02-07T09:00", "bổ sung hồ sơ"),
			pause("2024-02-07T16:00", "2024-02-15T08:00", "nghĩa vụ tài chính"),
			pause("2024-02-16T07:00", "2024-02-16T10:00", "niêm yết"),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	// Days 1 to 10 are 30/1 to 7/2 (seven of them) and 15, 16 and 19/2. The pauses took 4 + 2 + 3 hours, made up for on 20 and 21/2.
	type row struct {
		date, kind string
		day, hours int64
		first      string
	}
	var got []row
	for _, d := range e.Dates {
		got = append(got, row{d.Date, d.Kind, d.Day, d.Seconds / 3600, d.Remarks[0].VI})
	}
	off := "Ngày nghỉ: Tết Nguyên đán."
	want := []row{
		{"2024-01-29", "working", 0, 0, "Ngày đầu, không tính."},
		{"2024-01-30", "working", 1, 8, "Ngày làm việc thứ 1."},
		{"2024-01-31", "working", 2, 8, "Ngày làm việc thứ 2."},
		{"2024-02-01", "working", 3, 8, "Ngày làm việc thứ 3."},
		{"2024-02-02", "working", 4, 8, "Ngày làm việc thứ 4."},
		{"2024-02-03", "weekday_off", 0, 0, "Thứ Bảy không làm việc."},
		{"2024-02-04", "weekday_off", 0, 0, "Chủ nhật không làm việc."},
		{"2024-02-05", "working", 5, 8, "Ngày làm việc thứ 5."},
		{"2024-02-06", "working", 6, 6, "Ngày làm việc thứ 6."},
		{"2024-02-07", "working", 7, 5, "Ngày làm việc thứ 7."},
		{"2024-02-08", "day_off", 0, 0, off},
		{"2024-02-09", "day_off", 0, 0, off},
		{"2024-02-10", "day_off", 0, 0, off},
		{"2024-02-11", "day_off", 0, 0, off},
		{"2024-02-12", "day_off", 0, 0, off},
		{"2024-02-13", "day_off", 0, 0, off},
		{"2024-02-14", "day_off", 0, 0, off},
		{"2024-02-15", "working", 8, 7, "Ngày làm việc thứ 8."},
		{"2024-02-16", "working", 9, 5, "Ngày làm việc thứ 9."},
		{"2024-02-17", "weekday_off", 0, 0, "Thứ Bảy không làm việc."},
		{"2024-02-18", "weekday_off", 0, 0, "Chủ nhật không làm việc."},
		{"2024-02-19", "working", 10, 8, "Ngày làm việc thứ 10."},
		{"2024-02-20", "working", 0, 8, "Bù thời gian đã tạm dừng."},
		{"2024-02-21", "working", 0, 1, "Bù thời gian đã tạm dừng."},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(row{})); diff != "" {
		t.Error(diff)
	}
	if e.Due != "2024-02-21T17:00:00+07:00" || e.Seconds != 10*8*3600 {
		t.Errorf("due %s with %d s counted", e.Due, e.Seconds)
	}
	var parts [][4]string
	for _, p := range e.Dates[9].Parts { // 7 February, twice paused
		parts = append(parts, [4]string{p.From, p.To, p.Code, p.EN})
	}
	if diff := cmp.Diff([][4]string{
		{"00:00", "07:00", "before-opening", "Before office hours."},
		{"07:00", "09:00", "paused-cause", "Paused, not counted: bổ sung hồ sơ."},
		{"09:00", "11:30", "counted", "Counted."},
		{"11:30", "13:30", "break", "The break between office hours."},
		{"13:30", "16:00", "counted", "Counted."},
		{"16:00", "17:00", "paused-cause", "Paused, not counted: nghĩa vụ tài chính."},
		{"17:00", "24:00", "after-closing", "After office hours."},
	}, parts); diff != "" {
		t.Error(diff)
	}
}

// sentences are the remarks in English, "" for one without.
func sentences(remarks []worktime.Remark) (list []string) {
	for _, r := range remarks {
		if r.VI == "" || strings.ContainsAny(r.VI+r.EN, "{}") {
			list = append(list, "")
		}
		list = append(list, r.EN)
	}
	return list
}

func TestADateThatMovedBackSaysFromWhere(t *testing.T) {
	t.Parallel()
	// Eight days from Friday end on Saturday 9 March; four working hours that a pause took are made up for on Monday.
	until := at(t, "2024-03-05T13:00:00+07:00")
	e, err := national(t).Explain(worktime.Request{
		Start: at(t, "2024-03-01T09:00:00+07:00"), Term: worktime.Term{Value: worktime.Whole(8), Unit: worktime.CalendarDay},
		Rules: worktime.Rules{Off: worktime.OffPrevious}, Pauses: []worktime.Pause{{From: at(t, "2024-03-05T07:00:00+07:00"), To: &until}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{
		"Term: 8 calendar day(s).",
		"The date of receipt is not counted; counting begins on the next date (Civil Code 2015, art. 147).",
		"Every date counts; if nobody works on the last one, it ends on the last working date before it, or on the next one if there is none after the first day.",
		"It ends at closing time of the last date (Civil Code 2015, art. 148).",
		"The working time that the pauses took is added behind the due date.",
	}, sentences(e.Remarks)); diff != "" {
		t.Error(diff)
	}
	var got [][]string
	for _, d := range e.Dates[7:] {
		got = append(got, append([]string{d.Date}, sentences(d.Remarks)...))
	}
	if diff := cmp.Diff([][]string{
		{"2024-03-08", "Day 7.", "The term ran out on 2024-03-09, a date without work, and moves back to the last working date before it."},
		{"2024-03-09", "Nobody works on a Saturday.", "Stands in for paused time."},
		{"2024-03-10", "Nobody works on a Sunday.", "Stands in for paused time."},
		{"2024-03-11", "Stands in for paused time.", "Due at 17:00."},
	}, got); diff != "" {
		t.Error(diff)
	}
}

func TestEverySentenceIsInTheCatalogueInBothLanguages(t *testing.T) {
	t.Parallel()
	catalogue, err := os.ReadFile("messages.go")
	if err != nil {
		t.Fatal(err)
	}
	var said []byte
	for _, name := range []string{"explain.go", "explain_date.go"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		said = append(said, text...)
	}
	known := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\t"([a-z-]+)":\s+\{"(.+?)", "(.+?)"\},$`).FindAllSubmatch(catalogue, -1) {
		known[string(m[1])] = true
	}
	for _, m := range regexp.MustCompile(`(?:remark\(|return |First\w+: |End\w+: |Day\w+: )"([a-z]+(?:-[a-z]+)*)"[,)}\n]`).FindAllSubmatch(said, -1) {
		if !known[string(m[1])] {
			t.Errorf("%s is said and not in the catalogue", m[1])
		}
	}
	if len(known) < 40 {
		t.Errorf("only %d sentences found", len(known))
	}
}
