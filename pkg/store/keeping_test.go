package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
	"github.com/motcua/motcua/pkg/worktime"
)

func wantFault(t *testing.T, what string, err error, kind fault.Kind, code string) {
	t.Helper()
	if f := fault.As(err); f == nil || f.Kind != kind || f.Code != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

func TestAgenciesAreFoundByWhateverNamesThem(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		old := x.north // the same code was borne by another one before
		old.ID, old.Name, old.ValidFrom, old.ValidTo, old.Identifier = uuid.Must(uuid.NewV7()), "Thị trấn Nàng Mau", "2010-01-01", "2020-01-01", "H30.9"
		must(t, s.AddAgency(ctx, old))
		must(t, s.AddSuccession(ctx, catalog.Succession{PredecessorID: old.ID, SuccessorID: x.north.ID, On: "2020-01-01"}))
		must(t, s.AddSuccession(ctx, catalog.Succession{PredecessorID: old.ID, SuccessorID: x.north.ID, On: "2020-01-01"}))
		wantFault(t, "the same again", s.AddAgency(ctx, x.north), fault.Conflict, "agency-exists")

		for name, c := range map[string]struct {
			code string
			on   []catalog.Date
			want uuid.UUID
		}{
			"code now":            {"31321", []catalog.Date{"2026-01-01"}, x.north.ID},
			"code then":           {"31321", []catalog.Date{"2015-01-01"}, old.ID},
			"code, day not said":  {"31321", []catalog.Date{""}, x.north.ID},
			"the first day first": {"31321", []catalog.Date{"2015-01-01", "2026-01-01"}, old.ID},
			"the second day else": {"H30.9", []catalog.Date{"2026-01-01", "2015-01-01"}, old.ID},
			"ended, whenever":     {"H30.9", []catalog.Date{"2026-01-01", ""}, old.ID},
			"identifier":          {"H13.SYT", []catalog.Date{"2026-01-01"}, x.health.ID},
			"id":                  {x.health.ID.String(), []catalog.Date{"2026-01-01"}, x.health.ID},
		} {
			got, err := s.AgencyByCode(ctx, c.code, c.on...)
			if err != nil || got.ID != c.want {
				t.Errorf("%s: %s %v", name, got.Name, err)
			}
		}
		for _, code := range []string{"", "nothing", "H30.9", uuid.NewString()} {
			_, err := s.AgencyByCode(ctx, code, "2026-01-01")
			wantFault(t, code, err, fault.NotFound, "agency-not-found")
		}
		before, after, err := s.Successions(ctx, old.ID)
		must(t, err)
		if len(before) != 0 || len(after) != 1 || after[0].SuccessorID != x.north.ID {
			t.Errorf("successions of the old: %v %v", before, after)
		}
		found, err := s.AgenciesByName(ctx, "xã vị thủy", x.province.Path, "2026-01-01")
		must(t, err)
		if len(found) != 1 || found[0].ID != x.north.ID {
			t.Errorf("by name: %v", found)
		}
		if diff := cmp.Diff(x.north, found[0]); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAnAgencyMovesWithAllThatIsUnderIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		north := x.north
		north.ParentID, north.Name = &x.south.ID, "Xã Vị Thuỷ mới"
		movedAt := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		must(t, s.ChangeAgency(ctx, north, movedAt))
		counter, err := s.Agency(ctx, x.counter.ID)
		must(t, err)
		if want := x.south.Path + x.north.ID.String() + "/" + x.counter.ID.String() + "/"; counter.Path != want {
			t.Errorf("the counter is at %s, want %s", counter.Path, want)
		}
		moves, err := s.AgencyMoves(ctx)
		must(t, err)
		want := map[uuid.UUID][]store.AgencyMove{x.north.ID: {{At: movedAt, Path: x.north.Path}}, x.counter.ID: {{At: movedAt, Path: x.counter.Path}}}
		if diff := cmp.Diff(want, moves); diff != "" {
			t.Errorf("where they stood before (-want +got):\n%s", diff)
		}
		south := x.south
		south.ParentID = &x.counter.ID
		wantFault(t, "under itself", s.ChangeAgency(ctx, south, movedAt), fault.Conflict, "agency-cycle")
		south.ParentID = &south.ID
		wantFault(t, "its own parent", s.ChangeAgency(ctx, south, movedAt), fault.Conflict, "agency-cycle")
		under, _, err := s.Agencies(ctx, store.AgencyFilter{Under: x.south.Path}, store.Page{})
		must(t, err)
		if len(under) != 3 {
			t.Errorf("%d under the south, want 3", len(under))
		}
		unknown := catalog.Agency{ID: uuid.New(), Code: "x", ParentID: ptr(uuid.New())}
		wantFault(t, "an unknown parent", s.AddAgency(ctx, unknown), fault.NotFound, "agency-not-found")
		wantFault(t, "change of nobody", s.ChangeAgency(ctx, unknown, movedAt), fault.NotFound, "agency-not-found")
	})
}

