package httpapi

import (
	"context"
	"encoding/json"
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

// questionOf is the line for `motcua due` that leads to the date: the calendar stands in it as it was then, whatever the program that
// reads it was delivered with.
func questionOf(x onestop.Explained) any {
	return struct {
		Calendar   json.RawMessage  `json:"calendar"`
		Start      string           `json:"start"`
		Term       worktime.Term    `json:"term"`
		Rules      worktime.Rules   `json:"rules,omitzero"`
		Extensions []worktime.Term  `json:"extensions,omitempty"`
		Pauses     []worktime.Pause `json:"pauses,omitempty"`
	}{x.Definition, x.Explanation.Start, x.Question.Term, x.Question.Rules, x.Question.Extensions, x.Question.Pauses}
}

// LookupPath is where the holder of a receipt asks on a page.
const LookupPath = "/tra-cuu"

func (p htmlPage) VisitReadLookupPageResponse(w http.ResponseWriter) error { return p.write(w) }
func (p htmlPage) VisitLookUpOnPageResponse(w http.ResponseWriter) error   { return p.write(w) }

// lookupView is what the page of the look-up shows.
type lookupView struct {
	Code        string
	Failed      bool
	Found       *LookupAnswer
	Explanation template.HTML
	Key         string // of the log over all journals, "" before its first checkpoint
}

// ReadLookupPage is where the holder of a receipt asks, with the code filled in where a paper's QR code led here.
func (s *server) ReadLookupPage(ctx context.Context, r ReadLookupPageRequestObject) (ReadLookupPageResponseObject, error) {
	return s.lookupPage(ctx, lookupView{Code: r.Params.Code})
}

// LookUpOnPage answers as a page. That there is no such dossier is said on it, since whoever reads it is a person.
func (s *server) LookUpOnPage(ctx context.Context, r LookUpOnPageRequestObject) (LookUpOnPageResponseObject, error) {
	view := lookupView{Code: r.Body.Code}
	d, out, err := s.lookUp(ctx, *r.Body)
	if f := fault.As(err); f != nil && f.Kind == fault.NotFound {
		view.Failed = true
		return s.lookupPage(ctx, view)
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
	return s.lookupPage(ctx, view)
}

func (s *server) lookupPage(ctx context.Context, view lookupView) (htmlPage, error) {
	ctx, _ = enter(ctx)
	if last, err := s.Store.LastCheckpoint(ctx); err == nil { // the page stands without it, and without the database too
		view.Key = last.PublicKey
	}
	var b strings.Builder
	err := s.pages.lookup.Execute(&b, view)
	return htmlPage{body: []byte(b.String()), policy: "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'"}, err
}
