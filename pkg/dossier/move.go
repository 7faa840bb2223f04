package dossier

import (
	"fmt"
	"strings"
	"time"

	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/worktime"
)

// Action is a named move that somebody may make with a dossier.
type Action string

// The actions.
const (
	Accept             Action = "accept"
	Refuse             Action = "refuse"
	HandOver           Action = "hand-over"
	Take               Action = "take"
	CompleteStep       Action = "complete-step"
	RequestSupplement  Action = "request-supplement"
	CompleteSupplement Action = "complete-supplement"
	RequestPayment     Action = "request-payment"
	ConfirmPayment     Action = "confirm-payment"
	Finish             Action = "finish"
	ChangeReturn       Action = "change-return"
	Return             Action = "return"
	Withdraw           Action = "withdraw"
	Stop               Action = "stop"
	GivePapersBack     Action = "give-papers-back"
	Recall             Action = "recall"
	Reopen             Action = "reopen"
	RequestExtension   Action = "request-extension"
	ApproveExtension   Action = "approve-extension"
	RefuseExtension    Action = "refuse-extension"
	Assign             Action = "assign"
	GiveBack           Action = "give-back"
	SendBack           Action = "send-back"
	RecallStep         Action = "recall-step"
	BeginWait          Action = "begin-wait"
	EndWait            Action = "end-wait"
	Contribute         Action = "contribute"
	SetFees            Action = "set-fees"
	BillFees           Action = "bill-fees"
	PayFees            Action = "pay-fees"
	ExemptFees         Action = "exempt-fees"
	RefundFees         Action = "refund-fees" // asks for it
	ApproveRefund      Action = "approve-refund"
	RefuseRefund       Action = "refuse-refund"
	CancelFees         Action = "cancel-fees"
)

// rule says from which states an action may be taken and what it writes. The states are those of the national table.
type rule struct {
	action Action
	kind   Kind
	from   []State
}

var moves = []rule{
	{Accept, WasAccepted, []State{Registered}},
	{Refuse, WasRefused, []State{Registered, SupplementRequested}},
	{HandOver, WasHandedOver, []State{Accepted}},
	{Take, StepWasTaken, []State{InProgress}},
	{Assign, StepWasAssigned, []State{InProgress, SupplementRequested, PaymentRequired}},
	{GiveBack, StepWasGivenBack, []State{InProgress, SupplementRequested, PaymentRequired}},
	{CompleteStep, StepWasCompleted, []State{InProgress}},
	{SendBack, StepWasSentBack, []State{InProgress}},
	{RecallStep, StepWasRecalled, []State{InProgress}},
	{BeginWait, WaitBegan, []State{InProgress}},
	{EndWait, WaitEnded, []State{InProgress}},
	{Contribute, ContributionWasMade, []State{InProgress, SupplementRequested, PaymentRequired}},
	{RequestSupplement, SupplementWasRequested, []State{Registered, Accepted, InProgress}},
	{CompleteSupplement, SupplementWasCompleted, []State{SupplementRequested}},
	{RequestPayment, PaymentWasRequested, []State{Accepted, InProgress}},
	{ConfirmPayment, PaymentWasConfirmed, []State{PaymentRequired}},
	{Finish, WasFinished, []State{Accepted, InProgress}},
	{ChangeReturn, ReturnWasChanged, unreturned},
	{Return, WasReturned, []State{Resolved}},
	{Withdraw, WasWithdrawn, []State{Registered, Accepted, InProgress, SupplementRequested, PaymentRequired}},
	{Stop, WasStopped, []State{Accepted, InProgress, SupplementRequested, PaymentRequired}},
	{GivePapersBack, PapersWereGivenBack, GivesBackIn},
	{Recall, WasRecalled, []State{Resolved}},
	{Reopen, WasReopened, []State{Stopped}},
	{RequestExtension, ExtensionWasRequested, []State{Accepted, InProgress}},
	{ApproveExtension, ExtensionWasApproved, []State{Accepted, InProgress}},
	{RefuseExtension, ExtensionWasRefused, []State{Accepted, InProgress, SupplementRequested, PaymentRequired}},
	{SetFees, FeesWereSet, unreturned},
	{BillFees, FeesWereBilled, unreturned},
	{PayFees, FeesWerePaid, unreturned},
	{ExemptFees, FeesWereExempted, unreturned},
	{RefundFees, RefundWasRequested, States},
	{ApproveRefund, FeesWereRefunded, States},
	{RefuseRefund, RefundWasRefused, States},
	{CancelFees, FeesWereCancelled, States},
}

