package onestop_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

func TestFourPlacesOfADossierAreFour(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		// Helped in the one commune, received and decided at the department, handed out in the other commune.
		in := input("9.000001")
		in.Channel, in.HelpedAgency, in.ReceivingAgency, in.ReturningAgency = catalog.Online, h.commune.Code, h.department.Code, h.elsewhere.Code
		d, _ := h.receive(t, h.clerk, in)
		if d.State != dossier.Registered || d.HelpedID != h.commune.ID || d.ReceivingID != h.department.ID || d.DecidingID != h.department.ID ||
			d.ReturningID != h.elsewhere.ID || !strings.HasPrefix(d.Code, h.department.Identifier+"-") {
			t.Fatalf("%+v", d)
		}
		// Whoever helped may follow it, and attach its papers; there is no action for them.
		if _, err := h.store.DossierByCode(context.Background(), h.clerk.Scope(), d.Code); err != nil {
			t.Fatal(err)
		}
		h.refused(t, h.clerk, d, dossier.Accept, onestop.ActInput{}, "not-your-agency")
		possible, err := h.Possible(context.Background(), h.clerk, h.now, d)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range possible {
			if p.Allowed {
				t.Errorf("who helped may %s", p.Action)
			}
		}
		for _, step := range []struct {
			who staff.Actor
			a   dossier.Action
			in  onestop.ActInput
		}{
			{h.head, dossier.Accept, onestop.ActInput{}},
			{h.head, dossier.HandOver, onestop.ActInput{}},
			{h.officer, dossier.CompleteStep, onestop.ActInput{}},
			{h.head, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Giấy phép", Number: "12/KQ"}}},
		} {
			d = h.act(t, step.who, d, step.a, step.in)
		}
		if d.HolderID != h.elsewhere.ID {
			t.Error("the result does not lie where it is to be handed out")
		}
		out := onestop.ActInput{HandedOut: &dossier.HandedOut{Method: dossier.ReturnInPerson, Originals: []string{"Bằng gốc"}, Signed: true}}
		h.refused(t, h.clerk, d, dossier.Return, out, "not-your-agency")
		d = h.act(t, h.otherClerk, d, dossier.Return, out)
		if d.Return.AgencyID != h.elsewhere.ID || d.Returning() != h.elsewhere.ID || out.HandedOut.AgencyID != uuid.Nil {
			t.Errorf("%+v, from %+v", d.Return, out.HandedOut)
		}
		for place, path := range map[store.Place]string{
			store.Decided: h.department.Path, store.Received: h.department.Path, store.Helped: h.commune.Path, store.Returned: h.elsewhere.Path,
		} {
			for _, a := range []catalog.Agency{h.department, h.commune, h.elsewhere} {
				n, err := h.store.CountDossiers(context.Background(), h.chief.Scope(), store.DossierFilter{Selection: store.Selection{Place: place, AgencyPath: a.Path}})
				if want := map[bool]int64{true: 1}[a.Path == path]; err != nil || n != want {
					t.Errorf("%s at %s: %d, not %d, %v", place, a.Code, n, want, err)
				}
			}
		}
		h.sound(t)
	})
}

