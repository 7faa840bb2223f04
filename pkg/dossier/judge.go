package dossier

import (
	"slices"
	"time"
)

// Judged says which figures of an on-time report count the dossier, over a period from one instant (inclusive) to another (exclusive), asked
// now. It says in plain words what the store's reports say in SQL, so that either can be held against the other; nil means that the period
// does not speak of the dossier.
func (d Dossier) Judged(from, to, now time.Time) []Figure {
	at := to.Add(-time.Microsecond)
	if now.Before(at) {
		at = now
	}
	all := d.judged(from, to, at)
	if limit := d.AcceptanceLimit(); limit != nil && !limit.Before(from) && limit.Before(at) {
		all = append(all, "acceptance_late")
	}
	return all
}

// judged are those of the figures that count what was accepted.
func (d Dossier) judged(from, to, at time.Time) []Figure {
	if d.AcceptedAt == nil || !d.AcceptedAt.Before(to) || d.FinishedAt != nil && d.FinishedAt.Before(from) {
		return nil
	}
	came := Figure("received")
	if d.AcceptedAt.Before(from) {
		came = "carried_over"
	}
	if d.FinishedAt == nil || !d.FinishedAt.Before(to) {
		return []Figure{came, d.openAt(at), "open"}
	}
	if d.State != Resolved && d.State != Returned {
		if d.EndedOverdue() {
			return []Figure{came, "ended_otherwise", "ended_overdue"}
		}
		return []Figure{came, "ended_otherwise"}
	}
	promise := d.Promise()
	if promise == nil {
		return []Figure{came, "resolved_undated", "resolved"}
	}
	verdict := Figure("on_time")
	switch {
	case d.FinishedAt.Before(promise.OnTimeFrom):
		verdict = "early"
	case !d.FinishedAt.Before(promise.LateFrom):
		verdict = "late"
	}
	all := []Figure{came, verdict, "resolved"}
	if !d.FinishedAt.Before(d.Promises[0].LateFrom) {
		all = append(all, "late_by_first_promise")
	}
	return all
}

// EndedOverdue says whether a dossier was late when it ended. One whose clock stood until then was not: nothing stops the clock of a late one.
func (d Dossier) EndedOverdue() bool {
	p := d.Promise()
	return p != nil && d.FinishedAt != nil && !d.FinishedAt.Before(p.LateFrom) && !slices.ContainsFunc(d.Pauses, func(x Pause) bool {
		return x.To == nil || !x.To.Before(*d.FinishedAt)
	})
}

// openAt is how an open dossier stood at an instant, by the pauses and the promise that were in force then.
func (d Dossier) openAt(at time.Time) Figure {
	for _, pause := range d.Pauses {
		if !pause.From.After(at) && (pause.To == nil || pause.To.After(at)) {
			return "suspended"
		}
	}
	var inForce *Promise
	var since time.Time
	for i := range d.Promises {
		from := d.Promises[i].MadeAt
		if i == 0 && d.AcceptedAt.Before(from) {
			from = *d.AcceptedAt
		}
		if from.Before(since) {
			from = since
		}
		if since = from; !from.After(at) {
			inForce = &d.Promises[i]
		}
	}
	switch {
	case inForce == nil:
		return "open_undated"
	case inForce.LateFrom.After(at):
		return "in_time"
	}
	return "overdue"
}

// Count adds one to each of the figures named; those that follow from others are passed over.
func (f *Figures) Count(all []Figure) {
	for _, name := range all {
		if n := map[Figure]*int64{
			"carried_over": &f.CarriedOver, "received": &f.Received, "early": &f.Early, "on_time": &f.OnTime, "late": &f.Late,
			"resolved_undated": &f.ResolvedUndated, "ended_otherwise": &f.EndedOtherwise, "ended_overdue": &f.EndedOverdue,
			"in_time": &f.InTime, "overdue": &f.Overdue,
			"suspended": &f.Suspended, "open_undated": &f.OpenUndated, "late_by_first_promise": &f.LateByFirstPromise,
			"acceptance_late": &f.AcceptanceLate,
		}[name]; n != nil {
			*n++
		}
	}
}