// unreturned are the states in which money can be asked for and taken.
var unreturned = []State{Registered, Accepted, InProgress, SupplementRequested, PaymentRequired, Resolved}

// Actions lists every action in the order of a dossier's life.
var Actions = func() []Action {
	all := make([]Action, len(moves))
	for i, m := range moves {
		all[i] = m.action
	}
	return all
}()

// Action that writes an event of the kind, "" for intakes and what other systems tell.
func (k Kind) Action() Action {
	for _, r := range moves {
		if r.kind == k {
			return r.action
		}
	}
	return ""
}

// Move is when something is done and by whom. At is when it happened, Recorded when it is written down.
type Move struct {
	At       time.Time
	Recorded time.Time
	By       By
}

// Open takes in a dossier as its first event. kind is WasRegistered (facts: Intake, AcceptBy), WasReceived (Intake, Basis, Promise)
// or WasImported (Intake, Foreign, Basis, Promise).
func Open(kind Kind, m Move, f Facts) (Dossier, Event, error) {
	if err := Opens(kind, m.At, m.Recorded, f); err != nil {
		return Dossier{}, Event{}, err
	}
	if kind != WasImported {
		f.Intake = f.Intake.tidy()
	}
	return Dossier{}.write(kind, m, f)
}

// Opens says why no dossier can be taken in with these facts, nil if one can.
func Opens(kind Kind, at, recorded time.Time, f Facts) error {
	if err := f.Intake.check(kind, at); err != nil {
		return err
	}
	var wrong fault.Fields
	if at.After(recorded) {
		wrong.Add("received_at", "future", "lies in the future")
		return wrong.Err("dossier-invalid", "the dossier cannot be received")
	}
	checkReceived(f.Received, len(f.Intake.Parts), &wrong)
	if f.ReturnChoice != nil {
		f.ReturnChoice.check(f.Intake.Applicant.Address, &wrong)
	}
	return wrong.Err("dossier-invalid", "the dossier cannot be received")
}

// Act makes one move, if the dossier's state and step allow it and the facts are complete. What a move needs:
//
//   - a Reason: refuse-extension, refund-fees, refuse-refund, change-return, give-back; and one of LeastReason characters: refuse, withdraw, stop,
//     recall, reopen, request-supplement, request-extension, send-back, recall-step
//   - a Document: stop; a Request: withdraw; a Result: finish, unless the procedure has none; HandedOut: return, give-papers-back, and where papers go
//     back with it refuse, withdraw, stop; a ReturnChoice: change-return
//   - the StepNo: whatever is about a step, where several could be meant; ToStage: send-back; an Assignment: assign; a Wait: begin-wait; a Note:
//     contribute, and end-wait on what came; an Extension with its term: request-extension; Fees: whatever is about fees, but for the answer to a refund
//
// Dates (Basis, Promise, StepMarks) are the office's to give. The error is a fault: Conflict when the state does not allow it, Invalid when
// facts are missing.
func (d Dossier) Act(a Action, m Move, f Facts) (Dossier, Event, error) {
	f.StepNo = d.StepOf(a, f.StepNo)
	if err := d.Can(a, f.StepNo); err != nil {
		return d, Event{}, err
	}
	if err := d.needs(a, m.At, f); err != nil {
		return d, Event{}, err
	}
	if err := d.CanAt(a, m.At); err != nil {
		return d, Event{}, err
	}
	d.refunds(a, &f)
	d.nameFile(&f)
	f.Fees = d.whole(a, f.Fees)
	if m.At.Before(d.SubmittedAt) {
		return d, Event{}, fault.New(fault.Conflict, "before-receipt", "%s would lie before the receipt of the dossier", a)
	}
	for _, r := range moves {
		if r.action == a {
			return d.write(r.kind, m, f)
		}
	}
	return d, Event{}, fault.New(fault.NotFound, "action-unknown", "there is no action %q", a)
}

