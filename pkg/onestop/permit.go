package onestop

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
)

// places are the agencies that have to do with a dossier.
type places struct {
	receiving, deciding catalog.Agency
	helped              catalog.Agency               // where somebody was helped to file, the zero one where nobody was
	returning, chosen   catalog.Agency               // where the result is or was handed out, and where it was to be
	all                 map[uuid.UUID]catalog.Agency // with those of its steps and the units that these are assigned to
}

func (o *Office) places(ctx context.Context, d dossier.Dossier) (places, error) {
	found, err := o.store.AgencyNames(ctx, placeIDs(d))
	return placesOf(d, found), err
}

func placeIDs(d dossier.Dossier) []uuid.UUID {
	ids := []uuid.UUID{d.ReceivingID, d.DecidingID, d.HolderID, d.HelpedID, d.Returning(), d.ReturningID}
	for _, s := range d.Steps {
		ids = append(append(ids, s.AgencyID), s.Desks()...)
	}
	return ids
}

func placesOf(d dossier.Dossier, found map[uuid.UUID]catalog.Agency) places {
	return places{found[d.ReceivingID], found[d.DecidingID], found[d.HelpedID], found[d.Returning()], found[d.ReturningID], found}
}

// handsOut is the counter at which the actor hands out a result: the one that was chosen for it where that is the actor's.
func (p places) handsOut(actor staff.Actor) catalog.Agency {
	for _, a := range []catalog.Agency{p.returning, p.chosen} {
		if a.ID != uuid.Nil && actor.Covers(a.Path) {
			return a
		}
	}
	return p.receiving
}

// handedOut completes how something left: from which counter, and to the address that was chosen for its way.
func (p places) handedOut(actor staff.Actor, d dossier.Dossier, a dossier.Action, said *dossier.HandedOut) *dossier.HandedOut {
	if said == nil {
		return nil
	}
	out := *said
	if out.AgencyID = p.handsOut(actor).ID; a.GivesBack() {
		out.AgencyID = d.PapersAt()
	}
	if c := d.ReturnChoice; c != nil && c.Method == out.Method {
		out.Address = cmp.Or(out.Address, c.Address)
	}
	return &out
}

// mayFees says whether money of the dossier is the actor's to deal with: both counters take it, whoever decides assesses it too, and what
// gives it up is a superior's. Any of them may ask for a refund; granting it is a superior's who neither asked nor took the money.
func (p places) mayFees(actor staff.Actor, d dossier.Dossier, a dossier.Action) error {
	switch {
	case a == dossier.CancelFees:
		return mayAt(actor, staff.LeadDossiers, a, p.receiving)
	case a == dossier.ApproveRefund || a == dossier.RefuseRefund:
		if err := mayAt(actor, staff.LeadDossiers, a, p.handsOut(actor)); err != nil {
			return err
		}
		return d.MayRefund(by(actor), a)
	case a != dossier.PayFees && (!actor.May(staff.ReceiveDossiers) || actor.May(staff.LeadDossiers) && actor.Covers(p.deciding.Path)):
		return mayAt(actor, staff.WorkDossiers, a, p.deciding)
	}
	return mayAt(actor, staff.ReceiveDossiers, a, p.handsOut(actor))
}

// mayAct says whether the actor's role and place allow the action on this dossier: the counter that received it takes in, asks before
// hand-over and returns; whose step it is works on it; what undoes or ends it against its course is a superior's.
func (p places) mayAct(actor staff.Actor, d dossier.Dossier, a dossier.Action, step int) error {
	if a.OfStep() {
		if step > len(d.Steps) {
			return nil // that there is no such step is for Can to say
		}
		if step < 1 {
			return mayAt(actor, staff.ReadDossiers, a, p.all[d.HolderID]) // which step is for Can to ask
		}
		if a == dossier.SendBack {
			return p.maySendBack(actor, d, d.Steps[step-1])
		}
		return p.mayStep(actor, a, d.Steps[step-1])
	}
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
	case dossier.Return, dossier.ChangeReturn:
		return mayAt(actor, staff.ReceiveDossiers, a, p.handsOut(actor))
	case dossier.GivePapersBack:
		return mayAt(actor, staff.ReceiveDossiers, a, p.all[d.PapersAt()])
	case dossier.SetFees, dossier.BillFees, dossier.PayFees, dossier.ExemptFees, dossier.RefundFees, dossier.CancelFees,
		dossier.ApproveRefund, dossier.RefuseRefund:
		return p.mayFees(actor, d, a)
	case dossier.RequestPayment, dossier.RequestSupplement, dossier.Finish:
		if d.State == dossier.InProgress {
			return p.mayWork(actor, d, a)
		}
	case dossier.Stop, dossier.Recall, dossier.Reopen:
		return mayAt(actor, staff.LeadDossiers, a, p.deciding)
	}
	return mayAt(actor, staff.ReceiveDossiers, a, p.receiving)
}

