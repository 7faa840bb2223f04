package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
)

// StoredRow is everything that is kept of a dossier besides its journal. All of it follows from the journal.
type StoredRow struct {
	row      dossierRow
	promises []promiseRow
	pauses   []pauseRow
	steps    []stepRow
	desks    []deskRow
	persons  []personRow
	receipts []receiptRow
	code     *codeRow   // what the dossier's code leads to
	source   *sourceRow // what its record in the other system leads to
	misfits  []string   // why it cannot be read
}

// storedRows are rows of several dossiers, with what is derived.
type storedRows struct {
	rows     []dossierRow
	promises []promiseRow
	pauses   []pauseRow
	steps    []stepRow
	desks    []deskRow
	persons  []personRow
	receipts []receiptRow
	codes    []codeRow
	sources  []sourceRow
}

// add puts the rows of one more dossier to them.
func (x *storedRows) add(r StoredRow) {
	x.rows, x.codes = append(x.rows, r.row), append(x.codes, *r.code)
	if r.source != nil {
		x.sources = append(x.sources, *r.source)
	}
	x.promises, x.pauses, x.steps = append(x.promises, r.promises...), append(x.pauses, r.pauses...), append(x.steps, r.steps...)
	x.persons, x.receipts, x.desks = append(x.persons, r.persons...), append(x.receipts, r.receipts...), append(x.desks, r.desks...)
}

// ID is the dossier's; uuid.Nil when there is no row.
func (r StoredRow) ID() uuid.UUID { return r.row.ID }

// Code is the dossier's; "" when there is no row.
func (r StoredRow) Code() string { return r.row.Code }

// Version is the number of the last event that the row knows of; 0 when there is no row.
func (r StoredRow) Version() int { return r.row.Version }

// Head is the hash of that event.
func (r StoredRow) Head() string { return r.row.Head }

// never is when a dossier ends that is open: a value, not the lack of one, so that an index can be asked for what ended since a day or
// has not ended.
var never = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// project says what is to be kept of a dossier.
func (s *Store) project(ctx context.Context, d dossier.Dossier) (StoredRow, error) {
	r, err := projectPlain(d)
	if err == nil {
		r.persons, err = s.personRows(ctx, d)
	}
	return r, err
}

// projectPlain is all but what needs the key of the persons' index.
func projectPlain(d dossier.Dossier) (StoredRow, error) {
	body, err := json.Marshal(d)
	if err != nil {
		return StoredRow{}, fmt.Errorf("dossier %s: %w", d.ID, err)
	}
	row := dossierRow{
		ID: d.ID, Code: d.Code, ProcedureID: idOrNil(d.Procedure.ID), ProcedureVersion: d.Procedure.Version, ProcedureCode: d.Procedure.Code,
		Field: d.Procedure.Field, Level: string(d.Procedure.Level), Channel: string(d.Channel),
		ReceivingID: d.ReceivingID, DecidingID: d.DecidingID, HolderID: d.HolderID, State: string(d.State), StepNo: d.StepNo,
		SubmittedAt: instant(d.SubmittedAt), AcceptBy: instantOf(d.AcceptanceLimit()), AcceptedAt: instantOf(d.AcceptedAt),
		FinishedAt: instantOf(d.FinishedAt), ReturnedAt: instantOf(d.ReturnedAt),
		ApplicantFold: catalog.Fold(d.Applicant.Name), Version: d.Version, Head: d.Head, Body: string(body),
	}
	if d.Basis != nil && d.Source == nil {
		row.Calendar = d.Basis.Calendar
	}
	row.HelpedID, row.ReturningID = idOrNil(d.HelpedID), d.Returning()
	if q := d.Question(); q != nil {
		row.AnswerBy, row.AnswerStep, row.AnswerAgencyID, row.AnswerUserID = instantOf(&q.By), q.StepNo, idOrNil(q.AgencyID), idOrNil(q.UserID)
	}
	if slices.Contains(dossier.GivesBackIn, d.State) {
		row.OriginalsHeld = d.OriginalsHeld()
	}
	if d.Return != nil && d.ReturningID != d.Returning() {
		row.ChosenID = idOrNil(d.ReturningID)
	}
	if row.OverAt = never; row.FinishedAt != nil {
		row.OverAt = *row.FinishedAt
	}
	if p := d.Suspended(); p != nil {
		row.SuspendedAt = instantOf(&p.From)
	}
	for _, p := range d.Pauses {
		if to := instantOf(p.To); to != nil && (row.PausedUntil == nil || to.After(*row.PausedUntil)) {
			row.PausedUntil = to
		}
	}
	if p := d.Promise(); p != nil {
		first := d.Promises[0]
		row.DueAt, row.OnTimeFrom, row.LateFrom = instantOf(&p.DueAt), instantOf(&p.OnTimeFrom), instantOf(&p.LateFrom)
		row.WarnAt, row.EscalateAt = instantOf(&p.WarnAt), instantOf(&p.EscalateAt)
		row.FirstOnTimeFrom, row.FirstLateFrom = instantOf(&first.OnTimeFrom), instantOf(&first.LateFrom)
	}
	promises := promiseRows(d)
	if n := len(promises); n > 0 {
		row.PromisedAt = &promises[n-1].FromAt
	}
	r := StoredRow{row: row, promises: promises, pauses: pauseRows(d), steps: stepRows(d), code: &codeRow{Code: d.Code, DossierID: d.ID}}
	r.receipts, r.desks = receiptRows(d), deskRows(d)
	if d.Source != nil {
		r.row.SourceSystem, r.row.SourceKey = &d.Source.System, &d.Source.Key
		r.source = &sourceRow{SourceSystem: d.Source.System, SourceKey: d.Source.Key, DossierID: d.ID}
	}
	return r, nil
}

