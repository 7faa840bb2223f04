package store

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
)

// AddAgency keeps a new agency. Its path follows from its parent's, whatever the given one says.
func (s *Store) AddAgency(ctx context.Context, a catalog.Agency) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		path, err := s.pathFor(ctx, a)
		if err != nil {
			return err
		}
		row := rowOfAgency(a)
		row.Path = path
		return s.taken("add agency", s.writer(ctx).Create(&row).Error,
			"agency-exists", "an agency of this code and first day is already there")
	})
}

// ChangeAgency replaces everything but the id. With another parent, the agency moves there at the instant with all that is under it; where
// each of them stood until then is kept.
func (s *Store) ChangeAgency(ctx context.Context, a catalog.Agency, at time.Time) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		old, err := s.Agency(ctx, a.ID)
		if err != nil {
			return err
		}
		path, err := s.pathFor(ctx, a)
		if err != nil {
			return err
		}
		if a.ParentID != nil && path != old.Path && len(path) > len(old.Path) && path[:len(old.Path)] == old.Path {
			return fault.New(fault.Conflict, "agency-cycle", "an agency cannot stand under itself")
		}
		below, arguments := under("path", old.Path)
		if path != old.Path {
			err := s.writer(ctx).Exec("INSERT INTO agency_moves (agency_id, moved_at, path) SELECT id, ?, path FROM agencies WHERE "+below+
				" ON CONFLICT (agency_id, moved_at) DO NOTHING", append([]any{instant(at)}, arguments...)...).Error
			if err != nil {
				return s.fault("move agencies", err)
			}
		}
		row := rowOfAgency(a)
		row.Path = path
		if err := s.writer(ctx).Model(&agencyRow{}).Where("id = ?", a.ID).Select("*").Omit("id").Updates(&row).Error; err != nil {
			return s.taken("change agency", err, "agency-exists", "an agency of this code and first day is already there")
		}
		if path == old.Path {
			return nil
		}
		return s.fault("move agencies", s.writer(ctx).Exec("UPDATE agencies SET path = ? || substr(path, ?) WHERE "+below,
			append([]any{path, len(old.Path) + 1}, arguments...)...).Error)
	})
}

func (s *Store) pathFor(ctx context.Context, a catalog.Agency) (string, error) {
	own := a.ID.String() + "/"
	if a.ParentID == nil {
		return own, nil
	}
	parent, err := s.Agency(ctx, *a.ParentID)
	if err != nil {
		return "", err
	}
	return parent.Path + own, nil
}

// AgencyMove is where an agency stood until it was put under another one, itself or one above it.
type AgencyMove struct {
	At   time.Time
	Path string // until then
}

// AgencyMoves lists the moves of every agency that ever moved, each one's from the first on.
func (s *Store) AgencyMoves(ctx context.Context) (map[uuid.UUID][]AgencyMove, error) {
	var rows []agencyMoveRow
	err := s.reader(ctx).Order("agency_id, moved_at").Find(&rows).Error
	found := map[uuid.UUID][]AgencyMove{}
	for _, r := range rows {
		found[r.AgencyID] = append(found[r.AgencyID], AgencyMove{At: r.MovedAt.UTC(), Path: r.Path})
	}
	return found, s.fault("agency moves", err)
}

// AddSuccession notes that one agency followed on another; saying it again changes nothing.
func (s *Store) AddSuccession(ctx context.Context, x catalog.Succession) error {
	return s.fault("add succession", s.writer(ctx).Exec(`INSERT INTO agency_successions (predecessor_id, successor_id, happened_on)
		VALUES (?, ?, ?) ON CONFLICT (predecessor_id, successor_id) DO NOTHING`, x.PredecessorID, x.SuccessorID, string(x.On)).Error)
}

// Agency finds one by id. The error is NotFound "agency-not-found".
func (s *Store) Agency(ctx context.Context, id uuid.UUID) (catalog.Agency, error) {
	var row agencyRow
	err := s.reader(ctx).Where("id = ?", id).Take(&row).Error
	return row.agency(), s.missing("agency", err, "agency-not-found", "there is no such agency")
}

// AgencyByCode finds the agency that the code, the identifier or the id names on the day; on "" the one that began last. A code wins
// over an identifier. Of several days the first on which something has that name counts.
func (s *Store) AgencyByCode(ctx context.Context, code string, on ...catalog.Date) (catalog.Agency, error) {
	if id, err := uuid.Parse(code); err == nil {
		return s.Agency(ctx, id)
	}
	var rows []agencyRow
	err := s.reader(ctx).Where("code <> '' AND ? <> '' AND (code = ? OR identifier = ?)", code, code, code).
		Order("valid_from DESC, id").Limit(100).Find(&rows).Error
	for _, day := range on {
		for _, byCode := range []bool{true, false} {
			for _, r := range rows {
				if a := r.agency(); (a.Code == code) == byCode && (day == "" || a.ValidOn(day)) {
					return a, nil
				}
			}
		}
	}
	if err == nil {
		err = gorm.ErrRecordNotFound
	}
	return catalog.Agency{}, s.missing("agency", err, "agency-not-found", "there is no such agency")
}