// mayGiveBack says whether papers that go back with the action are the actor's to give: they lie at a counter, whoever ends the dossier.
func (p places) mayGiveBack(actor staff.Actor, d dossier.Dossier, a dossier.Action, f dossier.Facts) error {
	if f.HandedOut == nil || !a.GivesBack() {
		return nil
	}
	return p.mayAct(actor, d, dossier.GivePapersBack, 0)
}

// mayWork says whether one of the steps under way is the actor's to do. What is done on the spot, without steps, the counter does.
func (p places) mayWork(actor staff.Actor, d dossier.Dossier, a dossier.Action) error {
	open := d.UnderWay()
	switch {
	case len(open) == 0 && d.Procedure.OnTheSpot:
		return mayAt(actor, staff.ReceiveDossiers, a, p.receiving)
	case len(open) == 0:
		return mayAt(actor, staff.WorkDossiers, a, p.all[d.HolderID])
	}
	var why error
	for _, s := range open {
		err := p.mayStep(actor, a, *s)
		if err == nil {
			return nil
		}
		if why == nil {
			why = err
		}
	}
	return why
}

// mayStep says whether a step is the actor's to do: of the step's role, at its agency or at the unit that it was assigned to, and in
// nobody else's hands. A superior there may do whatever an officer may, and assigns; an officer may pass on what is in hand.
func (p places) mayStep(actor staff.Actor, a dossier.Action, s dossier.Step) error {
	at, right := p.all[s.AgencyID], rightFor(s)
	if a == dossier.Contribute {
		inUnit := s.Assigned != nil && s.Assigned.UnitID != uuid.Nil && actor.AgencyID == s.Assigned.UnitID
		if !inUnit && !s.Supports(actor.ID) {
			return fault.New(fault.Forbidden, "not-in-support", "step %d was not assigned to you in support", s.No)
		}
		return actor.Must(right)
	}
	if s.Assigned != nil && s.Assigned.UnitID != uuid.Nil && !actor.Covers(at.Path) {
		at = p.all[s.Assigned.UnitID]
	}
	officer := s.Officer()
	own := officer != nil && officer.ID == actor.ID
	if a == dossier.RecallStep {
		own = s.DoneBy != nil && s.DoneBy.ID == actor.ID
	}
	if own {
		return actor.Must(right)
	}
	if a == dossier.Assign || a == dossier.RecallStep || a == dossier.GiveBack {
		return mayAt(actor, staff.LeadDossiers, a, p.all[s.AgencyID])
	}
	if err := mayAt(actor, right, a, at); err != nil {
		return err
	}
	if officer != nil && !actor.May(staff.LeadDossiers) {
		return fault.New(fault.Conflict, "step-taken", "step %d is in the hands of %s", s.No, officer.Name)
	}
	return nil
}

// maySendBack says whether the actor may send back from a step. Where another agency has done a step beside it, or has one in hand, all of that is
// thrown away with it: then it is for a superior of the agency that decides.
func (p places) maySendBack(actor staff.Actor, d dossier.Dossier, s dossier.Step) error {
	err, other := p.mayStep(actor, dossier.SendBack, s), d.Beside(s.No)
	switch {
	case other == nil:
		return err
	case mayAt(actor, staff.LeadDossiers, dossier.SendBack, p.deciding) == nil:
		return nil
	case err != nil:
		return err
	}
	return fault.New(fault.Forbidden, "send-back-approver-required", "agency %s (%s) has done step %d beside it or has it in hand; a superior of agency %s (%s) sends back",
		p.all[other.AgencyID].Name, p.all[other.AgencyID].Code, other.No, p.deciding.Name, p.deciding.Code)
}

// rightFor is the right that the step's role is about: a counter's own step in the process is the counter's, a head's is the head's.
func rightFor(s dossier.Step) staff.Right {
	switch staff.Role(s.Role) {
	case staff.Clerk:
		return staff.ReceiveDossiers
	case staff.Supervisor:
		return staff.LeadDossiers
	default:
		return staff.WorkDossiers
	}
}

// step is the step that the action is about: the named one, the only one, or of several the only one that the actor may do it with.
func (p places) step(actor staff.Actor, d dossier.Dossier, a dossier.Action, named int) int {
	if no := d.StepOf(a, named); no > 0 || !a.OfStep() {
		return no
	}
	mine := 0
	for _, no := range d.StepsFor(a) {
		if p.mayAct(actor, d, a, no) == nil {
			if mine > 0 {
				return 0
			}
			mine = no
		}
	}
	return mine
}

