package dossier_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
)

var (
	vietnam = time.FixedZone("+07", 7*3600)
	today   = time.Date(2026, 11, 23, 10, 0, 0, 0, vietnam)
)

func table(t *testing.T, header string) dossier.ForeignTable {
	t.Helper()
	table, err := dossier.NewForeignTable(strings.Split(header, ","), vietnam, today)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// wrongFields are the names of the fields at fault, without the line in front.
func wrongFields(err error) []string {
	f := fault.As(err)
	if f == nil {
		return nil
	}
	var all []string
	for _, x := range f.Fields {
		_, column, _ := strings.Cut(x.Name, ", ")
		all = append(all, column+" "+x.Code)
	}
	return all
}

func clock(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04:05", s, vietnam)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

func TestARecordOfAnotherSystemIsRead(t *testing.T) {
	t.Parallel()
	got, err := table(t, "Code,PROCEDURE,agency,Channel,Received At,due-at,finished_at,returned_at,State,applicant_name,Counter,empty").
		Read(7, strings.Split(" HS-1 ,1.003784,31333,Trực tuyến,2025-07-01T08:10:00.1234567+07:00,2025-07-03,2025-07-02 15:30,03/07/2025,Đã trả kết quả,Nguyễn Văn A,3,", ","))
	if err != nil {
		t.Fatal(err)
	}
	received, due, finished, returned := clock("2025-07-01 08:10:00").Add(123456*time.Microsecond), clock("2025-07-03 23:59:59"), clock("2025-07-02 15:30:00"), clock("2025-07-03 00:00:00")
	want := dossier.ForeignRecord{
		Line: 7, Code: "HS-1", Procedure: "1.003784", Agency: "31333", Channel: catalog.Online, StateGiven: "Đã trả kết quả",
		Foreign:   dossier.Foreign{State: dossier.Returned, ReceivedAt: received, FinishedAt: &finished, ReturnedAt: &returned},
		DueAt:     &due,
		Applicant: dossier.Person{Kind: dossier.Citizen, Name: "Nguyễn Văn A"},
		Kept:      map[string]string{"Counter": "3"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestTimesAreReadInEveryDocumentedForm(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]time.Time{
		"2025-07-01T08:00:00+07:00":     clock("2025-07-01 08:00:00"),
		"2025-07-01T01:00:00Z":          clock("2025-07-01 08:00:00"),
		"2025-07-01T01:00:00.5+00:00":   clock("2025-07-01 08:00:00").Add(500 * time.Millisecond),
		"2025-07-01 01:00:00+00:00":     clock("2025-07-01 08:00:00"),
		"2025-07-01 08:00":              clock("2025-07-01 08:00:00"),
		"2025-07-01 08:00:05":           clock("2025-07-01 08:00:05"),
		"2025-07-01T08:00:05":           clock("2025-07-01 08:00:05"),
		"01/07/2025 08:00":              clock("2025-07-01 08:00:00"),
		"1/7/2025 08:00:05":             clock("2025-07-01 08:00:05"),
		"31/12/2024":                    clock("2024-12-31 00:00:00"),
		"2025-07-01":                    clock("2025-07-01 00:00:00"),
		"2010-10-04T01:06:40.020+02:00": clock("2010-10-04 06:06:40").Add(20 * time.Millisecond),
	} {
		got, err := table(t, "code,received_at").Read(2, []string{"a", cell})
		if err != nil || !got.ReceivedAt.Equal(want) {
			t.Errorf("%s: got %v (%v), want %v", cell, got.ReceivedAt, err, want)
		}
	}
	for _, cell := range []string{"31/02/2025", "2025-02-30", "2025-13-01", "07/31/2025", "01-07-2025", "2025-07-01 25:00", "tomorrow", "45839", "0001-01-01", "3025-01-01"} {
		if _, err := table(t, "code,received_at").Read(2, []string{"a", cell}); !errors.Is(err, fault.Invalid) {
			t.Errorf("%s was taken", cell)
		}
	}
}

func TestABareDateMeansThatDayWhateverTheHourOfWhatElseHappenedOnIt(t *testing.T) {
	t.Parallel()
	got, err := table(t, "code,received_at,finished_at,returned_at").Read(2, []string{"a", "2025-07-01 09:30", "2025-07-01", "01/07/2025"})
	if err != nil {
		t.Fatal(err)
	}
	if want := clock("2025-07-01 09:30:00"); !got.FinishedAt.Equal(want) || !got.ReturnedAt.Equal(want) {
		t.Errorf("finished %v, returned %v", got.FinishedAt, got.ReturnedAt)
	}
	if _, err = table(t, "code,received_at,finished_at").Read(2, []string{"a", "2025-07-02 09:30", "2025-07-01"}); err == nil {
		t.Error("the day before the receipt was taken")
	}
}

func TestTheStateIsNamedInManyWaysOrFollowsFromTheDates(t *testing.T) {
	t.Parallel()
	for cells, want := range map[string]dossier.State{
		",,":                        dossier.InProgress,
		"2025-07-02,,":              dossier.Resolved,
		"2025-07-02,2025-07-02,":    dossier.Returned,
		",2025-07-02,":              dossier.Returned,
		",,1":                       dossier.Registered,
		",,SUPPLEMENT_REQUESTED":    dossier.SupplementRequested,
		",,supplement requested":    dossier.SupplementRequested,
		",,yêu cầu bổ sung giấy tờ": dossier.SupplementRequested,
		"2025-07-02,,Dừng xử lý":    dossier.Stopped,
		"2025-07-02,,9":             dossier.Resolved,
		"2025-07-02,2025-07-03,10":  dossier.Returned,
		",,Đang xử lý":              dossier.InProgress,
	} {
		got, err := table(t, "finished_at,returned_at,state,code,received_at").Read(2, append(strings.Split(cells, ","), "a", "2025-07-01"))
		if err != nil || got.State != want {
			t.Errorf("%s: state %s (%v), want %s", cells, got.State, err, want)
		}
		if got.State.Ended() && got.FinishedAt == nil {
			t.Errorf("%s: ended, but when?", cells)
		}
	}
}

func TestEverythingWrongWithALineIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	const header = "code,received_at,due_at,finished_at,returned_at,state,channel,applicant_name"
	for name, c := range map[string]struct {
		cells []string
		want  []string
	}{
		"all of it":                     {[]string{"", "yesterday", "32/01/2025", "x", "", "11", "fax", "A"}, []string{"code required", "channel unknown", "received_at time", "finished_at time", "due_at time", "state unknown"}},
		"nothing said":                  {[]string{"", "", "", "", "", "", "", ""}, []string{"code required", "received_at required"}},
		"finished before the receipt":   {[]string{"a", "2025-07-02 08:00", "", "2025-07-02 07:59", "", "", "", ""}, []string{"finished_at order"}},
		"due before the receipt":        {[]string{"a", "2025-07-02 08:00", "2025-07-02 07:59", "", "", "", "", ""}, []string{"due_at order"}},
		"due on the day before":         {[]string{"a", "2025-07-02", "2025-07-01", "", "", "", "", ""}, []string{"due_at order"}},
		"returned before the end":       {[]string{"a", "2025-07-01", "", "2025-07-03 08:00", "2025-07-02 08:00", "", "", ""}, []string{"returned_at order"}},
		"returned before the receipt":   {[]string{"a", "2025-07-02", "", "", "2025-07-01", "", "", ""}, []string{"returned_at order"}},
		"in the future":                 {[]string{"a", "2027-01-01", "", "", "", "", "", ""}, []string{"received_at future"}},
		"ended, but when?":              {[]string{"a", "2025-07-01", "", "", "", "9", "", ""}, []string{"finished_at required"}},
		"ended and not ended":           {[]string{"a", "2025-07-01", "", "2025-07-02", "", "4", "", ""}, []string{"state invalid"}},
		"another number of cells":       {[]string{"a", "2025-07-01"}, []string{" length"}},
		"a text that is not UTF-8":      {[]string{"a", "2025-07-01", "", "", "", "", "", "\xc3("}, []string{"applicant_name encoding"}},
		"a code that nobody could read": {[]string{strings.Repeat("a", 201), "2025-07-01", "", "", "", "", "", ""}, []string{"code too-long"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := table(t, header).Read(12, c.cells)
			if d := cmp.Diff(c.want, wrongFields(err)); d != "" {
				t.Errorf("%s\n%v", d, err)
			}
			if err == nil || !strings.Contains(err.Error(), "line 12") {
				t.Errorf("the error names no line: %v", err)
			}
		})
	}
}

func TestAHeaderThatCannotBeUsedIsOneClearError(t *testing.T) {
	t.Parallel()
	_, err := dossier.NewForeignTable([]string{"CODE", "code", "x"}, vietnam, today, "agency")
	f := fault.As(err)
	if f == nil || f.Code != "table-invalid" || len(f.Fields) != 3 {
		t.Fatalf("got %v", err)
	}
	for i, want := range []string{"code", "received_at", "agency"} {
		if f.Fields[i].Name != want {
			t.Errorf("field %d is %s, want %s", i, f.Fields[i].Name, want)
		}
	}
}

func FuzzALineNeverBreaksTheReader(f *testing.F) {
	f.Add("a", "2025-07-01", "2025-07-01T08:00:00+07:00", "9", "desk")
	f.Add("", "31/12/1999 23:59", "", "", "")
	f.Fuzz(func(t *testing.T, code, received, finished, state, channel string) {
		table, err := dossier.NewForeignTable([]string{"code", "received_at", "finished_at", "state", "channel"}, vietnam, today)
		if err != nil {
			t.Fatal(err)
		}
		r, err := table.Read(2, []string{code, received, finished, state, channel})
		if err == nil && (r.Code == "" || r.ReceivedAt.IsZero() || r.State == "" || (r.FinishedAt != nil && r.FinishedAt.Before(r.ReceivedAt))) {
			t.Errorf("taken as it is: %+v", r)
		}
	})
}
