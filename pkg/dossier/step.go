package dossier

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/worktime"
)

// Step is one step of the process as this dossier goes through it. Steps of one stage run side by side; the next stage begins when all
// of them are done.
type Step struct {
	No        int            `json:"no"`
	Stage     int            `json:"stage"` // 1 up
	Name      string         `json:"name"`
	AgencyID  uuid.UUID      `json:"agency_id"`
	Role      string         `json:"role"`
	Term      *worktime.Term `json:"term,omitempty"`
	Output    string         `json:"output,omitempty"`
	StartedAt *time.Time     `json:"started_at,omitempty"`
	Mark      *Mark          `json:"mark,omitempty"` // nil for a step with no time of its own
	Assigned  *Assignment    `json:"assigned,omitempty"`
	TakenAt   *time.Time     `json:"taken_at,omitempty"`
	TakenBy   *By            `json:"taken_by,omitempty"`
	DoneAt    *time.Time     `json:"done_at,omitempty"`
	DoneBy    *By            `json:"done_by,omitempty"`
	Note      string         `json:"note,omitempty"`
}

// Assignment (phân công) says who is to do a step: a unit of the step's agency, and in it a main officer (chủ trì) with others in support
// (phối hợp). The main officer takes the step; until then a unit's step is anybody's there.
type Assignment struct {
	UnitID  uuid.UUID `json:"unit_id,omitzero"`
	Main    *Officer  `json:"main,omitempty"`
	Support []Officer `json:"support,omitempty"`
}

// Officer is one of the staff, as named then.
type Officer struct {
	ID       uuid.UUID `json:"id"`
	Name     string    `json:"name"`
	AgencyID uuid.UUID `json:"agency_id,omitzero"`
}

