package onestop_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/worktime"
)

func days(n uint32) *worktime.Term {
	return &worktime.Term{Value: worktime.Whole(n), Unit: worktime.WorkingDay}
}

var moreTime = onestop.ActInput{Reason: "chờ ý kiến cơ quan phối hợp", LegalBasis: "Điều 9 Luật thử", Extension: days(2)}

// inProgress is a dossier that the department works on: received on Monday for three working days, due on Friday.
func (h *house) inProgress(t *testing.T) dossier.Dossier {
	t.Helper()
	d, _ := h.receive(t, h.clerk, input("9.000001"))
	return h.act(t, h.clerk, d, dossier.HandOver, onestop.ActInput{})
}

func TestMoreTimeTakesAReasonAndASecondPerson(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d := h.inProgress(t)
		h.refused(t, h.officer, d, dossier.RequestExtension, onestop.ActInput{Extension: days(2)}, "action-invalid")
		h.refused(t, h.officer, d, dossier.RequestExtension, onestop.ActInput{Reason: moreTime.Reason}, "action-invalid")
		h.refused(t, h.officer, d, dossier.RequestExtension, onestop.ActInput{Reason: moreTime.Reason, Extension: days(0)}, "action-invalid")
		h.refused(t, h.clerk, d, dossier.RequestExtension, moreTime, "not-allowed")
		h.refused(t, h.head, d, dossier.ApproveExtension, onestop.ActInput{}, "no-extension")
		h.now = when("2026-11-04T16:59:00+07:00") // the last working day before Friday: Thursday is off
		d = h.act(t, h.head, d, dossier.RequestExtension, moreTime)
		if d.Extension == nil || d.Extension.OutOfTime || len(d.Promises) != 1 {
			t.Fatalf("asking alone moves nothing: %+v", d.Extension)
		}
		h.refused(t, h.officer, d, dossier.RequestExtension, moreTime, "extension-pending")
		h.refused(t, h.officer, d, dossier.ApproveExtension, onestop.ActInput{}, "not-allowed")
		h.refused(t, h.head, d, dossier.ApproveExtension, onestop.ActInput{}, "second-person-required")
		d = h.act(t, h.chief, d, dossier.ApproveExtension, onestop.ActInput{})
		p := d.Promise()
		if p.Kind != dossier.Extended || !p.DueAt.Equal(when("2026-11-09T17:00:00+07:00")) { // the make-up Saturday and Monday
			t.Fatalf("%s to %s", p.Kind, p.DueAt.In(zone))
		}
		if p.Reason != moreTime.Reason || p.LegalBasis != moreTime.LegalBasis || p.AskedBy.ID != h.head.ID || p.ApprovedBy.ID != h.chief.ID ||
			p.Form == nil || p.Form.Number != "04" {
			t.Fatalf("what the promise rests on: %+v", p.Why)
		}
		if first := d.Promises[0]; first.AskedBy.ID != h.clerk.ID || first.Form.Number != "01" || first.LegalBasis != "Luật thử" {
			t.Fatalf("the first promise: %+v", first.Why)
		}
		h.refused(t, h.officer, d, dossier.RequestExtension, moreTime, "extensions-used-up")
		h.sound(t)
	})
}

