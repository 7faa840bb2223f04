package httpapi

import (
	"bytes"
	"context"
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/motcua/motcua/api"
	"github.com/motcua/motcua/pkg/fault"
)

// ReadHealth says that the process is alive, whatever its database does.
func (s *server) ReadHealth(context.Context, ReadHealthRequestObject) (ReadHealthResponseObject, error) {
	return ReadHealth200JSONResponse{Status: HealthStatusOk, Version: s.Version}, nil
}

// ReadReadiness says whether the database answers.
func (s *server) ReadReadiness(ctx context.Context, _ ReadReadinessRequestObject) (ReadReadinessResponseObject, error) {
	ctx, _ = enter(ctx)
	if err := s.Store.Ping(ctx); err != nil {
		return nil, err
	}
	return ReadReadiness200JSONResponse{Status: HealthStatusOk, Version: s.Version}, nil
}

// measurements are written by the library, which knows the formats that a scraper may ask for.
type measurements struct{ http.Handler }

func (m measurements) VisitReadMetricsResponse(w http.ResponseWriter) error {
	m.ServeHTTP(w, &http.Request{Header: http.Header{}})
	return nil
}

// ReadMetrics gives the measurements for Prometheus.
func (s *server) ReadMetrics(context.Context, ReadMetricsRequestObject) (ReadMetricsResponseObject, error) {
	return measurements{promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{})}, nil
}

// ReadDocument gives the contract.
func (s *server) ReadDocument(context.Context, ReadDocumentRequestObject) (ReadDocumentResponseObject, error) {
	return ReadDocument200ApplicationyamlResponse{Body: bytes.NewReader(api.OpenAPI), ContentLength: int64(len(api.OpenAPI))}, nil
}

// ListProblems lists every problem.
func (s *server) ListProblems(context.Context, ListProblemsRequestObject) (ListProblemsResponseObject, error) {
	return ListProblems200JSONResponse{Items: each(s.problems.Problems, problemEntry)}, nil
}

// ReadProblem explains one.
func (s *server) ReadProblem(_ context.Context, r ReadProblemRequestObject) (ReadProblemResponseObject, error) {
	p, ok := s.problems.Problem(r.Code)
	if !ok {
		return nil, fault.New(fault.NotFound, "problem-unknown", "there is no such problem")
	}
	return ReadProblem200JSONResponse(problemEntry(p)), nil
}

func problemEntry(p api.Problem) ProblemEntry {
	return ProblemEntry{
		Code: p.Code, Type: "/problems/" + p.Code, TitleVi: p.TitleVI, TitleEn: p.TitleEN, RemedyVi: p.RemedyVI, RemedyEn: p.RemedyEN,
		Who:      ProblemEntryWho(p.Who),
		Statuses: each(p.Kinds, func(kind string) int { return statusOf(fault.Kind(kind), p.Code) }),
	}
}
