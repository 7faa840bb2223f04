package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/sheet"
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
	Agency    string `help:"Only what this agency decides, or what --place says, with everything under it: code, identifier or id."`
	Place     string `help:"Which of its agencies --agency and --by agency speak of: decided (if left out), received, returned or helped." enum:",decided,received,returned,helped" default:""`
	Field     string `help:"Only this field."`
	Procedure string `help:"Only this procedure: code."`
	Level     string `help:"Only this level: MINISTRY, PROVINCE, DISTRICT, COMMUNE, VERTICAL, OTHER, - for none." enum:",MINISTRY,PROVINCE,DISTRICT,COMMUNE,VERTICAL,OTHER,-" default:""`
	Channel   string `help:"Only this channel: IN_PERSON, ONLINE, POST." enum:",IN_PERSON,ONLINE,POST" default:""`
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
		q.By = store.ByNone
		whole, err := s.OnTime(ctx, staff.System().Scope(), q)
		if err != nil {
			return err
		}
		return v.print(q.Period, rows, whole[0])
	})
}

func (v reportOnTime) query(ctx context.Context, s *store.Store) (store.ReportQuery, error) {
	now := clock()
	period, err := store.Days(catalog.Date(v.From), catalog.Date(v.To), now, zone)
	if err != nil {
		return store.ReportQuery{}, err
	}
	q := store.ReportQuery{
		Period: period, By: v.By, Zone: zone, Selection: store.Selection{
			Place: store.Place(v.Place), Field: v.Field, Procedure: v.Procedure, Level: v.Level, Channel: v.Channel, SourceSystem: v.Source,
		},
	}
	if v.Agency != "" {
		a, err := s.AgencyByCode(ctx, v.Agency, period.Naming(zone)...)
		if err != nil {
			return q, fmt.Errorf("--agency: %w", err)
		}
		q.AgencyPath = a.Path
	}
	return q, nil
}

// print says the same as the API, in JSON with counts alone, since a list needs a server.
func (v reportOnTime) print(p store.Period, rows []store.ReportRow, whole store.ReportRow) error {
	switch v.Format {
	case "json":
		r := onTime{From: p.First(zone), To: p.Last(zone), AsOf: p.Now.In(zone), By: v.By, Rows: []onTimeRow{}, Total: onTimeRowOf(whole)}
		for _, x := range rows {
			r.Rows = append(r.Rows, onTimeRowOf(x))
		}
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", "  ")
		return out.Encode(r)
	case "csv":
		whole.Key, whole.Label = "TOTAL", "Tổng số"
		return onTimeCSV(append(rows, whole))
	}
	whole.Label = "Tổng số / Total"
	if v.By == store.ByNone {
		rows = nil
	}
	return v.table(append(rows, whole))
}

type onTime struct {
	From  catalog.Date `json:"from"`
	To    catalog.Date `json:"to"`
	AsOf  time.Time    `json:"as_of"`
	By    string       `json:"by"`
	Rows  []onTimeRow  `json:"rows"`
	Total onTimeRow    `json:"total"`
}

type onTimeRow struct {
	Key                 string                   `json:"key"`
	Label               string                   `json:"label"`
	Figures             map[dossier.Figure]int64 `json:"figures"`
	OnTimePercent       *float64                 `json:"on_time_percent"`
	FirstPromisePercent *float64                 `json:"first_promise_percent"`
	HonestPercent       *float64                 `json:"honest_percent"`
}

func onTimeRowOf(r store.ReportRow) onTimeRow {
	x := onTimeRow{
		Key: r.Key, Label: r.Label, Figures: map[dossier.Figure]int64{},
		OnTimePercent: r.OnTimePercent(), FirstPromisePercent: r.FirstPromisePercent(), HonestPercent: r.HonestPercent(),
	}
	for i, n := range r.Counts() {
		x.Figures[dossier.FigureNames[i]] = n
	}
	return x
}

// headings are the figures and percentages on paper.
var headings = map[string]string{
	"carried_over": "Kỳ trước", "received": "Tiếp nhận", "resolved": "Đã giải quyết", "early": "Trước hạn", "on_time": "Đúng hạn", "late": "Quá hạn",
	"resolved_undated": "Không hẹn", "ended_otherwise": "Từ chối/rút/dừng", "ended_overdue": "Từ chối/rút/dừng khi đã quá hạn",
	"open": "Đang giải quyết", "in_time": "Đang: trong hạn",
	"overdue": "Đang: quá hạn", "suspended": "Tạm dừng", "open_undated": "Đang: không hẹn", "late_by_first_promise": "Trễ theo hẹn đầu", "acceptance_late": "Trực tuyến: quá hạn tiếp nhận",
	"on_time_percent": "% đúng hạn", "first_promise_percent": "% theo hẹn đầu", "honest_percent": "% kể cả đang trễ",
}

func onTimeColumns() []string {
	var names []string
	for _, f := range dossier.FigureNames {
		names = append(names, string(f))
	}
	return append(names, dossier.PercentNames...)
}

func onTimeCells(r store.ReportRow) []string {
	var cells []string
	for _, n := range r.Counts() {
		cells = append(cells, strconv.FormatInt(n, 10))
	}
	for _, p := range r.Percents() {
		if p == nil {
			cells = append(cells, "")
		} else {
			cells = append(cells, strconv.FormatFloat(*p, 'f', 2, 64))
		}
	}
	return cells
}

func (v reportOnTime) table(rows []store.ReportRow) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprint(w, v.By)
	for _, name := range onTimeColumns() {
		fmt.Fprint(w, "\t", headings[name])
	}
	fmt.Fprintln(w)
	for _, r := range rows {
		fmt.Fprintln(w, strings.Join(append([]string{r.Label}, onTimeCells(r)...), "\t"))
	}
	return w.Flush()
}

func onTimeCSV(rows []store.ReportRow) error {
	w := sheet.NewWriter(os.Stdout)
	if err := w.Write(append([]string{"key", "label"}, onTimeColumns()...)); err != nil {
		return err
	}
	for _, r := range rows {
		if err := w.Write(append([]string{r.Key, r.Label}, onTimeCells(r)...)); err != nil {
			return err
		}
	}
	return w.Flush()
}
