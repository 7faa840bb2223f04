package onestop

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// AssignInput says who is to do a step.
type AssignInput struct {
	Unit    string   // code, identifier or id of a unit of the step's agency
	Main    string   // username of the main officer
	Support []string // usernames
}

// assignment looks up who is named: a unit at or below the step's agency, officers of the step's role there. All that is wrong is told at
// once.
func (o *Office) assignment(ctx context.Context, p places, s dossier.Step, in *AssignInput) (*dossier.Assignment, error) {
	if in == nil {
		return nil, nil //nolint:nilnil // Act says that it is missing
	}
	var wrong fault.Fields
	at, x := p.all[s.AgencyID], dossier.Assignment{}
	if in.Unit != "" {
		unit, err := o.store.AgencyByCode(ctx, in.Unit, "")
		switch why := fault.As(err); {
		case why != nil && why.Kind == fault.NotFound:
			wrong.Put("assignment.unit", why.Code, why.Said)
		case err != nil:
			return nil, err
		case !strings.HasPrefix(unit.Path, at.Path):
			wrong.Add("assignment.unit", "not-your-agency", "%s is no unit of agency %s, whose step it is", unit.Code, at.Code)
		}
		x.UnitID, at = unit.ID, unit
	}
	officer := func(field, username string, at catalog.Agency) (*dossier.Officer, error) {
		u, err := o.store.UserByUsername(ctx, username)
		switch why := fault.As(err); {
		case why != nil && why.Kind == fault.NotFound:
			wrong.Add(field, "user-not-found", "there is no user %q", username)
			return nil, nil //nolint:nilnil // told in wrong
		case err != nil:
			return nil, err
		}
		if why, err := o.unfit(ctx, u, s, at); err != nil || !why.Empty() {
			wrong.Put(field, "user-unfit", why)
			return nil, err
		}
		return &dossier.Officer{ID: u.ID, Name: u.Name, AgencyID: u.AgencyID}, nil
	}
	if in.Main != "" {
		var err error
		if x.Main, err = officer("assignment.main", in.Main, at); err != nil {
			return nil, err
		}
	}
	for i, name := range in.Support {
		s, err := officer(fmt.Sprintf("assignment.support[%d]", i), name, p.all[s.AgencyID])
		if err != nil {
			return nil, err
		}
		if s != nil {
			x.Support = append(x.Support, *s)
		}
	}
	return &x, wrong.Err("action-invalid", "the step cannot be assigned so")
}

// unfit says why a user cannot do the step at the agency, nothing if one can.
func (o *Office) unfit(ctx context.Context, u staff.User, s dossier.Step, at catalog.Agency) (fault.Text, error) {
	own, err := o.store.Agency(ctx, u.AgencyID)
	if err != nil || !u.Disabled {
		return unfitFor(u, own, s, at), err
	}
	return fault.Say("%s no longer works here", u.Username), nil
}

// unfitFor says why a user of the own agency is not one for the step at the other.
func unfitFor(u staff.User, own catalog.Agency, s dossier.Step, at catalog.Agency) fault.Text {
	actor := staff.Actor{ID: u.ID, Username: u.Username, Name: u.Name, Role: u.Role, AgencyID: u.AgencyID, AgencyPath: own.Path}
	switch {
	case !actor.May(rightFor(s)):
		return fault.Say("%s is %s; step %d is for %s", u.Username, u.Role.Called(), s.No, staff.Role(s.Role).Called())
	case !actor.Covers(at.Path) && !strings.HasPrefix(own.Path, at.Path):
		return fault.Say("%s works at %s, not at %s", u.Username, own.Code, at.Code)
	}
	return fault.Text{}
}

// ReassignInput hands on all that somebody has in hand or supports, as when that person leaves.
type ReassignInput struct {
	From   string // username
	To     string // username; "" gives every step back to whoever takes it, and leaves those that are supported to the others
	Reason string
}

// Reassigned is one step that was to be handed on; Why says why it was not, nil if it was.
type Reassigned struct {
	Code   string
	StepNo int
	Why    *fault.Error
}

