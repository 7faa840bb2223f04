package store

import (
	"context"
	"slices"

	"github.com/google/uuid"
)

// DossierCodes says which of the codes are borne by a dossier, and by which, whoever asks: a code is given out once in the whole office.
func (s *Store) DossierCodes(ctx context.Context, codes []string) (map[string]uuid.UUID, error) {
	found := map[string]uuid.UUID{}
	for some := range slices.Chunk(codes, 500) {
		var rows []codeRow
		if err := s.reader(ctx).Where("code IN ?", some).Find(&rows).Error; err != nil {
			return nil, s.fault("dossier codes", err)
		}
		for _, r := range rows {
			found[r.Code] = r.DossierID
		}
	}
	return found, nil
}

// FormerCode is what a dossier was called of which neither row nor journal is left, as far as a code still leads to it; "" where none does.
func (s *Store) FormerCode(ctx context.Context, id uuid.UUID) (string, error) {
	var codes []codeRow
	err := s.reader(ctx).Where("dossier_id = ?", id).Order("code").Limit(1).Find(&codes).Error
	if err != nil || len(codes) == 0 {
		return "", s.fault("former code", err)
	}
	return codes[0].Code, nil
}
