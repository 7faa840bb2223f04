package httpapi_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/httpapi"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/worktime"
)

// words are the enumerations that stand in sentences about what went wrong, each with a way to make one of its values a sentence's argument.
var words = map[string]func(code string) any{
	"dossier.Action": argument[dossier.Action], "dossier.State": argument[dossier.State], "dossier.FeeKind": argument[dossier.FeeKind],
	"dossier.FeeState": argument[dossier.FeeState], "dossier.FeeDue": argument[dossier.FeeDue], "dossier.PayMethod": argument[dossier.PayMethod],
	"dossier.PersonKind": argument[dossier.PersonKind], "dossier.IDKind": argument[dossier.IDKind],
	"dossier.AuthorityKind": argument[dossier.AuthorityKind],
	"dossier.Sex":           argument[dossier.Sex], "dossier.PauseCause": argument[dossier.PauseCause], "dossier.Requester": argument[dossier.Requester],
	"dossier.Manner": argument[dossier.Manner], "dossier.Origin": argument[dossier.Origin], "dossier.FileOf": argument[dossier.FileOf],
	"catalog.Channel": argument[catalog.Channel], "catalog.Level": argument[catalog.Level], "catalog.AgencyKind": argument[catalog.AgencyKind],
	"staff.Role": argument[staff.Role], "staff.Right": argument[staff.Right], "worktime.Unit": argument[worktime.Unit],
}

func argument[T ~string](code string) any { return T(code) }

// silent are those that stand in none.
var silent = map[string]string{
	"dossier.Kind": "events are listed by their codes", "dossier.Figure": "figures are asked for by their codes",
	"dossier.AccessAct": "only read", "dossier.AlertKind": "only read", "dossier.Audience": "only read", "dossier.PromiseKind": "only read",
	"dossier.Timing": "only read", "dossier.ReusableKind": "only read", "dossier.Party": "only read",
	"dossier.ReturnMethod": "the document of the API refuses others", "dossier.Counters": "of rule sets, which are written in codes",
	"dossier.ClockStop": "of rule sets", "catalog.Date": "a date", "catalog.OnlineLevel": "only read", "catalog.Interconnection": "only read",
	"catalog.Status": "only read", "catalog.StepPlace": "of processes, which are written in codes",
	"worktime.Op": "of questions to the engine, which are written in codes", "worktime.Verdict": "of questions", "worktime.FirstRule": "of rule sets",
	"worktime.EndRule": "of rule sets", "worktime.DayRule": "of rule sets", "worktime.OffRule": "of rule sets", "worktime.VerdictRule": "of rule sets",
	"worktime.ErrorCode": "a code",
}

// An enumeration that is new, or a value of one, has Vietnamese words or is said to need none.
func TestEveryEnumerationHasVietnameseWordsOrNeedsNone(t *testing.T) {
	t.Parallel()
	found := 0
	for name, codes := range enumerations(t, "dossier", "catalog", "staff", "worktime") {
		argument := words[name]
		if argument == nil {
			if silent[name] == "" {
				t.Errorf("%s has no Vietnamese words, and nobody says that it needs none", name)
			}
			continue
		}
		found++
		for _, code := range codes {
			said := httpapi.Vietnamese(fault.Say("%s no longer works here", argument(code)))
			if word, _ := strings.CutSuffix(said, " không còn làm việc ở đây"); word == "" || word == code || word == said {
				t.Errorf("%s %q is said as %q", name, code, said)
			}
			if said := httpapi.Vietnamese(fault.Say("there is no action %q", argument(code))); said != `Không có thao tác "`+code+`"` {
				t.Errorf("in quotation marks %s %q is said as %q: what was sent stays a code", name, code, said)
			}
		}
	}
	if found != len(words) {
		t.Errorf("%d of %d enumerations were found in the source", found, len(words))
	}
}

// enumerations are the types of text with constants of their own, and these, as the source of the packages has them.
func enumerations(t *testing.T, packages ...string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, name := range packages {
		files, err := filepath.Glob("../" + name + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatal(name, err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				c, ok := n.(*ast.ValueSpec)
				if !ok || c.Type == nil || len(c.Values) != 1 {
					return true
				}
				of, ok := c.Type.(*ast.Ident)
				text, literal := c.Values[0].(*ast.BasicLit)
				if ok && literal && text.Kind == token.STRING && ast.IsExported(of.Name) {
					code, err := strconv.Unquote(text.Value)
					if err != nil {
						t.Fatal(err)
					}
					all[name+"."+of.Name] = append(all[name+"."+of.Name], code)
				}
				return true
			})
		}
	}
	return all
}