func TestWhoHelpsFilesOnlineAndForOwnCounterOnly(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		for name, c := range map[string]struct {
			set  func(in *onestop.ReceiveInput)
			code string
		}{
			"over a counter": {func(in *onestop.ReceiveInput) { in.Channel = catalog.InPerson }, "not-online"},
			"on behalf, in person": {func(in *onestop.ReceiveInput) {
				in.Channel, in.HelpedAgency, in.ReceivingAgency, in.OnBehalf = catalog.InPerson, "", "", true
			}, "not-online"},
			"on behalf, by post": {func(in *onestop.ReceiveInput) {
				in.Channel, in.HelpedAgency, in.ReceivingAgency, in.OnBehalf = catalog.Post, "", "", true
			}, "not-online"},
			"at another's counter":   {func(in *onestop.ReceiveInput) { in.HelpedAgency = h.elsewhere.Code }, "not-your-agency"},
			"at no counter":          {func(in *onestop.ReceiveInput) { in.HelpedAgency = "không có" }, "agency-not-found"},
			"accepted for elsewhere": {func(in *onestop.ReceiveInput) { in.OnBehalf = true }, "not-your-agency"},
			"handed out nowhere":     {func(in *onestop.ReceiveInput) { in.ReturningAgency = "không có" }, "agency-not-found"},
		} {
			in := input("9.000001")
			in.Channel, in.HelpedAgency, in.ReceivingAgency = catalog.Online, h.commune.Code, h.department.Code
			c.set(&in)
			_, _, err := h.Receive(context.Background(), h.clerk, h.now, in)
			if f := fault.As(err); f == nil || f.Code != c.code {
				t.Errorf("%s: %v, not %s", name, err, c.code)
			}
		}
	})
}

func TestACounterTakesInWhatItMayAndNamesWhoElseDoes(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		bound := rules
		bound.ID, bound.EffectiveFrom, bound.Counters = "bound", "2026-11-02", dossier.BoundCounters
		if err := h.KeepRules(ctx, staff.System(), h.now, bound); err != nil {
			t.Fatal(err)
		}
		_, _, err := h.Receive(ctx, h.clerk, h.now, input("9.000001"))
		if f := fault.As(err); f == nil || f.Code != "other-counter" || !errors.Is(err, fault.Invalid) || !strings.Contains(f.Detail, h.department.Name) {
			t.Fatalf("a commune takes in what the department decides: %v", err)
		}
		h.receive(t, h.head, input("9.000001"))  // the department's own counter
		h.receive(t, h.clerk, input("9.000002")) // the commune decides itself
		other := input("9.000002")
		other.DecidingAgency = h.elsewhere.Code
		if _, _, err := h.Receive(ctx, h.clerk, h.now, other); fault.As(err) == nil || fault.As(err).Code != "other-counter" {
			t.Fatalf("a commune takes in what another commune decides: %v", err)
		}
		p, err := h.store.Procedure(ctx, "9.000001")
		if err != nil {
			t.Fatal(err)
		}
		p.NonBoundary, p.Version, p.VersionID = true, p.Version+1, uuid.Must(uuid.NewV7())
		if err := h.store.AddProcedureVersion(ctx, p, h.now); err != nil {
			t.Fatal(err)
		}
		h.receive(t, h.clerk, input("9.000001"))
	})
}

