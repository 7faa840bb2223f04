package dossier_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/worktime"
)

// Three steps side by side wait, go on and are done at random. Their clocks are reckoned here hour by hour.
func TestStepsThatWaitSideBySideKeepTheirOwnTime(t *testing.T) {
	t.Parallel()
	c, err := worktime.Compile(worktime.Definition{Zone: "UTC", Week: allDay()})
	if err != nil {
		t.Fatal(err)
	}
	r := dossier.Reckoner{Calendar: c, Name: "all", Rules: dossier.RuleSet{
		ID: "test", Rules: worktime.Rules{First: worktime.FirstCalendar, End: worktime.EndClosing, Verdict: worktime.ByInstant},
	}}
	late, twice := 0, 0
	for seed := range uint64(300) {
		l := besideLife{t: t, r: r, random: rand.New(rand.NewPCG(seed, 0))} //nolint:gosec // chance of a test
		l.begin()
		for l.d.FinishedAt == nil {
			l.hour()
			if len(l.waiting(true)) > 1 {
				twice++
			}
		}
		if l.compare(fmt.Sprint(seed)) > 0 {
			late++
		}
	}
	if late == 0 || twice == 0 {
		t.Errorf("%d dossiers are late, %d hours in which two waited: that shows nothing", late, twice)
	}
}

func allDay() worktime.Week {
	w := worktime.Week{}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		w[day] = []worktime.Span{{"00:00", "24:00"}}
	}
	return w
}

type besideLife struct {
	t      *testing.T
	r      dossier.Reckoner
	random *rand.Rand
	d      dossier.Dossier
	now    int // hours
	used   [4]int64
	stood  int64
}

func (l *besideLife) act(a dossier.Action, f dossier.Facts) {
	l.t.Helper()
	m := at(l.now)
	if err := l.r.Dates(l.d, a, m.At, worktime.Term{}, &f); err != nil {
		l.t.Fatalf("%s: %v", a, err)
	}
	next, _, err := l.d.Act(a, m, f)
	if err != nil {
		l.t.Fatalf("%s: %v", a, err)
	}
	l.d = next
}

func (l *besideLife) begin() {
	term := func(hours uint32) *worktime.Term {
		return &worktime.Term{Value: worktime.Whole(hours), Unit: worktime.Hour}
	}
	in := intake(0)
	in.Procedure.Excluded = []dossier.PauseCause{dossier.ForOpinion}
	for no := range 3 {
		in.Steps = append(in.Steps, dossier.PlannedStep{
			Stage: 1, Name: fmt.Sprint(no + 1), AgencyID: uuid.New(), Role: "OFFICER", Term: term(uint32(3 + 4*no)), //nolint:gosec // small
		})
	}
	basis, p, err := l.r.First(at(0).At, *term(20))
	if err != nil {
		l.t.Fatal(err)
	}
	if l.d, _, err = dossier.Open(dossier.WasReceived, at(0), dossier.Facts{Intake: in, Basis: basis, Promise: p}); err != nil {
		l.t.Fatal(err)
	}
	l.act(dossier.HandOver, dossier.Facts{})
}

// waiting are the steps that wait, or those of them whose clock stands.
func (l *besideLife) waiting(stopped bool) map[int]bool {
	all := map[int]bool{}
	for _, w := range l.d.Waits {
		if w.To == nil && (w.StopsClock || !stopped) {
			all[w.StepNo] = true
		}
	}
	return all
}

// hour lets one pass and then does something.
func (l *besideLife) hour() {
	waiting, standing := l.waiting(false), l.waiting(true)
	for _, s := range l.d.UnderWay() {
		if !waiting[s.No] { // whom it waits for has it then
			l.used[s.No] += 3600
		}
	}
	if len(standing) > 0 {
		l.stood++
	}
	if (l.d.Suspended() != nil) != (len(standing) > 0) {
		l.t.Errorf("the clock of the dossier at hour %d, with %v standing: %+v", l.now, standing, l.d.Pauses)
	}
	l.now++
	for _, s := range l.d.UnderWay() {
		switch f := (dossier.Facts{StepNo: s.No}); {
		case l.random.IntN(3) > 0:
		case l.d.Can(dossier.EndWait, s.No) == nil:
			f.Note = "đã có"
			l.act(dossier.EndWait, f)
		case l.random.IntN(3) > 0:
			f.Wait = &dossier.Wait{Cause: dossier.ForOpinion, Body: "Thuế"}
			l.act(dossier.BeginWait, f)
		case l.d.Can(dossier.CompleteStep, s.No) == nil:
			l.act(dossier.CompleteStep, f)
		case l.d.Can(dossier.Finish, 0) == nil:
			l.act(dossier.Finish, dossier.Facts{Result: &dossier.Result{Summary: "Kết quả", Number: "12/KQ"}})
		}
		if l.d.FinishedAt != nil {
			return
		}
	}
}

// compare holds legs and dates against what was counted, and says by how much the dossier is late.
func (l *besideLife) compare(name string) int64 {
	l.t.Helper()
	legs, err := l.r.Legs(l.d, at(l.now).At)
	if err != nil {
		l.t.Fatal(err)
	}
	var sum int64
	for _, x := range legs.Items {
		sum += x.Late
		if x.Outside == "" && x.Used != l.used[x.StepNo] && x.StepNo > 0 {
			l.t.Errorf("%s: step %d used %d, not %d", name, x.StepNo, x.Used, l.used[x.StepNo])
		}
	}
	if sum != legs.Late {
		l.t.Errorf("%s: late by %d, of which the legs bear %d", name, legs.Late, sum)
	}
	if due := at(20 + int(l.stood)).At; legs.Late == 0 && !l.d.Promise().DueAt.Equal(due) {
		l.t.Errorf("%s: due at %s, not %s", name, l.d.Promise().DueAt, due)
	}
	for no, hours := range map[int]int64{1: 3, 2: 7, 3: 11} {
		var waited time.Duration
		for _, w := range l.d.Waits {
			if w.StepNo == no && w.StopsClock {
				waited += w.To.Sub(w.From)
			}
		}
		if m := l.d.Steps[no-1].Mark; l.used[no] <= hours*3600 && !m.DueAt.Equal(at(int(hours)).At.Add(waited)) {
			l.t.Errorf("%s: step %d is due at %s, %d hours and %s after the beginning", name, no, m.DueAt, hours, waited)
		}
	}
	return legs.Late
}
