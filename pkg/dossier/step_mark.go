package dossier

import (
	"fmt"
	"slices"
	"time"

	"github.com/motcua/motcua/pkg/worktime"
)

// begin are the times of steps that begin at the instant: all of their own time at first, and what is left of it each time that they begin again.
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
	if turns := d.turnsOf(no); len(turns) > 0 {
		return r.markAgain(d, turns, from, at)
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

// markAgain is the mark of a step that began again at from, after turns that are over: what those left of its own time runs on. Between its turns
// its clock stands, and it is judged to the second, else each time would give away what is left of a day. Where nothing was left it is late from its
// beginning, and so it is where a turn ended late, whatever calendar that is reckoned by now.
func (r Reckoner) markAgain(d Dossier, turns []Turn, from, at time.Time) (*Mark, error) {
	first, own := turns[0], d.pausesOf(turns[0].StepNo, at)
	within := slices.DeleteFunc(slices.Clone(own), func(p Pause) bool { return !p.To.After(first.From) || !p.From.Before(first.To) })
	p, err := r.Due(Basis{From: first.From, Term: *d.Steps[first.StepNo-1].Term}, within)
	if err != nil || p == nil {
		return nil, err
	}
	left, err := r.Calendar.Elapsed(first.To, p.DueAt)
	if err != nil {
		return nil, fmt.Errorf("what is left of a step's time: %w", err)
	}
	stood, late := spans(own), false
	for i, t := range turns {
		next := from
		if i+1 < len(turns) {
			next = turns[i+1].From
		}
		stood = append(stood, worktime.Pause{From: t.To, To: &next})
		late = late || t.late(own)
	}
	due := from
	if left > 0 && !late {
		if due, err = r.Calendar.Add(first.To, left, stood...); err != nil {
			return nil, fmt.Errorf("what is left of a step's time: %w", err)
		}
	}
	if due.After(from) {
		m, err := r.Mark(due)
		return &m, err
	}
	m, err := r.Mark(from)
	m.OnTimeFrom, m.LateFrom = from, from
	return &m, err
}

// late says whether the turn was late when its clock last ran: that stood at its end where a pause ended with it, as when a dossier is stopped.
func (t Turn) late(own []Pause) bool {
	ran := t.To
	for _, p := range own {
		if p.To.Equal(t.To) {
			ran = earlier(ran, p.From)
		}
	}
	return t.LateFrom != nil && !ran.Before(*t.LateFrom)
}
