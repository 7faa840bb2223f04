package httpapi_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/staff"
)

type personFile struct {
	Dossiers []struct {
		Role    string
		Dossier struct{ Code string }
	}
	Next        string
	Details     map[string]string
	DetailsFrom string `json:"details_from"`
	Reusable    []map[string]string
}

func (c *counter) find(token, number string) personFile {
	c.t.Helper()
	var f personFile
	c.want(200, "POST", "/api/v1/applicants/search", token, `{"id_number":"`+number+`"}`).into(c.t, &f)
	return f
}

func (f personFile) codes() []string {
	all := []string{}
	for _, d := range f.Dossiers {
		all = append(all, d.Dossier.Code+" "+d.Role)
	}
	return all
}

func TestWhatSomebodyHandedInBeforeIsFoundAndReused(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		clerk, officer := c.tokens[staff.Clerk], c.tokens[staff.Officer]
		code, _ := c.receive()
		c.want(200, "POST", "/api/v1/dossiers/"+code+"/actions/hand-over", clerk, "", `If-Match: "1"`)
		c.want(200, "POST", "/api/v1/dossiers/"+code+"/actions/request-supplement", officer, `{"reason":"thiếu giấy tờ","papers":["Bản sao hộ khẩu"]}`, `If-Match: "2"`)
		c.want(200, "POST", "/api/v1/dossiers/"+code+"/actions/complete-supplement", clerk, `{"papers":["Bản sao hộ khẩu"]}`, `If-Match: "3"`)
		c.moveTo(c.clock().Add(time.Hour).Format(time.RFC3339))
		proxy, _ := c.receiveAs(`{"procedure":"9.000001","channel":"IN_PERSON","applicant":{"kind":"ENTERPRISE","name":"Công ty Thử","id_number":"1800000001"},
			"submitter":{"kind":"CITIZEN","name":"Người Thử","id_number":"093 190 000 001","address":"Ấp Một"},"authority":{"kind":"AUTHORISATION","number":"12/UQ","date":"2026-10-30"}}`)

		found := c.find(clerk, "093190000001")
		if diff := cmp.Diff([]string{proxy + " SUBMITTER", code + " APPLICANT"}, found.codes()); diff != "" {
			t.Error(diff)
		}
		want := map[string]string{"kind": "CITIZEN", "name": "Người Thử", "id_number": "093190000001", "address": "Ấp Một", "phone": "+84987654321"}
		if diff := cmp.Diff(want, found.Details); diff != "" || found.DetailsFrom != proxy {
			t.Errorf("from %s: %s", found.DetailsFrom, diff)
		}
		paper := []map[string]string{{"dossier": code, "kind": "PAPER", "name": "Bản sao hộ khẩu", "at": "2026-11-02T08:30:00+07:00"}}
		if diff := cmp.Diff(paper, found.Reusable); diff != "" {
			t.Error(diff)
		}

		again := strings.Replace(newDossier, "{", `{"reused_from":[{"dossier":"`+code+`","kind":"PAPER","name":"Bản sao hộ khẩu"}],`, 1)
		next, _ := c.receiveAs(again)
		var shown struct {
			ReusedFrom []map[string]any `json:"reused_from"`
		}
		c.want(200, "GET", "/api/v1/dossiers/"+next, clerk, "").into(t, &shown)
		if diff := cmp.Diff([]map[string]any{{"dossier": code, "kind": "PAPER", "name": "Bản sao hộ khẩu", "no": 1.0}}, shown.ReusedFrom); diff != "" {
			t.Error(diff)
		}
		for name, wrong := range map[string]string{
			"a paper that is not there":   strings.Replace(again, "hộ khẩu", "sổ đỏ", 1),
			"a dossier that is not there": strings.Replace(again, code, "H99.X1-261102-9999", 1),
			"another person's":            strings.Replace(again, `"id_number":"093190000001"`, `"id_number":"093190000002"`, 1),
			"what was handed in by proxy": strings.Replace(again, code, proxy, 1),
		} {
			got := c.want(422, "POST", "/api/v1/dossiers", clerk, wrong).problem(t)
			if got.Code != "dossier-invalid" || len(got.Errors) != 1 || !strings.HasPrefix(got.Errors[0].Field, "reused_from[0]") {
				t.Errorf("%s: %+v", name, got)
			}
		}
		c.soundAfter(t)
	})
}

