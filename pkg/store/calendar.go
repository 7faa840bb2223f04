package store

import (
	"context"
	"time"
)

// CalendarRevision is a calendar as it was from some day on. Revisions are added, never changed.
type CalendarRevision struct {
	Name       string
	Revision   int    // 1 up
	Definition []byte // what dates are reckoned by
	Written    []byte // what was handed in: less, where it inherits
	Inherits   string // name of another calendar, "" for none
	Act        string // number and date of the decision
	RecordedAt time.Time
	RecordedBy string
}

// AddCalendar keeps one more revision of a calendar, as the very bytes given. The fault is Conflict "calendar-exists" if the revision is
// there.
func (s *Store) AddCalendar(ctx context.Context, c CalendarRevision) error {
	row := calendarRow{
		Name: c.Name, Revision: c.Revision, Definition: string(c.Definition), RecordedAt: instant(c.RecordedAt), RecordedBy: c.RecordedBy,
		Written: string(c.Written), Inherits: c.Inherits, Act: c.Act,
	}
	return s.taken("add calendar", s.writer(ctx).Create(&row).Error, "calendar-exists", "this revision of the calendar is already there")
}

// CalendarHead is the number of the last revision of a calendar. The error is NotFound "calendar-not-found".
func (s *Store) CalendarHead(ctx context.Context, name string) (int, error) {
	var row calendarRow
	err := s.reader(ctx).Select("revision").Where("name = ?", name).Order("revision DESC").Take(&row).Error
	return row.Revision, s.missing("calendar", err, "calendar-not-found", "there is no such calendar")
}

// Calendar is one revision of a calendar, the last one if revision is 0. The error is NotFound "calendar-not-found".
func (s *Store) Calendar(ctx context.Context, name string, revision int) (CalendarRevision, error) {
	w := where{}
	w.add("name = ?", name)
	if revision > 0 {
		w.add("revision = ?", revision)
	}
	var row calendarRow
	err := w.on(s.reader(ctx)).Order("revision DESC").Take(&row).Error
	return row.revision(), s.missing("calendar", err, "calendar-not-found", "there is no such calendar, or no such revision of it")
}

// Calendars is the last revision of every calendar, by name.
func (s *Store) Calendars(ctx context.Context) ([]CalendarRevision, error) {
	var rows []calendarRow
	err := s.reader(ctx).Raw(`SELECT c.* FROM calendars c JOIN (SELECT name, MAX(revision) AS revision FROM calendars GROUP BY name) n
		ON n.name = c.name AND n.revision = c.revision ORDER BY c.name`).Find(&rows).Error
	return each(rows, calendarRow.revision), s.fault("calendars", err)
}

func (r calendarRow) revision() CalendarRevision {
	return CalendarRevision{
		Name: r.Name, Revision: r.Revision, Definition: []byte(r.Definition), Written: []byte(r.Written), Inherits: r.Inherits, Act: r.Act,
		RecordedAt: r.RecordedAt, RecordedBy: r.RecordedBy,
	}
}
