package archive_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
)

// document is an office document of the parts given by name, one after the other.
func document(t *testing.T, parts ...[2]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range parts {
		w, err := z.Create(part[0])
		must(t, err)
		_, err = io.WriteString(w, part[1])
		must(t, err)
	}
	must(t, z.Close())
	return b.String()
}

// types is the list that says what the main part of a document is.
func types(main string) [2]string {
	return [2]string{"[Content_Types].xml", fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">`+
		`<Override PartName="/word/document.xml" ContentType="%s"/></Types>`, main)}
}

func TestAProgramInAnOfficeDocumentIsSeen(t *testing.T) {
	t.Parallel()
	const plain, macros = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "application/vnd.ms-word.document.macroEnabled.main+xml"
	body := [2]string{"word/document.xml", "<w:document/>"}
	sound := document(t, types(plain), body)
	for name, x := range map[string]struct {
		content        string
		macros, broken bool
	}{
		"text alone":                          {sound, false, false},
		"a table alone":                       {document(t, types(plain), [2]string{"xl/workbook.xml", ""}), false, false},
		"a program":                           {document(t, types(plain), body, [2]string{"word/vbaProject.bin", "x"}), true, false},
		"one in a table":                      {document(t, types(plain), [2]string{"xl/workbook.xml", ""}, [2]string{"xl/VBAPROJECT.BIN", "x"}), true, false},
		"one of slides":                       {document(t, types(plain), [2]string{"ppt/presentation.xml", ""}, [2]string{`ppt\vbaProject.bin`, "x"}), true, false},
		"one of another name":                 {document(t, types("application/vnd.ms-office.vbaProject"), body, [2]string{"word/x.bin", "x"}), true, false},
		"the list says that there is one":     {document(t, types(macros), body), true, false},
		"it says so in other letters":         {document(t, types(strings.Replace(macros, "macro", "&#109;ACRO", 1)), body), true, false},
		"a sheet of macros":                   {document(t, types("application/vnd.ms-excel.macrosheet+xml"), body), true, false},
		"a document with a program within it": {document(t, types(plain), body, [2]string{"word/embeddings/A.DOCM", "x"}), true, false},
		"a second list says so":               {document(t, types(plain), body, types(macros)), true, false},
		"it broke off":                        {sound[:len(sound)-30], false, true},
		"nothing says what its parts are":     {document(t, body), false, true},
		"what says it cannot be read":         {document(t, [2]string{"[Content_Types].xml", "<Types><Override"}, body), false, true},
		"it is said at an endless length":     {document(t, types(plain+strings.Repeat(" ", 1<<20)), body), false, true},
		"a ZIP that is no office document":    {document(t, [2]string{"a.txt", "x"}, [2]string{"vbaProject.bin", "x"}), false, false},
		"a program, and the document is long": {document(t, types(plain), body, [2]string{"word/a.bin", strings.Repeat("x", 1<<18)}, [2]string{"word/vbaProject.bin", "x"}), true, false},
	} {
		s := take(t, x.content)
		if body, err := io.ReadAll(s); s.Macros != x.macros || s.Broken != x.broken || string(body) != x.content {
			t.Errorf("%s: of the kind %s, macros %t, broken %t; read %d of %d bytes, %v", name, s.MediaType, s.Macros, s.Broken, len(body), len(x.content), err)
		}
	}
}
