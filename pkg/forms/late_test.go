package forms_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/forms"
)

var toldAt = time.Date(2026, 3, 20, 10, 0, 0, 0, time.UTC)

// reappointed was promised another day once it was late; none of its steps has a time of its own.
func reappointed(t *testing.T) *life {
	l := receive(t, setB, catalog.InPerson)
	l.now = l.d.Promise().LateFrom
	l.act(dossier.HandOver, clerk, dossier.Facts{})
	l.act(dossier.RequestExtension, officer, dossier.Facts{Reason: "Chờ ý kiến của cơ quan phối hợp", Extension: &dossier.Extension{Term: days(3), OutOfTime: true}})
	told := l.d.Promise().Mark
	told.DueAt = toldAt
	return l.act(dossier.ApproveExtension, chief, dossier.Facts{
		Promise: &dossier.Promise{No: 2, Kind: dossier.Reappointed, MadeAt: l.now, Mark: told, Why: dossier.Why{Reason: "Chờ ý kiến", AskedBy: &officer}},
	})
}

func (l *life) finish() *life {
	l.act(dossier.CompleteStep, officer, dossier.Facts{})
	return l.act(dossier.Finish, chief, dossier.Facts{Result: &dossier.Result{Summary: "Giấy chứng nhận"}})
}

func TestAControlSlipHidesNoLateness(t *testing.T) {
	t.Parallel()
	l := reappointed(t).finish()
	p := l.paper(dossier.FormControlSlip)
	for i, h := range p.HandOvers {
		if h.Timing != "Quá hạn" || (h.Note == "Hồ sơ: Quá hạn") != (i == len(p.HandOvers)-1) {
			t.Errorf("%d: %+v", i, h)
		}
	}
	words := wordsOf(forms.ControlSlip(p))
	for _, word := range []string{
		"09 giờ 03 phút, ngày 05 tháng 3 năm 2026; hẹn lại: 17 giờ 00 phút, ngày 20 tháng 3 năm 2026", "(Quá hạn)",
	} {
		if !strings.Contains(words, word) {
			t.Errorf("it lacks %q:\n%s", word, words)
		}
	}
	if words = wordsOf(forms.HandOverSlip(l.paper(dossier.FormHandOver))); !strings.Contains(words, "ngày 05 tháng 3 năm 2026; hẹn lại: ") {
		t.Errorf("the hand-over slip:\n%s", words)
	}
}

