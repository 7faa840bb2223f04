package store

import (
	"context"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
)

// LogTrace is what else in the database speaks of how far the log once was.
type LogTrace struct {
	Mailed  int64     // size of the largest checkpoint that was mailed
	Told    int64     // how many of its entries some receiver was told of
	Nodes   int64     // how many hashes of its tree are stored
	Entered time.Time // when the job last looked for what was to be entered, the zero time where it never did
}

// LogTrace looks at the mails, the receivers, the tree and the runs of the job of that name that ended well.
func (s *Store) LogTrace(ctx context.Context, job string) (LogTrace, error) {
	var found LogTrace
	err := s.reader(ctx).Raw(`SELECT (SELECT COALESCE(MAX(size), 0) FROM checkpoint_mails) AS mailed,
		(SELECT COALESCE(MAX(position), 0) FROM receivers) AS told, (SELECT COALESCE(MAX(idx) + 1, 0) FROM ledger_hashes) AS nodes`).Take(&found).Error
	if err != nil {
		return found, s.fault("traces of the log", err)
	}
	var runs []jobRow
	err = s.reader(ctx).Where("job = ? AND outcome = 'ok'", job).Order("slot DESC").Limit(1).Find(&runs).Error
	if len(runs) > 0 {
		found.Entered = runs[0].StartedAt.UTC()
	}
	return found, s.fault("traces of the log", err)
}

// DossierCounter is the last number that was given out for an identifier on a day.
type DossierCounter struct {
	Identifier string
	Day        catalog.Date
	Last       int
}

// DossierCounters lists them all.
func (s *Store) DossierCounters(ctx context.Context) ([]DossierCounter, error) {
	var rows []counterRow
	err := s.reader(ctx).Order("identifier, day").Find(&rows).Error
	return each(rows, func(r counterRow) DossierCounter {
		return DossierCounter{Identifier: r.Identifier, Day: catalog.Date(r.Day), Last: r.Last}
	}), s.fault("dossier counters", err)
}
