package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/ledger"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

// aLog is an entry with its tree and its checkpoint.
func aLog(t *testing.T, s *store.Store) store.SignedCheckpoint {
	t.Helper()
	ctx := context.Background()
	must(t, s.AddLeaves(ctx, []ledger.Leaf{{DossierID: uuid.UUID{1}, Seq: 1, EventHash: "x", EnteredAt: monday}}, []ledger.Hash{{}}))
	c := store.SignedCheckpoint{Size: 1, SignedAt: monday, Signed: "x", PublicKey: "y", LookedAt: &monday}
	must(t, s.AddCheckpoint(ctx, c))
	return c
}

func TestACheckpointIsOnlyEverSentAndLookedAtLater(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		c := aLog(t, s)
		later := monday.Add(time.Minute)
		must(t, s.Looked(ctx, c, later))
		must(t, s.Looked(ctx, c, monday)) // a run whose clock is behind
		must(t, s.CheckpointSent(ctx, c, later))
		must(t, s.CheckpointSent(ctx, c, later.Add(time.Minute))) // another server was quicker
		last, err := s.LastCheckpoint(ctx)
		must(t, err)
		if look, err := s.LastLook(ctx); err != nil || !look.Equal(later) || !last.SentAt.Equal(later) {
			t.Errorf("looked at %s, sent at %s: %v", look, last.SentAt, err)
		}
		if err := s.AddCheckpoint(ctx, c); !errors.Is(err, fault.Conflict) {
			t.Errorf("a second one of that size and time: %v", err)
		}
		statements := []string{
			"DELETE FROM ledger_checkpoints", "UPDATE ledger_checkpoints SET size = 2", "UPDATE ledger_checkpoints SET signed = 'z'",
			"UPDATE ledger_checkpoints SET signed_at = looked_at", "UPDATE ledger_checkpoints SET public_key = 'z'", "UPDATE ledger_checkpoints SET sent_at = NULL",
			"UPDATE ledger_checkpoints SET looked_at = signed_at", "UPDATE ledger_checkpoints SET looked_at = NULL",
		}
		if s.Dialect() == store.PostgreSQL {
			statements = append(statements, "TRUNCATE ledger_checkpoints")
		}
		for _, statement := range statements {
			if err := s.Exec(ctx, statement); err == nil {
				t.Errorf("%s was let through", statement)
			}
		}
	})
}

// On SQLite REPLACE takes out the row that stands in the way without asking the triggers on DELETE.
func TestWhatIsOnlyEverAddedIsNotReplaced(t *testing.T) {
	t.Parallel()
	s, ctx := storetest.Open(t, storetest.MigratedSQLite(t)), context.Background()
	x := newTown(t, s)
	x.added(t, s, 1, monday, x.counter, x.health)
	aLog(t, s)
	must(t, calendar(ctx, s, "a"))
	must(t, s.AddProcedure(ctx, procedure("1.000656", "Đăng ký khai tử", nil), monday))
	must(t, s.Exec(ctx, "INSERT INTO rule_sets (id, effective_from, definition, recorded_at, recorded_by) VALUES ('r', '', '', 0, '')"))
	must(t, s.Exec(ctx, "INSERT INTO person_accesses (id, at, act, digest, purpose, by_id, by_name, by_role, by_agency) VALUES ('p', 0, '', '', '', '', '', '', '')"))
	for table, others := range map[string][]string{
		"dossier_events": {"REPLACE INTO dossier_events (rowid, dossier_id, seq, kind, at, recorded_at, by_id, by_name, by_role, by_agency, facts, prev, hash) SELECT rowid, 'x', 1, kind, at, recorded_at, by_id, by_name, by_role, by_agency, facts, prev, hash FROM dossier_events"},
		"procedure_versions": {
			"REPLACE INTO procedure_versions (id, procedure_id, version, content, content_sha256, recorded_at) SELECT 'x', procedure_id, version, content, content_sha256, recorded_at FROM procedure_versions LIMIT 1",
			"REPLACE INTO procedure_versions (rowid, id, procedure_id, version, content, content_sha256, recorded_at) SELECT rowid, 'x', procedure_id, 99, content, content_sha256, recorded_at FROM procedure_versions LIMIT 1",
		},
		"calendars":          {"REPLACE INTO calendars (rowid, name, revision, definition, recorded_at, recorded_by) SELECT rowid, 'x', 1, '', 0, '' FROM calendars LIMIT 1"},
		"rule_sets":          {"REPLACE INTO rule_sets (rowid, id, effective_from, definition, recorded_at, recorded_by) SELECT rowid, 'x', '', '', 0, '' FROM rule_sets LIMIT 1"},
		"ledger_leaves":      {"REPLACE INTO ledger_leaves SELECT 7, dossier_id, seq, event_hash, entered_at FROM ledger_leaves"},
		"ledger_hashes":      nil,
		"ledger_checkpoints": nil,
		"person_accesses":    nil,
	} {
		for _, statement := range append(others, "REPLACE INTO "+table+" SELECT * FROM "+table+" LIMIT 1") {
			if err := s.Exec(ctx, statement); err == nil {
				t.Errorf("%s was let through", statement)
			}
		}
		if n, err := s.Strings(ctx, "SELECT COUNT(*) FROM "+table); err != nil || n[0] == "0" {
			t.Errorf("%s is empty: %v", table, err)
		}
	}
}
