package dossier_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/worktime"
)

func TestOnlyTheHandOverSlipIsInNoAct(t *testing.T) {
	t.Parallel()
	set := dossier.RuleSet{
		ID: "test", EffectiveFrom: "2026-01-01", Source: "Luật thử", SupplementBeforeSteps: dossier.Shift, SupplementInSteps: dossier.Shift,
		Answer: worktime.Term{Value: worktime.Whole(10), Unit: worktime.WorkingDay},
		Forms: dossier.FormSet{Act: "TT thử", Forms: map[string]dossier.Form{
			dossier.FormRegister: {Number: "07", Title: "Sổ"}, dossier.FormHandOver: {Title: "Giấy biên nhận"},
		}},
	}
	if err := set.Check(); err != nil {
		t.Fatal(err)
	}
	if f := set.Forms.Named(dossier.FormRegister); f.Act != "TT thử" || f.Number != "07" {
		t.Errorf("%+v", f)
	}
	if f := set.Forms.Named(dossier.FormHandOver); f.Act != "" {
		t.Errorf("a form without a number is cited as one of %s", f.Act)
	}
	if f := set.Forms.Named(dossier.FormStop); f != nil {
		t.Errorf("a form that the set does not have: %+v", f)
	}
	set.Forms.Forms = map[string]dossier.Form{dossier.FormReceipt: {Title: "Giấy"}, "diploma": {Number: "1", Title: "Bằng"}}
	if err := set.Check(); err == nil || !strings.Contains(err.Error(), "rules") {
		t.Errorf("a receipt without a number and a form nobody knows: %v", err)
	}
}

func TestTheRulesSayHowOftenAnOfficerStopsTheClock(t *testing.T) {
	t.Parallel()
	d, _ := received(t)
	d.Procedure.Excluded = []dossier.PauseCause{dossier.ForOpinion}
	waits := func(n int) dossier.Dossier {
		x := d
		for range n {
			x.Waits = append(x.Waits, dossier.Wait{StopsClock: true}, dossier.Wait{})
		}
		return x
	}
	opinion, inspection := &dossier.Wait{Cause: dossier.ForOpinion}, &dossier.Wait{Cause: dossier.ForInspection}
	none, three := 0, 3
	for _, x := range []struct {
		name   string
		rules  dossier.RuleSet
		before int
		wait   *dossier.Wait
		lead   bool
		want   bool
	}{
		{"the first of a set that does not say", dossier.RuleSet{}, 0, opinion, false, true},
		{"the second of it", dossier.RuleSet{}, 1, opinion, false, false},
		{"the second, by a superior", dossier.RuleSet{}, 1, opinion, true, true},
		{"one that stops no clock", dossier.RuleSet{}, 1, inspection, false, true},
		{"the first where none is an officer's", dossier.RuleSet{WaitsUnapproved: &none}, 0, opinion, false, false},
		{"the third of three", dossier.RuleSet{WaitsUnapproved: &three}, 2, opinion, false, true},
		{"the fourth of three", dossier.RuleSet{WaitsUnapproved: &three}, 3, opinion, false, false},
		{"the action as such", dossier.RuleSet{}, 5, nil, false, true},
	} {
		err := x.rules.Approved(waits(x.before), dossier.BeginWait, at(1).At, dossier.Facts{Wait: x.wait}, x.lead)
		if f := fault.As(err); (err == nil) != x.want || err != nil && f.Code != "wait-approver-required" {
			t.Errorf("%s: %v", x.name, err)
		}
	}
	// Once it is late no clock is left that could stop.
	if err := (dossier.RuleSet{}).Approved(waits(3), dossier.BeginWait, d.Promise().LateFrom, dossier.Facts{Wait: opinion}, false); err != nil {
		t.Errorf("a wait of a late dossier: %v", err)
	}
	bad, nothing := -1, worktime.Term{Unit: worktime.WorkingDay}
	var names []string
	for _, x := range fault.As(dossier.RuleSet{WaitsUnapproved: &bad, AnswerMost: &nothing}.Check()).Fields {
		names = append(names, x.Name)
	}
	for _, want := range []string{"waits_unapproved", "answer_most"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is not named among %v", want, names)
		}
	}
}
