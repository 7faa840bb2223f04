package forms_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/forms"
	"github.com/motcua/motcua/pkg/worktime"
)

var (
	setA = time.Date(2024, 2, 5, 2, 3, 0, 0, time.UTC)
	setB = time.Date(2026, 2, 5, 2, 3, 0, 0, time.UTC)
)

var threeAndAHalf, _ = worktime.ParseAmount("3.5")

func paper() forms.Paper {
	accepted := setB
	return forms.Paper{
		Zone: zone, Agencies: map[uuid.UUID]forms.Agency{{1}: {Name: "Xã Một"}, {2}: {Name: "Sở Thử"}}, Lookup: "/tra-cuu",
		Components: []forms.Component{{Name: "Đơn <đề nghị>"}},
		Form:       &dossier.Form{Act: "TT 03/2025/TT-VPCP", Number: "04", Title: "Văn bản xin lỗi"},
		Dossier: dossier.Dossier{
			Code: "H99.X1-260205-0001", Applicant: dossier.Person{Name: `<script>alert("x")</script>`, Address: "Số 1 & 2"}, AcceptedAt: &accepted,
			ReceivingID: uuid.UUID{1}, DecidingID: uuid.UUID{2}, Procedure: dossier.Procedure{Name: "Cấp giấy phép", Code: "9.000001"},
			Basis: &dossier.Basis{Term: days(5)},
		},
		Granted: &worktime.Term{Value: threeAndAHalf, Unit: worktime.WorkingDay},
		Promise: dossier.Promise{
			No: 2, Kind: dossier.Reappointed, MadeAt: accepted, Mark: dossier.Mark{DueAt: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)},
			Why: dossier.Why{Reason: "chờ ý kiến"},
		},
		Before: dossier.Promise{No: 1, Mark: dossier.Mark{DueAt: time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC)}},
	}
}

func page(t *testing.T, s forms.Sheet) string {
	t.Helper()
	body, err := forms.HTML(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestAPaperSaysWhatItsFormAsksFor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		make  func(forms.Paper) forms.Sheet
		words []string
	}{
		"receipt": {forms.Receipt, []string{
			"H99.X1-260205-0001", "Đơn &lt;đề nghị&gt;", "5 ngày làm việc", "09 giờ 03 phút, ngày 05 tháng 02 năm 2026", "17 giờ 00 phút, ngày 05 tháng 3 năm 2026",
			"Số 1 &amp; 2",
		}},
		"apology": {forms.Apology, []string{
			"Văn bản xin lỗi", "TT 03/2025/TT-VPCP, mẫu số 04", "ngày 31 tháng 01 năm 2026", "thêm 3,5 ngày làm việc", "chờ ý kiến", "Asked for too late",
		}},
	} {
		body := page(t, c.make(paper()))
		for _, word := range append(c.words, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") {
			if !strings.Contains(body, word) {
				t.Errorf("the %s lacks %q", name, word)
			}
		}
		if strings.Contains(body, "<script>") {
			t.Errorf("the %s runs what an applicant calls himself", name)
		}
	}
}

func TestADossierWithoutADateHasAReceiptThatSaysSo(t *testing.T) {
	t.Parallel()
	p := paper()
	p.Promise, p.Dossier.Basis = dossier.Promise{}, &dossier.Basis{Term: worktime.Term{Unit: worktime.NoAppointment}}
	if body := page(t, forms.Receipt(p)); !strings.Contains(body, "không hẹn ngày") {
		t.Error(body)
	}
}

