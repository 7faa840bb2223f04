package dossier_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
)

var noon = time.Date(2026, 11, 2, 5, 0, 0, 0, time.UTC)

func moveAt(hours int) dossier.Move {
	at := noon.Add(time.Duration(hours) * time.Hour)
	return dossier.Move{At: at, Recorded: at, By: dossier.By{Name: "Cán bộ", Role: "CLERK"}}
}

// course is a dossier with the events that made it.
type course struct {
	t *testing.T
	dossier.Dossier
	events []dossier.Event
}

func open(t *testing.T, received ...dossier.Received) *course {
	t.Helper()
	in := &dossier.Intake{
		ID: uuid.Must(uuid.NewV7()), Code: "H99-261102-0001", Channel: "IN_PERSON", Applicant: dossier.Person{Kind: dossier.Citizen, Name: "Người Thử"},
		Parts: []dossier.PlannedPart{{Name: "Đơn", Required: catalog.Copies{Form: 1}}, {Name: "Bản sao", Optional: true}},
	}
	l := &course{t: t}
	d, e, err := dossier.Open(dossier.WasReceived, moveAt(0), dossier.Facts{Intake: in, Received: received})
	l.then(d, e, err)
	return l
}

func (l *course) then(d dossier.Dossier, e dossier.Event, err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
	l.Dossier, l.events = d, append(l.events, e)
}

func (l *course) attach(f dossier.File) {
	l.t.Helper()
	f.Name, f.SHA256, f.Size, f.MediaType = "a.pdf", strings.Repeat("ab", 32), 1, "application/pdf"
	d, e, err := l.Attach(moveAt(len(l.events)), f)
	l.then(d, e, err)
}

func (l *course) act(a dossier.Action, f dossier.Facts) {
	l.t.Helper()
	d, e, err := l.Act(a, moveAt(len(l.events)), f)
	l.then(d, e, err)
}

func TestADossierIsDigitisedWhenPartsAndResultHaveFiles(t *testing.T) {
	t.Parallel()
	l := open(t, dossier.Received{No: 1, Copies: catalog.Copies{Form: 1}}, dossier.Received{Name: "Ảnh", Copies: catalog.Copies{Original: 2}})
	want := func(digitised bool, withFiles, reused int) {
		t.Helper()
		if x := l.Digitisation(); x.Digitised != digitised || x.WithFiles != withFiles || x.Reused != reused {
			t.Errorf("%+v", x)
		}
	}
	want(false, 0, 0)
	l.attach(dossier.File{Of: dossier.OfPart, Part: 1, Origin: dossier.Scanned})
	want(false, 1, 0)
	l.attach(dossier.File{Of: dossier.OfDossier, Origin: dossier.Scanned})
	want(false, 1, 0)
	l.attach(dossier.File{Of: dossier.OfPart, Part: 3, Origin: dossier.FromReuse, From: &dossier.FileSource{Dossier: "x", File: 1, Of: dossier.OfResult}})
	want(true, 2, 1)
	if one, two, three := l.PartFlag(1), l.PartFlag(2), l.PartFlag(3); one != dossier.FlagScanned || two != dossier.FlagNone || three != dossier.FlagReusedResult {
		t.Error(one, two, three)
	}
	l.act(dossier.Finish, dossier.Facts{Result: &dossier.Result{Summary: "Giấy phép", Number: "12/KQ"}})
	want(false, 2, 1)
	l.attach(dossier.File{Of: dossier.OfResult, Origin: dossier.BornDigital})
	want(true, 2, 1)
	d, e, err := l.Remove(moveAt(9), 1, "nhầm")
	l.then(d, e, err)
	want(false, 1, 1)

	again, err := dossier.Rebuild(l.events)
	if err != nil || again.Head != l.Head || len(again.Files) != 4 || again.Files[0].Removal != "nhầm" || !again.Files[0].AttachedAt.Equal(moveAt(1).At) {
		t.Errorf("%+v, %v", again.Files, err)
	}
}

func TestAMoveLeavesTheChecklistBeforeItAsItWas(t *testing.T) {
	t.Parallel()
	l := open(t)
	before := l.Dossier
	l.act(dossier.RequestSupplement, dossier.Facts{Reason: "thiếu giấy tờ", PartNos: []int{2}})
	l.act(dossier.CompleteSupplement, dossier.Facts{Received: []dossier.Received{{No: 1, Copies: catalog.Copies{Form: 1}}}})
	if before.Parts[1].Asked || before.Parts[0].Received.Any() {
		t.Errorf("%+v", before.Parts)
	}
	if !l.Parts[1].Asked || l.Parts[1].Received.Any() || l.Parts[0].Received.Form != 1 {
		t.Errorf("%+v", l.Parts)
	}
}

