package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

// handedIn is a life that an applicant with the number began, through a proxy with a number of its own.
func (x town) handedIn(t *testing.T, n int, number, proxy string) dossier.Life {
	t.Helper()
	in := x.intake(fmt.Sprintf("H13.31321-1-260302-%04d", n), x.counter, x.health)
	in.Applicant.IDNumber = number
	if proxy != "" {
		in.Submitter, in.Authority = &dossier.Person{Kind: dossier.Citizen, Name: "Người Nộp", IDNumber: proxy}, &dossier.Authority{Kind: dossier.Family}
	}
	d, e := open(t, dossier.WasReceived, monday.Add(time.Duration(n)*time.Second), dossier.Facts{Intake: in, Promise: &dossier.Promise{
		No: 1, Kind: dossier.FirstPromise, MadeAt: monday, Mark: mark(monday),
	}})
	return dossier.Life{Dossier: d, Events: []dossier.Event{e}}
}

func codesOf(t *testing.T, s *store.Store, scope staff.Scope, number string) []string {
	t.Helper()
	all, _, err := s.PersonDossiers(context.Background(), scope, number, store.Page{})
	must(t, err)
	codes := []string{}
	for _, d := range all {
		codes = append(codes, d.Code[len(d.Code)-4:])
	}
	return codes
}

func sound(t *testing.T, s *store.Store) {
	t.Helper()
	for id, what := range audit(t, s) {
		if len(what) > 0 {
			t.Errorf("%s: %v", id, what)
		}
	}
}

func TestDossiersAreFoundByWhoHasThemWithinTheScope(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		x, an, binh := newTown(t, s), "093090000001", "093190000002"
		lives := []dossier.Life{x.handedIn(t, 1, an, ""), x.handedIn(t, 2, binh, an), x.handedIn(t, 3, binh, ""), x.handedIn(t, 4, "", "")}
		must(t, s.AddDossiers(context.Background(), lives[:2]))
		for _, l := range lives[2:] {
			must(t, s.AddDossier(context.Background(), l.Dossier, l.Events[0]))
		}
		for _, c := range []struct {
			scope  staff.Scope
			number string
			want   []string
		}{
			{everything, an, []string{"0002", "0001"}},
			{everything, "093 090.000 001", []string{"0002", "0001"}},
			{everything, binh, []string{"0003", "0002"}},
			{eyes(x.north), binh, []string{"0003", "0002"}},
			{eyes(x.south), binh, []string{}},
			{staff.Scope{}, binh, []string{}},
			{everything, "093090000009", []string{}},
			{everything, "", []string{}},
		} {
			if diff := cmp.Diff(c.want, codesOf(t, s, c.scope, c.number)); diff != "" {
				t.Errorf("%s: %s", c.number, diff)
			}
		}
		sound(t, s)
	})
}

func TestTheIndexOfPersonsFollowsFromTheJournal(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		l := x.handedIn(t, 1, "093090000001", "093190000002")
		must(t, s.AddDossier(ctx, l.Dossier, l.Events[0]))
		for statement, want := range map[string]string{
			"UPDATE dossier_persons SET digest = 'x' WHERE no = 2":                                                                "dossier_persons[2].digest",
			"DELETE FROM dossier_persons WHERE no = 1":                                                                            "dossier_persons: 1 rows, not 2",
			"INSERT INTO dossier_persons (dossier_id, no, digest) SELECT dossier_id, 3, digest FROM dossier_persons WHERE no = 1": "dossier_persons: 3 rows, not 2",
		} {
			must(t, s.Exec(ctx, statement))
			if diff := cmp.Diff([]string{want}, audit(t, s)[l.Dossier.ID]); diff != "" {
				t.Errorf("%s: %s", statement, diff)
			}
			must(t, s.Rewrite(ctx, l.Dossier))
			sound(t, s)
		}
	})
}

func TestDossiersOfBeforeTheIndexAreEnteredAndTheKeyStays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		lives := make([]dossier.Life, 2100) // more than two batches
		for i := range lives {
			lives[i] = x.handedIn(t, i+1, fmt.Sprintf("0930900%05d", i/3), "")
		}
		must(t, s.AddDossiers(ctx, lives))
		before, err := s.PersonDigest(ctx, "093090000001")
		must(t, err)
		// As the migration leaves a database of before, then as one broken off in the middle leaves it.
		for _, left := range []string{"DELETE FROM dossier_persons", "DELETE FROM dossier_persons WHERE digest > '8'"} {
			must(t, s.Exec(ctx, left))
			must(t, s.Exec(ctx, "UPDATE person_key SET indexed = ?", false))
			must(t, s.Migrate(ctx))
			sound(t, s)
		}
		if n := len(codesOf(t, s, everything, "093090000007")); n != 3 {
			t.Errorf("%d dossiers, not 3", n)
		}
		if after, err := s.PersonDigest(ctx, "093 090 000 001"); err != nil || after != before {
			t.Errorf("the key changed: %v", err)
		}
	})
}

func TestTheRecordOfAccessesHoldsNoNumberAndStays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		const number = "093090000001"
		digest, err := s.PersonDigest(ctx, number)
		must(t, err)
		if len(digest) != 64 || strings.Contains(digest, number) {
			t.Errorf("the digest is %q", digest)
		}
		for i, of := range []uuid.UUID{x.north.ID, x.counter.ID, x.south.ID} {
			must(t, s.AddAccess(ctx, dossier.Access{
				ID: uuid.Must(uuid.NewV7()), At: monday.Add(time.Duration(i) * time.Minute), Act: dossier.AccessLookup, Person: digest, Purpose: "1.000001",
				By: dossier.By{ID: uuid.New(), Name: fmt.Sprint("người ", i), Role: "CLERK", AgencyID: of},
			}))
		}
		names := func(scope staff.Scope, f store.AccessFilter, p store.Page) (all []string, next store.Next) {
			found, next, err := s.Accesses(ctx, scope, f, p)
			must(t, err)
			for _, a := range found {
				all = append(all, a.By.Name)
			}
			return all, next
		}
		first, next := names(everything, store.AccessFilter{Person: number}, store.Page{Limit: 2})
		rest, _ := names(everything, store.AccessFilter{Person: number}, store.Page{Limit: 2, After: string(next)})
		if diff := cmp.Diff([]string{"người 2", "người 1", "người 0"}, append(first, rest...)); diff != "" {
			t.Error(diff)
		}
		if got, _ := names(eyes(x.north), store.AccessFilter{}, store.Page{}); !cmp.Equal(got, []string{"người 1", "người 0"}) {
			t.Errorf("the head of a commune sees %v", got)
		}
		for _, f := range []store.AccessFilter{{Person: "093090000002"}, {Act: dossier.AccessExport}, {By: uuid.New()}} {
			if got, _ := names(everything, f, store.Page{}); got != nil {
				t.Errorf("%+v: %v", f, got)
			}
		}
		for _, tamper := range []string{"UPDATE person_accesses SET by_name = 'x'", "DELETE FROM person_accesses"} {
			if err := s.Exec(ctx, tamper); err == nil {
				t.Errorf("%s was let through", tamper)
			}
		}
	})
}
