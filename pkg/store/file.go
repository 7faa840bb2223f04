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
}

func (archivedRow) TableName() string { return "archived_files" }

// HoldFile notes, before bytes go into the archive, that they are on their way to a dossier: until then nobody sweeps them out.
func (s *Store) HoldFile(ctx context.Context, sha string, size int64, until time.Time) error {
	return s.fault("hold file", s.writer(ctx).Exec(`INSERT INTO archived_files (sha256, size, held_until) VALUES (?, ?, ?)
		ON CONFLICT (sha256) DO UPDATE SET held_until = excluded.held_until`, sha, size, instant(until)).Error)
}

// TakeFile notes, in the transaction of the event that attaches them, that bytes belong to a dossier from now on. The fault is Conflict
// "file-not-kept" when they were swept out meanwhile.
func (s *Store) TakeFile(ctx context.Context, sha string, at time.Time) error {
	if s.tx(ctx) == nil {
		return fmt.Errorf("take file: %w", errNoTx)
	}
	done := s.writer(ctx).Exec("UPDATE archived_files SET attached_at = COALESCE(attached_at, ?) WHERE sha256 = ?", instant(at), sha)
	if done.Error == nil && done.RowsAffected == 0 {
		return fault.New(fault.Conflict, "file-not-kept", "the file waited too long and is gone; send it again")
	}
	return s.fault("take file", done.Error)
}

// WaitingFiles are up to most files that were on their way to a dossier and did not come there in time.
func (s *Store) WaitingFiles(ctx context.Context, now time.Time, most int) ([]string, error) {
	var all []string
	err := s.reader(ctx).Raw("SELECT sha256 FROM archived_files WHERE attached_at IS NULL AND held_until < ? ORDER BY held_until LIMIT ?",
		instant(now), most).Find(&all).Error
	return all, s.fault("waiting files", err)
}

// LetGoOfFile forgets bytes that wait and that no journal knows of, and says whether it did. It needs a transaction, in which the bytes are to be
// deleted: whoever wants to keep the same ones waits for its end and then finds them gone.
func (s *Store) LetGoOfFile(ctx context.Context, sha string, now time.Time) (bool, error) {
	if s.tx(ctx) == nil {
		return false, fmt.Errorf("let go of file: %w", errNoTx)
	}
	done := s.writer(ctx).Exec("DELETE FROM archived_files WHERE sha256 = ? AND attached_at IS NULL AND held_until < ?", sha, instant(now))
	if done.Error != nil || done.RowsAffected == 0 {
		return false, s.fault("let go of file", done.Error)
	}
	var known int64 // the journal is asked, since a row of this table proves nothing
	err := s.reader(ctx).Raw("SELECT count(*) FROM dossier_events WHERE kind = 'FILE_ATTACHED' AND facts LIKE ?", `%"sha256":"`+sha+`"%`).Find(&known).Error
	if err != nil || known == 0 {
		return err == nil, s.fault("let go of file", err)
	}
	return false, s.fault("let go of file", s.writer(ctx).Create(&archivedRow{SHA256: sha, HeldUntil: instant(now), AttachedAt: instantOf(&now)}).Error)
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
