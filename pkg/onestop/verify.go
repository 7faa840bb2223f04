package onestop

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/store"
)

// Finding is something in the database that does not fit the journal. It holds no personal data.
type Finding struct {
	Dossier string `json:"dossier"` // its code, or its id where the row is gone
	What    string `json:"what"`
}

// Verification is what a check of the whole database came to.
type Verification struct {
	Dossiers int       `json:"dossiers"`
	Events   int       `json:"events"`
	Promises int       `json:"promises"` // worked out anew
	Repaired int       `json:"repaired"`
	Findings []Finding `json:"findings"`
}

// Verify rebuilds every dossier from its journal and holds the result against what is stored: numbers, chain and hashes of the events,
// every date that an event claims, the row and everything derived from it. With repair, a row that differs from a sound journal is
// written anew; the journal itself is never touched. progress (may be nil) hears the number of dossiers done.
func (o *Office) Verify(ctx context.Context, repair bool, progress func(done int)) (Verification, error) {
	var v Verification
	var broken []dossier.Dossier
	err := o.store.EachLife(ctx, func(events []dossier.Event, row store.StoredRow) error {
		v.Dossiers++
		v.Events += len(events)
		if progress != nil {
			progress(v.Dossiers)
		}
		d, found := o.check(ctx, events, row, &v)
		v.Findings = append(v.Findings, found...)
		if repair && len(found) > 0 && d.ID == row.ID() && d.Version > 0 {
			broken = append(broken, d)
		}
		return ctx.Err()
	})
	if err != nil {
		return v, err
	}
	for _, d := range broken {
		if err := o.store.InTx(ctx, func(ctx context.Context) error { return o.store.Rewrite(ctx, d) }); err != nil {
			return v, err
		}
		v.Repaired++
	}
	return v, nil
}

// check is one dossier's part. The dossier that it returns is empty when the journal itself is unsound.
func (o *Office) check(ctx context.Context, events []dossier.Event, row store.StoredRow, v *Verification) (dossier.Dossier, []Finding) {
	name := row.Code()
	if name == "" && len(events) > 0 {
		name = events[0].DossierID.String()
	}
	if len(events) == 0 {
		return dossier.Dossier{}, []Finding{{name, "has a row but no journal"}}
	}
	var found []Finding
	d, err := dossier.Replay(events, func(before dossier.Dossier, e dossier.Event, f dossier.Facts) error {
		for _, what := range o.recheck(ctx, before, e, f, v) {
			found = append(found, Finding{name, what})
		}
		return nil
	})
	if err != nil {
		return dossier.Dossier{}, append(found, Finding{name, "journal: " + err.Error()})
	}
	for _, what := range store.Differences(d, row) {
		found = append(found, Finding{name, "differs from its journal: " + what})
	}
	return d, found
}

// recheck works out anew the dates that an event claims, with the calendar revision and the rules of that day.
func (o *Office) recheck(ctx context.Context, before dossier.Dossier, e dossier.Event, f dossier.Facts, v *Verification) []string {
	mark := f.StepMark
	if f.Promise != nil {
		mark = &f.Promise.Mark
	}
	basis := f.Basis
	if basis == nil {
		basis = before.Basis
	}
	if mark == nil || basis == nil || f.Foreign != nil { // another system's dates are its own
		return nil
	}
	if f.Promise != nil {
		v.Promises++
	}
	rules, err := o.ruleSet(ctx, basis.Rules)
	if err != nil {
		return []string{fmt.Sprintf("event %d: %v", e.Seq, err)}
	}
	c, err := o.calendarRevision(ctx, basis.Calendar, mark.Revision)
	if err != nil {
		return []string{fmt.Sprintf("event %d: calendar %s revision %d: %v", e.Seq, basis.Calendar, mark.Revision, err)}
	}
	r := dossier.Reckoner{Calendar: c, Name: basis.Calendar, Revision: mark.Revision, Rules: rules}
	again := dossier.Facts{Reason: f.Reason, LegalBasis: f.LegalBasis, Extension: f.Extension}
	switch action := e.Kind.Action(); {
	case e.Kind == dossier.WasReplanned:
		_, err = r.Replan(before, e.At, &again)
	case action == "": // taken in over a counter: accepted in the same breath
		err = r.Dates(before, dossier.Accept, e.At, basis.Term, &again)
	default:
		err = r.Dates(before, action, e.At, basis.Term, &again)
	}
	if err != nil {
		return []string{fmt.Sprintf("event %d: its dates cannot be worked out: %v", e.Seq, err)}
	}
	var wrong []string
	if !same(f.Promise, again.Promise) {
		wrong = append(wrong, fmt.Sprintf("event %d: the promise is not what the rules give: %s, not %s", e.Seq, due(f.Promise), due(again.Promise)))
	}
	if !same(f.StepMark, again.StepMark) {
		wrong = append(wrong, fmt.Sprintf("event %d: the time of the step is not what the rules give", e.Seq))
	}
	return wrong
}

func same(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

func due(p *dossier.Promise) string {
	if p == nil {
		return "none"
	}
	return p.DueAt.Format("2006-01-02T15:04:05Z07:00")
}
