package onestop

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/store"
)

// law is what was in force when: an act goes by the newest that is there, and takes so long until others see it. What was written down first was
// there before: a register begins with the law of its day.
type law struct {
	store.Published
	sets  []dossier.RuleSet
	zone  *time.Location
	first time.Time // when the first of them were written down
}

func (o *Office) law(ctx context.Context) (law, error) {
	published, err := o.store.Published(ctx)
	if err != nil {
		return law{}, err
	}
	l := law{Published: published, zone: o.zone}
	for _, at := range l.Rules {
		if l.first.IsZero() || at.Before(l.first) {
			l.first = at
		}
	}
	l.sets, err = o.ruleSets(ctx)
	return l, err
}

// inForce are those of several that may have been the newest between two instants.
func inForce(all []store.Recorded, from, to time.Time) []store.Recorded {
	var found []store.Recorded
	for i, x := range all {
		begun := x.No == 1 || x.No > 1 && !x.At.After(to)
		if over := i+1 < len(all) && all[i+1].At.Before(from); begun && !over {
			found = append(found, x)
		}
	}
	return found
}

// revisions are those of a calendar that an act at the instant may have gone by, the newest first.
func (l law) revisions(calendar string, at time.Time) []int {
	var all []int
	for _, x := range inForce(l.Calendars[calendar], at.Add(-actTakes), at.Add(actTakes)) {
		all = append(all, x.No)
	}
	slices.Reverse(all)
	return all
}

// act is the decision that a revision of a calendar rests on.
func (l law) act(calendar string, revision int) string {
	for _, x := range l.Calendars[calendar] {
		if x.No == revision {
			return x.Act
		}
	}
	return ""
}

// versions are those of a procedure under which something may have been taken in that came by the one instant, and was recorded at the other.
func (l law) versions(procedure uuid.UUID, came, recorded time.Time) []int {
	bound := func(at time.Time) time.Time {
		if at.After(came) {
			return came
		}
		return at
	}
	var all []int
	for _, x := range inForce(l.Versions[procedure], bound(recorded.Add(-actTakes)), bound(recorded.Add(actTakes))) {
		all = append(all, x.No)
	}
	return all
}

// firstSets is how long a program that starts for the first time takes at most to write down the sets that come with it.
const firstSets = 10 * time.Second

// known is when a set of rules was written down, the zero time for those that a register begins with.
func (l law) known(r dossier.RuleSet) time.Time {
	if at := l.Rules[r.ID]; at.After(l.first.Add(firstSets)) {
		return at
	}
	return time.Time{}
}

// rules are the sets of a day that an act at the instant may have gone by.
func (l law) rules(on catalog.Date, at time.Time) []string {
	from, to := at.Add(-actTakes), at.Add(actTakes)
	looks := []time.Time{to, from}
	for _, r := range l.sets {
		if known := l.known(r); known.After(from) && known.Before(to) {
			looks = append(looks, known)
		}
	}
	var all []string
	for _, look := range looks {
		sets := slices.DeleteFunc(slices.Clone(l.sets), func(r dossier.RuleSet) bool { return l.known(r).After(look) })
		if r, err := dossier.RulesOn(sets, on); err == nil && !slices.Contains(all, r.ID) {
			all = append(all, r.ID)
		}
	}
	return all
}

// calendars are those that the deciding agency may have gone by at the instant: its own or that of one above it, the nearest first. From when on
// an agency has one of its own is not known.
func (c *rollCall) calendars(deciding uuid.UUID, at time.Time) []string {
	var all []string
	ids := pathIDs(c.agency(deciding, at).Path)
	for _, id := range slices.Backward(ids) {
		if a := c.agencies.byID(id); a != nil && a.Calendar != "" {
			all = append(all, a.Calendar)
		}
	}
	return append(all, DefaultCalendar)
}

// grounds are what an event says that its dates are reckoned by.
type grounds struct {
	rules, calendar string
	revision        int // 0 where it says no date
}

// namedBy are the grounds of an event as far as the dossier or the event itself names them.
func namedBy(before dossier.Dossier, f dossier.Facts) grounds {
	var g grounds
	switch {
	case before.Basis != nil:
		g.rules, g.calendar = before.Basis.Rules, before.Basis.Calendar
	case f.Basis != nil:
		g.rules, g.calendar = f.Basis.Rules, f.Basis.Calendar
	case f.Limit != nil:
		g.rules, g.calendar = f.Limit.Rules, f.Limit.Calendar
	}
	switch {
	case f.Promise != nil:
		g.revision = f.Promise.Revision
	case len(f.StepMarks) > 0:
		g.revision = f.StepMarks[0].Revision
	case f.Limit != nil:
		g.revision = f.Limit.Revision
	}
	return g
}

