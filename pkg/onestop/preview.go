package onestop

import (
	"context"
	"math"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/staff"
)

// Effect is what a revision of a calendar does to the open dossiers that are reckoned by it.
type Effect struct {
	Calendar   string
	Revision   int // that it would be
	Open       int // dossiers looked at
	Suspended  int // of these, the clock stands: they are reckoned anew when it runs again
	Moved      int // get another due date
	Later      int // of those moved
	Earlier    int
	BecomeLate int
	NoMoreLate int
	Days       map[int]int // how many move by so many calendar days
	Samples    []Shift     // a few of those moved, with every one that becomes late as long as there is room
}

// Shift is one dossier whose date moves.
type Shift struct {
	Code       string
	Was, Is    time.Time
	BecomeLate bool
}

const samples = 20

// PreviewCalendar says what KeepCalendar would do to the open dossiers, of the calendar itself first and then of those that inherit from
// it, and changes nothing. Empty means that the calendar says what is there. progress (may be nil) hears how many were looked at, of how
// many.
func (o *Office) PreviewCalendar(ctx context.Context, actor staff.Actor, now time.Time, in CalendarInput, progress func(done, total int)) ([]Effect, error) {
	if err := leadsAll(actor, staff.EditCatalogue); err != nil {
		return nil, err
	}
	changed, err := o.resolve(ctx, in)
	if err != nil {
		return nil, err
	}
	effects := make([]Effect, len(changed))
	for i, next := range changed {
		f := o.follower(next.Name, next.Revision, next.compiled)
		e := Effect{Calendar: next.Name, Revision: next.Revision, Days: map[int]int{}, Samples: []Shift{}}
		total, err := o.store.CountOpenOn(ctx, next.Name)
		if err != nil {
			return nil, err
		}
		for after := uuid.Nil; ; {
			some, err := o.store.OpenOn(ctx, next.Name, after, replanBatch)
			if err != nil {
				return nil, err
			}
			if len(some) == 0 {
				break
			}
			after = some[len(some)-1].ID
			for _, d := range some {
				if err := f.weigh(ctx, d, now, &e); err != nil {
					return nil, err
				}
			}
			if progress != nil {
				progress(e.Open, total)
			}
		}
		effects[i] = e
	}
	return effects, nil
}

func (f *follower) weigh(ctx context.Context, d dossier.Dossier, now time.Time, e *Effect) error {
	e.Open++
	if d.Suspended() != nil {
		e.Suspended++
		return nil
	}
	facts, _, err := f.facts(ctx, d, now, "")
	if err != nil || facts.Promise == nil {
		return err
	}
	was, is := d.Promise().Mark, facts.Promise.Mark
	e.Moved++
	if is.DueAt.After(was.DueAt) {
		e.Later++
	} else {
		e.Earlier++
	}
	e.Days[int(math.Round(is.DueAt.Sub(was.DueAt).Hours()/24))]++
	late, before := !is.LateFrom.After(now), !was.LateFrom.After(now)
	shift := Shift{Code: d.Code, Was: was.DueAt, Is: is.DueAt, BecomeLate: late && !before}
	if shift.BecomeLate {
		e.BecomeLate++
	}
	if before && !late {
		e.NoMoreLate++
	}
	if len(e.Samples) < samples {
		e.Samples = append(e.Samples, shift)
	} else if shift.BecomeLate && e.BecomeLate <= samples {
		e.Samples[e.BecomeLate-1] = shift
	}
	return nil
}
