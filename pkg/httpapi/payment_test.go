package httpapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/staff"
)

// A charge that differs by channel and a levy that does not.
const feeRecord = `{"code":"9.000004","name":"Cấp phiếu thử","field":"Y tế","levels":["province"],"agency":["Sở Thử"],"status":"ACTIVE","online":"toan_trinh","deadlines":[{"value":3,"unit":"WORKING_DAY"}],"fees":[{"kind":"FEE","channel":"DIRECT","value_vnd":200000},{"kind":"FEE","channel":"ONLINE","value_vnd":100000,"due":"BEFORE"},{"kind":"SERVICE_FEE","value_vnd":30000,"note":"Lệ phí cấp phiếu"}]}`

// withFees is a dossier of the procedure with a charge and a levy, by the channel.
func (c *counter) withFees(channel string) string {
	c.t.Helper()
	must(c.t)(c.office.ImportProcedures(c.t.Context(), staff.System(), c.clock(), strings.NewReader(feeRecord), nil))
	var receipt struct{ Code string }
	body := strings.NewReplacer("9.000001", "9.000004", "IN_PERSON", channel).Replace(newDossier)
	c.want(http.StatusCreated, "POST", "/api/v1/dossiers", c.tokens[staff.Clerk], body).into(c.t, &receipt)
	return receipt.Code
}

// paid is what these tests look at in a dossier.
type paid struct {
	Version    int
	State      string
	AcceptBy   string `json:"accept_by"`
	AnswerBy   string `json:"answer_by"`
	FinishedAt string `json:"finished_at"`
	Timing     string
	Suspended  bool
	Fees       []struct {
		No    int
		Kind  string
		VND   *int64
		Due   string
		State string
	}
	FeeTotals struct{ Due, Paid, Refunded, Open int64 } `json:"fee_totals"`
	Refund    struct {
		Fees    []int
		Reason  string
		AskedBy struct{ Name string } `json:"asked_by"`
	}
	Actions []struct {
		Action, Code string
		Allowed      bool
	}
	Holder, Helped, Returning struct{ Code string }
	Resumptions               []struct {
		State, Reason string
		FinishedAt    string `json:"finished_at"`
	}
}

func (c *counter) see(code string) paid {
	c.t.Helper()
	var d paid
	c.want(200, "GET", "/api/v1/dossiers/"+code, c.tokens[staff.Supervisor], "").into(c.t, &d)
	return d
}

// do acts on the dossier as it is now.
func (c *counter) do(status int, code, action string, who staff.Role, body string) answer {
	c.t.Helper()
	return c.want(status, "POST", "/api/v1/dossiers/"+code+"/actions/"+action, c.tokens[who], body, fmt.Sprintf(`If-Match: "%d"`, c.see(code).Version))
}

// refund is asked for by an officer and granted by the head.
func (c *counter) refund(code, reason string, fee int) {
	c.t.Helper()
	c.do(200, code, "refund-fees", staff.Officer, fmt.Sprintf(`{"reason":%q,"fees":[{"no":%d}]}`, reason, fee))
	c.do(200, code, "approve-refund", staff.Supervisor, "")
}

func (d paid) allowed(action string) (bool, string) {
	for _, a := range d.Actions {
		if a.Action == action {
			return a.Allowed, a.Code
		}
	}
	return false, "no such action"
}

func (a answer) has(t *testing.T, all ...string) {
	t.Helper()
	for _, s := range all {
		if !strings.Contains(a.body, s) {
			t.Errorf("%s is not in %s", s, a.body)
		}
	}
}

