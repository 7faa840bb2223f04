package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
)

// Unsound is a row of the catalogue that is not what it follows from.
type Unsound struct {
	Name string // code of the procedure or the agency
	What string
}

// UnsoundProcedures holds the content of every version against its hash, and the row of each procedure against the content in force. What
// the program makes of a content by rules of its own (shared, shortened, to be reviewed) is not compared: the next program may judge otherwise.
func (s *Store) UnsoundProcedures(ctx context.Context) ([]Unsound, error) {
	var rows []procedureRow
	if err := s.reader(ctx).Order("code").Find(&rows).Error; err != nil {
		return nil, s.fault("procedures", err)
	}
	byID, newest := make(map[uuid.UUID]procedureRow, len(rows)), map[uuid.UUID]int{}
	for _, r := range rows {
		byID[r.ID] = r
	}
	var found []Unsound
	for after := (procedureVersionRow{}); ; {
		var some []procedureVersionRow
		err := s.reader(ctx).Where("(procedure_id, version) > (?, ?)", after.ProcedureID, after.Version).
			Order("procedure_id, version").Limit(500).Find(&some).Error
		if err != nil {
			return nil, s.fault("procedure versions", err)
		}
		for _, v := range some {
			row := byID[v.ProcedureID]
			newest[v.ProcedureID] = max(newest[v.ProcedureID], v.Version)
			sum := sha256.Sum256([]byte(v.Content))
			if hex.EncodeToString(sum[:]) != v.ContentSHA256 {
				found = append(found, Unsound{row.Code, fmt.Sprintf("the content of version %d is not the one that its hash was taken of", v.Version)})
			}
			if v.ID == row.VersionID {
				found = append(found, row.unlike(v)...)
			}
		}
		if len(some) == 0 {
			break
		}
		after = some[len(some)-1]
	}
	for _, r := range rows {
		if r.Version != newest[r.ID] {
			found = append(found, Unsound{r.Code, fmt.Sprintf("version %d is in force, and the last one there is has the number %d", r.Version, newest[r.ID])})
		}
	}
	return found, nil
}

// unlike says what of the row is not as the version in force says.
func (r procedureRow) unlike(v procedureVersionRow) []Unsound {
	p, err := procedureContent{ProcedureID: v.ProcedureID, ID: v.ID, Version: v.Version, Content: v.Content}.procedure()
	if err != nil {
		return []Unsound{{r.Code, fmt.Sprintf("the content of version %d cannot be read", v.Version)}}
	}
	want, _, err := rowsOfProcedure(p, r.ChangedAt)
	if err != nil {
		return []Unsound{{r.Code, err.Error()}}
	}
	want.ContentSHA256, want.Shared, want.Shortened, want.NeedsReview = v.ContentSHA256, r.Shared, r.Shortened, r.NeedsReview
	var all []Unsound
	for _, what := range differ("procedures", want, r) {
		all = append(all, Unsound{r.Code, "differs from its content: " + what})
	}
	return all
}

// UnsoundAgencies names agencies whose path is not that of the one above with their own id, or that are found by another name than they bear.
func (s *Store) UnsoundAgencies(ctx context.Context) ([]Unsound, error) {
	var rows []agencyRow
	if err := s.reader(ctx).Order("code, id").Find(&rows).Error; err != nil {
		return nil, s.fault("agencies", err)
	}
	above := make(map[uuid.UUID]*uuid.UUID, len(rows))
	for _, r := range rows {
		above[r.ID] = r.ParentID
	}
	var found []Unsound
	for _, r := range rows {
		path, seen := r.ID.String()+"/", 0
		for p := r.ParentID; p != nil && seen <= len(rows); p, seen = above[*p], seen+1 {
			path = p.String() + "/" + path
		}
		if path != r.Path {
			found = append(found, Unsound{r.Code, "agencies.path does not follow from the agencies above"})
		}
		if r.NameFold != catalog.Fold(r.Name) {
			found = append(found, Unsound{r.Code, "agencies.name_fold is not the name"})
		}
	}
	return found, nil
}

// MissingAlert is one that was raised for certain and is not there, or that is there and contradicts the journal.
type MissingAlert struct {
	Code string // of the dossier
	Kind dossier.AlertKind
}

