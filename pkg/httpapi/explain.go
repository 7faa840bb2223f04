package httpapi

import (
	"context"
	"html/template"
	"net/http"
	"strings"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/forms"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/worktime"
)

// ExplainPromise tells how a promised date came about.
func (s *server) ExplainPromise(ctx context.Context, r ExplainPromiseRequestObject) (ExplainPromiseResponseObject, error) {
	ctx, v := enter(ctx)
	d, err := s.Store.DossierByCode(ctx, v.actor.Scope(), r.Code)
	if err != nil {
		return nil, err
	}
	x, err := s.Office.Explain(ctx, v.actor.Scope(), d, r.Params.Promise)
	if err != nil {
		return nil, err
	}
	out, err := s.explained(ctx, d, x)
	return ExplainPromise200JSONResponse(out), err
}

func (s *server) explained(ctx context.Context, d dossier.Dossier, x onestop.Explained) (PromiseExplanation, error) {
	out := PromiseExplanation{Calendar: x.Calendar, Revision: x.Revision}
	if x.Promise != nil {
		names, err := s.namesOf(ctx, d)
		if err != nil {
			return out, err
		}
		out.Promise = s.promise(*x.Promise, names)
	}
	var err error
	if out.Rules, err = recast[RuleSet](x.Rules); err != nil {
		return out, err
	}
	if out.Question, err = recast[map[string]any](questionOf(x)); err != nil {
		return out, err
	}
	out.Explanation, err = recast[map[string]any](x.Explanation)
	return out, err
}

// questionOf is the line for `motcua due` that leads to the date.
func questionOf(x onestop.Explained) any {
	return struct {
		Calendar   string           `json:"calendar"`
		Start      string           `json:"start"`
		Term       worktime.Term    `json:"term"`
		Rules      worktime.Rules   `json:"rules,omitzero"`
		Extensions []worktime.Term  `json:"extensions,omitempty"`
		Pauses     []worktime.Pause `json:"pauses,omitempty"`
	}{x.Calendar, x.Explanation.Start, x.Question.Term, x.Question.Rules, x.Question.Extensions, x.Question.Pauses}
}

// PrintReceipt is the receipt as a page.
func (s *server) PrintReceipt(ctx context.Context, r PrintReceiptRequestObject) (PrintReceiptResponseObject, error) {
	ctx, v := enter(ctx)
	d, err := s.Store.DossierByCode(ctx, v.actor.Scope(), r.Code)
	if err != nil {
		return nil, err
	}
	if d.AcceptedAt == nil || d.Basis == nil || d.Source != nil {
		return nil, fault.New(fault.Conflict, "no-receipt", "the dossier was not accepted here")
	}
	p, err := s.paper(ctx, d)
	if err != nil {
		return nil, err
	}
	if at := latest(d, dossier.FirstPromise, dossier.Restarted); at != nil {
		p.Promise = *at
		x, err := s.Office.Explain(ctx, v.actor.Scope(), d, at.No)
		if err != nil {
			return nil, err
		}
		p.Explanation = &x.Explanation
	}
	version, err := s.Store.ProcedureVersion(ctx, d.Procedure.VersionID)
	if err != nil {
		return nil, err
	}
	for _, c := range version.Components {
		p.Components = append(p.Components, c.Name)
	}
	body, err := forms.Receipt(p)
	return paperPage(body), err
}

// PrintApology is the letter for a date that was moved.
func (s *server) PrintApology(ctx context.Context, r PrintApologyRequestObject) (PrintApologyResponseObject, error) {
	ctx, v := enter(ctx)
	d, err := s.Store.DossierByCode(ctx, v.actor.Scope(), r.Code)
	if err != nil {
		return nil, err
	}
	at := latest(d, dossier.Extended, dossier.Reappointed)
	if n := r.Params.Promise; n > 0 {
		if n > len(d.Promises) {
			return nil, fault.New(fault.NotFound, "promise-not-found", "the dossier has %d promises", len(d.Promises))
		}
		if at = &d.Promises[n-1]; at.Kind != dossier.Extended && at.Kind != dossier.Reappointed {
			at = nil
		}
	}
	if at == nil {
		return nil, fault.New(fault.Conflict, "no-apology", "no date was moved with an apology")
	}
	p, err := s.paper(ctx, d)
	if err != nil {
		return nil, err
	}
	p.Promise, p.Before = *at, d.Promises[at.No-2]
	body, err := forms.Apology(p)
	return paperPage(body), err
}

// latest is the last promise of one of the kinds, nil if there is none.
func latest(d dossier.Dossier, kinds ...dossier.PromiseKind) *dossier.Promise {
	for i := len(d.Promises) - 1; i >= 0; i-- {
		for _, k := range kinds {
			if d.Promises[i].Kind == k {
				return &d.Promises[i]
			}
		}
	}
	return nil
}

func (s *server) paper(ctx context.Context, d dossier.Dossier) (forms.Paper, error) {
	names, err := s.namesOf(ctx, d)
	return forms.Paper{
		Zone: s.Zone, Dossier: d, Receiving: names.ref(d.ReceivingID).Name, Deciding: names.ref(d.DecidingID).Name, Lookup: lookupPath,
	}, err
}

const lookupPath = "/tra-cuu"

func paperPage(body []byte) htmlPage {
	return htmlPage{body, "default-src 'none'; style-src " + forms.StylePolicy()}
}

func (p htmlPage) VisitPrintReceiptResponse(w http.ResponseWriter) error   { return p.write(w) }
func (p htmlPage) VisitPrintApologyResponse(w http.ResponseWriter) error   { return p.write(w) }
func (p htmlPage) VisitReadLookupPageResponse(w http.ResponseWriter) error { return p.write(w) }
func (p htmlPage) VisitLookUpOnPageResponse(w http.ResponseWriter) error   { return p.write(w) }

// lookupView is what the page of the look-up shows.
type lookupView struct {
	Code        string
	Failed      bool
	Found       *LookupAnswer
	Explanation template.HTML
}

// ReadLookupPage is where the holder of a receipt asks.
func (s *server) ReadLookupPage(context.Context, ReadLookupPageRequestObject) (ReadLookupPageResponseObject, error) {
	return s.lookupPage(lookupView{})
}

// LookUpOnPage answers as a page. That there is no such dossier is said on it, since whoever reads it is a person.
func (s *server) LookUpOnPage(ctx context.Context, r LookUpOnPageRequestObject) (LookUpOnPageResponseObject, error) {
	view := lookupView{Code: r.Body.Code}
	d, out, err := s.lookUp(ctx, *r.Body)
	if f := fault.As(err); f != nil && f.Kind == fault.NotFound {
		view.Failed = true
		return s.lookupPage(view)
	}
	if err != nil {
		return nil, err
	}
	view.Found = &out
	ctx, _ = enter(ctx)
	if x, err := s.explainToHolder(ctx, d); err != nil {
		return nil, err
	} else if x != nil {
		if view.Explanation, err = forms.Explanation(*x); err != nil {
			return nil, err
		}
	}
	return s.lookupPage(view)
}

func (s *server) lookupPage(view lookupView) (htmlPage, error) {
	var b strings.Builder
	err := s.pages.lookup.Execute(&b, view)
	return htmlPage{[]byte(b.String()), "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'"}, err
}
