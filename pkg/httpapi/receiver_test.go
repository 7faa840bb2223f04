package httpapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/motcua/motcua/pkg/ledger"
	"github.com/motcua/motcua/pkg/staff"
)

// shown is a receiver as the API shows it.
type shown struct {
	ID, Name, URL, Secret, Note, Href string
	Hint                              string
	Paused                            bool
	Position, Behind, Delivered       int64
	Held, Failures                    int
	LastError                         string `json:"last_error"`
	LastErrorEN                       string `json:"last_error_en"`
	OldestAt                          string `json:"oldest_at"`
}

func TestAnAdministratorLooksAfterAReceiverFromItsFirstDayToItsLast(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		var status, got atomic.Int64
		var secret atomic.Value
		status.Store(204)
		x := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			key, err2 := standard.NewWebhook(secret.Load().(string))
			if err != nil || err2 != nil || key.VerifyIgnoringTimestamp(body, r.Header) != nil || !json.Valid(body) {
				t.Error("a message that is not signed as it should be", err, err2)
			}
			if status.Load() == 204 {
				got.Add(1)
			}
			w.WriteHeader(int(status.Load()))
		}))
		t.Cleanup(x.Close)
		administrator := c.tokens[staff.Administrator]
		private, public, err := ledger.NewKey("thử")
		must(t)(nil, err)
		signer, err := ledger.NewSigner(private, public)
		must(t)(nil, err)
		tell := func(wait time.Duration) {
			t.Helper()
			c.moveTo(c.clock().Add(wait).Format(time.RFC3339))
			must(t)(c.office.EnterEvents(context.Background(), c.clock(), signer))
			must(t)(c.office.SendEvents(context.Background(), c.clock, "urn:motcua", c.post.Send))
		}
		_, _ = c.receive()
		c.want(201, "POST", "/api/v1/receivers", administrator, `{"name":"Không tới","url":"https://khong-co.invalid/","format":"EVENTS","paused":true}`)

		body := `{"name":"Cổng thử","url":"` + x.URL + `/nhan","format":"EVENTS","from":0}`
		var one, again shown
		c.want(201, "POST", "/api/v1/receivers", administrator, body, "Idempotency-Key: một").into(t, &one)
		c.want(201, "POST", "/api/v1/receivers", administrator, body, "Idempotency-Key: một").into(t, &again)
		if one != again || !strings.HasPrefix(one.Secret, "whsec_") || one.Href != "/api/v1/receivers/"+one.ID {
			t.Fatalf("%+v\n%+v", one, again)
		}
		secret.Store(one.Secret)
		if s := c.want(200, "GET", one.Href, administrator, "").body; strings.Contains(s, "whsec_") || strings.Contains(s, "secret") {
			t.Error(s)
		}
		var pinged struct {
			Delivered bool
			Status    int
			Error     string
		}
		c.want(200, "POST", one.Href+"/ping", administrator, "").into(t, &pinged)
		if !pinged.Delivered || pinged.Status != 204 || got.Load() != 1 {
			t.Errorf("%+v", pinged)
		}
		c.want(200, "POST", one.Href+"/ping", administrator, " { } ")
		got.Store(1)
		tell(time.Minute)
		c.want(200, "GET", one.Href, administrator, "").into(t, &again)
		if again.Delivered != 1 || again.Position != 1 || again.Behind != 0 || got.Load() != 2 {
			t.Errorf("%+v", again)
		}

		status.Store(422)
		code, _ := c.receive()
		tell(time.Minute)
		var held struct {
			Items []struct {
				Dossier, Error string
				ErrorEN        string `json:"error_en"`
				Seq, Failures  int
			}
		}
		c.want(200, "GET", one.Href+"/held", administrator, "").into(t, &held)
		if h := held.Items; len(h) != 1 || h[0].Dossier != code || h[0].Error != "Trả lời với mã trạng thái 422" || h[0].ErrorEN != "answered with status 422" || h[0].Failures != 1 {
			t.Errorf("%+v", held)
		}
		c.want(200, "GET", one.Href+"/held", administrator, "", "Accept-Language: en").into(t, &held)
		if held.Items[0].Error != "answered with status 422" {
			t.Errorf("in English: %+v", held)
		}
		if s := c.want(200, "POST", one.Href+"/ping", administrator, "").body; !strings.Contains(s, `"error":"Trả lời với mã trạng thái 422","error_en":"answered with status 422"`) {
			t.Error(s)
		}
		c.measures("sent_total", one.ID, 1)
		c.measures("refused_total", one.ID, 1)
		c.measures("retries_total", one.ID, 0)
		c.measures("held_dossiers", one.ID, 1)
		c.measures("lag_events", one.ID, 0)
		c.moveTo(c.clock().Add(5 * time.Second).Format(time.RFC3339))
		c.measures("lag_seconds", one.ID, 5)
		c.want(200, "GET", one.Href, administrator, "").into(t, &again)
		if again.Held != 1 || again.OldestAt == "" || again.LastError != "Trả lời với mã trạng thái 422" || again.LastErrorEN != "answered with status 422" {
			t.Errorf("%+v", again)
		}
		csv := c.want(200, "GET", "/api/v1/receivers?format=csv", administrator, "").body
		if strings.Contains(csv, "whsec_") || !strings.Contains(csv, "Trả lời với mã trạng thái 422") || strings.Count(strings.TrimSpace(csv), "\n") != 2 {
			t.Error(csv)
		}
		if s := c.want(200, "GET", one.Href+"/held?format=csv", administrator, "").body; !strings.Contains(s, code) {
			t.Error(s)
		}

		status.Store(204)
		change := `{"name":"Cổng thử","url":"` + x.URL + `/nhan","format":"EVENTS","paused":true,"note":"bảo trì"}`
		c.want(200, "PUT", one.Href, administrator, change).into(t, &again)
		tell(2 * time.Hour)
		if !again.Paused || again.Note != "bảo trì" || got.Load() != 2 {
			t.Errorf("%+v, %d", again, got.Load())
		}
		c.want(200, "PUT", one.Href, administrator, strings.Replace(change, "true", "false", 1))
		tell(time.Second)
		if got.Load() != 3 {
			t.Errorf("%d messages", got.Load())
		}
		c.moveTo(c.clock().Add(5 * time.Second).Format(time.RFC3339))
		c.measures("sent_total", one.ID, 2)
		c.measures("retries_total", one.ID, 1)
		c.measures("lag_seconds", one.ID, 0)
		c.want(200, "POST", one.Href+"/secret", administrator, "").into(t, &again)
		if again.Secret == one.Secret || !strings.HasPrefix(again.Secret, "whsec_") {
			t.Errorf("%+v", again)
		}
		c.want(200, "POST", one.Href+"/replay", administrator, `{"from":0}`)
		tell(time.Second) // signed with both
		secret.Store(again.Secret)
		c.want(200, "POST", one.Href+"/replay", administrator, `{"from":1}`)
		tell(25 * time.Hour)
		if got.Load() != 6 {
			t.Errorf("%d messages", got.Load())
		}
		c.want(204, "DELETE", one.Href, administrator, "")
		if p := c.want(404, "GET", one.Href, administrator, "").problem(t); p.Code != "receiver-not-found" {
			t.Error(p)
		}
	})
}

