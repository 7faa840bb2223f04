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
	good := dossier.Document{Number: "15/TB-UBND", Date: "2026-11-02"}
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
		{
			"a document that is a full stop, of long before the dossier came in", dossier.Stop,
			dossier.Facts{Reason: "đang có tranh chấp", Document: &dossier.Document{Number: ".", Date: "1900-01-01"}},
			[]string{"document.number pattern", "document.date order"},
		},
		{
			"a document of the day before", dossier.Stop,
			dossier.Facts{Reason: "đang có tranh chấp", Document: &dossier.Document{Number: "Số 7", Date: "2026-11-01"}},
			[]string{"document.date order"},
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

func TestADotSaysNothing(t *testing.T) {
	t.Parallel()
	d, j := received(t)
	d, j = act(t, d, j, dossier.HandOver, 1, dossier.Facts{})
	waiting, j := act(t, d, j, dossier.BeginWait, 2, dossier.Facts{StepNo: 1, Wait: &dossier.Wait{Cause: dossier.ForOpinion, Body: "Chi cục Thuế"}})
	asked, j := act(t, d, j, dossier.RequestSupplement, 2, dossier.Facts{Reason: "còn thiếu giấy tờ", Papers: []string{"Bản vẽ"}})
	next, j := act(t, d, j, dossier.CompleteStep, 2, dossier.Facts{StepNo: 1})
	numbered := func(number string) dossier.Facts {
		return dossier.Facts{Result: &dossier.Result{Summary: "Giấy phép", Number: number}}
	}
	ready, _ := act(t, next, j, dossier.Finish, 3, numbered("12/KQ"))
	for number, want := range map[string]string{"": "no-document", " ": "no-document", "12/KQ": ""} {
		done, _ := act(t, next, j, dossier.Finish, 3, numbered(number))
		code := ""
		if why := fault.As(done.Can(dossier.Return, 0)); why != nil {
			code = why.Code
		}
		if code != want {
			t.Errorf("a result with number %q leaves: %q, want %q", number, code, want)
		}
	}
	inPerson := func(change func(h *dossier.HandedOut)) dossier.Facts {
		h := dossier.HandedOut{Method: dossier.ReturnInPerson}
		change(&h)
		return dossier.Facts{HandedOut: &h}
	}
	for _, x := range []struct {
		name   string
		d      dossier.Dossier
		action dossier.Action
		facts  dossier.Facts
		wrong  []string
	}{
		{"a wait for a dot", d, dossier.BeginWait, dossier.Facts{StepNo: 1, Wait: &dossier.Wait{Cause: dossier.ForOther, Body: "."}}, []string{"wait.body too-short"}},
		{"an answer of a dot", waiting, dossier.EndWait, dossier.Facts{StepNo: 1, Note: "."}, []string{"note too-short"}},
		{"papers without a name", d, dossier.RequestSupplement, dossier.Facts{Reason: "còn thiếu giấy tờ", Papers: []string{"Đơn", " "}}, []string{"papers[1] too-short"}},
		{"papers that came without a name", asked, dossier.CompleteSupplement, dossier.Facts{Papers: []string{"-"}}, []string{"papers[0] too-short"}},
		{"a result that is a dot", next, dossier.Finish, dossier.Facts{Result: &dossier.Result{Summary: "."}}, []string{"result.summary too-short"}},
		{"a number that is a dot", next, dossier.Finish, numbered("."), []string{"result.number pattern"}},
		{"a number that is a dash", next, dossier.Finish, numbered(" — "), []string{"result.number pattern"}},
		{"a number that is white", next, dossier.Finish, numbered(" "), []string{}},
		{"a number of two lines", next, dossier.Finish, numbered("12\nKQ"), []string{"result.number text-invalid"}},
		{
			"a number of the post without the post", ready, dossier.Return, inPerson(func(h *dossier.HandedOut) { h.Tracking, h.Address = "E1", "Ấp Thử" }),
			[]string{"handed_out.tracking not-here", "handed_out.address not-here"},
		},
		{"somebody of two lines", ready, dossier.Return, inPerson(func(h *dossier.HandedOut) { h.Receiver = "A\nB" }), []string{"handed_out.receiver text-invalid"}},
	} {
		_, _, err := x.d.Act(x.action, at(4), x.facts)
		if diff := cmp.Diff(x.wrong, fieldsOf(err)); diff != "" {
			t.Errorf("%s: %s (%v)", x.name, diff, err)
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
