package dossier

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
)

// Rebuild makes a dossier out of its journal, from the first event on. It checks numbers, chain and hashes on the way; the error
// names the first event that does not fit.
func Rebuild(events []Event) (Dossier, error) { return Replay(events, nil) }

// Replay is Rebuild that shows each event with its facts and the dossier before it, so that what an event claims can be worked out
// anew. An error of visit ends it.
func Replay(events []Event, visit func(before Dossier, e Event, f Facts) error) (Dossier, error) {
	var d Dossier
	for i, e := range events {
		switch {
		case e.Seq != i+1:
			return d, fmt.Errorf("event %d is missing: number %d follows", i+1, e.Seq)
		case i > 0 && e.DossierID != d.ID:
			return d, fmt.Errorf("event %d belongs to another dossier", e.Seq)
		case e.Prev != d.Head:
			return d, fmt.Errorf("event %d does not follow on the one before it", e.Seq)
		case e.Hash != e.Sum():
			return d, fmt.Errorf("event %d is not what was written: its hash differs", e.Seq)
		}
		f, err := e.Read()
		if err != nil {
			return d, err
		}
		if visit != nil {
			if err := visit(d, e, f); err != nil {
				return d, err
			}
		}
		next, err := d.apply(e, f)
		if err != nil {
			return d, err
		}
		d = next
	}
	return d, nil
}

// apply is the one place where an event, with the facts that it holds, changes a dossier, whether it just happened or is read from the
// journal.
func (d Dossier) apply(e Event, f Facts) (Dossier, error) {
	if err := d.knowsSource(e, f); err != nil {
		return d, err
	}
	d = d.detached()
	d.missLimit(e.At)
	switch e.Kind {
	case WasRegistered, WasReceived, WasImported:
		if f.Intake == nil || d.Version != 0 {
			return d, fmt.Errorf("event %d: an intake must be the first and say what came in", e.Seq)
		}
		d.takeIn(*f.Intake, e)
		d.choose(f.ReturnChoice)
		d.SubmittedAt, d.State, d.AcceptBy = e.At, Registered, f.AcceptBy
		if e.Kind == WasReceived {
			d.accept(e, f)
		}
		if e.Kind == WasImported {
			d.follow(f, e)
		}
	case WasUpdated:
		d.follow(f, e)
	case WasAccepted:
		d.accept(e, f)
	case WasRefused:
		d.end(Refused, e.At, f.Reason)
		d.giveBack(e, f.HandedOut)
	case WasHandedOver:
		d.State = InProgress
		d.leaveCounter(e.At)
		d.begin(d.StepsOf(1), e.At, f)
	case StepWasTaken:
		if s := d.step(f.StepNo); s != nil {
			s.TakenAt, s.TakenBy = ptr(e.At), ptr(e.By)
		}
	case StepWasCompleted:
		next := d.StageAfter(f.StepNo)
		d.complete(f.StepNo, e, f.Note)
		d.begin(next, e.At, f)
	case StepWasAssigned:
		if s := d.step(f.StepNo); s != nil {
			s.assign(f.Assignment)
			d.bringIn(s.Desks())
		}
	case StepWasGivenBack:
		if s := d.step(f.StepNo); s != nil {
			s.Assigned, s.TakenAt, s.TakenBy = nil, nil, nil
		}
	case StepWasSentBack:
		d.leaveStage(e.At)
		for i := range d.Steps {
			if s := &d.Steps[i]; s.Stage >= f.ToStage {
				*s = s.planned()
			}
		}
		d.begin(d.StepsOf(f.ToStage), e.At, f)
	case StepWasRecalled:
		d.takeBack(e, f)
	case WaitBegan:
		d.wait(e, f)
	case WaitEnded:
		d.goOn(e, f)
	case ContributionWasMade:
		d.contribute(e, f)
	case SupplementWasRequested:
		d.Supplements++
		d.suspend(SupplementRequested, ForSupplement, e, f)
	case PaymentWasRequested:
		d.await(e, f)
		d.suspend(PaymentRequired, ForPayment, e, f)
	case FeesWereSet, FeesWereBilled, FeesWerePaid, FeesWereExempted, FeesWereCancelled:
		d.put(e, f)
	case RefundWasRequested:
		d.askRefund(e, f)
	case FeesWereRefunded:
		d.put(e, f)
		d.Refund = nil
	case RefundWasRefused:
		d.Refund = nil
	case SupplementWasCompleted, PaymentWasConfirmed:
		d.resume(e, f)
	case WasFinished:
		d.complete(d.StepNo, e, f.Note)
		d.end(Resolved, e.At, "")
		d.Result = f.Result
		if d.ReturningID != uuid.Nil {
			d.HolderID = d.ReturningID
		}
	case WasReturned:
		d.handOut(e, f.HandedOut)
	case PapersWereGivenBack:
		d.giveBack(e, f.HandedOut)
	case ReturnWasChanged:
		d.choose(f.ReturnChoice)
	case WasWithdrawn:
		d.end(Withdrawn, e.At, f.Reason)
		d.Request, d.Document = f.Request, f.Document
		d.giveBack(e, f.HandedOut)
	case WasStopped:
		d.end(Stopped, e.At, f.Reason)
		d.Document = f.Document
		d.giveBack(e, f.HandedOut)
	case WasRecalled, WasReopened:
		d.reopen(e, f)
	case ExtensionWasRequested:
		d.ask(e, f)
	case ExtensionWasApproved:
		d.grant(e, f)
	case ExtensionWasRefused:
		d.Extension = nil
	case WasReplanned:
		d.promise(e, f)
		d.mark(f)
	case FileWasAttached:
		d.attach(f.File, e)
	case FileWasRemoved:
		d.strike(f, e)
	default:
		return d, fmt.Errorf("event %d: unknown kind %q", e.Seq, e.Kind)
	}
	d.checkOff(f, e)
	d.holdUp(e.At)
	d.Version, d.Head = e.Seq, e.Hash
	return d, nil
}

