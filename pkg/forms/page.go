package forms

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"

	"github.com/motcua/motcua/pkg/worktime"
)

//go:embed papers
var papers embed.FS

var style = func() string {
	css, err := papers.ReadFile("papers/style.css")
	if err != nil {
		panic(err) // part of the program
	}
	return string(css)
}()

var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"style":  func() template.CSS { return template.CSS(style) }, //nolint:gosec // our own
	"nation": func() string { return nation }, "motto": func() string { return motto },
}).ParseFS(papers, "papers/*.html"))

// HTML prints a sheet as a page that stands by itself.
func HTML(s Sheet) ([]byte, error) { return page("sheet.html", s) }

// Explanation is how a date came about, as a piece of a page.
func Explanation(e worktime.Explanation) (template.HTML, error) {
	body, err := page("blocks", explanation(e))
	return template.HTML(body), err //nolint:gosec // the template escaped it
}

// StylePolicy is the source, in a content security policy, of the style that stands in the papers.
func StylePolicy() string {
	sum := sha256.Sum256([]byte(style))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func page(name string, what any) ([]byte, error) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, what); err != nil {
		return nil, fmt.Errorf("paper %s: %w", name, err)
	}
	return b.Bytes(), nil
}
