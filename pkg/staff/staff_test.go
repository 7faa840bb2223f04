package staff_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
)

func TestTheZeroActorSeesAndMayNothing(t *testing.T) {
	t.Parallel()
	var nobody staff.Actor
	if s := nobody.Scope(); s.All() || s.Path() != "" {
		t.Fatalf("the zero actor sees %+v", s)
	}
	if err := nobody.Must(staff.ReadDossiers); !errors.Is(err, fault.Unauthenticated) {
		t.Fatalf("want unauthenticated, got %v", err)
	}
	if nobody.Covers("") || nobody.Covers("a/") {
		t.Fatal("the zero actor covers an agency")
	}
}

func TestRolesMayWhatTheirDeskNeedsAndNoMore(t *testing.T) {
	t.Parallel()
	all := []staff.Right{
		staff.ReadDossiers, staff.ReceiveDossiers, staff.WorkDossiers, staff.LeadDossiers, staff.ImportDossiers,
		staff.ReadReports, staff.ReadAlerts, staff.EditCatalogue, staff.EditAgencies, staff.EditUsers,
	}
	want := map[staff.Role]string{
		staff.Clerk: "11...11..." + "", staff.Officer: "1.1..11...", staff.Supervisor: "1111.11...",
		staff.Administrator: "1...111111", staff.Auditor: "1....11...",
	}
	for role, row := range want {
		got := ""
		for _, r := range all {
			if (staff.Actor{Role: role}).May(r) {
				got += "1"
			} else {
				got += "."
			}
		}
		if got != row {
			t.Errorf("%s: got %s, want %s", role, got, row)
		}
	}
}

func TestAnActorCoversItsSubtreeOnly(t *testing.T) {
	t.Parallel()
	a := staff.Actor{Role: staff.Clerk, AgencyPath: "p/d/"}
	for path, want := range map[string]bool{"p/d/": true, "p/d/c/": true, "p/": false, "p/dd/": false, "": false} {
		if a.Covers(path) != want {
			t.Errorf("covers %q: want %v", path, want)
		}
	}
}

func TestAUserWithEverythingWrongIsToldEverything(t *testing.T) {
	t.Parallel()
	err := staff.User{Username: "Ông A", Role: "KING"}.Check()
	if f := fault.As(err); f == nil || len(f.Fields) != 4 {
		t.Fatalf("want four wrong fields, got %v", err)
	}
	good := staff.User{Username: "canbo.01", Name: "Cán bộ", Role: staff.Clerk, AgencyID: uuid.New()}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
}
