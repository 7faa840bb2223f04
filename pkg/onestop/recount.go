package onestop

import (
	"context"
	"fmt"
	"time"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// recount counts the figures of the on-time report from dossiers that were rebuilt from their journals.
type recount struct {
	periods []store.Period
	figures []dossier.Figures
}

// newRecount counts over the days of a year up to now, over the year before, and over everything.
func newRecount(now time.Time) *recount {
	now = instant(now)
	r := &recount{periods: []store.Period{
		{From: now.AddDate(-1, 0, 0), To: now, Now: now},
		{From: now.AddDate(-2, 0, 0), To: now.AddDate(-1, 0, 0), Now: now},
		{From: time.Unix(0, 0).UTC(), To: now.AddDate(100, 0, 0), Now: now},
	}}
	r.figures = make([]dossier.Figures, len(r.periods))
	return r
}

func (r *recount) add(d dossier.Dossier) {
	for i, p := range r.periods {
		r.figures[i].Count(d.Judged(p.From, p.To, p.Now))
	}
}

// compare holds them against what the report says.
func (r *recount) compare(ctx context.Context, s *store.Store, v *Verification) error {
	for i, p := range r.periods {
		rows, err := s.OnTime(ctx, staff.System().Scope(), store.ReportQuery{Period: p})
		if err != nil {
			return err
		}
		said, counted := rows[0].Counts(), r.figures[i].Counts()
		for k, name := range dossier.FigureNames {
			v.Figures++
			if said[k] != counted[k] {
				v.found("on-time report", fmt.Sprintf("%s from %s to %s is %d by the report and %d by the journals",
					name, p.From.Format(time.DateOnly), p.To.Format(time.DateOnly), said[k], counted[k]))
			}
		}
	}
	return nil
}
