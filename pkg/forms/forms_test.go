package forms_test

import (
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/forms"
	"github.com/motcua/motcua/pkg/worktime"
)

var zone = time.FixedZone("+07", 7*3600)

func paper() forms.Paper {
	accepted := time.Date(2026, 2, 5, 2, 3, 0, 0, time.UTC)
	return forms.Paper{
		Zone: zone, Receiving: "Xã Một", Deciding: "Sở Thử", Components: []string{"Đơn <đề nghị>"}, Lookup: "/tra-cuu",
		Dossier: dossier.Dossier{
			Code: "H99.X1-260205-0001", Applicant: dossier.Person{Name: `<script>alert("x")</script>`, Address: "Số 1 & 2"}, AcceptedAt: &accepted,
			Procedure: dossier.Procedure{Name: "Cấp giấy phép", Code: "9.000001"},
			Basis: &dossier.Basis{
				Term:        worktime.Term{Value: worktime.Whole(5), Unit: worktime.WorkingDay},
				Reappointed: []worktime.Term{{Value: worktime.Whole(3), Unit: worktime.WorkingDay}},
			},
		},
		Promise: dossier.Promise{
			No: 2, Kind: dossier.Reappointed, MadeAt: accepted, Mark: dossier.Mark{DueAt: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)},
			Why: dossier.Why{Reason: "chờ ý kiến", Form: &dossier.Form{Act: "TT 03/2025/TT-VPCP", Number: "04", Title: "Văn bản xin lỗi"}},
		},
		Before: dossier.Promise{No: 1, Mark: dossier.Mark{DueAt: time.Date(2026, 1, 31, 10, 0, 0, 0, time.UTC)}},
	}
}

func TestAPaperSaysWhatItsFormAsksFor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		print func(forms.Paper) ([]byte, error)
		words []string
	}{
		"receipt": {forms.Receipt, []string{
			"H99.X1-260205-0001", "Đơn &lt;đề nghị&gt;", "5 ngày làm việc", "09 giờ 03 phút, ngày 05 tháng 02 năm 2026", "17 giờ 00 phút, ngày 05 tháng 3 năm 2026",
			"Số 1 &amp; 2",
		}},
		"apology": {forms.Apology, []string{
			"Văn bản xin lỗi", "TT 03/2025/TT-VPCP, mẫu số 04", "ngày 31 tháng 01 năm 2026", "thêm 3 ngày làm việc", "chờ ý kiến", "Asked for too late",
		}},
	} {
		body, err := c.print(paper())
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range append(c.words, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") {
			if !strings.Contains(string(body), word) {
				t.Errorf("the %s lacks %q", name, word)
			}
		}
		if strings.Contains(string(body), "<script>") {
			t.Errorf("the %s runs what an applicant calls himself", name)
		}
	}
}

func TestADossierWithoutADateHasAReceiptThatSaysSo(t *testing.T) {
	t.Parallel()
	p := paper()
	p.Promise, p.Dossier.Basis = dossier.Promise{}, &dossier.Basis{Term: worktime.Term{Unit: worktime.NoAppointment}}
	body, err := forms.Receipt(p)
	if err != nil || !strings.Contains(string(body), "không hẹn ngày") {
		t.Errorf("%v\n%s", err, body)
	}
}
