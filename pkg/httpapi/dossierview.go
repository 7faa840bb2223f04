package httpapi

import (
	"context"
	"net/url"
	"strconv"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/worktime"
)

// etag names a version of a dossier, not the bytes of an answer: what it guards is the move that follows.
func etag(d dossier.Dossier) string { return `"` + strconv.Itoa(d.Version) + `"` }

func dossierHref(code string) string { return "/api/v1/dossiers/" + url.PathEscape(code) }

// dossier shows a dossier to somebody who may see it, with what that person may do with it now.
func (s *server) dossier(ctx context.Context, v *visit, d dossier.Dossier) (Dossier, error) {
	possible, err := s.Office.Possible(ctx, v.actor, v.now, d)
	if err != nil {
		return Dossier{}, err
	}
	names, err := s.namesOf(ctx, d)
	if err != nil {
		return Dossier{}, err
	}
	out := Dossier{
		Id: d.ID, Code: d.Code, Procedure: dossierProcedure(d), Channel: Channel(d.Channel), OnBehalf: d.OnBehalf,
		Receiving: names.ref(d.ReceivingID), Deciding: names.ref(d.DecidingID), Holder: names.ref(d.HolderID),
		Applicant: applicant(&d.Applicant), Submitter: applicant(d.Submitter), Authority: authority(d.Authority),
		ReusedFrom: reused(d.ReusedFrom), Note: d.Note,
		State: State(d.State), StateName: StateName(dossier.StateNames[d.State]), StateLabel: labels[d.State],
		SubmittedAt: s.local(d.SubmittedAt), AcceptBy: s.localOf(d.AcceptBy), AcceptMissed: s.localOf(d.AcceptMissed), AcceptedAt: s.localOf(d.AcceptedAt),
		FinishedAt: s.localOf(d.FinishedAt), ReturnedAt: s.localOf(d.ReturnedAt), Reason: d.Reason,
		Timing: Timing(d.Timing(v.now)), Suspended: d.Suspended() != nil, Supplements: d.Supplements,
		Promises:  each(d.Promises, func(p dossier.Promise) Promise { return s.promise(p, names) }),
		Extension: s.extension(d.Extension, names), Pauses: s.pauses(d), StepNo: d.StepNo, Version: d.Version, Href: dossierHref(d.Code),
		Steps:   each(d.Steps, func(x dossier.Step) DossierStep { return s.step(d, x, names) }),
		Waits:   each(d.Waits, func(w dossier.Wait) Wait { return s.wait(w, names) }),
		Actions: each(possible, func(p onestop.Possible) PossibleAction { return s.possibleAction(v, p) }), Parts: s.parts(d, names), Files: s.files(d, names), Digitisation: digitisation(d),
	}
	out.Helped, out.Returning, out.AnswerBy = names.refOf(d.HelpedID), names.ref(d.Returning()), s.localOf(d.AnswerBy())
	out.Fees, out.FeeTotals, out.FeeText, out.Refund = s.fees(d, names), feeTotals(d), d.FeeText, s.refund(d.Refund, names)
	out.Document, out.Request = document(d.Document), withdrawalRequest(d.Request)
	out.Resumptions = each(d.Resumptions, func(x dossier.Resumed) Resumption {
		return Resumption{State: State(x.State), FinishedAt: s.local(x.FinishedAt), At: s.local(x.At), Reason: x.Reason, By: by(&x.By, names)}
	})
	if p := d.Promise(); p != nil {
		out.DueAt, out.FirstDueAt = s.local(p.DueAt), s.local(d.Promises[0].DueAt)
	}
	if d.Basis != nil {
		out.Basis = Basis{Term: workTerm(&d.Basis.Term), Rules: d.Basis.Rules, Calendar: d.Basis.Calendar, From: s.local(d.Basis.From)}
		if n := d.Basis; len(n.Extensions)+len(n.Reappointed) > 0 {
			out.Basis.Extensions, out.Basis.Reappointed = workTerms(n.Extensions), workTerms(n.Reappointed)
		}
	}
	if d.Result != nil {
		out.Result = Result{Summary: d.Result.Summary, Number: d.Result.Number}
	}
	if d.Return != nil {
		out.HandedOut = handedOut(*d.Return)
	}
	out.PapersBack = each(d.PapersBack, func(x dossier.PapersBack) PapersBack {
		return PapersBack{At: s.local(x.At), By: by(&x.By, names), HandedOut: handedOut(x.HandedOut)}
	})
	out.ReturnChoice = returnChoice(d.ReturnChoice)
	if d.Source != nil {
		out.Source = Source{System: d.Source.System, Key: d.Source.Key, State: d.Source.State, Kept: d.Source.Kept}
	}
	return out, nil
}

