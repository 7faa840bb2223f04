package onestop_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
	"github.com/motcua/motcua/pkg/worktime"
)

func manyCases(n int) string {
	var b strings.Builder
	b.WriteString("code,procedure,agency,channel,received_at,due_at,finished_at,returned_at,state,note\n")
	start := localTime("2024-11-01 08:00:00")
	for i := range n {
		received := start.Add(time.Duration(i) * 700 * 24 * time.Hour / time.Duration(n))
		due, finished := received.Add(5*24*time.Hour), ""
		if i%10 > 0 {
			finished = received.Add(time.Duration(i%7) * 24 * time.Hour).Format(time.RFC3339)
		}
		fmt.Fprintf(&b, "case-%06d,1.00000%d,%s,ONLINE,%s,%s,%s,,,ghi chú %d\n", i, 1+i%3, []string{"92", "92-SXD"}[i%2],
			received.Format(time.RFC3339), due.Format(time.RFC3339), finished, i)
	}
	return b.String()
}

func TestAnImportOfCasesThatBreaksOffIsSimplyRepeated(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o, file := town(t, s), manyCases(3000)
		broken, err := o.ImportDossiers(t.Context(), staff.System(), importedAt, firstHalf([]byte(file)), onestop.DossierOptions{}, nil)
		if err == nil || broken.New == 0 || broken.New > 1600 {
			t.Fatalf("%+v (%v)", caseCountsOf(broken), err)
		}
		done := importDossiers(t, o, file, onestop.DossierOptions{})
		if d := cmp.Diff(caseCounts{Lines: 3000, New: 3000 - broken.New, Unchanged: broken.New}, caseCountsOf(done)); d != "" {
			t.Error(d)
		}
		if n, err := s.CountDossiers(t.Context(), staff.System().Scope(), store.DossierFilter{}); err != nil || n != 3000 {
			t.Errorf("%d dossiers (%v)", n, err)
		}
		verified(t, o)
	})
}

func TestManyCasesAreTakenOverOnceAndFollowTheirDates(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const n = 3000 // several batches
		o, file := town(t, s), manyCases(n)
		for _, run := range []struct {
			file string
			want caseCounts
		}{{file, caseCounts{Lines: n, New: n}}, {file, caseCounts{Lines: n, Unchanged: n}}, {moveDueDates(file), caseCounts{Lines: n, Updated: n}}} {
			told := 0
			done, err := o.ImportDossiers(t.Context(), staff.System(), importedAt, strings.NewReader(run.file), onestop.DossierOptions{}, func(onestop.Progress) { told++ })
			if err != nil || told < 3 {
				t.Fatalf("%v, progress was told %d times", err, told)
			}
			if d := cmp.Diff(run.want, caseCountsOf(done)); d != "" {
				t.Error(d)
			}
		}
	})
}

func moveDueDates(file string) string {
	lines := strings.Split(file, "\n")
	for i, line := range lines[1 : len(lines)-1] {
		cells := strings.Split(line, ",")
		cells[5] = fmt.Sprint(cells[5][:3], string(cells[5][3]+1), cells[5][4:])
		lines[i+1] = strings.Join(cells, ",")
	}
	return strings.Join(lines, "\n")
}

