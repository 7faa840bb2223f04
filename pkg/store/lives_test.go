package store_test

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

// lived goes through the lives and gives the ids in the order that they come in.
func lived(t *testing.T, lives iter.Seq2[[]dossier.Event, error], want map[uuid.UUID]dossier.Dossier) []uuid.UUID {
	t.Helper()
	var ids []uuid.UUID
	for events, err := range lives {
		must(t, err)
		d, err := dossier.Rebuild(events)
		must(t, err)
		if kept, there := want[d.ID]; !there || kept.Head != d.Head {
			t.Errorf("%s is not the dossier that was kept", d.ID)
		}
		ids = append(ids, d.ID)
	}
	if !slices.IsSortedFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) }) {
		t.Error("they do not come in the order of their ids")
	}
	return ids
}

func TestLivesAreThoseThatTheListListsForTheSameEyes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x, r := context.Background(), newTown(t, s), rand.New(rand.NewPCG(21, 22))
		all := randomLives(t, r, x, 1100)
		keep(t, s, r, all)
		kept := map[uuid.UUID]dossier.Dossier{}
		for _, l := range all {
			kept[l.Dossier.ID] = l.Dossier
		}
		yes, no := true, false
		period := store.Period{From: monday, To: monday.Add(20 * 24 * time.Hour), Now: monday.Add(30 * 24 * time.Hour)}
		seen := 0
		for name, f := range map[string]store.DossierFilter{
			"everything": {}, "states": {States: []dossier.State{dossier.InProgress, dossier.Returned}}, "agency": {Selection: store.Selection{AgencyPath: x.north.Path}},
			"decided by": {Selection: store.Selection{AgencyID: x.health.ID}}, "received": {ReceivingPath: x.north.Path}, "held": {HolderPath: x.land.Path},
			"field": {Selection: store.Selection{Field: "Y tế"}}, "no field": {Selection: store.Selection{Field: store.None}}, "procedure": {Selection: store.Selection{Procedure: "2.000003"}}, "level": {Selection: store.Selection{Level: string(catalog.Commune)}},
			"channel": {Selection: store.Selection{Channel: string(catalog.Online)}}, "source": {Selection: store.Selection{SourceSystem: "igate"}}, "ours": {Selection: store.Selection{SourceSystem: store.None}},
			"search": {Search: "tran duc"}, "code": {Search: "H13-00001"}, "open": {Open: &yes}, "ended": {Open: &no},
			"to give back": {Originals: &yes}, "nothing to give back": {Originals: &no},
			"overdue": {Overdue: &yes, Period: period}, "late": {Figure: "late", Period: period}, "in time": {Figure: "in_time", Period: period},
		} {
			for who, scope := range map[string]staff.Scope{"system": everything, "north": eyes(x.north), "health": eyes(x.health), "nobody": {}} {
				var want []uuid.UUID
				for p := (store.Page{Limit: 1000}); ; {
					some, next, err := s.Dossiers(ctx, scope, f, p)
					must(t, err)
					for _, d := range some {
						want = append(want, d.ID)
					}
					if p.After = string(next); next == "" {
						break
					}
				}
				slices.SortFunc(want, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
				must(t, store.LivesBy(s, ctx, scope, f, 300, func(_ context.Context, lives iter.Seq2[[]dossier.Event, error]) error {
					for range 2 { // the same again
						if got := lived(t, lives, kept); !slices.Equal(got, want) {
							t.Errorf("%s for %s: %d lives, the list has %d", name, who, len(got), len(want))
						}
					}
					return nil
				}))
				if who == "nobody" && len(want) > 0 {
					t.Errorf("%s: nobody sees %d", name, len(want))
				}
				seen += len(want)
			}
		}
		if seen < 5000 {
			t.Errorf("only %d lives were told in all: that proves little", seen)
		}
	})
}

func TestLivesStandStillWhileOneLooks(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		first := x.added(t, s, 1, monday, x.counter, x.health)
		kept := map[uuid.UUID]dossier.Dossier{first.ID: first}
		must(t, s.Lives(ctx, everything, store.DossierFilter{}, func(inside context.Context, lives iter.Seq2[[]dossier.Event, error]) error {
			if got := lived(t, lives, kept); len(got) != 1 {
				t.Errorf("%d lives", len(got))
			}
			moved(t, s, first, dossier.HandOver, monday.Add(time.Hour), dossier.Facts{})
			x.added(t, s, 2, monday, x.counter, x.health)
			if got := lived(t, lives, kept); len(got) != 1 {
				t.Errorf("%d lives the second time", len(got))
			}
			if n, err := s.CountDossiers(inside, everything, store.DossierFilter{}); n != 1 || err != nil {
				t.Errorf("%d are counted with the look's context, %v", n, err)
			}
			return nil
		}))
	})
}

func TestAFailureOfTheLookerIsNotTheDatabases(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		x.added(t, s, 1, monday, x.counter, x.health)
		x.added(t, s, 2, monday, x.counter, x.health)
		full := &fs.PathError{Op: "write", Path: "/x", Err: context.DeadlineExceeded} // what the store would call a database that is gone
		err := s.Lives(ctx, everything, store.DossierFilter{}, func(_ context.Context, lives iter.Seq2[[]dossier.Event, error]) error {
			for range lives {
				return full
			}
			return nil
		})
		if !errors.Is(err, full) || fault.As(err) != nil {
			t.Errorf("got %v", err)
		}
		wantFault(t, "a figure that is not there", s.Lives(ctx, everything, store.DossierFilter{Figure: "x"}, nil), fault.Invalid, "figure-unknown")
		must(t, s.Close())
		wantFault(t, "closed", s.Lives(ctx, everything, store.DossierFilter{}, nil), fault.Unavailable, "database-unavailable")
	})
}
