package onestop_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
)

// The government announces one more day off, the Wednesday.
var dayOff = onestop.CalendarInput{
	Name: onestop.DefaultCalendar, Act: "Công văn 9/VPCP",
	Definition: []byte(strings.Replace(calendar, `"off":[`, `"off":[{"date":"2026-11-04"},`, 1)),
}

func (h *house) clock() time.Time { return h.now }

func (h *house) follow(t *testing.T, moved int) {
	t.Helper()
	n, err := h.FollowCalendars(context.Background(), h.clock, "test", nil)
	if err != nil || n != moved {
		t.Fatalf("%d dossiers moved, not %d: %v", n, moved, err)
	}
}

func TestOpenDossiersFollowTheirCalendar(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		running := h.inProgress(t)
		extended := h.act(t, h.officer, h.inProgress(t), dossier.RequestExtension, moreTime)
		extended = h.act(t, h.head, extended, dossier.ApproveExtension, onestop.ActInput{})
		standing := h.act(t, h.officer, h.inProgress(t), dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu giấy tờ", Papers: []string{"đơn"}})
		gone := h.act(t, h.clerk, h.inProgress(t), dossier.Withdraw, withdrawing)

		h.now = when("2026-11-03T09:00:00+07:00")
		if _, err := h.PreviewCalendar(ctx, h.head, h.now, dayOff, nil); !errors.Is(err, fault.Forbidden) {
			t.Fatal(err)
		}
		effects, err := h.PreviewCalendar(ctx, h.administrator, h.now, dayOff, nil)
		want := []onestop.Effect{{
			Calendar: "vn", Revision: 2, Open: 3, Suspended: 1, Moved: 2, Later: 2, Days: map[int]int{1: 2},
			Samples: []onestop.Shift{
				{Code: running.Code, Was: when("2026-11-06T17:00:00+07:00").UTC(), Is: when("2026-11-07T17:00:00+07:00").UTC()},
				{Code: extended.Code, Was: when("2026-11-09T17:00:00+07:00").UTC(), Is: when("2026-11-10T17:00:00+07:00").UTC()},
			},
		}}
		if diff := cmp.Diff(want, effects); err != nil || diff != "" {
			t.Fatalf("%v %s", err, diff)
		}
		h.follow(t, 0) // a preview changes nothing

		if n, err := h.KeepCalendar(ctx, h.administrator, h.now, dayOff); err != nil || n != 2 {
			t.Fatal(n, err)
		}
		h.follow(t, 2)
		h.follow(t, 0)
		again := h.read(t, running.Code)
		p := again.Promise()
		if p.Kind != dossier.Recomputed || p.No != 2 || !p.DueAt.Equal(when("2026-11-07T17:00:00+07:00")) || p.LegalBasis != dayOff.Act || p.Revision != 2 {
			t.Fatalf("%+v", p)
		}
		if step := again.Step().Mark; !step.DueAt.Equal(running.Step().Mark.DueAt) {
			t.Errorf("a step that ends before the day off does not move: %s", step.DueAt.In(zone))
		}
		if p := h.read(t, extended.Code).Promise(); p.Kind != dossier.Recomputed || !p.DueAt.Equal(when("2026-11-10T17:00:00+07:00")) {
			t.Errorf("an extension stays granted: %+v", p)
		}
		if d := h.read(t, gone.Code); d.Version != gone.Version {
			t.Error("what ended does not move")
		}
		h.sound(t)

		h.now = when("2026-11-03T09:02:00+07:00")
		h.follow(t, 0)
		if all, err := h.Replans(ctx, h.auditor, "vn"); err != nil || len(all) != 1 || all[0].FinishedAt == nil || all[0].Checked != 3 || all[0].Moved != 2 || all[0].Later != 2 {
			t.Fatalf("%+v %v", all, err)
		}
		// The clock runs again: by the new calendar. Suspended since Monday 08:30, three working days and half an hour.
		h.now = when("2026-11-06T09:00:00+07:00")
		standing = h.act(t, h.clerk, standing, dossier.CompleteSupplement, onestop.ActInput{Papers: []string{"đơn"}})
		if p := standing.Promise(); p.Revision != 2 || p.Kind != dossier.AfterPause {
			t.Errorf("%+v", p)
		}
		h.sound(t)
	})
}

