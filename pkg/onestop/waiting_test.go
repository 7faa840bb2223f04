package onestop_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store"
)

func TestOnlyExcludedWaitingStopsTheClock(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d, villager := besides(t, h)
		first := d.Promise().DueAt
		d = h.act(t, villager, d, dossier.BeginWait, onestop.ActInput{Wait: &dossier.Wait{Cause: dossier.ForInspection, Body: "Hộ liền kề"}})
		if d.Suspended() != nil {
			t.Error("an inspection that the procedure does not exclude stopped the clock")
		}
		refused(t, h, villager, d, dossier.CompleteStep, onestop.ActInput{}, "waiting")
		past := h.now.Add(-time.Hour)
		refused(t, h, h.officer, d, dossier.BeginWait, onestop.ActInput{Wait: &dossier.Wait{Cause: dossier.ForOpinion, Body: "Chi cục Thuế", AnswerBy: &past}}, "action-invalid")
		d = h.act(t, villager, d, dossier.EndWait, onestop.ActInput{Note: "đã kiểm tra, biên bản 05/BB"})
		d = h.act(t, h.officer, d, dossier.BeginWait, onestop.ActInput{Wait: &dossier.Wait{Cause: dossier.ForOpinion, Body: "Cơ quan thuế"}})
		if d.Suspended() == nil || d.State != dossier.InProgress {
			t.Fatal("an opinion, which the procedure excludes, did not stop the clock")
		}
		refused(t, h, h.officer, d, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu giấy tờ", Papers: []string{"bản vẽ"}}, "clock-stopped")
		d = h.act(t, villager, d, dossier.CompleteStep, onestop.ActInput{})
		h.now = when("2026-11-04T08:31:00+07:00") // two working days later
		d = h.act(t, h.officer, d, dossier.EndWait, onestop.ActInput{Note: "thống nhất"})
		if p := d.Promise(); p.Kind != dossier.AfterPause || !p.DueAt.Equal(when("2026-11-09T17:00:00+07:00")) || !first.Equal(when("2026-11-06T17:00:00+07:00")) {
			t.Errorf("promised %s first and %s now (%s)", first.In(zone), p.DueAt.In(zone), p.Kind)
		}
		if w := d.Waits[1]; w.To == nil || w.Answer != "thống nhất" || w.Owner.ID != h.officer.ID {
			t.Errorf("%+v", w)
		}
		sound(t, h)
	})
}

func TestNobodyWaitsForWhoHasToDoWithTheDossier(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.place(t, &h.department, "DD-1", "Phòng Thẩm định", catalog.Department, catalog.Province) // nobody assigned it
		h.place(t, &h.commune, "X1-MC", "Bộ phận Một cửa xã Một", catalog.OneStopCentre, catalog.Commune)
		h.place(t, &h.province, "VP", "Văn phòng UBND tỉnh Thử", catalog.OtherAgency, catalog.Province)
		tax := h.place(t, &h.province, "TH", "Thuế tỉnh Thử", catalog.Department, catalog.Province)
		d, villager := besides(t, h) // received by the first commune, decided by the department; the commune has a step
		wait := func(step int, body string) onestop.ActInput {
			return onestop.ActInput{Step: step, Wait: &dossier.Wait{Cause: dossier.ForOther, Body: body}}
		}
		for _, body := range []string{
			"DD-1", "phong tham dinh", "Phòng Thẩm định, Sở Thử", h.department.Name, "Ủy ban nhân dân xã Một", "UBND xã Một", "UBND xã Một, tỉnh Thử", "H99.X1",
		} {
			refused(t, h, h.officer, d, dossier.BeginWait, wait(1, body), "action-invalid")
		}
		refused(t, h, villager, d, dossier.BeginWait, wait(2, "Bộ phận Một cửa UBND xã Một"), "action-invalid")
		refused(t, h, villager, d, dossier.BeginWait, wait(2, "Sở Thử"), "action-invalid")
		refused(t, h, h.chief, d, dossier.BeginWait, wait(1, "Văn phòng UBND tỉnh Thử"), "action-invalid") // of the actor's own agency
		// What has nothing to do with the dossier is outside, also where it stands below the same committee as the actor.
		for _, body := range []string{"UBND xã Hai", tax.Name, "Phòng Thẩm định khác", "Công an xã Một"} {
			d = h.act(t, h.chief, d, dossier.BeginWait, wait(1, body))
			d = h.act(t, h.chief, d, dossier.EndWait, onestop.ActInput{Step: 1, Note: "đã có ý kiến"})
		}
		sound(t, h)
	})
}

