package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/store/storetest"
)

// binary is the program under test, built once.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "motcua-test")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "motcua")
	out, err := exec.Command("go", "build", "-tags", "nomsgpack", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// office is one installation: the program and where its data are.
type office struct {
	t    *testing.T
	path string
	env  []string
	addr string
	cmd  *exec.Cmd
	log  *bytes.Buffer
}

// eachOffice runs a test with the program on SQLite and on PostgreSQL.
func eachOffice(t *testing.T, test func(t *testing.T, o *office)) {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	for name, url := range map[string]func(*testing.T) string{
		"sqlite":   func(*testing.T) string { return "" },
		"postgres": func(t *testing.T) string { return storetest.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			env := append(os.Environ(), "MOTCUA_DATA="+t.TempDir(), "MOTCUA_DATABASE_URL="+url(t))
			test(t, &office{t: t, path: path, env: env, addr: freeAddress(t)})
		})
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start runs the server until it answers, and ends it with the test.
func (o *office) start(flags ...string) {
	o.t.Helper()
	o.log = &bytes.Buffer{}
	o.cmd = exec.Command(o.path, append([]string{"serve", "--addr", o.addr}, flags...)...)
	o.cmd.Env, o.cmd.Stdout, o.cmd.Stderr = o.env, o.log, o.log
	if err := o.cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	cmd := o.cmd
	o.t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if r, err := http.Get("http://" + o.addr + "/readyz"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return
			}
		}
	}
	_ = o.cmd.Process.Kill()
	_ = o.cmd.Wait()
	o.t.Fatalf("the server does not answer:\n%s", o.log)
}

// kill ends the server as a power switch would end its process.
func (o *office) kill() {
	_ = o.cmd.Process.Kill()
	_ = o.cmd.Wait()
}

// run carries out a verb and returns what it printed.
func (o *office) run(verb ...string) (string, error) {
	cmd := exec.Command(o.path, verb...)
	cmd.Env = o.env
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// must is what a verb prints, without the progress that it shows beside it when it takes long.
func (o *office) must(verb ...string) string {
	o.t.Helper()
	cmd := exec.Command(o.path, verb...)
	cmd.Env = o.env
	var beside strings.Builder
	cmd.Stderr = &beside
	out, err := cmd.Output()
	if err != nil {
		o.t.Fatalf("motcua %s: %v\n%s%s", strings.Join(verb, " "), err, out, beside.String())
	}
	return string(out)
}

type answer struct {
	status int
	etag   string
	body   map[string]any
}

// ask sends one request; the error means that no answer came.
func (o *office) ask(method, path, token string, body any, headers ...string) (answer, error) {
	var content io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return answer{}, err
		}
		content = bytes.NewReader(b)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, "http://"+o.addr+path, content)
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{}, err
	}
	a := answer{status: res.StatusCode, etag: res.Header.Get("ETag"), body: map[string]any{}}
	if strings.Contains(res.Header.Get("Content-Type"), "json") {
		err = json.Unmarshal(b, &a.body)
	}
	return a, err
}

