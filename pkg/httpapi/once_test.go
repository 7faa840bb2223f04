package httpapi_test

import (
	"bytes"
	"database/sql"
	"strings"
	"sync"
	"testing"

	"github.com/motcua/motcua/pkg/staff"
)

// atOnce lets n run at the same time and waits for all.
func atOnce(n int, run func(i int)) {
	var ready, done sync.WaitGroup
	ready.Add(1)
	for i := range n {
		done.Go(func() { ready.Wait(); run(i) })
	}
	ready.Done()
	done.Wait()
}

func TestEightEqualRequestsAtOnceMakeOneDossier(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		answers := make([]answer, 8)
		atOnce(len(answers), func(i int) {
			answers[i] = c.ask("POST", "/api/v1/dossiers", c.tokens[staff.Clerk], newDossier, "Idempotency-Key: one and the same")
		})
		replayed := 0
		for _, a := range answers {
			if a.status != 201 || a.body != answers[0].body || a.header.Get("Location") != answers[0].header.Get("Location") ||
				a.header.Get("ETag") != `"1"` || a.header.Get("Content-Type") != "application/json" {
				t.Errorf("%d %v %s", a.status, a.header, a.body)
			}
			if a.header.Get("Idempotency-Replayed") == "true" {
				replayed++
			}
		}
		if replayed != 7 {
			t.Errorf("%d were told that this is an old answer", replayed)
		}
		if n := c.count(); n != 1 {
			t.Errorf("%d dossiers", n)
		}
	})
}

// count is how many dossiers there are.
func (c *counter) count() int {
	c.t.Helper()
	var list struct{ Items []struct{ Code string } }
	c.want(200, "GET", "/api/v1/dossiers?limit=1000", c.tokens[staff.Supervisor], "").into(c.t, &list)
	return len(list.Items)
}

func TestAKeyStandsForOneRequestOfOneActor(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		key := "Idempotency-Key: k"
		first := c.want(201, "POST", "/api/v1/dossiers", c.tokens[staff.Clerk], newDossier, key)
		other := strings.Replace(newDossier, "Người Thử", "Người Khác", 1)
		if got := c.want(422, "POST", "/api/v1/dossiers", c.tokens[staff.Clerk], other, key); got.problem(t).Code != "idempotency-key-reused" {
			t.Error(got.body)
		}
		if got := c.want(422, "POST", "/api/v1/tokens", c.tokens[staff.Clerk], `{"name":"x"}`, key); got.problem(t).Code != "idempotency-key-reused" {
			t.Error(got.body)
		}
		if got := c.want(201, "POST", "/api/v1/dossiers", c.tokens[staff.Supervisor], newDossier, key); got.body == first.body {
			t.Error("somebody else's key gave the first one's answer")
		}
		if again := c.want(201, "POST", "/api/v1/dossiers", c.tokens[staff.Clerk], newDossier, key); again.body != first.body {
			t.Errorf("the repetition was told %s", again.body)
		}
	})
}

func TestARefusalIsNotKept(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	key := "Idempotency-Key: k"
	wrong := strings.Replace(newDossier, "0987654321", "1", 1)
	for range 2 {
		if got := c.want(422, "POST", "/api/v1/dossiers", c.tokens[staff.Clerk], wrong, key); got.problem(t).Code != "dossier-invalid" {
			t.Error(got.body)
		}
	}
	c.want(201, "POST", "/api/v1/dossiers", c.tokens[staff.Clerk], newDossier, key)
	if n := c.count(); n != 1 {
		t.Errorf("%d dossiers", n)
	}
}

func TestEveryKindOfWriteIsRepeatedByteForByte(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	code, _ := c.receive()
	c.employ("leaver", staff.Clerk, "X2")
	var own struct{ ID string }
	c.want(201, "POST", "/api/v1/tokens", c.tokens[staff.Clerk], `{"name":"thử"}`).into(t, &own)
	for _, r := range []struct {
		role               staff.Role
		method, path, body string
		headers            []string
	}{
		{staff.Clerk, "POST", "/api/v1/tokens", `{"name":"mới"}`, nil},
		{staff.Clerk, "DELETE", "/api/v1/tokens/" + own.ID, "", nil},
		{staff.Administrator, "POST", "/api/v1/users", `{"username":"newcomer","name":"Người Mới","role":"CLERK","agency":"X2"}`, nil},
		{staff.Administrator, "POST", "/api/v1/users/leaver/disable", "", nil},
		{staff.Administrator, "PUT", "/api/v1/procedures/9.000003/terms", `{"terms":[{"statutory":{"value":12.5,"unit":"working_day"}}],"reason":"Điều 1"}`, nil},
		{staff.Clerk, "POST", "/api/v1/dossiers/" + code + "/actions/hand-over", "", []string{`If-Match: "1"`}},
	} {
		headers := append([]string{"Idempotency-Key: " + r.path}, r.headers...)
		first := c.ask(r.method, r.path, c.tokens[r.role], r.body, headers...)
		again := c.ask(r.method, r.path, c.tokens[r.role], r.body, headers...)
		if first.status >= 300 || again.status != first.status || again.body != first.body || again.header.Get("Idempotency-Replayed") != "true" ||
			again.header.Get("ETag") != first.header.Get("ETag") {
			t.Errorf("%s: first %d %s, then %d %s", r.path, first.status, first.body, again.status, again.body)
		}
	}
}

