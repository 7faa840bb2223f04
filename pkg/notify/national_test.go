package notify_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/notify"
	"github.com/motcua/motcua/pkg/worktime"
)

func TestEachOfTheTenStatesIsToldAsWhatItIs(t *testing.T) {
	t.Parallel()
	const (
		received = "20261102083000"
		promised = "20261105083000"
	)
	inProgress := func() *life { return open(t, dossier.WasReceived).act(dossier.HandOver, dossier.Facts{}) }
	lacking := dossier.Facts{Reason: "thiếu giấy tờ", Papers: []string{"Đơn"}}
	seen := map[string]bool{}
	for _, c := range []struct {
		state                                 dossier.State
		life                                  *life
		accepted, due, ended, refused, handed string
	}{
		{dossier.Registered, open(t, dossier.WasRegistered), "", "", "", "", ""},
		{dossier.Accepted, open(t, dossier.WasReceived), received, promised, "", "", ""},
		{dossier.Refused, open(t, dossier.WasRegistered).act(dossier.Refuse, refused), "", "", "20261102093000", "20261102093000", ""},
		{dossier.InProgress, inProgress(), received, promised, "", "", ""},
		{dossier.SupplementRequested, inProgress().act(dossier.RequestSupplement, lacking), received, promised, "", "", ""},
		{dossier.PaymentRequired, inProgress().act(dossier.RequestPayment, levy), received, promised, "", "", ""},
		{dossier.Withdrawn, inProgress().act(dossier.Withdraw, asked), received, promised, "20261102103000", "", ""},
		{dossier.Stopped, inProgress().act(dossier.Stop, stopped), received, promised, "20261102103000", "", ""},
		{dossier.Resolved, inProgress().act(dossier.Finish, licence), received, promised, "20261102103000", "", ""},
		{dossier.Returned, inProgress().act(dossier.Finish, licence).act(dossier.Return, byPost), received, promised, "20261102103000", "", "20261102113000"},
	} {
		got, _ := message[notify.NationalRecords](t, notify.Receiver{Format: notify.National}, c.life.last())
		d := got.Dossier
		if d.TrangThaiHoSo != string(c.state) || got.Progress.TrangThai != string(c.state) || seen[d.TrangThaiHoSo] {
			t.Errorf("state %s is told as %q and %q", c.state, d.TrangThaiHoSo, got.Progress.TrangThai)
		}
		seen[d.TrangThaiHoSo] = true
		if d.NgayTiepNhan != c.accepted || d.NgayHenTra != c.due || d.NgayKetThucXuLy != c.ended || d.NgayTuChoi != c.refused || d.NgayTra != c.handed || d.NgayNopHoSo != received {
			t.Errorf("state %s: %+v", c.state, d)
		}
	}
	if len(seen) != len(dossier.States) {
		t.Errorf("%d states are told apart", len(seen))
	}
}

