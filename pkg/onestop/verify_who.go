package onestop

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// rollCall is everybody who ever worked here, and where each agency stood when. Nobody is taken off the list, and nobody changes role or
// agency: whoever does is employed anew under another name.
type rollCall struct {
	users    map[uuid.UUID]staff.User
	agencies *register
	moves    map[uuid.UUID][]store.AgencyMove
	versions map[uuid.UUID]catalog.Procedure // as far as they were looked at
	law      law
}

func (o *Office) rollCall(ctx context.Context) (*rollCall, error) {
	c := &rollCall{users: map[uuid.UUID]staff.User{}, versions: map[uuid.UUID]catalog.Procedure{}}
	for page := (store.Page{Limit: 1000}); ; {
		some, next, err := o.store.Users(ctx, store.UserFilter{}, page)
		if err != nil {
			return nil, err
		}
		for _, u := range some {
			c.users[u.ID] = u
		}
		if next == "" {
			break
		}
		page.After = string(next)
	}
	var err error
	if c.agencies, err = o.register(ctx); err != nil {
		return nil, err
	}
	if c.law, err = o.law(ctx); err != nil {
		return nil, err
	}
	c.moves, err = o.store.AgencyMoves(ctx)
	return c, err
}

// agency is one as it stood at the instant, the zero one where there is none.
func (c *rollCall) agency(id uuid.UUID, at time.Time) catalog.Agency {
	a := c.agencies.byID(id)
	if a == nil {
		return catalog.Agency{}
	}
	for _, m := range c.moves[id] {
		if at.Before(m.At) {
			stood := *a
			stood.Path = m.Path
			return stood
		}
	}
	return *a
}

// places are those of a dossier at the instant.
func (c *rollCall) places(d dossier.Dossier, at time.Time) places {
	found := map[uuid.UUID]catalog.Agency{}
	for _, id := range placeIDs(d) {
		if a := c.agency(id, at); a.ID != uuid.Nil {
			found[id] = a
		}
	}
	return placesOf(d, found)
}

// actor is who the event names, as an act would know him, with what does not fit the list.
func (c *rollCall) actor(e dossier.Event) (staff.Actor, string) {
	if system := staff.System(); e.By == by(system) {
		return system, ""
	}
	actor := staff.Actor{
		ID: e.By.ID, Name: e.By.Name, Role: staff.Role(e.By.Role), AgencyID: e.By.AgencyID, AgencyPath: c.agency(e.By.AgencyID, e.RecordedAt).Path,
	}
	switch u, there := c.users[e.By.ID]; {
	case !there:
		return actor, "is by somebody who never worked here"
	case u.Role != actor.Role || u.AgencyID != actor.AgencyID:
		return actor, fmt.Sprintf("is by %s who is %s of agency %s, and says: %s of agency %s",
			u.Username, u.Role.Called(), c.code(u.AgencyID), actor.Role.Called(), c.code(actor.AgencyID))
	case u.Name != actor.Name:
		return actor, fmt.Sprintf("names %s otherwise than the list of users", u.Username)
	case e.RecordedAt.Before(u.CreatedAt.Add(-actTakes)): // clocks of two machines may differ
		return actor, fmt.Sprintf("is by %s before that user was there", u.Username)
	}
	return actor, ""
}

func (c *rollCall) code(id uuid.UUID) string {
	if a := c.agencies.byID(id); a != nil {
		return a.Code
	}
	return id.String()
}

// recheckWho names an event that whoever it names might not write, by the same permissions that acts are held against: as the dossier then
// stood, for the role and the agency that the event says, where agencies then stood.
func (o *Office) recheckWho(ctx context.Context, who *rollCall, before dossier.Dossier, e dossier.Event, f dossier.Facts) []string {
	actor, wrong := who.actor(e)
	if wrong != "" {
		return []string{fmt.Sprintf("event %d %s", e.Seq, wrong)}
	}
	what, err := o.mightWrite(ctx, who, actor, before, e, f)
	if err == nil {
		return nil
	}
	why := fault.As(err)
	if why == nil {
		return []string{fmt.Sprintf("event %d: %v", e.Seq, err)}
	}
	by := fmt.Sprintf("%s of agency %s", actor.Role.Called(), who.code(actor.AgencyID))
	if actor.IsSystem() {
		by = "the office itself"
	}
	return []string{fmt.Sprintf("event %d: %s was not possible then for %s (%s)", e.Seq, what, by, why.Code)}
}

