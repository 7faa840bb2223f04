package httpapi_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/staff"
)

var update = flag.Bool("update", false, "write the golden files anew")

// What is drawn at random, or hashed over it.
var drawn = []struct {
	what *regexp.Regexp
	name string
}{
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "<id>"},
	{regexp.MustCompile(`"[0-9a-f]{64}"`), `"<hash>"`},
	{regexp.MustCompile(`"secret": "[0-9A-Z]{10}"`), `"secret": "<secret>"`},
}

func TestBodiesKeepTheirShape(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	clerk := c.tokens[staff.Clerk]
	receipt := c.want(201, "POST", "/api/v1/dossiers", clerk, newDossier)
	var r struct{ Code, Secret string }
	receipt.into(t, &r)
	path := "/api/v1/dossiers/" + r.Code
	c.want(200, "POST", path+"/actions/hand-over", clerk, "", `If-Match: "1"`)
	c.want(200, "POST", path+"/actions/take", c.tokens[staff.Officer], "", `If-Match: "2"`)
	for name, body := range map[string]answer{
		"receipt":   receipt,
		"dossier":   c.want(200, "GET", path, clerk, ""),
		"dossiers":  c.want(200, "GET", "/api/v1/dossiers", clerk, ""),
		"events":    c.want(200, "GET", path+"/events", clerk, ""),
		"lookup":    c.want(200, "POST", "/api/v1/lookup", "", `{"code":"`+r.Code+`","secret":"`+r.Secret+`"}`),
		"stale":     c.want(412, "POST", path+"/actions/take", c.tokens[staff.Supervisor], "", `If-Match: "2"`),
		"invalid":   c.want(400, "POST", "/api/v1/dossiers", clerk, `{"procedure":1,"colour":"red"}`),
		"report":    c.want(200, "GET", "/api/v1/reports/on-time?from=2026-11-01&to=2026-11-30&by=field", clerk, ""),
		"procedure": c.want(200, "GET", "/api/v1/procedures/9.000003", "", ""),
		"agency":    c.want(200, "GET", "/api/v1/agencies/ST", "", ""),
		"me":        c.want(200, "GET", "/api/v1/me", clerk, ""),
		"problem":   c.want(200, "GET", "/problems/wrong-state", "", ""),
	} {
		var tidy bytes.Buffer
		if err := json.Indent(&tidy, []byte(body.body), "", "  "); err != nil {
			t.Fatal(err)
		}
		got := tidy.Bytes()
		for _, d := range drawn {
			got = d.what.ReplaceAll(got, []byte(d.name))
		}
		file := filepath.Join("testdata", name+".golden.json")
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s: %s", file, diff)
		}
	}
}
