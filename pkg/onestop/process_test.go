package onestop_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/worktime"
)

func hours(n uint32) *worktime.Term {
	return &worktime.Term{Value: worktime.Whole(n), Unit: worktime.Hour}
}

// beside has the department and the applicant's commune work side by side, then the head signs.
var beside = onestop.ProcessInput{
	Decision: "QĐ 12/QĐ-UBND ngày 01/10/2026", Excluded: []string{"OPINION"},
	Steps: []catalog.Step{
		{Stage: 1, Name: "Thẩm định", Agency: catalog.AtDeciding, Role: string(staff.Officer), Term: hours(8)},
		{Stage: 1, Name: "Xác nhận của xã", Agency: catalog.AtCommune, Role: string(staff.Officer), Term: hours(4)},
		{Stage: 2, Name: "Ký duyệt", Agency: catalog.AtDeciding, Role: string(staff.Supervisor), Term: hours(2)},
	},
}

// besides has the process set and a dossier handed over to both agencies, on Monday at 08:30.
func besides(t *testing.T, h *house) (dossier.Dossier, staff.Actor) {
	t.Helper()
	return goesThrough(t, h, beside)
}

func goesThrough(t *testing.T, h *house, process onestop.ProcessInput) (dossier.Dossier, staff.Actor) {
	t.Helper()
	if _, err := h.SetProcess(context.Background(), h.administrator, h.now, "9.000001", process); err != nil {
		t.Fatal(err)
	}
	villager := h.employ(t, "villager", staff.Officer, h.commune)
	h.now = h.now.Add(time.Minute)
	d, _ := h.receive(t, h.clerk, input("9.000001"))
	return h.act(t, h.clerk, d, dossier.HandOver, onestop.ActInput{}), villager
}

func sound(t *testing.T, h *house) {
	t.Helper()
	v, err := h.Verify(context.Background(), h.now, false, nil)
	if err != nil || len(v.Findings) > 0 {
		t.Errorf("verify: %+v, %v", v.Findings, err)
	}
}

func refused(t *testing.T, h *house, who staff.Actor, d dossier.Dossier, a dossier.Action, in onestop.ActInput, code string) {
	t.Helper()
	_, err := h.Act(context.Background(), who, h.now, d.Code, a, d.Version, in)
	if f := fault.As(err); f == nil || f.Code != code {
		t.Errorf("%s: %v, want %s", a, err, code)
	}
}

func TestStepsOfOneStageRunSideBySide(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		d, villager := besides(t, h)
		if got := d.UnderWay(); len(got) != 2 || got[0].AgencyID != h.department.ID || got[1].AgencyID != h.commune.ID {
			t.Fatalf("under way: %+v", got)
		}
		// Each sees it and finds its own step without naming it; the other's is not its own.
		if _, err := h.store.DossierByCode(ctx, villager.Scope(), d.Code); err != nil {
			t.Fatal(err)
		}
		refused(t, h, villager, d, dossier.Take, onestop.ActInput{Step: 1}, "not-your-agency")
		d = h.act(t, villager, d, dossier.Take, onestop.ActInput{})
		d = h.act(t, h.officer, d, dossier.Take, onestop.ActInput{})
		refused(t, h, h.chief, d, dossier.CompleteStep, onestop.ActInput{}, "step-required")
		refused(t, h, h.head, d, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Kết quả", Number: "12/KQ"}}, "steps-open")
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		if d.StepNo != 2 || d.HolderID != h.commune.ID {
			t.Fatalf("step %d at %s is left", d.StepNo, d.HolderID)
		}
		h.now = when("2026-11-02T16:00:00+07:00")
		d = h.act(t, villager, d, dossier.CompleteStep, onestop.ActInput{Note: "đúng"})
		if d.StepNo != 3 || d.Step().Mark == nil || !d.Step().Mark.DueAt.Equal(when("2026-11-03T08:00:00+07:00")) {
			t.Fatalf("two hours from 16:00: %+v", d.Step())
		}
		d = h.act(t, h.head, d, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Giấy phép", Number: "12/KQ"}})
		if d.State != dossier.Resolved || len(d.Turns) != 4 {
			t.Fatalf("state %s, %d turns", d.State, len(d.Turns))
		}
		sound(t, h)
	})
}

