package httpapi_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/motcua/motcua/pkg/staff"
)

func TestGuessingAPasswordIsSlowedDown(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	in := func(name, word string) answer {
		return c.ask("POST", "/api/v1/sessions", "", `{"username":"`+name+`","password":"`+word+`"}`)
	}
	for range 12 { // what is right does not count
		if got := in("clerk", password); got.status != 200 {
			t.Fatal(got.body)
		}
	}
	refused := 0
	for range 20 {
		got := in("clerk", "guess")
		switch got.status {
		case 401:
			if p := got.problem(t); p.Code != "sign-in-failed" {
				t.Error(got.body)
			}
		case 429:
			refused++
			if n, err := strconv.Atoi(got.header.Get("Retry-After")); err != nil || n < 1 || n > 60 || got.problem(t).Code != "too-many-requests" {
				t.Errorf("Retry-After %q: %s", got.header.Get("Retry-After"), got.body)
			}
		default:
			t.Errorf("%d %s", got.status, got.body)
		}
	}
	if refused != 10 {
		t.Errorf("%d of 20 guesses were put off", refused)
	}
	if got := in("officer", password); got.status != 200 {
		t.Errorf("another user cannot sign in: %s", got.body)
	}
	c.moveTo("2026-11-02T08:31:00+07:00")
	if got := in("clerk", password); got.status != 200 {
		t.Errorf("a minute later: %s", got.body)
	}
}

func TestWhoeverHasNoPasswordHearsTheSame(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	plain := func(a answer) string { // without the request's name
		before, _, _ := strings.Cut(a.body, `"instance"`)
		return before
	}
	known := c.want(401, "POST", "/api/v1/sessions", "", `{"username":"clerk","password":"wrong"}`)
	unknown := c.want(401, "POST", "/api/v1/sessions", "", `{"username":"nobody","password":"wrong"}`)
	if plain(known) != plain(unknown) || len(known.body) != len(unknown.body) {
		t.Errorf("%s\n%s", known.body, unknown.body)
	}
}

func TestAFormSignsInLikeOAuth(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	form := "grant_type=password&username=clerk&password=" + strings.ReplaceAll(password, " ", "+") + "&scope=&client_id=&client_secret="
	got := c.want(200, "POST", "/api/v1/sessions", "", form, "Content-Type: application/x-www-form-urlencoded", "Authorization: Basic Og==")
	var session struct {
		AccessToken string `json:"access_token"`
		TokenType   string `json:"token_type"`
		ExpiresIn   int    `json:"expires_in"`
	}
	got.into(t, &session)
	if session.TokenType != "Bearer" || session.ExpiresIn != 12*3600 || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%+v %v", session, got.header)
	}
	c.want(200, "GET", "/api/v1/me", session.AccessToken, "")
}

func TestLookingUpIsLimitedAndTellsNothingWithoutTheSecret(t *testing.T) {
	t.Parallel()
	c := oneCounter(t)
	code, secret := c.receive()
	plain := func(a answer) string {
		before, _, _ := strings.Cut(a.body, `"instance"`)
		return before
	}
	wrong := c.want(404, "POST", "/api/v1/lookup", "", `{"code":"`+code+`","secret":"0000000000"}`)
	unknown := c.want(404, "POST", "/api/v1/lookup", "", `{"code":"H99.X1-261102-0999","secret":"`+secret+`"}`)
	if plain(wrong) != plain(unknown) || len(wrong.body) != len(unknown.body) || wrong.problem(t).Code != "lookup-failed" {
		t.Errorf("%s\n%s", wrong.body, unknown.body)
	}
	late := 0
	for range 100 {
		// A caller behind no proxy cannot pretend to be somebody else.
		if got := c.ask("POST", "/api/v1/lookup", "", `{"code":"`+code+`","secret":"`+secret+`"}`, "X-Forwarded-For: 10.0.0."+strconv.Itoa(late%250)); got.status == 429 {
			late++
			if got.header.Get("Retry-After") == "" {
				t.Error("429 without Retry-After")
			}
		}
	}
	if late != 72 {
		t.Errorf("%d of 100 look-ups were put off", late)
	}
	c.want(200, "GET", "/api/v1/dossiers/"+code, c.tokens[staff.Clerk], "") // others are not concerned
}
