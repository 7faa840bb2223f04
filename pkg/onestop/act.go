package onestop

import (
	"context"
	"slices"
	"time"

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
	Return     *ReturnInput
	Step       int // that the action is about; 0 where only one could be meant
	ToStage    int // that it is sent back to
	Assign     *AssignInput
	Wait       *dossier.Wait
	Fees       []dossier.FeeLine
	AnswerBy   *time.Time         // until when papers that are asked for have to come; nil is what the rules give
	PartNos    []int              // parts of the checklist that are asked for
	Received   []dossier.Received // papers that came
	Document   *dossier.Document  // that a stop rests on
	Request    *dossier.Request   // that a withdrawal follows
	FileNo     int                // that a contribution speaks of
}

func (in ActInput) facts() dossier.Facts {
	f := dossier.Facts{
		Reason: in.Reason, LegalBasis: in.LegalBasis, Note: in.Note, Papers: in.Papers, Result: in.Result, HandedOut: in.HandedOut,
		StepNo: in.Step, ToStage: in.ToStage, Wait: in.Wait, Fees: in.Fees,
		PartNos: in.PartNos, Received: in.Received, Document: in.Document, Request: in.Request, FileNo: in.FileNo,
	}
	if in.AnswerBy != nil {
		at := instant(*in.AnswerBy)
		f.AnswerBy = &at
	}
	if in.Assign != nil { // whom it names is looked up where the action assigns
		f.Assignment = &dossier.Assignment{}
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
		facts := in.facts()
		facts.StepNo = places.step(actor, d, action, in.Step)
		if d.Version != ifVersion {
			return stale(d)
		}
		if err := o.can(ctx, actor, now, d, action, places, facts); err != nil {
			return err
		}
		if err := o.waitsForItself(ctx, actor, d, action, facts); err != nil {
			return err
		}
		facts.HandedOut = places.handedOut(actor, d, action, in.HandedOut)
		if facts.ReturnChoice, err = o.returnChoice(ctx, now, d, places, in.Return); err != nil {
			return err
		}
		if action == dossier.Assign {
			if facts.Assignment, err = o.assignment(ctx, places, d.Steps[facts.StepNo-1], in.Assign); err != nil {
				return err
			}
		}
		facts.Papers = withParts(facts.Papers, d, in.PartNos)
		next, err = o.move(ctx, actor, now, d, action, places, facts)
		return err
	})
	return next, err
}

// move makes a move that the actor may make, and keeps it.
func (o *Office) move(
	ctx context.Context, actor staff.Actor, now time.Time, d dossier.Dossier, action dossier.Action, places places, facts dossier.Facts,
) (dossier.Dossier, error) {
	if err := o.date(ctx, d, action, places, now, &facts); err != nil {
		return d, err
	}
	next, e, err := d.Act(action, dossier.Move{At: now, Recorded: now, By: by(actor)}, facts)
	if err != nil {
		return d, err
	}
	return next, o.store.MoveDossier(ctx, next, e)
}

// withParts adds the names of the parts that are asked for to the papers, so that the request prints them.
func withParts(papers []string, d dossier.Dossier, nos []int) []string {
	for _, no := range nos {
		if p := d.Part(no); p != nil && !slices.Contains(papers, p.Name) {
			papers = append(papers, p.Name)
		}
	}
	return papers
}

func stale(d dossier.Dossier) error {
	if s := d.Step(); s != nil && s.TakenBy != nil {
		return fault.New(fault.Stale, "dossier-changed", "the dossier is now at version %d, state %s (%s); its step was taken by %s",
			d.Version, d.State, dossier.StateNames[d.State], s.TakenBy.Name)
	}
	return fault.New(fault.Stale, "dossier-changed", "the dossier is now at version %d, state %s (%s)", d.Version, d.State, dossier.StateNames[d.State])
}

// can says why the actor cannot take the action with the dossier at the instant. The facts need no more than the step that it is about, the fees
// that it gives up, the wait that it begins and the papers that go back with it.
func (o *Office) can(
	ctx context.Context, actor staff.Actor, now time.Time, d dossier.Dossier, a dossier.Action, places places, f dossier.Facts,
) error {
	return places.allow(actor, now, d, a, f, func(allows func(dossier.RuleSet) error) error {
		rules, err := o.rulesFor(ctx, d, now)
		if err != nil {
			return err
		}
		return allows(rules)
	})
}

// allow says why an action is not possible: first what the dossier as it is allows to nobody, for that an action is for another agency is no answer
// where that agency could not take it either; then whose it is; then what the rules say, and what of it is a superior's. ruled asks the rules that
// the dossier goes by.
func (p places) allow(
	actor staff.Actor, at time.Time, d dossier.Dossier, a dossier.Action, f dossier.Facts, ruled func(func(dossier.RuleSet) error) error,
) error {
	if err := d.Can(a, f.StepNo); err != nil {
		return err
	}
	if err := d.CanAt(a, at); err != nil {
		return err
	}
	lead := actor.May(staff.LeadDossiers)
	return ruled(func(rules dossier.RuleSet) error {
		if err := p.mayAct(actor, d, a, f.StepNo); err != nil {
			return err
		}
		if err := p.mayGiveBack(actor, d, a, f); err != nil {
			return err
		}
		if err := d.MayLessen(by(actor), a, f, lead); err != nil {
			return err
		}
		if err := rules.Allows(d, a, f.StepNo); err != nil {
			return err
		}
		return rules.Approved(d, a, at, f, lead)
	})
}

// Possible is an action with the answer to whether the actor may take it now, and why not.
type Possible struct {
	Action  dossier.Action
	Allowed bool
	Steps   []int // that the actor may do it with, for an action that is about one step
	Why     *fault.Error
}

// Possible lists every action for a dossier and an actor, in the order of a dossier's life.
func (o *Office) Possible(ctx context.Context, actor staff.Actor, now time.Time, d dossier.Dossier) ([]Possible, error) {
	places, err := o.places(ctx, d)
	if err != nil {
		return nil, err
	}
	all := make([]Possible, len(dossier.Actions))
	for i, a := range dossier.Actions {
		steps := []int{0}
		if could := d.StepsFor(a); a.OfStep() && len(could) > 0 {
			steps = could
		}
		all[i] = Possible{Action: a}
		for _, step := range steps {
			err := o.can(ctx, actor, now, d, a, places, dossier.Facts{StepNo: step})
			switch why := fault.As(err); {
			case err == nil:
				all[i].Allowed, all[i].Why = true, nil
				if step > 0 {
					all[i].Steps = append(all[i].Steps, step)
				}
			case why == nil:
				return nil, err
			case !all[i].Allowed && (all[i].Why == nil || all[i].Why.Code == "not-your-agency"): // why not with one's own step says more
				all[i].Why = why
			}
		}
	}
	return all, nil
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
	if err := r.Within(d, a, now, *f); err != nil {
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
	if err := r.Dates(d, a, now, term, f); err != nil {
		return err
	}
	f.Form = today.Forms.For(a, *f)
	return nil
}
