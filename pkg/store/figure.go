package store

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
)

// Period is the span that figures are counted over, From inclusive, To exclusive, and the instant of asking. Open dossiers are judged
// as they stood at the end of the span, or now if it is not over.
type Period struct {
	From, To time.Time
	Now      time.Time
}

// Days is the period from one day to another, both included, on the clock of the zone. Without a last day it ends today, without a first
// one it begins with the year of the last. The fault is Invalid "period-invalid".
func Days(from, to catalog.Date, now time.Time, zone *time.Location) (Period, error) {
	if to == "" {
		to = catalog.DateOf(now, zone)
	}
	if from == "" && len(to) > 4 {
		from = to[:4] + "-01-01"
	}
	var wrong fault.Fields
	day := func(name string, d catalog.Date) time.Time {
		t, err := time.ParseInLocation(time.DateOnly, string(d), zone)
		if err != nil {
			wrong.Add(name, "date", "%q is not a date like 2025-07-01", d)
		}
		return t
	}
	p := Period{From: day("from", from), To: day("to", to).AddDate(0, 0, 1), Now: now}
	if len(wrong) == 0 && to < from {
		wrong.Add("to", "order", "lies before from")
	}
	return p, wrong.Err("period-invalid", "the period is none")
}

// Span is the time from an instant to before another; a zero one leaves that side open.
type Span struct{ From, To time.Time }

// Between is the span from one day to another, both included, on the clock of the zone; "" leaves a side open. The fault is Invalid "period-invalid" and
// names the days as NAME_from and NAME_to.
func Between(name string, from, to catalog.Date, zone *time.Location) (Span, error) {
	var wrong fault.Fields
	day := func(end string, d catalog.Date, more int) time.Time {
		if d == "" {
			return time.Time{}
		}
		t, err := time.ParseInLocation(time.DateOnly, string(d), zone)
		if err != nil {
			wrong.Add(name+end, "date", "%q is not a date like 2025-07-01", d)
		}
		return t.AddDate(0, 0, more)
	}
	x := Span{From: day("_from", from, 0), To: day("_to", to, 1)}
	if len(wrong) == 0 && from != "" && to != "" && to < from {
		wrong.Add(name+"_to", "order", "lies before %s_from", name)
	}
	return x, wrong.Err("period-invalid", "the period is none")
}

// First is the first day of the period on the clock of the zone.
func (p Period) First(zone *time.Location) catalog.Date { return catalog.DateOf(p.From, zone) }

// Last is the last day that the period includes.
func (p Period) Last(zone *time.Location) catalog.Date {
	return catalog.DateOf(p.To.Add(-time.Microsecond), zone)
}

// Naming is on which days an agency of the period is meant by its code: that of the last day, else of the first, else the newest.
func (p Period) Naming(zone *time.Location) []catalog.Date {
	return []catalog.Date{p.Last(zone), p.First(zone), ""}
}

// at is the instant that open dossiers are judged at: the last one of the period, or now.
func (p Period) at() time.Time {
	last := instant(p.To).Add(-time.Microsecond)
	if now := instant(p.Now); now.Before(last) {
		return now
	}
	return last
}

// The parts that figures are made of, over a row d of dossiers. :from, :to and :at are the period's. Nothing here is NULL where it is
// asked for its opposite.
const (
	// Accepted before the period ended and not over before it began: what a report speaks of at all.
	counted = `d.over_at >= :from AND d.accepted_at < :to`
	ended   = `d.over_at < :to`
	open    = `d.over_at >= :to`
	done    = ended + ` AND d.state IN ('9', '10')`

	otherwise = ended + ` AND d.state NOT IN ('9', '10')`

	// The row knows only the present; the spans know what was so at an earlier instant. They are asked only where the row cannot tell.
	paused = `(COALESCE(d.suspended_at <= :at, FALSE) OR (COALESCE(d.paused_until > :at, FALSE) AND EXISTS (SELECT 1 FROM dossier_pauses z
		WHERE z.dossier_id = d.id AND z.from_at <= :at AND z.to_at > :at)))`
	promisedThen = `SELECT 1 FROM dossier_promises y WHERE y.dossier_id = d.id AND y.from_at <= :at AND (y.until_at IS NULL OR y.until_at > :at)`
	dated        = `(CASE WHEN d.promised_at IS NULL THEN FALSE WHEN d.promised_at <= :at THEN TRUE ELSE EXISTS (` + promisedThen + `) END)`
	tooLate      = `(CASE WHEN d.promised_at IS NULL THEN FALSE WHEN d.promised_at <= :at THEN d.late_from <= :at ELSE EXISTS (` +
		promisedThen + ` AND y.late_from <= :at) END)`
)

