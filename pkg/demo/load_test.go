package demo_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/archive"
	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/demo"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

// opened is an office over a store with the delivered calendar and nothing else.
func opened(t *testing.T, s *store.Store) *onestop.Office {
	t.Helper()
	_, definition, rules := delivered(t)
	office := onestop.New(s, nil, zone)
	office.KeepFiles(onestop.FileRules{Archive: archive.NewFolder(filepath.Join(t.TempDir(), "files"))})
	if _, err := office.KeepCalendar(t.Context(), staff.System(), present, onestop.CalendarInput{Name: onestop.DefaultCalendar, Definition: definition}); err != nil {
		t.Fatal(err)
	}
	for _, r := range rules {
		if err := office.KeepRules(t.Context(), staff.System(), present, r); err != nil {
			t.Fatal(err)
		}
	}
	return office
}

func TestTheDemonstrationCanBeWorkedWith(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		office := opened(t, s)
		if _, err := demo.FindCitizen(ctx, s); !errors.Is(err, fault.NotFound) {
			t.Errorf("an empty database has a citizen: %v", err)
		}
		p := shown(t)
		last, total := 0, 0
		begun := time.Now()
		err := demo.Load(ctx, office, s, p, present, func(done, of int, _ string) { last, total = done, of })
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d things in %.1f s", total, time.Since(begun).Seconds())
		if last != total || total != len(p.Agencies)+len(p.Users)+len(p.Procedures)+len(p.Lives) {
			t.Errorf("progress ended at %d of %d", last, total)
		}
		checkSound(t, office)
		checkSummary(t, s)
		checkWork(t, office, s)
		if err := demo.Load(ctx, office, s, p, present, nil); !errors.Is(err, fault.Conflict) {
			t.Errorf("a second load: %v", err)
		}
	})
}

func checkSound(t *testing.T, office *onestop.Office) {
	t.Helper()
	v, err := office.Verify(t.Context(), present, false, nil)
	if err == nil {
		err = office.VerifyFiles(t.Context(), &v, nil)
	}
	if err != nil || v.Files == 0 {
		t.Fatalf("%d files: %v", v.Files, err)
	}
	if n, err := office.SweepFiles(t.Context(), present.AddDate(0, 0, 2)); n != 0 || err != nil {
		t.Errorf("%d files of the demonstration are swept out: %v", n, err)
	}
	for i, f := range v.Findings {
		if i == 5 {
			break
		}
		t.Errorf("%s: %s", f.Dossier, f.What)
	}
	if v.Dossiers != demo.DefaultDossiers || v.Promises < 2000 {
		t.Errorf("%d dossiers with %d promises were checked", v.Dossiers, v.Promises)
	}
}

func checkSummary(t *testing.T, s *store.Store) {
	t.Helper()
	got, err := s.CatalogueSummary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got.Total != 1854 || got.ByHomeLevel[catalog.Province] != 1434 || got.ByHomeLevel[catalog.District] != 265 || got.ByHomeLevel[catalog.Commune] != 155 ||
		got.Shared != 114 || got.SameLevel != 1407 || got.CrossLevel != 420 || got.Shortened != 354 || got.OnTheSpot != 151 || got.NeedsReview != 0 {
		t.Errorf("%+v", got)
	}
}

// checkWork signs in, looks up, receives and scans.
func checkWork(t *testing.T, office *onestop.Office, s *store.Store) {
	t.Helper()
	ctx := t.Context()
	seen := map[string]int64{}
	for _, name := range []string{demo.ClerkName, demo.CommuneClerkName, demo.OfficerName, demo.SupervisorName, demo.AdministratorName, demo.AuditorName} {
		_, _, actor, err := office.SignIn(ctx, present, name, demo.Password)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if seen[name], err = s.CountDossiers(ctx, actor.Scope(), store.DossierFilter{}); err != nil {
			t.Fatal(err)
		}
		if seen[name] == 0 {
			t.Errorf("%s sees no dossiers", name)
		}
	}
	if seen[demo.SupervisorName] != demo.DefaultDossiers || seen[demo.ClerkName] >= demo.DefaultDossiers {
		t.Errorf("the dossiers that each sees: %v", seen)
	}
	if _, _, _, err := office.SignIn(ctx, present, demo.PortalName, demo.Password); err == nil {
		t.Error("the portal signs in with a password")
	}
	citizen, err := demo.FindCitizen(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	d, err := office.Lookup(ctx, citizen.Code, citizen.Secret)
	if err != nil || d.State != dossier.InProgress {
		t.Errorf("look-up of %s: state %s, %v", citizen.Code, d.State, err)
	}
	if raised, err := office.ScanLate(ctx, present); err != nil || raised < 20 {
		t.Errorf("%d alerts were raised: %v", raised, err)
	}
	for range 2 { // the counter goes on behind the demonstration's numbers
		receive(t, office, d)
	}
}

// receive takes in one more dossier for the same procedure at the same centre, on the evening of the same day.
func receive(t *testing.T, office *onestop.Office, like dossier.Dossier) {
	t.Helper()
	ctx := t.Context()
	_, _, clerk, err := office.SignIn(ctx, present, "canbo.930", demo.Password)
	if err != nil {
		t.Fatal(err)
	}
	y, m, day := like.SubmittedAt.In(zone).Date()
	at := time.Date(y, m, day, 16, 59, 0, 0, zone)
	d, _, err := office.Receive(ctx, clerk, at, onestop.ReceiveInput{
		Procedure: like.Procedure.Code, Channel: catalog.InPerson, Applicant: dossier.Person{Kind: dossier.Citizen, Name: "Người Thử"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if same := len(like.Code) - 4; d.Code <= like.Code || d.Code[:same] != like.Code[:same] {
		t.Errorf("%s follows on %s", d.Code, like.Code)
	}
}
