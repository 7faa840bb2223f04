package store

import (
	"context"
	"fmt"
	"time"
)

// JobRun is one run of a job for one slot of the clock.
type JobRun struct {
	Job        string
	Slot       time.Time
	Holder     string // the process that ran it
	StartedAt  time.Time
	FinishedAt *time.Time // nil while it runs, or if it died
	Outcome    string
	Detail     string
}

// ClaimSlot says whether the holder may run the job for the slot: of all that ask, one hears yes.
func (s *Store) ClaimSlot(ctx context.Context, job string, slot time.Time, holder string, at time.Time) (bool, error) {
	claimed := s.writer(ctx).Exec(`INSERT INTO job_runs (job, slot, holder, started_at, outcome, detail) VALUES (?, ?, ?, ?, '', '')
		ON CONFLICT (job, slot) DO NOTHING`, job, instant(slot), holder, instant(at))
	return claimed.RowsAffected == 1, s.fault("claim slot", claimed.Error)
}

// FinishSlot notes how the run ended.
func (s *Store) FinishSlot(ctx context.Context, job string, slot, at time.Time, outcome, detail string) error {
	done := s.writer(ctx).Exec("UPDATE job_runs SET finished_at = ?, outcome = ?, detail = ? WHERE job = ? AND slot = ?",
		instant(at), outcome, detail, job, instant(slot))
	if done.Error == nil && done.RowsAffected == 0 {
		return fmt.Errorf("finish slot: %s was not claimed for %s", job, slot)
	}
	return s.fault("finish slot", done.Error)
}

// JobRuns lists the runs of a job, of all jobs if it is "", the latest slot first.
func (s *Store) JobRuns(ctx context.Context, job string, p Page) ([]JobRun, Next, error) {
	const order = "runs"
	after, err := p.place(order)
	if err != nil {
		return nil, "", err
	}
	w := where{}
	equal(&w, "job", job)
	if after != nil && after.At != nil {
		w.add("(slot, job) < (?, ?)", instant(*after.At), after.Text)
	}
	var rows []jobRow
	if err := w.on(s.reader(ctx)).Order("slot DESC, job DESC").Limit(p.limit() + 1).Find(&rows).Error; err != nil {
		return nil, "", s.fault("job runs", err)
	}
	rows, next := cut(rows, p, func(r jobRow) place { return place{Order: order, At: &r.Slot, Text: r.Job} })
	return each(rows, func(r jobRow) JobRun { return JobRun(r) }), next, nil
}
