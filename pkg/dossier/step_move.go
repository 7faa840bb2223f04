package dossier

import (
	"slices"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/fault"
)

// OfStep says whether an action is about one step of the process, and so has to name it.
func (a Action) OfStep() bool { return slices.Contains(ofStep, a) }

var ofStep = []Action{Take, Assign, GiveBack, CompleteStep, SendBack, RecallStep, BeginWait, EndWait, Contribute}

// StepOf is the step that an action is about: the named one, or with number 0 the only one that it could be about; 0 where several could
// be meant or none.
func (d Dossier) StepOf(a Action, named int) int {
	if named != 0 || !a.OfStep() {
		return named
	}
	if could := d.StepsFor(a); len(could) == 1 {
		return could[0]
	}
	return 0
}

// StepsFor are the numbers of the steps that an action could be about now: those under way, or for a recall those that were done last, of the stage
// under way or, where none of it is done, of the one before.
func (d Dossier) StepsFor(a Action) []int {
	var all []int
	if a != RecallStep {
		for _, s := range d.UnderWay() {
			all = append(all, s.No)
		}
		return all
	}
	first := d.Step()
	if first == nil {
		return nil
	}
	for _, stage := range []int{first.Stage, first.Stage - 1} {
		for _, no := range d.StepsOf(stage) {
			if d.Steps[no-1].DoneAt != nil {
				all = append(all, no)
			}
		}
		if len(all) > 0 {
			break
		}
	}
	return all
}

// endedBy is the step that the action ends, nil where it ends none.
func (d Dossier) endedBy(a Action, no int) *Step {
	switch a {
	case CompleteStep:
		return d.step(d.StepOf(a, no))
	case Finish:
		return d.Step()
	}
	return nil
}

// handedOn says whether the step came to its agency from another one: from the counter, or from a step of the stage before.
func (d Dossier) handedOn(s Step) bool {
	if s.Stage == 1 {
		return s.AgencyID != d.ReceivingID
	}
	return slices.ContainsFunc(d.Steps, func(x Step) bool { return x.Stage == s.Stage-1 && x.AgencyID != s.AgencyID })
}

// canStep says why the steps of the dossier do not allow an action, nil if they do.
func (d Dossier) canStep(a Action, no int) error {
	if err := d.canWhileWaiting(a, no); err != nil {
		return err
	}
	if a == Finish && d.State == InProgress {
		if open := d.UnderWay(); len(open) > 1 || len(open) == 1 && open[0].Stage < d.LastStage() {
			return fault.New(fault.Conflict, "steps-open", "step %d of %d is under way; complete the steps first", open[0].No, len(d.Steps))
		}
	}
	if !a.OfStep() {
		return nil
	}
	s := d.step(no)
	if could := d.StepsFor(a); no == 0 && len(could) > 1 {
		var wrong fault.Fields
		wrong.Add("step", "required", "is missing: steps %v could be meant", could)
		e := fault.New(fault.Invalid, "step-required", "%s is about one step; say which of %v", a, could)
		e.Fields = wrong
		return e
	}
	if s == nil && no > 0 {
		var wrong fault.Fields
		wrong.Add("step", "unknown", "is the number of none of the dossier's %d steps", len(d.Steps))
		return wrong.Err("no-step", "the dossier has no such step")
	}
	if s == nil {
		return fault.New(fault.Conflict, "no-step", "the dossier has no step that %s could be about", a)
	}
	if a == RecallStep {
		return d.canRecall(*s)
	}
	switch {
	case !d.IsUnderWay(no):
		return fault.New(fault.Conflict, "step-not-under-way", "step %d is not under way", no)
	case a == Take && s.TakenBy != nil:
		return fault.New(fault.Conflict, "step-taken", "step %d was already taken by %s", no, s.TakenBy.Name)
	case a == GiveBack && s.Officer() == nil:
		return fault.New(fault.Conflict, "step-not-taken", "nobody has step %d in hand", no)
	case a == CompleteStep && s.Stage == d.LastStage() && len(d.UnderWay()) == 1:
		return fault.New(fault.Conflict, "last-step", "step %d is the last one; finish the dossier", no)
	case a == SendBack && s.Stage == 1:
		return fault.New(fault.Conflict, "first-stage", "there is no stage before that of step %d", no)
	case a == EndWait && d.waiting(no) == nil:
		return fault.New(fault.Conflict, "no-wait", "step %d waits for nobody", no)
	}
	return nil
}

// canWhileWaiting says why a dossier of which a step waits for somebody outside does not allow the action, nil if it does. A step that
// waits is not over; and while the clock stands for it, it can neither stop for the applicant as well nor move its date. Other steps may wait
// beside it: the clock then stands until the last of them goes on.
func (d Dossier) canWhileWaiting(a Action, no int) error {
	w := d.waiting(0)
	if w == nil {
		return nil
	}
	own := d.waiting(no)
	switch a {
	case BeginWait, CompleteStep:
		if no > 0 && own != nil {
			return fault.New(fault.Conflict, "waiting", "step %d waits for %s; end the waiting first", no, own.Body)
		}
	case Finish, SendBack, RecallStep:
		if s := d.step(no); a == RecallStep && s != nil && s.Stage == d.Step().Stage { // the one that waits goes on waiting
			break
		}
		return fault.New(fault.Conflict, "waiting", "step %d waits for %s; end the waiting first", w.StepNo, w.Body)
	}
	if w = d.stoppedFor(0); w != nil {
		switch a {
		case RequestSupplement, RequestPayment, ApproveExtension:
			return fault.New(fault.Conflict, "clock-stopped", "the clock stands while step %d waits for %s; end the waiting first", w.StepNo, w.Body)
		}
	}
	return nil
}

// canRecall says why a completed step cannot be taken back: while others of its stage are under way it can, afterwards only as long as nobody has
// touched what follows on it.
func (d Dossier) canRecall(s Step) error {
	first := d.Step()
	if first == nil || s.DoneAt == nil || s.Stage != first.Stage && s.Stage != first.Stage-1 {
		return fault.New(fault.Conflict, "step-not-last", "step %d is neither done in the stage under way nor one that this stage follows on", s.No)
	}
	if s.Stage == first.Stage {
		return nil
	}
	for _, next := range d.Steps {
		if next.Stage == first.Stage && (next.TakenBy != nil || next.DoneAt != nil) {
			return fault.New(fault.Conflict, "step-taken", "step %d, which follows on it, was already taken", next.No)
		}
	}
	return nil
}

// check names what is wrong with an assignment.
func (x *Assignment) check(wrong *fault.Fields) {
	if x == nil || x.UnitID == uuid.Nil && x.Main == nil {
		wrong.Add("assignment", "required", "is missing: name a unit, an officer or both")
		return
	}
	for i, s := range x.Support {
		if x.Main != nil && s.ID == x.Main.ID {
			wrong.Add("assignment.support", "duplicate", "number %d is the main officer", i+1)
		}
	}
}

// check names what is wrong with a wait that is to begin.
func (w *Wait) check(wrong *fault.Fields) {
	if w == nil {
		wrong.Add("wait", "required", "is missing: say for whom and why")
		return
	}
	checkSays("wait.body", w.Body, fault.Say("is missing: who is waited for"), wrong)
	onOneLine("wait.body", w.Body, wrong)
	if !slices.Contains(WaitCauses, w.Cause) {
		wrong.Add("wait.cause", "unknown", "%q is none of %v", w.Cause, WaitCauses)
	}
}
