package demo

import (
	"fmt"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/worktime"
)

// timing is when a dossier is finished, against what was promised.
type timing int

const (
	early timing = iota
	onTime
	late
)

// question is where papers or money are asked for.
type question int

const (
	never question = iota
	atRegistration
	beforeHandOver
	withinStep
)

// fate is what becomes of a dossier.
type fate struct {
	timing     timing
	supplement question
	payment    bool          // a financial duty comes up in its last but one step
	extended   bool          // more time is asked for and granted in its first step
	end        dossier.State // refused, withdrawn or stopped instead of resolved
	rests      dossier.State // where it is left lying, as far as the demonstration goes
	finish     time.Time     // set: then, whatever was promised
}

// Shares in a thousand dossiers. Late ones are rare but in matters of land (field.Late).
const (
	usuallyLate  = 7
	justOnTime   = 130
	supplemented = 55
	refused      = 30 // of what came online
	withdrawn    = 8
	stopped      = 5
	payLand      = 180
)

// scene is a number of dossiers, for the default size, that are open at the end in a way worth seeing.
type scene struct {
	count int
	fit   func(x *item) bool
	set   func(c *crowd, a *arrival) error
}

// leastDossiers is how many it takes for every scene to come up beside an ordinary year.
const leastDossiers = 200

// inWorkingDays are procedures that take some days and have steps.
func inWorkingDays(least, most float64) func(*item) bool {
	return func(x *item) bool {
		return !x.OnTheSpot && x.shortest.unit == worktime.WorkingDay && x.shortest.value >= least && x.shortest.value <= most && len(x.Terms) == 1
	}
}

func land(fit func(*item) bool) func(*item) bool {
	return func(x *item) bool { return x.field.Payment && x.HomeLevel != catalog.Commune && fit(x) }
}

// comes has it come by the channel, with nobody's help, to a fate of its own.
func (a *arrival) comes(by catalog.Channel, to fate) {
	a.channel, a.onBehalf, a.fate = by, false, to
}

func overdue(c *crowd, a *arrival) (err error) {
	a.comes(catalog.InPerson, fate{timing: late})
	if a.at, err = c.dueIn(a, -int64(c.between(1, 8))); err == nil {
		a.fate.finish, err = c.plan.Calendar.Add(c.cut, int64(c.between(10, 60))*3600)
	}
	return err
}

var scenes = []scene{
	{6, online, func(c *crowd, a *arrival) error { // came after the counters closed, or shortly before
		a.comes(catalog.Online, fate{rests: dossier.Registered})
		from, err := c.plan.Calendar.Add(c.cut, -4*3600)
		a.at = from.Add(c.span(0, c.cut.Sub(from)-time.Second))
		return err
	}},
	{2, online, func(c *crowd, a *arrival) (err error) { // nobody has looked at it for more than the eight hours that there are
		a.comes(catalog.Online, fate{rests: dossier.Registered})
		a.at, err = c.plan.Calendar.Add(c.cut, -int64(c.between(10, 20))*3600)
		return err
	}},
	{6, inWorkingDays(3, 30), func(c *crowd, a *arrival) (err error) {
		a.comes(catalog.InPerson, fate{rests: dossier.Accepted})
		a.at, err = c.plan.Calendar.Add(c.cut, -int64(c.between(1800, 3*3600)))
		return err
	}},
	{22, inWorkingDays(3, 30), func(c *crowd, a *arrival) (err error) { // due today or tomorrow
		a.comes(catalog.InPerson, fate{timing: onTime})
		a.at, err = c.dueIn(a, int64(c.between(0, 1)))
		return err
	}},
	{7, land(inWorkingDays(5, 30)), overdue},
	{3, inWorkingDays(3, 20), overdue},
	{5, inWorkingDays(5, 30), func(c *crowd, a *arrival) (err error) { // waits for somebody's opinion, with an apology
		a.comes(catalog.InPerson, fate{timing: onTime, extended: true})
		a.at, err = c.dueIn(a, int64(c.between(0, 2)))
		return err
	}},
	{12, inWorkingDays(7, 30), func(c *crowd, a *arrival) (err error) {
		a.comes(catalog.InPerson, fate{rests: dossier.SupplementRequested, supplement: oneOf(c.chance, []question{beforeHandOver, withinStep})})
		a.at, err = c.dueIn(a, int64(c.between(0, 4)))
		return err
	}},
	{6, land(inWorkingDays(7, 30)), func(c *crowd, a *arrival) (err error) {
		a.comes(catalog.InPerson, fate{rests: dossier.PaymentRequired, payment: true})
		a.at, err = c.dueIn(a, int64(c.between(0, 1))) // far enough to have come to its last but one step
		return err
	}},
	{14, inWorkingDays(3, 20), func(c *crowd, a *arrival) (err error) { // done, and nobody has come for it
		a.comes(catalog.InPerson, fate{rests: dossier.Resolved})
		if a.at, err = c.dueIn(a, int64(c.between(0, 1))); err == nil {
			a.fate.finish, err = c.plan.Calendar.Add(c.cut, -int64(c.between(1200, 6*3600)))
		}
		return err
	}},
}