// Can says why the action is not possible now, nil if it is. step is the number of the step that it is about, for those that are about
// one (see OfStep). Who may take it is the office's question.
func (d Dossier) Can(a Action, step int) error {
	var found *rule
	for i := range moves {
		if moves[i].action == a {
			found = &moves[i]
		}
	}
	if found == nil {
		return fault.New(fault.NotFound, "action-unknown", "there is no action %q", a)
	}
	if d.Source != nil {
		return fault.New(fault.Conflict, "foreign-dossier", "the dossier is kept by another system; its state follows that system's records")
	}
	if a == Return && d.State == Returned {
		return fault.New(fault.Conflict, "already-returned", "the result was handed out at %s already", fault.Instant(*d.ReturnedAt))
	}
	allowed := false
	for _, s := range found.from {
		allowed = allowed || s == d.State
	}
	if !allowed {
		return fault.New(fault.Conflict, "wrong-state", "%s is not possible in state %s (%s)", a, d.State, StateNames[d.State])
	}
	switch {
	case a == Refuse && d.AcceptedAt != nil:
		return fault.New(fault.Conflict, "already-accepted", "an accepted dossier is stopped, not refused")
	case a == Withdraw && d.wasResolved(), a == Stop && d.wasResolved() && d.Asked == nil: // else an end that was late could be turned into one that no rate counts
		return alreadyResolved()
	case a == Stop && d.AcceptedAt == nil: // re-opened, it would go on without ever having been promised a date
		return fault.New(fault.Conflict, "not-accepted", "a dossier that was never accepted is refused, not stopped")
	case a == HandOver && len(d.Steps) == 0:
		return fault.New(fault.Conflict, "no-steps", "the procedure has no steps; finish the dossier")
	case a == Finish && d.State == Accepted && !d.Procedure.OnTheSpot && len(d.Steps) > 0:
		return fault.New(fault.Conflict, "steps-open", "the dossier has not gone through its steps; hand it over first")
	case a == RequestExtension && d.Promise() == nil:
		return fault.New(fault.Conflict, "no-promise", "the dossier has no date that could be moved")
	case a == RequestExtension && d.Extension != nil:
		return fault.New(fault.Conflict, "extension-pending", "more time was already asked for by %s", d.Extension.AskedBy.Name)
	case (a == ApproveExtension || a == RefuseExtension) && d.Extension == nil:
		return fault.New(fault.Conflict, "no-extension", "nobody asked for more time")
	case a == Return && d.undocumented():
		return fault.New(fault.Conflict, "no-document", "a result leaves with the number of its document, or its file: name it with finish, or attach it")
	case a == GivePapersBack:
		return d.canGiveBack()
	}
	if err := d.canFees(a); err != nil {
		return err
	}
	return d.canStep(a, step)
}

func alreadyResolved() error {
	return fault.New(fault.Conflict, "already-resolved", "there was a result already; a dossier that was recalled is finished again")
}

// CanAt says why the action is not possible yet at the instant: whoever was asked for papers is not refused before the time for them is up, and a
// recalled dossier is stopped only where nothing came in that time: it could not be finished any more.
func (d Dossier) CanAt(a Action, at time.Time) error {
	by := d.AnswerBy()
	if a == Stop && d.wasResolved() && (by == nil || at.Before(*by)) {
		return alreadyResolved()
	}
	if a == Refuse && by != nil && at.Before(*by) {
		return fault.New(fault.Conflict, "answer-open", "the applicant has until %s to hand in what was asked for", fault.Instant(*by))
	}
	return nil
}

// Lacks says what the facts of an event should have said for its action to be taken, nil if nothing.
func (d Dossier) Lacks(a Action, at time.Time, f Facts) error {
	if a == ApproveRefund || a == RefuseRefund {
		f.Fees = nil // repeats what was asked for
	}
	return d.needs(a, at, f)
}

