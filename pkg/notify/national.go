package notify

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
)

// The national side's records, in its own words; everything is text there, a time is yyyyMMddHHmmss in local time, "" is unknown.

// NationalRecords is what one event says to the national portal: the dossier as it then stood, and the progress that the event is.
type NationalRecords struct {
	Dossier  NationalDossier  `json:"DongBoHoSoMC"`
	Progress NationalProgress `json:"CapNhatTienDoHoSoMC"`
}

// NationalDossier is the record of a dossier.
type NationalDossier struct {
	MaHoSo                      string
	MaTTHC                      string
	TenTTHC                     string
	MaLinhVuc                   string
	TenLinhVuc                  string
	KenhThucHien                string // 1 in person, 2 online, 3 public post
	ChuHoSo                     string
	LoaiDoiTuong                string // 1 citizen, 2 enterprise, 3 state body, 4 other organisation
	MaDoiTuong                  string
	Email                       string
	Fax                         string
	SoDienThoai                 string
	TrichYeuHoSo                string // at most 1000 characters
	NgayNopHoSo                 string
	NgayTiepNhan                string
	NgayHenTra                  string
	TrangThaiHoSo               string // 1 to 10
	NgayTra                     string
	ThongTinTra                 string
	HinhThuc                    string // 0 at the counter, 1 by post
	NgayKetThucXuLy             string
	DonViXuLy                   string
	GhiChu                      string
	NgayTuChoi                  string
	NoiNopHoSo                  string // 1 the national portal, 2 here
	HoSoCoThanhPhanSoHoa        string
	TaiKhoanDuocXacThucVoiVNeID string
	DuocThanhToanTrucTuyen      string // 2 over the province's gateway, 3 not online
	DinhDanhCHS                 []NationalIdentity
	DSKetNoiCSDL                []struct{}
	TaiLieuNop                  []NationalPaper
	DanhSachLePhi               []NationalFee
	DanhSachHoSoBoSung          []NationalSupplement
	DanhSachGiayToKetQua        []NationalResult
}

// NationalPaper is a file that belongs to a part of the dossier; flags are 0 or 1.
type NationalPaper struct {
	TenTepDinhKem, MaThanhPhanHoSo, DuongDanTaiTepTin           string
	DuocSoHoa, DuocTaiSuDung, DuocLayTuKhoDMQG, MaKetQuaThayThe string
	IsDeleted                                                   string
}

// NationalFee is a fee in whole đồng.
type NationalFee struct {
	TenPhiLePhi, MaPhiLePhi string
	HinhThucThu             string // how it was paid
	Gia                     string
	LoaiPhiLePhi            string
}

// NationalIdentity is an identity number: 1 of a citizen (12 digits), 2 of the old card (9), 3 a tax code.
type NationalIdentity struct{ LoaiDinhDanh, SoDinhDanh string }

// NationalSupplement is one request for papers.
type NationalSupplement struct {
	NguoiYeuCauBoSung    string
	NoiDungBoSung        string
	NgayBoSung           string
	NguoiTiepNhanBoSung  string
	NgayTiepNhanBoSung   string
	TrangThaiBoSung      string          // 0 asked, 1 answered
	DanhSachGiayToBoSung []NationalPaper // that were asked for; those that came stand in TaiLieuNop
	DanhSachLePhiBoSung  []struct{}
	NgayHenTraTruoc      string
	NgayHenTraMoi        string
}

// NationalResult is a document that was the result.
type NationalResult struct{ TenGiayTo, MaGiayToKetQua, DuongDanTepTinKetQua string }

// NationalProgress is the record of one event.
type NationalProgress struct {
	MaHoSo                 string
	NguoiXuLy              string
	ChucDanh               string
	ThoiDiemXuLy           string
	PhongBanXuLy           string
	NoiDungXuLy            string
	TrangThai              string // 1 to 10, after the event
	NgayBatDau             string // of the step that it is about, or that is under way
	NgayKetThucTheoQuyDinh string
}

// supplement is one request for papers as the journal tells it.
type supplement struct {
	asked, answered dossier.Event
	what            string
	papers          []dossier.Part // asked for
	before, after   *time.Time     // due
}