// measures looks a receiver up in what Prometheus is told.
func (c *counter) measures(name, receiver string, want int) {
	c.t.Helper()
	line := fmt.Sprintf("motcua_receiver_%s{receiver=%q} %d\n", name, receiver, want)
	if all := c.want(200, "GET", "/metrics", "", "").body; !strings.Contains(all, line) || !strings.Contains(all, "motcua_outbox_up 1\n") {
		i := max(strings.Index(all, "motcua_receiver_"+name+"{"), 0)
		c.t.Errorf("%s is not among %s", line, all[i:min(i+300, len(all))])
	}
}

func TestAReceiverThatMakesNoSenseIsRefusedWithAllThatIsWrong(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	administrator := c.tokens[staff.Administrator]
	for body, want := range map[string]struct {
		status int
		code   string
	}{
		`{"name":" ","url":"file:///etc/passwd","format":"EVENTS","kinds":["NÀO"]}`:                              {422, "receiver-invalid"},
		`{"name":"x","url":"https://x","format":"XML"}`:                                                          {400, "request-invalid"},
		`{"name":"x","url":"https://x"}`:                                                                         {400, "request-invalid"},
		`{"name":"x","url":"https://x","format":"EVENTS","secret":"whsec_YQ=="}`:                                 {400, "request-invalid"},
		`{"name":"x","url":"https://x","format":"EVENTS","from":7}`:                                              {422, "entry-unknown"},
		`{"name":"x","url":"https://x","format":"EVENTS","agency":"KHÔNG CÓ"}`:                                   {422, "receiver-invalid"},
		`{"name":"x","url":"https://x","format":"EVENTS","from":-1}`:                                             {400, "request-invalid"},
		`{"name":"x","url":"https://u:p@x","format":"NATIONAL"}`:                                                 {422, "receiver-invalid"},
		`{"name":"` + strings.Repeat("ơ", 150) + `","url":"https://x","format":"NATIONAL","note":"` + "a" + `"}`: {422, "receiver-invalid"},
		`{"name":"x","url":"https://x","format":"NATIONAL","kinds":["FINISHED"]}`:                                {422, "receiver-invalid"},
	} {
		if p := c.want(want.status, "POST", "/api/v1/receivers", administrator, body).problem(t); p.Code != want.code {
			t.Errorf("%s: %+v", body, p)
		}
	}
	all := `{"name":" ","url":"https://192.168.1.1/","format":"EVENTS","kinds":["NÀO"],"agency":"KHÔNG CÓ"}`
	var named []string
	for _, e := range c.want(422, "POST", "/api/v1/receivers", administrator, all).problem(t).Errors {
		named = append(named, e.Field+" "+e.Code)
	}
	slices.Sort(named)
	if got := strings.Join(named, ", "); got != "agency unknown, kinds unknown, name required, url unreachable" {
		t.Error(got)
	}
	if p := c.want(422, "POST", "/api/v1/receivers", administrator, all, "Idempotency-Key: hai").problem(t); len(p.Errors) != 4 {
		t.Error(p)
	}
	if s := c.want(200, "GET", "/api/v1/receivers", administrator, "").body; strings.TrimSpace(s) != `{"items":[]}` {
		t.Error(s)
	}
}