func TestAnOnlineDossierIsAcceptedOnceItsPrepaidFeeIsPaid(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		code := c.withFees("ONLINE")
		d := c.see(code)
		if len(d.Fees) != 2 || *d.Fees[0].VND != 100000 || d.Fees[0].Due != "BEFORE" || d.Fees[1].Kind != "LEVY" || d.Fees[1].Due != "AFTER" {
			t.Fatalf("%+v", d.Fees)
		}
		before := d.AcceptBy
		if ok, why := d.allowed("accept"); ok || why != "fees-open" {
			t.Fatalf("accept: %v %s", ok, why)
		}
		c.do(409, code, "accept", staff.Clerk, "").has(t, "fees-open", "100000")
		c.do(200, code, "bill-fees", staff.Clerk, `{"fees":[{"no":1}]}`)
		c.moveTo("2026-11-03T09:00:00+07:00")
		c.do(422, code, "pay-fees", staff.Clerk, `{"fees":[{"no":1,"method":"CASH","receipt":{"number":" "}},{"no":7},{"no":2,"vnd":1}]}`).
			has(t, "fees[0].receipt.number", "fees[1].no", "fees[2].vnd", "fees[2].method", "fees[2].receipt.number")
		c.do(200, code, "pay-fees", staff.Clerk, `{"fees":[{"no":1,"method":"ONLINE","receipt":{"number":"FT0001"}}]}`)
		d = c.see(code)
		if d.Fees[0].State != "PAID" || d.AcceptBy <= before || d.State != "1" {
			t.Fatalf("%+v, before %s", d, before)
		}
		c.do(200, code, "accept", staff.Clerk, "")
		if diff := cmp.Diff(struct{ Due, Paid, Refunded, Open int64 }{130000, 100000, 0, 30000}, c.see(code).FeeTotals); diff != "" {
			t.Fatal(diff)
		}
		c.sound()
	})
}

func TestAResultLeavesWhenItsFeesArePaidOrASuperiorSaysWhy(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		code := c.withFees("IN_PERSON")
		c.do(200, code, "hand-over", staff.Clerk, "")
		c.do(200, code, "take", staff.Officer, "")
		c.do(422, code, "request-payment", staff.Officer, "").has(t, "fees")
		c.do(422, code, "request-payment", staff.Officer, `{"fees":[{"no":9},{"vnd":-5}]}`).has(t, "fees[0].no", "fees[1].kind", "fees[1].vnd")
		c.do(200, code, "request-payment", staff.Officer, `{"fees":[{"no":1},{"kind":"DUTY","name":"Tiền sử dụng đất","vnd":5000000}]}`)
		d := c.see(code)
		if d.State != "6" || d.Suspended || len(d.Fees) != 3 || d.Fees[2].State != "PENDING" || d.Fees[1].State != "UNPAID" {
			t.Fatalf("%+v", d)
		}
		c.do(409, code, "confirm-payment", staff.Clerk, "").has(t, "fees-open")
		c.do(200, code, "pay-fees", staff.Clerk, `{"fees":[{"no":3,"method":"TRANSFER","receipt":{"number":"UNC-7"}}]}`)
		c.do(422, code, "exempt-fees", staff.Clerk, `{"fees":[{"no":1}]}`).has(t, "fees[0].class", "fees[0].basis")
		c.do(422, code, "exempt-fees", staff.Clerk, `{"fees":[{"no":1,"class":"x","basis":"Luật"}]}`).has(t, "fees[0].class", "fees[0].basis", "too-short")
		c.do(200, code, "exempt-fees", staff.Clerk, `{"fees":[{"no":1,"class":"Người có công","basis":"Điều 10 Luật thử"}]}`)
		c.do(200, code, "confirm-payment", staff.Clerk, "")
		c.do(200, code, "complete-step", staff.Officer, "")
		c.do(200, code, "finish", staff.Supervisor, `{"result":{"summary":"Phiếu","number":"12/P"}}`)
		out := `"handed_out":{"method":"IN_PERSON"}`
		c.do(409, code, "return", staff.Clerk, `{`+out+`}`).has(t, "fees-open", "30000")
		c.do(422, code, "return", staff.Supervisor, `{`+out+`}`).has(t, "reason")
		c.do(200, code, "return", staff.Supervisor, `{"reason":"Máy thu hỏng, thu sau qua bưu điện",`+out+`}`)
		c.do(422, code, "refund-fees", staff.Clerk, `{"fees":[{"no":3},{"no":2}]}`).has(t, "reason", "fees[1].no")
		c.refund(code, "thu thừa", 3)
		c.do(200, code, "cancel-fees", staff.Supervisor, `{"reason":"miễn theo quyết định","fees":[{"no":2}]}`)
		if diff := cmp.Diff(struct{ Due, Paid, Refunded, Open int64 }{5000000, 0, 5000000, 0}, c.see(code).FeeTotals); diff != "" {
			t.Fatal(diff)
		}
		var list struct {
			Items []struct {
				VND    int64
				Refund bool
				Kind   string
			}
			Sums []struct {
				Kind           string
				Paid, Refunded int64
			}
			Next string
		}
		c.want(200, "GET", "/api/v1/payments?from=2026-11-02&to=2026-11-02&limit=1", c.tokens[staff.Clerk], "").into(t, &list)
		if len(list.Items) != 1 || !list.Items[0].Refund || list.Items[0].VND != 5000000 || list.Next == "" || list.Sums[2].Paid != 5000000 || list.Sums[2].Refunded != 5000000 {
			t.Fatalf("%+v", list)
		}
		c.want(200, "GET", "/api/v1/payments?from=2026-11-02&to=2026-11-02&limit=1&after="+list.Next, c.tokens[staff.Clerk], "").into(t, &list)
		if len(list.Items) != 1 || list.Items[0].Refund {
			t.Fatalf("%+v", list)
		}
		c.want(200, "GET", "/api/v1/payments?from=2026-11-02&format=csv", c.tokens[staff.Clerk], "").has(t, "UNC-7", "5000000", "receipt_number")
		c.sound()
	})
}