func online(x *item) bool { return len(x.Channels) > 1 && x.Channels[1] == catalog.Online }

// year is all arrivals: a citizen who is known, the scenes, and for the rest whatever comes.
func (c *crowd) year(known *arrival) ([]*arrival, error) {
	all := []*arrival{known}
	for _, s := range scenes {
		for range max(1, s.count*c.plan.Dossiers/DefaultDossiers) {
			a, err := c.fitting(s.fit)
			if err != nil {
				return nil, err
			}
			if err := s.set(c, a); err != nil {
				return nil, err
			}
			all = append(all, a)
		}
	}
	set := len(all)
	for len(all) < c.plan.Dossiers {
		a := c.somebody()
		var err error
		if a.at, err = c.anyTime(a); err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	c.decree(all[set:])
	return all, nil
}

// fitting is an arrival with a procedure that fits, as popular ones as can be had.
func (c *crowd) fitting(fit func(*item) bool) (*arrival, error) {
	weights := make([]int, len(c.items))
	able := false
	for i, x := range c.world.items {
		if fit(x) {
			weights[i], able = c.items[i], true
		}
	}
	if !able {
		return nil, fmt.Errorf("no procedure fits a scene")
	}
	return c.with(c.world.items[c.weighted(weights)]), nil
}

// decree shares out the fates of ordinary dossiers. Shares are kept to the number, not to chance, so that small demonstrations look
// like large ones.
func (c *crowd) decree(all []*arrival) {
	free := func(fit func(*arrival) bool) (able []*arrival) {
		for _, a := range all {
			if a.fate == (fate{}) && !a.item.OnTheSpot && fit(a) {
				able = append(able, a)
			}
		}
		return able
	}
	give := func(per int, able []*arrival, set func(*fate)) {
		for _, i := range c.some(min(len(able), (len(able)*per+999)/1000), len(able)) {
			set(&able[i].fate)
		}
	}
	isLand := func(a *arrival) bool { return a.item.field.Late > 0 }
	ordinary := func(a *arrival) bool { return !isLand(a) }
	registered := func(a *arrival) bool { return a.channel == catalog.Online && !a.onBehalf }
	give(refused, free(registered), func(f *fate) { f.end = dossier.Refused })
	give(withdrawn, free(func(*arrival) bool { return true }), func(f *fate) { f.end = dossier.Withdrawn })
	give(stopped, free(func(*arrival) bool { return true }), func(f *fate) { f.end = dossier.Stopped })
	if able := free(isLand); len(able) > 0 {
		give(able[0].item.field.Late, able, func(f *fate) { f.timing = late })
	}
	give(usuallyLate, free(ordinary), func(f *fate) { f.timing = late })
	give(justOnTime, free(func(*arrival) bool { return true }), func(f *fate) { f.timing = onTime })
	for _, a := range all {
		if a.item.OnTheSpot || a.fate.end != "" {
			continue
		}
		if c.in(supplemented) {
			places := []question{beforeHandOver, withinStep, withinStep, withinStep}
			if registered(a) {
				places[0] = atRegistration
			}
			a.fate.supplement = oneOf(c.chance, places)
		}
		a.fate.payment = a.item.PaymentStops && c.in(payLand)
	}
}