// figures says of each figure, in one place for counts and for lists, which of the counted dossiers it counts.
var figures = map[dossier.Figure]string{
	"carried_over": `d.accepted_at < :from`,
	"received":     `d.accepted_at >= :from`,

	"early":            done + ` AND d.over_at < d.on_time_from`,
	"on_time":          done + ` AND d.over_at >= d.on_time_from AND d.over_at < d.late_from`,
	"late":             done + ` AND d.over_at >= d.late_from`,
	"resolved_undated": done + ` AND d.late_from IS NULL`,
	"ended_otherwise":  otherwise,
	"ended_overdue":    otherwise + ` AND d.over_at >= d.late_from AND (d.paused_until IS NULL OR d.paused_until < d.over_at)`,

	"suspended":    open + ` AND ` + paused,
	"overdue":      open + ` AND NOT ` + paused + ` AND ` + tooLate,
	"in_time":      open + ` AND NOT ` + paused + ` AND ` + dated + ` AND NOT ` + tooLate,
	"open_undated": open + ` AND NOT ` + paused + ` AND NOT ` + dated,

	"late_by_first_promise": done + ` AND d.over_at >= d.first_late_from`,

	"resolved": done,
	"open":     open,

	acceptanceLate: `d.accept_by >= :from AND d.accept_by < :at`,
}

// acceptanceLate is the one figure that does not speak of the counted dossiers: what it counts need not have been accepted.
const acceptanceLate dossier.Figure = "acceptance_late"

// fates are the figures of which each counted dossier stands in exactly one. They are tried in this order, the commonest first.
var fates = []dossier.Figure{
	"early", "on_time", "late", "in_time", "overdue", "suspended", "ended_otherwise", "resolved_undated", "open_undated",
}

// sides are the figures that cut across the fates.
var sides = []dossier.Figure{"carried_over", "received", "late_by_first_promise", "ended_overdue"}

// figure narrows to the dossiers that one figure of the period counts.
func (w *where) figure(f dossier.Figure, p Period) error {
	predicate, ok := figures[f]
	if !ok {
		return fault.New(fault.Invalid, "figure-unknown", "there is no figure %q; there are %v", f, dossier.FigureNames)
	}
	if f != acceptanceLate {
		predicate = counted + " AND " + predicate
	}
	condition, arguments := p.bind(predicate)
	w.add(condition, arguments...)
	return nil
}

// bind puts the period's instants for their names.
func (p Period) bind(text string) (string, []any) {
	return bind(text, map[string]any{"from": instant(p.From), "to": instant(p.To), "at": p.at()})
}

// tally is a statement that counts every figure over the dossiers d that the condition leaves, by key, or all in one if that is "".
// Each dossier is judged once, in the inner query; fence keeps the database from merging it into the outer one, where it would be judged
// once for each figure.
func (p Period) tally(key string, w where, fence string) (string, []any) {
	var judge, sums strings.Builder
	for i, f := range fates {
		fmt.Fprintf(&judge, "\n\tWHEN %s THEN %d", figures[f], i)
		fmt.Fprintf(&sums, ", COUNT(*) FILTER (WHERE fate = %d) AS %s", i, f)
	}
	judge.WriteString(" END AS fate")
	for _, f := range sides {
		fmt.Fprintf(&judge, ",\n\t%s AS %s", figures[f], f)
		fmt.Fprintf(&sums, ", COUNT(*) FILTER (WHERE %s) AS %s", f, f)
	}
	outer, by := "key", " GROUP BY key"
	if key == "" {
		key, outer, by = "''", "'' AS key", "" // without GROUP BY there is a row even if there are no dossiers
	}
	inner, arguments := p.bind("CASE" + judge.String() + "\nFROM dossiers d\nWHERE " + counted)
	statement := "SELECT " + outer + sums.String() + "\nFROM (SELECT " + key + " AS key, " + inner + " AND " + w.sql() + " " + fence + ") judged" + by
	return statement, append(arguments, w.arguments...)
}

// tallyAcceptanceLate counts by key what was not answered in time. They are few, and an index has them.
func (p Period) tallyAcceptanceLate(key string, w where) (string, []any) {
	by := " GROUP BY 1"
	if key == "" {
		key, by = "''", ""
	}
	condition, arguments := p.bind(figures[acceptanceLate])
	return "SELECT " + key + " AS key, COUNT(*) AS acceptance_late FROM dossiers d WHERE " + condition + " AND " + w.sql() + by, append(arguments, w.arguments...)
}

var name = regexp.MustCompile(`:[a-z]+`)

// bind puts a placeholder for each name in the text and lists the values in the order of the placeholders.
func bind(text string, values map[string]any) (string, []any) {
	var arguments []any
	text = name.ReplaceAllStringFunc(text, func(n string) string {
		arguments = append(arguments, values[n[1:]])
		return "?"
	})
	return text, arguments
}
