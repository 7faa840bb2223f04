package onestop_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
	"github.com/motcua/motcua/pkg/worktime"
)

func importDossiers(t *testing.T, o *onestop.Office, data string, opts onestop.DossierOptions) onestop.DossierImport {
	t.Helper()
	done, err := o.ImportDossiers(t.Context(), staff.System(), importedAt, strings.NewReader(data), opts, nil)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

type caseCounts struct{ Lines, New, Updated, Unchanged, Failed int }

func caseCountsOf(d onestop.DossierImport) caseCounts {
	return caseCounts{d.Lines, d.New, d.Updated, d.Unchanged, len(d.Failed)}
}

// town is an office with a province, a department and a ward, and two procedures: of three working days and of eight hours.
func town(t *testing.T, s *store.Store) *onestop.Office {
	t.Helper()
	o := importOffice(t, s)
	importAgencies(t, o, oneProvince)
	importProcedures(t, o, []byte(oneRecord+"}\n"+strings.NewReplacer("1.000001", "1.000002", `"value":3,"unit":"WORKING_DAY"`, `"value":8,"unit":"HOUR"`).Replace(oneRecord)+"}"))
	return o
}

func foreign(t *testing.T, s *store.Store, system, key string) dossier.Dossier {
	t.Helper()
	found, err := s.BySource(t.Context(), system, []string{key})
	if err != nil || found[key].Code == "" {
		t.Fatalf("%s of %s is not there (%v)", key, system, err)
	}
	return found[key]
}

func verified(t *testing.T, o *onestop.Office) {
	t.Helper()
	v, err := o.Verify(t.Context(), importedAt, false, nil)
	if err != nil || len(v.Findings) > 0 {
		t.Errorf("the database does not follow from its journal: %v (%v)", v.Findings, err)
	}
}

func localTime(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04:05", s, importZone)
	if err != nil {
		panic(err)
	}
	return t
}

const threeCases = `code,procedure,agency,channel,received_at,due_at,finished_at,returned_at,state,applicant_name,counter
HS/1,1.000001,31333,ONLINE,2026-11-02 08:00,2026-11-05,2026-11-05 16:00,,,Nguyễn Văn A,3
HS/2,1.000001,H13.10,trực tiếp,2026-11-09T08:00:00+07:00,,,,Đang xử lý,,
H13.10-261109-0003,9.9,Sở Xây dựng,POST,09/11/2026 09:00,13/11/2026 17:00,,,5,,
`

func TestCasesOfAnotherSystemBecomeDossiers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := town(t, s)
		done := importDossiers(t, o, threeCases, onestop.DossierOptions{System: "iGate 2"})
		if d := cmp.Diff(caseCounts{Lines: 3, New: 3}, caseCountsOf(done)); d != "" || done.System != "iGate 2" {
			t.Fatal(d, done.Failed)
		}

		d := foreign(t, s, "iGate 2", "HS/1")
		ward, err := s.AgencyByCode(t.Context(), "31333", "2026-11-02")
		if err != nil {
			t.Fatal(err)
		}
		if d.Code != "iGate_2-HS_1" || d.State != dossier.Resolved || d.Channel != catalog.Online || d.DecidingID != ward.ID || d.Procedure.Version != 1 ||
			d.Procedure.Field != "Hộ tịch" || d.Applicant.Name != "Nguyễn Văn A" || d.Source.Kept["counter"] != "3" || d.Basis == nil {
			t.Errorf("%+v", d)
		}
		if !d.AcceptedAt.Equal(localTime("2026-11-02 08:00:00")) || !d.FinishedAt.Equal(localTime("2026-11-05 16:00:00")) {
			t.Errorf("accepted %v, finished %v", d.AcceptedAt, d.FinishedAt)
		}
		p := d.Promise()
		if len(d.Promises) != 1 || p.Kind != dossier.SourcesPromise || !p.DueAt.Equal(localTime("2026-11-05 23:59:59")) || !p.LateFrom.Equal(localTime("2026-11-06 00:00:00")) {
			t.Errorf("promises %+v", d.Promises)
		}

		open := foreign(t, s, "iGate 2", "HS/2")
		if open.State != dossier.InProgress || open.Promise() != nil || open.FinishedAt != nil || open.Source.State != "Đang xử lý" {
			t.Errorf("%+v", open)
		}
		waiting := foreign(t, s, "iGate 2", "H13.10-261109-0003")
		if waiting.Code != "H13.10-261109-0003" || waiting.Suspended() == nil || waiting.Procedure.Code != "9.9" || waiting.Procedure.Level != catalog.Province || waiting.Basis != nil {
			t.Errorf("%+v", waiting)
		}
		verified(t, o)

		again := importDossiers(t, o, threeCases, onestop.DossierOptions{System: "iGate 2"})
		if d := cmp.Diff(caseCounts{Lines: 3, Unchanged: 3}, caseCountsOf(again)); d != "" {
			t.Error(d)
		}
	})
}

