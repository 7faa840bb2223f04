package onestop_test

import (
	"context"
	"testing"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/worktime"
)

func term(n uint32, unit worktime.Unit) *worktime.Term {
	return &worktime.Term{Value: worktime.Whole(n), Unit: unit}
}

func TestADossierIsPromisedByTheVersionOfItsDay(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		online := input("9.000001")
		online.Channel = catalog.Online
		registered, _ := h.receive(t, h.clerk, online)
		h.now = when("2026-11-04T10:00:00+07:00")
		in := onestop.TermsInput{Terms: []catalog.Term{{Statutory: term(9, worktime.WorkingDay)}}, Reason: "NĐ 1"}
		if _, err := h.SetTerms(ctx, h.administrator, h.now, "9.000001", in); err != nil {
			t.Fatal(err)
		}
		for received, version := range map[string]int{
			"2026-10-30T09:00:00+07:00": 1, // before anything was recorded
			"2026-11-03T23:59:59+07:00": 1,
			"2026-11-04T00:00:00+07:00": 2, // the day counts, not the hour
			"2026-11-04T10:00:00+07:00": 2,
		} {
			in, at := input("9.000001"), when(received)
			in.ReceivedAt = &at
			if d, _ := h.receive(t, h.clerk, in); d.Procedure.Version != version || d.Basis.Term.Value != map[int]*worktime.Term{1: term(3, worktime.WorkingDay), 2: term(9, worktime.WorkingDay)}[version].Value {
				t.Errorf("received %s: version %d, %s days", received, d.Procedure.Version, d.Basis.Term.Value)
			}
		}
		accepted := h.act(t, h.clerk, registered, dossier.Accept, onestop.ActInput{})
		if accepted.Procedure.Version != 1 || accepted.Basis.Term.Value != term(2, worktime.WorkingDay).Value {
			t.Errorf("registered before the change: version %d, %s days", accepted.Procedure.Version, accepted.Basis.Term.Value)
		}
	})
}