func TestACalendarThatSaysTheSameIsNoRevision(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		same := onestop.CalendarInput{Name: "vn", Definition: []byte(calendar)}
		if n, err := h.KeepCalendar(ctx, h.administrator, h.now, same); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		if effects, err := h.PreviewCalendar(ctx, h.administrator, h.now, same, nil); err != nil || len(effects) != 0 {
			t.Fatal(effects, err)
		}
	})
}

func TestACalendarInheritsAndItsHeirsFollow(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		morning := onestop.CalendarInput{Name: "mornings", Definition: []byte(`{"inherits":"vn","week":{"mon":[["07:00","11:00"]],"tue":[["07:00","11:00"]],
			"wed":[["07:00","11:00"]],"thu":[["07:00","11:00"]],"fri":[["07:00","11:00"]]}}`)}
		if _, err := h.KeepCalendar(ctx, h.administrator, h.now, morning); err != nil {
			t.Fatal(err)
		}
		h.department.Calendar = "mornings"
		if err := h.store.ChangeAgency(ctx, h.department, h.now); err != nil {
			t.Fatal(err)
		}
		d, _ := h.receive(t, h.clerk, input("9.000001"))
		if d.Basis.Calendar != "mornings" || !d.Promise().DueAt.Equal(when("2026-11-06T11:00:00+07:00")) { // the day off is inherited
			t.Fatalf("%s, %s", d.Basis.Calendar, d.Promise().DueAt.In(zone))
		}
		effects, err := h.PreviewCalendar(ctx, h.administrator, h.now, dayOff, nil)
		if err != nil || len(effects) != 2 || effects[0].Moved != 0 || effects[1].Calendar != "mornings" || effects[1].Moved != 1 {
			t.Fatalf("%+v %v", effects, err)
		}
		if _, err := h.KeepCalendar(ctx, h.administrator, h.now, dayOff); err != nil {
			t.Fatal(err)
		}
		h.follow(t, 1)
		if p := h.read(t, d.Code).Promise(); p.Revision != 2 || !p.DueAt.Equal(when("2026-11-07T11:00:00+07:00")) {
			t.Fatalf("%+v", p)
		}
		h.sound(t)
		for what, in := range map[string]onestop.CalendarInput{
			"itself":         {Name: "vn", Definition: []byte(`{"inherits":"mornings"}`)},
			"nobody":         {Name: "x", Definition: []byte(`{"inherits":"none"}`)},
			"no work at all": {Name: "x", Definition: []byte(`{"tz":"UTC","week":{}}`)},
			"a name":         {Name: "a b", Definition: []byte(calendar)},
			"not JSON":       {Name: "x", Definition: []byte(`{`)},
		} {
			if _, err := h.KeepCalendar(ctx, h.administrator, h.now, in); fault.As(err) == nil || fault.As(err).Code != "calendar-invalid" {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

// An act that began before the revision was written down may commit after it, reckoned by the one before.
func TestWhatWasUnderWayDuringARevisionIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		d, _ := h.receive(t, h.clerk, input("9.000001"))
		events, err := h.store.Journal(ctx, staff.System().Scope(), d.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.KeepCalendar(ctx, h.administrator, h.now, dayOff); err != nil {
			t.Fatal(err)
		}
		h.follow(t, 1)
		facts, err := events[0].Read()
		if err != nil {
			t.Fatal(err)
		}
		err = h.store.InTx(ctx, func(ctx context.Context) error {
			_, err := h.store.NextDossierNumber(ctx, h.commune.Identifier, "2026-11-02")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		facts.Intake.ID, facts.Intake.Code = uuid.Must(uuid.NewV7()), "H99.X1-261102-0002"
		late, e, err := dossier.Open(dossier.WasReceived, dossier.Move{At: h.now, Recorded: h.now, By: events[0].By}, facts)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.store.AddDossier(ctx, late, e); err != nil {
			t.Fatal(err)
		}
		h.follow(t, 0) // too early to know that all such acts are over
		h.now = h.now.Add(2 * time.Minute)
		h.follow(t, 1)
		if p := h.read(t, late.Code).Promise(); p.Revision != 2 || !p.DueAt.Equal(when("2026-11-07T17:00:00+07:00")) {
			t.Fatalf("%+v", p)
		}
		h.sound(t)
	})
}

func (h *house) read(t *testing.T, code string) dossier.Dossier {
	t.Helper()
	d, err := h.store.DossierByCode(context.Background(), staff.System().Scope(), code)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
