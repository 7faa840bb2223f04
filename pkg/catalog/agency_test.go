package catalog_test

import (
	"testing"

	"github.com/motcua/motcua/pkg/catalog"
)

func TestALetterIsWrittenFromTheUnitOfTheCommittee(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Ủy ban nhân dân tỉnh Hà Giang":                  "Hà Giang",
		"Uỷ ban nhân dân Phường Ninh Kiều":               "Ninh Kiều",
		"UBND xã An Bình":                                "An Bình",
		"Ủy ban nhân dân thị trấn Cái Tắc":               "Cái Tắc",
		"Ủy ban nhân dân tỉnh Hậu Giang (tỉnh minh họa)": "Hậu Giang",
		"Ủy ban nhân dân phường 12":                      "Phường 12",
		"Ủy ban nhân dân thành phố Hồ Chí Minh":          "Thành phố Hồ Chí Minh",
		"Ủy ban nhân dân thành phố Cần Thơ":              "Cần Thơ",
		"Xã Một":          "Một",
		"Ủy ban nhân dân": "",
		"":                "",
	} {
		if got := (catalog.Agency{Kind: catalog.CommuneCommittee, Name: name}).Place(); got != want {
			t.Errorf("%q writes from %q, not %q", name, got, want)
		}
	}
	if got := (catalog.Agency{Kind: catalog.Department, Name: "Sở Thử"}).Place(); got != "" {
		t.Errorf("a department is no place: %q", got)
	}
}
