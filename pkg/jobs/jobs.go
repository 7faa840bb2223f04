// Package jobs runs named work by the clock and records each run.
package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/motcua/motcua/pkg/store"
)

// Job is one duty. Run does everything that is due at now; it is safe to run twice, on two machines, and after hours of standstill.
type Job struct {
	Name     string
	Schedule string // five cron fields, in the office's zone
	// Every, where there is no schedule, is how long to wait between runs. Every process then runs the job, and no run is recorded: it must
	// find out by itself what is its own to do.
	Every time.Duration
	Run   func(ctx context.Context, now time.Time) (detail string, err error)
}

// Runner carries jobs out. Several processes may run the same jobs on one database: each tick belongs to whoever claims its row first.
type Runner struct {
	store  *store.Store
	clock  func() time.Time
	log    *slog.Logger
	holder string
	jobs   []Job
	cron   *cron.Cron
	wait   sync.WaitGroup
}

// New checks every schedule; a faulty one is an error that names its job. holder names this process among those on the database.
func New(s *store.Store, clock func() time.Time, log *slog.Logger, zone *time.Location, holder string, jobs ...Job) (*Runner, error) {
	r := &Runner{
		store: s, clock: clock, log: log, jobs: jobs, holder: holder,
		// Recover must stand inside: outside, a panic would keep the token of SkipIfStillRunning and the job would never run again.
		cron: cron.New(cron.WithLocation(zone), cron.WithChain(cron.SkipIfStillRunning(cron.DiscardLogger), cron.Recover(quiet{log}))),
	}
	for _, j := range jobs {
		if j.Schedule == "" {
			if j.Every < time.Second {
				return nil, fmt.Errorf("job %s: neither a schedule nor a second to wait", j.Name)
			}
			r.cron.Schedule(cron.Every(j.Every), cron.FuncJob(func() { r.tick(context.Background(), j) }))
			continue
		}
		schedule, err := parse(j.Schedule)
		if err != nil {
			return nil, fmt.Errorf("job %s: schedule %q: %w", j.Name, j.Schedule, err)
		}
		r.cron.Schedule(schedule, cron.FuncJob(func() { r.tick(context.Background(), j) }))
	}
	return r, nil
}

// parse guards against the library's own panics on odd schedules.
func parse(schedule string) (s cron.Schedule, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("not a schedule: %v", p)
		}
	}()
	return cron.ParseStandard(schedule)
}

// Run does every job once, for the ticks missed while nobody was here, then by the clock until ctx ends and the last job is done.
func (r *Runner) Run(ctx context.Context) {
	for _, j := range r.jobs {
		r.wait.Add(1)
		go func() {
			defer r.wait.Done()
			defer func() {
				if p := recover(); p != nil {
					r.log.Error("job panicked", "job", j.Name, "panic", p)
				}
			}()
			r.tick(ctx, j)
		}()
	}
	r.cron.Start()
	<-ctx.Done()
	<-r.cron.Stop().Done()
	r.wait.Wait()
}

// tick does the job if this minute's row can be claimed. The row is what makes one of several processes do it; the job itself is safe
// to repeat, so that a process that dies after claiming costs a minute and nothing else.
func (r *Runner) tick(ctx context.Context, j Job) {
	now := r.clock()
	if j.Schedule == "" {
		if _, err := j.Run(ctx, now); err != nil && ctx.Err() == nil {
			r.log.Error("job failed", "job", j.Name, "error", err)
		}
		return
	}
	slot := now.UTC().Truncate(time.Minute)
	mine, err := r.store.ClaimSlot(ctx, j.Name, slot, r.holder, now)
	switch {
	case ctx.Err() != nil: // stopped before it began
		return
	case err != nil:
		r.log.Error("job slot cannot be claimed", "job", j.Name, "error", err)
		return
	case !mine:
		return
	}
	outcome, detail := "ok", ""
	detail, err = j.Run(ctx, now)
	switch {
	case err != nil && ctx.Err() != nil: // no failure: the next run does what is left
		outcome, detail = "failed", "stopped with the program"
	case err != nil:
		outcome, detail = "failed", err.Error()
		r.log.Error("job failed", "job", j.Name, "error", err)
	}
	if err := r.store.FinishSlot(context.WithoutCancel(ctx), j.Name, slot, r.clock(), outcome, detail); err != nil {
		r.log.Error("job run cannot be recorded", "job", j.Name, "error", err)
	}
}

// quiet sends what the cron library has to say to our log.
type quiet struct{ log *slog.Logger }

func (q quiet) Info(string, ...any) {}

func (q quiet) Error(err error, msg string, keysAndValues ...any) {
	q.log.Error("job panicked", append([]any{"error", err, "message", msg}, keysAndValues...)...)
}
