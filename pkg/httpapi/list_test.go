package httpapi_test

import (
	"encoding/csv"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/staff"
)

func TestAListComesPageByPageAndCompletely(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		want := map[string]bool{}
		for range 7 {
			code, _ := c.receive()
			want[code] = true
		}
		path, pages := "/api/v1/dossiers?limit=3&state=2&state=4", 0
		for path != "" {
			pages++
			got := c.want(200, "GET", path, c.tokens[staff.Clerk], "")
			var list struct {
				Items []struct{ Code string }
				Next  string
			}
			got.into(t, &list)
			for _, d := range list.Items {
				if !want[d.Code] {
					t.Errorf("%s comes twice or should not come", d.Code)
				}
				delete(want, d.Code)
			}
			link := got.header.Get("Link")
			if (link == "") != (list.Next == "") {
				t.Errorf("next %q, Link %q", list.Next, link)
			}
			path = strings.TrimPrefix(strings.TrimSuffix(link, `>; rel="next"`), "<")
			if path != "" && !strings.Contains(path, url.QueryEscape(list.Next)) {
				t.Errorf("next %q, Link %q", list.Next, link)
			}
		}
		if pages != 3 || len(want) > 0 {
			t.Errorf("%d pages, %v did not come", pages, want)
		}
	})
}

func TestListsAndReportsComeAsCSV(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	c.want(201, "POST", "/api/v1/dossiers", c.tokens[staff.Clerk], strings.Replace(newDossier, "Người Thử", "=HYPERLINK(1)", 1))
	c.moveTo("2026-11-30T08:00:00+07:00")
	if _, err := c.office.ScanLate(t.Context(), c.clock()); err != nil {
		t.Fatal(err)
	}
	for path, rows := range map[string]int{
		"/api/v1/procedures?format=csv": 4, "/api/v1/agencies?format=csv": 5, "/api/v1/users?format=csv": 6, "/api/v1/dossiers?format=csv": 2,
		"/api/v1/dossiers/H99.X1-261102-0001/events?format=csv": 2, "/api/v1/alerts?format=csv": 0,
		"/api/v1/reports/on-time?from=2026-11-01&to=2026-11-30&by=channel&format=csv": 3, "/api/v1/reports/catalogue?format=csv": 11,
	} {
		got := c.want(200, "GET", path, c.tokens[staff.Administrator], "")
		if !strings.HasPrefix(got.header.Get("Content-Type"), "text/csv") || !strings.HasPrefix(got.body, "\ufeff") {
			t.Errorf("%s is %s: %.40q", path, got.header.Get("Content-Type"), got.body)
		}
		table, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.body, "\ufeff"))).ReadAll()
		if err != nil || (rows > 0 && len(table) != rows) || len(table) < 2 {
			t.Errorf("%s: %d rows, not %d, %v:\n%s", path, len(table), rows, err, got.body)
		}
		if strings.Contains(got.body, ",=HYPER") {
			t.Errorf("%s holds a formula: %s", path, got.body)
		}
	}
}

func TestEachFigureOfAReportOpensTheListOfItsDossiers(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		c.severalFates(t)
		for _, query := range []string{
			"none", "agency", "field", "procedure", "level", "channel", "month", "agency&agency=ST", "none&channel=IN_PERSON", "field&field=Y+t%E1%BA%BF", "none&source=-",
		} {
			path := "/api/v1/reports/on-time?from=2026-11-01&to=2026-12-31&by=" + query
			var report struct {
				AsOf  string `json:"as_of"`
				Rows  []reportRow
				Total reportRow
			}
			c.want(200, "GET", path, c.tokens[staff.Supervisor], "").into(t, &report)
			for _, row := range append(report.Rows, report.Total) {
				if n := row.count; n("carried_over")+n("received") != n("resolved")+n("ended_otherwise")+n("open") {
					t.Errorf("%s: %s is not balanced: %+v", path, row.Label, row.Figures)
				}
				for figure, f := range row.Figures {
					var list struct {
						Items []struct{ Code string }
						Total *int64
					}
					c.want(200, "GET", f.Href+"&limit=1000", c.tokens[staff.Supervisor], "").into(t, &list)
					if list.Total == nil || *list.Total != f.Count || int64(len(list.Items)) != f.Count {
						t.Errorf("%s: %s of %q is %d, its list has %d", path, figure, row.Label, f.Count, len(list.Items))
					}
				}
			}
		}
		whole := c.want(200, "GET", "/api/v1/reports/on-time?from=2026-11-01&to=2026-12-31", c.tokens[staff.Supervisor], "")
		var report struct{ Total reportRow }
		whole.into(t, &report)
		got := map[string]int64{}
		for figure, f := range report.Total.Figures {
			if f.Count > 0 {
				got[figure] = f.Count
			}
		}
		want := map[string]int64{"received": 5, "early": 1, "late": 1, "resolved": 2, "ended_otherwise": 1, "open": 2, "overdue": 1, "suspended": 1, "late_by_first_promise": 1}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if p := report.Total.OnTimePercent; p == nil || *p != 50 {
			t.Errorf("on time: %v percent", p)
		}
	})
}

