package onestop

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/store"
)

// shortly is how long law is in force that hardly anybody came in under and saw. What was entered wrongly and put right looks the same as what
// somebody put into the tables for one dossier.
const shortly = 24 * time.Hour

// passed is how long one of several was the newest, false for one that still is and for the first, which was there before.
func passed(all []store.Recorded, no int) (time.Duration, bool) {
	for i, x := range all {
		if x.No == no && no > 1 && i+1 < len(all) {
			return all[i+1].At.Sub(x.At), true
		}
	}
	return 0, false
}

// passing names the law that an event goes by and that was in force for a day at most.
func (l law) passing(before dossier.Dossier, f dossier.Facts) []string {
	var all []string
	add := func(held time.Duration, replaced bool, format string, args ...any) {
		if replaced && held <= shortly {
			all = append(all, fmt.Sprintf(format, args...)+fmt.Sprintf(" was in force for %s only", held.Round(time.Second)))
		}
	}
	if in := f.Intake; in != nil && in.Source == nil {
		held, replaced := passed(l.Versions[in.Procedure.ID], in.Procedure.Version)
		add(held, replaced, "version %d of procedure %s", in.Procedure.Version, in.Procedure.Code)
	}
	g := namedBy(before, f)
	if g.revision != 0 {
		held, replaced := passed(l.Calendars[g.calendar], g.revision)
		add(held, replaced, "revision %d of calendar %s", g.revision, g.calendar)
	}
	if f.Basis != nil && before.Basis == nil {
		held, replaced := l.ruled(g.rules)
		add(held, replaced, "rule set %s", g.rules)
	}
	return all
}

// ruled is how long what came in was under a set of rules, false for one that still is in force. A set holds from its first day, or from when it
// was written down if that is later, until another takes its place.
func (l law) ruled(id string) (time.Duration, bool) {
	i := slices.IndexFunc(l.sets, func(r dossier.RuleSet) bool { return r.ID == id })
	if i < 0 {
		return 0, false
	}
	var until time.Time
	for j, r := range l.sets {
		first := l.sets[i].EffectiveFrom
		if later := r.EffectiveFrom > first || r.EffectiveFrom == first && j > i; later && (until.IsZero() || l.from(r).Before(until)) {
			until = l.from(r)
		}
	}
	return max(0, until.Sub(l.from(l.sets[i]))), !until.IsZero()
}

// from is when a set of rules began to hold for what came in.
func (l law) from(r dossier.RuleSet) time.Time {
	day, err := time.ParseInLocation(time.DateOnly, string(r.EffectiveFrom), l.zone)
	if known := l.known(r); err != nil || known.After(day) {
		return known
	}
	return day
}

// verifyCalendars names revisions that open dossiers are not told to follow: whoever keeps one has them follow it.
func (l law) verifyCalendars(v *Verification) {
	for _, name := range slices.Sorted(maps.Keys(l.Calendars)) {
		for _, x := range l.Calendars[name] {
			follows := slices.ContainsFunc(l.Replans[name], func(r store.Replan) bool { return r.Revision == x.No && r.BegunAt.Equal(x.At) })
			if x.No > 1 && !follows {
				v.found("calendar "+name, fmt.Sprintf("revision %d came by no act: no open dossier was told to follow it", x.No))
			}
		}
	}
}

// recheckFollowed names an open dossier whose date the newest revision of its calendar moves, although all have followed that one.
func (o *Office) recheckFollowed(ctx context.Context, now time.Time, who *rollCall, events []dossier.Event, d dossier.Dossier) []string {
	if d.Basis == nil || d.Promise() == nil {
		return nil
	}
	all := who.law.Replans[d.Basis.Calendar]
	if len(all) == 0 {
		return nil
	}
	newest := all[len(all)-1]
	if newest.FinishedAt == nil || d.Promise().Revision >= newest.Revision {
		return nil
	}
	if slices.ContainsFunc(events, func(e dossier.Event) bool { // it was not open then, and was taken back since
		return (e.Kind == dossier.WasRecalled || e.Kind == dossier.WasReopened) && !e.RecordedAt.Before(newest.BegunAt)
	}) {
		return nil
	}
	calendar, err := o.calendarRevision(ctx, newest.Calendar, newest.Revision)
	if err != nil {
		return []string{err.Error()}
	}
	_, moves, err := o.follower(newest.Calendar, newest.Revision, calendar).facts(ctx, d, now, "")
	switch {
	case err != nil:
		return []string{fmt.Sprintf("by revision %d of calendar %s its date cannot be worked out: %v", newest.Revision, newest.Calendar, err)}
	case moves:
		return []string{fmt.Sprintf("it is open, and its dates do not follow revision %d of calendar %s", newest.Revision, newest.Calendar)}
	}
	return nil
}
