package dossier_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

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

func TestWhatCameFromAnotherAgencyIsTakenFirst(t *testing.T) {
	t.Parallel()
	both, one := dossier.RuleSet{TakeOver: true}, dossier.RuleSet{}
	d, _ := received(t)
	counter, other := d.ReceivingID, uuid.New()
	for _, x := range []struct {
		name   string
		agency []uuid.UUID // of each step, one stage each
		now    int         // the step under way
		action dossier.Action
		taken  bool
		want   bool
	}{
		{"the counter's own first step", []uuid.UUID{counter, counter}, 1, dossier.CompleteStep, false, true},
		{"a first step from the counter", []uuid.UUID{other, counter}, 1, dossier.CompleteStep, false, false},
		{"the same, taken", []uuid.UUID{other, counter}, 1, dossier.CompleteStep, true, true},
		{"a step from within", []uuid.UUID{other, other, counter}, 2, dossier.CompleteStep, false, true},
		{"a step from without", []uuid.UUID{counter, other, counter}, 2, dossier.CompleteStep, false, false},
		{"a last step from without", []uuid.UUID{counter, other}, 2, dossier.Finish, false, false},
		{"a last step from within", []uuid.UUID{other, other}, 2, dossier.Finish, false, true},
		{"an act that ends none", []uuid.UUID{other, counter}, 1, dossier.SendBack, false, true},
	} {
		d := d
		d.Steps, d.StepNo = nil, x.now
		for i, id := range x.agency {
			s := dossier.Step{No: i + 1, Stage: i + 1, AgencyID: id, StartedAt: new(at(1).At)}
			if s.No < x.now {
				s.DoneAt = new(at(1).At)
			}
			if s.No == x.now && x.taken {
				s.TakenBy = &dossier.By{ID: uuid.New()}
			}
			if s.No > x.now {
				s.StartedAt = nil
			}
			d.Steps = append(d.Steps, s)
		}
		for _, no := range []int{0, x.now} {
			err := both.Allows(d, x.action, no)
			if f := fault.As(err); (err == nil) != x.want || err != nil && f.Code != "take-first" {
				t.Errorf("%s: %v", x.name, err)
			}
		}
		if err := one.Allows(d, x.action, x.now); err != nil {
			t.Errorf("%s, where the rules do not ask for it: %v", x.name, err)
		}
	}
}

func TestTheRulesSayHowLateAnIntakeIsWrittenDown(t *testing.T) {
	t.Parallel()
	zone, two := time.FixedZone("+07", 7*3600), 2
	written := time.Date(2026, 11, 10, 0, 30, 0, 0, zone) // still the ninth in UTC
	first := time.Date(2026, 11, 3, 0, 0, 0, 0, zone)
	for _, x := range []struct {
		name     string
		rules    dossier.RuleSet
		received time.Time
		lead     bool
		want     bool
	}{
		{"the first instant of the seventh day before", dossier.RuleSet{}, first, false, true},
		{"the one before", dossier.RuleSet{}, first.Add(-time.Second), false, false},
		{"the one before, by a superior", dossier.RuleSet{}, first.Add(-time.Second), true, true},
		{"three days, where two are allowed", dossier.RuleSet{LateEntryDays: &two}, written.AddDate(0, 0, -3), false, false},
		{"two days", dossier.RuleSet{LateEntryDays: &two}, written.AddDate(0, 0, -2), false, true},
	} {
		err := x.rules.Enters(x.received, written, zone, x.lead)
		if f := fault.As(err); (err == nil) != x.want || err != nil && f.Code != "approver-required" {
			t.Errorf("%s: %v", x.name, err)
		}
	}
}
