package httpapi_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime/multipart"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store/storetest"
)

const (
	aPaper       = "%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
	withPapers   = `{"code":"9.000004","name":"Cấp giấy có thành phần","field":"Y tế","levels":["province"],"agency":["Sở Thử"],"status":"ACTIVE","online":"toan_trinh","deadlines":[{"channel":"DIRECT","value":3,"unit":"WORKING_DAY"}],"components":["01 bản chính đơn đề nghị","Bản sao hoặc bản chính căn cước (nếu có)"]}`
	paperDossier = `{"procedure":"9.000004","channel":"IN_PERSON","applicant":{"kind":"CITIZEN","name":"Người Thử","id_number":"093190000001"},
		"received":[{"no":1,"copies":{"original":1}},{"name":"Ảnh 4x6","copies":{"original":2}}]}`
)

type part struct {
	No, DigitisedAs    int
	Name, Note         string
	Optional, Free     bool
	Asked              bool
	Required, Received struct{ Original, Certified, Copy, Form int }
	Files              []int
}

type partList struct {
	Items        []part
	Files        []struct{ SHA256, Name, Origin, Removal string }
	Digitisation struct {
		Digitised        bool
		Parts, WithFiles int
	}
}

// papers is the province with a procedure that has a checklist.
func (c *counter) papers() {
	c.t.Helper()
	must(c.t)(c.office.ImportProcedures(c.t.Context(), staff.System(), c.now, strings.NewReader(withPapers), nil))
}

func (c *counter) receivePapers(body string) string {
	c.t.Helper()
	var receipt struct{ Code string }
	c.want(201, "POST", "/api/v1/dossiers", c.tokens[staff.Clerk], body).into(c.t, &receipt)
	return receipt.Code
}

func (c *counter) parts(code string) (all partList) {
	c.t.Helper()
	c.want(200, "GET", "/api/v1/dossiers/"+code+"/parts", c.tokens[staff.Clerk], "").into(c.t, &all)
	return all
}

func (c *counter) upload(status int, code, query, body string, version int, headers ...string) answer {
	c.t.Helper()
	who := staff.Clerk
	if strings.Contains(query, "of=RESULT") { // which is for whoever decides
		who = staff.Supervisor
	}
	return c.want(status, "POST", "/api/v1/dossiers/"+code+"/files?"+query, c.tokens[who], body,
		append([]string{"Content-Type: application/octet-stream", fmt.Sprintf(`If-Match: "%d"`, version)}, headers...)...)
}

func TestTheChecklistFollowsWhatIsHandedInAtIntakeAndWithASupplement(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		c.papers()
		code := c.receivePapers(paperDossier)
		all := c.parts(code)
		if len(all.Items) != 3 || all.Items[0].Required.Original != 1 || all.Items[0].Received.Original != 1 || !all.Items[1].Optional ||
			all.Items[1].Note != "Bản sao hoặc bản chính" || !all.Items[2].Free || all.Items[2].Received.Original != 2 {
			t.Fatalf("%+v", all.Items)
		}
		clerk, at := c.tokens[staff.Clerk], "/api/v1/dossiers/"+code+"/actions/"
		got := c.want(422, "POST", at+"request-supplement", clerk, `{"reason":"thiếu giấy tờ","part_nos":[4],"received":[{"no":1,"copies":{"copy":1}}]}`, `If-Match: "1"`)
		if p := got.problem(t); len(p.Errors) != 2 {
			t.Errorf("%+v", p.Errors)
		}
		c.want(200, "POST", at+"request-supplement", clerk, `{"reason":"thiếu giấy tờ","part_nos":[2]}`, `If-Match: "1"`)
		if all = c.parts(code); !all.Items[1].Asked {
			t.Error("the part is not marked as asked for")
		}
		if got := c.want(200, "GET", "/api/v1/dossiers/"+code+"/forms/supplement", clerk, ""); !strings.Contains(got.body, "bản chính căn cước") {
			t.Error("the request does not print the part that it names")
		}
		c.want(422, "POST", at+"complete-supplement", clerk, `{"received":[{"no":2,"copies":{}},{"no":9,"copies":{"copy":1}}]}`, `If-Match: "2"`)
		c.want(200, "POST", at+"complete-supplement", clerk, `{"received":[{"no":2,"copies":{"certified":1}},{"name":"Ảnh 4x6","copies":{"original":1}}]}`, `If-Match: "2"`)
		all = c.parts(code)
		if all.Items[1].Asked || all.Items[1].Received.Certified != 1 || all.Items[2].Received.Original != 3 || len(all.Items) != 3 {
			t.Errorf("%+v", all.Items)
		}
		receipt := c.want(200, "GET", "/api/v1/dossiers/"+code+"/forms/receipt", clerk, "").body
		if !strings.Contains(receipt, "Ảnh 4x6") {
			t.Error("the receipt does not list what was handed in beyond the checklist")
		}
		c.sound()
	})
}