func TestMoreTimeAskedForTooLateDoesNotUndoLateness(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d := h.inProgress(t)
		h.now = when("2026-11-06T09:00:00+07:00") // the day on which it is due
		d = h.act(t, h.officer, d, dossier.RequestExtension, moreTime)
		if !d.Extension.OutOfTime {
			t.Fatal("it was asked for too late")
		}
		d = h.act(t, h.head, d, dossier.ApproveExtension, onestop.ActInput{})
		p := d.Promise()
		if p.Kind != dossier.Reappointed || !p.DueAt.Equal(when("2026-11-09T17:00:00+07:00")) || !p.LateFrom.Equal(when("2026-11-07T00:00:00+07:00")) {
			t.Fatalf("%s to %s, late from %s", p.Kind, p.DueAt.In(zone), p.LateFrom.In(zone))
		}
		judged(t, d, "2026-11-06T17:00:00+07:00", "2026-11-09T17:00:00+07:00")
		h.now = when("2026-11-09T10:00:00+07:00")
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		h.act(t, h.head, d, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Giấy phép", Number: "12/KQ"}})
		rows, err := h.store.OnTime(context.Background(), staff.System().Scope(), store.ReportQuery{Period: store.Period{
			From: when("2026-11-01T00:00:00+07:00"), To: when("2026-12-01T00:00:00+07:00"), Now: h.now,
		}})
		if err != nil || rows[0].Late != 1 || rows[0].LateByFirstPromise != 1 {
			t.Fatalf("%+v, %v", rows, err)
		}
		h.sound(t)
	})
}

// judged says which date counts, and which one was told since, "" where that is the same.
func judged(t *testing.T, d dossier.Dossier, counts, told string) {
	t.Helper()
	if at := d.JudgedBy(); at == nil || !at.Equal(when(counts)) {
		t.Errorf("it is judged by %v, not by %s", at, counts)
	}
	if at := d.Told(); (at == nil) != (told == "") || at != nil && !at.Equal(when(told)) {
		t.Errorf("%v was told since, not %q", at, told)
	}
}

// Nobody was told the date that counts by itself: the one that was told has the time granted too late on top.
func TestADateThatIsShiftedAfterItWasMovedTooLateStillDoesNotCount(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d := h.inProgress(t)
		judged(t, d, "2026-11-06T17:00:00+07:00", "")
		h.now = when("2026-11-06T09:00:00+07:00")
		d = h.act(t, h.officer, d, dossier.RequestExtension, moreTime)
		d = h.act(t, h.head, d, dossier.ApproveExtension, onestop.ActInput{})
		d = h.act(t, h.officer, d, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu giấy tờ", Papers: []string{"đơn"}})
		h.now = when("2026-11-09T09:00:00+07:00") // two working days later
		d = h.act(t, h.clerk, d, dossier.CompleteSupplement, onestop.ActInput{Papers: []string{"đơn"}})
		judged(t, d, "2026-11-09T23:59:59+07:00", "2026-11-11T17:00:00+07:00")
		h.now = when("2026-11-10T09:00:00+07:00")
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		d = h.act(t, h.head, d, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Giấy phép"}})
		if d.Timing(h.now) != dossier.Late || !d.FinishedAt.After(*d.JudgedBy()) {
			t.Errorf("%s", d.Timing(h.now))
		}
		h.sound(t)
	})
}

func TestMoreTimeThatIsRefusedLeavesTheDate(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d := h.inProgress(t)
		d = h.act(t, h.officer, d, dossier.RequestExtension, moreTime)
		h.refused(t, h.head, d, dossier.RefuseExtension, onestop.ActInput{}, "action-invalid")
		d = h.act(t, h.head, d, dossier.RefuseExtension, onestop.ActInput{Reason: "đủ thời gian"})
		if d.Extension != nil || len(d.Promises) != 1 {
			t.Fatalf("%+v", d)
		}
		h.sound(t)
	})
}

func TestAnExtensionThatIsGrantedOnceItIsLateTakesNoLatenessAway(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d := h.inProgress(t)
		d = h.act(t, h.officer, d, dossier.RequestExtension, moreTime) // long before
		h.now = when("2026-11-07T09:00:00+07:00")
		d = h.act(t, h.head, d, dossier.ApproveExtension, onestop.ActInput{})
		if p := d.Promise(); p.Kind != dossier.Reappointed || !p.LateFrom.Equal(when("2026-11-07T00:00:00+07:00")) {
			t.Fatalf("%s to %s, late from %s", p.Kind, p.DueAt.In(zone), p.LateFrom.In(zone))
		}
		h.sound(t)
	})
}