func TestARecordThatSaysMoreIsFollowed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := town(t, s)
		importDossiers(t, o, threeCases, onestop.DossierOptions{})
		news := strings.NewReplacer(
			"HS/2,1.000001,H13.10,trực tiếp,2026-11-09T08:00:00+07:00,,,,Đang xử lý", "HS/2,1.000001,H13.10,trực tiếp,2026-11-09T08:00:00+07:00,2026-11-12,11/11/2026,12/11/2026,",
			"13/11/2026 17:00,,,5", "20/11/2026 17:00,,,4", ",31333,", ",92-SXD,").Replace(threeCases)
		done := importDossiers(t, o, news, onestop.DossierOptions{})
		if d := cmp.Diff(caseCounts{Lines: 3, Updated: 2, Unchanged: 1}, caseCountsOf(done)); d != "" {
			t.Fatal(d)
		}
		if len(done.NotFollowed) != 2 || done.NotFollowed[0].Line != 2 || done.NotFollowed[0].Field != "agency" {
			t.Errorf("%+v", done.NotFollowed)
		}
		d := foreign(t, s, "OTHER", "HS/2")
		if d.State != dossier.Returned || d.Version != 2 || !d.FinishedAt.Equal(localTime("2026-11-11 00:00:00")) || len(d.Promises) != 1 || !d.Promises[0].MadeAt.Equal(*d.AcceptedAt) {
			t.Errorf("%+v", d)
		}
		moved := foreign(t, s, "OTHER", "H13.10-261109-0003")
		if moved.State != dossier.InProgress || moved.Suspended() != nil || len(moved.Promises) != 2 || !moved.Promise().MadeAt.Equal(importedAt) {
			t.Errorf("%+v", moved)
		}
		journal, err := s.Journal(t.Context(), staff.System().Scope(), moved.ID)
		if err != nil || len(journal) != 2 || journal[0].Kind != dossier.WasImported || journal[1].Kind != dossier.WasUpdated {
			t.Errorf("%+v (%v)", journal, err)
		}
		verified(t, o)
		if d := cmp.Diff(caseCounts{Lines: 3, Unchanged: 3}, caseCountsOf(importDossiers(t, o, news, onestop.DossierOptions{}))); d != "" {
			t.Error(d)
		}
	})
}

func TestWhatAnUpdateChangesIsListedAndWhatHidesLatenessIsMarked(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := town(t, s)
		const header = "code,agency,received_at,due_at,finished_at,returned_at\n"
		first := importDossiers(t, o, header+
			"a,92,2026-11-02,2026-11-05,2026-11-10,\n"+ // late
			"b,92,2026-11-02,2026-11-05,,\n"+ // overdue
			"c,92,2026-11-02,2099-11-05,,\n"+ // not yet due
			"d,92,2026-11-02,2026-11-05,2026-11-04,\n", onestop.DossierOptions{})
		if len(first.Followed) != 0 || first.Suspect != 0 {
			t.Errorf("%+v", first)
		}
		again := importDossiers(t, o, header+
			"a,92,2026-11-02,2026-11-05,2026-11-05,\n"+
			"b,92,2026-11-02,2099-12-05,,\n"+
			"c,92,2026-11-02,2099-12-05,,\n"+
			"d,92,2026-11-02,2026-11-05,2026-11-05,2026-11-06\n", onestop.DossierOptions{})
		day := func(date string) string { return date + "T00:00:00+07:00" }
		due := func(date string) string { return date + "T23:59:59+07:00" }
		want := []onestop.Followed{
			{Line: 2, Code: "OTHER-a", Field: "finished_at", Was: day("2026-11-10"), Is: day("2026-11-05"), Suspect: true},
			{Line: 3, Code: "OTHER-b", Field: "due_at", Was: due("2026-11-05"), Is: due("2099-12-05"), Suspect: true},
			{Line: 4, Code: "OTHER-c", Field: "due_at", Was: due("2099-11-05"), Is: due("2099-12-05")},
			{Line: 5, Code: "OTHER-d", Field: "state", Was: "RESOLVED", Is: "RETURNED"},
			{Line: 5, Code: "OTHER-d", Field: "finished_at", Was: day("2026-11-04"), Is: day("2026-11-05")},
			{Line: 5, Code: "OTHER-d", Field: "returned_at", Is: day("2026-11-06")},
		}
		if d := cmp.Diff(want, again.Followed); d != "" || again.Suspect != 2 || again.Updated != 4 {
			t.Error(again.Suspect, again.Updated, d)
		}
		v, err := o.Verify(t.Context(), importedAt, false, nil)
		if err != nil || len(v.Findings) > 0 || len(v.Notices) != 2 {
			t.Fatalf("%+v, %v", v, err)
		}
		slices.SortFunc(v.Notices, func(x, y onestop.Finding) int { return strings.Compare(x.Dossier, y.Dossier) })
		if v.Notices[0].Dossier != "OTHER-a" || v.Notices[0].What != "event 2: the source's finished_at was 2026-11-09T17:00:00Z and is now 2026-11-04T17:00:00Z" ||
			v.Notices[1].Dossier != "OTHER-b" || !strings.Contains(v.Notices[1].What, "due_at") {
			t.Errorf("%+v", v.Notices)
		}
	})
}

