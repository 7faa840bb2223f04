package store

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/staff"
)

// StepInHand is a step under way that somebody has in hand or supports.
type StepInHand struct {
	Code   string // of its dossier
	StepNo int
}

// StepsInHand are all steps under way that the officer has in hand or is assigned to in support, of the dossiers that the scope may see.
func (s *Store) StepsInHand(ctx context.Context, scope staff.Scope, officer uuid.UUID) ([]StepInHand, error) {
	w := where{}
	if err := s.seen(ctx, &w, scope); err != nil {
		return nil, err
	}
	var all []StepInHand
	err := s.reader(ctx).Raw(`SELECT d.code, s.no AS step_no FROM dossier_steps s JOIN dossiers d ON d.id = s.dossier_id
		WHERE s.under_way AND s.officer_id = ? AND `+w.sql()+" ORDER BY d.code, s.no", append([]any{officer}, w.arguments...)...).Find(&all).Error
	if err != nil {
		return nil, s.fault("steps in hand", err)
	}
	// No table has those in support, and nobody asks for them but when somebody leaves: then the open dossiers are read.
	var rows []dossierRow
	err = s.reader(ctx).Raw(`SELECT d.id, d.body FROM dossiers d WHERE d.finished_at IS NULL AND d.step_no > 0 AND d.body LIKE ? AND `+w.sql(),
		append([]any{`%"` + officer.String() + `"%`}, w.arguments...)...).Find(&rows).Error
	if err != nil {
		return nil, s.fault("steps in support", err)
	}
	for _, r := range rows {
		d, err := r.dossier()
		if err != nil {
			return nil, err
		}
		for _, x := range d.UnderWay() {
			if one := (StepInHand{d.Code, x.No}); x.Supports(officer) && !slices.Contains(all, one) {
				all = append(all, one)
			}
		}
	}
	slices.SortFunc(all, func(a, b StepInHand) int { return cmp.Or(cmp.Compare(a.Code, b.Code), a.StepNo-b.StepNo) })
	return all, nil
}
