package demo_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/demo"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/worktime"
)

var (
	zone    = time.FixedZone("+07", 7*3600)
	present = time.Date(2026, time.November, 23, 10, 15, 0, 0, zone)
	folder  = filepath.Join("..", "..", "configs")
	amounts = cmpopts.EquateComparable(worktime.Amount{})
)

// delivered reads what the program is delivered with.
func delivered(t testing.TB) (*worktime.Calendar, []byte, []dossier.RuleSet) {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(folder, "calendars", "vn.json"))
	if err != nil {
		t.Fatal(err)
	}
	var d worktime.Definition
	if err := json.Unmarshal(body, &d); err != nil {
		t.Fatal(err)
	}
	c, err := worktime.Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	var rules []dossier.RuleSet
	names, err := fs.Glob(os.DirFS(folder), "rules/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("rules: %v, %v", names, err)
	}
	for _, name := range names {
		var r dossier.RuleSet
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &r); err != nil {
			t.Fatal(err)
		}
		rules = append(rules, r)
	}
	return c, body, rules
}

func generate(t testing.TB, seed uint64, now time.Time, dossiers int) demo.Province {
	t.Helper()
	c, _, rules := delivered(t)
	p, err := demo.Generate(demo.Plan{Seed: seed, Now: now, Calendar: c, Revision: 1, Rules: rules, Dossiers: dossiers})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var (
	showing  sync.Once
	province demo.Province
)

// shown is the province as `make run` shows it; tests only read it.
func shown(t testing.TB) demo.Province {
	t.Helper()
	showing.Do(func() { province = generate(t, 1, present, 0) })
	return province
}

func TestTheSameSeedAndDateGiveTheSameProvince(t *testing.T) {
	t.Parallel()
	one := generate(t, 7, present, 300)
	if later := generate(t, 7, present.Add(9*time.Hour), 300); !reflect.DeepEqual(one, later) {
		t.Error("the same seed gives another province in the evening of the same date")
	}
	c, _, _ := delivered(t)
	shipped, err := demo.Generate(demo.Plan{Seed: 7, Now: present, Calendar: c, Revision: 1, Dossiers: 300})
	if err != nil || !reflect.DeepEqual(one, shipped) {
		t.Errorf("without rules of its own a plan does not take those that come with the program: %v", err)
	}
	other := generate(t, 8, present, 300)
	if reflect.DeepEqual(one.Lives, other.Lives) || reflect.DeepEqual(one.Procedures, other.Procedures) {
		t.Error("another seed gives the same province")
	}
	if !reflect.DeepEqual(one.Agencies, other.Agencies) {
		t.Error("agencies are facts and do not depend on the seed")
	}
	if next := generate(t, 7, present.AddDate(0, 0, 1), 300); next.Citizen.Code == one.Citizen.Code {
		t.Error("the demonstration does not move on with the date")
	}
}

func TestAPlanThatCannotBeCarriedOutIsRefused(t *testing.T) {
	t.Parallel()
	c, _, rules := delivered(t)
	for what, plan := range map[string]demo.Plan{
		"no calendar":          {Now: present, Rules: rules},
		"too few dossiers":     {Now: present, Rules: rules, Calendar: c, Dossiers: 10},
		"rules of later on":    {Now: present, Rules: []dossier.RuleSet{{ID: "x", EffectiveFrom: "2030-01-01"}}, Calendar: c},
		"beyond all calendars": {Now: present.AddDate(600, 0, 0), Rules: rules, Calendar: c},
	} {
		if _, err := demo.Generate(plan); err == nil {
			t.Errorf("%s: a province was made", what)
		}
	}
}

func TestTheProvinceCanBeMadeOnAnyDay(t *testing.T) {
	t.Parallel()
	for _, now := range []string{
		"2026-02-19T08:00:00+07:00", // in the middle of Tết
		"2026-11-22T23:59:59+07:00", // a Sunday
		"2025-07-01T00:00:00+07:00", // the rules change on this day
		"2024-02-29T12:00:00+07:00",
		"2031-06-11T09:00:00+07:00", // beyond the confirmed years
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		p := generate(t, 3, at, 250)
		if len(p.Lives) != 250 {
			t.Errorf("%s: %d dossiers", now, len(p.Lives))
		}
		for _, l := range p.Lives {
			for _, e := range l.Events {
				if !e.At.Before(at) {
					t.Errorf("%s: dossier %s knows of %s at %s", now, l.Dossier.Code, e.Kind, e.At)
				}
			}
		}
	}
}

func TestAgenciesAreThoseOfTheReport(t *testing.T) {
	t.Parallel()
	p := shown(t)
	kinds, centres := map[catalog.AgencyKind]int{}, map[catalog.Level]int{}
	codes, identifiers, ids := map[string]bool{}, map[string]bool{}, map[string]catalog.Agency{}
	for _, a := range p.Agencies {
		if err := a.Check(); err != nil {
			t.Errorf("%s: %v", a.Code, err)
		}
		if !a.ValidOn(catalog.DateOf(present, zone)) {
			t.Errorf("%s is not there any more", a.Code)
		}
		kinds[a.Kind]++
		if codes[a.Code] || a.Identifier != "" && identifiers[a.Identifier] {
			t.Errorf("%s, %s: there twice", a.Code, a.Identifier)
		}
		codes[a.Code], identifiers[a.Identifier] = true, true
		above := ""
		if a.ParentID != nil {
			parent, ok := ids[a.ParentID.String()]
			if !ok {
				t.Errorf("%s comes before the agency above it", a.Code)
			}
			above = parent.Path
			if a.Kind == catalog.OneStopCentre && a.Level != parent.Level {
				t.Errorf("centre %s is of another level than its unit", a.Code)
			}
		}
		if a.Path != above+a.ID.String()+"/" {
			t.Errorf("%s has the path %s", a.Code, a.Path)
		}
		if a.Kind == catalog.OneStopCentre {
			centres[a.Level]++
		}
		if (a.Kind == catalog.OneStopCentre) != (a.Identifier != "") {
			t.Errorf("%s: centres take dossiers in and need an identifier, nobody else does", a.Code)
		}
		ids[a.ID.String()] = a
	}
	want := map[catalog.AgencyKind]int{
		catalog.ProvinceCommittee: 1, catalog.Department: 19, catalog.DistrictCommittee: 8, catalog.CommuneCommittee: 75, catalog.OneStopCentre: 84,
	}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[catalog.Level]int{catalog.Province: 1, catalog.District: 8, catalog.Commune: 75}, centres); diff != "" {
		t.Error(diff)
	}
}
