package dossier

import (
	"slices"

	"github.com/motcua/motcua/pkg/fault"
)

// feeActions are the actions that name fees.
var feeActions = []Action{SetFees, BillFees, PayFees, ExemptFees, RefundFees, CancelFees, RequestPayment}

// belongings are the facts that only some actions may say. Everything else, such as a reason or a note, may go with any.
var belongings = []struct {
	field string
	said  func(f Facts) bool
	with  []Action
}{
	{"step", func(f Facts) bool { return f.StepNo != 0 }, ofStep},
	{"to_stage", func(f Facts) bool { return f.ToStage != 0 }, []Action{SendBack}},
	{"assignment", func(f Facts) bool { return f.Assignment != nil }, []Action{Assign}},
	{"wait", func(f Facts) bool { return f.Wait != nil }, []Action{BeginWait}},
	{"extension", func(f Facts) bool { return f.Extension != nil }, []Action{RequestExtension}},
	{"papers", func(f Facts) bool { return len(f.Papers) > 0 }, []Action{RequestSupplement, CompleteSupplement}},
	{"part_nos", func(f Facts) bool { return len(f.PartNos) > 0 }, []Action{RequestSupplement}},
	{"received", func(f Facts) bool { return len(f.Received) > 0 }, []Action{Accept, CompleteSupplement}},
	{"answer_by", func(f Facts) bool { return f.AnswerBy != nil }, []Action{RequestSupplement, RequestPayment}},
	{"fees", func(f Facts) bool { return len(f.Fees) > 0 }, feeActions},
	{"result", func(f Facts) bool { return f.Result != nil }, []Action{Finish}},
	{"handed_out", func(f Facts) bool { return f.HandedOut != nil }, []Action{Return, Refuse, Withdraw, Stop, GivePapersBack}},
	{"return_choice", func(f Facts) bool { return f.ReturnChoice != nil }, []Action{ChangeReturn}},
	{"document", func(f Facts) bool { return f.Document != nil }, []Action{Stop, Withdraw}},
	{"request", func(f Facts) bool { return f.Request != nil }, []Action{Withdraw}},
	{"file_no", func(f Facts) bool { return f.FileNo != 0 }, []Action{Contribute}},
}

// checkBelongings names what belongs to another action: kept with this one, it would stand in the journal and mean nothing.
func checkBelongings(a Action, f Facts, wrong *fault.Fields) {
	for _, b := range belongings {
		if b.said(f) && !slices.Contains(b.with, a) {
			wrong.Add(b.field, "not-here", "belongs to %v", b.with)
		}
	}
}
