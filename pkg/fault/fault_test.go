package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/motcua/motcua/pkg/fault"
)

func TestAKindIsSeenThroughWrapping(t *testing.T) {
	t.Parallel()
	cause := errors.New("disk full")
	err := fmt.Errorf("receive: %w", fault.New(fault.Unavailable, "database-unavailable", "try again in %d s", 3).Because(cause))
	if !errors.Is(err, fault.Unavailable) || errors.Is(err, fault.NotFound) || !errors.Is(err, cause) {
		t.Fatalf("errors.Is does not see kind and cause of %v", err)
	}
	if got := fault.As(err); got == nil || got.Code != "database-unavailable" || got.Detail != "try again in 3 s" {
		t.Fatalf("As found %+v", got)
	}
	if fault.As(cause) != nil {
		t.Fatal("a plain error is no fault")
	}
}

func TestAllWrongFieldsAreSaidAtOnce(t *testing.T) {
	t.Parallel()
	var wrong fault.Fields
	if err := wrong.Err("dossier-invalid", "nothing"); err != nil {
		t.Fatalf("no field is wrong, yet %v", err)
	}
	wrong.Add("applicant.name", "required", "is missing")
	wrong.Add("channel", "unknown", "%q is none of %v", "FAX", []string{"ONLINE"})
	err := wrong.Err("dossier-invalid", "the dossier cannot be received")
	want := `dossier-invalid: the dossier cannot be received (applicant.name: is missing; channel: "FAX" is none of [ONLINE])`
	if err == nil || err.Error() != want {
		t.Fatalf("got %v\nwant %s", err, want)
	}
}
