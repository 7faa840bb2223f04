package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm/schema"

	"github.com/motcua/motcua/pkg/dossier"
)

// lifeBatch is how many dossiers EachLife holds in memory at once.
const lifeBatch = 200

// EachLife tells every dossier with its journal, in the order of ids, as they all stood at one instant. A row without a journal comes
// with no events, a journal without a row with an empty row. Memory is bounded however many there are; it ends with the first error.
//
// Of the misfits that there are, a row that cannot be read comes empty but for them, and a journal that cannot be read does not come.
func (s *Store) EachLife(ctx context.Context, misfits []Misfit, tell func(events []dossier.Event, row StoredRow) error) error {
	return s.Snapshot(ctx, func(ctx context.Context) error {
		out := leaveOut(misfits)
		for after := uuid.Nil; ; {
			ids, err := s.idsAfter(ctx, out, after)
			if err != nil || len(ids) == 0 {
				return err
			}
			last := ids[len(ids)-1]
			if bytes.Compare(last[:], after[:]) <= 0 {
				return fmt.Errorf("dossiers: the id behind %s is %s", after, last)
			}
			rows, err := s.storedBetween(ctx, out, after, last)
			if err != nil {
				return err
			}
			var journal []eventRow
			err = out.journal.on(s.reader(ctx)).Where("dossier_id > ? AND dossier_id <= ?", after, last).Order("dossier_id, seq").Find(&journal).Error
			if err != nil {
				return s.fault("journals", err)
			}
			for _, id := range ids {
				n := 0
				for n < len(journal) && journal[n].DossierID == id {
					n++
				}
				if err := tell(each(journal[:n:n], eventRow.event), rows[id]); err != nil {
					return err
				}
				journal = journal[n:]
			}
			after = last
		}
	})
}

// idsAfter is the next batch of ids that have a row or a journal.
func (s *Store) idsAfter(ctx context.Context, out left, after uuid.UUID) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	rows := out.id.on(s.reader(ctx)).Table("dossiers").Select("id").Where("id > ?", after).Order("id").Limit(lifeBatch)
	journals := out.journal.on(s.reader(ctx)).Table("dossier_events").Select("DISTINCT dossier_id").Where("dossier_id > ?", after).Order("dossier_id").Limit(lifeBatch)
	err := s.reader(ctx).Raw("SELECT id FROM (SELECT id FROM (?) a UNION SELECT dossier_id FROM (?) b) c ORDER BY id LIMIT ?", rows, journals, lifeBatch).Find(&ids).Error
	return ids, s.fault("dossiers", err)
}

// storedBetween reads rows and what is derived, for ids after the one up to the other.
func (s *Store) storedBetween(ctx context.Context, out left, after, last uuid.UUID) (map[uuid.UUID]StoredRow, error) {
	var x storedRows
	db := s.reader(ctx)
	between := func(into any) error {
		return out.beside.on(db).Where("dossier_id > ? AND dossier_id <= ?", after, last).Order("dossier_id, no").Find(into).Error
	}
	err := errors.Join(
		out.row.on(db).Where("id > ? AND id <= ?", after, last).Find(&x.rows).Error,
		between(&x.promises),
		between(&x.pauses),
		between(&x.steps),
		between(&x.desks),
		between(&x.persons),
		out.beside.on(db).Where("dossier_id > ? AND dossier_id <= ?", after, last).Find(&x.receipts).Error,
		db.Raw("SELECT c.* FROM dossiers d JOIN dossier_codes c ON c.code = d.code WHERE d.id > ? AND d.id <= ?"+out.plain("c"), after, last).Find(&x.codes).Error,
		db.Raw(`SELECT k.* FROM dossiers d JOIN dossier_sources k ON k.source_system = d.source_system AND k.source_key = d.source_key
			WHERE d.id > ? AND d.id <= ?`+out.plain("k"), after, last).Find(&x.sources).Error,
	)
	if err != nil {
		return nil, s.fault("dossiers", err)
	}
	sortReceipts(x.receipts)
	found := x.byDossier()
	for id, what := range out.what {
		if bytes.Compare(id[:], after[:]) > 0 && bytes.Compare(id[:], last[:]) <= 0 {
			found[id] = what
		}
	}
	return found, nil
}

// byDossier puts together what belongs together.
func (x storedRows) byDossier() map[uuid.UUID]StoredRow {
	byCode, bySource := map[string]*codeRow{}, map[[2]string]*sourceRow{}
	for i, c := range x.codes {
		byCode[c.Code] = &x.codes[i]
	}
	for i, k := range x.sources {
		bySource[[2]string{k.SourceSystem, k.SourceKey}] = &x.sources[i]
	}
	found := make(map[uuid.UUID]StoredRow, len(x.rows))
	for _, r := range x.rows {
		one := StoredRow{row: r, code: byCode[r.Code]}
		if r.SourceSystem != nil && r.SourceKey != nil {
			one.source = bySource[[2]string{*r.SourceSystem, *r.SourceKey}]
		}
		found[r.ID] = one
	}
	add := func(id uuid.UUID, put func(*StoredRow)) {
		one := found[id]
		put(&one)
		found[id] = one
	}
	for _, p := range x.promises {
		add(p.DossierID, func(one *StoredRow) { one.promises = append(one.promises, p) })
	}
	for _, p := range x.pauses {
		add(p.DossierID, func(one *StoredRow) { one.pauses = append(one.pauses, p) })
	}
	for _, p := range x.steps {
		add(p.DossierID, func(one *StoredRow) { one.steps = append(one.steps, p) })
	}
	for _, p := range x.desks {
		add(p.DossierID, func(one *StoredRow) { one.desks = append(one.desks, p) })
	}
	for _, p := range x.persons {
		add(p.DossierID, func(one *StoredRow) { one.persons = append(one.persons, p) })
	}
	for _, p := range x.receipts {
		add(p.DossierID, func(one *StoredRow) { one.receipts = append(one.receipts, p) })
	}
	return found
}

