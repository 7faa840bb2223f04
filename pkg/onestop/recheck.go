package onestop

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/worktime"
)

// recheckLimits works out anew the limits that are no promises: for accepting what came online, and for an answer that the applicant, or a body
// outside, was asked for; and whether the clock stands meanwhile. A deadline that somebody chose rests on nothing that could be reckoned.
func (o *Office) recheckLimits(ctx context.Context, before dossier.Dossier, e dossier.Event, f dossier.Facts) []string {
	x := f.Limit
	switch {
	case x == nil && (f.AcceptBy != nil || f.AnswerBy != nil || f.StopsClock || e.Kind == dossier.SupplementWasRequested ||
		e.Kind == dossier.PaymentWasRequested || e.Kind == dossier.WaitBegan):
		return []string{fmt.Sprintf("event %d: it does not say by which rules its limits are reckoned", e.Seq)}
	case x == nil:
		return nil
	}
	rules, err := o.ruleSet(ctx, x.Rules)
	if err != nil {
		return []string{fmt.Sprintf("event %d: %v", e.Seq, err)}
	}
	c, err := o.calendarRevision(ctx, x.Calendar, x.Revision)
	if err != nil {
		return []string{fmt.Sprintf("event %d: calendar %s revision %d: %v", e.Seq, x.Calendar, x.Revision, err)}
	}
	r, again := dossier.Reckoner{Calendar: c, Name: x.Calendar, Revision: x.Revision, Rules: rules}, dossier.Facts{Fees: f.Fees}
	if e.Kind == dossier.WasRegistered {
		err = r.Registered(e.At, &again)
	} else if action := e.Kind.Action(); action != "" {
		again.StepNo, again.ToStage, again.Extension = f.StepNo, f.ToStage, f.Extension
		if again.Wait = f.Wait; x.Chosen {
			again.AnswerBy = f.AnswerBy
			err = r.Within(before, action, e.At, again)
		} else if f.Wait != nil {
			wait := *f.Wait
			wait.AnswerBy = nil
			again.Wait = &wait
		}
		var term worktime.Term // only an acceptance asks for it, and that has no limit
		if err == nil {
			err = r.Dates(before, action, e.At, term, &again)
		}
	}
	if err != nil {
		return []string{fmt.Sprintf("event %d: its limits cannot be worked out: %v", e.Seq, err)}
	}
	var wrong []string
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

// recheckTerm names a term that is not the one of the procedure's version that the dossier was taken in under.
func (o *Office) recheckTerm(ctx context.Context, who *rollCall, before dossier.Dossier, e dossier.Event, f dossier.Facts) []string {
	p, channel := before.Procedure, before.Channel
	if e.Kind == dossier.WasReceived && f.Intake != nil {
		p, channel = f.Intake.Procedure, catalog.Channel(f.Intake.Channel)
	} else if e.Kind != dossier.WasAccepted {
		return nil
	}
	version, there := who.versions[p.VersionID]
	if !there {
		var err error
		if version, err = o.store.ProcedureVersion(ctx, p.VersionID); err != nil {
			return []string{fmt.Sprintf("event %d: the version of procedure %s: %v", e.Seq, p.Code, err)}
		}
		who.versions[p.VersionID] = version
	}
	term, err := version.TermFor(channel, p.Variant)
	if err != nil || f.Basis == nil || !same(term, f.Basis.Term) {
		return []string{fmt.Sprintf("event %d: the term is not the one of version %d of procedure %s", e.Seq, p.Version, p.Code)}
	}
	return nil
}

// recheckPromised names where a dossier has no date although its term gives one: from its acceptance on, and each time its clock ran again.
func recheckPromised(d dossier.Dossier) []string {
	if d.Source != nil || d.AcceptedAt == nil || d.Basis == nil || !d.Basis.Term.Dated() {
		return nil
	}
	if len(d.Promises) == 0 {
		return []string{"it was accepted, and no date was promised"}
	}
	ended := []*time.Time{d.FinishedAt}
	for i := range d.Resumptions {
		ended = append(ended, &d.Resumptions[i].FinishedAt)
	}
	var wrong []string
	for _, pause := range d.Pauses {
		to := pause.To
		if to == nil || slices.ContainsFunc(ended, func(at *time.Time) bool { return at != nil && at.Equal(*to) }) {
			continue
		}
		if !slices.ContainsFunc(d.Promises, func(p dossier.Promise) bool { return p.MadeAt.Equal(*to) }) {
			wrong = append(wrong, "its clock ran again at "+to.UTC().Format(time.RFC3339)+", and no date was promised")
		}
	}
	return wrong
}

func waitBy(f dossier.Facts) *time.Time {
	if f.Wait == nil {
		return nil
	}
	return f.Wait.AnswerBy
}

// differences names what an event says of a promise and the rules do not give, with what they give.
func differences(said, given *dossier.Promise) string {
	if said == nil || given == nil {
		return due(said) + ", not " + due(given)
	}
	is, should := members(said), members(given)
	names := maps.Clone(is)
	maps.Copy(names, should)
	var all []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if a, b := is[name], should[name]; a != b {
			all = append(all, fmt.Sprintf("%s %s, not %s", name, cmp.Or(a, "none"), cmp.Or(b, "none")))
		}
	}
	return strings.Join(all, "; ")
}