// promiseRows gives each promise the span in which it was in force. The spans follow on each other without gap or overlap from the
// acceptance on, so that at every instant since then exactly one is in force: the first one counts from the acceptance even if it was
// written down later, as another system's is.
func promiseRows(d dossier.Dossier) []promiseRow {
	rows := make([]promiseRow, len(d.Promises))
	for i, p := range d.Promises {
		from := instant(p.MadeAt)
		if i == 0 {
			if d.AcceptedAt != nil && d.AcceptedAt.Before(from) {
				from = instant(*d.AcceptedAt)
			}
		} else {
			if before := rows[i-1].FromAt; from.Before(before) {
				from = before
			}
			rows[i-1].UntilAt = &from
		}
		rows[i] = promiseRow{
			DossierID: d.ID, No: i + 1, Kind: string(p.Kind), MadeAt: instant(p.MadeAt), FromAt: from,
			DueAt: instant(p.DueAt), OnTimeFrom: instant(p.OnTimeFrom), LateFrom: instant(p.LateFrom),
		}
	}
	return rows
}

func pauseRows(d dossier.Dossier) []pauseRow {
	rows := make([]pauseRow, len(d.Pauses))
	for i, p := range d.Pauses {
		rows[i] = pauseRow{DossierID: d.ID, No: i + 1, Cause: string(p.Cause), FromAt: instant(p.From), ToAt: instantOf(p.To)}
	}
	return rows
}

func deskRows(d dossier.Dossier) []deskRow {
	rows := make([]deskRow, len(d.Desks))
	for i, id := range d.Desks {
		rows[i] = deskRow{DossierID: d.ID, No: i + 1, AgencyID: id}
	}
	return rows
}

func stepRows(d dossier.Dossier) []stepRow {
	rows := make([]stepRow, len(d.Steps))
	underWay := map[int]bool{}
	for _, s := range d.UnderWay() {
		underWay[s.No] = true
	}
	for i, p := range d.Steps {
		rows[i] = stepRow{
			DossierID: d.ID, No: i + 1, Stage: p.Stage, Name: p.Name, AgencyID: p.AgencyID, Role: p.Role, StartedAt: instantOf(p.StartedAt),
			TakenAt: instantOf(p.TakenAt), TakenBy: whose(p.TakenBy), DoneAt: instantOf(p.DoneAt), DoneBy: whose(p.DoneBy),
		}
		rows[i].UnderWay, rows[i].Beside = underWay[p.No], p.No != d.StepNo && d.InReach(p.No)
		if o := p.Officer(); o != nil {
			rows[i].OfficerID = &o.ID
		}
		if m := p.Mark; m != nil {
			rows[i].DueAt, rows[i].LateFrom = instantOf(&m.DueAt), instantOf(&m.LateFrom)
			rows[i].EscalateAt = instantOf(&m.EscalateAt)
			if !d.StepStands(p.No) {
				rows[i].WarnAt = instantOf(&m.WarnAt)
			}
		}
	}
	return rows
}

func whose(by *dossier.By) *uuid.UUID {
	if by == nil {
		return nil
	}
	return &by.ID
}

// read is the dossier itself.
func (r dossierRow) dossier() (dossier.Dossier, error) {
	var d dossier.Dossier
	if err := json.Unmarshal([]byte(r.Body), &d); err != nil {
		return d, fmt.Errorf("dossier %s: %w", r.ID, err)
	}
	return d, nil
}

// listed is the dossier without its steps, papers and files, which are the longest parts of it and shown in no list.
func (r dossierRow) listed() (dossier.Dossier, error) {
	var d struct {
		dossier.Dossier
		Steps unread `json:"steps"`
		Parts unread `json:"parts"`
		Files unread `json:"files"`
	}
	if err := json.Unmarshal([]byte(r.Body), &d); err != nil {
		return d.Dossier, fmt.Errorf("dossier %s: %w", r.ID, err)
	}
	return d.Dossier, nil
}

// unread is a part of a document that nobody wants to know.
type unread struct{}

// UnmarshalJSON reads past it.
func (*unread) UnmarshalJSON([]byte) error { return nil }

func eventRowOf(e dossier.Event) eventRow {
	return eventRow{
		DossierID: e.DossierID, Seq: e.Seq, Kind: string(e.Kind), At: instant(e.At), RecordedAt: instant(e.RecordedAt),
		ByID: e.By.ID, ByName: e.By.Name, ByRole: e.By.Role, ByAgency: e.By.AgencyID, Facts: string(e.Facts), Prev: e.Prev, Hash: e.Hash,
	}
}

func (r eventRow) event() dossier.Event {
	return dossier.Event{
		DossierID: r.DossierID, Seq: r.Seq, Kind: dossier.Kind(r.Kind), At: r.At.UTC(), RecordedAt: r.RecordedAt.UTC(),
		By:    dossier.By{ID: r.ByID, Name: r.ByName, Role: r.ByRole, AgencyID: r.ByAgency},
		Facts: json.RawMessage(r.Facts), Prev: r.Prev, Hash: r.Hash,
	}
}
