package store

import (
	"context"
	"time"
)

// AddCalendar keeps one more revision of a calendar, as the very bytes given; revisions are never changed. The fault is Conflict
// "calendar-exists" if the revision is there.
func (s *Store) AddCalendar(ctx context.Context, name string, revision int, definition []byte, at time.Time, by string) error {
	row := calendarRow{Name: name, Revision: revision, Definition: string(definition), RecordedAt: instant(at), RecordedBy: by}
	return s.taken("add calendar", s.writer(ctx).Create(&row).Error, "calendar-exists", "this revision of the calendar is already there")
}

// Calendar is the last revision of a calendar. The error is NotFound "calendar-not-found".
func (s *Store) Calendar(ctx context.Context, name string) (revision int, definition []byte, err error) {
	var row calendarRow
	err = s.reader(ctx).Where("name = ?", name).Order("revision DESC").Limit(1).Take(&row).Error
	return row.Revision, []byte(row.Definition), s.missing("calendar", err, "calendar-not-found", "there is no such calendar")
}

// CalendarRevision is one revision of a calendar as it was written.
func (s *Store) CalendarRevision(ctx context.Context, name string, revision int) ([]byte, error) {
	var row calendarRow
	err := s.reader(ctx).Where("name = ? AND revision = ?", name, revision).Take(&row).Error
	return []byte(row.Definition), s.missing("calendar", err, "calendar-not-found", "there is no such revision of the calendar")
}
