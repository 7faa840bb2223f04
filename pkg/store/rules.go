package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/motcua/motcua/pkg/dossier"
)

// AddRuleSet keeps a set of deadline rules. The fault is Conflict "rules-exist" if its id is taken: a set never changes.
func (s *Store) AddRuleSet(ctx context.Context, r dossier.RuleSet, at time.Time, by string) error {
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("add rules: %w", err)
	}
	row := ruleSetRow{ID: r.ID, EffectiveFrom: string(r.EffectiveFrom), Definition: string(body), RecordedAt: instant(at), RecordedBy: by}
	return s.taken("add rules", s.writer(ctx).Create(&row).Error, "rules-exist", "rules of this id are already there, and they never change")
}

// RuleSets is every set of deadline rules by its first day, of the same day the one that was recorded last behind the others.
func (s *Store) RuleSets(ctx context.Context) ([]dossier.RuleSet, error) {
	var rows []ruleSetRow
	if err := s.reader(ctx).Order("effective_from, recorded_at, id").Find(&rows).Error; err != nil {
		return nil, s.fault("rules", err)
	}
	all := make([]dossier.RuleSet, len(rows))
	for i, r := range rows {
		if err := json.Unmarshal([]byte(r.Definition), &all[i]); err != nil {
			return nil, fmt.Errorf("rules %s: %w", r.ID, err)
		}
	}
	return all, nil
}

// RuleSetCount is how many there are: since sets only ever come on top, a count says whether one knows them all.
func (s *Store) RuleSetCount(ctx context.Context) (int, error) {
	var n int
	err := s.reader(ctx).Raw("SELECT COUNT(*) FROM rule_sets").Find(&n).Error
	return n, s.fault("rules", err)
}