func TestAPauseAfterAnExtensionMovesTheExtendedDate(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d := h.inProgress(t)
		d = h.act(t, h.officer, d, dossier.RequestExtension, moreTime)
		d = h.act(t, h.head, d, dossier.ApproveExtension, onestop.ActInput{}) // Monday 9
		h.now = when("2026-11-06T08:00:00+07:00")
		d = h.act(t, h.officer, d, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu giấy tờ", Papers: []string{"đơn"}})
		h.now = when("2026-11-09T08:00:00+07:00") // two working days later: Friday and the make-up Saturday
		d = h.act(t, h.clerk, d, dossier.CompleteSupplement, onestop.ActInput{Papers: []string{"đơn"}})
		if p := d.Promise(); p.Kind != dossier.AfterPause || !p.DueAt.Equal(when("2026-11-11T17:00:00+07:00")) {
			t.Fatalf("%s to %s", p.Kind, p.DueAt.In(zone))
		}
		for no, want := range map[int]string{1: "2026-11-06T17:00:00+07:00", 2: "2026-11-09T17:00:00+07:00", 3: "2026-11-11T17:00:00+07:00", 0: "2026-11-11T17:00:00+07:00"} {
			x, err := h.Explain(context.Background(), staff.System().Scope(), d, no)
			if err != nil || x.Explanation.Due != want {
				t.Errorf("promise %d is explained to %s, %v", no, x.Explanation.Due, err)
			}
		}
		if _, err := h.Explain(context.Background(), staff.System().Scope(), d, 4); fault.As(err) == nil || fault.As(err).Code != "promise-not-found" {
			t.Error(err)
		}
		h.sound(t)
	})
}

func TestTheWholeTermAgainKeepsWhatWasGrantedOnTop(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d, _ := h.receive(t, h.clerk, input("9.000001")) // due on Friday the 6th
		d = h.act(t, h.officer, d, dossier.RequestExtension, moreTime)
		d = h.act(t, h.head, d, dossier.ApproveExtension, onestop.ActInput{})
		told := d.Promise().DueAt // Monday the 9th
		h.now = when("2026-11-02T09:00:00+07:00")
		d = h.act(t, h.clerk, d, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu giấy tờ", Papers: []string{"đơn"}})
		h.now = when("2026-11-02T09:00:30+07:00")
		d = h.act(t, h.clerk, d, dossier.CompleteSupplement, onestop.ActInput{Papers: []string{"đơn"}})
		if p := d.Promise(); p.Kind != dossier.Restarted || !p.DueAt.Equal(told) || len(d.Basis.Extensions) != 1 || !d.Basis.From.Equal(h.now) {
			t.Fatalf("%s to %s, told %s; %+v", p.Kind, p.DueAt.In(zone), told.In(zone), d.Basis)
		}
		x, err := h.Explain(context.Background(), staff.System().Scope(), d, 3)
		if err != nil || x.Explanation.Due != "2026-11-09T17:00:00+07:00" {
			t.Errorf("explained to %s, %v", x.Explanation.Due, err)
		}
		h.refused(t, h.officer, d, dossier.RequestExtension, moreTime, "extensions-used-up")
		h.sound(t)
	})
}

func TestWhileTheClockStandsTheWaySoFarIsExplained(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d := h.inProgress(t)
		h.now = when("2026-11-03T10:00:00+07:00")
		d = h.act(t, h.officer, d, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu giấy tờ", Papers: []string{"đơn"}})
		x, err := h.Explain(context.Background(), staff.System().Scope(), d, 0)
		if err != nil || x.Promise != nil || !x.Explanation.Suspended || x.Explanation.Due != "" || x.Explanation.Seconds != 3*3600 {
			t.Fatalf("%+v, %v", x, err)
		}
	})
}

