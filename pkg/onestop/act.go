package onestop

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/worktime"
)

// ActInput is what an action needs besides itself; each uses a few of the fields (see dossier.Act).
type ActInput struct {
	Reason     string
	LegalBasis string
	Note       string
	Papers     []string
	Extension  *worktime.Term // how much more time is asked for
	Result     *dossier.Result
	HandedOut  *dossier.HandedOut
}

func (in ActInput) facts() dossier.Facts {
	f := dossier.Facts{
		Reason: in.Reason, LegalBasis: in.LegalBasis, Note: in.Note, Papers: in.Papers, Result: in.Result, HandedOut: in.HandedOut,
	}
	if in.Extension != nil {
		f.Extension = &dossier.Extension{Term: *in.Extension}
	}
	return f
}

// Act makes one move with a dossier. ifVersion is the version that the actor looked at: if somebody moved the dossier since, the
// fault is Stale and says where the dossier now is.
func (o *Office) Act(ctx context.Context, actor staff.Actor, now time.Time, code string, action dossier.Action, ifVersion int, in ActInput) (dossier.Dossier, error) {
	now = instant(now)
	var next dossier.Dossier
	err := o.store.InTx(ctx, func(ctx context.Context) error {
		d, err := o.store.LockDossier(ctx, actor.Scope(), code)
		if err != nil {
			return err
		}
		places, err := o.places(ctx, d)
		if err != nil {
			return err
		}
		if err := mayAct(actor, d, action, places); err != nil {
			return err
		}
		if d.Version != ifVersion {
			return stale(d)
		}
		if err := o.can(ctx, actor, d, action); err != nil {
			return err
		}
		facts := in.facts()
		if err := o.date(ctx, d, action, places, now, &facts); err != nil {
			return err
		}
		var e dossier.Event
		if next, e, err = d.Act(action, dossier.Move{At: now, Recorded: now, By: by(actor)}, facts); err != nil {
			return err
		}
		return o.store.MoveDossier(ctx, next, e)
	})
	return next, err
}

func stale(d dossier.Dossier) error {
	who := ""
	if s := d.Step(); s != nil && s.TakenBy != nil {
		who = "; its step was taken by " + s.TakenBy.Name
	}
	return fault.New(fault.Stale, "dossier-changed", "the dossier is now at version %d, state %s (%s)%s", d.Version, d.State, dossier.StateNames[d.State], who)
}

// can says why the dossier's state, or the rules that it is reckoned by, do not allow the actor the action.
func (o *Office) can(ctx context.Context, actor staff.Actor, d dossier.Dossier, a dossier.Action) error {
	if err := d.Can(a); err != nil || d.Basis == nil {
		return err
	}
	rules, err := o.ruleSet(ctx, d.Basis.Rules)
	if err != nil {
		return err
	}
	if err := rules.Allows(d, a); err != nil {
		return err
	}
	return rules.Approved(d, a, actor.May(staff.LeadDossiers))
}

// Possible is an action with the answer to whether the actor may take it now, and why not.
type Possible struct {
	Action  dossier.Action
	Allowed bool
	Why     *fault.Error
}

// Possible lists every action for a dossier and an actor, in the order of a dossier's life.
func (o *Office) Possible(ctx context.Context, actor staff.Actor, d dossier.Dossier) ([]Possible, error) {
	places, err := o.places(ctx, d)
	if err != nil {
		return nil, err
	}
	all := make([]Possible, len(dossier.Actions))
	for i, a := range dossier.Actions {
		err := o.can(ctx, actor, d, a)
		if err == nil {
			err = mayAct(actor, d, a, places)
		}
		if err != nil && fault.As(err) == nil {
			return nil, err
		}
		all[i] = Possible{Action: a, Allowed: err == nil, Why: fault.As(err)}
	}
	return all, nil
}

// places are the agencies that have to do with a dossier.
type places struct{ receiving, deciding, holder catalog.Agency }

func (o *Office) places(ctx context.Context, d dossier.Dossier) (places, error) {
	found, err := o.store.AgencyNames(ctx, []uuid.UUID{d.ReceivingID, d.DecidingID, d.HolderID})
	return places{found[d.ReceivingID], found[d.DecidingID], found[d.HolderID]}, err
}

// mayAct says whether the actor's role and place allow the action on this dossier: the counter that received it takes in, asks before
// hand-over and returns; who holds it works on it; what undoes or ends it against its course is a superior's.
func mayAct(actor staff.Actor, d dossier.Dossier, a dossier.Action, p places) error {
	right, at := staff.ReceiveDossiers, p.receiving
	switch a {
	case dossier.RequestExtension:
		return mayAt(actor, staff.WorkDossiers, a, p.deciding)
	case dossier.ApproveExtension, dossier.RefuseExtension:
		if err := mayAt(actor, staff.LeadDossiers, a, p.deciding); err != nil {
			return err
		}
		if x := d.Extension; x != nil && x.AskedBy.ID == actor.ID {
			return fault.New(fault.Forbidden, "second-person-required", "whoever asks for more time cannot grant it as well")
		}
		return nil
	case dossier.Take, dossier.CompleteStep, dossier.RequestPayment:
		right, at = staff.WorkDossiers, p.holder
	case dossier.RequestSupplement, dossier.Finish:
		if d.State == dossier.InProgress {
			right, at = staff.WorkDossiers, p.holder
		}
	case dossier.Stop, dossier.Recall, dossier.Reopen:
		right, at = staff.LeadDossiers, p.deciding
	}
	if s := d.Step(); s != nil && right == staff.WorkDossiers {
		switch staff.Role(s.Role) {
		case staff.Clerk: // a counter's own step in the process
			right = staff.ReceiveDossiers
		case staff.Supervisor:
			right = staff.LeadDossiers
		}
	}
	if err := mayAt(actor, right, a, at); err != nil {
		return err
	}
	if s := d.Step(); s != nil && s.TakenBy != nil && right == staff.WorkDossiers && s.TakenBy.ID != actor.ID && !actor.May(staff.LeadDossiers) {
		return fault.New(fault.Conflict, "step-taken", "step %d was taken by %s", s.No, s.TakenBy.Name)
	}
	return nil
}

// mayAt says whether the actor has the right at the agency.
func mayAt(actor staff.Actor, right staff.Right, a dossier.Action, at catalog.Agency) error {
	if err := actor.Must(right); err != nil {
		return err
	}
	if !actor.Covers(at.Path) {
		return fault.New(fault.Forbidden, "not-your-agency", "%s is for agency %s (%s) to do", a, at.Name, at.Code)
	}
	return nil
}

// date adds the dates that follow from an action, by the rules and calendar that the dossier was accepted under.
func (o *Office) date(ctx context.Context, d dossier.Dossier, a dossier.Action, p places, now time.Time, f *dossier.Facts) error {
	var r dossier.Reckoner
	var term worktime.Term
	var err error
	if d.Basis != nil {
		r, err = o.basisReckoner(ctx, *d.Basis)
	} else {
		r, err = o.Reckoner(ctx, p.deciding, now)
	}
	if err != nil {
		return err
	}
	if a == dossier.Accept {
		version, err := o.store.ProcedureVersion(ctx, d.Procedure.VersionID) // as it was when the dossier came in
		if err != nil {
			return err
		}
		if term, err = version.TermFor(d.Channel, d.Procedure.Variant); err != nil {
			return err
		}
	}
	today, err := o.rulesOn(ctx, now)
	if err != nil {
		return err
	}
	f.Form = today.Forms.For(a)
	return r.Dates(d, a, now, term, f)
}
