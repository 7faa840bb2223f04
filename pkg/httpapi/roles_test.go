package httpapi_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/motcua/motcua/api"
	"github.com/motcua/motcua/pkg/staff"
)

const newCalendar = `{"definition":{"tz":"Asia/Ho_Chi_Minh","week":{"mon":[["07:30","11:30"]],"tue":[["07:30","11:30"]]}},"act":"QĐ thử"}`

const newRules = `{"id":"$N","effective_from":"2030-01-01","source":"Luật thử","rules":{"off":"previous"},"stops_clock":{"5":"ALWAYS"},
	"supplement_before_steps":"RESTART","supplement_in_steps":"SHIFT","supplements_unapproved":1,"extension":{"most":2,"lead_days":1},"acceptance_hours":8,"warn_hours":8,
	"escalate_hours":8,"answer":{"value":10,"unit":"working_day"},"forms":{"act":"TT thử","forms":{"apology":{"number":"04","title":"Phiếu thử"}}}}`

const newReceiver = `{"name":"Hệ thống thử","url":"https://nhan.invalid/su-kien","format":"EVENTS"}`

// Who asks, in the order of the columns below: nobody, a clerk of commune X1, a clerk of commune X2, an officer of department ST, and a
// supervisor, an administrator and an auditor of the province. The dossier in question was received in X1 for ST to decide.
var askers = []string{"nobody", "clerk", "other clerk", "officer", "supervisor", "administrator", "auditor"}