func TestAReportWithoutDaysIsThatOfTheYearUpToToday(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	c.receive()
	for query, days := range map[string]string{
		"": "2026-01-01 2026-11-02", "?from=2026-06-01": "2026-06-01 2026-11-02", "?to=2025-03-31": "2025-01-01 2025-03-31",
	} {
		var report struct {
			From, To string
			Total    reportRow
		}
		c.want(200, "GET", "/api/v1/reports/on-time"+query, c.tokens[staff.Clerk], "").into(t, &report)
		link, err := url.Parse(report.Total.Figures["received"].Href)
		if err != nil {
			t.Fatal(err)
		}
		if q := link.Query(); report.From+" "+report.To != days || q.Get("from")+" "+q.Get("to") != days {
			t.Errorf("%q: %s to %s, list %s; want %s", query, report.From, report.To, link, days)
		}
	}
}

func TestAnAgencyThatHasEndedCanStillBeNamed(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		id := map[catalog.Date]string{}
		for from, to := range map[catalog.Date]catalog.Date{"2020-01-01": "2026-07-01", "2026-10-01": "2026-11-01"} { // one code, borne by two
			a := catalog.Agency{ID: uuid.Must(uuid.NewV7()), Code: "93", Name: "Huyện Cũ", Kind: catalog.DistrictCommittee, Level: catalog.District, ValidFrom: from, ValidTo: to}
			if err := c.store.AddAgency(t.Context(), a); err != nil {
				t.Fatal(err)
			}
			id[from] = a.ID.String()
		}
		for period, want := range map[string]string{
			"from=2026-01-01&to=2026-06-30": id["2020-01-01"], "from=2026-01-01&to=2026-10-31": id["2026-10-01"], // the last day
			"from=2026-01-01&to=2026-11-30": id["2020-01-01"], // the first
			"from=2026-11-01&to=2026-11-30": id["2026-10-01"], // any
		} {
			for _, parameter := range []string{"agency", "decided_by"} {
				var report struct{ Total reportRow }
				c.want(200, "GET", "/api/v1/reports/on-time?by=month&"+period+"&"+parameter+"=93", c.tokens[staff.Supervisor], "").into(t, &report)
				if link := report.Total.Figures["open"].Href; !strings.Contains(link, parameter+"="+want) {
					t.Errorf("%s: %s does not name %s", period, link, want)
				}
				c.want(200, "GET", "/api/v1/dossiers?figure=open&"+period+"&"+parameter+"=93", c.tokens[staff.Supervisor], "")
			}
		}
		for _, path := range []string{"/api/v1/dossiers?agency=93", "/api/v1/dossiers?holder=93", "/api/v1/alerts?agency=93"} {
			c.want(200, "GET", path, c.tokens[staff.Supervisor], "")
		}
	})
}

type reportRow struct {
	Key, Label string
	Figures    map[string]struct {
		Count int64
		Href  string
	}
	OnTimePercent *float64 `json:"on_time_percent"`
}

func (r reportRow) count(figure string) int64 { return r.Figures[figure].Count }

// severalFates makes five dossiers: one done early, one late, one withdrawn, one waiting for papers, one overdue.
func (c *counter) severalFates(t *testing.T) {
	t.Helper()
	supervisor := c.tokens[staff.Supervisor]
	act := func(code, action, body string) {
		t.Helper()
		tag := c.want(200, "GET", "/api/v1/dossiers/"+code, supervisor, "").header.Get("ETag")
		c.want(200, "POST", "/api/v1/dossiers/"+code+"/actions/"+action, supervisor, body, "If-Match: "+tag)
	}
	finish := func(code string) {
		t.Helper()
		act(code, "hand-over", "")
		act(code, "complete-step", "")
		act(code, "finish", `{"result":{"summary":"Giấy phép","number":"12/GP"}}`)
	}
	var codes []string
	for i := range 5 {
		body := newDossier
		if i%2 == 1 {
			body = strings.NewReplacer("9.000001", "9.000002", "IN_PERSON", "POST").Replace(body)
		}
		if i%2 == 1 { // of the commune; its record names a direct deadline only
			body = strings.Replace(body, "POST", "IN_PERSON", 1)
		}
		var receipt struct{ Code string }
		c.want(201, "POST", "/api/v1/dossiers", c.tokens[staff.Clerk], body).into(t, &receipt)
		codes = append(codes, receipt.Code)
	}
	finish(codes[0])
	act(codes[2], "withdraw", withdrawing)
	act(codes[3], "request-supplement", `{"reason":"Thiếu giấy tờ","papers":["Bản sao"]}`)
	c.moveTo("2026-12-01T08:00:00+07:00")
	finish(codes[1])
}