// Reassign hands on every step that somebody has in hand, or supports, and that the actor may assign, each dossier by itself: what cannot be handed
// on keeps nothing else. A step that was ended meanwhile is not in the answer.
func (o *Office) Reassign(ctx context.Context, actor staff.Actor, now time.Time, in ReassignInput) ([]Reassigned, error) {
	if err := actor.Must(staff.LeadDossiers); err != nil {
		return nil, err
	}
	if strings.TrimSpace(in.Reason) == "" {
		return nil, fieldFault("reason", "required", "is missing")
	}
	from, err := o.store.UserByUsername(ctx, in.From)
	if err != nil {
		return nil, named(err, "from")
	}
	if in.To != "" {
		if _, err := o.store.UserByUsername(ctx, in.To); err != nil {
			return nil, named(err, "to")
		}
	}
	steps, err := o.store.StepsInHand(ctx, actor.Scope(), from.ID)
	if err != nil {
		return nil, err
	}
	all := []Reassigned{}
	for _, s := range steps {
		done := false
		err := o.store.InTx(ctx, func(ctx context.Context) error {
			var err error
			done, err = o.handOn(ctx, actor, instant(now), s, from.ID, in)
			return err
		})
		why := fault.As(err)
		switch {
		case err != nil && why == nil:
			return all, err
		case err != nil || done:
			all = append(all, Reassigned{Code: s.Code, StepNo: s.StepNo, Why: why})
		}
	}
	return all, nil
}

// handOn hands on one step, or somebody's part in it, if it is still in those hands.
func (o *Office) handOn(ctx context.Context, actor staff.Actor, now time.Time, s store.StepInHand, from uuid.UUID, in ReassignInput) (bool, error) {
	d, err := o.store.LockDossier(ctx, actor.Scope(), s.Code)
	if err != nil {
		return false, err
	}
	if !d.IsUnderWay(s.StepNo) {
		return false, nil
	}
	step := d.Steps[s.StepNo-1]
	x := step.Officer()
	main := x != nil && x.ID == from
	if !main && !step.Supports(from) {
		return false, nil
	}
	places, err := o.places(ctx, d)
	if err != nil {
		return false, err
	}
	action, facts := dossier.GiveBack, dossier.Facts{StepNo: s.StepNo, Reason: in.Reason}
	if in.To != "" || !main {
		action = dossier.Assign
		if facts.Assignment, err = o.withoutOfficer(ctx, places, step, from, in.To); err != nil {
			return false, err
		}
	}
	if err := places.mayAct(actor, d, action, s.StepNo); err != nil {
		return false, err
	}
	_, err = o.move(ctx, actor, now, d, action, places, facts)
	return err == nil, err
}

// withoutOfficer is the assignment of a step in which whoever is named, nobody for "", has the part of an officer. The others keep theirs, as far as
// they still work there.
func (o *Office) withoutOfficer(ctx context.Context, p places, s dossier.Step, from uuid.UUID, to string) (*dossier.Assignment, error) {
	next, heir := &dossier.Assignment{Main: s.Officer()}, (*dossier.Officer)(nil)
	if to != "" {
		x, err := o.assignment(ctx, p, s, &AssignInput{Main: to})
		if err != nil {
			return nil, err
		}
		heir = x.Main
	}
	if next.Main != nil && next.Main.ID == from {
		next.Main = heir
	}
	if s.Assigned == nil {
		return next, nil
	}
	next.UnitID = s.Assigned.UnitID
	for _, x := range s.Assigned.Support {
		switch {
		case x.ID == from && heir != nil:
			x = *heir
		case x.ID == from:
			continue
		default:
			u, err := o.store.User(ctx, x.ID)
			if err != nil {
				return nil, err
			}
			if why, err := o.unfit(ctx, u, s, p.all[s.AgencyID]); err != nil {
				return nil, err
			} else if !why.Empty() {
				continue
			}
		}
		if known := func(o dossier.Officer) bool { return o.ID == x.ID }; next.Main != nil && known(*next.Main) || slices.ContainsFunc(next.Support, known) {
			continue
		}
		next.Support = append(next.Support, x)
	}
	return next, nil
}