func TestPapersOfTheIntakeAreOfferedAndTaken(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		c.papers()
		code, clerk := c.receivePapers(paperDossier), c.tokens[staff.Clerk]
		var offered [][2]string
		for _, x := range c.find(clerk, "093190000001").Reusable {
			if x["dossier"] != code || x["kind"] != "PAPER" || x["at"] == "" {
				t.Errorf("%v", x)
			}
			offered = append(offered, [2]string{x["dossier"], x["name"]})
		}
		names := []string{c.parts(code).Items[0].Name, "Ảnh 4x6"} // of the second part nothing came
		if diff := cmp.Diff([][2]string{{code, names[0]}, {code, names[1]}}, offered); diff != "" {
			t.Fatal(diff)
		}
		var named []string
		for _, x := range offered {
			named = append(named, asJSON(t, map[string]string{"dossier": x[0], "kind": "PAPER", "name": x[1]}))
		}
		next := c.receivePapers(strings.Replace(paperDossier, "{", `{"reused_from":[`+strings.Join(named, ",")+`],`, 1))
		var shown struct {
			ReusedFrom []struct{ Dossier, Name string } `json:"reused_from"`
		}
		c.want(200, "GET", "/api/v1/dossiers/"+next, clerk, "").into(t, &shown)
		if len(shown.ReusedFrom) != 2 || shown.ReusedFrom[0].Name != names[0] || shown.ReusedFrom[1].Dossier != code {
			t.Errorf("%+v", shown)
		}
		c.sound()
	})
}

func TestSomebodysDossiersAreThoseThatOneMaySee(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		c.receive()
		second, _ := c.receive()
		other := c.employ("other.clerk", staff.Clerk, "X2")
		if found := c.find(other, "093190000001"); len(found.Dossiers) != 0 || found.Details != nil || len(found.Reusable) != 0 {
			t.Errorf("a clerk of another commune sees %+v", found)
		}
		var first personFile
		c.want(200, "POST", "/api/v1/applicants/search?limit=1", c.tokens[staff.Clerk], `{"id_number":"093.190.000.001"}`).into(t, &first)
		if len(first.Dossiers) != 1 || first.Dossiers[0].Dossier.Code != second || first.Next == "" {
			t.Errorf("%+v", first)
		}
		var last personFile
		c.want(200, "POST", "/api/v1/applicants/search?limit=1&after="+first.Next, c.tokens[staff.Clerk], `{"id_number":"093190000001"}`).into(t, &last)
		if len(last.Dossiers) != 1 || last.Next != "" {
			t.Errorf("%+v", last)
		}
		table := c.want(200, "POST", "/api/v1/applicants/search?format=csv", c.tokens[staff.Clerk], `{"id_number":"093190000001"}`)
		if lines := strings.Split(strings.TrimSpace(table.body), "\n"); len(lines) != 3 || !strings.HasSuffix(strings.TrimSpace(lines[1]), ",APPLICANT") {
			t.Errorf("%q", table.body)
		}
		if found := c.find(c.tokens[staff.Clerk], "093190000002"); len(found.Dossiers) != 0 {
			t.Errorf("%+v", found)
		}
	})
}

