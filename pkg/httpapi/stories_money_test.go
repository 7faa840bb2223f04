package httpapi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLivesInWhichMoneyAndPapersGoBack(t *testing.T) {
	t.Parallel()
	tell(t, []story{
		{"fees by variant are paid, exempt and given back", feesGoBack},
		{"four counters, a proxy and the post", fourCounters},
		{"a result leaves from another counter than was chosen", otherCounter},
	})
}

// cash is a payment over the counter.
func cash(no int, number string) string {
	return fmt.Sprintf(`{"fees":[{"no":%d,"method":"CASH","receipt":{"form":"01BLP0-001","series":"MH-26T","number":%q}}]}`, no, number)
}

// owes says due, paid, refunded and open, in thousands of đồng.
func (d *file) owes(want string) {
	d.s.t.Helper()
	n := d.s.see(d.Code).FeeTotals
	if got := fmt.Sprintf("due %d paid %d refunded %d open %d", n.Due/1000, n.Paid/1000, n.Refunded/1000, n.Open/1000); got != want {
		d.s.t.Errorf("%s, not %s", got, want)
	}
}

// took says what a counter took and gave back, in thousands of đồng: charges, levies, duties.
func (s *teller) took(who, want string) {
	s.t.Helper()
	var list struct {
		Sums []struct{ Paid, Refunded int64 }
	}
	s.want(200, "GET", "/api/v1/payments?from=2026-11-01&to=2026-11-30", s.who(who), "").into(s.t, &list)
	var got []string
	for _, x := range list.Sums {
		got = append(got, fmt.Sprintf("%d-%d", x.Paid/1000, x.Refunded/1000))
	}
	if got := strings.Join(got, " "); got != want {
		s.t.Errorf("payments: %s, not %s", got, want)
	}
}

func feesGoBack(s *teller) {
	s.tokens["SUPERVISOR"] = s.who("head 92") // whose eyes see uses
	s.at("2026-11-09 08:00")                  // Monday
	repair := s.arrives("clerk VT", housePermit, "IN_PERSON", `"variant":"`+housePermit+`.02"`)
	repair.promised("FIRST 2026-11-18 17:00") // 7 working days
	repair.owes("due 225 paid 0 refunded 0 open 225")
	build := s.arrives("clerk VT", housePermit, "IN_PERSON", `"variant":"`+housePermit+`.01"`)
	build.promised("FIRST 2026-11-23 17:00")
	build.owes("due 75 paid 0 refunded 0 open 75")
	repair.does("clerk VT", "exempt-fees", `{"fees":[{"no":2,"class":"Hộ nghèo","basis":"Nghị quyết HĐND"}]}`)
	repair.owes("due 150 paid 0 refunded 0 open 150")
	repair.does("clerk VT", "pay-fees", cash(1, "0000041"))
	repair.owes("due 150 paid 150 refunded 0 open 0")

	s.at("2026-11-09 08:20")
	build.cannot("clerk VT", "pay-fees", cash(1, "0000041"), "409 receipt-taken")
	build.does("clerk VT", "pay-fees", cash(1, "0000042"))
	s.took("head VT", "150-0 75-0 0-0")
	elsewhere := s.arrives("clerk LM", housePermit, "IN_PERSON", `"variant":"`+housePermit+`.01"`)
	elsewhere.does("clerk LM", "pay-fees", cash(1, "0000041")) // a book of receipts of their own
	s.took("head 92", "150-0 150-0 0-0")

	s.at("2026-11-10 09:00") // the design needs no appraisal: the charge goes back
	repair.does("officer XD", "refund-fees", `{"reason":"Không phải thẩm định thiết kế","fees":[{"no":1}]}`)
	repair.owes("due 150 paid 150 refunded 0 open 0")
	repair.cannot("clerk VT", "refund-fees", `{"reason":"lại","fees":[{"no":1}]}`, "409 refund-pending")
	repair.cannot("officer XD", "approve-refund", "", "403 not-allowed")
	repair.cannot("head XD", "approve-refund", "", "403 not-your-agency")
	s.took("head VT", "150-0 75-0 0-0")
	s.at("2026-11-12 16:00")
	repair.does("head VT", "approve-refund")
	repair.owes("due 150 paid 0 refunded 150 open 0")
	s.took("head VT", "150-150 75-0 0-0")
	repair.tells("RECEIVED FEES_EXEMPTED FEES_PAID REFUND_REQUESTED FEES_REFUNDED")

	s.at("2026-11-17 10:00")
	repair.through("XD")
	repair.is("9 EARLY")
	repair.does("clerk VT", "return", overCounter) // nothing is open
	repair.prints("receipt control-slip hand-over")
	s.reports("from=2026-11-01&to=2026-11-30&agency=XD", "early 1, in_time 2, open 2, received 3, resolved 1")
}

