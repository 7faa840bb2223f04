package demo

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/worktime"
)

// arrival is a dossier before its life: what comes in where and when, and what is to become of it.
type arrival struct {
	id        uuid.UUID
	code      string
	at        time.Time
	item      *item
	variant   string
	channel   catalog.Channel
	onBehalf  bool
	home      *office // whose centre takes it in
	deciding  catalog.Agency
	applicant dossier.Person
	submitter *dossier.Person
	authority *dossier.Authority
	secret    string
	fate      fate
}

// workday is a date with some working time.
type workday struct {
	opens  time.Time // midnight
	work   int64     // seconds
	weight int
}

// crowd brings dossiers in.
type crowd struct {
	*world
	chance
	persons registry
	items   []int // weights of world.items
	days    []workday
	weights []int // of days
}

// hourly is when people sit down to file something online, by the hour of the day.
var hourly = []int{1, 1, 0, 0, 0, 1, 2, 6, 12, 13, 11, 6, 4, 7, 10, 9, 6, 3, 3, 5, 6, 5, 3, 1}

func (w *world) crowd() (*crowd, error) {
	c := &crowd{world: w, chance: draw(w.plan.Seed, forArrivals)}
	zone := w.plan.Calendar.Zone()
	c.persons = registry{chance: draw(w.plan.Seed, forPersons), people: &w.facts.people, year: w.cut.In(zone).Year()}
	c.items = popularity(w.items)
	first := w.cut.In(zone).AddDate(-1, 0, 0)
	for day := first; day.Before(w.cut); day = day.AddDate(0, 0, 1) {
		work, err := w.plan.Calendar.Elapsed(day, day.AddDate(0, 0, 1))
		if err != nil {
			return nil, err
		}
		if work > 0 { // the week begins busy
			c.days = append(c.days, workday{day, work, []int{50, 125, 110, 100, 95, 90, 50}[day.Weekday()]})
		}
	}
	if len(c.days) < 20 {
		return nil, fmt.Errorf("the calendar has %d working days in the year before %s", len(c.days), w.cut.Format(time.DateOnly))
	}
	c.weights = make([]int, len(c.days))
	for i, d := range c.days {
		c.weights[i] = d.weight
	}
	return c, nil
}

// popularity weighs procedures: the field's share of all dossiers, within the field the known names before the rare ones.
func popularity(items []*item) []int {
	type queue struct {
		field *field
		level catalog.Level
	}
	sums := map[queue]float64{}
	portion := func(x *item) float64 { return 1 / float64(1+x.rank) }
	for _, x := range items {
		sums[queue{x.field, x.HomeLevel}] += portion(x)
	}
	weights := make([]int, len(items))
	for i, x := range items {
		share := float64(x.field.Dossiers[string(x.HomeLevel[:1])])
		if share == 0 {
			share = 0.4 // hardly anybody, but now and then
		}
		weights[i] = 1 + int(share*portion(x)/sums[queue{x.field, x.HomeLevel}]*1000)
	}
	return weights
}

// somebody comes with something.
func (c *crowd) somebody() *arrival {
	return c.with(c.world.items[c.weighted(c.items)])
}

// with is an arrival for the procedure, but for its time.
func (c *crowd) with(x *item) *arrival {
	a := &arrival{item: x, channel: catalog.InPerson}
	for _, v := range x.Variants {
		if a.variant == "" || c.in(300) {
			a.variant = v.Code
		}
	}
	switch n := c.IntN(1000); {
	case slices.Contains(x.Channels, catalog.Online) && n < 485:
		a.channel = catalog.Online
		a.onBehalf = c.in(80)
	case slices.Contains(x.Channels, catalog.Post) && n >= 938:
		a.channel = catalog.Post
	}
	c.place(a)
	organisations := x.field.department.Organisations
	if x.HomeLevel != catalog.Province {
		organisations /= 20
	}
	if c.in(organisations * 10) {
		a.applicant = c.persons.organisation(a.home)
	} else {
		a.applicant = c.persons.citizen(a.home)
	}
	if named := a.applicant.Kind != dossier.Citizen; named && c.in(850) || !named && c.in(70) {
		s := c.persons.citizen(a.home)
		a.submitter, a.authority = &s, &dossier.Authority{Kind: dossier.Family}
		if named {
			a.authority.Kind = dossier.LegalRepresentative
		}
	}
	a.secret = c.persons.secret()
	return a
}

