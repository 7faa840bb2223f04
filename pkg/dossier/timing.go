package dossier

import "time"

// Timing is how a dossier stands to its promise.
type Timing string

// The timings.
const (
	Early     Timing = "EARLY"     // resolved before the due date
	OnTime    Timing = "ON_TIME"   // resolved on it
	Late      Timing = "LATE"      // resolved after it
	InTime    Timing = "IN_TIME"   // open and not yet late
	Overdue   Timing = "OVERDUE"   // open and late
	Suspended Timing = "SUSPENDED" // open, waiting for papers or payment
	Undated   Timing = "UNDATED"   // without a due date
	Ended     Timing = "ENDED"     // refused, withdrawn or stopped
)

// Timing at an instant says the same as the figures of the on-time report do of a period that is not over yet.
func (d Dossier) Timing(now time.Time) Timing {
	p := d.Promise()
	switch {
	case d.FinishedAt != nil && d.State != Resolved && d.State != Returned:
		return Ended
	case d.FinishedAt == nil && d.Suspended() != nil:
		return Suspended
	case p == nil:
		return Undated
	case d.FinishedAt == nil && now.Before(p.LateFrom):
		return InTime
	case d.FinishedAt == nil:
		return Overdue
	}
	return p.Judge(*d.FinishedAt)
}

// Judge says how a finish stands to the mark: Early, OnTime or Late.
func (m Mark) Judge(finished time.Time) Timing {
	switch {
	case finished.Before(m.OnTimeFrom):
		return Early
	case finished.Before(m.LateFrom):
		return OnTime
	}
	return Late
}