func TestWhoWasAskedIsNotRefusedBeforeTheTimeIsUp(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		in := input("9.000001")
		in.Channel = catalog.Online
		d, _ := h.receive(t, h.clerk, in)
		past, soon := h.now.Add(-time.Hour), h.now.Add(48*time.Hour)
		h.refused(t, h.clerk, d, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu giấy tờ", Papers: []string{"bản vẽ"}, AnswerBy: &past}, "action-invalid")
		d = h.act(t, h.clerk, d, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu giấy tờ", Papers: []string{"bản vẽ"}, AnswerBy: &soon})
		h.refused(t, h.clerk, d, dossier.Refuse, onestop.ActInput{Reason: "không bổ sung giấy tờ"}, "answer-open")
		h.refused(t, h.chief, d, dossier.Stop, stopping, "not-accepted")
		h.now = soon
		if n, err := h.ScanLate(context.Background(), h.now); err != nil || n == 0 {
			t.Fatalf("%d alerts, %v", n, err)
		}
		alerts, _, err := h.store.Alerts(context.Background(), h.clerk.Scope(), store.AlertFilter{Kind: dossier.AnswerOverdue}, store.Page{})
		if err != nil || len(alerts) != 2 || !alerts[0].DueAt.Equal(soon) { // to the officer and to the head
			t.Fatalf("%+v, %v", alerts, err)
		}
		h.refused(t, h.clerk, d, dossier.Refuse, onestop.ActInput{}, "action-invalid") // a day that an officer chose is no reason of its own
		d = h.act(t, h.clerk, d, dossier.Refuse, onestop.ActInput{Reason: "không bổ sung giấy tờ"})
		if d.State != dossier.Refused || d.Asked != nil {
			t.Errorf("%+v", d)
		}
		// Without one named, the rules give ten working days; an accepted dossier is stopped for it.
		d = h.act(t, h.clerk, walkIn(t, h), dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu giấy tờ", Papers: []string{"bản vẽ"}})
		if d.AnswerBy() == nil || d.AnswerBy().Before(h.now.AddDate(0, 0, 10)) {
			t.Fatalf("%v", d.AnswerBy())
		}
		h.refused(t, h.head, d, dossier.Stop, onestop.ActInput{}, "action-invalid")
		h.now = *d.AnswerBy()
		d = h.act(t, h.head, d, dossier.Stop, onestop.ActInput{})
		if d.State != dossier.Stopped || d.Reason == "" {
			t.Errorf("%+v", d)
		}
		h.sound(t)
	})
}

func TestARecallMakesNothingEarlierOrUncounted(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d := h.inProgress(t)
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		h.now = h.now.AddDate(0, 0, 14) // far too late
		d = h.act(t, h.head, d, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Giấy phép", Number: "12/KQ"}})
		first := *d.FinishedAt
		if d.Timing(h.now) != "LATE" {
			t.Fatalf("it is %s", d.Timing(h.now))
		}
		h.refused(t, h.officer, d, dossier.Recall, onestop.ActInput{Reason: "kết quả ghi sai tên"}, "not-allowed")
		h.refused(t, h.head, d, dossier.Recall, onestop.ActInput{}, "action-invalid")
		d = h.act(t, h.head, d, dossier.Recall, onestop.ActInput{Reason: "kết quả ghi sai tên"})
		if len(d.Resumptions) != 1 || !d.Resumptions[0].FinishedAt.Equal(first) || d.Resumptions[0].State != dossier.Resolved || d.Resumptions[0].Reason != "kết quả ghi sai tên" {
			t.Fatalf("%+v", d.Resumptions)
		}
		h.refused(t, h.clerk, d, dossier.Withdraw, withdrawing, "already-resolved")
		h.refused(t, h.head, d, dossier.Stop, stopping, "already-resolved")
		d = h.act(t, h.head, d, dossier.RequestSupplement, onestop.ActInput{Reason: "lý do nêu đầy đủ", Papers: []string{"bản vẽ"}})
		h.now = h.now.AddDate(0, 0, 7)
		d = h.act(t, h.clerk, d, dossier.CompleteSupplement, onestop.ActInput{Papers: []string{"bản vẽ"}})
		d = h.act(t, h.head, d, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Giấy phép", Number: "12/KQ"}})
		if d.Timing(h.now) != "LATE" || !d.FinishedAt.After(first) {
			t.Errorf("%s, finished %s", d.Timing(h.now), d.FinishedAt)
		}
		h.sound(t)
	})
}

// Nobody brings what a recalled dossier lacks: then it ends by a superior's document, and what was late stays counted.
func TestARecalledDossierThatNobodyAnswersForIsStopped(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		recalled := func(late bool) dossier.Dossier {
			h.now = when("2026-11-02T08:30:00+07:00")
			d := h.act(t, h.officer, h.inProgress(t), dossier.CompleteStep, onestop.ActInput{})
			if late {
				h.now = h.now.AddDate(0, 0, 14)
			}
			d = h.act(t, h.head, d, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Giấy phép"}})
			d = h.act(t, h.head, d, dossier.Recall, onestop.ActInput{Reason: "kết quả ghi sai tên"})
			return h.act(t, h.head, d, dossier.RequestSupplement, onestop.ActInput{Reason: "lý do nêu đầy đủ", Papers: []string{"bản vẽ"}})
		}
		for _, late := range []bool{true, false} {
			d := recalled(late)
			if (d.Suspended() == nil) != late {
				t.Fatalf("late %v, and the clock: %+v", late, d.Suspended())
			}
			h.now = d.AnswerBy().Add(-time.Second)
			h.refused(t, h.head, d, dossier.Stop, stopping, "already-resolved")
			h.now = *d.AnswerBy()
			h.refused(t, h.clerk, d, dossier.Withdraw, withdrawing, "already-resolved")
			h.refused(t, h.officer, d, dossier.Stop, stopping, "not-allowed")
			h.refused(t, h.head, d, dossier.Stop, onestop.ActInput{}, "action-invalid") // a silence is no document
			h.act(t, h.head, d, dossier.Stop, stopping)
		}
		h.now = h.now.AddDate(0, 1, 0)
		rows, err := h.store.OnTime(context.Background(), staff.System().Scope(), store.ReportQuery{Period: store.Period{
			From: when("2026-11-01T00:00:00+07:00"), To: when("2027-01-01T00:00:00+07:00"), Now: h.now,
		}})
		if err != nil || rows[0].EndedOtherwise != 2 || rows[0].EndedOverdue != 1 {
			t.Fatalf("%+v, %v", rows, err)
		}
		h.sound(t)
	})
}

func TestWhatIsMissingOfAReturnIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d := h.inProgress(t)
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		d = h.act(t, h.head, d, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Giấy phép", Number: "12/KQ"}})
		for want, out := range map[string]dossier.HandedOut{
			"handed_out.tracking handed_out.address handed_out.receiver handed_out.document": {Method: dossier.ReturnPost, Party: dossier.Authorised},
			"handed_out.file_no handed_out.originals[0]":                                     {Method: dossier.ReturnOnline, Originals: []string{" "}},
			"handed_out.method handed_out.party":                                             {Method: "PIGEON", Party: "CROWD"},
		} {
			_, err := h.Act(context.Background(), h.clerk, h.now, d.Code, dossier.Return, d.Version, onestop.ActInput{HandedOut: &out})
			f := fault.As(err)
			if f == nil {
				t.Fatalf("%+v: %v", out, err)
			}
			var got []string
			for _, x := range f.Fields {
				got = append(got, x.Name)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%v, not %s", got, want)
			}
		}
		h.act(t, h.clerk, d, dossier.Return, onestop.ActInput{HandedOut: &dossier.HandedOut{
			Method: dossier.ReturnPost, Party: dossier.Authorised, Receiver: "Bà Nhận", Document: "093190000002", Tracking: "EK1VN", Address: "Ấp Một",
		}})
	})
}

// walkIn is a dossier that was accepted at once.
func walkIn(t *testing.T, h *house) dossier.Dossier {
	t.Helper()
	d, _ := h.receive(t, h.clerk, input("9.000001"))
	return d
}

