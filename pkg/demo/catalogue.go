package demo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/motcua/motcua/pkg/catalog"
)

// counts are the figures of the province's report that the catalogue comes to, for the procedures of one home level.
type counts struct {
	procedures           int
	same, cross          int // interconnected at one level, across levels
	shortened, onTheSpot int
	withNext, inThree    int // done at the next level below too, and at all three
}

// report is 1,854 procedures: 1,434 + 265 + 155; 114 shared by two or three levels; 1,407 interconnected at one level, 420 across levels;
// 354 with a shortened term; 151 on the spot. How these divide among the levels it does not say; that is our own guess. Home is the
// highest level, so what is shared stands with the province or the districts.
var report = map[catalog.Level]counts{
	catalog.Province: {procedures: 1434, same: 1250, cross: 170, shortened: 290, onTheSpot: 120, withNext: 46, inThree: 24},
	catalog.District: {procedures: 265, same: 110, cross: 150, shortened: 44, onTheSpot: 20, withNext: 44},
	catalog.Commune:  {procedures: 155, same: 47, cross: 100, shortened: 20, onTheSpot: 11},
}

// How many procedures have terms that differ by case, and by channel.
const (
	withVariants = 45
	byChannel    = 60
)

var homeLevels = []catalog.Level{catalog.Province, catalog.District, catalog.Commune}

// item is a procedure with what the demonstration must know besides.
type item struct {
	catalog.Procedure
	field  *field
	kind   kind
	nth    int  // of its kind's patterns
	pace   pace // how its term is drawn
	rank   int  // within field and level, 0 is asked for most
	result string

	shortest span // that a dossier of it can be promised
}

// catalogue is every procedure of the province, in the order of their codes.
func catalogue(f *facts, seed uint64) ([]*item, error) {
	c := draw(seed, forProcedures)
	var all []*item
	for _, level := range homeLevels {
		chosen, err := choose(c, candidates(f, level), report[level].procedures)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", level, err)
		}
		if err := connect(c, level, chosen); err != nil {
			return nil, fmt.Errorf("%s: %w", level, err)
		}
		all = append(all, chosen...)
	}
	if err := c.setTerms(all); err != nil {
		return nil, err
	}
	signed := decisions(draw(seed, forDecisions))
	for i, x := range all {
		x.Code = fmt.Sprintf("9.%06d", 1+i) // no national code begins with 9
		x.ID, x.VersionID, x.Version = fixedID("procedure", x.Code), fixedID("procedure-version", x.Code), 1
		for j := range x.Variants {
			x.Variants[j].Code = fmt.Sprintf("%s.%02d", x.Code, 1+j)
		}
		x.Process = process(c, x)
		d := signed[i%len(signed)] // each decision published some of every kind
		x.DecisionNumber, x.DecisionDate = d.number, d.date
		c.describe(x)
	}
	return all, nil
}

// candidates is every procedure that the facts can make at the level, the likeliest of each object before the next of any.
func candidates(f *facts, level catalog.Level) []*item {
	var all []*item
	for _, field := range f.fields {
		var own []*item
		objects := field.at(level)
		keys := make([]string, 0, len(objects))
		for key := range objects {
			keys = append(keys, key)
		}
		slices.SortFunc(keys, func(a, b string) int { // whole names first: those are the ones that everybody knows
			return strings.Compare(strings.TrimPrefix(a, "x"), strings.TrimPrefix(b, "x"))
		})
		for _, key := range keys {
			for _, object := range objects[key] {
				for nth, p := range kinds[key].patterns {
					x := &item{field: field, kind: kinds[key], nth: nth, pace: p.pace}
					x.Name, x.result = p.of(object)
					if key == "x" {
						x.result = outcome(field, object, x.result)
					}
					if field.Pace == quick || field.Pace == short || field.Pace == long && nth == 0 {
						x.pace = field.Pace
					}
					x.HomeLevel, x.Levels = level, []catalog.Level{level}
					own = append(own, x)
				}
			}
		}
		slices.SortStableFunc(own, func(a, b *item) int { return a.nth - b.nth })
		for rank, x := range own {
			x.rank = rank
		}
		all = append(all, own...)
	}
	return all
}

// choose takes n: whatever is likeliest for its object, and of the least likely that still find room a draw. The order stays.
func choose(c chance, all []*item, n int) ([]*item, error) {
	if len(all) < n {
		return nil, fmt.Errorf("the facts make %d procedures, not %d", len(all), n)
	}
	order := c.Perm(len(all))
	slices.SortStableFunc(order, func(a, b int) int { return all[a].nth - all[b].nth })
	order = order[:n]
	slices.Sort(order)
	chosen := make([]*item, n)
	for i, at := range order {
		chosen[i] = all[at]
	}
	return chosen, nil
}

// mark draws n of those that are fit and does something with each.
func mark(c chance, what string, n int, all []*item, fit func(*item) bool, do func(x *item)) error {
	var able []*item
	for _, x := range all {
		if fit(x) {
			able = append(able, x)
		}
	}
	if len(able) < n {
		return fmt.Errorf("%d procedures can be %s, not %d", len(able), what, n)
	}
	for _, i := range c.some(n, len(able)) {
		do(able[i])
	}
	return nil
}

// connect decides which procedures of the level are interconnected, shared with other levels, and done on the spot.
func connect(c chance, level catalog.Level, all []*item) error {
	want := report[level]
	join := func(how catalog.Interconnection) func(*item) {
		return func(x *item) { x.Interconnections = append(x.Interconnections, how) }
	}
	share := func(levels ...catalog.Level) func(*item) {
		return func(x *item) { x.Levels = append(x.Levels, levels...) }
	}
	single := func(x *item) bool { return len(x.Interconnections) == 0 }
	alone := func(x *item) bool { return x.field.Shared && len(x.Levels) == 1 }
	next := catalog.District
	if level == catalog.District {
		next = catalog.Commune
	}
	steps := []struct {
		what string
		n    int
		fit  func(*item) bool
		do   func(*item)
	}{
		{"interconnected across levels", want.cross, func(x *item) bool { return single(x) && x.pace != quick }, join(catalog.CrossLevel)},
		{"interconnected at one level", want.same, single, join(catalog.SameLevel)},
		{"shared by three levels", want.inThree, alone, share(catalog.District, catalog.Commune)},
		{"shared with the next level", want.withNext, alone, share(next)},
		{"done on the spot", want.onTheSpot, atCounter, func(x *item) { x.OnTheSpot = true }},
	}
	for _, s := range steps {
		if err := mark(c, s.what, s.n, all, s.fit, s.do); err != nil {
			return err
		}
	}
	return nil
}

// atCounter says whether one agency alone can do it quickly enough for the applicant to wait.
func atCounter(x *item) bool {
	return (x.pace == short || x.pace == quick) && !slices.Contains(x.Interconnections, catalog.CrossLevel) && !x.field.Payment
}
