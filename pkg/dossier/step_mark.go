package dossier

import "time"

// begin are the times of steps that begin at the instant.
func (r Reckoner) begin(d Dossier, steps []int, at time.Time) ([]StepMark, error) {
	return r.stepMarks(d, steps, at, func(Step) time.Time { return at })
}

// underWay are the times of the steps under way, with what has paused them until the instant. A step that was late before the clock stood, or
// before it is reckoned anew, stays late.
func (r Reckoner) underWay(d Dossier, at time.Time) ([]StepMark, error) {
	var steps []int
	for _, s := range d.UnderWay() {
		if s.StartedAt != nil {
			steps = append(steps, s.No)
		}
	}
	marks, err := r.stepMarks(d, steps, at, func(s Step) time.Time { return *s.StartedAt })
	since := at
	if p := d.Suspended(); p != nil {
		since = p.From
	}
	for i, m := range marks {
		if old := d.step(m.No).Mark; old != nil {
			marks[i].Mark = m.notAfter(*old, since)
		}
	}
	return marks, err
}

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
	for _, p := range d.PausesUntil(at) {
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
