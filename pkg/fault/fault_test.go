package fault_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

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

func TestASentenceKeepsItsFormatAndArgumentsApart(t *testing.T) {
	t.Parallel()
	why := fault.Say("%s waits for %s", "step 2", fault.Say("the %s", "post"))
	var wrong fault.Fields
	wrong.Add("step", "waiting", "100% sure")
	wrong.Put("body", "waiting", why)
	err := fault.Of(fault.Conflict, "waiting", why)
	for got, want := range map[string]string{
		err.Detail: "step 2 waits for the post", err.Said.Format: "%s waits for %s", wrong[0].Detail: "100% sure", wrong[0].Said.Format: "100% sure",
		wrong[1].Detail: "step 2 waits for the post", wrong[1].Said.Format: "%s waits for %s",
	} {
		if got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
	if len(err.Said.Args) != 2 || err.Said.Args[0] != "step 2" || why.Empty() || !(fault.Text{}).Empty() {
		t.Errorf("%+v", err.Said)
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

func TestWhatIsWrongWithTheOneFieldIsSaidOnce(t *testing.T) {
	t.Parallel()
	var wrong fault.Fields
	wrong.Add("agency", "agency-not-found", "there is no such agency")
	if got := wrong.Err("agency-not-found", "there is no such agency").Error(); got != "agency-not-found: agency: there is no such agency" {
		t.Error(got)
	}
}

func TestAMomentInASentenceIsOnTheClockOfTheOffice(t *testing.T) {
	t.Parallel()
	office := time.FixedZone("+07", 7*3600)
	at := time.Date(2026, 11, 3, 17, 5, 9, 0, time.UTC)
	said := fault.Say("until %s, that is %s", fault.Instant(at), fault.Say("%s", fault.Instant(at.In(time.FixedZone("+09", 9*3600)))))
	for got, want := range map[string]string{
		said.String():                              "until 17:05 UTC on 3 November 2026, that is 02:05 on 4 November 2026",
		said.In(office).String():                   "until 00:05 on 4 November 2026, that is 02:05 on 4 November 2026", // what has a clock keeps it
		fault.Instant(at.In(office)).Vietnamese():  "00:05 ngày 04/11/2026",
		fault.Instant(at).Vietnamese():             "17:05 UTC ngày 03/11/2026",
		fault.Say("100% sure").In(office).String(): "100% sure",
	} {
		if got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

func TestASentenceThatWasKeptIsSaidAsBefore(t *testing.T) {
	t.Parallel()
	said := fault.Say("step %d of %s waits for %q; %v", 2, fault.Say("dossier %s", "H99"), "post", errors.New("for long"))
	kept, err := json.Marshal(said)
	if err != nil || string(kept) != `["step %d of %s waits for %q; %v",2,["dossier %s","H99"],"post","for long"]` {
		t.Fatalf("%s, %v", kept, err)
	}
	var again fault.Text
	if err := json.Unmarshal(kept, &again); err != nil || again.String() != said.String() || again.Args[1].(fault.Text).Format != "dossier %s" {
		t.Errorf("%q, %v", again, err)
	}
	for _, wrong := range []string{`[]`, `"x"`, `[1]`, `["x",{}]`, `["x",[]]`, `["x",1.5]`} {
		if err := json.Unmarshal([]byte(wrong), &again); err == nil {
			t.Errorf("%s is read as %q", wrong, again)
		}
	}
}
