package store

import (
	"context"
	"iter"
	"slices"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/staff"
)

// idsAtOnce is how many ids of a selection are held in memory: enough that the selection is asked for few times, since one that no index
// answers walks through all dossiers each time.
const idsAtOnce = 20_000

// Lives lets look go through the journals of the dossiers within the scope that the filter leaves, in the order of their ids. They stand
// as they all stood at one instant, however often look goes through them; with the context that look gets, so does whatever else it
// asks. Memory is bounded however many there are. Sort does not count.
func (s *Store) Lives(
	ctx context.Context, scope staff.Scope, f DossierFilter, look func(ctx context.Context, lives iter.Seq2[[]dossier.Event, error]) error,
) error {
	return s.lives(ctx, scope, f, idsAtOnce, look)
}

func (s *Store) lives(
	ctx context.Context, scope staff.Scope, f DossierFilter, atOnce int, look func(context.Context, iter.Seq2[[]dossier.Event, error]) error,
) error {
	var own error
	err := s.Snapshot(ctx, func(ctx context.Context) error {
		w, err := s.dossiersWhere(ctx, scope, f)
		if err != nil {
			return err
		}
		next := func(after uuid.UUID) ([]uuid.UUID, error) {
			return s.selectedAfter(ctx, w, f.Figure != "", after, atOnce)
		}
		own = look(ctx, func(yield func([]dossier.Event, error) bool) {
			if err := s.eachJournal(ctx, next, yield); err != nil {
				yield(nil, err)
			}
		})
		return own
	})
	if own != nil { // look's failures, a full disk for one, are not the database's
		return own
	}
	return err
}

// eachJournal yields until there is no more or nobody wants more. next gives ids behind the last one, none at the end.
func (s *Store) eachJournal(
	ctx context.Context, next func(after uuid.UUID) ([]uuid.UUID, error), yield func([]dossier.Event, error) bool,
) error {
	for after := uuid.Nil; ; {
		ids, err := next(after)
		if err != nil || len(ids) == 0 {
			return err
		}
		for some := range slices.Chunk(ids, lifeBatch) {
			var journal []eventRow
			if err := s.reader(ctx).Where("dossier_id IN ?", some).Order("dossier_id, seq").Find(&journal).Error; err != nil {
				return s.fault("journals", err)
			}
			for _, id := range some {
				n := 0
				for n < len(journal) && journal[n].DossierID == id {
					n++
				}
				if !yield(each(journal[:n:n], eventRow.event), nil) {
					return nil
				}
				journal = journal[n:]
			}
		}
		after = ids[len(ids)-1]
	}
}

func (s *Store) selectedAfter(ctx context.Context, w where, figure bool, after uuid.UUID, atOnce int) ([]uuid.UUID, error) {
	column := "d.id"
	if s.sqlite() && figure { // as in Dossiers: the report's index knows everything, a walk in the order of ids reads every document
		column = "+d.id"
	}
	var ids []uuid.UUID
	err := s.reader(ctx).Raw("SELECT d.id FROM dossiers d WHERE "+w.sql()+" AND "+column+" > ? ORDER BY "+column+" LIMIT ?",
		append(slices.Clone(w.arguments), after, atOnce)...).Find(&ids).Error
	return ids, s.fault("dossiers", err)
}
