package onestop_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
)

func TestTheWholeRoadFromReceiptToResult(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d, secret := h.receive(t, h.clerk, input("9.000001"))
		if d.Code != "H99.X1-261102-0001" || d.State != dossier.Accepted || d.DecidingID != h.department.ID {
			t.Fatalf("received as %s, state %s", d.Code, d.State)
		}
		// Three working days from Monday: Tuesday, Wednesday, and over the day off to Friday's closing.
		if due := d.Promise().DueAt; !due.Equal(when("2026-11-06T17:00:00+07:00")) {
			t.Fatalf("promised %s", due.In(zone))
		}
		d = h.act(t, h.clerk, d, dossier.HandOver, onestop.ActInput{})
		// Eight working hours from 08:30: 6.5 today, 1.5 tomorrow.
		if due := d.Step().Mark.DueAt; !due.Equal(when("2026-11-03T08:30:00+07:00")) {
			t.Fatalf("step is due %s", due.In(zone))
		}
		d = h.act(t, h.officer, d, dossier.Take, onestop.ActInput{})
		h.now = when("2026-11-03T09:00:00+07:00")
		d = h.act(t, h.officer, d, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu bản sao", Papers: []string{"bản sao giấy tờ tùy thân"}})
		if d.State != dossier.SupplementRequested || d.Suspended() == nil {
			t.Fatal("the clock should stand")
		}
		h.now = when("2026-11-06T09:00:00+07:00") // two working days later: Tuesday and Wednesday, Thursday is off
		d = h.act(t, h.clerk, d, dossier.CompleteSupplement, onestop.ActInput{Papers: []string{"bản vẽ"}})
		if p := d.Promise(); p.Kind != dossier.AfterPause || !p.DueAt.Equal(when("2026-11-09T17:00:00+07:00")) {
			t.Fatalf("shifted to %s (%s)", p.DueAt.In(zone), p.Kind) // Friday and two working days: the make-up Saturday and Monday
		}
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{Note: "đủ điều kiện"})
		d = h.act(t, h.head, d, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Giấy phép", Number: "12/GP"}})
		d = h.act(t, h.clerk, d, dossier.Return, onestop.ActInput{HandedOut: &dossier.HandedOut{Method: dossier.ReturnInPerson}})
		if d.State != dossier.Returned || d.Version != 8 {
			t.Fatalf("ended in state %s at version %d", d.State, d.Version)
		}
		if seen, err := h.Lookup(context.Background(), strings.ToLower(d.Code), secret[:5]+"-"+secret[5:]); err != nil || seen.State != dossier.Returned {
			t.Fatalf("look-up: %s, %v", seen.State, err)
		}
		v, err := h.Verify(context.Background(), h.now, false, nil)
		if err != nil || len(v.Findings) > 0 || v.Dossiers != 1 || v.Events != 8 || v.Promises != 2 {
			t.Fatalf("%+v, %v", v, err)
		}
	})
}

func TestASupplementBeforeHandOverGivesTheFullTermAgain(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d, _ := h.receive(t, h.clerk, input("9.000001"))
		d = h.act(t, h.clerk, d, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu đơn đề nghị", Papers: []string{"bản vẽ"}})
		h.now = when("2026-11-09T10:00:00+07:00")
		d = h.act(t, h.clerk, d, dossier.CompleteSupplement, onestop.ActInput{Papers: []string{"bản vẽ"}})
		if p := d.Promise(); d.State != dossier.Accepted || p.Kind != dossier.Restarted || !p.DueAt.Equal(when("2026-11-12T17:00:00+07:00")) {
			t.Fatalf("state %s, %s %s", d.State, p.Kind, p.DueAt.In(zone))
		}
		if !d.Promises[0].DueAt.Equal(when("2026-11-06T17:00:00+07:00")) {
			t.Fatal("the first promise did not stay")
		}
	})
}

func TestWhatComesOnlineWaitsForAcceptance(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		in := input("9.000001")
		in.Channel = catalog.Online
		d, _ := h.receive(t, h.clerk, in)
		if d.State != dossier.Registered || d.Promise() != nil || !d.AcceptBy.Equal(when("2026-11-03T08:30:00+07:00")) {
			t.Fatalf("state %s, accept by %v", d.State, d.AcceptBy)
		}
		h.now = h.now.Add(time.Hour)
		d = h.act(t, h.clerk, d, dossier.Accept, onestop.ActInput{})
		if due := d.Promise().DueAt; d.State != dossier.Accepted || !due.Equal(when("2026-11-04T17:00:00+07:00")) { // two days online
			t.Fatalf("state %s, due %s", d.State, due.In(zone))
		}
		in.OnBehalf = true
		if d, _ = h.receive(t, h.clerk, in); d.State != dossier.Accepted {
			t.Fatalf("entered at the counter it is accepted at once, not %s", d.State)
		}
	})
}