func TestAgenciesAreListedByWhatIsAsked(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		for name, c := range map[string]struct {
			f    store.AgencyFilter
			want int
		}{
			"all":         {store.AgencyFilter{}, 6},
			"communes":    {store.AgencyFilter{Kind: catalog.CommuneCommittee}, 2},
			"level":       {store.AgencyFilter{Level: catalog.Province}, 3},
			"children":    {store.AgencyFilter{Parent: &x.north.ID}, 1},
			"under":       {store.AgencyFilter{Under: x.north.Path}, 2},
			"too early":   {store.AgencyFilter{On: "2019-12-31"}, 0},
			"name":        {store.AgencyFilter{Search: "vi thuy"}, 2},
			"code":        {store.AgencyFilter{Search: "snnmt"}, 1},
			"no wildcard": {store.AgencyFilter{Search: "%"}, 0},
		} {
			seen, after := map[uuid.UUID]bool{}, store.Next("")
			for {
				page, next, err := s.Agencies(ctx, c.f, store.Page{Limit: 2, After: string(after)})
				must(t, err)
				for _, a := range page {
					seen[a.ID] = true
				}
				if after = next; next == "" {
					break
				}
			}
			if len(seen) != c.want {
				t.Errorf("%s: %d, want %d", name, len(seen), c.want)
			}
		}
	})
}

func TestCalendarsGrowByRevisions(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		for n := 1; n <= 3; n++ {
			definition := fmt.Appendf(nil, "{ \"revision\":  %d }\n", n)
			must(t, s.AddCalendar(ctx, store.CalendarRevision{Name: "vn", Revision: n, Definition: definition, Written: definition, RecordedAt: monday}))
		}
		wantFault(t, "again", s.AddCalendar(ctx, store.CalendarRevision{Name: "vn", Revision: 3, RecordedAt: monday}), fault.Conflict, "calendar-exists")
		last, err := s.Calendar(ctx, "vn", 0)
		must(t, err)
		if head, err := s.CalendarHead(ctx, "vn"); err != nil || head != 3 || last.Revision != 3 || string(last.Definition) != "{ \"revision\":  3 }\n" {
			t.Errorf("revision %d, %d: %q", head, last.Revision, last.Definition)
		}
		if first, err := s.Calendar(ctx, "vn", 1); err != nil || string(first.Written) != "{ \"revision\":  1 }\n" {
			t.Errorf("%q %v", first.Written, err)
		}
		if all, err := s.Calendars(ctx); err != nil || len(all) != 1 || all[0].Revision != 3 {
			t.Errorf("%v %v", all, err)
		}
		_, err = s.Calendar(ctx, "vn", 4)
		wantFault(t, "no such revision", err, fault.NotFound, "calendar-not-found")
		_, err = s.CalendarHead(ctx, "la")
		wantFault(t, "no such calendar", err, fault.NotFound, "calendar-not-found")
	})
}

