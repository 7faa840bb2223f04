package dossier_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
)

// offers says which papers the dossier is good for.
func (l *course) offers(want ...string) {
	l.t.Helper()
	var said []dossier.Event
	for _, e := range l.events {
		if e.Kind == dossier.SupplementWasCompleted {
			said = append(said, e)
		}
	}
	all, err := dossier.ReusableFrom(l.Dossier, said)
	if err != nil {
		l.t.Fatal(err)
	}
	var got []string
	for _, r := range all {
		if r.At.IsZero() || r.Dossier != l.Code {
			l.t.Errorf("%+v", r)
		}
		got = append(got, r.Name)
	}
	if a, b := strings.Join(got, ", "), strings.Join(want, ", "); a != b {
		l.t.Errorf("offers %s, not %s", a, b)
	}
}

// back is papers that somebody fetches, by number of their part and in words.
func back(papers []dossier.GivenBack, words ...string) dossier.Facts {
	return dossier.Facts{HandedOut: &dossier.HandedOut{Method: dossier.ReturnInPerson, GivenBack: papers, Originals: words}}
}

func TestOnlyWhatTheOfficeStillHasIsOfferedForReuse(t *testing.T) {
	t.Parallel()
	l := open(t, dossier.Received{No: 1, Copies: catalog.Copies{Form: 1}}, dossier.Received{Name: "Sổ đỏ", Copies: catalog.Copies{Original: 1, Copy: 1}})
	l.offers("Đơn", "Sổ đỏ")
	l.act(dossier.RequestSupplement, dossier.Facts{Papers: []string{"Sổ đỏ", "Hộ khẩu", "Ảnh"}, Reason: "thiếu giấy tờ"})
	l.act(dossier.CompleteSupplement, dossier.Facts{Papers: []string{"Sổ đỏ", "Hộ khẩu", "Ảnh"}})
	l.offers("Hộ khẩu", "Ảnh", "Đơn", "Sổ đỏ")
	l.attach(dossier.File{Of: dossier.OfPart, Part: 2, Origin: dossier.BornDigital}) // never was paper
	l.offers("Hộ khẩu", "Ảnh", "Đơn", "Bản sao", "Sổ đỏ")
	l.attach(dossier.File{Of: dossier.OfPart, Part: 1, Origin: dossier.Scanned})
	gone := back([]dossier.GivenBack{{No: 3, Copies: catalog.Copies{Original: 1}}}, "Hộ khẩu")
	gone.Reason, gone.Request = "không còn nhu cầu", &dossier.Request{By: dossier.ByApplicant, How: dossier.Written}
	l.act(dossier.Withdraw, gone)
	l.offers("Ảnh", "Đơn", "Bản sao", "Sổ đỏ") // a copy of the last is left
	l.act(dossier.GivePapersBack, back([]dossier.GivenBack{{No: 1, Copies: catalog.Copies{Form: 1}}, {No: 3, Copies: catalog.Copies{Copy: 1}}}))
	l.offers("Ảnh", "Đơn", "Bản sao") // of the second the scan is left
	for no := range 2 {
		d, e, err := l.Remove(moveAt(len(l.events)), no+1, "nhầm")
		l.then(d, e, err)
	}
	l.offers("Ảnh")
}

func TestAFileOfAnotherDossierIsThatOnesToOffer(t *testing.T) {
	t.Parallel()
	l := open(t)
	l.attach(dossier.File{Of: dossier.OfPart, Part: 1, Origin: dossier.FromReuse, From: &dossier.FileSource{Dossier: "x", File: 1, Of: dossier.OfPart}})
	l.offers()
	l.act(dossier.Finish, dossier.Facts{Result: &dossier.Result{Summary: "Giấy phép", Number: "12/KQ"}})
	l.act(dossier.Return, back(nil, "Ảnh"))
	l.offers("Giấy phép")
}

func TestWhatAPaperOfAnotherDossierStandsInForIsSaid(t *testing.T) {
	t.Parallel()
	in := dossier.Intake{
		ID: uuid.Must(uuid.NewV7()), Channel: "IN_PERSON", Applicant: dossier.Person{Kind: dossier.Citizen, Name: "Người Thử"},
		Parts: []dossier.PlannedPart{{Name: "Đơn"}, {Name: "Bản sao"}, {Name: "Bản sao"}},
	}
	for _, x := range []struct {
		said dossier.Reused
		no   int
		says string
	}{
		{dossier.Reused{Name: "Đơn"}, 1, ""},
		{dossier.Reused{Name: "Đơn", No: 3}, 3, ""},
		{dossier.Reused{Name: "Sổ đỏ"}, 0, ""},
		{dossier.Reused{Name: "Sổ đỏ", No: 2}, 2, ""},
		{dossier.Reused{Name: "Bản sao"}, 0, "reused_from[0].no required"},
		{dossier.Reused{Name: "Đơn", No: 4}, 4, "reused_from[0].no part-unknown"},
	} {
		if x.said.Dossier = "x"; in.PartFor(x.said) != x.no {
			t.Errorf("%+v stands in for %d", x.said, in.PartFor(x.said))
		}
		x.said.No, in.ReusedFrom = x.no, nil
		in.ReusedFrom = append(in.ReusedFrom, x.said)
		d, _, err := dossier.Open(dossier.WasReceived, moveAt(0), dossier.Facts{Intake: &in})
		says := ""
		if f := fault.As(err); f != nil {
			says = f.Fields[0].Name + " " + f.Fields[0].Code
		}
		if says != x.says {
			t.Errorf("%+v: %q", x.said, says)
		}
		if err != nil {
			continue
		}
		no := x.no
		if no == 0 { // beyond the checklist
			no = 4
		}
		if p := d.Part(no); p == nil || len(d.Parts) != max(no, 3) || p.Free != (no == 4) || len(d.ReusedFor(no)) != 1 {
			t.Errorf("%+v: %+v", x.said, d.Parts)
		}
	}
}
