package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/ledger"
	"github.com/motcua/motcua/pkg/notify"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

func calendar(ctx context.Context, s *store.Store, name string) error {
	return s.AddCalendar(ctx, store.CalendarRevision{Name: name, Revision: 1, Definition: []byte("{}"), RecordedAt: monday})
}

func there(ctx context.Context, s *store.Store, name string) bool {
	_, err := s.CalendarHead(ctx, name)
	return err == nil
}

func TestATransactionSeesItsOwnWritesAndOthersDoNot(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		outside := context.Background()
		must(t, s.InTx(outside, func(ctx context.Context) error {
			if err := calendar(ctx, s, "a"); err != nil {
				return err
			}
			if !there(ctx, s, "a") {
				t.Error("the transaction does not see its own write")
			}
			if there(outside, s, "a") {
				t.Error("others see what is not committed")
			}
			return nil
		}))
		if !there(outside, s, "a") {
			t.Error("it was not committed")
		}
	})
}

func TestAnInnerTransactionStandsOrFallsWithTheOuter(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, broken := context.Background(), errors.New("broken")
		if err := s.InTx(ctx, func(ctx context.Context) error {
			if err := s.InTx(ctx, func(ctx context.Context) error { return calendar(ctx, s, "a") }); err != nil {
				return err
			}
			return broken
		}); !errors.Is(err, broken) || there(ctx, s, "a") {
			t.Errorf("the outer failed: %v, kept: %t", err, there(ctx, s, "a"))
		}
		if err := s.InTx(ctx, func(ctx context.Context) error {
			_ = s.InTx(ctx, func(ctx context.Context) error { return errors.Join(calendar(ctx, s, "b"), broken) }) // dropped by mistake
			return nil
		}); !errors.Is(err, broken) || there(ctx, s, "b") {
			t.Errorf("the inner failed: %v, kept: %t", err, there(ctx, s, "b"))
		}
		func() {
			defer func() { _ = recover() }()
			_ = s.InTx(ctx, func(ctx context.Context) error {
				must(t, calendar(ctx, s, "c"))
				panic("broken")
			})
		}()
		if there(ctx, s, "c") {
			t.Error("a panic was committed")
		}
		must(t, calendar(ctx, s, "d")) // and the connection was given back
	})
}

// On PostgreSQL two transactions that lock two rows crosswise are a deadlock, and one of them is told to try again. SQLite has no such
// thing; there a second program that holds the lock for longer than one waits is the like of it.
func TestATransactionIsRunAgainWhenTheDatabaseAsksForIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		for _, name := range []string{"a", "b"} {
			must(t, s.InTx(ctx, func(ctx context.Context) error { _, err := s.NextDossierNumber(ctx, name, "2026-03-02"); return err }))
		}
		var wg sync.WaitGroup
		var lock sync.Mutex
		runs := 0
		meet := make(chan struct{})
		cross := func(first, second string, wait func()) error {
			return s.InTx(ctx, func(ctx context.Context) error {
				lock.Lock()
				runs++
				lock.Unlock()
				if _, err := s.NextDossierNumber(ctx, first, "2026-03-02"); err != nil {
					return err
				}
				wait()
				_, err := s.NextDossierNumber(ctx, second, "2026-03-02")
				return err
			})
		}
		short := func() { // lets the other take its first row, if it can
			select {
			case meet <- struct{}{}:
			case <-meet:
			case <-time.After(200 * time.Millisecond):
			}
		}
		failed := make([]error, 2)
		wg.Go(func() { failed[0] = cross("a", "b", short) })
		wg.Go(func() { failed[1] = cross("b", "a", short) })
		wg.Wait()
		must(t, errors.Join(failed...))
		if s.Dialect() == store.PostgreSQL && runs < 3 {
			t.Errorf("%d runs: there was no deadlock to try again after", runs)
		}
		for _, name := range []string{"a", "b"} {
			must(t, s.InTx(ctx, func(ctx context.Context) error {
				n, err := s.NextDossierNumber(ctx, name, "2026-03-02")
				if n != 4 {
					t.Errorf("%s stands at %d, want 4", name, n)
				}
				return err
			}))
		}
	})
}

