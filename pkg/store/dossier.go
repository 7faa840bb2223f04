package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
)

// NextDossierNumber draws the next running number of an agency's day, 1 up, passing over those whose code a dossier bears already: it may
// have come with another system's cases, or the counter was set back. The row of the counter stays locked until the transaction ends, and
// the number is given back if it fails: there are no other gaps and no doubles. It needs a transaction, which is run again if somebody
// else takes the code meanwhile.
func (s *Store) NextDossierNumber(ctx context.Context, identifier string, day catalog.Date) (int, error) {
	tx := s.tx(ctx)
	if tx == nil {
		return 0, fmt.Errorf("next dossier number: %w", errNoTx)
	}
	var next int
	err := s.writer(ctx).Raw(`INSERT INTO dossier_counters (identifier, day, last) VALUES (?, ?, 1)
		ON CONFLICT (identifier, day) DO UPDATE SET last = dossier_counters.last + 1 RETURNING last`, identifier, string(day)).Find(&next).Error
	if err != nil {
		return 0, s.fault("next dossier number", err)
	}
	free, err := s.freeNumber(ctx, identifier, day, next)
	if err == nil && free != next {
		err = s.fault("next dossier number", s.writer(ctx).Exec("UPDATE dossier_counters SET last = ? WHERE identifier = ? AND day = ?",
			free, identifier, string(day)).Error)
	}
	tx.drawn = true
	return free, err
}

// freeNumber is the first one from n up whose code nobody bears. It looks at one, which mostly is free, then at hundreds at a time.
func (s *Store) freeNumber(ctx context.Context, identifier string, day catalog.Date, n int) (int, error) {
	for codes := make([]string, 1); ; codes = make([]string, 500) {
		for i := range codes {
			codes[i] = dossier.Code(identifier, day, n+i)
		}
		taken, err := s.DossierCodes(ctx, codes)
		if err != nil {
			return 0, err
		}
		for _, code := range codes {
			if _, is := taken[code]; !is {
				return n, nil
			}
			n++
		}
	}
}

// AddDossier keeps a dossier with its first event and everything that is derived from it. The fault is Conflict "dossier-exists" if its
// code, or its record in another system, is there already.
func (s *Store) AddDossier(ctx context.Context, d dossier.Dossier, e dossier.Event) error {
	if err := fits(d, e); err != nil {
		return err
	}
	r, err := s.project(ctx, d)
	if err != nil {
		return err
	}
	event := eventRowOf(e)
	return s.InTx(ctx, func(ctx context.Context) error {
		rows := []any{&r.row, r.code, &event}
		if r.source != nil {
			rows = append(rows, r.source)
		}
		for _, row := range rows {
			if err := s.writer(ctx).Create(row).Error; err != nil {
				if row == any(r.code) && s.tx(ctx).drawn {
					err = fmt.Errorf("%w: %w", errDrawnTaken, err)
				}
				return s.taken("add dossier", err, "dossier-exists", "this dossier is already there")
			}
		}
		return errors.Join(s.addPersons(ctx, r), s.setProjections(ctx, r))
	})
}

// MoveDossier keeps a dossier after a move, with the event of that move. If somebody else moved it first, nothing is kept and the fault
// is Stale "dossier-changed".
func (s *Store) MoveDossier(ctx context.Context, d dossier.Dossier, e dossier.Event) error {
	if err := fits(d, e); err != nil {
		return err
	}
	r, err := s.project(ctx, d)
	if err != nil {
		return err
	}
	event := eventRowOf(e)
	return s.InTx(ctx, func(ctx context.Context) error {
		moved := s.writer(ctx).Model(&dossierRow{}).Where("id = ? AND version = ?", d.ID, d.Version-1).Select("*").Omit("id", "code").Updates(&r.row)
		if moved.Error != nil {
			return s.fault("move dossier", moved.Error)
		}
		if moved.RowsAffected == 0 {
			return fault.New(fault.Stale, "dossier-changed", "the dossier is no longer at version %d", d.Version-1)
		}
		if err := s.writer(ctx).Create(&event).Error; err != nil {
			return s.fault("write journal", err)
		}
		if err := s.addReceipts(ctx, d.ID, e); err != nil {
			return err
		}
		return s.setProjections(ctx, r)
	})
}

// fits refuses what would break the journal: an event that is not the one that led to the dossier as it stands.
func fits(d dossier.Dossier, e dossier.Event) error {
	if e.DossierID != d.ID || e.Seq != d.Version || e.Hash != d.Head || d.ID == uuid.Nil {
		return fmt.Errorf("dossier %s at version %d does not end with event %d", d.ID, d.Version, e.Seq)
	}
	return nil
}

