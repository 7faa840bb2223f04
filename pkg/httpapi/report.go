package httpapi

import (
	"context"
	"math"
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// ReportOnTime counts what was resolved on time and what was not.
func (s *server) ReportOnTime(ctx context.Context, r ReportOnTimeRequestObject) (ReportOnTimeResponseObject, error) {
	ctx, v := enter(ctx)
	if err := v.actor.Must(staff.ReadReports); err != nil {
		return nil, err
	}
	q, err := s.reportQuery(ctx, v, &r.Params)
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.OnTime(ctx, v.actor.Scope(), q)
	if err != nil {
		return nil, err
	}
	whole, err := s.whole(ctx, v, q, rows)
	if err != nil {
		return nil, err
	}
	links := drill{zone: s.Zone, query: filtersOf(r.Params)}
	links.query.Set("as_of", q.Now.In(s.Zone).Format(time.RFC3339Nano))
	report := OnTimeReport{
		From: *civil(q.Period.First(s.Zone)), To: *civil(q.Period.Last(s.Zone)), AsOf: s.local(q.Now), By: ReportBy(q.By),
		Rows:  each(rows, func(x store.ReportRow) OnTimeRow { return links.row(x, q.By) }),
		Total: links.row(whole, store.ByNone),
	}
	if r.Params.Format == FormatCsv {
		body, length, err := onTimeTable(rows, whole).csv()
		return ReportOnTime200TextcsvResponse{Body: body, ContentLength: length}, err
	}
	return ReportOnTime200JSONResponse(report), nil
}

// reportQuery also puts the agencies' own ids for what named them on the report's days: in a link of another period it could be another.
func (s *server) reportQuery(ctx context.Context, v *visit, p *ReportOnTimeParams) (store.ReportQuery, error) {
	q := store.ReportQuery{
		By: string(p.By), Zone: s.Zone, Selection: store.Selection{
			Place: store.Place(p.Place), Field: p.Field, Procedure: p.Procedure, Level: string(p.Level), Channel: string(p.Channel), SourceSystem: p.Source,
		},
	}
	if q.By == "" {
		q.By = store.ByNone
	}
	var err error
	// What databases keep: an instant that goes into a link must come back as the same.
	if q.Period, err = store.Days(dateOf(p.From), dateOf(p.To), asOf(p.AsOf, v.now).Truncate(time.Microsecond), s.Zone); err != nil {
		return q, err
	}
	named := func(parameter string, code *string) (a catalog.Agency) {
		if *code == "" || err != nil {
			return a
		}
		if a, err = s.agencyNamed(ctx, parameter, *code, q.Period.Naming(s.Zone)...); err == nil {
			*code = a.ID.String()
		}
		return a
	}
	q.AgencyPath, q.AgencyID = named("agency", &p.Agency).Path, named("decided_by", &p.DecidedBy).ID
	return q, err
}

// whole is the line below the rows. They add up to it, except months: what is open at the end of one is carried over into the next.
func (s *server) whole(ctx context.Context, v *visit, q store.ReportQuery, rows []store.ReportRow) (store.ReportRow, error) {
	out := store.ReportRow{Period: q.Period}
	if q.By == store.ByMonth {
		q.By = store.ByNone
		all, err := s.Store.OnTime(ctx, v.actor.Scope(), q)
		if err != nil || len(all) == 0 {
			return out, err
		}
		out.Figures = all[0].Figures
		return out, nil
	}
	for _, r := range rows {
		out.Figures = out.Plus(r.Figures)
	}
	return out, nil
}

// drill makes the addresses of the lists behind figures.
type drill struct {
	zone  *time.Location
	query url.Values // the report's own filters
}

func filtersOf(p ReportOnTimeParams) url.Values {
	q := url.Values{}
	for name, value := range map[string]string{
		"place": string(p.Place), "agency": p.Agency, "decided_by": p.DecidedBy, "field": p.Field, "procedure": p.Procedure, "level": string(p.Level),
		"channel": string(p.Channel), "source": p.Source,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

func (l drill) row(r store.ReportRow, by string) OnTimeRow {
	q := url.Values{}
	for name, values := range l.query {
		q[name] = values
	}
	switch {
	case r.Own != uuid.Nil:
		q.Set("decided_by", r.Own.String())
	case by == store.ByAgency:
		q.Set("agency", r.Key)
	case by == store.ByField, by == store.ByProcedure, by == store.ByLevel, by == store.ByChannel:
		q.Set(by, r.Key)
	}
	q.Set("from", string(r.Period.First(l.zone)))
	q.Set("to", string(r.Period.Last(l.zone)))
	figure := func(name dossier.Figure, n int64) FigureCount {
		q.Set("figure", string(name))
		return FigureCount{Count: n, Href: "/api/v1/dossiers?" + q.Encode()}
	}
	f := r.Figures
	return OnTimeRow{
		Key: r.Key, Label: r.Label,
		Figures: OnTimeFigures{
			CarriedOver: figure("carried_over", f.CarriedOver), Received: figure("received", f.Received), Early: figure("early", f.Early),
			OnTime: figure("on_time", f.OnTime), Late: figure("late", f.Late), ResolvedUndated: figure("resolved_undated", f.ResolvedUndated),
			EndedOtherwise: figure("ended_otherwise", f.EndedOtherwise), EndedOverdue: figure("ended_overdue", f.EndedOverdue), InTime: figure("in_time", f.InTime), Overdue: figure("overdue", f.Overdue),
			Suspended: figure("suspended", f.Suspended), OpenUndated: figure("open_undated", f.OpenUndated),
			LateByFirstPromise: figure("late_by_first_promise", f.LateByFirstPromise), AcceptanceLate: figure("acceptance_late", f.AcceptanceLate),
			Resolved: figure("resolved", f.Resolved()), Open: figure("open", f.Open()),
		},
		OnTimePercent: orNull(f.OnTimePercent()), FirstPromisePercent: orNull(f.FirstPromisePercent()), HonestPercent: orNull(f.HonestPercent()),
	}
}

func orNull(p *float64) nullable.Nullable[float64] {
	if p == nil {
		return nullable.NewNullNullable[float64]()
	}
	return nullable.NewNullableWithValue(*p)
}

func onTimeTable(rows []store.ReportRow, whole store.ReportRow) table {
	t := table{header: []string{"key", "label"}}
	for _, name := range dossier.FigureNames {
		t.header = append(t.header, string(name))
	}
	t.header = append(t.header, dossier.PercentNames...)
	whole.Key, whole.Label = "TOTAL", "Tổng số"
	for _, r := range append(rows[:len(rows):len(rows)], whole) {
		cells := []string{r.Key, r.Label}
		for _, n := range r.Counts() {
			cells = append(cells, number(n))
		}
		for _, p := range r.Percents() {
			if p == nil {
				cells = append(cells, "")
			} else {
				cells = append(cells, strconv.FormatFloat(*p, 'f', 2, 64))
			}
		}
		t.rows = append(t.rows, cells)
	}
	return t
}

// ReportCatalogue counts the catalogue.
func (s *server) ReportCatalogue(ctx context.Context, r ReportCatalogueRequestObject) (ReportCatalogueResponseObject, error) {
	ctx, v := enter(ctx)
	if err := v.actor.Must(staff.ReadReports); err != nil {
		return nil, err
	}
	sum, err := s.Store.CatalogueSummary(ctx)
	if err != nil {
		return nil, err
	}
	out := CatalogueReport{
		Total: sum.Total, ByHomeLevel: map[string]int64{}, Shared: sum.Shared, SameLevel: sum.SameLevel, CrossLevel: sum.CrossLevel,
		Shortened: sum.Shortened, OnTheSpot: sum.OnTheSpot, NeedsReview: sum.NeedsReview, Repealed: sum.Repealed,
	}
	t := table{header: []string{"count", "value"}, rows: [][]string{{"total", number(sum.Total)}}}
	for _, l := range catalog.Levels {
		if n := sum.ByHomeLevel[l]; n > 0 {
			out.ByHomeLevel[string(l)] = n
			t.rows = append(t.rows, []string{"home_level " + string(l), number(n)})
		}
	}
	if r.Params.Format != FormatCsv {
		return ReportCatalogue200JSONResponse(out), nil
	}
	t.rows = append(t.rows, [][]string{
		{"shared", number(sum.Shared)},
		{"same_level", number(sum.SameLevel)},
		{"cross_level", number(sum.CrossLevel)},
		{"shortened", number(sum.Shortened)},
		{"on_the_spot", number(sum.OnTheSpot)},
		{"needs_review", number(sum.NeedsReview)},
		{"repealed", number(sum.Repealed)},
	}...)
	body, length, err := t.csv()
	return ReportCatalogue200TextcsvResponse{Body: body, ContentLength: length}, err
}

// ReportLateness tells whose the lateness is of what was resolved late in a period.
func (s *server) ReportLateness(ctx context.Context, r ReportLatenessRequestObject) (ReportLatenessResponseObject, error) {
	ctx, v := enter(ctx)
	if err := v.actor.Must(staff.ReadReports); err != nil {
		return nil, err
	}
	p := r.Params
	period, err := store.Days(dateOf(p.From), dateOf(p.To), v.now.Truncate(time.Microsecond), s.Zone)
	if err != nil {
		return nil, err
	}
	first, last := civil(period.First(s.Zone)), civil(period.Last(s.Zone))
	f, err := s.dossierFilter(ctx, v, ListDossiersParams{
		Agency: p.Agency, Field: p.Field, Procedure: p.Procedure, Figure: FigureNameLate, From: first, To: last, AsOf: &period.Now,
	})
	if err != nil {
		return nil, err
	}
	report, err := s.Office.Lateness(ctx, v.actor, v.now, f)
	if err != nil {
		return nil, err
	}
	f.Figure = dossier.Figure(FigureNameEndedOverdue)
	ended, err := s.Office.Lateness(ctx, v.actor, v.now, f) // whoever ends a late dossier otherwise does not take it out of sight
	if err != nil {
		return nil, err
	}
	ids := []uuid.UUID{}
	for _, x := range report.Rows {
		ids = append(ids, x.AgencyID)
	}
	names, err := s.names(ctx, ids...)
	if err != nil {
		return nil, err
	}
	q := filtersOf(ReportOnTimeParams{Agency: p.Agency, Field: p.Field, Procedure: p.Procedure})
	for name, value := range map[string]string{"from": string(period.First(s.Zone)), "to": string(period.Last(s.Zone))} {
		q.Set(name, value)
	}
	href := func(figure FigureName) string {
		q.Set("figure", string(figure))
		return (&url.URL{Path: "/api/v1/dossiers", RawQuery: q.Encode()}).String()
	}
	out := LatenessReport{
		Ended: ended.Dossiers, EndedLate: ended.Late, EndedHref: href(FigureNameEndedOverdue),
		From: *first, To: *last, Dossiers: report.Dossiers, Late: report.Late, DossiersHref: href(FigureNameLate),
		Rows: each(report.Rows, func(x onestop.Lateness) LatenessRow {
			return LatenessRow{
				Agency: names.ref(x.AgencyID), Outside: x.Outside, Dossiers: x.Dossiers, Late: x.Late,
				Share: math.Round(float64(x.Late)/float64(report.Late)*1000) / 10,
			}
		}),
	}
	if p.Format == FormatCsv {
		t := table{header: []string{"agency", "agency_name", "outside", "dossiers", "late_seconds", "share"}}
		for _, x := range out.Rows {
			t.rows = append(t.rows, []string{x.Agency.Code, x.Agency.Name, x.Outside, number(x.Dossiers), number(int(x.Late)), strconv.FormatFloat(x.Share, 'f', 1, 64)})
		}
		body, length, err := t.csv()
		return ReportLateness200TextcsvResponse{Body: body, ContentLength: length}, err
	}
	return ReportLateness200JSONResponse(out), nil
}
