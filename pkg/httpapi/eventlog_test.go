package httpapi_test

import (
	"database/sql"
	"encoding/csv"
	"encoding/xml"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/motcua/motcua/api"
	"github.com/motcua/motcua/pkg/staff"
)

// cases are the codes in a log as CSV, each once.
func (a answer) cases(t *testing.T) []string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, row := range rows[1:] {
		if !slices.Contains(all, row[0]) {
			all = append(all, row[0])
		}
	}
	slices.Sort(all)
	return all
}

func TestAnEventLogHoldsWhatTheListWouldAndNoMore(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		mine, _ := c.receive()
		moved, _ := c.receive()
		c.want(200, "POST", "/api/v1/dossiers/"+moved+"/actions/hand-over", c.tokens[staff.Clerk], "", `If-Match: "1"`)
		elsewhere := c.employ("clerk.x2", staff.Clerk, "X2")
		for _, q := range []string{"", "&state=4", "&state=2&agency=ST", "&agency=X2", "&figure=received&from=2026-11-01&to=2026-11-30", "&overdue=true", "&search=" + mine} {
			for name, token := range map[string]string{"clerk": c.tokens[staff.Clerk], "officer": c.tokens[staff.Officer], "elsewhere": elsewhere} {
				var list struct{ Items []struct{ Code string } }
				c.want(200, "GET", "/api/v1/dossiers?limit=100"+q, token, "").into(t, &list)
				var want []string
				for _, d := range list.Items {
					want = append(want, d.Code)
				}
				slices.Sort(want)
				if name == "elsewhere" && len(want) > 0 {
					t.Fatalf("%s lists %v", name, want)
				}
				if got := c.want(200, "GET", "/api/v1/event-log?format=csv"+q, token, "").cases(t); !slices.Equal(got, want) {
					t.Errorf("%s %q: %v, the list says %v", name, q, got, want)
				}
			}
		}
	})
}

func TestALogAndAListGoByTheDaysOfHandingInAndOfEnding(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		var codes []string
		for _, at := range []string{"2026-11-02T00:00:00+07:00", "2026-11-02T23:59:59+07:00", "2026-11-03T00:00:00+07:00", "2026-11-04T10:00:00+07:00"} {
			c.moveTo(at)
			code, _ := c.receive()
			codes = append(codes, code)
		}
		for i, at := range []string{"2026-11-05T23:59:59+07:00", "2026-11-06T00:00:00+07:00"} {
			c.moveTo(at)
			c.want(200, "POST", "/api/v1/dossiers/"+codes[i]+"/actions/withdraw", c.tokens[staff.Clerk], withdrawing, `If-Match: "1"`)
		}
		for query, want := range map[string][]string{
			"&submitted_from=2026-11-03":                                                     codes[2:],
			"&submitted_to=2026-11-02":                                                       codes[:2],
			"&submitted_from=2026-11-03&submitted_to=2026-11-03":                             codes[2:3],
			"&finished_from=2026-11-05&finished_to=2026-11-05":                               codes[:1],
			"&finished_from=2026-11-06":                                                      codes[1:2],
			"&finished_to=2030-01-01&submitted_from=2026-11-03":                              nil,
			"&submitted_to=2026-11-03&open=true":                                             codes[2:3],
			"&figure=received&from=2026-11-01&to=2026-11-30&submitted_from=2026-11-04":       codes[3:],
			"&figure=ended_otherwise&from=2026-11-01&to=2026-11-30&finished_from=2026-11-06": codes[1:2],
		} {
			var list struct {
				Items []struct{ Code string }
			}
			c.want(200, "GET", "/api/v1/dossiers?limit=100"+query, c.tokens[staff.Supervisor], "").into(t, &list)
			if len(list.Items) != len(want) {
				t.Errorf("%s: %d are listed, not %v", query, len(list.Items), want)
			}
			if got := c.want(200, "GET", "/api/v1/event-log?format=csv"+query, c.tokens[staff.Supervisor], "").cases(t); !slices.Equal(got, want) {
				t.Errorf("%s: %v, not %v", query, got, want)
			}
		}
		for _, path := range []string{"/api/v1/dossiers?", "/api/v1/event-log?format=csv&", "/api/v1/forms/receipt?"} {
			p := c.want(422, "GET", path+"submitted_from=2026-11-03&submitted_to=2026-11-02", c.tokens[staff.Supervisor], "").problem(t)
			if p.Code != "period-invalid" || p.Errors[0].Field != "submitted_to" {
				t.Errorf("%s: %+v", path, p)
			}
			c.want(400, "GET", path+"finished_to=2026-02-30", c.tokens[staff.Supervisor], "")
		}
	})
}