func procedure(code, name string, more func(*catalog.Procedure)) catalog.Procedure {
	p := catalog.Procedure{
		Code: code, Name: name, Field: "Hộ tịch", Levels: []catalog.Level{catalog.Commune}, HomeLevel: catalog.Commune,
		Agencies: []string{"Ủy ban nhân dân cấp xã"}, Status: catalog.InForce, OnlineLevel: catalog.OnlinePartial,
	}
	if more != nil {
		more(&p)
	}
	return p
}

func term(value string, unit worktime.Unit) *worktime.Term {
	amount, err := worktime.ParseAmount(value)
	if err != nil {
		panic(err)
	}
	return &worktime.Term{Value: amount, Unit: unit}
}

func TestProceduresKeepTheirVersions(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		must(t, s.AddProcedure(ctx, procedure("1.000656", "Đăng ký khai tử", nil), monday))
		wantFault(t, "the code again", s.AddProcedure(ctx, procedure("1.000656", "x", nil), monday), fault.Conflict, "procedure-exists")
		first, err := s.Procedure(ctx, "1.000656")
		must(t, err)
		second := first
		second.Name, second.VersionID, second.Version = "Đăng ký khai tử (sửa đổi)", uuid.Must(uuid.NewV7()), 2
		must(t, s.AddProcedureVersion(ctx, second, monday))
		wantFault(t, "a version twice", s.AddProcedureVersion(ctx, second, monday), fault.Stale, "procedure-changed")
		wantFault(t, "of nothing", s.AddProcedureVersion(ctx, procedure("x", "x", nil), monday), fault.NotFound, "procedure-not-found")

		current, err := s.Procedure(ctx, "1.000656")
		must(t, err)
		if diff := cmp.Diff(second, current); diff != "" {
			t.Error(diff)
		}
		old, err := s.ProcedureVersion(ctx, first.VersionID)
		must(t, err)
		if diff := cmp.Diff(first, old); diff != "" {
			t.Error(diff)
		}
		hashes, err := s.ProcedureHashes(ctx)
		must(t, err)
		hash, err := store.HashProcedure(second)
		must(t, err)
		if diff := cmp.Diff(map[string]store.ProcedureHash{"1.000656": {ID: first.ID, Version: 2, Hash: hash}}, hashes); diff != "" {
			t.Error(diff)
		}
		_, err = s.Procedure(ctx, "9.999999")
		wantFault(t, "no such code", err, fault.NotFound, "procedure-not-found")
		_, err = s.ProcedureVersion(ctx, uuid.New())
		wantFault(t, "no such version", err, fault.NotFound, "procedure-not-found")
	})
}