func TestTwoProgramsMayWriteTheSameSQLiteFile(t *testing.T) {
	t.Parallel()
	config := storetest.SQLite(t)
	one, two := storetest.Open(t, config), storetest.Open(t, config)
	var wg sync.WaitGroup
	failed := make([]error, 8)
	for i := range failed {
		wg.Go(func() {
			for n := range 25 {
				s := []*store.Store{one, two}[i%2]
				failed[i] = errors.Join(failed[i], s.InTx(context.Background(), func(ctx context.Context) error {
					if _, err := s.NextDossierNumber(ctx, "a", "2026-03-02"); err != nil {
						return err
					}
					return calendar(ctx, s, fmt.Sprintf("%d-%d", i, n))
				}))
			}
		})
	}
	wg.Wait()
	must(t, errors.Join(failed...))
	must(t, one.InTx(context.Background(), func(ctx context.Context) error {
		n, err := one.NextDossierNumber(ctx, "a", "2026-03-02")
		if n != 201 {
			t.Errorf("the counter stands at %d, want 201", n)
		}
		return err
	}))
}

func TestACallerWhoseTimeIsUpHearsUnavailable(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		gone, cancel := context.WithCancel(context.Background())
		cancel()
		for name, err := range everyAnswer(gone, s) {
			if !errors.Is(err, fault.Unavailable) {
				t.Errorf("%s: %v", name, err)
			}
		}
		// While somebody holds the lock, a writer with little time is turned away in that time.
		must(t, s.InTx(context.Background(), func(ctx context.Context) error {
			if _, err := s.NextDossierNumber(ctx, "a", "2026-03-02"); err != nil {
				return err
			}
			little, cancel := context.WithTimeout(context.Background(), 150*time.Millisecond)
			defer cancel()
			begun := time.Now()
			err := s.InTx(little, func(ctx context.Context) error { _, err := s.NextDossierNumber(ctx, "a", "2026-03-02"); return err })
			if f := fault.As(err); f == nil || f.Kind != fault.Unavailable || f.Code != "database-unavailable" {
				t.Errorf("a locked database: %v", err)
			}
			if took := time.Since(begun); took > 3*time.Second {
				t.Errorf("it took %s to be turned away", took)
			}
			return nil
		}))
	})
}

func TestADatabaseThatIsGoneIsUnavailableWhateverIsAsked(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		x := newTown(t, s)
		x.added(t, s, 1, monday, x.counter, x.health)
		must(t, s.Close())
		for name, err := range everyAnswer(context.Background(), s) {
			if f := fault.As(err); f == nil || f.Kind != fault.Unavailable || f.Code != "database-unavailable" {
				t.Errorf("%s: %v", name, err)
			}
			if err != nil && strings.Contains(err.Error(), "SELECT") {
				t.Errorf("%s tells of the inside: %v", name, err)
			}
		}
	})
}

func TestAConnectionThatBreaksIsUnavailableOnceAndThenReplaced(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.Config{DatabaseURL: storetest.Postgres(t)})
	ctx := context.Background()
	for range 3 {
		err := s.InTx(ctx, func(ctx context.Context) error {
			must(t, calendar(ctx, s, "a"))
			_ = s.Exec(ctx, "SELECT pg_terminate_backend(pg_backend_pid())")
			return calendar(ctx, s, "b")
		})
		if !errors.Is(err, fault.Unavailable) {
			t.Errorf("a broken connection: %v", err)
		}
		must(t, s.Ping(ctx))
		if there(ctx, s, "a") {
			t.Error("half of it was kept")
		}
	}
	must(t, calendar(ctx, s, "a"))
}

func TestALockHeldByAnotherProgramIsUnavailable(t *testing.T) {
	t.Parallel()
	config := storetest.SQLite(t)
	one, two := storetest.Open(t, config), storetest.Open(t, config)
	must(t, one.InTx(context.Background(), func(ctx context.Context) error {
		if err := calendar(ctx, one, "a"); err != nil {
			return err
		}
		little, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		defer cancel()
		begun := time.Now()
		if err := calendar(little, two, "b"); !errors.Is(err, fault.Unavailable) {
			t.Errorf("a locked database: %v", err)
		}
		if took := time.Since(begun); took > 2*time.Second {
			t.Errorf("it took %s to be turned away", took)
		}
		return two.Ping(context.Background()) // who only reads is not held up
	}))
	must(t, calendar(context.Background(), two, "b"))
}

