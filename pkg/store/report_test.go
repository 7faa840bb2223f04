package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
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

func count(lives []dossier.Life, p store.Period, of func(dossier.Dossier) bool) dossier.Figures {
	var n dossier.Figures
	for _, l := range lives {
		if of(l.Dossier) {
			n.Count(l.Dossier.Judged(p.From, p.To, p.Now))
		}
	}
	return n
}

func figure(f dossier.Figures, name dossier.Figure) int64 {
	return map[dossier.Figure]int64{
		"carried_over": f.CarriedOver, "received": f.Received, "early": f.Early, "on_time": f.OnTime, "late": f.Late,
		"resolved_undated": f.ResolvedUndated, "ended_otherwise": f.EndedOtherwise, "ended_overdue": f.EndedOverdue, "in_time": f.InTime, "overdue": f.Overdue,
		"suspended": f.Suspended, "open_undated": f.OpenUndated, "late_by_first_promise": f.LateByFirstPromise,
		"resolved": f.Resolved(), "open": f.Open(), "acceptance_late": f.AcceptanceLate,
	}[name]
}

func randomPeriod(r *rand.Rand) store.Period {
	from := monday.Add(time.Duration(r.IntN(160)) * quarter)
	to := from.Add(time.Duration(1+r.IntN(120)) * quarter)
	return store.Period{From: from, To: to, Now: from.Add(time.Duration(r.IntN(160)) * quarter)}
}

func TestFiguresAreWhatPlainGoSays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x, r := context.Background(), newTown(t, s), rand.New(rand.NewPCG(1, 2))
		lives := randomLives(t, r, x, 1200)
		keep(t, s, r, lives)
		var sum dossier.Figures
		for range 150 {
			q := store.ReportQuery{Period: randomPeriod(r)}
			rows, err := s.OnTime(ctx, everything, q)
			must(t, err)
			want := count(lives, q.Period, func(dossier.Dossier) bool { return true })
			if diff := cmp.Diff([]store.ReportRow{{Period: q.Period, Figures: want}}, rows); diff != "" {
				t.Fatalf("%+v: (-go +sql)\n%s", q.Period, diff)
			}
			if !want.Balanced() {
				t.Fatalf("%+v: not balanced: %+v", q.Period, want)
			}
			sum = sum.Plus(want)
		}
		for i, n := range sum.Counts() {
			if n == 0 {
				t.Errorf("%s was never anything but 0", dossier.FigureNames[i])
			}
		}
	})
}

func TestEachFigureOpensItsList(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x, r := context.Background(), newTown(t, s), rand.New(rand.NewPCG(3, 4))
		lives := randomLives(t, r, x, 600)
		keep(t, s, r, lives)
		for range 8 {
			p := randomPeriod(r)
			for _, name := range dossier.FigureNames {
				want := map[string]bool{}
				for _, l := range lives {
					if slices.Contains(l.Dossier.Judged(p.From, p.To, p.Now), name) {
						want[l.Dossier.Code] = true
					}
				}
				f := store.DossierFilter{Figure: name, Period: p, Sort: pick(r, store.ByReceipt, store.ByDueDate)}
				listed := map[string]bool{}
				for _, d := range allPages(t, s, everything, f, 37) {
					listed[d.Code] = true
				}
				if diff := cmp.Diff(want, listed); diff != "" {
					t.Fatalf("%s of %+v: (-go +sql)\n%s", name, p, diff)
				}
				n, err := s.CountDossiers(ctx, everything, f)
				must(t, err)
				if int(n) != len(want) {
					t.Fatalf("%s of %+v: counted %d, listed %d", name, p, n, len(want))
				}
			}
		}
	})
}

// allPages walks a list to its end and checks its order on the way.
func allPages(t testing.TB, s *store.Store, scope staff.Scope, f store.DossierFilter, size int) []dossier.Dossier {
	t.Helper()
	var all []dossier.Dossier
	seen := map[uuid.UUID]bool{}
	for after := store.Next(""); ; {
		list, next, err := s.Dossiers(context.Background(), scope, f, store.Page{Limit: size, After: string(after)})
		must(t, err)
		if len(list) > size || len(list) == 0 && next != "" {
			t.Fatalf("a page of %d, next %q", len(list), next)
		}
		for _, d := range list {
			if seen[d.ID] {
				t.Fatalf("%s stands on two pages", d.Code)
			}
			seen[d.ID] = true
			if n := len(all); n > 0 && !ordered(f.Sort, all[n-1], d) {
				t.Fatalf("%s stands before %s", all[n-1].Code, d.Code)
			}
			all = append(all, d)
		}
		if after = next; next == "" {
			return all
		}
	}
}

