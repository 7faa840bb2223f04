package onestop_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

// publishedUnits reads a published list on its own.
type publishedUnits struct {
	Units []struct {
		Code, Name, Level string
		Parent            *string
		Successors        []struct{ Code, Name string } `json:"successors_2025"`
		Predecessors      []struct{ Code *string }
	}
}

var provinceIdentifiers = map[string]string{"92": "H13", "93": "H30"}

func TestTheRealListsOfUnitsAreLinkedWhicheverComesFirst(t *testing.T) {
	t.Parallel()
	before, after := realFile(t, "hau-giang-2023.json"), realFile(t, "can-tho-2025.json")
	for name, files := range map[string][][]byte{"the old one first": {before, after}, "the new one first": {after, before}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				o := onestop.New(s, nil, importZone)
				links := 0
				for round, file := range slices.Concat(files, files) {
					done, err := o.ImportAgencies(t.Context(), staff.System(), importedAt, bytes.NewReader(file), onestop.AgencyOptions{Roots: provinceIdentifiers})
					if err != nil {
						t.Fatal(err)
					}
					links += done.Links
					want := onestop.AgencyImport{Agencies: done.Agencies, New: done.Agencies}
					if round >= 2 {
						want = onestop.AgencyImport{Agencies: done.Agencies, Unchanged: done.Agencies, LinksKept: 76}
					}
					want.Elsewhere = done.Elsewhere
					want.Links = map[int]int{1: 76}[round] // 75 communes and the province itself
					if d := cmp.Diff(want, done); d != "" {
						t.Errorf("round %d: %s", round+1, d)
					}
				}
				if links != 76 {
					t.Errorf("%d links, want 76", links)
				}
				checkUnits(t, s, before, after)
			})
		})
	}
}

func checkUnits(t *testing.T, s *store.Store, before, after []byte) {
	t.Helper()
	var old, now publishedUnits
	if json.Unmarshal(before, &old) != nil || json.Unmarshal(after, &now) != nil {
		t.Fatal("the lists cannot be read")
	}
	if len(old.Units) != 84 || len(now.Units) != 104 {
		t.Fatalf("%d and %d units", len(old.Units), len(now.Units))
	}
	province, err := s.AgencyByCode(t.Context(), "93", "2023-06-01")
	if err != nil || province.Identifier != "H30" || province.ValidFrom != "2004-01-01" || province.ValidTo != "2025-07-01" {
		t.Errorf("%+v (%v)", province, err)
	}
	for _, u := range old.Units {
		a, err := s.AgencyByCode(t.Context(), u.Code, "2023-06-01")
		if err != nil || a.Name != u.Name || string(a.Level) != strings.ToUpper(u.Level) || !a.Under(province.Path) {
			t.Errorf("%s: %+v (%v)", u.Code, a, err)
			continue
		}
		if u.Code != "93" && a.Identifier != "H30."+u.Code {
			t.Errorf("%s has the identifier %q", u.Code, a.Identifier)
		}
		for _, to := range u.Successors {
			successor, err := s.AgencyByCode(t.Context(), to.Code, "2025-07-01")
			if err != nil || catalog.Fold(successor.Name) != catalog.Fold(to.Name) || successor.ID == a.ID {
				t.Errorf("%s went on as %+v (%v)", u.Code, successor, err)
			}
			_, followers, err := s.Successions(t.Context(), a.ID)
			if err != nil || !slices.Contains(followers, catalog.Succession{PredecessorID: a.ID, SuccessorID: successor.ID, On: "2025-07-01"}) {
				t.Errorf("%s and %s are not linked: %v (%v)", u.Code, to.Code, followers, err)
			}
		}
	}
	for _, u := range now.Units {
		if a, err := s.AgencyByCode(t.Context(), u.Code, "2026-11-23"); err != nil || a.Name != u.Name || a.ValidFrom != "2025-07-01" {
			t.Errorf("%s: %+v (%v)", u.Code, a, err)
		}
	}
	// One code, two units: before the merger a commune of that name, since then a ward made of it and two others.
	was, err1 := s.AgencyByCode(t.Context(), "31333", "2025-06-30")
	is, err2 := s.AgencyByCode(t.Context(), "31333", "2025-07-01")
	if err1 != nil || err2 != nil || was.Name != "Xã Vị Tân" || is.Name != "Phường Vị Tân" || was.ID == is.ID {
		t.Errorf("31333 was %+v and is %+v", was, is)
	}
	if from, _, err := s.Successions(t.Context(), is.ID); err != nil || len(from) != 3 {
		t.Errorf("31333 follows on %v (%v)", from, err)
	}
}

