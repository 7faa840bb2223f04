package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
)

// What an on-time report can be broken down by.
const (
	ByNone      = "none"
	ByAgency    = "agency"
	ByField     = "field"
	ByProcedure = "procedure"
	ByLevel     = "level"
	ByChannel   = "channel"
	ByMonth     = "month"
)

// Breakdowns lists them.
var Breakdowns = []string{ByNone, ByAgency, ByField, ByProcedure, ByLevel, ByChannel, ByMonth}

// ReportQuery says what an on-time report counts.
type ReportQuery struct {
	Period
	Selection
	By   string         // "" is ByNone
	Zone *time.Location // whose months ByMonth means; nil is UTC
}

// ReportRow is one line of a report. The list behind a figure is that of a DossierFilter with the query's Selection, this row's
// Period, the figure, and what makes the row: Path as AgencyPath, or Own as AgencyID, or Key as Field, Procedure, Level or Channel.
type ReportRow struct {
	Key    string // agency id, field, procedure code, level, channel, month (2026-03), "" for the whole; None where there is none
	Label  string
	Path   string    // by agency: the row counts what is decided at and below
	Own    uuid.UUID // by agency: the row counts only what this agency itself decides
	Period Period
	dossier.Figures
}

// OnTime counts dossiers within the scope. By agency, each row is an agency directly under the one that AgencyPath names (or, without
// one, under the topmost agency of the scope), with everything under it; what that agency itself decides stands in a row of its own.
// By month, each row is that month of the period as a period of its own, so what is open in one is carried over into the next. Rows in
// which every figure is 0 are left out, except the whole and the months.
func (s *Store) OnTime(ctx context.Context, scope staff.Scope, q ReportQuery) ([]ReportRow, error) {
	var rows []ReportRow
	err := s.Snapshot(ctx, func(ctx context.Context) error {
		var err error
		switch q.By {
		case "", ByNone:
			rows, err = s.count(ctx, scope, q, "")
		case ByField:
			rows, err = s.count(ctx, scope, q, "d.field")
		case ByProcedure:
			if rows, err = s.count(ctx, scope, q, "d.procedure_code"); err == nil {
				err = s.labelProcedures(ctx, rows)
			}
		case ByLevel:
			rows, err = s.count(ctx, scope, q, "d.level")
		case ByChannel:
			rows, err = s.count(ctx, scope, q, "d.channel")
		case ByAgency:
			rows, err = s.countAgencies(ctx, scope, q)
		case ByMonth:
			rows, err = s.countMonths(ctx, scope, q)
		default:
			err = fault.New(fault.Invalid, "breakdown-unknown", "a report is not broken down by %q; there are %s", q.By, strings.Join(Breakdowns, ", "))
		}
		return err
	})
	return rows, err
}

// count is what every report is made of: one pass over the dossiers that the period speaks of, and a look at the few that were not answered in time.
func (s *Store) count(ctx context.Context, scope staff.Scope, q ReportQuery, key string) ([]ReportRow, error) {
	w, err := s.selected(ctx, scope, q.Selection)
	if err != nil {
		return nil, err
	}
	fence := "OFFSET 0"
	if s.sqlite() {
		fence = "LIMIT -1"
	}
	type tallied struct {
		Key string
		dossier.Figures
	}
	var found, late []tallied
	statement, arguments := q.tally(key, w, fence)
	if err := s.reader(ctx).Raw(statement, arguments...).Find(&found).Error; err != nil {
		return nil, s.fault("report", err)
	}
	statement, arguments = q.tallyAcceptanceLate(key, w)
	if err := s.reader(ctx).Raw(statement, arguments...).Find(&late).Error; err != nil {
		return nil, s.fault("report", err)
	}
	at := make(map[string]int, len(found))
	var rows []ReportRow
	for _, f := range append(found, late...) {
		if f.Key == "" && key != "" {
			f.Key = None
		}
		if i, there := at[f.Key]; there {
			rows[i].Figures = rows[i].Plus(f.Figures)
			continue
		}
		at[f.Key] = len(rows)
		rows = append(rows, ReportRow{Key: f.Key, Label: f.Key, Period: q.Period, Figures: f.Figures})
	}
	slices.SortFunc(rows, func(a, b ReportRow) int { return cmp.Compare(a.Key, b.Key) })
	return rows, nil
}

