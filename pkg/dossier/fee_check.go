package dossier

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/motcua/motcua/pkg/fault"
)

// mostVND is more than any fee; what is larger is a slip of the keyboard.
const mostVND = 1_000_000_000_000

// feesOf is what an action may be done with: fees in these states.
var feesOf = map[Action][]FeeState{
	SetFees: {FeeUnpaid, FeePending}, BillFees: {FeeUnpaid}, PayFees: {FeeUnpaid, FeePending}, ExemptFees: {FeeUnpaid, FeePending},
	RefundFees: {FeePaid}, ApproveRefund: {FeePaid}, CancelFees: {FeeUnpaid, FeePending}, RequestPayment: {FeeUnpaid, FeePending},
}

// fit says whether the action may be done with the fee. What was given back and is owed again is like what was never paid.
func (d Dossier) fit(a Action, f Fee) bool {
	return slices.Contains(feesOf[a], f.State) || slices.Contains(feesOf[a], FeeUnpaid) && d.owesAgain(f)
}

// canFees says why the fees of the dossier do not allow the action.
func (d Dossier) canFees(a Action) error {
	switch {
	case a == Accept && d.PrepaidOpen():
		return fault.New(fault.Conflict, "fees-open", "fees that are due before acceptance are not paid: %d đồng are open", d.prepaidOpen())
	case a == ConfirmPayment && d.awaitedOpen() > 0:
		return fault.New(fault.Conflict, "fees-open", "fees that were asked for are neither paid nor exempt: %d đồng are open", d.awaitedOpen())
	case a == RefundFees && d.Refund != nil, a == ApproveRefund, a == RefuseRefund:
		return d.canRefund(a)
	case (a == BillFees || a == PayFees || a == ExemptFees || a == CancelFees || a == RefundFees) &&
		!slices.ContainsFunc(d.Fees, func(f Fee) bool { return d.fit(a, f) }):
		return fault.New(fault.Conflict, "no-fees", "the dossier has no fee in one of the states %v", feesOf[a])
	}
	return nil
}

// checkFees names every field of the lines that is wrong.
func (d Dossier) checkFees(a Action, f Facts, wrong *fault.Fields) {
	if len(f.Fees) == 0 {
		wrong.Add("fees", "required", "is missing: say which fees")
		return
	}
	seen := map[int]bool{}
	receipts := map[FeeReceipt]FeeKind{}
	for i, line := range f.Fees {
		at := fmt.Sprintf("fees[%d]", i)
		kind, vnd := line.Kind, line.VND
		switch {
		case line.No == 0 && (a == SetFees || a == RequestPayment):
			line.check(at, wrong)
		case line.No < 1 || line.No > len(d.Fees):
			wrong.Add(at+".no", "unknown", "the dossier has no fee %d", line.No)
			continue
		case seen[line.No]:
			wrong.Add(at+".no", "duplicate", "fee %d is named twice", line.No)
			continue
		default:
			fee := d.Fees[line.No-1]
			kind = fee.Kind
			if !d.fit(a, fee) {
				wrong.Add(at+".no", "wrong-state", "fee %d is %s, not one of %v", line.No, fee.State, feesOf[a])
			}
			line.checkVND(at, wrong)
			line.checkDue(at, wrong)
			if vnd == nil {
				vnd = fee.VND
			}
			if a == PayFees && fee.VND != nil && vnd != nil && *vnd != *fee.VND {
				wrong.Add(at+".vnd", "other-amount", "is %d, but the fee is %d; set it anew first, or pay it in full", *vnd, *fee.VND)
			}
		}
		if a == RequestPayment && d.due(line) == AtReturn {
			wrong.Add(at+".due", "not-due", "is due only when the result is handed out; the dossier does not wait for it before")
		}
		if d.resets(a, line) {
			checkLength("reason", f.Reason, LeastReason, fault.Say("is missing: fee %d is as the catalogue has it, say why it is another", line.No), wrong)
		}
		seen[line.No] = true
		switch a {
		case SetFees:
			if line.No > 0 && line.VND == nil && line.Due == "" && line.Name == "" {
				wrong.Add(at, "required", "says nothing to set")
			}
		case PayFees:
			line.checkPayment(at, kind, receipts, wrong)
		case ExemptFees:
			line.checkExemption(at, wrong)
		}
		if (a == PayFees || a == RequestPayment || a == BillFees) && vnd == nil {
			wrong.Add(at+".vnd", "required", "is missing: the fee has no amount yet")
		}
	}
}

// sets are the actions that may give a fee another amount or day.
func (a Action) sets() bool { return a == SetFees || a == BillFees || a == RequestPayment }

// resets says whether a line makes another of a fee than the catalogue asked for.
func (d Dossier) resets(a Action, l FeeLine) bool {
	fee := d.listed(l.No)
	return a.sets() && fee != nil && (l.VND != nil && fee.VND != nil && *l.VND != *fee.VND || l.Due != "" && l.Due != fee.Due)
}

// lowers says whether a line makes less of a fee than it is and than the catalogue asked for.
func (d Dossier) lowers(a Action, l FeeLine) bool {
	fee := d.listed(l.No)
	return a.sets() && fee != nil && d.less(l) && fee.Listed.VND != nil && *l.VND < *fee.Listed.VND
}

// due is until when the fee of a line is to be paid once the line holds.
func (d Dossier) due(l FeeLine) FeeDue {
	if fee := d.fee(l.No); fee != nil && l.Due == "" {
		return fee.Due
	}
	return cmp.Or(l.Due, AfterAcceptance)
}

