package catalog

import (
	"fmt"
	"slices"
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

// CheckProcess names all that is wrong with a process: a step without a name, a role that takes no steps, stages out of order, no step
// in which it ends, steps that together take longer than the procedure may. roles are those that take steps. Whether the agencies
// exist is for whoever knows them to ask.
func (p Procedure) CheckProcess(steps []Step, roles []string, wrong *fault.Fields) {
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
		if s.Stage < 0 || i > 0 && s.Stage > 0 && s.Stage < steps[i-1].Stage {
			wrong.Add(at+".stage", "order", "comes before that of the step before it")
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

// longestOf is the least time that the stages take one after another, in quarters of an hour of work; of steps side by side the longest
// counts.
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

// Quarters of an hour of work in a working day, and the most and least working days that a month can have.
const (
	dayOfWork            = 32
	mostDays, fewestDays = 23, 15
)

// atMost is the most work that fits into a term; dated says whether the term has an end at all.
func atMost(t worktime.Term) (quarters int64, dated bool) {
	return work(t, 1, 1, mostDays), t.Dated()
}

// atLeast is the least work that a term stands for: of calendar days, five in seven.
func atLeast(t worktime.Term) int64 { return work(t, 5, 7, fewestDays) }

func work(t worktime.Term, of, days, month int64) int64 {
	n, ok := t.Value.Times(4) // quarters of the unit
	if !ok {
		n = 1 << 40 // longer than anything
	}
	switch t.Unit {
	case worktime.Minute:
		return n / 60
	case worktime.Hour:
		return n
	case worktime.WorkingDay:
		return n * dayOfWork / 4
	case worktime.CalendarDay:
		return n * dayOfWork * of / days / 4
	case worktime.Month:
		return n * dayOfWork * month / 4
	case worktime.Year:
		return n * dayOfWork * month * 12 / 4
	case worktime.SameDay:
		return dayOfWork * of / days
	}
	return 0
}

func inHours(quarters int64) string { return fmt.Sprintf("%g", float64(quarters)/4) }
