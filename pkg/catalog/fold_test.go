package catalog_test

import (
	"testing"

	"github.com/motcua/motcua/pkg/catalog"
)

func TestSpellingsOfOneTextFoldToTheSame(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"Đăng ký khai sinh", "dang ky khai sinh", "ĐĂNG KÝ  KHAI\u00a0SINH", " đăng ký\nkhai sinh ", "Đa\u0306ng ky\u0301 khai sinh"},
		{"hoà giải", "hòa giải", "Hoa giai"},
		{"Xã Vị Thuỷ", "Xã Vị Thủy", "xa vi thuy"},
		{"Ưu đãi người có công", "uu dai nguoi co cong"},
	} {
		for _, s := range same {
			if got, want := catalog.Fold(s), catalog.Fold(same[len(same)-1]); got != want {
				t.Errorf("Fold(%q) = %q, want %q", s, got, want)
			}
		}
	}
	if got := catalog.Fold("Số 5, lô A-1"); got != "so 5, lo a-1" {
		t.Errorf("digits and punctuation stay: got %q", got)
	}
}
