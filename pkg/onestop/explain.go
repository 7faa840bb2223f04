package onestop

import (
	"context"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/worktime"
)

// Explained is how a date of a dossier came about. Question is what the working-time engine was asked: with it, anyone can have the date
// worked out again.
type Explained struct {
	Promise     *dossier.Promise // nil while the clock stands and the next date is not known
	Rules       dossier.RuleSet
	Calendar    string
	Revision    int
	Definition  []byte // JSON, the revision in full, so that anybody can count again without this database
	Question    worktime.Request
	Explanation worktime.Explanation
}

// Explain tells how the numbered promise of a dossier came about, by the calendar and rules of that time; number 0 is the one in force
// or, while the clock stands, how far it had come. The fault is NotFound "promise-not-found" when there is no such promise, Conflict
// "promise-not-ours" when another system made it.
func (o *Office) Explain(ctx context.Context, scope staff.Scope, d dossier.Dossier, no int) (Explained, error) {
	if d.Source != nil {
		return Explained{}, fault.New(fault.Conflict, "promise-not-ours", "another system promised this date; how it came to it is not known here")
	}
	if no == 0 && d.Suspended() != nil && d.Basis != nil && d.Basis.Term.Dated() {
		revision, err := o.store.CalendarHead(ctx, d.Basis.Calendar)
		if err != nil {
			return Explained{}, err
		}
		return o.explain(ctx, nil, *d.Basis, d.Pauses, revision)
	}
	if no == 0 {
		no = len(d.Promises)
	}
	if no < 1 || no > len(d.Promises) {
		return Explained{}, fault.New(fault.NotFound, "promise-not-found", "the dossier has %d promises", len(d.Promises))
	}
	events, err := o.store.Journal(ctx, scope, d.ID)
	if err != nil {
		return Explained{}, err
	}
	var basis dossier.Basis
	var pauses []dossier.Pause
	_, err = dossier.Replay(events, func(before dossier.Dossier, e dossier.Event, f dossier.Facts) error {
		if f.Promise == nil || f.Promise.No != no {
			return nil
		}
		pauses = before.PausesUntil(e.At)
		if basis = (dossier.Basis{}); f.Basis != nil {
			basis = *f.Basis
		} else if before.Basis != nil {
			basis = *before.Basis
		}
		return nil
	})
	if err != nil {
		return Explained{}, err
	}
	p := &d.Promises[no-1]
	return o.explain(ctx, p, basis, pauses, p.Revision)
}

func (o *Office) explain(ctx context.Context, p *dossier.Promise, b dossier.Basis, pauses []dossier.Pause, revision int) (Explained, error) {
	rules, err := o.ruleSet(ctx, b.Rules)
	if err != nil {
		return Explained{}, err
	}
	c, err := o.keptCalendar(ctx, b.Calendar, revision)
	if err != nil {
		return Explained{}, err
	}
	x := Explained{Promise: p, Rules: rules, Calendar: b.Calendar, Revision: revision, Definition: c.definition}
	x.Question = dossier.Reckoner{Calendar: c.Calendar, Name: b.Calendar, Revision: revision, Rules: rules}.Question(b, pauses, true)
	if x.Explanation, err = c.Explain(x.Question); err != nil {
		return Explained{}, err
	}
	x.Explanation.Calendar.Key = b.Calendar
	return x, nil
}
