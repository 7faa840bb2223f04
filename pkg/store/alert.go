package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/staff"
)

// alive is a dossier that has not ended. Its state is asked too, since another system may know of an end without knowing when.
const alive = `d.finished_at IS NULL AND d.state NOT IN ('3', '7', '8', '9', '10')`

// due is everything at :now that somebody must be told of: what, by when, who holds it, who has it in hand, and from when on the agency
// above is to know. A step whose own clock stands has no warn_at, whatever that of its dossier does.
const due = `
	SELECT d.id AS dossier_id, 0 AS step_no, CASE WHEN d.late_from <= :now THEN 'DOSSIER_LATE' ELSE 'DOSSIER_NEAR' END AS kind, d.due_at AS due_at,
		d.holder_id AS agency_id, s.officer_id AS user_id, CASE WHEN d.late_from <= :now THEN d.escalate_at END AS escalate_at
	FROM dossiers d LEFT JOIN dossier_steps s ON s.dossier_id = d.id AND s.no = d.step_no
	WHERE ` + alive + ` AND d.suspended_at IS NULL AND d.accepted_at IS NOT NULL AND d.warn_at <= :now
	UNION ALL
	SELECT d.id, s.no, CASE WHEN s.late_from <= :now THEN 'STEP_LATE' ELSE 'STEP_NEAR' END, s.due_at,
		s.agency_id, s.officer_id, CASE WHEN s.late_from <= :now THEN s.escalate_at END
	FROM dossier_steps s JOIN dossiers d ON d.id = s.dossier_id
	WHERE ` + alive + ` AND s.under_way AND s.warn_at <= :now
	UNION ALL
	SELECT d.id, 0, 'ACCEPTANCE_LATE', d.accept_by, d.holder_id, NULL, NULL
	FROM dossiers d WHERE d.finished_at IS NULL AND d.state = '1' AND d.accept_by < :now
	UNION ALL
	SELECT d.id, d.answer_step, 'ANSWER_OVERDUE', d.answer_by, COALESCE(d.answer_agency_id, d.holder_id), d.answer_user_id, NULL
	FROM dossiers d
	WHERE d.finished_at IS NULL AND d.answer_by <= :now`

// missing is a line of it for each audience that has none yet.
const missing = `
	FROM (` + due + `) n
	JOIN agencies a ON a.id = n.agency_id
	CROSS JOIN (SELECT 'OFFICER' AS audience UNION ALL SELECT 'HEAD' UNION ALL SELECT 'SUPERIOR') u
	LEFT JOIN alerts o ON o.dossier_id = n.dossier_id AND o.step_no = n.step_no AND o.kind = n.kind AND o.audience = u.audience AND o.due_at = n.due_at
	WHERE o.dossier_id IS NULL AND (u.audience <> 'SUPERIOR' OR (a.parent_id IS NOT NULL AND n.escalate_at <= :now))`

// raise writes them down. The order lets several scanners take the same lines in the same order, so that none waits for another
// crosswise, and it ends the search before the table begins to grow.
const raise = `INSERT INTO alerts (dossier_id, step_no, kind, audience, due_at, id, agency_id, user_id, raised_at)
	SELECT n.dossier_id, n.step_no, n.kind, u.audience, n.due_at, :id,
		CASE u.audience WHEN 'SUPERIOR' THEN a.parent_id WHEN 'OFFICER' THEN COALESCE((SELECT w.agency_id FROM users w WHERE w.id = n.user_id), a.id) ELSE a.id END, CASE WHEN u.audience = 'OFFICER' THEN n.user_id END, :now` + missing + `
	ORDER BY 1, 2, 3, 4, 5
	ON CONFLICT (dossier_id, step_no, kind, audience, due_at) DO NOTHING`

// The databases' own ways to make a random id.
const (
	sqliteID   = `lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-8' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))`
	postgresID = `gen_random_uuid()`
)

// RaiseAlerts raises what is missing at the instant and says how many. Several may run at once: each alert is raised once.
func (s *Store) RaiseAlerts(ctx context.Context, now time.Time) (int, error) {
	values := map[string]any{"now": instant(now)}
	var any []int // looked for first where it holds up no writer, since mostly there is none
	statement, arguments := bind("SELECT 1"+missing+" LIMIT 1", values)
	if err := s.reader(ctx).Raw(statement, arguments...).Find(&any).Error; err != nil || len(any) == 0 {
		return 0, s.fault("raise alerts", err)
	}
	id := postgresID
	if s.sqlite() {
		id = sqliteID
	}
	statement, arguments = bind(strings.Replace(raise, ":id", id, 1), values)
	var raised int64
	err := s.InTx(ctx, func(ctx context.Context) error {
		done := s.writer(ctx).Exec(statement, arguments...)
		raised = done.RowsAffected
		return s.fault("raise alerts", done.Error)
	})
	return int(raised), err
}

// AlertFilter narrows a list of alerts; what is empty does not count.
type AlertFilter struct {
	Kind         dossier.AlertKind
	Audience     dossier.Audience
	AgencyPath   string // for agencies at or below
	Acknowledged *bool
	Mine         uuid.UUID // to this officer
	Dossier      uuid.UUID
}

