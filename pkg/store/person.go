package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/staff"
)

// The index of persons holds keyed digests (HMAC-SHA256) and no numbers. Its key stands in the same database, since that holds the
// numbers themselves, in journals and documents: whoever has all tables has them anyway. What the digest keeps clean is what goes its own
// ways: the index, the database's log of slow statements with their arguments, its statistics, the record of who looked for whom. Without
// the key, trying all numbers would take minutes; so it is a random one for each installation and not a constant of the program. It is
// no file beside the database, because a lost file would cost the index, and several servers and `motcua verify` need the same.

// PersonDigest is what the index knows a number by, however it is written.
func (s *Store) PersonDigest(ctx context.Context, number string) (string, error) {
	key, err := s.keyOfPersons(ctx)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("motcua-person-1|" + dossier.TidyIDNumber(number)))
	return hex.EncodeToString(mac.Sum(nil)), nil
}

func (s *Store) keyOfPersons(ctx context.Context) ([]byte, error) {
	if key := s.personKey.Load(); key != nil {
		return *key, nil
	}
	var row personKeyRow
	if err := s.reader(ctx).Take(&row).Error; err != nil {
		return nil, s.fault("key of persons", err)
	}
	s.personKey.Store(&row.Key)
	return row.Key, nil
}

// personRows are the dossier's applicant and submitter, as far as they gave a number.
func (s *Store) personRows(ctx context.Context, d dossier.Dossier) ([]personRow, error) {
	var rows []personRow
	for i, p := range []*dossier.Person{&d.Applicant, d.Submitter} {
		if p == nil || dossier.TidyIDNumber(p.IDNumber) == "" {
			continue
		}
		digest, err := s.PersonDigest(ctx, p.IDNumber)
		if err != nil {
			return nil, err
		}
		rows = append(rows, personRow{DossierID: d.ID, No: i + 1, Digest: digest})
	}
	return rows, nil
}

// addPersons enters a new dossier in the index. Nothing that happens later changes its persons.
func (s *Store) addPersons(ctx context.Context, r StoredRow) error {
	if len(r.persons) == 0 {
		return nil
	}
	return s.fault("write persons", s.writer(ctx).Create(&r.persons).Error)
}

// personsAtOnce is how many dossiers one transaction enters in the index.
const personsAtOnce = 1000

// indexPersons draws the key and enters the dossiers that were there before the index. Several may do so at once, and one that is broken
// off begins anew: what is there already stays.
func (s *Store) indexPersons(ctx context.Context) error {
	var row personKeyRow
	drawn := make([]byte, 32)
	_, _ = rand.Read(drawn) // never fails
	// Two that start at once both insert, and both read what the first one wrote.
	err := s.writer(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&personKeyRow{ID: 1, Key: drawn}).Error
	if err == nil {
		err = s.writer(ctx).Take(&row).Error
	}
	if err != nil {
		return s.fault("key of persons", err)
	}
	s.personKey.Store(&row.Key)
	if row.Indexed {
		return nil
	}
	for after := uuid.Nil; ; {
		var some []dossierRow
		err := s.writer(ctx).Raw("SELECT id, body FROM dossiers WHERE id > ? ORDER BY id LIMIT ?", after, personsAtOnce).Find(&some).Error
		if err != nil {
			return s.fault("index persons", err)
		}
		if len(some) == 0 {
			break
		}
		if err := s.enterPersons(ctx, some); err != nil {
			return err
		}
		after = some[len(some)-1].ID
	}
	return s.fault("index persons", s.writer(ctx).Exec("UPDATE person_key SET indexed = ? WHERE id = 1", true).Error)
}

