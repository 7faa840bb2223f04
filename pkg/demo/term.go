package demo

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/worktime"
)

// span is a term as it is drawn: a number of a unit.
type span struct {
	value float64 // halves at the finest, which a float64 holds exactly
	unit  worktime.Unit
}

type weightedSpan struct {
	span
	weight int
}

// published are terms as often as the national catalogue has them (16,558 rows of July 2026: working days 67 %, commonest 5, 10, 15, 7,
// 3, 30, 20; calendar days 21 %, hours 2 %, months under 1 %).
var published = []weightedSpan{
	{span{5, worktime.WorkingDay}, 190},
	{span{10, worktime.WorkingDay}, 140},
	{span{15, worktime.WorkingDay}, 120},
	{span{7, worktime.WorkingDay}, 90},
	{span{3, worktime.WorkingDay}, 88},
	{span{30, worktime.WorkingDay}, 42},
	{span{20, worktime.WorkingDay}, 70},
	{span{2, worktime.WorkingDay}, 25},
	{span{1, worktime.WorkingDay}, 20},
	{span{8, worktime.WorkingDay}, 14},
	{span{12, worktime.WorkingDay}, 12},
	{span{14, worktime.WorkingDay}, 9},
	{span{25, worktime.WorkingDay}, 10},
	{span{45, worktime.WorkingDay}, 8},
	{span{7.5, worktime.WorkingDay}, 5},
	{span{3.5, worktime.WorkingDay}, 5},
	{span{1.5, worktime.WorkingDay}, 3},
	{span{15, worktime.CalendarDay}, 40},
	{span{30, worktime.CalendarDay}, 45},
	{span{10, worktime.CalendarDay}, 30},
	{span{20, worktime.CalendarDay}, 25},
	{span{7, worktime.CalendarDay}, 15},
	{span{45, worktime.CalendarDay}, 12},
	{span{60, worktime.CalendarDay}, 8},
	{span{8, worktime.Hour}, 8},
	{span{4, worktime.Hour}, 6},
	{span{24, worktime.Hour}, 4},
	{span{1, worktime.Month}, 4},
	{span{2, worktime.Month}, 3},
	{span{0, worktime.SameDay}, 12},
}

// atOnce are the terms of what is done on the spot.
var atOnce = []weightedSpan{
	{span{0, worktime.SameDay}, 45},
	{span{4, worktime.Hour}, 20},
	{span{2, worktime.Hour}, 10},
	{span{0.5, worktime.WorkingDay}, 15},
	{span{1, worktime.WorkingDay}, 25},
	{span{2, worktime.WorkingDay}, 10},
}

// swift are those of fields that live of the counter, such as civil status.
var swift = []weightedSpan{
	{span{0, worktime.SameDay}, 55},
	{span{1, worktime.WorkingDay}, 15},
	{span{2, worktime.WorkingDay}, 10},
	{span{3, worktime.WorkingDay}, 15},
	{span{5, worktime.WorkingDay}, 10},
}

// cut is what a statutory term is shortened to (cắt giảm), by what it was.
var cut = map[span][]float64{
	{3, worktime.WorkingDay}:   {2, 1.5},
	{5, worktime.WorkingDay}:   {3, 4, 2.5},
	{7, worktime.WorkingDay}:   {5, 3.5},
	{8, worktime.WorkingDay}:   {5, 6},
	{10, worktime.WorkingDay}:  {7, 5, 8, 6.5},
	{12, worktime.WorkingDay}:  {8, 10},
	{14, worktime.WorkingDay}:  {10, 7},
	{15, worktime.WorkingDay}:  {10, 12, 7.5, 9},
	{20, worktime.WorkingDay}:  {14, 15, 12},
	{25, worktime.WorkingDay}:  {18, 20},
	{30, worktime.WorkingDay}:  {20, 21, 24},
	{45, worktime.WorkingDay}:  {30},
	{15, worktime.CalendarDay}: {10, 12},
	{20, worktime.CalendarDay}: {14, 15},
	{30, worktime.CalendarDay}: {20, 21},
	{45, worktime.CalendarDay}: {30},
}

func (c chance) from(table []weightedSpan) span {
	weights := make([]int, len(table))
	for i, t := range table {
		weights[i] = t.weight
	}
	return table[c.weighted(weights)].span
}

// span of a procedure of the pace.
func (c chance) spanOf(p pace) span {
	if p == quick {
		return c.from(swift)
	}
	a := c.from(published)
	if p == medium {
		return a
	}
	b := c.from(published)
	if (p == short) == (b.hours() < a.hours()) {
		return b
	}
	return a
}

// hours is how many working hours lie in the span for certain: what steps may share out among themselves.
func (s span) hours() float64 {
	switch s.unit {
	case worktime.Hour:
		return s.value
	case worktime.WorkingDay:
		return 8 * s.value
	case worktime.CalendarDay: // five days of seven, and a feast may lie in it
		return 8 * math.Floor(s.value*0.6)
	case worktime.Month:
		return 8 * 18 * s.value
	default: // the same day: whoever comes late in the morning
		return 3
	}
}

// term is the span as a procedure has it.
func (s span) term() *worktime.Term {
	if s.unit == worktime.SameDay { // NĐ 61/2018/NĐ-CP: what comes after 15:00 may wait for the next working day
		return &worktime.Term{Unit: s.unit, Cutoff: "15:00"}
	}
	value, err := worktime.ParseAmount(strconv.FormatFloat(s.value, 'f', -1, 64))
	if err != nil {
		panic(err) // no table here holds such a number
	}
	return &worktime.Term{Value: value, Unit: s.unit}
}

// String is the span as it would be published.
func (s span) String() string {
	unit := map[worktime.Unit]string{
		worktime.Hour: "giờ làm việc", worktime.WorkingDay: "ngày làm việc", worktime.CalendarDay: "ngày", worktime.Month: "tháng",
	}[s.unit]
	if unit == "" {
		return "Trong ngày làm việc"
	}
	value := strconv.FormatFloat(s.value, 'f', -1, 64)
	if s.value < 10 && s.value == math.Trunc(s.value) {
		value = "0" + value
	}
	return strings.Replace(value, ".", ",", 1) + " " + unit
}

// share is a part of a span for a step, in half days or half hours, never more than the part; nil when that is less than half an hour.
func share(hours float64) *worktime.Term {
	s := span{math.Floor(hours*2) / 2, worktime.Hour}
	if hours >= 8 {
		s = span{math.Floor(hours/4) / 2, worktime.WorkingDay}
	}
	if s.value == 0 {
		return nil
	}
	return s.term()
}

// publish writes down a term as the catalogue has it: the statutory one and, where there is one, the shortened.
func publish(channel catalog.Channel, statutory span, shortened *span) catalog.Term {
	t := catalog.Term{Channel: channel, Statutory: statutory.term(), Text: statutory.String()}
	if shortened != nil {
		t.Shortened = shortened.term()
		t.Note = fmt.Sprintf("Cắt giảm từ %s xuống còn %s", statutory, shortened)
	}
	return t
}

// spanFrom reads a term back.
func spanFrom(t worktime.Term) span {
	value, _ := strconv.ParseFloat(t.Value.String(), 64) // an Amount always prints as a number
	return span{value, t.Unit}
}