func TestWhatWasAskedForIsAskedForUntilItComes(t *testing.T) {
	t.Parallel()
	const form, copied, other = 1, 2, 3
	for name, come := range map[string]func(l *course){
		"as paper": func(l *course) {
			l.act(dossier.CompleteSupplement, dossier.Facts{Received: []dossier.Received{{No: copied, Copies: catalog.Copies{Copy: 1}}}})
		},
		"in words": func(l *course) { l.act(dossier.CompleteSupplement, dossier.Facts{Papers: []string{"Bản sao"}}) },
		"as a file": func(l *course) {
			l.attach(dossier.File{Of: dossier.OfPart, Part: copied, Origin: dossier.BornDigital})
			l.act(dossier.CompleteSupplement, dossier.Facts{Papers: []string{"như trên"}})
		},
	} {
		l := open(t, dossier.Received{Name: "Sổ đỏ", Copies: catalog.Copies{Copy: 1}})
		l.act(dossier.RequestSupplement, dossier.Facts{Reason: "thiếu giấy tờ", PartNos: []int{copied, other}})
		come(l)
		if l.Part(form).Asked || l.Part(copied).Asked || !l.Part(other).Asked {
			t.Errorf("%s: %+v", name, l.Parts)
		}
	}
}

func TestWhatCannotBeAttachedOrReceivedIsNamed(t *testing.T) {
	t.Parallel()
	l := open(t)
	file := dossier.File{Of: dossier.OfPart, Part: 1, Name: "a", SHA256: strings.Repeat("ab", 32), Size: 1, Origin: dossier.Scanned}
	for name, change := range map[string]func(*dossier.File){
		"part":   func(f *dossier.File) { f.Part = 3 },
		"of":     func(f *dossier.File) { f.Of, f.Part = "X", 0 },
		"name":   func(f *dossier.File) { f.Name = " ../ " },
		"sha256": func(f *dossier.File) { f.SHA256 = strings.Repeat("AB", 32) },
		"file":   func(f *dossier.File) { f.Size = 0 },
		"origin": func(f *dossier.File) { f.Origin = dossier.FromReuse },
	} {
		wrong := file
		change(&wrong)
		_, _, err := l.Attach(moveAt(1), wrong)
		if f := fault.As(err); f == nil || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, r := range []dossier.Received{
		{No: 3, Copies: catalog.Copies{Copy: 1}},
		{No: -1, Copies: catalog.Copies{Copy: 1}},
		{Copies: catalog.Copies{Copy: 1}},
		{No: 1},
		{No: 1, Name: "x", Copies: catalog.Copies{Copy: 1}},
		{No: 1, Copies: catalog.Copies{Copy: 2, Form: -1}},
		{No: 1, Copies: catalog.Copies{Copy: 1000}},
		{Name: strings.Repeat("x", 2000), Copies: catalog.Copies{Copy: 1}},
	} {
		if _, _, err := l.Act(dossier.Accept, moveAt(1), dossier.Facts{Received: []dossier.Received{r}}); !errors.Is(err, fault.Conflict) { // the state comes first
			t.Errorf("%+v: %v", r, err)
		}
		l := open(t)
		l.act(dossier.RequestSupplement, dossier.Facts{Papers: []string{"bản sao"}, Reason: "thiếu giấy tờ"})
		if _, _, err := l.Act(dossier.CompleteSupplement, moveAt(2), dossier.Facts{Received: []dossier.Received{r}}); !errors.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", r, err)
		}
	}
	l.act(dossier.Withdraw, dossier.Facts{Reason: "không còn nhu cầu", Request: &dossier.Request{By: dossier.ByApplicant, How: dossier.Written}})
	if _, _, err := l.Attach(moveAt(3), file); !errors.Is(err, fault.Conflict) {
		t.Error(err)
	}
}

func TestANameIsMadeSafe(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"Đơn đề nghị.pdf": "Đơn đề nghị.pdf", "../../etc/passwd": "passwd", `C:\Users\x\đơn.pdf`: "đơn.pdf", "a\x00b\r\n.pdf": "ab.pdf",
		"\u202egpj.exe": "gpj.exe", "  .. ": "", "": "", "/": "_", ".htaccess": "htaccess", `a"b;c<d>.pdf`: "a_b;c_d_.pdf", "con\u200b.pdf": "con.pdf",
		strings.Repeat("ế", 200) + ".pdf": strings.Repeat("ế", 146) + ".pdf",
	} {
		if got := dossier.CleanName(given); got != want {
			t.Errorf("%q becomes %q, not %q", given, got, want)
		}
	}
}

