// Package onestop is the office: each exported method of Office is one act of one actor, checked, done in one transaction and written
// in the journal. Counters (API, pages, jobs, command line) come here for whatever happens; for reads they may go to the store.
package onestop

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/notify"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// Office knows the rules of the house; everything else it finds in the store. It is safe for concurrent use.
type Office struct {
	store   *store.Store
	process []catalog.Step // of procedures that have none of their own
	zone    *time.Location

	files FileRules // where files are kept, nil archive: nowhere

	keys notify.Keys // that secrets of receivers are locked with

	hashing chan struct{} // bounds the memory that password hashes take at once

	mu        sync.Mutex
	calendars map[calendarKey]keptCalendar
	rules     []dossier.RuleSet // as far as they were read
}

type calendarKey struct {
	name     string
	revision int
}

// DefaultCalendar is the calendar of agencies that name none, up to the root.
const DefaultCalendar = "vn"

// New opens the office over a migrated store. zone is the office's. Calendars and rules are found in the store.
func New(s *store.Store, process []catalog.Step, zone *time.Location) *Office {
	return &Office{
		store: s, process: process, zone: zone,
		hashing: make(chan struct{}, 2), calendars: map[calendarKey]keptCalendar{},
	}
}

// Zone is the office's time zone.
func (o *Office) Zone() *time.Location { return o.zone }

// Reckoner is how dates are worked out for an agency on the day of an instant: the calendar of the agency or of the nearest one above
// that names one, and the rules in force.
func (o *Office) Reckoner(ctx context.Context, agency catalog.Agency, on time.Time) (dossier.Reckoner, error) {
	name := agency.Calendar
	if name == "" {
		above, err := o.store.AgencyNames(ctx, pathIDs(agency.Path))
		if err != nil {
			return dossier.Reckoner{}, err
		}
		ids := pathIDs(agency.Path)
		for i := len(ids) - 1; i >= 0 && name == ""; i-- {
			name = above[ids[i]].Calendar
		}
	}
	if name == "" {
		name = DefaultCalendar
	}
	rules, err := o.rulesOn(ctx, on)
	if err != nil {
		return dossier.Reckoner{}, err
	}
	c, revision, err := o.Calendar(ctx, name)
	return dossier.Reckoner{Calendar: c, Name: name, Revision: revision, Rules: rules}, err
}

// basisReckoner works out dates of a dossier that was already accepted: its own calendar as it now is, its own rules.
func (o *Office) basisReckoner(ctx context.Context, b dossier.Basis) (dossier.Reckoner, error) {
	rules, err := o.ruleSet(ctx, b.Rules)
	if err != nil {
		return dossier.Reckoner{}, err
	}
	c, revision, err := o.Calendar(ctx, b.Calendar)
	return dossier.Reckoner{Calendar: c, Name: b.Calendar, Revision: revision, Rules: rules}, err
}

// leadsAll is a Forbidden fault unless the actor has the right and stands above every agency: what holds for all is for the top to set.
func leadsAll(actor staff.Actor, right staff.Right) error {
	if err := actor.Must(right); err != nil {
		return err
	}
	if !actor.IsSystem() && len(pathIDs(actor.AgencyPath)) != 1 {
		return fault.New(fault.Forbidden, "not-your-agency", "this holds for every agency; it is for an administrator of the topmost one to do")
	}
	return nil
}

// by is the actor as the journal keeps it.
func by(a staff.Actor) dossier.By {
	return dossier.By{ID: a.ID, Name: a.Name, Role: string(a.Role), AgencyID: a.AgencyID}
}

// instant is a time as databases keep it: UTC, whole microseconds.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

func pathIDs(path string) []uuid.UUID {
	var ids []uuid.UUID
	for start := 0; start < len(path); {
		end := start
		for end < len(path) && path[end] != '/' {
			end++
		}
		if id, err := uuid.Parse(path[start:end]); err == nil {
			ids = append(ids, id)
		}
		start = end + 1
	}
	return ids
}
