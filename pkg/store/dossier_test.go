package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

func TestADossierComesBackAsItWasKept(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		d := x.added(t, s, 1, monday, x.counter, x.health)
		d = moved(t, s, d, dossier.HandOver, monday.Add(time.Hour), dossier.Facts{StepMarks: []dossier.StepMark{{No: 1, Mark: mark(monday.Add(5 * time.Hour))}}})
		d = moved(t, s, d, dossier.Take, monday.Add(2*time.Hour), dossier.Facts{})
		d = moved(t, s, d, dossier.RequestSupplement, monday.Add(3*time.Hour), dossier.Facts{StopsClock: true, Papers: []string{"Bản sao <căn cước> & ảnh"}})

		kept, err := s.DossierByCode(ctx, everything, d.Code)
		must(t, err)
		if diff := cmp.Diff(d, kept); diff != "" {
			t.Error(diff)
		}
		journal, err := s.Journal(ctx, everything, d.ID)
		must(t, err)
		again, err := dossier.Rebuild(journal)
		must(t, err)
		if diff := cmp.Diff(d, again); diff != "" {
			t.Error(diff)
		}
	})
}

func TestADossierOutOfScopeIsNotThere(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		d := x.added(t, s, 1, monday, x.counter, x.health)
		for name, c := range map[string]struct {
			scope staff.Scope
			sees  bool
		}{
			"the office itself":          {everything, true},
			"the whole province":         {eyes(x.province), true},
			"where it was received":      {eyes(x.counter), true},
			"above where it was":         {eyes(x.north), true},
			"who decides it":             {eyes(x.health), true},
			"another department":         {eyes(x.land), false},
			"another commune":            {eyes(x.south), false},
			"nobody":                     {staff.Scope{}, false},
			"somebody without an office": {staff.Actor{Role: staff.Clerk}.Scope(), false},
		} {
			_, byCode := s.DossierByCode(ctx, c.scope, d.Code)
			_, journal := s.Journal(ctx, c.scope, d.ID)
			_, lock := dossier.Dossier{}, s.InTx(ctx, func(ctx context.Context) error {
				_, err := s.LockDossier(ctx, c.scope, d.Code)
				return err
			})
			for what, err := range map[string]error{"look": byCode, "journal": journal, "lock": lock} {
				if c.sees && err != nil {
					t.Errorf("%s: %s: %v", name, what, err)
				}
				if f := fault.As(err); !c.sees && (f == nil || f.Kind != fault.NotFound || f.Code != "dossier-not-found") {
					t.Errorf("%s: %s: %v, want dossier-not-found", name, what, err)
				}
			}
		}
		_, gone := s.DossierByCode(ctx, eyes(x.south), "H13-260302-9999")
		_, hidden := s.DossierByCode(ctx, eyes(x.south), d.Code)
		if gone.Error() != hidden.Error() {
			t.Errorf("not there says %q, not for these eyes says %q", gone, hidden)
		}
	})
}

func TestCodesHaveNoGapsAndNoDoubles(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		const writers, each = 16, 12
		givenUp := errors.New("given up")
		var wg sync.WaitGroup
		var lock sync.Mutex
		seen := map[int]int{}
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					var n int
					err := s.InTx(ctx, func(ctx context.Context) error {
						var err error
						if n, err = s.NextDossierNumber(ctx, "H13", "2026-03-02"); err != nil {
							return err
						}
						d, e := x.received(t, fmt.Sprintf("H13-260302-%04d", n), monday, x.counter, x.health)
						if err := s.AddDossier(ctx, d, e); err != nil {
							return err
						}
						if (w+i)%3 == 0 {
							return givenUp
						}
						return nil
					})
					switch {
					case err == nil:
						lock.Lock()
						seen[n]++
						lock.Unlock()
					case !errors.Is(err, givenUp):
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if want := writers * each * 2 / 3; len(seen) != want {
			t.Errorf("%d numbers were given, want %d", len(seen), want)
		}
		for n := 1; n <= len(seen); n++ {
			if seen[n] != 1 {
				t.Errorf("number %d was given %d times", n, seen[n])
			}
		}
	})
}

func TestOfTwoMovesFromOneVersionOneIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		for n := range 20 {
			d := x.added(t, s, n, monday, x.counter, x.health)
			var wg sync.WaitGroup
			failed := make([]error, 4)
			for i := range failed {
				next, e := act(t, d, dossier.HandOver, monday.Add(time.Duration(i+1)*time.Minute), dossier.Facts{})
				wg.Go(func() { failed[i] = s.MoveDossier(ctx, next, e) })
			}
			wg.Wait()
			won := 0
			for _, err := range failed {
				if err == nil {
					won++
				} else if f := fault.As(err); f == nil || f.Kind != fault.Stale || f.Code != "dossier-changed" {
					t.Errorf("the loser hears %v", err)
				}
			}
			if won != 1 {
				t.Errorf("%d moves were kept, want 1", won)
			}
			journal, err := s.Journal(ctx, everything, d.ID)
			must(t, err)
			if _, err := dossier.Rebuild(journal); err != nil || len(journal) != 2 {
				t.Errorf("journal of %d events: %v", len(journal), err)
			}
		}
	})
}

func TestAMoveThatDoesNotFitItsEventIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		x := newTown(t, s)
		d := x.added(t, s, 1, monday, x.counter, x.health)
		next, e := act(t, d, dossier.HandOver, monday.Add(time.Hour), dossier.Facts{})
		e.Seq++
		if err := s.MoveDossier(context.Background(), next, e); err == nil {
			t.Error("was kept")
		}
	})
}

func TestACodeOrForeignRecordIsTakenOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		d := x.added(t, s, 1, monday, x.counter, x.health)
		second, e := x.received(t, d.Code, monday, x.counter, x.health)
		if f := fault.As(s.AddDossier(ctx, second, e)); f == nil || f.Kind != fault.Conflict || f.Code != "dossier-exists" {
			t.Errorf("a second dossier of the code: %v", f)
		}
		if _, err := s.Journal(ctx, everything, second.ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("something of it was kept: %v", err)
		}
		foreign := func(code string) error {
			in := x.intake(code, x.counter, x.health)
			in.Source = &dossier.Source{System: "igate", Key: "4711"}
			d, e := open(t, dossier.WasImported, monday, dossier.Facts{Intake: in, Foreign: &dossier.Foreign{State: dossier.InProgress, ReceivedAt: monday}})
			return s.AddDossier(ctx, d, e)
		}
		must(t, foreign("igate-1"))
		if f := fault.As(foreign("igate-2")); f == nil || f.Code != "dossier-exists" {
			t.Errorf("a second dossier of the record: %v", f)
		}
		found, err := s.BySource(ctx, "igate", []string{"4711", "4712"})
		must(t, err)
		if len(found) != 1 || found["4711"].Code != "igate-1" {
			t.Errorf("by source: %v", found)
		}
	})
}

func TestTheJournalRefusesChanges(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		d := x.added(t, s, 1, monday, x.counter, x.health)
		statements := []string{"UPDATE dossier_events SET by_name = 'somebody else'", "DELETE FROM dossier_events"}
		if s.Dialect() == store.PostgreSQL {
			statements = append(statements, "TRUNCATE dossier_events")
		}
		for _, statement := range statements {
			if err := s.Exec(ctx, statement); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: %v", statement, err)
			}
		}
		journal, err := s.Journal(ctx, everything, d.ID)
		must(t, err)
		if _, err := dossier.Rebuild(journal); err != nil || len(journal) != 1 {
			t.Errorf("journal of %d events: %v", len(journal), err)
		}
	})
}

func TestNumbersWhoseCodeIsTakenArePassedOver(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		var lives []dossier.Life
		for _, n := range slices.Concat([]int{2, 3}, upTo(5, 1200), []int{1202}) {
			d, e := x.received(t, fmt.Sprintf("H13-260302-%04d", n), monday, x.counter, x.health)
			lives = append(lives, dossier.Life{Dossier: d, Events: []dossier.Event{e}})
		}
		must(t, s.AddDossiers(ctx, lives))
		for _, want := range []int{1, 4, 1201, 1203, 1204} {
			for _, fails := range []bool{true, false} { // what failed gives its number back
				err := s.InTx(ctx, func(ctx context.Context) error {
					n, err := s.NextDossierNumber(ctx, "H13", "2026-03-02")
					if n != want {
						t.Errorf("number %d, not %d", n, want)
					}
					if err != nil || fails {
						return errors.Join(err, context.Canceled)
					}
					d, e := x.received(t, dossier.Code("H13", "2026-03-02", n), monday, x.counter, x.health)
					return s.AddDossier(ctx, d, e)
				})
				if (err != nil) != fails {
					t.Error(err)
				}
			}
		}
	})
}

func TestACodeTakenWhileItIsDrawnIsDrawnAnew(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		taken, drawn := make(chan struct{}), make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() {
			must(t, s.InTx(ctx, func(ctx context.Context) error {
				d, e := x.received(t, "H13-260302-0001", monday, x.counter, x.health)
				err := s.AddDossiers(ctx, []dossier.Life{{Dossier: d, Events: []dossier.Event{e}}})
				close(taken)
				if s.Dialect() == store.PostgreSQL { // where the other gets so far; on SQLite it waits to begin
					<-drawn
				}
				return err
			}))
		})
		<-taken
		once := sync.OnceFunc(func() { close(drawn) })
		var n int
		must(t, s.InTx(ctx, func(ctx context.Context) error {
			var err error
			if n, err = s.NextDossierNumber(ctx, "H13", "2026-03-02"); err != nil {
				return err
			}
			once()
			d, e := x.received(t, dossier.Code("H13", "2026-03-02", n), monday, x.counter, x.health)
			return s.AddDossier(ctx, d, e)
		}))
		wg.Wait()
		if n != 2 {
			t.Errorf("number %d, not 2", n)
		}
	})
}

func upTo(from, to int) []int {
	var all []int
	for n := from; n <= to; n++ {
		all = append(all, n)
	}
	return all
}

func TestANumberAndALockNeedATransaction(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		if _, err := s.NextDossierNumber(ctx, "H13", "2026-03-02"); err == nil {
			t.Error("a number was given without a transaction")
		}
		if _, err := s.LockDossier(ctx, everything, "H13-260302-0001"); err == nil {
			t.Error("a lock was given without a transaction")
		}
		if _, _, err := s.ClaimKey(ctx, uuid.New(), "key", "print", monday); err == nil {
			t.Error("a key was claimed without a transaction")
		}
	})
}

func ptr[T any](v T) *T { return &v }