func TestWhoLookedForWhomIsRecordedWithoutANumber(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		clerk, head := c.tokens[staff.Clerk], c.tokens[staff.Supervisor]
		c.find(clerk, "093190000001")
		c.moveTo(c.clock().Add(time.Minute).Format(time.RFC3339))
		c.want(200, "POST", "/api/v1/applicants/search?format=csv", clerk, `{"id_number":"093190000001"}`)
		c.moveTo(c.clock().Add(time.Minute).Format(time.RFC3339))
		c.want(200, "POST", "/api/v1/applicants/lookup", clerk, `{"id_number":"093190000001","procedure":"9.000002"}`)
		c.moveTo(c.clock().Add(time.Minute).Format(time.RFC3339))
		c.want(404, "POST", "/api/v1/applicants/lookup", clerk, `{"id_number":"093190000002","procedure":"9.000001"}`)
		var all struct {
			Items []struct {
				Act, Purpose, Person string
				By                   struct{ Name string }
			}
		}
		got := c.want(200, "POST", "/api/v1/applicants/accesses", head, `{"id_number":"093190000001"}`)
		got.into(t, &all)
		acts := []string{}
		for _, a := range all.Items {
			acts = append(acts, a.Act+a.Purpose)
			if a.Person != all.Items[0].Person || a.By.Name == "" {
				t.Errorf("%+v", a)
			}
		}
		if diff := cmp.Diff([]string{"LOOKUP9.000002", "EXPORT", "SEARCH"}, acts); diff != "" {
			t.Error(diff)
		}
		var every struct{ Items []struct{} }
		c.want(200, "POST", "/api/v1/applicants/accesses", head, "").into(t, &every)
		if len(every.Items) != 4 {
			t.Errorf("%d accesses, not 4: one that found nothing counts too", len(every.Items))
		}
		if kept := got.body + c.log.String(); strings.Contains(kept, "093190000001") || strings.Contains(c.log.String(), "093190000002") {
			t.Error("a number stands in the record or in the log")
		}
	})
}

func TestTheRegisterFillsTheFormAndAClerkGoesOnWithoutIt(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		clerk := c.tokens[staff.Clerk]
		question := `{"id_number":"093 190 000 001","procedure":"9.000001"}`
		var p map[string]string
		c.want(200, "POST", "/api/v1/applicants/lookup", clerk, question).into(t, &p)
		want := map[string]string{
			"kind": "CITIZEN", "name": "Người Trong Sổ", "id_number": "093190000001", "birth_date": "1990-12-31", "sex": "FEMALE",
			"phone": "+84987654321", "address": "Xã Một",
		}
		if diff := cmp.Diff(want, p); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(`POST /person Bearer khóa thử {"id_number":"093190000001","purpose":"9.000001"}`, *c.asked.Load()); diff != "" {
			t.Error(diff)
		}
		if found := c.find(clerk, "093190000001"); found.Details != nil {
			t.Error("the register's answer was kept, though nothing was taken in")
		}
		c.want(422, "POST", "/api/v1/applicants/lookup", clerk, `{"id_number":"093190000001","procedure":"0.0"}`)

		c.registerDown.Store(true)
		got := c.want(503, "POST", "/api/v1/applicants/lookup", clerk, question)
		if got.problem(t).Code != "register-unavailable" {
			t.Error(got.body)
		}
		c.receive()
		for range 17 {
			c.ask("POST", "/api/v1/applicants/lookup", clerk, question)
		}
		if got := c.want(429, "POST", "/api/v1/applicants/lookup", clerk, question); got.header.Get("Retry-After") == "" {
			t.Error("it does not say when to try again")
		}
	})
}

// receiveAs takes in a dossier with a body of one's own.
func (c *counter) receiveAs(body string) (code, secret string) {
	c.t.Helper()
	var r struct{ Code, Secret string }
	c.want(201, "POST", "/api/v1/dossiers", c.tokens[staff.Clerk], body).into(c.t, &r)
	return r.Code, r.Secret
}

// soundAfter holds everything that is stored against the journals.
func (c *counter) soundAfter(t *testing.T) {
	t.Helper()
	v, err := c.office.Verify(t.Context(), c.clock(), false, nil)
	if err != nil || len(v.Findings) > 0 {
		t.Errorf("%v, %v", v.Findings, err)
	}
}