// members are the parts of a promise as its journal has them.
func members(p *dossier.Promise) map[string]string {
	all, raw := map[string]string{}, map[string]json.RawMessage{}
	if body, err := json.Marshal(p); err != nil || json.Unmarshal(body, &raw) != nil {
		return map[string]string{"promise": "unreadable"} // a time beyond year 9999
	}
	for name, value := range raw {
		all[name] = strings.Trim(string(value), `"`)
	}
	return all
}

func instantText(at *time.Time) string {
	if at == nil {
		return "none"
	}
	return at.Format(time.RFC3339)
}

// recheckFees names payments that are not what the fees before them were, and answers to a refund that nobody asked for so. Refunds from before
// they were asked for say nothing of it.
func recheckFees(before dossier.Dossier, e dossier.Event, f dossier.Facts) []string {
	var wrong []string
	if f.Refund != nil && !same(f.Refund, before.Refund) {
		wrong = append(wrong, fmt.Sprintf("event %d: the refund is not the one that was asked for", e.Seq))
	}
	for _, what := range before.Unfit(e.Kind, f) {
		wrong = append(wrong, fmt.Sprintf("event %d: %s", e.Seq, what))
	}
	return wrong
}

// recheckPapers names papers that an event gives back although the office did not have them or had them elsewhere, and a result that went out as a file which is not
// the dossier's.
func recheckPapers(before dossier.Dossier, e dossier.Event, f dossier.Facts) []string {
	var wrong []string
	for _, what := range before.Overdrawn(e.Kind, f) {
		wrong = append(wrong, fmt.Sprintf("event %d: %s", e.Seq, what))
	}
	if before.Misplaced(e.Kind, f) {
		wrong = append(wrong, fmt.Sprintf("event %d: the papers went back at another counter than where they lay", e.Seq))
	}
	if what := before.Misfiled(e.Kind, f); what != "" {
		wrong = append(wrong, fmt.Sprintf("event %d: %s", e.Seq, what))
	}
	return wrong
}

// recheckTime names an event that says that it happened at another time than it was recorded. Only what came in may have come earlier than it
// was entered, and what another system did; everything else happens when the office writes it down.
func recheckTime(e dossier.Event) []string {
	switch e.Kind {
	case dossier.WasRegistered, dossier.WasReceived, dossier.WasImported, dossier.WasUpdated:
		if !e.At.After(e.RecordedAt) {
			return nil
		}
	default:
		if e.At.Equal(e.RecordedAt) {
			return nil
		}
	}
	return []string{fmt.Sprintf("event %d says that it happened at %s, and was recorded at %s", e.Seq, e.At.UTC().Format(time.RFC3339), e.RecordedAt.UTC().Format(time.RFC3339))}
}