func TestAPrepaidFeeThatWasRefundedIsUnpaidAgain(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		code := c.withFees("ONLINE")
		pay := func(number string) {
			c.do(200, code, "pay-fees", staff.Clerk, `{"fees":[{"no":1,"method":"ONLINE","receipt":{"number":"`+number+`"}}]}`)
		}
		refund := func() {
			c.refund(code, "Trả nhầm tài khoản", 1)
		}
		pay("FT0001")
		refund()
		if ok, why := c.see(code).allowed("accept"); ok || why != "fees-open" {
			t.Fatalf("accept: %v %s", ok, why)
		}
		c.do(409, code, "accept", staff.Clerk, "").has(t, "fees-open", "100000")
		if diff := cmp.Diff(struct{ Due, Paid, Refunded, Open int64 }{130000, 0, 100000, 130000}, c.see(code).FeeTotals); diff != "" {
			t.Fatal(diff)
		}
		c.moveTo("2026-11-02T15:00:00+07:00")
		pay("FT0002")
		d := c.see(code)
		if !strings.HasPrefix(d.AcceptBy, "2026-11-03T15:00:00") || d.FeeTotals.Paid != 100000 || d.FeeTotals.Refunded != 0 {
			t.Fatalf("%+v", d)
		}
		c.moveTo("2026-11-03T16:00:00+07:00") // an hour late
		refund()
		pay("FT0003")
		if late := c.see(code); late.AcceptBy != d.AcceptBy {
			t.Fatalf("a refund moved the limit that had passed from %s to %s", d.AcceptBy, late.AcceptBy)
		}
		refund()
		c.do(200, code, "exempt-fees", staff.Clerk, `{"fees":[{"no":1,"class":"Hộ nghèo","basis":"Điều 10 Luật thử"}]}`)
		c.do(200, code, "accept", staff.Clerk, "")
		if diff := cmp.Diff(struct{ Due, Paid, Refunded, Open int64 }{30000, 0, 0, 30000}, c.see(code).FeeTotals); diff != "" {
			t.Fatal(diff)
		}
		c.sound()
	})
}

