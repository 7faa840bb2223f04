package httpapi

import (
	"context"
	"errors"
	"time"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/worktime"
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
	d, out, err := s.lookUp(ctx, *r.Body)
	if err != nil {
		return nil, err
	}
	if r.Params.Explain {
		ctx, _ = enter(ctx)
		x, err := s.explainToHolder(ctx, d)
		if err != nil {
			return nil, err
		}
		if x != nil {
			if out.Explanation, err = recast[map[string]any](x); err != nil {
				return nil, err
			}
		}
	}
	return LookUp200JSONResponse(out), nil
}

func (s *server) lookUp(ctx context.Context, q LookupQuestion) (dossier.Dossier, LookupAnswer, error) {
	address := addressOf(ctx)
	ctx, v := enter(ctx)
	if _, err := s.lookups.take(network(address), v.now); err != nil {
		return dossier.Dossier{}, LookupAnswer{}, err
	}
	d, err := s.Office.Lookup(ctx, q.Code, q.Secret)
	if errors.Is(err, fault.NotFound) {
		await(ctx, failedLookup-s.Clock().Sub(v.now))
	}
	if err != nil {
		return d, LookupAnswer{}, err
	}
	names, err := s.namesOf(ctx, d)
	if err != nil {
		return d, LookupAnswer{}, err
	}
	out := LookupAnswer{
		Code: d.Code, Procedure: dossierProcedure(d), Receiving: names.ref(d.ReceivingID), Deciding: names.ref(d.DecidingID),
		Holder: names.ref(d.HolderID), State: State(d.State), StateName: StateName(dossier.StateNames[d.State]), StateLabel: labels[d.State],
		SubmittedAt: s.local(d.SubmittedAt), AcceptBy: s.localOf(d.AcceptBy), AcceptedAt: s.localOf(d.AcceptedAt),
		FinishedAt: s.localOf(d.FinishedAt), ReturnedAt: s.localOf(d.ReturnedAt), Timing: Timing(d.Timing(v.now)), Suspended: d.Suspended() != nil,
		Promises: each(d.Promises, s.promiseForHolder), Pauses: s.pauses(d), StepNo: d.StepNo,
		Steps: each(d.Steps, func(x dossier.Step) LookupStep {
			step := LookupStep{No: x.No, Name: x.Name, Agency: names.ref(x.AgencyID), StartedAt: s.localOf(x.StartedAt), DoneAt: s.localOf(x.DoneAt)}
			if x.Mark != nil {
				step.DueAt = s.local(x.Mark.DueAt)
			}
			return step
		}),
	}
	out.Document, out.Request = document(d.Document), withdrawalRequest(d.Request)
	out.Request.Name = ""
	if p := d.Promise(); p != nil {
		out.DueAt, out.FirstDueAt = s.local(p.DueAt), s.local(d.Promises[0].DueAt)
	}
	return d, out, nil
}

// explainToHolder is how the date in force came about, nil where there is none of ours.
func (s *server) explainToHolder(ctx context.Context, d dossier.Dossier) (*worktime.Explanation, error) {
	if d.Source != nil || d.Promise() == nil {
		return nil, nil
	}
	x, err := s.Office.Explain(ctx, staff.System().Scope(), d, 0)
	if err != nil {
		return nil, err
	}
	return &x.Explanation, nil
}

// promiseForHolder is a promise without the names and the words of those who work here.
func (s *server) promiseForHolder(p dossier.Promise) Promise {
	out := s.promise(p, agencyNames{})
	out.AskedBy, out.ApprovedBy = By{}, By{}
	if p.Kind == dossier.Extended || p.Kind == dossier.Reappointed {
		out.Reason = ""
	}
	return out
}
