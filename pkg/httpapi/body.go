package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/routers"
	"github.com/gin-gonic/gin"
	"golang.org/x/text/unicode/norm"

	"github.com/motcua/motcua/pkg/fault"
)

const (
	bodyLimit  = 1 << 20  // bytes
	bodyWaste  = 32 << 20 // bytes beyond that are read to be thrown away
	depthLimit = 32       // of nested JSON
)

// readBody reads all of the body before anything else happens: no transaction ever waits for a slow caller. A file is left to keepFile.
func (s *server) readBody(c *gin.Context, route *routers.Route) error {
	if takesFile(route) {
		kind, details, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
		c.Request.Header.Set("Content-Type", mime.FormatMediaType(kind, details)) // in small letters, as the generated code compares it
		if err != nil || kind != bytesAsTheyAre && (kind != bytesInForm || details["boundary"] == "") {
			drain(c)
			return fault.New(fault.Invalid, "media-type-unsupported", "Content-Type must be %s or %s", bytesAsTheyAre, bytesInForm)
		}
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(c.Request.Body, bodyLimit+1))
	if err != nil {
		return fault.New(fault.Invalid, "body-malformed", "the body broke off").Because(err)
	}
	if len(body) > bodyLimit {
		drain(c)
		return fault.New(fault.Invalid, "body-too-large", "the body is larger than %d bytes", bodyLimit)
	}
	wanted := route.Operation.RequestBody
	if wanted == nil {
		if len(body) > 0 && !saysNothing(body) {
			return fault.New(fault.Invalid, "body-malformed", "this takes no body")
		}
		c.Request.Body, c.Request.ContentLength = http.NoBody, 0
		return nil
	}
	if len(body) > 0 {
		kind, _, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
		if err != nil || wanted.Value.Content[kind] == nil {
			return fault.New(fault.Invalid, "media-type-unsupported", "Content-Type must be %s", strings.Join(sortedKeys(wanted.Value.Content), " or "))
		}
		if kind == "application/json" {
			if err := oneDocument(body); err != nil {
				return err
			}
		}
	}
	// One spelling of each Vietnamese letter from here on. JSON's own signs do not combine with anything.
	body = norm.NFC.Bytes(body)
	visitOf(c).body = body
	c.Request.Body, c.Request.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return nil
}

// saysNothing is true of white space and of an object without members, which some clients send with every request.
func saysNothing(body []byte) bool {
	inner := bytes.TrimSpace(body)
	if n := len(inner); n > 1 && inner[0] == '{' && inner[n-1] == '}' {
		inner = bytes.TrimSpace(inner[1 : n-1])
	}
	return len(inner) == 0
}

// drain reads on, within bounds, what nobody is going to look at: a connection closed on a caller who still sends takes the answer with it.
func drain(c *gin.Context) {
	if n, err := io.CopyN(io.Discard, c.Request.Body, bodyWaste); n == bodyWaste || !errors.Is(err, io.EOF) {
		c.Header("Connection", "close")
	}
}

// oneDocument refuses what encoding/json would let pass or read differently from others: more than one document, a name twice in one
// object, bytes that are no UTF-8, NUL, numbers beyond measure, endless depth.
func oneDocument(body []byte) error {
	if !utf8.Valid(body) {
		return fault.New(fault.Invalid, "body-malformed", "the body is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var wrong fault.Fields
	if err := walk(d, "", 0, &wrong); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fault.New(fault.Invalid, "body-malformed", "something follows behind the JSON document")
	}
	return wrong.Err("request-invalid", "the body has members that cannot be taken")
}

func walk(d *json.Decoder, at string, depth int, wrong *fault.Fields) error {
	token, err := d.Token()
	if err != nil {
		return notJSON(d)
	}
	switch t := token.(type) {
	case json.Delim:
		if depth == depthLimit {
			return fault.New(fault.Invalid, "body-malformed", "the JSON is nested more than %d levels deep", depthLimit)
		}
		return walkInto(d, t, at, depth, wrong)
	case string:
		if strings.ContainsRune(t, 0) {
			wrong.Add(at, "text-invalid", "holds a NUL")
		}
	case json.Number:
		if _, err := t.Float64(); err != nil {
			wrong.Add(at, "maximum", "is a number beyond measure")
		}
	}
	return nil
}

func walkInto(d *json.Decoder, open json.Delim, at string, depth int, wrong *fault.Fields) error {
	seen := map[string]bool{}
	for i := 0; d.More(); i++ {
		inner := at + "[" + strconv.Itoa(i) + "]"
		if open == '{' {
			name, err := d.Token()
			text, ok := name.(string)
			if err != nil || !ok {
				return notJSON(d)
			}
			inner = fieldPath(at, text)
			if seen[text] {
				wrong.Add(inner, "duplicate", "stands twice in one object")
			}
			seen[text] = true
		}
		if err := walk(d, inner, depth+1, wrong); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return notJSON(d)
	}
	return nil
}

func notJSON(d *json.Decoder) error {
	return fault.New(fault.Invalid, "body-malformed", "the body is not JSON: it goes wrong near byte %d", d.InputOffset())
}
