package onestop_test

import (
	"context"
	"maps"
	"testing"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/worktime"
)

// The counter has eight working hours to hand over. What it waited for papers is not its time, on the slip and in the legs alike.
func TestACounterIsJudgedByItsOwnTimeOnTheControlSlip(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		strict := rules
		strict.ID, strict.EffectiveFrom = "strict", "2026-01-01"
		strict.HandOver = &worktime.Term{Value: worktime.Whole(8), Unit: worktime.Hour}
		strict.SupplementBeforeSteps = dossier.Shift
		strict.Forms.Forms = maps.Clone(rules.Forms.Forms)
		strict.Forms.Forms[dossier.FormControlSlip] = dossier.Form{Number: "06", Title: "Phiếu kiểm soát thử"}
		if err := h.KeepRules(context.Background(), staff.System(), h.now, strict); err != nil {
			t.Fatal(err)
		}
		began := h.now
		for name, c := range map[string]struct {
			asks   bool
			at     string
			timing string
			over   bool
		}{
			"soon":                                   {false, "2026-11-02T10:00:00+07:00", "Trước hạn", false},
			"after its eight hours":                  {false, "2026-11-03T10:00:00+07:00", "Quá hạn", true},
			"soon after the papers came":             {true, "2026-11-07T10:00:00+07:00", "Trước hạn", false},
			"eight hours and more after papers came": {true, "2026-11-09T10:00:00+07:00", "Quá hạn", true},
		} {
			h.now = began
			d, _ := h.receive(t, h.clerk, input("9.000001"))
			if c.asks {
				d = h.act(t, h.clerk, d, dossier.RequestSupplement, onestop.ActInput{Reason: "thiếu giấy tờ", Papers: []string{"đơn"}})
				h.now = when("2026-11-07T08:30:00+07:00")
				d = h.act(t, h.clerk, d, dossier.CompleteSupplement, onestop.ActInput{Papers: []string{"đơn"}})
			}
			h.now = when(c.at)
			d = h.act(t, h.clerk, d, dossier.HandOver, onestop.ActInput{})
			p, err := h.Paper(context.Background(), h.clerk.Scope(), dossier.FormControlSlip, d, 0)
			if err != nil || p.HandOvers[0].Timing != c.timing {
				t.Errorf("%s: %+v, %v", name, p.HandOvers, err)
			}
			legs, err := h.Legs(context.Background(), d, h.now)
			if err != nil || legs.Items[0].Over > 0 != c.over {
				t.Errorf("%s: %+v, %v", name, legs, err)
			}
		}
		h.now = when("2026-11-10T08:30:00+07:00")
		h.sound(t)
	})
}
