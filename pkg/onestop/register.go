package onestop

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/store"
)

// register is all agencies at hand, for imports that ask for them line by line.
type register struct {
	ids         map[uuid.UUID]*catalog.Agency
	codes       map[string][]*catalog.Agency
	identifiers map[string][]*catalog.Agency
	names       map[string][]*catalog.Agency // folded
}

func (o *Office) register(ctx context.Context) (*register, error) {
	r := &register{
		ids: map[uuid.UUID]*catalog.Agency{}, codes: map[string][]*catalog.Agency{},
		identifiers: map[string][]*catalog.Agency{}, names: map[string][]*catalog.Agency{},
	}
	page := store.Page{Limit: 1000}
	for {
		some, next, err := o.store.Agencies(ctx, store.AgencyFilter{}, page)
		if err != nil {
			return nil, err
		}
		for _, a := range some {
			r.enter(a)
		}
		if next == "" {
			return r, nil
		}
		page.After = string(next)
	}
}

func (r *register) enter(a catalog.Agency) {
	p := &a
	r.ids[a.ID] = p
	r.codes[a.Code] = append(r.codes[a.Code], p)
	if a.Identifier != "" {
		r.identifiers[a.Identifier] = append(r.identifiers[a.Identifier], p)
	}
	r.names[catalog.Fold(a.Name)] = append(r.names[catalog.Fold(a.Name)], p)
}

func (r *register) byID(id uuid.UUID) *catalog.Agency { return r.ids[id] }

// byCode finds the agency that bears the code on the day, nil if none does.
func (r *register) byCode(code string, on catalog.Date) *catalog.Agency {
	return newest(r.codes[code], on)
}

// find is the agency that a text names on the day: by id, code, identifier or name, in this order; a name must be that of one only.
func (r *register) find(text string, on catalog.Date) *catalog.Agency {
	if id, err := uuid.Parse(text); err == nil {
		return r.ids[id]
	}
	if a := r.byCode(text, on); a != nil {
		return a
	}
	if a := newest(r.identifiers[text], on); a != nil {
		return a
	}
	var found *catalog.Agency
	for _, a := range r.names[catalog.Fold(text)] {
		if !a.ValidOn(on) {
			continue
		}
		if found != nil {
			return nil
		}
		found = a
	}
	return found
}

// named are all that ever bore a code, an identifier or the id.
func (r *register) named(text string) []uuid.UUID {
	var all []uuid.UUID
	if id, err := uuid.Parse(text); err == nil {
		all = append(all, id)
	}
	for _, a := range slices.Concat(r.codes[text], r.identifiers[text]) {
		all = append(all, a.ID)
	}
	return all
}

// same is the agency that has the code at the same time: code and time together name an agency.
func (r *register) same(a catalog.Agency) *catalog.Agency {
	var found *catalog.Agency
	for _, b := range r.codes[a.Code] {
		if b.ValidFrom == a.ValidFrom {
			return b
		}
		if found == nil && b.Overlaps(a) {
			found = b
		}
	}
	return found
}

// province is the one province of that name on the day.
func (r *register) province(name string, on catalog.Date) *catalog.Agency {
	for _, a := range r.names[catalog.Fold(name)] {
		if a.Kind == catalog.ProvinceCommittee && a.ValidOn(on) {
			return a
		}
	}
	return nil
}

// roots are the agencies under none that exist on the day.
func (r *register) roots(on catalog.Date) []*catalog.Agency {
	var all []*catalog.Agency
	for _, a := range r.ids {
		if a.ParentID == nil && a.ValidOn(on) {
			all = append(all, a)
		}
	}
	return all
}

func newest(all []*catalog.Agency, on catalog.Date) *catalog.Agency {
	var found *catalog.Agency
	for _, a := range all {
		if a.ValidOn(on) && (found == nil || a.ValidFrom > found.ValidFrom) {
			found = a
		}
	}
	return found
}

func dayBefore(d catalog.Date) catalog.Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil { // checked when the file was read
		return d
	}
	return catalog.Date(t.AddDate(0, 0, -1).Format(time.DateOnly))
}
