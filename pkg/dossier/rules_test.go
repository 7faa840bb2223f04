package dossier_test

import (
	"strings"
	"testing"

	"github.com/motcua/motcua/pkg/dossier"
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
