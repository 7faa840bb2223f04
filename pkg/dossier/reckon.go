package dossier

import (
	"fmt"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/worktime"
)

// RuleSet is how dates are reckoned from a day on: law and local practice as data (configs/rules). A dossier keeps the set of its
// day of acceptance.
type RuleSet struct {
	ID            string         `json:"id"`
	EffectiveFrom catalog.Date   `json:"effective_from"`
	Source        string         `json:"source"` // act and article
	Rules         worktime.Rules `json:"rules"`
	// What a supplement does to the term: SHIFT adds the time waited, RESTART gives the full term again (NĐ 61/2018 art. 19).
	SupplementBeforeSteps string `json:"supplement_before_steps"`
	SupplementInSteps     string `json:"supplement_in_steps"`
	// Working hours: for accepting what came online (NĐ 45/2020 art. 11), before due at which to warn, after due at which the level
	// above is told.
	AcceptanceHours int           `json:"acceptance_hours"`
	WarnHours       int           `json:"warn_hours"`
	EscalateHours   int           `json:"escalate_hours"`
	Answer          worktime.Term `json:"answer"` // that an applicant has for a supplement
}

// What a supplement does to the term.
const (
	Shift   = "SHIFT"
	Restart = "RESTART"
)

// RulesOn is the set in force on the date; sets are in any order. The error is Invalid when none is.
func RulesOn(sets []RuleSet, on catalog.Date) (RuleSet, error) {
	var best RuleSet
	for _, s := range sets {
		if s.EffectiveFrom <= on && s.EffectiveFrom >= best.EffectiveFrom {
			best = s
		}
	}
	if best.ID == "" {
		return best, fault.New(fault.Invalid, "no-rules", "no deadline rules are in force on %s", on)
	}
	return best, nil
}

// Reckoner works out dates for one calendar under one rule set. Revision is the calendar's, kept in what is promised.
type Reckoner struct {
	Calendar *worktime.Calendar
	Name     string
	Revision int
	Rules    RuleSet
}

// Due is the promise that a term from the instant leads to, with the pauses taken into account. The promise is nil while the clock
// stands. Numbers, kind and reason are the caller's to add.
func (r Reckoner) Due(from time.Time, term worktime.Term, pauses []Pause) (*Promise, error) {
	spans := make([]worktime.Pause, len(pauses))
	for i, p := range pauses {
		spans[i] = worktime.Pause{From: p.From, To: p.To}
	}
	due, err := r.Calendar.Due(worktime.Request{Start: from, Term: term, Rules: r.Rules.Rules, Pauses: spans})
	if err != nil {
		return nil, fmt.Errorf("due date: %w", err)
	}
	if due.Suspended {
		return nil, nil
	}
	mark, err := r.Mark(due.At, term)
	if err != nil {
		return nil, err
	}
	return &Promise{Mark: mark, Unconfirmed: due.Unconfirmed}, nil
}

// Mark is what follows from a due instant. Terms in minutes and hours are judged to the second whatever the rules say of days.
func (r Reckoner) Mark(due time.Time, term worktime.Term) (Mark, error) {
	verdict := r.Rules.Rules.Verdict
	if term.Unit == worktime.Minute || term.Unit == worktime.Hour {
		verdict = worktime.ByInstant
	}
	m := Mark{DueAt: due, Revision: r.Revision}
	m.OnTimeFrom, m.LateFrom = r.Calendar.Window(due, verdict)
	var err error
	if m.WarnAt, err = r.Calendar.Add(due, -int64(r.Rules.WarnHours)*3600); err != nil {
		return m, fmt.Errorf("warning time: %w", err)
	}
	if m.EscalateAt, err = r.Calendar.Add(due, int64(r.Rules.EscalateHours)*3600); err != nil {
		return m, fmt.Errorf("escalation time: %w", err)
	}
	return m, nil
}

// First is basis and first promise for a dossier accepted at the instant.
func (r Reckoner) First(at time.Time, term worktime.Term) (*Basis, *Promise, error) {
	basis := &Basis{Term: term, Rules: r.Rules.ID, Calendar: r.Name, From: at}
	p, err := r.Due(at, term, nil)
	if err != nil {
		return nil, nil, err
	}
	p.No, p.Kind, p.MadeAt = 1, FirstPromise, at
	return basis, p, nil
}

// AcceptBy is the limit for accepting what came in online at the instant (NĐ 45/2020/NĐ-CP art. 11).
func (r Reckoner) AcceptBy(at time.Time) (*time.Time, error) {
	limit, err := r.Calendar.Add(at, int64(r.Rules.AcceptanceHours)*3600)
	if err != nil {
		return nil, fmt.Errorf("acceptance limit: %w", err)
	}
	return &limit, nil
}