func TestWhoStandsBesideIsSeenAndWarnedToo(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		x3 := h.place(t, &h.province, "X3", "Xã Ba", catalog.CommuneCommittee, catalog.Commune)
		there := h.employ(t, "x3.officer", staff.Officer, x3)
		if _, err := h.SetProcess(ctx, h.administrator, h.now, "9.000001", beside); err != nil {
			t.Fatal(err)
		}
		in := input("9.000001")
		in.Commune = "X3"
		h.now = h.now.Add(time.Minute)
		d, _ := h.receive(t, h.clerk, in)
		listed := func() int64 {
			n, err := h.store.CountDossiers(ctx, there.Scope(), store.DossierFilter{})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if listed() != 0 {
			t.Error("a commune sees a dossier that has not reached it")
		}
		d = h.act(t, h.clerk, d, dossier.HandOver, onestop.ActInput{})
		if listed() != 1 {
			t.Error("a commune with a step beside the first does not see the dossier")
		}
		d = h.act(t, there, d, dossier.Take, onestop.ActInput{})
		if n, err := h.store.CountDossiers(ctx, h.chief.Scope(), store.DossierFilter{OfficerID: there.ID}); err != nil || n != 1 {
			t.Errorf("%d in the hands of the officer, %v", n, err)
		}
		h.now = when("2026-11-03T17:00:00+07:00")
		if _, err := h.ScanLate(ctx, h.now); err != nil {
			t.Fatal(err)
		}
		late := map[int]bool{}
		alerts, _, err := h.store.Alerts(ctx, h.chief.Scope(), store.AlertFilter{}, store.Page{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range alerts {
			if a.Kind == dossier.StepLate {
				late[a.StepNo] = true
			}
		}
		if diff := cmp.Diff(map[int]bool{1: true, 2: true}, late); diff != "" {
			t.Errorf("late steps: %s", diff)
		}
		d = h.act(t, there, d, dossier.CompleteStep, onestop.ActInput{})
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{Step: 1})
		if listed() != 1 {
			t.Error("a commune that may still recall its step does not see the dossier")
		}
		d = h.act(t, there, d, dossier.RecallStep, onestop.ActInput{Step: 2, Reason: "sót chữ ký"})
		d = h.act(t, there, d, dossier.CompleteStep, onestop.ActInput{})
		d = h.act(t, h.head, d, dossier.Stop, stopping)
		if listed() != 0 {
			t.Error("a commune sees a dossier that is over")
		}
		if d = h.act(t, h.head, d, dossier.Reopen, onestop.ActInput{Reason: "mở lại để giải quyết tiếp"}); d.StepNo != 3 {
			t.Errorf("re-opened at step %d", d.StepNo)
		}
		sound(t, h)
	})
}

func TestAProcessThatCannotWorkIsRefusedWithAllThatIsWrong(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		bad := onestop.ProcessInput{Excluded: []string{"COFFEE"}, Steps: []catalog.Step{
			{Stage: 1, Name: "", Agency: "NOWHERE", Role: "KING", Term: hours(20)},
			{Stage: 2, Name: "Ký", Agency: catalog.AtDeciding, Role: string(staff.Supervisor), Term: hours(5)},
			{Stage: 2, Name: "Đóng dấu", Agency: "", Role: string(staff.Clerk)},
		}}
		_, err := h.SetProcess(context.Background(), h.administrator, h.now, "9.000001", bad)
		f := fault.As(err)
		if f == nil || f.Code != "process-invalid" {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, x := range f.Fields {
			got[x.Name] = x.Code
		}
		want := map[string]string{ // two working days online are sixteen hours, and the stages take twenty and five
			"decision": "required", "process[0].name": "required", "process[0].role": "unknown", "process[0].agency": "agency-not-found",
			"process[2].agency": "required", "process[2].stage": "no-end", "process": "too-long-process", "excluded[0]": "unknown",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if _, err := h.SetProcess(context.Background(), h.head, h.now, "9.000001", beside); !errors.Is(err, fault.Forbidden) {
			t.Errorf("set by a head: %v", err)
		}
	})
}

