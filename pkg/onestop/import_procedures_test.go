package onestop_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
	"github.com/motcua/motcua/pkg/worktime"
)

func importProcedures(t *testing.T, o *onestop.Office, data []byte) onestop.CatalogueImport {
	t.Helper()
	done, err := o.ImportProcedures(t.Context(), staff.System(), importedAt, bytes.NewReader(data), nil)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

type counts struct{ Lines, New, Changed, Unchanged, Failed int }

func countsOf(i onestop.CatalogueImport) counts {
	return counts{i.Lines, i.New, i.Changed, i.Unchanged, len(i.Failed)}
}

// reviewedIn reads the published files a second time, on its own: which records need a person, and why.
func reviewedIn(t *testing.T, data []byte) map[string][]string {
	t.Helper()
	type deadline struct {
		Value any    `json:"value"`
		Unit  string `json:"unit"`
	}
	form := regexp.MustCompile(`^[0-9]\.[0-9]{6}(\.[A-Z][0-9]{2}|\.[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2})?$`)
	want := map[string][]string{}
	for line := range bytes.Lines(data) {
		var r struct {
			Code             string
			Levels           []string
			Deadlines, Cases []deadline
		}
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		numbers := func(all []deadline) (usable map[deadline]bool, parts bool) {
			usable = map[deadline]bool{}
			for _, d := range all {
				v, _ := d.Value.(float64)
				switch {
				case v <= 0 || d.Unit == "OTHER":
				case v != float64(int(v)) && d.Unit != "WORKING_DAY" && d.Unit != "HOUR":
					parts = true
				default:
					usable[d] = true
				}
			}
			return usable, parts
		}
		channels, parts := numbers(r.Deadlines)
		cases, more := numbers(r.Cases)
		var why []string
		switch {
		case r.Code == "":
			why = append(why, "code-missing")
		case !form.MatchString(r.Code):
			why = append(why, "code-malformed")
		}
		if len(r.Levels) == 0 {
			why = append(why, "level-missing")
		}
		switch {
		case parts || more:
			why = append(why, "deadline-uncountable")
		case len(channels)+len(cases) == 0:
			why = append(why, "deadline-missing")
		case len(channels) == 1 && len(cases) == 1:
			for d := range channels {
				if !cases[d] {
					why = append(why, "deadline-conflict")
				}
			}
		}
		if len(why) > 0 {
			want[r.Code] = why
		}
	}
	return want
}

func TestRealProceduresLoadAndASecondRunChangesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := importOffice(t, s)
		for _, file := range []struct {
			name              string
			records, reviewed int
		}{{"procedures-dev.jsonl", 403, 102}, {"procedures-danang-2025-3level.jsonl", 174, 56}} {
			data := realFile(t, file.name)
			first := importProcedures(t, o, data)
			if d := cmp.Diff(counts{Lines: file.records, New: file.records}, countsOf(first)); d != "" {
				t.Fatal(d)
			}
			want, got := reviewedIn(t, data), map[string][]string{}
			for _, r := range first.NeedsReview {
				code := r.Code
				if strings.HasPrefix(code, "X-") {
					code = ""
				}
				for _, reason := range r.Reasons {
					got[code] = append(got[code], reason.Code)
				}
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
			if len(first.NeedsReview) != file.reviewed {
				t.Errorf("%d of %s need review, want %d", len(first.NeedsReview), file.name, file.reviewed)
			}
			second := importProcedures(t, o, data)
			if d := cmp.Diff(counts{Lines: file.records, Unchanged: file.records}, countsOf(second)); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(first.NeedsReview, second.NeedsReview); d != "" {
				t.Error(d)
			}
		}
		summary, err := s.CatalogueSummary(t.Context())
		if err != nil || summary.Total != 577 {
			t.Errorf("the catalogue holds %d procedures (%v), want 577", summary.Total, err)
		}
	})
}

const oneRecord = `{"code":"1.000001","name":"Đăng ký","field":"Hộ tịch","levels":["commune"],"deadlines":[{"channel":null,"value":3,"unit":"WORKING_DAY"}]`

