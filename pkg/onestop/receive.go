package onestop

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
)

// ReceiveInput is what a counter knows of a dossier that comes in.
type ReceiveInput struct {
	Procedure       string // code
	Variant         string // code of the case, "" where there is but one term
	Channel         catalog.Channel
	OnBehalf        bool   // came online, but a clerk enters it for somebody at the counter: accepted at once
	ReceivingAgency string // code, identifier or id; "" is the actor's own
	DecidingAgency  string // the same; "" finds it from the procedure and the receiving agency
	HelpedAgency    string // the same; where somebody was helped to file online, "" where nobody was
	ReturningAgency string // the same; where the result is to be handed out, "" is the receiving agency
	Applicant       dossier.Person
	Submitter       *dossier.Person
	Commune         string             // the applicant's, for processes with a step there; "" is that of the counter
	Authority       *dossier.Authority // of a submitter who is not the applicant
	ReusedFrom      []dossier.Reused   // papers of the person's earlier dossiers that are not asked for again
	Note            string
	ReceivedAt      *time.Time // nil is now; earlier for what is written down afterwards
	Received        []dossier.Received
	ReturnChoice    *dossier.ReturnChoice // how the result is wanted, nil where nobody said; where is ReturningAgency
}

// Receive takes in a dossier. In person, by post or on somebody's behalf it is accepted at once and promised its date; online it is
// registered and waits for acceptance. The look-up secret is told this once and kept only as a hash.
func (o *Office) Receive(ctx context.Context, actor staff.Actor, now time.Time, in ReceiveInput) (dossier.Dossier, string, error) {
	if err := actor.Must(staff.ReceiveDossiers); err != nil {
		return dossier.Dossier{}, "", err
	}
	secret := newSecret()
	var d dossier.Dossier
	err := o.store.InTx(ctx, func(ctx context.Context) error {
		move := dossier.Move{At: instant(now), Recorded: instant(now), By: by(actor)}
		if in.ReceivedAt != nil {
			move.At = instant(*in.ReceivedAt)
		}
		x, err := o.arrive(ctx, actor, move.At, in)
		if err != nil {
			return err
		}
		if err := o.enters(ctx, actor, move.At, move.Recorded); err != nil {
			return err
		}
		facts, err := o.intake(ctx, x, in, secret)
		if err != nil {
			return err
		}
		from, err := o.reuse(ctx, actor, in.ReusedFrom, facts.Intake)
		if err != nil {
			return err
		}
		kind, err := o.welcome(ctx, x, in, &facts)
		if err != nil {
			return err
		}
		if err := o.drawCode(ctx, x, facts.Intake); err != nil {
			return err
		}
		var e dossier.Event
		if d, e, err = dossier.Open(kind, move, facts); err != nil {
			return err
		}
		if err := o.store.AddDossier(ctx, d, e); err != nil {
			return err
		}
		d, err = o.takeOver(ctx, actor, move.Recorded, d, from)
		return err
	})
	return d, secret, err
}

// enters says why the actor may not write down at an instant what was received at an earlier one, by the rules of the day of writing.
func (o *Office) enters(ctx context.Context, actor staff.Actor, received, recorded time.Time) error {
	rules, err := o.rulesOn(ctx, recorded)
	if err != nil {
		return err
	}
	return rules.Enters(received, recorded, o.zone, actor.May(staff.LeadDossiers))
}

// arrival is what the catalogue says to something that comes in at an instant.
type arrival struct {
	at                  time.Time
	on                  catalog.Date // the office's date of that instant
	procedure           catalog.Procedure
	receiving, deciding catalog.Agency
	commune             string // of the applicant, as named
	helped, returning   uuid.UUID
}

func (o *Office) arrive(ctx context.Context, actor staff.Actor, at time.Time, in ReceiveInput) (arrival, error) {
	x := arrival{at: at, on: catalog.DateOf(at, o.zone), commune: in.Commune}
	var err error
	if x.procedure, err = o.store.ProcedureBefore(ctx, in.Procedure, o.endOfDay(at)); err != nil {
		return x, named(err, "procedure")
	}
	if x.procedure.Status != catalog.InForce {
		return x, fault.New(fault.Conflict, "procedure-repealed", "procedure %s was not in force on %s", x.procedure.Code, x.on)
	}
	if err = o.counters(ctx, actor, &x, in); err != nil {
		return x, err
	}
	if x.deciding, err = o.decidingAgency(ctx, x, in.DecidingAgency); err != nil {
		return x, err
	}
	return x, o.mayTakeIn(ctx, x)
}

// endOfDay is the end of the office's day of the instant: whatever is published on a day holds for all of it.
func (o *Office) endOfDay(at time.Time) time.Time {
	y, m, d := at.In(o.zone).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, o.zone)
}