// knowsSource says why an event is not of its dossier: what another system says belongs to dossiers that were taken over from one, and nothing
// else begins those.
func (d Dossier) knowsSource(e Event, f Facts) error {
	switch e.Kind {
	case WasRegistered, WasReceived, WasImported:
		if f.Intake != nil && (f.Intake.Source != nil) != (e.Kind == WasImported) {
			return fmt.Errorf("event %d: what is taken over names the system that it comes from, and nothing else does", e.Seq)
		}
	case WasUpdated:
		if d.Source == nil {
			return fmt.Errorf("event %d: the dossier is our own; another system's record cannot change it", e.Seq)
		}
	default:
		return nil
	}
	if slices.Contains(theirs, e.Kind) && f.Foreign == nil {
		return fmt.Errorf("event %d: it does not say what the other system's record says", e.Seq)
	}
	return nil
}

// detached copies what apply writes into, so that the dossier before the move stays as it was.
func (d Dossier) detached() Dossier {
	d.Steps = append([]Step(nil), d.Steps...)
	d.Turns = append([]Turn(nil), d.Turns...)
	d.Waits = append([]Wait(nil), d.Waits...)
	d.Contributions = append([]Contribution(nil), d.Contributions...)
	d.Pauses = append([]Pause(nil), d.Pauses...)
	d.Promises = append([]Promise(nil), d.Promises...)
	d.Fees = append([]Fee(nil), d.Fees...)
	d.Parts = append([]Part(nil), d.Parts...)
	d.PapersBack = append([]PapersBack(nil), d.PapersBack...)
	d.Files = append([]File(nil), d.Files...)
	return d
}

func (d *Dossier) takeIn(in Intake, e Event) {
	d.ID, d.Code, d.Procedure, d.Channel, d.OnBehalf = in.ID, in.Code, in.Procedure, catalog.Channel(in.Channel), in.OnBehalf
	d.ReceivingID, d.DecidingID, d.HolderID = in.ReceivingID, in.DecidingID, in.ReceivingID
	d.Applicant, d.Submitter, d.Note, d.SecretHash, d.Source = in.Applicant, in.Submitter, in.Note, in.SecretHash, in.Source
	d.Authority, d.HelpedID, d.ReturningID, d.FeeText = in.Authority, in.HelpedID, in.ReturningID, in.FeeText
	for i, line := range in.Fees {
		line.No = i + 1
		d.Fees = append(d.Fees, Fee{FeeLine: line, Listed: &Listed{line.VND, line.Due}, State: FeeUnpaid, ChangedAt: e.At, ChangedBy: e.By})
	}
	for i, s := range in.Steps {
		if s.Stage == 0 {
			s.Stage = d.LastStage() + 1
		}
		d.Steps = append(d.Steps, Step{No: i + 1, Stage: s.Stage, Name: s.Name, AgencyID: s.AgencyID, Role: s.Role, Term: s.Term, Output: s.Output})
	}
	for i, p := range in.Parts {
		d.Parts = append(d.Parts, Part{No: i + 1, Name: p.Name, Required: p.Required, Optional: p.Optional, Note: p.Note})
	}
	for _, r := range in.ReusedFrom {
		if r.No == 0 {
			r.No = d.beyond(r.Name)
		}
		d.ReusedFrom = append(d.ReusedFrom, r)
	}
}

