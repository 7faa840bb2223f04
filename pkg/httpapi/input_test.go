package httpapi_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/motcua/motcua/pkg/staff"
)

func TestBadInputIsRefusedWithTheFieldThatIsWrong(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	code, _ := c.receive()
	with := func(members string) string { return strings.Replace(newDossier, "{", "{"+members+",", 1) }
	for name, r := range map[string]struct {
		method, path, body string
		status             int
		code               string
		fields             []string
	}{
		"an unknown field":          {"POST", "/api/v1/dossiers", with(`"colour":"red"`), 400, "request-invalid", []string{"colour"}},
		"a field in capitals":       {"POST", "/api/v1/dossiers", strings.Replace(newDossier, `"channel"`, `"CHANNEL"`, 1), 400, "request-invalid", []string{"CHANNEL", "channel"}},
		"an unknown field deep in":  {"POST", "/api/v1/dossiers", strings.Replace(newDossier, `"kind"`, `"role":"x","kind"`, 1), 400, "request-invalid", []string{"applicant.role"}},
		"a read-only field":         {"POST", "/api/v1/dossiers", with(`"state":"9"`), 400, "request-invalid", []string{"state"}},
		"a wrong type":              {"POST", "/api/v1/dossiers", with(`"on_behalf":"yes"`), 400, "request-invalid", []string{"on_behalf"}},
		"null":                      {"POST", "/api/v1/dossiers", with(`"note":null`), 400, "request-invalid", []string{"note"}},
		"a missing field":           {"POST", "/api/v1/dossiers", `{"procedure":"9.000001","channel":"POST"}`, 400, "request-invalid", []string{"applicant"}},
		"an unknown channel":        {"POST", "/api/v1/dossiers", strings.Replace(newDossier, "IN_PERSON", "PIGEON", 1), 400, "request-invalid", []string{"channel"}},
		"a field twice":             {"POST", "/api/v1/dossiers", with(`"note":"a","note":"b"`), 400, "request-invalid", []string{"note"}},
		"30 February":               {"POST", "/api/v1/dossiers", with(`"received_at":"2026-02-30T08:00:00+07:00"`), 400, "request-invalid", []string{"received_at"}},
		"a time without offset":     {"POST", "/api/v1/dossiers", with(`"received_at":"2026-02-03T08:00:00"`), 400, "request-invalid", []string{"received_at"}},
		"second 60":                 {"POST", "/api/v1/dossiers", with(`"received_at":"2016-12-31T23:59:60Z"`), 400, "request-invalid", []string{"received_at"}},
		"the year 0":                {"POST", "/api/v1/dossiers", with(`"received_at":"0000-01-01T00:00:00Z"`), 400, "request-invalid", []string{"received_at"}},
		"the year 9999":             {"POST", "/api/v1/dossiers", with(`"received_at":"9999-12-31T00:00:00Z"`), 400, "request-invalid", []string{"received_at"}},
		"tomorrow":                  {"POST", "/api/v1/dossiers", with(`"received_at":"2026-11-03T08:00:00+07:00"`), 422, "dossier-invalid", []string{"received_at"}},
		"a wrong telephone number":  {"POST", "/api/v1/dossiers", strings.Replace(newDossier, "0987654321", "12", 1), 422, "dossier-invalid", []string{"applicant.phone"}},
		"two wrong at once":         {"POST", "/api/v1/dossiers", strings.NewReplacer("0987654321", "12", "093190000001", "7").Replace(newDossier), 422, "dossier-invalid", []string{"applicant.id_number", "applicant.phone"}},
		"an unknown procedure":      {"POST", "/api/v1/dossiers", strings.Replace(newDossier, "9.000001", "9.9", 1), 422, "procedure-not-found", []string{"procedure"}},
		"a procedure under review":  {"POST", "/api/v1/dossiers", strings.Replace(newDossier, "9.000001", "9.000003", 1), 422, "variant-required", []string{"variant"}},
		"NUL in a text":             {"POST", "/api/v1/dossiers", with(`"note":"a\u0000b"`), 400, "request-invalid", []string{"note"}},
		"a number beyond measure":   {"POST", "/api/v1/dossiers", with(`"note":1e400`), 400, "request-invalid", []string{"note"}},
		"two documents":             {"POST", "/api/v1/dossiers", newDossier + newDossier, 400, "body-malformed", nil},
		"half a document":           {"POST", "/api/v1/dossiers", newDossier[:40], 400, "body-malformed", nil},
		"no JSON":                   {"POST", "/api/v1/dossiers", "hello", 400, "body-malformed", nil},
		"an array":                  {"POST", "/api/v1/dossiers", "[1]", 400, "request-invalid", []string{"body"}},
		"nothing":                   {"POST", "/api/v1/dossiers", "", 400, "request-invalid", []string{"body"}},
		"no UTF-8":                  {"POST", "/api/v1/dossiers", with("\"note\":\"\xff\""), 400, "body-malformed", nil},
		"endless depth":             {"POST", "/api/v1/dossiers", strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000), 400, "body-malformed", nil},
		"too much":                  {"POST", "/api/v1/dossiers", with(`"note":"` + strings.Repeat("x", 1<<20) + `"`), 413, "body-too-large", nil},
		"a body where none belongs": {"POST", "/api/v1/users/clerk/disable", `{"reason":"x"}`, 400, "body-malformed", nil},

		"an unknown filter":          {"GET", "/api/v1/dossiers?agancy=X1", "", 400, "request-invalid", []string{"agancy"}},
		"a filter twice":             {"GET", "/api/v1/dossiers?agency=X1&agency=X2", "", 400, "request-invalid", []string{"agency"}},
		"an unknown agency":          {"GET", "/api/v1/dossiers?agency=nowhere", "", 422, "agency-not-found", []string{"agency"}},
		"a deadline without unit":    {"GET", "/api/v1/procedures?deadline_min=3", "", 400, "request-invalid", []string{"deadline_unit"}},
		"an unknown state":           {"GET", "/api/v1/dossiers?state=11", "", 400, "request-invalid", []string{"state[0]"}},
		"an unknown order":           {"GET", "/api/v1/dossiers?sort=name", "", 400, "request-invalid", []string{"sort"}},
		"a limit beyond measure":     {"GET", "/api/v1/dossiers?limit=100000", "", 400, "request-invalid", []string{"limit"}},
		"a limit that is no number":  {"GET", "/api/v1/dossiers?limit=many", "", 400, "request-invalid", []string{"limit"}},
		"a cursor that is none":      {"GET", "/api/v1/dossiers?after=x", "", 400, "cursor-invalid", nil},
		"another list's cursor":      {"GET", "/api/v1/dossiers?after=" + "eyJvIjoidXNlcnMiLCJ0IjoiYSJ9", "", 400, "cursor-invalid", nil},
		"a figure without period":    {"GET", "/api/v1/dossiers?figure=late", "", 422, "period-invalid", []string{"from", "to"}},
		"an unknown figure":          {"GET", "/api/v1/dossiers?figure=x&from=2026-11-01&to=2026-11-30", "", 400, "request-invalid", []string{"figure"}},
		"a period that is reversed":  {"GET", "/api/v1/reports/on-time?from=2026-11-30&to=2026-11-01", "", 422, "period-invalid", []string{"to"}},
		"a report from after today":  {"GET", "/api/v1/reports/on-time?from=2026-11-03", "", 422, "period-invalid", []string{"to"}},
		"29 February 2027":           {"GET", "/api/v1/reports/on-time?from=2027-02-29&to=2027-03-01", "", 400, "request-invalid", []string{"from"}},
		"an alert that is no UUID":   {"POST", "/api/v1/alerts/7/acknowledge", "", 400, "request-invalid", []string{"id"}},
		"an unknown action":          {"POST", "/api/v1/dossiers/" + code + "/actions/burn", "", 400, "request-invalid", []string{"action"}},
		"a stranger within":          {"POST", "/api/v1/dossiers/" + code + "/actions/return", `{"handed_out":{"method":"IN_PERSON","colour":"x"}}`, 400, "request-invalid", []string{"handed_out.colour"}},
		"an unknown path":            {"GET", "/api/v1/dossier", "", 404, "route-unknown", nil},
		"what only begins like one":  {"POST", "/api/v1/deadlinesX", "{}", 404, "route-unknown", nil},
		"another word behind it":     {"POST", "/api/v1/deadlines:preview2", "{}", 404, "route-unknown", nil},
		"a slash too many":           {"GET", "/api/v1/dossiers/", "", 404, "route-unknown", nil},
		"a method that is not there": {"PATCH", "/api/v1/dossiers", "{}", 405, "method-not-allowed", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			token := c.tokens[staff.Supervisor]
			if strings.Contains(r.path, "users") {
				token = c.tokens[staff.Administrator]
			}
			var headers []string
			if strings.Contains(r.path, "actions") {
				headers = append(headers, `If-Match: "1"`)
			}
			got := c.ask(r.method, r.path, token, r.body, headers...)
			if got.status != r.status {
				t.Fatalf("%d, not %d: %s", got.status, r.status, got.body)
			}
			p := got.problem(t)
			var fields []string
			for _, f := range p.Errors {
				fields = append(fields, f.Field)
			}
			slices.Sort(fields)
			if p.Code != r.code || !slices.Equal(fields, r.fields) {
				t.Errorf("%s about %v, not %s about %v: %s", p.Code, fields, r.code, r.fields, got.body)
			}
			if len(got.body) > 3000 || strings.Contains(got.body, "0987654321") || strings.Contains(got.body, "Người Thử") {
				t.Errorf("the refusal repeats what was sent: %.500s", got.body)
			}
		})
	}
}

