package store_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

// audit is what a whole walk finds: for each dossier, by id, what differs from its journal.
func audit(t *testing.T, s *store.Store) map[uuid.UUID][]string {
	t.Helper()
	found := map[uuid.UUID][]string{}
	var last uuid.UUID
	must(t, s.EachLife(context.Background(), nil, func(events []dossier.Event, row store.StoredRow) error {
		id := row.ID()
		if id == uuid.Nil {
			id = events[0].DossierID
		}
		if strings.Compare(last.String(), id.String()) >= 0 {
			t.Errorf("%s comes after %s", id, last)
		}
		last = id
		found[id] = []string{"no journal"}
		if len(events) == 0 {
			return nil
		}
		d, err := dossier.Rebuild(events)
		if err != nil {
			found[id] = []string{err.Error()}
			return nil
		}
		found[id] = s.Differences(context.Background(), d, row)
		return nil
	}))
	return found
}

func TestWhatIsStoredFollowsFromTheJournal(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		x, r := newTown(t, s), rand.New(rand.NewPCG(11, 12))
		lives := randomLives(t, r, x, 700) // more than a batch
		keep(t, s, r, lives)
		found := audit(t, s)
		if len(found) != len(lives) {
			t.Errorf("%d lives were told, want %d", len(found), len(lives))
		}
		for id, what := range found {
			if len(what) > 0 {
				t.Errorf("%s: %v", id, what)
			}
		}
	})
}

func TestWhateverIsChangedBehindTheJournalIsNamedAndRepaired(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		in := x.intake("igate-1", x.counter, x.health)
		in.Source = &dossier.Source{System: "igate", Key: "1"}
		d, e := open(t, dossier.WasImported, monday, dossier.Facts{
			Intake: in, Foreign: &dossier.Foreign{State: dossier.SupplementRequested, ReceivedAt: monday},
			Promise: &dossier.Promise{No: 1, Kind: dossier.SourcesPromise, MadeAt: monday, Mark: mark(monday)},
		})
		must(t, s.AddDossier(ctx, d, e))
		other := x.added(t, s, 2, monday, x.counter, x.health)

		for statement, want := range map[string][]string{
			"UPDATE dossiers SET state = '9' WHERE id = ?":                                           {"dossiers.state"},
			"UPDATE dossiers SET body = '{}' WHERE id = ?":                                           {"dossiers.body"},
			"UPDATE dossiers SET applicant_fold = 'x', late_from = NULL WHERE id = ?":                {"dossiers.late_from", "dossiers.applicant_fold"},
			"UPDATE dossiers SET version = 2, head = 'x' WHERE id = ?":                               {"dossiers.version", "dossiers.head"},
			"UPDATE dossier_promises SET late_from = made_at WHERE dossier_id = ?":                   {"dossier_promises[1].late_from"},
			"DELETE FROM dossier_promises WHERE dossier_id = ?":                                      {"dossier_promises: 0 rows, not 1"},
			"UPDATE dossier_pauses SET to_at = from_at WHERE dossier_id = ?":                         {"dossier_pauses[1].to_at"},
			"UPDATE dossier_steps SET role = 'CLERK' WHERE no = 2 AND dossier_id = ?":                {"dossier_steps[2].role"},
			"UPDATE dossier_codes SET dossier_id = '" + other.ID.String() + "' WHERE dossier_id = ?": {"dossier_codes: the code does not lead to the dossier"},
			"DELETE FROM dossier_codes WHERE dossier_id = ?":                                         {"dossier_codes: the code does not lead to the dossier"},
			"DELETE FROM dossier_sources WHERE dossier_id = ?":                                       {"dossier_sources: the source's key does not lead to the dossier"},
			"DELETE FROM dossiers WHERE id = ?":                                                      {"dossiers: there is no row"},
		} {
			must(t, s.Exec(ctx, statement, d.ID))
			if got := audit(t, s)[d.ID]; !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", statement, got, want)
			}
			if strings.Contains(statement, other.ID.String()) { // the code stands in the way until it is set free
				wantFault(t, "rewrite", s.Rewrite(ctx, d), fault.Conflict, "dossier-exists")
				must(t, s.Exec(ctx, "DELETE FROM dossier_codes WHERE code = ?", d.Code))
			}
			must(t, s.Rewrite(ctx, d))
			for id, what := range audit(t, s) {
				if len(what) > 0 {
					t.Errorf("after the repair of %q, %s: %v", statement, id, what)
				}
			}
			kept, err := s.DossierByCode(ctx, everything, d.Code)
			must(t, err)
			if diff := cmp.Diff(d, kept); diff != "" {
				t.Error(diff)
			}
		}
	})
}

func TestARowWithoutAJournalIsTold(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x := context.Background(), newTown(t, s)
		d := x.added(t, s, 1, monday, x.counter, x.health)
		for _, trigger := range []string{"dossier_events_keep", "dossier_events_stay"} {
			drop := "DROP TRIGGER " + trigger
			if s.Dialect() == store.PostgreSQL {
				drop += " ON dossier_events"
			}
			must(t, s.Exec(ctx, drop))
		}
		must(t, s.Exec(ctx, "UPDATE dossier_events SET facts = replace(facts, 'Đức', 'Tài')"))
		if got := audit(t, s)[d.ID]; len(got) != 1 || !strings.Contains(got[0], "hash differs") {
			t.Errorf("a changed event: %v", got)
		}
		must(t, s.Exec(ctx, "DELETE FROM dossier_events"))
		if got := audit(t, s)[d.ID]; !slices.Equal(got, []string{"no journal"}) {
			t.Errorf("no event left: %v", got)
		}
	})
}

func TestOneBadLifeKeepsAllOfThemOut(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, x, r := context.Background(), newTown(t, s), rand.New(rand.NewPCG(13, 14))
		there := x.added(t, s, 1, monday, x.counter, x.health)
		lives := randomLives(t, r, x, 30)
		clash, e := x.received(t, there.Code, monday, x.counter, x.health)
		wantFault(t, "a code that is taken", s.AddDossiers(ctx, append(lives, dossier.Life{Dossier: clash, Events: []dossier.Event{e}})), fault.Conflict, "dossier-exists")
		torn := lives[0]
		torn.Events = nil
		if err := s.AddDossiers(ctx, append(lives[1:], torn)); err == nil {
			t.Error("a life without a journal was kept")
		}
		if n, err := s.CountDossiers(ctx, everything, store.DossierFilter{}); n != 1 || err != nil {
			t.Errorf("%d are there, want 1, %v", n, err)
		}
		must(t, s.AddDossiers(ctx, lives))
		must(t, s.AddDossiers(ctx, nil))
	})
}