// setProjections writes promises, pauses, steps and desks. Their numbers only grow in the life of a dossier, so nothing is ever deleted, and
// what has not changed is not written again.
func (s *Store) setProjections(ctx context.Context, r StoredRow) error {
	db := s.writer(ctx)
	if len(r.promises) > 0 {
		if err := db.Clauses(upsert("dossier_promises", promiseColumns)).Create(&r.promises).Error; err != nil {
			return s.fault("write promises", err)
		}
	}
	if len(r.pauses) > 0 {
		if err := db.Clauses(upsert("dossier_pauses", pauseColumns)).Create(&r.pauses).Error; err != nil {
			return s.fault("write pauses", err)
		}
	}
	if len(r.steps) > 0 {
		if err := db.Clauses(upsert("dossier_steps", stepColumns)).Create(&r.steps).Error; err != nil {
			return s.fault("write steps", err)
		}
	}
	if len(r.desks) > 0 {
		if err := db.Clauses(upsert("dossier_desks", []string{"agency_id"})).Create(&r.desks).Error; err != nil {
			return s.fault("write desks", err)
		}
	}
	return nil
}

var (
	promiseColumns = []string{"kind", "made_at", "from_at", "until_at", "due_at", "on_time_from", "late_from"}
	pauseColumns   = []string{"cause", "from_at", "to_at"}
	stepColumns    = []string{
		"stage", "under_way", "beside", "officer_id", "name", "agency_id", "role", "started_at", "due_at", "late_from", "warn_at", "escalate_at", "taken_at", "taken_by", "done_at", "done_by",
	}
)

func upsert(table string, columns []string) clause.OnConflict {
	old, given := make([]clause.Column, len(columns)), make([]clause.Column, len(columns))
	for i, c := range columns {
		old[i], given[i] = clause.Column{Table: table, Name: c}, clause.Column{Table: "excluded", Name: c}
	}
	return clause.OnConflict{
		Columns:   []clause.Column{{Name: "dossier_id"}, {Name: "no"}},
		DoUpdates: clause.AssignmentColumns(columns),
		Where:     clause.Where{Exprs: []clause.Expression{clause.Expr{SQL: "(?) IS DISTINCT FROM (?)", Vars: []any{old, given}}}},
	}
}

// DossierByCode finds a dossier. Not for these eyes and not there are the same NotFound "dossier-not-found".
func (s *Store) DossierByCode(ctx context.Context, scope staff.Scope, code string) (dossier.Dossier, error) {
	return s.dossierByCode(ctx, scope, code, "")
}

// LockDossier is DossierByCode for a change: nobody else can lock or move the dossier until the transaction ends. It needs one.
func (s *Store) LockDossier(ctx context.Context, scope staff.Scope, code string) (dossier.Dossier, error) {
	if s.tx(ctx) == nil {
		return dossier.Dossier{}, fmt.Errorf("lock dossier: %w", errNoTx)
	}
	if s.sqlite() { // its write transactions exclude each other
		return s.dossierByCode(ctx, scope, code, "")
	}
	return s.dossierByCode(ctx, scope, code, " FOR UPDATE OF d")
}

func (s *Store) dossierByCode(ctx context.Context, scope staff.Scope, code, lock string) (dossier.Dossier, error) {
	w := where{}
	w.add("c.code = ?", code)
	w.seenBy(scope)
	var row dossierRow
	err := s.reader(ctx).Raw("SELECT d.id, d.body FROM dossier_codes c JOIN dossiers d ON d.id = c.dossier_id WHERE "+w.sql()+lock, w.arguments...).Take(&row).Error
	if err != nil {
		return dossier.Dossier{}, s.missing("dossier", err, "dossier-not-found", "there is no such dossier")
	}
	return row.dossier()
}

// DossierForLookup finds a dossier for whoever holds its receipt. The caller must check the secret before it tells anything.
func (s *Store) DossierForLookup(ctx context.Context, code string) (dossier.Dossier, error) {
	return s.dossierByCode(ctx, staff.System().Scope(), code, "")
}

// Journal is all events of a dossier in their order.
func (s *Store) Journal(ctx context.Context, scope staff.Scope, id uuid.UUID) ([]dossier.Event, error) {
	w := where{}
	w.add("d.id = ?", id)
	w.seenBy(scope)
	var rows []eventRow
	err := s.reader(ctx).Raw("SELECT e.* FROM dossier_events e JOIN dossiers d ON d.id = e.dossier_id WHERE "+w.sql()+" ORDER BY e.seq", w.arguments...).Find(&rows).Error
	if err == nil && len(rows) == 0 {
		return nil, fault.New(fault.NotFound, "dossier-not-found", "there is no such dossier")
	}
	return each(rows, eventRow.event), s.fault("journal", err)
}

// BySource finds the dossiers that were taken over from another system, by their keys there.
func (s *Store) BySource(ctx context.Context, system string, keys []string) (map[string]dossier.Dossier, error) {
	found := make(map[string]dossier.Dossier, len(keys))
	for some := range slices.Chunk(keys, 500) {
		var rows []dossierRow
		err := s.reader(ctx).Raw(`SELECT d.id, d.source_key, d.body FROM dossier_sources k JOIN dossiers d ON d.id = k.dossier_id
			WHERE k.source_system = ? AND k.source_key IN ?`, system, some).Find(&rows).Error
		if err != nil {
			return nil, s.fault("dossiers by source", err)
		}
		for _, r := range rows {
			d, err := r.dossier()
			if err != nil {
				return nil, err
			}
			found[*r.SourceKey] = d
		}
	}
	return found, nil
}
