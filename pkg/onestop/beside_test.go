package onestop_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store"
)

func opinionOf(body string) onestop.ActInput {
	return onestop.ActInput{Wait: &dossier.Wait{Cause: dossier.ForOpinion, Body: body}}
}

func dueAt(t *testing.T, what string, m *dossier.Mark, want string) {
	t.Helper()
	if m == nil || !m.DueAt.Equal(when(want)) {
		t.Errorf("%s: %+v, not due at %s", what, m, want)
	}
}

func TestStepsWaitSideBySideEachOnItsOwnClock(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d, villager := besides(t, h) // from Monday 08:31, eight hours and four
		h.now = when("2026-11-02T09:31:00+07:00")
		d = h.act(t, h.officer, d, dossier.BeginWait, opinionOf("Chi cục Thuế"))
		h.now = when("2026-11-02T10:31:00+07:00")
		second := opinionOf("Công an")
		second.Step = 2
		refused(t, h, villager, d, dossier.BeginWait, second, "wait-approver-required") // the second that the clock would stand for
		d = h.act(t, h.chief, d, dossier.BeginWait, second)
		if len(d.Pauses) != 1 || d.Suspended() == nil || len(d.Waits) != 2 || !d.Waits[1].StopsClock {
			t.Fatalf("two wait at once: %+v, %+v", d.Pauses, d.Waits)
		}
		refused(t, h, h.chief, d, dossier.BeginWait, second, "waiting")
		refused(t, h, h.officer, d, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu"}, "clock-stopped")

		// The department waited four hours: until Tuesday 14:31 instead of 08:31. The dossier still waits for the other.
		h.now = when("2026-11-02T15:31:00+07:00")
		d = h.act(t, h.officer, d, dossier.EndWait, onestop.ActInput{Step: 1, Note: "thống nhất"})
		if p := d.Suspended(); p == nil || !p.From.Equal(when("2026-11-02T09:31:00+07:00")) || len(d.Promises) != 1 {
			t.Errorf("one of two is over: %+v, %d promises", d.Pauses, len(d.Promises))
		}
		dueAt(t, "the department", d.Steps[0].Mark, "2026-11-03T14:31:00+07:00")
		dueAt(t, "the commune", d.Steps[1].Mark, "2026-11-02T14:31:00+07:00")

		// The commune waited seven hours: until Tuesday 13:31. The dossier stood for eight, a working day: from Friday to Saturday, which is worked.
		h.now = when("2026-11-03T09:31:00+07:00")
		d = h.act(t, villager, d, dossier.EndWait, onestop.ActInput{Step: 2, Note: "thống nhất"})
		dueAt(t, "the department", d.Steps[0].Mark, "2026-11-03T14:31:00+07:00")
		dueAt(t, "the commune", d.Steps[1].Mark, "2026-11-03T13:31:00+07:00")
		dueAt(t, "the dossier", &d.Promise().Mark, "2026-11-07T17:00:00+07:00")
		if p := d.Promise(); p.Kind != dossier.AfterPause || !p.MadeAt.Equal(h.now) || d.Suspended() != nil || len(d.Pauses) != 1 {
			t.Errorf("%+v, %+v", p, d.Pauses)
		}

		h.now = when("2026-11-03T14:31:00+07:00")
		d = h.act(t, villager, d, dossier.CompleteStep, onestop.ActInput{Step: 2})
		h.now = when("2026-11-03T16:31:00+07:00")
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		h.now = when("2026-11-09T09:00:00+07:00")
		d = h.act(t, h.head, d, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Giấy phép", Number: "12/KQ"}})
		// The commune had it for two hours and three, one too many, the department for one and nine, two too many; the head from Tuesday 16:31
		// for 26 h 29 min, of which two were his. Late on Monday from 07:00 to 09:00: in proportion to 7,199, 3,599 and 88,139 seconds.
		compareLegs(t, h, d, 2*3600, []string{
			" : used 0 over 0 late 0",
			"Xác nhận của xã : used 18000 over 3599 late 262",
			"Thẩm định : used 36000 over 7199 late 524",
			"Thẩm định Chi cục Thuế: used 0 over 0 late 0",
			"Xác nhận của xã Công an: used 0 over 0 late 0",
			"Ký duyệt : used 95340 over 88139 late 6414",
		})
		sound(t, h)
	})
}