// AgenciesByName finds the agencies of that name (tone marks and case do not count) at and below the path that exist on the day.
func (s *Store) AgenciesByName(ctx context.Context, name, path string, on catalog.Date) ([]catalog.Agency, error) {
	w := where{}
	w.add("name_fold = ?", catalog.Fold(name))
	w.validOn(on)
	if path != "" {
		condition, arguments := under("path", path)
		w.add(condition, arguments...)
	}
	var rows []agencyRow
	err := w.on(s.reader(ctx)).Order("code, id").Find(&rows).Error
	return each(rows, agencyRow.agency), s.fault("agencies by name", err)
}

// AgencyFilter narrows a list of agencies; what is empty does not count.
type AgencyFilter struct {
	Level  catalog.Level
	Kind   catalog.AgencyKind
	Parent *uuid.UUID
	Under  string       // path: at and below
	On     catalog.Date // exists on the day
	Search string       // every word stands in the name or begins the code
}

// Agencies lists agencies by code.
func (s *Store) Agencies(ctx context.Context, f AgencyFilter, p Page) ([]catalog.Agency, Next, error) {
	const order = "agencies"
	after, err := p.place(order)
	if err != nil {
		return nil, "", err
	}
	w := where{}
	equal(&w, "level", f.Level)
	equal(&w, "kind", f.Kind)
	if f.Parent != nil {
		w.add("parent_id = ?", *f.Parent)
	}
	if f.Under != "" {
		condition, arguments := under("path", f.Under)
		w.add(condition, arguments...)
	}
	w.validOn(f.On)
	w.containing("(name_fold || ' ' || lower(code) || ' ' || lower(identifier))", catalog.Fold(f.Search))
	if after != nil {
		w.add("(code, id) > (?, ?)", after.Text, after.ID)
	}
	var rows []agencyRow
	if err := w.on(s.reader(ctx)).Order("code, id").Limit(p.limit() + 1).Find(&rows).Error; err != nil {
		return nil, "", s.fault("agencies", err)
	}
	rows, next := cut(rows, p, func(r agencyRow) place { return place{Order: order, Text: r.Code, ID: r.ID} })
	return each(rows, agencyRow.agency), next, nil
}

// AgencyNames finds agencies by id; what is not there is left out.
func (s *Store) AgencyNames(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]catalog.Agency, error) {
	found := make(map[uuid.UUID]catalog.Agency, len(ids))
	ids = slices.Clone(ids)
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	for some := range slices.Chunk(slices.Compact(ids), 500) {
		var rows []agencyRow
		if err := s.reader(ctx).Where("id IN ?", some).Find(&rows).Error; err != nil {
			return nil, s.fault("agencies", err)
		}
		for _, r := range rows {
			found[r.ID] = r.agency()
		}
	}
	return found, nil
}

// Successions says whom the agency followed on and who followed on it.
func (s *Store) Successions(ctx context.Context, id uuid.UUID) (predecessors, successors []catalog.Succession, err error) {
	var rows []successionRow
	err = s.reader(ctx).Where("predecessor_id = ? OR successor_id = ?", id, id).Order("happened_on, predecessor_id, successor_id").Find(&rows).Error
	for _, r := range rows {
		x := catalog.Succession{PredecessorID: r.PredecessorID, SuccessorID: r.SuccessorID, On: catalog.Date(r.HappenedOn)}
		if r.SuccessorID == id {
			predecessors = append(predecessors, x)
		} else {
			successors = append(successors, x)
		}
	}
	return predecessors, successors, s.fault("successions", err)
}

func (w *where) validOn(on catalog.Date) {
	if on != "" {
		w.add("valid_from <= ? AND (valid_to = '' OR valid_to > ?)", string(on), string(on))
	}
}

func rowOfAgency(a catalog.Agency) agencyRow {
	return agencyRow{
		ID: a.ID, Code: a.Code, Name: a.Name, ShortName: a.ShortName, Kind: string(a.Kind), Level: string(a.Level), ParentID: a.ParentID,
		Path: a.Path, Identifier: a.Identifier, Calendar: a.Calendar, ValidFrom: string(a.ValidFrom), ValidTo: string(a.ValidTo),
		NameFold: catalog.Fold(a.Name),
	}
}

func (r agencyRow) agency() catalog.Agency {
	return catalog.Agency{
		ID: r.ID, Code: r.Code, Name: r.Name, ShortName: r.ShortName, Kind: catalog.AgencyKind(r.Kind), Level: catalog.Level(r.Level),
		ParentID: r.ParentID, Path: r.Path, Identifier: r.Identifier, Calendar: r.Calendar,
		ValidFrom: catalog.Date(r.ValidFrom), ValidTo: catalog.Date(r.ValidTo),
	}
}

func each[A, B any](all []A, one func(A) B) []B {
	out := make([]B, len(all))
	for i, a := range all {
		out[i] = one(a)
	}
	return out
}

// Empty says whether nothing was kept yet: no agency, hence no user and no dossier.
func (s *Store) Empty(ctx context.Context) (bool, error) {
	var one []string
	err := s.reader(ctx).Model(&agencyRow{}).Limit(1).Pluck("id", &one).Error
	return len(one) == 0, s.fault("look for agencies", err)
}
