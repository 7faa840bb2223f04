package store_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
	"github.com/motcua/motcua/pkg/worktime"
)

func TestAListShowsDossiersWholeButForTheirStepsAndPapers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		x, r := newTown(t, s), rand.New(rand.NewPCG(11, 12))
		lives := randomLives(t, r, x, 100)
		keep(t, s, r, lives)
		want := map[uuid.UUID]dossier.Dossier{}
		steps, papers := 0, 0
		for _, l := range lives {
			steps += len(l.Dossier.Steps)
			papers += len(l.Dossier.Parts)
			l.Dossier.Steps, l.Dossier.Parts = nil, nil
			want[l.Dossier.ID] = l.Dossier
		}
		got := map[uuid.UUID]dossier.Dossier{}
		for _, d := range allPages(t, s, everything, store.DossierFilter{}, 30) {
			got[d.ID] = d
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateComparable(worktime.Amount{})); diff != "" || steps == 0 || papers == 0 {
			t.Errorf("%d steps, %d papers: %s", steps, papers, diff)
		}
	})
}