func TestAReceiptTellsTheSecretOrHasRoomForIt(t *testing.T) {
	t.Parallel()
	p := paper()
	if words := wordsOf(forms.Receipt(p)); strings.Contains(words, "Mã bí mật:") {
		t.Errorf("a dossier without a secret:\n%s", words)
	}
	p.Dossier.SecretHash = "of some secret"
	if words := wordsOf(forms.Receipt(p)); !strings.Contains(words, "Mã bí mật: "+strings.Repeat("…", 10)+"\n") || strings.Contains(words, "được cho biết khi nộp") {
		t.Errorf("no room to write it on:\n%s", words)
	}
	p.Secret = "7K2M9QXW3B"
	s := forms.Receipt(p)
	if words := wordsOf(s); !strings.Contains(words, "Mã bí mật: 7K2M9QXW3B\n") || !strings.Contains(words, "mã bí mật trên giấy này") || strings.Contains(s.Address, p.Secret) {
		t.Errorf("it is not told, or leads along in %s:\n%s", s.Address, words)
	}
	if words := wordsOf(forms.Apology(p)); strings.Contains(words, p.Secret) {
		t.Errorf("another form tells it:\n%s", words)
	}
}

// told is what each form must say of its life in lives, whichever set it belongs to.
var told = map[string][]string{
	dossier.FormReceipt: {
		"Nguyễn Thị Thùy Dương", "0912345678", "093190000001", "1.012756", "Bản chứng thực", "20 ngày làm việc", "Trần Thị Hoa", "Quyển số", "Người nộp hồ sơ",
	},
	dossier.FormSupplement: {
		"Trích lục bản đồ địa chính (bản chính)", "chưa có xác nhận của đơn vị đo đạc", "chậm nhất 09 giờ 03 phút, ngày 05 tháng 3 năm", "/HDHS", "Người hướng dẫn",
		"không tính vào thời hạn",
	},
	dossier.FormRefusal: {"Thửa đất không thuộc địa bàn tiếp nhận.", "không tiếp nhận, giải quyết hồ sơ này", "Trần Thị Hoa"},
	dossier.FormApology: {
		"Chờ ý kiến của cơ quan phối hợp", "thêm 3 ngày làm việc", "17 giờ 00 phút, ngày 05 tháng 3 năm 2026", "/PXL", "Lê Thị Kín", "Lưu: VT.", "Điều 19 Nghị định 61",
	},
	dossier.FormStop: {"Chủ hồ sơ đề nghị dừng", "thông báo dừng giải quyết", "Đơn đề nghị của chủ hồ sơ; Văn bản số 15/TB-UBND ngày 05/02/20", "Lê Thị Kín"},
	dossier.FormControlSlip: {
		"1. Giao: Ủy ban nhân dân xã Một\n2. Nhận: Sở Nông nghiệp và Môi trường", "Người giao: Trần Thị Hoa\nNgười nhận: Phạm Văn Đức (09:03, 07/02/", "Quá hạn", "Trước hạn",
	},
	dossier.FormHandOver: {"Giấy chứng nhận quyền sử dụng đất", "CS 012345", "Bưu chính công ích", "EK123456789VN", "Nguyễn Văn Nhận"},
	dossier.FormPapersBack: {
		"Phiếu trả lại giấy tờ", "Dừng giải quyết hồ sơ", "Giấy chứng nhận đã cấp", "3 bản chính, 1 bản sao", "2 bản chính", "1 bản chính, 1 bản sao", "Bản vẽ có dấu đỏ",
		"Trần Văn Thay (người được ủy quyền)", "12/UQ", "Người trả giấy tờ", "Trần Thị Hoa", "Ủy ban nhân dân xã Một",
	},
}

// numbers are the forms of each set. The stop notice came with the second one, and no act has the slips for what goes back.
var numbers = map[string][2]string{
	dossier.FormReceipt: {"01", "01"}, dossier.FormSupplement: {"02", "02"}, dossier.FormRefusal: {"03", "03"}, dossier.FormApology: {"04", "04"},
	dossier.FormStop: {"", "05"}, dossier.FormControlSlip: {"05", "06"}, dossier.FormRegister: {"06", "07"}, dossier.FormHandOver: {"", ""},
	dossier.FormPapersBack: {"", ""},
}

