package demo_test

import (
	"fmt"
	"reflect"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/demo"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/staff"
)

func TestEveryDossierIsWhatItsJournalSays(t *testing.T) {
	t.Parallel()
	p := shown(t)
	for _, l := range p.Lives {
		d, err := dossier.Rebuild(l.Events)
		if err != nil {
			t.Errorf("%s: %v", l.Dossier.Code, err)
		}
		if !reflect.DeepEqual(l.Dossier, d) { // cmp takes a hundred times as long over two equal ones
			t.Errorf("%s differs from its journal:\n%s", l.Dossier.Code, cmp.Diff(l.Dossier, d, amounts))
		}
		for i, e := range l.Events {
			if e.At.Location() != time.UTC || !e.At.Equal(e.At.Truncate(time.Microsecond)) || i > 0 && !e.At.After(l.Events[i-1].At) {
				t.Errorf("%s: event %d happened at %v", d.Code, e.Seq, e.At)
			}
		}
	}
	if len(p.Lives) != demo.DefaultDossiers {
		t.Errorf("there are %d dossiers", len(p.Lives))
	}
}

func TestEveryDateFollowsFromTheRules(t *testing.T) {
	t.Parallel()
	calendar, _, rules := delivered(t)
	for _, l := range shown(t).Lives {
		_, err := dossier.Replay(l.Events, func(before dossier.Dossier, e dossier.Event, f dossier.Facts) error {
			basis := f.Basis
			if basis == nil {
				basis = before.Basis
			}
			if basis == nil || e.Kind == dossier.FileWasAttached && f.Promise == nil && f.StepMarks == nil {
				return nil
			}
			r := dossier.Reckoner{Calendar: calendar, Name: basis.Calendar, Revision: 1}
			for _, set := range rules {
				if set.ID == basis.Rules {
					r.Rules = set
				}
			}
			action := e.Kind.Action()
			if action == "" {
				action = dossier.Accept
			}
			again := dossier.Facts{StepNo: f.StepNo, Fees: f.Fees}
			if err := r.Dates(before, action, e.At, basis.Term, &again); err != nil {
				return err
			}
			if !reflect.DeepEqual(again.Promise, f.Promise) || !reflect.DeepEqual(again.StepMarks, f.StepMarks) {
				return fmt.Errorf("event %d promises something else:\n%s", e.Seq, cmp.Diff(again.Promise, f.Promise)+cmp.Diff(again.StepMarks, f.StepMarks))
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", l.Dossier.Code, err)
		}
	}
}

func TestTheLatenessOfADossierIsTheSumOfItsLegs(t *testing.T) {
	t.Parallel()
	calendar, _, rules := delivered(t)
	late, beside := 0, 0
	for _, l := range shown(t).Lives {
		d := l.Dossier
		if d.Basis == nil {
			continue
		}
		r := dossier.Reckoner{Calendar: calendar, Name: d.Basis.Calendar, Revision: 1}
		for _, set := range rules {
			if set.ID == d.Basis.Rules {
				r.Rules = set
			}
		}
		now := l.Events[len(l.Events)-1].At.Add(time.Hour)
		legs, err := r.Legs(d, now)
		if err != nil {
			t.Fatalf("%s: %v", d.Code, err)
		}
		var sum int64
		for _, x := range legs.Items {
			if sum += x.Late; x.Late < 0 || x.Over < 0 || x.Over > x.Used {
				t.Errorf("%s: %+v", d.Code, x)
			}
		}
		timing := d.Timing(now)
		if isLate := timing == dossier.Late || timing == dossier.Overdue || timing == dossier.Suspended; sum != legs.Late || legs.Late > 0 && !isLate && !d.State.Ended() {
			t.Errorf("%s (%s) is late by %d, of which its legs bear %d", d.Code, timing, legs.Late, sum)
		}
		if legs.Late > 0 {
			late++
		}
		if n := len(d.Steps); n > 0 && d.Steps[n-1].Stage < n {
			beside++
		}
	}
	if late == 0 || beside == 0 {
		t.Errorf("%d dossiers are late and %d have steps side by side: that shows nothing", late, beside)
	}
}

func TestCodesCountTheDaysOfAnAgencyWithoutGap(t *testing.T) {
	t.Parallel()
	p := shown(t)
	form := regexp.MustCompile(`^(H30\.\d\d(?:\.\d\d)?)-(\d{6})-(\d{4})$`)
	agencies := map[uuid.UUID]catalog.Agency{}
	for _, a := range p.Agencies {
		agencies[a.ID] = a
	}
	last := map[demo.Counter]int{}
	for _, l := range p.Lives { // in the order of arrival
		d := l.Dossier
		at := l.Events[0].At
		m := form.FindStringSubmatch(d.Code)
		if m == nil || m[1] != agencies[d.ReceivingID].Identifier || m[2] != at.In(zone).Format("060102") {
			t.Fatalf("%s was received at %s by %s", d.Code, at, agencies[d.ReceivingID].Code)
		}
		key := demo.Counter{Identifier: m[1], Day: catalog.DateOf(at, zone)}
		if last[key]++; fmt.Sprintf("%04d", last[key]) != m[3] {
			t.Errorf("%s follows on number %d", d.Code, last[key]-1)
		}
	}
	for _, c := range p.Counters {
		key := demo.Counter{Identifier: c.Identifier, Day: c.Day}
		if last[key] != c.Last {
			t.Errorf("the counter of %s on %s stands at %d, %d were given out", c.Identifier, c.Day, c.Last, last[key])
		}
		delete(last, key)
	}
	if len(last) > 0 {
		t.Errorf("no counters for %v", last)
	}
}

func TestCountersAreOpenInOfficeHoursOnly(t *testing.T) {
	t.Parallel()
	calendar, _, _ := delivered(t)
	outside := 0
	for _, l := range shown(t).Lives {
		d := l.Dossier
		working, err := calendar.IsWorking(d.SubmittedAt)
		if err != nil {
			t.Fatal(err)
		}
		if working {
			continue
		}
		outside++
		if d.Channel != catalog.Online || d.OnBehalf {
			t.Errorf("%s came by %s at %s", d.Code, d.Channel, d.SubmittedAt.In(zone))
		}
		if d.AcceptedAt != nil && !d.AcceptedAt.After(d.SubmittedAt) {
			t.Errorf("%s was accepted while nobody was there", d.Code)
		}
	}
	if outside < 100 {
		t.Errorf("only %d dossiers came outside office hours", outside)
	}
}

func TestWhoeverActsMayDoSo(t *testing.T) {
	t.Parallel()
	p := shown(t)
	paths, users := map[uuid.UUID]string{}, map[uuid.UUID]staff.User{}
	for _, a := range p.Agencies {
		paths[a.ID] = a.Path
	}
	for _, u := range p.Users {
		if err := u.Check(); err != nil {
			t.Errorf("%s: %v", u.Username, err)
		}
		if u.PasswordHash != "" {
			t.Errorf("%s has a password before it is loaded", u.Username)
		}
		users[u.ID] = u
	}
	for _, name := range []string{"canbo", "canbo.xa", "chuyenvien", "lanhdao", "quantri", "kiemtra"} {
		n := 0
		for _, u := range p.Users {
			if u.Username == name {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s is employed %d times", name, n)
		}
	}
	for _, l := range p.Lives {
		_, err := dossier.Replay(l.Events, func(before dossier.Dossier, e dossier.Event, _ dossier.Facts) error {
			u := users[e.By.ID]
			if u.Name != e.By.Name || string(u.Role) != e.By.Role || u.AgencyID != e.By.AgencyID {
				return fmt.Errorf("event %d is by %+v, who is %+v", e.Seq, e.By, u)
			}
			if u.Username == "congdvc" {
				if e.Kind != dossier.WasRegistered && e.Kind != dossier.FileWasAttached && e.Kind != dossier.FeesWerePaid {
					return fmt.Errorf("event %d: the portal cannot do %s", e.Seq, e.Kind)
				}
				return nil
			}
			actor := staff.Actor{ID: u.ID, Role: u.Role, AgencyID: u.AgencyID, AgencyPath: paths[u.AgencyID]}
			at := before.ReceivingID
			switch e.Kind {
			case dossier.WasReceived:
				at = l.Dossier.ReceivingID
			case dossier.StepWasTaken, dossier.StepWasCompleted, dossier.PaymentWasRequested:
				at = before.HolderID
			case dossier.WasReturned, dossier.FeesWerePaid, dossier.FeesWereExempted: // where it was received, or is handed out
				if !actor.Covers(paths[at]) {
					at = before.Returning()
				}
			case dossier.WasStopped, dossier.ExtensionWasRequested, dossier.ExtensionWasApproved:
				at = before.DecidingID
			case dossier.SupplementWasRequested, dossier.WasFinished:
				if before.State == dossier.InProgress {
					at = before.HolderID
				}
			}
			if !actor.Covers(paths[at]) {
				return fmt.Errorf("event %d, %s, is not for %s to do", e.Seq, e.Kind, u.Username)
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", l.Dossier.Code, err)
		}
	}
}

func TestEveryDossierHasItsChecklistAndSomeHaveFiles(t *testing.T) {
	t.Parallel()
	p := shown(t)
	asked := map[string]catalog.Procedure{}
	for _, x := range p.Procedures {
		asked[x.Code] = x
	}
	byOrigin, digitised, results, again := map[dossier.Origin]int{}, 0, 0, map[string]bool{}
	files := map[string]dossier.Dossier{}
	for _, l := range p.Lives {
		d := l.Dossier
		files[d.Code] = d
		if len(d.Parts) != len(asked[d.Procedure.Code].Components) {
			t.Fatalf("%s has %d parts, its procedure asks for %d", d.Code, len(d.Parts), len(asked[d.Procedure.Code].Components))
		}
		for i, part := range d.Parts {
			if c := asked[d.Procedure.Code].Components[i]; part.Name != c.Name || part.Required != c.Copies || !part.Required.Any() {
				t.Errorf("%s: part %+v, asked for is %+v", d.Code, part, c)
			}
			over := d.Channel != catalog.Online || d.OnBehalf
			if over && !part.Optional && !part.Received.Any() {
				t.Errorf("%s came over the counter without part %d", d.Code, part.No)
			}
		}
		if x := d.Digitisation(); x.Digitised {
			digitised++
			if x.ResultFile {
				results++
			}
		}
		for _, f := range d.Files {
			byOrigin[f.Origin]++
			if f.From == nil {
				continue
			}
			from := files[f.From.Dossier]
			x := from.File(f.From.File)
			if x == nil || x.SHA256 != f.SHA256 || !dossier.SamePerson(from.Applicant, d.Applicant) || x.AttachedAt.After(*f.AttachedAt) {
				t.Errorf("%s uses %+v again, which is %+v", d.Code, f.From, x)
			}
			again[d.Code] = true
		}
	}
	t.Logf("files %v, %d dossiers use one again, %d digitised, %d of them with a result", byOrigin, len(again), digitised, results)
	if byOrigin[dossier.Scanned] < 200 || byOrigin[dossier.BornDigital] < 200 || len(again) < 10 || digitised < 200 || results < 50 {
		t.Error("that shows too little")
	}
}