func TestAStepIsAssignedPassedOnGivenBackAndHandedOnInBulk(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		second := h.employ(t, "second", staff.Officer, h.department)
		d, _ := besides(t, h)
		d = h.act(t, h.head, d, dossier.Assign, onestop.ActInput{Assign: &onestop.AssignInput{Main: "officer", Support: []string{"second"}}})
		refused(t, h, second, d, dossier.Take, onestop.ActInput{Step: 1}, "step-taken")
		refused(t, h, second, d, dossier.Assign, onestop.ActInput{Step: 1, Assign: &onestop.AssignInput{Main: "second"}}, "not-allowed")
		d = h.act(t, h.officer, d, dossier.Take, onestop.ActInput{})
		d = h.act(t, h.officer, d, dossier.Assign, onestop.ActInput{Assign: &onestop.AssignInput{Main: "second"}}) // passed on
		d = h.act(t, second, d, dossier.Take, onestop.ActInput{})
		d = h.act(t, second, d, dossier.GiveBack, onestop.ActInput{Reason: "nghỉ phép"})
		d = h.act(t, h.officer, d, dossier.Take, onestop.ActInput{})
		_, err := h.Act(ctx, h.head, h.now, d.Code, dossier.Assign, d.Version, onestop.ActInput{Step: 1, Assign: &onestop.AssignInput{Main: "clerk", Unit: "X1"}})
		if f := fault.As(err); f == nil || len(f.Fields) != 2 {
			t.Errorf("a clerk of a commune, as a unit of the department: %v", err)
		}
		if _, err := h.Reassign(ctx, h.officer, h.now, onestop.ReassignInput{From: "officer", To: "second", Reason: "chuyển công tác"}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("handed on by an officer: %v", err)
		}
		done, err := h.Reassign(ctx, h.head, h.now, onestop.ReassignInput{From: "officer", To: "second", Reason: "chuyển công tác"})
		if diff := cmp.Diff([]onestop.Reassigned{{Code: d.Code, StepNo: 1}}, done); err != nil || diff != "" {
			t.Errorf("%s, %v", diff, err)
		}
		again, err := h.Reassign(ctx, h.head, h.now, onestop.ReassignInput{From: "officer", To: "second", Reason: "chuyển công tác"})
		if err != nil || len(again) != 0 {
			t.Errorf("a second time: %+v, %v", again, err)
		}
		wrong, err := h.Reassign(ctx, h.chief, h.now, onestop.ReassignInput{From: "second", To: "clerk", Reason: "thử"})
		if err != nil || len(wrong) != 1 || wrong[0].Why == nil {
			t.Errorf("to somebody who cannot: %+v, %v", wrong, err)
		}
		sound(t, h)
	})
}