func TestTheCatalogueIsFilteredAndFoundWithoutMarks(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	for query, want := range map[string][]string{
		"":                           {"9.000001", "9.000002", "9.000003"},
		"search=cap+giay+phep":       {"9.000001"},
		"search=CẤP GIẤY":            {"9.000001"},
		"search=9.000002":            {"9.000002"},
		"level=COMMUNE":              {"9.000002"},
		"home_level=PROVINCE":        {"9.000001", "9.000003"},
		"field=Y tế":                 {"9.000001"},
		"agency=so thu":              {"9.000001", "9.000003"},
		"online_level=FULL":          {"9.000001"},
		"needs_review=true":          {"9.000003"},
		"needs_review=false":         {"9.000001", "9.000002"},
		"status=REPEALED":            nil,
		"on_the_spot=true":           nil,
		"shared=false":               {"9.000001", "9.000002", "9.000003"},
		"interconnection=SAME_LEVEL": nil,
		"deadline_unit=working_day&deadline_min=5&deadline_max=5": {"9.000002"},
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		var list struct {
			Items []struct{ Code string }
			Total int
		}
		c.want(200, "GET", "/api/v1/procedures?"+values.Encode(), "", "").into(t, &list)
		var got []string
		for _, p := range list.Items {
			got = append(got, p.Code)
		}
		if diff := cmp.Diff(want, got); diff != "" || list.Total != len(want) {
			t.Errorf("%s, total %d: %s", query, list.Total, diff)
		}
	}
}

func TestAnAnswerToAReviewIsANewVersion(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	path := "/api/v1/procedures/9.000003"
	var before, after struct {
		Version     int
		NeedsReview bool `json:"needs_review"`
		Terms       []struct {
			Statutory struct {
				Value float64
				Unit  string
			}
		}
		Answers []struct{ By, Reason string }
	}
	c.want(200, "GET", path, "", "").into(t, &before)
	c.want(200, "PUT", path+"/terms", c.tokens[staff.Administrator], `{"terms":[{"statutory":{"value":7.5,"unit":"working_day"}}],"reason":"Điều 3"}`)
	c.want(200, "GET", path, "", "").into(t, &after)
	if !before.NeedsReview || after.NeedsReview || after.Version != before.Version+1 || len(after.Terms) != 1 || after.Terms[0].Statutory.Value != 7.5 ||
		len(after.Answers) != 1 || after.Answers[0].Reason != "Điều 3" {
		t.Errorf("%+v becomes %+v", before, after)
	}
	got := c.want(422, "PUT", path+"/terms", c.tokens[staff.Administrator], `{"terms":[],"reason":"Điều 3"}`)
	if p := got.problem(t); p.Code != "terms-invalid" || p.Errors[0].Field != "terms" {
		t.Error(got.body)
	}
}

func TestAnAgencyHasThoseAboveIt(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	var a struct {
		ID, Code, Name string
		Parents        []struct{ Code string }
	}
	c.want(200, "GET", "/api/v1/agencies/X1", "", "").into(t, &a)
	if a.Name != "Xã Một" || len(a.Parents) != 1 || a.Parents[0].Code != "H" {
		t.Errorf("%+v", a)
	}
	for _, same := range []string{a.ID, "H99.X1"} {
		c.want(200, "GET", "/api/v1/agencies/"+same, "", "")
	}
	if got := c.want(404, "GET", "/api/v1/agencies/X1?on=2019-12-31", "", ""); got.problem(t).Code != "agency-not-found" {
		t.Error(got.body)
	}
	var list struct{ Items []struct{ Code string } }
	for query, n := range map[string]int{"": 4, "?under=H": 4, "?parent=H": 3, "?level=COMMUNE": 2, "?kind=DEPARTMENT": 1, "?search=xa+hai": 1, "?on=2019-12-31": 0} {
		c.want(200, "GET", "/api/v1/agencies"+query, "", "").into(t, &list)
		if len(list.Items) != n {
			t.Errorf("%s: %v", query, list.Items)
		}
	}
}

