package eventlog_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/eventlog"
	"github.com/motcua/motcua/pkg/worktime"
)

var update = flag.Bool("update", false, "write the golden files anew")

var (
	zone = time.FixedZone("+07", 7*3600)
	now  = time.Date(2026, 11, 20, 12, 0, 0, 0, zone)

	province = uuid.UUID{1}
	commune  = uuid.UUID{2}
	board    = uuid.UUID{3}
	oldBoard = uuid.UUID{4}
	agencies = map[uuid.UUID]catalog.Agency{
		province: {ID: province, Code: "92", Name: "Tỉnh Thử", Kind: catalog.ProvinceCommittee, Level: catalog.Province, Identifier: "H99"},
		commune:  {ID: commune, Code: "X1", Name: "Xã <Một> & Hai", Kind: catalog.CommuneCommittee, Level: catalog.Commune, ParentID: &province, ValidFrom: "2025-07-01"},
		board:    {ID: board, Code: "SYT", Name: "Sở Y tế", Kind: catalog.Department, Level: catalog.Province, ParentID: &province, ValidFrom: "2025-07-01"},
		oldBoard: {ID: oldBoard, Code: "SYT", Name: "Sở Y tế cũ", Kind: catalog.Department, Level: catalog.Province, ValidFrom: "2004-01-01"},
	}
	clerk   = dossier.By{ID: uuid.UUID{9}, Name: "Nguyễn Thị Lan", Role: "CLERK", AgencyID: commune}
	officer = dossier.By{ID: uuid.UUID{8}, Name: "Trần Văn Đức", Role: "OFFICER", AgencyID: board}
	chief   = dossier.By{ID: uuid.UUID{7}, Name: "Lê Thị Mai", Role: "SUPERVISOR", AgencyID: board}
	system  = dossier.By{Name: "Hệ thống", Role: "ADMINISTRATOR"}
)

// The week of the tests: eight to noon and one to five, Monday to Friday.
var calendar = func() *worktime.Calendar {
	var d worktime.Definition
	day := `[["08:00","12:00"],["13:00","17:00"]]`
	text := fmt.Sprintf(`{"tz":"Asia/Ho_Chi_Minh","week":{"mon":%s,"tue":%s,"wed":%s,"thu":%s,"fri":%s}}`, day, day, day, day, day)
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		panic(err)
	}
	c, err := worktime.Compile(d)
	if err != nil {
		panic(err)
	}
	return c
}()

// life is a dossier in the making.
// whole is a life with all that a log tells: steps, a pause, a second promise, an end that also ends the last step.
// foreign is another system's, of before the mergers, without a calendar of ours.
func TestALogKeepsItsShape(t *testing.T) {
	t.Parallel()
	open := received(t, 3).act(dossier.HandOver, clerk, at(3, 8, 0), dossier.Facts{})
	for _, f := range eventlog.Formats {
		got, n := write(t, f, lives(whole(t), foreign(t), open), options())
		if want := map[eventlog.Format]eventlog.Written{
			eventlog.XES: {Dossiers: 3, Events: 13}, eventlog.CSV: {Dossiers: 3, Events: 13}, eventlog.OCEL: {Dossiers: 3, Events: 12, Objects: 15},
		}[f]; n != want {
			t.Errorf("%s: %+v, not %+v", f, n, want)
		}
		file := filepath.Join("testdata", "log"+f.Ending())
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s: %s", file, diff)
		}
	}
}

func TestWhatIsSaidOfPersonsStaysInside(t *testing.T) {
	t.Parallel()
	for _, f := range eventlog.Formats {
		plain, _ := write(t, f, lives(whole(t), foreign(t)), options())
		for _, secret := range []string{"kín", "Kín", "093190000001", clerk.Name, officer.Name, clerk.ID.String()} {
			if strings.Contains(plain, secret) {
				t.Errorf("%s tells %q", f, secret)
			}
		}
		o := options()
		o.Names = true
		named, _ := write(t, f, lives(whole(t)), o)
		if !strings.Contains(named, "Người Kín") || !strings.Contains(named, officer.Name+"@SYT@2025-07-01") {
			t.Errorf("%s with names lacks them", f)
		}
		for _, secret := range []string{" kín", "093190000001"} { // free text and numbers are no names
			if strings.Contains(named, secret) {
				t.Errorf("%s with names tells %q", f, secret)
			}
		}
	}
}

// table reads a CSV log as rows by column.
func table(t *testing.T, text string) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]string
	for _, row := range rows[1:] {
		one := map[string]string{}
		for i, cell := range row {
			one[rows[0][i]] = cell
		}
		all = append(all, one)
	}
	return all
}