func TestACompletedStepIsRecalledWhileNobodyHasTouchedWhatFollows(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d, villager := besides(t, h)
		d = h.act(t, villager, d, dossier.CompleteStep, onestop.ActInput{})
		h.now = when("2026-11-02T10:30:00+07:00")
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		due := d.Steps[0].Mark.DueAt
		h.now = when("2026-11-02T11:00:00+07:00")
		d = h.act(t, h.officer, d, dossier.RecallStep, onestop.ActInput{Reason: "còn sót một trang"})
		if d.StepNo != 1 || !d.Steps[0].Mark.DueAt.Equal(due.Add(30*time.Minute)) || d.Steps[2].StartedAt != nil || d.Steps[1].DoneAt == nil {
			t.Fatalf("after the recall: %+v", d.Steps)
		}
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		d = h.act(t, h.head, d, dossier.Take, onestop.ActInput{})
		refused(t, h, h.officer, d, dossier.RecallStep, onestop.ActInput{Step: 1, Reason: "còn sót một trang"}, "step-taken")
		d = h.act(t, h.head, d, dossier.SendBack, onestop.ActInput{ToStage: 1, Reason: "thẩm định lại"})
		if got := d.UnderWay(); len(got) != 2 || got[1].DoneAt != nil || !got[0].StartedAt.Equal(h.now.UTC()) {
			t.Fatalf("sent back: %+v", got)
		}
		sound(t, h)
	})
}

func TestAReopenedDossierGoesOnWhereItWasStopped(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d, villager := besides(t, h)
		d = h.act(t, villager, d, dossier.CompleteStep, onestop.ActInput{})
		d = h.act(t, h.head, d, dossier.Stop, stopping)
		d = h.act(t, h.head, d, dossier.Reopen, onestop.ActInput{Reason: "mở lại để giải quyết tiếp"})
		if open := d.UnderWay(); len(open) != 1 || open[0].No != 1 || d.Steps[2].StartedAt != nil {
			t.Errorf("under way: %+v", open)
		}
		refused(t, h, h.head, d, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Kết quả", Number: "12/KQ"}}, "steps-open")
		sound(t, h)
	})
}

func TestAUnitAndWhoeverIsNamedThereSeeAndDoTheStep(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		unit := h.place(t, &h.department, "DD-1", "Phòng Thẩm định", catalog.OtherAgency, catalog.Province)
		other := h.place(t, &h.department, "DD-2", "Phòng Pháp chế", catalog.OtherAgency, catalog.Province)
		main, beside, lawyer, stranger := h.employ(t, "main", staff.Officer, unit), h.employ(t, "beside", staff.Officer, unit),
			h.employ(t, "lawyer", staff.Officer, other), h.employ(t, "stranger", staff.Officer, other)
		d := h.inProgress(t)
		refused(t, h, main, d, dossier.Take, onestop.ActInput{}, "dossier-not-found")
		d = h.act(t, h.head, d, dossier.Assign, onestop.ActInput{Assign: &onestop.AssignInput{Unit: unit.Code, Main: "main"}})
		refused(t, h, lawyer, d, dossier.Contribute, onestop.ActInput{Note: "đúng luật"}, "dossier-not-found")
		d = h.act(t, h.head, d, dossier.Assign, onestop.ActInput{Assign: &onestop.AssignInput{Unit: unit.Code, Main: "main", Support: []string{"lawyer"}}})
		for _, who := range []staff.Actor{main, beside, lawyer} {
			list, _, err := h.store.Dossiers(ctx, who.Scope(), store.DossierFilter{}, store.Page{})
			if err != nil || len(list) != 1 {
				t.Errorf("%s sees %d dossiers, %v", who.Username, len(list), err)
			}
		}
		d = h.act(t, main, d, dossier.Take, onestop.ActInput{})
		d = h.act(t, lawyer, d, dossier.Contribute, onestop.ActInput{Note: "đúng luật"})
		d = h.act(t, beside, d, dossier.Contribute, onestop.ActInput{Note: "đã kiểm tra thực địa"})
		refused(t, h, stranger, d, dossier.Contribute, onestop.ActInput{Note: "tôi nữa"}, "not-in-support")
		h.now = d.Step().Mark.LateFrom.Add(time.Minute)
		if n, err := h.store.RaiseAlerts(ctx, h.now); err != nil || n == 0 {
			t.Fatal(n, err)
		}
		alerts, _, err := h.store.Alerts(ctx, main.Scope(), store.AlertFilter{Mine: main.ID}, store.Page{})
		if err != nil || len(alerts) != 1 || alerts[0].Audience != dossier.ToOfficer {
			t.Errorf("the main officer is told %+v, %v", alerts, err)
		}
		h.act(t, main, d, dossier.CompleteStep, onestop.ActInput{Note: "đủ điều kiện"})
		sound(t, h)
	})
}