// mightWrite says what an event is about and why the actor might not write it.
func (o *Office) mightWrite(
	ctx context.Context, who *rollCall, actor staff.Actor, before dossier.Dossier, e dossier.Event, f dossier.Facts,
) (string, error) {
	places := who.places(before, e.RecordedAt)
	a := e.Kind.Action()
	switch e.Kind {
	case dossier.WasImported:
		if f.Intake == nil {
			return "import", nil // apply tells
		}
		return "import", mayImport(actor, who.agency(f.Intake.ReceivingID, e.RecordedAt), who.agency(f.Intake.DecidingID, e.RecordedAt))
	case dossier.WasUpdated:
		return "import", actor.Must(staff.ImportDossiers)
	case dossier.WasReplanned:
		return "a change of the calendar", leadsAll(actor, staff.EditCatalogue)
	}
	if actor.IsSystem() { // the office itself imports and follows calendars, and does nothing else with a dossier
		actor = staff.Actor{Role: actor.Role}
	}
	switch e.Kind {
	case dossier.WasRegistered, dossier.WasReceived:
		if err := o.ruledThen(ctx, who, before, e.RecordedAt, e, func(r dossier.RuleSet) error {
			return r.Enters(e.At, e.RecordedAt, o.zone, actor.May(staff.LeadDossiers))
		}); err != nil {
			return "an intake of that day", err
		}
		if err := dossier.Opens(e.Kind, e.At, e.RecordedAt, f); err != nil {
			return "an intake", err
		}
		return "an intake", who.mightReceive(actor, e, f)
	case dossier.FileWasAttached:
		if f.File == nil {
			return "attaching a file", before.Attaches(nil)
		}
		err := places.mayFile(actor, before, f.File.Of)
		if err == nil {
			err = before.Attaches(f.File)
		}
		return "attaching a file", err
	case dossier.FileWasRemoved:
		err := places.mayRemove(actor, before, f.FileNo)
		if err == nil {
			err = before.Removes(f.FileNo, f.Reason)
		}
		return "removing a file", err
	}
	if a == "" {
		return string(e.Kind), nil // a kind that apply does not know
	}
	return string(a), o.mightAct(ctx, who, actor, places, before, e, f)
}

// mightAct says why the actor might not take the action that an event is of.
func (o *Office) mightAct(
	ctx context.Context, who *rollCall, actor staff.Actor, places places, before dossier.Dossier, e dossier.Event, f dossier.Facts,
) error {
	a := e.Kind.Action()
	if err := places.allow(actor, e.At, before, a, f, func(allows func(dossier.RuleSet) error) error {
		return o.ruledThen(ctx, who, before, e.At, e, allows)
	}); err != nil {
		return err
	}
	if at := places.handsOut(actor); a == dossier.Return && f.HandedOut != nil && f.HandedOut.AgencyID != at.ID {
		return fault.New(fault.Forbidden, "not-your-agency", "%s is for agency %s (%s) to do", a, at.Name, at.Code)
	}
	if err := before.Lacks(a, e.At, f); err != nil {
		return err
	}
	return who.mightAssign(before, e, f)
}

// ruledThen asks the rules that an event went by: those of the dossier, or before it is accepted those of the day that may have been known when it
// was recorded. One set that allows it is enough.
func (o *Office) ruledThen(
	ctx context.Context, who *rollCall, before dossier.Dossier, day time.Time, e dossier.Event, allows func(dossier.RuleSet) error,
) error {
	on := catalog.DateOf(day, o.zone)
	ids := who.law.rules(on, e.RecordedAt)
	if before.Basis != nil {
		ids = []string{before.Basis.Rules}
	}
	err := error(fault.New(fault.Invalid, "no-rules", "no deadline rules are in force on %s", on))
	for _, id := range ids {
		var r dossier.RuleSet
		if r, err = o.ruleSet(ctx, id); err == nil {
			err = allows(r)
		}
		if err == nil {
			return nil
		}
	}
	return err
}

// mightReceive says why the actor might not take in what an event says.
func (c *rollCall) mightReceive(actor staff.Actor, e dossier.Event, f dossier.Facts) error {
	if err := actor.Must(staff.ReceiveDossiers); err != nil || f.Intake == nil {
		return err
	}
	in := f.Intake
	if registered := e.Kind == dossier.WasRegistered; registered != (in.Channel == string(catalog.Online) && !in.OnBehalf) {
		return errors.New("what comes online is registered first, and only what comes over a counter is accepted at once")
	}
	if in.Channel != string(catalog.Online) && (in.OnBehalf || in.HelpedID != uuid.Nil) {
		return errors.New("somebody is helped to file online; over a counter the dossier is received")
	}
	receiving := c.agency(in.ReceivingID, e.RecordedAt)
	if at := c.agency(in.ReturningID, e.RecordedAt); in.ReturningID != uuid.Nil && (at.Identifier == "" || root(at) != root(receiving)) {
		return errors.New("the result is to be handed out where no counter of the province is")
	}
	if in.HelpedID != uuid.Nil {
		if err := mayHelp(actor, c.agency(in.HelpedID, e.RecordedAt)); err != nil {
			return err
		}
		if e.Kind == dossier.WasRegistered { // for a counter elsewhere, which accepts it itself
			return nil
		}
	}
	return mayReceive(actor, receiving)
}

// mightAssign says why a step could not be assigned so: to somebody who is not one for it, or to a unit of another agency.
func (c *rollCall) mightAssign(before dossier.Dossier, e dossier.Event, f dossier.Facts) error {
	x := f.Assignment
	if e.Kind != dossier.StepWasAssigned || x == nil {
		return nil
	}
	s := before.Steps[f.StepNo-1] // can has seen it
	at := c.agency(s.AgencyID, e.RecordedAt)
	if unit := c.agency(x.UnitID, e.RecordedAt); x.UnitID != uuid.Nil && !strings.HasPrefix(unit.Path, at.Path) {
		return fault.New(fault.Forbidden, "not-your-agency", "%s is no unit of agency %s, whose step it is", unit.Code, at.Code)
	}
	all := x.Support
	if x.Main != nil {
		all = append([]dossier.Officer{*x.Main}, all...)
	}
	for _, named := range all {
		u, there := c.users[named.ID]
		if !there {
			return fault.New(fault.NotFound, "user-not-found", "there is no such user")
		}
		if why := unfitFor(u, c.agency(u.AgencyID, e.RecordedAt), s, at); !why.Empty() {
			return fault.Of(fault.Invalid, "action-invalid", why)
		}
	}
	return nil
}
