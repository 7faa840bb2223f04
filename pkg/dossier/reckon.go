package dossier

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/worktime"
)

// Reckoner works out dates for one calendar under one rule set. Revision is the calendar's, kept in what is promised.
type Reckoner struct {
	Calendar *worktime.Calendar
	Name     string
	Revision int
	Rules    RuleSet
}

// Due is the promise that the basis leads to, with the pauses taken into account. It is nil while the clock stands, and for a term without
// an appointment. Numbers, kind and reason are the caller's to add. What was granted too late moves the date that is told and the warnings,
// not the one from which on it is late.
func (r Reckoner) Due(b Basis, pauses []Pause) (*Promise, error) {
	if !b.Term.Dated() {
		return nil, nil
	}
	due, err := r.Calendar.Due(r.Question(b, pauses, false))
	if err != nil {
		return nil, fmt.Errorf("due date: %w", err)
	}
	if due.Suspended {
		return nil, nil
	}
	mark, err := r.Mark(due.At, b.terms()...)
	if err != nil {
		return nil, err
	}
	if len(b.Reappointed) > 0 {
		if due, err = r.Calendar.Due(r.Question(b, pauses, true)); err != nil {
			return nil, fmt.Errorf("due date: %w", err)
		}
		if due.Suspended {
			return nil, nil
		}
		told, err := r.Mark(due.At, b.terms()...)
		if err != nil {
			return nil, err
		}
		mark.DueAt, mark.WarnAt, mark.EscalateAt = told.DueAt, told.WarnAt, told.EscalateAt
	}
	return &Promise{Mark: mark, Unconfirmed: due.Unconfirmed}, nil
}

// Question is what the working-time engine is asked for a date: the one that is told the applicant, or the one that lateness counts from.
func (r Reckoner) Question(b Basis, pauses []Pause, told bool) worktime.Request {
	q := worktime.Request{Start: b.From, Term: b.Term, Rules: r.Rules.Rules, Extensions: b.Extensions}
	if told && len(b.Reappointed) > 0 {
		q.Extensions = append(slices.Clone(b.Extensions), b.Reappointed...)
	}
	for _, p := range pauses {
		q.Pauses = append(q.Pauses, worktime.Pause{From: p.From, To: p.To, Cause: p.Cause.label()})
	}
	return q
}