func (o *office) signIn(username string) string {
	o.t.Helper()
	res, err := http.PostForm("http://"+o.addr+"/api/v1/sessions", url.Values{
		"grant_type": {"password"}, "username": {username}, "password": {"motcua-demo"},
	})
	if err != nil {
		o.t.Fatal(err)
	}
	defer res.Body.Close()
	var session struct {
		Token string `json:"access_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&session); err != nil || session.Token == "" {
		o.t.Fatalf("sign-in as %s: status %d, %v", username, res.StatusCode, err)
	}
	return session.Token
}

var newDossier = map[string]any{
	"procedure": "9.000001", "channel": "IN_PERSON",
	"applicant": map[string]any{"kind": "CITIZEN", "name": "Người Thử", "phone": "0912345678"},
}

func TestTheWholeLineWorksOnTheDemonstration(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.start("--demo", "--demo-register")
		clerk, chief := o.signIn("canbo"), o.signIn("lanhdao")
		asked, err := o.ask("POST", "/api/v1/applicants/lookup", clerk, map[string]any{"id_number": "093190000001", "procedure": newDossier["procedure"]})
		if err != nil || asked.status != http.StatusOK || asked.body["sex"] != "FEMALE" || asked.body["name"] == "" {
			t.Errorf("the made-up register: %+v, %v", asked, err)
		}
		received, err := o.ask("POST", "/api/v1/dossiers", clerk, newDossier)
		if err != nil || received.status != http.StatusCreated {
			t.Fatalf("%+v, %v", received, err)
		}
		code, etag := received.body["code"].(string), received.etag
		act := func(token, action string, body map[string]any) answer {
			t.Helper()
			a, err := o.ask("POST", "/api/v1/dossiers/"+code+"/actions/"+action, token, body, "If-Match", etag)
			if err != nil || a.status != http.StatusOK {
				t.Fatalf("%s: %+v, %v", action, a, err)
			}
			etag = a.etag
			return a
		}
		act(clerk, "hand-over", map[string]any{})
		for range 10 {
			act(chief, "take", map[string]any{})
			d, err := o.ask("GET", "/api/v1/dossiers/"+code, chief, nil)
			if err != nil {
				t.Fatal(err)
			}
			if !possible(d, "complete-step") {
				break
			}
			act(chief, "complete-step", map[string]any{})
		}
		act(chief, "finish", map[string]any{"result": map[string]any{"summary": "Văn bản trả lời", "number": "12/TL"}})
		a := act(clerk, "return", map[string]any{"handed_out": map[string]any{"method": "IN_PERSON"}})
		if a.body["state"] != "10" {
			t.Fatalf("ended in state %v", a.body["state"])
		}
		seen, err := o.ask("POST", "/api/v1/lookup", "", map[string]any{"code": code, "secret": received.body["secret"]})
		if err != nil || seen.status != http.StatusOK || seen.body["state"] != "10" {
			t.Fatalf("look-up: %+v, %v", seen, err)
		}
		o.sameReport(chief)
		paper := filepath.Join(t.TempDir(), "sheet.txt")
		o.must("ledger", "enter")
		if err := os.WriteFile(paper, []byte(o.must("ledger", "sheet")), 0o600); err != nil {
			t.Fatal(err)
		}
		if out := o.must("verify", "--checkpoint", paper); !strings.Contains(out, " 0 findings") {
			t.Errorf("verify against the sheet: %s", out)
		}
		if out, err := o.run("verify", "--checkpoint", "main.go"); err == nil || !strings.Contains(out, "no signed checkpoint in ") {
			t.Errorf("verify against something else: %v, %s", err, out)
		}
		log := filepath.Join(t.TempDir(), "log.xes")
		if out, err := o.run("dossiers", "export", "--format", "xes", "--search", code, "--out", log); err != nil || !strings.Contains(out, "1 dossiers,") {
			t.Errorf("export: %v, %s", err, out)
		}
		if text, err := os.ReadFile(log); err != nil || !strings.Contains(string(text), `value="`+code+`"`) || strings.Contains(string(text), "Người Thử") {
			t.Errorf("export: %v, %s", err, text)
		}
		if out := o.must("dossiers", "export", "--format", "csv", "--search", code, "--with-names"); !strings.Contains(out, "Người Thử") {
			t.Errorf("export with names: %s", out)
		}
		if out, err := o.run("dossiers", "export", "--format", "xes", "--agency", "nowhere", "--out", log); err == nil || !strings.Contains(out, "--agency") {
			t.Errorf("export of an agency that is not there: %v, %s", err, out)
		}
		if out, err := o.run("dossiers", "export", "--format", "csv", "--search", code, "--place", "HELPED"); err == nil || !strings.Contains(out, "--place") {
			t.Errorf("export by a place that is none: %v, %s", err, out)
		}
		if out, err := o.run("dossiers", "export", "--format", "xes", "--search", code, "--place", "helped", "--out", log); err != nil || !strings.Contains(out, "0 dossiers,") {
			t.Errorf("export of those helped with, of which it is none: %v, %s", err, out)
		}
		if out := o.must("catalogue", "summary"); !strings.Contains(out, "1854") {
			t.Errorf("summary: %s", out)
		}
		file := filepath.Join(t.TempDir(), "slips.pdf")
		o.must("form", "control-slip", code, code, "--out", file, "--public-url", "https://motcua.example.vn/")
		if body, err := os.ReadFile(file); err != nil || bytes.Count(body, []byte("/Type /Page\n")) != 2 {
			t.Errorf("two slips in one file: %v", err)
		}
		if out, err := o.run("form", "refusal", code, "--out", file+"x"); err == nil || !strings.Contains(out, "was not refused") {
			t.Errorf("a refusal of what was not refused: %v\n%s", err, out)
		}
		if out, err := o.run("serve", "--addr", o.addr); err == nil || !strings.Contains(out, "address already in use") {
			t.Errorf("a second server on the port: %v\n%s", err, out)
		}
	})
}

// sameReport holds the command line's report against the API's, as somebody who sees everything gets it.
func (o *office) sameReport(token string) {
	o.t.Helper()
	for query, flags := range map[string][]string{"by=channel": {"--by", "channel"}, "by=agency&place=received": {"--by", "agency", "--place", "received"}} {
		var here, there map[string]any
		if err := json.Unmarshal([]byte(o.must(append([]string{"report", "on-time", "--format", "json"}, flags...)...)), &here); err != nil {
			o.t.Fatal(err)
		}
		a, err := o.ask("GET", "/api/v1/reports/on-time?"+query, token, nil)
		if err != nil {
			o.t.Fatal(err)
		}
		there = a.body
		for _, row := range append(there["rows"].([]any), there["total"]) {
			figures := row.(map[string]any)["figures"].(map[string]any)
			for name, f := range figures {
				figures[name] = f.(map[string]any)["count"]
			}
		}
		delete(here, "as_of")
		delete(there, "as_of")
		if diff := cmp.Diff(there, here); diff != "" {
			o.t.Errorf("%s: %s", query, diff)
		}
	}
	r, err := http.NewRequest("GET", "http://"+o.addr+"/api/v1/reports/on-time?by=channel&format=csv", nil)
	if err != nil {
		o.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		o.t.Fatal(err)
	}
	defer res.Body.Close()
	table, err := io.ReadAll(res.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	if diff := cmp.Diff(string(table), o.must("report", "on-time", "--by", "channel", "--format", "csv")); diff != "" {
		o.t.Error(diff)
	}
	for _, flag := range []string{"--level", "--channel", "--place"} {
		if out, err := o.run("report", "on-time", flag, "X"); err == nil || !strings.Contains(out, flag) {
			o.t.Errorf("%s X: %v: %s", flag, err, out)
		}
	}
}

func possible(d answer, action string) bool {
	actions, _ := d.body["actions"].([]any)
	for _, x := range actions {
		if a, _ := x.(map[string]any); a["action"] == action {
			return a["allowed"] == true
		}
	}
	return false
}

func TestAKeyThatDoesNotExistIsAnError(t *testing.T) {
	t.Parallel()
	if err := unknownKeys([]string{"MOTCUA_ADRR=:80", "HOME=/"}); err == nil || !strings.Contains(err.Error(), "MOTCUA_ADRR") {
		t.Errorf("got %v", err)
	}
	if err := unknownKeys([]string{"MOTCUA_ADDR=:80", "MOTCUA_TEST_DATABASE_URL=x"}); err != nil {
		t.Error(err)
	}
}

func TestOnlyServerAndImportsBeginADatabase(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		for _, verb := range [][]string{
			{"verify"},
			{"report", "on-time"},
			{"explain", "x"},
			{"user", "list"},
			{"user", "disable", "x"},
			{"token", "create", "--user", "x"},
			{"scan"},
			{"rules", "list"},
			{"catalogue", "summary"},
		} {
			if out, err := o.run(verb...); err == nil || !strings.Contains(out, "start the server on it or import something first") {
				t.Errorf("%v: %v: %s", verb, err, out)
			}
		}
		file := filepath.Join(t.TempDir(), "agencies.json")
		if err := os.WriteFile(file, []byte(`{"agencies":[{"code":"92","name":"Cần Thơ","kind":"PROVINCE","level":"PROVINCE","identifier":"H13","valid_from":"2004-01-01"}]}`), 0o600); err != nil {
			t.Fatal(err)
		}
		o.must("agencies", "import", file)
		o.must("verify")
	})
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(path, "verify", "--database-url", "postgres://u:secret@127.0.0.1:1/db").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "connection refused") || strings.Contains(string(out), "secret") {
		t.Errorf("a database that is not there: %v: %s", err, out)
	}
}

func TestThePublicAddressIsOneThatAPaperCanSay(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"": "http://127.0.0.1:80", "https://motcua.example.vn/": "https://motcua.example.vn", "http://10.0.0.1:8080/mot-cua": "http://10.0.0.1:8080/mot-cua",
	} {
		if got, err := (public{PublicURL: given}).address("http://127.0.0.1:80"); err != nil || got != want {
			t.Errorf("%q gives %q, %v", given, got, err)
		}
	}
	for _, wrong := range []string{"motcua.example.vn", "ftp://x", "https://", "https://a:b@x", "https://x/?a=b", "https://x/#a"} {
		if got, err := (public{PublicURL: wrong}).address(""); err == nil {
			t.Errorf("%q gives %q", wrong, got)
		}
	}
}

func TestDueAnswersLineByLine(t *testing.T) {
	t.Parallel()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "due")
	cmd.Stdin = strings.NewReader(`{"id":1,"calendar":"vn","start":"2024-04-26T09:00:00+07:00","term":{"value":3,"unit":"working_day"}}
faulty
{"id":"c","calendar":"nowhere","start":"2024-04-26T09:00:00+07:00","term":{"value":3,"unit":"working_day"}}
`)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != 3 || !strings.Contains(lines[0], "2024-05-04T") || !strings.Contains(lines[1], `"error"`) || !strings.Contains(lines[2], `"error"`) {
		t.Fatalf("got %s", out)
	}
}
