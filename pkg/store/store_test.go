package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/store/storetest"
)

func TestMigratingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if err := s.Migrate(context.Background()); err != nil {
			t.Fatal(err)
		}
	})
}

func TestSeveralMayMigrateAtOnce(t *testing.T) {
	t.Parallel()
	for dialect, config := range map[string]store.Config{
		store.SQLite: storetest.SQLite(t), store.PostgreSQL: {DatabaseURL: storetest.Postgres(t)},
	} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			var wg sync.WaitGroup
			failed := make([]error, 4)
			for i := range failed {
				wg.Go(func() {
					s, err := store.Open(context.Background(), config)
					if err != nil {
						failed[i] = err
						return
					}
					failed[i] = errors.Join(s.Migrate(context.Background()), s.Ping(context.Background()), s.Close())
				})
			}
			wg.Wait()
			if err := errors.Join(failed...); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestADatabaseOfANewerProgramIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		applied := map[string]string{store.SQLite: "1", store.PostgreSQL: "true"}[s.Dialect()]
		must(t, s.Exec(context.Background(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, "+applied+")"))
		if err := s.Migrate(context.Background()); err == nil || !strings.Contains(err.Error(), "newer program") {
			t.Errorf("migrated: %v", err)
		}
	})
}

func TestAFolderMayHaveAnyName(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "Một cửa 100% ?a=b#c")
	s := storetest.Open(t, store.Config{DataDir: dir})
	must(t, s.Ping(context.Background()))
	kept, err := os.Stat(filepath.Join(dir, "motcua.db"))
	must(t, err)
	if kept.Mode().Perm() != 0o600 {
		t.Errorf("others may read the database: %s", kept.Mode())
	}
}
