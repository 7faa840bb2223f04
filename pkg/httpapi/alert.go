package httpapi

import (
	"context"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// ListAlerts lists the alerts for the own agency and below.
func (s *server) ListAlerts(ctx context.Context, r ListAlertsRequestObject) (ListAlertsResponseObject, error) {
	ctx, v := enter(ctx)
	if err := v.actor.Must(staff.ReadAlerts); err != nil {
		return nil, err
	}
	f := store.AlertFilter{
		Kind: dossier.AlertKind(r.Params.Kind), Audience: dossier.Audience(r.Params.Audience), Acknowledged: r.Params.Acknowledged,
	}
	if r.Params.Mine {
		f.Mine = v.actor.ID
	}
	var err error
	if f.AgencyPath, err = s.pathOf(ctx, "agency", r.Params.Agency, catalog.DateOf(v.now, s.Zone), ""); err != nil {
		return nil, err
	}
	all, next, err := s.Store.Alerts(ctx, v.actor.Scope(), f, page(r.Params.Limit, r.Params.After))
	if err != nil {
		return nil, err
	}
	items, err := s.alerts(ctx, all...)
	if err != nil {
		return nil, err
	}
	link := ListAlerts200ResponseHeaders{Link: nextLink(ctx, next)}
	if r.Params.Format == FormatCsv {
		t := table{header: []string{"raised_at", "kind", "audience", "dossier", "step_no", "agency", "due_at", "acknowledged_at", "acknowledged_by", "id"}}
		for _, a := range items {
			step := ""
			if a.StepNo > 0 { // else it is about the whole dossier
				step = number(a.StepNo)
			}
			t.rows = append(t.rows, []string{
				when(a.RaisedAt), string(a.Kind), string(a.Audience), a.Dossier, step, a.Agency.Name, when(a.DueAt),
				when(a.AcknowledgedAt), a.AcknowledgedBy.Name, a.Id.String(),
			})
		}
		body, length, err := t.csv()
		return ListAlerts200TextcsvResponse{Body: body, ContentLength: length, Headers: link}, err
	}
	return ListAlerts200JSONResponse{Body: AlertList{Items: items, Next: string(next)}, Headers: link}, nil
}

// AcknowledgeAlert notes that somebody saw an alert.
func (s *server) AcknowledgeAlert(ctx context.Context, r AcknowledgeAlertRequestObject) (AcknowledgeAlertResponseObject, error) {
	ctx, v := enter(ctx)
	a, err := s.Office.AcknowledgeAlert(ctx, v.actor, v.now, r.Id)
	if err != nil {
		return nil, err
	}
	out, err := s.alerts(ctx, a)
	if err != nil {
		return nil, err
	}
	return AcknowledgeAlert200JSONResponse(out[0]), nil
}

func (s *server) alerts(ctx context.Context, all ...dossier.Alert) ([]Alert, error) {
	var ids []uuid.UUID
	for _, a := range all {
		ids = append(ids, a.AgencyID)
		if a.AcknowledgedBy != nil {
			ids = append(ids, a.AcknowledgedBy.AgencyID)
		}
	}
	names, err := s.names(ctx, ids...)
	return each(all, func(a dossier.Alert) Alert {
		return Alert{
			Id: a.ID, Kind: AlertKind(a.Kind), Audience: AlertAudience(a.Audience), Dossier: a.DossierCode, StepNo: a.StepNo,
			Agency: names.ref(a.AgencyID), UserId: a.UserID, DueAt: s.local(a.DueAt), RaisedAt: s.local(a.RaisedAt),
			AcknowledgedAt: s.localOf(a.AcknowledgedAt), AcknowledgedBy: by(a.AcknowledgedBy, names), Href: dossierHref(a.DossierCode),
		}
	}), err
}