func TestOnlyTheSameNumberIsTheSamePerson(t *testing.T) {
	t.Parallel()
	p := func(number string) dossier.Person {
		return dossier.Person{Name: "Nguyễn Văn Mẫu", IDNumber: number}
	}
	if !dossier.SamePerson(p("093190000001"), p("093190 000001")) || dossier.SamePerson(p(""), p("")) || dossier.SamePerson(p("093190000001"), p("093190000002")) {
		t.Error("persons are told apart otherwise")
	}
}

func TestWhatEverybodyHasToHandInCountsFromAcceptanceOn(t *testing.T) {
	t.Parallel()
	l := &course{t: t}
	in := &dossier.Intake{
		ID: uuid.Must(uuid.NewV7()), Code: "H99-261102-0001", Channel: "ONLINE", Applicant: dossier.Person{Kind: dossier.Citizen, Name: "Người Thử"},
		Parts: []dossier.PlannedPart{{Name: "Đơn", Required: catalog.Copies{Form: 1}}, {Name: "Bản vẽ", Note: "bản chính hoặc bản sao"}, {Name: "Ủy quyền", Optional: true}},
	}
	d, e, err := dossier.Open(dossier.WasRegistered, moveAt(0), dossier.Facts{Intake: in})
	l.then(d, e, err)
	l.attach(dossier.File{Of: dossier.OfPart, Part: 1, Origin: dossier.BornDigital})
	if x := l.Digitisation(); !x.Digitised || x.Parts != 1 {
		t.Errorf("before acceptance: %+v", x)
	}
	l.act(dossier.Accept, dossier.Facts{})
	if x := l.Digitisation(); x.Digitised || x.Parts != 2 || x.WithFiles != 1 {
		t.Errorf("nobody wrote down that the second came: %+v", x)
	}
	l.attach(dossier.File{Of: dossier.OfPart, Part: 2, Origin: dossier.Scanned})
	if x := l.Digitisation(); !x.Digitised || x.Parts != 2 {
		t.Errorf("both have files: %+v", x)
	}
}

// What is typed is printed on one line. The name of a part is printed as the record has it.
func TestNoPaperForgesALineOfAnother(t *testing.T) {
	t.Parallel()
	const published, two = "Bản vẽ:\n- mặt bằng\n- mặt cắt", "Sổ đỏ\n5. Thời gian trả: ngày 30"
	in := &dossier.Intake{
		ID: uuid.Must(uuid.NewV7()), Code: "H99-261102-0001", Channel: "IN_PERSON", Applicant: dossier.Person{Kind: dossier.Citizen, Name: "Người Thử"},
		Parts: []dossier.PlannedPart{{Name: published}},
	}
	forged := []dossier.Received{{Name: two, Copies: catalog.Copies{Copy: 1}}}
	_, _, err := dossier.Open(dossier.WasReceived, moveAt(0), dossier.Facts{
		Intake: in, Received: forged, ReturnChoice: &dossier.ReturnChoice{Method: dossier.ReturnPost, Address: two},
	})
	if got, want := fieldsOf(err), []string{"received[0].name text-invalid", "return_choice.address text-invalid"}; !slices.Equal(got, want) {
		t.Errorf("at the counter: %v", got)
	}
	l := &course{t: t}
	d, e, err := dossier.Open(dossier.WasReceived, moveAt(0), dossier.Facts{Intake: in})
	l.then(d, e, err)
	for _, x := range []struct {
		action dossier.Action
		facts  dossier.Facts
		want   []string
	}{
		{dossier.RequestSupplement, dossier.Facts{Reason: "thiếu giấy tờ", Papers: []string{published, two}}, []string{"papers[1] text-invalid"}},
		{
			dossier.Withdraw, dossier.Facts{
				Reason: "không còn nhu cầu", Request: &dossier.Request{By: dossier.ByApplicant, How: dossier.Written},
				HandedOut: &dossier.HandedOut{Method: dossier.ReturnInPerson, Originals: []string{two}},
			}, []string{"handed_out.originals[0] text-invalid"},
		},
		{
			dossier.Stop,
			dossier.Facts{Reason: "đang có tranh chấp", Document: &dossier.Document{Number: two, Date: "2026-11-02"}},
			[]string{"document.number text-invalid"},
		},
		{dossier.Finish, dossier.Facts{Result: &dossier.Result{Summary: "Giấy phép", Number: two}}, []string{"result.number text-invalid"}},
	} {
		if _, _, err := l.Act(x.action, moveAt(1), x.facts); !slices.Equal(fieldsOf(err), x.want) {
			t.Errorf("%s: %v", x.action, fieldsOf(err))
		}
	}
	l.act(dossier.RequestSupplement, dossier.Facts{Reason: "thiếu giấy tờ", PartNos: []int{1}, Papers: []string{published}})
	l.act(dossier.CompleteSupplement, dossier.Facts{Papers: []string{published}})
}
