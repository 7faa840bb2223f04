package httpapi_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/motcua/motcua/api"
)

func TestEverySentenceAboutWhatWentWrongIsSaidInVietnamese(t *testing.T) {
	t.Parallel()
	catalogue, err := api.Details()
	if err != nil {
		t.Fatal(err)
	}
	s := readSentences(t, "../../pkg", "../../cmd")
	for _, wrong := range s.wrong {
		t.Error(wrong)
	}
	if len(s.said) < 250 {
		t.Fatalf("only %d sentences were found: the functions that make them have other names now", len(s.said))
	}
	for _, format := range slices.Sorted(maps.Keys(s.said)) {
		if catalogue[format] == "" {
			t.Errorf("api/details.yaml has no Vietnamese for %q, said at %s", format, s.said[format])
		}
	}
	for _, format := range slices.Sorted(maps.Keys(catalogue)) {
		if s.said[format] == "" {
			t.Errorf("api/details.yaml has %q, which is said nowhere", format)
		}
		if en, vi := verbsOf(format), verbsOf(catalogue[format]); !maps.Equal(en, vi) {
			t.Errorf("%q takes %v and its Vietnamese %q takes %v", format, en, catalogue[format], vi)
		}
	}
}

// What the test before is worth: each mistake that it is to find, made once.
func TestASentenceThatCannotBeTranslatedIsFound(t *testing.T) {
	t.Parallel()
	const source = `package x

import "github.com/motcua/motcua/pkg/fault"

func forwards(code, detail string, args ...any) error { return fault.New(fault.Invalid, code, detail, args...) }

func calls(n int, name string, wrong *fault.Fields) error {
	wrong.Add("a", "b", "of %s", name)
	wrong.Put("a", "b", fault.Say("put " + "together"))
	_ = wrong.Err("b", "as a whole")
	return forwards("b", "forwarded %d", n)
}

func errs(n int, name string, wrong *fault.Fields) {
	wrong.Add("a", "b", "glued to " + name)
	fault.New(fault.Invalid, "b", fmt.Sprintf("made of %d", n))
	_ = fault.Field{Name: "a", Detail: "by hand"}
	_ = fault.Fields{{Name: "a", Detail: "by hand"}}
	wrong.Add("a", "b", "%d of two %s", n)
	text := "a variable"
	fault.Say(text)
	forwards("b", name + " forwarded")
}
`
	s := sentences{said: map[string]string{}}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "x.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	s.read(set, []*ast.File{file})
	if got, want := slices.Sorted(maps.Keys(s.said)), []string{"%d of two %s", "as a whole", "forwarded %d", "of %s", "put together"}; !slices.Equal(got, want) {
		t.Errorf("said are %q, not %q", got, want)
	}
	var lines []int
	for _, w := range s.wrong {
		var line int
		if _, err := fmt.Sscanf(w, "x.go:%d:", &line); err != nil {
			t.Fatal(w)
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	if want := []int{15, 16, 17, 18, 19, 21, 22}; !slices.Equal(lines, want) {
		t.Errorf("found wrong in lines %v, not %v: %q", lines, want, s.wrong)
	}
	for _, pair := range [][2]string{{"%d of %s", "%s của %d"}, {"%d", "không"}, {"%d", "%s"}, {"không", "%d"}, {"%d", "%[1]d %[2]d"}} {
		if maps.Equal(verbsOf(pair[0]), verbsOf(pair[1])) {
			t.Errorf("%q and %q are taken for one another", pair[0], pair[1])
		}
	}
	if !maps.Equal(verbsOf("%d of %s, 5%%"), verbsOf("%[2]s có %[1]d")) {
		t.Error("another order of words is not allowed")
	}
}

// sentences are the formats of everything that the source says about what went wrong, with a place of each, and what is wrong with how
// they are said.
type sentences struct {
	said  map[string]string
	wrong []string
}

func readSentences(t *testing.T, roots ...string) sentences {
	t.Helper()
	s := sentences{said: map[string]string{}}
	set := token.NewFileSet()
	packages := map[string][]*ast.File{}
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, ".gen.go") {
				return err
			}
			file, err := parser.ParseFile(set, path, nil, 0)
			packages[filepath.Dir(path)] = append(packages[filepath.Dir(path)], file)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for dir, files := range packages {
		if !strings.HasSuffix(filepath.ToSlash(dir), "pkg/fault") {
			s.read(set, files)
		}
	}
	return s
}

// sayers are the functions that take a format, by name, with its place among their arguments. Functions that hand one of their own
// parameters on to one of these are found in the source, in each package for itself.
var sayers = map[string]int{"fault.New": 2, "fault.Say": 0, "Add": 2, "Err": 1}

func (s *sentences) read(set *token.FileSet, files []*ast.File) {
	own := maps.Clone(sayers)
	if len(files) > 0 && files[0].Name.Name == "worktime" {
		own["failf"] = 1 // its errors are said as details; the package knows no fault
	}
	for grew := true; grew; {
		grew = false
		s.each(files, own, func(_ *ast.CallExpr, f *ast.FuncDecl, format ast.Expr) {
			if at := parameter(f, format); at >= 0 && !ast.IsExported(f.Name.Name) {
				if _, known := own[f.Name.Name]; !known {
					own[f.Name.Name], grew = at, true
				}
			}
		})
	}
	s.each(files, own, func(call *ast.CallExpr, f *ast.FuncDecl, format ast.Expr) {
		where := set.Position(call.Pos()).String()
		text, constant := literal(format)
		switch {
		case !constant && parameter(f, format) >= 0 && own[f.Name.Name] == parameter(f, format):
			return // its callers say it
		case !constant:
			s.wrong = append(s.wrong, where+": what is said is no constant string; give it a format and arguments")
			return
		}
		s.said[text] = where
		if given := len(call.Args) - own[called(call)] - 1; !call.Ellipsis.IsValid() && given != len(verbsOf(text)) {
			s.wrong = append(s.wrong, fmt.Sprintf("%s: %q takes %d arguments and gets %d", where, text, len(verbsOf(text)), given))
		}
	})
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			if made, ok := n.(*ast.CompositeLit); ok && len(made.Elts) > 0 && madeByHand(made.Type) {
				s.wrong = append(s.wrong, set.Position(made.Pos()).String()+": made by hand; fault.New, Add and Put keep format and arguments apart")
			}
			return true
		})
	}
}

