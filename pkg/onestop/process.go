package onestop

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
)

// ProcessInput is the internal process of a procedure (quy trình nội bộ), as a decision sets it.
type ProcessInput struct {
	Steps    []catalog.Step
	Excluded []string // causes of waiting that do not count into the term (dossier.WaitCauses)
	Decided  catalog.Decided
	Decision string // number and date
}

// SetProcess writes a new version of the procedure with another process. Dossiers already taken in go on through theirs. All that is wrong
// is told at once, in a fault "process-invalid".
func (o *Office) SetProcess(ctx context.Context, actor staff.Actor, now time.Time, code string, in ProcessInput) (catalog.Procedure, error) {
	if err := leadsAll(actor, staff.EditCatalogue); err != nil {
		return catalog.Procedure{}, err
	}
	var p catalog.Procedure
	err := o.store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if p, err = o.store.Procedure(ctx, code); err != nil {
			return err
		}
		if err := o.checkProcess(ctx, p, in, catalog.DateOf(now, o.zone)); err != nil {
			return err
		}
		p.Process, p.Excluded, p.ProcessDecision = catalog.Stages(in.Steps), in.Excluded, in.Decision
		p.Decide(in.Decided)
		p.ReviewProcess()
		p.Version, p.VersionID = p.Version+1, uuid.Must(uuid.NewV7())
		return o.store.AddProcedureVersion(ctx, p, instant(now))
	})
	return p, err
}

func (o *Office) checkProcess(ctx context.Context, p catalog.Procedure, in ProcessInput, on catalog.Date) error {
	var wrong fault.Fields
	if strings.TrimSpace(in.Decision) == "" {
		wrong.Add("decision", "required", "is missing: number and date of the decision that sets the process")
	}
	p.CheckProcess(in.Steps, []string{string(staff.Clerk), string(staff.Officer), string(staff.Supervisor)}, &wrong)
	for i, s := range in.Steps {
		if s.Agency == "" || s.Agency == catalog.AtReceiving || s.Agency == catalog.AtDeciding || s.Agency == catalog.AtCommune {
			continue
		}
		_, err := o.store.AgencyByCode(ctx, string(s.Agency), on)
		if why := fault.As(err); why != nil {
			wrong.Put(fmt.Sprintf("process[%d].agency", i), why.Code, why.Said)
		} else if err != nil {
			return err
		}
	}
	for i, cause := range in.Excluded {
		if !slices.Contains(dossier.WaitCauses, dossier.PauseCause(cause)) {
			wrong.Add(fmt.Sprintf("excluded[%d]", i), "unknown", "%q is none of %v", cause, dossier.WaitCauses)
		}
	}
	return wrong.Err("process-invalid", "the process cannot be kept")
}