func fourCounters(s *teller) {
	s.tokens["SUPERVISOR"] = s.who("head 92")
	s.at("2026-11-09 08:00")
	d := s.arrives("clerk LM", housePermit, "ONLINE", `"variant":"`+housePermit+`.01"`, `"helped_agency":"LM"`, `"receiving_agency":"VT"`, `"returning_agency":"LM"`)
	d.acceptBy("2026-11-10 08:00") // seven hours of the day are left, and one
	d.cannot("clerk VT", "accept", "", "409 fees-open")
	s.at("2026-11-09 09:00")
	d.does("clerk VT", "pay-fees", `{"fees":[{"no":1,"method":"ONLINE","receipt":{"number":"FT2631300001"}}]}`)
	d.acceptBy("2026-11-10 09:00")
	s.at("2026-11-09 14:00")
	d.does("clerk VT", "accept", `{"received":[{"no":1,"copies":{"form":1}},{"no":2,"copies":{"original":2}}]}`)
	d.promised("FIRST 2026-11-23 17:00")
	d.does("clerk VT", "hand-over")
	d.does("officer XD", "take")
	d.does("officer XD", "complete-step")

	s.at("2026-11-16 09:00")
	const elsewhere = `"return_choice":{"agency":"CA","method":"POST","address":"12 đường Thử, phường Thử"}`
	d.cannot("clerk LM", "change-return", `{`+elsewhere+`}`, "422 action-invalid")
	d.cannot("clerk LM", "change-return", `{"reason":"chuyển nhà"}`, "422 action-invalid")
	d.cannot("clerk LM", "change-return", `{"reason":"chuyển nhà","return_choice":{"agency":"không có"}}`, "422 agency-not-found")
	d.cannot("officer XD", "change-return", `{"reason":"chuyển nhà",`+elsewhere+`}`, "403 not-allowed")
	d.does("clerk LM", "change-return", `{"reason":"Người dân đề nghị vì chuyển chỗ ở",`+elsewhere+`}`)
	s.at("2026-11-20 10:00")
	d.does("head XD", "finish", withResult)
	d.heldBy("CA")

	s.at("2026-11-23 08:00")
	out := `{"handed_out":{"method":"POST","tracking":"EA1","party":"AUTHORISED","receiver":"Trần Văn Thay","document":"12/UQ","originals":["Bản vẽ có dấu đỏ"],"given_back":[%s]}}`
	d.cannot("clerk CA", "return", fmt.Sprintf(out, `{"no":2,"copies":{"original":3}}`), "422 action-invalid")
	d.cannot("clerk CA", "return", fmt.Sprintf(out, `{"no":9,"copies":{"original":1}}`), "422 action-invalid")
	d.cannot("clerk LM", "return", fmt.Sprintf(out, ""), "403 not-your-agency") // no longer theirs
	d.does("clerk CA", "return", fmt.Sprintf(out, `{"no":2,"copies":{"original":1}}`))
	d.is("10 EARLY")
	d.heldBy("CA")
	var x struct {
		Helped, Receiving, Deciding, Returning, Holder struct{ Code string }
		HandedOut                                      struct{ Address, Receiver, Document string } `json:"handed_out"`
		Parts                                          []struct {
			No            int
			OriginalsHeld int `json:"originals_held"`
		}
	}
	s.want(200, "GET", "/api/v1/dossiers/"+d.Code, s.who("clerk VT"), "").into(s.t, &x)
	got := fmt.Sprint(x.Helped.Code, x.Receiving.Code, x.Deciding.Code, x.Returning.Code, " ", x.HandedOut, " held ", x.Parts[0].OriginalsHeld, x.Parts[1].OriginalsHeld)
	if diff := cmp.Diff("LMVTXDCA {12 đường Thử, phường Thử Trần Văn Thay 12/UQ} held 0 1", got); diff != "" {
		s.t.Error(diff)
	}
	d.cannot("clerk VT", "return", overCounter, "409 already-returned")
	slip := s.want(200, "GET", "/api/v1/dossiers/"+d.Code+"/forms/hand-over?format=html", s.who("clerk CA"), "").body
	for _, words := range []string{"Giấy chứng nhận quyền sử dụng đất (1 bản chính); Bản vẽ có dấu đỏ", "Bản chính còn lưu trong hồ sơ", "người được ủy quyền", "EA1"} {
		if !strings.Contains(slip, words) {
			s.t.Errorf("the slip does not say %q", words)
		}
	}
	d.tells("REGISTERED FEES_PAID ACCEPTED HANDED_OVER STEP_TAKEN STEP_COMPLETED RETURN_CHANGED FINISHED RETURNED")
	for place, agency := range map[string]string{"helped": "LM", "received": "VT", "decided": "XD", "returned": "CA"} {
		s.reports("from=2026-11-01&to=2026-11-30&place="+place+"&agency="+agency, "early 1, received 1, resolved 1")
	}
	s.reports("from=2026-11-01&to=2026-11-30&place=returned&agency=LM", "")
}

func otherCounter(s *teller) {
	s.at("2026-11-09 08:00")
	d := s.arrives("clerk VT", buildingPermit, "IN_PERSON", `"returning_agency":"LM"`)
	s.at("2026-11-20 10:00")
	d.through("XD")
	d.heldBy("LM")
	d.does("clerk VT", "return", overCounter) // the applicant came back to where it was handed in
	d.heldBy("VT")
	d.cannot("clerk LM", "return", overCounter, "409 already-returned")
	if p := d.try("clerk LM", "return", overCounter).problem(s.t); p.DetailVI != "Kết quả đã được trả lúc 10:00 ngày 20/11/2026" ||
		p.DetailEN != "the result was handed out at 10:00 on 20 November 2026 already" {
		s.t.Errorf("a clerk reads %q, %q", p.DetailVI, p.DetailEN)
	}
	d.cannot("clerk VT", "return", overCounter, "409 already-returned")
	d.cannot("clerk LM", "change-return", `{"reason":"x","return_choice":{"agency":"CA"}}`, "409 wrong-state")
	s.reports("from=2026-11-01&to=2026-11-30&place=returned&agency=VT", "early 1, received 1, resolved 1")
	s.reports("from=2026-11-01&to=2026-11-30&place=returned&agency=LM", "")
}
