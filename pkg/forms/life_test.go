package forms_test

import (
	"encoding/json"
	"io/fs"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/configs"
	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/forms"
	"github.com/motcua/motcua/pkg/worktime"
)

var (
	zone                       = time.FixedZone("+07", 7*3600)
	commune, department, clerk = uuid.New(), uuid.New(), dossier.By{Name: "Trần Thị Hoa"}
	officer, chief             = dossier.By{Name: "Phạm Văn Đức"}, dossier.By{Name: "Lê Thị Kín"}
)

// agencies as an office would name them.
var agencies = map[uuid.UUID]forms.Agency{
	commune:    {Name: "Ủy ban nhân dân xã Một", Above: "Ủy ban nhân dân tỉnh Thử", Place: "Một", Kind: catalog.CommuneCommittee},
	department: {Name: "Sở Nông nghiệp và Môi trường", Above: "Ủy ban nhân dân tỉnh Thử", Place: "Thử", Kind: catalog.Department},
}

// delivered is the set of rules in force on the day, of those that come with the program.
func delivered(t *testing.T, on time.Time) dossier.RuleSet {
	t.Helper()
	names, err := fs.Glob(configs.Files, "rules/*.json")
	if err != nil {
		t.Fatal(err)
	}
	sets := make([]dossier.RuleSet, len(names))
	for i, name := range names {
		body, err := fs.ReadFile(configs.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(body, &sets[i]); err != nil {
			t.Fatal(err)
		}
	}
	set, err := dossier.RulesOn(sets, catalog.DateOf(on, zone))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// life is a dossier with its journal, on a clock that goes on by itself.
type life struct {
	t      *testing.T
	now    time.Time
	d      dossier.Dossier
	events []dossier.Event
}

func mark(due time.Time) dossier.Mark {
	return dossier.Mark{DueAt: due, OnTimeFrom: due.Add(-time.Hour), LateFrom: due.Add(time.Hour)}
}

func days(n uint32) worktime.Term {
	return worktime.Term{Value: worktime.Whole(n), Unit: worktime.WorkingDay}
}

var applicant = dossier.Person{
	Kind: dossier.Citizen, Name: "Nguyễn Thị Thùy Dương", IDNumber: "093190000001", Phone: "0912345678", Email: "duong@example.vn",
	Address: "Số 12, đường Trần Hưng Đạo, tổ dân phố 4, xã Một, tỉnh Thử",
}

// receive takes in a dossier; online it is only registered.
func receive(t *testing.T, at time.Time, channel catalog.Channel) *life {
	t.Helper()
	l := &life{t: t, now: at}
	kind, f := dossier.WasReceived, dossier.Facts{Intake: &dossier.Intake{
		ID: uuid.New(), Code: "H99.12.01-" + at.Format("060102") + "-0001", Channel: string(channel), ReceivingID: commune, DecidingID: department,
		Procedure: dossier.Procedure{
			Code: "1.012756", Name: "Đăng ký đất đai, tài sản gắn liền với đất, cấp Giấy chứng nhận quyền sử dụng đất lần đầu đối với cá nhân",
		},
		Applicant: applicant,
		Steps: []dossier.PlannedStep{
			{Name: "Thẩm định", AgencyID: department}, {Name: "Ký duyệt", AgencyID: department},
		},
	}}
	if channel == catalog.Online {
		kind = dossier.WasRegistered
	} else {
		l.accept(&f)
	}
	l.keep(dossier.Open(kind, dossier.Move{At: at, Recorded: at, By: clerk}, f))
	return l
}

func (l *life) accept(f *dossier.Facts) {
	f.Form = delivered(l.t, l.now).Forms.Named(dossier.FormReceipt)
	f.Basis = &dossier.Basis{Term: days(20), From: l.now}
	f.Promise = &dossier.Promise{No: 1, Kind: dossier.FirstPromise, MadeAt: l.now, Mark: mark(l.now.AddDate(0, 0, 28))}
}

func (l *life) keep(d dossier.Dossier, e dossier.Event, err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
	l.d, l.events = d, append(l.events, e)
}

// act makes a move, a day after the one before.
func (l *life) act(a dossier.Action, by dossier.By, f dossier.Facts) *life {
	l.t.Helper()
	l.now = l.now.AddDate(0, 0, 1)
	if f.Form == nil {
		f.Form = delivered(l.t, l.now).Forms.For(a, f)
	}
	d, e, err := l.d.Act(a, dossier.Move{At: l.now, Recorded: l.now, By: by}, f)
	l.keep(d, e, err)
	return l
}

func (l *life) step(due time.Duration) dossier.Facts {
	m := mark(l.now.Add(due))
	return dossier.Facts{StepMarks: []dossier.StepMark{{No: l.d.StepNo + 1, Mark: m}}}
}

// finished went through two steps, the first one late, the second one early.
func finished(t *testing.T, at time.Time) *life {
	l := receive(t, at, catalog.InPerson)
	l.act(dossier.HandOver, clerk, l.step(30*time.Hour)).act(dossier.Take, officer, dossier.Facts{})
	l.act(dossier.CompleteStep, officer, l.step(100*time.Hour))
	return l.act(dossier.Finish, chief, dossier.Facts{Result: &dossier.Result{Summary: "Giấy chứng nhận quyền sử dụng đất", Number: "CS 012345"}})
}

// extended was given more time.
func extended(t *testing.T, at time.Time, kind dossier.PromiseKind) *life {
	l := receive(t, at, catalog.InPerson)
	l.act(dossier.HandOver, clerk, l.step(30*time.Hour))
	l.act(dossier.RequestExtension, officer, dossier.Facts{
		Reason: "Chờ ý kiến của cơ quan phối hợp về nguồn gốc sử dụng đất", LegalBasis: "Điều 19 Nghị định 61/2018/NĐ-CP", Extension: &dossier.Extension{Term: days(3)},
	})
	return l.act(dossier.ApproveExtension, chief, dossier.Facts{
		Promise: &dossier.Promise{
			No: 2, Kind: kind, MadeAt: l.now, Mark: mark(time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)),
			Why: dossier.Why{Reason: "Chờ ý kiến của cơ quan phối hợp về nguồn gốc sử dụng đất", LegalBasis: "Điều 19 Nghị định 61/2018/NĐ-CP", AskedBy: &officer},
		},
	})
}

// lives are a life for each form that it applies to.
func lives(t *testing.T, at time.Time) map[string]*life {
	t.Helper()
	answer := at.AddDate(0, 1, 0)
	asked := receive(t, at, catalog.InPerson).act(dossier.RequestSupplement, clerk, dossier.Facts{
		Reason: "Trích lục bản đồ địa chính chưa có xác nhận của đơn vị đo đạc; thiếu giấy tờ về nguồn gốc sử dụng đất.", StopsClock: true,
		Papers: []string{"Trích lục bản đồ địa chính (bản chính)", "Giấy tờ chứng minh nguồn gốc sử dụng đất trước ngày 15 tháng 10 năm 1993"}, AnswerBy: &answer,
	})
	return map[string]*life{
		dossier.FormReceipt:    receive(t, at, catalog.InPerson),
		dossier.FormSupplement: asked,
		dossier.FormRefusal:    receive(t, at, catalog.Online).act(dossier.Refuse, clerk, dossier.Facts{Reason: "Thửa đất không thuộc địa bàn tiếp nhận."}),
		dossier.FormApology:    extended(t, at, dossier.Extended),
		dossier.FormStop: receive(t, at, catalog.InPerson).act(dossier.Stop, chief, dossier.Facts{
			Reason: "Chủ hồ sơ đề nghị dừng để giải quyết tranh chấp ranh giới.", LegalBasis: "Đơn đề nghị của chủ hồ sơ", Document: &dossier.Document{Number: "15/TB-UBND", Date: catalog.Date(at.Format(time.DateOnly))},
		}),
		dossier.FormControlSlip: finished(t, at),
		dossier.FormHandOver: finished(t, at).act(dossier.Return, clerk, dossier.Facts{
			HandedOut: &dossier.HandedOut{Method: dossier.ReturnPost, Receiver: "Nguyễn Văn Nhận", Tracking: "EK123456789VN"},
		}),
		dossier.FormPapersBack: holding(t, at).act(dossier.GivePapersBack, clerk, dossier.Facts{HandedOut: &dossier.HandedOut{
			Method: dossier.ReturnInPerson, Party: dossier.Authorised, Receiver: "Trần Văn Thay", Document: "12/UQ", AgencyID: commune,
			GivenBack: []dossier.GivenBack{{No: 1, Copies: catalog.Copies{Original: 2}}}, Originals: []string{"Bản vẽ có dấu đỏ"},
		}}),
	}
}

// holding was stopped while the office has papers of it.
func holding(t *testing.T, at time.Time) *life {
	l := receive(t, at, catalog.InPerson)
	l.act(dossier.RequestSupplement, clerk, dossier.Facts{Papers: []string{"bản sao"}, Reason: "thiếu bản chính"})
	l.act(dossier.CompleteSupplement, clerk, dossier.Facts{Received: []dossier.Received{
		{Name: "Giấy chứng nhận đã cấp", Copies: catalog.Copies{Original: 3, Copy: 1}}, {Name: "Đơn đề nghị", Copies: catalog.Copies{Form: 1}},
	}})
	return l.act(dossier.Stop, chief, dossier.Facts{Reason: "Chủ hồ sơ đề nghị dừng.", Document: &dossier.Document{Number: "15/TB-UBND", Date: catalog.Date(at.Format(time.DateOnly))}})
}

// paper is what the form of the life is filled from.
func (l *life) paper(form string) forms.Paper {
	l.t.Helper()
	p, err := forms.Find(form, l.events, 0)
	if err != nil {
		l.t.Fatal(form, err)
	}
	if p.Form == nil {
		p.Form = delivered(l.t, p.At).Forms.Named(form)
	}
	p.Zone, p.Agencies, p.Lookup = zone, agencies, "https://motcua.example.vn/tra-cuu"
	p.Components = []forms.Component{{Name: "Đơn <đề nghị>", Original: 1}, {Name: "Bản sao căn cước công dân của người sử dụng đất", Certified: 1, Copy: 2}, {Name: "Giấy tờ khác"}}
	return p
}

func ledger(t *testing.T, at time.Time) forms.Ledger {
	l := forms.Ledger{
		Zone: zone, Form: delivered(t, at).Forms.Named(dossier.FormRegister), Keeper: agencies[commune], From: at, To: at.AddDate(0, 1, -1), Printed: at.AddDate(0, 2, 0), Agencies: agencies,
	}
	for _, name := range dossier.FormNames {
		if x := lives(t, at)[name]; x != nil {
			l.Dossiers = append(l.Dossiers, x.d)
		}
	}
	return l
}
