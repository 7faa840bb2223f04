package store

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
)

// rowsAtOnce is how many rows of the widest table one statement of SQLite can hold, with room to spare.
const rowsAtOnce = 500

// MoveDossiers is MoveDossier for many different ones at once, each after one move: the last of its events; earlier ones are not looked
// at. All are kept or none; if somebody else moved one of them first, the fault is Stale "dossier-changed".
func (s *Store) MoveDossiers(ctx context.Context, moved []dossier.Life) error {
	if len(moved) == 0 {
		return nil
	}
	rows, events, all := make([]dossierRow, len(moved)), make([]eventRow, len(moved)), StoredRow{}
	for i, l := range moved {
		if len(l.Events) == 0 {
			return fmt.Errorf("dossier %s has not moved", l.Dossier.ID)
		}
		if err := fits(l.Dossier, l.Events[len(l.Events)-1]); err != nil {
			return err
		}
		r, err := s.project(ctx, l.Dossier)
		if err != nil {
			return err
		}
		rows[i], events[i] = r.row, eventRowOf(l.Events[len(l.Events)-1])
		all.promises, all.pauses, all.steps = append(all.promises, r.promises...), append(all.pauses, r.pauses...), append(all.steps, r.steps...)
		all.desks = append(all.desks, r.desks...)
	}
	return s.InTx(ctx, func(ctx context.Context) error {
		if err := s.overwrite(ctx, rows); err != nil {
			return err
		}
		if err := s.pour(ctx, events); err != nil {
			return s.fault("write journal", err)
		}
		for _, l := range moved {
			if err := s.addReceipts(ctx, l.Dossier.ID, l.Events[len(l.Events)-1]); err != nil {
				return err
			}
		}
		return s.setManyProjections(ctx, all)
	})
}

// overwrite replaces rows that stand one version before the given ones; all of them are there, since dossiers are never deleted.
func (s *Store) overwrite(ctx context.Context, rows []dossierRow) error {
	table, err := schema.Parse(&dossierRow{}, &schemas, schema.NamingStrategy{})
	if err != nil {
		return err
	}
	columns := slices.DeleteFunc(slices.Clone(table.DBNames), func(c string) bool { return c == "id" || c == "code" })
	change := clause.OnConflict{
		Columns: []clause.Column{{Name: "id"}}, DoUpdates: clause.AssignmentColumns(columns),
		Where: clause.Where{Exprs: []clause.Expression{clause.Expr{SQL: "dossiers.version = excluded.version - 1"}}},
	}
	done := s.writer(ctx).Clauses(change).CreateInBatches(rows, rowsAtOnce)
	if done.Error != nil {
		return s.fault("move dossiers", done.Error)
	}
	if done.RowsAffected != int64(len(rows)) {
		return fault.New(fault.Stale, "dossier-changed", "%d of %d dossiers were moved by somebody else", int64(len(rows))-done.RowsAffected, len(rows))
	}
	return nil
}

func (s *Store) setManyProjections(ctx context.Context, all StoredRow) error {
	for some := range slices.Chunk(all.promises, rowsAtOnce) {
		if err := s.setProjections(ctx, StoredRow{promises: some}); err != nil {
			return err
		}
	}
	for some := range slices.Chunk(all.pauses, rowsAtOnce) {
		if err := s.setProjections(ctx, StoredRow{pauses: some}); err != nil {
			return err
		}
	}
	for some := range slices.Chunk(all.desks, rowsAtOnce) {
		if err := s.setProjections(ctx, StoredRow{desks: some}); err != nil {
			return err
		}
	}
	for some := range slices.Chunk(all.steps, rowsAtOnce) {
		if err := s.setProjections(ctx, StoredRow{steps: some}); err != nil {
			return err
		}
	}
	return nil
}
