package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/rickar/cal/v2"

	"github.com/motcua/motcua/configs"
	"github.com/motcua/motcua/pkg/worktime"
)

// benchWorktime prints what a due date costs, beside the library that most would take, and how fast `motcua due` answers.
func benchWorktime(b *testing.B) {
	body, err := configs.Files.ReadFile("calendars/vn.json")
	must(b, err)
	var d worktime.Definition
	must(b, json.Unmarshal(body, &d))
	ours, err := worktime.Compile(d)
	must(b, err)
	theirs := rickar(d)
	starts := mornings(1000)

	fmt.Println("\nA due date, calendar vn, 1,000 mornings of 2024 and 2025; rickar/cal counts days only and knows no lunch break:")
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "working days\tours ns\tallocations\trickar/cal ns\tallocations\tsame date\tof\t")
	for _, days := range []uint32{1, 20, 400} {
		term := worktime.Term{Value: worktime.Whole(days), Unit: worktime.WorkingDay}
		due := func(start time.Time) time.Time {
			x, err := ours.Due(worktime.Request{Start: start, Term: term})
			must(b, err)
			return x.At
		}
		other := func(start time.Time) time.Time { return theirs.WorkdaysFrom(start, int(days)) }
		same := 0
		for _, s := range starts {
			if due(s).In(zone).Format(time.DateOnly) == other(s).Format(time.DateOnly) {
				same++
			}
		}
		var mine, their []float64
		var myAllocs, theirAllocs float64
		for range 15 { // in turns
			ns, n := timed(starts, due)
			mine, myAllocs = append(mine, ns), n
			ns, n = timed(starts, other)
			their, theirAllocs = append(their, ns), n
		}
		fmt.Fprintf(w, "%d\t%.0f\t%.2f\t%.0f\t%.2f\t%d\t%d\t\n", days, median(mine), myAllocs, median(their), theirAllocs, same, len(starts))
	}
	w.Flush()
	linesPerSecond(b)
}

// rickar is the same calendar as far as that library can say it: a function that knows which dates are worked. It is quicker so than
// with a holiday for each day off.
func rickar(d worktime.Definition) *cal.BusinessCalendar {
	const noon = 12 * time.Hour
	differs := map[time.Time]bool{}
	for _, off := range d.Off {
		day, _ := time.Parse(time.DateOnly, off.Date)
		differs[day.Add(noon)] = false
	}
	for _, m := range d.Makeup {
		day, _ := time.Parse(time.DateOnly, m.Date)
		differs[day.Add(noon)] = true
	}
	c := cal.NewBusinessCalendar()
	c.WorkdayFunc = func(date time.Time) bool {
		y, m, day := date.Date()
		if works, ok := differs[time.Date(y, m, day, 12, 0, 0, 0, time.UTC)]; ok {
			return works
		}
		return date.Weekday() != time.Saturday && date.Weekday() != time.Sunday
	}
	return c
}

func mornings(n int) []time.Time {
	r := rand.New(rand.NewPCG(1, 2))
	all := make([]time.Time, n)
	for i := range all {
		all[i] = time.Date(2024, 1, 1+r.IntN(730), 7, r.IntN(240), r.IntN(60), 0, zone)
	}
	return all
}

var sink time.Time

func timed(starts []time.Time, do func(time.Time) time.Time) (ns, allocations float64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begun := time.Now()
	for _, s := range starts {
		sink = do(s)
	}
	took := time.Since(begun)
	runtime.ReadMemStats(&after)
	n := float64(len(starts))
	return float64(took.Nanoseconds()) / n, float64(after.Mallocs-before.Mallocs) / n
}

// linesPerSecond has `motcua due` answer 100,000 lines, as the verb does.
func linesPerSecond(b *testing.B) {
	const lines = 100_000
	var in bytes.Buffer
	units := []string{`{"value":20,"unit":"working_day"}`, `{"value":8.5,"unit":"hour"}`, `{"value":15,"unit":"calendar_day"}`, `{"value":3,"unit":"working_day"}`}
	starts := mornings(lines)
	for i := range lines {
		fmt.Fprintf(&in, `{"id":%d,"calendar":"vn","start":%q,"term":%s`, i, starts[i].Format(time.RFC3339), units[i%len(units)])
		if i%10 == 0 {
			from := starts[i].AddDate(0, 0, 1)
			fmt.Fprintf(&in, `,"pauses":[{"from":%q,"to":%q}]`, from.Format(time.RFC3339), from.AddDate(0, 0, 3).Format(time.RFC3339))
		}
		fmt.Fprint(&in, "}\n")
	}
	rate := func(in []byte, n int, explain bool) float64 {
		best := time.Duration(math.MaxInt64)
		for range 3 {
			begun := time.Now()
			must(b, worktime.AskLines(bytes.NewReader(in), io.Discard, delivered(), explain))
			best = min(best, time.Since(begun))
		}
		return float64(n) / best.Seconds()
	}
	const few = 2000 // an explanation is a page, not a line
	some := bytes.Join(bytes.SplitAfterN(in.Bytes(), []byte("\n"), few+1)[:few], nil)
	fmt.Printf("motcua due: %.0f lines a second over %d lines, with --explain %.0f; best of three\n\n",
		rate(in.Bytes(), lines, false), lines, rate(some, few, true))
}