func compareLegs(t *testing.T, h *house, d dossier.Dossier, late int64, want []string) {
	t.Helper()
	legs, err := h.Legs(context.Background(), d, h.now)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	var sum int64
	for _, l := range legs.Items {
		got = append(got, fmt.Sprintf("%s %s: used %d over %d late %d", l.Name, l.Outside, l.Used, l.Over, l.Late))
		sum += l.Late
	}
	if legs.Late != late || sum != late {
		t.Errorf("late by %d, of which the legs bear %d; want %d", legs.Late, sum, late)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheClockOfAStepRunsOnWhileAnotherWaits(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		d, villager := besides(t, h)
		h.now = when("2026-11-02T09:31:00+07:00")
		d = h.act(t, h.officer, d, dossier.BeginWait, opinionOf("Chi cục Thuế"))
		h.now = when("2026-11-03T09:00:00+07:00") // the commune's four hours were up on Monday 14:31; the department's eight would have been by now
		if _, err := h.ScanLate(ctx, h.now); err != nil {
			t.Fatal(err)
		}
		alerts, _, err := h.store.Alerts(ctx, h.chief.Scope(), store.AlertFilter{}, store.Page{Limit: 100})
		if err != nil || len(alerts) == 0 {
			t.Fatalf("nobody is told of the commune: %v", err)
		}
		for _, a := range alerts {
			if a.Kind != dossier.StepLate || a.StepNo != 2 {
				t.Errorf("told of %s of step %d", a.Kind, a.StepNo)
			}
		}
		h.now = when("2026-11-03T09:31:00+07:00")
		d = h.act(t, villager, d, dossier.CompleteStep, onestop.ActInput{Step: 2})
		h.now = when("2026-11-04T09:31:00+07:00")
		d = h.act(t, h.officer, d, dossier.EndWait, onestop.ActInput{Note: "thống nhất"})
		dueAt(t, "the department", d.Steps[0].Mark, "2026-11-06T08:31:00+07:00")
		dueAt(t, "the dossier", &d.Promise().Mark, "2026-11-09T17:00:00+07:00")
		h.now = when("2026-11-06T10:31:00+07:00")
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		h.now = when("2026-11-10T08:00:00+07:00")
		d = h.act(t, h.head, d, dossier.Finish, onestop.ActInput{Result: &dossier.Result{Summary: "Giấy phép", Number: "12/KQ"}})
		// The commune took nine hours for four, five too many by its own clock; but the dossier's stood all that time, and it costs it nothing.
		// The hour from Tuesday 07:00 falls to the department, two hours over, and the head, who took 21 h 29 min for two: 7,199 to 70,139.
		compareLegs(t, h, d, 3600, []string{
			" : used 0 over 0 late 0",
			"Xác nhận của xã : used 32400 over 17999 late 0",
			"Thẩm định : used 36000 over 7199 late 335",
			"Thẩm định Chi cục Thuế: used 0 over 0 late 0",
			"Ký duyệt : used 77340 over 70139 late 3265",
		})
		sound(t, h)
	})
}

