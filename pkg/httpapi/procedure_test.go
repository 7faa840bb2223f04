package httpapi_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/staff"
)

// Of the procedure whose record says that a payment stops the clock and that nothing is handed out, a decision says otherwise.
func TestWhatADecisionSaysOfPaymentsAndResultsIsShownAndOutlivesTheRecord(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		const path = "/api/v1/procedures/9.000001"
		type flags struct {
			PaymentStops bool `json:"payment_stops"`
			NoResult     bool `json:"no_result"`
		}
		holds := func(want flags) {
			t.Helper()
			var got flags
			if c.want(200, "GET", path, "", "").into(t, &got); got != want {
				t.Errorf("%+v, not %+v", got, want)
			}
		}
		published := func(words string) {
			t.Helper()
			line := strings.Replace(strings.SplitAfter(records, "\n")[0], `"status":"ACTIVE"`, `"status":"ACTIVE"`+words, 1)
			done, err := c.office.ImportProcedures(t.Context(), staff.System(), c.clock(), strings.NewReader(line), nil)
			if err != nil || done.Changed != 1 {
				t.Fatalf("%+v, %v", done, err)
			}
		}
		decided := func(words string) {
			t.Helper()
			c.want(200, "PUT", path+"/process", c.tokens[staff.Administrator],
				`{"decision":"QĐ 1","process":[{"name":"Ký","agency":"DECIDING","role":"SUPERVISOR"}]`+words+`}`)
		}
		published(`,"payment_stops":true,"no_result":"true"`)
		holds(flags{PaymentStops: true, NoResult: true})
		decided("")
		holds(flags{PaymentStops: true, NoResult: true})
		decided(`,"no_result":false`)
		holds(flags{PaymentStops: true})
		published(`,"payment_stops":false,"no_result":true`) // of payments nothing was decided
		holds(flags{})
		decided(`,"payment_stops":true`)
		published("")
		holds(flags{PaymentStops: true})
		c.want(400, "PUT", path+"/process", c.tokens[staff.Administrator], `{"decision":"QĐ 1","process":[],"no_result":"không"}`)

		// What is taken in from then on goes by it.
		var made struct{ Code string }
		c.want(201, "POST", "/api/v1/dossiers", c.tokens[staff.Clerk], newDossier).into(t, &made)
		d, err := c.store.DossierByCode(t.Context(), staff.System().Scope(), made.Code)
		if err != nil || !d.Procedure.PaymentStops || d.Procedure.NoResult {
			t.Errorf("%+v, %v", d.Procedure, err)
		}
	})
}

func TestTheFeesOfACaseAreShownWithTheirTime(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	const line = `{"code":"9.000007","name":"Cấp phép thử","levels":["province"],"cases":[{"code":"a","name":"mới","value":3,"unit":"WORKING_DAY",` +
		`"fees":[{"channel":"ONLINE","kind":"SERVICE_FEE","value_vnd":50000,"note":"lệ phí","due":"Thu trước"}]}],"fees":[{"kind":"FEE","value_vnd":1000,"due":"AT_RETURN"}]}`
	must(t)(c.office.ImportProcedures(t.Context(), staff.System(), c.clock(), strings.NewReader(line), nil))
	const path = "/api/v1/procedures/9.000007"
	want := []map[string]any{{"channel": "ONLINE", "kind": "LEVY", "vnd": 50000.0, "note": "lệ phí", "due": string(dossier.BeforeAcceptance)}}
	var shown struct {
		Fees     []map[string]any
		Variants []struct{ Fees []map[string]any }
	}
	check := func() {
		t.Helper()
		c.want(200, "GET", path, "", "").into(t, &shown)
		if diff := cmp.Diff(want, shown.Variants[0].Fees); diff != "" || shown.Fees[0]["due"] != "AT_RETURN" {
			t.Error(diff, shown.Fees)
		}
	}
	check()
	const terms = `{"reason":"Điều 3","variants":[{"code":"a","name":"mới","terms":[{"statutory":{"value":4,"unit":"working_day"}}]%s}]}`
	c.want(400, "PUT", path+"/terms", c.tokens[staff.Administrator], strings.Replace(terms, "%s", `,"fees":[]`, 1)) // an answer speaks of terms only
	c.want(200, "PUT", path+"/terms", c.tokens[staff.Administrator], strings.Replace(terms, "%s", "", 1))
	check()
}