// Desks are the agencies beside its own that the step is assigned to: a unit, and where its officers work.
func (s Step) Desks() []uuid.UUID {
	if s.Assigned == nil {
		return nil
	}
	named := []uuid.UUID{s.Assigned.UnitID}
	if s.Assigned.Main != nil {
		named = append(named, s.Assigned.Main.AgencyID)
	}
	for _, o := range s.Assigned.Support {
		named = append(named, o.AgencyID)
	}
	var all []uuid.UUID
	for _, id := range named {
		if id != uuid.Nil && id != s.AgencyID && !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

// planned is the step as it was before it began.
func (s Step) planned() Step {
	return Step{No: s.No, Stage: s.Stage, Name: s.Name, AgencyID: s.AgencyID, Role: s.Role, Term: s.Term, Output: s.Output}
}

// Officer who has the step in hand: whoever took it, else the one that it is assigned to. It is nil while it is anybody's.
func (s Step) Officer() *Officer {
	switch {
	case s.TakenBy != nil:
		return &Officer{s.TakenBy.ID, s.TakenBy.Name, s.TakenBy.AgencyID}
	case s.Assigned != nil:
		return s.Assigned.Main
	}
	return nil
}

// Turn is a span in which a dossier lay with one agency, for one of its steps or, with number 0, at the counter that received it.
type Turn struct {
	StepNo   int        `json:"step_no,omitempty"`
	AgencyID uuid.UUID  `json:"agency_id"`
	From     time.Time  `json:"from"`
	To       time.Time  `json:"to"`
	TakenAt  *time.Time `json:"taken_at,omitempty"`  // when the agency took the step over
	LateFrom *time.Time `json:"late_from,omitempty"` // of the step then
}

// Wait is a span in which a step waits for somebody outside the office. Whoever began it answers for it; To is nil while it lasts.
type Wait struct {
	StepNo     int        `json:"step_no"`
	Cause      PauseCause `json:"cause"`
	Body       string     `json:"body"` // who is waited for
	From       time.Time  `json:"from"`
	To         *time.Time `json:"to,omitempty"`
	AnswerBy   *time.Time `json:"answer_by,omitempty"` // until when an answer is to come; always there while the clock stands for it
	Owner      By         `json:"owner"`
	StopsClock bool       `json:"stops_clock,omitempty"`
	Answer     string     `json:"answer,omitempty"`
}

// Step is the first of the steps under way, nil if none is.
func (d Dossier) Step() *Step { return d.step(d.StepNo) }

func (d Dossier) step(no int) *Step {
	if no < 1 || no > len(d.Steps) {
		return nil
	}
	return &d.Steps[no-1]
}

// UnderWay are the steps under way: those of the stage that are not done yet.
func (d Dossier) UnderWay() []*Step {
	first := d.Step()
	if first == nil {
		return nil
	}
	var all []*Step
	for i := range d.Steps {
		if s := &d.Steps[i]; s.Stage == first.Stage && s.DoneAt == nil {
			all = append(all, s)
		}
	}
	return all
}

// IsUnderWay says whether the numbered step is.
func (d Dossier) IsUnderWay(no int) bool {
	return slices.ContainsFunc(d.UnderWay(), func(s *Step) bool { return s.No == no })
}

// InReach says whether the agency of the numbered step still has to do with the dossier: the step is of the stage under way, done or not,
// or of the one before, which may be recalled as long as nobody has taken what follows; or it was begun before and comes again.
func (d Dossier) InReach(no int) bool {
	first, s := d.Step(), d.step(no)
	if first == nil || s == nil {
		return false
	}
	if s.StartedAt == nil {
		return len(d.turnsOf(no)) > 0
	}
	return s.Stage == first.Stage || s.Stage == first.Stage-1
}

// turnsOf are the turns of a step that are over.
func (d Dossier) turnsOf(no int) []Turn {
	var all []Turn
	for _, t := range d.Turns {
		if t.StepNo == no {
			all = append(all, t)
		}
	}
	return all
}

// Beside is a step of the same stage as the numbered one that another agency has done or has in hand, nil if there is none.
func (d Dossier) Beside(no int) *Step {
	own := d.step(no)
	if own == nil {
		return nil
	}
	for i := range d.Steps {
		if s := &d.Steps[i]; s.Stage == own.Stage && s.AgencyID != own.AgencyID && (s.DoneAt != nil || s.Officer() != nil) {
			return s
		}
	}
	return nil
}

// StageAfter are the numbers of the steps that begin when the numbered step is done: none while others of its stage are under way, or
// when it is the last stage.
func (d Dossier) StageAfter(no int) []int {
	s := d.step(no)
	if s == nil {
		return d.StepsOf(1)
	}
	for _, other := range d.UnderWay() {
		if other.No != no {
			return nil
		}
	}
	return d.StepsOf(s.Stage + 1)
}

// StepsOf are the numbers of the steps of a stage.
func (d Dossier) StepsOf(stage int) []int {
	var all []int
	for _, s := range d.Steps {
		if s.Stage == stage {
			all = append(all, s.No)
		}
	}
	return all
}

// LeftOpen are the numbers of the steps that a dossier goes on with after a recall or a re-opening: those of the first stage that was not
// done, or the last stage again when all were.
func (d Dossier) LeftOpen() []int {
	for stage := 1; stage <= d.LastStage(); stage++ {
		var all []int
		for _, no := range d.StepsOf(stage) {
			if d.Steps[no-1].DoneAt == nil {
				all = append(all, no)
			}
		}
		if len(all) > 0 {
			return all
		}
	}
	return d.StepsOf(d.LastStage())
}

// LastStage is the number of the stage in which the dossier is finished; 0 without steps.
func (d Dossier) LastStage() int {
	if n := len(d.Steps); n > 0 {
		return d.Steps[n-1].Stage
	}
	return 0
}

// waitStops says whether the clock of the dossier would stand for a wait that begins at the instant: for a cause that its procedure
// excludes, and not any more once it is late. While the clock stands for another step already, the date does not pass.
func (d Dossier) waitStops(w *Wait, at time.Time) bool {
	return w != nil && slices.Contains(d.Procedure.Excluded, w.Cause) && (d.Suspended() != nil || !d.late(at))
}

// stoppedFor is an open wait for which the clock stands, of any step but the one named; nil if there is none.
func (d Dossier) stoppedFor(but int) *Wait {
	for i := range d.Waits {
		if w := &d.Waits[i]; w.To == nil && w.StopsClock && w.StepNo != but {
			return w
		}
	}
	return nil
}

// clockWaits is how often the clock stood for somebody outside.
func (d Dossier) clockWaits() int {
	n := 0
	for _, w := range d.Waits {
		if w.StopsClock {
			n++
		}
	}
	return n
}

// clockBills is how often the clock stood until something was paid.
func (d Dossier) clockBills() int {
	n := 0
	for _, p := range d.Pauses {
		if p.Cause == ForPayment {
			n++
		}
	}
	return n
}

// Question is what somebody outside has not answered yet: by when it is to be, and whose it is to look after that.
type Question struct {
	StepNo   int // that waits; 0 where the applicant was asked for papers or money
	By       time.Time
	AgencyID uuid.UUID
	UserID   uuid.UUID
}

// Question is the one to be answered first: the applicant's, which is whoever's asked, or that of a step that waits for a body outside, which is
// its officer's. It is nil where nobody is asked, or by no day.
func (d Dossier) Question() *Question {
	var q *Question
	if by := d.AnswerBy(); by != nil {
		q = &Question{By: *by, AgencyID: d.Asked.By.AgencyID, UserID: d.Asked.By.ID}
	}
	for i := range d.Waits {
		w := &d.Waits[i]
		if w.To != nil || w.AnswerBy == nil || q != nil && !w.AnswerBy.Before(q.By) {
			continue
		}
		q = &Question{StepNo: w.StepNo, By: *w.AnswerBy, AgencyID: w.Owner.AgencyID, UserID: w.Owner.ID}
		if s := d.step(w.StepNo); s != nil {
			q.AgencyID = s.AgencyID
			if x := s.Officer(); x != nil {
				q.UserID = x.ID
			}
		}
	}
	return q
}

// waiting is the open wait of the step, nil if there is none; number 0 asks for that of any.
func (d Dossier) waiting(step int) *Wait {
	for i := range d.Waits {
		if w := &d.Waits[i]; w.To == nil && (step == 0 || w.StepNo == step) {
			return w
		}
	}
	return nil
}
