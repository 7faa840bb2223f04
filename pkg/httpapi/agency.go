package httpapi

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	openapi_types "github.com/oapi-codegen/runtime/types"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/store"
)

// ListAgencies lists the agencies that exist on a date.
func (s *server) ListAgencies(ctx context.Context, r ListAgenciesRequestObject) (ListAgenciesResponseObject, error) {
	ctx, v := enter(ctx)
	on := s.dateOr(r.Params.On, v.now)
	f := store.AgencyFilter{Level: catalog.Level(r.Params.Level), Kind: catalog.AgencyKind(r.Params.Kind), On: on, Search: r.Params.Search}
	if r.Params.Parent != "" {
		parent, err := s.agencyNamed(ctx, "parent", r.Params.Parent, on)
		if err != nil {
			return nil, err
		}
		f.Parent = &parent.ID
	}
	var err error
	if f.Under, err = s.pathOf(ctx, "under", r.Params.Under, on); err != nil {
		return nil, err
	}
	all, next, err := s.Store.Agencies(ctx, f, page(r.Params.Limit, r.Params.After))
	if err != nil {
		return nil, err
	}
	link := nextLink(ctx, next)
	if r.Params.Format == FormatCsv {
		body, length, err := agencyTable(all).csv()
		return ListAgencies200TextcsvResponse{Body: body, ContentLength: length, Headers: ListAgencies200ResponseHeaders{Link: link}}, err
	}
	return ListAgencies200JSONResponse{
		Body:    AgencyList{Items: each(all, agency), Next: string(next)},
		Headers: ListAgencies200ResponseHeaders{Link: link},
	}, nil
}

// ReadAgency shows an agency with those above it, before it and after it.
func (s *server) ReadAgency(ctx context.Context, r ReadAgencyRequestObject) (ReadAgencyResponseObject, error) {
	ctx, v := enter(ctx)
	a, err := s.Store.AgencyByCode(ctx, r.Id, s.dateOr(r.Params.On, v.now))
	if err != nil {
		return nil, err
	}
	before, after, err := s.Store.Successions(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	ids := idsOf(a.Path)
	for _, x := range before {
		ids = append(ids, x.PredecessorID)
	}
	for _, x := range after {
		ids = append(ids, x.SuccessorID)
	}
	names, err := s.names(ctx, ids...)
	if err != nil {
		return nil, err
	}
	one := agency(a)
	out := AgencyDetail{
		Id: one.Id, Code: one.Code, Name: one.Name, ShortName: one.ShortName, Kind: one.Kind, Level: one.Level,
		ParentId: one.ParentId, Identifier: one.Identifier, Calendar: one.Calendar, ValidFrom: one.ValidFrom, ValidTo: one.ValidTo,
		Parents: []AgencyRef{}, Predecessors: []Succession{}, Successors: []Succession{},
	}
	for _, id := range idsOf(a.Path) {
		if id != a.ID {
			out.Parents = append(out.Parents, names.ref(id))
		}
	}
	for _, x := range before {
		out.Predecessors = append(out.Predecessors, Succession{Agency: names.ref(x.PredecessorID), On: *civil(x.On)})
	}
	for _, x := range after {
		out.Successors = append(out.Successors, Succession{Agency: names.ref(x.SuccessorID), On: *civil(x.On)})
	}
	return ReadAgency200JSONResponse(out), nil
}

func agency(a catalog.Agency) Agency {
	return Agency{
		Id: a.ID, Code: a.Code, Name: a.Name, ShortName: a.ShortName, Kind: AgencyKind(a.Kind), Level: Level(a.Level), ParentId: a.ParentID,
		Identifier: a.Identifier, Calendar: a.Calendar, ValidFrom: *civil(a.ValidFrom), ValidTo: civil(a.ValidTo),
	}
}

func agencyTable(all []catalog.Agency) table {
	t := table{header: []string{"code", "name", "kind", "level", "identifier", "calendar", "valid_from", "valid_to", "id"}}
	for _, a := range all {
		t.rows = append(t.rows, []string{
			a.Code, a.Name, string(a.Kind), string(a.Level), a.Identifier, a.Calendar, string(a.ValidFrom), string(a.ValidTo), a.ID.String(),
		})
	}
	return t
}

// agencyNames are agencies by id, for putting a name beside a reference.
type agencyNames map[uuid.UUID]catalog.Agency

func (s *server) names(ctx context.Context, ids ...uuid.UUID) (agencyNames, error) {
	seen := map[uuid.UUID]bool{uuid.Nil: true}
	var wanted []uuid.UUID
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			wanted = append(wanted, id)
		}
	}
	found, err := s.Store.AgencyNames(ctx, wanted)
	return found, err
}

func (n agencyNames) ref(id uuid.UUID) AgencyRef {
	a := n[id]
	return AgencyRef{Id: id, Code: a.Code, Name: a.Name}
}

// refOf is ref, or nothing where there is no agency.
func (n agencyNames) refOf(id uuid.UUID) AgencyRef {
	if id == uuid.Nil {
		return AgencyRef{}
	}
	return n.ref(id)
}

// agencyNamed finds an agency that a parameter names by code, identifier or id, on the first of the days on which it names one.
func (s *server) agencyNamed(ctx context.Context, parameter, code string, on ...catalog.Date) (catalog.Agency, error) {
	a, err := s.Store.AgencyByCode(ctx, code, on...)
	if f := fault.As(err); f != nil && f.Kind == fault.NotFound {
		var wrong fault.Fields
		wrong.Add(parameter, "agency-not-found", "names no agency")
		return a, wrong.Err("agency-not-found", "%s names no agency", parameter)
	}
	return a, err
}

// pathOf is the path of the agency that a parameter names; "" if it names none.
func (s *server) pathOf(ctx context.Context, parameter, code string, on ...catalog.Date) (string, error) {
	if code == "" {
		return "", nil
	}
	a, err := s.agencyNamed(ctx, parameter, code, on...)
	return a.Path, err
}

func idsOf(path string) []uuid.UUID {
	var ids []uuid.UUID
	for part := range strings.SplitSeq(path, "/") {
		if id, err := uuid.Parse(part); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// civil is a date of the catalogue as the generated types have it; nil where there is none.
func civil(d catalog.Date) *openapi_types.Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return nil
	}
	return &openapi_types.Date{Time: t}
}

// dateOf is civil the other way round.
func dateOf(d *openapi_types.Date) catalog.Date {
	if d == nil {
		return ""
	}
	return catalog.Date(d.Format(time.DateOnly))
}

// dateOr is the date asked for, else the office's date of the instant.
func (s *server) dateOr(d *openapi_types.Date, now time.Time) catalog.Date {
	if d != nil {
		return dateOf(d)
	}
	return catalog.DateOf(now, s.Zone)
}