// follow adds what a moment says of requests for papers. It never writes into what earlier moments hold.
func follow(asked []supplement, m Moment) []supplement {
	switch m.Event.Kind {
	case dossier.SupplementWasRequested:
		s := supplement{asked: m.Event, papers: m.Facts.Asked(m.Dossier.Parts), before: m.Dossier.JudgedBy()}
		what := []string{m.Facts.Reason}
		for _, paper := range s.papers {
			what = append(what, paper.Name)
		}
		s.what = strings.Trim(strings.Join(what, "; "), "; ")
		return append(asked[:len(asked):len(asked)], s)
	case dossier.SupplementWasCompleted:
		n := len(asked)
		if n == 0 {
			return asked
		}
		next := append([]supplement(nil), asked...)
		next[n-1].answered, next[n-1].after = m.Event, m.Dossier.JudgedBy()
		return next
	}
	return asked
}

func nationalRecords(m Moment, n Names, zone *time.Location) NationalRecords {
	return NationalRecords{Dossier: nationalDossier(m, n, zone), Progress: nationalProgress(m, n, zone)}
}

var (
	nationalChannels = map[catalog.Channel]string{catalog.InPerson: "1", catalog.Online: "2", catalog.Post: "3"}
	nationalPersons  = map[dossier.PersonKind]string{dossier.Citizen: "1", dossier.Enterprise: "2", dossier.StateBody: "3", dossier.Organisation: "4", dossier.Household: "1"}
	nationalReturns  = map[dossier.ReturnMethod]string{
		dossier.ReturnInPerson: "Trả trực tiếp", dossier.ReturnPost: "Trả qua bưu chính công ích", dossier.ReturnOnline: "Trả trực tuyến",
	}
)

func nationalDossier(m Moment, n Names, zone *time.Location) NationalDossier {
	d, day := m.Dossier, clockIn(zone)
	r := NationalDossier{
		MaHoSo: d.Code, MaTTHC: d.Procedure.Code, TenTTHC: d.Procedure.Name, MaLinhVuc: n.FieldCode, TenLinhVuc: d.Procedure.Field,
		KenhThucHien: nationalChannels[d.Channel], ChuHoSo: d.Applicant.Name, LoaiDoiTuong: nationalPersons[d.Applicant.Kind],
		Email: d.Applicant.Email, SoDienThoai: dossier.LocalPhone(d.Applicant.Phone), TrichYeuHoSo: cut(d.Procedure.Name, 1000),
		NgayNopHoSo: day(&d.SubmittedAt), NgayTiepNhan: day(d.AcceptedAt), NgayHenTra: day(d.JudgedBy()), NgayTra: day(d.ReturnedAt), NgayKetThucXuLy: day(d.FinishedAt),
		TrangThaiHoSo: string(d.State), // the number itself: a 5, 6 or 8 is never told as a 9
		HinhThuc:      "0", DonViXuLy: n.Agencies[d.DecidingID].Name, GhiChu: d.Reason,
		NoiNopHoSo: "2", HoSoCoThanhPhanSoHoa: flag(d.Digitisation().WithFiles > 0), TaiKhoanDuocXacThucVoiVNeID: "0",
		DinhDanhCHS: identities(d.Applicant), DSKetNoiCSDL: []struct{}{}, TaiLieuNop: nationalPapers(d),
		DanhSachHoSoBoSung: make([]NationalSupplement, len(m.supplements)), DanhSachGiayToKetQua: nationalResults(d, n.Source),
	}
	if told := d.Told(); told != nil { // the portal holds the end against NgayHenTra
		r.GhiChu = strings.Trim(r.GhiChu+"; Hẹn lại: "+told.In(zone).Format("02/01/2006 15:04"), "; ")
	}
	if d.State == dossier.Refused {
		r.NgayTuChoi = r.NgayKetThucXuLy
	}
	if h := d.Return; h != nil {
		r.ThongTinTra = strings.Trim(nationalReturns[h.Method]+"; "+h.Tracking+h.File, "; ") // the post has a number, what goes online a file
		if h.Method == dossier.ReturnPost {
			r.HinhThuc = "1"
		}
	}
	for i, s := range m.supplements {
		r.DanhSachHoSoBoSung[i] = NationalSupplement{
			NguoiYeuCauBoSung: s.asked.By.Name, NoiDungBoSung: s.what, NgayBoSung: day(&s.asked.At), TrangThaiBoSung: "0",
			DanhSachGiayToBoSung: askedPapers(s.papers), DanhSachLePhiBoSung: []struct{}{}, NgayHenTraTruoc: day(s.before),
		}
		if s.answered.Seq > 0 {
			b := &r.DanhSachHoSoBoSung[i]
			b.NguoiTiepNhanBoSung, b.NgayTiepNhanBoSung, b.TrangThaiBoSung, b.NgayHenTraMoi = s.answered.By.Name, day(&s.answered.At), "1", day(s.after)
		}
	}
	r.DanhSachLePhi, r.DuocThanhToanTrucTuyen = nationalFees(d)
	return r
}

