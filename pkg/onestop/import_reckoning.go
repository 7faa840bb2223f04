package onestop

import (
	"context"
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/sheet"
	"github.com/motcua/motcua/pkg/worktime"
)

// Reckoning holds another system's due dates against those that our calendar and rules give from the day of receipt. Pauses are not
// in it: a table of cases does not tell them. It speaks of all records of the file, also of those that were there already.
type Reckoning struct {
	Dated       int            `json:"dated"`        // records with a due date of the source
	HourDecides int            `json:"hour_decides"` // of those, finished on the due day after its hour: on time by date, late by instant
	Reckoned    int            `json:"reckoned"`     // records for which we have a due date too
	NotReckoned map[string]int `json:"not_reckoned"` // the others, by reason: procedure-unknown, deadline-missing, variant-required …

	DueDiffers  int          `json:"due_differs"`   // the dates, or for terms in hours the instants
	OnTimeThere int          `json:"on_time_there"` // the source says on time, recomputed late
	OnTimeHere  int          `json:"on_time_here"`  // the source says late, recomputed on time
	Differences []Difference `json:"differences"`   // all of them, in the order of the file
}

// Difference is one case whose due date or whose verdict we see otherwise than its source. Its times are in the office's zone.
type Difference struct {
	Line       int        `json:"line"`
	Code       string     `json:"code"` // over there
	Procedure  string     `json:"procedure"`
	ReceivedAt time.Time  `json:"received_at"`
	FinishedAt *time.Time `json:"finished_at,omitempty"`
	SourceDue  time.Time  `json:"source_due_at"`
	OurDue     time.Time  `json:"our_due_at"`
	SourceSays string     `json:"source_says"` // EARLY, ON_TIME, LATE; IN_TIME or OVERDUE of an open case; "" of one ended otherwise or waiting
	WeSay      string     `json:"we_say"`
}

// reckoned is what one record adds to a Reckoning.
type reckoned struct {
	dated, hourDecides, ours, dueDiffers bool
	why                                  string // there is no date of ours
	difference                           *Difference
}

func (r *Reckoning) add(one reckoned) {
	count(&r.Dated, one.dated)
	count(&r.HourDecides, one.hourDecides)
	count(&r.Reckoned, one.ours)
	count(&r.DueDiffers, one.dueDiffers)
	if !one.ours {
		r.NotReckoned[one.why]++
	}
	if d := one.difference; d != nil {
		count(&r.OnTimeThere, !late(d.SourceSays) && late(d.WeSay))
		count(&r.OnTimeHere, late(d.SourceSays) && !late(d.WeSay))
		r.Differences = append(r.Differences, *d)
	}
}

func count(n *int, yes bool) {
	if yes {
		*n++
	}
}

func late(verdict string) bool { return verdict == "LATE" || verdict == "OVERDUE" }

type reckonerKey struct {
	agency uuid.UUID
	rules  string
}

// reckon fills in the procedure, the source's promise and what our own engine makes of the case.
func (im *dossierImport) reckon(ctx context.Context, c *foreignCase) error {
	p, err := im.procedure(ctx, c.Procedure)
	if err != nil {
		return err
	}
	r, err := im.reckoner(ctx, *c.deciding, c.ReceivedAt)
	if err != nil {
		return err
	}
	c.procedure = dossier.Procedure{ // of an unknown one the level is that of whoever decides
		Code: c.Procedure, Name: c.ProcedureName, Field: c.Field, Level: c.deciding.Level, Variant: c.Variant,
	}
	var term *worktime.Term
	c.reckoned.why = "procedure-unknown"
	if p != nil {
		c.procedure = dossier.Procedure{
			ID: p.ID, VersionID: p.VersionID, Version: p.Version, Code: p.Code, Name: p.Name, Field: p.Field, Level: p.HomeLevel,
			Variant: c.Variant, OnTheSpot: p.OnTheSpot, NoResult: p.NoResult, PaymentStops: p.PaymentStops,
		}
		if t, err := p.TermFor(c.Channel, c.Variant); err == nil {
			term = &t
		} else if f := fault.As(err); f != nil {
			c.reckoned.why = f.Code
		}
	}
	if c.DueAt != nil {
		mark, err := im.mark(r, *c.DueAt, term)
		if err != nil {
			return err
		}
		c.promise = &dossier.Promise{No: 1, Kind: dossier.SourcesPromise, MadeAt: c.ReceivedAt, Mark: mark}
		c.reckoned.dated = true
		c.reckoned.hourDecides = c.FinishedAt != nil && c.FinishedAt.After(*c.DueAt) && im.day(*c.FinishedAt) == im.day(*c.DueAt)
	}
	if term != nil {
		im.compare(r, c, *term)
	}
	return nil
}

