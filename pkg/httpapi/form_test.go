package httpapi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/motcua/motcua/pkg/staff"
)

// act makes a move with a dossier that stands at the version.
func (c *counter) act(code, action string, version int, role staff.Role, body string) {
	c.t.Helper()
	c.want(200, "POST", "/api/v1/dossiers/"+code+"/actions/"+action, c.tokens[role], body, fmt.Sprintf(`If-Match: "%d"`, version))
}

func TestEveryPaperOfALifeIsPrinted(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		code, secret := c.receive()
		path, clerk := "/api/v1/dossiers/"+code+"/forms/", c.tokens[staff.Clerk]
		for _, form := range []string{"supplement", "refusal", "apology", "stop", "hand-over"} {
			if got := c.want(409, "GET", path+form, clerk, "").problem(t); got.Code != "form-not-applicable" || got.Detail == "" {
				t.Errorf("%s: %+v", form, got)
			}
		}
		c.want(404, "GET", path+"receipt?promise=2", clerk, "")
		c.want(400, "GET", path+"diploma", clerk, "")
		c.act(code, "request-supplement", 1, staff.Clerk, `{"reason":"thiếu chữ ký","papers":["Đơn có chữ ký"]}`)
		c.act(code, "complete-supplement", 2, staff.Clerk, `{"papers":["Đơn có chữ ký"]}`)
		c.act(code, "hand-over", 3, staff.Clerk, "")
		c.moveTo("2026-11-03T10:00:00+07:00")
		c.act(code, "take", 4, staff.Officer, "")
		c.act(code, "complete-step", 5, staff.Officer, "")
		c.act(code, "finish", 6, staff.Supervisor, `{"result":{"summary":"Giấy phép thử","number":"12/GP"}}`)
		c.act(code, "return", 7, staff.Clerk, `{"handed_out":{"method":"IN_PERSON","receiver":"Bà Nhận"}}`)
		for form, words := range map[string][]string{
			"receipt":      {"Giấy tiếp nhận thử", "TT thử, mẫu số 01", "Người Thử", "https://motcua.example.vn/tra-cuu", "Ngày đầu, không tính."},
			"supplement":   {"Phiếu bổ sung thử", "thiếu chữ ký", "Đơn có chữ ký", "chậm nhất"},
			"control-slip": {"Phiếu kiểm soát thử", "1. Giao: Xã Một\n2. Nhận: Sở Thử", "Người nhận: Ông Bà officer", "Trước hạn", "mẫu số 05"},
			"hand-over":    {"Giấy biên nhận thử", "Giấy phép thử", "12/GP", "Bà Nhận", "Trực tiếp"},
		} {
			page := c.want(200, "GET", path+form, clerk, "")
			if !strings.HasPrefix(page.header.Get("Content-Type"), "text/html") || !strings.Contains(page.header.Get("Content-Security-Policy"), "'sha256-") {
				t.Errorf("the page of the %s: %v", form, page.header)
			}
			for _, word := range append(words, code, `<path d="M`) {
				if !strings.Contains(page.body, word) {
					t.Errorf("the %s lacks %q: %s", form, word, page.body)
				}
			}
			if strings.Contains(page.body, secret) {
				t.Errorf("the %s tells the secret", form)
			}
			file := c.want(200, "GET", path+form+"?format=pdf", clerk, "")
			if file.header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(file.body, "%PDF-") ||
				file.header.Get("Content-Disposition") != `inline; filename="`+form+"-"+code+`.pdf"` {
				t.Errorf("the PDF of the %s: %v", form, file.header)
			}
		}
	})
}