func TestNothingThatTheStoreCanBeAskedIsForgottenHere(t *testing.T) {
	t.Parallel()
	asked := everyAnswer(context.Background(), storetest.Broken(t))
	// These begin with InTx, or ask nothing on one of the two or once it is known.
	elsewhere := []string{
		"Analyze", "ClaimKey", "Close", "Dialect", "Differences", "KeepAnswer", "LockDossier", "Misfits", "NextDossierNumber", "PersonDigest", "UnsoundFile",
	}
	for m := range reflect.TypeFor[*store.Store]().Methods() {
		if _, ok := asked[m.Name]; !ok && !slices.Contains(elsewhere, m.Name) && m.Name != "Exec" && m.Name != "Strings" {
			t.Errorf("%s is not asked of a broken database", m.Name)
		}
	}
}

func TestAnAddressWhereNobodyAnswersIsUnavailable(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]store.Config{
		"no server":         {DatabaseURL: "postgres://motcua@127.0.0.1:1/motcua?connect_timeout=2"},
		"no such file":      {DataDir: "/dev/null/motcua"},
		"no folder is told": {},
	} {
		_, err := store.Open(context.Background(), config)
		if err == nil {
			t.Errorf("%s: opened", name)
		}
		if unavailable := errors.Is(err, fault.Unavailable); name == "no server" && !unavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// canary stands for a name, a number or a secret.
const canary = "BiMatXyz"

// everyAnswer asks everything that the store can be asked.
func everyAnswer(ctx context.Context, s *store.Store) map[string]error {
	id := uuid.Must(uuid.NewV7())
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	in := &dossier.Intake{ID: id, Code: canary, Channel: "POST", Applicant: dossier.Person{Kind: dossier.Citizen, Name: canary}}
	d, e, err := dossier.Open(dossier.WasReceived, dossier.Move{At: at, Recorded: at}, dossier.Facts{Intake: in})
	next, moved, err2 := d.Act(dossier.Withdraw, dossier.Move{At: at, Recorded: at}, dossier.Facts{Reason: canary + canary, Request: &dossier.Request{By: dossier.ByApplicant, How: dossier.Written}})
	if err != nil || err2 != nil {
		panic(errors.Join(err, err2))
	}
	all := map[string]error{}
	ask := func(name string, try func() error) { all[name] = try() }
	ask("Ping", func() error { return s.Ping(ctx) })
	ask("Migrate", func() error { return s.Migrate(ctx) })
	ask("InTx", func() error { return s.InTx(ctx, func(context.Context) error { return nil }) })
	ask("Empty", func() error { _, err := s.Empty(ctx); return err })
	ask("AddAgency", func() error { return s.AddAgency(ctx, catalog.Agency{ID: id}) })
	ask("ChangeAgency", func() error { return s.ChangeAgency(ctx, catalog.Agency{ID: id}, at) })
	ask("UnsoundProcedures", func() error { _, err := s.UnsoundProcedures(ctx); return err })
	ask("UnsoundAgencies", func() error { _, err := s.UnsoundAgencies(ctx); return err })
	ask("MissingAlerts", func() error { _, err := s.MissingAlerts(ctx, canary, time.Minute, time.Hour); return err })
	ask("FormerCode", func() error { _, err := s.FormerCode(ctx, id); return err })
	if s.Dialect() == store.SQLite { // PostgreSQL keeps nothing that does not fit
		ask("Misfits", func() error { _, err := s.Misfits(ctx, 1); return err })
		ask("UnsoundFile", func() error { _, err := s.UnsoundFile(ctx); return err })
	}
	ask("UnsoundGuards", func() error { _, err := s.UnsoundGuards(ctx); return err })
	ask("DeniedAlerts", func() error { _, err := s.DeniedAlerts(ctx, time.Minute); return err })
	ask("LogTrace", func() error { _, err := s.LogTrace(ctx, canary); return err })
	ask("DossierCounters", func() error { _, err := s.DossierCounters(ctx); return err })
	ask("Published", func() error { _, err := s.Published(ctx); return err })
	ask("AgencyMoves", func() error { _, err := s.AgencyMoves(ctx); return err })
	ask("AddSuccession", func() error { return s.AddSuccession(ctx, catalog.Succession{}) })
	ask("Agency", func() error { _, err := s.Agency(ctx, id); return err })
	ask("AgencyByCode", func() error { _, err := s.AgencyByCode(ctx, canary, ""); return err })
	ask("AgenciesByName", func() error { _, err := s.AgenciesByName(ctx, canary, "", ""); return err })
	ask("Agencies", func() error { _, _, err := s.Agencies(ctx, store.AgencyFilter{}, store.Page{}); return err })
	ask("AgencyNames", func() error { _, err := s.AgencyNames(ctx, []uuid.UUID{id}); return err })
	ask("Successions", func() error { _, _, err := s.Successions(ctx, id); return err })
	ask("AddCalendar", func() error { return calendar(ctx, s, canary) })
	ask("Calendar", func() error { _, err := s.Calendar(ctx, canary, 1); return err })
	ask("CalendarHead", func() error { _, err := s.CalendarHead(ctx, canary); return err })
	ask("Calendars", func() error { _, err := s.Calendars(ctx); return err })
	ask("AddRuleSet", func() error { return s.AddRuleSet(ctx, dossier.RuleSet{ID: canary}, at, canary) })
	ask("RuleSets", func() error { _, err := s.RuleSets(ctx); return err })
	ask("RuleSetCount", func() error { _, err := s.RuleSetCount(ctx); return err })
	ask("AddReplan", func() error { return s.AddReplan(ctx, store.Replan{Calendar: canary, BegunAt: at}) })
	ask("Replans", func() error { _, err := s.Replans(ctx, canary); return err })
	ask("HoldReplan", func() error { _, err := s.HoldReplan(ctx, canary, at, at); return err })
	ask("KeepReplan", func() error { return s.KeepReplan(ctx, store.Replan{Calendar: canary}, at) })
	ask("OpenOn", func() error { _, err := s.OpenOn(ctx, canary, id, 1); return err })
	ask("CountOpenOn", func() error { _, err := s.CountOpenOn(ctx, canary); return err })
	ask("PromisedBetween", func() error { _, err := s.PromisedBetween(ctx, canary, at, at); return err })
	sha := strings.Repeat("ab", 32)
	ask("HoldFile", func() error { return s.HoldFile(ctx, sha, 1, at, at) })
	ask("TakeFile", func() error { return s.InTx(ctx, func(ctx context.Context) error { return s.TakeFile(ctx, sha, at) }) })
	ask("WaitingFiles", func() error { _, err := s.WaitingFiles(ctx, at, 1); return err })
	ask("ForgetFile", func() error { return s.ForgetFile(ctx, sha, at) })
	ask("LetGoOfFile", func() error {
		_, err := s.LetGoOfFile(ctx, sha, at)
		return err
	})
	ask("FileEvents", func() error { _, err := s.FileEvents(ctx, id, 0, 1); return err })
	ask("LockDossiers", func() error {
		return s.InTx(ctx, func(ctx context.Context) error { _, err := s.LockDossiers(ctx, []uuid.UUID{id}); return err })
	})
	ask("AddProcedure", func() error { return s.AddProcedure(ctx, catalog.Procedure{Code: canary}, at) })
	ask("AddProcedureVersion", func() error { return s.AddProcedureVersion(ctx, catalog.Procedure{ID: id}, at) })
	ask("Procedure", func() error { _, err := s.Procedure(ctx, canary); return err })
	ask("ProcedureBefore", func() error { _, err := s.ProcedureBefore(ctx, canary, monday); return err })
	ask("ProcedureVersion", func() error { _, err := s.ProcedureVersion(ctx, id); return err })
	ask("ProcedureHashes", func() error { _, err := s.ProcedureHashes(ctx); return err })
	ask("Procedures", func() error { _, _, _, err := s.Procedures(ctx, store.ProcedureFilter{}, store.Page{}); return err })
	ask("CatalogueSummary", func() error { _, err := s.CatalogueSummary(ctx); return err })
	ask("AddUser", func() error { return s.AddUser(ctx, staff.User{ID: id}) })
	ask("ChangeUser", func() error { return s.ChangeUser(ctx, staff.User{ID: id}) })
	ask("User", func() error { _, err := s.User(ctx, id); return err })
	ask("UserByUsername", func() error { _, err := s.UserByUsername(ctx, canary); return err })
	ask("Users", func() error { _, _, err := s.Users(ctx, store.UserFilter{}, store.Page{}); return err })
	ask("AddToken", func() error { return s.AddToken(ctx, staff.Token{ID: id}) })
	ask("TokenByHash", func() error { _, _, _, err := s.TokenByHash(ctx, canary); return err })
	ask("Tokens", func() error { _, err := s.Tokens(ctx, id); return err })
	ask("RevokeToken", func() error { return s.RevokeToken(ctx, id, id, at) })
	ask("AddDossier", func() error { return s.AddDossier(ctx, d, e) })
	ask("MoveDossier", func() error { return s.MoveDossier(ctx, next, moved) })
	ask("AddDossiers", func() error { return s.AddDossiers(ctx, []dossier.Life{{Dossier: d, Events: []dossier.Event{e}}}) })
	ask("MoveDossiers", func() error {
		return s.MoveDossiers(ctx, []dossier.Life{{Dossier: next, Events: []dossier.Event{moved}}})
	})
	ask("DossierByCode", func() error { _, err := s.DossierByCode(ctx, everything, canary); return err })
	ask("DossierForLookup", func() error { _, err := s.DossierForLookup(ctx, canary); return err })
	ask("DossierCodes", func() error { _, err := s.DossierCodes(ctx, []string{canary}); return err })
	ask("BySource", func() error { _, err := s.BySource(ctx, canary, []string{canary}); return err })
	ask("Dossiers", func() error {
		_, _, err := s.Dossiers(ctx, everything, store.DossierFilter{}, store.Page{})
		return err
	})
	ask("PersonDossiers", func() error { _, _, err := s.PersonDossiers(ctx, everything, canary, store.Page{}); return err })
	ask("CountDossiers", func() error { _, err := s.CountDossiers(ctx, everything, store.DossierFilter{}); return err })
	ask("Journal", func() error { _, err := s.Journal(ctx, everything, id); return err })
	ask("EachLife", func() error { return s.EachLife(ctx, nil, func([]dossier.Event, store.StoredRow) error { return nil }) })
	ask("Strays", func() error { _, err := s.Strays(ctx); return err })
	ask("Lives", func() error {
		return s.Lives(ctx, everything, store.DossierFilter{}, func(_ context.Context, lives iter.Seq2[[]dossier.Event, error]) error {
			for _, err := range lives {
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
	ask("Rewrite", func() error { return s.Rewrite(ctx, d) })
	ask("OnTime", func() error { _, err := s.OnTime(ctx, everything, store.ReportQuery{}); return err })
	ask("RaiseAlerts", func() error { _, err := s.RaiseAlerts(ctx, at); return err })
	ask("StepsInHand", func() error { _, err := s.StepsInHand(ctx, everything, id); return err })
	ask("Payments", func() error {
		_, _, err := s.Payments(ctx, everything, store.PaymentFilter{}, store.Page{})
		return err
	})
	ask("PaymentSums", func() error { _, err := s.PaymentSums(ctx, everything, store.PaymentFilter{}); return err })
	ask("Alerts", func() error { _, _, err := s.Alerts(ctx, everything, store.AlertFilter{}, store.Page{}); return err })
	ask("AcknowledgeAlert", func() error { _, err := s.AcknowledgeAlert(ctx, everything, id, clerk, at); return err })
	ask("ForgetKeys", func() error { _, err := s.ForgetKeys(ctx, at); return err })
	ask("NotInLedger", func() error { _, err := s.NotInLedger(ctx, at, nil, 1); return err })
	ask("LedgerEnd", func() error { _, _, err := s.LedgerEnd(ctx); return err })
	ask("LedgerBegan", func() error { _, err := s.LedgerBegan(ctx); return err })
	ask("AddLeaves", func() error { return s.AddLeaves(ctx, []ledger.Leaf{{DossierID: id}}, make([]ledger.Hash, 1)) })
	ask("LedgerHashes", func() error { _, err := s.LedgerHashes(ctx).ReadHashes([]int64{0}); return err })
	ask("Leaf", func() error { _, err := s.Leaf(ctx, id, 1); return err })
	ask("EachEntry", func() error { return s.EachEntry(ctx, func(store.Entry) error { return nil }) })
	ask("Outside", func() error { _, err := s.Outside(ctx, at, at, 1); return err })
	ask("EventsOf", func() error {
		_, err := s.EventsOf(ctx, everything, dossier.WasFinished, []uuid.UUID{id})
		return err
	})
	ask("AddAccess", func() error { return s.AddAccess(ctx, dossier.Access{ID: id, At: at, Act: dossier.AccessSearch}) })
	ask("Accesses", func() error {
		_, _, err := s.Accesses(ctx, everything, store.AccessFilter{Person: canary}, store.Page{})
		return err
	})
	ask("Snapshot", func() error {
		return s.Snapshot(ctx, func(ctx context.Context) error { _, _, err := s.LedgerEnd(ctx); return err })
	})
	ask("AddCheckpoint", func() error { return s.AddCheckpoint(ctx, store.SignedCheckpoint{Size: 1}) })
	ask("Looked", func() error { return s.Looked(ctx, store.SignedCheckpoint{Size: 1}, at) })
	ask("LastLook", func() error { _, err := s.LastLook(ctx); return err })
	ask("LastCheckpoint", func() error { _, err := s.LastCheckpoint(ctx); return err })
	ask("Checkpoints", func() error { _, _, err := s.Checkpoints(ctx, true, store.Page{}); return err })
	ask("AddReceiver", func() error { return s.AddReceiver(ctx, notify.Receiver{ID: id, CreatedAt: at}, 0) })
	ask("Receivers", func() error { _, err := s.Receivers(ctx); return err })
	ask("Receiver", func() error { _, err := s.Receiver(ctx, id); return err })
	ask("ChangeReceiver", func() error { return s.ChangeReceiver(ctx, notify.Receiver{ID: id}, at) })
	ask("ReceiversUnder", func() error { _, _, err := s.ReceiversUnder(ctx, canary, store.Page{}); return err })
	ask("RelockSecrets", func() error {
		_, err := s.RelockSecrets(ctx, notify.Receiver{ID: id, Secret: canary}, canary, canary)
		return err
	})
	ask("ReplayReceiver", func() error { return s.ReplayReceiver(ctx, id, 0, at) })
	ask("RemoveReceiver", func() error { return s.RemoveReceiver(ctx, id) })
	ask("HeldDossiers", func() error { _, _, err := s.HeldDossiers(ctx, id, store.Page{}); return err })
	ask("RenewTurn", func() error { _, err := s.RenewTurn(ctx, store.Turn{}, at); return err })
	ask("HoldReceiver", func() error { _, err := s.HoldReceiver(ctx, at, at); return err })
	ask("Outgoing", func() error { _, err := s.Outgoing(ctx, 0, 1); return err })
	ask("OutgoingOf", func() error { _, err := s.OutgoingOf(ctx, id, 1, 1, 1); return err })
	ask("HeldAmong", func() error { _, err := s.HeldAmong(ctx, id, []uuid.UUID{id}); return err })
	ask("HeldDue", func() error { _, err := s.HeldDue(ctx, id, at, 1); return err })
	ask("Journals", func() error { _, err := s.Journals(ctx, []uuid.UUID{id}); return err })
	ask("KeepTurn", func() error { _, err := s.KeepTurn(ctx, store.Turn{}, store.TurnResult{}, at); return err })
	ask("LastMailed", func() error { _, err := s.LastMailed(ctx); return err })
	ask("Mails", func() error { _, err := s.Mails(ctx, []int64{1}); return err })
	ask("CheckpointMailed", func() error { return s.CheckpointMailed(ctx, canary, 1, at) })
	ask("CheckpointSent", func() error { return s.CheckpointSent(ctx, store.SignedCheckpoint{Size: 1}, at) })
	ask("ClaimSlot", func() error { _, err := s.ClaimSlot(ctx, canary, at, canary, at); return err })
	ask("FinishSlot", func() error { return s.FinishSlot(ctx, canary, at, at, "", "") })
	ask("JobRuns", func() error { _, _, err := s.JobRuns(ctx, canary, store.Page{}); return err })
	return all
}

func TestTheLogTellsNothingOfPersons(t *testing.T) {
	t.Parallel()
	for dialect, config := range map[string]store.Config{store.SQLite: storetest.SQLite(t), store.PostgreSQL: {DatabaseURL: storetest.Postgres(t)}} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			config.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			s := storetest.Open(t, config)
			for _, table := range []string{"agencies", "dossiers", "dossier_codes", "dossier_events", "users", "tokens", "alerts", "procedures", "idempotency_keys"} {
				must(t, s.Exec(context.Background(), "ALTER TABLE "+table+" RENAME TO no_"+table)) // so that every statement fails and is logged
			}
			everyAnswer(context.Background(), s)
			if _, err := s.CountDossiers(context.Background(), everything, store.DossierFilter{Search: canary}); err == nil {
				t.Error("a statement did not fail")
			}
			if log.Len() == 0 {
				t.Error("nothing was logged")
			}
			if said := log.String(); strings.Contains(strings.ToLower(said), strings.ToLower(canary)) {
				t.Errorf("the log holds what was asked for: %s", said)
			}
		})
	}
}