// mark judges the source's due date. Where the option says how, a term in hours changes nothing about it.
func (im *dossierImport) mark(r dossier.Reckoner, due time.Time, term *worktime.Term) (dossier.Mark, error) {
	if term == nil || im.opts.Verdict != "" {
		term = &worktime.Term{}
	}
	return r.Mark(due, *term)
}

func (im *dossierImport) compare(r dossier.Reckoner, c *foreignCase, term worktime.Term) {
	basis, own, err := r.First(c.ReceivedAt, term)
	if err != nil { // beyond the calendar
		c.reckoned.why = "calendar-too-short"
		return
	}
	c.basis, c.reckoned.ours = basis, true
	if c.promise == nil {
		return
	}
	source, ours := c.promise.Mark, own.Mark
	if term.Unit == worktime.Hour || term.Unit == worktime.Minute {
		c.reckoned.dueDiffers = !source.DueAt.Equal(ours.DueAt)
	} else {
		c.reckoned.dueDiffers = im.day(source.DueAt) != im.day(ours.DueAt)
	}
	there, here := c.verdict(source, im.now), c.verdict(ours, im.now)
	if c.reckoned.dueDiffers || late(there) != late(here) {
		zone := im.office.zone
		d := &Difference{
			Line: c.Line, Code: c.Code, Procedure: c.Procedure, ReceivedAt: c.ReceivedAt.In(zone),
			SourceDue: source.DueAt.In(zone), OurDue: ours.DueAt.In(zone), SourceSays: there, WeSay: here,
		}
		if c.FinishedAt != nil {
			at := c.FinishedAt.In(zone)
			d.FinishedAt = &at
		}
		c.reckoned.difference = d
	}
}

func (c *foreignCase) verdict(m dossier.Mark, now time.Time) string {
	switch c.State {
	case dossier.Refused, dossier.Withdrawn, dossier.Stopped, dossier.SupplementRequested, dossier.PaymentRequired:
		return ""
	case dossier.Resolved, dossier.Returned:
		switch at := *c.FinishedAt; {
		case at.Before(m.OnTimeFrom):
			return "EARLY"
		case at.Before(m.LateFrom):
			return "ON_TIME"
		}
		return "LATE"
	}
	if now.Before(m.LateFrom) {
		return "IN_TIME"
	}
	return "OVERDUE"
}

func (im *dossierImport) day(t time.Time) catalog.Date { return catalog.DateOf(t, im.office.zone) }

func (im *dossierImport) procedure(ctx context.Context, code string) (*catalog.Procedure, error) {
	if p, asked := im.procedures[code]; asked || code == "" {
		return p, nil
	}
	p, err := im.office.store.Procedure(ctx, code)
	switch {
	case errors.Is(err, fault.NotFound):
		im.procedures[code] = nil
	case err != nil:
		return nil, err
	default:
		im.procedures[code] = &p
	}
	return im.procedures[code], nil
}

func (im *dossierImport) reckoner(ctx context.Context, agency catalog.Agency, on time.Time) (dossier.Reckoner, error) {
	rules, err := im.office.rulesOn(ctx, on)
	if err != nil {
		return dossier.Reckoner{}, err
	}
	key := reckonerKey{agency.ID, rules.ID}
	r, there := im.reckoners[key]
	if !there {
		if r, err = im.office.Reckoner(ctx, agency, on); err != nil {
			return r, err
		}
		if im.opts.Verdict != "" {
			r.Rules.Rules.Verdict = im.opts.Verdict
		}
		im.reckoners[key] = r
	}
	return r, nil
}

// WriteDifferences writes the differences as CSV.
func (r Reckoning) WriteDifferences(w io.Writer) error {
	out := sheet.NewWriter(w)
	header := []string{"line", "code", "procedure", "received_at", "finished_at", "source_due_at", "our_due_at", "source_says", "we_say"}
	if err := out.Write(header); err != nil {
		return err
	}
	for _, d := range r.Differences {
		finished := ""
		if d.FinishedAt != nil {
			finished = d.FinishedAt.Format(time.RFC3339)
		}
		if err := out.Write([]string{
			strconv.Itoa(d.Line), d.Code, d.Procedure, d.ReceivedAt.Format(time.RFC3339), finished,
			d.SourceDue.Format(time.RFC3339), d.OurDue.Format(time.RFC3339), d.SourceSays, d.WeSay,
		}); err != nil {
			return err
		}
	}
	return out.Flush()
}
