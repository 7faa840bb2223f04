package httpapi

import (
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/routers"
	"github.com/gin-gonic/gin"

	"github.com/motcua/motcua/pkg/fault"
)

// gate lets a request through to its handler once it is known to be from here, whose it is and that it has the form that the document
// asks for. What is cheap and what strangers may not use up comes first.
func (s *server) gate(c *gin.Context) {
	route := s.routes[c.Request.Method+" "+c.FullPath()]
	if route == nil {
		return // what is not in the document: 404, 405, the files of the reference
	}
	for _, check := range []func(*gin.Context, *routers.Route) error{s.sameOrigin, s.identify, s.readBody, s.validate} {
		if err := check(c, route); err != nil {
			s.refuse(c, err)
			return
		}
	}
}

// secure sets what browsers should know about every answer; pages loosen it for themselves.
func (s *server) secure(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Language")
}

var crossOrigin = http.NewCrossOriginProtection()

// sameOrigin keeps pages of other sites from making a browser write here.
func (s *server) sameOrigin(c *gin.Context, _ *routers.Route) error {
	if err := crossOrigin.Check(c.Request); err != nil {
		return fault.New(fault.Forbidden, "cross-origin", "a browser sent this from a page of another site").Because(err)
	}
	return nil
}

// identify finds out whose token was sent. Where anybody may ask, a token is not looked at.
func (s *server) identify(c *gin.Context, route *routers.Route) error {
	if security := route.Operation.Security; security != nil && len(*security) == 0 {
		return nil
	}
	scheme, token, _ := strings.Cut(strings.TrimSpace(c.GetHeader("Authorization")), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return fault.New(fault.Unauthenticated, "not-signed-in", "sign in, or send a token as Authorization: Bearer")
	}
	v := visitOf(c)
	var err error
	v.actor, err = s.Office.Identify(c.Request.Context(), v.now, strings.TrimSpace(token))
	return err
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
