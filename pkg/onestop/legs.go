package onestop

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// Legs tells which agency used how much of a dossier's time, by the calendar of the promise in force, and whose its lateness is.
func (o *Office) Legs(ctx context.Context, d dossier.Dossier, now time.Time) (dossier.Legs, error) {
	if d.Basis == nil || d.Source != nil {
		return dossier.Reckoner{}.Legs(d, now)
	}
	r, err := o.promisedBy(ctx, d)
	if err != nil {
		return dossier.Legs{}, err
	}
	return r.Legs(d, now)
}

// promisedBy reckons by the calendar that the promise in force was reckoned by.
func (o *Office) promisedBy(ctx context.Context, d dossier.Dossier) (dossier.Reckoner, error) {
	r, err := o.basisReckoner(ctx, *d.Basis)
	if err != nil {
		return r, err
	}
	if p := d.Promise(); p != nil && p.Revision != r.Revision {
		r.Calendar, err = o.calendarRevision(ctx, d.Basis.Calendar, p.Revision)
		r.Revision = p.Revision
	}
	return r, err
}

// Lateness is what of the lateness of a selection falls to one agency or, with Outside, to a body outside that it waited for.
type Lateness struct {
	AgencyID uuid.UUID
	Outside  string
	Dossiers int   // late because of it, among others
	Late     int64 // working seconds
}

// LatenessReport adds up whose the lateness of late dossiers is. Late is the sum over the rows.
type LatenessReport struct {
	Dossiers int
	Late     int64
	Rows     []Lateness
}

// Lateness tells whose the lateness is of the late dossiers that the actor may see and the filter leaves, worked out from their journals;
// the longest comes first.
func (o *Office) Lateness(ctx context.Context, actor staff.Actor, now time.Time, f store.DossierFilter) (LatenessReport, error) {
	report := LatenessReport{Rows: []Lateness{}}
	if err := actor.Must(staff.ReadReports); err != nil {
		return report, err
	}
	type whose struct {
		agency  uuid.UUID
		outside string
	}
	rows := map[whose]*Lateness{}
	err := o.store.Lives(ctx, actor.Scope(), f, func(ctx context.Context, lives iter.Seq2[[]dossier.Event, error]) error {
		for events, err := range lives {
			if err != nil {
				return err
			}
			d, err := dossier.Rebuild(events)
			if err != nil {
				return err
			}
			legs, err := o.Legs(ctx, d, now)
			if err != nil {
				return err
			}
			if legs.Late == 0 && d.State != dossier.Resolved && d.State != dossier.Returned {
				continue // ended otherwise, in time
			}
			report.Dossiers++
			report.Late += legs.Late
			seen := map[whose]bool{}
			for _, l := range legs.Items {
				if l.Late == 0 {
					continue
				}
				key := whose{l.AgencyID, l.Outside}
				if rows[key] == nil {
					rows[key] = &Lateness{AgencyID: l.AgencyID, Outside: l.Outside}
				}
				if rows[key].Late += l.Late; !seen[key] {
					seen[key] = true
					rows[key].Dossiers++
				}
			}
		}
		return nil
	})
	for _, r := range rows {
		report.Rows = append(report.Rows, *r)
	}
	slices.SortFunc(report.Rows, func(a, b Lateness) int {
		if a.Late != b.Late {
			return int(b.Late - a.Late)
		}
		return strings.Compare(a.AgencyID.String()+a.Outside, b.AgencyID.String()+b.Outside)
	})
	return report, err
}
