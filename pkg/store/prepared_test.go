package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

func TestWhoWaitsToWriteDoesNotHoldUpWhoIsWriting(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		waiting := make(chan error)
		err := s.InTx(ctx, func(inside context.Context) error {
			go func() { waiting <- calendar(ctx, s, "a") }()
			time.Sleep(100 * time.Millisecond) // it is the first with this statement, and waits for the connection
			return calendar(inside, s, "b")
		})
		must(t, err)
		must(t, <-waiting)
	})
}

func TestACrowdWithNewStatementsGetsThrough(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		x := newTown(t, s)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		period := store.Period{From: monday, To: monday.AddDate(0, 1, 0), Now: monday}
		ask := []func(n int, ids []uuid.UUID) error{
			func(_ int, ids []uuid.UUID) error { _, err := s.AgencyNames(ctx, ids); return err },
			func(int, []uuid.UUID) error {
				_, err := s.OnTime(ctx, everything, store.ReportQuery{Period: period, By: store.ByAgency})
				return err
			},
			func(n int, ids []uuid.UUID) error {
				return s.InTx(ctx, func(ctx context.Context) error {
					if err := calendar(ctx, s, fmt.Sprint(n)); err != nil {
						return err
					}
					_, err := s.AgencyNames(ctx, ids)
					return err
				})
			},
		}
		var crowd sync.WaitGroup
		for i := range 12 {
			crowd.Go(func() {
				for n := 1; n <= 40; n++ {
					ids := []uuid.UUID{x.province.ID} // as many as make a statement that nobody had before
					for len(ids) < 12*n+i {
						ids = append(ids, uuid.New())
					}
					if err := ask[i%len(ask)](100*i+n, ids); err != nil {
						t.Errorf("%d, %d: %v", i, n, err)
						return
					}
				}
			})
		}
		crowd.Wait()
	})
}
