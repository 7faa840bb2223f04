package store

import (
	"context"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/worktime"
)

// ProcedureFilter narrows a list of procedures; what is empty does not count.
type ProcedureFilter struct {
	Search          string // every word stands in code, name, field or agency; marks and case do not count
	Level           catalog.Level
	HomeLevel       catalog.Level
	Field           string // name or code of the field
	Agency          string // part of an agency's name as published
	Interconnection catalog.Interconnection
	OnlineLevel     catalog.OnlineLevel
	Status          catalog.Status
	DeadlineUnit    worktime.Unit // one of its promised terms is in this unit …
	DeadlineMin     *float64      // … and at least
	DeadlineMax     *float64      // … and at most so long
	OnTheSpot       *bool
	Shared          *bool
	Shortened       *bool
	NeedsReview     *bool
}

func (f ProcedureFilter) where() where {
	w := where{}
	w.containing("p.search_fold", catalog.Fold(f.Search))
	w.containing("p.agencies_fold", catalog.Fold(f.Agency))
	if f.Level != "" {
		w.add("p.levels LIKE ?", "%,"+string(f.Level)+",%")
	}
	if f.Interconnection != "" {
		w.add("p.interconnections LIKE ?", "%,"+string(f.Interconnection)+",%")
	}
	if f.Field != "" {
		w.add("p.field = ? OR p.field_code = ?", f.Field, f.Field)
	}
	equal(&w, "p.home_level", f.HomeLevel)
	equal(&w, "p.online_level", f.OnlineLevel)
	equal(&w, "p.status", f.Status)
	flag(&w, "p.on_the_spot", f.OnTheSpot)
	flag(&w, "p.shared", f.Shared)
	flag(&w, "p.shortened", f.Shortened)
	flag(&w, "p.needs_review", f.NeedsReview)
	term := where{}
	equal(&term, "unit", f.DeadlineUnit)
	if f.DeadlineMin != nil {
		term.add("value >= ?", *f.DeadlineMin)
	}
	if f.DeadlineMax != nil {
		term.add("value <= ?", *f.DeadlineMax)
	}
	if len(term.conditions) > 0 {
		w.add("p.id IN (SELECT procedure_id FROM procedure_terms WHERE "+term.sql()+")", term.arguments...)
	}
	return w
}

// Procedures lists the versions in force by code; total counts what the filter leaves, whatever the page.
func (s *Store) Procedures(ctx context.Context, f ProcedureFilter, p Page) (list []catalog.Procedure, next Next, total int64, err error) {
	const order = "procedures"
	after, err := p.place(order)
	if err != nil {
		return nil, "", 0, err
	}
	w := f.where()
	if err := s.reader(ctx).Raw("SELECT count(*) FROM procedures p WHERE "+w.sql(), w.arguments...).Find(&total).Error; err != nil {
		return nil, "", 0, s.fault("count procedures", err)
	}
	if after != nil {
		w.add("p.code > ?", after.Text)
	}
	var rows []struct {
		Found procedureContent `gorm:"embedded"`
		Code  string
	}
	err = s.reader(ctx).Raw(`SELECT p.code, v.procedure_id, v.id, v.version, v.content
		FROM procedures p JOIN procedure_versions v ON v.id = p.version_id WHERE `+w.sql()+" ORDER BY p.code LIMIT ?",
		append(w.arguments, p.limit()+1)...).Find(&rows).Error
	if err != nil {
		return nil, "", 0, s.fault("procedures", err)
	}
	more := len(rows) > p.limit()
	rows = rows[:min(len(rows), p.limit())]
	for _, r := range rows {
		one, err := r.Found.procedure()
		if err != nil {
			return nil, "", 0, err
		}
		list = append(list, one)
	}
	if more {
		next = place{Order: order, Text: rows[len(rows)-1].Code}.next()
	}
	return list, next, total, nil
}

// CatalogueSummary counts the catalogue.
func (s *Store) CatalogueSummary(ctx context.Context) (catalog.Summary, error) {
	sum := catalog.Summary{ByHomeLevel: map[catalog.Level]int64{}}
	var rows []struct {
		HomeLevel                                                                         catalog.Level
		Total, Shared, SameLevel, CrossLevel, Shortened, OnTheSpot, NeedsReview, Repealed int64
	}
	count := func(condition string) string {
		return "SUM(CASE WHEN status = @in AND " + condition + " THEN 1 ELSE 0 END)"
	}
	err := s.reader(ctx).Raw(`SELECT home_level, `+count("1 = 1")+` AS total, `+count("shared")+` AS shared, `+
		count("interconnections LIKE @same")+` AS same_level, `+count("interconnections LIKE @cross")+` AS cross_level, `+
		count("shortened")+` AS shortened, `+count("on_the_spot")+` AS on_the_spot, `+count("needs_review")+` AS needs_review,
		SUM(CASE WHEN status <> @in THEN 1 ELSE 0 END) AS repealed FROM procedures GROUP BY home_level`,
		map[string]any{
			"in": string(catalog.InForce), "same": "%," + string(catalog.SameLevel) + ",%", "cross": "%," + string(catalog.CrossLevel) + ",%",
		}).Find(&rows).Error
	for _, r := range rows {
		if r.Total > 0 {
			sum.ByHomeLevel[r.HomeLevel] = r.Total
		}
		sum.Total += r.Total
		sum.Shared += r.Shared
		sum.SameLevel += r.SameLevel
		sum.CrossLevel += r.CrossLevel
		sum.Shortened += r.Shortened
		sum.OnTheSpot += r.OnTheSpot
		sum.NeedsReview += r.NeedsReview
		sum.Repealed += r.Repealed
	}
	return sum, s.fault("catalogue summary", err)
}