func (s *Store) labelProcedures(ctx context.Context, rows []ReportRow) error {
	at := make(map[string]*ReportRow, len(rows))
	codes := make([]string, len(rows))
	for i := range rows {
		codes[i], at[rows[i].Key] = rows[i].Key, &rows[i]
	}
	for some := range slices.Chunk(codes, 500) {
		var found []procedureRow
		if err := s.reader(ctx).Select("code", "name").Where("code IN ?", some).Find(&found).Error; err != nil {
			return s.fault("report", err)
		}
		for _, p := range found {
			at[p.Code].Label = p.Name
		}
	}
	return nil
}

// countAgencies counts by deciding agency and adds up those that stand under the same child of the top. What somebody in the scope
// received for an agency elsewhere has a row for that agency.
func (s *Store) countAgencies(ctx context.Context, scope staff.Scope, q ReportQuery) ([]ReportRow, error) {
	top, err := s.top(ctx, scope, q)
	if err != nil {
		return nil, err
	}
	each, err := s.count(ctx, scope, q, q.Place.column())
	if err != nil {
		return nil, err
	}
	deciding := make([]uuid.UUID, len(each))
	for i, r := range each {
		if deciding[i], err = uuid.Parse(r.Key); err != nil {
			return nil, fmt.Errorf("report: deciding agency: %w", err)
		}
	}
	agencies, err := s.AgencyNames(ctx, deciding)
	if err != nil {
		return nil, err
	}
	var rows []ReportRow
	at := map[uuid.UUID]int{}
	heads := make([]uuid.UUID, 0, len(each))
	for i, r := range each {
		path := agencies[deciding[i]].Path
		head, own := deciding[i], !strings.HasPrefix(path, top) || path == top
		if !own {
			if head, err = uuid.Parse(path[len(top) : len(top)+36]); err != nil {
				return nil, fmt.Errorf("report: path of agency %s: %w", r.Key, err)
			}
			r.Path = path[:len(top)+37]
		} else {
			r.Own = head
		}
		r.Key = head.String()
		if k, there := at[head]; there {
			rows[k].Figures = rows[k].Plus(r.Figures)
			continue
		}
		at[head] = len(rows)
		rows, heads = append(rows, r), append(heads, head)
	}
	if agencies, err = s.AgencyNames(ctx, heads); err != nil {
		return nil, err
	}
	for i, head := range heads {
		rows[i].Label = agencies[head].Name
	}
	slices.SortStableFunc(rows, func(a, b ReportRow) int {
		return cmp.Compare(agencies[uuid.MustParse(a.Key)].Code, agencies[uuid.MustParse(b.Key)].Code)
	})
	return rows, nil
}

// top is the path below which a report by agency branches; "" when there are several roots.
func (s *Store) top(ctx context.Context, scope staff.Scope, q ReportQuery) (string, error) {
	if q.AgencyPath != "" {
		return q.AgencyPath, nil
	}
	if scope.Path() != "" {
		return scope.Path(), nil
	}
	var roots []agencyRow
	if err := s.reader(ctx).Where("parent_id IS NULL").Limit(2).Find(&roots).Error; err != nil {
		return "", s.fault("report", err)
	}
	if len(roots) == 1 {
		return roots[0].Path, nil
	}
	return "", nil
}

// countMonths counts each month of the period by itself.
func (s *Store) countMonths(ctx context.Context, scope staff.Scope, q ReportQuery) ([]ReportRow, error) {
	zone := q.Zone
	if zone == nil {
		zone = time.UTC
	}
	var rows []ReportRow
	for from := q.From; from.Before(q.To); {
		local := from.In(zone)
		to := time.Date(local.Year(), local.Month()+1, 1, 0, 0, 0, 0, zone)
		if to.After(q.To) {
			to = q.To
		}
		if len(rows) == maxMonths {
			return nil, fault.New(fault.Invalid, "period-too-long", "a report by month covers at most %d months", maxMonths)
		}
		month := q
		month.From, month.To = from, to
		whole, err := s.count(ctx, scope, month, "")
		if err != nil {
			return nil, err
		}
		for _, r := range whole {
			r.Key = local.Format("2006-01")
			r.Label = r.Key
			rows = append(rows, r)
		}
		from = to
	}
	return rows, nil
}

// maxMonths keeps a period that begins in the year 1 from asking 24,000 questions.
const maxMonths = 120