func TestNobodyWaitsForWhereItWasHelpedOrComesBackTo(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		in := input("9.000001")
		in.Channel, in.HelpedAgency, in.ReceivingAgency, in.ReturningAgency = catalog.Online, h.commune.Code, h.department.Code, h.elsewhere.Code
		d, _ := h.receive(t, h.clerk, in)
		d = h.act(t, h.chief, d, dossier.Accept, onestop.ActInput{})
		d = h.act(t, h.chief, d, dossier.HandOver, onestop.ActInput{})
		for _, body := range []string{"UBND xã Một", "Xã Hai"} {
			refused(t, h, h.officer, d, dossier.BeginWait, onestop.ActInput{Wait: &dossier.Wait{Cause: dossier.ForOther, Body: body}}, "action-invalid")
		}
	})
}

func TestNobodyWaitsForTheApplicantOrForOneself(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d, _ := besides(t, h)
		d = h.act(t, h.officer, d, dossier.Take, onestop.ActInput{Step: 1})
		for _, body := range []string{
			d.Applicant.Name, "ông " + d.Applicant.Name, "người nộp hồ sơ", h.officer.Name, "Giám đốc " + h.department.Name, "Phòng Đất đai, " + h.department.Name, ".",
		} {
			refused(t, h, h.officer, d, dossier.BeginWait, onestop.ActInput{Step: 1, Wait: &dossier.Wait{Cause: dossier.ForOpinion, Body: body}}, "action-invalid")
		}
		h.act(t, h.officer, d, dossier.BeginWait, onestop.ActInput{Step: 1, Wait: &dossier.Wait{Cause: dossier.ForOpinion, Body: "Hộ liền kề của bà Trần Thị Mẫu"}})
	})
}

func TestSomebodyIsToldWhenWhoTheClockStandsForDoesNotAnswer(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d, _ := besides(t, h)
		h.refused(t, h.officer, d, dossier.BeginWait, onestop.ActInput{Step: 1, Wait: opinionBy(h.now.AddDate(1, 0, 0))}, "action-invalid")
		d = h.act(t, h.officer, d, dossier.BeginWait, onestop.ActInput{Step: 1, Wait: &dossier.Wait{Cause: dossier.ForOpinion, Body: "Chi cục Thuế"}})
		due := d.Waits[0].AnswerBy
		if !d.Waits[0].StopsClock || due == nil || due.Before(h.now.AddDate(0, 0, 10)) {
			t.Fatalf("%+v", d.Waits)
		}
		h.now = *due
		if _, err := h.ScanLate(context.Background(), h.now); err != nil {
			t.Fatal(err)
		}
		alerts, _, err := h.store.Alerts(context.Background(), h.officer.Scope(), store.AlertFilter{Kind: dossier.AnswerOverdue}, store.Page{})
		if err != nil || len(alerts) != 2 || !alerts[0].DueAt.Equal(*due) {
			t.Fatalf("%+v, %v", alerts, err)
		}
		sound(t, h)
	})
}

func TestWhoseStepWaitsIsToldThatNobodyAnswered(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		told := func(d dossier.Dossier) (officer dossier.Alert) {
			t.Helper()
			if _, err := h.ScanLate(ctx, h.now); err != nil {
				t.Fatal(err)
			}
			alerts, _, err := h.store.Alerts(ctx, h.chief.Scope(), store.AlertFilter{Kind: dossier.AnswerOverdue, Dossier: d.ID}, store.Page{})
			if err != nil || len(alerts) != 2 {
				t.Fatalf("%+v, %v", alerts, err)
			}
			return alerts[slices.IndexFunc(alerts, func(a dossier.Alert) bool { return a.Audience == dossier.ToOfficer })]
		}
		d, villager := besides(t, h) // the second step under way is the commune's
		d = h.act(t, villager, d, dossier.Take, onestop.ActInput{Step: 2})
		d = h.act(t, villager, d, dossier.BeginWait, onestop.ActInput{Step: 2, Wait: opinionBy(h.now.AddDate(0, 0, 3))})
		h.now = *d.Waits[0].AnswerBy
		if a := told(d); a.StepNo != 2 || a.AgencyID != h.commune.ID || a.UserID == nil || *a.UserID != villager.ID {
			t.Errorf("of the wait: %+v", a)
		}
		// Papers are asked for by the officer of the department; the counter that received it cannot answer for that.
		e, _ := h.receive(t, h.clerk, input("9.000001"))
		e = h.act(t, h.clerk, e, dossier.HandOver, onestop.ActInput{})
		e = h.act(t, villager, e, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu giấy tờ", Papers: []string{"bản vẽ"}})
		h.now = *e.AnswerBy()
		if a := told(e); a.StepNo != 0 || a.AgencyID != h.commune.ID || a.UserID == nil || *a.UserID != villager.ID {
			t.Errorf("of the request: %+v", a)
		}
		sound(t, h)
	})
}

func opinionBy(at time.Time) *dossier.Wait {
	return &dossier.Wait{Cause: dossier.ForOpinion, Body: "Chi cục Thuế", AnswerBy: &at}
}
