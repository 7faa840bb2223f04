package dossier

import (
	"slices"

	"github.com/motcua/motcua/pkg/fault"
)

// MayLessen says why somebody may not make less of what is owed, nil if he may; lead says whether he is a superior. A clock that stands for money
// would stand for nothing if whoever asked for it let it go; a fee of one đồng is a fee that was cancelled, and one that is due later is not waited
// for. Without fees it speaks of the action as such.
func (d Dossier) MayLessen(by By, a Action, f Facts, lead bool) error {
	for _, l := range f.Fees {
		if !lead && d.lowers(a, l) {
			return fault.New(fault.Forbidden, "approver-required", "fee %d would be less than the catalogue asks for; a superior has to set it so", l.No)
		}
	}
	if !d.givesUp(a, f.Fees) {
		return nil
	}
	switch {
	case !lead:
		return fault.New(fault.Forbidden, "approver-required", "the clock stands until it is paid; a superior has to give it up")
	case d.Asked != nil && d.Asked.By.ID == by.ID:
		return fault.New(fault.Forbidden, "second-person-required", "whoever asks for a payment cannot give it up as well while the clock stands for it")
	}
	return nil
}

// givesUp says whether the action gives up money that the clock stands for, or some of it, or gives more time for it.
func (d Dossier) givesUp(a Action, lines []FeeLine) bool {
	switch {
	case a == ExemptFees || a == CancelFees:
		return d.clockAwaits(a, lines)
	case a.sets():
		less := slices.DeleteFunc(slices.Clone(lines), func(l FeeLine) bool { return !d.less(l) && !d.later(l) })
		return len(less) > 0 && d.clockAwaits(a, less)
	}
	return false
}

// clockAwaits says whether the clock stands for one of the fees; without any, for each that the action could be taken with.
func (d Dossier) clockAwaits(a Action, lines []FeeLine) bool {
	if p := d.Suspended(); d.State != PaymentRequired || p == nil || p.Cause != ForPayment {
		return false
	}
	if len(lines) == 0 {
		return !slices.ContainsFunc(d.Fees, func(f Fee) bool { return d.fit(a, f) && !slices.Contains(d.Awaited, f.No) })
	}
	return slices.ContainsFunc(lines, func(l FeeLine) bool { return slices.Contains(d.Awaited, l.No) })
}
