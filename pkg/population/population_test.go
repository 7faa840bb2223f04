package population_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/population"
)

const number = "093190000001"

var now = time.Date(2026, 11, 2, 8, 30, 0, 0, time.UTC)

// standIn is a register that answers as the test says.
func standIn(t *testing.T, c population.Config, answer http.HandlerFunc) *population.Register {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	c.URL = s.URL + "/person"
	r, err := population.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func says(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }
}

func TestTheMappingSaysWhereEverythingStands(t *testing.T) {
	t.Parallel()
	var asked string
	r := standIn(t, population.Config{
		Token:  "khóa",
		Send:   map[string]string{"id_number": "/yeuCau/soDinhDanh", "purpose": "/yeuCau/a~1b"},
		Fields: map[string]string{"name": "/data/0/hoTen", "birth_date": "/data/0/ngaySinh", "sex": "/data/0/gioiTinh", "address": "/data/0/thuongTru/diaChi", "phone": ""},
	}, func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		asked = q.Method + " " + q.URL.String() + " " + q.Header.Get("Authorization") + " " + string(body)
		says(`{"phone":"0912345678","data":[{"hoTen":" Trần Thị Bình ","ngaySinh":"31/12/1990","gioiTinh":2,"thuongTru":{"diaChi":"Ấp Một"}}]}`)(w, q)
	})
	p, err := r.Ask(context.Background(), now, number, "1.000001")
	want := dossier.Person{Kind: dossier.Citizen, Name: "Trần Thị Bình", IDNumber: number, BirthDate: "1990-12-31", Sex: dossier.Female, Address: "Ấp Một"}
	if diff := cmp.Diff(want, p); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if want := `POST /person Bearer khóa {"yeuCau":{"a/b":"1.000001","soDinhDanh":"` + number + `"}}`; asked != want {
		t.Errorf("asked %s, not %s", asked, want)
	}
}

func TestWhatARegisterSaysWrongIsAnOutageAndNoPerson(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"an error":        func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"not let in":      func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) },
		"no JSON":         says("<html>" + number),
		"nobody's name":   says(`{"address":"Ấp Một"}`),
		"an empty answer": says(""),
		"null":            says("null"),
		"somebody else":   says(`{"name":"Người Khác","id_number":"093190000002"}`),
		"too much":        says(`{"name":"` + strings.Repeat("a", 70<<10) + `"}`),
		"another address": func(w http.ResponseWriter, q *http.Request) {
			http.Redirect(w, q, "http://192.0.2.1/", http.StatusTemporaryRedirect)
		},
		"no answer soon": func(_ http.ResponseWriter, q *http.Request) {
			_, _ = io.Copy(io.Discard, q.Body) // else the server does not see the caller leave
			<-q.Context().Done()
		},
		"a connection cut off": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := standIn(t, population.Config{Timeout: 300 * time.Millisecond}, answer)
			p, err := r.Ask(context.Background(), now, number, "1.000001")
			f := fault.As(err)
			if f == nil || f.Code != "register-unavailable" || p != (dossier.Person{}) {
				t.Fatalf("%+v, %v", p, err)
			}
			if strings.Contains(err.Error()+errors.Unwrap(err).Error(), number) {
				t.Errorf("the number stands in %v", errors.Unwrap(err))
			}
		})
	}
}

func TestWhatIsNotUnderstoodIsLeftOut(t *testing.T) {
	t.Parallel()
	r := standIn(t, population.Config{}, says(`{"name":"Trần Thị Bình","birth_date":"1990","sex":"khác","address":["Ấp Một"],"email":null}`))
	p, err := r.Ask(context.Background(), now, number, "1.000001")
	if diff := cmp.Diff(dossier.Person{Kind: dossier.Citizen, Name: "Trần Thị Bình", IDNumber: number}, p); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if p, err := r.Ask(context.Background(), now, "1800000001", "1.000001"); p.Kind != dossier.Enterprise || err != nil {
		t.Errorf("a tax code: %+v, %v", p, err)
	}
}

func TestARegisterThatFailsIsLetRest(t *testing.T) {
	t.Parallel()
	var asked, status atomic.Int64
	status.Store(http.StatusBadGateway)
	r := standIn(t, population.Config{}, func(w http.ResponseWriter, q *http.Request) {
		asked.Add(1)
		if s := status.Load(); s != http.StatusOK {
			w.WriteHeader(int(s))
			return
		}
		says(`{"name":"Trần Thị Bình"}`)(w, q)
	})
	ask := func(at time.Time) error { _, err := r.Ask(context.Background(), at, number, "1.000001"); return err }
	for range 8 {
		if !errors.Is(ask(now), fault.Unavailable) {
			t.Error("it answered")
		}
	}
	if n := asked.Load(); n != 5 {
		t.Errorf("it was asked %d times before it was let rest, not 5", n)
	}
	later := now.Add(31 * time.Second)
	for range 2 {
		if !errors.Is(ask(later), fault.Unavailable) {
			t.Error("it answered")
		}
	}
	if asked.Load() != 6 {
		t.Errorf("after the rest it was asked %d times in all, not 6", asked.Load())
	}
	status.Store(http.StatusNotFound)
	later = later.Add(31 * time.Second)
	if err := ask(later); !errors.Is(err, fault.NotFound) {
		t.Error(err)
	}
	status.Store(http.StatusOK)
	if err := ask(later); err != nil {
		t.Errorf("it answers again: %v", err)
	}
}

func TestNoMoreThanEightQuestionsAreUnderWay(t *testing.T) {
	t.Parallel()
	arrived, answer := make(chan struct{}, 20), make(chan struct{})
	r := standIn(t, population.Config{}, func(w http.ResponseWriter, q *http.Request) {
		arrived <- struct{}{}
		<-answer
		says(`{"name":"Trần Thị Bình"}`)(w, q)
	})
	done := make(chan error, 8)
	for range 8 {
		go func() { _, err := r.Ask(context.Background(), now, number, ""); done <- err }()
	}
	for range 8 {
		<-arrived
	}
	if _, err := r.Ask(context.Background(), now, number, ""); !errors.Is(err, fault.Unavailable) {
		t.Errorf("a ninth: %v", err)
	}
	close(answer)
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestARegisterThatCannotBeIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]population.Config{
		"no address":    {URL: "register"},
		"no web":        {URL: "file:///etc/passwd"},
		"a password":    {URL: "https://a:b@register.example.vn"},
		"no such field": {URL: "https://register.example.vn", Fields: map[string]string{"tên": "/a"}},
		"no pointer":    {URL: "https://register.example.vn", Send: map[string]string{"id_number": "soDinhDanh"}},
	} {
		if _, err := population.New(c); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	var none *population.Register
	if _, err := none.Ask(context.Background(), now, number, ""); fault.As(err) == nil || fault.As(err).Code != "register-not-configured" {
		t.Error(err)
	}
}
