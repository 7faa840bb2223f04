package httpapi

import (
	"context"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// FindPerson tells what the office knows of somebody, as far as one may see it.
func (s *server) FindPerson(ctx context.Context, r FindPersonRequestObject) (FindPersonResponseObject, error) {
	ctx, v := enter(ctx)
	act := dossier.AccessSearch
	if r.Params.Format == FormatCsv {
		act = dossier.AccessExport
	}
	found, err := s.Office.FindPerson(ctx, v.actor, v.now, r.Body.IdNumber, act, page(r.Params.Limit, r.Params.After))
	if err != nil {
		return nil, err
	}
	names, err := s.namesOf(ctx, found.Dossiers...)
	if err != nil {
		return nil, err
	}
	out := PersonFile{
		Dossiers: each(found.Dossiers, func(d dossier.Dossier) PersonDossier {
			role := PersonRoleAPPLICANT
			if !d.IsOf(r.Body.IdNumber) {
				role = PersonRoleSUBMITTER
			}
			return PersonDossier{Role: role, Dossier: s.summary(d, v, names)}
		}),
		Next: string(found.Next), DetailsFrom: found.From,
		Reusable: each(found.Reusable, func(x dossier.Reusable) Reusable {
			return Reusable{Dossier: x.Dossier, Kind: ReusableKind(x.Kind), Name: x.Name, Number: x.Number, At: s.local(x.At)}
		}),
	}
	if found.From != "" {
		out.Details = applicant(&found.Details)
	}
	link := FindPerson200ResponseHeaders{Link: nextLink(ctx, found.Next)}
	if r.Params.Format == FormatCsv {
		t := dossierTable(each(out.Dossiers, func(d PersonDossier) DossierSummary { return d.Dossier }))
		t.header = append(t.header, "person_role")
		for i, d := range out.Dossiers {
			t.rows[i] = append(t.rows[i], string(d.Role))
		}
		body, length, err := t.csv()
		return FindPerson200TextcsvResponse{Body: body, ContentLength: length, Headers: link}, err
	}
	return FindPerson200JSONResponse{Body: out, Headers: link}, nil
}

// AskRegister asks the outside register who has a number.
func (s *server) AskRegister(ctx context.Context, r AskRegisterRequestObject) (AskRegisterResponseObject, error) {
	ctx, v := enter(ctx)
	if err := v.actor.Must(staff.ReceiveDossiers); err != nil {
		return nil, err
	}
	if _, err := s.register.take(v.actor.ID.String(), v.now); err != nil {
		return nil, err
	}
	p, err := s.Office.AskRegister(ctx, v.actor, v.now, s.Register, r.Body.IdNumber, r.Body.Procedure)
	if err != nil {
		return nil, err
	}
	return AskRegister200JSONResponse(applicant(&p)), nil
}

// ListAccesses lists who looked for whom.
func (s *server) ListAccesses(ctx context.Context, r ListAccessesRequestObject) (ListAccessesResponseObject, error) {
	ctx, v := enter(ctx)
	if err := v.actor.Must(staff.ReadAccesses); err != nil {
		return nil, err
	}
	f := store.AccessFilter{}
	if r.Body != nil {
		f = store.AccessFilter{Person: r.Body.IdNumber, Act: dossier.AccessAct(r.Body.Act)}
	}
	all, next, err := s.Store.Accesses(ctx, v.actor.Scope(), f, page(r.Params.Limit, r.Params.After))
	if err != nil {
		return nil, err
	}
	names, err := s.names(ctx, each(all, func(a dossier.Access) uuid.UUID { return a.By.AgencyID })...)
	if err != nil {
		return nil, err
	}
	out := AccessList{Next: string(next), Items: each(all, func(a dossier.Access) Access {
		return Access{At: s.local(a.At), Act: AccessAct(a.Act), Purpose: a.Purpose, Person: a.Person, By: by(&a.By, names)}
	})}
	link := ListAccesses200ResponseHeaders{Link: nextLink(ctx, next)}
	if r.Params.Format == FormatCsv {
		t := table{header: []string{"at", "act", "purpose", "person", "by", "role", "agency"}}
		for _, a := range out.Items {
			t.rows = append(t.rows, []string{when(a.At), string(a.Act), a.Purpose, a.Person, a.By.Name, a.By.Role, a.By.Agency.Name})
		}
		body, length, err := t.csv()
		return ListAccesses200TextcsvResponse{Body: body, ContentLength: length, Headers: link}, err
	}
	return ListAccesses200JSONResponse{Body: out, Headers: link}, nil
}