func TestAChangedRecordIsANewVersionAndTheOldOneStays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := importOffice(t, s)
		importProcedures(t, o, []byte(oneRecord+`}`))
		old, err := s.Procedure(t.Context(), "1.000001")
		if err != nil {
			t.Fatal(err)
		}
		done := importProcedures(t, o, []byte(oneRecord+`,"fee_text":"8.000 đồng"}`))
		if d := cmp.Diff(counts{Lines: 1, Changed: 1}, countsOf(done)); d != "" {
			t.Error(d)
		}
		now, err := s.Procedure(t.Context(), "1.000001")
		if err != nil || now.ID != old.ID || now.Version != 2 || now.FeeText != "8.000 đồng" {
			t.Errorf("version %d of %s (%v)", now.Version, now.ID, err)
		}
		if kept, err := s.ProcedureVersion(t.Context(), old.VersionID); err != nil || kept.Version != 1 || kept.FeeText != "" {
			t.Errorf("the first version is %+v (%v)", kept, err)
		}
		// Back to the first words is one more version: what was in force when stays known.
		if d := cmp.Diff(counts{Lines: 1, Changed: 1}, countsOf(importProcedures(t, o, []byte(oneRecord+`}`)))); d != "" {
			t.Error(d)
		}
	})
}

func TestBrokenLinesAreListedAndTheOthersGoOn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		long := `{"code":"1.000002","name":"` + strings.Repeat("rất dài ", 400_000) + `","deadlines":[{"value":1,"unit":"DAY"}],"levels":["other"]}`
		file := "\ufeff" + oneRecord + "}\r\n\n" + `{"code":"1.000003"}` + "\n" + `[1]` + "\n" + `{"name":"a","levels":[{}]}` + "\nnot json\n" + long + "\n" +
			oneRecord + `,"fee_text":"other content"}` + "\n" + oneRecord + "}\n" + oneRecord + `,"fee_text":"other content"}` + "\n" + `{"name":"no code"}`
		o := importOffice(t, s)
		var lines []int
		done, err := o.ImportProcedures(t.Context(), staff.System(), importedAt, strings.NewReader(file), func(p onestop.Progress) { lines = append(lines, p.Lines) })
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(counts{Lines: 10, New: 4, Unchanged: 2, Failed: 4}, countsOf(done)); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff([]int{10}, lines); d != "" {
			t.Error(d)
		}
		var failed []string
		for _, f := range done.Failed {
			failed = append(failed, fmt.Sprint(f.Line, " ", f.Field, ": ", f.Detail))
		}
		want := []string{"3 name: is missing", "4 : is no JSON object", "5 levels[0]: is no text", "6 : is no JSON object"}
		if d := cmp.Diff(want, failed); d != "" {
			t.Error(d)
		}
		var reviewed []string
		for _, r := range done.NeedsReview {
			reviewed = append(reviewed, fmt.Sprint(r.Line, " ", r.Code[:2], " ", r.Reasons[0].Code))
		}
		if d := cmp.Diff([]string{"8 1. code-duplicate", "10 1. code-duplicate", "11 X- code-missing"}, reviewed); d != "" {
			t.Error(d)
		}
		if p, err := s.Procedure(t.Context(), "1.000001~2"); err != nil || p.FeeText != "other content" {
			t.Errorf("%+v (%v)", p, err)
		}
		again, err := o.ImportProcedures(t.Context(), staff.System(), importedAt, strings.NewReader(file), nil)
		if d := cmp.Diff(counts{Lines: 10, Unchanged: 6, Failed: 4}, countsOf(again)); d != "" || err != nil {
			t.Error(d, err)
		}
	})
}