func TestTheNationalRecordHasTheNationalWords(t *testing.T) {
	t.Parallel()
	l := open(t, dossier.WasReceived).act(dossier.HandOver, dossier.Facts{})
	l.act(dossier.RequestSupplement, dossier.Facts{Reason: "Thiếu giấy tờ", Papers: []string{"Đơn", "Bản vẽ"}})
	asked := l.last()
	l.act(dossier.CompleteSupplement, dossier.Facts{Papers: []string{"bản sao"}, Promise: due(dossier.WasReceived, 2, 96)}).act(dossier.Finish, licence).act(dossier.Return, byPost)
	got, body := message[notify.NationalRecords](t, notify.Receiver{Format: notify.National}, l.last())
	want := notify.NationalDossier{
		MaHoSo: "H30.1-261102-0001", MaTTHC: "9.000001", TenTTHC: "Cấp giấy phép thử", MaLinhVuc: "G09-YT01", TenLinhVuc: "Y tế", KenhThucHien: "3",
		ChuHoSo: "Công ty Thử", LoaiDoiTuong: "2", Email: "thu@example.vn", SoDienThoai: "02923123456", TrichYeuHoSo: "Cấp giấy phép thử",
		NgayNopHoSo: "20261102083000", NgayTiepNhan: "20261102083000", NgayHenTra: "20261106083000", TrangThaiHoSo: "10", NgayTra: "20261102133000",
		ThongTinTra: "Trả qua bưu chính công ích; VN123", HinhThuc: "1", NgayKetThucXuLy: "20261102123000", DonViXuLy: "Sở Thử", NoiNopHoSo: "2",
		HoSoCoThanhPhanSoHoa: "0", TaiKhoanDuocXacThucVoiVNeID: "0", DuocThanhToanTrucTuyen: "3",
		DinhDanhCHS:  []notify.NationalIdentity{{LoaiDinhDanh: "3", SoDinhDanh: "1800123456-001"}},
		DSKetNoiCSDL: []struct{}{}, TaiLieuNop: []notify.NationalPaper{}, DanhSachLePhi: []notify.NationalFee{},
		DanhSachHoSoBoSung: []notify.NationalSupplement{{
			NguoiYeuCauBoSung: "Cán bộ Một", NoiDungBoSung: "Thiếu giấy tờ; Đơn; Bản vẽ", NgayBoSung: "20261102103000", NguoiTiepNhanBoSung: "Cán bộ Một",
			NgayTiepNhanBoSung: "20261102113000", TrangThaiBoSung: "1", DanhSachGiayToBoSung: []notify.NationalPaper{{TenTepDinhKem: "Đơn"}, {TenTepDinhKem: "Bản vẽ"}}, DanhSachLePhiBoSung: []struct{}{},
			NgayHenTraTruoc: "20261105083000", NgayHenTraMoi: "20261106083000",
		}},
		DanhSachGiayToKetQua: []notify.NationalResult{{TenGiayTo: "Giấy phép", MaGiayToKetQua: "12/GP"}},
	}
	if diff := cmp.Diff(want, got.Dossier); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(body, "null") || !strings.Contains(body, `"DongBoHoSoMC":{"MaHoSo":"H30.1-261102-0001"`) || !strings.Contains(body, `"CapNhatTienDoHoSoMC":{`) {
		t.Error(body)
	}
	// What was true when papers were asked for is told as it was then, whatever happened since.
	then, _ := message[notify.NationalRecords](t, notify.Receiver{Format: notify.National}, asked)
	if s := then.Dossier.DanhSachHoSoBoSung; len(s) != 1 || s[0].TrangThaiBoSung != "0" || s[0].NgayHenTraMoi != "" || then.Dossier.TrangThaiHoSo != "5" {
		t.Errorf("%+v", then.Dossier)
	}
	p := notify.NationalProgress{
		MaHoSo: "H30.1-261102-0001", NguoiXuLy: "Cán bộ Một", ChucDanh: "Cán bộ tiếp nhận", ThoiDiemXuLy: "20261102103000", PhongBanXuLy: "Xã Một",
		NoiDungXuLy: "Yêu cầu bổ sung giấy tờ: Thiếu giấy tờ", TrangThai: "5", NgayBatDau: "20261102093000",
	}
	if diff := cmp.Diff(p, then.Progress); diff != "" {
		t.Error(diff)
	}
}

