package dossier

import (
	"cmp"
	"slices"
	"time"
)

// FeeKind is what money is for (Luật Phí và lệ phí).
type FeeKind string

// The kinds. Charge and Levy are as catalog.Fee has them, with receipts apart from each other.
const (
	Charge FeeKind = "CHARGE" // phí: covers what a service costs
	Levy   FeeKind = "LEVY"   // lệ phí: fixed by the state
	Duty   FeeKind = "DUTY"   // nghĩa vụ tài chính khác, such as land use levy or tax
)

// FeeKinds lists them.
var FeeKinds = []FeeKind{Charge, Levy, Duty}

// FeeDue is until when a fee is to be paid. Every one is due before the result leaves.
type FeeDue string

// The times.
const (
	BeforeAcceptance FeeDue = "BEFORE"    // thu trước: what came online is not accepted before
	AfterAcceptance  FeeDue = "AFTER"     // thu sau
	AtReturn         FeeDue = "AT_RETURN" // khi trả kết quả
)

// FeeDues lists them.
var FeeDues = []FeeDue{BeforeAcceptance, AfterAcceptance, AtReturn}

// FeeState is where a fee stands.
type FeeState string

// The states.
const (
	FeeUnpaid    FeeState = "UNPAID"    // chưa thanh toán
	FeePending   FeeState = "PENDING"   // chờ thanh toán: the payer was asked for it
	FeePaid      FeeState = "PAID"      // đã thanh toán
	FeeRefunded  FeeState = "REFUNDED"  // đã hoàn phí
	FeeCancelled FeeState = "CANCELLED" // hủy thanh toán
	FeeExempt    FeeState = "EXEMPT"    // đối tượng miễn phí
)

// PayMethod is how a fee was paid.
type PayMethod string

// The methods.
const (
	Cash          PayMethod = "CASH"     // tiền mặt
	Transfer      PayMethod = "TRANSFER" // chuyển khoản
	OnlinePayment PayMethod = "ONLINE"   // trực tuyến
)

// PayMethods lists them.
var PayMethods = []PayMethod{Cash, Transfer, OnlinePayment}

// FeeLine is what an event says of one fee: a new one where No is 0, else what becomes of it. A payment and a refund repeat kind and amount,
// so that the line stands for itself.
type FeeLine struct {
	No      int         `json:"no,omitempty"`
	Kind    FeeKind     `json:"kind,omitempty"`
	Name    string      `json:"name,omitempty"`
	VND     *int64      `json:"vnd,omitempty"`
	Text    string      `json:"text,omitempty"` // as published, where there is no amount
	Due     FeeDue      `json:"due,omitempty"`
	Method  PayMethod   `json:"method,omitempty"`
	Receipt *FeeReceipt `json:"receipt,omitempty"`
	Class   string      `json:"class,omitempty"` // of those who are exempt
	Basis   string      `json:"basis,omitempty"` // act and article that exempts them
}

// Fee is a charge, a levy or another duty of the dossier in whole đồng. VND is nil while nobody has assessed it.
type Fee struct {
	FeeLine
	Listed     *Listed    `json:"listed,omitempty"`
	State      FeeState   `json:"state"`
	Reason     string     `json:"reason,omitempty"` // of an exemption, a refund, a cancellation
	ChangedAt  time.Time  `json:"changed_at"`
	ChangedBy  By         `json:"changed_by"`
	PaidAt     *time.Time `json:"paid_at,omitempty"`
	PaidBy     *By        `json:"paid_by,omitempty"` // who took it
	RefundedAt *time.Time `json:"refunded_at,omitempty"`
	AskedBy    *By        `json:"asked_by,omitempty"`    // who asked for the refund
	ApprovedBy *By        `json:"approved_by,omitempty"` // who granted it
	Earlier    []PaidOnce `json:"earlier,omitempty"`     // payments that were given back before it was paid again
}

// Listed is what the catalogue asked for when the dossier came in, whatever somebody set since. VND is nil where it left the amount open.
type Listed struct {
	VND *int64 `json:"vnd,omitempty"`
	Due FeeDue `json:"due"`
}

// PaidOnce is a payment that was given back.
type PaidOnce struct {
	Receipt    *FeeReceipt `json:"receipt,omitempty"`
	Method     PayMethod   `json:"method"`
	PaidAt     time.Time   `json:"paid_at"`
	PaidBy     By          `json:"paid_by"`
	RefundedAt time.Time   `json:"refunded_at"`
}

// Open says whether the fee is still to be paid. One without an amount is nothing yet that could be.
func (f Fee) Open() bool {
	return (f.State == FeeUnpaid || f.State == FeePending) && f.VND != nil && *f.VND > 0
}

// Owes says whether the fee is to be paid: one that is open, or one that acceptance waits for and whose money was given back. After
// acceptance, and after every end, what was given back stays given back.
func (d Dossier) Owes(f Fee) bool { return f.Open() || d.owesAgain(f) }

func (d Dossier) owesAgain(f Fee) bool {
	return f.State == FeeRefunded && f.VND != nil && f.Due == BeforeAcceptance && d.AcceptedAt == nil && !d.State.Ended()
}

// FeeTotals adds fees up, in đồng. What is exempt or cancelled counts in none.
type FeeTotals struct {
	Due      int64 // all that is or was to be paid, each fee once
	Paid     int64 // and not refunded
	Refunded int64 // and not paid again
	Open     int64
}

