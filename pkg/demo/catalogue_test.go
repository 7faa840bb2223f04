package demo_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/worktime"
)

func TestTheCatalogueComesToTheFiguresOfTheReport(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		procedures := generate(t, seed, present, 200).Procedures
		got := map[string]int{"all": len(procedures)}
		decisions := map[string]bool{}
		for _, p := range procedures {
			got["home "+string(p.HomeLevel)]++
			levels := 0
			for _, l := range []catalog.Level{catalog.Province, catalog.District, catalog.Commune} {
				if slices.Contains(p.Levels, l) {
					levels++
				}
			}
			if levels >= 2 {
				got["shared"]++
			}
			for _, i := range p.Interconnections {
				got[string(i)]++
			}
			if slices.ContainsFunc(p.Terms, func(t catalog.Term) bool { return t.Statutory != nil && t.Shortened != nil }) {
				got["shortened"]++
			}
			if p.OnTheSpot {
				got["on the spot"]++
			}
			if p.NeedsReview() {
				got["needs review"]++
			}
			decisions[p.DecisionNumber+" "+string(p.DecisionDate)] = true
		}
		got["decisions"] = len(decisions)
		want := map[string]int{
			"all": 1854, "home PROVINCE": 1434, "home DISTRICT": 265, "home COMMUNE": 155, "shared": 114,
			"SAME_LEVEL": 1407, "CROSS_LEVEL": 420, "shortened": 354, "on the spot": 151, "decisions": 89,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("seed %d:\n%s", seed, diff)
		}
	}
}

func TestEveryProcedureCanBeWorkedWith(t *testing.T) {
	t.Parallel()
	p := shown(t)
	agencies := map[string]bool{}
	for _, a := range p.Agencies {
		agencies[a.Code] = true
	}
	codes, names, fields := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, x := range p.Procedures {
		if codes[x.Code] || !catalog.CodeWellFormed(x.Code) || x.Code[0] != '9' {
			t.Errorf("code %s is there twice or has not the form of a demonstration's", x.Code)
		}
		if names[x.Name] {
			t.Errorf("%s: %q is there twice", x.Code, x.Name)
		}
		codes[x.Code], names[x.Name], fields[x.FieldCode] = true, true, true
		if x.HomeLevel != catalog.Home(x.Levels) {
			t.Errorf("%s of %v is at home at %s", x.Code, x.Levels, x.HomeLevel)
		}
		if x.DecisionDate < "2021-01-01" || x.DecisionDate > "2023-12-31" || !strings.HasSuffix(x.DecisionNumber, "/QĐ-UBND") {
			t.Errorf("%s was published by %s of %s", x.Code, x.DecisionNumber, x.DecisionDate)
		}
		if strings.Contains(x.Name, "…") || x.Source == "" || len(x.Agencies) == 0 || len(x.Channels) == 0 || len(x.Components) == 0 || x.FeeText == "" {
			t.Errorf("%s is incomplete: %+v", x.Code, x)
		}
		if !x.NoResult && (len(x.Results) == 0 || x.Results[0] == "") {
			t.Errorf("%s has no result", x.Code)
		}
		checkTerms(t, x)
		checkProcess(t, x, agencies)
	}
	if n := len(fields); n < 100 {
		t.Errorf("there are %d fields", n)
	}
}

// checkTerms wants exactly one term for every way in which a dossier can be taken in.
func checkTerms(t *testing.T, x catalog.Procedure) {
	t.Helper()
	variants := []string{""}
	if len(x.Variants) > 0 {
		variants = nil
		for _, v := range x.Variants {
			variants = append(variants, v.Code)
		}
	}
	for _, channel := range x.Channels {
		for _, v := range variants {
			term, err := x.TermFor(channel, v)
			if err == nil {
				err = term.Check()
			}
			if err != nil {
				t.Errorf("%s by %s, variant %q: %v", x.Code, channel, v, err)
			}
		}
	}
	for _, term := range x.Terms {
		if term.Shortened != nil && !(hours(t, *term.Shortened) < hours(t, *term.Statutory)) {
			t.Errorf("%s is shortened from %v to %v", x.Code, term.Statutory, term.Shortened)
		}
	}
}

func checkProcess(t *testing.T, x catalog.Procedure, agencies map[string]bool) {
	t.Helper()
	if n := len(x.Process); x.OnTheSpot != (n == 0) || n == 1 || n > 5 {
		t.Errorf("%s has %d steps", x.Code, n)
		return
	}
	var wrong fault.Fields
	if x.CheckProcess(x.Process, []string{string(staff.Clerk), string(staff.Officer), string(staff.Supervisor)}, &wrong); len(wrong) > 0 {
		t.Errorf("%s: %v", x.Code, wrong)
	}
	var sum float64
	outside := 0
	for _, s := range x.Process {
		switch {
		case s.Agency == catalog.AtDeciding:
		case s.Agency == catalog.AtReceiving && s.Role == string(staff.Clerk):
			outside++
		case agencies[string(s.Agency)]:
			outside++
		default:
			t.Errorf("%s: nobody can do step %+v", x.Code, s)
		}
		if s.Term == nil {
			continue
		}
		if err := s.Term.Check(); err != nil || s.Term.Value.IsZero() {
			t.Errorf("%s: step %+v: %v", x.Code, s, err)
		}
		sum += hours(t, *s.Term)
	}
	if (outside > 0) != (len(x.Interconnections) > 0) && !x.OnTheSpot {
		t.Errorf("%s is interconnected by %v, and %d steps are another agency's", x.Code, x.Interconnections, outside)
	}
	for _, term := range x.Terms {
		if whole := hours(t, *term.Promised()); sum > whole {
			t.Errorf("%s: its steps take %v hours of %v", x.Code, sum, whole)
		}
	}
	for _, v := range x.Variants {
		if whole := hours(t, *v.Terms[0].Promised()); sum > whole {
			t.Errorf("%s: its steps take %v hours of %v in case %s", x.Code, sum, whole, v.Code)
		}
	}
}

// hours is how many working hours a term has at least: of ten calendar days five may be free.
func hours(t *testing.T, term worktime.Term) float64 {
	t.Helper()
	var value float64
	for i, r := range term.Value.String() {
		switch {
		case r == '.':
			if term.Value.String()[i+1:] != "5" {
				t.Fatalf("%v has a fraction that is no half", term.Value)
			}
			return value*perUnit(term.Unit) + perUnit(term.Unit)/2
		default:
			value = value*10 + float64(r-'0')
		}
	}
	if term.Unit == worktime.SameDay {
		value = 1
	}
	return value * perUnit(term.Unit)
}

func perUnit(u worktime.Unit) float64 {
	return map[worktime.Unit]float64{
		worktime.Minute: 1. / 60, worktime.Hour: 1, worktime.WorkingDay: 8, worktime.CalendarDay: 8. * 5 / 8, worktime.Month: 8 * 18, worktime.SameDay: 4,
	}[u]
}
