package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

func TestWholeJournalsBringNoReceiptTwice(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		x := newTown(t, s)
		life := func(code, number string) dossier.Life {
			d, e := x.received(t, code, monday, x.north, x.health)
			l := dossier.Life{Dossier: d, Events: []dossier.Event{e}}
			for _, step := range []struct {
				action dossier.Action
				line   dossier.FeeLine
			}{
				{dossier.SetFees, dossier.FeeLine{Kind: dossier.Charge, VND: ptr(int64(20_000))}},
				{dossier.PayFees, dossier.FeeLine{No: 1, Method: dossier.Transfer, Receipt: &dossier.FeeReceipt{Number: number}}},
			} {
				l.Dossier, e = act(t, l.Dossier, step.action, monday, dossier.Facts{Fees: []dossier.FeeLine{step.line}})
				l.Events = append(l.Events, e)
			}
			return l
		}
		taken := func(err error) {
			t.Helper()
			if f := fault.As(err); f == nil || f.Code != "receipt-taken" || !errors.Is(err, fault.Conflict) {
				t.Errorf("%v", err)
			}
		}
		must(t, s.AddDossiers(ctx, []dossier.Life{life("R-1", "7"), life("R-2", "8")}))
		taken(s.AddDossiers(ctx, []dossier.Life{life("R-3", "9"), life("R-4", "007")}))
		taken(s.AddDossiers(ctx, []dossier.Life{life("R-3", "9"), life("R-4", "9")}))
		found, err := s.DossierCodes(ctx, []string{"R-1", "R-3", "R-4"})
		must(t, err)
		if len(found) != 1 {
			t.Errorf("half of what was refused is kept: %v", found)
		}
		must(t, s.AddDossiers(ctx, []dossier.Life{life("R-3", "9")}))
		two := []dossier.Life{life("R-5", "10"), life("R-6", "11")}
		for i := range two { // one event behind the payment
			two[i].Events = two[i].Events[:2]
			var err error
			two[i].Dossier, err = dossier.Rebuild(two[i].Events)
			must(t, err)
		}
		must(t, s.AddDossiers(ctx, two))
		for i := range two {
			d, e := act(t, two[i].Dossier, dossier.PayFees, monday, dossier.Facts{Fees: []dossier.FeeLine{{No: 1, Method: dossier.Transfer, Receipt: &dossier.FeeReceipt{Number: "12"}}}})
			two[i] = dossier.Life{Dossier: d, Events: append(two[i].Events, e)}
		}
		taken(s.MoveDossiers(ctx, two))
		must(t, s.MoveDossiers(ctx, two[1:]))
	})
}

// pays is a dossier with as many charges as there are receipts, and the payment of all of them, not yet kept.
func (x town) pays(t *testing.T, s *store.Store, code string, receipts ...dossier.FeeReceipt) (dossier.Dossier, dossier.Event) {
	t.Helper()
	d, e := x.received(t, code, monday, x.north, x.health)
	must(t, s.AddDossier(context.Background(), d, e))
	var fees, lines []dossier.FeeLine
	for i, r := range receipts {
		fees = append(fees, dossier.FeeLine{Kind: dossier.Charge, VND: ptr(int64(20_000))})
		lines = append(lines, dossier.FeeLine{No: i + 1, Method: dossier.Transfer, Receipt: &r})
	}
	d = moved(t, s, d, dossier.SetFees, monday, dossier.Facts{Fees: fees})
	return act(t, d, dossier.PayFees, monday, dossier.Facts{Fees: lines})
}

func TestAReceiptIsTheSameHoweverItIsTyped(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		x := newTown(t, s)
		d, e := x.pays(t, s, "R-0", dossier.FeeReceipt{Form: "01BLP", Series: "AĂ/26E", Number: "0012"})
		must(t, s.MoveDossier(ctx, d, e))
		for i, same := range []dossier.FeeReceipt{
			{Form: "01blp", Series: "aă/26e", Number: "12"},
			{Form: "01 BLP", Series: "AĂ-26E", Number: "0 012"},
			{Form: "01-BLP", Series: " AA\u0306.26E", Number: "12."}, // decomposed
		} {
			d, e := x.pays(t, s, fmt.Sprint("R-1", i), same)
			if f := fault.As(s.MoveDossier(ctx, d, e)); f == nil || f.Code != "receipt-taken" || len(f.Fields) != 1 {
				t.Errorf("%+v: %v", same, f)
			}
		}
		for i, other := range []dossier.FeeReceipt{
			{Form: "02BLP", Series: "AĂ/26E", Number: "12"}, {Form: "01BLP", Series: "AB/26E", Number: "12"}, {Form: "01BLP", Series: "AĂ/26E", Number: "120"},
		} {
			d, e := x.pays(t, s, fmt.Sprint("R-2", i), other)
			must(t, s.MoveDossier(ctx, d, e))
		}
		kept, err := s.Strings(ctx, "SELECT form || ';' || series || ';' || number FROM fee_receipts ORDER BY 1")
		must(t, err)
		if want := []string{"01blp;aa26e;12", "01blp;aa26e;120", "01blp;ab26e;12", "02blp;aa26e;12"}; !slices.Equal(kept, want) {
			t.Errorf("%q", kept)
		}
	})
}

// Two payments that bring the same receipts the other way round would each hold what the other waits for.
func TestPaymentsWithTheSameReceiptsWaitForNoDeadlock(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		x := newTown(t, s)
		for round := range 8 {
			var receipts []dossier.FeeReceipt
			for i := range 40 {
				receipts = append(receipts, dossier.FeeReceipt{Number: fmt.Sprint(round*100 + i + 1)})
			}
			var runs, kept atomic.Int32
			var both sync.WaitGroup
			for side := range 2 {
				d, e := x.pays(t, s, fmt.Sprintf("R-%d-%d", round, side), receipts...)
				slices.Reverse(receipts)
				both.Go(func() {
					err := s.InTx(context.Background(), func(ctx context.Context) error {
						runs.Add(1)
						return s.MoveDossier(ctx, d, e)
					})
					if f := fault.As(err); err == nil {
						kept.Add(1)
					} else if f == nil || f.Code != "receipt-taken" || len(f.Fields) != len(receipts) {
						t.Error(err)
					}
				})
			}
			both.Wait()
			if runs.Load() != 2 || kept.Load() != 1 {
				t.Errorf("round %d: %d runs, %d payments kept", round, runs.Load(), kept.Load())
			}
		}
	})
}