func TestAProcedureWithoutAnAppointmentIsTakenIn(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		none := worktime.Term{Unit: worktime.NoAppointment}
		if _, err := h.SetTerms(context.Background(), h.administrator, h.now, "9.000003", termsOf(none)); err != nil {
			t.Fatal(err)
		}
		d, _ := h.receive(t, h.clerk, input("9.000003"))
		if d.State != dossier.Accepted || d.Promise() != nil || d.Basis == nil {
			t.Fatalf("%+v", d)
		}
		d = h.act(t, h.clerk, d, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu giấy tờ", Papers: []string{"đơn"}})
		d = h.act(t, h.clerk, d, dossier.CompleteSupplement, onestop.ActInput{Papers: []string{"đơn"}})
		h.refused(t, h.officer, d, dossier.RequestExtension, moreTime, "no-promise")
		h.sound(t)
	})
}

func (h *house) refused(t *testing.T, who staff.Actor, d dossier.Dossier, a dossier.Action, in onestop.ActInput, code string) {
	t.Helper()
	_, err := h.Act(context.Background(), who, h.now, d.Code, a, d.Version, in)
	if f := fault.As(err); f == nil || f.Code != code {
		t.Errorf("%s by %s: %v, not %s", a, who.Username, err, code)
	}
}

// sound fails unless everything agrees with the journal.
func (h *house) sound(t *testing.T) {
	t.Helper()
	if v, err := h.Verify(context.Background(), h.now, false, nil); err != nil || len(v.Findings) > 0 {
		t.Errorf("verify: %+v, %v", v.Findings, err)
	}
}

func TestPapersAreAskedForOnceAndThenByASuperior(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		asking := onestop.ActInput{Reason: "thiếu giấy tờ", Papers: []string{"đơn"}}
		d := h.act(t, h.officer, h.inProgress(t), dossier.RequestSupplement, asking)
		d = h.act(t, h.clerk, d, dossier.CompleteSupplement, onestop.ActInput{Papers: []string{"đơn"}})
		h.refused(t, h.officer, d, dossier.RequestSupplement, asking, "approver-required")
		possible, err := h.Possible(context.Background(), h.officer, h.now, d)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range possible {
			if p.Action == dossier.RequestSupplement && (p.Allowed || p.Why.Code != "approver-required") {
				t.Errorf("%+v", p)
			}
		}
		h.act(t, h.head, d, dossier.RequestSupplement, asking)
		h.sound(t)
	})
}

func TestRulesHoldFromTheirFirstDayAndNeverChange(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		before, _ := h.receive(t, h.clerk, input("9.000001"))
		next := rules
		next.ID, next.EffectiveFrom, next.SupplementBeforeSteps, next.Extension.Most = "later", "2026-11-03", dossier.Shift, 0
		if err := h.KeepRules(ctx, h.officer, h.now, next); !errors.Is(err, fault.Forbidden) {
			t.Fatal(err)
		}
		if err := h.KeepRules(ctx, h.administrator, h.now, next); err != nil {
			t.Fatal(err)
		}
		next.Extension.Most = 5
		if err := h.KeepRules(ctx, h.administrator, h.now, next); fault.As(err) == nil || fault.As(err).Code != "rules-exist" {
			t.Fatal(err)
		}
		next.ID, next.WarnHours, next.SupplementInSteps, next.Forms.Act, next.Rules.End = "Bad", -1, "MAYBE", "", "noon"
		if f := fault.As(h.KeepRules(ctx, h.administrator, h.now, next)); f == nil || f.Code != "rules-invalid" || len(f.Fields) != 5 {
			t.Fatalf("%v", f)
		}
		h.now = when("2026-11-03T08:00:00+07:00")
		after, _ := h.receive(t, h.clerk, input("9.000001"))
		if before.Basis.Rules != "test" || after.Basis.Rules != "later" {
			t.Fatalf("%s and %s", before.Basis.Rules, after.Basis.Rules)
		}
		before = h.act(t, h.clerk, before, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu giấy tờ", Papers: []string{"đơn"}})
		after = h.act(t, h.clerk, after, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu giấy tờ", Papers: []string{"đơn"}})
		h.now = h.now.Add(time.Hour)
		before = h.act(t, h.clerk, before, dossier.CompleteSupplement, onestop.ActInput{Papers: []string{"đơn"}})
		after = h.act(t, h.clerk, after, dossier.CompleteSupplement, onestop.ActInput{Papers: []string{"đơn"}})
		if before.Promise().Kind != dossier.Restarted || after.Promise().Kind != dossier.AfterPause {
			t.Fatalf("%s and %s: a dossier keeps the rules of its day", before.Promise().Kind, after.Promise().Kind)
		}
		after = h.act(t, h.clerk, after, dossier.HandOver, onestop.ActInput{})
		h.refused(t, h.officer, after, dossier.RequestExtension, moreTime, "extensions-used-up")
		h.sound(t)
	})
}