// groundsOf are those that an event names, or what they must be where it names none; with what of them was not in force.
func (o *Office) groundsOf(who *rollCall, before dossier.Dossier, e dossier.Event, f dossier.Facts) (grounds, []string) {
	g := namedBy(before, f)
	var wrong []string
	deciding, on := before.DecidingID, catalog.DateOf(e.At, o.zone)
	if f.Intake != nil {
		deciding = f.Intake.DecidingID
	}
	if before.Basis == nil {
		rules, calendars := who.law.rules(on, e.RecordedAt), who.calendars(deciding, e.RecordedAt)
		if f.Basis == nil && f.Limit == nil {
			g.calendar = calendars[0]
			if len(rules) > 0 {
				g.rules = rules[0]
			}
		}
		if !slices.Contains(rules, g.rules) {
			wrong = append(wrong, fmt.Sprintf("event %d: rule set %q was not in force then", e.Seq, g.rules))
		}
		if !slices.Contains(calendars, g.calendar) {
			wrong = append(wrong, fmt.Sprintf("event %d: calendar %q is none of agency %s nor of one above it", e.Seq, g.calendar, who.code(deciding)))
		}
	}
	if g.revision != 0 && !slices.Contains(who.law.revisions(g.calendar, e.RecordedAt), g.revision) {
		wrong = append(wrong, fmt.Sprintf("event %d: revision %d of calendar %s was not the newest then", e.Seq, g.revision, g.calendar))
	}
	return g, wrong
}

// recheckProcedure names what a dossier was taken in under that is not as the version of its procedure in force on that day has it.
func (o *Office) recheckProcedure(ctx context.Context, who *rollCall, e dossier.Event, f dossier.Facts) []string {
	if f.Intake == nil || e.Kind != dossier.WasReceived && e.Kind != dossier.WasRegistered {
		return nil
	}
	in := f.Intake
	p := in.Procedure
	version, err := o.version(ctx, who, p)
	if err != nil {
		return []string{fmt.Sprintf("event %d: %v", e.Seq, err)}
	}
	var wrong []string
	if !slices.Contains(who.law.versions(version.ID, o.endOfDay(e.At), e.RecordedAt), version.Version) {
		wrong = append(wrong, fmt.Sprintf("event %d: version %d of procedure %s was not in force then", e.Seq, version.Version, version.Code))
	}
	if pinned := Pin(version, p.Variant); !same(p, pinned) {
		wrong = append(wrong, fmt.Sprintf("event %d: the procedure is not as version %d of %s has it: %s", e.Seq, version.Version, version.Code, differences(p, pinned)))
	}
	if len(version.Process) > 0 || version.OnTheSpot { // else the steps are those that the office is set up with
		if !who.fits(version, *in) {
			wrong = append(wrong, fmt.Sprintf("event %d: the steps are not those of version %d of procedure %s", e.Seq, version.Version, version.Code))
		}
	}
	if !same(in.Parts, Checklist(version)) {
		wrong = append(wrong, fmt.Sprintf("event %d: the papers are not those of version %d of procedure %s", e.Seq, version.Version, version.Code))
	}
	owes, err := o.owes(ctx, who, version, e, *in)
	switch {
	case err != nil:
		wrong = append(wrong, fmt.Sprintf("event %d: %v", e.Seq, err))
	case !owes:
		wrong = append(wrong, fmt.Sprintf("event %d: the fees are not those of version %d of procedure %s", e.Seq, version.Version, version.Code))
	}
	return wrong
}

// owes says whether the fees of an intake are those of the version, due as the rules of that day have it.
func (o *Office) owes(ctx context.Context, who *rollCall, version catalog.Procedure, e dossier.Event, in dossier.Intake) (bool, error) {
	for _, id := range who.law.rules(catalog.DateOf(e.At, o.zone), e.RecordedAt) {
		rules, err := o.ruleSet(ctx, id)
		if err != nil {
			return false, err
		}
		if fees, text := Owed(version, in.Procedure.Variant, catalog.Channel(in.Channel), rules); same(in.Fees, fees) && in.FeeText == text {
			return true, nil
		}
	}
	return false, nil
}

// version is the one that a dossier was taken in under.
func (o *Office) version(ctx context.Context, who *rollCall, p dossier.Procedure) (catalog.Procedure, error) {
	version, there := who.versions[p.VersionID]
	if !there {
		var err error
		if version, err = o.store.ProcedureVersion(ctx, p.VersionID); err != nil {
			return version, fmt.Errorf("the version of procedure %s: %w", p.Code, err)
		}
		who.versions[p.VersionID] = version
	}
	return version, nil
}

// fits says whether the steps of an intake are those of the version's process, each at an agency that it may mean.
func (c *rollCall) fits(version catalog.Procedure, in dossier.Intake) bool {
	process := catalog.Stages(version.Process)
	if len(process) != len(in.Steps) {
		return false
	}
	for i, s := range process {
		said := in.Steps[i]
		agency := said.AgencyID
		switch s.Agency {
		case catalog.AtReceiving:
			agency = in.ReceivingID
		case catalog.AtDeciding:
			agency = in.DecidingID
		case catalog.AtCommune:
			if a := c.agencies.byID(agency); a == nil || a.Kind != catalog.CommuneCommittee {
				return false
			}
		default:
			if all := c.agencies.named(string(s.Agency)); len(all) > 0 && !slices.Contains(all, agency) {
				return false
			}
		}
		planned := dossier.PlannedStep{Stage: s.Stage, Name: s.Name, AgencyID: agency, Role: s.Role, Term: s.Term, Output: s.Output}
		if !same(said, planned) {
			return false
		}
	}
	return true
}
