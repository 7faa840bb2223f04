package onestop

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/population"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// PersonFile is what the office knows of somebody from earlier dossiers.
type PersonFile struct {
	Dossiers []dossier.Dossier // in which the person is applicant or submitter, the newest first
	Next     store.Next
	Details  dossier.Person // as last told; what the newest dossier leaves out is an older one's
	From     string         // code of the newest dossier that tells of the person, "" where none does
	Reusable []dossier.Reusable
}

// FindPerson finds the dossiers of whoever has the number, as far as the actor may see them, with what they tell of the person. Details
// and papers are those of the dossiers on the page. That the actor looked is recorded in the same transaction; without the record there
// is no answer.
func (o *Office) FindPerson(ctx context.Context, actor staff.Actor, now time.Time, number string, act dossier.AccessAct, p store.Page) (PersonFile, error) {
	var found PersonFile
	if err := actor.Must(staff.FindPersons); err != nil {
		return found, err
	}
	if err := numberValid(number); err != nil {
		return found, err
	}
	err := o.store.InTx(ctx, func(ctx context.Context) error {
		found = PersonFile{}
		if err := o.recordAccess(ctx, actor, now, number, act, ""); err != nil {
			return err
		}
		var err error
		if found.Dossiers, found.Next, err = o.store.PersonDossiers(ctx, actor.Scope(), number, p); err != nil {
			return err
		}
		found.Details, found.From = lastTold(found.Dossiers, number)
		found.Reusable, err = o.reusable(ctx, actor, ownOf(found.Dossiers, number))
		return err
	})
	return found, err
}

func numberValid(number string) error {
	if dossier.IDKindOf(dossier.TidyIDNumber(number)) == "" {
		return fieldFault("id_number", "pattern", "is no identity number (12 or 9 digits), tax code (10 digits, or 10-3) or passport")
	}
	return nil
}

func (o *Office) recordAccess(ctx context.Context, actor staff.Actor, now time.Time, number string, act dossier.AccessAct, purpose string) error {
	digest, err := o.store.PersonDigest(ctx, number)
	if err != nil {
		return err
	}
	return o.store.AddAccess(ctx, dossier.Access{
		ID: uuid.Must(uuid.NewV7()), At: instant(now), Act: act, Person: digest, Purpose: purpose, By: by(actor),
	})
}

// lastTold is the person as the dossiers, the newest first, tell: each detail from the newest that has it.
func lastTold(all []dossier.Dossier, number string) (told dossier.Person, from string) {
	for _, d := range all {
		p := d.PersonWith(number)
		if p == nil {
			continue
		}
		if from == "" {
			told, from = *p, d.Code
			continue
		}
		told = told.Completed(*p)
	}
	return told, from
}

// ownOf leaves the dossiers whose applicant has the number. Papers that somebody brought as a proxy are another person's.
func ownOf(all []dossier.Dossier, number string) []dossier.Dossier {
	return slices.DeleteFunc(slices.Clone(all), func(d dossier.Dossier) bool { return !d.IsOf(number) })
}

// reusable lists the papers of dossiers.
func (o *Office) reusable(ctx context.Context, actor staff.Actor, all []dossier.Dossier) ([]dossier.Reusable, error) {
	ids := make([]uuid.UUID, len(all))
	for i, d := range all {
		ids[i] = d.ID
	}
	events, err := o.store.EventsOf(ctx, actor.Scope(), dossier.SupplementWasCompleted, ids)
	if err != nil {
		return nil, err
	}
	found := []dossier.Reusable{}
	for _, d := range all {
		some, err := dossier.ReusableFrom(d, events[d.ID])
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	return found, nil
}

// reuse writes into an intake the papers that it is to take over, held against what the office has: each must be of a dossier that the actor may
// see and whose applicant has the same number. It gives that dossier for each.
func (o *Office) reuse(ctx context.Context, actor staff.Actor, all []dossier.Reused, in *dossier.Intake) ([]dossier.Dossier, error) {
	var wrong fault.Fields
	var from []dossier.Dossier
	for i, r := range all {
		d, err := o.store.DossierByCode(ctx, actor.Scope(), r.Dossier)
		if f := fault.As(err); err != nil && (f == nil || f.Kind != fault.NotFound) {
			return nil, err
		}
		field := fmt.Sprintf("reused_from[%d]", i)
		if err != nil || !d.IsOf(in.Applicant.IDNumber) { // the same answer: whose dossier it is is nobody's to guess
			wrong.Add(field+".dossier", "dossier-not-found", "is no dossier of this applicant")
			continue
		}
		has, err := o.reusable(ctx, actor, []dossier.Dossier{d})
		if err != nil {
			return nil, err
		}
		known, there := r.Among(has)
		if !there {
			wrong.Add(field, "reuse-unknown", "is no paper or result that the dossier has")
			continue
		}
		known.No = in.PartFor(known)
		in.ReusedFrom, from = append(in.ReusedFrom, known), append(from, d)
	}
	return from, wrong.Err("dossier-invalid", "the dossier cannot be received")
}

// takeOver attaches the files of the papers that a dossier which just came in uses again; from are the dossiers that these are of.
func (o *Office) takeOver(ctx context.Context, actor staff.Actor, now time.Time, d dossier.Dossier, from []dossier.Dossier) (dossier.Dossier, error) {
	if o.files.Archive == nil {
		return d, nil
	}
	m := dossier.Move{At: now, Recorded: now, By: by(actor)}
	for i, r := range d.ReusedFrom {
		for _, f := range from[i].Lends(r) {
			next, e, err := d.Attach(m, f)
			if err == nil {
				err = o.store.MoveDossier(ctx, next, e)
			}
			if err != nil {
				return d, err
			}
			d = next
		}
	}
	return d, nil
}

// AskRegister asks the outside register who has the number, to fill a form with: for whoever may take in dossiers, and for a procedure of
// the catalogue. The question is recorded before it is put; the answer is kept nowhere. A register that is down is Unavailable
// "register-unavailable": the form is then filled by hand.
func (o *Office) AskRegister(ctx context.Context, actor staff.Actor, now time.Time, register *population.Register, number, procedure string) (dossier.Person, error) {
	if err := actor.Must(staff.ReceiveDossiers); err != nil {
		return dossier.Person{}, err
	}
	number = dossier.TidyIDNumber(number)
	if err := numberValid(number); err != nil {
		return dossier.Person{}, err
	}
	if _, err := o.store.Procedure(ctx, procedure); err != nil {
		return dossier.Person{}, named(err, "procedure")
	}
	if err := o.recordAccess(ctx, actor, now, number, dossier.AccessLookup, procedure); err != nil {
		return dossier.Person{}, err
	}
	return register.Ask(ctx, now, number, procedure)
}
