package store

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Recorded is when one of several that follow on each other was written down.
type Recorded struct {
	No  int // 1 up
	At  time.Time
	Act string // number and date of the decision, of a calendar
}

// Published is when everything was written down that dates are reckoned by.
type Published struct {
	Calendars map[string][]Recorded    // revisions by the calendar's name, in order
	Versions  map[uuid.UUID][]Recorded // versions by the procedure, in order
	Rules     map[string]time.Time     // by the set's id
	Replans   map[string][]Replan      // by the calendar's name, in order of the revisions that open dossiers follow; of those that can be read
}

// Published lists all of it.
func (s *Store) Published(ctx context.Context) (Published, error) {
	p := Published{Calendars: map[string][]Recorded{}, Versions: map[uuid.UUID][]Recorded{}, Rules: map[string]time.Time{}, Replans: map[string][]Replan{}}
	var calendars []calendarRow
	if err := s.reader(ctx).Select("name", "revision", "recorded_at", "act").Order("name, revision").Find(&calendars).Error; err != nil {
		return p, s.fault("published", err)
	}
	for _, r := range calendars {
		p.Calendars[r.Name] = append(p.Calendars[r.Name], Recorded{r.Revision, r.RecordedAt.UTC(), r.Act})
	}
	var versions []procedureVersionRow
	if err := s.reader(ctx).Select("procedure_id", "version", "recorded_at").Order("procedure_id, version").Find(&versions).Error; err != nil {
		return p, s.fault("published", err)
	}
	for _, r := range versions {
		p.Versions[r.ProcedureID] = append(p.Versions[r.ProcedureID], Recorded{No: r.Version, At: r.RecordedAt.UTC()})
	}
	var rules []ruleSetRow
	if err := s.reader(ctx).Select("id", "recorded_at").Find(&rules).Error; err != nil {
		return p, s.fault("published", err)
	}
	for _, r := range rules {
		p.Rules[r.ID] = r.RecordedAt.UTC()
	}
	var replans []replanRow
	if err := s.reader(ctx).Order("calendar, revision").Find(&replans).Error; err != nil {
		return p, s.fault("published", err)
	}
	for _, row := range replans {
		if r, err := row.replan(); err == nil { // one that cannot be read tells nobody anything
			p.Replans[r.Calendar] = append(p.Replans[r.Calendar], r)
		}
	}
	return p, nil
}
