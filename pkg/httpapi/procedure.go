package httpapi

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/worktime"
)

// ListProcedures searches the catalogue.
func (s *server) ListProcedures(ctx context.Context, r ListProceduresRequestObject) (ListProceduresResponseObject, error) {
	ctx, _ = enter(ctx)
	q := r.Params
	if q.DeadlineUnit == "" && (q.DeadlineMin != nil || q.DeadlineMax != nil) {
		var wrong fault.Fields
		wrong.Add("deadline_unit", "required", "is missing: a number alone is no deadline")
		return nil, wrong.Err("request-invalid", "deadline_min and deadline_max need deadline_unit")
	}
	all, next, total, err := s.Store.Procedures(ctx, store.ProcedureFilter{
		Search: q.Search, Level: catalog.Level(q.Level), HomeLevel: catalog.Level(q.HomeLevel), Field: q.Field, Agency: q.Agency,
		Interconnection: catalog.Interconnection(q.Interconnection), OnlineLevel: catalog.OnlineLevel(q.OnlineLevel),
		Status: catalog.Status(q.Status), DeadlineUnit: worktime.Unit(q.DeadlineUnit), DeadlineMin: q.DeadlineMin, DeadlineMax: q.DeadlineMax,
		OnTheSpot: q.OnTheSpot, Shared: q.Shared, Shortened: q.Shortened, NeedsReview: q.NeedsReview,
	}, page(q.Limit, q.After))
	if err != nil {
		return nil, err
	}
	link := ListProcedures200ResponseHeaders{Link: nextLink(ctx, next)}
	if q.Format == FormatCsv {
		body, length, err := procedureTable(all).csv()
		return ListProcedures200TextcsvResponse{Body: body, ContentLength: length, Headers: link}, err
	}
	return ListProcedures200JSONResponse{
		Body: ProcedureList{Items: each(all, procedureSummary), Next: string(next), Total: total}, Headers: link,
	}, nil
}

// ReadProcedure shows one procedure in its present version.
func (s *server) ReadProcedure(ctx context.Context, r ReadProcedureRequestObject) (ReadProcedureResponseObject, error) {
	ctx, _ = enter(ctx)
	p, err := s.Store.Procedure(ctx, r.Code)
	if err != nil {
		return nil, err
	}
	return ReadProcedure200JSONResponse(s.procedure(p)), nil
}

// SetTerms takes a person's answer to what needs review.
func (s *server) SetTerms(ctx context.Context, r SetTermsRequestObject) (SetTermsResponseObject, error) {
	ctx, v := enter(ctx)
	in := onestop.TermsInput{Reason: r.Body.Reason}
	var wrong fault.Fields
	for i, t := range r.Body.Terms {
		in.Terms = append(in.Terms, termIn(t, fieldPath("terms", number(i)), &wrong))
	}
	for i, x := range r.Body.Variants {
		v := catalog.Variant{Code: x.Code, Name: x.Name}
		for k, t := range x.Terms {
			v.Terms = append(v.Terms, termIn(t, fieldPath(fieldPath("variants", number(i))+".terms", number(k)), &wrong))
		}
		in.Variants = append(in.Variants, v)
	}
	if err := wrong.Err("terms-invalid", "the terms cannot be kept"); err != nil {
		return nil, err
	}
	p, err := s.Office.SetTerms(ctx, v.actor, v.now, r.Code, in)
	if err != nil {
		return nil, err
	}
	return SetTerms200JSONResponse(s.procedure(p)), nil
}

func termIn(t ChannelTerm, at string, wrong *fault.Fields) catalog.Term {
	return catalog.Term{
		Channel: catalog.Channel(t.Channel), Text: t.Text, Note: t.Note,
		Statutory: workTermIn(t.Statutory, at+".statutory", wrong), Shortened: workTermIn(t.Shortened, at+".shortened", wrong),
	}
}

func workTermIn(t WorkTerm, at string, wrong *fault.Fields) *worktime.Term {
	if t == (WorkTerm{}) {
		return nil
	}
	value, err := worktime.ParseAmount(t.Value.String())
	if err != nil {
		wrong.Add(at+".value", "term-invalid", "%v", err)
		return nil
	}
	return &worktime.Term{Value: value, Unit: worktime.Unit(t.Unit), Cutoff: t.Cutoff}
}

func workTerm(t *worktime.Term) WorkTerm {
	if t == nil {
		return WorkTerm{}
	}
	return WorkTerm{Value: json.Number(t.Value.String()), Unit: TermUnit(t.Unit), Cutoff: t.Cutoff}
}

func channelTerm(t catalog.Term) ChannelTerm {
	return ChannelTerm{Channel: Channel(t.Channel), Statutory: workTerm(t.Statutory), Shortened: workTerm(t.Shortened), Text: t.Text, Note: t.Note}
}

func fee(f catalog.Fee) Fee {
	return Fee{Channel: Channel(f.Channel), Kind: f.Kind, Vnd: f.VND, Note: f.Note, Due: FeeDue(f.Due)}
}

func renamed[A, B ~string](all []A) []B { return each(all, func(a A) B { return B(a) }) }