func TestOneCaseTwiceInAFileIsOneDossier(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := town(t, s)
		const file = "code,agency,received_at,finished_at\na,92,2026-11-02,\na,92,2026-11-02,\na,92,2026-11-02,2026-11-03\nb,92,2026-11-02,\n"
		if d := cmp.Diff(caseCounts{Lines: 4, New: 2, Updated: 1, Unchanged: 1}, caseCountsOf(importDossiers(t, o, file, onestop.DossierOptions{}))); d != "" {
			t.Error(d)
		}
		if d := foreign(t, s, "OTHER", "a"); d.Version != 2 || d.State != dossier.Resolved {
			t.Errorf("%+v", d)
		}
		// Once more, and the last line of a case says what is known of it.
		if d := cmp.Diff(caseCounts{Lines: 4, Unchanged: 4}, caseCountsOf(importDossiers(t, o, file, onestop.DossierOptions{}))); d != "" {
			t.Error(d)
		}
		if d := foreign(t, s, "OTHER", "a"); d.Version != 2 || d.State != dossier.Resolved {
			t.Errorf("%+v", d)
		}
		// And when the last line has news, that is one update, whatever the lines before it say.
		const news = "code,agency,received_at,finished_at\na,92,2026-11-02,2026-11-04\na,92,2026-11-02,\na,92,2026-11-02,2026-11-05\n"
		if d := cmp.Diff(caseCounts{Lines: 3, Updated: 1, Unchanged: 2}, caseCountsOf(importDossiers(t, o, news, onestop.DossierOptions{}))); d != "" {
			t.Error(d)
		}
		if d := foreign(t, s, "OTHER", "a"); d.Version != 3 || d.FinishedAt.In(zone).Day() != 5 {
			t.Errorf("%+v", d)
		}
		verified(t, o)
	})
}

func TestACodeOfTheOfficialFormStaysUnlessItIsTaken(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := town(t, s)
		file := "code,agency,received_at\nH13.10-261110-0001,92,2026-11-10\n000.17.22.H56-210531-12345,92,2026-11-10\nH13.10-261123-0001,92,2026-11-10\nx,92,2026-11-10\n"
		twins := importDossiers(t, o, "code,agency,received_at\na/1,92,2026-11-10\na_1,92,2026-11-10\n", onestop.DossierOptions{System: "T"})
		if twins.New != 1 || len(twins.Failed) != 1 || twins.Failed[0].Line != 3 || twins.Failed[0].Field != "code" {
			t.Errorf("%+v", twins)
		}
		importDossiers(t, o, file, onestop.DossierOptions{System: "A"})
		importDossiers(t, o, file, onestop.DossierOptions{System: "B"})
		for system, want := range map[string][]string{
			"A": {"H13.10-261110-0001", "000.17.22.H56-210531-12345", "A-H13.10-261123-0001", "A-x"}, // the third is of today: our own counter is not done with it
			"B": {"B-H13.10-261110-0001", "B-000.17.22.H56-210531-12345", "B-H13.10-261123-0001", "B-x"},
		} {
			var got []string
			for _, key := range []string{"H13.10-261110-0001", "000.17.22.H56-210531-12345", "H13.10-261123-0001", "x"} {
				got = append(got, foreign(t, s, system, key).Code)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		}
	})
}