// sound demands that everything follows from the journal and that every file is there.
func (c *counter) sound() {
	c.t.Helper()
	v, err := c.office.Verify(c.t.Context(), c.clock(), false, nil)
	if err == nil {
		err = c.office.VerifyFiles(c.t.Context(), &v, nil)
	}
	if err != nil || len(v.Findings) > 0 {
		c.t.Errorf("%+v, %v", v.Findings, err)
	}
}

func TestAFileIsAttachedReadAndRemoved(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		c.papers()
		code := c.receivePapers(paperDossier)
		query := "of=PART&part=1&name=..%2F..%2F%C4%91%C6%A1n.exe&origin=SCANNED"
		first := c.upload(201, code, query, aPaper, 1, "Idempotency-Key: a")
		if again := c.upload(201, code, query, aPaper, 1, "Idempotency-Key: a"); again.body != first.body || again.header.Get("Idempotency-Replayed") != "true" {
			t.Error("a repetition is answered otherwise")
		}
		if p := c.upload(422, code, query, aPaper+"x", 1, "Idempotency-Key: a").problem(t); p.Code != "idempotency-key-reused" {
			t.Error(p.Code)
		}
		if p := c.upload(412, code, query, aPaper, 1).problem(t); p.Current == nil || p.Current.Version != 2 {
			t.Errorf("%+v", p)
		}
		got := c.want(200, "GET", first.header.Get("Location"), c.tokens[staff.Officer], "")
		sum := sha256.Sum256([]byte(aPaper))
		if got.body != aPaper || got.header.Get("X-Content-SHA256") != hex.EncodeToString(sum[:]) {
			t.Error("other bytes came back")
		}
		if d := got.header.Get("Content-Disposition"); d != "attachment; filename*=utf-8''%C4%91%C6%A1n.exe.pdf" {
			t.Error(d)
		}
		if got.header.Get("Content-Type") != "application/octet-stream" || got.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%v", got.header)
		}
		file := "/api/v1/dossiers/" + code + "/files/1"
		c.want(404, "GET", file, c.employ("elsewhere", staff.Clerk, "X2"), "")
		if p := c.want(403, "DELETE", file+"?reason=x", c.tokens[staff.Officer], "", `If-Match: "2"`).problem(t); p.Code != "not-your-file" && p.Code != "not-your-agency" {
			t.Error(p.Code)
		}
		c.want(200, "DELETE", file+"?reason=nh%E1%BA%A7m", c.tokens[staff.Clerk], "", `If-Match: "2"`)
		if p := c.want(404, "GET", file, c.tokens[staff.Clerk], "").problem(t); p.Code != "file-removed" {
			t.Error(p.Code)
		}
		if p := c.want(409, "DELETE", file+"?reason=x", c.tokens[staff.Clerk], "", `If-Match: "3"`).problem(t); p.Code != "file-removed" {
			t.Error(p.Code)
		}
		c.want(404, "DELETE", "/api/v1/dossiers/"+code+"/files/9?reason=x", c.tokens[staff.Clerk], "", `If-Match: "3"`)
		if all := c.parts(code); len(all.Files) != 1 || all.Files[0].Removal != "nhầm" || len(all.Items[0].Files) != 0 {
			t.Errorf("%+v", all)
		}
		c.sound()
	})
}

