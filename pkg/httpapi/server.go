// Package httpapi is the counter for programs: JSON in, JSON out, problems when it goes wrong. Routes and types are generated from
// api/openapi.yaml; what happens, happens in the office.
package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/getkin/kin-openapi/routers"
	"github.com/gin-gonic/gin"

	"github.com/motcua/motcua/api"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/population"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// Options is what the counter needs. Office, Store, Clock, Log and Zone must be given.
type Options struct {
	Office  *onestop.Office
	Store   *store.Store
	Clock   func() time.Time
	Log     *slog.Logger
	Version string
	Zone    *time.Location // of the times in answers and of dates in questions

	// PublicURL is how the world outside reaches this counter, like https://motcua.example.vn: papers say it and their QR codes lead there.
	// Without it they have none.
	PublicURL string

	// Send carries a test message to a receiver outside.
	Send onestop.Send
	// Reach says whether messages may go to an address.
	Reach onestop.Reach

	// TrustedProxies may say in X-Forwarded-For whom they ask for. Without any, the address of the connection counts: behind a proxy
	// all callers would then share one rate limit.
	TrustedProxies []netip.Prefix
	// Register is the outside register of persons; nil where there is none.
	Register *population.Register

	// Failed sign-ins per user name and look-ups per address that are answered in a minute; 0 is 10 and 30.
	SignInsPerMinute, LookupsPerMinute int
	// Questions to the outside register per user that are put in a minute; 0 is 20.
	RegisterPerMinute int
}

type server struct {
	Options
	problems api.Catalogue
	details  details
	routes   map[string]*routers.Route // "GET /api/v1/dossiers/:code", as Gin writes it
	pages    pages
	metrics  metrics
	signIns  signInLimits
	lookups  *limiter
	register *limiter
	logs     chan struct{} // event logs being written
}

var _ StrictServerInterface = (*server)(nil)

// New is the counter as a handler. It panics if the contract inside the program is broken, which no configuration can bring about.
func New(o Options) http.Handler {
	s := &server{Options: o}
	var err error
	if s.problems, err = api.Problems(); err != nil {
		panic(err)
	}
	if s.details, err = api.Details(); err != nil {
		panic(err)
	}
	document, err := loadDocument()
	if err != nil {
		panic(err)
	}
	s.routes = routesOf(document)
	s.pages = newPages(o.Version)
	s.metrics = newMetrics(o.Version, &outbox{store: o.Store, clock: o.Clock})
	s.signIns = newSignInLimits(orDefault(o.SignInsPerMinute, 10))
	s.lookups = newLimiter(orDefault(o.LookupsPerMinute, 30))
	s.register = newLimiter(orDefault(o.RegisterPerMinute, 20))
	s.logs = make(chan struct{}, logsAtOnce)
	return headAsGet(s.engine())
}

func (s *server) engine() *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.ContextWithFallback = true
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false // another path is another thing, not a hint
	proxies := make([]string, len(s.TrustedProxies))
	for i, p := range s.TrustedProxies {
		proxies[i] = p.String()
	}
	if len(proxies) == 0 {
		proxies = nil // Gin trusts everybody unless told not to
	}
	if err := e.SetTrustedProxies(proxies); err != nil {
		panic(fmt.Errorf("trusted proxies: %w", err)) // a netip.Prefix always reads as one
	}
	e.Use(s.observe, s.secure, s.gate)
	e.NoRoute(func(c *gin.Context) { s.refuse(c, errRouteUnknown) })
	e.NoMethod(func(c *gin.Context) { s.refuse(c, errMethodNotAllowed) })
	e.GET(assetsPath+"*file", s.asset)
	RegisterHandlersWithOptions(e, NewStrictHandlerWithOptions(s, []StrictMiddlewareFunc{s.once, s.keepFile, s.findAddress}, StrictGinServerOptions{
		RequestErrorHandlerFunc:  func(c *gin.Context, err error) { s.refuse(c, unreadable(err)) },
		HandlerErrorFunc:         s.refuse,
		ResponseErrorHandlerFunc: s.refuse,
	}), GinServerOptions{
		ErrorHandler: func(c *gin.Context, err error, _ int) { s.refuse(c, unreadable(err)) },
	})
	return e
}

// headAsGet answers HEAD wherever GET is answered; net/http leaves the body out by itself.
func headAsGet(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			r = r.Clone(r.Context())
			r.Method = http.MethodGet
		}
		next.ServeHTTP(w, r)
	})
}

// visit is one request on its way through the counter.
type visit struct {
	id    string // of the request, in the answer and in the log
	trace string // trace id of the caller's traceparent, "" without one
	now   time.Time
	actor staff.Actor
	url   *url.URL
	body  []byte // as it was read, before anything else happened; of a file its hash
	kept  onestop.KeptFile

	unreachable fault.Text // of the address of a receiver, empty when messages may go there
	hint        fault.Text // what is to be noticed of it

	english bool // asked for by Accept-Language; Vietnamese otherwise
}

type visitKey struct{}

func visitOf(c *gin.Context) *visit {
	v, _ := c.Request.Context().Value(visitKey{}).(*visit)
	return v
}

// enter is how every handler begins. Handlers receive Gin's context, which is used again for other requests as soon as this one is
// answered; whatever goes to the database gets the request's own, which also carries the transaction.
func enter(ctx context.Context) (context.Context, *visit) {
	if c, ok := ctx.(*gin.Context); ok {
		ctx = c.Request.Context()
	}
	v, _ := ctx.Value(visitKey{}).(*visit)
	return ctx, v
}

func orDefault(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}