// place finds a counter at a level where the procedure is done, and who decides there.
func (c *crowd) place(a *arrival) {
	x := a.item
	level := oneOf(c.chance, x.Levels)
	cross := slices.Contains(x.Interconnections, catalog.CrossLevel)
	districts, communes := c.places.districts, c.places.communes
	switch level {
	case catalog.Province:
		a.home, a.deciding = c.places.province, c.places.departments[x.field.department.Code]
		if cross && c.in(600) {
			a.home = c.office(districts)
		}
	case catalog.District:
		a.home = c.office(districts)
		a.deciding = a.home.unit
		if cross && c.in(350) {
			a.home = c.office(a.home.members)
		}
	default:
		a.home = c.office(communes)
		a.deciding = a.home.unit
	}
}

func (c *crowd) office(all []*office) *office {
	weights := make([]int, len(all))
	for i, o := range all {
		weights[i] = o.weight
	}
	return all[c.weighted(weights)]
}

// anyTime of the year that suits the channel: counters and the post know office hours only.
func (c *crowd) anyTime(a *arrival) (time.Time, error) {
	if a.channel == catalog.Online && !a.onBehalf {
		zone := c.plan.Calendar.Zone()
		day := c.cut.In(zone).AddDate(0, 0, -c.between(1, 365))
		if wd := day.Weekday(); (wd == time.Saturday || wd == time.Sunday) && c.in(550) {
			day = day.AddDate(0, 0, -2)
		}
		return day.Add(time.Duration(c.weighted(hourly))*time.Hour + c.span(0, time.Hour-time.Second)).UTC(), nil
	}
	day := c.days[c.weighted(c.weights)]
	low, high := 0, 500 // in a thousand parts of the day's work
	if a.channel == catalog.InPerson && c.in(420) {
		low, high = 500, 960
	}
	return c.atWork(day.opens, day.work*int64(c.between(low, high))/1000+c.Int64N(29))
}

// atWork is the instant after so much work, or right before a break that begins there.
func (c *crowd) atWork(from time.Time, seconds int64) (time.Time, error) {
	at, err := c.plan.Calendar.Add(from, seconds+1)
	if err != nil {
		return at, err
	}
	if working, err := c.plan.Calendar.IsWorking(at); err != nil || working {
		return at, err
	}
	return at.Add(-time.Second), nil
}

// dueIn finds a time of arrival so that the date promised comes that many working days after the cut (0 is the next one), negative for
// days gone by.
func (c *crowd) dueIn(a *arrival, days int64) (time.Time, error) {
	term, err := a.item.TermFor(a.channel, a.variant)
	if err != nil {
		return time.Time{}, err
	}
	first, err := c.plan.Calendar.NextWorking(c.cut)
	if err != nil {
		return time.Time{}, err
	}
	for i := len(c.days) - 1; i >= 0; i-- {
		at, err := c.atWork(c.days[i].opens, c.days[i].work*int64(c.between(50, 700))/1000)
		if err != nil {
			return at, err
		}
		r, err := c.reckoner(at)
		if err != nil {
			return at, err
		}
		due, err := c.plan.Calendar.Due(worktime.Request{Start: at, Term: term, Rules: r.Rules.Rules})
		if err != nil {
			return at, err
		}
		left, err := c.plan.Calendar.WorkingDays(first, due.At)
		if err != nil || left <= days {
			return at, err
		}
	}
	return time.Time{}, fmt.Errorf("no dossier of procedure %s could be due then", a.item.Code)
}

// number gives codes in the order of arrival: identifier, date, running number of that day (TT 01/2018/TT-VPCP art. 19).
func (w *world) number(all []*arrival, ids chance) []Counter {
	slices.SortStableFunc(all, func(a, b *arrival) int { return a.at.Compare(b.at) })
	zone := w.plan.Calendar.Zone()
	at := map[Counter]int{} // place in counters, by identifier and day
	var counters []Counter
	for _, a := range all {
		if a.id == uuid.Nil {
			a.id = ids.newID(a.at)
		}
		key := Counter{Identifier: a.home.centre.Identifier, Day: catalog.DateOf(a.at, zone)}
		i, ok := at[key]
		if !ok {
			i = len(counters)
			at[key], counters = i, append(counters, key)
		}
		counters[i].Last++
		a.code = dossier.Code(key.Identifier, key.Day, counters[i].Last)
	}
	return counters
}
