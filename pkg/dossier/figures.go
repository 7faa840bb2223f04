package dossier

import "math"

// Figures are the counts of an on-time report for one group of dossiers over one period (biểu II.06a/VPCP/KSTT, with what it hides
// shown apart). Every dossier of the group that was accepted by the end of the period and not ended before it stands in exactly one
// of Received and CarriedOver, and in exactly one of the others: see Balanced. AcceptanceLate alone speaks of what was not accepted, too.
type Figures struct {
	CarriedOver int64 `json:"carried_over"` // accepted before the period and still open when it began (từ kỳ trước)
	Received    int64 `json:"received"`     // accepted within it

	Early           int64 `json:"early"`            // resolved before the due date (trước hạn)
	OnTime          int64 `json:"on_time"`          // resolved on it (đúng hạn)
	Late            int64 `json:"late"`             // resolved after it (quá hạn)
	ResolvedUndated int64 `json:"resolved_undated"` // resolved without ever a due date: neither on time nor late
	EndedOtherwise  int64 `json:"ended_otherwise"`  // refused, withdrawn or stopped
	EndedOverdue    int64 `json:"ended_overdue"`    // of them, those that were late by then

	InTime      int64 `json:"in_time"`      // open and not yet late (trong hạn)
	Overdue     int64 `json:"overdue"`      // open and late
	Suspended   int64 `json:"suspended"`    // open, waiting for papers or payment
	OpenUndated int64 `json:"open_undated"` // open without a due date

	LateByFirstPromise int64 `json:"late_by_first_promise"` // of those resolved with a due date: late by the first date promised

	// Came in online, accepted since or not: the limit for accepting passed within the period before anybody accepted, refused or asked.
	AcceptanceLate int64 `json:"acceptance_late"`
}

// Resolved counts what was resolved in the period.
func (f Figures) Resolved() int64 { return f.Early + f.OnTime + f.Late + f.ResolvedUndated }

// Open counts what is open at its end.
func (f Figures) Open() int64 { return f.InTime + f.Overdue + f.Suspended + f.OpenUndated }

// Balanced says whether what came in equals what ended and what is open: the identity 3 = 7 + 11 of the official form.
func (f Figures) Balanced() bool {
	return f.CarriedOver+f.Received == f.Resolved()+f.EndedOtherwise+f.Open()
}

// OnTimePercent is early and on time of all resolved with a due date, in percent with two decimals; nil when there are none.
func (f Figures) OnTimePercent() *float64 {
	return percent(f.Early+f.OnTime, f.Early+f.OnTime+f.Late)
}

// FirstPromisePercent is the same against the first date promised, whatever was promised later.
func (f Figures) FirstPromisePercent() *float64 {
	all := f.Early + f.OnTime + f.Late
	return percent(all-f.LateByFirstPromise, all)
}

// HonestPercent counts what is open and overdue as late, and what was refused, withdrawn or stopped when it was, so that a rate can rise neither
// by not closing late dossiers nor by ending them otherwise.
func (f Figures) HonestPercent() *float64 {
	return percent(f.Early+f.OnTime, f.Early+f.OnTime+f.Late+f.Overdue+f.EndedOverdue)
}

func percent(part, all int64) *float64 {
	if all == 0 {
		return nil
	}
	p := math.Round(float64(part)*10000/float64(all)) / 100
	if p == 100 && part < all { // 99.996 % is not all of them
		p = 99.99
	}
	return &p
}

// Figure names one count of Figures, the same in reports, links and lists.
type Figure string

// FigureNames lists every figure by its JSON name, totals before their parts, in the order of printed reports.
var FigureNames = []Figure{
	"carried_over", "received", "resolved", "early", "on_time", "late", "resolved_undated", "ended_otherwise", "ended_overdue",
	"open", "in_time", "overdue", "suspended", "open_undated", "late_by_first_promise", "acceptance_late",
}

// Counts are the figures in the order of FigureNames.
func (f Figures) Counts() []int64 {
	return []int64{
		f.CarriedOver, f.Received, f.Resolved(), f.Early, f.OnTime, f.Late, f.ResolvedUndated, f.EndedOtherwise, f.EndedOverdue,
		f.Open(), f.InTime, f.Overdue, f.Suspended, f.OpenUndated, f.LateByFirstPromise, f.AcceptanceLate,
	}
}

// PercentNames are the JSON names of Percents.
var PercentNames = []string{"on_time_percent", "first_promise_percent", "honest_percent"}

// Percents are OnTimePercent, FirstPromisePercent and HonestPercent.
func (f Figures) Percents() []*float64 {
	return []*float64{f.OnTimePercent(), f.FirstPromisePercent(), f.HonestPercent()}
}

// Plus adds the figures of another group up with these.
func (f Figures) Plus(g Figures) Figures {
	return Figures{
		CarriedOver: f.CarriedOver + g.CarriedOver, Received: f.Received + g.Received,
		Early: f.Early + g.Early, OnTime: f.OnTime + g.OnTime, Late: f.Late + g.Late, ResolvedUndated: f.ResolvedUndated + g.ResolvedUndated,
		EndedOtherwise: f.EndedOtherwise + g.EndedOtherwise, EndedOverdue: f.EndedOverdue + g.EndedOverdue, InTime: f.InTime + g.InTime, Overdue: f.Overdue + g.Overdue,
		Suspended: f.Suspended + g.Suspended, OpenUndated: f.OpenUndated + g.OpenUndated,
		LateByFirstPromise: f.LateByFirstPromise + g.LateByFirstPromise, AcceptanceLate: f.AcceptanceLate + g.AcceptanceLate,
	}
}
