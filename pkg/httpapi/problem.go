package httpapi

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/motcua/motcua/api"
	"github.com/motcua/motcua/pkg/fault"
)

// statuses is the one place where a fault gets an HTTP status.
var statuses = map[fault.Kind]int{
	fault.Invalid:              http.StatusUnprocessableEntity,
	fault.Unauthenticated:      http.StatusUnauthorized,
	fault.Forbidden:            http.StatusForbidden,
	fault.NotFound:             http.StatusNotFound,
	fault.Conflict:             http.StatusConflict,
	fault.Stale:                http.StatusPreconditionFailed,
	fault.PreconditionRequired: http.StatusPreconditionRequired,
	fault.TooMany:              http.StatusTooManyRequests,
	fault.Unavailable:          http.StatusServiceUnavailable,
	failure:                    http.StatusInternalServerError,
}

// ownStatuses are those of faults that only HTTP knows, or that lie in the request as such and not in its meaning.
var ownStatuses = map[string]int{
	"request-invalid":        http.StatusBadRequest,
	"body-malformed":         http.StatusBadRequest,
	"cursor-invalid":         http.StatusBadRequest,
	"body-too-large":         http.StatusRequestEntityTooLarge,
	"media-type-unsupported": http.StatusUnsupportedMediaType,
	"file-too-large":         http.StatusRequestEntityTooLarge,
	"file-type-unsupported":  http.StatusUnsupportedMediaType,
	"method-not-allowed":     http.StatusMethodNotAllowed,
}

// failure is what no caller can act on.
const failure fault.Kind = "failure"

var (
	errRouteUnknown     = fault.New(fault.NotFound, "route-unknown", "there is nothing at this path")
	errMethodNotAllowed = fault.New(fault.Invalid, "method-not-allowed", "this path does not take this method")
	errPanicked         = fault.New(failure, "internal", "the server failed; the log knows more under the request's name")
)

func statusOf(kind fault.Kind, code string) int {
	if status, ok := ownStatuses[code]; ok {
		return status
	}
	return statuses[kind]
}

// retryLater is a fault with the time after which it makes sense to ask again.
type retryLater struct {
	error
	after time.Duration
}

func (r retryLater) Unwrap() error { return r.error }

// refuse answers with what went wrong. What is no fault is our own failure: it says nothing outside and everything in the log.
func (s *server) refuse(c *gin.Context, err error) {
	v := visitOf(c)
	f := fault.As(err)
	if f == nil {
		s.Log.ErrorContext(c.Request.Context(), "failure", "request_id", v.id, "route", c.FullPath(), "error", err.Error())
		f = errPanicked
	}
	c.Abort()
	if c.Writer.Written() {
		return // too late to say anything
	}
	status := statusOf(f.Kind, f.Code)
	if f.Kind == fault.Unavailable {
		s.Log.WarnContext(c.Request.Context(), "unavailable", "request_id", v.id, "route", c.FullPath(), "cause", causeOf(f))
	}
	s.adviseIn(c, status, f, err)
	p := s.problem(c, status, f)
	if m := (moved{}); errors.As(err, &m) {
		p.Current = s.currentState(c.Request.Context(), v.actor, m.code)
	}
	body, err := json.Marshal(p)
	if err != nil {
		panic(err) // strings and numbers only
	}
	c.Data(status, "application/problem+json", append(body, '\n'))
}

func (s *server) adviseIn(c *gin.Context, status int, f *fault.Error, err error) {
	c.Header("Cache-Control", "no-store")
	switch status {
	case http.StatusUnauthorized:
		challenge := `Bearer realm="motcua"`
		if f.Code == "token-refused" {
			challenge += `, error="invalid_token"`
		}
		c.Header("WWW-Authenticate", challenge)
	case http.StatusServiceUnavailable:
		c.Header("Retry-After", "2")
	case http.StatusTooManyRequests:
		after := time.Minute
		if r := (retryLater{}); errors.As(err, &r) {
			after = r.after
		}
		c.Header("Retry-After", strconv.Itoa(int(math.Ceil(after.Seconds()))))
	}
}

func (s *server) problem(c *gin.Context, status int, f *fault.Error) Problem {
	known, ok := s.problems.Problem(f.Code)
	if !ok { // a test sees to it that every code is listed
		known = api.Problem{Code: f.Code, TitleVI: "Lỗi", TitleEN: "Error"}
	}
	p := Problem{
		Type: "/problems/" + f.Code, Code: f.Code, Status: status, Instance: "urn:motcua:request:" + visitOf(c).id,
		Title: known.TitleVI, TitleVi: known.TitleVI, TitleEn: known.TitleEN, Remedy: known.RemedyVI,
	}
	language, english := "vi", visitOf(c).english
	if english {
		language, p.Title, p.Remedy = "en", known.TitleEN, known.RemedyEN
	}
	c.Header("Content-Language", language)
	detail := s.said(english, f.Said)
	p.Detail, p.DetailVi, p.DetailEn = detail.asked, detail.vi, detail.en
	for _, x := range f.Fields {
		said := s.said(english, x.Said)
		p.Errors = append(p.Errors, FieldProblem{Field: x.Name, Code: x.Code, Detail: said.asked, DetailVi: said.vi, DetailEn: said.en})
	}
	return p
}

// prefersEnglish reads Accept-Language; Vietnamese is the language of the house.
func prefersEnglish(accept string) bool {
	best := map[string]float64{}
	for part := range strings.SplitSeq(accept, ",") {
		tag, parameter, _ := strings.Cut(strings.TrimSpace(part), ";")
		q := 1.0
		if text, ok := strings.CutPrefix(strings.TrimSpace(parameter), "q="); ok {
			q, _ = strconv.ParseFloat(text, 64)
		}
		language, _, _ := strings.Cut(strings.ToLower(tag), "-")
		best[language] = max(best[language], q)
	}
	return best["en"] > best["vi"]
}

func causeOf(f *fault.Error) string {
	if cause := f.Unwrap(); cause != nil {
		return cause.Error()
	}
	return f.Detail
}

// unreadable is what the generated code could not read although the document allowed it. Its own words may repeat what was sent.
func unreadable(error) error {
	return fault.New(fault.Invalid, "request-invalid", "the request does not have the form that the document asks for")
}
