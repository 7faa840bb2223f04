package demo

import (
	"context"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// Registered is the person whom a made-up register of persons has under a number, nil for none. An applicant of the demonstration has the
// name and address of the newest dossier; any other number of twelve digits that could be somebody's now has a person put together from
// the number, the same at every question. Numbers that end in 0000 are nobody's, so that this can be tried as well.
func Registered(ctx context.Context, s *store.Store, now time.Time, number string) (*dossier.Person, error) {
	year, sex, ok := dossier.BornBy(number)
	if !ok || year > now.Year() || strings.HasSuffix(number, "0000") {
		return nil, nil
	}
	f, err := known()
	if err != nil {
		return nil, fmt.Errorf("demonstration: %w", err)
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(number)) // never fails
	r := registry{chance: draw(h.Sum64(), forPersons), people: &f.people, year: now.Year()}
	born := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(365))
	if born.After(now) {
		born = time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	p := dossier.Person{
		Kind: dossier.Citizen, Name: r.name(sex == dossier.Female), IDNumber: number, BirthDate: catalog.Date(born.Format(time.DateOnly)), Sex: sex,
		Address: fmt.Sprintf("Số %d, %s", r.between(1, 399), oneOf(r.chance, r.Hamlets)),
	}
	all, _, err := s.Dossiers(ctx, staff.System().Scope(), store.DossierFilter{Person: number}, store.Page{Limit: 1})
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if of := d.PersonWith(number); of != nil {
			p.Name, p.Address = of.Name, of.Address
		}
	}
	return &p, nil
}
