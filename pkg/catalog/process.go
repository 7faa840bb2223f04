package catalog

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/worktime"
)

// Stages puts the steps of a process into stages: those of one number run side by side, one without a number is a stage of its own. The
// answer numbers them 1 up.
func Stages(steps []Step) []Step {
	all, stage, last := slices.Clone(steps), 0, 0
	for i, s := range steps {
		if i == 0 || s.Stage == 0 || s.Stage != last {
			stage++
		}
		all[i].Stage, last = stage, s.Stage
	}
	return all
}

// CheckProcess names all that is wrong with a process: a step without a name, a role that takes no steps, stages out of order or of some steps
// only, no step in which it ends, steps that together take longer than the procedure may. roles are those that take steps. Whether the agencies
// exist is for whoever knows them to ask.
func (p Procedure) CheckProcess(steps []Step, roles []string, wrong *fault.Fields) {
	staged, last := slices.ContainsFunc(steps, func(s Step) bool { return s.Stage != 0 }), 0
	for i, s := range steps {
		at := fmt.Sprintf("process[%d]", i)
		if strings.TrimSpace(s.Name) == "" {
			wrong.Add(at+".name", "required", "is missing")
		}
		if s.Agency == "" {
			wrong.Add(at+".agency", "required", "is missing: DECIDING, RECEIVING, COMMUNE or the code of an agency")
		}
		if !slices.Contains(roles, s.Role) {
			wrong.Add(at+".role", "unknown", "%q is none of %v", s.Role, roles)
		}
		switch {
		case s.Stage == 0 && staged:
			wrong.Add(at+".stage", "required", "is missing: other steps have one; number the stage of every step, or of none")
		case s.Stage < 0 || s.Stage > 0 && s.Stage < last:
			wrong.Add(at+".stage", "order", "comes before that of the step before it")
		}
		if s.Stage > 0 {
			last = s.Stage
		}
		if s.Term != nil {
			if err := s.Term.Check(); err != nil {
				wrong.Add(at+".term", "term-invalid", "%v", err)
			}
		}
	}
	steps = Stages(steps)
	switch n := len(steps); {
	case n == 0 && !p.OnTheSpot:
		wrong.Add("process", "required", "has no step, and the procedure is not done on the spot: there is no way to the end")
	case n > 1 && steps[n-1].Stage == steps[n-2].Stage:
		wrong.Add(fmt.Sprintf("process[%d].stage", n-1), "no-end", "has other steps beside it; the last stage is one step, in which the dossier is finished")
	}
	if longest, most, tooLong := outlasts(steps, p.Promised()...); tooLong {
		wrong.Add("process", "too-long-process", "its steps take %s hours of work, and the procedure may take %s", inHours(longest), inHours(most))
	}
}

// CheckTerms names the terms within which the steps of the process cannot be done.
func (p Procedure) CheckTerms(wrong *fault.Fields) {
	check := func(at string, terms []Term) {
		for i, t := range terms {
			promised, field := t.Promised(), "statutory"
			if promised == nil {
				continue
			}
			if t.Shortened != nil {
				field = "shortened"
			}
			if longest, most, tooLong := outlasts(Stages(p.Process), *promised); tooLong {
				wrong.Add(fmt.Sprintf("%s[%d].%s", at, i, field), "too-long-process",
					"gives %s hours of work, and the steps of the process take %s; set a shorter process first", inHours(most), inHours(longest))
			}
		}
	}
	check("terms", p.Terms)
	for i, v := range p.Variants {
		check(fmt.Sprintf("variants[%d].terms", i), v.Terms)
	}
}

// ReviewProcess notes on the record that the steps of its process take longer than it may, or that they no longer do.
func (p *Procedure) ReviewProcess() {
	p.Reviews = slices.DeleteFunc(slices.Clone(p.Reviews), func(r Review) bool { return r.Code == ReviewProcessTooLong })
	if longest, most, tooLong := outlasts(Stages(p.Process), p.Promised()...); tooLong {
		p.review(ReviewProcessTooLong, "the steps of its process take %s hours of work, and it may take %s", inHours(longest), inHours(most))
	}
}

// outlasts says whether stages take longer than one of the terms gives, and how long both are.
func outlasts(stages []Step, terms ...worktime.Term) (longest, most int64, tooLong bool) {
	longest = longestOf(stages)
	for _, t := range terms {
		if most, dated := atMost(t); dated && longest > most {
			return longest, most, true
		}
	}
	return longest, 0, false
}

// longestOf is the least time that the stages take one after another, in units of work; of steps side by side the longest counts.
func longestOf(steps []Step) int64 {
	var sum, stage int64
	for i, s := range steps {
		if i > 0 && s.Stage != steps[i-1].Stage {
			sum, stage = sum+stage, 0
		}
		if s.Term != nil {
			stage = max(stage, atLeast(*s.Term))
		}
	}
	return sum + stage
}

// Work is counted in sevenths of a second, in which five days of seven come out even, and the most and least working days that a month can have.
const (
	hourOfWork           = 7 * 3600
	dayOfWork            = 8 * hourOfWork
	mostDays, fewestDays = 23, 15
	longerThanAnything   = 1 << 50
)

// atMost is the most work that fits into a term; dated says whether the term has an end at all.
func atMost(t worktime.Term) (units int64, dated bool) {
	return work(t, dayOfWork, mostDays), t.Dated()
}

// atLeast is the least work that a term stands for: of calendar days, five in seven.
func atLeast(t worktime.Term) int64 { return work(t, dayOfWork/7*5, fewestDays) }

// work is that of a term, of which a calendar day has as much as day, and a month so many working days.
func work(t worktime.Term, day, month int64) int64 {
	if t.Unit == worktime.SameDay {
		return day
	}
	n, ok := t.Value.Times(map[worktime.Unit]int64{
		worktime.Minute: hourOfWork / 60, worktime.Hour: hourOfWork, worktime.WorkingDay: dayOfWork, worktime.CalendarDay: day,
		worktime.Month: dayOfWork * month, worktime.Year: dayOfWork * month * 12,
	}[t.Unit])
	if !ok {
		return longerThanAnything
	}
	return min(n, longerThanAnything)
}

// inHours tells work to the second.
func inHours(units int64) string {
	return strconv.FormatFloat(math.Round(float64(units)/hourOfWork*1e4)/1e4, 'f', -1, 64)
}
