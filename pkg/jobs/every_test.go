package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/jobs"
	"github.com/motcua/motcua/pkg/store/storetest"
)

func TestAJobWithoutAScheduleRunsOnEveryProcessAndLeavesNoRecord(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.MigratedSQLite(t))
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	var log bytes.Buffer
	runs := make(chan string, 100)
	done := make(chan struct{}, 2)
	for _, process := range []string{"one", "two"} {
		r, err := jobs.New(s, time.Now, slog.New(slog.NewTextHandler(&log, nil)), time.UTC, process, jobs.Job{
			Name: "own", Every: time.Second, Run: func(context.Context, time.Time) (string, error) { runs <- process; return "", nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		go func() { r.Run(ctx); done <- struct{}{} }()
	}
	count := map[string]int{}
	for count["one"] < 2 || count["two"] < 2 {
		select {
		case p := <-runs:
			count[p]++
		case <-ctx.Done():
			t.Fatal(count)
		}
	}
	stop()
	<-done
	<-done
	if log.Len() > 0 {
		t.Error(log.String())
	}
}

func TestAJobThatNobodyWouldRunIsRefused(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.MigratedSQLite(t))
	for _, j := range []jobs.Job{{Name: "never"}, {Name: "too often", Every: time.Millisecond}, {Name: "odd", Schedule: "TZ=0"}} {
		if _, err := jobs.New(s, time.Now, slog.New(slog.DiscardHandler), time.UTC, "test", j); err == nil || !strings.Contains(err.Error(), j.Name) {
			t.Errorf("%s: %v", j.Name, err)
		}
	}
	var log bytes.Buffer
	r, err := jobs.New(s, time.Now, slog.New(slog.NewTextHandler(&log, nil)), time.UTC, "test", jobs.Job{
		Name: "failing", Every: time.Hour, Run: func(context.Context, time.Time) (string, error) { return "", errors.New("hỏng") },
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer stop()
	r.Run(ctx)
	if !strings.Contains(log.String(), "failing") {
		t.Error(log.String())
	}
}
