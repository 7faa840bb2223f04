// Package onestop is the office: each exported method of Office is one act of one actor, checked, done in one transaction and written
// in the journal. Counters (API, pages, jobs, command line) come here for whatever happens; for reads they may go to the store.
package onestop

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/worktime"
)

// Office knows the rules of the house; everything else it finds in the store. It is safe for concurrent use.
type Office struct {
	store   *store.Store
	rules   []dossier.RuleSet
	process []catalog.Step // of procedures that have none of their own
	zone    *time.Location

	hashing chan struct{} // bounds the memory that password hashes take at once

	mu        sync.Mutex
	calendars map[calendarKey]*worktime.Calendar
}

type calendarKey struct {
	name     string
	revision int
}

// DefaultCalendar is the calendar of agencies that name none, up to the root.
const DefaultCalendar = "vn"

// New opens the office over a migrated store. zone is the office's; the rules must cover every day that dossiers are accepted on.
func New(s *store.Store, rules []dossier.RuleSet, process []catalog.Step, zone *time.Location) *Office {
	return &Office{
		store: s, rules: rules, process: process, zone: zone,
		hashing: make(chan struct{}, 2), calendars: map[calendarKey]*worktime.Calendar{},
	}
}

// Zone is the office's time zone.
func (o *Office) Zone() *time.Location { return o.zone }

// KeepCalendar writes a calendar down as the next revision, unless the newest one already says the same. It returns the revision.
func (o *Office) KeepCalendar(ctx context.Context, actor staff.Actor, now time.Time, name string, definition []byte) (int, error) {
	if err := actor.Must(staff.EditCatalogue); err != nil {
		return 0, err
	}
	if _, err := compile(definition); err != nil {
		return 0, err
	}
	revision := 0
	err := o.store.InTx(ctx, func(ctx context.Context) error {
		last, kept, err := o.store.Calendar(ctx, name)
		if err != nil && !errors.Is(err, fault.NotFound) {
			return err
		}
		revision = last
		if err == nil && string(kept) == string(definition) {
			return nil
		}
		revision = last + 1
		return o.store.AddCalendar(ctx, name, revision, definition, now, actor.Username)
	})
	return revision, err
}

// Calendar is the newest revision of a calendar, ready to count with.
func (o *Office) Calendar(ctx context.Context, name string) (*worktime.Calendar, int, error) {
	revision, definition, err := o.store.Calendar(ctx, name)
	if err != nil {
		return nil, 0, err
	}
	c, err := o.compiled(calendarKey{name, revision}, definition)
	return c, revision, err
}

func (o *Office) calendarRevision(ctx context.Context, name string, revision int) (*worktime.Calendar, error) {
	o.mu.Lock()
	c := o.calendars[calendarKey{name, revision}]
	o.mu.Unlock()
	if c != nil {
		return c, nil
	}
	definition, err := o.store.CalendarRevision(ctx, name, revision)
	if err != nil {
		return nil, err
	}
	return o.compiled(calendarKey{name, revision}, definition)
}

func (o *Office) compiled(key calendarKey, definition []byte) (*worktime.Calendar, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if c := o.calendars[key]; c != nil {
		return c, nil
	}
	c, err := compile(definition)
	if err != nil {
		return nil, fmt.Errorf("calendar %s revision %d: %w", key.name, key.revision, err)
	}
	o.calendars[key] = c
	return c, nil
}

func compile(definition []byte) (*worktime.Calendar, error) {
	var d worktime.Definition
	if err := json.Unmarshal(definition, &d); err != nil {
		return nil, fault.New(fault.Invalid, "calendar-invalid", "the calendar cannot be read: %v", err)
	}
	c, err := worktime.Compile(d)
	if err != nil {
		return nil, fault.New(fault.Invalid, "calendar-invalid", "the calendar cannot be used: %v", err)
	}
	return c, nil
}

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
	rules, err := dossier.RulesOn(o.rules, catalog.DateOf(on, o.zone))
	if err != nil {
		return dossier.Reckoner{}, err
	}
	c, revision, err := o.Calendar(ctx, name)
	return dossier.Reckoner{Calendar: c, Name: name, Revision: revision, Rules: rules}, err
}

// basisReckoner works out dates of a dossier that was already accepted: its own calendar as it now is, its own rules.
func (o *Office) basisReckoner(ctx context.Context, b dossier.Basis) (dossier.Reckoner, error) {
	rules, err := o.ruleSet(b.Rules)
	if err != nil {
		return dossier.Reckoner{}, err
	}
	c, revision, err := o.Calendar(ctx, b.Calendar)
	return dossier.Reckoner{Calendar: c, Name: b.Calendar, Revision: revision, Rules: rules}, err
}

func (o *Office) ruleSet(id string) (dossier.RuleSet, error) {
	for _, r := range o.rules {
		if r.ID == id {
			return r, nil
		}
	}
	return dossier.RuleSet{}, fmt.Errorf("rule set %q is not known here", id)
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
