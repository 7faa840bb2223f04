package httpapi

import (
	"context"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/onestop"
)

func (s *server) step(d dossier.Dossier, x dossier.Step, names agencyNames) DossierStep {
	out := DossierStep{
		No: x.No, Stage: x.Stage, UnderWay: d.IsUnderWay(x.No), Name: x.Name, Agency: names.ref(x.AgencyID), Role: x.Role,
		Term: workTerm(x.Term), Output: x.Output,
		StartedAt: s.localOf(x.StartedAt), TakenAt: s.localOf(x.TakenAt), TakenBy: by(x.TakenBy, names),
		DoneAt: s.localOf(x.DoneAt), DoneBy: by(x.DoneBy, names), Note: x.Note,
	}
	if a := x.Assigned; a != nil {
		if a.UnitID != uuid.Nil {
			out.Assigned.Unit = names.ref(a.UnitID)
		}
		if a.Main != nil {
			out.Assigned.Main = a.Main.Name
		}
		out.Assigned.Support = each(a.Support, func(o dossier.Officer) string { return o.Name })
	}
	for _, c := range d.Contributions {
		if c.StepNo == x.No {
			out.Contributions = append(out.Contributions, Contribution{Text: c.Text, FileNo: c.FileNo, At: s.local(c.At), By: by(&c.By, names)})
		}
	}
	if x.Mark != nil {
		out.DueAt, out.LateFrom = s.local(x.Mark.DueAt), s.local(x.Mark.LateFrom)
	}
	return out
}

func (s *server) wait(w dossier.Wait, names agencyNames) Wait {
	return Wait{
		Step: w.StepNo, Cause: WaitCause(w.Cause), Body: w.Body, From: s.local(w.From), To: s.localOf(w.To), AnswerBy: s.localOf(w.AnswerBy),
		Owner: by(&w.Owner, names), StopsClock: w.StopsClock, Answer: w.Answer,
	}
}

func assignIn(a AssignmentInput) *onestop.AssignInput {
	if a.Unit == "" && a.Main == "" && len(a.Support) == 0 {
		return nil
	}
	return &onestop.AssignInput{Unit: a.Unit, Main: a.Main, Support: a.Support}
}

// officerNamed is the user whose work list is asked for.
func (s *server) officerNamed(ctx context.Context, v *visit, name string) (uuid.UUID, error) {
	if name == "me" {
		return v.actor.ID, nil
	}
	u, err := s.Store.UserByUsername(ctx, name)
	if why := fault.As(err); why != nil && why.Kind == fault.NotFound {
		var wrong fault.Fields
		wrong.Add("officer", why.Code, "there is no such user")
		return uuid.Nil, wrong.Err(why.Code, "there is no such user")
	}
	return u.ID, err
}

// ReadLegs tells which agency used how much of a dossier's time.
func (s *server) ReadLegs(ctx context.Context, r ReadLegsRequestObject) (ReadLegsResponseObject, error) {
	ctx, v := enter(ctx)
	d, err := s.Store.DossierByCode(ctx, v.actor.Scope(), r.Code)
	if err != nil {
		return nil, err
	}
	legs, err := s.Office.Legs(ctx, d, v.now)
	if err != nil {
		return nil, err
	}
	ids := []uuid.UUID{}
	for _, l := range legs.Items {
		ids = append(ids, l.AgencyID)
	}
	names, err := s.names(ctx, ids...)
	if err != nil {
		return nil, err
	}
	out := Legs{Code: d.Code, Late: legs.Late, Items: each(legs.Items, func(l dossier.Leg) Leg {
		return Leg{
			Step: l.StepNo, Name: l.Name, Agency: names.ref(l.AgencyID), Outside: l.Outside, Cause: WaitCause(l.Cause), Answer: l.Answer, From: s.local(l.From),
			To: s.localOf(l.To), TakenAt: s.localOf(l.TakenAt), LateFrom: s.localOf(l.LateFrom), Used: l.Used, Over: l.Over, Late: l.Late,
		}
	})}
	if p := d.Promise(); p != nil {
		out.LateFrom = s.local(p.LateFrom)
	}
	return ReadLegs200JSONResponse(out), nil
}

// Reassign hands on all that somebody has in hand.
func (s *server) Reassign(ctx context.Context, r ReassignRequestObject) (ReassignResponseObject, error) {
	ctx, v := enter(ctx)
	all, err := s.Office.Reassign(ctx, v.actor, v.now, onestop.ReassignInput{From: r.Body.From, To: r.Body.To, Reason: r.Body.Reason})
	if err != nil {
		return nil, err
	}
	out := Reassigned{Items: each(all, func(x onestop.Reassigned) ReassignedStep {
		item := ReassignedStep{Dossier: x.Code, Step: x.StepNo, Done: x.Why == nil}
		if x.Why != nil {
			said := s.said(v.english, x.Why.Said)
			for _, f := range x.Why.Fields {
				more := s.said(v.english, f.Said)
				said.asked, said.vi, said.en = said.asked+"; "+more.asked, said.vi+"; "+more.vi, said.en+"; "+more.en
			}
			item.Code, item.Detail, item.DetailVi, item.DetailEn = x.Why.Code, said.asked, said.vi, said.en
		}
		return item
	})}
	for _, x := range out.Items {
		if x.Done {
			out.Done++
		} else {
			out.Failed++
		}
	}
	return Reassign200JSONResponse(out), nil
}
