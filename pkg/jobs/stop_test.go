package jobs_test

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/jobs"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

func TestStoppingIsNoFailure(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var log bytes.Buffer
		ctx, stop := context.WithCancel(t.Context())
		r, err := jobs.New(s, time.Now, slog.New(slog.NewTextHandler(&log, nil)), time.UTC, "test", jobs.Job{
			Name: "long", Schedule: "0 0 1 1 *", Run: func(ctx context.Context, _ time.Time) (string, error) {
				stop()
				return "", s.Ping(ctx)
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		r.Run(ctx)
		r.Run(ctx) // stopped before it began
		if log.Len() > 0 {
			t.Error(log.String())
		}
	})
}
