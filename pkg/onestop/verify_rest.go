package onestop

import (
	"context"
	"fmt"
)

// LateJob is the name of the job that raises alerts: its runs say which must be there.
const LateJob = "late-scan"

// verifyRest holds the catalogue, the agencies and the alerts against what they follow from.
func (o *Office) verifyRest(ctx context.Context, v *Verification) error {
	return o.store.Snapshot(ctx, func(ctx context.Context) error {
		procedures, err := o.store.UnsoundProcedures(ctx)
		if err != nil {
			return err
		}
		for _, x := range procedures {
			v.found("procedure "+x.Name, x.What)
		}
		agencies, err := o.store.UnsoundAgencies(ctx)
		if err != nil {
			return err
		}
		for _, x := range agencies {
			v.found("agency "+x.Name, x.What)
		}
		alerts, err := o.store.MissingAlerts(ctx, LateJob, actTakes, importTakes)
		for _, x := range alerts {
			v.found(x.Code, fmt.Sprintf("the alert %s was raised and is gone", x.Kind))
		}
		if err != nil {
			return err
		}
		denied, err := o.store.DeniedAlerts(ctx, actTakes)
		for _, x := range denied {
			v.found(x.Code, fmt.Sprintf("the alert %s was raised, and by its journal it ended in time", x.Kind))
		}
		return err
	})
}
