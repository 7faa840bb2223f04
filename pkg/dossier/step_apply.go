package dossier

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// begin makes the numbered steps those under way; with none, the first that is left of the stage comes to the front.
func (d *Dossier) begin(steps []int, at time.Time, f Facts) {
	for _, no := range steps {
		s := d.step(no)
		*s = s.planned()
		s.StartedAt = ptr(at)
	}
	if len(steps) > 0 {
		d.StepNo = steps[0]
	} else if left := d.UnderWay(); len(left) > 0 {
		d.StepNo = left[0].No
	}
	d.mark(f)
	if s := d.Step(); s != nil {
		d.HolderID = s.AgencyID
	}
}

// mark gives steps the times that the event says.
func (d *Dossier) mark(f Facts) {
	for i := range f.StepMarks {
		if s := d.step(f.StepMarks[i].No); s != nil {
			s.Mark = &f.StepMarks[i].Mark
		}
	}
}

func (d *Dossier) complete(no int, e Event, note string) {
	if s := d.step(no); s != nil {
		s.DoneAt, s.DoneBy, s.Note = ptr(e.At), ptr(e.By), note
		if s.TakenAt == nil {
			s.TakenAt, s.TakenBy = s.DoneAt, s.DoneBy
		}
		d.leave(*s, e.At)
	}
}

// leave writes down that a step's turn is over.
func (d *Dossier) leave(s Step, at time.Time) {
	if s.StartedAt == nil {
		return
	}
	t := Turn{StepNo: s.No, AgencyID: s.AgencyID, From: *s.StartedAt, To: at, TakenAt: s.TakenAt}
	if s.Mark != nil {
		t.LateFrom = ptr(s.Mark.LateFrom)
	}
	d.Turns = append(d.Turns, t)
}

// leaveCounter writes down that the dossier lay at its counter until then.
func (d *Dossier) leaveCounter(at time.Time) {
	if d.AcceptedAt == nil || d.StepNo > 0 {
		return
	}
	from := *d.AcceptedAt
	if n := len(d.Turns); n > 0 && d.Turns[n-1].To.After(from) { // recalled, and no steps to go back to
		from = d.Turns[n-1].To
	}
	d.Turns = append(d.Turns, Turn{AgencyID: d.ReceivingID, From: from, To: at})
}

// leaveStage ends the turns of all steps under way, which have not begun then.
func (d *Dossier) leaveStage(at time.Time) {
	for _, s := range d.UnderWay() {
		d.leave(*s, at)
		*s = s.planned()
	}
}

// takeBack gives a completed step back to who completed it, for another turn. What followed on it has not begun then; the steps beside it go on.
func (d *Dossier) takeBack(e Event, f Facts) {
	s := d.step(f.StepNo)
	if s == nil {
		return
	}
	if first := d.Step(); first != nil && first.Stage != s.Stage {
		d.leaveStage(e.At)
	}
	again := s.planned()
	again.Assigned, again.StartedAt, again.TakenAt, again.TakenBy = s.Assigned, ptr(e.At), ptr(e.At), s.DoneBy
	*s, d.StepNo = again, s.No
	d.begin(nil, e.At, f)
}

// assign gives the step to others. Whoever has taken it and stays its main officer has it in hand as before.
func (s *Step) assign(to *Assignment) {
	if s.TakenBy != nil && (to == nil || to.Main == nil || to.Main.ID != s.TakenBy.ID) {
		s.TakenAt, s.TakenBy = nil, nil
	}
	s.Assigned = to
}

func (d *Dossier) bringIn(desks []uuid.UUID) {
	for _, id := range desks {
		if !slices.Contains(d.Desks, id) {
			d.Desks = append(slices.Clip(d.Desks), id)
		}
	}
}

func (d *Dossier) wait(e Event, f Facts) {
	if f.Wait == nil {
		return
	}
	w := *f.Wait
	w.StepNo, w.From, w.Owner, w.StopsClock = f.StepNo, e.At, e.By, f.StopsClock
	d.Waits = append(d.Waits, w)
	if w.StopsClock && d.Suspended() == nil {
		d.Pauses = append(d.Pauses, Pause{From: e.At, Cause: w.Cause})
	}
}

func (d *Dossier) goOn(e Event, f Facts) {
	w := d.waiting(f.StepNo)
	if w == nil {
		return
	}
	w.To, w.Answer = ptr(e.At), f.Note
	if w.StopsClock && d.stoppedFor(0) == nil {
		d.closePause(e.At)
		d.promise(e, f)
	}
	d.mark(f)
}
