package store_test

import (
	"context"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/motcua/motcua/pkg/fault"
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

func TestADatabaseIsBegunOnlyByWhoeverMayBeginOne(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]store.Config{
		store.SQLite: {DataDir: filepath.Join(t.TempDir(), "typo")}, store.PostgreSQL: {DatabaseURL: storetest.Postgres(t)},
	} {
		must := config
		must.MustExist = true
		if _, err := store.Open(t.Context(), must); err == nil || errors.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(config.DataDir); config.DataDir != "" && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: the folder was made: %v", name, err)
		}
		storetest.Open(t, config)
		storetest.Open(t, must)
	}
}

func TestAWrongDatabaseSaysWhatIsWrongAndNoPassword(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "motcua.db"), []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	real, err := url.Parse(storetest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	other := *real
	other.Path = "/not_there"
	for _, c := range []struct {
		config      store.Config
		want        string
		unavailable bool
	}{
		{store.Config{DataDir: folder}, "motcua.db: open SQLite: file is not a database", false},
		{store.Config{DatabaseURL: "mysql://root:se:cret@x@h/db"}, "begins with mysql://", false},
		{store.Config{DatabaseURL: "postgres://root:se:cret@x@h:port/db"}, "invalid port", false},
		{store.Config{DatabaseURL: "postgres://root:cret%zz@h/db"}, "password", false},
		{store.Config{DatabaseURL: "nonsense"}, "postgres://user:password@host", false},
		{store.Config{DatabaseURL: "host=127.0.0.1 port=1 password=secret"}, "127.0.0.1:1", true},
		{store.Config{DatabaseURL: other.String()}, "not_there", false},
	} {
		_, err := store.Open(t.Context(), c.config)
		if err == nil || errors.Is(err, fault.Unavailable) != c.unavailable {
			t.Errorf("%+v: %v", c.config, err)
			continue
		}
		text := err.Error()
		if c.unavailable {
			text = errors.Unwrap(err).Error()
		}
		if !strings.Contains(text, c.want) || strings.Contains(text, "cret") {
			t.Errorf("%+v: %s", c.config, text)
		}
	}
}