func TestAPaperOfAnotherDossierIsUsedAgainForTheSameApplicantOnly(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		c.papers()
		first, second := c.receivePapers(paperDossier), c.receivePapers(paperDossier)
		other := c.receivePapers(strings.Replace(paperDossier, "093190000001", "093190000002", 1))
		c.upload(201, first, "of=PART&part=1&name=don.pdf&origin=SCANNED", aPaper, 1)
		c.upload(201, first, "of=RESULT&name=ketqua.pdf&origin=BORN_DIGITAL", aPaper+"kết quả", 2)
		reuse := func(status int, code, from string, part, file, version int) answer {
			t.Helper()
			return c.want(status, "POST", "/api/v1/dossiers/"+code+"/files/reused", c.tokens[staff.Clerk],
				fmt.Sprintf(`{"of":"PART","part":%d,"dossier":%q,"file":%d}`, part, from, file), fmt.Sprintf(`If-Match: "%d"`, version))
		}
		if p := reuse(409, other, first, 1, 1, 1).problem(t); p.Code != "applicant-differs" {
			t.Error(p.Code)
		}
		if p := reuse(422, first, first, 2, 1, 3).problem(t); p.Code != "same-dossier" || len(p.Errors) != 1 || p.Errors[0].Field != "dossier" {
			t.Errorf("%+v", p)
		}
		reuse(422, second, first, 1, 3, 1)
		reuse(422, second, "H99.X2-000000-0000", 1, 1, 1)
		reuse(201, second, first, 1, 1, 1)
		reuse(201, second, first, 3, 2, 2)
		all := c.parts(second)
		if !all.Digitisation.Digitised || all.Files[0].SHA256 != c.parts(first).Files[0].SHA256 || all.Files[0].Origin != "REUSED" {
			t.Errorf("%+v", all)
		}
		var d struct {
			Parts []struct {
				DigitisedAs int `json:"digitised_as"`
			}
		}
		c.want(200, "GET", "/api/v1/dossiers/"+second, c.tokens[staff.Clerk], "").into(t, &d)
		if d.Parts[0].DigitisedAs != 2 || d.Parts[1].DigitisedAs != 0 || d.Parts[2].DigitisedAs != 3 {
			t.Errorf("%+v", d.Parts)
		}
		if got := c.want(200, "GET", "/api/v1/dossiers/"+second+"/files/1", c.tokens[staff.Clerk], ""); got.body != aPaper {
			t.Error("the bytes used again are others")
		}
		c.sound()
	})
}

func TestAReuseOutlivesTheRemovalOfWhatItUses(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		c.papers()
		first, second, third := c.receivePapers(paperDossier), c.receivePapers(paperDossier), c.receivePapers(paperDossier)
		clerk, again := c.tokens[staff.Clerk], fmt.Sprintf(`{"of":"PART","part":1,"dossier":%q,"file":1}`, first)
		c.upload(201, first, "of=PART&part=1&name=don.pdf&origin=SCANNED", aPaper, 1)
		c.want(201, "POST", "/api/v1/dossiers/"+second+"/files/reused", clerk, again, `If-Match: "1"`)
		c.want(200, "DELETE", "/api/v1/dossiers/"+first+"/files/1?reason=x", clerk, "", `If-Match: "2"`)
		c.want(404, "GET", "/api/v1/dossiers/"+first+"/files/1", clerk, "")
		if got := c.want(200, "GET", "/api/v1/dossiers/"+second+"/files/1", clerk, ""); got.body != aPaper || len(c.parts(second).Items[0].Files) != 1 {
			t.Error("what the second dossier used is gone with the first one's")
		}
		if p := c.want(422, "POST", "/api/v1/dossiers/"+third+"/files/reused", clerk, again, `If-Match: "1"`).problem(t); p.Code != "file-not-found" {
			t.Error(p.Code)
		}
		c.sound()
	})
}

