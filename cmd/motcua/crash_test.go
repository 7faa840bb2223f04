package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/onestop"
)

var (
	kills   = flag.Int("kills", 10, "TestNothingAcknowledgedIsLostWhenTheServerIsKilled: how often the server is killed, on each database")
	writers = flag.Int("writers", 8, "TestNothingAcknowledgedIsLostWhenTheServerIsKilled: clients that write meanwhile")
)

// load is a number of clients who go on writing whatever happens to the server, and ask again with the same key until they are answered.
type load struct {
	*office
	clerk, head string // tokens
	stop        chan struct{}

	mu       sync.Mutex
	answered map[string]string // code by key
	cut      int               // requests that got no answer
	acts     int               // that were acknowledged
}

// The server is killed again and again while clients write; once they have all been answered, each of their acts must have been done once.
func TestNothingAcknowledgedIsLostWhenTheServerIsKilled(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		l := &load{office: o, stop: make(chan struct{}), answered: map[string]string{}}
		l.furnish()
		o.start()
		var clients sync.WaitGroup
		for w := range *writers {
			clients.Go(func() { l.write(w) })
		}
		for n := range *kills {
			if n%5 == 4 { // while it starts, with what the jobs do first
				o.kill()
				o.launch()
				time.Sleep(time.Duration(rand.IntN(250)) * time.Millisecond)
			} else {
				time.Sleep(time.Duration(50+rand.IntN(600)) * time.Millisecond)
			}
			o.kill()
			o.start()
		}
		close(l.stop)
		clients.Wait()
		l.look(l.listed())
		o.kill()
		o.must("ledger", "enter")
		var v onestop.Verification
		if err := json.Unmarshal([]byte(o.must("verify", "--json")), &v); err != nil || len(v.Findings) > 0 {
			t.Errorf("verify: %v, %v", v.Findings, err)
		}
		if l.cut == 0 || v.Entries != int64(v.Events) {
			t.Errorf("%d requests were cut off, %d of %d events are in the log: that proves nothing", l.cut, v.Entries, v.Events)
		}
		t.Logf("%d kills, %d requests cut off, %d acts acknowledged on %d dossiers; verify: %d events in the journals, %d in the log, %d findings",
			*kills, l.cut, l.acts, len(l.answered), v.Events, v.Entries, len(v.Findings))
	})
}

// furnish sets up a small province by the verbs that an operator has.
func (l *load) furnish() {
	l.t.Helper()
	file := func(name, body string) string {
		path := filepath.Join(l.t.TempDir(), name)
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			l.t.Fatal(err)
		}
		return path
	}
	l.must("agencies", "import", file("agencies.json", `{"agencies":[
		{"code":"92","name":"Cần Thơ","kind":"PROVINCE","level":"PROVINCE","identifier":"H13","valid_from":"2004-01-01"},
		{"code":"X1","name":"Xã Một","kind":"COMMUNE","level":"COMMUNE","identifier":"H13.X1","parent":"92","valid_from":"2004-01-01"}]}`))
	l.must("catalogue", "import", file("procedures.jsonl", `{"code":"9.000001","name":"Xác nhận thử","field":"Hộ tịch","levels":["commune"],`+
		`"agency":["Ủy ban nhân dân cấp xã"],"status":"ACTIVE","deadlines":[{"channel":"DIRECT","value":5,"unit":"WORKING_DAY"}]}`+"\n"))
	for username, role := range map[string]string{"clerk": "CLERK", "head": "SUPERVISOR"} {
		l.must("user", "create", username, "--name", "Người Thử", "--role", role, "--agency", "X1")
	}
	l.clerk, l.head = l.token("clerk"), l.token("head")
}

func (l *load) token(username string) string {
	l.t.Helper()
	lines := strings.Fields(l.must("token", "create", "--user", username))
	return lines[len(lines)-1]
}

// launch starts the server and does not wait until it answers.
func (o *office) launch() {
	o.t.Helper()
	o.cmd = exec.Command(o.path, "serve", "--addr", o.addr)
	o.cmd.Env = o.env
	if err := o.cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
}