// each goes through the calls of functions that take a format.
func (s *sentences) each(files []*ast.File, sayers map[string]int, visit func(*ast.CallExpr, *ast.FuncDecl, ast.Expr)) {
	for _, file := range files {
		faults := slices.ContainsFunc(file.Imports, func(i *ast.ImportSpec) bool { return strings.HasSuffix(i.Path.Value, `/pkg/fault"`) })
		for _, d := range file.Decls {
			f, _ := d.(*ast.FuncDecl)
			ast.Inspect(d, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				name := called(call)
				at, says := sayers[name]
				if says && len(call.Args) > at && (faults || name != "Add" && name != "Err") {
					visit(call, f, call.Args[at])
				}
				return true
			})
		}
	}
}

func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok && x.Name == "fault" {
			return "fault." + f.Sel.Name
		}
		return f.Sel.Name
	}
	return ""
}

// parameter is the place of the parameter that the expression names, -1 if it names none.
func parameter(f *ast.FuncDecl, x ast.Expr) int {
	name, ok := x.(*ast.Ident)
	if !ok || f == nil {
		return -1
	}
	at := 0
	for _, field := range f.Type.Params.List {
		for _, n := range field.Names {
			if n.Name == name.Name {
				return at
			}
			at++
		}
	}
	return -1
}

// literal is the string that literals and sums of them come to.
func literal(x ast.Expr) (string, bool) {
	switch x := x.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(x.Value)
		return text, err == nil && x.Kind == token.STRING
	case *ast.ParenExpr:
		return literal(x.X)
	case *ast.BinaryExpr:
		a, ok := literal(x.X)
		b, also := literal(x.Y)
		return a + b, ok && also && x.Op == token.ADD
	}
	return "", false
}

func madeByHand(of ast.Expr) bool {
	switch x := of.(type) {
	case *ast.ArrayType:
		return madeByHand(x.Elt)
	case *ast.SelectorExpr:
		from, ok := x.X.(*ast.Ident)
		return ok && from.Name == "fault" && slices.Contains([]string{"Field", "Fields", "Error"}, x.Sel.Name)
	}
	return false
}

var verb = regexp.MustCompile(`%[-+# 0]*(?:\[(\d+)\])?[\d.]*([a-zA-Z%])`)

// verbsOf are the verbs of a format by the argument that each is for.
func verbsOf(format string) map[int]string {
	out, next := map[int]string{}, 1
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[2] == "%" {
			continue
		}
		if m[1] != "" {
			next, _ = strconv.Atoi(m[1])
		}
		out[next] = m[2]
		next++
	}
	return out
}