// namesOf are all agencies that a dossier speaks of.
func (s *server) namesOf(ctx context.Context, all ...dossier.Dossier) (agencyNames, error) {
	var ids []uuid.UUID
	for _, d := range all {
		ids = append(ids, d.ReceivingID, d.DecidingID, d.HolderID, d.HelpedID, d.Returning())
		for _, f := range d.Fees {
			ids = agenciesOf(ids, &f.ChangedBy, f.PaidBy, f.AskedBy, f.ApprovedBy)
		}
		if d.Refund != nil {
			ids = agenciesOf(ids, &d.Refund.AskedBy)
		}
		for _, x := range d.Resumptions {
			ids = agenciesOf(ids, &x.By)
		}
		for _, x := range d.Steps {
			ids = append(ids, x.AgencyID)
			if x.Assigned != nil && x.Assigned.UnitID != uuid.Nil {
				ids = append(ids, x.Assigned.UnitID)
			}
			ids = agenciesOf(ids, x.TakenBy, x.DoneBy)
		}
		for _, x := range d.Contributions {
			ids = agenciesOf(ids, &x.By)
		}
		for _, w := range d.Waits {
			ids = agenciesOf(ids, &w.Owner)
		}
		for _, x := range d.PapersBack {
			ids = agenciesOf(ids, &x.By)
		}
		for _, p := range d.Promises {
			ids = agenciesOf(ids, p.AskedBy, p.ApprovedBy)
		}
		if d.Extension != nil {
			ids = append(ids, d.Extension.AskedBy.AgencyID)
		}
		for _, p := range d.Parts {
			ids = agenciesOf(ids, p.ReceivedBy)
		}
		for _, f := range d.Files {
			ids = agenciesOf(ids, f.AttachedBy, f.RemovedBy)
		}
	}
	return s.names(ctx, ids...)
}

func document(x *dossier.Document) OfficialDocument {
	if x == nil {
		return OfficialDocument{}
	}
	out := OfficialDocument{Number: x.Number}
	if day := civil(x.Date); day != nil {
		out.Date = *day
	}
	return out
}

func withdrawalRequest(x *dossier.Request) WithdrawalRequest {
	if x == nil {
		return WithdrawalRequest{}
	}
	return WithdrawalRequest{By: WithdrawalRequestBy(x.By), How: WithdrawalRequestHow(x.How), Name: x.Name}
}

func agenciesOf(ids []uuid.UUID, all ...*dossier.By) []uuid.UUID {
	for _, by := range all {
		if by != nil && by.AgencyID != uuid.Nil {
			ids = append(ids, by.AgencyID)
		}
	}
	return ids
}

func (s *server) possibleAction(v *visit, p onestop.Possible) PossibleAction {
	out := PossibleAction{Action: Action(p.Action), Allowed: p.Allowed, Steps: p.Steps}
	if p.Why != nil {
		said := s.said(v.english, p.Why.Said)
		out.Code, out.Detail, out.DetailVi, out.DetailEn = p.Why.Code, said.asked, said.vi, said.en
	}
	return out
}

func dossierProcedure(d dossier.Dossier) DossierProcedure {
	p := d.Procedure
	return DossierProcedure{
		Code: p.Code, Name: p.Name, Field: p.Field, Level: string(p.Level), Version: p.Version, Variant: p.Variant, OnTheSpot: p.OnTheSpot,
	}
}

func applicant(p *dossier.Person) Applicant {
	if p == nil {
		return Applicant{}
	}
	return Applicant{Kind: string(p.Kind), Name: p.Name, IdNumber: p.IDNumber, BirthDate: string(p.BirthDate), Sex: string(p.Sex), Phone: p.Phone, Email: p.Email, Address: p.Address}
}

func authority(a *dossier.Authority) Authority {
	if a == nil {
		return Authority{}
	}
	return Authority{Kind: AuthorityKind(a.Kind), Number: a.Number, Date: string(a.Date)}
}