func TestNothingIsGuessed(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		for name, c := range map[string]struct {
			who  staff.Actor
			in   func(*onestop.ReceiveInput)
			code string
		}{
			"two deadlines":      {h.clerk, func(in *onestop.ReceiveInput) { in.Procedure = "9.000003" }, "variant-required"},
			"unknown procedure":  {h.clerk, func(in *onestop.ReceiveInput) { in.Procedure = "9.999999" }, "procedure-not-found"},
			"unknown variant":    {h.clerk, func(in *onestop.ReceiveInput) { in.Variant = "x" }, "variant-unknown"},
			"unknown agency":     {h.clerk, func(in *onestop.ReceiveInput) { in.DecidingAgency = "ZZ" }, "agency-not-found"},
			"another's counter":  {h.clerk, func(in *onestop.ReceiveInput) { in.ReceivingAgency = "X2" }, "not-your-agency"},
			"an officer":         {h.officer, func(*onestop.ReceiveInput) {}, "not-allowed"},
			"nobody":             {staff.Actor{}, func(*onestop.ReceiveInput) {}, "not-signed-in"},
			"nobody's name":      {h.clerk, func(in *onestop.ReceiveInput) { in.Applicant.Name = " " }, "dossier-invalid"},
			"tomorrow":           {h.clerk, func(in *onestop.ReceiveInput) { x := h.now.Add(time.Hour); in.ReceivedAt = &x }, "dossier-invalid"},
			"before the agency":  {h.clerk, func(in *onestop.ReceiveInput) { x := when("2019-01-02T08:00:00+07:00"); in.ReceivedAt = &x }, "agency-not-valid"},
			"no term by post":    {h.clerk, func(in *onestop.ReceiveInput) { in.Channel = catalog.Post }, "deadline-missing"},
			"a fax":              {h.clerk, func(in *onestop.ReceiveInput) { in.Channel = "FAX" }, "dossier-invalid"},
			"a commune's matter": {h.head, func(in *onestop.ReceiveInput) { in.Procedure = "9.000002" }, "deciding-agency-required"},
		} {
			in := input("9.000001")
			c.in(&in)
			if _, _, err := h.Receive(ctx, c.who, h.now, in); fault.As(err) == nil || fault.As(err).Code != c.code {
				t.Errorf("%s: got %v, want %s", name, err, c.code)
			}
		}
		in := input("9.000003")
		in.Variant = "9.000003.01"
		if d, _ := h.receive(t, h.clerk, in); d.Code != "H99.X1-261102-0001" {
			t.Errorf("what was refused must not use up a number: %s", d.Code)
		}
	})
}

func TestAClerkNeitherSeesNorTouchesAnothersDossiers(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		d, secret := h.receive(t, h.clerk, input("9.000002"))
		if d.DecidingID != h.commune.ID {
			t.Fatal("the commune of the counter decides a commune's matter")
		}
		if _, err := h.Act(ctx, h.otherClerk, h.now, d.Code, dossier.HandOver, d.Version, onestop.ActInput{}); !errors.Is(err, fault.NotFound) {
			t.Errorf("another commune's clerk: %v", err)
		}
		if _, err := h.store.DossierByCode(ctx, h.otherClerk.Scope(), d.Code); !errors.Is(err, fault.NotFound) {
			t.Errorf("another commune's clerk reads: %v", err)
		}
		if _, err := h.Act(ctx, h.auditor, h.now, d.Code, dossier.HandOver, d.Version, onestop.ActInput{}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("an auditor: %v", err)
		}
		if _, err := h.Act(ctx, h.administrator, h.now, d.Code, dossier.HandOver, d.Version, onestop.ActInput{}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("an administrator: %v", err)
		}
		if _, err := h.Lookup(ctx, d.Code, "0000000000"); !errors.Is(err, fault.NotFound) {
			t.Errorf("wrong secret: %v", err)
		}
		if _, err := h.Lookup(ctx, "H99.X1-261102-9999", secret); !errors.Is(err, fault.NotFound) {
			t.Errorf("wrong code: %v", err)
		}
		h.act(t, h.chief, d, dossier.HandOver, onestop.ActInput{}) // the province's head covers the commune
	})
}

func TestTwoClerksCannotTakeTheSameStep(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		d, _ := h.receive(t, h.clerk, input("9.000001"))
		d = h.act(t, h.clerk, d, dossier.HandOver, onestop.ActInput{})
		second := h.employ(t, "second.officer", staff.Officer, h.department)
		errs := make(chan error, 8)
		for i := range 8 {
			who := h.officer
			if i%2 == 1 {
				who = second
			}
			go func() {
				_, err := h.Act(ctx, who, h.now, d.Code, dossier.Take, d.Version, onestop.ActInput{})
				errs <- err
			}()
		}
		won := 0
		for range 8 {
			err := <-errs
			if err == nil {
				won++
			} else if !errors.Is(err, fault.Stale) && !errors.Is(err, fault.Conflict) {
				t.Errorf("lost by %v", err)
			}
		}
		if won != 1 {
			t.Fatalf("%d won", won)
		}
	})
}