// nationalFees are the fees of the dossier, and whether one was paid online. One that somebody is exempt from stands there with nothing to pay.
func nationalFees(d dossier.Dossier) (all []NationalFee, online string) {
	all, online = []NationalFee{}, "3"
	for _, f := range d.Fees {
		fee := NationalFee{TenPhiLePhi: cmp.Or(f.Name, feeKinds[f.Kind]), LoaiPhiLePhi: feeKinds[f.Kind]} // those of the catalogue have no name
		switch {
		case f.State == dossier.FeeExempt:
			fee.Gia, fee.HinhThucThu = "0", "Miễn"
		case f.State == dossier.FeeCancelled || f.VND == nil:
			continue
		default:
			fee.Gia, fee.HinhThucThu = strconv.FormatInt(*f.VND, 10), payMethods[f.Method]
		}
		if f.State == dossier.FeePaid && f.Method == dossier.OnlinePayment {
			online = "2"
		}
		all = append(all, fee)
	}
	return all, online
}

// nationalResults is the result once for each of its files, with the address at which those who may see the dossier read it.
func nationalResults(d dossier.Dossier, source string) []NationalResult {
	all := []NationalResult{}
	if d.Result == nil {
		return all
	}
	paper := NationalResult{TenGiayTo: d.Result.Summary, MaGiayToKetQua: d.Result.Number}
	for _, f := range d.Files {
		if f.Of == dossier.OfResult && f.RemovedAt == nil {
			paper.DuongDanTepTinKetQua = source + "/api/v1/dossiers/" + url.PathEscape(d.Code) + "/files/" + strconv.Itoa(f.No)
			all = append(all, paper)
		}
	}
	if len(all) == 0 {
		all = append(all, paper)
	}
	return all
}

// askedPapers are papers that were asked for, with the number of the part where they are one.
func askedPapers(parts []dossier.Part) []NationalPaper {
	all := make([]NationalPaper, len(parts))
	for i, p := range parts {
		if all[i].TenTepDinhKem = p.Name; p.No > 0 {
			all[i].MaThanhPhanHoSo = strconv.Itoa(p.No)
		}
	}
	return all
}

func nationalProgress(m Moment, n Names, zone *time.Location) NationalProgress {
	e, day := m.Event, clockIn(zone)
	p := NationalProgress{
		MaHoSo: m.Dossier.Code, NguoiXuLy: e.By.Name, ChucDanh: roleLabels[e.By.Role], ThoiDiemXuLy: day(&e.At), PhongBanXuLy: n.Agencies[e.By.AgencyID].Name,
		NoiDungXuLy: kindLabel(e.Kind), TrangThai: string(m.Dossier.State),
	}
	if m.Facts.Reason != "" {
		p.NoiDungXuLy += ": " + m.Facts.Reason
	}
	s := m.Dossier.Step()
	if n := m.Facts.StepNo; n > 0 && n <= len(m.Dossier.Steps) && m.Event.Kind != dossier.StepWasCompleted {
		s = &m.Dossier.Steps[n-1] // of several under way the one that the event is about
	}
	if s != nil {
		p.NgayBatDau = day(s.StartedAt)
		if s.Mark != nil {
			p.NgayKetThucTheoQuyDinh = day(&s.Mark.DueAt)
		}
	}
	return p
}

// nationalPapers are the files of the dossier's parts. Where they are fetched is for receiver and office to agree; the record names none.
func nationalPapers(d dossier.Dossier) []NationalPaper {
	papers := []NationalPaper{}
	for _, f := range d.Files {
		if f.Of == dossier.OfPart {
			papers = append(papers, NationalPaper{
				TenTepDinhKem: f.Name, MaThanhPhanHoSo: strconv.Itoa(f.Part), DuocSoHoa: flag(f.Origin == dossier.Scanned),
				DuocTaiSuDung: flag(f.Origin == dossier.FromReuse), DuocLayTuKhoDMQG: "0", IsDeleted: flag(f.RemovedAt != nil),
			})
		}
	}
	return papers
}

func flag(yes bool) string {
	if yes {
		return "1"
	}
	return "0"
}

// clockIn writes times as the national side does.
func clockIn(zone *time.Location) func(*time.Time) string {
	return func(t *time.Time) string {
		if t == nil || t.IsZero() {
			return ""
		}
		return t.In(zone).Format("20060102150405")
	}
}

