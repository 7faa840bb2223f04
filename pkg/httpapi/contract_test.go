package httpapi_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/api"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/httpapi"
)

func TestTheDocumentIsValidAndSaysTheSameAsTheServer(t *testing.T) {
	t.Parallel()
	d, err := openapi3.NewLoader().LoadFromData(api.OpenAPI)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	var documented []string
	for path, item := range d.Paths.Map() {
		for method := range item.Operations() {
			path := regexp.MustCompile(`\{(\w+)\}`).ReplaceAllString(path, ":$1")
			documented = append(documented, method+" "+path)
		}
	}
	var served []string
	for _, r := range httpapi.Routes(httpapi.Options{}) {
		if r != "GET /api/docs/files/*file" { // the reference's own scripts and styles
			served = append(served, strings.ReplaceAll(r, `\:`, ":"))
		}
	}
	slices.Sort(documented)
	slices.Sort(served)
	if diff := cmp.Diff(documented, served); diff != "" {
		t.Errorf("document (-) and server (+) differ:\n%s", diff)
	}
}

func TestEveryOperationHasAProblemAsItsDefaultAnswer(t *testing.T) {
	t.Parallel()
	d, err := openapi3.NewLoader().LoadFromData(api.OpenAPI)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for path, item := range d.Paths.Map() {
		for method, o := range item.Operations() {
			if o.Responses.Default() == nil || o.Responses.Default().Value.Content["application/problem+json"] == nil {
				t.Errorf("%s %s has none", method, path)
			}
			if o.Parameters.GetByInAndName("header", "Idempotency-Key") != nil {
				keys = append(keys, strings.ToUpper(o.OperationID[:1])+o.OperationID[1:])
			}
		}
	}
	slices.Sort(keys)
	if diff := cmp.Diff(keys, httpapi.Keepable()); diff != "" {
		t.Errorf("the document (-) promises Idempotency-Key, the server (+) keeps it:\n%s", diff)
	}
}

func TestEveryKindOfFaultHasAStatus(t *testing.T) {
	t.Parallel()
	for _, kind := range []fault.Kind{
		fault.Invalid, fault.Unauthenticated, fault.Forbidden, fault.NotFound, fault.Conflict, fault.Stale, fault.PreconditionRequired,
		fault.TooMany, fault.Unavailable,
	} {
		if httpapi.Statuses[kind] < 400 {
			t.Errorf("%s has none", kind)
		}
	}
}

func TestEveryFaultInTheSourceIsExplainedAndNothingElseIs(t *testing.T) {
	t.Parallel()
	catalogue, err := api.Problems()
	if err != nil {
		t.Fatal(err)
	}
	used := codesInSource(t)
	for code, where := range used.problems {
		if _, ok := catalogue.Problem(code); !ok {
			t.Errorf("problems.yaml does not list %q, raised at %s", code, where)
		}
	}
	for code, where := range used.fields {
		if _, ok := catalogue.Problem(code); !ok && catalogue.Fields[code] == "" {
			t.Errorf("problems.yaml does not list %q among the fields', said at %s", code, where)
		}
	}
	seen := map[string]bool{}
	for _, p := range catalogue.Problems {
		if seen[p.Code] {
			t.Errorf("%q is listed twice", p.Code)
		}
		seen[p.Code] = true
		if used.problems[p.Code] == "" && used.fields[p.Code] == "" {
			t.Errorf("%q is listed and never raised", p.Code)
		}
		if p.TitleVI == "" || p.TitleEN == "" || p.RemedyVI == "" || p.RemedyEN == "" || len(p.Kinds) == 0 {
			t.Errorf("%q is not explained in full", p.Code)
		}
		if !slices.Contains([]string{"CALLER", "SUPERVISOR", "ADMINISTRATOR", "OPERATOR", "DEVELOPER"}, p.Who) {
			t.Errorf("nobody called %q can put %q right", p.Who, p.Code)
		}
		for _, kind := range p.Kinds {
			if httpapi.Statuses[fault.Kind(kind)] == 0 {
				t.Errorf("%q is of no kind %q", p.Code, kind)
			}
		}
	}
	for code := range httpapi.OwnStatuses {
		if !seen[code] {
			t.Errorf("problem.go has a status for %q, which is not listed", code)
		}
	}
}

type codes struct{ problems, fields map[string]string } // code: place

// codesInSource finds every code that a fault is made with: the literal arguments of the few functions that make faults.
func codesInSource(t *testing.T) codes {
	t.Helper()
	found := codes{map[string]string{}, map[string]string{}}
	var files []string
	for _, root := range []string{"../../pkg", "../../cmd"} {
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(path, ".gen.go") {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range files {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				found.note(call, set.Position(call.Pos()).String())
			}
			return true
		})
	}
	if len(found.problems) < 40 {
		t.Fatalf("only %d codes were found: the functions that make faults have other names now", len(found.problems))
	}
	return found
}

// The functions that make faults, by name, with the place of the code among their arguments.
var makers = map[string]struct {
	at    int
	field bool
}{
	"fault.New": {1, false}, "fault.Of": {1, false}, "Err": {0, false}, "Add": {1, true}, "Put": {1, true}, "fieldFault": {1, false}, "taken": {2, false}, "missing": {2, false},
}

func (c codes) note(call *ast.CallExpr, where string) {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = f.Sel.Name
		if x, ok := f.X.(*ast.Ident); ok && x.Name == "fault" {
			name = "fault." + name
		}
	}
	maker, ok := makers[name]
	if !ok || len(call.Args) <= maker.at {
		return
	}
	literal, ok := call.Args[maker.at].(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return
	}
	code, err := strconv.Unquote(literal.Value)
	if err != nil || !regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(code) {
		return
	}
	if maker.field {
		c.fields[code] = where
	} else {
		c.problems[code] = where
	}
}
