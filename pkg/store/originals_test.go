package store_test

import (
	"context"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

func TestWhatIsOverAndHoldsOriginalsIsListed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x, r := context.Background(), newTown(t, s), rand.New(rand.NewPCG(31, 32))
		all := append(randomLives(t, r, x, 400), returned(t, x))
		keep(t, s, r, all)
		want, over := map[uuid.UUID]bool{}, map[dossier.State]int{}
		for _, l := range all {
			d := l.Dossier
			held := 0
			for _, p := range d.Parts {
				held += p.Received.Original - p.GivenBack.Original
			}
			if held > 0 && (d.State == dossier.Refused || d.State == dossier.Withdrawn || d.State == dossier.Stopped || d.State == dossier.Returned) {
				want[d.ID] = true
				over[d.State]++
			}
		}
		if len(over) < 4 {
			t.Fatalf("%v: not every end still holds something", over)
		}
		listed := func() {
			t.Helper()
			for holds, number := range map[bool]int{true: len(want), false: len(all) - len(want)} {
				got := allPages(t, s, everything, store.DossierFilter{Originals: &holds}, 100)
				if len(got) != number || slices.ContainsFunc(got, func(d dossier.Dossier) bool { return want[d.ID] != holds }) {
					t.Errorf("%t: %d are listed, not %d", holds, len(got), number)
				}
			}
		}
		listed()
		migration, err := os.ReadFile("migrations/" + s.Dialect() + "/00015_originals.sql")
		must(t, err)
		must(t, s.Exec(ctx, "UPDATE dossiers SET originals_held = 0"))
		must(t, s.Exec(ctx, string(migration[strings.Index(string(migration), "UPDATE"):]))) // those of before the column are entered
		listed()
	})
}

// returned is a dossier whose result left while an original stayed.
func returned(t testing.TB, x town) dossier.Life {
	t.Helper()
	in := x.intake("RETURNED", x.counter, x.health)
	in.Steps = nil
	d, e := open(t, dossier.WasReceived, monday, dossier.Facts{
		Intake: in, Received: []dossier.Received{{Name: "Giấy chứng nhận", Copies: catalog.Copies{Original: 1}}},
	})
	life := dossier.Life{Events: []dossier.Event{e}}
	for _, a := range []dossier.Action{dossier.Finish, dossier.Return} {
		d, e = act(t, d, a, monday, dossier.Facts{})
		life.Events = append(life.Events, e)
	}
	life.Dossier = d
	return life
}
