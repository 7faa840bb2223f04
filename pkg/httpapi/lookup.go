package httpapi

import (
	"context"
	"errors"
	"time"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
)

// failedLookup is how long a look-up takes that finds nothing, so that a watch does not tell an unknown code, which is quickly seen, from
// a wrong secret, for which a dossier has to be read.
const failedLookup = 25 * time.Millisecond

func await(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// LookUp tells whoever holds a receipt where the dossier stands. It names no person: not the applicant, not whoever works on it, not
// whoever fetched the result; and repeats no words that an officer wrote about one.
func (s *server) LookUp(ctx context.Context, r LookUpRequestObject) (LookUpResponseObject, error) {
	address := addressOf(ctx)
	ctx, v := enter(ctx)
	if _, err := s.lookups.take(network(address), v.now); err != nil {
		return nil, err
	}
	d, err := s.Office.Lookup(ctx, r.Body.Code, r.Body.Secret)
	if errors.Is(err, fault.NotFound) {
		await(ctx, failedLookup-s.Clock().Sub(v.now))
	}
	if err != nil {
		return nil, err
	}
	names, err := s.namesOf(ctx, d)
	if err != nil {
		return nil, err
	}
	out := LookupAnswer{
		Code: d.Code, Procedure: dossierProcedure(d), Receiving: names.ref(d.ReceivingID), Deciding: names.ref(d.DecidingID),
		Holder: names.ref(d.HolderID), State: State(d.State), StateName: StateName(dossier.StateNames[d.State]), StateLabel: labels[d.State],
		SubmittedAt: s.local(d.SubmittedAt), AcceptBy: s.localOf(d.AcceptBy), AcceptedAt: s.localOf(d.AcceptedAt),
		FinishedAt: s.localOf(d.FinishedAt), ReturnedAt: s.localOf(d.ReturnedAt), Timing: timing(d, v.now), Suspended: d.Suspended() != nil,
		Promises: s.promises(d), Pauses: s.pauses(d), StepNo: d.StepNo,
		Steps: each(d.Steps, func(x dossier.Step) LookupStep {
			step := LookupStep{No: x.No, Name: x.Name, Agency: names.ref(x.AgencyID), StartedAt: s.localOf(x.StartedAt), DoneAt: s.localOf(x.DoneAt)}
			if x.Mark != nil {
				step.DueAt = s.local(x.Mark.DueAt)
			}
			return step
		}),
	}
	if p := d.Promise(); p != nil {
		out.DueAt, out.FirstDueAt = s.local(p.DueAt), s.local(d.Promises[0].DueAt)
	}
	return LookUp200JSONResponse(out), nil
}