func procedureSummary(p catalog.Procedure) ProcedureSummary {
	return ProcedureSummary{
		Code: p.Code, Name: p.Name, Field: p.Field, Levels: renamed[catalog.Level, Level](p.Levels), HomeLevel: Level(p.HomeLevel), Agencies: p.Agencies,
		Status: ProcedureStatus(p.Status), OnlineLevel: OnlineLevel(p.OnlineLevel),
		Interconnections: renamed[catalog.Interconnection, Interconnection](p.Interconnections), OnTheSpot: p.OnTheSpot,
		NeedsReview: p.NeedsReview(), Terms: each(p.Terms, channelTerm), Version: p.Version, Href: "/api/v1/procedures/" + url.PathEscape(p.Code),
	}
}

func (s *server) procedure(p catalog.Procedure) Procedure {
	agencies := p.Agencies
	if agencies == nil {
		agencies = []string{}
	}
	return Procedure{
		Code: p.Code, Name: p.Name, Version: p.Version, Field: p.Field, FieldCode: p.FieldCode, Levels: renamed[catalog.Level, Level](p.Levels),
		HomeLevel: Level(p.HomeLevel), Agencies: agencies, Authorities: p.Authorities, Coordinating: p.Coordinating,
		Publisher: p.Publisher, PublisherCode: p.PublisherCode, DecisionNumber: p.DecisionNumber, DecisionDate: civil(p.DecisionDate),
		Status: ProcedureStatus(p.Status), OnlineLevel: OnlineLevel(p.OnlineLevel),
		Interconnections: renamed[catalog.Interconnection, Interconnection](p.Interconnections), OnTheSpot: p.OnTheSpot, NonBoundary: p.NonBoundary,
		NoResult: p.NoResult, PaymentStops: p.PaymentStops, Channels: renamed[catalog.Channel, Channel](p.Channels),
		Terms: each(p.Terms, channelTerm),
		Variants: each(p.Variants, func(v catalog.Variant) Variant {
			return Variant{Code: v.Code, Name: v.Name, Terms: each(v.Terms, channelTerm), Fees: each(v.Fees, fee)}
		}),
		Components: each(p.Components, func(c catalog.Component) Component {
			return Component{Name: c.Name, Copies: copies(c.Copies), Optional: c.Optional, Note: c.Note}
		}),
		Fees: each(p.Fees, fee), FeeText: p.FeeText, LegalBasis: p.LegalBasis, Results: p.Results, Subjects: p.Subjects, Source: p.Source,
		ProcessDecision: p.ProcessDecision, Excluded: renamed[string, WaitCause](p.Excluded),
		Process: each(catalog.Stages(p.Process), func(x catalog.Step) ProcessStep {
			return ProcessStep{Stage: x.Stage, Name: x.Name, Agency: string(x.Agency), Role: Role(x.Role), Term: workTerm(x.Term), Output: x.Output}
		}),
		NeedsReview: p.NeedsReview(),
		Reviews:     each(p.Reviews, func(x catalog.Review) Review { return Review{Code: x.Code, Detail: x.Detail} }),
		Answers: each(p.Answers, func(x catalog.Answer) ReviewAnswer {
			return ReviewAnswer{By: x.By, At: s.local(x.At), Reason: x.Reason}
		}),
	}
}

func procedureTable(all []catalog.Procedure) table {
	t := table{header: []string{
		"code", "name", "field", "home_level", "levels", "agencies", "status", "online_level", "interconnections", "on_the_spot", "terms", "needs_review", "version",
	}}
	for _, p := range all {
		var terms []string
		for _, x := range p.Terms {
			if promised := x.Promised(); promised != nil {
				terms = append(terms, strings.TrimSpace(string(x.Channel)+" "+promised.Value.String()+" "+string(promised.Unit)))
			}
		}
		t.rows = append(t.rows, []string{
			p.Code, p.Name, p.Field, string(p.HomeLevel), strings.Join(renamed[catalog.Level, string](p.Levels), " "), strings.Join(p.Agencies, "; "),
			string(p.Status), string(p.OnlineLevel), strings.Join(renamed[catalog.Interconnection, string](p.Interconnections), " "),
			yesNo(p.OnTheSpot), strings.Join(terms, "; "), yesNo(p.NeedsReview()), number(p.Version),
		})
	}
	return t
}

// SetProcess sets the internal process of a procedure.
func (s *server) SetProcess(ctx context.Context, r SetProcessRequestObject) (SetProcessResponseObject, error) {
	ctx, v := enter(ctx)
	in := onestop.ProcessInput{
		Decision: r.Body.Decision, Excluded: renamed[WaitCause, string](r.Body.Excluded),
		Decided: catalog.Decided{NoResult: r.Body.NoResult, PaymentStops: r.Body.PaymentStops},
	}
	var wrong fault.Fields
	for i, x := range r.Body.Process {
		in.Steps = append(in.Steps, catalog.Step{
			Stage: x.Stage, Name: x.Name, Agency: catalog.StepPlace(x.Agency), Role: string(x.Role), Output: x.Output,
			Term: workTermIn(x.Term, fieldPath("process", number(i))+".term", &wrong),
		})
	}
	if err := wrong.Err("process-invalid", "the process cannot be kept"); err != nil {
		return nil, err
	}
	p, err := s.Office.SetProcess(ctx, v.actor, v.now, r.Code, in)
	if err != nil {
		return nil, err
	}
	return SetProcess200JSONResponse(s.procedure(p)), nil
}
