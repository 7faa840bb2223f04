package onestop_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

var importZone = time.FixedZone("+07", 7*3600)

// importedAt is when the imports of these tests run.
var importedAt = time.Date(2026, 11, 23, 10, 0, 0, 0, importZone)

// importOffice is an office with the project's own rules and a calendar of five days a week without days off.
func importOffice(t *testing.T, s *store.Store) *onestop.Office {
	t.Helper()
	var rules []dossier.RuleSet
	for _, name := range []string{"vn-2018.json", "vn-2025.json"} {
		var r dossier.RuleSet
		data, err := os.ReadFile(filepath.Join(storetest.Root(t), "configs", "rules", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &r); err != nil {
			t.Fatal(err)
		}
		rules = append(rules, r)
	}
	o := onestop.New(s, nil, importZone)
	const day = `[["07:00","11:30"],["13:30","17:00"]]`
	calendar := `{"tz":"Asia/Ho_Chi_Minh","week":{"mon":` + day + `,"tue":` + day + `,"wed":` + day + `,"thu":` + day + `,"fri":` + day + `}}`
	if _, err := o.KeepCalendar(t.Context(), staff.System(), importedAt, onestop.CalendarInput{Name: onestop.DefaultCalendar, Definition: []byte(calendar)}); err != nil {
		t.Fatal(err)
	}
	for _, r := range rules {
		if err := o.KeepRules(t.Context(), staff.System(), importedAt, r); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

func importAgencies(t *testing.T, o *onestop.Office, file string) onestop.AgencyImport {
	t.Helper()
	done, err := o.ImportAgencies(t.Context(), staff.System(), importedAt, strings.NewReader(file), onestop.AgencyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return done
}

const oneProvince = `{"agencies":[
	{"code":"92","name":"Thành phố Cần Thơ","kind":"PROVINCE","level":"PROVINCE","identifier":"H13","valid_from":"2004-01-01"},
	{"code":"92-SXD","name":"Sở Xây dựng","kind":"DEPARTMENT","level":"PROVINCE","parent":"92","identifier":"H13.10","valid_from":"2004-01-01"},
	{"code":"31333","name":"Phường Vị Tân","kind":"COMMUNE","level":"COMMUNE","parent":"92","identifier":"H13.31333","valid_from":"2025-07-01"}]}`

func TestOnlyWhoeverMayImportsAnything(t *testing.T) {
	t.Parallel()
	o := importOffice(t, storetest.Open(t, storetest.MigratedSQLite(t)))
	for _, role := range []staff.Role{"", staff.Clerk, staff.Officer, staff.Supervisor, staff.Auditor} {
		actor := staff.Actor{Role: role}
		_, err1 := o.ImportProcedures(t.Context(), actor, importedAt, strings.NewReader("{}"), nil)
		_, err2 := o.ImportAgencies(t.Context(), actor, importedAt, strings.NewReader("{}"), onestop.AgencyOptions{})
		_, err3 := o.ImportDossiers(t.Context(), actor, importedAt, strings.NewReader("code"), onestop.DossierOptions{}, nil)
		for _, err := range []error{err1, err2, err3} {
			if f := fault.As(err); f == nil || (f.Kind != fault.Forbidden && f.Kind != fault.Unauthenticated) {
				t.Errorf("role %q: %v", role, err)
			}
		}
	}
}

func TestAnImportIntoADatabaseThatIsGoneSaysSo(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.MigratedSQLite(t))
	o := importOffice(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err1 := o.ImportProcedures(t.Context(), staff.System(), importedAt, strings.NewReader(`{"name":"a"}`), nil)
	_, err2 := o.ImportAgencies(t.Context(), staff.System(), importedAt, strings.NewReader(oneProvince), onestop.AgencyOptions{})
	_, err3 := o.ImportDossiers(t.Context(), staff.System(), importedAt, strings.NewReader("code,received_at,agency"), onestop.DossierOptions{}, nil)
	for i, err := range []error{err1, err2, err3} {
		if f := fault.As(err); f == nil || f.Kind != fault.Unavailable {
			t.Errorf("import %d: %v", i+1, err)
		}
	}
}

func realFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(storetest.RealData(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// breaking ends with an error after some bytes, as a file on a broken disk or a program that is killed.
type breaking struct{ r io.Reader }

func (b breaking) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if err == io.EOF {
		err = context.Canceled
	}
	return n, err
}

func firstHalf(data []byte) io.Reader { return breaking{bytes.NewReader(data[:len(data)/2])} }
