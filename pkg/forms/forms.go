// Package forms prints the papers of the office as pages that stand by themselves: what the official forms ask for, filled from a dossier and
// its dates. Vietnamese first, English beside it where the paper explains.
package forms

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"time"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/worktime"
)

//go:embed papers
var papers embed.FS

// Paper is what a form is filled from.
type Paper struct {
	Zone        *time.Location
	Dossier     dossier.Dossier
	Receiving   string // names of the agencies
	Deciding    string
	Components  []string        // papers that belong into the dossier
	Promise     dossier.Promise // that the paper tells
	Before      dossier.Promise // an apology's: the one that is not kept
	Explanation *worktime.Explanation
	Lookup      string // address at which the holder asks where the dossier stands
}

// Receipt is the receipt with the date promised (giấy tiếp nhận hồ sơ và hẹn trả kết quả), and how the date came about.
func Receipt(p Paper) ([]byte, error) { return fill("receipt.html", p) }

// Apology is the letter for a date that was moved, headed as the set of forms asks that was in force when that was approved.
func Apology(p Paper) ([]byte, error) { return fill("apology.html", p) }

// Explanation is how a date came about, as a piece of a page.
func Explanation(e worktime.Explanation) (template.HTML, error) {
	body, err := fill("explanation", Paper{Explanation: &e})
	return template.HTML(body), err //nolint:gosec // the template escaped it
}

// StylePolicy is the source, in a content security policy, of the style that stands in the papers.
func StylePolicy() string {
	sum := sha256.Sum256([]byte(style))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func fill(name string, p Paper) ([]byte, error) {
	t, err := sheets.Clone()
	if err != nil {
		return nil, fmt.Errorf("paper %s: %w", name, err)
	}
	var b bytes.Buffer
	if err := t.Funcs(template.FuncMap{"hour": p.hour, "day": p.day}).ExecuteTemplate(&b, name, p); err != nil {
		return nil, fmt.Errorf("paper %s: %w", name, err)
	}
	return b.Bytes(), nil
}

var style = func() string {
	css, err := papers.ReadFile("papers/style.css")
	if err != nil {
		panic(err) // part of the program
	}
	return string(css)
}()

var sheets = template.Must(template.New("").Funcs(template.FuncMap{
	"style": func() template.CSS { return template.CSS(style) }, //nolint:gosec // our own
	"hour":  Paper{}.hour, "day": Paper{}.day, "term": term, "hours": hours, "plus": func(i int) int { return i + 1 },
}).ParseFS(papers, "papers/*.html"))

// hour is an instant as the forms write it: "17 giờ 00 phút, ngày 05 tháng 3 năm 2026".
func (p Paper) hour(t time.Time) string {
	t = t.In(p.zone())
	return fmt.Sprintf("%02d giờ %02d phút, %s", t.Hour(), t.Minute(), p.day(t))
}

// day is a date in words. The day has always two digits, the month only where it could be mistaken: January and February.
func (p Paper) day(t time.Time) string {
	t = t.In(p.zone())
	month := fmt.Sprint(int(t.Month()))
	if t.Month() <= time.February {
		month = "0" + month
	}
	return fmt.Sprintf("ngày %02d tháng %s năm %d", t.Day(), month, t.Year())
}

func (p Paper) zone() *time.Location {
	if p.Zone == nil {
		return time.UTC
	}
	return p.Zone
}

func term(t worktime.Term) string {
	name := t.Unit.Name().VI
	if t.Unit == worktime.SameDay {
		return name
	}
	return t.Value.String() + " " + name
}

// hours is a number of seconds as hours and minutes.
func hours(seconds int64) string { return fmt.Sprintf("%d:%02d", seconds/3600, seconds/60%60) }

// OutOfTime says whether the date was moved too late for that to change when it counts as late.
func (p Paper) OutOfTime() bool { return p.Promise.Kind == dossier.Reappointed }

// Added are the terms that were granted on top.
func (p Paper) Added() []worktime.Term {
	if p.Dossier.Basis == nil {
		return nil
	}
	return append(append([]worktime.Term(nil), p.Dossier.Basis.Extensions...), p.Dossier.Basis.Reappointed...)
}
