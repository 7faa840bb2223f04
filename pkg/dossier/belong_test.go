package dossier_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/motcua/motcua/pkg/dossier"
)

// Whatever an event can say belongs to some kinds of events and to no other: a field that the table forgets could stand in any.
func TestEveryFactBelongsSomewhere(t *testing.T) {
	t.Parallel()
	fields := reflect.TypeFor[dossier.Facts]()
	for i := range fields.NumField() {
		var f dossier.Facts
		name := fields.Field(i).Name
		switch v := reflect.ValueOf(&f).Elem().Field(i); v.Kind() {
		case reflect.Pointer:
			v.Set(reflect.New(v.Type().Elem()))
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		case reflect.String:
			v.SetString("x")
		case reflect.Int:
			v.SetInt(1)
		case reflect.Bool:
			v.SetBool(true)
		default:
			t.Fatalf("%s is of a sort that this test does not know", name)
		}
		if found := dossier.Misplaced("NO_SUCH_KIND", f); len(found) != 1 || !strings.HasSuffix(found[0], " is nothing that NO_SUCH_KIND says") {
			t.Errorf("%s: %q", name, found)
		}
		somewhere := false
		for _, k := range dossier.Kinds {
			somewhere = somewhere || len(dossier.Misplaced(k, f)) == 0
		}
		if !somewhere {
			t.Errorf("no event says %s", name)
		}
	}
}
