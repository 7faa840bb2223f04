package onestop

import (
	"context"
	"io"
	"iter"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/eventlog"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/worktime"
)

// EventLog says which dossiers go into a log, and how it is written.
type EventLog struct {
	Filter store.DossierFilter
	Format eventlog.Format
	Names  bool // of users and applicants: only for the office itself
}

// WriteEventLog writes the journals of the dossiers that the actor may see and the filter leaves as an event log, as they all stood at one
// instant. progress (may be nil) hears how many dossiers are done of how many. The fault is Forbidden "not-allowed" without the right, and
// for names to anybody but the office itself: the list of dossiers shows them too, but a file of everybody's is another thing.
func (o *Office) WriteEventLog(
	ctx context.Context, actor staff.Actor, now time.Time, in EventLog, w io.Writer, progress func(done, total int),
) (eventlog.Written, error) {
	var written eventlog.Written
	if err := actor.Must(staff.ReadDossiers); err != nil {
		return written, err
	}
	if in.Names && !actor.IsSystem() {
		return written, fault.New(fault.Forbidden, "not-allowed", "an event log with names is written on the command line only")
	}
	err := o.store.Lives(ctx, actor.Scope(), in.Filter, func(ctx context.Context, lives iter.Seq2[[]dossier.Event, error]) error {
		agencies, err := o.everyAgency(ctx)
		if err != nil {
			return err
		}
		if progress != nil {
			n, err := o.store.CountDossiers(ctx, actor.Scope(), in.Filter)
			if err != nil {
				return err
			}
			lives = told(lives, int(n)*in.Format.Passes(), progress)
		}
		written, err = eventlog.Write(w, in.Format, lives, eventlog.Options{
			Zone: o.zone, Now: now, Agencies: agencies, Names: in.Names,
			Calendar: func(name string, revision int) (*worktime.Calendar, error) {
				if revision == 0 {
					c, _, err := o.Calendar(ctx, name)
					return c, err
				}
				return o.calendarRevision(ctx, name, revision)
			},
		})
		return err
	})
	return written, err
}

// told is lives with somebody who counts along, over every pass.
func told(lives eventlog.Lives, total int, progress func(done, total int)) eventlog.Lives {
	done := 0
	return func(yield func([]dossier.Event, error) bool) {
		for events, err := range lives {
			if !yield(events, err) {
				return
			}
			done++
			progress(done, total)
		}
	}
}

// everyAgency is all of them, those of before the mergers too: a few thousand in the whole country.
func (o *Office) everyAgency(ctx context.Context) (map[uuid.UUID]catalog.Agency, error) {
	all := map[uuid.UUID]catalog.Agency{}
	for after := store.Next(""); ; {
		some, next, err := o.store.Agencies(ctx, store.AgencyFilter{}, store.Page{Limit: 1000, After: string(after)})
		if err != nil {
			return nil, err
		}
		for _, a := range some {
			all[a.ID] = a
		}
		if after = next; next == "" {
			return all, nil
		}
	}
}
