package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

func TestManyMovesAreKeptAsOneByOneOrNotAtAll(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		var lives []dossier.Life
		for n := range 1200 { // more than a statement of SQLite holds
			d, e := x.received(t, "A-"+uuid.NewString(), monday.Add(time.Duration(n)*time.Second), x.counter, x.health)
			lives = append(lives, dossier.Life{Dossier: d, Events: []dossier.Event{e}})
		}
		must(t, s.AddDossiers(ctx, lives))
		for i, l := range lives {
			next, e := act(t, l.Dossier, dossier.RequestSupplement, monday.Add(time.Hour), dossier.Facts{Papers: []string{"bản sao"}, StopsClock: true})
			lives[i] = dossier.Life{Dossier: next, Events: []dossier.Event{l.Events[0], e}}
		}
		// One of them was moved by somebody else meanwhile.
		must(t, s.MoveDossier(ctx, lives[700].Dossier, lives[700].Events[1]))
		if f := fault.As(s.MoveDossiers(ctx, lives)); f == nil || f.Kind != fault.Stale || f.Code != "dossier-changed" {
			t.Fatalf("the loser hears %v", f)
		}
		count := func(state dossier.State) int64 {
			n, err := s.CountDossiers(ctx, everything, store.DossierFilter{States: []dossier.State{state}})
			must(t, err)
			return n
		}
		if n := count(dossier.SupplementRequested); n != 1 {
			t.Errorf("%d dossiers moved, want the other's only", n)
		}
		must(t, s.MoveDossiers(ctx, append(lives[:700:700], lives[701:]...)))
		if n := count(dossier.SupplementRequested); n != 1200 {
			t.Errorf("%d of 1200 dossiers moved", n)
		}
		must(t, s.EachLife(ctx, nil, func(events []dossier.Event, row store.StoredRow) error {
			d, err := dossier.Rebuild(events)
			if err != nil || len(events) != 2 {
				t.Errorf("%s: %d events, %v", row.Code(), len(events), err)
			}
			for _, what := range s.Differences(context.Background(), d, row) {
				t.Errorf("%s: %s", row.Code(), what)
			}
			return nil
		}))
		if err := s.MoveDossiers(ctx, []dossier.Life{{Dossier: lives[0].Dossier}}); err == nil {
			t.Error("a move without an event was kept")
		}
		must(t, s.MoveDossiers(ctx, nil))
	})
}
