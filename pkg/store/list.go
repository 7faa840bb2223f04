package store

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
)

// The orders of a list of dossiers.
const (
	ByReceipt = "received" // the newest first
	ByDueDate = "due"      // what is late longest first, what has no due date last
)

// DossierFilter narrows a list of dossiers; what is empty does not count.
type DossierFilter struct {
	Selection
	States        []dossier.State
	HelpedPath    string    // somebody was helped at or below
	ReturningPath string    // the result is or was handed out at or below
	ReceivingPath string    // received at or below
	HolderPath    string    // in hand at or below
	OfficerID     uuid.UUID // with a step in this person's hands
	Person        string    // number of an applicant or submitter, as anybody writes it
	Search        string    // words in the applicant's name (marks and case do not count), or the beginning of a code
	Open          *bool
	Overdue       *bool // open, accepted, the clock running, and late Now
	Originals     *bool // it is over, and originals that were handed in are still held
	Submitted     Span
	Finished      Span
	Sort          string
	Figure        dossier.Figure // those that this figure of the period counts
	Period
}

func (s *Store) dossiersWhere(ctx context.Context, scope staff.Scope, f DossierFilter) (where, error) {
	w, err := s.selected(ctx, scope, f.Selection)
	if err != nil {
		return w, err
	}
	err = errors.Join(
		s.within(ctx, &w, "d.helped_id", f.HelpedPath),
		s.within(ctx, &w, "d.returning_id", f.ReturningPath),
		s.within(ctx, &w, "d.receiving_id", f.ReceivingPath),
		s.within(ctx, &w, "d.holder_id", f.HolderPath),
	)
	if err != nil {
		return w, err
	}
	if len(f.States) > 0 {
		w.add("d.state IN ?", f.States)
	}
	if f.OfficerID != uuid.Nil {
		w.add("d.id IN (SELECT s.dossier_id FROM dossier_steps s WHERE s.under_way AND s.officer_id = ?)", f.OfficerID)
	}
	w.search(f.Search)
	if f.Person != "" {
		digest, err := s.PersonDigest(ctx, f.Person)
		if err != nil {
			return w, err
		}
		w.add("d.id IN (SELECT dossier_id FROM dossier_persons WHERE digest = ?)", digest)
	}
	if f.Open != nil {
		w.add(map[bool]string{true: "d.finished_at IS NULL", false: "d.finished_at IS NOT NULL"}[*f.Open])
	}
	if f.Overdue != nil {
		if *f.Overdue {
			w.add("d.finished_at IS NULL AND d.accepted_at IS NOT NULL AND d.suspended_at IS NULL AND d.late_from <= ?", instant(f.Now))
		} else {
			w.add("d.finished_at IS NOT NULL OR d.accepted_at IS NULL OR d.suspended_at IS NOT NULL OR d.late_from IS NULL OR d.late_from > ?", instant(f.Now))
		}
	}
	if f.Originals != nil {
		w.add(map[bool]string{true: "d.originals_held > 0", false: "d.originals_held = 0"}[*f.Originals])
	}
	w.span("d.submitted_at", f.Submitted)
	w.span("d.finished_at", f.Finished)
	if f.Figure != "" {
		return w, w.figure(f.Figure, f.Period)
	}
	return w, nil
}

func (w *where) span(column string, x Span) {
	if !x.From.IsZero() {
		w.add(column+" >= ?", instant(x.From))
	}
	if !x.To.IsZero() {
		w.add(column+" < ?", instant(x.To))
	}
}

func (w *where) search(text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	name := where{}
	name.containing("applicant_fold", catalog.Fold(text))
	condition, arguments := beginning("code", strings.ToUpper(strings.TrimSpace(text)))
	w.add("d.id IN (SELECT id FROM dossiers WHERE "+name.sql()+" UNION ALL SELECT dossier_id FROM dossier_codes WHERE "+condition+")",
		append(name.arguments, arguments...)...)
}

// Dossiers lists the dossiers within the scope that the filter leaves, without their steps, papers and files.
func (s *Store) Dossiers(ctx context.Context, scope staff.Scope, f DossierFilter, p Page) ([]dossier.Dossier, Next, error) {
	return s.list(ctx, scope, f, p, dossierRow.listed)
}

