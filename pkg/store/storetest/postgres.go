package storetest

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Postgres gives the test an empty database of its own, dropped when the test ends, on the server that MOTCUA_TEST_DATABASE_URL names, and
// returns its URL. Without a server the test fails: what a database does not run is not known to work on it.
func Postgres(t testing.TB) string {
	t.Helper()
	// template0, because a database that somebody is looking into cannot be copied, and nobody can look into this one.
	return database(t, server(t), "template0")
}

func server(t testing.TB) string {
	t.Helper()
	server := os.Getenv("MOTCUA_TEST_DATABASE_URL")
	if server == "" {
		t.Fatal("no PostgreSQL to test on: run `make test`, or put `scripts/with-postgres` before your command")
	}
	return server
}

func database(t testing.TB, server, template string) string {
	t.Helper()
	name := "test_" + strings.ToLower(rand.Text())
	mine, err := url.Parse(server)
	if err != nil {
		t.Fatalf("MOTCUA_TEST_DATABASE_URL must be a URL, postgres://…: %v", err)
	}
	mine.Path = "/" + name
	run(t, server, "CREATE DATABASE "+name+" TEMPLATE "+template+" STRATEGY FILE_COPY")
	t.Cleanup(func() { run(t, server, "DROP DATABASE "+name+" WITH (FORCE)") })
	return mine.String()
}

// run says one sentence to the server, on a connection of its own: a test may be the last one for a long time.
func run(t testing.TB, server, sql string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute) // not t.Context(), which is over when Cleanup runs
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatalf("MOTCUA_TEST_DATABASE_URL names a PostgreSQL that does not answer: %v", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func dumpPostgres(t testing.TB, server string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	texts := func(sql string) []string {
		rows, err := conn.Query(ctx, sql)
		if err != nil {
			t.Fatal(err)
		}
		all, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	all := ""
	for _, table := range texts("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'") {
		all += table + "\n" + strings.Join(texts("SELECT x::text FROM "+table+" x"), "\n") + "\n"
	}
	return all
}