const alertsWithCodes = "SELECT x.*, d.code AS dossier_code FROM alerts x JOIN dossiers d ON d.id = x.dossier_id WHERE "

type alertWithCode struct {
	Alert       alertRow `gorm:"embedded"` // GORM passes over an embedded type that is not exported
	DossierCode string
}

// Alerts lists the alerts to agencies within the scope, the newest first.
func (s *Store) Alerts(ctx context.Context, scope staff.Scope, f AlertFilter, p Page) ([]dossier.Alert, Next, error) {
	const order = "alerts"
	after, err := p.place(order)
	if err != nil {
		return nil, "", err
	}
	w := where{}
	if err := errors.Join(s.alertsFor(ctx, &w, scope), s.within(ctx, &w, "x.agency_id", f.AgencyPath)); err != nil {
		return nil, "", err
	}
	equal(&w, "x.kind", f.Kind)
	equal(&w, "x.audience", f.Audience)
	if f.Acknowledged != nil {
		w.add(map[bool]string{true: "x.acknowledged_at IS NOT NULL", false: "x.acknowledged_at IS NULL"}[*f.Acknowledged])
	}
	if f.Mine != uuid.Nil {
		w.add("x.user_id = ?", f.Mine)
	}
	if f.Dossier != uuid.Nil {
		w.add("x.dossier_id = ?", f.Dossier)
	}
	if after != nil && after.At != nil {
		w.add("(x.raised_at, x.id) < (?, ?)", instant(*after.At), after.ID)
	}
	var rows []alertWithCode
	err = s.reader(ctx).Raw(alertsWithCodes+w.sql()+" ORDER BY x.raised_at DESC, x.id DESC LIMIT ?", append(w.arguments, p.limit()+1)...).Find(&rows).Error
	if err != nil {
		return nil, "", s.fault("alerts", err)
	}
	rows, next := cut(rows, p, func(r alertWithCode) place { return place{Order: order, At: &r.Alert.RaisedAt, ID: r.Alert.ID} })
	list := make([]dossier.Alert, len(rows))
	for i, r := range rows {
		if list[i], err = r.alert(); err != nil {
			return nil, "", err
		}
	}
	return list, next, nil
}

// AcknowledgeAlert notes that somebody saw the alert; the first to do so stays. The error is NotFound "alert-not-found" if there is none
// within the scope.
func (s *Store) AcknowledgeAlert(ctx context.Context, scope staff.Scope, id uuid.UUID, by dossier.By, at time.Time) (dossier.Alert, error) {
	name, err := json.Marshal(by)
	if err != nil {
		return dossier.Alert{}, fmt.Errorf("acknowledge alert: %w", err)
	}
	w := where{}
	w.add("x.id = ?", id)
	if err := s.alertsFor(ctx, &w, scope); err != nil {
		return dossier.Alert{}, err
	}
	var row alertWithCode
	err = s.InTx(ctx, func(ctx context.Context) error {
		if err := s.reader(ctx).Raw(alertsWithCodes+w.sql(), w.arguments...).Take(&row).Error; err != nil {
			return s.missing("acknowledge alert", err, "alert-not-found", "there is no such alert")
		}
		done := s.writer(ctx).Exec("UPDATE alerts SET acknowledged_at = ?, acknowledged_by = ? WHERE dossier_id = ? AND id = ? AND acknowledged_at IS NULL",
			instant(at), string(name), row.Alert.DossierID, id)
		if done.Error != nil {
			return s.fault("acknowledge alert", done.Error)
		}
		return s.fault("acknowledge alert", s.reader(ctx).Raw(alertsWithCodes+w.sql(), w.arguments...).Take(&row).Error)
	})
	if err != nil {
		return dossier.Alert{}, err
	}
	return row.alert()
}

// alertsFor leaves the alerts to agencies at or below the scope's path: what the level above is told is not the unit's own to see.
func (s *Store) alertsFor(ctx context.Context, w *where, scope staff.Scope) error {
	if !scope.All() && scope.Path() == "" {
		w.add("1 = 0")
	}
	return s.within(ctx, w, "x.agency_id", scope.Path())
}

func (x alertWithCode) alert() (dossier.Alert, error) {
	r := x.Alert
	a := dossier.Alert{
		ID: r.ID, DossierID: r.DossierID, DossierCode: x.DossierCode, StepNo: r.StepNo, Kind: dossier.AlertKind(r.Kind),
		Audience: dossier.Audience(r.Audience), AgencyID: r.AgencyID, UserID: r.UserID, DueAt: r.DueAt, RaisedAt: r.RaisedAt,
		AcknowledgedAt: r.AcknowledgedAt,
	}
	if r.AcknowledgedBy == nil {
		return a, nil
	}
	a.AcknowledgedBy = &dossier.By{}
	if err := json.Unmarshal([]byte(*r.AcknowledgedBy), a.AcknowledgedBy); err != nil {
		return a, fmt.Errorf("alert %s: %w", r.ID, err)
	}
	return a, nil
}
