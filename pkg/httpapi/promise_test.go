package httpapi_test

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/worktime"
)

// told is what the contract says of a dossier's dates.
type told struct {
	DueAt    string `json:"due_at"`
	Timing   string
	Promises []struct {
		No         int
		Kind       string
		DueAt      string `json:"due_at"`
		Reason     string
		LegalBasis string `json:"legal_basis"`
		AskedBy    struct{ Name string }
		ApprovedBy struct{ Name string } `json:"approved_by"`
		Form       struct{ Act, Number, Title string }
	}
	Extension struct {
		Reason    string
		OutOfTime bool `json:"out_of_time"`
	}
}

type explained struct {
	Calendar    string
	Revision    int
	Question    map[string]any
	Explanation struct {
		Due   string
		Dates []struct {
			Date    string
			Kind    string
			Seconds int
		}
	}
}

func TestAnExtensionIsAskedForGrantedPrintedAndExplained(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		clerk, officer, chief := c.tokens[staff.Clerk], c.tokens[staff.Officer], c.tokens[staff.Supervisor]
		code, secret := c.receive()
		path := "/api/v1/dossiers/" + code
		c.want(200, "POST", path+"/actions/hand-over", clerk, "", `If-Match: "1"`)
		c.want(422, "POST", path+"/actions/request-extension", officer, `{"reason":"vì","extension":{"value":0,"unit":"working_day"}}`, `If-Match: "2"`)
		var d told
		c.want(200, "POST", path+"/actions/request-extension", officer,
			`{"reason":"Chờ ý kiến bà Lê Thị Kín","legal_basis":"Điều 9","extension":{"value":2,"unit":"working_day"}}`, `If-Match: "2"`).into(t, &d)
		if d.Extension.Reason == "" || len(d.Promises) != 1 {
			t.Fatalf("%+v", d)
		}
		c.want(409, "GET", path+"/forms/apology", clerk, "")
		c.want(200, "POST", path+"/actions/approve-extension", chief, "", `If-Match: "3"`).into(t, &d)
		p := d.Promises[1]
		if d.DueAt != "2026-11-09T17:00:00+07:00" || p.Kind != "EXTENDED" || p.LegalBasis != "Điều 9" || p.AskedBy.Name == "" && p.ApprovedBy.Name == "" || p.Form.Number != "04" {
			t.Fatalf("%+v", d)
		}

		letter := c.want(200, "GET", path+"/forms/apology", clerk, "")
		for _, word := range []string{code, "Phiếu xin lỗi thử", "Lê Thị Kín", "17 giờ 00 phút, ngày 06 tháng 11 năm 2026", "17 giờ 00 phút, ngày 09 tháng 11 năm 2026", "2 ngày làm việc"} {
			if !strings.Contains(letter.body, word) {
				t.Errorf("the letter lacks %q", word)
			}
		}
		receipt := c.want(200, "GET", path+"/forms/receipt", clerk, "")
		for _, word := range []string{code, "Giấy tiếp nhận thử", "17 giờ 00 phút, ngày 06 tháng 11 năm 2026", "Ngày đầu, không tính.", "Working day 3."} {
			if !strings.Contains(receipt.body, word) {
				t.Errorf("the receipt lacks %q", word)
			}
		}

		var x explained
		c.want(200, "GET", path+"/explanation", clerk, "").into(t, &x)
		if x.Calendar != "vn" || x.Revision != 1 || x.Explanation.Due != "2026-11-09T17:00:00+07:00" || len(x.Explanation.Dates) != 8 {
			t.Errorf("%+v", x)
		}
		var again struct{ Due string }
		c.want(200, "POST", "/api/v1/deadlines:preview", "", asJSON(t, x.Question)).into(t, &again)
		if again.Due != "2026-11-09T10:00:00Z" {
			t.Errorf("the question leads to %s", again.Due)
		}
		c.want(200, "GET", path+"/explanation?promise=1", clerk, "").into(t, &x)
		if x.Explanation.Due != "2026-11-06T17:00:00+07:00" {
			t.Errorf("%+v", x)
		}
		c.want(404, "GET", path+"/explanation?promise=3", clerk, "")
		c.want(409, "GET", path+"/forms/apology?promise=1", clerk, "")

		holder := c.want(200, "POST", "/api/v1/lookup?explain=true", "", `{"code":"`+code+`","secret":"`+secret+`"}`)
		page := c.want(200, "POST", "/tra-cuu", "", url.Values{"code": {code}, "secret": {secret}}.Encode(), "Content-Type: application/x-www-form-urlencoded")
		for what, body := range map[string]string{"look-up": holder.body, "page": page.body} {
			for _, word := range []string{"Kín", "Ông Bà", "Người Thử"} {
				if strings.Contains(body, word) {
					t.Errorf("the %s tells %q", what, word)
				}
			}
			if !strings.Contains(body, "Working day 3.") {
				t.Errorf("the %s does not explain the date", what)
			}
		}
		if !strings.Contains(page.body, "Gia hạn") || !strings.Contains(page.body, "17:00 09/11/2026") {
			t.Error("the page does not tell every date promised")
		}
		if iso := regexp.MustCompile(`\d{4}-\d{2}-\d{2}`).FindString(page.body); iso != "" || !strings.Contains(page.body, "02/11/2026") {
			t.Errorf("the page tells dates in several ways: %q", iso)
		}
		wrong := c.want(200, "POST", "/tra-cuu", "", url.Values{"code": {code}, "secret": {"0000000000"}}.Encode(), "Content-Type: application/x-www-form-urlencoded")
		if !strings.Contains(wrong.body, "Không có hồ sơ nào") || strings.Contains(wrong.body, "Đang xử lý") {
			t.Error("a wrong secret is told something")
		}
	})
}