func TestOurOwnFormOfAgenciesIsTakenOverAndChanged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := onestop.New(s, nil, importZone)
		// The child stands before its parent, and two follow on one.
		const file = `{"agencies":[
			{"code":"A1","name":"Phòng Một","short_name":"P1","kind":"OTHER","level":"PROVINCE","parent":"A","valid_from":"2025-07-01","predecessors":["OLD"]},
			{"code":"A","name":"Sở A","kind":"DEPARTMENT","level":"PROVINCE","identifier":"H13.01","calendar":"night","valid_from":"2025-07-01","predecessors":["OLD"]},
			{"code":"OLD","name":"Sở Cũ","kind":"DEPARTMENT","level":"PROVINCE","valid_from":"2004-01-01","valid_to":"2025-07-01","successors":["A","A1","NOWHERE"]}]}`
		done := importAgencies(t, o, file)
		want := onestop.AgencyImport{Agencies: 3, New: 3, Links: 2, LinksKept: 2, Elsewhere: []string{"NOWHERE, since 2025-07-01"}}
		if d := cmp.Diff(want, done); d != "" {
			t.Error(d)
		}
		done = importAgencies(t, o, file)
		want = onestop.AgencyImport{Agencies: 3, Unchanged: 3, LinksKept: 4, Elsewhere: []string{"NOWHERE, since 2025-07-01"}}
		if d := cmp.Diff(want, done); d != "" {
			t.Error(d)
		}
		done = importAgencies(t, o, strings.Replace(strings.Replace(file, `"parent":"A",`, ``, 1), "Phòng Một", "Phòng 1", 1))
		if done.Changed != 1 || done.Unchanged != 2 {
			t.Errorf("%+v", done)
		}
		a, err := s.AgencyByCode(t.Context(), "A1", "2026-01-01")
		if err != nil || a.Name != "Phòng 1" || a.ParentID != nil || a.Path != a.ID.String()+"/" {
			t.Errorf("%+v (%v)", a, err)
		}
	})
}

// What dossiers were reckoned by stays to be told; a name that no calendar ever bore may be set right.
func TestTheCalendarOfAnAgencyIsNotChangedForAnother(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := onestop.New(s, nil, importZone)
		list := func(calendar string) string {
			return `{"agencies":[{"code":"A","name":"Sở A","kind":"DEPARTMENT","level":"PROVINCE","calendar":"` + calendar + `","valid_from":"2025-07-01"}]}`
		}
		for _, name := range []string{"night", "day"} {
			if _, err := o.KeepCalendar(t.Context(), staff.System(), importedAt, onestop.CalendarInput{Name: name, Definition: []byte(calendar)}); err != nil {
				t.Fatal(err)
			}
		}
		importAgencies(t, o, list(""))
		importAgencies(t, o, list("nihgt"))
		importAgencies(t, o, list("night"))
		_, err := o.ImportAgencies(t.Context(), staff.System(), importedAt, strings.NewReader(list("day")), onestop.AgencyOptions{})
		if f := fault.As(err); f == nil || f.Code != "calendar-stays" || len(f.Fields) != 1 || f.Fields[0].Name != "agencies[0].calendar" {
			t.Fatalf("%v", err)
		}
		if a, err := s.AgencyByCode(t.Context(), "A", "2026-01-01"); err != nil || a.Calendar != "night" {
			t.Errorf("%+v (%v)", a, err)
		}
	})
}

func TestAnIdentifierThatSomebodySetStays(t *testing.T) {
	t.Parallel()
	o := onestop.New(storetest.Open(t, storetest.MigratedSQLite(t)), nil, importZone)
	const list = `{"units":[{"code":"92","name":"Cần Thơ","level":"province","parent":null},{"code":"1","name":"Xã","level":"commune","parent":"92","predecessors":[{"code":"2","name":"x"}]}]}`
	run := func(opts onestop.AgencyOptions) onestop.AgencyImport {
		t.Helper()
		done, err := o.ImportAgencies(t.Context(), staff.System(), importedAt, strings.NewReader(list), opts)
		if err != nil {
			t.Fatal(err)
		}
		return done
	}
	if got := run(onestop.AgencyOptions{}); got.New != 2 {
		t.Errorf("%+v", got)
	}
	if got := run(onestop.AgencyOptions{Roots: provinceIdentifiers}); got.Changed != 2 { // there were none
		t.Errorf("%+v", got)
	}
	if got := run(onestop.AgencyOptions{Roots: map[string]string{"92": "H99"}}); got.Unchanged != 2 {
		t.Errorf("%+v", got)
	}
	if got := run(onestop.AgencyOptions{IdentifierRoot: "H99"}); got.Changed != 2 {
		t.Errorf("%+v", got)
	}
}