// identities of a person; a passport has no number of its kind on the national side.
func identities(p dossier.Person) []NationalIdentity {
	kind := ""
	switch plain := strings.ReplaceAll(p.IDNumber, "-", ""); {
	case strings.Trim(plain, "0123456789") != "":
	case len(plain) == 12:
		kind = "1"
	case len(plain) == 9:
		kind = "2"
	case len(plain) == 10 || len(plain) == 13:
		kind = "3"
	}
	if kind == "" {
		return []NationalIdentity{}
	}
	return []NationalIdentity{{LoaiDinhDanh: kind, SoDinhDanh: p.IDNumber}}
}

func cut(s string, runes int) string {
	if utf8.RuneCountInString(s) <= runes {
		return s
	}
	return string([]rune(s)[:runes])
}

var roleLabels = map[string]string{
	"CLERK": "Cán bộ tiếp nhận", "OFFICER": "Chuyên viên", "SUPERVISOR": "Lãnh đạo", "ADMINISTRATOR": "Quản trị hệ thống", "AUDITOR": "Kiểm tra viên",
}

var kindLabels = map[dossier.Kind]string{
	dossier.WasRegistered: "Nộp hồ sơ trực tuyến", dossier.WasReceived: "Tiếp nhận hồ sơ", dossier.WasImported: "Nhận hồ sơ từ hệ thống khác",
	dossier.WasUpdated: "Cập nhật từ hệ thống khác", dossier.WasAccepted: "Tiếp nhận hồ sơ trực tuyến", dossier.WasRefused: "Từ chối tiếp nhận",
	dossier.WasHandedOver: "Chuyển xử lý", dossier.StepWasTaken: "Nhận xử lý", dossier.StepWasCompleted: "Hoàn thành bước xử lý",
	dossier.StepWasAssigned: "Phân công xử lý", dossier.StepWasGivenBack: "Trả lại việc đã nhận", dossier.StepWasSentBack: "Trả lại bước trước",
	dossier.StepWasRecalled: "Thu hồi bước đã chuyển", dossier.WaitBegan: "Chờ cơ quan, tổ chức ngoài hệ thống", dossier.WaitEnded: "Đã có trả lời từ bên ngoài",
	dossier.ContributionWasMade:    "Ý kiến phối hợp",
	dossier.SupplementWasRequested: "Yêu cầu bổ sung giấy tờ", dossier.SupplementWasCompleted: "Đã bổ sung giấy tờ",
	dossier.PaymentWasRequested: "Yêu cầu thực hiện nghĩa vụ tài chính", dossier.PaymentWasConfirmed: "Đã thực hiện nghĩa vụ tài chính",
	dossier.WasFinished: "Xử lý xong", dossier.WasReturned: "Trả kết quả", dossier.PapersWereGivenBack: "Trả lại giấy tờ đã nộp",
	dossier.ReturnWasChanged: "Đổi nơi, cách nhận kết quả", dossier.WasWithdrawn: "Công dân rút hồ sơ", dossier.WasStopped: "Dừng xử lý",
	dossier.WasRecalled: "Thu hồi kết quả để xử lý lại", dossier.WasReopened: "Mở lại hồ sơ", dossier.ExtensionWasRequested: "Đề nghị gia hạn",
	dossier.ExtensionWasApproved: "Gia hạn, xin lỗi và hẹn lại", dossier.ExtensionWasRefused: "Không đồng ý gia hạn", dossier.WasReplanned: "Tính lại ngày hẹn theo lịch mới",
	dossier.FeesWereSet: "Xác định phí, lệ phí", dossier.FeesWereBilled: "Yêu cầu nộp phí, lệ phí", dossier.FeesWerePaid: "Đã thu phí, lệ phí",
	dossier.FeesWereExempted: "Miễn phí, lệ phí", dossier.RefundWasRequested: "Đề nghị hoàn phí, lệ phí", dossier.FeesWereRefunded: "Hoàn phí, lệ phí", dossier.RefundWasRefused: "Không đồng ý hoàn phí, lệ phí", dossier.FeesWereCancelled: "Hủy thu phí, lệ phí",
	dossier.FileWasAttached: "Đính kèm tệp", dossier.FileWasRemoved: "Gỡ tệp đính kèm",
}

var (
	payMethods = map[dossier.PayMethod]string{dossier.Cash: "Tiền mặt", dossier.Transfer: "Chuyển khoản", dossier.OnlinePayment: "Trực tuyến"}
	feeKinds   = map[dossier.FeeKind]string{dossier.Charge: "Phí", dossier.Levy: "Lệ phí", dossier.Duty: "Nghĩa vụ tài chính"}
)

func kindLabel(k dossier.Kind) string {
	if label, ok := kindLabels[k]; ok {
		return label
	}
	return string(k)
}
