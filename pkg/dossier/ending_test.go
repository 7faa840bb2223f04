package dossier_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
)

func fieldsOf(err error) []string {
	names := []string{}
	if f := fault.As(err); f != nil {
		for _, x := range f.Fields {
			names = append(names, x.Name+" "+x.Code)
		}
	}
	return names
}

func asJSON(t *testing.T, d dossier.Dossier) string {
	t.Helper()
	body, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestAnEndWantsMoreThanAWord(t *testing.T) {
	t.Parallel()
	d, _ := received(t)
	good := dossier.Document{Number: "15/TB-UBND", Date: "2025-01-02"}
	for _, x := range []struct {
		name   string
		action dossier.Action
		facts  dossier.Facts
		wrong  []string
	}{
		{"a letter", dossier.Stop, dossier.Facts{Reason: "x", Document: &good}, []string{"reason too-short"}},
		{"a letter and much white", dossier.Stop, dossier.Facts{Reason: " x \n           y ", Document: &good}, []string{"reason too-short"}},
		{"ten letters with their marks", dossier.Stop, dossier.Facts{Reason: "đã hết hạn", Document: &good}, []string{}},
		{"nothing", dossier.Stop, dossier.Facts{}, []string{"reason required", "document required"}},
		{"a document without anything", dossier.Stop, dossier.Facts{Reason: "đang có tranh chấp", Document: &dossier.Document{}}, []string{"document.number required", "document.date date"}},
		{
			"a document of the year after", dossier.Stop,
			dossier.Facts{Reason: "đang có tranh chấp", Document: &dossier.Document{Number: "1", Date: "2099-01-01"}},
			[]string{"document.date future"},
		},
		{"nobody asked", dossier.Withdraw, dossier.Facts{Reason: "không còn nhu cầu"}, []string{"request required"}},
		{
			"somebody, somehow", dossier.Withdraw,
			dossier.Facts{Reason: "không còn nhu cầu", Request: &dossier.Request{By: "OFFICER", How: "BY_HEART"}},
			[]string{"request.by unknown", "request.how unknown"},
		},
		{
			"a submitter whom there is not", dossier.Withdraw,
			dossier.Facts{Reason: "không còn nhu cầu", Request: &dossier.Request{By: dossier.BySubmitter, How: dossier.AtCounter}},
			[]string{"request.by unknown"},
		},
		{
			"a proxy without a name", dossier.Withdraw,
			dossier.Facts{Reason: "không còn nhu cầu", Request: &dossier.Request{By: dossier.ByProxy, How: dossier.FromAfar}},
			[]string{"request.name required"},
		},
	} {
		next, _, err := d.Act(x.action, at(1), x.facts)
		if diff := cmp.Diff(x.wrong, fieldsOf(err)); diff != "" {
			t.Errorf("%s: %s", x.name, diff)
		}
		if len(x.wrong) == 0 && (err != nil || next.Document == nil || *next.Document != good) {
			t.Errorf("%s: %+v, %v", x.name, next.Document, err)
		}
	}
}

func TestAContributionMovesNeitherStepNorClock(t *testing.T) {
	t.Parallel()
	d, _ := received(t)
	d, _, err := d.Act(dossier.HandOver, at(1), dossier.Facts{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.Act(dossier.Contribute, at(2), dossier.Facts{StepNo: 1, Note: " ", FileNo: 3}); cmp.Diff([]string{"note required", "file_no unknown"}, fieldsOf(err)) != "" {
		t.Errorf("%v", err)
	}
	next, e, err := d.Act(dossier.Contribute, at(2), dossier.Facts{StepNo: 1, Note: "Thống nhất với dự thảo"})
	if err != nil || e.Kind != dossier.ContributionWasMade {
		t.Fatal(e.Kind, err)
	}
	if c := next.Contributions; len(c) != 1 || c[0].Text != "Thống nhất với dự thảo" || c[0].StepNo != 1 || !c[0].At.Equal(at(2).At) {
		t.Errorf("%+v", c)
	}
	next.Contributions, next.Version, next.Head = nil, d.Version, d.Head
	if diff := cmp.Diff(asJSON(t, d), asJSON(t, next)); diff != "" {
		t.Error(diff)
	}
	s := dossier.Step{Assigned: &dossier.Assignment{Support: []dossier.Officer{{ID: uuid.Max}}}}
	if !s.Supports(uuid.Max) || s.Supports(uuid.Nil) || (dossier.Step{}).Supports(uuid.Max) {
		t.Error("support is not told from the rest")
	}
}