func TestProceduresAreListedAndCounted(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		for _, p := range []catalog.Procedure{
			procedure("1.000001", "Đăng ký khai sinh", func(p *catalog.Procedure) {
				p.Terms = []catalog.Term{{Channel: catalog.InPerson, Statutory: term("3", worktime.WorkingDay), Shortened: term("1.5", worktime.WorkingDay)}}
				p.OnTheSpot, p.Interconnections = true, []catalog.Interconnection{catalog.SameLevel, catalog.CrossLevel}
			}),
			procedure("1.000002", "Cấp giấy phép xây dựng", func(p *catalog.Procedure) {
				p.Field, p.FieldCode, p.HomeLevel, p.Levels = "Xây dựng", "G17-XD01", catalog.Province, []catalog.Level{catalog.Province, catalog.Commune}
				p.Terms, p.OnlineLevel = []catalog.Term{{Statutory: term("20", worktime.CalendarDay)}}, catalog.OnlineFull
				p.Agencies, p.Interconnections = []string{"Sở Xây dựng"}, []catalog.Interconnection{catalog.SameLevel}
			}),
			procedure("1.000003", "Đăng ký kết hôn", func(p *catalog.Procedure) {
				p.Reviews = []catalog.Review{{Code: catalog.ReviewDeadlineMissing}}
				p.Variants = []catalog.Variant{{Code: "a", Terms: []catalog.Term{{Statutory: term("5", worktime.WorkingDay)}}}}
			}),
			procedure("1.000004", "Thủ tục đã bãi bỏ", func(p *catalog.Procedure) { p.Status = catalog.Repealed; p.OnTheSpot = true }),
		} {
			must(t, s.AddProcedure(ctx, p, monday))
		}
		for name, c := range map[string]struct {
			f    store.ProcedureFilter
			want int64
		}{
			"all":             {store.ProcedureFilter{}, 4},
			"search":          {store.ProcedureFilter{Search: "DANG KY"}, 2},
			"search code":     {store.ProcedureFilter{Search: "1.000002 xay"}, 1},
			"wildcard":        {store.ProcedureFilter{Search: "%"}, 0},
			"level":           {store.ProcedureFilter{Level: catalog.Commune}, 4},
			"home level":      {store.ProcedureFilter{HomeLevel: catalog.Commune}, 3},
			"field":           {store.ProcedureFilter{Field: "Xây dựng"}, 1},
			"field code":      {store.ProcedureFilter{Field: "G17-XD01"}, 1},
			"agency":          {store.ProcedureFilter{Agency: "uy ban nhan dan"}, 3},
			"same level":      {store.ProcedureFilter{Interconnection: catalog.SameLevel}, 2},
			"cross level":     {store.ProcedureFilter{Interconnection: catalog.CrossLevel}, 1},
			"online":          {store.ProcedureFilter{OnlineLevel: catalog.OnlineFull}, 1},
			"repealed":        {store.ProcedureFilter{Status: catalog.Repealed}, 1},
			"unit":            {store.ProcedureFilter{DeadlineUnit: worktime.WorkingDay}, 2},
			"at most":         {store.ProcedureFilter{DeadlineMax: ptr(5.0)}, 2},
			"between":         {store.ProcedureFilter{DeadlineUnit: worktime.WorkingDay, DeadlineMin: ptr(1.5), DeadlineMax: ptr(2.0)}, 1},
			"on the spot":     {store.ProcedureFilter{OnTheSpot: ptr(true)}, 2},
			"not on the spot": {store.ProcedureFilter{OnTheSpot: ptr(false)}, 2},
			"shared":          {store.ProcedureFilter{Shared: ptr(true)}, 1},
			"shortened":       {store.ProcedureFilter{Shortened: ptr(true)}, 1},
			"review":          {store.ProcedureFilter{NeedsReview: ptr(true)}, 1},
		} {
			var codes []string
			for after := store.Next(""); ; {
				page, next, total, err := s.Procedures(ctx, c.f, store.Page{Limit: 1, After: string(after)})
				must(t, err)
				if total != c.want {
					t.Fatalf("%s: total %d, want %d", name, total, c.want)
				}
				for _, p := range page {
					if p.Name == "" || p.ID == uuid.Nil || p.Version != 1 {
						t.Fatalf("%s: half a procedure: %+v", name, p)
					}
					codes = append(codes, p.Code)
				}
				if after = next; next == "" {
					break
				}
			}
			if int64(len(codes)) != c.want {
				t.Errorf("%s: %v, want %d", name, codes, c.want)
			}
		}
		sum, err := s.CatalogueSummary(ctx)
		must(t, err)
		want := catalog.Summary{
			Total: 3, ByHomeLevel: map[catalog.Level]int64{catalog.Province: 1, catalog.Commune: 2},
			Shared: 1, SameLevel: 2, CrossLevel: 1, Shortened: 1, OnTheSpot: 1, NeedsReview: 1, Repealed: 1,
		}
		if diff := cmp.Diff(want, sum); diff != "" {
			t.Error(diff)
		}
	})
}