func TestARefundTakesTwoPersons(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		code := c.withFees("IN_PERSON")
		c.do(409, code, "refund-fees", staff.Clerk, `{"reason":"x","fees":[{"no":1}]}`).has(t, "no-fees")
		c.do(200, code, "pay-fees", staff.Clerk, `{"fees":[{"no":1,"method":"TRANSFER","receipt":{"number":"1"}}]}`)
		c.do(200, code, "pay-fees", staff.Supervisor, `{"fees":[{"no":2,"method":"TRANSFER","receipt":{"number":"2"}}]}`)
		c.do(409, code, "approve-refund", staff.Supervisor, "").has(t, "no-refund")
		c.do(409, code, "refuse-refund", staff.Supervisor, `{"reason":"x"}`).has(t, "no-refund")

		c.do(200, code, "refund-fees", staff.Clerk, `{"reason":"Thu hai lần","fees":[{"no":1}]}`)
		d := c.see(code)
		if d.Refund.Reason != "Thu hai lần" || len(d.Refund.Fees) != 1 || d.Refund.AskedBy.Name == "" || d.FeeTotals.Paid != 230000 || d.Fees[0].State != "PAID" {
			t.Fatalf("asking moved money: %+v", d)
		}
		c.want(200, "GET", "/api/v1/payments?from=2026-11-02&to=2026-11-02", c.tokens[staff.Supervisor], "").has(t, `"paid":200000,"refunded":0`)
		c.do(409, code, "refund-fees", staff.Officer, `{"reason":"x","fees":[{"no":2}]}`).has(t, "refund-pending")
		c.do(403, code, "approve-refund", staff.Clerk, "").has(t, "not-allowed")
		c.do(422, code, "refuse-refund", staff.Supervisor, "").has(t, "reason")
		c.do(422, code, "approve-refund", staff.Supervisor, `{"fees":[{"no":2}]}`).has(t, "fees", "not-here")
		c.do(200, code, "refuse-refund", staff.Supervisor, `{"reason":"Chưa đủ chứng từ"}`)
		if d := c.see(code); d.Refund.Reason != "" || d.FeeTotals.Paid != 230000 {
			t.Fatalf("refused: %+v", d)
		}

		c.do(200, code, "refund-fees", staff.Clerk, `{"reason":"Thu hai lần, có chứng từ","fees":[{"no":1}]}`)
		c.do(200, code, "approve-refund", staff.Supervisor, `{"reason":"Đồng ý"}`)
		if diff := cmp.Diff(struct{ Due, Paid, Refunded, Open int64 }{230000, 30000, 200000, 0}, c.see(code).FeeTotals); diff != "" {
			t.Fatal(diff)
		}
		c.want(200, "GET", "/api/v1/payments?from=2026-11-02&to=2026-11-02", c.tokens[staff.Supervisor], "").
			has(t, `"paid":200000,"refunded":200000`, `"reason":"Thu hai lần, có chứng từ"`, `"asked_by"`)

		c.do(200, code, "refund-fees", staff.Supervisor, `{"reason":"thu thừa","fees":[{"no":2}]}`)
		c.do(403, code, "approve-refund", staff.Supervisor, "").has(t, "second-person-required", "asks for")
		other := c.withFees("IN_PERSON")
		c.do(200, other, "pay-fees", staff.Supervisor, `{"fees":[{"no":1,"method":"TRANSFER","receipt":{"number":"3"}}]}`)
		c.do(200, other, "refund-fees", staff.Clerk, `{"reason":"thu thừa","fees":[{"no":1}]}`)
		if ok, why := c.see(other).allowed("approve-refund"); ok || why != "second-person-required" {
			t.Fatalf("whoever took the money: %v %s", ok, why)
		}
		c.do(403, other, "approve-refund", staff.Supervisor, "").has(t, "second-person-required", "took the money")
		c.do(200, other, "refuse-refund", staff.Supervisor, `{"reason":"để người khác duyệt"}`)
		c.sound()
	})
}