func TestABrokenFileOfAgenciesNamesTheFieldAndLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := onestop.New(s, nil, importZone)
		unit := func(more string) string {
			return `{"units":[{"code":"92","name":"a","level":"province","parent":null},` + more + `]}`
		}
		own := func(more string) string {
			return `{"agencies":[{"code":"92","name":"a","kind":"PROVINCE","level":"PROVINCE","valid_from":"2025-07-01"},` + more + `]}`
		}
		for file, field := range map[string]string{
			`{"units":[`:        "line 1",
			"{\n\"units\":\n7}": "line 3, units",
			`[]`:                "line 1, ",
			`{}`:                "units",
			unit(`{"code":"1","name":"b","level":"planet","parent":"92"}`):                                                        "units[1].kind",
			unit(`{"code":"","name":"b","level":"commune","parent":"92"}`):                                                        "units[1].code",
			unit(`{"code":"92","name":"b","level":"commune","parent":null}`):                                                      "units[1].code",
			unit(`{"code":"1","name":"b","level":"commune","parent":"91"}`):                                                       "units[1].parent",
			unit(`{"code":"1","name":"b","level":"commune","parent":"2"},{"code":"2","name":"b","level":"commune","parent":"1"}`): "units[1].parent",
			own(`{"code":"1","name":"b","kind":"COMMUNE","level":"COMMUNE","valid_from":"2025-07-01","color":"red"}`):             "agencies[1]",
			own(`{"code":"1","name":"b","kind":"COMMUNE","level":"COMMUNE","valid_from":"2025-13-01"}`):                           "agencies[1].valid_from",
			own(`{"code":"1","name":"b","kind":"COMMUNE","level":"COMMUNE","valid_from":"2025-07-01","valid_to":"2025-07-01"}`):   "agencies[1].valid_to",
			own(`{"code":"1","name":"b","kind":"COMMUNE","level":"COMMUNE","valid_from":"2025-07-01","successors":["92"]}`):       "agencies[1].valid_to",
			own(`{"code":"1","name":"b","kind":"COMMUNE","level":"COMMUNE","valid_from":"2004-01-01","parent":"92"}`):             "agencies[1].parent",
			own(`{"code":1,"name":"b","kind":"COMMUNE","level":"COMMUNE","valid_from":"2004-01-01"}`):                             "agencies[1]",
			own(`{"code":"1","name":" ","kind":"COMMUNE","level":"VILLAGE","valid_from":"2025-07-01"}`):                           "agencies[1].name",
		} {
			_, err := o.ImportAgencies(t.Context(), staff.System(), importedAt, strings.NewReader(file), onestop.AgencyOptions{})
			f := fault.As(err)
			if f == nil || f.Kind != fault.Invalid || len(f.Fields) == 0 || f.Fields[0].Name != field {
				t.Errorf("%s\n%v\nwant field %q", file, err, field)
			}
		}
		if all, _, err := s.Agencies(t.Context(), store.AgencyFilter{}, store.Page{}); err != nil || len(all) != 0 {
			t.Errorf("left behind: %v (%v)", all, err)
		}
	})
}

func TestWhoeverBelongsToAnAgencySetsUpOthersUnderItOnly(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.MigratedSQLite(t))
	o := onestop.New(s, nil, importZone)
	importAgencies(t, o, oneProvince)
	province, err := s.AgencyByCode(t.Context(), "92", "2026-01-01")
	if err != nil {
		t.Fatal(err)
	}
	actor := staff.Actor{Role: staff.Administrator, AgencyID: province.ID, AgencyPath: province.Path}
	for parent, allowed := range map[string]bool{`,"parent":"92"`: true, ``: false} {
		file := fmt.Sprintf(`{"agencies":[{"code":"N%t","name":"n","kind":"OTHER","level":"OTHER","valid_from":"2025-07-01"%s}]}`, allowed, parent)
		_, err := o.ImportAgencies(t.Context(), actor, importedAt, strings.NewReader(file), onestop.AgencyOptions{})
		if f := fault.As(err); (err == nil) != allowed || err != nil && f.Kind != fault.Forbidden {
			t.Errorf("%s: %v", file, err)
		}
	}
}
