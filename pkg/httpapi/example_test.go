package httpapi_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/motcua/motcua/pkg/staff"
)

func TestEveryExampleIsTakenAsItStands(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	asked := map[string]bool{}
	send := func(file string, status int, method, path, token string, headers ...string) answer {
		t.Helper()
		body, err := os.ReadFile(filepath.Join("../../api/examples", file))
		if err != nil {
			t.Fatal(err)
		}
		asked[file] = true
		return c.want(status, method, path, token, string(body), headers...)
	}
	clerk, chief, administrator := c.tokens[staff.Clerk], c.tokens[staff.Supervisor], c.tokens[staff.Administrator]
	send("sign-in.json", 401, "POST", "/api/v1/sessions", "") // of the demonstration
	var receipt struct{ Code string }
	send("receive-in-person.json", 201, "POST", "/api/v1/dossiers", clerk).into(t, &receipt)
	send("receive-online.json", 201, "POST", "/api/v1/dossiers", clerk)
	acts := "/api/v1/dossiers/" + receipt.Code + "/actions/"
	send("request-supplement.json", 200, "POST", acts+"request-supplement", clerk, `If-Match: "1"`)
	c.want(200, "POST", acts+"complete-supplement", clerk, `{"papers":["Bản sao"]}`, `If-Match: "2"`)
	c.want(200, "POST", acts+"hand-over", clerk, "", `If-Match: "3"`)
	send("request-extension.json", 200, "POST", acts+"request-extension", chief, `If-Match: "4"`)
	c.want(200, "POST", acts+"complete-step", chief, "", `If-Match: "5"`)
	send("finish.json", 200, "POST", acts+"finish", chief, `If-Match: "6"`)
	send("return.json", 200, "POST", acts+"return", clerk, `If-Match: "7"`)
	send("look-up.json", 404, "POST", "/api/v1/lookup", "") // a secret of nobody's
	send("set-terms.json", 200, "PUT", "/api/v1/procedures/9.000003/terms", administrator)
	send("new-user.json", 201, "POST", "/api/v1/users", administrator)
	send("new-token.json", 201, "POST", "/api/v1/tokens", clerk)
	send("revise-calendar.json", 200, "POST", "/api/v1/calendars/vn/preview", administrator)
	send("revise-calendar.json", 201, "POST", "/api/v1/calendars/vn/revisions", administrator)
	send("add-rules.json", 201, "POST", "/api/v1/rules", administrator)
	send("preview-deadline.json", 200, "POST", "/api/v1/deadlines:preview", "")
	files, err := filepath.Glob("../../api/examples/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if !asked[filepath.Base(file)] {
			t.Errorf("%s is not tried", file)
		}
	}
}