func TestABodyOfAnotherKindIsRefused(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	for _, kind := range []string{"text/plain", "application/xml", "multipart/form-data", "nonsense"} {
		if got := c.want(415, "POST", "/api/v1/dossiers", c.tokens[staff.Clerk], newDossier, "Content-Type: "+kind); got.problem(t).Code != "media-type-unsupported" {
			t.Error(got.body)
		}
	}
	c.want(201, "POST", "/api/v1/dossiers", c.tokens[staff.Clerk], newDossier, "Content-Type: application/json; charset=utf-8")
}

func TestLettersAreKeptInOneSpelling(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	apart := strings.Replace(newDossier, "Người Thử", "Ngu\u031bo\u031b\u0300i", 1) // u and o with their horns beside them
	got := c.want(201, "POST", "/api/v1/dossiers", c.tokens[staff.Clerk], apart)
	if !strings.Contains(got.body, `"Người"`) {
		t.Error(got.body)
	}
}

func TestABrowserOnAnotherSiteCannotWrite(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	for _, header := range []string{"Sec-Fetch-Site: cross-site", "Origin: https://elsewhere.example"} {
		if got := c.want(403, "POST", "/api/v1/dossiers", c.tokens[staff.Clerk], newDossier, header); got.problem(t).Code != "cross-origin" {
			t.Error(got.body)
		}
		c.want(200, "GET", "/api/v1/dossiers", c.tokens[staff.Clerk], "", header)
	}
	c.want(201, "POST", "/api/v1/dossiers", c.tokens[staff.Clerk], newDossier, "Origin: "+c.URL)
}