// later says whether a line gives more time for a fee of the dossier.
func (d Dossier) later(l FeeLine) bool {
	fee := d.fee(l.No)
	return fee != nil && slices.Index(FeeDues, d.due(l)) > slices.Index(FeeDues, fee.Due)
}

// less says whether a line names less than a fee of the dossier is.
func (d Dossier) less(l FeeLine) bool {
	fee := d.fee(l.No)
	return fee != nil && fee.VND != nil && l.VND != nil && *l.VND < *fee.VND
}

// listed is the fee of the number if the catalogue asks for it.
func (d Dossier) listed(no int) *Fee {
	if fee := d.fee(no); fee != nil && fee.Listed != nil {
		return fee
	}
	return nil
}

// fee is the one of the number, nil where there is none.
func (d Dossier) fee(no int) *Fee {
	if no < 1 || no > len(d.Fees) {
		return nil
	}
	return &d.Fees[no-1]
}

// check names what is wrong with a line that makes a new fee.
func (l FeeLine) check(at string, wrong *fault.Fields) {
	if !slices.Contains(FeeKinds, l.Kind) {
		wrong.Add(at+".kind", "unknown", "%q is none of %v", l.Kind, FeeKinds)
	}
	l.checkDue(at, wrong)
	if l.VND == nil && strings.TrimSpace(l.Text) == "" {
		wrong.Add(at+".vnd", "required", "is missing, and there is no text in its place")
	}
	l.checkVND(at, wrong)
}

func (l FeeLine) checkDue(at string, wrong *fault.Fields) {
	if l.Due != "" && !slices.Contains(FeeDues, l.Due) {
		wrong.Add(at+".due", "unknown", "%q is none of %v", l.Due, FeeDues)
	}
}

func (l FeeLine) checkVND(at string, wrong *fault.Fields) {
	if l.VND != nil && (*l.VND < 1 || *l.VND > mostVND) {
		wrong.Add(at+".vnd", "amount", "must be 1 to %d whole đồng", int64(mostVND))
	}
}

// leastClass is how many characters it takes to say who is exempt: "Trẻ em" has six.
const leastClass = 5

// checkExemption names what is wrong with why nothing is to be paid. Like a reason, both are what somebody else has to be able to look up.
func (l FeeLine) checkExemption(at string, wrong *fault.Fields) {
	checkLength(at+".class", l.Class, leastClass, fault.Say("is missing: say who is exempt"), wrong)
	checkLength(at+".basis", l.Basis, LeastReason, fault.Say("is missing: say which act and article"), wrong)
}

// checkPayment names what is wrong with how a fee was paid. Charges and levies have receipts of their own series: one receipt cannot stand
// for both.
func (l FeeLine) checkPayment(at string, kind FeeKind, receipts map[FeeReceipt]FeeKind, wrong *fault.Fields) {
	if !slices.Contains(PayMethods, l.Method) {
		wrong.Add(at+".method", "unknown", "%q is none of %v", l.Method, PayMethods)
	}
	r := l.Receipt
	if r == nil || bare(r.Number) == "" {
		wrong.Add(at+".receipt.number", "required", "is missing")
		return
	}
	if l.Method == Cash && kind != Duty {
		if bare(r.Form) == "" {
			wrong.Add(at+".receipt.form", "required", "is missing: a receipt on paper has a form number")
		}
		if bare(r.Series) == "" {
			wrong.Add(at+".receipt.series", "required", "is missing: a receipt on paper has a series")
		}
	}
	if other, there := receipts[r.Key()]; there && other != kind {
		wrong.Add(at+".receipt.number", "shared", "charges and levies have receipts of their own")
	}
	receipts[r.Key()] = kind
}

// Unfit names what an event says of fees that does not follow from the fees before it: a payment, or money given back, of another kind or
// amount than the fee has, or with another receipt than was written.
func (d Dossier) Unfit(k Kind, f Facts) []string {
	if k != FeesWerePaid && k != FeesWereRefunded {
		return nil
	}
	var wrong []string
	for _, l := range f.Fees {
		fee := d.fee(l.No)
		if fee == nil {
			wrong = append(wrong, fmt.Sprintf("fee %d is not there", l.No))
			continue
		}
		a := PayFees
		if k == FeesWereRefunded {
			a = ApproveRefund
		}
		switch {
		case !d.fit(a, *fee):
			wrong = append(wrong, fmt.Sprintf("fee %d is %s", l.No, fee.State))
		case l.Kind != fee.Kind || l.VND == nil || fee.VND != nil && *l.VND != *fee.VND:
			wrong = append(wrong, fmt.Sprintf("kind or amount of fee %d is another", l.No))
		case k == FeesWereRefunded && (fee.Receipt == nil || l.Receipt == nil || *l.Receipt != *fee.Receipt):
			wrong = append(wrong, fmt.Sprintf("the receipt of fee %d is another", l.No))
		}
	}
	return wrong
}

// whole repeats in each line what is known of the fee, so that a payment or refund can be read without what came before.
func (d Dossier) whole(a Action, lines []FeeLine) []FeeLine {
	if a != PayFees && a != RefundFees && a != ApproveRefund && a != RefuseRefund {
		return lines
	}
	lines = slices.Clone(lines)
	for i, l := range lines {
		fee := d.Fees[l.No-1]
		l.Kind, l.Name = fee.Kind, fee.Name
		if fee.VND != nil {
			l.VND = fee.VND
		}
		if a == PayFees {
			l.Receipt = l.Receipt.tidy()
		} else {
			l.Method, l.Receipt = fee.Method, fee.Receipt
		}
		lines[i] = l
	}
	return lines
}
