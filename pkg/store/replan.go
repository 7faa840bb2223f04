package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
)

// Replan is how far the open dossiers have followed a revision of their calendar.
type Replan struct {
	Calendar   string
	Revision   int
	BegunAt    time.Time
	BegunBy    dossier.By
	Reached    uuid.UUID // the last dossier that was looked at, in the order of ids
	Checked    int
	Moved      int
	Later      int // of those moved
	Earlier    int
	BecameLate int
	FinishedAt *time.Time
}

// AddReplan notes that the open dossiers have to follow a revision.
func (s *Store) AddReplan(ctx context.Context, r Replan) error {
	by, err := json.Marshal(r.BegunBy)
	if err != nil {
		return fmt.Errorf("add replan: %w", err)
	}
	row := replanRow{Calendar: r.Calendar, Revision: r.Revision, BegunAt: instant(r.BegunAt), BegunBy: string(by), HeldUntil: instant(r.BegunAt)}
	return s.fault("add replan", s.writer(ctx).Create(&row).Error)
}

// Replans lists those of a calendar, of all if the name is "", the newest first.
func (s *Store) Replans(ctx context.Context, calendar string) ([]Replan, error) {
	w := where{}
	equal(&w, "calendar", calendar)
	var rows []replanRow
	if err := w.on(s.reader(ctx)).Order("begun_at DESC, calendar, revision DESC").Limit(1000).Find(&rows).Error; err != nil {
		return nil, s.fault("replans", err)
	}
	all := make([]Replan, len(rows))
	for i, r := range rows {
		var err error
		if all[i], err = r.replan(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// HoldReplan gives the holder an unfinished replan to work on until the instant, nil if there is none that nobody else holds.
func (s *Store) HoldReplan(ctx context.Context, holder string, now, until time.Time) (*Replan, error) {
	var held *Replan
	err := s.InTx(ctx, func(ctx context.Context) error {
		held = nil
		var rows []replanRow
		lock := " FOR UPDATE"
		if s.sqlite() {
			lock = ""
		}
		err := s.reader(ctx).Raw(`SELECT * FROM replans WHERE finished_at IS NULL AND (holder = ? OR held_until <= ?)
			ORDER BY begun_at, calendar, revision LIMIT 1`+lock, holder, instant(now)).Find(&rows).Error
		if err != nil || len(rows) == 0 {
			return s.fault("hold replan", err)
		}
		r, err := rows[0].replan()
		if err != nil {
			return err
		}
		held = &r
		return s.fault("hold replan", s.writer(ctx).Exec("UPDATE replans SET holder = ?, held_until = ? WHERE calendar = ? AND revision = ?",
			holder, instant(until), r.Calendar, r.Revision).Error)
	})
	return held, err
}

// KeepReplan writes down how far it is, and that the holder goes on holding it until the instant.
func (s *Store) KeepReplan(ctx context.Context, r Replan, until time.Time) error {
	return s.fault("keep replan", s.writer(ctx).Exec(`UPDATE replans SET reached = ?, checked = ?, moved = ?, later = ?, earlier = ?, became_late = ?,
		held_until = ?, finished_at = ? WHERE calendar = ? AND revision = ?`,
		r.Reached, r.Checked, r.Moved, r.Later, r.Earlier, r.BecameLate, instant(until), instantOf(r.FinishedAt), r.Calendar, r.Revision).Error)
}

func (r replanRow) replan() (Replan, error) {
	out := Replan{
		Calendar: r.Calendar, Revision: r.Revision, BegunAt: r.BegunAt, Reached: r.Reached, Checked: r.Checked, Moved: r.Moved,
		Later: r.Later, Earlier: r.Earlier, BecameLate: r.BecameLate, FinishedAt: r.FinishedAt,
	}
	if err := json.Unmarshal([]byte(r.BegunBy), &out.BegunBy); err != nil {
		return out, fmt.Errorf("replan %s %d: %w", r.Calendar, r.Revision, err)
	}
	return out, nil
}

// OpenOn lists open dossiers whose dates are reckoned by the calendar, in the order of ids behind the given one.
func (s *Store) OpenOn(ctx context.Context, calendar string, after uuid.UUID, limit int) ([]dossier.Dossier, error) {
	return s.openDossiers(ctx, "SELECT d.id, d.body FROM dossiers d WHERE d.calendar = ? AND d.finished_at IS NULL AND d.id > ? ORDER BY d.id LIMIT ?",
		calendar, after, limit)
}

// CountOpenOn is how many OpenOn lists in all.
func (s *Store) CountOpenOn(ctx context.Context, calendar string) (int, error) {
	var n int
	err := s.reader(ctx).Raw("SELECT COUNT(*) FROM dossiers WHERE calendar = ? AND finished_at IS NULL", calendar).Find(&n).Error
	return n, s.fault("dossiers", err)
}

// PromisedBetween lists open dossiers on the calendar whose promise in force was made between the two instants.
func (s *Store) PromisedBetween(ctx context.Context, calendar string, from, to time.Time) ([]dossier.Dossier, error) {
	return s.openDossiers(ctx, `SELECT d.id, d.body FROM dossiers d WHERE d.calendar = ? AND d.finished_at IS NULL AND d.promised_at >= ? AND d.promised_at <= ?
		ORDER BY d.id`, calendar, instant(from), instant(to))
}

// LockDossiers reads dossiers for a change, in the order of ids: nobody else can move them until the transaction ends.
func (s *Store) LockDossiers(ctx context.Context, ids []uuid.UUID) ([]dossier.Dossier, error) {
	if s.tx(ctx) == nil {
		return nil, fmt.Errorf("lock dossiers: %w", errNoTx)
	}
	lock := " FOR UPDATE"
	if s.sqlite() {
		lock = ""
	}
	return s.openDossiers(ctx, "SELECT d.id, d.body FROM dossiers d WHERE d.id IN ? ORDER BY d.id"+lock, ids)
}

func (s *Store) openDossiers(ctx context.Context, statement string, arguments ...any) ([]dossier.Dossier, error) {
	var rows []dossierRow
	if err := s.reader(ctx).Raw(statement, arguments...).Find(&rows).Error; err != nil {
		return nil, s.fault("dossiers", err)
	}
	all := make([]dossier.Dossier, len(rows))
	for i, r := range rows {
		var err error
		if all[i], err = r.dossier(); err != nil {
			return nil, err
		}
	}
	return all, nil
}
