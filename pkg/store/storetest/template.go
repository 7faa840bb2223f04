package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/motcua/motcua/pkg/store"
)

// Making every table for every test is most of what hundreds of short tests would do. So the tables are made once, and copied: in SQLite the
// file, in PostgreSQL the database. Opening a copy still asks for what is left to migrate, and finds nothing.

// MigratedSQLite says where a SQLite database lies that has its tables and nothing in them.
func MigratedSQLite(t testing.TB) store.Config {
	t.Helper()
	file, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	c := SQLite(t)
	if err := os.WriteFile(filepath.Join(c.DataDir, "motcua.db"), file, 0o600); err != nil {
		t.Fatal(err)
	}
	return c
}

// MigratedPostgres is Postgres with tables in the database and nothing in them.
func MigratedPostgres(t testing.TB) store.Config {
	t.Helper()
	server := server(t)
	template, err := postgresTemplate(server, migrationsHash(t))
	if err != nil {
		t.Fatalf("the database that others are copied from: %v", err)
	}
	return store.Config{DatabaseURL: database(t, server, template)}
}

var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "motcua-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := migrate(store.Config{DataDir: dir}); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, "motcua.db"))
})

func migrate(c store.Config) error {
	c.Log = slog.New(slog.DiscardHandler)
	s, err := store.Open(context.Background(), c)
	if err != nil {
		return err
	}
	return errors.Join(s.Migrate(context.Background()), s.Close())
}

// migrationsHash names a template by what made it, so that several packages use one and nobody uses one of before.
func migrationsHash(t testing.TB) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(Root(t), "pkg", "store", "migrations", "postgres", "*.sql"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no migrations: %v", err)
	}
	all := sha256.New()
	for _, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(all, "%s %d\n%s", filepath.Base(f), len(body), body)
	}
	return hex.EncodeToString(all.Sum(nil))[:16]
}

var templates sync.Map // by name, what made it: func() error

// postgresTemplate makes the template where it is not there yet, once in this process; other processes wait for whoever makes it.
func postgresTemplate(server, hash string) (string, error) {
	name := "motcua_template_" + hash
	once, _ := templates.LoadOrStore(server+name, sync.OnceValue(func() error { return makeTemplate(server, name) }))
	return name, once.(func() error)() //nolint:forcetypeassert // nothing else is stored
}

func makeTemplate(server, name string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock(hashtext($1))", name); err != nil { // until the connection is closed
		return err
	}
	var there bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", name).Scan(&there); err != nil || there {
		return err
	}
	half := name + "_half" // what a process that died left is no template
	for _, sql := range []string{"DROP DATABASE IF EXISTS " + half, "CREATE DATABASE " + half + " TEMPLATE template0"} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	address, err := url.Parse(server)
	if err != nil {
		return err
	}
	address.Path = "/" + half
	if err := migrate(store.Config{DatabaseURL: address.String()}); err != nil {
		return err
	}
	for range 50 { // the server takes a moment to notice that nobody is connected any more
		if _, err = conn.Exec(ctx, "ALTER DATABASE "+half+" RENAME TO "+name); err == nil || !strings.Contains(err.Error(), "55006") {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
	return err
}
