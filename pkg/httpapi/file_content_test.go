package httpapi_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
)

func TestOnlyWhatTheContentShowsAndTheLimitsAllowIsTaken(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	c.office.KeepFiles(onestop.FileRules{Archive: c.archive, Most: 100, Types: []string{"application/pdf"}})
	code, _ := c.receive()
	for name, x := range map[string]struct {
		query, body, code string
		status            int
	}{
		"a script that is called PDF": {"name=a.pdf&origin=SCANNED", "#!/bin/sh\nexit\n", "file-type-unsupported", 415},
		"a page":                      {"name=a.pdf&origin=SCANNED", "<html><script>x</script></html>", "file-type-unsupported", 415},
		"a picture that is not taken": {"name=a.png&origin=SCANNED", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "file-type-unsupported", 415},
		"one byte too many":           {"name=a.pdf&origin=SCANNED", "%PDF-1.4\n" + strings.Repeat(" ", 92), "file-too-large", 413},
		"a page that begins like one": {"name=a.pdf&origin=SCANNED", "%PDF-1.4\n<html><script>x</script></html>", "file-invalid", 422},
		"nothing":                     {"name=a.pdf&origin=SCANNED", "", "file-invalid", 422},
		"a part that is not there":    {"of=PART&part=1&name=a.pdf&origin=SCANNED", aPaper, "file-invalid", 422},
		"a part of the result":        {"of=RESULT&part=1&name=a.pdf&origin=SCANNED", aPaper, "file-invalid", 422},
		"a name of nothing":           {"name=..%2F..&origin=SCANNED", aPaper, "file-invalid", 422},
		"no name":                     {"origin=SCANNED", aPaper, "file-invalid", 422},
		"used again without a source": {"name=a.pdf&origin=REUSED", aPaper, "request-invalid", 400},
	} {
		if p := c.upload(x.status, code, x.query, x.body, 1).problem(t); p.Code != x.code {
			t.Errorf("%s: %s", name, p.Code)
		}
	}
	if p := c.want(415, "POST", "/api/v1/dossiers/"+code+"/files?name=a.pdf&origin=SCANNED", c.tokens[staff.Clerk], "{}", `If-Match: "1"`).problem(t); p.Code != "media-type-unsupported" {
		t.Error(p.Code)
	}
	c.upload(201, code, "name=a.pdf&origin=SCANNED", "%PDF-1.4\n"+strings.Repeat(" ", 85)+"%%EOF\n", 1)
}

func TestADocumentThatCarriesMacrosIsNotTaken(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	code, _ := c.receive()
	document := func(parts ...string) string {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, part := range append([]string{"[Content_Types].xml", "word/document.xml"}, parts...) {
			w, err := z.Create(part)
			if err == nil {
				_, err = io.WriteString(w, "<x/>")
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	const query = "name=don.docx&origin=BORN_DIGITAL"
	if p := c.upload(415, code, query, document("word/vbaProject.bin"), 1).problem(t); p.Code != "file-type-unsupported" || !strings.Contains(p.Detail, "macro: gửi bản không có macro") {
		t.Errorf("%+v", p)
	}
	if p := c.upload(422, code, query, document()[:150], 1).problem(t); p.Code != "file-invalid" {
		t.Errorf("%+v", p)
	}
	c.upload(201, code, query, document(), 1)
}