// A step that was late is so in a dossier that is not, and what goes back is not judged.
func TestAControlSlipJudgesEachByItsOwnTime(t *testing.T) {
	t.Parallel()
	l := receive(t, setB, catalog.InPerson)
	l.act(dossier.HandOver, clerk, l.step(30*time.Hour)).act(dossier.CompleteStep, officer, dossier.Facts{})
	l.act(dossier.Finish, chief, dossier.Facts{Note: "Đã ký", Result: &dossier.Result{Summary: "Giấy chứng nhận"}}).act(dossier.Recall, chief, dossier.Facts{Reason: "kết quả ghi sai tên"})
	p, err := forms.Find(dossier.FormControlSlip, l.events, 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, h := range p.HandOvers[:4] {
		got = append(got, h.Timing+"|"+h.Note)
	}
	if want := []string{"Trước hạn|", "Quá hạn|", "Trước hạn|Đã ký\nHồ sơ: Trước hạn", "|kết quả ghi sai tên"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestARegisterNotesWhatIsLateAndTheDateToldSince(t *testing.T) {
	t.Parallel()
	gone := reappointed(t).act(dossier.Stop, chief, dossier.Facts{Reason: "Chủ hồ sơ đề nghị dừng.", Document: &dossier.Document{Number: "15/TB", Date: "2026-03-05"}})
	for _, c := range []struct {
		d       dossier.Dossier
		printed time.Time
		due     string
		note    string
	}{
		{reappointed(t).finish().d, toldAt, "05/03/2026 09:03", "Quá hạn\nHẹn lại 20/03/2026 17:00"},
		{reappointed(t).d, toldAt, "05/03/2026 09:03", "Quá hạn\nHẹn lại 20/03/2026 17:00"},
		{gone.d, toldAt, "05/03/2026 09:03", "Dừng giải quyết\nQuá hạn\nHẹn lại 20/03/2026 17:00"},
		{receive(t, setB, catalog.InPerson).d, setB.AddDate(0, 0, 27), "05/03/2026 09:03", ""},
		{receive(t, setB, catalog.InPerson).d, setB.AddDate(0, 0, 29), "05/03/2026 09:03", "Quá hạn"},
		{finished(t, setB).d, toldAt, "05/03/2026 09:03", ""},
	} {
		l := ledger(t, setB)
		l.Dossiers, l.Printed = []dossier.Dossier{c.d}, c.printed
		cells := forms.Register(l).Blocks[0].Table.Rows[0].Cells
		if due, note := cells[8].String(), cells[12].String(); due != c.due || note != c.note {
			t.Errorf("state %s on %s: due %q, noted %q", c.d.State, c.printed, due, note)
		}
	}
}

var hamlet = uuid.New()

// elsewhere is the life where the result is wanted at another counter.
func (l *life) elsewhere(choice dossier.ReturnChoice) *life {
	choice.AgencyID = hamlet
	return l.act(dossier.ChangeReturn, clerk, dossier.Facts{Reason: "người nộp chuyển nơi ở", ReturnChoice: &choice})
}

// at is a paper for which the other counter has a name too.
func (l *life) at(form string) forms.Paper {
	p := l.paper(form)
	p.Agencies = map[uuid.UUID]forms.Agency{
		commune: agencies[commune], department: agencies[department],
		hamlet: {Name: "Trung tâm Phục vụ hành chính công phường Hai", Above: "Ủy ban nhân dân tỉnh Thử", Place: "Hai", Kind: catalog.OneStopCentre},
	}
	return p
}

func TestAnApologySendsPeopleWhereTheResultWillBe(t *testing.T) {
	t.Parallel()
	s := forms.Apology(extended(t, setB, dossier.Extended).elsewhere(dossier.ReturnChoice{Method: dossier.ReturnPost, Address: "Số 5, phường Hai"}).at(dossier.FormApology))
	if words := wordsOf(s); !strings.Contains(words, "2026, tại Trung tâm Phục vụ hành chính công phường Hai; hình thức nhận: Bưu chính công ích, địa chỉ Số 5, phường Hai.") {
		t.Error(words)
	}
	if want := []string{"Như trên;", "Ủy ban nhân dân xã Một;", "Trung tâm Phục vụ hành chính công phường Hai;", "Lưu: VT."}; !slices.Equal(s.Recipients, want) {
		t.Errorf("%q", s.Recipients)
	}
}

func TestAHandOverSlipIsTheReturningCountersAndOpenUntilTheResultLeaves(t *testing.T) {
	t.Parallel()
	l := finished(t, setB).elsewhere(dossier.ReturnChoice{Method: dossier.ReturnInPerson})
	s := forms.HandOverSlip(l.at(dossier.FormHandOver))
	if h := s.Head; h.Unit != "Trung tâm Phục vụ hành chính công phường Hai" || !strings.HasSuffix(h.Number, "/TTPVHCC") || h.Place != "Hai, ngày …… tháng …… năm ……" || s.Signatures[0].Name != "" {
		t.Errorf("%+v, %+v", h, s.Signatures)
	}
	l.act(dossier.Return, clerk, dossier.Facts{HandedOut: &dossier.HandedOut{Method: dossier.ReturnInPerson, AgencyID: commune}})
	s = forms.HandOverSlip(l.at(dossier.FormHandOver))
	if h := s.Head; h.Above != "Ủy ban nhân dân xã Một" || !strings.HasSuffix(h.Number, "/BPTNTKQ") || h.Place != "Một, ngày 11 tháng 02 năm 2026" || s.Signatures[0].Name != clerk.Name {
		t.Errorf("another counter handed it out: %+v, %+v", h, s.Signatures)
	}
}

func TestASlipForPapersIsTheCountersWhereTheyLie(t *testing.T) {
	t.Parallel()
	l := receive(t, setB, catalog.InPerson)
	l.act(dossier.RequestSupplement, clerk, dossier.Facts{Papers: []string{"bản chính"}, Reason: "thiếu bản chính"})
	l.act(dossier.CompleteSupplement, clerk, dossier.Facts{Received: []dossier.Received{{Name: "Giấy chứng nhận", Copies: catalog.Copies{Original: 1}}}})
	l.act(dossier.HandOver, clerk, l.step(30*time.Hour)).act(dossier.CompleteStep, officer, dossier.Facts{})
	l.act(dossier.Finish, chief, dossier.Facts{Result: &dossier.Result{Summary: "Giấy chứng nhận", Number: "1/KQ"}})
	l.elsewhere(dossier.ReturnChoice{Method: dossier.ReturnInPerson})
	l.act(dossier.Return, clerk, dossier.Facts{HandedOut: &dossier.HandedOut{Method: dossier.ReturnInPerson, AgencyID: hamlet}})
	l.act(dossier.GivePapersBack, clerk, dossier.Facts{HandedOut: &dossier.HandedOut{
		Method: dossier.ReturnInPerson, AgencyID: hamlet, GivenBack: []dossier.GivenBack{{No: 1, Copies: catalog.Copies{Original: 1}}},
	}})
	s := forms.PapersBackSlip(l.at(dossier.FormPapersBack))
	if h := s.Head; h.Unit != "Trung tâm Phục vụ hành chính công phường Hai" || !strings.HasSuffix(h.Number, "/TTPVHCC") || !strings.HasPrefix(h.Place, "Hai, ngày 1") {
		t.Errorf("%+v", h)
	}
	if words := wordsOf(s); !strings.Contains(words, "Nơi trả\nTrung tâm Phục vụ hành chính công phường Hai") {
		t.Error(words)
	}
}

func TestARequestForPapersSaysHowManyOfEach(t *testing.T) {
	t.Parallel()
	p := paper()
	p.Parts = []dossier.Part{
		{No: 1, Name: "Đơn", Required: catalog.Copies{Form: 1}},
		{No: 2, Name: "Bản vẽ", Required: catalog.Copies{Certified: 2, Copy: 3}, Received: catalog.Copies{Copy: 2}},
		{No: 3, Name: "Ảnh", Required: catalog.Copies{Original: 4}, Received: catalog.Copies{Original: 4}},
	}
	p.Facts = dossier.Facts{Reason: "thiếu", Papers: []string{"Giấy ủy quyền", "Bản vẽ"}, PartNos: []int{1, 2, 3}}
	var got []string
	for _, b := range forms.Supplement(p).Blocks {
		if b.Table == nil {
			continue
		}
		for _, r := range b.Table.Rows {
			var cells []string
			for _, c := range r.Cells[1:] {
				cells = append(cells, c.String())
			}
			got = append(got, strings.Join(cells, "|"))
		}
	}
	if want := []string{"Giấy ủy quyền|||", "Bản vẽ||2|1", "Đơn|1||", "Ảnh|4||"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
