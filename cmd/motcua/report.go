package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"text/tabwriter"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

type reportVerb struct {
	OnTime reportOnTime `cmd:"" help:"On-time percentages. / Tỷ lệ giải quyết đúng hạn."`
}

type reportOnTime struct {
	data
	From      string `help:"First day of the period, like 2026-01-01; the first of January of the last day's year if left out."`
	To        string `help:"Last day of the period; today if left out."`
	By        string `help:"What each line stands for." default:"agency" enum:"agency,field,procedure,level,channel,month,none"`
	Agency    string `help:"Only what this agency decides, with everything under it: code, identifier or id."`
	Field     string `help:"Only this field."`
	Procedure string `help:"Only this procedure: code."`
	Level     string `help:"Only this level: PROVINCE, DISTRICT, COMMUNE …"`
	Channel   string `help:"Only this channel: IN_PERSON, ONLINE, POST."`
	Source    string `help:"Only what was taken over from this other system."`
	Format    string `help:"table, csv or json." default:"table" enum:"table,csv,json"`
}

// Run prints the report for the whole office; the last line is the sum over everything.
func (v reportOnTime) Run() error {
	return v.with(func(ctx context.Context, s *store.Store, _ *onestop.Office) error {
		q, err := v.query(ctx, s)
		if err != nil {
			return err
		}
		rows, err := s.OnTime(ctx, staff.System().Scope(), q)
		if err != nil {
			return err
		}
		if v.By != "none" {
			q.By = "none"
			all, err := s.OnTime(ctx, staff.System().Scope(), q)
			if err != nil {
				return err
			}
			for i := range all {
				all[i].Label = "Tổng số / Total"
			}
			rows = append(rows, all...)
		}
		return v.print(rows)
	})
}

func (v reportOnTime) query(ctx context.Context, s *store.Store) (store.ReportQuery, error) {
	now := clock()
	period, err := store.Days(catalog.Date(v.From), catalog.Date(v.To), now, zone)
	if err != nil {
		return store.ReportQuery{}, err
	}
	q := store.ReportQuery{
		Period: period, By: v.By, Zone: zone,
		Field: v.Field, Procedure: v.Procedure, Level: v.Level, Channel: v.Channel, SourceSystem: v.Source,
	}
	if v.Agency != "" {
		a, err := s.AgencyByCode(ctx, v.Agency, catalog.DateOf(now, zone))
		if err != nil {
			return q, fmt.Errorf("--agency: %w", err)
		}
		q.AgencyPath = a.Path
	}
	return q, nil
}

// column is one figure of the printed report: name in files, heading on paper.
type column struct {
	name, heading string
	value         func(dossier.Figures) string
}

func count(f func(dossier.Figures) int64) func(dossier.Figures) string {
	return func(x dossier.Figures) string { return strconv.FormatInt(f(x), 10) }
}

func percent(f func(dossier.Figures) *float64) func(dossier.Figures) string {
	return func(x dossier.Figures) string {
		p := f(x)
		if p == nil {
			return ""
		}
		return strconv.FormatFloat(*p, 'f', 2, 64)
	}
}

var columns = []column{
	{"carried_over", "Kỳ trước", count(func(f dossier.Figures) int64 { return f.CarriedOver })},
	{"received", "Tiếp nhận", count(func(f dossier.Figures) int64 { return f.Received })},
	{"early", "Trước hạn", count(func(f dossier.Figures) int64 { return f.Early })},
	{"on_time", "Đúng hạn", count(func(f dossier.Figures) int64 { return f.OnTime })},
	{"late", "Quá hạn", count(func(f dossier.Figures) int64 { return f.Late })},
	{"resolved_undated", "Không hẹn", count(func(f dossier.Figures) int64 { return f.ResolvedUndated })},
	{"ended_otherwise", "Từ chối/rút/dừng", count(func(f dossier.Figures) int64 { return f.EndedOtherwise })},
	{"in_time", "Đang: trong hạn", count(func(f dossier.Figures) int64 { return f.InTime })},
	{"overdue", "Đang: quá hạn", count(func(f dossier.Figures) int64 { return f.Overdue })},
	{"suspended", "Tạm dừng", count(func(f dossier.Figures) int64 { return f.Suspended })},
	{"open_undated", "Đang: không hẹn", count(func(f dossier.Figures) int64 { return f.OpenUndated })},
	{"late_by_first_promise", "Trễ theo hẹn đầu", count(func(f dossier.Figures) int64 { return f.LateByFirstPromise })},
	{"on_time_percent", "% đúng hạn", percent(dossier.Figures.OnTimePercent)},
	{"first_promise_percent", "% theo hẹn đầu", percent(dossier.Figures.FirstPromisePercent)},
	{"honest_percent", "% kể cả đang trễ", percent(dossier.Figures.HonestPercent)},
}

func (v reportOnTime) print(rows []store.ReportRow) error {
	switch v.Format {
	case "json":
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", "  ")
		return out.Encode(rows)
	case "csv":
		return v.csv(rows)
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprint(w, v.By)
	for _, c := range columns {
		fmt.Fprint(w, "\t", c.heading)
	}
	fmt.Fprintln(w)
	for _, r := range rows {
		fmt.Fprint(w, r.Label)
		for _, c := range columns {
			fmt.Fprint(w, "\t", c.value(r.Figures))
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

func (v reportOnTime) csv(rows []store.ReportRow) error {
	w := csv.NewWriter(os.Stdout)
	head := []string{"key", "label"}
	for _, c := range columns {
		head = append(head, c.name)
	}
	if err := w.Write(head); err != nil {
		return err
	}
	for _, r := range rows {
		line := []string{r.Key, r.Label}
		for _, c := range columns {
			line = append(line, c.value(r.Figures))
		}
		if err := w.Write(line); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