// FeeTotals of the dossier.
func (d Dossier) FeeTotals() FeeTotals {
	var t FeeTotals
	for _, f := range d.Fees {
		if f.VND == nil {
			continue
		}
		switch f.State {
		case FeePaid:
			t.Paid += *f.VND
		case FeeRefunded:
			t.Refunded += *f.VND
			if d.owesAgain(f) {
				t.Open += *f.VND
			}
		case FeeUnpaid, FeePending:
			t.Open += *f.VND
		default:
			continue
		}
		t.Due += *f.VND
	}
	return t
}

// FeesOpen says whether any fee is still to be paid.
func (d Dossier) FeesOpen() bool { return slices.ContainsFunc(d.Fees, d.Owes) }

// PrepaidOpen says whether a fee is still to be paid that is due before acceptance.
func (d Dossier) PrepaidOpen() bool { return d.prepaidOpen() > 0 }

func (d Dossier) prepaidOpen() int64 {
	return d.open(func(f Fee) bool { return f.Due == BeforeAcceptance })
}

// listedOpen says whether one of them is still to be paid that the catalogue asks for by then. What somebody puts there since is the office's own.
func (d Dossier) listedOpen() bool {
	return d.open(func(f Fee) bool {
		return f.Due == BeforeAcceptance && f.Listed != nil && f.Listed.Due == BeforeAcceptance
	}) > 0
}

// awaitedOpen is what is still to be paid of the fees that state 6 waits for, in đồng. Nobody waits for one that was put off to the return.
func (d Dossier) awaitedOpen() int64 {
	return d.open(func(f Fee) bool { return f.Due != AtReturn && slices.Contains(d.Awaited, f.No) })
}

func (d Dossier) open(which func(Fee) bool) int64 {
	var sum int64
	for _, f := range d.Fees {
		if d.Owes(f) && which(f) {
			sum += *f.VND
		}
	}
	return sum
}

// without is the dossier as if nothing of the lines were to be paid any more.
func (d Dossier) without(lines []FeeLine) Dossier {
	d.Fees = slices.Clone(d.Fees)
	for _, l := range lines {
		if fee := d.fee(l.No); fee != nil {
			fee.State = FeePaid
		}
	}
	return d
}

// putOff is the dossier with the fees of the lines due when the lines say.
func (d Dossier) putOff(lines []FeeLine) Dossier {
	d.Fees = slices.Clone(d.Fees)
	for _, l := range lines {
		if fee := d.fee(l.No); fee != nil {
			fee.Due = d.due(l)
		}
	}
	return d
}

// put makes fees of lines, or changes what the lines name; the event says what becomes of them.
func (d *Dossier) put(e Event, f Facts) {
	for _, line := range f.Fees {
		if line.No == 0 || line.No > len(d.Fees) {
			line.No, line.Due = len(d.Fees)+1, cmp.Or(line.Due, AfterAcceptance)
			d.Fees = append(d.Fees, Fee{FeeLine: line, State: FeeUnpaid})
		}
		fee := &d.Fees[line.No-1]
		fee.ChangedAt, fee.ChangedBy, fee.Reason = e.At, e.By, f.Reason
		switch e.Kind {
		case FeesWereSet:
			if fee.State == FeeRefunded && line.VND != nil && fee.VND != nil && *line.VND != *fee.VND { // another amount than the one that went back
				fee.State = FeeUnpaid
			}
			fee.reassess(line)
		case FeesWereBilled, PaymentWasRequested:
			fee.reassess(line)
			fee.State = FeePending
		case FeesWerePaid:
			fee.payAgain()
			fee.State, fee.VND, fee.Method, fee.Receipt = FeePaid, line.VND, line.Method, line.Receipt
			fee.PaidAt, fee.PaidBy = ptr(e.At), ptr(e.By)
		case FeesWereExempted:
			fee.State, fee.Class, fee.Basis = FeeExempt, line.Class, line.Basis
		case FeesWereRefunded:
			fee.State, fee.RefundedAt, fee.ApprovedBy = FeeRefunded, ptr(e.At), ptr(e.By)
			if f.Refund != nil {
				fee.Reason, fee.AskedBy = f.Refund.Reason, ptr(f.Refund.AskedBy)
			}
		case FeesWereCancelled:
			fee.State = FeeCancelled
		}
	}
	if d.State == PaymentRequired && d.awaitedOpen() == 0 {
		d.closePause(e.At)
		d.Asked = nil
		d.promise(e, f)
		d.mark(f)
	}
	if f.AcceptBy != nil { // the last fee that acceptance waited for was paid
		d.AcceptBy = f.AcceptBy
	}
}

// payAgain puts aside a payment that was given back.
func (f *Fee) payAgain() {
	if f.PaidAt == nil || f.PaidBy == nil || f.RefundedAt == nil {
		return
	}
	f.Earlier = append(slices.Clip(f.Earlier), PaidOnce{f.Receipt, f.Method, *f.PaidAt, *f.PaidBy, *f.RefundedAt})
	f.RefundedAt, f.AskedBy, f.ApprovedBy = nil, nil, nil
}

func (f *Fee) reassess(line FeeLine) {
	if line.VND != nil {
		f.VND = line.VND
	}
	if line.Due != "" {
		f.Due = line.Due
	}
	if line.Name != "" {
		f.Name = line.Name
	}
}
