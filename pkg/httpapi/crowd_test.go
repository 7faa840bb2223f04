package httpapi_test

import (
	"flag"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/staff"
)

var crowdTurns = flag.Int("crowd-turns", 3, "TestSixtyFourClientsOnTheSameDossiers: turns of each client")

// crowd is 64 people who all want to change the same few dossiers, and what each was told.
type crowd struct {
	*counter
	t       *testing.T
	files   []string // codes
	mu      sync.Mutex
	won     map[string][]string // reasons that were acknowledged, by code
	codes   []string            // of dossiers taken in meanwhile
	refused int
}

// Each client, in each turn: looks at a dossier that all others look at too, changes it, and sends the change once more as if the answer had
// been lost; then takes in a dossier and sends that once more. Nothing may be lost, done twice or numbered twice.
func TestSixtyFourClientsOnTheSameDossiers(t *testing.T) {
	t.Parallel()
	const clients, files = 64, 4
	eachCounter(t, func(t *testing.T, c *counter) {
		c.Client().Transport.(contract).next.(*http.Transport).MaxIdleConnsPerHost = clients
		x := &crowd{counter: c, t: t, won: map[string][]string{}}
		for range files {
			code, _ := c.receive()
			c.act(code, "hand-over", 1, staff.Clerk, "")
			x.files = append(x.files, code)
		}
		var heads, clerks []string
		for i := range clients {
			heads = append(heads, c.employ(fmt.Sprintf("head.%d", i), staff.Supervisor, "ST"))
			clerks = append(clerks, c.employ(fmt.Sprintf("clerk.%d", i), staff.Clerk, "X1"))
		}
		begun := time.Now()
		atOnce(clients, func(i int) {
			for turn := range *crowdTurns {
				name := fmt.Sprintf("%d-%d", i, turn)
				x.change(heads[i], x.files[turn%files], name)
				x.takeIn(clerks[i], name)
			}
		})
		took := time.Since(begun)
		x.settled(files)
		if x.refused == 0 {
			t.Error("nobody stood in anybody's way: that proves nothing")
		}
		changed := 0
		for _, all := range x.won {
			changed += len(all)
		}
		t.Logf("%d clients: %d changes acknowledged, %d refused with the current state, %d dossiers taken in, each request sent twice, in %.1f s",
			clients, changed, x.refused, len(x.codes), took.Seconds())
	})
}

// twice sends a request, until it is answered by more than "busy", and then once more with the same key: what was done must be answered in
// the same words.
func (x *crowd) twice(method, path, token, body string, headers ...string) answer {
	var got [2]answer
	for i := range got {
		for {
			got[i] = x.ask(method, path, token, body, headers...)
			if got[i].status != http.StatusServiceUnavailable {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	first, again := got[0], got[1]
	if first.status < 300 && (again.status != first.status || again.body != first.body || again.header.Get("Etag") != first.header.Get("Etag") ||
		again.header.Get("Idempotency-Replayed") != "true") {
		x.t.Errorf("%s, sent again: %d %s, not %d %s", path, again.status, again.body, first.status, first.body)
	}
	return first
}

const among = "do một trong sáu mươi tư: "

// change stops what runs or opens again what is stopped, if nobody else did since it was looked at.
func (x *crowd) change(token, code, name string) {
	var seen struct {
		State   string
		Version int
	}
	looked := x.ask("GET", "/api/v1/dossiers/"+code, token, "")
	if looked.status != http.StatusOK {
		x.t.Errorf("read: %d %s", looked.status, looked.body)
		return
	}
	looked.into(x.t, &seen)
	action := map[string]string{"4": "stop", "8": "reopen"}[seen.State]
	body := `{"reason":"` + among + name + `"}`
	if action == "stop" {
		body = `{"reason":"` + among + name + `","document":{"number":"15/TB","date":"2026-11-02"}}`
	}
	got := x.twice("POST", "/api/v1/dossiers/"+code+"/actions/"+action, token, body,
		"If-Match: "+looked.header.Get("ETag"), "Idempotency-Key: change-"+name)
	x.mu.Lock()
	defer x.mu.Unlock()
	switch got.status {
	case http.StatusOK:
		if tag := fmt.Sprintf("%q", fmt.Sprint(seen.Version+1)); got.header.Get("ETag") != tag {
			x.t.Errorf("changed from version %d to %s", seen.Version, got.header.Get("ETag"))
		}
		x.won[code] = append(x.won[code], name)
	case http.StatusPreconditionFailed:
		x.refused++
		if p := got.problem(x.t); p.Current == nil || p.Current.Version <= seen.Version || p.Current.Etag != fmt.Sprintf("%q", fmt.Sprint(p.Current.Version)) ||
			p.Current.State != "4" && p.Current.State != "8" {
			x.t.Errorf("refused at version %d without the current state: %s", seen.Version, got.body)
		}
	default:
		x.t.Errorf("%s: %d %s", action, got.status, got.body)
	}
}

func (x *crowd) takeIn(token, name string) {
	var receipt struct{ Code string }
	got := x.twice("POST", "/api/v1/dossiers", token, newDossier, "Idempotency-Key: new-"+name)
	if got.status != http.StatusCreated {
		x.t.Errorf("intake: %d %s", got.status, got.body)
		return
	}
	got.into(x.t, &receipt)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.codes = append(x.codes, receipt.Code)
}

// settled holds what was acknowledged against what is there.
func (x *crowd) settled(before int) {
	for _, code := range x.files {
		var journal struct {
			Items []struct {
				Kind  string
				Facts struct{ Reason string }
			}
		}
		x.want(200, "GET", "/api/v1/dossiers/"+code+"/events", x.tokens[staff.Supervisor], "").into(x.t, &journal)
		var written []string
		for _, e := range journal.Items[2:] {
			written = append(written, strings.TrimPrefix(e.Facts.Reason, among))
		}
		slices.Sort(written)
		slices.Sort(x.won[code])
		if !slices.Equal(written, x.won[code]) {
			x.t.Errorf("%s: acknowledged %v, written %v", code, x.won[code], written)
		}
	}
	var want []string
	for i := range len(x.codes) {
		want = append(want, fmt.Sprintf("H99.X1-261102-%04d", before+i+1))
	}
	slices.Sort(x.codes)
	slices.Sort(want)
	if !slices.Equal(x.codes, want) {
		x.t.Errorf("codes with gaps or twice: %v", x.codes)
	}
	v, err := x.office.Verify(x.t.Context(), x.clock(), false, nil)
	if err != nil || len(v.Findings) > 0 || v.Dossiers != before+len(x.codes) {
		x.t.Errorf("verify: %+v, %v", v, err)
	}
}
