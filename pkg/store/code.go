package store

import (
	"context"
	"regexp"
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

var codeInAnswer = regexp.MustCompile(`"code":"([^"]+)"`)

// FormerCode is what a dossier was called of which neither row nor journal is left, as far as a code still leads to it or an answer that is kept
// for a day tells it; "" where nothing does.
func (s *Store) FormerCode(ctx context.Context, id uuid.UUID) (string, error) {
	var codes []codeRow
	err := s.reader(ctx).Where("dossier_id = ?", id).Order("code").Limit(1).Find(&codes).Error
	if err != nil || len(codes) > 0 {
		for _, c := range codes {
			return c.Code, nil
		}
		return "", s.fault("former code", err)
	}
	tells := "position(convert_to(?, 'UTF8') IN body) > 0"
	if s.sqlite() {
		tells = "instr(body, CAST(? AS BLOB)) > 0"
	}
	var answers []idempotencyRow
	err = s.reader(ctx).Where(tells, `"id":"`+id.String()+`"`).Order("claimed_at").Limit(1).Find(&answers).Error
	for _, a := range answers {
		if code := codeInAnswer.FindSubmatch(a.Body); code != nil {
			return string(code[1]), nil
		}
	}
	return "", s.fault("former code", err)
}
