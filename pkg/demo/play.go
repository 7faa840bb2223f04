package demo

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/worktime"
)

// play is one dossier's life while it is lived: the same moves and the same reckoning as the office's own.
type play struct {
	*world
	chance
	*arrival
	d      dossier.Dossier
	events []dossier.Event
	now    time.Time // when the last thing happened
	over   bool      // the next thing would happen after the demonstration's present
	err    error
}

// live plays every dossier up to the cut.
func (w *world) live(p *Province) error {
	crowd, err := w.crowd()
	if err != nil {
		return err
	}
	citizen, err := crowd.citizen()
	if err != nil {
		return err
	}
	all, err := crowd.year(citizen)
	if err != nil {
		return err
	}
	c := draw(w.plan.Seed, forPlay)
	p.Counters = w.number(all, c)
	p.Citizen = Citizen{Name: citizen.applicant.Name, Code: citizen.code, Secret: citizen.secret}
	p.Lives = make([]dossier.Life, len(all))
	for i, a := range all {
		w.again(a, citizen)
		one := &play{world: w, chance: c, arrival: a}
		one.life()
		if one.err != nil {
			return fmt.Errorf("dossier %s: %w", a.code, one.err)
		}
		p.Lives[i] = dossier.Life{Dossier: one.d, Events: one.events}
	}
	return nil
}

// life is the whole of it. Every move after the cut is left undone, so it ends wherever the year does.
func (p *play) life() {
	p.receive()
	if p.err != nil {
		return
	}
	p.attachPapers()
	if p.d.State == dossier.Registered && !p.accept() {
		return
	}
	if p.fate.rests == dossier.Accepted {
		return
	}
	if p.item.OnTheSpot {
		p.move(dossier.Finish, p.work(8*time.Minute, 50*time.Minute), p.clerk(), p.result())
		p.attachResult()
		p.handOut()
		return
	}
	if p.fate.supplement == beforeHandOver && !p.ask(p.clerk(), 5*time.Minute, 3*time.Hour) {
		return
	}
	p.move(dossier.HandOver, p.work(5*time.Minute, 100*time.Minute), p.clerk(), dossier.Facts{})
	p.steps()
	p.attachResult()
	p.handOut()
}

func (p *play) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

// receive is the first event: accepted at once over the counter, registered when it came online.
func (p *play) receive() {
	p.now = p.at
	r, err := p.reckoner(p.at)
	if err != nil {
		p.fail(err)
		return
	}
	facts := dossier.Facts{Intake: p.intake(r.Rules), Received: p.handedIn()}
	by, kind := p.clerk(), dossier.WasReceived
	if p.channel == catalog.Online && !p.onBehalf {
		by, kind = p.roster.portal, dossier.WasRegistered
		err = r.Registered(p.at, &facts)
	} else {
		facts.Form = r.Rules.Forms.Named(dossier.FormReceipt)
		facts.Basis, facts.Promise, err = r.First(p.at, p.term())
	}
	if err != nil {
		p.fail(err)
		return
	}
	d, e, err := dossier.Open(kind, dossier.Move{At: p.at, Recorded: p.at, By: by}, facts)
	if err != nil {
		p.fail(err)
		return
	}
	p.d, p.events = d, append(p.events, e)
}

func (p *play) term() worktime.Term {
	term, err := p.item.TermFor(p.channel, p.variant)
	if err != nil {
		p.fail(err)
	}
	return term
}

func (p *play) intake(rules dossier.RuleSet) *dossier.Intake {
	x := p.item
	in := &dossier.Intake{
		ID: p.id, Code: p.code, Channel: string(p.channel), OnBehalf: p.onBehalf,
		Procedure:   onestop.Pin(x.Procedure, p.variant),
		ReceivingID: p.home.centre.ID, DecidingID: p.deciding.ID, HelpedID: p.helped(), ReturningID: p.chosen(),
		Parts:     onestop.Checklist(x.Procedure),
		Applicant: p.applicant, Submitter: p.submitter, Authority: p.authority, Note: "Hồ sơ minh họa", SecretHash: dossier.HashSecret(p.id, p.secret),
	}
	in.Fees, in.FeeText = onestop.Owed(x.Procedure, p.variant, p.channel, rules)
	for _, s := range x.Process {
		in.Steps = append(in.Steps, dossier.PlannedStep{Stage: s.Stage, Name: s.Name, AgencyID: p.agency(s.Agency), Role: s.Role, Term: s.Term, Output: s.Output})
	}
	return in
}

func (p *play) agency(place catalog.StepPlace) uuid.UUID {
	switch place {
	case catalog.AtDeciding:
		return p.deciding.ID
	case catalog.AtReceiving:
		return p.home.centre.ID
	case rootCode:
		return p.places.province.unit.ID
	default:
		return p.places.departments[string(place)].ID
	}
}

// move does something at the instant, or as soon after the last thing as can be. It says whether it was done.
func (p *play) move(a dossier.Action, at time.Time, by dossier.By, f dossier.Facts) bool {
	if p.over || p.err != nil {
		return false
	}
	if at = at.UTC().Truncate(time.Second); !at.After(p.now) {
		at = p.now.Add(time.Second)
	}
	if !at.Before(p.cut) {
		p.over = true
		return false
	}
	r, err := p.reckoning(at)
	if err == nil {
		err = r.Dates(p.d, a, at, p.term(), &f)
	}
	if today, e := p.reckoner(at); err == nil {
		f.Form, err = today.Rules.Forms.For(a, f), e
	}
	if err != nil {
		p.fail(err)
		return false
	}
	d, e, err := p.d.Act(a, dossier.Move{At: at, Recorded: at, By: by}, f)
	if err != nil {
		p.fail(err)
		return false
	}
	p.d, p.events, p.now = d, append(p.events, e), at
	return true
}

// reckoning is by the rules that the dossier was accepted under, or would be now.
func (p *play) reckoning(at time.Time) (dossier.Reckoner, error) {
	if p.d.Basis != nil {
		at = *p.d.AcceptedAt
	}
	return p.reckoner(at)
}

// work is when somebody gets round to something that takes so much working time.
func (p *play) work(low, high time.Duration) time.Time {
	return p.after(p.now, int64(p.span(low, high)/time.Second))
}

func (p *play) after(t time.Time, seconds int64) time.Time {
	at, err := p.plan.Calendar.Add(t, seconds)
	if err != nil {
		p.fail(err)
	}
	return at
}

func (p *play) elapsed(from, to time.Time) int64 {
	n, err := p.plan.Calendar.Elapsed(from, to)
	if err != nil {
		p.fail(err)
	}
	return n
}

func (p *play) clerk() dossier.By { return p.roster.clerks[p.home.centre.ID] }

// worker is somebody whose step it is.
func (p *play) worker(s *dossier.Step) dossier.By {
	switch staff.Role(s.Role) {
	case staff.Clerk:
		return p.roster.clerks[s.AgencyID]
	case staff.Supervisor:
		return p.roster.heads[s.AgencyID]
	default:
		return oneOf(p.chance, p.roster.officers[s.AgencyID])
	}
}