func TestAReceiptNumberIsUsedOnceByAnAgency(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		cash := func(no int, number string) string {
			return fmt.Sprintf(`{"no":%d,"method":"CASH","receipt":{"form":"01BLP0-001","series":"MH-26T","number":%q}}`, no, number)
		}
		first, second := c.withFees("IN_PERSON"), c.withFees("IN_PERSON")
		c.do(200, first, "pay-fees", staff.Clerk, `{"fees":[`+cash(1, "0000123")+`]}`)
		was := c.see(second)
		for _, number := range []string{"0000123", "123", " 0000123 "} {
			got := c.do(409, second, "pay-fees", staff.Clerk, `{"fees":[`+cash(1, number)+`]}`)
			p := got.problem(t)
			if p.Code != "receipt-taken" || len(p.Errors) != 1 || p.Errors[0].Field != "fees[0].receipt.number" || strings.Contains(got.body, first) {
				t.Errorf("%s", got.body)
			}
		}
		c.do(409, first, "pay-fees", staff.Clerk, `{"fees":[`+cash(2, "123")+`]}`) // nor for another fee of the same
		p := c.do(409, second, "pay-fees", staff.Clerk, `{"fees":[{"no":2,"method":"TRANSFER","receipt":{"number":"9"}},`+cash(1, "123")+`]}`).problem(t)
		if len(p.Errors) != 1 || p.Errors[0].Field != "fees[1].receipt.number" {
			t.Errorf("%+v", p)
		}
		if d := c.see(second); d.Version != was.Version || d.FeeTotals.Paid != 0 {
			t.Fatalf("a refusal left something behind: %+v", d)
		}
		c.do(200, second, "pay-fees", staff.Clerk, `{"fees":[{"no":2,"method":"TRANSFER","receipt":{"number":"9"}}]}`) // 9 was given back with the rest
		c.do(200, second, "pay-fees", staff.Supervisor, `{"fees":[`+cash(1, "0000123")+`]}`)                           // another agency has receipts of its own

		c.refund(first, "Thu nhầm", 1)
		third := c.withFees("ONLINE")
		c.do(200, third, "pay-fees", staff.Clerk, `{"fees":[`+cash(1, "124")+`]}`)
		c.refund(third, "Thu nhầm", 1)
		c.do(409, third, "pay-fees", staff.Clerk, `{"fees":[`+cash(1, "123")+`]}`).has(t, "receipt-taken") // given back, yet written
		c.do(409, third, "pay-fees", staff.Clerk, `{"fees":[`+cash(1, "124")+`]}`).has(t, "receipt-taken")
		c.do(200, third, "pay-fees", staff.Clerk, `{"fees":[`+cash(1, "125")+`]}`)
		fourth := c.withFees("IN_PERSON")
		c.do(409, fourth, "pay-fees", staff.Clerk, `{"fees":[`+cash(1, "124")+`]}`).has(t, "receipt-taken") // nor by somebody else
		c.sound()
	})
}

func TestTwoCountersWithOneReceiptNumber(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		const many = 8
		codes := make([]string, many)
		for i := range codes {
			codes[i] = c.withFees("IN_PERSON")
		}
		statuses := make(chan int, many)
		for _, code := range codes {
			go func() {
				statuses <- c.ask("POST", "/api/v1/dossiers/"+code+"/actions/pay-fees", c.tokens[staff.Clerk],
					`{"fees":[{"no":1,"method":"TRANSFER","receipt":{"number":"77"}}]}`, "Content-Type: application/json", `If-Match: "1"`).status
			}()
		}
		got := map[int]int{}
		for range codes {
			got[<-statuses]++
		}
		if got[200] != 1 || got[409] != many-1 {
			t.Fatalf("%v", got)
		}
		c.sound()
	})
}
