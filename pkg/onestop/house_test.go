package onestop_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/notify"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
	"github.com/motcua/motcua/pkg/worktime"
)

// house is an office over a small province, with a clock that the test moves.
// What it takes to end a dossier before its time.
var (
	stopping = onestop.ActInput{
		Reason: "đất đang có tranh chấp tại tòa án", Document: &dossier.Document{Number: "15/TB-UBND", Date: "2026-11-02"},
	}
	withdrawing = onestop.ActInput{
		Reason: "người nộp không còn nhu cầu", Request: &dossier.Request{By: dossier.ByApplicant, How: dossier.AtCounter},
	}
)

type house struct {
	*onestop.Office
	store *store.Store
	now   time.Time

	province, department, commune, elsewhere catalog.Agency

	clerk, otherClerk, officer, head, chief, administrator, auditor staff.Actor
}

// eachHouse runs a test on an office over SQLite and over PostgreSQL.
func eachHouse(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s *store.Store) { test(t, newHouse(t, s)) })
}

func when(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

// theKeys lock secrets of receivers.
var theKeys = keys(notify.NewKey())

func keys(lines ...string) notify.Keys {
	k, err := notify.ReadKeys(strings.Join(lines, "\n"))
	if err != nil {
		panic(err)
	}
	return k
}

var zone = time.FixedZone("+07", 7*3600)

// The week of Monday 2 November 2026 has one day off, Thursday, and a make-up Saturday for it.
const calendar = `{"tz":"Asia/Ho_Chi_Minh",
"week":{"mon":[["07:00","11:30"],["13:30","17:00"]],"tue":[["07:00","11:30"],["13:30","17:00"]],"wed":[["07:00","11:30"],["13:30","17:00"]],
"thu":[["07:00","11:30"],["13:30","17:00"]],"fri":[["07:00","11:30"],["13:30","17:00"]]},
"off":[{"date":"2026-11-05"}],"makeup":[{"date":"2026-11-07","like":"mon"}]}`

var rules = dossier.RuleSet{
	ID: "test", EffectiveFrom: "1900-01-01", Source: "Luật thử", Rules: worktime.Rules{First: worktime.FirstCalendar, End: worktime.EndClosing, Verdict: worktime.ByDate},
	StopsClock:            map[dossier.State]dossier.ClockStop{dossier.SupplementRequested: dossier.StopsAlways, dossier.PaymentRequired: dossier.StopsProcedure},
	SupplementsUnapproved: 1,
	Counters:              dossier.AnyCounter,
	Extension:             dossier.ExtensionRule{Most: 1, LeadDays: 1},
	Forms: dossier.FormSet{Act: "TT thử", Forms: map[string]dossier.Form{
		dossier.FormReceipt: {Number: "01", Title: "Giấy tiếp nhận thử"}, dossier.FormApology: {Number: "04", Title: "Phiếu xin lỗi thử"},
	}},
	SupplementBeforeSteps: dossier.Restart, SupplementInSteps: dossier.Shift,
	AcceptanceHours: 8, WarnHours: 8, EscalateHours: 8, Answer: worktime.Term{Value: worktime.Whole(10), Unit: worktime.WorkingDay},
}

var process = []catalog.Step{
	{Name: "Thẩm định", Agency: catalog.AtDeciding, Role: string(staff.Officer), Term: &worktime.Term{Value: worktime.Whole(8), Unit: worktime.Hour}},
	{Name: "Ký duyệt", Agency: catalog.AtDeciding, Role: string(staff.Supervisor)},
}

// Three procedures: of the department in three working days, of a commune in five, and one whose published terms contradict each other.
const records = `{"code":"9.000001","name":"Cấp giấy phép thử","field":"Y tế","levels":["province"],"agency":["Sở Thử"],"status":"ACTIVE","online":"toan_trinh","deadlines":[{"channel":"DIRECT","value":3,"unit":"WORKING_DAY"},{"channel":"ONLINE","value":2,"unit":"WORKING_DAY"}]}
{"code":"9.000002","name":"Xác nhận cư trú thử","field":"Hộ tịch","levels":["commune"],"agency":["Ủy ban nhân dân cấp xã"],"status":"ACTIVE","online":"mot_phan","deadlines":[{"channel":"DIRECT","value":5,"unit":"WORKING_DAY"}]}
{"code":"9.000003","name":"Đăng ký thử","field":"Đất đai","levels":["province"],"agency":["Sở Thử"],"status":"ACTIVE","online":"khong","deadlines":[{"channel":"DIRECT","value":10,"unit":"WORKING_DAY"}],"cases":[{"code":"9.000003.01","name":"lần đầu","value":15,"unit":"WORKING_DAY"}]}
`

func newHouse(t *testing.T, s *store.Store) *house {
	t.Helper()
	ctx := context.Background()
	h := &house{Office: onestop.New(s, process, zone), store: s, now: when("2026-11-02T08:30:00+07:00")}
	h.LockSecrets(theKeys)
	if _, err := h.KeepCalendar(ctx, staff.System(), h.now, onestop.CalendarInput{Name: onestop.DefaultCalendar, Definition: []byte(calendar)}); err != nil {
		t.Fatal(err)
	}
	if err := h.KeepRules(ctx, staff.System(), h.now, rules); err != nil {
		t.Fatal(err)
	}
	h.province = h.place(t, nil, "H", "Tỉnh Thử", catalog.ProvinceCommittee, catalog.Province)
	h.department = h.place(t, &h.province, "ST", "Sở Thử", catalog.Department, catalog.Province)
	h.commune = h.place(t, &h.province, "X1", "Xã Một", catalog.CommuneCommittee, catalog.Commune)
	h.elsewhere = h.place(t, &h.province, "X2", "Xã Hai", catalog.CommuneCommittee, catalog.Commune)
	if done, err := h.ImportProcedures(ctx, staff.System(), h.now, strings.NewReader(records), nil); err != nil || done.New != 3 {
		t.Fatalf("%+v, %v", done, err)
	}
	h.clerk = h.employ(t, "clerk", staff.Clerk, h.commune)
	h.otherClerk = h.employ(t, "other.clerk", staff.Clerk, h.elsewhere)
	h.officer = h.employ(t, "officer", staff.Officer, h.department)
	h.head = h.employ(t, "head", staff.Supervisor, h.department)
	h.chief = h.employ(t, "chief", staff.Supervisor, h.province)
	h.administrator = h.employ(t, "administrator", staff.Administrator, h.province)
	h.auditor = h.employ(t, "auditor", staff.Auditor, h.province)
	return h
}

func (h *house) place(t *testing.T, above *catalog.Agency, code, name string, kind catalog.AgencyKind, level catalog.Level) catalog.Agency {
	t.Helper()
	a := catalog.Agency{ID: uuid.Must(uuid.NewV7()), Code: code, Name: name, Kind: kind, Level: level, Identifier: "H99." + code, ValidFrom: "2020-01-01"}
	if above != nil {
		a.ParentID = &above.ID
	}
	if err := h.store.AddAgency(context.Background(), a); err != nil {
		t.Fatal(err)
	}
	kept, err := h.store.Agency(context.Background(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

func (h *house) employ(t *testing.T, username string, role staff.Role, where catalog.Agency) staff.Actor {
	t.Helper()
	ctx := context.Background()
	if _, err := h.CreateUser(ctx, staff.System(), h.now, onestop.NewUser{Username: username, Name: "Ông Bà " + username, Role: role, Agency: where.Code}); err != nil {
		t.Fatal(err)
	}
	token, _, err := h.CreateToken(ctx, staff.System(), h.now, username, "test", nil)
	if err != nil {
		t.Fatal(err)
	}
	actor, err := h.Identify(ctx, h.now, token)
	if err != nil {
		t.Fatal(err)
	}
	return actor
}

func input(procedure string) onestop.ReceiveInput {
	return onestop.ReceiveInput{
		Procedure: procedure, Channel: catalog.InPerson,
		Applicant: dossier.Person{Kind: dossier.Citizen, Name: "Người Thử", IDNumber: "093190000001", Phone: "0912345678"},
	}
}

func (h *house) receive(t *testing.T, who staff.Actor, in onestop.ReceiveInput) (dossier.Dossier, string) {
	t.Helper()
	d, secret, err := h.Receive(context.Background(), who, h.now, in)
	if err != nil {
		t.Fatal(err)
	}
	return d, secret
}

func (h *house) act(t *testing.T, who staff.Actor, d dossier.Dossier, a dossier.Action, in onestop.ActInput) dossier.Dossier {
	t.Helper()
	next, err := h.Act(context.Background(), who, h.now, d.Code, a, d.Version, in)
	if err != nil {
		t.Fatalf("%s: %v", a, err)
	}
	return next
}
