// Package demo is a demonstration province: facts that anybody may use (names of units, fields, common family names) and a seeded program
// that makes agencies, procedures, staff and a year of dossiers out of them. Nothing in it is a record of anyone.
package demo

import (
	"errors"
	"fmt"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/worktime"
)

// Notice says what the data is, wherever it is shown.
const Notice = "Dữ liệu minh họa do chương trình tạo ra, không phải số liệu thật / Demonstration data made by a program, not real records"

// Plan is what a province follows from: the same seed, date and calendar give the same province to the last byte.
type Plan struct {
	Seed     uint64
	Now      time.Time // its date is the demonstration's present: whatever happened, happened before that date began
	Calendar *worktime.Calendar
	Revision int               // of the calendar, kept in what is promised
	Rules    []dossier.RuleSet // nil takes those that come with the program
	Dossiers int               // how many, 0 is DefaultDossiers
}

// DefaultDossiers is the year that a demonstration begins with.
const DefaultDossiers = 2400

// Counter is the last number that an agency gave out on a day.
type Counter struct {
	Identifier string
	Day        catalog.Date
	Last       int
}

// Citizen is somebody whose receipt is known.
type Citizen struct {
	Name   string
	Code   string // of the open dossier
	Secret string
}

// Province is all that there is. Whoever stands above or is spoken of comes first: agencies from the top down.
type Province struct {
	Agencies   []catalog.Agency
	Procedures []catalog.Procedure
	Users      []staff.User // without passwords
	Lives      []dossier.Life
	Counters   []Counter
	Citizen    Citizen
	Files      [][]byte // that dossiers name
}

// Generate makes the province. It reads no clock and no file.
func Generate(plan Plan) (Province, error) {
	if plan.Calendar == nil {
		return Province{}, errors.New("demonstration: no calendar")
	}
	if plan.Dossiers == 0 {
		plan.Dossiers = DefaultDossiers
	}
	if plan.Dossiers < leastDossiers {
		return Province{}, fmt.Errorf("demonstration: %d dossiers do not show every state; at least %d do", plan.Dossiers, leastDossiers)
	}
	f, err := known()
	if err != nil {
		return Province{}, fmt.Errorf("demonstration: %w", err)
	}
	if plan.Rules == nil {
		if plan.Rules, err = shippedRules(); err != nil {
			return Province{}, fmt.Errorf("demonstration: %w", err)
		}
	}
	w := &world{plan: plan, facts: f, places: settle(f), cut: midnight(plan.Now, plan.Calendar.Zone())}
	if w.items, err = catalogue(f, plan.Seed); err != nil {
		return Province{}, fmt.Errorf("demonstration: %w", err)
	}
	if w.samples, err = samples(w.cut); err != nil {
		return Province{}, fmt.Errorf("demonstration: %w", err)
	}
	w.filed = filed{map[string]dossier.File{}, map[*office]*arrival{}}
	w.roster = employ(draw(plan.Seed, forStaff), f, w.places, w.cut.AddDate(-2, 0, 0))
	p := Province{Agencies: w.places.all, Users: w.roster.all, Procedures: make([]catalog.Procedure, len(w.items))}
	for i, x := range w.items {
		p.Procedures[i] = x.Procedure
	}
	for _, x := range w.samples {
		p.Files = append(p.Files, x.content)
	}
	if err := w.live(&p); err != nil {
		return Province{}, fmt.Errorf("demonstration: %w", err)
	}
	return p, nil
}

// world is the province while it is made.
type world struct {
	plan    Plan
	facts   *facts
	places  *places
	items   []*item
	roster  *roster
	cut     time.Time // nothing happens at or after it
	samples []sample
	filed   filed
}

// midnight at which the date of now begins on the office's clock, in UTC.
func midnight(now time.Time, zone *time.Location) time.Time {
	y, m, d := now.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone).UTC()
}

// reckoner for something accepted at the instant.
func (w *world) reckoner(at time.Time) (dossier.Reckoner, error) {
	rules, err := dossier.RulesOn(w.plan.Rules, catalog.DateOf(at, w.plan.Calendar.Zone()))
	return dossier.Reckoner{Calendar: w.plan.Calendar, Name: onestop.DefaultCalendar, Revision: w.plan.Revision, Rules: rules}, err
}