// PersonDossiers lists the dossiers within the scope in which whoever has the number is applicant or submitter, the newest first and whole:
// what was handed in stands in them.
func (s *Store) PersonDossiers(ctx context.Context, scope staff.Scope, number string, p Page) ([]dossier.Dossier, Next, error) {
	if number == "" { // would leave everybody's
		return nil, "", nil
	}
	return s.list(ctx, scope, DossierFilter{Person: number}, p, dossierRow.dossier)
}

// list reads of each dossier on the page as much as is asked for.
func (s *Store) list(
	ctx context.Context, scope staff.Scope, f DossierFilter, p Page, read func(dossierRow) (dossier.Dossier, error),
) ([]dossier.Dossier, Next, error) {
	if f.Sort == "" {
		f.Sort = ByReceipt
	}
	w, err := s.dossiersWhere(ctx, scope, f)
	if err != nil {
		return nil, "", err
	}
	after, err := p.place("dossiers-" + f.Sort)
	if err != nil {
		return nil, "", err
	}
	var order string
	switch f.Sort {
	case ByReceipt:
		order = "d.submitted_at DESC, d.id DESC"
		if after != nil && after.At != nil {
			w.add("(d.submitted_at, d.id) < (?, ?)", instant(*after.At), after.ID)
		}
	case ByDueDate:
		order = w.byDueDate(f, after)
	default:
		return nil, "", fault.New(fault.Invalid, "sort-unknown", "there is no order %q; there are %s and %s", f.Sort, ByReceipt, ByDueDate)
	}
	inner := order
	if s.sqlite() && f.Figure != "" { // it would walk the rows in order, documents and all, where the report's index knows everything
		inner = strings.ReplaceAll(order, "d.", "+d.")
	}
	var rows []dossierRow
	err = s.reader(ctx).Raw(`SELECT d.id, d.submitted_at, d.late_from, d.body FROM dossiers d
		WHERE d.id IN (SELECT d.id FROM dossiers d WHERE `+w.sql()+" ORDER BY "+inner+" LIMIT ?) ORDER BY "+order,
		append(w.arguments, p.limit()+1)...).Find(&rows).Error
	if err != nil {
		return nil, "", s.fault("dossiers", err)
	}
	rows, next := cut(rows, p, func(r dossierRow) place {
		at := &r.SubmittedAt
		if f.Sort == ByDueDate {
			at = r.LateFrom
		}
		return place{Order: "dossiers-" + f.Sort, At: at, ID: r.ID}
	})
	list := make([]dossier.Dossier, len(rows))
	for i, r := range rows {
		if list[i], err = read(r); err != nil {
			return nil, "", err
		}
	}
	return list, next, nil
}

// byDueDate orders by the instant from which a dossier is late, those that have none behind the others.
func (w *where) byDueDate(f DossierFilter, after *place) string {
	dated := f.Overdue != nil && *f.Overdue // then there is none without, and the index gives the order
	switch {
	case after == nil:
	case after.At == nil:
		w.add("d.late_from IS NULL AND d.id > ?", after.ID)
	case dated:
		w.add("(d.late_from, d.id) > (?, ?)", instant(*after.At), after.ID)
	default:
		w.add("(d.late_from, d.id) > (?, ?) OR d.late_from IS NULL", instant(*after.At), after.ID)
	}
	if dated {
		return "d.late_from, d.id"
	}
	return "d.late_from NULLS LAST, d.id"
}

// CountDossiers counts what Dossiers lists on all pages.
func (s *Store) CountDossiers(ctx context.Context, scope staff.Scope, f DossierFilter) (int64, error) {
	w, err := s.dossiersWhere(ctx, scope, f)
	if err != nil {
		return 0, err
	}
	var n int64
	err = s.reader(ctx).Raw("SELECT count(*) FROM dossiers d WHERE "+w.sql(), w.arguments...).Find(&n).Error
	return n, s.fault("count dossiers", err)
}
