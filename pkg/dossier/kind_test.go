package dossier_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"

	"github.com/motcua/motcua/pkg/dossier"
)

// Who declares all kinds ahead, as an event log does, relies on the list.
func TestNoKindOfEventIsForgottenInTheList(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "event.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := v.Type.(*ast.Ident); !ok || kind.Name != "Kind" {
			return true
		}
		name, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
		if err != nil || !slices.Contains(dossier.Kinds, dossier.Kind(name)) {
			t.Errorf("%s is not in Kinds", name)
		}
		found++
		return true
	})
	if found != len(dossier.Kinds) {
		t.Errorf("Kinds has %d, the source %d", len(dossier.Kinds), found)
	}
}