func TestACalendarIsPreviewedKeptAndFollowed(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		administrator := c.tokens[staff.Administrator]
		code, _ := c.receive()
		changed := `{"act":"Công văn 9","definition":` + strings.Replace(calendar, `"off":[`, `"off":[{"date":"2026-11-04"},`, 1) + `}`
		var effects struct {
			Items []struct {
				Open, Moved, Later int
				BecomeLate         int `json:"become_late"`
				Days               []struct{ Days, Dossiers int }
				Samples            []struct{ Code, Was, Is string }
			}
		}
		c.want(200, "POST", "/api/v1/calendars/vn/preview", administrator, changed).into(t, &effects)
		if len(effects.Items) != 1 || effects.Items[0].Moved != 1 || effects.Items[0].Days[0].Days != 1 || effects.Items[0].Samples[0].Is != "2026-11-07T17:00:00+07:00" {
			t.Fatalf("%+v", effects)
		}
		var kept struct {
			Revision int
			Act      string
		}
		c.want(201, "POST", "/api/v1/calendars/vn/revisions", administrator, changed, "Idempotency-Key: one").into(t, &kept)
		c.want(201, "POST", "/api/v1/calendars/vn/revisions", administrator, changed, "Idempotency-Key: one").into(t, &kept)
		if kept.Revision != 2 || kept.Act != "Công văn 9" {
			t.Fatalf("%+v", kept)
		}
		if n, err := c.office.FollowCalendars(t.Context(), c.clock, "test", nil); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		var d told
		c.want(200, "GET", "/api/v1/dossiers/"+code, administrator, "").into(t, &d)
		if p := d.Promises[1]; p.Kind != "RECOMPUTED" || p.LegalBasis != "Công văn 9" || p.DueAt != "2026-11-07T17:00:00+07:00" {
			t.Errorf("%+v", d)
		}
		var x explained
		c.want(200, "GET", "/api/v1/dossiers/"+code+"/explanation?promise=1", administrator, "").into(t, &x)
		if x.Revision != 1 || x.Explanation.Due != "2026-11-06T17:00:00+07:00" {
			t.Errorf("the first promise is explained by the calendar of its time: %+v", x)
		}
		for no, due := range map[string]string{"1": "2026-11-06T10:00:00Z", "2": "2026-11-07T10:00:00Z"} {
			c.want(200, "GET", "/api/v1/dossiers/"+code+"/explanation?promise="+no, administrator, "").into(t, &x)
			line := asJSON(t, x.Question)
			if a := worktime.AskJSON([]byte(line), nil, false); a.Error != nil || a.Due.UTC().Format(time.RFC3339) != due {
				t.Errorf("promise %s, without this database: %+v", no, a)
			}
			var again struct{ Due string }
			if c.want(200, "POST", "/api/v1/deadlines:preview", "", line).into(t, &again); again.Due != due {
				t.Errorf("promise %s, by preview: %s", no, again.Due)
			}
		}
		if csv := c.want(200, "GET", "/api/v1/calendars/vn/replans?format=csv", administrator, ""); !strings.Contains(csv.body, "\r\n2,") {
			t.Error(csv.body)
		}
		silent := c.want(422, "POST", "/api/v1/calendars/vn/revisions", administrator, `{"definition":`+calendar+`}`)
		if f := silent.problem(t); f.Errors[0].Field != "act" {
			t.Error(silent.body)
		}
		bad := c.want(422, "POST", "/api/v1/calendars/vn/revisions", administrator, `{"definition":{"tz":"Mars/Base","week":{}}}`)
		if f := bad.problem(t); f.Code != "calendar-invalid" || f.Errors[0].Code != "unknown-zone" {
			t.Error(bad.body)
		}
	})
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