func reused(all []dossier.Reused) []Reused {
	return each(all, func(x dossier.Reused) Reused {
		return Reused{Dossier: x.Dossier, Kind: ReusableKind(x.Kind), Name: x.Name, Number: x.Number, No: x.No}
	})
}

func (s *server) promise(p dossier.Promise, names agencyNames) Promise {
	out := Promise{
		No: p.No, Kind: PromiseKind(p.Kind), MadeAt: s.local(p.MadeAt), DueAt: s.local(p.DueAt), OnTimeFrom: s.local(p.OnTimeFrom),
		LateFrom: s.local(p.LateFrom), Reason: p.Reason, LegalBasis: p.LegalBasis, AskedBy: by(p.AskedBy, names), ApprovedBy: by(p.ApprovedBy, names),
		Unconfirmed: p.Unconfirmed, CalendarRevision: p.Revision,
	}
	if p.Form != nil {
		out.Form = Form{Act: p.Form.Act, Number: p.Form.Number, Title: p.Form.Title}
	}
	return out
}

func (s *server) extension(x *dossier.Extension, names agencyNames) Extension {
	if x == nil {
		return Extension{}
	}
	return Extension{
		Term: workTerm(&x.Term), Reason: x.Reason, LegalBasis: x.LegalBasis, OutOfTime: x.OutOfTime, AskedAt: s.local(x.AskedAt),
		AskedBy: by(&x.AskedBy, names),
	}
}

func workTerms(all []worktime.Term) []WorkTerm {
	return each(all, func(t worktime.Term) WorkTerm { return workTerm(&t) })
}

func (s *server) pauses(d dossier.Dossier) []Pause {
	return each(d.Pauses, func(p dossier.Pause) Pause {
		return Pause{From: s.local(p.From), To: s.localOf(p.To), Cause: PauseCause(p.Cause)}
	})
}

func by(b *dossier.By, names agencyNames) By {
	if b == nil {
		return By{}
	}
	out := By{Name: b.Name, Role: b.Role}
	if b.AgencyID != uuid.Nil {
		out.Agency = names.ref(b.AgencyID)
	}
	return out
}

func (s *server) summary(d dossier.Dossier, v *visit, names agencyNames) DossierSummary {
	out := DossierSummary{
		Code: d.Code, Procedure: dossierProcedure(d), ApplicantName: d.Applicant.Name, Channel: Channel(d.Channel),
		Receiving: names.ref(d.ReceivingID), Deciding: names.ref(d.DecidingID), Holder: names.ref(d.HolderID),
		State: State(d.State), StateName: StateName(dossier.StateNames[d.State]), StateLabel: labels[d.State],
		SubmittedAt: s.local(d.SubmittedAt), AcceptedAt: s.localOf(d.AcceptedAt), FinishedAt: s.localOf(d.FinishedAt),
		ReturnedAt: s.localOf(d.ReturnedAt), Timing: Timing(d.Timing(v.now)), StepNo: d.StepNo, Version: d.Version, Href: dossierHref(d.Code),
	}
	if p := d.Promise(); p != nil {
		out.DueAt, out.FirstDueAt = s.local(p.DueAt), s.local(d.Promises[0].DueAt)
	}
	if d.Source != nil {
		out.Source, out.SourceKey = d.Source.System, d.Source.Key
	}
	return out
}

func dossierTable(all []DossierSummary) table {
	t := table{header: []string{
		"code", "procedure", "procedure_name", "field", "level", "applicant", "channel", "receiving", "deciding", "holder", "state", "state_label",
		"submitted_at", "accepted_at", "due_at", "finished_at", "returned_at", "timing", "source", "source_key",
	}}
	for _, d := range all {
		t.rows = append(t.rows, []string{
			d.Code, d.Procedure.Code, d.Procedure.Name, d.Procedure.Field, d.Procedure.Level, d.ApplicantName, string(d.Channel),
			d.Receiving.Name, d.Deciding.Name, d.Holder.Name, string(d.State), d.StateLabel,
			when(d.SubmittedAt), when(d.AcceptedAt), when(d.DueAt), when(d.FinishedAt), when(d.ReturnedAt), string(d.Timing), d.Source, d.SourceKey,
		})
	}
	return t
}