func TestTheAddressOfAReceiverIsLookedAtWhenItIsSet(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	administrator := c.tokens[staff.Administrator]
	in := func(url, paused string) string {
		return `{"name":"x","url":"` + url + `","format":"EVENTS","paused":` + paused + `}`
	}
	var one shown
	c.want(201, "POST", "/api/v1/receivers", administrator, in("https://khong-co.invalid/", "false")).into(t, &one)
	if one.Hint != "Hiện chưa tra được tên máy chủ; tin chờ đến khi tra được" {
		t.Errorf("%+v", one)
	}
	for _, url := range []string{"https://10.0.0.1/", "http://8.8.8.8/", "https://[::1]/"} {
		p := c.want(422, "PUT", one.Href, administrator, in(url, "false"), "Idempotency-Key: "+url).problem(t)
		if len(p.Errors) != 1 || p.Errors[0].Field != "url" || p.Errors[0].Code != "unreachable" {
			t.Errorf("%s: %+v", url, p)
		}
	}
	c.want(200, "PUT", one.Href, administrator, in("https://127.0.0.1/", "false")).into(t, &one)
	kept, err := c.store.Receiver(context.Background(), uuid.MustParse(one.ID))
	must(t)(nil, err)
	kept.URL = "https://10.0.0.1/" // as if the operator had closed its network since
	must(t)(nil, c.store.ChangeReceiver(context.Background(), kept.Receiver, c.clock()))
	c.want(200, "PUT", one.Href, administrator, in("https://10.0.0.1/", "true")).into(t, &one)
	if !one.Paused {
		t.Errorf("%+v", one)
	}
}

func TestAnAdministratorOfOneAgencySendsOutOnlyWhatIsItsOwn(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	top, own := c.tokens[staff.Administrator], c.employ("quan.tri.xa", staff.Administrator, "X1")
	in := func(agency string) string {
		return `{"name":"x","url":"https://x.invalid/","format":"NATIONAL","agency":"` + agency + `"}`
	}
	var all, mine shown
	c.want(201, "POST", "/api/v1/receivers", top, in("")).into(t, &all)
	c.want(201, "POST", "/api/v1/receivers", own, in("X1")).into(t, &mine)
	for _, agency := range []string{"", "X2", "H"} {
		if p := c.want(403, "POST", "/api/v1/receivers", own, in(agency)).problem(t); p.Code != "not-your-agency" {
			t.Errorf("%q: %+v", agency, p)
		}
		c.want(403, "PUT", mine.Href, own, in(agency))
	}
	for _, ask := range [][2]string{{"GET", ""}, {"DELETE", ""}, {"POST", "/ping"}, {"POST", "/secret"}, {"GET", "/held"}} {
		if p := c.want(404, ask[0], all.Href+ask[1], own, "").problem(t); p.Code != "receiver-not-found" {
			t.Errorf("%v: %+v", ask, p)
		}
	}
	c.want(404, "PUT", all.Href, own, in("X1"))
	c.want(404, "POST", all.Href+"/replay", own, `{"from":0}`)
	var list struct{ Items []shown }
	c.want(200, "GET", "/api/v1/receivers", own, "").into(t, &list)
	if len(list.Items) != 1 || list.Items[0].ID != mine.ID {
		t.Errorf("%+v", list)
	}
	for range 5 { // of one name
		c.want(201, "POST", "/api/v1/receivers", top, in("X2"))
	}
	var seen []string
	for path := "/api/v1/receivers?limit=2"; path != ""; {
		a := c.want(200, "GET", path, top, "")
		list.Items = nil
		a.into(t, &list)
		for _, x := range list.Items {
			seen = append(seen, x.ID)
		}
		if path, _, _ = strings.Cut(strings.TrimPrefix(a.header.Get("Link"), "<"), ">"); len(seen) > 20 {
			t.Fatal("the list does not end")
		}
	}
	slices.Sort(seen)
	if len(slices.Compact(seen)) != 7 {
		t.Errorf("%d of 7 are listed", len(seen))
	}
	c.want(200, "GET", "/api/v1/receivers?limit=1", own, "").into(t, &list)
	if len(list.Items) != 1 || list.Items[0].ID != mine.ID {
		t.Errorf("%+v", list)
	}
}
