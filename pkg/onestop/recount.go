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
	money   [][]store.PaymentSum // as the list of payments adds them up
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
	r.money = make([][]store.PaymentSum, len(r.periods))
	for i := range r.money {
		for _, k := range dossier.FeeKinds {
			r.money[i] = append(r.money[i], store.PaymentSum{Kind: k})
		}
	}
	return r
}

func (r *recount) add(d dossier.Dossier) {
	for i, p := range r.periods {
		r.figures[i].Count(d.Judged(p.From, p.To, p.Now))
	}
}

// addMoney adds up what a journal says was paid and given back. One that cannot be read is told of elsewhere.
func (r *recount) addMoney(events []dossier.Event) {
	for _, e := range events {
		if e.Kind != dossier.FeesWerePaid && e.Kind != dossier.FeesWereRefunded {
			continue
		}
		f, err := e.Read()
		if err != nil {
			return
		}
		for i, p := range r.periods {
			if e.At.Before(p.From) || !e.At.Before(p.To) {
				continue
			}
			for k := range r.money[i] {
				r.money[i][k].Add(e.Kind, f.Fees)
			}
		}
	}
}

// compareMoney holds the sums against what the list of payments says.
func (r *recount) compareMoney(ctx context.Context, s *store.Store, v *Verification) error {
	for i, p := range r.periods {
		said, err := s.PaymentSums(ctx, staff.System().Scope(), store.PaymentFilter{Period: p})
		if err != nil {
			return err
		}
		for k, sum := range r.money[i] {
			v.Figures += 2
			if said[k] != sum {
				v.found("payments", fmt.Sprintf("%s from %s to %s: %d paid and %d given back by the list, %d and %d by the journals", sum.Kind,
					p.From.Format(time.DateOnly), p.To.Format(time.DateOnly), said[k].Paid, said[k].Refunded, sum.Paid, sum.Refunded))
			}
		}
	}
	return nil
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
	return r.compareMoney(ctx, s, v)
}