func TestAnAlertIsAcknowledgedByTheFirst(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		code, _ := c.receive()
		c.want(200, "POST", "/api/v1/dossiers/"+code+"/actions/hand-over", c.tokens[staff.Clerk], "", `If-Match: "1"`)
		c.moveTo("2026-11-09T08:00:00+07:00")
		if _, err := c.office.ScanLate(t.Context(), c.clock()); err != nil {
			t.Fatal(err)
		}
		type alert struct {
			ID, Kind, Audience, Dossier, Href string
			AcknowledgedBy                    struct{ Name string } `json:"acknowledged_by"`
		}
		var list struct{ Items []alert }
		c.want(200, "GET", "/api/v1/alerts?kind=DOSSIER_LATE&audience=OFFICER&acknowledged=false&agency=ST", c.tokens[staff.Officer], "").into(t, &list)
		if len(list.Items) != 1 || list.Items[0].Dossier != code {
			t.Fatalf("%+v", list)
		}
		table := c.want(200, "GET", "/api/v1/alerts?format=csv", c.tokens[staff.Officer], "").body
		if !strings.Contains(table, "DOSSIER_LATE,OFFICER,"+code+",,") || !strings.Contains(table, "STEP_LATE,OFFICER,"+code+",1,") {
			t.Errorf("an alert about a whole dossier names no step: %s", table)
		}
		path := "/api/v1/alerts/" + list.Items[0].ID + "/acknowledge"
		c.want(200, "POST", path, c.tokens[staff.Officer], "")
		var second alert
		c.want(200, "POST", path, c.tokens[staff.Supervisor], "").into(t, &second)
		if second.AcknowledgedBy.Name != "Ông Bà officer" {
			t.Errorf("%+v", second)
		}
		c.want(200, "GET", "/api/v1/alerts?kind=DOSSIER_LATE&audience=OFFICER&acknowledged=false", c.tokens[staff.Officer], "").into(t, &list)
		if len(list.Items) != 0 {
			t.Errorf("%+v", list)
		}
		c.want(404, "POST", path, c.tokens[staff.Clerk], "")
	})
}

func TestDeadlinesArePreviewedInTheEnginesOwnWords(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	ask := func(body string) answer { return c.ask("POST", "/api/v1/deadlines:preview", "", body) }
	inline := `{"tz":"Asia/Ho_Chi_Minh","week":{"mon":[["08:00","12:00"]]}}`
	for body, want := range map[string]string{
		`{"id":7,"calendar":"vn","start":"2026-11-02T08:30:00+07:00","term":{"value":3,"unit":"working_day"}}`:                      `{"id":7,"due":"2026-11-06T10:00:00Z"}`,
		`{"id":"a","op":"elapsed","calendar":` + inline + `,"start":"2026-11-02T08:30:00+07:00","end":"2026-11-02T09:30:00+07:00"}`: `{"id":"a","value":3600}`,
		`{"op":"is_working","calendar":` + inline + `,"start":"2026-11-03T08:30:00+07:00"}`:                                         `{"id":null,"value":false}`,
	} {
		got := ask(body)
		if got.status != 200 || strings.TrimSpace(got.body) != want {
			t.Errorf("%s: %d %s, not %s", body, got.status, got.body, want)
		}
	}
	for body, want := range map[string]string{
		`{"calendar":"nowhere","start":"2026-11-02T08:30:00+07:00","term":{"value":3,"unit":"working_day"}}`: "422 question-invalid calendar unknown-calendar",
		`{"calendar":"vn","start":"2026-11-02T08:30:00+07:00"}`:                                              "422 question-invalid term missing-field",
		`{"calendar":"vn","start":"2026-11-02T08:30:00","term":{"value":3,"unit":"working_day"}}`:            "400 request-invalid start time",
		`{"calendar":"vn","start":"2026-11-02T08:30:00Z","term":{"value":3,"unit":"moon"}}`:                  "400 request-invalid term.unit unknown",
		`{"calendar":"vn","start":"2026-11-02T08:30:00Z","term":{"value":-3,"unit":"hour"}}`:                 "422 question-invalid term.value negative-amount",
	} {
		got := ask(body)
		p := got.problem(t)
		if is := fmt.Sprintf("%d %s %s %s", got.status, p.Code, p.Errors[0].Field, p.Errors[0].Code); is != want {
			t.Errorf("%s: %s, not %s", body, is, want)
		}
	}
}