// Stray is a row beside the dossiers that names one of which there is no journal.
type Stray struct {
	Name  string // the dossier's code or id, or system and key of its record elsewhere
	Table string
}

// Strays lists the codes, sources, persons and receipts that lead to no journal; the last two by the dossier's id where no
// code leads to it.
func (s *Store) Strays(ctx context.Context) ([]Stray, error) {
	var found []Stray
	err := s.reader(ctx).Raw(`SELECT COALESCE(x.name, (SELECT MIN(c.code) FROM dossier_codes c WHERE c.dossier_id = x.dossier_id), CAST(x.dossier_id AS text)) AS name, x.in_table AS "table" FROM (
			SELECT code AS name, 'dossier_codes' AS in_table, dossier_id FROM dossier_codes UNION ALL
			SELECT source_system || ' ' || source_key, 'dossier_sources', dossier_id FROM dossier_sources UNION ALL
			SELECT DISTINCT CAST(NULL AS text), 'dossier_persons', dossier_id FROM dossier_persons UNION ALL
			SELECT DISTINCT CAST(NULL AS text), 'fee_receipts', dossier_id FROM fee_receipts
		) x WHERE NOT EXISTS (SELECT 1 FROM dossier_events e WHERE e.dossier_id = x.dossier_id) ORDER BY 1, 2`).Find(&found).Error
	return found, s.fault("stray rows", err)
}

// Differences says what of a stored row is not as the dossier, rebuilt from its journal, says it should be: table, number and column,
// never a value, since values can be personal data. Empty means that all agrees.
func (s *Store) Differences(ctx context.Context, d dossier.Dossier, stored StoredRow) []string {
	if len(stored.misfits) > 0 {
		return stored.misfits
	}
	if stored.row.ID == uuid.Nil {
		return []string{"dossiers: there is no row"}
	}
	want, err := s.project(ctx, d)
	if err != nil {
		return []string{err.Error()}
	}
	all := differ("dossiers", want.row, stored.row)
	all = append(all, differEach("dossier_promises", want.promises, stored.promises)...)
	all = append(all, differEach("dossier_pauses", want.pauses, stored.pauses)...)
	all = append(all, differEach("dossier_steps", want.steps, stored.steps)...)
	all = append(all, differEach("dossier_desks", want.desks, stored.desks)...)
	all = append(all, differEach("dossier_persons", want.persons, stored.persons)...)
	all = append(all, differEach("fee_receipts", want.receipts, stored.receipts)...)
	if stored.code == nil || *stored.code != *want.code {
		all = append(all, "dossier_codes: the code does not lead to the dossier")
	}
	if want.source != nil && (stored.source == nil || *stored.source != *want.source) {
		all = append(all, "dossier_sources: the source's key does not lead to the dossier")
	}
	return all
}

func differEach[T any](table string, want, have []T) []string {
	if len(want) != len(have) {
		return []string{fmt.Sprintf("%s: %d rows, not %d", table, len(have), len(want))}
	}
	var all []string
	for i := range want {
		all = append(all, differ(fmt.Sprintf("%s[%d]", table, i+1), want[i], have[i])...)
	}
	return all
}

func differ(name string, want, have any) []string {
	var all []string
	w, h := reflect.ValueOf(want), reflect.ValueOf(have)
	for i := range w.NumField() {
		if !alike(w.Field(i).Interface(), h.Field(i).Interface()) {
			all = append(all, name+"."+schema.NamingStrategy{}.ColumnName("", w.Type().Field(i).Name))
		}
	}
	return all
}

func alike(a, b any) bool {
	switch x := a.(type) {
	case time.Time:
		return x.Equal(b.(time.Time))
	case *time.Time:
		y := b.(*time.Time)
		return (x == nil) == (y == nil) && (x == nil || x.Equal(*y))
	}
	return reflect.DeepEqual(a, b)
}

// Rewrite writes row and everything derived anew from a dossier that was rebuilt from its journal. The journal is not touched.
func (s *Store) Rewrite(ctx context.Context, d dossier.Dossier) error {
	r, err := s.project(ctx, d)
	if err != nil {
		return err
	}
	return s.InTx(ctx, func(ctx context.Context) error {
		db := s.writer(ctx)
		changed := db.Model(&dossierRow{}).Where("id = ?", d.ID).Select("*").Omit("id").Updates(&r.row)
		if changed.Error == nil && changed.RowsAffected == 0 {
			changed = db.Create(&r.row)
		}
		if changed.Error != nil {
			return s.fault("rewrite dossier", changed.Error)
		}
		for _, old := range []any{&codeRow{}, &sourceRow{}, &promiseRow{}, &pauseRow{}, &stepRow{}, &deskRow{}, &personRow{}, &receiptRow{}} {
			if err := db.Where("dossier_id = ?", d.ID).Delete(old).Error; err != nil {
				return s.fault("rewrite dossier", err)
			}
		}
		if err := db.Create(r.code).Error; err != nil {
			return s.taken("rewrite dossier", err, "dossier-exists", "another dossier has this code")
		}
		if r.source != nil {
			if err := db.Create(r.source).Error; err != nil {
				return s.taken("rewrite dossier", err, "dossier-exists", "another dossier has this source")
			}
		}
		if len(r.receipts) > 0 {
			if err := db.Create(&r.receipts).Error; err != nil {
				return s.taken("rewrite dossier", err, "receipt-taken", "another dossier has one of its receipts")
			}
		}
		return errors.Join(s.addPersons(ctx, r), s.setProjections(ctx, r))
	})
}
