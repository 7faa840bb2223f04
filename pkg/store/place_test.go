package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

// at is the agency of the place in plain Go; uuid.Nil where nobody was helped.
func at(p store.Place, d dossier.Dossier) uuid.UUID {
	switch p {
	case store.Received:
		return d.ReceivingID
	case store.Returned:
		switch {
		case d.Return != nil && d.Return.AgencyID != uuid.Nil:
			return d.Return.AgencyID
		case d.ReturningID != uuid.Nil:
			return d.ReturningID
		}
		return d.ReceivingID
	case store.Helped:
		return d.HelpedID
	}
	return d.DecidingID
}

func TestEachPlaceListsAndCountsWhatPlainGoSays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x, r := context.Background(), newTown(t, s), rand.New(rand.NewPCG(11, 12))
		lives := randomLives(t, r, x, 500)
		keep(t, s, r, lives)
		for i := range 40 { // lives of chance seldom come to their end
			in := x.intake(fmt.Sprintf("H14-%d", i), pick(r, x.all()...), pick(r, x.all()...))
			in.ReturningID = pick(r, x.all()...).ID
			lives = append(lives, dossier.Life{Dossier: handedOut(t, s, in, pick(r, in.ReceivingID, in.ReturningID))})
		}
		paths := map[uuid.UUID]string{}
		for _, a := range x.all() {
			paths[a.ID] = a.Path
		}
		differing := 0
		for _, l := range lives {
			if d := l.Dossier; d.Return != nil && d.ReturningID != uuid.Nil && d.Returning() != d.ReturningID {
				differing++
			}
		}
		if differing == 0 {
			t.Fatal("no result left from another counter than was chosen: the test shows too little")
		}
		for _, place := range []store.Place{"", store.Decided, store.Received, store.Returned, store.Helped} {
			for _, a := range append(x.all(), catalog.Agency{}) {
				below := func(d dossier.Dossier) bool {
					id := at(place, d)
					return (place != store.Helped || id != uuid.Nil) && strings.HasPrefix(paths[id], a.Path)
				}
				just := func(d dossier.Dossier) bool { return at(place, d) == a.ID }
				p := randomPeriod(r)
				for name, q := range map[string]struct {
					store.Selection
					of func(dossier.Dossier) bool
				}{
					"at or below": {store.Selection{Place: place, AgencyPath: a.Path}, below},
					"at":          {store.Selection{Place: place, AgencyID: a.ID}, just},
				} {
					if name == "at" && a.ID == uuid.Nil {
						continue
					}
					want, listed := map[string]bool{}, map[string]bool{}
					for _, l := range lives {
						if q.of(l.Dossier) {
							want[l.Dossier.Code] = true
						}
					}
					for _, d := range allPages(t, s, everything, store.DossierFilter{Selection: q.Selection}, 100) {
						listed[d.Code] = true
					}
					if diff := cmp.Diff(want, listed); diff != "" {
						t.Fatalf("%q %s %s: (-go +sql)\n%s", place, name, a.Name, diff)
					}
					rows, err := s.OnTime(ctx, everything, store.ReportQuery{Period: p, Selection: q.Selection})
					must(t, err)
					if diff := cmp.Diff(count(lives, p, q.of), rows[0].Figures); diff != "" {
						t.Fatalf("report, %q %s %s: (-go +sql)\n%s", place, name, a.Name, diff)
					}
				}
			}
		}
	})
}

// handedOut is a dossier whose result left from the agency.
func handedOut(t *testing.T, s *store.Store, in *dossier.Intake, from uuid.UUID) dossier.Dossier {
	t.Helper()
	d, e := open(t, dossier.WasReceived, monday, dossier.Facts{Intake: in})
	must(t, s.AddDossier(context.Background(), d, e))
	for _, a := range []dossier.Action{dossier.HandOver, dossier.CompleteStep, dossier.Finish} {
		d = moved(t, s, d, a, monday, dossier.Facts{StepNo: d.StepOf(a, 0)})
	}
	return moved(t, s, d, dossier.Return, monday, dossier.Facts{HandedOut: &dossier.HandedOut{Method: dossier.ReturnInPerson, AgencyID: from}})
}

// Whoever was chosen for a result is told where it went; a counter that has nothing to do with the dossier is told nothing.
func TestACounterThatWasChosenSeesWhatLeftElsewhere(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		in := x.intake("H13-1", x.north, x.health)
		in.ReturningID = x.south.ID
		d := handedOut(t, s, in, x.north.ID)
		for name, c := range map[string]struct {
			who  catalog.Agency
			sees bool
		}{"chosen": {x.south, true}, "a counter below": {x.counter, false}, "received it": {x.north, true}, "elsewhere": {x.land, false}} {
			_, err := s.DossierByCode(ctx, eyes(c.who), d.Code)
			list := allPages(t, s, eyes(c.who), store.DossierFilter{}, 10)
			if (err == nil) != c.sees || (len(list) == 1) != c.sees {
				t.Errorf("%s: %v, listed %d", name, err, len(list))
			}
		}
	})
}