// write takes in dossiers, hands each over and stops it, one after the other, until there is enough; what was begun is done to its end.
func (l *load) write(w int) {
	for i := 0; ; i++ {
		select {
		case <-l.stop:
			return
		default:
		}
		key := fmt.Sprintf("%d-%d", w, i)
		body := map[string]any{"note": key}
		for name, value := range newDossier {
			body[name] = value
		}
		a, ok := l.insist(http.StatusCreated, "/api/v1/dossiers", l.clerk, body, key)
		if !ok {
			return
		}
		code, _ := a.body["code"].(string)
		l.mu.Lock()
		l.answered[key] = code
		l.mu.Unlock()
		for _, next := range []struct{ action, token string }{{"hand-over", l.clerk}, {"stop", l.head}} {
			path, body := "/api/v1/dossiers/"+code+"/actions/"+next.action, map[string]any{"reason": "đang có tranh chấp " + key}
			if next.action == "stop" {
				body["document"] = map[string]any{"number": key, "date": time.Now().In(zone).Format(time.DateOnly)}
			}
			if a, ok = l.insist(http.StatusOK, path, next.token, body, key+next.action, "If-Match", a.etag); !ok {
				return
			}
		}
	}
}

// insist asks with one key until there is an answer.
func (l *load) insist(want int, path, token string, body any, key string, headers ...string) (answer, bool) {
	for {
		a, err := l.ask("POST", path, token, body, append(headers, "Idempotency-Key", key)...)
		l.mu.Lock()
		switch {
		case err != nil:
			l.cut++
		case a.status == want:
			l.acts++
		}
		l.mu.Unlock()
		switch {
		case err == nil && a.status == want:
			return a, true
		case err == nil && a.status != http.StatusServiceUnavailable:
			l.t.Errorf("%s: status %d %v", path, a.status, a.body)
			return a, false
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// listed is every dossier that there is, its version by its code.
func (l *load) listed() map[string]int {
	l.t.Helper()
	all := map[string]int{}
	for after := ""; ; {
		a, err := l.ask("GET", "/api/v1/dossiers?limit=1000&after="+url.QueryEscape(after), l.head, nil)
		if err != nil || a.status != http.StatusOK {
			l.t.Fatalf("list: %d %v, %v", a.status, a.body, err)
		}
		for _, x := range a.body["items"].([]any) {
			d := x.(map[string]any)
			all[d["code"].(string)] = int(d["version"].(float64))
		}
		if after, _ = a.body["next"].(string); after == "" {
			return all
		}
	}
}

// look holds what was answered against what is there: each key has a dossier of its own, which went through three events, there is no
// other, and the codes of each day count up without a gap.
func (l *load) look(there map[string]int) {
	l.t.Helper()
	keys, highest, counted := map[string]string{}, map[string]int{}, map[string]int{}
	lost, doubles, halfDone, gaps := 0, len(there)-len(l.answered), 0, 0
	for key, code := range l.answered {
		if other, twice := keys[code]; twice {
			l.t.Errorf("keys %s and %s both got %s", key, other, code)
		}
		keys[code] = key
		switch version, found := there[code]; {
		case !found:
			lost++
		case version != 3:
			halfDone++
		}
	}
	for code := range there {
		cut := strings.LastIndexByte(code, '-')
		n, err := strconv.Atoi(code[cut+1:])
		if err != nil {
			l.t.Fatalf("code %s", code)
		}
		highest[code[:cut]], counted[code[:cut]] = max(highest[code[:cut]], n), counted[code[:cut]]+1
	}
	for day := range highest {
		gaps += highest[day] - counted[day]
	}
	if lost+halfDone+gaps > 0 || doubles != 0 {
		l.t.Errorf("acknowledged and lost %d, done twice %d, half done %d, gaps in the codes %d", lost, doubles, halfDone, gaps)
	}
}