func (s *Store) enterPersons(ctx context.Context, some []dossierRow) error {
	var rows []personRow
	for _, r := range some {
		var d struct {
			Applicant dossier.Person  `json:"applicant"`
			Submitter *dossier.Person `json:"submitter"`
		}
		if err := json.Unmarshal([]byte(r.Body), &d); err != nil {
			return fmt.Errorf("dossier %s: %w", r.ID, err)
		}
		of, err := s.personRows(ctx, dossier.Dossier{ID: r.ID, Applicant: d.Applicant, Submitter: d.Submitter})
		if err != nil {
			return err
		}
		rows = append(rows, of...)
	}
	return s.InTx(ctx, func(ctx context.Context) error {
		return s.fault("index persons", s.writer(ctx).Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(rows, rowsAtOnce).Error)
	})
}

// EventsOf are the events of one kind of dossiers within the scope, in their order.
func (s *Store) EventsOf(ctx context.Context, scope staff.Scope, kind dossier.Kind, ids []uuid.UUID) (map[uuid.UUID][]dossier.Event, error) {
	found := map[uuid.UUID][]dossier.Event{}
	if len(ids) == 0 {
		return found, nil
	}
	w := where{}
	w.add("e.dossier_id IN ? AND e.kind = ?", ids, string(kind))
	w.seenBy(scope)
	var rows []eventRow
	err := s.reader(ctx).Raw("SELECT e.* FROM dossier_events e JOIN dossiers d ON d.id = e.dossier_id WHERE "+w.sql()+" ORDER BY e.dossier_id, e.seq",
		w.arguments...).Find(&rows).Error
	for _, r := range rows {
		found[r.DossierID] = append(found[r.DossierID], r.event())
	}
	return found, s.fault("events", err)
}

// AddAccess records that somebody looked for a person. Records are never changed.
func (s *Store) AddAccess(ctx context.Context, a dossier.Access) error {
	row := accessRow{
		ID: a.ID, At: instant(a.At), Act: string(a.Act), Digest: a.Person, Purpose: a.Purpose,
		ByID: a.By.ID, ByName: a.By.Name, ByRole: a.By.Role, ByAgency: a.By.AgencyID,
	}
	return s.fault("access", s.writer(ctx).Create(&row).Error)
}

// AccessFilter narrows a list of accesses; what is empty does not count.
type AccessFilter struct {
	Person string // number, as anybody writes it
	By     uuid.UUID
	Act    dossier.AccessAct
}

// Accesses lists who looked for whom, as far as they belong to agencies within the scope: the latest first.
func (s *Store) Accesses(ctx context.Context, scope staff.Scope, f AccessFilter, p Page) ([]dossier.Access, Next, error) {
	const order = "accesses"
	after, err := p.place(order)
	if err != nil {
		return nil, "", err
	}
	w := where{}
	if !scope.All() {
		if scope.Path() == "" {
			w.add("1 = 0")
		} else if err := s.within(ctx, &w, "by_agency", scope.Path()); err != nil {
			return nil, "", err
		}
	}
	equal(&w, "act", f.Act)
	if f.By != uuid.Nil {
		w.add("by_id = ?", f.By)
	}
	if f.Person != "" {
		digest, err := s.PersonDigest(ctx, f.Person)
		if err != nil {
			return nil, "", err
		}
		w.add("digest = ?", digest)
	}
	if after != nil && after.At != nil {
		w.add("(at, id) < (?, ?)", instant(*after.At), after.ID)
	}
	var rows []accessRow
	if err := w.on(s.reader(ctx)).Order("at DESC, id DESC").Limit(p.limit() + 1).Find(&rows).Error; err != nil {
		return nil, "", s.fault("accesses", err)
	}
	rows, next := cut(rows, p, func(r accessRow) place { return place{Order: order, At: &r.At, ID: r.ID} })
	return each(rows, accessRow.access), next, nil
}

func (r accessRow) access() dossier.Access {
	return dossier.Access{
		ID: r.ID, At: r.At.UTC(), Act: dossier.AccessAct(r.Act), Person: r.Digest, Purpose: r.Purpose,
		By: dossier.By{ID: r.ByID, Name: r.ByName, Role: r.ByRole, AgencyID: r.ByAgency},
	}
}
