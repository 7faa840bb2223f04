package httpapi_test

import (
	"strings"
	"testing"

	"github.com/motcua/motcua/pkg/staff"
)

// These answer without a database.
var standing = map[string]bool{
	"GET /": true, "GET /healthz": true, "GET /metrics": true, "GET /api/openapi.yaml": true, "GET /api/docs": true, "GET /problems": true,
	"GET /problems/{code}": true, "GET /tra-cuu": true,
}

func TestEveryRouteSaysSoWhenTheDatabaseIsGone(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		if err := c.store.Close(); err != nil {
			t.Fatal(err)
		}
		asked := map[string]bool{}
		for _, r := range rights {
			method, _, _ := strings.Cut(r.operation, " ")
			var headers []string
			if r.header != "" {
				headers = strings.Split(r.header, "\n")
			}
			path := strings.NewReplacer("$D", "H99.X1-261102-0001", "$H", "H99.X1-261102-0001", "$A", "01a20810-6f04-70d0-b7a7-e793883bec45",
				"$T", "01a20810-6f04-70d0-b7a7-e793883bec45").Replace(r.path)
			got := c.ask(method, path, c.tokens[staff.Administrator], strings.ReplaceAll(r.body, "$N", "new.one"), headers...)
			asked[r.operation] = true
			if standing[r.operation] {
				if got.status != 200 {
					t.Errorf("%s: %d: %s", r.operation, got.status, got.body)
				}
				continue
			}
			if got.status != 503 || got.header.Get("Retry-After") == "" || got.problem(t).Code != "database-unavailable" {
				t.Errorf("%s: %d, Retry-After %q: %s", r.operation, got.status, got.header.Get("Retry-After"), got.body)
			}
		}
		for _, operation := range operations(t) {
			if !asked[operation] {
				t.Errorf("%s was not asked", operation)
			}
		}
	})
}
