package dossier

import (
	"slices"
	"time"

	"github.com/motcua/motcua/pkg/fault"
)

// Refund is money that somebody asked to have given back (đề nghị hoàn phí). It changes nothing until another person grants it.
type Refund struct {
	Fees    []int     `json:"fees"` // by number
	Reason  string    `json:"reason"`
	AskedAt time.Time `json:"asked_at"`
	AskedBy By        `json:"asked_by"`
}

// canRefund says why nothing can be asked for, or answered.
func (d Dossier) canRefund(a Action) error {
	switch {
	case a == RefundFees && d.Refund != nil:
		return fault.New(fault.Conflict, "refund-pending", "a refund was already asked for by %s", d.Refund.AskedBy.Name)
	case (a == ApproveRefund || a == RefuseRefund) && d.Refund == nil:
		return fault.New(fault.Conflict, "no-refund", "nobody asked for a refund")
	}
	return nil
}

// MayRefund says why somebody may not answer the refund that was asked for: whoever asked for it, or took the money that would go back,
// is not the second person who has to agree.
func (d Dossier) MayRefund(by By, a Action) error {
	switch {
	case d.Refund == nil:
		return nil
	case d.Refund.AskedBy.ID == by.ID:
		return fault.New(fault.Forbidden, "second-person-required", "whoever asks for a refund cannot answer it as well")
	case a == ApproveRefund && slices.ContainsFunc(d.Fees, func(f Fee) bool {
		return slices.Contains(d.Refund.Fees, f.No) && f.PaidBy != nil && f.PaidBy.ID == by.ID
	}):
		return fault.New(fault.Forbidden, "second-person-required", "whoever took the money cannot have it given back as well")
	}
	return nil
}

// refunds completes the facts of an answer: it says of itself what was asked for, by whom and why.
func (d Dossier) refunds(a Action, f *Facts) {
	if d.Refund == nil || a != ApproveRefund && a != RefuseRefund {
		return
	}
	f.Refund, f.Fees = d.Refund, make([]FeeLine, len(d.Refund.Fees))
	for i, no := range d.Refund.Fees {
		f.Fees[i].No = no
	}
}

// Names says whether the lines are those of the fees that were asked for, each once and in the same order.
func (r *Refund) Names(lines []FeeLine) bool {
	return r != nil && slices.EqualFunc(r.Fees, lines, func(no int, l FeeLine) bool { return l.No == no })
}

func (d *Dossier) askRefund(e Event, f Facts) {
	d.Refund = &Refund{Reason: f.Reason, AskedAt: e.At, AskedBy: e.By}
	for _, l := range f.Fees {
		d.Refund.Fees = append(d.Refund.Fees, l.No)
	}
}
