package dossier

import (
	"slices"
	"time"
)

// begin are the times of steps that begin at the instant.
func (r Reckoner) begin(d Dossier, steps []int, at time.Time) ([]StepMark, error) {
	return r.stepMarks(d, steps, at, func(Step) time.Time { return at })
}

// goOn is what follows when the numbered step waits no longer: its own clock runs again, and that of the dossier unless it stands for another
// step as well.
func (r Reckoner) goOn(d Dossier, no int, at time.Time, f *Facts) error {
	w := d.waiting(no)
	if w == nil || !w.StopsClock {
		return nil
	}
	var err error
	if d.stoppedFor(no) == nil {
		if f.Basis, f.Promise, err = r.again(d, at); err != nil {
			return err
		}
	}
	f.StepMarks, err = r.onward(d, []int{no}, at)
	return err
}

// onward are the times of steps that have begun, with what has paused them until the instant. A step that was late before its clock stood, or
// before it is reckoned anew, stays late.
func (r Reckoner) onward(d Dossier, steps []int, at time.Time) ([]StepMark, error) {
	marks, err := r.stepMarks(d, steps, at, func(s Step) time.Time { return *s.StartedAt })
	for i, m := range marks {
		since := at
		if from := d.stoodSince(m.No); from != nil {
			since = *from
		}
		if old := d.step(m.No).Mark; old != nil {
			marks[i].Mark = m.notAfter(*old, since)
		}
	}
	return marks, err
}

// begun are the numbers of the steps under way that have begun.
func (d Dossier) begun() []int {
	var all []int
	for _, s := range d.UnderWay() {
		if s.StartedAt != nil {
			all = append(all, s.No)
		}
	}
	return all
}

// running are those of them whose own clock runs.
func (d Dossier) running() []int {
	return slices.DeleteFunc(d.begun(), d.StepStands)
}

// stoodSince is since when the clock of a step stands, nil while it runs. Every step has its own: it stands for what the applicant was asked
// for, and while the step itself waits for somebody outside, not for the waits of others.
func (d Dossier) stoodSince(no int) *time.Time {
	if p := d.Suspended(); p != nil && p.Cause.ofApplicant() {
		return &p.From
	}
	if w := d.waiting(no); w != nil && w.StopsClock {
		return &w.From
	}
	return nil
}

// StepStands says whether the clock of a step stands.
func (d Dossier) StepStands(no int) bool { return d.stoodSince(no) != nil }

// pausesOf are the pauses of a step's own clock, with an open one closed at the instant.
func (d Dossier) pausesOf(no int, at time.Time) []Pause {
	all := slices.DeleteFunc(d.PausesUntil(at), func(p Pause) bool { return !p.Cause.ofApplicant() })
	for _, w := range d.Waits {
		if w.StepNo == no && w.StopsClock {
			p := Pause{From: w.From, To: w.To, Cause: w.Cause}
			if p.To == nil {
				p.To = &at
			}
			all = append(all, p)
		}
	}
	return all
}

// ofApplicant says whether it is the applicant who is waited for.
func (c PauseCause) ofApplicant() bool { return c == ForSupplement || c == ForPayment }

func (r Reckoner) stepMarks(d Dossier, steps []int, at time.Time, from func(Step) time.Time) ([]StepMark, error) {
	var all []StepMark
	for _, no := range steps {
		mark, err := r.stepMark(d, no, from(d.Steps[no-1]), at)
		if err != nil {
			return nil, err
		}
		if mark != nil {
			all = append(all, StepMark{no, *mark})
		}
	}
	return all, nil
}

// stepMark is the mark of step no, which began at from and runs (again) since at; nil for a step without a time of its own.
func (r Reckoner) stepMark(d Dossier, no int, from, at time.Time) (*Mark, error) {
	if no < 1 || no > len(d.Steps) || d.Steps[no-1].Term == nil {
		return nil, nil
	}
	var within []Pause
	for _, p := range d.pausesOf(no, at) {
		if p.To.After(from) {
			within = append(within, p)
		}
	}
	p, err := r.Due(Basis{From: from, Term: *d.Steps[no-1].Term}, within)
	if err != nil || p == nil {
		return nil, err
	}
	return &p.Mark, nil
}
