package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/worktime"
)

func lasting(value string, unit worktime.Unit) *worktime.Term {
	n, err := worktime.ParseAmount(value)
	if err != nil {
		panic(err)
	}
	return &worktime.Term{Value: n, Unit: unit}
}

// wrongIn is what is wrong with a process that has steps in these stages, each of which takes so long.
func wrongIn(within, each *worktime.Term, stages ...int) fault.Fields {
	p := catalog.Procedure{Terms: []catalog.Term{{Statutory: within}}}
	steps := make([]catalog.Step, len(stages))
	for i := range steps {
		steps[i] = catalog.Step{Stage: stages[i], Name: "Bước", Agency: catalog.AtDeciding, Role: "OFFICER", Term: each}
	}
	var wrong fault.Fields
	p.CheckProcess(steps, []string{"OFFICER"}, &wrong)
	return wrong
}

func TestTheTimesOfAProcessAddUpExactly(t *testing.T) {
	t.Parallel()
	day := &worktime.Term{Unit: worktime.SameDay}
	for _, x := range []struct {
		name   string
		within *worktime.Term
		steps  int
		each   *worktime.Term
		want   string // that the steps take; "" where it fits
	}{
		{"a hundred quarters of an hour less a minute", day, 100, lasting("14", worktime.Minute), "23.3333 hours"},
		{"as many as fit", lasting("140", worktime.Hour), 100, lasting("84", worktime.Minute), ""},
		{"one minute more than fits", lasting("8", worktime.Hour), 1, lasting("481", worktime.Minute), "8.0167 hours"},
		{"five days of seven", lasting("5", worktime.WorkingDay), 7, lasting("1", worktime.CalendarDay), ""},
		{"and one more", lasting("5", worktime.WorkingDay), 8, lasting("1", worktime.CalendarDay), "45.7143 hours"},
		{"tenths of an hour", lasting("1", worktime.Hour), 11, lasting("0.1", worktime.Hour), "1.1 hours"},
		{"years, of months with fifteen working days", lasting("99", worktime.Year), 2, lasting("99", worktime.Year), "285120 hours"},
	} {
		got := wrongIn(x.within, x.each, make([]int, x.steps)...)
		switch {
		case x.want == "" && len(got) > 0:
			t.Errorf("%s: %v", x.name, got)
		case x.want != "" && (len(got) != 1 || got[0].Code != "too-long-process" || !strings.HasPrefix(got[0].Detail, "its steps take "+x.want)):
			t.Errorf("%s: %v, want %s", x.name, got, x.want)
		}
	}
}

func TestStagesAreOfAllStepsOrOfNone(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		stages []int
		want   []string // steps whose stage is wrong
	}{
		{[]int{0, 0, 0}, nil},
		{[]int{1, 1, 2}, nil},
		{[]int{3, 5, 9}, nil},
		{[]int{1, 0, 1}, []string{"process[1].stage required"}},
		{[]int{0, 1, 2}, []string{"process[0].stage required"}},
		{[]int{2, 0, 1}, []string{"process[1].stage required", "process[2].stage order"}},
		{[]int{2, 1, 3}, []string{"process[1].stage order"}},
		{[]int{-1, 1, 2}, []string{"process[0].stage order"}},
	} {
		var got []string
		for _, f := range wrongIn(lasting("5", worktime.WorkingDay), nil, x.stages...) {
			if f.Code != "no-end" {
				got = append(got, f.Name+" "+f.Code)
			}
		}
		if !slices.Equal(got, x.want) {
			t.Errorf("%v: %v, want %v", x.stages, got, x.want)
		}
	}
}