func TestAWaitBesideAnotherStopsTheClockAlsoAfterTheDateThatStands(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d, villager := besides(t, h)
		h.now = when("2026-11-02T16:31:00+07:00")
		d = h.act(t, h.officer, d, dossier.BeginWait, opinionOf("Chi cục Thuế"))
		late := d.Promise().LateFrom
		h.now = when("2026-11-09T16:31:00+07:00")
		second := opinionOf("Công an")
		second.Step = 2
		refused(t, h, villager, d, dossier.BeginWait, second, "wait-approver-required")
		d = h.act(t, h.chief, d, dossier.BeginWait, second)
		if !d.Waits[1].StopsClock || !h.now.After(late) {
			t.Errorf("after %s: %+v", late.In(zone), d.Waits)
		}
		// The commune was late before it began to wait, and stays late.
		h.now = when("2026-11-10T16:31:00+07:00")
		d = h.act(t, villager, d, dossier.EndWait, onestop.ActInput{Step: 2, Note: "thống nhất"})
		if m := d.Steps[1].Mark; !m.LateFrom.Equal(when("2026-11-02T14:31:01+07:00")) {
			t.Errorf("late from %s", m.LateFrom.In(zone))
		}
		third := opinionOf("Kho bạc")
		third.Step = 2
		d = h.act(t, h.chief, d, dossier.BeginWait, third)
		h.now = h.now.Add(time.Minute)
		d = h.act(t, h.head, d, dossier.Stop, stopping) // ends all of it
		for _, w := range d.Waits {
			if w.To == nil {
				t.Errorf("goes on: %+v", w)
			}
		}
		if p := d.Pauses; len(p) != 1 || p[0].To == nil || !p[0].To.Equal(h.now) {
			t.Errorf("%+v", d.Pauses)
		}
		if legs, err := h.Legs(context.Background(), d, h.now); err != nil || legs.Late != 0 {
			t.Errorf("its clock stood, and it is late by %d, %v", legs.Late, err)
		}
		sound(t, h)
	})
}

func TestAStepWhoseClockRunsFollowsItsCalendarWhileTheDossierStands(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.now = when("2026-11-02T15:00:00+07:00")
		d, villager := besides(t, h) // both until Tuesday, 15:01 and 09:01
		h.now = when("2026-11-02T15:31:00+07:00")
		d = h.act(t, h.officer, d, dossier.BeginWait, opinionOf("Chi cục Thuế"))
		tuesday := onestop.CalendarInput{
			Name: onestop.DefaultCalendar, Act: "Công văn 9/VPCP",
			Definition: []byte(strings.Replace(calendar, `"off":[`, `"off":[{"date":"2026-11-03"},`, 1)),
		}
		if _, err := h.KeepCalendar(context.Background(), h.administrator, h.now, tuesday); err != nil {
			t.Fatal(err)
		}
		h.follow(t, 1)
		d = h.read(t, d.Code)
		dueAt(t, "the department, which waits", d.Steps[0].Mark, "2026-11-03T15:01:00+07:00")
		dueAt(t, "the commune", d.Steps[1].Mark, "2026-11-04T09:01:00+07:00")
		if len(d.Promises) != 1 || d.Suspended() == nil {
			t.Errorf("the date of a clock that stands moved: %+v", d.Promises)
		}
		h.now = when("2026-11-04T08:01:00+07:00")
		d = h.act(t, villager, d, dossier.CompleteStep, onestop.ActInput{Step: 2})
		d = h.act(t, h.officer, d, dossier.EndWait, onestop.ActInput{Note: "thống nhất"})
		// Half an hour of eight was used; 3 h 29 min and 3 h 30 min are left of Wednesday, and Thursday is off.
		dueAt(t, "the department", d.Steps[0].Mark, "2026-11-06T07:31:00+07:00")
		sound(t, h)
	})
}

func TestAStepIsNotRecalledWhileWhatFollowsWaits(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		d, villager := besides(t, h)
		d = h.act(t, villager, d, dossier.CompleteStep, onestop.ActInput{Step: 2})
		d = h.act(t, h.officer, d, dossier.CompleteStep, onestop.ActInput{})
		d = h.act(t, h.head, d, dossier.BeginWait, opinionOf("Chi cục Thuế"))
		refused(t, h, h.officer, d, dossier.RecallStep, onestop.ActInput{Step: 1, Reason: "còn sót một trang"}, "waiting")
		d = h.act(t, h.head, d, dossier.EndWait, onestop.ActInput{Note: "thống nhất"})
		h.act(t, h.officer, d, dossier.RecallStep, onestop.ActInput{Step: 1, Reason: "còn sót một trang"})
		sound(t, h)
	})
}