func (d *Dossier) accept(e Event, f Facts) {
	d.State, d.AcceptedAt, d.AcceptBy, d.Basis = Accepted, ptr(e.At), nil, f.Basis
	d.promise(e, f)
}

// promise adds the date that the event promises, with who stands for it.
func (d *Dossier) promise(e Event, f Facts) {
	if f.Promise == nil {
		return
	}
	p := *f.Promise
	p.Form = f.Form
	if p.AskedBy == nil {
		p.AskedBy = ptr(e.By)
	} else {
		p.ApprovedBy = ptr(e.By)
	}
	d.Promises = append(d.Promises, p)
}

func (d *Dossier) ask(e Event, f Facts) {
	if f.Extension == nil {
		return
	}
	x := *f.Extension
	x.Reason, x.LegalBasis, x.AskedAt, x.AskedBy = f.Reason, f.LegalBasis, e.At, e.By
	d.Extension = &x
}

func (d *Dossier) grant(e Event, f Facts) {
	d.Extension = nil
	if f.Basis != nil {
		d.Basis = f.Basis
	}
	d.promise(e, f)
}

// suspend leads to a state in which the applicant has to answer, by when the event says.
func (d *Dossier) suspend(to State, cause PauseCause, e Event, f Facts) {
	d.ResumeState, d.State, d.Reason = d.State, to, f.Reason
	d.Asked = &Asked{By: e.By, Until: f.AnswerBy, Chosen: f.Limit != nil && f.Limit.Chosen}
	if f.StopsClock {
		d.Pauses = append(d.Pauses, Pause{From: e.At, Cause: cause})
	}
}

func (d *Dossier) resume(e Event, f Facts) {
	d.closePause(e.At)
	d.State, d.ResumeState, d.Reason = d.ResumeState, "", ""
	if f.AcceptBy != nil {
		d.AcceptBy = f.AcceptBy
	}
	d.Asked, d.Awaited, d.HeldUpSince = nil, nil, nil
	if f.Basis != nil {
		d.Basis = f.Basis
	}
	d.promise(e, f)
	if e.Kind == PaymentWasConfirmed && d.StepNo == 0 { // the national table leads from 6 to 4
		d.State = InProgress
		d.leaveCounter(e.At)
		d.begin(d.StepsOf(1), e.At, f)
		return
	}
	d.mark(f)
}

func (d *Dossier) closePause(at time.Time) {
	if p := d.Suspended(); p != nil {
		p.To = ptr(at)
	}
}

// await keeps which fees state 6 waits for.
func (d *Dossier) await(e Event, f Facts) {
	d.Awaited = nil
	for next, i := len(d.Fees)+1, 0; i < len(f.Fees); i++ {
		no := f.Fees[i].No
		if no == 0 {
			no, next = next, next+1
		}
		d.Awaited = append(d.Awaited, no)
	}
	d.put(e, f)
}

// follow sets what another system says of its own dossier.
func (d *Dossier) follow(f Facts, e Event) {
	x := *f.Foreign
	d.closePause(e.At)
	d.State, d.FinishedAt, d.ReturnedAt, d.HolderID = x.State, x.FinishedAt, x.ReturnedAt, d.DecidingID
	if x.State == Registered {
		d.SubmittedAt, d.AcceptedAt = x.ReceivedAt, nil
	} else {
		d.SubmittedAt, d.AcceptedAt = x.ReceivedAt, ptr(x.ReceivedAt)
	}
	if x.State == SupplementRequested || x.State == PaymentRequired {
		d.Pauses = append(d.Pauses, Pause{From: e.At, Cause: map[State]PauseCause{SupplementRequested: ForSupplement, PaymentRequired: ForPayment}[x.State]})
	}
	if f.Basis != nil {
		d.Basis = f.Basis
	}
	d.promise(e, f)
}

// write makes the event of a move and the dossier after it. Both come from the same apply that reads the journal.
func (d Dossier) write(kind Kind, m Move, f Facts) (Dossier, Event, error) {
	body, err := json.Marshal(f)
	if err != nil {
		return d, Event{}, fmt.Errorf("write %s: %w", kind, err)
	}
	id := d.ID
	if f.Intake != nil {
		id = f.Intake.ID
	}
	e := Event{
		DossierID: id, Kind: kind, By: m.By, Facts: body,
		At: m.At.UTC().Truncate(time.Microsecond), RecordedAt: m.Recorded.UTC().Truncate(time.Microsecond),
	}.seal(d)
	if f, err = e.Read(); err != nil { // as whoever reads the journal will
		return d, e, err
	}
	next, err := d.apply(e, f)
	return next, e, err
}

func ptr[T any](v T) *T { return &v }
