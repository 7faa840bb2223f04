package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/google/uuid"

	"github.com/motcua/motcua/api"
	"github.com/motcua/motcua/pkg/archive"
	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/courier"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/httpapi"
	"github.com/motcua/motcua/pkg/notify"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/population"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
	"github.com/motcua/motcua/pkg/worktime"
)

// counter is the API over a small province, with a clock that the test moves. Every answer is held against the document.
type counter struct {
	*httptest.Server
	t       *testing.T
	office  *onestop.Office
	store   *store.Store
	config  store.Config
	log     *bytes.Buffer // what the server logged
	files   string        // folder of the archive
	archive *archive.Folder
	tokens  map[staff.Role]string
	post    *courier.Courier // reaches this machine only

	mu  sync.Mutex
	now time.Time

	registerDown atomic.Bool
	asked        atomic.Pointer[string] // the last question to the stand-in register
}

// standIn is a register of persons that knows one, and is down when the test says so.
func (c *counter) standIn() *population.Register {
	c.t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		asked := r.Method + " " + r.URL.String() + " " + r.Header.Get("Authorization") + " " + string(body)
		c.asked.Store(&asked)
		switch {
		case c.registerDown.Load():
			w.WriteHeader(http.StatusBadGateway)
		case strings.Contains(asked, "093190000001"):
			_, _ = io.WriteString(w, `{"name":"Người Trong Sổ","birth_date":"1990-12-31","sex":"Nữ","phone":"0987 654 321","address":"Xã Một"}`)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	c.t.Cleanup(s.Close)
	r, err := population.New(population.Config{URL: s.URL + "/person", Token: "khóa thử"})
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// eachCounter runs a test over SQLite and over PostgreSQL.
func eachCounter(t *testing.T, test func(t *testing.T, c *counter)) {
	t.Helper()
	storetest.EachConfig(t, func(t *testing.T, config store.Config) { test(t, open(t, config)) })
}

// oneCounter is the API over SQLite, for what does not depend on the database.
func oneCounter(t *testing.T) *counter {
	t.Helper()
	return open(t, storetest.MigratedSQLite(t))
}

var zone = time.FixedZone("+07", 7*3600)

// The week of Monday 2 November 2026 has one day off, Thursday, and a make-up Saturday for it.
const calendar = `{"tz":"Asia/Ho_Chi_Minh",
"week":{"mon":[["07:00","11:30"],["13:30","17:00"]],"tue":[["07:00","11:30"],["13:30","17:00"]],"wed":[["07:00","11:30"],["13:30","17:00"]],
"thu":[["07:00","11:30"],["13:30","17:00"]],"fri":[["07:00","11:30"],["13:30","17:00"]]},
"off":[{"date":"2026-11-05"}],"makeup":[{"date":"2026-11-07","like":"mon"}]}`

var rules = dossier.RuleSet{
	ID: "test", EffectiveFrom: "1900-01-01", Source: "Luật thử",
	Rules:                 worktime.Rules{First: worktime.FirstCalendar, End: worktime.EndClosing, Verdict: worktime.ByDate},
	StopsClock:            map[dossier.State]dossier.ClockStop{dossier.SupplementRequested: dossier.StopsAlways, dossier.PaymentRequired: dossier.StopsProcedure},
	SupplementsUnapproved: 1,
	Counters:              dossier.AnyCounter,
	Extension:             dossier.ExtensionRule{Most: 1, LeadDays: 1},
	Forms: dossier.FormSet{Act: "TT thử", Forms: map[string]dossier.Form{
		dossier.FormReceipt: {Number: "01", Title: "Giấy tiếp nhận thử"}, dossier.FormApology: {Number: "04", Title: "Phiếu xin lỗi thử"},
		dossier.FormSupplement: {Number: "02", Title: "Phiếu bổ sung thử"}, dossier.FormControlSlip: {Number: "05", Title: "Phiếu kiểm soát thử"},
		dossier.FormRegister: {Number: "06", Title: "Sổ thử"}, dossier.FormHandOver: {Title: "Giấy biên nhận thử"},
	}},
	SupplementBeforeSteps: dossier.Restart, SupplementInSteps: dossier.Shift,
	AcceptanceHours: 8, WarnHours: 8, EscalateHours: 8, Answer: worktime.Term{Value: worktime.Whole(10), Unit: worktime.WorkingDay},
}

var process = []catalog.Step{
	{Name: "Thẩm định", Agency: catalog.AtDeciding, Role: string(staff.Officer), Term: &worktime.Term{Value: worktime.Whole(8), Unit: worktime.Hour}},
	{Name: "Ký duyệt", Agency: catalog.AtDeciding, Role: string(staff.Supervisor)},
}

const records = `{"code":"9.000001","name":"Cấp giấy phép thử","field":"Y tế","levels":["province"],"agency":["Sở Thử"],"status":"ACTIVE","online":"toan_trinh","deadlines":[{"channel":"DIRECT","value":3,"unit":"WORKING_DAY"},{"channel":"ONLINE","value":2,"unit":"WORKING_DAY"}]}
{"code":"9.000002","name":"Xác nhận cư trú thử","field":"Hộ tịch","levels":["commune"],"agency":["Ủy ban nhân dân cấp xã"],"status":"ACTIVE","online":"mot_phan","deadlines":[{"channel":"DIRECT","value":5,"unit":"WORKING_DAY"}]}
{"code":"9.000003","name":"Đăng ký thử","field":"Đất đai","levels":["province"],"agency":["Sở Thử"],"status":"ACTIVE","online":"khong","deadlines":[{"channel":"DIRECT","value":10,"unit":"WORKING_DAY"}],"cases":[{"code":"9.000003.01","name":"lần đầu","value":15,"unit":"WORKING_DAY"}]}
`

const password = "mật khẩu để thử"

func open(t *testing.T, config store.Config) *counter {
	t.Helper()
	return openWith(t, config, process, (*counter).furnish)
}

// openWith is a counter whose province furnish fills.
func openWith(t *testing.T, config store.Config, process []catalog.Step, furnish func(*counter)) *counter {
	t.Helper()
	config.Log = slog.New(slog.DiscardHandler) // some tests break the database on purpose
	s := storetest.Open(t, config)
	c := &counter{
		t: t, config: config, store: s, office: onestop.New(s, process, zone), log: &bytes.Buffer{}, tokens: map[staff.Role]string{},
		now: time.Date(2026, 11, 2, 8, 30, 0, 0, zone),
	}
	c.post = courier.New(c.clock, courier.Networks{netip.MustParsePrefix("127.0.0.0/8")})
	keys, err := notify.ReadKeys(notify.NewKey())
	must(t)(nil, err)
	c.office.LockSecrets(keys)
	c.files = filepath.Join(t.TempDir(), "files")
	c.archive = archive.NewFolder(c.files)
	c.office.KeepFiles(onestop.FileRules{Archive: c.archive})
	furnish(c)
	c.Server = httptest.NewServer(httpapi.New(httpapi.Options{
		Office: c.office, Store: s, Clock: c.clock, Log: slog.New(slog.NewJSONHandler(&locked{w: c.log}, nil)), Version: "test", Zone: zone,
		PublicURL: "https://motcua.example.vn", Register: c.standIn(), Send: c.post.Send, Reach: c.post.Reach,
	}))
	t.Cleanup(c.Close)
	c.Client().Transport = contract{t, c.Client().Transport}
	return c
}

// furnish fills the province: two communes, a department, somebody of each role. Clerk and officer are of commune X1 and of the
// department, the others of the province.
func (c *counter) furnish() {
	c.t.Helper()
	ctx := context.Background()
	system := staff.System()
	must(c.t)(c.office.KeepCalendar(ctx, system, c.now, onestop.CalendarInput{Name: onestop.DefaultCalendar, Definition: []byte(calendar)}))
	must(c.t)(nil, c.office.KeepRules(ctx, system, c.now, rules))
	province := c.place(nil, "H", "Tỉnh Thử", catalog.ProvinceCommittee, catalog.Province)
	c.place(&province, "ST", "Sở Thử", catalog.Department, catalog.Province)
	c.place(&province, "X1", "Xã Một", catalog.CommuneCommittee, catalog.Commune)
	c.place(&province, "X2", "Xã Hai", catalog.CommuneCommittee, catalog.Commune)
	must(c.t)(c.office.ImportProcedures(ctx, system, c.now, strings.NewReader(records), nil))
	for role, agency := range map[staff.Role]string{
		staff.Clerk: "X1", staff.Officer: "ST", staff.Supervisor: "H", staff.Administrator: "H", staff.Auditor: "H",
	} {
		c.tokens[role] = c.employ(strings.ToLower(string(role)), role, agency)
	}
}

func (c *counter) place(above *uuid.UUID, code, name string, kind catalog.AgencyKind, level catalog.Level) uuid.UUID {
	c.t.Helper()
	a := catalog.Agency{
		ID: uuid.Must(uuid.NewV7()), Code: code, Name: name, Kind: kind, Level: level, ParentID: above, Identifier: "H99." + code, ValidFrom: "2020-01-01",
	}
	if err := c.store.AddAgency(context.Background(), a); err != nil {
		c.t.Fatal(err)
	}
	return a.ID
}

// employ adds a user and gives a token.
func (c *counter) employ(username string, role staff.Role, agency string) string {
	c.t.Helper()
	ctx := context.Background()
	a, err := c.store.AgencyByCode(ctx, agency, "2026-11-02")
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.store.AddUser(ctx, staff.User{
		ID: uuid.Must(uuid.NewV7()), Username: username, Name: "Ông Bà " + username, Role: role, AgencyID: a.ID, PasswordHash: hash(c.office), CreatedAt: c.now,
	}); err != nil {
		c.t.Fatal(err)
	}
	token, _, err := c.office.CreateToken(ctx, staff.System(), c.now, username, "thử", nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return token
}

var (
	hashing sync.Mutex
	hashed  string
)

// hash is that of the one password, worked out once: it takes long on purpose.
func hash(o *onestop.Office) string {
	hashing.Lock()
	defer hashing.Unlock()
	if hashed == "" {
		hashed = o.HashPassword(password)
	}
	return hashed
}

func must(t *testing.T) func(_ any, err error) {
	t.Helper()
	return func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (c *counter) clock() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// moveTo sets the clock.
func (c *counter) moveTo(text string) {
	c.t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		c.t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = at
}

// locked is a writer that several requests may log to.
type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

// database is how to look at what is really kept.
func (c *counter) database() (driver, source string) {
	if c.config.DatabaseURL != "" {
		return "pgx", c.config.DatabaseURL
	}
	return "sqlite", "file:" + filepath.Join(c.config.DataDir, "motcua.db") + "?mode=ro"
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// into reads the body as JSON.
func (a answer) into(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
}

// problem is the part of a refusal that tests look at.
type problem struct {
	Type, Title, Code, Instance string
	Status                      int
	saidTwice
	Errors []struct {
		Field, Code string
		saidTwice
	}
	Current *struct {
		Version int
		Etag    string
		State   string
		Holder  struct{ Name string }
		TakenBy struct{ Name string } `json:"taken_by"`
	}
}

// saidTwice is a detail in the language that was asked for and in both.
type saidTwice struct {
	Detail   string
	DetailVI string `json:"detail_vi"`
	DetailEN string `json:"detail_en"`
}

// check holds a detail of an answer in the language against both of its wordings.
func (s saidTwice) check(t *testing.T, language string) {
	t.Helper()
	if want := map[string]string{"vi": s.DetailVI, "en": s.DetailEN}[language]; s.Detail == "" || s.Detail != want {
		t.Errorf("in language %q %q is said, not %q", language, s.Detail, want)
	}
	if s.DetailVI == s.DetailEN || !vietnamese.MatchString(s.DetailVI) || strings.Contains(s.DetailVI, "%!") {
		t.Errorf("%q is said in Vietnamese as %q", s.DetailEN, s.DetailVI)
	}
}

var vietnamese = regexp.MustCompile(`[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ]`)

func (a answer) problem(t *testing.T) problem {
	t.Helper()
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("a refusal of type %q: %s", got, a.body)
	}
	var p problem
	a.into(t, &p)
	if p.Status != a.status || p.Type != "/problems/"+p.Code || p.Instance == "" || p.Title == "" {
		t.Errorf("status %d with %+v", a.status, p)
	}
	language := a.header.Get("Content-Language")
	p.check(t, language)
	for _, e := range p.Errors {
		e.check(t, language)
	}
	return p
}

// ask sends a request; headers are "Name: value".
func (c *counter) ask(method, path, token, body string, headers ...string) answer {
	c.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, c.URL+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	response, err := c.Client().Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(text)}
}

// want is ask that fails the test unless the status is the one wanted.
func (c *counter) want(status int, method, path, token, body string, headers ...string) answer {
	c.t.Helper()
	a := c.ask(method, path, token, body, headers...)
	if a.status != status {
		c.t.Fatalf("%s %s: %d, not %d: %s", method, path, a.status, status, a.body)
	}
	return a
}

const newDossier = `{"procedure":"9.000001","channel":"IN_PERSON","applicant":{"kind":"CITIZEN","name":"Người Thử","id_number":"093190000001","phone":"0987654321"}}`

// receive takes in a dossier and gives its code and secret.
func (c *counter) receive() (code, secret string) {
	c.t.Helper()
	var receipt struct{ Code, Secret string }
	c.want(http.StatusCreated, "POST", "/api/v1/dossiers", c.tokens[staff.Clerk], newDossier).into(c.t, &receipt)
	return receipt.Code, receipt.Secret
}

// contract holds every answer against the document.
type contract struct {
	t    *testing.T
	next http.RoundTripper
}

var document = sync.OnceValues(func() (routers.Router, error) {
	d, err := openapi3.NewLoader().LoadFromData(api.OpenAPI)
	if err != nil {
		return nil, err
	}
	return gorillamux.NewRouter(d)
})

func (x contract) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := x.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	router, err := document()
	if err != nil {
		return nil, err
	}
	route, parameters, err := router.FindRoute(r)
	if err != nil {
		return response, nil // not in the document: a test of 404 or 405
	}
	kind := response.Header.Get("Content-Type")
	if err := openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: parameters, Route: route},
		Status:                 response.StatusCode, Header: response.Header, Body: io.NopCloser(bytes.NewReader(body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, ExcludeResponseBody: !strings.Contains(kind, "json")},
	}); err != nil {
		x.t.Errorf("%s %s answers what the document does not say: %v\n%s", r.Method, r.URL.Path, err, body)
	}
	return response, nil
}
