// Package storetest opens stores for tests: a fresh one on each database, and one that is broken.
package storetest

import (
	"context"
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/motcua/motcua/pkg/store"
)

// Each runs the test on a fresh and empty store of each database, both at once.
func Each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	EachConfig(t, func(t *testing.T, c store.Config) { test(t, Open(t, c)) })
}

// EachConfig runs the test where a fresh database of each kind lies, with its tables and nothing in them, both at once, for tests that go past
// the store.
func EachConfig(t *testing.T, test func(t *testing.T, c store.Config)) {
	t.Helper()
	t.Run(store.SQLite, func(t *testing.T) {
		t.Parallel()
		test(t, MigratedSQLite(t))
	})
	t.Run(store.PostgreSQL, func(t *testing.T) {
		t.Parallel()
		test(t, MigratedPostgres(t))
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
	for _, sql := range statements {
		if err := TryTamper(t, c, sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

// TryTamper is Tamper for one statement that may be refused.
func TryTamper(t testing.TB, c store.Config, statement string) error {
	t.Helper()
	if c.DatabaseURL != "" {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		conn, err := pgx.Connect(ctx, c.DatabaseURL)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(ctx)
		_, err = conn.Exec(ctx, statement)
		return err
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(c.DataDir, "motcua.db")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_, err = db.ExecContext(context.Background(), statement)
	return err
}

// Dump is everything that the database holds, as whoever copies it has it: of SQLite the files as they are, of PostgreSQL each row of each
// table as text, with bytes in hexadecimal.
func Dump(t testing.TB, c store.Config) string {
	t.Helper()
	if c.DatabaseURL != "" {
		return dumpPostgres(t, c.DatabaseURL)
	}
	files, err := filepath.Glob(filepath.Join(c.DataDir, "motcua.db*")) // the log of writes too
	if err != nil || len(files) == 0 {
		t.Fatalf("there is no database: %v, %v", files, err)
	}
	all := ""
	for _, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all += string(body)
	}
	return all
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