func ordered(sort string, a, b dossier.Dossier) bool {
	if sort == store.ByDueDate {
		switch p, q := a.Promise(), b.Promise(); {
		case p == nil:
			return q == nil
		case q == nil:
			return true
		default:
			return !q.LateFrom.Before(p.LateFrom)
		}
	}
	return !a.SubmittedAt.Before(b.SubmittedAt)
}

func TestEveryRowOfABreakdownOpensItsLists(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x, r := context.Background(), newTown(t, s), rand.New(rand.NewPCG(5, 6))
		lives := randomLives(t, r, x, 500)
		keep(t, s, r, lives)
		paths := map[uuid.UUID]string{}
		for _, a := range x.all() {
			paths[a.ID] = a.Path
		}
		for _, by := range store.Breakdowns {
			for range 4 {
				q := store.ReportQuery{Period: randomPeriod(r), By: by, Selection: store.Selection{SourceSystem: pick(r, "", store.None, "igate")}}
				if by == store.ByAgency {
					q.AgencyPath = pick(r, "", x.province.Path, x.north.Path)
				}
				rows, err := s.OnTime(ctx, everything, q)
				must(t, err)
				var sum int64
				for _, row := range rows {
					checkRow(t, s, lives, paths, q, row)
					sum += row.CarriedOver + row.Received
				}
				if by == store.ByMonth { // what is open is carried over, so months do not add up
					continue
				}
				whole := q
				whole.By = store.ByNone
				total, err := s.OnTime(ctx, everything, whole)
				must(t, err)
				if sum != total[0].CarriedOver+total[0].Received {
					t.Fatalf("by %s: rows sum up to %d, the whole is %+v", by, sum, total[0])
				}
			}
		}
	})
}

func checkRow(t *testing.T, s *store.Store, lives []dossier.Life, paths map[uuid.UUID]string, q store.ReportQuery, row store.ReportRow) {
	t.Helper()
	f := store.DossierFilter{Period: row.Period, Selection: q.Selection}
	of := func(d dossier.Dossier) bool {
		system := ""
		if d.Source != nil {
			system = d.Source.System
		}
		return q.SourceSystem == "" || q.SourceSystem == system || q.SourceSystem == store.None && system == ""
	}
	orNone := func(v string) string {
		if v == "" {
			return store.None
		}
		return v
	}
	var in func(d dossier.Dossier) bool
	switch q.By {
	case store.ByNone:
		in = func(dossier.Dossier) bool { return true }
	case store.ByMonth:
		in = func(dossier.Dossier) bool { return true }
		if got := row.Period.From.Format("2006-01"); got != row.Key {
			t.Errorf("the row of %s begins in %s", row.Key, got)
		}
	case store.ByField:
		f.Field, in = row.Key, func(d dossier.Dossier) bool { return orNone(d.Procedure.Field) == row.Key }
	case store.ByProcedure:
		f.Procedure, in = row.Key, func(d dossier.Dossier) bool { return orNone(d.Procedure.Code) == row.Key }
	case store.ByLevel:
		f.Level, in = row.Key, func(d dossier.Dossier) bool { return string(d.Procedure.Level) == row.Key }
	case store.ByChannel:
		f.Channel, in = row.Key, func(d dossier.Dossier) bool { return string(d.Channel) == row.Key }
	case store.ByAgency:
		if row.Own != uuid.Nil {
			f.AgencyID, in = row.Own, func(d dossier.Dossier) bool { return d.DecidingID == row.Own }
		} else {
			f.AgencyPath, in = row.Path, func(d dossier.Dossier) bool { return strings.HasPrefix(paths[d.DecidingID], row.Path) }
		}
	}
	want := count(lives, row.Period, func(d dossier.Dossier) bool { return of(d) && in(d) })
	if diff := cmp.Diff(want, row.Figures); diff != "" {
		t.Fatalf("by %s, row %s (%s): (-go +sql)\n%s", q.By, row.Key, row.Label, diff)
	}
	if !row.Balanced() {
		t.Fatalf("by %s, row %s is not balanced: %+v", q.By, row.Key, row.Figures)
	}
	for _, f.Figure = range dossier.FigureNames {
		n, err := s.CountDossiers(context.Background(), everything, f)
		must(t, err)
		if n != figure(row.Figures, f.Figure) {
			t.Fatalf("by %s, row %s: %s is %d, its list has %d", q.By, row.Key, f.Figure, figure(row.Figures, f.Figure), n)
		}
	}
}