// intake is what the journal keeps of the arrival, but for its code, which is drawn last.
func (o *Office) intake(ctx context.Context, x arrival, in ReceiveInput, secret string) (dossier.Facts, error) {
	steps, err := o.plan(ctx, x)
	if err != nil {
		return dossier.Facts{}, err
	}
	today, err := o.rulesOn(ctx, x.at)
	if err != nil {
		return dossier.Facts{}, err
	}
	fees, feeText := Owed(x.procedure, in.Variant, in.Channel, today)
	id, p := uuid.Must(uuid.NewV7()), x.procedure
	facts := dossier.Facts{Received: in.Received, ReturnChoice: in.ReturnChoice, Intake: &dossier.Intake{
		ID: id, Procedure: Pin(p, in.Variant), Channel: string(in.Channel), OnBehalf: in.OnBehalf,
		ReceivingID: x.receiving.ID, DecidingID: x.deciding.ID, HelpedID: x.helped, ReturningID: x.returning,
		Applicant: in.Applicant, Submitter: in.Submitter, Authority: in.Authority, Note: in.Note,
		SecretHash: dossier.HashSecret(id, secret), Steps: steps, Fees: fees, FeeText: feeText, Parts: Checklist(p),
	}}
	return facts, facts.Intake.Check(x.at)
}

// welcome adds the dates: the promise for what is accepted at once, the limit for accepting what came online. A term must be known
// for both: a registration that can never be promised a date helps nobody.
func (o *Office) welcome(ctx context.Context, x arrival, in ReceiveInput, f *dossier.Facts) (dossier.Kind, error) {
	term, err := x.procedure.TermFor(in.Channel, in.Variant)
	if err != nil {
		return "", err
	}
	r, err := o.Reckoner(ctx, x.deciding, x.at)
	if err != nil {
		return "", err
	}
	if in.Channel == catalog.Online && !in.OnBehalf {
		return dossier.WasRegistered, r.Registered(x.at, f)
	}
	f.Form = r.Rules.Forms.Named(dossier.FormReceipt)
	f.Basis, f.Promise, err = r.First(x.at, term)
	return dossier.WasReceived, err
}

// receivingAgency is the named one, or the actor's own. elsewhere says that it need not be the actor's.
func (o *Office) receivingAgency(ctx context.Context, actor staff.Actor, named string, on catalog.Date, elsewhere bool) (catalog.Agency, error) {
	var a catalog.Agency
	var err error
	if named == "" {
		if actor.AgencyID == uuid.Nil {
			return a, fieldFault("receiving_agency", "required", "is missing, and you belong to no agency")
		}
		a, err = o.store.Agency(ctx, actor.AgencyID)
	} else {
		a, err = o.agencyNamed(ctx, "receiving_agency", named, on)
	}
	if err == nil && !elsewhere {
		err = mayReceive(actor, a)
	}
	switch {
	case err != nil:
		return a, err
	case !a.ValidOn(on):
		return a, fieldFault("receiving_agency", "agency-not-valid", "agency %s does not exist on %s", a.Code, on)
	case a.Identifier == "":
		return a, fieldFault("receiving_agency", "agency-without-identifier", "agency %s has no identifier to head dossier codes", a.Code)
	}
	return a, nil
}

// decidingAgency is the named one if the record lets it decide, or else the one that the procedure's own record leads to: the agency it names, if
// exactly one such exists, else the people's committee of the home level above the receiving agency.
func (o *Office) decidingAgency(ctx context.Context, x arrival, named string) (catalog.Agency, error) {
	p := x.procedure
	if named != "" {
		a, err := o.agencyNamed(ctx, "deciding_agency", named, x.on)
		if err != nil {
			return a, err
		}
		return a, o.competent(ctx, p, a, x.on)
	}
	above, err := o.store.AgencyNames(ctx, pathIDs(x.receiving.Path))
	if err != nil {
		return catalog.Agency{}, err
	}
	ids := pathIDs(x.receiving.Path)
	committee := map[catalog.Level]catalog.AgencyKind{
		catalog.Commune: catalog.CommuneCommittee, catalog.District: catalog.DistrictCommittee, catalog.Province: catalog.ProvinceCommittee,
	}[p.HomeLevel]
	if p.HomeLevel == catalog.Province && len(ids) > 0 {
		found, err := o.namedByProcedure(ctx, p, above[ids[0]], x.on)
		if err != nil {
			return catalog.Agency{}, err
		}
		if found != nil {
			return *found, nil
		}
	}
	for i := len(ids) - 1; i >= 0; i-- {
		if a := above[ids[i]]; committee != "" && a.Kind == committee && (p.HomeLevel != catalog.Province || len(p.Agencies) == 0 || isCommittee(p)) {
			return a, nil
		}
	}
	return catalog.Agency{}, fieldFault("deciding_agency", "deciding-agency-required",
		"the record of procedure %s does not tell which agency decides; name it", p.Code)
}

func (o *Office) namedByProcedure(ctx context.Context, p catalog.Procedure, root catalog.Agency, on catalog.Date) (*catalog.Agency, error) {
	for _, name := range p.Agencies {
		found, err := o.store.AgenciesByName(ctx, name, root.Path, on)
		if err != nil {
			return nil, err
		}
		if len(found) == 1 {
			return &found[0], nil
		}
	}
	return nil, nil
}

