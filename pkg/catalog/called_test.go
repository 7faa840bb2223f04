package catalog_test

import (
	"testing"

	"github.com/motcua/motcua/pkg/catalog"
)

func TestAnAgencyIsKnownHoweverItsNameIsWritten(t *testing.T) {
	t.Parallel()
	province := catalog.Agency{Kind: catalog.ProvinceCommittee, Name: "Ủy ban nhân dân tỉnh Hậu Giang (tỉnh minh họa)", ShortName: "Tỉnh Hậu Giang"}
	city := catalog.Agency{Kind: catalog.DistrictCommittee, Name: "Ủy ban nhân dân thành phố Vị Thanh"}
	ward := catalog.Agency{Kind: catalog.CommuneCommittee, Code: "MH31318", Identifier: "H30.21.01", Name: "Ủy ban nhân dân phường I", ShortName: "UBND phường I"}
	for text, want := range map[string]bool{
		"Ủy ban nhân dân phường I": true, "UBND phường I": true, "Uỷ ban nhân dân Phường I": true, "  phuong  i ": true, "Phường I": true, "UBND phường I.": true,
		"mh31318": true, "H30.21.01": true, "UBND phường I (bà Lan)": true, "UBND phường I, TP. Vị Thanh": true, "UBND P. I": false,
		"UBND phường I thuộc UBND thành phố Vị Thanh, tỉnh Hậu Giang": true, "UBND phường I, Vị Thanh": true,
		"UBND phường II": false, "UBND phường I, thành phố Ngã Bảy": false, "Công an phường I": false, "Ủy ban nhân dân": false, "UBND": false, "": false,
		"thành phố Vị Thanh": false, "UBND phường I và Chi cục Thuế": false,
	} {
		if got := ward.Called(text, city, province); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
	if !province.Called("UBND tỉnh Hậu Giang") || province.Called("") || (catalog.Agency{Name: "Ủy ban nhân dân"}).Called("UBND") {
		t.Error("the province itself")
	}
	unit := catalog.Agency{Kind: catalog.Department, Name: "Phòng Thẩm định"}
	if office := (catalog.Agency{Kind: catalog.Department, Name: "Sở Thử"}); !unit.Called("Phòng Thẩm định - Sở Thử", office) || unit.Called("Phòng Thẩm định khác", office) {
		t.Error("a unit with the name of its office")
	}
}

func TestAnAgencyIsKnownByItsInitialsAndItsHeads(t *testing.T) {
	t.Parallel()
	province := catalog.Agency{Kind: catalog.ProvinceCommittee, Name: "Ủy ban nhân dân tỉnh Hậu Giang"}
	office := catalog.Agency{Kind: catalog.Department, Name: "Sở Tài nguyên và Môi trường"}
	for text, want := range map[string]bool{
		"Sở TNMT": true, "Sở TN&MT": true, "sở tài nguyên & môi trường": true, "STNMT": true, "Sở TN và MT": true, "sở tài nguyên môi trường": true,
		"Giám đốc Sở Tài nguyên và Môi trường": true, "Phó giám đốc Sở TNMT": true, "Sở TNM": false, "Sở TM": false, "Sở": false, "MT": false, "Sở Tài chính": false,
	} {
		if got := office.Called(text, province); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
	for text, want := range map[string]bool{
		"Phòng Đất đai, Sở Tài nguyên và Môi trường": true, "Phòng Đất đai - Sở TNMT tỉnh Hậu Giang": true, "Phòng Đất đai": false, "Bộ Tài nguyên và Môi trường": false,
		"Sở Tài nguyên và Môi trường và Cục Thuế": false,
	} {
		if got := office.Within(text, province); got != want {
			t.Errorf("within, %q: %t", text, got)
		}
	}
	ward := catalog.Agency{Kind: catalog.CommuneCommittee, Name: "Ủy ban nhân dân phường I"}
	if ward.Within("Công an phường I") || !ward.Called("Chủ tịch UBND phường I") {
		t.Error("who is of a ward's committee and who is not")
	}
	centre := catalog.Agency{Kind: catalog.OneStopCentre, Name: "Trung tâm Phục vụ hành chính công tỉnh Hậu Giang"}
	if !centre.Called("Trung tâm Phục vụ hành chính công") || centre.Called("Trung tâm") || centre.Called("Trung tâm Phục vụ hành chính") {
		t.Error("a centre without its place")
	}
}