func TestTheRealReceiptPhaseGivesTheVerdictsOfItsOwnDates(t *testing.T) {
	t.Parallel()
	rows, err := csv.NewReader(bytes.NewReader(realFile(t, "receipt-first150.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) int { return slices.Index(rows[0], name) }
	var file strings.Builder
	w := csv.NewWriter(&file)
	write := func(cells ...string) {
		if err := w.Write(cells); err != nil {
			t.Fatal(err)
		}
	}
	write("code", "agency", "channel", "received_at", "due_at", "finished_at", "responsible")
	type dates struct{ due, end string }
	cases := map[string]dates{}
	for _, r := range rows[1:] {
		id := r[0]
		if _, seen := cases[id]; seen {
			continue
		}
		cases[id] = dates{r[column("case:deadline")], r[column("case:enddate")]}
		write(id, r[column("case:department")], r[column("case:channel")], r[column("case:startdate")], cases[id].due, cases[id].end, r[column("case:responsible")])
	}
	w.Flush()

	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := importOffice(t, s)
		for _, verdict := range []worktime.VerdictRule{worktime.ByDate, worktime.ByInstant} {
			opts := onestop.DossierOptions{System: "receipt_" + string(verdict), CreateAgencies: true, Verdict: verdict}
			done := importDossiers(t, o, file.String(), opts)
			if d := cmp.Diff(caseCounts{Lines: 150, New: 150}, caseCountsOf(done)); d != "" {
				t.Fatal(d, done.Failed)
			}
			late, open := 0, 0
			for id, c := range cases {
				d := foreign(t, s, done.System, id)
				if c.end == "" {
					open++
					if d.State != dossier.InProgress {
						t.Errorf("%s: state %s", id, d.State)
					}
					continue
				}
				due, err1 := time.Parse(time.RFC3339, c.due)
				end, err2 := time.Parse(time.RFC3339, c.end)
				if err1 != nil || err2 != nil {
					t.Fatal(err1, err2)
				}
				isLate := end.After(due)
				if verdict == worktime.ByDate {
					isLate = end.In(importZone).Format(time.DateOnly) > due.In(importZone).Format(time.DateOnly)
				}
				if got := !d.FinishedAt.Before(d.Promise().LateFrom); got != isLate {
					t.Errorf("%s, %s: due %s, finished %s: late is %t, want %t", verdict, id, c.due, c.end, got, isLate)
				}
				if isLate {
					late++
				}
			}
			if open != 2 || verdict == worktime.ByInstant && late != 53 {
				t.Errorf("%s: %d open, %d late", verdict, open, late)
			}
			counted, err := s.CountDossiers(t.Context(), staff.System().Scope(), store.DossierFilter{
				Selection: store.Selection{SourceSystem: done.System}, Figure: "late",
				Period: store.Period{From: localTime("2010-01-01 00:00:00"), To: localTime("2026-01-01 00:00:00"), Now: importedAt},
			})
			if err != nil || counted != int64(late) {
				t.Errorf("%s: the report counts %d late, want %d (%v)", verdict, counted, late, err)
			}
			if again := importDossiers(t, o, file.String(), opts); again.Unchanged != 150 {
				t.Errorf("%+v", caseCountsOf(again))
			}
		}
		verified(t, o)
	})
}

func TestTheRealProblemTicketsAreTakenOverWithoutDueDates(t *testing.T) {
	t.Parallel()
	in := csv.NewReader(bytes.NewReader(realFile(t, "bpic2013_closed.csv")))
	header, err := in.Read()
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) int { return slices.Index(header, name) }
	type ticket struct{ first, last, state, agency, product string }
	tickets, order := map[string]ticket{}, []string{}
	for {
		r, err := in.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		x, seen := tickets[r[0]]
		if !seen {
			x.first, order = r[column("timestamp")], append(order, r[0])
		}
		x.last, x.state, x.agency, x.product = r[column("timestamp")], r[column("lifecycle")], r[column("org_group")], r[column("product")]
		tickets[r[0]] = x
	}
	var file strings.Builder
	file.WriteString("code;received_at;finished_at;state;agency;product\n")
	closed := 0
	for _, id := range order {
		x := tickets[id]
		finished, state := "", "IN_PROGRESS"
		if x.state == "Closed" {
			finished, state = x.last, "RESOLVED"
			closed++
		}
		fmt.Fprintf(&file, "%s;%s;%s;%s;%s;%s\n", id, x.first, finished, state, x.agency, x.product)
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := importOffice(t, s)
		done := importDossiers(t, o, file.String(), onestop.DossierOptions{System: "bpic2013", CreateAgencies: true})
		if d := cmp.Diff(caseCounts{Lines: len(order), New: len(order)}, caseCountsOf(done)); d != "" || len(order) != 1487 {
			t.Fatal(d, len(order), done.Failed[:min(3, len(done.Failed))])
		}
		if done.Dated != 0 || done.Reckoned != 0 {
			t.Errorf("%+v", done.Reckoning)
		}
		open := true
		n, err := s.CountDossiers(t.Context(), staff.System().Scope(), store.DossierFilter{Selection: store.Selection{SourceSystem: "bpic2013"}, Open: &open})
		if err != nil || n != int64(len(order)-closed) {
			t.Errorf("%d open (%v), want %d", n, err, len(order)-closed)
		}
		verified(t, o)
	})
}