func TestFeesAndFilesStandInTheNationalRecord(t *testing.T) {
	t.Parallel()
	m := open(t, dossier.WasReceived).last()
	charge, gone := int64(50_000), m.Event.At
	m.Dossier.Fees = []dossier.Fee{
		{FeeLine: dossier.FeeLine{Kind: dossier.Charge, Name: "Phí thẩm định", VND: &charge, Method: dossier.OnlinePayment}, State: dossier.FeePaid},
		{FeeLine: dossier.FeeLine{Kind: dossier.Levy, Name: "Lệ phí", VND: &charge}, State: dossier.FeeExempt},
		{FeeLine: dossier.FeeLine{Kind: dossier.Levy, VND: &charge}, State: dossier.FeeUnpaid},
		{FeeLine: dossier.FeeLine{Kind: dossier.Levy, VND: &charge}, State: dossier.FeeCancelled},
		{FeeLine: dossier.FeeLine{Kind: dossier.Levy, Text: "theo quy định"}, State: dossier.FeeUnpaid},
	}
	m.Dossier.Parts = []dossier.Part{{}, {}}
	m.Dossier.Files = []dossier.File{
		{Of: dossier.OfPart, Part: 2, Name: "đơn.pdf", Origin: dossier.Scanned},
		{Of: dossier.OfPart, Part: 1, Name: "cũ.pdf", Origin: dossier.FromReuse, RemovedAt: &gone},
		{Of: dossier.OfResult, Name: "giấy phép.pdf", Origin: dossier.BornDigital},
	}
	got, _ := message[notify.NationalRecords](t, notify.Receiver{Format: notify.National}, m)
	fees := []notify.NationalFee{
		{TenPhiLePhi: "Phí thẩm định", HinhThucThu: "Trực tuyến", Gia: "50000", LoaiPhiLePhi: "Phí"},
		{TenPhiLePhi: "Lệ phí", HinhThucThu: "Miễn", Gia: "0", LoaiPhiLePhi: "Lệ phí"},
		{TenPhiLePhi: "Lệ phí", Gia: "50000", LoaiPhiLePhi: "Lệ phí"},
	}
	papers := []notify.NationalPaper{
		{TenTepDinhKem: "đơn.pdf", MaThanhPhanHoSo: "2", DuocSoHoa: "1", DuocTaiSuDung: "0", DuocLayTuKhoDMQG: "0", IsDeleted: "0"},
		{TenTepDinhKem: "cũ.pdf", MaThanhPhanHoSo: "1", DuocSoHoa: "0", DuocTaiSuDung: "1", DuocLayTuKhoDMQG: "0", IsDeleted: "1"},
	}
	if diff := cmp.Diff(fees, got.Dossier.DanhSachLePhi) + cmp.Diff(papers, got.Dossier.TaiLieuNop); diff != "" || got.Dossier.DuocThanhToanTrucTuyen != "2" {
		t.Errorf("%s%s", diff, got.Dossier.DuocThanhToanTrucTuyen)
	}
}

func TestADateThatWasMovedTooLateIsNotedAndDoesNotCount(t *testing.T) {
	t.Parallel()
	l := open(t, dossier.WasReceived).act(dossier.HandOver, dossier.Facts{})
	more := due(dossier.WasReceived, 2, 240)
	more.Kind, more.Mark.OnTimeFrom, more.Mark.LateFrom = dossier.Reappointed, l.d.Promise().OnTimeFrom, l.d.Promise().LateFrom
	term := worktime.Term{Value: worktime.Whole(7), Unit: worktime.WorkingDay}
	l.act(dossier.RequestExtension, dossier.Facts{Reason: "Chờ ý kiến", Extension: &dossier.Extension{Term: term, OutOfTime: true}})
	l.act(dossier.ApproveExtension, dossier.Facts{Promise: more})
	l.act(dossier.RequestSupplement, dossier.Facts{Reason: "Thiếu giấy tờ", Papers: []string{"Đơn"}})
	got, _ := message[notify.NationalRecords](t, notify.Receiver{Format: notify.National}, l.last())
	const counts = "20261105083000"
	d := got.Dossier
	if d.NgayHenTra != counts || d.DanhSachHoSoBoSung[0].NgayHenTraTruoc != counts || d.GhiChu != "Thiếu giấy tờ; Hẹn lại: 12/11/2026 08:30" {
		t.Errorf("due %s, %+v, noted %q", d.NgayHenTra, d.DanhSachHoSoBoSung, d.GhiChu)
	}
	l.act(dossier.CompleteSupplement, dossier.Facts{Papers: []string{"Đơn"}})
	got, _ = message[notify.NationalRecords](t, notify.Receiver{Format: notify.National}, l.last())
	if d = got.Dossier; d.DanhSachHoSoBoSung[0].NgayHenTraMoi != counts || d.GhiChu != "Hẹn lại: 12/11/2026 08:30" {
		t.Errorf("%+v, noted %q", d.DanhSachHoSoBoSung, d.GhiChu)
	}
}