func TestWorkingTimeIsToldSinceTheEventBefore(t *testing.T) {
	t.Parallel()
	text, _ := write(t, eventlog.CSV, lives(whole(t), foreign(t)), options())
	var got []string
	for _, row := range table(t, text) {
		got = append(got, row["activity"]+" "+row["lifecycle"]+" "+row["work_seconds"]+" "+row["paused_share"])
	}
	// The supplement was asked for at four on Monday and came on Wednesday at nine: ten working hours, in which the clock stood.
	want := []string{
		"RECEIVED complete  ", "HANDED_OVER complete 3600 0", "Thẩm định start 1800 0", "SUPPLEMENT_REQUESTED complete 18000 0",
		"SUPPLEMENT_COMPLETED complete 36000 1", "Thẩm định complete 36000 0", "Ký duyệt start 5400 0", "Ký duyệt complete 42300 0",
		"FINISHED complete 0 0", "RETURNED complete 31500 0", "IMPORTED complete  ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if row := table(t, text)[0]; row["used_seconds"] != "107100" || row["verdict"] != "ON_TIME" || row["verdict_by_first_promise"] != "LATE" {
		t.Errorf("used %s, %s, by the first promise %s", row["used_seconds"], row["verdict"], row["verdict_by_first_promise"])
	}
}

func TestAPauseThatCoversAPartIsAShare(t *testing.T) {
	t.Parallel()
	l := received(t, 1).
		act(dossier.RequestSupplement, clerk, at(2, 10, 30), dossier.Facts{Papers: []string{"bản sao"}, Reason: "lý do nêu đầy đủ", StopsClock: true}).
		act(dossier.Withdraw, clerk, at(3, 10, 30), dossier.Facts{Reason: "không còn nhu cầu", Request: &dossier.Request{By: dossier.ByApplicant, How: dossier.Written}})
	text, _ := write(t, eventlog.CSV, lives(l), options())
	if row := table(t, text)[2]; row["work_seconds"] != "28800" || row["paused_share"] != "1" || row["used_seconds"] != "7200" || row["verdict"] != "ENDED" {
		t.Errorf("%v", row)
	}
}

// ocel is the standard's own shape; an unknown field is an error.
type ocel struct {
	ObjectTypes, EventTypes []struct {
		Name       string
		Attributes []struct{ Name, Type string }
	}
	Objects []struct {
		ID, Type   string
		Attributes []struct {
			Name, Time string
			Value      any
		}
		Relationships []struct{ ObjectID, Qualifier string }
	}
	Events []struct {
		ID, Type, Time string
		Attributes     []struct {
			Name  string
			Value any
		}
		Relationships []struct{ ObjectID, Qualifier string }
	}
}

func readOCEL(t *testing.T, text string) ocel {
	t.Helper()
	var log ocel
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&log); err != nil {
		t.Fatal(err)
	}
	return log
}

func TestAnObjectCentricLogIsWhole(t *testing.T) {
	t.Parallel()
	text, n := write(t, eventlog.OCEL, lives(whole(t), foreign(t), received(t, 3)), options())
	log := readOCEL(t, text)
	if len(log.Objects) != n.Objects || len(log.Events) != n.Events {
		t.Errorf("%d objects and %d events, said were %+v", len(log.Objects), len(log.Events), n)
	}
	declared := map[string]string{}
	for _, types := range log.ObjectTypes {
		for _, a := range types.Attributes {
			declared["object "+types.Name+" "+a.Name] = a.Type
		}
	}
	for _, types := range log.EventTypes {
		declared["event "+types.Name] = "type"
		for _, a := range types.Attributes {
			declared["event "+types.Name+" "+a.Name] = a.Type
		}
	}
	check := func(what string, v any) {
		ok := false
		switch x := v.(type) {
		case string:
			_, err := time.Parse(time.RFC3339, x)
			ok = declared[what] == "string" || declared[what] == "time" && err == nil
		case float64:
			ok = declared[what] == "float" || declared[what] == "integer" && x == float64(int64(x))
		case bool:
			ok = declared[what] == "boolean"
		}
		if !ok {
			t.Errorf("%s is declared as %q and holds %v", what, declared[what], v)
		}
	}
	objects := map[string]bool{}
	for _, o := range log.Objects {
		if objects[o.ID] {
			t.Errorf("object %s is there twice", o.ID)
		}
		objects[o.ID] = true
		for _, a := range o.Attributes {
			check("object "+o.Type+" "+a.Name, a.Value)
		}
	}
	for _, o := range log.Objects {
		for _, r := range o.Relationships {
			if !objects[r.ObjectID] {
				t.Errorf("object %s is %q to %s, which is not there", r.ObjectID, r.Qualifier, o.ID)
			}
		}
	}
	events := map[string]bool{}
	for _, e := range log.Events {
		if events[e.ID] || declared["event "+e.Type] == "" {
			t.Errorf("event %s is there twice or of an unknown type %s", e.ID, e.Type)
		}
		events[e.ID] = true
		for _, a := range e.Attributes {
			check("event "+e.Type+" "+a.Name, a.Value)
		}
		for _, r := range e.Relationships {
			if !objects[r.ObjectID] {
				t.Errorf("event %s names object %s, which is not there", e.ID, r.ObjectID)
			}
		}
	}
}

