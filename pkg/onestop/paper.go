package onestop

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/forms"
	"github.com/motcua/motcua/pkg/staff"
)

// Paper is what the named form of a dossier is filled from; promise is as forms.Find takes it. The form is the one that was given when it
// happened or else that of the set in force then. The fault is Conflict "form-not-applicable" when nothing happened that it could tell, and
// "form-not-in-force" when the set of that day has no such form.
func (o *Office) Paper(ctx context.Context, scope staff.Scope, name string, d dossier.Dossier, promise int) (forms.Paper, error) {
	events, err := o.store.Journal(ctx, scope, d.ID)
	if err != nil {
		return forms.Paper{}, err
	}
	p, err := forms.Find(name, events, promise)
	if err != nil {
		return p, err
	}
	p.Zone = o.zone
	if p.Form == nil {
		if p.Form, err = o.formOn(ctx, name, p.At); err != nil {
			return p, err
		}
	}
	if p.Agencies, err = o.letterheads(ctx, p.Dossier); err != nil {
		return p, err
	}
	switch name {
	case dossier.FormReceipt:
		p.Components, err = o.papers(ctx, p.Dossier)
	case dossier.FormControlSlip:
		err = o.judgeCounters(ctx, &p)
	}
	return p, err
}

// judgeCounters holds what a counter handed over against the time that the rules give it.
func (o *Office) judgeCounters(ctx context.Context, p *forms.Paper) error {
	if p.Dossier.Basis == nil {
		return nil
	}
	r, err := o.promisedBy(ctx, p.Dossier)
	if err != nil {
		return err
	}
	return p.JudgeCounters(r)
}

// papers are what a receipt lists: the checklist with what was handed in of each, or, of a dossier from before there were checklists, what its
// procedure asked for.
func (o *Office) papers(ctx context.Context, d dossier.Dossier) ([]forms.Component, error) {
	var all []forms.Component
	for _, x := range d.Parts {
		c := forms.ComponentOf(x.Name, x.Received)
		for _, r := range d.ReusedFor(x.No) {
			if !slices.Contains(c.Reused, r.Dossier) {
				c.Reused = append(c.Reused, r.Dossier)
			}
		}
		all = append(all, c)
	}
	if len(all) > 0 {
		return all, nil
	}
	version, err := o.store.ProcedureVersion(ctx, d.Procedure.VersionID)
	for _, c := range version.Components {
		all = append(all, forms.Component{Name: c.Name})
	}
	return all, err
}

// titles are what the forms are called where a set has none to name.
var titles = map[string]fault.Text{
	dossier.FormReceipt:     fault.Say("receipt"),
	dossier.FormSupplement:  fault.Say("request for papers"),
	dossier.FormRefusal:     fault.Say("refusal"),
	dossier.FormApology:     fault.Say("apology"),
	dossier.FormStop:        fault.Say("notice of a stop"),
	dossier.FormControlSlip: fault.Say("control slip"),
	dossier.FormRegister:    fault.Say("register"),
	dossier.FormHandOver:    fault.Say("hand-over slip"),
}

func (o *Office) formOn(ctx context.Context, name string, at time.Time) (*dossier.Form, error) {
	rules, err := o.rulesOn(ctx, at)
	if err != nil {
		return nil, err
	}
	f := rules.Forms.Named(name)
	if f == nil {
		return nil, fault.New(fault.Conflict, "form-not-in-force", "the forms in force on %s (%s) have no %s", catalog.DateOf(at, o.zone), rules.Forms.Act, titles[name])
	}
	return f, nil
}

// Ledger is what the register of a counter is filled from: the dossiers given, in the order of their acceptance. from and to are the first
// and the last instant of its period; the form is that of the set in force at its end.
func (o *Office) Ledger(ctx context.Context, keeper catalog.Agency, from, to time.Time, all []dossier.Dossier) (forms.Ledger, error) {
	form, err := o.formOn(ctx, dossier.FormRegister, to)
	if err != nil {
		return forms.Ledger{}, err
	}
	heads, err := o.letterheadsOf(ctx, []uuid.UUID{keeper.ID})
	if err != nil {
		return forms.Ledger{}, err
	}
	l := forms.Ledger{Zone: o.zone, Form: form, Keeper: heads[keeper.ID], From: from, To: to, Dossiers: slices.Clone(all)}
	slices.SortStableFunc(l.Dossiers, func(a, b dossier.Dossier) int {
		if c := taken(a).Compare(taken(b)); c != 0 {
			return c
		}
		return slices.Compare(a.ID[:], b.ID[:])
	})
	l.Agencies, err = o.letterheads(ctx, all...)
	return l, err
}

func taken(d dossier.Dossier) time.Time {
	if d.AcceptedAt != nil {
		return *d.AcceptedAt
	}
	return d.SubmittedAt
}

// letterheads are the agencies that dossiers speak of, as papers name them.
func (o *Office) letterheads(ctx context.Context, all ...dossier.Dossier) (map[uuid.UUID]forms.Agency, error) {
	seen := map[uuid.UUID]bool{}
	var ids []uuid.UUID
	add := func(id uuid.UUID) {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	for _, d := range all {
		add(d.ReceivingID)
		add(d.DecidingID)
		add(d.Returning())
		for _, x := range d.PapersBack {
			add(x.AgencyID)
		}
		for _, s := range d.Steps {
			add(s.AgencyID)
		}
	}
	return o.letterheadsOf(ctx, ids)
}

func (o *Office) letterheadsOf(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]forms.Agency, error) {
	found, err := o.store.AgencyNames(ctx, ids)
	if err != nil {
		return nil, err
	}
	var chain []uuid.UUID
	for _, a := range found {
		chain = append(chain, pathIDs(a.Path)...)
	}
	above, err := o.store.AgencyNames(ctx, chain)
	if err != nil {
		return nil, err
	}
	heads := make(map[uuid.UUID]forms.Agency, len(found))
	for id, a := range found {
		head := forms.Agency{Name: a.Name, Kind: a.Kind}
		if a.ParentID != nil {
			head.Above = above[*a.ParentID].Name
		}
		up := pathIDs(a.Path)
		for i := len(up) - 1; i >= 0 && head.Place == ""; i-- { // the nearest people's committee, from the agency up
			head.Place = above[up[i]].Place()
		}
		heads[id] = head
	}
	return heads, nil
}