func TestWhatPicksDossiersInAListPicksThemForALogAndForForms(t *testing.T) {
	t.Parallel()
	d, err := openapi3.NewLoader().LoadFromData(api.OpenAPI)
	must(t)(nil, err)
	own := []string{"sort", "limit", "after", "format"} // of a list: in which order and how much of it is shown
	for _, p := range d.Paths.Value("/api/v1/dossiers").Get.Parameters {
		for _, path := range []string{"/api/v1/event-log", "/api/v1/forms/{form}"} {
			there := d.Paths.Value(path).Get.Parameters.GetByInAndName("query", p.Value.Name)
			if there == nil && !slices.Contains(own, p.Value.Name) {
				t.Errorf("%s does not know %s", path, p.Value.Name)
			}
		}
	}
}

func TestAnEventLogNamesNobody(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	code, _ := c.receive()
	c.want(200, "POST", "/api/v1/dossiers/"+code+"/actions/withdraw", c.tokens[staff.Clerk], `{"reason":"Ông Kín đổi ý rồi","request":{"by":"PROXY","how":"COUNTER","name":"Ông Kín"}}`, `If-Match: "1"`)
	for format, media := range map[string]string{"xes": "application/xml", "ocel": "application/json", "csv": "text/csv"} {
		got := c.want(200, "GET", "/api/v1/event-log?format="+format, c.tokens[staff.Supervisor], "")
		if !strings.Contains(got.body, code) || !strings.Contains(got.body, "CLERK@X1") {
			t.Errorf("%s lacks the dossier: %s", format, got.body)
		}
		for _, secret := range []string{"Người Thử", "093190000001", "0987654321", "Ông Bà", "Ông Kín", "secret"} {
			if strings.Contains(got.body, secret) {
				t.Errorf("%s tells %q", format, secret)
			}
		}
		name := got.header.Get("Content-Disposition")
		if got.header.Get("Content-Type") != media || !strings.HasPrefix(name, `attachment; filename="motcua-20261102-0830.`) {
			t.Errorf("%s: %q, %q", format, got.header.Get("Content-Type"), name)
		}
	}
	for query, field := range map[string]string{"": "format", "format=xls": "format", "format=csv&limit=5": "limit", "format=csv&names=true": "names"} {
		if p := c.want(400, "GET", "/api/v1/event-log?"+query, c.tokens[staff.Supervisor], "").problem(t); p.Errors[0].Field != field {
			t.Errorf("%s: %+v", query, p)
		}
	}
	c.want(422, "GET", "/api/v1/event-log?format=csv&figure=late", c.tokens[staff.Supervisor], "")
}

// A journal that is not sound ends the log: with a problem if nothing was sent yet, else with the connection.
func TestALogThatCannotBeFinishedIsNotTakenForOne(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	for range 40 {
		c.receive()
	}
	last, _ := c.receive()
	driver, source := c.database()
	db, err := sql.Open(driver, strings.Replace(source, "mode=ro", "mode=rw", 1))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`INSERT INTO dossier_events (dossier_id, seq, kind, at, recorded_at, by_id, by_name, by_role, by_agency, facts, prev, hash)
		SELECT dossier_id, seq + 5, 'RETURNED', at, recorded_at, by_id, by_name, by_role, by_agency, '{}', hash, hash FROM dossier_events
		WHERE dossier_id = (SELECT dossier_id FROM dossier_codes WHERE code = ?)`, last); err != nil {
		t.Fatal(err)
	}
	if p := c.want(500, "GET", "/api/v1/event-log?format=xes&search="+last, c.tokens[staff.Supervisor], "").problem(t); p.Code != "internal" {
		t.Error(p)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.URL+"/api/v1/event-log?format=ocel", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.tokens[staff.Supervisor])
	if response, err := c.Client().Do(r); err == nil {
		t.Errorf("a whole answer came back: %s", response.Status)
	}
	if logged := c.log.String(); !strings.Contains(logged, "event log broken off") || !strings.Contains(logged, "number 6 follows") {
		t.Errorf("the log does not say why: %s", logged)
	}
	metrics := c.want(200, "GET", "/metrics", "", "").body
	if !strings.Contains(metrics, "motcua_http_requests_in_flight 1\n") {
		t.Error("the broken-off request is still in flight")
	}
	c.want(200, "GET", "/api/v1/event-log?format=xes&search=H99.X1-261102-0001", c.tokens[staff.Supervisor], "")
}

func TestXESIsWellFormed(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	c.receive()
	var log struct {
		Traces []struct {
			Events []struct {
				Texts []struct {
					Key   string `xml:"key,attr"`
					Value string `xml:"value,attr"`
				} `xml:"string"`
			} `xml:"event"`
		} `xml:"trace"`
	}
	got := c.want(200, "GET", "/api/v1/event-log?format=xes", c.tokens[staff.Clerk], "")
	if err := xml.Unmarshal([]byte(got.body), &log); err != nil || len(log.Traces) != 1 || len(log.Traces[0].Events) != 1 {
		t.Errorf("%v, %+v in %s", err, log, got.body)
	}
}