func TestProblemsSpeakTheCallersLanguage(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	for accept, want := range map[string]string{
		"": "Chưa đăng nhập", "vi": "Chưa đăng nhập", "fr": "Chưa đăng nhập", "en": "Not signed in", "en-GB,vi;q=0.5": "Not signed in",
		"en;q=0.5, vi;q=0.9": "Chưa đăng nhập", "*": "Chưa đăng nhập",
	} {
		if got := c.want(401, "GET", "/api/v1/me", "", "", "Accept-Language: "+accept); got.problem(t).Title != want {
			t.Errorf("%q: %s", accept, got.body)
		}
	}
}

func TestARequestKeepsItsName(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	trace := "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	got := c.want(404, "GET", "/nothing?secret=1", "", "", "X-Request-Id: abc-1", "traceparent: "+trace)
	if got.header.Get("X-Request-Id") != "abc-1" || got.problem(t).Instance != "urn:motcua:request:abc-1" || got.header.Get("traceparent") != trace {
		t.Errorf("%v %s", got.header, got.body)
	}
	got = c.want(404, "GET", "/nothing", "", "", "X-Request-Id: a b", "traceparent: nonsense")
	if name := got.header.Get("X-Request-Id"); len(name) != 36 || got.header.Get("traceparent") != "" {
		t.Errorf("%q was taken over", name)
	}
	if log := c.log.String(); !strings.Contains(log, `"request_id":"abc-1"`) || !strings.Contains(log, `"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"`) || strings.Contains(log, "secret") {
		t.Errorf("the log says %s", log)
	}
}

