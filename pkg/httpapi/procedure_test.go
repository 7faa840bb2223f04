package httpapi_test

import (
	"strings"
	"testing"

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