// form is a body of multipart/form-data with these parts, "name|file name|content", and its header.
func form(t *testing.T, parts ...string) (body, header string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		x := strings.SplitN(p, "|", 3)
		f, err := w.CreateFormFile(x[0], x[1])
		must(t)(f.Write([]byte(x[2])))
		must(t)(nil, err)
	}
	must(t)(nil, w.Close())
	return b.String(), "Content-Type: " + w.FormDataContentType()
}

func TestAFormOfOneFileIsTakenLikeTheFileItself(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		c.papers()
		code := c.receivePapers(paperDossier)
		send := func(status int, query string, version int, header string, parts ...string) answer {
			t.Helper()
			body, kind := form(t, parts...)
			return c.upload(status, code, query, body, version, kind, header)
		}
		first := send(201, "of=PART&part=1&origin=SCANNED", 1, "Idempotency-Key: a", `file|..\đơn.exe|`+aPaper)
		if again := send(201, "of=PART&part=1&origin=SCANNED", 1, "Idempotency-Key: a", `file|..\đơn.exe|`+aPaper); again.body != first.body {
			t.Error("a repetition, with another line between the parts, is answered otherwise")
		}
		send(422, "of=PART&part=1&origin=SCANNED", 1, "Idempotency-Key: a", `file|other.pdf|`+aPaper)
		send(201, "of=PART&part=2&origin=SCANNED&name=ten.pdf", 2, "A: b", "file|other.pdf|"+aPaper)
		all := c.parts(code).Files
		sum := sha256.Sum256([]byte(aPaper))
		if len(all) != 2 || all[0].Name != "đơn.exe.pdf" || all[1].Name != "ten.pdf" || all[0].SHA256 != hex.EncodeToString(sum[:]) || all[1].SHA256 != all[0].SHA256 {
			t.Errorf("%+v", all)
		}
		for name, x := range map[string]struct {
			query, code string
			status      int
			parts       []string
		}{
			"no part":         {"origin=SCANNED", "body-malformed", 400, nil},
			"another part":    {"origin=SCANNED", "body-malformed", 400, []string{"name|a.pdf|" + aPaper}},
			"two files":       {"origin=SCANNED", "body-malformed", 400, []string{"file|a.pdf|" + aPaper, "file|b.pdf|" + aPaper}},
			"an empty file":   {"origin=SCANNED", "file-invalid", 422, []string{"file|a.pdf|"}},
			"another content": {"origin=SCANNED", "file-type-unsupported", 415, []string{"file|a.pdf|#!/bin/sh"}},
			"a name of dots":  {"origin=SCANNED", "file-invalid", 422, []string{"file|..|" + aPaper}},
			"too much":        {"origin=SCANNED", "file-too-large", 413, []string{"file|a.pdf|%PDF-1.4\n" + strings.Repeat("x", onestop.DefaultFileSize)}},
			"no such part":    {"of=PART&origin=SCANNED", "file-invalid", 422, []string{"file|a.pdf|" + aPaper}},
		} {
			if p := send(x.status, x.query, 3, "A: b", x.parts...).problem(t); p.Code != x.code {
				t.Errorf("%s: %+v", name, p)
			}
		}
		body, kind := form(t, "file|a.pdf|"+aPaper)
		if p := c.upload(422, code, "origin=SCANNED&name=a.pdf", body[:len(body)-60], 3, kind).problem(t); p.Code != "file-invalid" && p.Code != "body-malformed" {
			t.Errorf("cut off: %+v", p)
		}
		c.upload(415, code, "origin=SCANNED", body, 3, "Content-Type: multipart/form-data")
		c.upload(201, code, "origin=SCANNED", body, 3, strings.Replace(kind, "multipart/form-data", "Multipart/Form-Data", 1))
		c.upload(201, code, "origin=SCANNED&name=a.pdf", aPaper, 4, "Content-Type: Application/Octet-Stream")
		c.sound()
	})
}

