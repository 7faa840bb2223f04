package onestop

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// waitsForItself is the fault of a wait for an agency that has to do with the dossier itself, or a unit of whose step it is or of the actor's
// agency, by any of its names: what lies with the office itself lasts as long as the office lets it, and no clock stands for that.
func (o *Office) waitsForItself(ctx context.Context, actor staff.Actor, d dossier.Dossier, a dossier.Action, f dossier.Facts) error {
	if a != dossier.BeginWait || f.Wait == nil || f.StepNo < 1 {
		return nil
	}
	found, err := o.store.AgencyNames(ctx, append(placeIDs(d), actor.AgencyID))
	if err != nil {
		return err
	}
	if somebodyInside(actor, d, f.Wait.Body) {
		var wrong fault.Fields
		wrong.Add("wait.body", "own-agency", "is somebody who has to do with the dossier itself: what an applicant has to bring is asked for as a supplement")
		return wrong.Err("action-invalid", "the action cannot be taken")
	}
	inside := slices.Collect(maps.Values(found))
	for _, id := range []uuid.UUID{d.Steps[f.StepNo-1].AgencyID, actor.AgencyID} {
		units, err := o.units(ctx, found[id])
		if err != nil {
			return err
		}
		inside = append(inside, units...)
	}
	above, err := o.above(ctx, inside)
	if err != nil {
		return err
	}
	for _, x := range inside {
		_, ofDossier := found[x.ID]
		if x.Called(f.Wait.Body, above(x)...) || ofDossier && x.Within(f.Wait.Body, above(x)...) {
			var wrong fault.Fields
			wrong.Add("wait.body", "own-agency", "is %s, which has to do with the dossier itself: name who outside is waited for", x.Name)
			return wrong.Err("action-invalid", "the action cannot be taken")
		}
	}
	return nil
}

// applicants are words for whoever handed a dossier in.
var applicants = []string{"nguoi nop", "nguoi nop ho so", "chu ho so", "nguoi dan", "cong dan", "nguoi yeu cau", "nguoi de nghi", "khach hang"}

// somebodyInside says whether the text names the applicant, who handed in, the actor, or an officer of the dossier's steps.
func somebodyInside(actor staff.Actor, d dossier.Dossier, text string) bool {
	said := catalog.Fold(text)
	names := append([]string{actor.Name, d.Applicant.Name}, applicants...)
	if d.Submitter != nil {
		names = append(names, d.Submitter.Name)
	}
	for _, s := range d.Steps {
		if o := s.Officer(); o != nil {
			names = append(names, o.Name)
		}
	}
	return slices.ContainsFunc(names, func(name string) bool {
		name = catalog.Fold(name)
		return name != "" && (said == name || strings.HasSuffix(said, " "+name) && len(strings.Fields(said)) <= len(strings.Fields(name))+2) // Ông …, Bà …
	})
}

// units are those below an agency that are no bodies of their own: below the committee of a province or a district its departments, and the
// committees of other levels, are.
func (o *Office) units(ctx context.Context, a catalog.Agency) ([]catalog.Agency, error) {
	if a.ID == uuid.Nil {
		return nil, nil
	}
	if a.Kind != catalog.ProvinceCommittee && a.Kind != catalog.DistrictCommittee {
		return o.agencies(ctx, store.AgencyFilter{Under: a.Path})
	}
	var all []catalog.Agency
	children, err := o.agencies(ctx, store.AgencyFilter{Parent: &a.ID})
	for _, x := range children {
		if err == nil && (x.Kind == catalog.OneStopCentre || x.Kind == catalog.OtherAgency) {
			var some []catalog.Agency
			some, err = o.agencies(ctx, store.AgencyFilter{Under: x.Path})
			all = append(all, some...)
		}
	}
	return all, err
}

// agencies are all that the filter leaves.
func (o *Office) agencies(ctx context.Context, f store.AgencyFilter) ([]catalog.Agency, error) {
	var all []catalog.Agency
	for page := (store.Page{Limit: 1000}); ; {
		some, next, err := o.store.Agencies(ctx, f, page)
		if all = append(all, some...); err != nil || next == "" {
			return all, err
		}
		page.After = string(next)
	}
}

// above finds the agencies above each of some.
func (o *Office) above(ctx context.Context, some []catalog.Agency) (func(catalog.Agency) []catalog.Agency, error) {
	up := func(a catalog.Agency) []uuid.UUID {
		var ids []uuid.UUID
		for part := range strings.SplitSeq(a.Path, "/") {
			if id, err := uuid.Parse(part); err == nil && id != a.ID {
				ids = append(ids, id)
			}
		}
		return ids
	}
	var ids []uuid.UUID
	for _, a := range some {
		ids = append(ids, up(a)...)
	}
	found, err := o.store.AgencyNames(ctx, ids)
	return func(a catalog.Agency) []catalog.Agency {
		var all []catalog.Agency
		for _, id := range up(a) {
			all = append(all, found[id])
		}
		return all
	}, err
}
