package httpapi

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/motcua/motcua/api"
	"github.com/motcua/motcua/pkg/fault"
)

func loadDocument() (*openapi3.T, error) {
	document, err := openapi3.NewLoader().LoadFromData(api.OpenAPI)
	if err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	for name, valid := range formats {
		document.SetStringFormatValidator(name, openapi3.NewCallbackValidator(valid))
	}
	if err := document.Validate(context.Background()); err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	return document, nil
}

var pathParameter = regexp.MustCompile(`\{([^}]+)\}`)

// routesOf finds the document's operations by the names that Gin gives to routes, so that nothing is routed twice.
func routesOf(document *openapi3.T) map[string]*routers.Route {
	routes := map[string]*routers.Route{}
	for path, item := range document.Paths.Map() {
		for method, operation := range item.Operations() {
			routes[method+" "+pathParameter.ReplaceAllString(path, ":$1")] = &routers.Route{
				Spec: document, Server: document.Servers[0], Path: path, PathItem: item, Method: method, Operation: operation,
			}
		}
	}
	return routes
}

// formats are checked as this program reads them; the library's own patterns let 30 February and times without an offset pass.
var formats = map[string]func(string) error{
	"uuid": func(text string) error { _, err := uuid.Parse(text); return err },
	"date": func(text string) error {
		t, err := time.Parse(time.DateOnly, text)
		return inRange(t, err)
	},
	"date-time": func(text string) error {
		t, err := time.Parse(time.RFC3339Nano, text)
		return inRange(t, err)
	},
}

// inRange keeps to years that every part of the program, and both databases, can reckon with.
func inRange(t time.Time, err error) error {
	if err == nil && (t.Year() < 1900 || t.Year() > 2299) {
		return errors.New("out of range")
	}
	return err
}

// validate holds the request against the document. The value that was validated goes on to the handler, with defaults filled in and
// names compared letter by letter.
func (s *server) validate(c *gin.Context, route *routers.Route) error {
	var wrong fault.Fields
	query := c.Request.URL.Query()
	onlyKnown(query, route, &wrong)
	parameters := map[string]string{}
	for _, p := range c.Params {
		parameters[p.Key] = p.Value
	}
	err := openapi3filter.ValidateRequest(c.Request.Context(), &openapi3filter.RequestValidationInput{
		Request: c.Request, PathParams: parameters, QueryParams: query, Route: route,
		Options: &openapi3filter.Options{
			MultiError: true, KeepValidatedValue: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc,
			ExcludeRequestBody: takesFile(route), SchemaValidationOptions: route.Spec.GetSchemaValidationOptions(),
		},
	})
	if err == nil && len(wrong) == 0 {
		return nil
	}
	if missingIfMatch(err) {
		return errPrecondition
	}
	translate(err, route, &wrong)
	return wrong.Err("request-invalid", "the request does not have the form that the document asks for")
}

var (
	errPrecondition = fault.New(fault.PreconditionRequired, "precondition-required", "send If-Match with the ETag of the dossier that you looked at")
	errAnyVersion   = fault.New(fault.PreconditionRequired, "precondition-required",
		"If-Match: * does not say which version you looked at; send the ETag of the dossier instead")
)

// onlyKnown refuses query parameters that mean nothing here: a misspelt filter would otherwise list everything.
func onlyKnown(query map[string][]string, route *routers.Route, wrong *fault.Fields) {
	for _, name := range sortedKeys(query) {
		p := route.Operation.Parameters.GetByInAndName(openapi3.ParameterInQuery, name)
		switch {
		case p == nil && len(name) > 40:
			wrong.Add("query", "unknown", "holds a parameter that is not known here")
		case p == nil:
			wrong.Add(name, "unknown", "is not a parameter of this list or report")
		case len(query[name]) > 1 && !p.Schema.Value.Type.Is(openapi3.TypeArray):
			wrong.Add(name, "duplicate", "stands more than once")
		}
	}
}

func missingIfMatch(err error) bool {
	for _, e := range flat(err) {
		var r *openapi3filter.RequestError
		if errors.As(e, &r) && r.Parameter != nil && strings.EqualFold(r.Parameter.Name, "If-Match") && errors.Is(r.Err, openapi3filter.ErrInvalidRequired) {
			return true
		}
	}
	return false
}

// flat takes a tree of gathered errors apart.
func flat(err error) []error {
	if err == nil {
		return nil
	}
	all, ok := err.(openapi3.MultiError) //nolint:errorlint // one inside something else belongs to that
	if !ok {
		return []error{err}
	}
	var out []error
	for _, e := range all {
		out = append(out, flat(e)...)
	}
	return out
}

