package eventlog

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/worktime"
)

// reading is one dossier's life as a log tells it.
type reading struct {
	*log
	dossier.Dossier
	events   []dossier.Event
	facts    []dossier.Facts   // of each event
	after    []dossier.Dossier // as each event left it
	calendar *worktime.Calendar
	pauses   []worktime.Pause
	used     *int64 // working seconds of its term, once it is over
}

// record is one event of a log. There is one for each event of the journal, and one more where the end of the dossier also ends its
// last step.
type record struct {
	n          int // index of the journal's event
	activity   string
	transition string
	dossier.Event
	work   *int64   // working seconds since the record before
	paused *float64 // part of them in which the clock stood
}

// The transitions of the standard lifecycle that we know of.
const (
	started   = "start"
	completed = "complete"
)

func (l *log) read(events []dossier.Event) (*reading, error) {
	r := &reading{log: l, events: events, after: make([]dossier.Dossier, 0, len(events))}
	if len(events) == 0 {
		return nil, errors.New("a dossier has no journal")
	}
	d, err := dossier.Replay(events, func(before dossier.Dossier, _ dossier.Event, f dossier.Facts) error {
		r.after, r.facts = append(r.after, before), append(r.facts, f)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("journal of dossier %s: %w", events[0].DossierID, err)
	}
	r.Dossier, r.after = d, append(r.after[1:], d)
	if err := r.windUp(); err != nil {
		return nil, fmt.Errorf("dossier %s: %w", d.Code, err)
	}
	return r, nil
}

// windUp finds the calendar that the dossier's dates rest on: the revision of the promise in force. Without a basis there is none.
func (r *reading) windUp() error {
	if r.Basis == nil {
		return nil
	}
	revision := 0
	if p := r.Promise(); p != nil {
		revision = p.Revision
	}
	var err error
	if r.calendar, err = r.Calendar(r.Basis.Calendar, revision); err != nil {
		return err
	}
	for _, p := range r.Pauses {
		if p.To == nil || !p.To.Before(p.From) { // another system's records may turn one round
			r.pauses = append(r.pauses, worktime.Pause{From: p.From, To: p.To})
		}
	}
	if r.FinishedAt != nil {
		seconds, err := r.calendar.Elapsed(r.Basis.From, *r.FinishedAt, r.pauses...)
		if err != nil {
			return fmt.Errorf("working time: %w", err)
		}
		seconds = max(seconds, 0)
		r.used = &seconds
	}
	return nil
}

// before is the dossier as the event found it.
func (r *reading) before(n int) dossier.Dossier {
	if n == 0 {
		return dossier.Dossier{}
	}
	return r.after[n-1]
}

// about is the step that the event names, nil if none.
func (r *reading) about(n int) *dossier.Step {
	if no := r.facts[n].StepNo; no > 0 && no <= len(r.after[n].Steps) {
		return &r.after[n].Steps[no-1]
	}
	return nil
}

// ended is the step that the event completed, nil if none.
func (r *reading) ended(n int) *dossier.Step {
	switch r.events[n].Kind {
	case dossier.StepWasCompleted:
		return r.about(n)
	case dossier.WasFinished:
		return r.before(n).Step()
	}
	return nil
}

// begun are the steps that the event put under way.
func (r *reading) begun(n int) []*dossier.Step {
	var all []*dossier.Step
	before := r.before(n)
	for _, s := range r.after[n].UnderWay() {
		if s.StartedAt == nil {
			continue
		}
		if s.No <= len(before.Steps) && before.IsUnderWay(s.No) {
			if old := before.Steps[s.No-1].StartedAt; old != nil && old.Equal(*s.StartedAt) {
				continue
			}
		}
		all = append(all, s)
	}
	return all
}

// records are the events of XES and CSV: a step that is taken and completed is one activity of its name, from start to complete;
// everything else happens in an instant.
func (r *reading) records() ([]record, error) {
	all := make([]record, 0, len(r.events)+1)
	for n, e := range r.events {
		x := record{n: n, activity: string(e.Kind), transition: completed, Event: e}
		step := r.ended(n)
		switch {
		case e.Kind == dossier.StepWasTaken && r.about(n) != nil:
			x.activity, x.transition = r.about(n).Name, started
		case e.Kind == dossier.StepWasCompleted && step != nil:
			x.activity = step.Name
		case step != nil:
			last := x
			last.activity = step.Name
			all = append(all, last)
		}
		all = append(all, x)
	}
	for i := 1; i < len(all); i++ {
		var err error
		if all[i].work, all[i].paused, err = r.between(all[i-1].At, all[i].At); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// between is the working time between two instants by the dossier's calendar, and the part of it in which its clock stood; nil where no
// calendar is known. An event that is dated before the one it follows on took no time.
func (r *reading) between(from, to time.Time) (seconds *int64, paused *float64, err error) {
	if r.calendar == nil {
		return nil, nil, nil
	}
	if to.Before(from) {
		to = from
	}
	all, err := r.calendar.Elapsed(from, to)
	if err != nil {
		return nil, nil, fmt.Errorf("dossier %s: working time: %w", r.Code, err)
	}
	share := 0.0
	if all > 0 && len(r.pauses) > 0 {
		running, err := r.calendar.Elapsed(from, to, r.pauses...)
		if err != nil {
			return nil, nil, fmt.Errorf("dossier %s: working time: %w", r.Code, err)
		}
		share = math.Round(float64(all-running)/float64(all)*1e4) / 1e4
	}
	return &all, &share, nil
}

// role and resource tell who did something without naming anybody: "OFFICER" and "OFFICER@SYT". The office itself is SYSTEM.
func (r *reading) role(by dossier.By) string {
	if by.AgencyID == [16]byte{} {
		return "SYSTEM"
	}
	return by.Role
}

func (r *reading) resource(by dossier.By) string {
	group := r.agency(by.AgencyID)
	if group == "" {
		return r.role(by)
	}
	if r.Names && by.Name != "" {
		return by.Name + "@" + group
	}
	return by.Role + "@" + group
}
