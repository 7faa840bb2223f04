package worktime

import "time"

// Verdict is how a finish stands to a due date.
type Verdict string

// The verdicts.
const (
	Early  Verdict = "early"   // trước hạn
	OnTime Verdict = "on_time" // đúng hạn
	Late   Verdict = "late"    // quá hạn
)

// Window gives the two instants that say the same as Judge where only instants can be compared, in a query for example: a finish before
// onTimeFrom is early, a finish at or after lateFrom is late. By date they are the midnights at which due's date begins and ends on the
// office's clock; by instant the second of due and the next one. Any rule but ByInstant, the empty one too, means by date.
func (c *Calendar) Window(due time.Time, rule VerdictRule) (onTimeFrom, lateFrom time.Time) {
	if rule == ByInstant {
		onTimeFrom = due.UTC().Truncate(time.Second)
		return onTimeFrom, onTimeFrom.Add(time.Second)
	}
	on := dateOf(c.zone.reading(clamp(due)))
	return instant(c.zone.firstAt(on.midnight())), instant(c.zone.firstAt((on + 1).midnight()))
}

// Judge says whether a finish is early, on time or late, and by how many whole working minutes: between the two for an early or late one,
// none for one on time, also when that is judged by date and some hours lie between. Pauses do not enter here: they moved due already.
func (c *Calendar) Judge(due, finished time.Time, rule VerdictRule) (v Verdict, early, late int64) {
	onTimeFrom, lateFrom := c.Window(due, rule)
	d, f := clamp(due), clamp(finished)
	switch {
	case finished.Before(onTimeFrom):
		return Early, (c.work(d) - c.work(f)) / minute, 0
	case finished.Before(lateFrom):
		return OnTime, 0, 0
	default:
		return Late, 0, (c.work(f) - c.work(d)) / minute
	}
}