func TestTheLogHoldsNoPersonalData(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	code, secret := c.receive()
	c.ask("POST", "/api/v1/dossiers", c.tokens[staff.Clerk], strings.Replace(newDossier, "0987654321", "0912", 1))
	c.ask("POST", "/api/v1/lookup", "", `{"code":"`+code+`","secret":"`+secret+`"}`)
	c.ask("GET", "/api/v1/dossiers?search=Ng%C6%B0%E1%BB%9Di", c.tokens[staff.Clerk], "")
	c.ask("GET", "/api/v1/dossiers/"+code, c.tokens[staff.Clerk], "")
	c.ask("POST", "/api/v1/sessions", "", `{"username":"clerk","password":"wrong password"}`)
	log := c.log.String()
	for _, personal := range []string{"Người", "0912", "093190000001", code, secret, "wrong password", c.tokens[staff.Clerk], "Ng%C6"} {
		if strings.Contains(log, personal) {
			t.Errorf("%q is in the log:\n%s", personal, log)
		}
	}
	metrics := c.want(200, "GET", "/metrics", "", "").body
	for _, want := range []string{
		`motcua_http_requests_total{method="POST",route="/api/v1/dossiers",status="201"} 1`, `motcua_http_requests_total{method="POST",route="/api/v1/dossiers",status="422"} 1`,
		`motcua_http_request_seconds_bucket{method="GET",route="/api/v1/dossiers/:code",le="0.001"}`,
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("/metrics lacks %s", want)
		}
	}
}

func TestEveryAnswerTellsBrowsersWhatTheyMayDoWithIt(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	for path, status := range map[string]int{"/": 200, "/api/docs": 200, "/healthz": 200, "/nothing": 404, "/api/v1/me": 401} {
		h := c.want(status, "GET", path, "", "").header
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Frame-Options") != "DENY" || h.Get("Referrer-Policy") == "" ||
			!strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: %v", path, h)
		}
	}
	r, err := c.Client().Head(c.URL + "/healthz")
	if err != nil || r.StatusCode != http.StatusOK {
		t.Errorf("HEAD: %v %v", r, err)
	}
	r.Body.Close()
}

func TestTheReferenceLoadsNothingFromElsewhere(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	page := c.want(200, "GET", "/api/docs", "", "").body
	if strings.Contains(page, "://") {
		t.Errorf("the page names another host: %s", page)
	}
	for _, file := range []string{"swagger-ui.css", "swagger-ui-bundle.js", "reference.js", "favicon-32x32.png", "front.css"} {
		if got := c.want(200, "GET", "/api/docs/files/"+file, "", ""); len(got.body) < 200 {
			t.Errorf("%s: %d bytes", file, len(got.body))
		}
	}
	for _, file := range []string{"front.html", "../page.go", "..%2fpage.go", "x.js"} {
		c.want(404, "GET", "/api/docs/files/"+file, "", "")
	}
}

func TestWhoeverSendsTooMuchIsToldSo(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	conn, err := net.Dial("tcp", c.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	const size = 12 << 20 // more than any socket holds back
	if _, err := fmt.Fprintf(conn, "POST /api/v1/dossiers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
		c.tokens[staff.Clerk], size); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write(make([]byte, size)); err != nil {
		t.Fatalf("cut off while sending: %v", err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || answer.StatusCode != http.StatusRequestEntityTooLarge {
		t.Fatalf("%v, %v", answer, err)
	}
	answer.Body.Close()
}

func TestWhatIsTooSmallOrTooLargeHearsTheBound(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	for query, want := range map[string]string{
		"limit=0":      "limit: Nhỏ hơn 1",
		"limit=100000": "limit: Lớn hơn 1000",
	} {
		p := c.want(400, "GET", "/api/v1/dossiers?"+query, c.tokens[staff.Clerk], "").problem(t)
		if len(p.Errors) != 1 || p.Errors[0].Field+": "+p.Errors[0].DetailVI != want {
			t.Errorf("%s: %+v", query, p.Errors)
		}
	}
	p := c.want(400, "POST", "/api/v1/sessions", "", `{"username":"","password":"x"}`).problem(t)
	if len(p.Errors) != 1 || p.Errors[0].DetailVI != "Để trống" {
		t.Errorf("%+v", p.Errors)
	}
}