func TestEachFormOfBothSetsFindsItsFactsInTheJournal(t *testing.T) {
	t.Parallel()
	for i, at := range []time.Time{setA, setB} {
		act := []string{"TT 01/2018/TT-VPCP", "TT 03/2025/TT-VPCP, Phụ lục I"}[i]
		for name, l := range lives(t, at) {
			s := forms.Fill(name, l.paper(name))
			words := wordsOf(s)
			for _, word := range append(told[name], l.d.Code) {
				if !strings.Contains(words, word) {
					t.Errorf("set %d: the %s lacks %q:\n%s", i, name, word, words)
				}
			}
			cited := ""
			if n := numbers[name][i]; n != "" {
				cited = act + ", mẫu số " + n
			}
			if s.Cited != cited {
				t.Errorf("set %d: the %s is cited as %q, not %q", i, name, s.Cited, cited)
			}
			if want := "https://motcua.example.vn/tra-cuu?code=" + l.d.Code; s.Address != want {
				t.Errorf("the code of the %s leads to %s", name, s.Address)
			}
			if html := page(t, s); !strings.Contains(html, `<path d="M`) || !strings.Contains(html, s.Title) {
				t.Errorf("the page of the %s lacks its code or title", name)
			}
		}
		if s := forms.Register(ledger(t, at)); s.Cited != act+", mẫu số "+numbers[dossier.FormRegister][i] || s.Title != "Sổ theo dõi hồ sơ" {
			t.Errorf("the register: %q", s.Cited)
		}
	}
}

// wordsOf is all text of a sheet.
func wordsOf(s forms.Sheet) string {
	all := []string{s.Title, s.Code, s.Head.Above, s.Head.Unit, s.Head.Number, s.Head.Place}
	all = append(all, s.Recipients...)
	for _, x := range s.Signatures {
		all = append(all, x.Role, x.Name)
	}
	for _, x := range append(append([]forms.Text(nil), s.Under...), s.Foot...) {
		all = append(all, x.String())
	}
	for _, b := range s.Blocks {
		all = append(all, b.Text.String())
		for _, f := range b.Fields {
			all = append(all, f.Label, f.Value.String())
		}
		if b.Table == nil {
			continue
		}
		for _, c := range b.Table.Columns {
			all = append(all, c.Title)
		}
		for _, r := range b.Table.Rows {
			for _, c := range r.Cells {
				all = append(all, c.String())
			}
		}
	}
	return strings.Join(all, "\n")
}

func TestTheSlipForPapersIsFilledInByHandBeforeAnyWentBack(t *testing.T) {
	t.Parallel()
	words := wordsOf(forms.Fill(dossier.FormPapersBack, holding(t, setB).paper(dossier.FormPapersBack)))
	for _, word := range []string{"Giấy chứng nhận đã cấp", "3 bản chính, 1 bản sao", "Đơn đề nghị", "1 tờ khai", "Người nhận\n………", "Một, ngày …… tháng …… năm ……"} {
		if !strings.Contains(words, word) {
			t.Errorf("it lacks %q:\n%s", word, words)
		}
	}
	if strings.Contains(words, chief.Name) {
		t.Errorf("whoever stopped the dossier gave nothing back:\n%s", words)
	}
}

func TestTheSlipOfAnOnlineReturnNamesTheFileAndItsHash(t *testing.T) {
	t.Parallel()
	l, sum := finished(t, setB), strings.Repeat("0123456789abcdef", 4)
	d, e, err := l.d.Attach(dossier.Move{At: l.now, Recorded: l.now, By: clerk}, dossier.File{
		Of: dossier.OfResult, Name: "giay-chung-nhan.pdf", MediaType: "application/pdf", Size: 9, SHA256: sum, Origin: dossier.BornDigital,
	})
	l.keep(d, e, err)
	l.act(dossier.Return, clerk, dossier.Facts{HandedOut: &dossier.HandedOut{Method: dossier.ReturnOnline, FileNo: 1}})
	s := forms.HandOverSlip(l.paper(dossier.FormHandOver))
	body, err := forms.HTML(s)
	if err != nil || !strings.Contains(string(body), "giay-chung-nhan.pdf") || !strings.Contains(string(body), sum) {
		t.Errorf("%v: %s", err, body)
	}
}

