package store_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
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

func TestReceiptsOfBeforeTheTableAreEntered(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		x := newTown(t, s)
		for i, receipt := range []dossier.FeeReceipt{{Number: "000"}, {Form: "01BLP", Series: "Đ-26", Number: "0012"}} {
			d, e := x.received(t, "R-"+receipt.Number, monday, x.north, x.health)
			must(t, s.AddDossier(ctx, d, e))
			d = moved(t, s, d, dossier.SetFees, monday, dossier.Facts{Fees: []dossier.FeeLine{
				{Kind: dossier.Charge, VND: ptr(int64(20_000))}, {Kind: dossier.Charge, VND: ptr(int64(30_000))},
			}})
			line := dossier.FeeLine{No: 1, Method: dossier.Transfer, Receipt: &receipt}
			lines := []dossier.FeeLine{line}
			if i == 0 { // one receipt for two fees
				line.No = 2
				lines = append(lines, line)
			}
			moved(t, s, d, dossier.PayFees, monday, dossier.Facts{Fees: lines})
		}
		const look = "SELECT form || ';' || series || ';' || number || ';' || CAST(agency_id AS text) || ';' || CAST(dossier_id AS text) FROM fee_receipts ORDER BY 1"
		want, err := s.Strings(ctx, look)
		must(t, err)
		if all := strings.Join(want, " "); len(want) != 2 || !strings.Contains(all, ";;0;") || !strings.Contains(all, "01BLP;Đ-26;12;") {
			t.Fatalf("%q", want)
		}
		migration, err := os.ReadFile("migrations/" + s.Dialect() + "/00010_receipts.sql")
		must(t, err)
		must(t, s.Exec(ctx, "DELETE FROM fee_receipts"))
		must(t, s.Exec(ctx, string(migration[strings.Index(string(migration), "INSERT"):])))
		got, err := s.Strings(ctx, look)
		must(t, err)
		if !slices.Equal(got, want) {
			t.Errorf("%q, not %q", got, want)
		}
	})
}