func isCommittee(p catalog.Procedure) bool {
	for _, name := range p.Agencies {
		if strings.Contains(catalog.Fold(name), "uy ban nhan dan") {
			return true
		}
	}
	return false
}

// Owed are the fees of a dossier that comes in by the channel under the rules, or else what the procedure says of fees in words.
func Owed(p catalog.Procedure, variant string, channel catalog.Channel, rules dossier.RuleSet) ([]dossier.FeeLine, string) {
	if fees := dossier.FeesFor(p, variant, channel, rules.Due(channel)); len(fees) > 0 {
		return fees, ""
	}
	return nil, p.FeeText
}

// Pin is what a dossier keeps of the version of a procedure that it comes in under.
func Pin(p catalog.Procedure, variant string) dossier.Procedure {
	return dossier.Procedure{
		ID: p.ID, VersionID: p.VersionID, Version: p.Version, Code: p.Code, Name: p.Name, Field: p.Field, Level: p.HomeLevel,
		Variant: variant, OnTheSpot: p.OnTheSpot, NoResult: p.NoResult, PaymentStops: p.PaymentStops, Excluded: waitCauses(p.Excluded),
	}
}

func waitCauses(names []string) []dossier.PauseCause {
	var all []dossier.PauseCause
	for _, name := range names {
		all = append(all, dossier.PauseCause(name))
	}
	return all
}

// plan binds the steps of the process to agencies.
func (o *Office) plan(ctx context.Context, x arrival) ([]dossier.PlannedStep, error) {
	process := catalog.Stages(x.procedure.Process)
	if len(process) == 0 && !x.procedure.OnTheSpot {
		process = catalog.Stages(o.process)
	}
	steps := make([]dossier.PlannedStep, len(process))
	for i, s := range process {
		steps[i] = dossier.PlannedStep{Stage: s.Stage, Name: s.Name, Role: s.Role, Term: s.Term, Output: s.Output}
		switch s.Agency {
		case catalog.AtReceiving:
			steps[i].AgencyID = x.receiving.ID
		case catalog.AtDeciding:
			steps[i].AgencyID = x.deciding.ID
		case catalog.AtCommune:
			a, err := o.commune(ctx, x)
			if err != nil {
				return nil, err
			}
			steps[i].AgencyID = a.ID
		default:
			a, err := o.agencyNamed(ctx, fmt.Sprintf("procedure.process[%d].agency", i), string(s.Agency), x.on)
			if err != nil {
				return nil, err
			}
			steps[i].AgencyID = a.ID
		}
	}
	return steps, nil
}

// commune is the people's committee of the applicant's commune: the named one, else that of the counter where the applicant came.
func (o *Office) commune(ctx context.Context, x arrival) (catalog.Agency, error) {
	if x.commune != "" {
		a, err := o.agencyNamed(ctx, "commune", x.commune, x.on)
		if err == nil && a.Kind != catalog.CommuneCommittee {
			err = fieldFault("commune", "commune-required", "agency %s is no people's committee of a commune", a.Code)
		}
		return a, err
	}
	above, err := o.store.AgencyNames(ctx, pathIDs(x.receiving.Path))
	if err != nil {
		return catalog.Agency{}, err
	}
	for _, id := range pathIDs(x.receiving.Path) {
		if a := above[id]; a.Kind == catalog.CommuneCommittee {
			return a, nil
		}
	}
	return catalog.Agency{}, fieldFault("commune", "commune-required", "a step of procedure %s is for the applicant's commune; name it", x.procedure.Code)
}

// drawCode completes the dossier code.
func (o *Office) drawCode(ctx context.Context, x arrival, in *dossier.Intake) error {
	n, err := o.store.NextDossierNumber(ctx, x.receiving.Identifier, x.on)
	if err != nil {
		return err
	}
	in.Code = dossier.Code(x.receiving.Identifier, x.on, n)
	return nil
}

func (o *Office) agencyNamed(ctx context.Context, field, code string, on catalog.Date) (catalog.Agency, error) {
	a, err := o.store.AgencyByCode(ctx, code, on)
	return a, named(err, field)
}

// named turns "not found" into "this field names nothing", since what is missing is not what was asked for but what was said.
func named(err error, field string) error {
	f := fault.As(err)
	if f == nil || f.Kind != fault.NotFound {
		return err
	}
	return fieldSaid(field, f.Code, f.Said)
}

func fieldFault(field, code, detail string, args ...any) error {
	return fieldSaid(field, code, fault.Say(detail, args...))
}

func fieldSaid(field, code string, said fault.Text) error {
	var wrong fault.Fields
	wrong.Put(field, code, said)
	e := fault.Of(fault.Invalid, code, said)
	e.Fields = wrong
	return e
}

// newSecret is ten letters and digits that cannot be confused on paper: 50 bits.
func newSecret() string {
	const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	b := make([]byte, 10)
	_, _ = rand.Read(b) // never fails
	for i := range b {
		b[i] = letters[b[i]&31]
	}
	return string(b)
}