func TestAReceiptWithItsSecretIsPrintedForWhoeverHasIt(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		code, secret := c.receive()
		_, other := c.receive()
		path, clerk := "/api/v1/dossiers/"+code+"/forms/receipt", c.tokens[staff.Clerk]
		if page := c.want(200, "GET", path, clerk, ""); !strings.Contains(page.body, `Mã bí mật: <span class="due">…`) {
			t.Errorf("no room for it: %s", page.body)
		}
		page := c.want(200, "GET", path, clerk, "", "Lookup-Secret: "+strings.ToLower(secret[:5]+"-"+secret[5:]))
		if !strings.Contains(page.body, `Mã bí mật: <span class="due">`+secret+`</span>`) || page.header.Get("Cache-Control") != "no-store" {
			t.Errorf("Cache-Control %s: %s", page.header.Get("Cache-Control"), page.body)
		}
		blank, filled := c.want(200, "GET", path+"?format=pdf", clerk, ""), c.want(200, "GET", path+"?format=pdf", clerk, "", "Lookup-Secret: "+secret)
		if blank.body == filled.body || strings.Contains(filled.header.Get("Content-Disposition"), secret) {
			t.Errorf("the PDF is the same with the secret: %v", filled.header)
		}
		for _, format := range []string{"html", "pdf"} {
			got := c.want(422, "GET", path+"?format="+format, clerk, "", "Lookup-Secret: "+other).problem(t)
			if got.Code != "secret-wrong" || len(got.Errors) != 1 || got.Errors[0].Field != "Lookup-Secret" {
				t.Errorf("that of another dossier: %+v", got)
			}
		}
		if log := c.log.String(); strings.Contains(log, secret) || strings.Contains(log, other) {
			t.Errorf("a secret is in the log: %s", log)
		}
		if again := c.want(200, "GET", path, clerk, ""); strings.Contains(again.body, secret) {
			t.Error("the secret was kept")
		}
	})
}

func TestAFormThatTheSetOfTheDayLacksIsRefused(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	code, _ := c.receive()
	c.act(code, "stop", 1, staff.Supervisor, stoppingOn("2026-11-02"))
	if got := c.want(409, "GET", "/api/v1/dossiers/"+code+"/forms/stop", c.tokens[staff.Clerk], "").problem(t); got.Code != "form-not-in-force" ||
		!strings.Contains(got.DetailVI, "không có biểu mẫu “Thông báo dừng giải quyết hồ sơ”") {
		t.Errorf("%+v", got)
	}
}

func TestSeveralPapersAndTheRegisterArePrinted(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		clerk := c.tokens[staff.Clerk]
		first, _ := c.receive()
		second, _ := c.receive()
		var online struct{ Code string }
		c.want(201, "POST", "/api/v1/dossiers", clerk, strings.Replace(newDossier, "IN_PERSON", "ONLINE", 1)).into(t, &online)
		file := c.want(200, "GET", "/api/v1/forms/receipt?receiving=X1", clerk, "")
		if n := strings.Count(file.body, "/Type /Page\n"); n != 2 || file.header.Get("Left-Out") != "1" {
			t.Errorf("%d receipts, %s left out", n, file.header.Get("Left-Out"))
		}
		if got := c.want(409, "GET", "/api/v1/forms/refusal", clerk, "").problem(t); got.Code != "form-not-applicable" {
			t.Errorf("%+v", got)
		}
		c.want(422, "GET", "/api/v1/forms/receipt?agency=NOWHERE", clerk, "")
		named := "/api/v1/forms/receipt?code=" + second + "&code=" + online.Code + "&code=" + second
		file = c.want(200, "GET", named, clerk, "")
		if n := strings.Count(file.body, "/Type /Page\n"); n != 1 || file.header.Get("Left-Out") != "1" {
			t.Errorf("%d receipts of those that are named, %s left out", n, file.header.Get("Left-Out"))
		}
		for query, field := range map[string]string{"&code=H1-1": "code[3]", "&receiving=X1": "code", "&open=true": "code"} {
			if got := c.want(400, "GET", named+query, clerk, "").problem(t); len(got.Errors) != 1 || got.Errors[0].Field != field {
				t.Errorf("%s: %+v", query, got)
			}
		}
		c.want(400, "GET", named+strings.Repeat("&code=H1-1", 98), clerk, "")
		register := c.want(200, "GET", "/api/v1/forms/register?from=2026-11-01&to=2026-11-30", clerk, "")
		if register.header.Get("Content-Disposition") != `inline; filename="register-2026-11-01-2026-11-30.pdf"` || strings.Count(register.body, "/Type /Page\n") != 1 {
			t.Errorf("%v", register.header)
		}
		c.want(422, "GET", "/api/v1/forms/register?from=2026-11-30&to=2026-11-01", clerk, "")
		c.want(422, "GET", "/api/v1/forms/register?from=2026-11-01&to=2026-11-30&receiving=NOWHERE", clerk, "")
		c.want(403, "GET", "/api/v1/forms/register?from=2026-11-01&to=2026-11-30&receiving=X1", c.tokens[staff.Officer], "")
		if page := c.want(200, "GET", "/tra-cuu?code="+first, "", ""); !strings.Contains(page.body, `value="`+first+`"`) {
			t.Error("the code on the paper does not lead to the page with the code filled in")
		}
	})
}