func TestAPartThatIsNotNamedIsAskedFor(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	c.papers()
	code := c.receivePapers(paperDossier)
	bare, _ := c.receive()
	for _, x := range []struct{ code, query, field, why string }{
		{code, "of=PART&name=a.pdf&origin=SCANNED", "part", "required"},
		{code, "of=PART&part=9&name=a.pdf&origin=SCANNED", "part", "part-unknown"},
		{bare, "of=PART&part=1&name=a.pdf&origin=SCANNED", "of", "part-unknown"},
	} {
		if p := c.upload(422, x.code, x.query, aPaper, 1).problem(t); len(p.Errors) != 1 || p.Errors[0].Field != x.field || p.Errors[0].Code != x.why {
			t.Errorf("%s: %+v", x.query, p.Errors)
		}
	}
}

func TestBytesThatAreLostOrChangedAreTold(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		c.papers()
		code := c.receivePapers(paperDossier)
		c.upload(201, code, "of=PART&part=1&name=don.pdf&origin=SCANNED", aPaper, 1)
		file := c.parts(code).Files[0].SHA256
		place := filepath.Join(c.files, file[:2], file)
		for _, x := range []struct {
			breaks        func() error
			code, finding string
		}{
			{func() error { return os.WriteFile(place, []byte(strings.ToUpper(aPaper)), 0o600) }, "file-damaged", "event 2: the file of part 1: the bytes are not those that were kept"},
			{func() error { return os.WriteFile(place, bytes.Repeat([]byte(aPaper), 2), 0o600) }, "file-damaged", "event 2: the file of part 1: the bytes are not those that were kept"},
			{func() error { return os.Remove(place) }, "file-missing", "event 2: the file of part 1: the bytes are not there"},
		} {
			must(t)(nil, x.breaks())
			if p := c.want(409, "GET", "/api/v1/dossiers/"+code+"/files/1", c.tokens[staff.Clerk], "").problem(t); p.Code != x.code {
				t.Error(p.Code)
			}
			v, err := c.office.Verify(t.Context(), c.clock(), false, nil)
			must(t)(nil, err)
			must(t)(nil, c.office.VerifyFiles(t.Context(), &v, nil))
			if len(v.Findings) != 1 || v.Findings[0] != (onestop.Finding{Dossier: code, What: x.finding}) {
				t.Errorf("%+v", v.Findings)
			}
		}
		// The same bytes again put it right.
		c.upload(201, code, "of=PART&part=1&name=don.pdf&origin=SCANNED", aPaper, 2)
		c.sound()
	})
}

func TestWhatNobodyAttachesIsSweptOutAfterADay(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		c.papers()
		code := c.receivePapers(paperDossier)
		c.upload(412, code, "name=a.pdf&origin=SCANNED", aPaper, 7) // kept, then refused
		c.upload(201, code, "name=b.pdf&origin=SCANNED", aPaper+"b", 1)
		sweep := func(after time.Duration, want int) {
			t.Helper()
			if n, err := c.office.SweepFiles(t.Context(), c.clock().Add(after)); err != nil || n != want {
				t.Errorf("%d swept out after %s, not %d: %v", n, after, want, err)
			}
		}
		sweep(23*time.Hour, 0)
		sweep(25*time.Hour, 1)
		sweep(25*time.Hour, 0)
		if left, err := filepath.Glob(filepath.Join(c.files, "??", "*")); err != nil || len(left) != 1 {
			t.Errorf("%v, %v", left, err)
		}
		// Somebody made the row of an attached file say that it waits: the journal knows better.
		storetest.Tamper(t, c.config, "UPDATE archived_files SET attached_at = NULL")
		sweep(25*time.Hour, 0)
		c.sound()
	})
}