func TestACopyOfTheDatabaseDoesNotGiveAwayWhatIsToldOnce(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		var receipt struct{ Secret string }
		c.want(201, "POST", "/api/v1/dossiers", c.tokens[staff.Clerk], newDossier, "Idempotency-Key: in plain words").into(t, &receipt)
		var token struct{ Token string }
		c.want(201, "POST", "/api/v1/tokens", c.tokens[staff.Clerk], `{"name":"x"}`, "Idempotency-Key: in plain words too").into(t, &token)
		rows := c.keptAnswers(t)
		for _, row := range rows {
			for _, told := range []string{receipt.Secret, token.Token, "in plain words"} {
				if bytes.Contains(row, []byte(told)) {
					t.Errorf("%q stands in the database", told)
				}
			}
		}
		if len(rows) != 2 {
			t.Errorf("%d answers are kept", len(rows))
		}
	})
}

// keptAnswers are the rows of kept answers, all columns in one.
func (c *counter) keptAnswers(t *testing.T) [][]byte {
	t.Helper()
	db, err := sql.Open(c.database())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), "SELECT key, fingerprint, header, body FROM idempotency_keys")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all [][]byte
	for rows.Next() {
		var key, fingerprint, header string
		var body []byte
		if err := rows.Scan(&key, &fingerprint, &header, &body); err != nil {
			t.Fatal(err)
		}
		all = append(all, append([]byte(key+fingerprint+header), body...))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTwoWhoTakeTheSameStepAtOnceAreToldWhoHasIt(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		tokens := []string{c.tokens[staff.Officer], c.employ("officer.two", staff.Officer, "ST"), c.employ("officer.three", staff.Officer, "ST")}
		for range 5 {
			code, _ := c.receive()
			c.want(200, "POST", "/api/v1/dossiers/"+code+"/actions/hand-over", c.tokens[staff.Clerk], "", `If-Match: "1"`)
			answers := make([]answer, len(tokens))
			atOnce(len(tokens), func(i int) {
				answers[i] = c.ask("POST", "/api/v1/dossiers/"+code+"/actions/take", tokens[i], "", `If-Match: "2"`)
			})
			var holder string
			for _, a := range answers {
				if a.status == 200 {
					var d struct {
						Steps []struct {
							TakenBy struct{ Name string } `json:"taken_by"`
						}
					}
					a.into(t, &d)
					if holder != "" {
						t.Errorf("%s and %s both took the step", holder, d.Steps[0].TakenBy.Name)
					}
					holder = d.Steps[0].TakenBy.Name
				}
			}
			if holder == "" {
				t.Fatalf("nobody could take the step: %s", answers[0].body)
			}
			for _, a := range answers {
				if a.status == 200 {
					continue
				}
				p := a.problem(t)
				if (a.status != 409 && a.status != 412) || !strings.Contains(p.Detail, holder) {
					t.Errorf("the loser hears %d: %s, not that %s has it", a.status, p.Detail, holder)
				}
				if p.Current == nil || p.Current.Version != 3 || p.Current.Etag != `"3"` || p.Current.TakenBy.Name != holder || p.Current.Holder.Name != "Sở Thử" {
					t.Errorf("the loser is shown %+v", p.Current)
				}
			}
		}
	})
}

func TestAChangeNeedsTheVersionThatWasLookedAt(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	code, _ := c.receive()
	path := "/api/v1/dossiers/" + code + "/actions/hand-over"
	for _, headers := range [][]string{nil, {"If-Match: *"}} {
		if got := c.want(428, "POST", path, c.tokens[staff.Clerk], "", headers...); got.problem(t).Code != "precondition-required" {
			t.Error(got.body)
		} else if headers != nil && !strings.Contains(got.problem(t).Detail, "*") {
			t.Errorf("told to send what was sent: %s", got.body)
		}
	}
	for _, tag := range []string{`"2"`, `1`, `W/"1"`, `"x"`, `"01"`, `"1", "2"`} {
		got := c.want(412, "POST", path, c.tokens[staff.Clerk], "", "If-Match: "+tag)
		if p := got.problem(t); p.Code != "dossier-changed" || p.Current == nil || p.Current.Version != 1 || p.Current.State != "2" {
			t.Errorf("%s: %s", tag, got.body)
		}
	}
	got := c.want(200, "POST", path, c.tokens[staff.Clerk], "", `If-Match: "1"`)
	if got.header.Get("ETag") != `"2"` {
		t.Errorf("ETag %s", got.header.Get("ETag"))
	}
}
