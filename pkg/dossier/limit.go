package dossier

import (
	"fmt"
	"time"

	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/worktime"
)

// Limit says by what a limit was reckoned that is no promise, so that it can be worked out anew.
type Limit struct {
	Rules    string `json:"rules"`    // id of the rule set
	Calendar string `json:"calendar"` // name
	Revision int    `json:"calendar_revision"`
	Chosen   bool   `json:"chosen,omitempty"` // somebody set the limit for an answer, as far as the rules allow
}

// AcceptBy is the limit for accepting what came in online at the instant (NĐ 45/2020/NĐ-CP art. 11).
func (r Reckoner) AcceptBy(at time.Time) (*time.Time, error) {
	limit, err := r.Calendar.Add(at, int64(r.Rules.AcceptanceHours)*3600)
	if err != nil {
		return nil, fmt.Errorf("acceptance limit: %w", err)
	}
	return &limit, nil
}

// acceptAfter is the limit for accepting what waited for money or papers until the instant: what was left of the time when the wait began runs from
// then on. It is nil where nothing was left, since nobody answered before money or papers were asked for.
func (r Reckoner) acceptAfter(d Dossier, at time.Time) (*time.Time, error) {
	if d.AcceptMissed != nil || d.AcceptBy == nil {
		return nil, nil
	}
	left, err := r.Calendar.Elapsed(*d.HeldUpSince, *d.AcceptBy)
	if err != nil {
		return nil, fmt.Errorf("acceptance limit: %w", err)
	}
	limit, err := r.Calendar.Add(at, left)
	if err != nil {
		return nil, fmt.Errorf("acceptance limit: %w", err)
	}
	return &limit, nil
}

// missLimit keeps the first limit for accepting that had passed by the instant while nothing but the office was waited for. Whatever becomes of
// the dossier later, it was not answered in time.
func (d *Dossier) missLimit(at time.Time) {
	if d.State == Registered && d.AcceptMissed == nil && d.HeldUpSince == nil && d.AcceptBy != nil && at.After(*d.AcceptBy) {
		d.AcceptMissed = d.AcceptBy
	}
}

// holdUp keeps since when accepting the dossier waits for money that the catalogue asks for, or for papers. What an office asks for on top holds
// acceptance up, and not the limit: it could otherwise stop its own clock.
func (d *Dossier) holdUp(at time.Time) {
	asked := d.State == SupplementRequested && d.AcceptedAt == nil
	switch {
	case !asked && (d.State != Registered || !d.listedOpen()):
		d.HeldUpSince = nil
	case d.HeldUpSince == nil:
		d.HeldUpSince = ptr(at)
	}
}

// AcceptanceLimit is the limit for accepting that was missed, else the one that runs; nil while money is waited for, and for what was answered
// in time.
func (d Dossier) AcceptanceLimit() *time.Time {
	switch {
	case d.AcceptMissed != nil:
		return d.AcceptMissed
	case d.State == Registered && d.HeldUpSince == nil:
		return d.AcceptBy
	}
	return nil
}

// asks are the actions that ask the applicant for something, with the states that they lead to.
var asks = map[Action]State{RequestSupplement: SupplementRequested, RequestPayment: PaymentRequired}

// Within says why the rules do not allow the dates that somebody gives an action at the instant, nil if they do: an applicant, or a body
// outside, that was given a year would have the clock stand for a year.
func (r Reckoner) Within(d Dossier, a Action, at time.Time, f Facts) error {
	if a == RequestExtension {
		return r.notTooLong(d, at, f.Extension)
	}
	field, day := "answer_by", f.AnswerBy
	if a == BeginWait && f.Wait != nil {
		field, day = "wait.answer_by", f.Wait.AnswerBy
	} else if asks[a] == "" {
		return nil
	}
	if day == nil {
		return nil
	}
	var wrong fault.Fields
	if asks[a] != "" && day.After(at) { // else Act says that it lies before the request
		first, err := r.answerBy(at, r.Rules.answerLeast())
		if err != nil {
			return err
		}
		if day.Before(*first) {
			wrong.Add(field, "minimum", "lies before %s, which is the least that the rules let an applicant be given", fault.Instant(first.In(r.Calendar.Zone())))
			return wrong.Err("action-invalid", "the action cannot be taken")
		}
	}
	last, err := r.answerBy(at, r.Rules.answerMost())
	if err != nil || !day.After(*last) {
		return err
	}
	wrong.Add(field, "maximum", "lies after %s, until when the rules let somebody be given time for an answer", fault.Instant(last.In(r.Calendar.Zone())))
	return wrong.Err("action-invalid", "the action cannot be taken")
}

// notTooLong says why more time than that cannot be asked for: counted from the same instant, it is over later than the longest that the rules
// allow, or else than the term itself.
func (r Reckoner) notTooLong(d Dossier, at time.Time, x *Extension) error {
	var none fault.Fields
	if x.check(&none); len(none) > 0 || d.Basis == nil { // Act says so
		return nil
	}
	longest := d.Basis.Term
	if r.Rules.Extension.Longest != nil {
		longest = *r.Rules.Extension.Longest
	}
	if !longest.Dated() || longest.Unit == worktime.SameDay { // of half a day: no more than a day
		longest = worktime.Term{Value: worktime.Whole(1), Unit: worktime.WorkingDay}
	}
	asked, err := r.answerBy(at, x.Term)
	if err != nil {
		return err
	}
	most, err := r.answerBy(at, longest)
	if err != nil || !asked.After(*most) {
		return err
	}
	var wrong fault.Fields
	if r.Rules.Extension.Longest != nil {
		wrong.Add("extension", "maximum", "is longer than the rules allow")
	} else {
		wrong.Add("extension", "maximum", "is longer than the dossier's own term")
	}
	return wrong.Err("action-invalid", "the action cannot be taken")
}

// Registered adds to the facts of what came in online the limit for accepting it.
func (r Reckoner) Registered(at time.Time, f *Facts) error {
	var err error
	f.AcceptBy, err = r.AcceptBy(at)
	f.Limit = r.limit()
	return err
}

func (r Reckoner) limit() *Limit {
	return &Limit{Rules: r.Rules.ID, Calendar: r.Name, Revision: r.Revision}
}

// answerBy is the limit for an answer to what is asked at the instant.
func (r Reckoner) answerBy(at time.Time, within worktime.Term) (*time.Time, error) {
	due, err := r.Calendar.Due(worktime.Request{Start: at, Term: within, Rules: r.Rules.Rules})
	if err != nil {
		return nil, fmt.Errorf("answer limit: %w", err)
	}
	return &due.At, nil
}