// mayFile says whether files of the kind are the actor's business: the counter that received the dossier, and who holds it or decides; while papers
// are still to come also where somebody was helped to file, for there they come to the counter.
//
// A result is the deciding agency's to attach, and the counter's once there is one, or where it is made there on the spot.
func (p places) mayFile(actor staff.Actor, d dossier.Dossier, of dossier.FileOf) error {
	if there := d.Result != nil || d.Procedure.OnTheSpot; of == dossier.OfResult && !actor.Covers(p.deciding.Path) && !(there && p.atCounter(actor)) {
		return fault.New(fault.Forbidden, "not-your-agency", "a result is for agency %s (%s) to attach, which decides", p.deciding.Name, p.deciding.Code)
	}
	if p.keepsFiles(actor, d) || p.helps(actor, d) && of != dossier.OfResult {
		return nil
	}
	if !actor.May(staff.ReceiveDossiers) {
		if err := actor.Must(staff.WorkDossiers); err != nil {
			return err
		}
	}
	return fault.New(fault.Forbidden, "not-your-agency", "files are for agency %s (%s) to attach, or for whoever works on the dossier", p.receiving.Name, p.receiving.Code)
}

// keepsFiles says whether all files of the dossier are the actor's business.
func (p places) keepsFiles(actor staff.Actor, d dossier.Dossier) bool {
	atDesk := actor.May(staff.WorkDossiers) && slices.ContainsFunc(desks(d), func(id uuid.UUID) bool { return actor.Covers(p.all[id].Path) })
	return p.atCounter(actor) || atDesk
}

// atCounter says whether the actor stands at the counter that received the dossier.
func (p places) atCounter(actor staff.Actor) bool {
	return actor.May(staff.ReceiveDossiers) && actor.Covers(p.receiving.Path)
}

// helps says whether the actor may help with papers of the dossier: before it is accepted, and while more are asked for.
func (p places) helps(actor staff.Actor, d dossier.Dossier) bool {
	open := d.State == dossier.Registered || d.State == dossier.SupplementRequested
	return open && p.helped.ID != uuid.Nil && actor.May(staff.ReceiveDossiers) && actor.Covers(p.helped.Path)
}

// desks are the agencies that work on a dossier: who decides and who has it, with the steps under way and whom these are assigned to.
func desks(d dossier.Dossier) []uuid.UUID {
	all := []uuid.UUID{d.DecidingID, d.HolderID}
	for _, s := range d.UnderWay() {
		all = append(append(all, s.AgencyID), s.Desks()...)
	}
	return all
}

// mayRemove says whether a file is the actor's to remove: whoever attached it may, and whoever leads where all files are kept. After the result
// was handed out only the latter.
func (p places) mayRemove(actor staff.Actor, d dossier.Dossier, no int) error {
	x := d.File(no)
	if x == nil {
		return p.mayFile(actor, d, dossier.OfDossier) // that it is not there is for Remove to say
	}
	if err := p.mayFile(actor, d, x.Of); err != nil {
		return err
	}
	own := x.AttachedBy != nil && x.AttachedBy.ID == actor.ID && d.State != dossier.Returned
	if !own && !(actor.May(staff.LeadDossiers) && p.keepsFiles(actor, d)) {
		return fault.New(fault.Forbidden, "not-your-file", "file %d is for whoever attached it, before the result is handed out, or a superior to remove", no)
	}
	return nil
}

// mayHelp says whether the actor may help somebody to file online at the agency.
func mayHelp(actor staff.Actor, helped catalog.Agency) error {
	if !actor.Covers(helped.Path) {
		return fault.New(fault.Forbidden, "not-your-agency", "you do not help at agency %s", helped.Code)
	}
	return nil
}

// mayReceive says whether the actor may take in dossiers for the agency.
func mayReceive(actor staff.Actor, receiving catalog.Agency) error {
	if !actor.Covers(receiving.Path) {
		return fault.New(fault.Forbidden, "not-your-agency", "you may not receive dossiers for agency %s", receiving.Code)
	}
	return nil
}

// mayImport says whether the actor may take over another system's record of a dossier that the agencies have to do with.
func mayImport(actor staff.Actor, receiving, deciding catalog.Agency) error {
	if err := actor.Must(staff.ImportDossiers); err != nil {
		return err
	}
	if !actor.Covers(deciding.Path) && !actor.Covers(receiving.Path) {
		return fault.New(fault.Forbidden, "not-your-agency", "agency %s does not stand under yours", deciding.Code)
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