// rights is every operation with the status that each of them gets. $D is a fresh dossier, $H one that was handed over, each with its
// first version or its second; $A an alert of ST; $R a receiver of the province; $T a token of the asker's own; $N a name not used yet.
var rights = []struct {
	operation, path, body, header string
	statuses                      [7]int
}{
	{"GET /", "/", "", "", [7]int{200, 200, 200, 200, 200, 200, 200}},
	{"GET /healthz", "/healthz", "", "", [7]int{200, 200, 200, 200, 200, 200, 200}},
	{"GET /readyz", "/readyz", "", "", [7]int{200, 200, 200, 200, 200, 200, 200}},
	{"GET /metrics", "/metrics", "", "", [7]int{200, 200, 200, 200, 200, 200, 200}},
	{"GET /api/openapi.yaml", "/api/openapi.yaml", "", "", [7]int{200, 200, 200, 200, 200, 200, 200}},
	{"GET /api/docs", "/api/docs", "", "", [7]int{200, 200, 200, 200, 200, 200, 200}},
	{"GET /problems", "/problems", "", "", [7]int{200, 200, 200, 200, 200, 200, 200}},
	{"GET /problems/{code}", "/problems/wrong-state", "", "", [7]int{200, 200, 200, 200, 200, 200, 200}},

	{"POST /api/v1/sessions", "/api/v1/sessions", `{"username":"clerk","password":"` + password + `"}`, "", [7]int{200, 200, 200, 200, 200, 200, 200}},
	{"GET /api/v1/me", "/api/v1/me", "", "", [7]int{401, 200, 200, 200, 200, 200, 200}},
	{"GET /api/v1/tokens", "/api/v1/tokens", "", "", [7]int{401, 200, 200, 200, 200, 200, 200}},
	{"POST /api/v1/tokens", "/api/v1/tokens", `{"name":"thử"}`, "", [7]int{401, 201, 201, 201, 201, 201, 201}},
	{"POST /api/v1/tokens", "/api/v1/tokens", `{"name":"thử","username":"officer"}`, "", [7]int{401, 404, 404, 201, 404, 201, 404}},
	{"DELETE /api/v1/tokens/{id}", "/api/v1/tokens/$T", "", "", [7]int{401, 204, 204, 204, 204, 204, 204}},
	{"GET /api/v1/users", "/api/v1/users", "", "", [7]int{401, 403, 403, 403, 403, 200, 403}},
	{"POST /api/v1/users", "/api/v1/users", `{"username":"$N","name":"Người Mới","role":"CLERK","agency":"X2"}`, "", [7]int{401, 403, 403, 403, 403, 201, 403}},
	{"POST /api/v1/users/{username}/disable", "/api/v1/users/leaver/disable", "", "", [7]int{401, 403, 403, 403, 403, 200, 403}},

	{"GET /api/v1/procedures", "/api/v1/procedures", "", "", [7]int{200, 200, 200, 200, 200, 200, 200}},
	{"GET /api/v1/procedures/{code}", "/api/v1/procedures/9.000001", "", "", [7]int{200, 200, 200, 200, 200, 200, 200}},
	{
		"PUT /api/v1/procedures/{code}/terms", "/api/v1/procedures/9.000003/terms",
		`{"terms":[{"statutory":{"value":12.5,"unit":"working_day"}}],"reason":"Điều 1"}`, "",
		[7]int{401, 403, 403, 403, 403, 200, 403},
	},
	{
		"PUT /api/v1/procedures/{code}/process", "/api/v1/procedures/9.000003/process",
		`{"decision":"QĐ 1","process":[{"name":"Ký","agency":"DECIDING","role":"SUPERVISOR"}]}`, "",
		[7]int{401, 403, 403, 403, 403, 200, 403},
	},
	{"GET /api/v1/agencies", "/api/v1/agencies", "", "", [7]int{200, 200, 200, 200, 200, 200, 200}},
	{"GET /api/v1/agencies/{id}", "/api/v1/agencies/X1", "", "", [7]int{200, 200, 200, 200, 200, 200, 200}},

	{"GET /api/v1/dossiers", "/api/v1/dossiers", "", "", [7]int{401, 200, 200, 200, 200, 200, 200}},
	{"POST /api/v1/dossiers", "/api/v1/dossiers", newDossier, "", [7]int{401, 201, 201, 403, 201, 403, 403}},
	{
		"POST /api/v1/dossiers", "/api/v1/dossiers", strings.Replace(newDossier, "{", `{"receiving_agency":"X1",`, 1), "",
		[7]int{401, 201, 403, 403, 201, 403, 403},
	},
	{"GET /api/v1/event-log", "/api/v1/event-log?format=xes", "", "", [7]int{401, 200, 200, 200, 200, 200, 200}},
	{"GET /api/v1/event-log", "/api/v1/event-log?format=ocel&agency=ST", "", "", [7]int{401, 200, 200, 200, 200, 200, 200}},
	{"POST /api/v1/applicants/search", "/api/v1/applicants/search", `{"id_number":"093190000001"}`, "", [7]int{401, 200, 200, 403, 200, 403, 200}},
	{"POST /api/v1/applicants/search", "/api/v1/applicants/search", `{"id_number":"77777"}`, "", [7]int{401, 422, 422, 403, 422, 403, 422}},
	{
		"POST /api/v1/applicants/lookup", "/api/v1/applicants/lookup", `{"id_number":"093190000001","procedure":"9.000001"}`, "",
		[7]int{401, 200, 200, 403, 200, 403, 403},
	},
	{"POST /api/v1/applicants/accesses", "/api/v1/applicants/accesses", "", "", [7]int{401, 403, 403, 403, 200, 403, 200}},
	{"GET /api/v1/dossiers/{code}", "/api/v1/dossiers/$D", "", "", [7]int{401, 200, 404, 200, 200, 200, 200}},
	{"GET /api/v1/dossiers/{code}/events", "/api/v1/dossiers/$D/events", "", "", [7]int{401, 200, 404, 200, 200, 200, 200}},
	{"POST /api/v1/dossiers/{code}/actions/{action}", "/api/v1/dossiers/$D/actions/hand-over", "", `If-Match: "1"`, [7]int{401, 200, 404, 403, 200, 403, 403}},
	{"POST /api/v1/dossiers/{code}/actions/{action}", "/api/v1/dossiers/$H/actions/take", "", `If-Match: "2"`, [7]int{401, 403, 404, 200, 200, 403, 403}},
	{
		"POST /api/v1/dossiers/{code}/actions/{action}", "/api/v1/dossiers/$H/actions/stop", stopping, `If-Match: "2"`,
		[7]int{401, 403, 404, 403, 200, 403, 403},
	},
	{
		"POST /api/v1/dossiers/{code}/actions/{action}", "/api/v1/dossiers/$H/actions/assign", `{"assignment":{"main":"officer"}}`, `If-Match: "2"`,
		[7]int{401, 403, 404, 403, 200, 403, 403},
	},
	{"GET /api/v1/dossiers/{code}/legs", "/api/v1/dossiers/$D/legs", "", "", [7]int{401, 200, 404, 200, 200, 200, 200}},
	{
		"POST /api/v1/assignments/reassign", "/api/v1/assignments/reassign", `{"from":"officer","to":"officer","reason":"thử"}`, "",
		[7]int{401, 403, 403, 403, 200, 403, 403},
	},
	{"GET /api/v1/reports/lateness", "/api/v1/reports/lateness?from=2026-11-01&to=2026-11-30", "", "", [7]int{401, 200, 200, 200, 200, 200, 200}},
	{"GET /api/v1/dossiers/{code}/parts", "/api/v1/dossiers/$D/parts", "", "", [7]int{401, 200, 404, 200, 200, 200, 200}},
	{
		"POST /api/v1/dossiers/{code}/files", "/api/v1/dossiers/$D/files?name=a.pdf&origin=SCANNED", aPaper, "If-Match: \"1\"\nContent-Type: application/octet-stream",
		[7]int{401, 201, 404, 201, 201, 403, 403},
	},
	{"POST /api/v1/dossiers/{code}/files/reused", "/api/v1/dossiers/$D/files/reused", `{"dossier":"$D","file":1}`, `If-Match: "1"`, [7]int{401, 422, 404, 422, 422, 403, 403}},
	{"GET /api/v1/dossiers/{code}/files/{no}", "/api/v1/dossiers/$D/files/1", "", "", [7]int{401, 404, 404, 404, 404, 404, 404}},
	{"DELETE /api/v1/dossiers/{code}/files/{no}", "/api/v1/dossiers/$D/files/1?reason=x", "", `If-Match: "1"`, [7]int{401, 404, 404, 404, 404, 403, 403}},
	{"POST /api/v1/lookup", "/api/v1/lookup", `{"code":"$D","secret":"$S"}`, "", [7]int{200, 200, 200, 200, 200, 200, 200}},
	{"POST /api/v1/lookup", "/api/v1/lookup", `{"code":"$D","secret":"0000000000"}`, "", [7]int{404, 404, 404, 404, 404, 404, 404}},

	{"GET /tra-cuu", "/tra-cuu", "", "", [7]int{200, 200, 200, 200, 200, 200, 200}},
	{"POST /tra-cuu", "/tra-cuu", `code=$D&secret=$S`, "Content-Type: application/x-www-form-urlencoded", [7]int{200, 200, 200, 200, 200, 200, 200}},
	{"POST /tra-cuu/bang-chung", "/tra-cuu/bang-chung", `code=$D&secret=0000000000`, "Content-Type: application/x-www-form-urlencoded", [7]int{404, 404, 404, 404, 404, 404, 404}},
	{"POST /api/v1/lookup/proof", "/api/v1/lookup/proof", `{"code":"$D","secret":"0000000000"}`, "", [7]int{404, 404, 404, 404, 404, 404, 404}},
	{"GET /api/v1/ledger", "/api/v1/ledger", "", "", [7]int{404, 404, 404, 404, 404, 404, 404}},
	{"GET /api/v1/ledger/checkpoints", "/api/v1/ledger/checkpoints", "", "", [7]int{200, 200, 200, 200, 200, 200, 200}},
	{"GET /api/v1/ledger/growth", "/api/v1/ledger/growth?from=1&to=1", "", "", [7]int{422, 422, 422, 422, 422, 422, 422}},
	{"GET /api/v1/receivers", "/api/v1/receivers", "", "", [7]int{401, 403, 403, 403, 403, 200, 403}},
	{"POST /api/v1/receivers", "/api/v1/receivers", newReceiver, "", [7]int{401, 403, 403, 403, 403, 201, 403}},
	{"GET /api/v1/receivers/{id}", "/api/v1/receivers/$R", "", "", [7]int{401, 403, 403, 403, 403, 200, 403}},
	{"PUT /api/v1/receivers/{id}", "/api/v1/receivers/$R", newReceiver, "", [7]int{401, 403, 403, 403, 403, 200, 403}},
	{"POST /api/v1/receivers/{id}/ping", "/api/v1/receivers/$R/ping", "", "", [7]int{401, 403, 403, 403, 403, 200, 403}},
	{"POST /api/v1/receivers/{id}/secret", "/api/v1/receivers/$R/secret", "", "", [7]int{401, 403, 403, 403, 403, 200, 403}},
	{"POST /api/v1/receivers/{id}/replay", "/api/v1/receivers/$R/replay", `{"from":0}`, "", [7]int{401, 403, 403, 403, 403, 200, 403}},
	{"GET /api/v1/receivers/{id}/held", "/api/v1/receivers/$R/held", "", "", [7]int{401, 403, 403, 403, 403, 200, 403}},
	{"DELETE /api/v1/receivers/{id}", "/api/v1/receivers/$R", "", "", [7]int{401, 403, 403, 403, 403, 204, 403}},
	{"GET /api/v1/dossiers/{code}/explanation", "/api/v1/dossiers/$D/explanation", "", "", [7]int{401, 200, 404, 200, 200, 200, 200}},
	{"GET /api/v1/dossiers/{code}/forms/{form}", "/api/v1/dossiers/$D/forms/receipt", "", "", [7]int{401, 200, 404, 200, 200, 200, 200}},
	{"GET /api/v1/dossiers/{code}/forms/{form}", "/api/v1/dossiers/$D/forms/control-slip?format=pdf", "", "", [7]int{401, 200, 404, 200, 200, 200, 200}},
	{"GET /api/v1/dossiers/{code}/forms/{form}", "/api/v1/dossiers/$D/forms/apology", "", "", [7]int{401, 409, 404, 409, 409, 409, 409}},
	{"GET /api/v1/forms/{form}", "/api/v1/forms/receipt?search=$D", "", "", [7]int{401, 200, 409, 200, 200, 200, 200}},
	{"GET /api/v1/forms/register", "/api/v1/forms/register?from=2026-11-01&to=2026-11-30", "", "", [7]int{401, 200, 200, 200, 200, 200, 200}},
	{
		"POST /api/v1/dossiers/{code}/actions/{action}", "/api/v1/dossiers/$H/actions/request-extension",
		`{"reason":"chờ ý kiến","extension":{"value":2,"unit":"working_day"}}`, `If-Match: "2"`,
		[7]int{401, 403, 404, 200, 200, 403, 403},
	},
	{
		"POST /api/v1/dossiers/{code}/actions/{action}", "/api/v1/dossiers/$H/actions/refund-fees", `{"reason":"thử","fees":[{"no":1}]}`, `If-Match: "2"`,
		[7]int{401, 409, 404, 409, 409, 409, 409}, // no money was taken: that comes before whose it is
	},
	{
		"POST /api/v1/dossiers/{code}/actions/{action}", "/api/v1/dossiers/$P/actions/refund-fees", `{"reason":"thử","fees":[{"no":1}]}`, `If-Match: "4"`,
		[7]int{401, 200, 404, 200, 200, 403, 403},
	},
	{
		"POST /api/v1/dossiers/{code}/actions/{action}", "/api/v1/dossiers/$H/actions/change-return",
		`{"reason":"thử","return_choice":{"agency":"X2","method":"IN_PERSON"}}`, `If-Match: "2"`,
		[7]int{401, 200, 404, 403, 200, 403, 403},
	},
	{"POST /api/v1/dossiers/{code}/actions/{action}", "/api/v1/dossiers/$B/actions/approve-refund", "", `If-Match: "5"`, [7]int{401, 403, 404, 403, 200, 403, 403}},
	{"POST /api/v1/dossiers/{code}/actions/{action}", "/api/v1/dossiers/$M/actions/approve-extension", "", `If-Match: "3"`, [7]int{401, 403, 404, 403, 200, 403, 403}},

	{"GET /api/v1/calendars", "/api/v1/calendars", "", "", [7]int{200, 200, 200, 200, 200, 200, 200}},
	{"GET /api/v1/calendars/{name}", "/api/v1/calendars/vn", "", "", [7]int{200, 200, 200, 200, 200, 200, 200}},
	{"POST /api/v1/calendars/{name}/preview", "/api/v1/calendars/vn/preview", newCalendar, "", [7]int{401, 403, 403, 403, 403, 200, 403}},
	{"POST /api/v1/calendars/{name}/revisions", "/api/v1/calendars/khac/revisions", newCalendar, "", [7]int{401, 403, 403, 403, 403, 201, 403}},
	{"GET /api/v1/calendars/{name}/replans", "/api/v1/calendars/vn/replans", "", "", [7]int{401, 200, 200, 200, 200, 200, 200}},
	{"GET /api/v1/rules", "/api/v1/rules", "", "", [7]int{200, 200, 200, 200, 200, 200, 200}},
	{"POST /api/v1/rules", "/api/v1/rules", newRules, "", [7]int{401, 403, 403, 403, 403, 201, 403}},

	{"GET /api/v1/alerts", "/api/v1/alerts", "", "", [7]int{401, 200, 200, 200, 200, 200, 200}},
	{"POST /api/v1/alerts/{id}/acknowledge", "/api/v1/alerts/$A/acknowledge", "", "", [7]int{401, 404, 404, 200, 200, 200, 403}},
	{"GET /api/v1/reports/on-time", "/api/v1/reports/on-time?from=2026-11-01&to=2026-11-30", "", "", [7]int{401, 200, 200, 200, 200, 200, 200}},
	{"GET /api/v1/payments", "/api/v1/payments?from=2026-11-01&to=2026-11-30", "", "", [7]int{401, 200, 200, 200, 200, 200, 200}},
	{"GET /api/v1/reports/catalogue", "/api/v1/reports/catalogue", "", "", [7]int{401, 200, 200, 200, 200, 200, 200}},
	{
		"POST /api/v1/deadlines:preview", "/api/v1/deadlines:preview",
		`{"op":"due","calendar":"vn","start":"2026-11-02T08:30:00+07:00","term":{"value":3,"unit":"working_day"}}`, "",
		[7]int{200, 200, 200, 200, 200, 200, 200},
	},
}