func TestTheAgencyOfAllCasesIsOfThoseThatNameNone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := town(t, s)
		importDossiers(t, o, "code,agency,received_at\na,,2026-11-02\nb,31333,2026-11-02\n", onestop.DossierOptions{Agency: "92"})
		if a, b := foreign(t, s, "OTHER", "a"), foreign(t, s, "OTHER", "b"); a.DecidingID == b.DecidingID {
			t.Error("what a cell says must count")
		}
	})
}

func TestImportedCodesDoNotBlockTheCounter(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.now = when("2026-11-03T09:00:00+07:00")
		file := "code,agency,received_at\nH99.X1-261102-0001,X1,2026-11-02\nH99.X1-261102-0003,X1,2026-11-02\n"
		if done, err := h.ImportDossiers(t.Context(), staff.System(), h.now, strings.NewReader(file), onestop.DossierOptions{}, nil); err != nil || done.New != 2 {
			t.Fatalf("%+v, %v", done, err)
		}
		in := input("9.000002")
		yesterday := when("2026-11-02T15:00:00+07:00")
		in.ReceivedAt = &yesterday
		for _, want := range []string{"H99.X1-261102-0002", "H99.X1-261102-0004"} {
			if d, _ := h.receive(t, h.clerk, in); d.Code != want {
				t.Errorf("received as %s, not %s", d.Code, want)
			}
		}
	})
}

func TestDueDatesAreReckonedAnewAndDifferencesListed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := town(t, s)
		// Monday 2 November 2026 and three working days is Thursday the 5th.
		const file = "code,procedure,agency,received_at,due_at,finished_at,state\n" +
			"agrees,1.000001,92,2026-11-02 08:00,2026-11-05,2026-11-05 16:00,\n" +
			"too long,1.000001,92,2026-11-02 08:00,2026-11-10,2026-11-09 16:00,\n" +
			"too short,1.000001,92,2026-11-02 08:00,2026-11-04,2026-11-05 16:00,\n" +
			"open and late,1.000001,92,2026-11-02 08:00,2026-12-31,,\n" +
			"stopped,1.000001,92,2026-11-02 08:00,2026-11-04,2026-11-05 16:00,8\n" +
			"hours,1.000002,92,2026-11-02 08:00,2026-11-03 08:00,2026-11-03 07:30,\n" +
			"undated,1.000001,92,2026-11-02 08:00,,2026-11-03,\n" +
			"unknown,7.7,92,2026-11-02 08:00,2026-11-04 10:00,2026-11-04 11:00,\n"
		want := []string{
			"3 too long EARLY LATE", "4 too short LATE ON_TIME", "5 open and late IN_TIME OVERDUE", "6 stopped  ",
		}
		for range 2 { // also of cases that are there already
			done := importDossiers(t, o, file, onestop.DossierOptions{})
			var got []string
			for _, d := range done.Differences {
				got = append(got, fmt.Sprintf("%d %s %s %s", d.Line, d.Code, d.SourceSays, d.WeSay))
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
			if done.Dated != 7 || done.Reckoned != 7 || done.DueDiffers != 4 || done.OnTimeThere != 2 || done.OnTimeHere != 1 || done.HourDecides != 1 ||
				!cmp.Equal(done.NotReckoned, map[string]int{"procedure-unknown": 1}) {
				t.Errorf("%+v", done.Reckoning)
			}
			var out bytes.Buffer
			if err := done.WriteDifferences(&out); err != nil || strings.Count(out.String(), "\n") != 5 ||
				!strings.Contains(out.String(), "3,too long,1.000001,2026-11-02T08:00:00+07:00,2026-11-09T16:00:00+07:00,2026-11-10T23:59:59+07:00,2026-11-05T17:00:00+07:00,EARLY,LATE\r\n") {
				t.Errorf("%s (%v)", out.String(), err)
			}
		}
		// The last one is on time by date and late by the hour.
		if d := foreign(t, s, "OTHER", "unknown"); !d.FinishedAt.Before(d.Promise().LateFrom) {
			t.Errorf("%+v", d.Promise())
		}
		if done := importDossiers(t, o, file, onestop.DossierOptions{Verdict: worktime.ByInstant}); done.Updated != 6 {
			t.Errorf("%+v", caseCountsOf(done))
		}
		if d := foreign(t, s, "OTHER", "unknown"); d.FinishedAt.Before(d.Promise().LateFrom) {
			t.Errorf("%+v", d.Promise())
		}
		verified(t, o)
	})
}

// manyCases is a table of n cases over two years, some of them late.
// moveDueDates lets every case of manyCases be due in the next year.
