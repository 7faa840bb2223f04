package onestop_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/worktime"
)

// asked has the department begin, then ask itself and the commune side by side, then sign.
var asked = onestop.ProcessInput{
	Decision: "QĐ 13/QĐ-UBND ngày 01/10/2026", Excluded: []string{"OPINION"},
	Steps: []catalog.Step{
		{Stage: 1, Name: "Thẩm định", Agency: catalog.AtDeciding, Role: string(staff.Officer), Term: hours(4)},
		{Stage: 2, Name: "Lấy ý kiến", Agency: catalog.AtDeciding, Role: string(staff.Officer), Term: hours(4)},
		{Stage: 2, Name: "Xác nhận của xã", Agency: catalog.AtCommune, Role: string(staff.Officer), Term: hours(2)},
		{Stage: 3, Name: "Ký duyệt", Agency: catalog.AtDeciding, Role: string(staff.Supervisor), Term: hours(1)},
	},
}

// on is a time of Monday, 2 November.
func on(clock string) time.Time { return when("2026-11-02T" + clock + ":00+07:00") }

// sendBack is from a step to a stage.
func sendBack(step, stage int) onestop.ActInput {
	return onestop.ActInput{Step: step, ToStage: stage, Reason: "còn thiếu bản đồ"}
}

func recallOf(step int) onestop.ActInput {
	return onestop.ActInput{Step: step, Reason: "còn sót một trang"}
}

// lateSteps are the alerts of late steps since somebody last looked: by step, when it was due.
func lateSteps(t *testing.T, h *house) []string {
	t.Helper()
	ctx := context.Background()
	if _, err := h.ScanLate(ctx, h.now); err != nil {
		t.Fatal(err)
	}
	alerts, _, err := h.store.Alerts(ctx, h.chief.Scope(), store.AlertFilter{}, store.Page{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, a := range alerts {
		if said := string(rune('0'+a.StepNo)) + " " + a.DueAt.In(zone).Format("15:04"); a.Kind == dossier.StepLate && a.RaisedAt.Equal(h.now) && !slices.Contains(all, said) {
			all = append(all, said)
		}
	}
	return all
}

func TestSendingBackGivesNobodyTimeAnew(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d, villager := goesThrough(t, h, asked) // at 08:31: until 14:31
		h.now = on("09:01")
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		h.now = on("10:31") // half an hour of two is left to the commune, two and a half of four to the department
		d = h.act(t, villager, d, dossier.SendBack, sendBack(3, 1))
		dueAt(t, "the first step, with 3.5 hours", d.Steps[0].Mark, "2026-11-02T16:01:00+07:00")
		if m := d.Steps[0].Mark; !m.LateFrom.Equal(m.DueAt.Add(time.Second)) {
			t.Errorf("not judged to the second: %+v", m)
		}
		h.now = on("10:41")
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		dueAt(t, "the department, with 2.5 hours", d.Steps[1].Mark, "2026-11-02T15:11:00+07:00")
		dueAt(t, "the commune, with half an hour", d.Steps[2].Mark, "2026-11-02T11:11:00+07:00")
		h.now = on("14:01")
		if diff := cmp.Diff([]string{"3 11:11"}, lateSteps(t, h)); diff != "" {
			t.Error(diff)
		}
		d = h.act(t, villager, d, dossier.SendBack, sendBack(3, 1))
		h.now = on("14:11")
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		dueAt(t, "the department, with 70 minutes", d.Steps[1].Mark, "2026-11-02T15:21:00+07:00")
		dueAt(t, "the commune, with nothing", d.Steps[2].Mark, "2026-11-02T14:11:00+07:00")
		if m := d.Steps[2].Mark; !m.LateFrom.Equal(h.now) || !m.OnTimeFrom.Equal(h.now) {
			t.Errorf("the commune is not late from its beginning: %+v", m)
		}
		if diff := cmp.Diff([]string{"3 14:11"}, lateSteps(t, h)); diff != "" {
			t.Error(diff)
		}
		h.now = on("14:21")
		d = h.act(t, villager, d, dossier.CompleteStep, onestop.ActInput{})
		h.now = on("14:31")
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		h.now = on("14:41")
		d = h.act(t, h.head, d, dossier.SendBack, sendBack(4, 2))
		dueAt(t, "the department, with 50 minutes", d.Steps[1].Mark, "2026-11-02T15:31:00+07:00")
		h.now = on("14:51")
		d = h.act(t, villager, d, dossier.CompleteStep, onestop.ActInput{})
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		dueAt(t, "the head, with 50 minutes", d.Steps[3].Mark, "2026-11-02T15:41:00+07:00")
		h.now = on("15:01")
		// The commune had it for 90, 80, 10 and 10 minutes, 190 for 120; the second of 11:11 is still in time.
		compareLegs(t, h, d, 0, []string{
			" : used 0 over 0 late 0",
			"Thẩm định : used 1800 over 0 late 0",
			"Lấy ý kiến : used 5400 over 0 late 0",
			"Xác nhận của xã : used 5400 over 0 late 0",
			"Thẩm định : used 600 over 0 late 0",
			"Lấy ý kiến : used 4800 over 0 late 0",
			"Xác nhận của xã : used 4800 over 2999 late 0",
			"Thẩm định : used 600 over 0 late 0",
			"Xác nhận của xã : used 600 over 600 late 0",
			"Lấy ý kiến : used 1200 over 0 late 0",
			"Ký duyệt : used 600 over 0 late 0",
			"Xác nhận của xã : used 600 over 600 late 0",
			"Lấy ý kiến : used 600 over 0 late 0",
			"Ký duyệt : used 600 over 0 late 0",
		})
		sound(t, h)
	})
}