// answerBy is the applicant's own limit for papers asked for at the instant.
func (r Reckoner) answerBy(at time.Time) (*time.Time, error) {
	due, err := r.Calendar.Due(worktime.Request{Start: at, Term: r.Rules.Answer, Rules: r.Rules.Rules})
	if err != nil {
		return nil, fmt.Errorf("answer limit: %w", err)
	}
	return &due.At, nil
}

// Dates adds to the facts of an action at the instant whatever dates follow from it: a first promise on acceptance (then term is the
// procedure's), a new one when the clock runs again, the time of the step that begins, the limits for answers. The office calls it when
// something happens and again when the journal is checked: both must come to the same.
func (r Reckoner) Dates(d Dossier, a Action, at time.Time, term worktime.Term, f *Facts) error {
	var err error
	switch a {
	case Accept:
		f.Basis, f.Promise, err = r.First(at, term)
	case HandOver:
		f.StepMark, err = r.stepMark(d, 1, at, at)
	case CompleteStep:
		f.StepMark, err = r.stepMark(d, d.StepNo+1, at, at)
	case Recall, Reopen:
		f.StepMark, err = r.stepMark(d, len(d.Steps), at, at)
	case RequestPayment:
		f.StopsClock = d.Procedure.PaymentStops
	case RequestSupplement:
		if f.StopsClock = d.Basis != nil; f.StopsClock { // before acceptance no clock runs that could stop
			f.AnswerBy, err = r.answerBy(at)
		}
	case CompleteSupplement, ConfirmPayment:
		err = r.resume(d, a, at, f)
	}
	return err
}

func (r Reckoner) resume(d Dossier, a Action, at time.Time, f *Facts) error {
	var err error
	if d.Basis == nil { // papers came before acceptance: the limit for accepting begins anew
		f.AcceptBy, err = r.AcceptBy(at)
		return err
	}
	if f.Basis, f.Promise, err = r.again(d, at); err != nil {
		return err
	}
	if a == ConfirmPayment && d.StepNo == 0 { // the national table leads from 6 to 4
		f.StepMark, err = r.stepMark(d, 1, at, at)
	} else if s := d.Step(); s != nil && s.StartedAt != nil {
		f.StepMark, err = r.stepMark(d, s.No, *s.StartedAt, at)
	}
	return err
}

// again is what a dossier is promised when its clock runs again at the instant: with the open pause closed, either the date shifted
// or, where the rules say so, the whole term anew (then with a new basis).
func (r Reckoner) again(d Dossier, at time.Time) (*Basis, *Promise, error) {
	open := d.Suspended()
	if open == nil || d.Basis == nil {
		return nil, nil, nil
	}
	policy := Shift
	if open.Cause == ForSupplement {
		policy = r.Rules.SupplementInSteps
		if d.ResumeState == Accepted {
			policy = r.Rules.SupplementBeforeSteps
		}
	}
	if policy == Restart {
		basis, p, err := r.First(at, d.Basis.Term)
		if err != nil {
			return nil, nil, err
		}
		p.No, p.Kind, p.Reason = len(d.Promises)+1, Restarted, string(open.Cause)
		return basis, p, nil
	}
	p, err := r.Due(d.Basis.From, d.Basis.Term, d.pausesUntil(at))
	if err != nil || p == nil {
		return nil, nil, err
	}
	p.No, p.Kind, p.MadeAt, p.Reason = len(d.Promises)+1, AfterPause, at, string(open.Cause)
	return nil, p, nil
}

// stepMark is the mark of step no, which began at from and runs (again) since at; nil for a step without a time of its own.
func (r Reckoner) stepMark(d Dossier, no int, from, at time.Time) (*Mark, error) {
	if no < 1 || no > len(d.Steps) || d.Steps[no-1].Term == nil {
		return nil, nil
	}
	var within []Pause
	for _, p := range d.pausesUntil(at) {
		if p.To.After(from) {
			within = append(within, p)
		}
	}
	p, err := r.Due(from, *d.Steps[no-1].Term, within)
	if err != nil || p == nil {
		return nil, err
	}
	return &p.Mark, nil
}

// pausesUntil are the pauses with an open one closed at the instant.
func (d Dossier) pausesUntil(at time.Time) []Pause {
	all := append([]Pause(nil), d.Pauses...)
	for i := range all {
		if all[i].To == nil {
			all[i].To = &at
		}
	}
	return all
}