func TestAFormThatDoesNotApplyIsRefused(t *testing.T) {
	t.Parallel()
	registered, received := receive(t, setB, catalog.Online), receive(t, setB, catalog.InPerson)
	for name, l := range map[string]*life{
		dossier.FormReceipt: registered, dossier.FormControlSlip: registered, dossier.FormSupplement: received, dossier.FormRefusal: received,
		dossier.FormApology: received, dossier.FormStop: received, dossier.FormHandOver: received, dossier.FormPapersBack: received,
	} {
		if _, err := forms.Find(name, l.events, 0); !errors.Is(err, fault.Conflict) || fault.As(err).Code != "form-not-applicable" {
			t.Errorf("%s: %v", name, err)
		}
	}
	late := extended(t, setB, dossier.Reappointed)
	if p, err := forms.Find(dossier.FormApology, late.events, 2); err != nil || p.Promise.No != 2 || p.Before.No != 1 || p.Promise.ApprovedBy.Name != chief.Name {
		t.Errorf("%+v, %v", p.Promise, err)
	}
	for no, kind := range map[int]fault.Kind{1: fault.Conflict, 3: fault.NotFound} {
		if _, err := forms.Find(dossier.FormApology, late.events, no); !errors.Is(err, kind) {
			t.Errorf("the apology for promise %d: %v", no, err)
		}
	}
	if _, err := forms.Find(dossier.FormReceipt, late.events, 2); !errors.Is(err, fault.Conflict) {
		t.Errorf("a receipt for an extended date: %v", err)
	}
	if p, err := forms.Find(dossier.FormReceipt, late.events, 0); err != nil || p.Promise.No != 1 {
		t.Errorf("the receipt tells promise %d, %v", p.Promise.No, err)
	}
}

func TestASlipKeepsRoomForWhatIsStillToCome(t *testing.T) {
	t.Parallel()
	l := receive(t, setB, catalog.InPerson)
	p, err := forms.Find(dossier.FormControlSlip, l.events, 0)
	if err != nil || len(p.HandOvers) != 3 || !p.HandOvers[0].At.IsZero() || p.HandOvers[2].To != commune {
		t.Fatalf("%+v, %v", p.HandOvers, err)
	}
	l.act(dossier.HandOver, clerk, l.step(30*time.Hour))
	if p, err = forms.Find(dossier.FormControlSlip, l.events, 0); err != nil || len(p.HandOvers) != 3 || p.HandOvers[0].At.IsZero() || !p.HandOvers[1].At.IsZero() {
		t.Fatalf("%+v, %v", p.HandOvers, err)
	}
	l.act(dossier.Withdraw, clerk, dossier.Facts{Reason: "không còn nhu cầu", Request: &dossier.Request{By: dossier.ByApplicant, How: dossier.Written}})
	if p, err = forms.Find(dossier.FormControlSlip, l.events, 0); err != nil || len(p.HandOvers) != 1 {
		t.Fatalf("nothing is to come for a dossier that ended: %+v, %v", p.HandOvers, err)
	}
}

func TestARecalledDossierHasItsWayBackOnTheSlip(t *testing.T) {
	t.Parallel()
	l := finished(t, setB).act(dossier.Recall, chief, dossier.Facts{Reason: "kết quả ghi sai tên"})
	p, err := forms.Find(dossier.FormControlSlip, l.events, 0)
	if err != nil || len(p.HandOvers) != 5 || p.HandOvers[3].Note != "kết quả ghi sai tên" || p.HandOvers[3].To != department || !p.HandOvers[4].At.IsZero() {
		t.Fatalf("%+v, %v", p.HandOvers, err)
	}
}