func (d Dossier) needs(a Action, at time.Time, f Facts) error {
	var wrong fault.Fields
	switch a {
	case Refuse, Withdraw, Stop, Recall, Reopen, RequestSupplement, RefuseExtension, RequestExtension, GiveBack, SendBack, RecallStep, RefuseRefund, ChangeReturn:
		checkReason(a, f.Reason, &wrong)
		if a == RequestExtension {
			f.Extension.check(&wrong)
		}
		if a == RequestSupplement {
			d.checkNames(f.Papers, len(f.PartNos), fault.Say("is missing: name the papers, or parts of the checklist, that are asked for"), &wrong)
		}
		if a == ChangeReturn {
			f.ReturnChoice.check(d.Applicant.Address, &wrong)
		}
		if a == SendBack && (f.ToStage < 1 || d.Step() == nil || f.ToStage >= d.Step().Stage) {
			wrong.Add("to_stage", "unknown", "names no stage before the one under way")
		}
	case CompleteSupplement:
		// Else the time would begin anew for nothing.
		d.checkNames(f.Papers, len(f.Received), fault.Say("is missing: name the papers that came"), &wrong)
	case Assign:
		f.Assignment.check(&wrong)
	case BeginWait:
		if f.Wait.check(&wrong); f.Wait != nil && f.Wait.AnswerBy != nil && !f.Wait.AnswerBy.After(at) {
			wrong.Add("wait.answer_by", "order", "lies before the wait")
		}
	case EndWait:
		checkSays("note", f.Note, fault.Say("is missing: say what came, with the number of the document"), &wrong)
	case Contribute:
		d.checkContribution(f, &wrong)
	case Finish:
		if f.Result != nil {
			checkSays("result.summary", f.Result.Summary, fault.Say("is missing"), &wrong)
			checkDocumentNumber("result.number", f.Result.Number, &wrong)
		} else if !d.Procedure.NoResult {
			wrong.Add("result", "required", "is missing: the procedure has a result")
		}
	case Return:
		if d.FeesOpen() && strings.TrimSpace(f.Reason) == "" {
			wrong.Add("reason", "required", "is missing: %d đồng are open, say why the result leaves nevertheless", d.FeeTotals().Open)
		}
		f.HandedOut.check(d, &wrong)
	case SetFees, BillFees, PayFees, ExemptFees, RefundFees, CancelFees, RequestPayment:
		if (a == RefundFees || a == CancelFees) && strings.TrimSpace(f.Reason) == "" {
			wrong.Add("reason", "required", "is missing")
		}
		d.checkFees(a, f, &wrong)
	}
	if f.AnswerBy != nil && !f.AnswerBy.After(at) {
		wrong.Add("answer_by", "order", "lies before the request")
	}
	d.checkEnding(a, at, f, &wrong)
	if a.GivesBack() {
		d.checkPapers(a, f.HandedOut, &wrong)
	}
	d.checkParts(f, &wrong)
	checkBelongings(a, f, &wrong)
	return wrong.Err("action-invalid", "the action lacks something")
}

// check names what is wrong with a term that is asked for on top.
func (x *Extension) check(wrong *fault.Fields) {
	switch {
	case x == nil:
		wrong.Add("extension", "required", "is missing: say how much more time is needed")
	case x.Term.Check() != nil:
		wrong.Add("extension", "term-invalid", "%v", x.Term.Check())
	case x.Term.Value.IsZero() || !x.Term.Dated() || x.Term.Unit == worktime.SameDay:
		wrong.Add("extension", "term-invalid", "must be a span of time that is not nothing")
	}
}

// Replan writes down the dates that a change of the calendar moved (facts: Reason, and a Promise or StepMarks by Reckoner.Replan).
func (d Dossier) Replan(m Move, f Facts) (Dossier, Event, error) {
	if d.Source != nil || d.State.Ended() || d.Suspended() != nil && f.Promise != nil {
		return d, Event{}, fmt.Errorf("the clock of dossier %s does not run: its dates do not move", d.ID)
	}
	return d.write(WasReplanned, m, f)
}

// Follow writes down what another system now says of its dossier (facts: Foreign, and a Promise if its due date moved).
func (d Dossier) Follow(m Move, f Facts) (Dossier, Event, error) {
	if d.Source == nil {
		return d, Event{}, fault.New(fault.Conflict, "own-dossier", "dossier %s is our own; another system's record cannot change it", d.Code)
	}
	return d.write(WasUpdated, m, f)
}