// What a run of the scan would still have raised: of open dossiers all that was due then, unless something was written about them that it may
// not have seen; of those that ended late, by the clock that ran since, that they were late.
const (
	unraised = "SELECT DISTINCT (SELECT d.code FROM dossiers d WHERE d.id = n.dossier_id) AS code, n.kind" + missing + `
		AND NOT EXISTS (SELECT 1 FROM dossier_events e WHERE e.dossier_id = n.dossier_id AND (e.recorded_at > :acts OR e.recorded_at > :imports AND e.kind IN ('IMPORTED', 'UPDATED')))`
	unraisedEnded = `SELECT d.code, 'DOSSIER_LATE' AS kind FROM dossiers d
		WHERE d.finished_at IS NOT NULL AND d.source_system IS NULL AND d.late_from < d.finished_at
		AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.dossier_id = d.id AND a.kind = 'DOSSIER_LATE' AND a.audience = 'HEAD')
		AND NOT EXISTS (SELECT 1 FROM dossier_pauses p WHERE p.dossier_id = d.id AND (p.to_at IS NULL OR p.to_at > d.late_from))
		AND NOT EXISTS (SELECT 1 FROM dossier_events e WHERE e.dossier_id = d.id AND e.kind IN ('RECALLED', 'REOPENED'))
		AND EXISTS (SELECT 1 FROM job_runs r WHERE r.job = :job AND r.outcome = 'ok' AND r.slot > d.late_from AND r.slot > d.promised_at:later
			AND r.slot > (SELECT e.recorded_at:later FROM dossier_events e WHERE e.dossier_id = d.id AND e.seq = 1) -- what came in may be written down later
			AND r.slot < d.finished_at AND r.finished_at < d.finished_at)`
)

// MissingAlerts lists the alerts that a run of the scan, the job of that name, raised for certain and that are not there any more. An act takes so
// long at most until others see it, an import so long.
func (s *Store) MissingAlerts(ctx context.Context, job string, act, imports time.Duration) ([]MissingAlert, error) {
	var runs []jobRow
	err := s.reader(ctx).Where("job = ? AND outcome = 'ok'", job).Order("slot DESC").Limit(1).Find(&runs).Error
	if err != nil || len(runs) == 0 {
		return nil, s.fault("missing alerts", err)
	}
	at := runs[0].StartedAt
	later := " + interval '15 minutes'"
	if s.sqlite() {
		later = " + 900000000"
	}
	var found, ended []MissingAlert
	text, arguments := bind(unraised, map[string]any{"now": instant(at), "acts": instant(at.Add(-act)), "imports": instant(at.Add(-imports))})
	err = s.reader(ctx).Raw(text, arguments...).Find(&found).Error
	text, arguments = bind(strings.ReplaceAll(unraisedEnded, ":later", later), map[string]any{"job": job})
	err = errors.Join(err, s.reader(ctx).Raw(text, arguments...).Find(&ended).Error)
	return slices.Concat(found, ended), s.fault("missing alerts", err)
}

// denied are the alerts that a dossier of our own was late which ended in time, by what its journal says now. The scan reads what others have not
// yet committed as not there: an end, a pause or a promise of the minutes before may have come in beside it.
const denied = `SELECT DISTINCT d.code, a.kind FROM alerts a JOIN dossiers d ON d.id = a.dossier_id
	WHERE a.kind = 'DOSSIER_LATE' AND d.source_system IS NULL AND d.finished_at < d.late_from
	AND NOT (d.finished_at <= a.raised_at AND d.finished_at > a.raised_at:before)
	AND NOT EXISTS (SELECT 1 FROM dossier_pauses p WHERE p.dossier_id = d.id AND p.from_at <= a.raised_at AND p.from_at > a.raised_at:before)
	AND NOT EXISTS (SELECT 1 FROM dossier_promises p WHERE p.dossier_id = d.id AND p.made_at <= a.raised_at AND p.made_at > a.raised_at:before)
	ORDER BY d.code`

// DeniedAlerts lists alerts that a dossier was late which by its journal was not. An act takes so long at most until others see it.
func (s *Store) DeniedAlerts(ctx context.Context, act time.Duration) ([]MissingAlert, error) {
	before := fmt.Sprintf(" - interval '%d seconds'", int(act.Seconds()))
	if s.sqlite() {
		before = fmt.Sprintf(" - %d", act.Microseconds())
	}
	var found []MissingAlert
	err := s.reader(ctx).Raw(strings.ReplaceAll(denied, ":before", before)).Find(&found).Error
	return found, s.fault("denied alerts", err)
}