func TestARecalledStepGoesOnWithWhatWasLeftAndIsNotChargedForOthers(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d, _ := goesThrough(t, h, asked)
		h.now = on("09:01")
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		h.now = on("10:31")
		d = h.act(t, h.head, d, dossier.RecallStep, recallOf(1))
		dueAt(t, "the first step, with 3.5 hours", d.Steps[0].Mark, "2026-11-02T16:01:00+07:00")
		if s := d.Steps[0]; !s.StartedAt.Equal(h.now) || !s.TakenAt.Equal(h.now) || s.TakenBy.ID != h.officer.ID || s.DoneAt != nil || d.Steps[2].StartedAt != nil {
			t.Errorf("recalled: %+v", d.Steps)
		}
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		dueAt(t, "the commune, with half an hour", d.Steps[2].Mark, "2026-11-02T11:01:00+07:00")
		h.now = on("14:01")
		d = h.act(t, h.head, d, dossier.RecallStep, recallOf(1))
		h.now = on("14:02")
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		h.now = on("14:12")
		if diff := cmp.Diff([]string{"3 14:02"}, lateSteps(t, h)); diff != "" {
			t.Error(diff)
		}
		// Nobody at the commune took it: 90, 90 and 10 minutes for 120.
		compareLegs(t, h, d, 0, []string{
			" : used 0 over 0 late 0",
			"Thẩm định : used 1800 over 0 late 0",
			"Lấy ý kiến : used 5400 over 0 late 0",
			"Xác nhận của xã : used 5400 over 0 late 0",
			"Thẩm định : used 0 over 0 late 0",
			"Lấy ý kiến : used 5400 over 0 late 0",
			"Xác nhận của xã : used 5400 over 3599 late 0",
			"Thẩm định : used 60 over 0 late 0",
			"Lấy ý kiến : used 600 over 0 late 0",
			"Xác nhận của xã : used 600 over 600 late 0",
		})
		sound(t, h)
	})
}