func TestTheTermBeginsAnewOnlyForWhatIsAskedForSoon(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		soon := rules
		soon.ID, soon.EffectiveFrom, soon.RestartWithin = "soon", "2026-11-02", &worktime.Term{Value: worktime.Whole(1), Unit: worktime.WorkingDay}
		if err := h.KeepRules(context.Background(), h.administrator, h.now, soon); err != nil {
			t.Fatal(err)
		}
		for asked, want := range map[string]dossier.PromiseKind{
			"2026-11-03T17:00:00+07:00": dossier.Restarted, // the closing of the first working day after Monday
			"2026-11-03T17:00:01+07:00": dossier.AfterPause,
		} {
			h.now = when("2026-11-02T08:30:00+07:00")
			d, _ := h.receive(t, h.clerk, input("9.000001"))
			h.now = when(asked)
			d = h.act(t, h.clerk, d, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu giấy tờ", Papers: []string{"đơn"}})
			h.now = when("2026-11-04T08:00:00+07:00")
			d = h.act(t, h.clerk, d, dossier.CompleteSupplement, onestop.ActInput{Papers: []string{"đơn"}})
			if got := d.Promise().Kind; got != want {
				t.Errorf("asked at %s: %s", asked, got)
			}
		}
		h.sound(t)
	})
}

func TestASetThatIsAddedSoonAfterTheStartAccusesNobody(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		before, _ := h.receive(t, h.clerk, input("9.000001"))
		h.now = h.now.Add(time.Minute)
		next := rules
		next.ID, next.EffectiveFrom = "another", "2026-11-02"
		if err := h.KeepRules(context.Background(), h.administrator, h.now, next); err != nil {
			t.Fatal(err)
		}
		h.now = h.now.Add(time.Minute)
		after, _ := h.receive(t, h.clerk, input("9.000001"))
		if before.Basis.Rules != rules.ID || after.Basis.Rules != next.ID {
			t.Errorf("%s, then %s", before.Basis.Rules, after.Basis.Rules)
		}
		h.now = h.now.Add(time.Hour)
		h.sound(t)
	})
}

func TestNobodyIsToldADayThatHasPassed(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d := h.inProgress(t)
		h.now = when("2026-11-09T09:00:00+07:00") // Monday: one day after the Friday that was promised was Saturday, which was made up for
		little := moreTime
		little.Extension = days(1)
		h.refused(t, h.officer, d, dossier.RequestExtension, little, "action-invalid")
		d = h.act(t, h.officer, d, dossier.RequestExtension, moreTime)
		h.now = when("2026-11-10T09:00:00+07:00") // nobody granted it until it was of no use
		h.refused(t, h.head, d, dossier.ApproveExtension, onestop.ActInput{}, "action-invalid")
		h.sound(t)
	})
}

func termsOf(t worktime.Term) onestop.TermsInput {
	return onestop.TermsInput{Terms: []catalog.Term{{Statutory: &t}}, Reason: "Điều 1"}
}
