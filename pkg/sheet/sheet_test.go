package sheet_test

import (
	"strings"
	"testing"

	"github.com/motcua/motcua/pkg/sheet"
)

func TestACellCannotBecomeAFormula(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"=1+1": "'=1+1", "+84": "'+84", "-1": "'-1", "@x": "'@x", "\tx": "'\tx", "\rx": "'\rx", "＝1": "'＝1", "Người": "Người", "": "", "a=b": "a=b",
	} {
		if got := sheet.Harmless(cell); got != want {
			t.Errorf("%q becomes %q, not %q", cell, got, want)
		}
	}
}

func TestATableIsOpenedAsItIsMeant(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	w := sheet.NewWriter(&b)
	for _, row := range [][]string{{"mã", "tên"}, {"=1", "a,\"b\""}} {
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if want := "\ufeffmã,tên\r\n'=1,\"a,\"\"b\"\"\"\r\n"; b.String() != want {
		t.Errorf("%q, not %q", b.String(), want)
	}
}