func TestPapersThatAreAskedForAreToldWithTheirNumbers(t *testing.T) {
	t.Parallel()
	l := open(t, dossier.WasReceived)
	l.act(dossier.RequestSupplement, dossier.Facts{Reason: "Thiếu giấy tờ", Papers: []string{"Ảnh", "Bản vẽ"}, PartNos: []int{2, 1}})
	got, _ := message[notify.NationalRecords](t, notify.Receiver{Format: notify.National}, l.last())
	asked := got.Dossier.DanhSachHoSoBoSung[0]
	want := []notify.NationalPaper{{TenTepDinhKem: "Ảnh"}, {TenTepDinhKem: "Bản vẽ", MaThanhPhanHoSo: "2"}, {TenTepDinhKem: "Đơn", MaThanhPhanHoSo: "1"}}
	if diff := cmp.Diff(want, asked.DanhSachGiayToBoSung); diff != "" || asked.NoiDungBoSung != "Thiếu giấy tờ; Ảnh; Bản vẽ; Đơn" {
		t.Errorf("%s%q", diff, asked.NoiDungBoSung)
	}
}

func TestAResultThatWentOnlineIsToldWithItsFile(t *testing.T) {
	t.Parallel()
	m, gone := open(t, dossier.WasReceived).act(dossier.HandOver, dossier.Facts{}).act(dossier.Finish, licence).last(), start
	m.Dossier.Files = []dossier.File{
		{No: 1, Of: dossier.OfResult, Name: "sai.pdf", RemovedAt: &gone}, {No: 2, Of: dossier.OfResult, Name: "giấy phép.pdf"}, {No: 3, Of: dossier.OfDossier, Name: "khác.pdf"},
	}
	m.Dossier.Return = &dossier.HandedOut{Method: dossier.ReturnOnline, FileNo: 2, File: "giấy phép.pdf"}
	got, _ := message[notify.NationalRecords](t, notify.Receiver{Format: notify.National}, m)
	want := []notify.NationalResult{{
		TenGiayTo: "Giấy phép", MaGiayToKetQua: "12/GP", DuongDanTepTinKetQua: "https://motcua.example.vn/api/v1/dossiers/H30.1-261102-0001/files/2",
	}}
	if diff := cmp.Diff(want, got.Dossier.DanhSachGiayToKetQua); diff != "" || got.Dossier.ThongTinTra != "Trả trực tuyến; giấy phép.pdf" {
		t.Errorf("%s%q", diff, got.Dossier.ThongTinTra)
	}
}

func TestEveryKindOfEventHasVietnameseWords(t *testing.T) {
	t.Parallel()
	m := open(t, dossier.WasReceived).last()
	for _, k := range dossier.Kinds {
		m.Event.Kind = k
		got, _ := message[notify.NationalRecords](t, notify.Receiver{Format: notify.National}, m)
		if got.Progress.NoiDungXuLy == string(k) {
			t.Errorf("%s has none", k)
		}
	}
}

func TestIdentityNumbersAreToldByTheirKind(t *testing.T) {
	t.Parallel()
	m := open(t, dossier.WasReceived).last()
	for number, kind := range map[string]string{
		"093090000001": "1", "331234567": "2", "1800123456": "3", "1800123456-001": "3", "B1234567": "", "": "",
	} {
		m.Dossier.Applicant.IDNumber = number
		got, _ := message[notify.NationalRecords](t, notify.Receiver{Format: notify.National}, m)
		if s := got.Dossier.DinhDanhCHS; kind == "" && len(s) > 0 || kind != "" && (len(s) != 1 || s[0].LoaiDinhDanh != kind) {
			t.Errorf("%q: %+v", number, s)
		}
	}
	m.Dossier.Note, m.Dossier.Procedure.Name = "ghi chú nội bộ", strings.Repeat("ơ", 1200)
	got, _ := message[notify.NationalRecords](t, notify.Receiver{Format: notify.National}, m)
	if got.Dossier.TrichYeuHoSo != strings.Repeat("ơ", 1000) {
		t.Errorf("%d bytes", len(got.Dossier.TrichYeuHoSo))
	}
}