type lived struct {
	action, body string
	by           staff.Role
}

var (
	dossierKind = regexp.MustCompile(`\$[DHMPB]\b`)

	handedOver  = lived{"hand-over", "", staff.Clerk}
	withFeePaid = []lived{
		handedOver,
		{"set-fees", `{"fees":[{"kind":"DUTY","name":"thử","vnd":1000}]}`, staff.Clerk},
		{"pay-fees", `{"fees":[{"no":1,"method":"TRANSFER","receipt":{"number":"$D"}}]}`, staff.Clerk},
	}
	// What was done with a dossier before it is asked for: $D was received and nothing else.
	lives = map[string][]lived{
		"$H": {handedOver},
		"$M": {handedOver, {"request-extension", `{"reason":"chờ ý kiến","extension":{"value":2,"unit":"working_day"}}`, staff.Officer}},
		"$P": withFeePaid,
		"$B": slices.Concat(withFeePaid, []lived{{"refund-fees", `{"reason":"thử","fees":[{"no":1}]}`, staff.Officer}}),
	}
)

func TestEachRouteAnswersEachRole(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	c.employ("leaver", staff.Clerk, "X2")
	tokens := []string{
		"", c.tokens[staff.Clerk], c.employ("other.clerk", staff.Clerk, "X2"), c.tokens[staff.Officer], c.tokens[staff.Supervisor],
		c.tokens[staff.Administrator], c.tokens[staff.Auditor],
	}
	// An alert of the department: a dossier that came there and that nobody touched until it was late.
	stale, _ := c.receive()
	c.want(200, "POST", "/api/v1/dossiers/"+stale+"/actions/hand-over", c.tokens[staff.Clerk], "", `If-Match: "1"`)
	c.moveTo("2026-11-09T08:00:00+07:00")
	if n, err := c.office.ScanLate(t.Context(), c.clock()); err != nil || n == 0 {
		t.Fatalf("%d alerts for %s, %v", n, stale, err)
	}
	var alerts struct{ Items []struct{ ID string } }
	c.want(200, "GET", "/api/v1/alerts", c.tokens[staff.Officer], "").into(t, &alerts)
	if len(alerts.Items) == 0 {
		t.Fatal("no alert reaches the department")
	}
	names := 0
	for _, r := range rights {
		c.moveTo(c.clock().Add(time.Minute).Format(time.RFC3339)) // look-ups are limited by the minute
		for i, token := range tokens {
			path, body := r.path, r.body
			method, _, _ := strings.Cut(r.operation, " ")
			if kind := dossierKind.FindString(path + body); kind != "" {
				code, secret := c.receive()
				for i, x := range lives[kind] {
					act := strings.Replace(x.body, "$D", code, 1)
					c.want(200, "POST", "/api/v1/dossiers/"+code+"/actions/"+x.action, c.tokens[x.by], act, fmt.Sprintf(`If-Match: "%d"`, i+1))
				}
				path = strings.Replace(path, kind, code, 1)
				body = strings.NewReplacer("$D", code, "$S", secret).Replace(body)
			}
			if strings.Contains(path, "$T") && token != "" {
				var own struct{ ID string }
				c.want(201, "POST", "/api/v1/tokens", token, `{"name":"thử"}`).into(t, &own)
				path = strings.Replace(path, "$T", own.ID, 1)
			}
			if strings.Contains(path, "$R") {
				var one struct{ ID string }
				c.want(201, "POST", "/api/v1/receivers", c.tokens[staff.Administrator], newReceiver).into(t, &one)
				path = strings.Replace(path, "$R", one.ID, 1)
			}
			names++
			path = strings.NewReplacer("$A", alerts.Items[0].ID, "$T", "01a20810-6f04-70d0-b7a7-e793883bec45").Replace(path)
			body = strings.Replace(body, "$N", "new."+strings.Repeat("n", names%40+1), 1)
			var headers []string
			if r.header != "" {
				headers = strings.Split(r.header, "\n")
			}
			got := c.ask(method, path, token, body, headers...)
			if got.status != r.statuses[i] {
				t.Errorf("%s %s by %s: %d, not %d: %s", method, path, askers[i], got.status, r.statuses[i], got.body)
			}
			if got.status >= 400 {
				got.problem(t)
			}
			if got.status == 401 && !strings.HasPrefix(got.header.Get("WWW-Authenticate"), "Bearer") {
				t.Errorf("%s by %s: 401 does not say how to sign in", r.operation, askers[i])
			}
		}
	}
}

func TestTheTableOfRolesHasEveryRoute(t *testing.T) {
	t.Parallel()
	listed := map[string]bool{}
	for _, r := range rights {
		listed[r.operation] = true
	}
	for _, operation := range operations(t) {
		if !listed[operation] {
			t.Errorf("%s is missing", operation)
		}
	}
}

func TestADisabledUserIsOutAtOnce(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	token := c.employ("leaver", staff.Clerk, "X1")
	c.want(200, "GET", "/api/v1/me", token, "")
	c.want(200, "POST", "/api/v1/users/leaver/disable", c.tokens[staff.Administrator], "")
	if got := c.want(401, "GET", "/api/v1/me", token, ""); got.problem(t).Code != "token-refused" {
		t.Error(got.body)
	}
	if got := c.want(401, "POST", "/api/v1/sessions", "", `{"username":"leaver","password":"`+password+`"}`); got.problem(t).Code != "sign-in-failed" {
		t.Error(got.body)
	}
}

func operations(t *testing.T) []string {
	t.Helper()
	d, err := openapi3.NewLoader().LoadFromData(api.OpenAPI)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for path, item := range d.Paths.Map() {
		for method := range item.Operations() {
			all = append(all, method+" "+path)
		}
	}
	return all
}
