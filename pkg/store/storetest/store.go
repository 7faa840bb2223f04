// Package storetest opens stores for tests: a fresh one on each database, and one that is broken.
package storetest

import (
	"context"
	"database/sql"
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/motcua/motcua/pkg/store"
)

// Each runs the test on a fresh and empty store of each database, both at once.
func Each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	t.Run(store.SQLite, func(t *testing.T) {
		t.Parallel()
		test(t, Open(t, SQLite(t)))
	})
	t.Run(store.PostgreSQL, func(t *testing.T) {
		t.Parallel()
		test(t, Open(t, store.Config{DatabaseURL: Postgres(t)}))
	})
}

// SQLite says where a fresh SQLite database would be.
func SQLite(t testing.TB) store.Config {
	t.Helper()
	return store.Config{DataDir: t.TempDir()}
}

// Open opens and migrates a store that is closed when the test ends.
func Open(t testing.TB, c store.Config) *store.Store {
	t.Helper()
	if c.Log == nil {
		c.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	s, err := store.Open(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if err := s.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s
}

// Tamper does to an open database what the store itself never does: statements from outside, with nothing to stop them.
func Tamper(t testing.TB, c store.Config, statements ...string) {
	t.Helper()
	if c.DatabaseURL != "" {
		for _, sql := range statements {
			run(t, c.DatabaseURL, sql)
		}
		return
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(c.DataDir, "motcua.db")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, sql := range statements {
		if _, err := db.ExecContext(context.Background(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

// Broken is a store whose database is gone.
func Broken(t testing.TB) *store.Store {
	t.Helper()
	s := Open(t, SQLite(t))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return s
}