// Mark is what follows from a due instant. What is counted in minutes and hours alone, a term and all that was granted on top, is judged
// to the second whatever the rules say of days.
func (r Reckoner) Mark(due time.Time, terms ...worktime.Term) (Mark, error) {
	verdict := r.Rules.Rules.Verdict
	if !slices.ContainsFunc(terms, func(t worktime.Term) bool { return t.Unit != worktime.Minute && t.Unit != worktime.Hour }) {
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

// terms are the term and what was granted on top in time.
func (b Basis) terms() []worktime.Term { return append([]worktime.Term{b.Term}, b.Extensions...) }

// First is basis and first promise for a dossier accepted at the instant.
func (r Reckoner) First(at time.Time, term worktime.Term) (*Basis, *Promise, error) {
	basis := &Basis{Term: term, Rules: r.Rules.ID, RulesSum: r.Rules.Sum(), Calendar: r.Name, From: at}
	p, err := r.Due(*basis, nil)
	if err != nil || p == nil {
		return basis, nil, err
	}
	p.No, p.Kind, p.MadeAt, p.LegalBasis = 1, FirstPromise, at, r.Rules.Source
	return basis, p, nil
}

// Dates adds to the facts of an action at the instant whatever dates follow from it: a first promise on acceptance (then term is the
// procedure's), a new one when the clock runs again, the time of the step that begins, the limits for answers. The office calls it when
// something happens and again when the journal is checked: both must come to the same.
func (r Reckoner) Dates(d Dossier, a Action, at time.Time, term worktime.Term, f *Facts) error {
	var err error
	chosen := f.AnswerBy != nil || f.Wait != nil && f.Wait.AnswerBy != nil
	defer func() {
		if f.AcceptBy != nil || asks[a] != "" || a == BeginWait {
			f.Limit = r.limit()
			f.Limit.Chosen = chosen
		}
	}()
	switch a {
	case Accept:
		f.Basis, f.Promise, err = r.First(at, term)
	case HandOver:
		f.StepMarks, err = r.begin(d, d.StepsOf(1), at)
	case CompleteStep:
		f.StepMarks, err = r.begin(d, d.StageAfter(d.StepOf(a, f.StepNo)), at)
	case SendBack:
		f.StepMarks, err = r.begin(d, d.StepsOf(f.ToStage), at)
	case RecallStep:
		if no := d.StepOf(a, f.StepNo); no > 0 {
			f.StepMarks, err = r.begin(d, []int{no}, at)
		}
	case Recall, Reopen:
		if err = r.stood(d, at, f); err == nil {
			f.StepMarks, err = r.begin(d, d.LeftOpen(), at)
		}
	case BeginWait:
		err = r.waits(d, at, f)
	case EndWait:
		err = r.goOn(d, d.StepOf(a, f.StepNo), at, f)
	case RequestPayment, RequestSupplement:
		if d.Basis != nil { // before acceptance no clock runs that could stop
			f.StopsClock = r.Rules.stops(asks[a], d) && !d.late(at)
		}
		if f.AnswerBy == nil && !r.Rules.Answer.Value.IsZero() {
			f.AnswerBy, err = r.answerBy(at, r.Rules.Answer)
		}
	case Refuse, Stop:
		if d.unanswered(at) && strings.TrimSpace(f.Reason) == "" {
			f.Reason = unansweredReasons[d.State]
		}
	case SetFees:
		if d.State == PaymentRequired && d.awaitedOpen() > 0 && d.putOff(f.Fees).awaitedOpen() == 0 { // what was waited for is due at the return now
			return r.resume(d, a, at, f)
		}
	case PayFees, ExemptFees, CancelFees:
		if d.State == PaymentRequired && d.without(f.Fees).awaitedOpen() == 0 { // the clock runs from now on, whoever confirms it and when
			return r.resume(d, a, at, f)
		}
		if a == PayFees && d.State == Registered && d.HeldUpSince != nil && !d.without(f.Fees).listedOpen() {
			f.AcceptBy, err = r.acceptAfter(d, at)
		}
	case CompleteSupplement, ConfirmPayment:
		err = r.resume(d, a, at, f)
	case RequestExtension:
		err = r.extends(d, at, f.Extension)
	case ApproveExtension:
		f.Basis, f.Promise, err = r.ahead(d, at)
	}
	return err
}

// waits adds whether the clock of the dossier stands for a wait that begins, and until when an answer is to come: a clock that stands is asked
// after some day.
func (r Reckoner) waits(d Dossier, at time.Time, f *Facts) error {
	f.StopsClock = d.waitStops(f.Wait, at)
	if !f.StopsClock || f.Wait.AnswerBy != nil || r.Rules.Answer.Value.IsZero() {
		return nil
	}
	w := *f.Wait
	f.Wait = &w
	var err error
	w.AnswerBy, err = r.answerBy(at, r.Rules.Answer)
	return err
}

// extends says whether the time is asked for too late, and refuses what would lead to a day that has passed. What is wrong with it otherwise Act
// says.
func (r Reckoner) extends(d Dossier, at time.Time, x *Extension) error {
	if x == nil {
		return nil
	}
	var err error
	if x.OutOfTime, err = r.tooLate(d, at); err != nil {
		return err
	}
	var wrong fault.Fields
	if x.check(&wrong); len(wrong) > 0 {
		return nil
	}
	d.Extension = x
	_, _, err = r.ahead(d, at)
	return err
}

// ahead is what the extension that is asked for leads to. Nobody is told a day that has passed.
func (r Reckoner) ahead(d Dossier, at time.Time) (*Basis, *Promise, error) {
	basis, p, err := r.extend(d, at)
	if err == nil && p != nil && !p.DueAt.After(at) {
		var wrong fault.Fields
		wrong.Add("extension", "order", "leads to %s, which has passed", fault.Instant(p.DueAt))
		return nil, nil, wrong.Err("action-invalid", "the action cannot be taken")
	}
	return basis, p, err
}

// notAfter is the mark with the lateness of an older one, if that had passed by the instant: another reckoning, such as by days off that were
// published since, moves the date that is told and the warnings, and makes nothing timely that is late.
func (m Mark) notAfter(old Mark, at time.Time) Mark {
	if !at.Before(old.LateFrom) && m.LateFrom.After(old.LateFrom) {
		m.OnTimeFrom, m.LateFrom = old.OnTimeFrom, old.LateFrom
	}
	return m
}

// late says whether the date promised has passed. Then no clock is left that could stop: otherwise one more paper asked for would take the
// dossier out of those that are overdue and, where the whole term begins again, turn it into one in time.
func (d Dossier) late(at time.Time) bool {
	p := d.Promise()
	return p != nil && !at.Before(p.LateFrom)
}

// tooLate says whether more time is asked for after the last day for it.
func (r Reckoner) tooLate(d Dossier, at time.Time) (bool, error) {
	due, err := r.Calendar.Due(r.Question(*d.Basis, d.PausesUntil(at), false))
	if err != nil {
		return false, fmt.Errorf("due date: %w", err)
	}
	last := due.At
	if n := r.Rules.Extension.LeadDays; n > 0 {
		if last, err = r.Calendar.DaysBefore(due.At, n); err != nil {
			return false, fmt.Errorf("last day for an extension: %w", err)
		}
	}
	return at.After(last), nil
}

// extend is what the dossier is promised when the extension asked for is approved at the instant.
func (r Reckoner) extend(d Dossier, at time.Time) (*Basis, *Promise, error) {
	x, basis, kind := d.Extension, *d.Basis, Extended
	if x.OutOfTime || d.late(at) { // asked for in time and granted only once it was needed is no better than asked for too late
		kind = Reappointed
		basis.Reappointed = append(slices.Clone(basis.Reappointed), x.Term)
	} else {
		basis.Extensions = append(slices.Clone(basis.Extensions), x.Term)
	}
	p, err := r.Due(basis, d.PausesUntil(at))
	if err != nil || p == nil {
		return &basis, p, err
	}
	p.Mark = p.notAfter(d.Promise().Mark, at)
	p.No, p.Kind, p.MadeAt = len(d.Promises)+1, kind, at
	p.Reason, p.LegalBasis, p.AskedBy = x.Reason, cmp.Or(x.LegalBasis, r.Rules.Source), &x.AskedBy
	return &basis, p, nil
}

// Replan adds to the facts the dates that a change of the calendar moves: a new promise for an open dossier whose clock runs, a new time
// for each step whose own does. It says whether it moves anything.
func (r Reckoner) Replan(d Dossier, at time.Time, f *Facts) (bool, error) {
	if d.Source != nil || d.State.Ended() || d.Basis == nil || d.Promise() == nil {
		return false, nil
	}
	if d.Suspended() == nil {
		p, err := r.Due(*d.Basis, d.PausesUntil(at))
		if err != nil {
			return false, err
		}
		if p != nil {
			p.Mark = p.notAfter(d.Promise().Mark, at)
		}
		if old := d.Promise(); p != nil && !(p.DueAt.Equal(old.DueAt) && p.OnTimeFrom.Equal(old.OnTimeFrom) && p.LateFrom.Equal(old.LateFrom)) {
			p.No, p.Kind, p.MadeAt, p.Why = len(d.Promises)+1, Recomputed, at, Why{Reason: f.Reason, LegalBasis: f.LegalBasis}
			f.Promise = p
		}
	}
	marks, err := r.onward(d, d.running(), at)
	if err != nil {
		return false, err
	}
	for _, m := range marks {
		if old := d.step(m.No).Mark; old != nil && !(m.DueAt.Equal(old.DueAt) && m.LateFrom.Equal(old.LateFrom)) {
			f.StepMarks = append(f.StepMarks, m)
		}
	}
	return f.Promise != nil || len(f.StepMarks) > 0, nil
}

// stood adds the date that is due to an end that is taken back where the clock stood until then: the time that it stood is given back.
func (r Reckoner) stood(d Dossier, at time.Time, f *Facts) error {
	if n := len(d.Pauses); n == 0 || d.Basis == nil || d.FinishedAt == nil || d.Pauses[n-1].To == nil || !d.Pauses[n-1].To.Equal(*d.FinishedAt) {
		return nil
	}
	p, err := r.Due(*d.Basis, d.PausesUntil(at))
	if err != nil || p == nil {
		return err
	}
	cause := d.Pauses[len(d.Pauses)-1].Cause
	p.No, p.Kind, p.MadeAt, p.Reason, p.LegalBasis = len(d.Promises)+1, AfterPause, at, string(cause), r.Rules.Source
	f.Promise = p
	return nil
}

func (r Reckoner) resume(d Dossier, a Action, at time.Time, f *Facts) error {
	var err error
	if d.Basis == nil { // papers came before acceptance: the limit for accepting begins anew, unless it had passed before they were asked for
		switch {
		case d.Supplements > 1: // and once only: whoever asks again and again would never have to accept
			f.AcceptBy, err = r.acceptAfter(d, at)
		case d.AcceptMissed == nil:
			f.AcceptBy, err = r.AcceptBy(at)
		}
		return err
	}
	if f.Basis, f.Promise, err = r.again(d, at); err != nil {
		return err
	}
	if a == ConfirmPayment && d.StepNo == 0 { // the national table leads from 6 to 4
		f.StepMarks, err = r.begin(d, d.StepsOf(1), at)
	} else {
		f.StepMarks, err = r.onward(d, d.begun(), at)
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
	if len(d.Resumptions) > 0 { // whoever takes an end back does not get the whole term again
		policy = Shift
	}
	if policy == Restart {
		last, err := r.answerBy(*d.AcceptedAt, r.Rules.restartWithin())
		if err != nil {
			return nil, nil, err
		}
		if open.From.After(*last) { // asked for late, by which the whole term would begin anew on its last day
			policy = Shift
		}
	}
	if policy == Restart {
		basis := *d.Basis // with what was granted on top: it is used up, and no date told before it would be kept otherwise
		basis.From = at
		p, err := r.Due(basis, nil)
		if err != nil || p == nil {
			return &basis, nil, err
		}
		p.No, p.Kind, p.MadeAt, p.Reason, p.LegalBasis = len(d.Promises)+1, Restarted, at, string(open.Cause), r.Rules.Source
		return &basis, p, nil
	}
	p, err := r.Due(*d.Basis, d.PausesUntil(at))
	if err != nil || p == nil {
		return nil, nil, err
	}
	p.No, p.Kind, p.MadeAt, p.Reason, p.LegalBasis = len(d.Promises)+1, AfterPause, at, string(open.Cause), r.Rules.Source
	return nil, p, nil
}

// PausesUntil are the pauses of the dossier with an open one closed at the instant.
func (d Dossier) PausesUntil(at time.Time) []Pause {
	all := append([]Pause(nil), d.Pauses...)
	for i := range all {
		if all[i].To == nil {
			all[i].To = &at
		}
	}
	return all
}
