package httpapi_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/httpapi"
)

func TestAPanicSaysNothingOutsideAndEverythingInTheLog(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	h := httpapi.New(httpapi.Options{ // no office: the first question to it panics
		Clock: time.Now, Log: slog.New(slog.NewJSONHandler(&log, nil)), Zone: zone,
	})
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/me", nil)
	r.Header.Set("Authorization", "Bearer x")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var p struct{ Code, Detail, Instance string }
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusInternalServerError || p.Code != "internal" {
		t.Fatalf("%d %s, %v", w.Code, w.Body, err)
	}
	if strings.Contains(w.Body.String(), "nil pointer") || strings.Contains(w.Body.String(), ".go") {
		t.Errorf("outside: %s", w.Body)
	}
	id := strings.TrimPrefix(p.Instance, "urn:motcua:request:")
	if !strings.Contains(log.String(), "nil pointer") || !strings.Contains(log.String(), "gate.go") || strings.Count(log.String(), id) < 2 {
		t.Errorf("inside: %s", &log)
	}
}