func TestAReportCountsOnlyWhatTheScopeSees(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x, r := context.Background(), newTown(t, s), rand.New(rand.NewPCG(7, 8))
		lives := randomLives(t, r, x, 300)
		keep(t, s, r, lives)
		paths := map[uuid.UUID]string{}
		for _, a := range x.all() {
			paths[a.ID] = a.Path
		}
		p := store.Period{From: monday, To: monday.Add(1000 * quarter), Now: monday.Add(100 * quarter)}
		for _, a := range x.all() {
			sees := func(d dossier.Dossier) bool {
				for _, id := range append([]uuid.UUID{d.ReceivingID, d.DecidingID, d.HolderID, d.Returning(), d.HelpedID}, d.Desks...) {
					if id != uuid.Nil && strings.HasPrefix(paths[id], a.Path) {
						return true
					}
				}
				return false
			}
			for _, by := range store.Breakdowns {
				rows, err := s.OnTime(ctx, eyes(a), store.ReportQuery{Period: p, By: by})
				must(t, err)
				if by == store.ByNone {
					if diff := cmp.Diff(count(lives, p, sees), rows[0].Figures); diff != "" {
						t.Errorf("%s: %s", a.Name, diff)
					}
				}
				for _, row := range rows {
					if row.Label == "" && by != store.ByNone {
						t.Errorf("%s by %s: a row without a label: %+v", a.Name, by, row)
					}
				}
			}
			seen := 0
			for _, l := range lives {
				if sees(l.Dossier) {
					seen++
				}
			}
			if got := len(allPages(t, s, eyes(a), store.DossierFilter{}, 100)); got != seen {
				t.Errorf("%s sees %d, want %d", a.Name, got, seen)
			}
		}
		for _, by := range store.Breakdowns {
			rows, err := s.OnTime(ctx, staff.Scope{}, store.ReportQuery{Period: p, By: by})
			must(t, err)
			for _, row := range rows {
				if row.Figures != (dossier.Figures{}) {
					t.Errorf("nobody sees %+v", row)
				}
			}
		}
	})
}

func TestTheOverduePageIsTheOverdueFigureOfNow(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x, r := context.Background(), newTown(t, s), rand.New(rand.NewPCG(9, 10))
		lives := randomLives(t, r, x, 400)
		keep(t, s, r, lives)
		now := monday.Add(400 * quarter) // nothing happened after
		overdue := allPages(t, s, everything, store.DossierFilter{Overdue: ptr(true), Period: store.Period{Now: now}, Sort: store.ByDueDate}, 23)
		want := count(lives, store.Period{From: monday, To: now.Add(time.Hour), Now: now}, func(dossier.Dossier) bool { return true })
		if len(overdue) == 0 || int64(len(overdue)) != want.Overdue {
			t.Errorf("%d on the page, the figure is %d", len(overdue), want.Overdue)
		}
		n, err := s.CountDossiers(ctx, everything, store.DossierFilter{Overdue: ptr(false), Period: store.Period{Now: now}})
		must(t, err)
		if int(n)+len(overdue) != len(lives) {
			t.Errorf("%d overdue and %d not, of %d", len(overdue), n, len(lives))
		}
	})
}

func TestQueriesThatMeanNothingAreRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		for name, try := range map[string]func() error{
			"figure-unknown": func() error {
				_, err := s.CountDossiers(ctx, everything, store.DossierFilter{Figure: "best"})
				return err
			},
			"breakdown-unknown": func() error { _, err := s.OnTime(ctx, everything, store.ReportQuery{By: "luck"}); return err },
			"sort-unknown": func() error {
				_, _, err := s.Dossiers(ctx, everything, store.DossierFilter{Sort: "id; DROP TABLE dossiers"}, store.Page{})
				return err
			},
			"period-too-long": func() error {
				_, err := s.OnTime(ctx, everything, store.ReportQuery{By: store.ByMonth, Period: store.Period{To: monday, Now: monday}})
				return err
			},
		} {
			if f := fault.As(try()); f == nil || f.Kind != fault.Invalid || f.Code != name {
				t.Errorf("%s: %v", name, f)
			}
		}
	})
}

func TestSearchFindsNamesWithoutMarksAndCodesByTheirBeginning(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		for i, name := range []string{"Trần Văn Đức", "Nguyễn Thị Hoà", "Lê 100% An", "Phạm Đức Hòa"} {
			in := x.intake(fmt.Sprintf("H13.1-260302-%04d", i), x.counter, x.health)
			in.Applicant.Name = name
			d, e := open(t, dossier.WasReceived, monday, dossier.Facts{Intake: in})
			must(t, s.AddDossier(ctx, d, e))
		}
		for search, want := range map[string]int{
			"duc": 2, "Hòa": 2, "hoa duc": 1, "100%": 1, "%": 1, "_": 0, "h13.1-2603": 4, "H13.1-260302-0002": 1, "nobody": 0, "\x00": 4, "\xff": 0, `\`: 0,
		} {
			n, err := s.CountDossiers(ctx, everything, store.DossierFilter{Search: search})
			if err != nil && fault.As(err) == nil {
				t.Errorf("%q: %v", search, err)
			}
			if err == nil && int(n) != want {
				t.Errorf("%q finds %d, want %d", search, n, want)
			}
		}
	})
}
