package worktime_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/motcua/motcua/configs"
	"github.com/motcua/motcua/pkg/worktime"
)

func national(t testing.TB) *worktime.Calendar {
	t.Helper()
	data, err := configs.Files.ReadFile("calendars/vn.json")
	if err != nil {
		t.Fatal(err)
	}
	var d worktime.Definition
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	c, err := worktime.Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestDatesThatWerePrinted(t *testing.T) {
	t.Parallel()
	c := national(t)
	for _, x := range []struct {
		on, n string
		unit  worktime.Unit
		want  string
	}{
		{"2023-10-27", "5", worktime.WorkingDay, "2023-11-03"},
		{"2023-01-19", "1", worktime.WorkingDay, "2023-01-27"},
		{"2024-04-26", "3", worktime.WorkingDay, "2024-05-04"},
		{"2026-11-23", "1", worktime.WorkingDay, "2026-11-25"},
		{"2025-04-15", "15", worktime.CalendarDay, "2025-05-05"},
	} {
		n, err := worktime.ParseAmount(x.n)
		if err != nil {
			t.Fatal(err)
		}
		due, err := c.Due(worktime.Request{Start: at(t, x.on+"T09:00:00+07:00"), Term: worktime.Term{Value: n, Unit: x.unit}})
		if err != nil {
			t.Fatal(err)
		}
		if got := due.At.In(c.Zone()).Format("2006-01-02 15:04:05"); got != x.want+" 17:00:00" {
			t.Errorf("%s + %s %s = %s, want %s", x.on, x.n, x.unit, got, x.want)
		}
	}
}

func BenchmarkDue20(b *testing.B)  { benchmarkDue(b, 20) }
func BenchmarkDue400(b *testing.B) { benchmarkDue(b, 400) }

func benchmarkDue(b *testing.B, days uint32) {
	c := national(b)
	r := worktime.Request{Start: at(b, "2024-03-04T09:00:00+07:00"), Term: worktime.Term{Value: worktime.Whole(days), Unit: worktime.WorkingDay}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Due(r); err != nil {
			b.Fatal(err)
		}
	}
}