func TestWhatAStepHasLeftIsReckonedByItsOwnClock(t *testing.T) {
	t.Parallel()
	papers := onestop.ActInput{Reason: "còn thiếu bản đồ", Papers: []string{"Bản đồ"}}
	came := onestop.ActInput{Papers: []string{"Bản đồ"}}
	eachHouse(t, func(t *testing.T, h *house) {
		d, _ := goesThrough(t, h, asked)
		h.now = on("09:01")
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		// The applicant is asked once the first step is done: that is no time of its.
		h.now = on("09:11")
		d = h.act(t, h.officer, d, dossier.RequestSupplement, papers)
		h.now = when("2026-11-03T09:11:00+07:00")
		d = h.act(t, h.clerk, d, dossier.CompleteSupplement, came)
		h.now = when("2026-11-03T10:00:00+07:00")
		d = h.act(t, h.officer, d, dossier.SendBack, sendBack(2, 1))
		dueAt(t, "with 3.5 hours", d.Steps[0].Mark, "2026-11-03T15:30:00+07:00")
		// Waiting outside stands its clock for eight hours.
		h.now = when("2026-11-03T11:00:00+07:00")
		d = h.act(t, h.officer, d, dossier.BeginWait, opinionOf("Chi cục Thuế"))
		h.now = when("2026-11-04T11:00:00+07:00")
		d = h.act(t, h.officer, d, dossier.EndWait, onestop.ActInput{Note: "thống nhất"})
		dueAt(t, "with 2.5 hours", d.Steps[0].Mark, "2026-11-04T15:30:00+07:00")
		// Wednesday becomes a day off, as Thursday is. Tuesday from 10:00 to 11:00 stays used.
		off := onestop.CalendarInput{
			Name: onestop.DefaultCalendar, Act: "Công văn 9/VPCP",
			Definition: []byte(strings.Replace(calendar, `"off":[`, `"off":[{"date":"2026-11-04"},`, 1)),
		}
		if _, err := h.KeepCalendar(context.Background(), h.administrator, h.now, off); err != nil {
			t.Fatal(err)
		}
		h.follow(t, 1)
		d = h.read(t, d.Code)
		dueAt(t, "with 2.5 hours of Friday", d.Steps[0].Mark, "2026-11-06T09:30:00+07:00")
		h.now = when("2026-11-06T08:00:00+07:00")
		d = h.act(t, h.head, d, dossier.Stop, stopping)
		h.now = when("2026-11-06T14:00:00+07:00")
		d = h.act(t, h.head, d, dossier.Reopen, onestop.ActInput{Reason: "mở lại để giải quyết tiếp"})
		dueAt(t, "re-opened with an hour and a half", d.Steps[0].Mark, "2026-11-06T15:30:00+07:00")
		sound(t, h)
	})
}

func TestADossierThatIsStoppedWhileItsClockStandsKeepsWhatItsStepHadLeft(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d, _ := goesThrough(t, h, asked)
		h.now = on("09:31") // three of four hours are left
		d = h.act(t, h.officer, d, dossier.RequestSupplement, onestop.ActInput{Reason: "còn thiếu bản đồ", Papers: []string{"Bản đồ"}})
		h.now = when("2026-11-03T09:00:00+07:00")
		d = h.act(t, h.head, d, dossier.Stop, stopping)
		h.now = when("2026-11-04T07:00:00+07:00")
		d = h.act(t, h.head, d, dossier.Reopen, onestop.ActInput{Reason: "mở lại để giải quyết tiếp"})
		dueAt(t, "re-opened with three hours", d.Steps[0].Mark, "2026-11-04T10:00:00+07:00")
		sound(t, h)
	})
}