func TestPossibleActionsSayWhyNot(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d, _ := h.receive(t, h.clerk, input("9.000001"))
		want := map[dossier.Action]string{
			dossier.HandOver: "", dossier.RequestSupplement: "", dossier.Withdraw: "",
			dossier.Accept: "wrong-state", dossier.Take: "wrong-state", dossier.Finish: "steps-open", dossier.Stop: "not-allowed",
			dossier.RequestPayment: "",
		}
		all, err := h.Possible(context.Background(), h.clerk, h.now, d)
		if err != nil || len(all) != len(dossier.Actions) {
			t.Fatalf("%d of %d actions, %v", len(all), len(dossier.Actions), err)
		}
		for _, p := range all {
			code, ok := want[p.Action]
			if !ok {
				continue
			}
			if p.Allowed != (code == "") || (p.Why != nil && p.Why.Code != code) {
				t.Errorf("%s: allowed %v, %v; want %q", p.Action, p.Allowed, p.Why, code)
			}
		}
	})
}

func TestAPersonsAnswerOutlivesTheNextImport(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		p, err := h.store.Procedure(ctx, "9.000003")
		if err != nil || !p.NeedsReview() {
			t.Fatalf("should need review: %+v, %v", p.Reviews, err)
		}
		term := p.Variants[0].Terms[0]
		term.Channel = ""
		if _, err := h.SetTerms(ctx, h.officer, h.now, p.Code, onestop.TermsInput{Terms: []catalog.Term{term}, Reason: "Điều 5"}); !errors.Is(err, fault.Forbidden) {
			t.Fatalf("an officer: %v", err)
		}
		if _, err := h.SetTerms(ctx, h.administrator, h.now, p.Code, onestop.TermsInput{}); !errors.Is(err, fault.Invalid) {
			t.Fatalf("nothing said: %v", err)
		}
		if p, err = h.SetTerms(ctx, h.administrator, h.now, p.Code, onestop.TermsInput{Terms: []catalog.Term{term}, Reason: "Điều 5"}); err != nil || p.Version != 2 || p.NeedsReview() {
			t.Fatalf("%+v, %v", p, err)
		}
		done, err := h.ImportProcedures(ctx, h.administrator, h.now, strings.NewReader(records), nil)
		if err != nil || done.Unchanged != 3 || len(done.NeedsReview) != 0 {
			t.Fatalf("%+v, %v", done, err)
		}
		h.receive(t, h.clerk, input("9.000003"))
	})
}

func TestAPasswordOpensASessionThatEnds(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		if _, err := h.CreateUser(ctx, h.administrator, h.now, onestop.NewUser{Username: "lan", Name: "Lan", Role: staff.Clerk, Agency: "X1", Password: "mật khẩu dài"}); err != nil {
			t.Fatal(err)
		}
		for _, wrong := range [][2]string{{"lan", "sai"}, {"ai", "mật khẩu dài"}, {"clerk", ""}} {
			if _, _, _, err := h.SignIn(ctx, h.now, wrong[0], wrong[1]); !errors.Is(err, fault.Unauthenticated) {
				t.Errorf("%v: %v", wrong, err)
			}
		}
		token, expires, actor, err := h.SignIn(ctx, h.now, "lan", "mật khẩu dài")
		if err != nil || actor.Username != "lan" || actor.AgencyPath != h.commune.Path {
			t.Fatalf("%+v, %v", actor, err)
		}
		if _, err := h.Identify(ctx, expires, token); !errors.Is(err, fault.Unauthenticated) {
			t.Errorf("after its end: %v", err)
		}
		if _, err := h.DisableUser(ctx, h.administrator, "lan"); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Identify(ctx, h.now, token); !errors.Is(err, fault.Unauthenticated) {
			t.Errorf("a disabled user: %v", err)
		}
		if _, _, err := h.CreateToken(ctx, staff.System(), h.now, "lan", "new", nil); fault.As(err) == nil || fault.As(err).Code != "user-disabled" {
			t.Errorf("a token for a disabled user: %v", err)
		}
	})
}

func TestTheLastAdministratorOfTheTopStays(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		local := h.employ(t, "local", staff.Administrator, h.commune)
		if _, err := h.DisableUser(ctx, h.administrator, "administrator"); fault.As(err) == nil || fault.As(err).Code != "last-administrator" {
			t.Errorf("the last one: %v", err)
		}
		if _, err := h.DisableUser(ctx, local, "local"); err != nil {
			t.Errorf("a commune's: %v", err)
		}
		h.employ(t, "second", staff.Administrator, h.province)
		if _, err := h.DisableUser(ctx, h.administrator, "administrator"); err != nil {
			t.Errorf("with another one there: %v", err)
		}
	})
}
