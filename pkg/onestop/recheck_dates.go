package onestop

import (
	"context"
	"fmt"
	"time"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/worktime"
)

// recheckSaid names what an event says that is not its kind's to say.
func recheckSaid(e dossier.Event, f dossier.Facts) []string {
	all := dossier.Misplaced(e.Kind, f)
	for i, what := range all {
		all[i] = fmt.Sprintf("event %d: %s", e.Seq, what)
	}
	return all
}

// recheck works out anew all dates that follow from an event: what it promises and on which basis, the time of steps, limits, whether the clock
// stands. It goes by the rules and the calendar of that day. What an event leaves out is missed like what it says wrongly. Another system's dates
// are its own.
func (o *Office) recheck(ctx context.Context, who *rollCall, before dossier.Dossier, e dossier.Event, f dossier.Facts, v *Verification) []string {
	action := e.Kind.Action()
	if e.Kind == dossier.WasImported || e.Kind == dossier.WasUpdated || action != "" && before.Can(action, f.StepNo) != nil {
		return nil // that it was not possible recheckWho says
	}
	if f.Promise != nil {
		v.Promises++
	}
	g, wrong := o.groundsOf(who, before, e, f)
	rules, err := o.ruleSet(ctx, g.rules)
	if err != nil {
		return append(wrong, fmt.Sprintf("event %d: %v", e.Seq, err))
	}
	if b := f.Basis; b != nil && b.Rules == g.rules && b.RulesSum != rules.Sum() {
		wrong = append(wrong, fmt.Sprintf("event %d: rule set %s is not the one that it was reckoned by", e.Seq, g.rules))
	}
	revisions := []int{g.revision}
	if g.revision == 0 { // it says no date: any that may have been the newest may have given none
		revisions = who.law.revisions(g.calendar, e.RecordedAt)
	}
	if len(revisions) == 0 {
		return append(wrong, fmt.Sprintf("event %d: there was no calendar %s then", e.Seq, g.calendar))
	}
	var differs []string
	for _, revision := range revisions {
		r := dossier.Reckoner{Name: g.calendar, Revision: revision, Rules: rules}
		if r.Calendar, err = o.calendarRevision(ctx, g.calendar, revision); err != nil {
			return append(wrong, fmt.Sprintf("event %d: calendar %s revision %d: %v", e.Seq, g.calendar, revision, err))
		}
		differs = who.reckonedOtherwise(r, before, e, f)
		if len(differs) == 0 {
			break
		}
	}
	return append(wrong, differs...)
}

// reckonedOtherwise names what of an event a reckoner does not give.
func (c *rollCall) reckonedOtherwise(r dossier.Reckoner, before dossier.Dossier, e dossier.Event, f dossier.Facts) []string {
	again := claims(f)
	if err := c.reckon(r, before, e, f, &again); err != nil {
		what := "dates"
		if f.Limit != nil {
			what = "limits"
		}
		return []string{fmt.Sprintf("event %d: its %s cannot be worked out: %v", e.Seq, what, err)}
	}
	if f.Basis != nil && again.Basis != nil {
		again.Basis.RulesSum = f.Basis.RulesSum // recheck holds it against the rules
	}
	var wrong []string
	differ := func(what string, said, given any) {
		if !same(said, given) {
			wrong = append(wrong, fmt.Sprintf("event %d: %s is not what the rules give: %s", e.Seq, what, differences(said, given)))
		}
	}
	if f.Limit == nil && (again.Limit != nil || f.AcceptBy != nil || f.AnswerBy != nil || f.StopsClock) {
		wrong = append(wrong, fmt.Sprintf("event %d: it does not say by which rules its limits are reckoned", e.Seq))
	} else {
		differ("what its limits are reckoned by", f.Limit, again.Limit)
	}
	differ("the basis", f.Basis, again.Basis)
	differ("the promise", f.Promise, again.Promise)
	if !same(f.StepMarks, again.StepMarks) {
		wrong = append(wrong, fmt.Sprintf("event %d: the time of the step is not what the rules give", e.Seq))
	}
	differ("the time asked for", f.Extension, again.Extension)
	if f.Reason != again.Reason || f.LegalBasis != again.LegalBasis {
		wrong = append(wrong, fmt.Sprintf("event %d: it does not name the revision of the calendar and its decision", e.Seq))
	}
	if f.StopsClock != again.StopsClock {
		wrong = append(wrong, fmt.Sprintf("event %d: whether the clock stands is not what the rules give", e.Seq))
	}
	for _, l := range []struct {
		name        string
		said, comes *time.Time
	}{{"accept_by", f.AcceptBy, again.AcceptBy}, {"answer_by", f.AnswerBy, again.AnswerBy}, {"wait.answer_by", waitBy(f), waitBy(again)}} {
		if !same(l.said, l.comes) {
			wrong = append(wrong, fmt.Sprintf("event %d: %s is not what the rules give: %s, not %s", e.Seq, l.name, instantText(l.said), instantText(l.comes)))
		}
	}
	return wrong
}

// claims are the facts of an event without what is reckoned: what somebody said who acted.
func claims(f dossier.Facts) dossier.Facts {
	again := dossier.Facts{Reason: f.Reason, LegalBasis: f.LegalBasis, StepNo: f.StepNo, ToStage: f.ToStage, Fees: f.Fees}
	chosen := f.Limit != nil && f.Limit.Chosen
	if chosen {
		again.AnswerBy = f.AnswerBy
	}
	if f.Wait != nil {
		again.Wait = &dossier.Wait{Cause: f.Wait.Cause, Body: f.Wait.Body}
		if chosen {
			again.Wait.AnswerBy = f.Wait.AnswerBy
		}
	}
	if f.Extension != nil {
		again.Extension = &dossier.Extension{Term: f.Extension.Term}
	}
	return again
}

// reckon adds the dates that an event leads to, as the office did when it was written.
func (c *rollCall) reckon(r dossier.Reckoner, before dossier.Dossier, e dossier.Event, f dossier.Facts, again *dossier.Facts) error {
	var err error
	switch action := e.Kind.Action(); {
	case e.Kind == dossier.WasRegistered:
		err = r.Registered(e.At, again)
	case e.Kind == dossier.WasReceived || e.Kind == dossier.WasAccepted: // over a counter: accepted in the same breath
		if f.Basis != nil { // whose term recheckTerm holds against the procedure
			err = r.Dates(before, dossier.Accept, e.At, f.Basis.Term, again)
		}
	case e.Kind == dossier.WasReplanned:
		again.Reason, again.LegalBasis = replanReason(r.Name, r.Revision), c.law.act(r.Name, r.Revision)
		_, err = r.Replan(before, e.At, again)
	case action != "":
		if err = r.Within(before, action, e.At, *again); err == nil {
			err = r.Dates(before, action, e.At, worktime.Term{}, again)
		}
	}
	return err
}
