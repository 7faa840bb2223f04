package store

import (
	"context"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/staff"
)

// StepInHand is a step under way that somebody has in hand.
type StepInHand struct {
	Code   string // of its dossier
	StepNo int
}

// StepsInHand are all steps under way that the officer has in hand, of the dossiers that the scope may see.
func (s *Store) StepsInHand(ctx context.Context, scope staff.Scope, officer uuid.UUID) ([]StepInHand, error) {
	w := where{}
	if err := s.seen(ctx, &w, scope); err != nil {
		return nil, err
	}
	var all []StepInHand
	err := s.reader(ctx).Raw(`SELECT d.code, s.no AS step_no FROM dossier_steps s JOIN dossiers d ON d.id = s.dossier_id
		WHERE s.under_way AND s.officer_id = ? AND `+w.sql()+" ORDER BY d.code, s.no", append([]any{officer}, w.arguments...)...).Find(&all).Error
	return all, s.fault("steps in hand", err)
}
