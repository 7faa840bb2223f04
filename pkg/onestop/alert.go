package onestop

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
)

// ScanLate raises an alert for every dossier, step and acceptance that is nearly due or late and has none yet. It may run on several
// machines at once and as often as one likes: each alert is raised once. It returns how many it raised.
func (o *Office) ScanLate(ctx context.Context, now time.Time) (int, error) {
	return o.store.RaiseAlerts(ctx, now)
}

// AcknowledgeAlert notes that somebody saw an alert. The first one to do so stays.
func (o *Office) AcknowledgeAlert(ctx context.Context, actor staff.Actor, now time.Time, id uuid.UUID) (dossier.Alert, error) {
	if err := actor.Must(staff.ReadAlerts); err != nil {
		return dossier.Alert{}, err
	}
	if actor.Role == staff.Auditor {
		return dossier.Alert{}, fault.New(fault.Forbidden, "not-allowed", "auditors change nothing")
	}
	var a dossier.Alert
	err := o.store.InTx(ctx, func(ctx context.Context) error {
		var err error
		a, err = o.store.AcknowledgeAlert(ctx, actor.Scope(), id, by(actor), now)
		return err
	})
	return a, err
}