func TestWorkOfAnotherAgencyIsThrownAwayByASuperiorAlone(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d, villager := goesThrough(t, h, asked)
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		mayVillager := func() string {
			all, err := h.Possible(context.Background(), villager, h.now, d)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range all {
				if x.Action == dossier.SendBack && x.Why != nil {
					return x.Why.Code
				}
			}
			return ""
		}
		if got := mayVillager(); got != "" {
			t.Errorf("nobody else has begun: %s", got)
		}
		short := sendBack(3, 1)
		short.Reason = "x"
		refused(t, h, villager, d, dossier.SendBack, short, "action-invalid")
		short = recallOf(1)
		short.Reason = "x"
		refused(t, h, h.officer, d, dossier.RecallStep, short, "action-invalid")

		d = h.act(t, h.officer, d, dossier.Take, onestop.ActInput{})
		refused(t, h, villager, d, dossier.SendBack, sendBack(3, 1), "send-back-approver-required")
		if got := mayVillager(); got != "send-back-approver-required" {
			t.Errorf("the list of actions says %q", got)
		}
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		refused(t, h, villager, d, dossier.SendBack, sendBack(3, 1), "send-back-approver-required")
		refused(t, h, h.otherClerk, d, dossier.SendBack, sendBack(3, 1), "dossier-not-found")
		h.act(t, h.head, d, dossier.SendBack, sendBack(0, 1)) // of the agency that decides
		sound(t, h)
	})
}

func TestAStepIsRecalledWhileOthersOfItsStageGoOn(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d, villager := besides(t, h) // eight hours and four, from 08:31
		h.now = on("09:31")
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{Step: 1})
		d = h.act(t, villager, d, dossier.BeginWait, opinionOf("Chi cục Thuế"))
		other := d.Steps[1]
		h.now = on("10:00")
		refused(t, h, villager, d, dossier.RecallStep, recallOf(1), "not-allowed")
		refused(t, h, h.chief, d, dossier.RecallStep, recallOf(2), "step-not-last")
		d = h.act(t, h.officer, d, dossier.RecallStep, recallOf(0))
		if diff := cmp.Diff(other, d.Steps[1], cmp.AllowUnexported(worktime.Amount{})); diff != "" {
			t.Errorf("the one beside it does not go on: %s", diff)
		}
		dueAt(t, "with seven hours", d.Steps[0].Mark, "2026-11-03T09:00:00+07:00")
		if d.StepNo != 1 || d.HolderID != h.department.ID || len(d.UnderWay()) != 2 || d.Suspended() == nil {
			t.Errorf("at step %d, %d under way", d.StepNo, len(d.UnderWay()))
		}
		d = h.act(t, villager, d, dossier.EndWait, onestop.ActInput{Step: 2, Note: "thống nhất"})
		d = h.act(t, villager, d, dossier.CompleteStep, onestop.ActInput{Step: 2})
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{Step: 1})
		if d.StepNo != 3 {
			t.Errorf("at step %d", d.StepNo)
		}
		sound(t, h)
	})
}

func TestWhoeverADossierComesBackToKeepsItInSight(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		x3 := h.place(t, &h.province, "X3", "Xã Ba", catalog.CommuneCommittee, catalog.Commune)
		there := h.employ(t, "x3.officer", staff.Officer, x3)
		if _, err := h.SetProcess(ctx, h.administrator, h.now, "9.000001", asked); err != nil {
			t.Fatal(err)
		}
		in := input("9.000001")
		in.Commune = "X3"
		h.now = h.now.Add(time.Minute)
		d, _ := h.receive(t, h.clerk, in)
		sees := func() bool {
			_, err := h.store.DossierByCode(ctx, there.Scope(), d.Code)
			n, wrong := h.store.CountDossiers(ctx, there.Scope(), store.DossierFilter{})
			if wrong != nil || (n == 1) != (err == nil) {
				t.Errorf("it is in %d lists, and %v", n, err)
			}
			return n == 1
		}
		d = h.act(t, h.clerk, d, dossier.HandOver, onestop.ActInput{})
		if sees() {
			t.Error("a commune sees a dossier that has not reached it")
		}
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		d = h.act(t, there, d, dossier.SendBack, sendBack(3, 1))
		if !sees() {
			t.Error("who sent it back does not see what comes of it")
		}
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		d = h.act(t, h.officer, d, dossier.RecallStep, recallOf(1))
		if !sees() {
			t.Error("who had it until it was recalled does not see it")
		}
		h.act(t, h.head, d, dossier.Stop, stopping)
		if sees() {
			t.Error("a commune sees a dossier that is over")
		}
		sound(t, h)
	})
}