func TestOnlyAnAgencyThatTheRecordNamesDecides(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		other := h.place(t, &h.province, "SK", "Sở Khác", catalog.Department, catalog.Province)
		made := 0
		branch := h.place(t, &h.department, "CC", "Chi cục Thử", catalog.OtherAgency, catalog.Province)
		for name, c := range map[string]struct {
			change    func(p *catalog.Procedure)
			procedure string
			deciding  catalog.Agency
			code      string
		}{
			"the one it names":                     {nil, "9.000001", h.department, ""},
			"a unit of the one it names":           {nil, "9.000001", branch, ""},
			"another of that level":                {nil, "9.000001", other, "agency-not-competent"},
			"the committee above":                  {nil, "9.000001", h.province, "agency-not-competent"},
			"a commune":                            {nil, "9.000001", h.commune, "agency-not-competent"},
			"of the level, where it describes":     {nil, "9.000002", h.commune, ""},
			"of another level, where it describes": {nil, "9.000002", h.department, "agency-not-competent"},
			"an authority it names":                {func(p *catalog.Procedure) { p.Authorities = []string{"SỞ KHÁC"} }, "9.000001", other, ""},
			"level alone, right":                   {func(p *catalog.Procedure) { p.Agencies = nil }, "9.000001", other, ""},
			"level alone, wrong":                   {func(p *catalog.Procedure) { p.Agencies = nil }, "9.000001", h.commune, "agency-not-competent"},
			"nothing is said":                      {func(p *catalog.Procedure) { p.Agencies, p.Levels = nil, nil }, "9.000001", h.commune, ""},
			"a district's, after districts":        {func(p *catalog.Procedure) { p.Agencies, p.Levels = nil, []catalog.Level{catalog.District} }, "9.000001", h.commune, ""},
		} {
			p, err := h.store.Procedure(ctx, c.procedure)
			if err != nil {
				t.Fatal(err)
			}
			if c.change != nil {
				made++
				p.ID, p.VersionID, p.Code = uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7()), fmt.Sprintf("9.1%05d", made)
				c.change(&p)
				if err := h.store.AddProcedure(ctx, p, h.now); err != nil {
					t.Fatal(err)
				}
			}
			in := input(p.Code)
			in.DecidingAgency = c.deciding.Code
			_, _, err = h.Receive(ctx, h.chief, h.now, in)
			f := fault.As(err)
			switch {
			case c.code == "" && err != nil:
				t.Errorf("%s: %v", name, err)
			case c.code != "" && (f == nil || f.Code != c.code || len(f.Fields) != 1 || f.Fields[0].Name != "deciding_agency"):
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestAPaymentIsAskedForByTheCounterUntilTheDossierIsHandedOver(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		vnd := int64(90_000)
		ask := onestop.ActInput{Fees: []dossier.FeeLine{{Kind: dossier.Duty, Name: "tiền sử dụng đất", VND: &vnd}}}
		d, _ := h.receive(t, h.clerk, input("9.000001"))
		h.refused(t, h.officer, d, dossier.RequestPayment, ask, "not-allowed")
		h.refused(t, h.head, d, dossier.RequestPayment, ask, "not-your-agency")
		d = h.act(t, h.clerk, d, dossier.RequestPayment, ask)
		if d.State != dossier.PaymentRequired {
			t.Fatalf("state %s", d.State)
		}
		d = h.act(t, h.clerk, d, dossier.PayFees, paid(1, "8"))
		d = h.act(t, h.clerk, d, dossier.ConfirmPayment, onestop.ActInput{})
		if d.State != dossier.InProgress || d.StepNo != 1 {
			t.Fatalf("paid: state %s, step %d", d.State, d.StepNo)
		}
		h.refused(t, h.clerk, d, dossier.RequestPayment, ask, "not-allowed")
		h.act(t, h.officer, d, dossier.RequestPayment, ask)

		p, err := h.store.Procedure(context.Background(), "9.000002")
		if err != nil {
			t.Fatal(err)
		}
		p.ID, p.VersionID, p.Code, p.OnTheSpot = uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7()), "9.000012", true
		if err := h.store.AddProcedure(context.Background(), p, h.now); err != nil {
			t.Fatal(err)
		}
		d, _ = h.receive(t, h.clerk, input(p.Code)) // done by the counter itself, there is no step to hand it to
		d = h.act(t, h.clerk, d, dossier.RequestPayment, ask)
		d = h.act(t, h.clerk, d, dossier.PayFees, paid(1, "9"))
		d = h.act(t, h.clerk, d, dossier.ConfirmPayment, onestop.ActInput{})
		h.act(t, h.clerk, d, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Bản sao", Number: "12/KQ"}})
		h.sound(t)
	})
}
