package catalog_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/catalog"
)

func components(t *testing.T, list string) []catalog.Component {
	t.Helper()
	p, err := catalog.ReadRecord([]byte(`{"code":"1.000001","name":"Thử","components":` + list + `}`))
	if err != nil {
		t.Fatal(err)
	}
	return p.Components
}

func TestCopiesAreReadWhereARecordGivesOneNumberOfOneKindAndQuotedElsewhere(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]catalog.Component{
		"Văn bản đề nghị":                                                            {},
		"Bản khai cá nhân (bản chính, 01 bản).":                                      {Copies: catalog.Copies{Original: 1}},
		"Hóa đơn thương mại: 01 bản chụp;":                                           {Copies: catalog.Copies{Copy: 1}},
		"+ 02 (hai) bản chính Danh sách hành khách (nếu có).":                        {Copies: catalog.Copies{Original: 2}, Optional: true},
		"01 bản sao có chứng thực giấy khai sinh":                                    {Copies: catalog.Copies{Certified: 1}},
		"03 bản sao công chứng":                                                      {Copies: catalog.Copies{Certified: 3}},
		"01 tờ khai theo mẫu":                                                        {Copies: catalog.Copies{Form: 1}},
		"Bản chính Tờ khai đề nghị hưởng trợ cấp":                                    {Note: "Bản chính Tờ khai"},
		"Bản chính hoặc bản sao kết quả xét nghiệm":                                  {Note: "Bản chính hoặc bản sao"},
		"Bản gốc chứng chỉ (01 bản) hoặc bản sao chứng chỉ (01 bản)":                 {Note: "Bản gốc chứng chỉ (01 bản) hoặc bản sao"},
		"01 bản chính và 02 bản sao hợp đồng":                                        {Copies: catalog.Copies{Original: 1, Copy: 2}},
		"Trường hợp nộp qua bưu chính: giấy ủy quyền":                                {Optional: true},
		"- Đối với tổ chức: giấy giới thiệu":                                         {Optional: true},
		"Giấy tờ áp dụng trong trường hợp đặc biệt":                                  {},
		"Quyết định số 12 bản hành":                                                  {},
		"Đơn đề nghị theo Mẫu số 01":                                                 {},
		"Ủy ban chính quyền địa phương xác nhận theo Nghị định số 77/2023/NĐ-CP (ví": {},
	} {
		want.Name = name
		list, err := json.Marshal([]string{name})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]catalog.Component{want}, components(t, string(list))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestNumbersOfARecordAreTakenAndWhatIsNoNumberIsQuoted(t *testing.T) {
	t.Parallel()
	got := components(t, `[{"TENGIAYTO":"Giấy khai sinh","SOBANCHINH":"1","SOBANSAO":2},{"name":"Sổ","original":"1 hoặc 2","certified":1,"optional":true},
		{"name":"Đơn","copy":-1,"form":100}]`)
	want := []catalog.Component{
		{Name: "Giấy khai sinh", Copies: catalog.Copies{Original: 1, Copy: 2}},
		{Name: "Sổ", Copies: catalog.Copies{Certified: 1}, Optional: true, Note: "bản chính: 1 hoặc 2"},
		{Name: "Đơn", Note: "bản sao: -1; tờ khai: 100"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := catalog.ReadRecord([]byte(`{"code":"1.000001","name":"Thử","components":[{"original":1}]}`)); err == nil {
		t.Error("a component without a name is read")
	}
}

// A procedure that was imported before copies were read, and that a person has set terms of since, must not count as changed.
func TestReadingCopiesDoesNotMakeARecordAnother(t *testing.T) {
	t.Parallel()
	p, err := catalog.ReadRecord([]byte(`{"code":"1.000001","name":"Thử","components":["01 bản chính đơn (nếu có)"]}`))
	if err != nil {
		t.Fatal(err)
	}
	const before = "b66e663ebf9e3b7f9c6164a755ac0945032a2ebd53213cd967c2a77bef532447"
	if p.RecordHash != before {
		t.Errorf("the fingerprint is %s", p.RecordHash)
	}
}
