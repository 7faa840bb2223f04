package notify_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/notify"
)

var (
	start     = time.Date(2026, 11, 2, 1, 30, 0, 0, time.UTC) // 08:30 in the office
	zone      = time.FixedZone("+07", 7*3600)
	receiving = uuid.MustParse("00000000-0000-7000-8000-0000000000a1")
	deciding  = uuid.MustParse("00000000-0000-7000-8000-0000000000a2")
	clerk     = dossier.By{ID: uuid.MustParse("00000000-0000-7000-8000-000000000001"), Name: "Cán bộ Một", Role: "CLERK", AgencyID: receiving}
	names     = notify.Names{
		Source:    "https://motcua.example.vn",
		Agencies:  map[uuid.UUID]catalog.Agency{receiving: {Code: "X1", Name: "Xã Một"}, deciding: {Code: "ST", Name: "Sở Thử"}},
		FieldCode: "G09-YT01",
	}
)

// life is a journal as the acts of the office write it, an hour apart.
type life struct {
	t *testing.T
	d dossier.Dossier
	e []dossier.Event
}

func (l *life) now() dossier.Move {
	at := start.Add(time.Duration(len(l.e)) * time.Hour)
	return dossier.Move{At: at, Recorded: at, By: clerk}
}

func open(t *testing.T, kind dossier.Kind) *life {
	t.Helper()
	l := &life{t: t}
	d, e, err := dossier.Open(kind, l.now(), dossier.Facts{Promise: due(kind, 1, 72), Intake: &dossier.Intake{
		ID: uuid.MustParse("0191b3c0-0000-7000-8000-00000000000a"), Code: "H30.1-261102-0001", Channel: "POST", ReceivingID: receiving, DecidingID: deciding,
		Procedure: dossier.Procedure{Code: "9.000001", Name: "Cấp giấy phép thử", Field: "Y tế"},
		Applicant: dossier.Person{
			Kind: dossier.Enterprise, Name: "Công ty Thử", IDNumber: "1800123456-001", Phone: "02923123456", Email: "thu@example.vn", Address: "Ấp Thử",
		},
		Steps: []dossier.PlannedStep{{Name: "Thẩm định", AgencyID: deciding, Role: "OFFICER"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	l.d, l.e = d, []dossier.Event{e}
	return l
}

func due(kind dossier.Kind, no, hours int) *dossier.Promise {
	if kind == dossier.WasRegistered {
		return nil
	}
	return &dossier.Promise{No: no, Kind: dossier.FirstPromise, MadeAt: start, Mark: dossier.Mark{DueAt: start.Add(time.Duration(hours) * time.Hour)}}
}

func (l *life) act(a dossier.Action, f dossier.Facts) *life {
	l.t.Helper()
	d, e, err := l.d.Act(a, l.now(), f)
	if err != nil {
		l.t.Fatalf("%s: %v", a, err)
	}
	l.d, l.e = d, append(l.e, e)
	return l
}

func (l *life) last() notify.Moment {
	l.t.Helper()
	all, err := notify.Follow(l.e)
	if err != nil || len(all) != len(l.e) {
		l.t.Fatal(len(all), err)
	}
	return all[len(all)-1]
}

// message is a told moment, as whoever receives it reads it.
func message[T any](t *testing.T, r notify.Receiver, m notify.Moment) (T, string) {
	t.Helper()
	told, err := notify.Tell(r, m, 7, names, zone)
	if err != nil {
		t.Fatal(err)
	}
	var out struct {
		SpecVersion, ID, Source, Type, Subject, Time string
		DataContentType                              string
		Data                                         T
	}
	if err := json.Unmarshal(told.Body, &out); err != nil {
		t.Fatal(err)
	}
	if out.SpecVersion != "1.0" || out.ID != told.ID || out.Source != names.Source || out.Subject != m.Dossier.Code || out.DataContentType != "application/json" {
		t.Errorf("%s", told.Body)
	}
	if at, err := time.Parse(time.RFC3339, out.Time); err != nil || !at.Equal(m.Event.At) {
		t.Errorf("%s, %v", out.Time, err)
	}
	return out.Data, string(told.Body)
}

var (
	stopped = dossier.Facts{Reason: "Đang có tranh chấp", Document: &dossier.Document{Number: "15/TB", Date: "2026-11-02"}}
	refused = dossier.Facts{Reason: "Không thuộc thẩm quyền"}
	asked   = dossier.Facts{Reason: "Không còn nhu cầu", Request: &dossier.Request{By: dossier.ByApplicant, How: dossier.Written}}
	licence = dossier.Facts{Result: &dossier.Result{Summary: "Giấy phép", Number: "12/GP"}}
	levy    = dossier.Facts{Fees: []dossier.FeeLine{{Kind: dossier.Levy, Name: "Lệ phí thử", VND: new(int64(50_000))}}}
	byPost  = dossier.Facts{HandedOut: &dossier.HandedOut{Method: dossier.ReturnPost, Tracking: "VN123"}}
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
			NgayTiepNhanBoSung: "20261102113000", TrangThaiBoSung: "1", DanhSachGiayToBoSung: []struct{}{}, DanhSachLePhiBoSung: []struct{}{},
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
	m.Dossier.Note = strings.Repeat("ơ", 1200)
	got, _ := message[notify.NationalRecords](t, notify.Receiver{Format: notify.National}, m)
	if got.Dossier.TrichYeuHoSo != strings.Repeat("ơ", 1000) {
		t.Errorf("%d bytes", len(got.Dossier.TrichYeuHoSo))
	}
}

func TestAnEventNamesNobodyUnlessTheReceiverGetsEverything(t *testing.T) {
	t.Parallel()
	m := open(t, dossier.WasReceived).last()
	told, body := message[notify.Happened](t, notify.Receiver{Format: notify.Events}, m)
	for _, personal := range []string{"Công ty Thử", "1800123456", "02923123456", "thu@example.vn", "Ấp Thử", "Cán bộ Một"} {
		if strings.Contains(body, personal) {
			t.Errorf("%s is told: %s", personal, body)
		}
	}
	if told.Hash != m.Event.Hash || told.Entry != 7 || told.State != dossier.Accepted || told.StateName != "ACCEPTED" || told.Receiving != "X1" ||
		told.Deciding != "ST" || told.ByAgency != "X1" || told.DueAt == nil || !strings.Contains(body, `"type":"vn.motcua.dossier.received"`) {
		t.Error(body)
	}
	full, _ := message[notify.Happened](t, notify.Receiver{Format: notify.Events, Full: true}, m)
	e := dossier.Event{
		DossierID: full.DossierID, Seq: full.Seq, Kind: full.Kind, At: full.At, RecordedAt: full.RecordedAt, By: *full.By, Facts: full.Facts, Prev: full.Prev,
	}
	if e.Sum() != full.Hash { // whoever gets everything can check it
		t.Error("the hash does not cover what was told")
	}
}

func TestAJournalThatDoesNotFitIsFollowedAsFarAsItDoes(t *testing.T) {
	t.Parallel()
	l := open(t, dossier.WasReceived).act(dossier.HandOver, dossier.Facts{}).act(dossier.Take, dossier.Facts{}).act(dossier.Finish, licence)
	for name, c := range map[string]struct {
		tamper func([]dossier.Event) []dossier.Event
		sound  int
	}{
		"as it was":     {func(e []dossier.Event) []dossier.Event { return e }, 4},
		"changed":       {func(e []dossier.Event) []dossier.Event { e[2].By.Name = "Ai đó"; return e }, 2},
		"one is gone":   {func(e []dossier.Event) []dossier.Event { return slices.Delete(e, 1, 2) }, 1},
		"first changed": {func(e []dossier.Event) []dossier.Event { e[0].Seq = 2; return e }, 0},
		"unknown kind":  {func(e []dossier.Event) []dossier.Event { e[3].Kind = "ĐÂU"; e[3].Hash = e[3].Sum(); return e }, 3},
		"nothing":       {func([]dossier.Event) []dossier.Event { return nil }, 0},
	} {
		all, err := notify.Follow(c.tamper(slices.Clone(l.e)))
		if len(all) != c.sound || (err == nil) != (name == "as it was" || name == "nothing") {
			t.Errorf("%s: %d moments, %v", name, len(all), err)
		}
		for i, m := range all {
			if m.Event.Seq != i+1 || m.Dossier.Version != i+1 {
				t.Errorf("%s: moment %d is of event %d, version %d", name, i, m.Event.Seq, m.Dossier.Version)
			}
		}
	}
}

func TestSignaturesAreThoseOfStandardWebhooks(t *testing.T) {
	t.Parallel()
	now := time.Now()
	until := now.Add(time.Hour)
	r := notify.Receiver{Secret: notify.NewSecret(), OldSecret: notify.NewSecret(), OldUntil: &until}
	m := notify.Message{ID: "0191b3c0-0000-7000-8000-00000000000a-1", Body: []byte(`{"tên":"Thử"}`)}
	headers := func(at time.Time) http.Header {
		s, err := notify.Sign(m, at, r.Secrets(at)...)
		if err != nil {
			t.Fatal(err)
		}
		return http.Header{"Webhook-Id": {m.ID}, "Webhook-Timestamp": {notify.Timestamp(at)}, "Webhook-Signature": {s}}
	}
	for name, c := range map[string]struct {
		secret string
		at     time.Time
		body   string
		good   bool
	}{
		"the present secret":             {r.Secret, now, string(m.Body), true},
		"the one before, for a day":      {r.OldSecret, now, string(m.Body), true},
		"another one":                    {notify.NewSecret(), now, string(m.Body), false},
		"another body":                   {r.Secret, now, string(m.Body) + " ", false},
		"the one before, when it is out": {r.OldSecret, until.Add(time.Minute), string(m.Body), false},
		"the present one then":           {r.Secret, until.Add(time.Minute), string(m.Body), true},
	} {
		key, err := standard.NewWebhook(c.secret)
		if err != nil {
			t.Fatal(err)
		}
		if err := key.VerifyIgnoringTimestamp([]byte(c.body), headers(c.at)); (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
	}
	key, _ := standard.NewWebhook(r.Secret)
	if err := key.Verify(m.Body, headers(now)); err != nil { // the time of day counts too
		t.Error(err)
	}
	for _, secret := range []string{"", "whsec_", "whsec_!!", "YWJj"} {
		if s, err := notify.Sign(m, now, secret); err == nil {
			t.Errorf("%q signs %s", secret, s)
		}
	}
}

func TestAReceiverThatCannotBeToldIsNotKept(t *testing.T) {
	t.Parallel()
	good := notify.Receiver{Name: "Sở Thử", URL: "https://nhan.example.vn:8443/a?b=c", Format: notify.Events, Kinds: []dossier.Kind{dossier.WasReceived}}
	if err := good.Check(nil); err != nil {
		t.Error(err)
	}
	bad := notify.Receiver{Name: " ", URL: "ftp://x", Format: "XML", Kinds: []dossier.Kind{"NÀO"}}
	f := fault.As(bad.Check(nil))
	if f == nil || f.Code != "receiver-invalid" || len(f.Fields) != 4 {
		t.Errorf("%+v", f)
	}
	for _, url := range []string{
		"", "x", "//x/y", "https:", "https://", "https:x", "file:///etc/passwd", "gopher://x:70/", "javascript:alert(1)", "https://a:b@x/", "https://a@x/", "https://x/#y",
		"https://x y/", "https://[::1/", "https://x/" + strings.Repeat("y", 2000),
	} {
		one := good
		one.URL = url
		if fault.As(one.Check(nil)) == nil {
			t.Errorf("%q is kept", url)
		}
	}
}