func TestLatenessFallsToWhoUsedTheTimeAndAddsUp(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		d, villager := besides(t, h) // promised Friday 17:00, late from Saturday, which is worked
		h.now = when("2026-11-03T09:31:00+07:00")
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{}) // eight hours were up on Tuesday 08:31: judged to the second
		h.now = when("2026-11-07T09:00:00+07:00")
		d = h.act(t, villager, d, dossier.BeginWait, onestop.ActInput{Wait: &dossier.Wait{Cause: dossier.ForSigning, Body: "Hộ liền kề"}})
		h.now = when("2026-11-07T10:00:00+07:00")
		d = h.act(t, villager, d, dossier.EndWait, onestop.ActInput{Note: "đã kiểm tra, biên bản 05/BB"})
		d = h.act(t, villager, d, dossier.CompleteStep, onestop.ActInput{})
		h.now = when("2026-11-07T11:00:00+07:00")
		d = h.act(t, h.head, d, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Giấy phép", Number: "12/KQ"}})
		legs, err := h.Legs(ctx, d, h.now)
		if err != nil {
			t.Fatal(err)
		}
		type line struct {
			Name, Outside    string
			Used, Over, Late int64
		}
		var got []line
		var sum int64
		for _, l := range legs.Items {
			got = append(got, line{l.Name, l.Outside, l.Used, l.Over, l.Late})
			sum += l.Late
		}
		// Saturday from 07:00 to 11:00 are four hours late. The department went over by one hour, less the instant in which it was still in
		// time, the commune by 28 h 29 min (its four hours from Monday 08:31 were up at 14:31: 2 h 29 min are left of Monday, 8 h each of
		// Tuesday, Wednesday and Friday, and 2 h of Saturday); the hour of waiting is the neighbours'. Where two were over at once, each
		// bears a half: in proportion to 1,800, 100,739 and 3,600 seconds.
		want := []line{
			{"", "", 0, 0, 0},
			{"Thẩm định", "", 9 * 3600, 3599, 244},
			{"Xác nhận của xã", "", 32*3600 + 29*60, 28*3600 + 29*60 - 1, 13667},
			{"Xác nhận của xã", "Hộ liền kề", 3600, 3600, 489},
			{"Ký duyệt", "", 3600, 0, 0},
		}
		if legs.Late != 4*3600 || sum != legs.Late {
			t.Errorf("late by %d, of which the legs bear %d", legs.Late, sum)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		report, err := h.Lateness(ctx, h.chief, h.now, store.DossierFilter{})
		if err != nil || report.Late != legs.Late || report.Dossiers != 1 || len(report.Rows) != 3 || report.Rows[0].AgencyID != h.commune.ID {
			t.Errorf("%+v, %v", report, err)
		}
		sound(t, h)
	})
}

func TestALateDossierThatIsStoppedStaysToBeSeen(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d, _ := besides(t, h)
		other, _ := h.receive(t, h.clerk, input("9.000001"))
		h.act(t, h.clerk, other, dossier.Withdraw, withdrawing) // in time
		h.now = when("2026-11-07T09:00:00+07:00")               // two hours after it became late
		h.act(t, h.head, d, dossier.Stop, stopping)
		report, err := h.Lateness(context.Background(), h.chief, h.now, store.DossierFilter{States: []dossier.State{dossier.Stopped, dossier.Withdrawn}})
		if err != nil || report.Dossiers != 1 || report.Late != 2*3600 {
			t.Errorf("%+v, %v", report, err)
		}
	})
}