func TestWhatChangedIsToldWithItsInstant(t *testing.T) {
	t.Parallel()
	text, _ := write(t, eventlog.OCEL, lives(whole(t)), options())
	var got []string
	for _, o := range readOCEL(t, text).Objects {
		if o.Type != "dossier" {
			continue
		}
		for _, a := range o.Attributes {
			if a.Time != "1970-01-01T00:00:00Z" {
				got = append(got, fmt.Sprintf("%s %s %v", a.Time[8:16], a.Name, a.Value))
			}
		}
	}
	want := []string{
		"02T08:30 state_name ACCEPTED", "02T08:30 due 2026-11-05T17:00:00.000+07:00", "02T08:30 holder X1", "02T09:30 state_name IN_PROGRESS",
		"02T09:30 holder SYT@2025-07-01", "02T16:00 state_name SUPPLEMENT_REQUESTED", "04T09:00 state_name IN_PROGRESS",
		"04T09:00 due 2026-11-09T17:00:00.000+07:00", "09T08:15 state_name RESOLVED", "09T08:15 holder X1", "10T09:00 state_name RETURNED",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// many are so many dossiers, made one by one, and how many of them were asked for.
type watched struct {
	io.Writer
	most  int // lives asked for between two writes
	last  int
	asked *int
}

func (w *watched) Write(b []byte) (int, error) {
	w.most, w.last = max(w.most, *w.asked-w.last), *w.asked
	return w.Writer.Write(b)
}

func TestALongLogIsWrittenWhileItIsRead(t *testing.T) {
	t.Parallel()
	for _, f := range eventlog.Formats {
		all, asked := many(t, 1500)
		w := &watched{Writer: io.Discard, asked: asked}
		n, err := eventlog.Write(w, f, all, options())
		if err != nil || n.Dossiers != 1500 || *asked != 1500*f.Passes() {
			t.Errorf("%s: %+v after %d lives, %v", f, n, *asked, err)
		}
		if w.most > 300 {
			t.Errorf("%s: %d lives were held back", f, w.most)
		}
	}
}

func TestAnUnsoundJournalEndsTheLog(t *testing.T) {
	t.Parallel()
	bad := whole(t)
	bad.events[4].Facts = json.RawMessage(`{}`)
	gone := errors.New("gone")
	for _, f := range eventlog.Formats {
		for what, all := range map[string]eventlog.Lives{
			"its hash differs": lives(received(t, 2), bad), "has no journal": lives(&life{}),
			"gone": func(yield func([]dossier.Event, error) bool) { yield(nil, gone) },
		} {
			if _, err := eventlog.Write(io.Discard, f, all, options()); err == nil || !strings.Contains(err.Error(), what) {
				t.Errorf("%s, %s: %v", f, what, err)
			}
		}
		all, _ := many(t, 300)
		if _, err := eventlog.Write(full{}, f, all, options()); !errors.Is(err, errFull) {
			t.Errorf("%s on a full disk: %v", f, err)
		}
	}
	if _, err := eventlog.Write(io.Discard, "xls", lives(), options()); err == nil {
		t.Error("a format that is not there was written")
	}
}

var errFull = errors.New("no space left")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWhatALogSaysIsDocumented(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../api/eventlog.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range eventlog.Names() {
		if !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("api/eventlog.md does not tell of %s", name)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	l := whole(b)
	for _, f := range eventlog.Formats {
		b.Run(string(f), func(b *testing.B) {
			all := func(yield func([]dossier.Event, error) bool) {
				for range b.N {
					if !yield(l.events, nil) {
						return
					}
				}
			}
			if _, err := eventlog.Write(io.Discard, f, iter.Seq2[[]dossier.Event, error](all), options()); err != nil {
				b.Fatal(err)
			}
		})
	}
}