// translate puts what the library found into words of our own: which field, what about it. Its own words repeat values, and values are
// personal data.
func translate(err error, route *routers.Route, wrong *fault.Fields) {
	for _, e := range flat(err) {
		var request *openapi3filter.RequestError
		if !errors.As(e, &request) {
			wrong.Add("body", "invalid", "is not what the document asks for")
			continue
		}
		at := ""
		var shape *openapi3.Schema
		if request.Parameter != nil {
			at = request.Parameter.Name
			shape = request.Parameter.Schema.Value
		}
		inner := flat(request.Err)
		if len(inner) == 0 {
			inner = []error{request}
		}
		for _, x := range inner {
			translateOne(x, at, shape, wrong)
		}
	}
}

func translateOne(err error, at string, shape *openapi3.Schema, wrong *fault.Fields) {
	var schema *openapi3.SchemaError
	switch {
	case errors.As(err, &schema):
		for _, step := range schema.JSONPointer() {
			at = fieldPath(at, step)
		}
		if schema.SchemaField == "properties" {
			strangers(schema, at, wrong)
			return
		}
		code, said := inWords(schema)
		wrong.Put(orBody(at), code, said)
	case errors.Is(err, openapi3filter.ErrInvalidRequired):
		wrong.Add(orBody(at), "required", "is missing")
	case errors.Is(err, openapi3filter.ErrInvalidEmptyValue):
		wrong.Add(orBody(at), "required", "is empty")
	case shape != nil:
		wrong.Put(orBody(at), "type", mustBe(shape))
	default:
		wrong.Add(orBody(at), "invalid", "is not what the document asks for")
	}
}

// strangers names the members that an object must not have.
func strangers(e *openapi3.SchemaError, at string, wrong *fault.Fields) {
	members, _ := e.Value.(map[string]any)
	for _, name := range sortedKeys(members) {
		if e.Schema.Properties[name] == nil {
			wrong.Add(fieldPath(at, name), "unknown", "is not a member of this object")
		}
	}
}

func orBody(at string) string {
	if at == "" {
		return "body"
	}
	return at
}

// fieldPath is at with one more step: applicant.phone, papers[2].
func fieldPath(at, step string) string {
	if len(step) > 100 {
		step = step[:100] + "…"
	}
	if step != "" && strings.Trim(step, "0123456789") == "" {
		return at + "[" + step + "]"
	}
	if at == "" {
		return step
	}
	return at + "." + step
}

// inWords is the code and the sentence for one broken rule of the document.
func inWords(e *openapi3.SchemaError) (code string, said fault.Text) {
	s := e.Schema
	switch e.SchemaField {
	case "required":
		return "required", fault.Say("is missing")
	case "nullable":
		return "type", fault.Say("must not be null")
	case "type":
		return "type", mustBe(s)
	case "enum":
		return "unknown", fault.Say("must be one of %s", listOf(s.Enum))
	case "format":
		return formatCode(s.Format), mustBe(s)
	case "pattern":
		return "pattern", fault.Say("does not have the form that is asked for")
	case "minLength":
		if s.MinLength == 1 {
			return "required", fault.Say("is empty")
		}
		return "required", fault.Say("is shorter than %d letters", s.MinLength)
	case "maxLength":
		return "too-long", fault.Say("is longer than %d letters", *s.MaxLength)
	case "minItems":
		return "required", fault.Say("must have at least %d items", s.MinItems)
	case "maxItems":
		return "too-long", fault.Say("has more than %d items", *s.MaxItems)
	case "minimum":
		return "minimum", fault.Say("is less than %s", bound(*s.Min))
	case "maximum":
		return "maximum", fault.Say("is more than %s", bound(*s.Max))
	}
	return "invalid", fault.Say("is not what the document asks for")
}

// bound writes one as a document does: 10000000000, not 1e+10.
func bound(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func formatCode(format string) string {
	if format == "date-time" {
		return "time"
	}
	return format
}

// mustBe says what a value has to look like.
func mustBe(s *openapi3.Schema) fault.Text {
	switch {
	case s == nil || s.Type == nil:
		return fault.Say("is not what the document asks for")
	case s.Format == "uuid":
		return fault.Say("must be a UUID")
	case s.Format == "date":
		return fault.Say("must be a date of the calendar like 2025-07-01, from 1900 to 2299")
	case s.Format == "date-time":
		return fault.Say("must be a time with its offset like 2025-07-01T08:00:00+07:00, from 1900 to 2299")
	case s.Type.Is(openapi3.TypeInteger):
		return fault.Say("must be a whole number")
	case s.Type.Is(openapi3.TypeNumber):
		return fault.Say("must be a number")
	case s.Type.Is(openapi3.TypeBoolean):
		return fault.Say("must be true or false")
	case s.Type.Is(openapi3.TypeArray):
		return fault.Say("must be a list")
	case s.Type.Is(openapi3.TypeObject):
		return fault.Say("must be an object")
	}
	return fault.Say("must be a text")
}

func listOf(enum []any) string {
	texts := make([]string, len(enum))
	for i, e := range enum {
		texts[i] = fmt.Sprint(e)
	}
	return strings.Join(texts, ", ")
}
