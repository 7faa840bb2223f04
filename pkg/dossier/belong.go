package dossier

import (
	"fmt"
	"slices"
	"time"

	"github.com/motcua/motcua/pkg/fault"
)

// Which events say the dates that follow from what happened. An answer to a supplement, a payment and the end of a wait let the clock run again.
var (
	feeActions  = []Action{SetFees, BillFees, PayFees, ExemptFees, RefundFees, CancelFees, RequestPayment}
	ofIntake    = []Kind{WasRegistered, WasReceived}
	theirs      = []Kind{WasImported, WasUpdated}
	ofAnswers   = []Kind{SupplementWasRequested, PaymentWasRequested}
	afterFees   = []Kind{FeesWereSet, FeesWerePaid, FeesWereExempted, FeesWereCancelled}
	clockRuns   = slices.Concat(afterFees, []Kind{SupplementWasCompleted, PaymentWasConfirmed, WaitEnded, WasRecalled, WasReopened, WasReplanned})
	stepsBegin  = slices.Concat(clockRuns, []Kind{WasHandedOver, StepWasCompleted, StepWasSentBack, StepWasRecalled})
	limitsBegin = slices.Concat(ofAnswers, afterFees, []Kind{WasRegistered, SupplementWasCompleted, PaymentWasConfirmed, WaitBegan})
	asPaper     = slices.Concat(afterFees, []Kind{
		WasReceived, WasAccepted, WasRefused, SupplementWasRequested, SupplementWasCompleted, PaymentWasConfirmed, ExtensionWasApproved, WasStopped,
	})
)

// belongings are all facts, each with the actions that say it and the other events whose journal has it: intakes, what other systems tell, and what
// the office adds to an action. Anything may have its reason, its legal basis and a note.
var belongings = []struct {
	field string
	said  func(f Facts) bool
	with  []Action
	kept  []Kind
}{
	{"intake", func(f Facts) bool { return f.Intake != nil }, nil, append(ofIntake, WasImported)},
	{"foreign", func(f Facts) bool { return f.Foreign != nil }, nil, theirs},
	{"basis", func(f Facts) bool { return f.Basis != nil }, nil, []Kind{WasReceived, WasImported, WasAccepted, SupplementWasCompleted, ExtensionWasApproved}},
	{"promise", func(f Facts) bool { return f.Promise != nil }, nil, slices.Concat(theirs, clockRuns, []Kind{WasReceived, WasAccepted, ExtensionWasApproved})},
	{"step_marks", func(f Facts) bool { return len(f.StepMarks) > 0 }, nil, stepsBegin},
	{"accept_by", func(f Facts) bool { return f.AcceptBy != nil }, nil, limitsBegin},
	{"limit", func(f Facts) bool { return f.Limit != nil }, nil, limitsBegin},
	{"stops_clock", func(f Facts) bool { return f.StopsClock }, nil, append(ofAnswers, WaitBegan)},
	{"form", func(f Facts) bool { return f.Form != nil }, nil, asPaper},
	{"refund", func(f Facts) bool { return f.Refund != nil }, nil, []Kind{FeesWereRefunded, RefundWasRefused}},
	{"file", func(f Facts) bool { return f.File != nil }, nil, []Kind{FileWasAttached}},
	{"reason", func(f Facts) bool { return f.Reason != "" }, Actions, []Kind{WasReplanned, FileWasRemoved}},
	{"legal_basis", func(f Facts) bool { return f.LegalBasis != "" }, Actions, []Kind{WasReplanned}},
	{"note", func(f Facts) bool { return f.Note != "" }, Actions, nil},
	{"step", func(f Facts) bool { return f.StepNo != 0 }, ofStep, nil},
	{"to_stage", func(f Facts) bool { return f.ToStage != 0 }, []Action{SendBack}, nil},
	{"assignment", func(f Facts) bool { return f.Assignment != nil }, []Action{Assign}, nil},
	{"wait", func(f Facts) bool { return f.Wait != nil }, []Action{BeginWait}, nil},
	{"extension", func(f Facts) bool { return f.Extension != nil }, []Action{RequestExtension}, nil},
	{"papers", func(f Facts) bool { return len(f.Papers) > 0 }, []Action{RequestSupplement, CompleteSupplement}, nil},
	{"part_nos", func(f Facts) bool { return len(f.PartNos) > 0 }, []Action{RequestSupplement}, nil},
	{"received", func(f Facts) bool { return len(f.Received) > 0 }, []Action{Accept, CompleteSupplement}, ofIntake},
	{"answer_by", func(f Facts) bool { return f.AnswerBy != nil }, []Action{RequestSupplement, RequestPayment}, nil},
	{"fees", func(f Facts) bool { return len(f.Fees) > 0 }, feeActions, []Kind{FeesWereRefunded, RefundWasRefused}},
	{"result", func(f Facts) bool { return f.Result != nil }, []Action{Finish}, nil},
	{"handed_out", func(f Facts) bool { return f.HandedOut != nil }, []Action{Return, Refuse, Withdraw, Stop, GivePapersBack}, nil},
	{"return_choice", func(f Facts) bool { return f.ReturnChoice != nil }, []Action{ChangeReturn}, ofIntake},
	{"document", func(f Facts) bool { return f.Document != nil }, []Action{Stop, Withdraw}, nil},
	{"request", func(f Facts) bool { return f.Request != nil }, []Action{Withdraw}, nil},
	{"file_no", func(f Facts) bool { return f.FileNo != 0 }, []Action{Contribute}, []Kind{FileWasRemoved}},
}

// checkBelongings names what belongs to another action: kept with this one, it would stand in the journal and mean nothing. What the office adds
// nobody says.
func checkBelongings(a Action, f Facts, wrong *fault.Fields) {
	for _, b := range belongings {
		if len(b.with) > 0 && b.said(f) && !slices.Contains(b.with, a) {
			wrong.Add(b.field, "not-here", "belongs to %v", b.with)
		}
	}
}

// Misplaced names the facts of an event that its kind does not say: an end of a wait in the words that begin it, another system's dates in an act
// of our own.
func Misplaced(k Kind, f Facts) []string {
	var all []string
	for _, b := range belongings {
		if b.said(f) && !slices.Contains(b.kept, k) && !slices.Contains(b.with, k.Action()) {
			all = append(all, fmt.Sprintf("%s is nothing that %s says", b.field, k))
		}
	}
	if w := f.Wait; w != nil && (w.StepNo != 0 || w.From != time.Time{} || w.To != nil || w.Owner != By{} || w.StopsClock || w.Answer != "") {
		all = append(all, "wait says more than whom it is for, why and until when")
	}
	if x := f.File; x != nil && (x.No != 0 || x.AttachedAt != nil || x.AttachedBy != nil || x.RemovedAt != nil || x.RemovedBy != nil || x.Removal != "") {
		all = append(all, "file says more than what it is")
	}
	return all
}
