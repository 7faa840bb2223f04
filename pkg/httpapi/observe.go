package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

var (
	requestID   = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
	traceparent = regexp.MustCompile(`^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}`)
)

// observe gives the request its name, its instant and a line in the log, and turns a panic into a problem. Neither log nor metrics hold
// paths, query strings, bodies or addresses: those are, or may be, personal data.
func (s *server) observe(c *gin.Context) {
	v := &visit{id: c.GetHeader("X-Request-Id"), now: s.Clock(), url: c.Request.URL, english: prefersEnglish(c.GetHeader("Accept-Language"))}
	if !requestID.MatchString(v.id) {
		v.id = uuid.NewString()
	}
	if m := traceparent.FindStringSubmatch(c.GetHeader("traceparent")); m != nil {
		v.trace = m[1]
		c.Header("traceparent", m[0])
	}
	c.Header("X-Request-Id", v.id)
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), visitKey{}, v))
	s.metrics.inFlight.Inc()
	defer func() { // also when an answer is broken off, which panics on
		s.metrics.inFlight.Dec()
		s.record(c, v, s.Clock().Sub(v.now))
	}()
	defer func() {
		if p := recover(); p != nil {
			s.panicked(c, v, p)
		}
	}()
	c.Next()
}

func (s *server) panicked(c *gin.Context, v *visit, p any) {
	if p == http.ErrAbortHandler { //nolint:errorlint // net/http compares it the same way
		panic(p)
	}
	s.Log.ErrorContext(c.Request.Context(), "panic", "request_id", v.id, "route", c.FullPath(), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	s.refuse(c, errPanicked)
}

func (s *server) record(c *gin.Context, v *visit, took time.Duration) {
	method, route := c.Request.Method, c.FullPath()
	if route == "" {
		method, route = "any", "unknown" // callers choose neither label
	}
	status := c.Writer.Status()
	s.metrics.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	s.metrics.seconds.WithLabelValues(method, route).Observe(took.Seconds())
	attrs := []slog.Attr{
		slog.String("request_id", v.id), slog.String("method", method), slog.String("route", route), slog.Int("status", status),
		slog.Float64("ms", float64(took.Microseconds())/1000),
	}
	if v.actor.ID != uuid.Nil {
		attrs = append(attrs, slog.String("user_id", v.actor.ID.String()))
	}
	if v.trace != "" {
		attrs = append(attrs, slog.String("trace_id", v.trace))
	}
	level := slog.LevelInfo
	if status >= http.StatusInternalServerError {
		level = slog.LevelWarn
	}
	s.Log.LogAttrs(c.Request.Context(), level, "request", attrs...)
}

// metrics has a registry of its own, so that several servers can live in one process.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	inFlight prometheus.Gauge
}

func newMetrics(version string, waiting *outbox) metrics {
	m := metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "motcua_http_requests_total", Help: "Requests answered.",
		}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "motcua_http_request_seconds", Help: "Time to answer.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"method", "route"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "motcua_http_requests_in_flight", Help: "Requests being answered."}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "motcua_build_info", Help: "1, with the version as a label.", ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.seconds, m.inFlight, build, waiting,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}
