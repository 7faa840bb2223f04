package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
)

// archivedRow says that bytes lie in the archive or are on their way there.
type archivedRow struct {
	SHA256     string `gorm:"column:sha256;primaryKey"`
	Size       int64
	HeldUntil  time.Time
	AttachedAt *time.Time // when they first belonged to a dossier
	GoingAt    *time.Time // since when they are being taken out of the archive
}

func (archivedRow) TableName() string { return "archived_files" }

// fileGoing is how long whoever takes bytes out of the archive may take for it. After that he counts as dead.
const fileGoing = 5 * time.Minute

// HoldFile notes, before bytes go into the archive, that they are on their way to a dossier: until then nobody sweeps them out. The fault is
// Unavailable "file-going" while the same bytes are just being taken out.
func (s *Store) HoldFile(ctx context.Context, sha string, size int64, now, until time.Time) error {
	done := s.writer(ctx).Exec(`INSERT INTO archived_files (sha256, size, held_until) VALUES (?, ?, ?)
		ON CONFLICT (sha256) DO UPDATE SET held_until = excluded.held_until, going_at = NULL
		WHERE archived_files.going_at IS NULL OR archived_files.going_at <= ?`, sha, size, instant(until), instant(now.Add(-fileGoing)))
	if done.Error == nil && done.RowsAffected == 0 {
		return fault.New(fault.Unavailable, "file-going", "the same file, sent once before and not attached, is just being taken out; try again")
	}
	return s.fault("hold file", done.Error)
}

// TakeFile notes, in the transaction of the event that attaches them, that bytes belong to a dossier from now on. The fault is Conflict
// "file-not-kept" when they were swept out meanwhile.
func (s *Store) TakeFile(ctx context.Context, sha string, at time.Time) error {
	if s.tx(ctx) == nil {
		return fmt.Errorf("take file: %w", errNoTx)
	}
	done := s.writer(ctx).Exec("UPDATE archived_files SET attached_at = COALESCE(attached_at, ?) WHERE sha256 = ? AND going_at IS NULL", instant(at), sha)
	if done.Error == nil && done.RowsAffected == 0 {
		return fault.New(fault.Conflict, "file-not-kept", "the file waited too long and is gone; send it again")
	}
	return s.fault("take file", done.Error)
}

// unwanted is a file that did not come to a dossier in time, and that nobody is taking out.
const unwanted = "attached_at IS NULL AND held_until < ? AND (going_at IS NULL OR going_at <= ?)"

// WaitingFiles are up to most files that were on their way to a dossier and did not come there in time.
func (s *Store) WaitingFiles(ctx context.Context, now time.Time, most int) ([]string, error) {
	var all []string
	err := s.reader(ctx).Raw("SELECT sha256 FROM archived_files WHERE "+unwanted+" ORDER BY held_until LIMIT ?",
		instant(now), instant(now.Add(-fileGoing)), most).Find(&all).Error
	return all, s.fault("waiting files", err)
}

// LetGoOfFile marks bytes that wait, and that no journal knows of, as being taken out, and says whether it did. From then on nobody can hold or
// attach them until ForgetFile says that they are gone, so that they can be deleted outside the transaction.
func (s *Store) LetGoOfFile(ctx context.Context, sha string, now time.Time) (bool, error) {
	gone := false
	err := s.InTx(ctx, func(ctx context.Context) error {
		done := s.writer(ctx).Exec("UPDATE archived_files SET going_at = ? WHERE sha256 = ? AND "+unwanted,
			instant(now), sha, instant(now), instant(now.Add(-fileGoing)))
		if done.Error != nil || done.RowsAffected == 0 {
			return s.fault("let go of file", done.Error)
		}
		var known int64 // the journal is asked, since a row of this table proves nothing
		err := s.reader(ctx).Raw("SELECT count(*) FROM dossier_events WHERE kind = 'FILE_ATTACHED' AND facts LIKE ?", `%"sha256":"`+sha+`"%`).Find(&known).Error
		if err == nil && known > 0 {
			err = s.writer(ctx).Exec("UPDATE archived_files SET going_at = NULL, attached_at = ? WHERE sha256 = ?", instant(now), sha).Error
		}
		gone = err == nil && known == 0
		return s.fault("let go of file", err)
	})
	return gone, err
}

// ForgetFile forgets bytes that were taken out by whoever let go of them at the instant.
func (s *Store) ForgetFile(ctx context.Context, sha string, at time.Time) error {
	return s.fault("forget file", s.writer(ctx).Exec("DELETE FROM archived_files WHERE sha256 = ? AND going_at = ?", sha, instant(at)).Error)
}

// FileEvent is an event that attached a file, with the code of its dossier, "" where there is no row.
type FileEvent struct {
	Code string
	dossier.Event
}

// FileEvents are the events that attached files, in the order of dossiers, up to most behind the given place.
func (s *Store) FileEvents(ctx context.Context, dossierID uuid.UUID, seq, most int) ([]FileEvent, error) {
	var rows []struct {
		Event eventRow `gorm:"embedded"`
		Code  *string
	}
	err := s.reader(ctx).Raw(`SELECT e.*, d.code FROM dossier_events e LEFT JOIN dossiers d ON d.id = e.dossier_id
		WHERE e.kind = 'FILE_ATTACHED' AND (e.dossier_id, e.seq) > (?, ?) ORDER BY e.dossier_id, e.seq LIMIT ?`, dossierID, seq, most).Find(&rows).Error
	if err != nil {
		return nil, s.fault("file events", err)
	}
	all := make([]FileEvent, len(rows))
	for i, r := range rows {
		all[i].Event = r.Event.event()
		if r.Code != nil {
			all[i].Code = *r.Code
		}
	}
	return all, nil
}
