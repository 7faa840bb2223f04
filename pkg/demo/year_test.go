package demo_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/demo"
	"github.com/motcua/motcua/pkg/dossier"
)

// tally is how a year went for some of the dossiers.
type tally struct {
	all, early, onTime, late, overdue int
}

func (x *tally) add(d dossier.Dossier) {
	x.all++
	p := d.Promise()
	switch {
	case p == nil:
	case d.State == dossier.Resolved || d.State == dossier.Returned:
		switch {
		case d.FinishedAt.Before(p.OnTimeFrom):
			x.early++
		case d.FinishedAt.Before(p.LateFrom):
			x.onTime++
		default:
			x.late++
		}
	case !d.State.Ended() && d.Suspended() == nil && !present.Before(p.LateFrom):
		x.overdue++
	}
}

func (x *tally) latePercent() float64 {
	return 100 * float64(x.late) / float64(x.early+x.onTime+x.late)
}

func TestTheYearIsBelievable(t *testing.T) {
	t.Parallel()
	for seed := uint64(1); seed <= 3; seed++ {
		p := shown(t)
		if seed > 1 {
			p = generate(t, seed, present, 0)
		}
		var all, land tally
		states, channels, fields := map[dossier.State]int{}, map[catalog.Channel]int{}, map[string]int{}
		supplements, waiting := 0, 0
		for _, l := range p.Lives {
			d := l.Dossier
			all.add(d)
			if d.Procedure.Field == "Đất đai" {
				land.add(d)
			}
			states[d.State]++
			channels[d.Channel]++
			fields[d.Procedure.Field]++
			if d.Supplements > 0 {
				supplements++
			}
			if d.AcceptBy != nil && d.AcceptBy.Before(present) {
				waiting++
			}
		}
		n := float64(len(p.Lives))
		for _, share := range []struct {
			what      string
			got       float64
			low, high float64
		}{
			{"late of all", all.latePercent(), 1.2, 3},
			{"late in matters of land", land.latePercent(), 6, 10},
			{"late ones that are matters of land", 100 * float64(land.late) / float64(all.late), 50, 100},
			{"early of all that is resolved", 100 * float64(all.early) / float64(all.early+all.onTime+all.late), 60, 90},
			{"in person", 100 * float64(channels[catalog.InPerson]) / n, 50, 60},
			{"online", 100 * float64(channels[catalog.Online]) / n, 35, 45},
			{"by post", 100 * float64(channels[catalog.Post]) / n, 3, 7},
			{"with a supplement", 100 * float64(supplements) / n, 4, 8},
			{"land", 100 * float64(land.all) / n, 15, 25},
			{"civil status", 100 * float64(fields["Hộ tịch"]) / n, 12, 22},
			{"open and overdue", float64(all.overdue), 6, 20},
			{"waiting too long for acceptance", float64(waiting), 2, 8},
			{"fields", float64(len(fields)), 60, 200},
		} {
			if share.got < share.low || share.got > share.high {
				t.Errorf("seed %d: %s: %.2f, which is not within %v and %v", seed, share.what, share.got, share.low, share.high)
			}
		}
		for _, s := range dossier.States {
			if states[s] == 0 {
				t.Errorf("seed %d: no dossier is in state %s, %s", seed, s, dossier.StateNames[s])
			}
		}
	}
}

func TestEveryStateIsThereInASmallProvinceToo(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		states := map[dossier.State]int{}
		for _, l := range generate(t, seed, present, 200).Lives {
			states[l.Dossier.State]++
		}
		if len(states) != len(dossier.States) {
			t.Errorf("seed %d: %v", seed, states)
		}
	}
}

func TestTheCitizensDossierIsOpenAndItsSecretKnown(t *testing.T) {
	t.Parallel()
	p := shown(t)
	for _, l := range p.Lives {
		d := l.Dossier
		if d.Code != p.Citizen.Code {
			continue
		}
		if d.State != dossier.InProgress || d.Applicant.Name != p.Citizen.Name {
			t.Errorf("the citizen's dossier is in state %s (%s), of %s", d.State, dossier.StateNames[d.State], d.Applicant.Name)
		}
		if d.SecretHash != dossier.HashSecret(d.ID, p.Citizen.Secret) || p.Citizen.Secret != demo.CitizenSecret {
			t.Error("the secret is another")
		}
		if due := d.Promise(); !present.Before(due.LateFrom) || due.DueAt.Sub(present).Hours() > 24*40 {
			t.Errorf("it is due on %s", due.DueAt.In(zone))
		}
		return
	}
	t.Errorf("there is no dossier %s", p.Citizen.Code)
}

func TestNobodyInItCanBeTakenForAPersonThatExists(t *testing.T) {
	t.Parallel()
	phone := regexp.MustCompile(`^\+8451\d{7}$`)
	citizen, tax := regexp.MustCompile(`^0\d{2}[0-3]\d{2}99\d{4}$`), regexp.MustCompile(`^\d{10}$`)
	check := func(code string, p dossier.Person) {
		if !phone.MatchString(p.Phone) || p.Email != "" && !strings.HasSuffix(p.Email, "@example.com") {
			t.Errorf("%s: %s, %s", code, p.Phone, p.Email)
		}
		switch {
		case p.Kind == dossier.Citizen && !citizen.MatchString(p.IDNumber):
			t.Errorf("%s: number %s of a citizen", code, p.IDNumber)
		case p.Kind == dossier.Enterprise && (!tax.MatchString(p.IDNumber) || checkDigitRight(p.IDNumber)):
			t.Errorf("%s: %s is the tax code of an enterprise that may exist", code, p.IDNumber)
		}
	}
	for _, l := range shown(t).Lives {
		check(l.Dossier.Code, l.Dossier.Applicant)
		if s := l.Dossier.Submitter; s != nil {
			check(l.Dossier.Code, *s)
		}
	}
}

// checkDigitRight says whether the tenth digit of a tax code follows from the nine before it.
func checkDigitRight(code string) bool {
	sum := 0
	for i, weight := range []int{31, 29, 23, 19, 17, 13, 7, 5, 3} {
		sum += weight * int(code[i]-'0')
	}
	return 10-sum%11 == int(code[9]-'0')
}