func TestDecomposedTextIsTheSameText(t *testing.T) {
	t.Parallel()
	o := importOffice(t, storetest.Open(t, storetest.MigratedSQLite(t)))
	composed := `{"code":"1.000001","name":"Hộ tịch","levels":["commune"],"deadlines":[{"value":7.5,"unit":"WORKING_DAY"}]}`
	importProcedures(t, o, []byte(composed))
	for _, spelled := range []string{"Hộ tịch", `Hộ ti\u0323ch`} {
		same := strings.Replace(composed, "Hộ tịch", spelled, 1)
		if d := cmp.Diff(counts{Lines: 1, Unchanged: 1}, countsOf(importProcedures(t, o, []byte(same)))); d != "" {
			t.Errorf("%q: %s", spelled, d)
		}
	}
}

func TestAPersonsAnswerOutlivesTheImportOfTheUnchangedRecord(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := importOffice(t, s)
		record := []byte(`{"code":"1.000001","name":"Đăng ký","levels":["commune"],"deadlines":[{"value":1,"unit":"OTHER","text":"trong ngày"}]}`)
		if done := importProcedures(t, o, record); len(done.NeedsReview) != 1 {
			t.Fatalf("%+v", done)
		}
		_, err := o.SetTerms(t.Context(), staff.System(), importedAt, "1.000001", onestop.TermsInput{
			Terms: []catalog.Term{{Statutory: &worktime.Term{Value: worktime.Whole(1), Unit: worktime.WorkingDay}}}, Reason: "NĐ 1/2026 đ.2",
		})
		if err != nil {
			t.Fatal(err)
		}
		done := importProcedures(t, o, record)
		if d := cmp.Diff(counts{Lines: 1, Unchanged: 1}, countsOf(done)); d != "" || len(done.NeedsReview) != 0 {
			t.Error(d, done.NeedsReview)
		}
		if p, err := s.Procedure(t.Context(), "1.000001"); err != nil || p.Version != 2 || p.NeedsReview() {
			t.Errorf("version %d, %v (%v)", p.Version, p.Reviews, err)
		}
	})
}

func TestAnImportOfProceduresThatBreaksOffIsSimplyRepeated(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o, data := importOffice(t, s), manyRecords(1000)
		broken, err := o.ImportProcedures(t.Context(), staff.System(), importedAt, firstHalf(data), nil)
		if err == nil || broken.New == 0 || broken.New >= 1000 {
			t.Fatalf("%+v (%v)", countsOf(broken), err)
		}
		done := importProcedures(t, o, data)
		if d := cmp.Diff(counts{Lines: 1000, New: 1000 - broken.New, Unchanged: broken.New}, countsOf(done)); d != "" {
			t.Error(d)
		}
	})
}

// manyRecords are as large as the national set's on average.
func manyRecords(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, `{"code":"1.%06d","name":"Thủ tục số %d","field":"Lĩnh vực %d","levels":["province","commune"],"deadlines":[`+
			`{"channel":"ONLINE","value":%d,"unit":"WORKING_DAY","text":"a","note":"%s"},{"channel":"DIRECT","value":%d,"unit":"WORKING_DAY"}]}`+"\n",
			i, i, i%130, 1+i%30, strings.Repeat("ghi chú dài ", 200), 1+i%30)
	}
	return b.Bytes()
}

func TestManyProceduresAreTakenInOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const n = 1200 // several batches
		o, data := importOffice(t, s), manyRecords(n)
		for _, want := range []counts{{Lines: n, New: n}, {Lines: n, Unchanged: n}} {
			if d := cmp.Diff(want, countsOf(importProcedures(t, o, data))); d != "" {
				t.Error(d)
			}
		}
	})
}

func TestALineThatIsTooLongIsRefusedWithoutBeingKept(t *testing.T) {
	t.Parallel()
	o := importOffice(t, storetest.Open(t, storetest.MigratedSQLite(t)))
	file := `{"name":"` + strings.Repeat("x", 33<<20) + `"}` + "\n" + oneRecord + "}"
	done := importProcedures(t, o, []byte(file))
	if d := cmp.Diff(counts{Lines: 2, New: 1, Failed: 1}, countsOf(done)); d != "" {
		t.Error(d)
	}
	if len(done.Failed) == 1 && done.Failed[0].Line != 1 {
		t.Errorf("%+v", done.Failed)
	}
}
