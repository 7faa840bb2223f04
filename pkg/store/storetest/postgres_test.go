package storetest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/motcua/motcua/pkg/store/storetest"
)

func TestEveryTestGetsAnEmptyDatabaseAndLeavesNone(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	var gone string
	left := t.Run("a test that leaves a table and an open connection", func(t *testing.T) {
		gone = storetest.Postgres(t)
		conn, err := pgx.Connect(ctx, gone) // never closed: FORCE must get rid of it
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(ctx, "CREATE TABLE dossiers (id uuid PRIMARY KEY)"); err != nil {
			t.Fatal(err)
		}
	})
	if !left {
		t.FailNow()
	}
	if conn, err := pgx.Connect(ctx, gone); err == nil {
		_ = conn.Close(ctx)
		t.Fatalf("%s outlived its test", gone)
	}

	url := storetest.Postgres(t)
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	var name string
	var tables int
	err = conn.QueryRow(ctx, `SELECT current_database(), (SELECT count(*) FROM pg_tables WHERE schemaname = 'public')`).Scan(&name, &tables)
	if err != nil {
		t.Fatal(err)
	}
	if url == gone || !strings.Contains(url, "/"+name) || tables != 0 {
		t.Fatalf("%s leads to the database %s with %d tables, after %s", url, name, tables, gone)
	}
}

// What a helper does to the test that calls it is seen from outside: TestOutcome runs here again, in a process of its own.
func TestOutcome(t *testing.T) {
	t.Parallel()
	switch os.Getenv("STORETEST_OUTCOME") {
	case "postgres":
		storetest.Postgres(t)
	case "real data":
		storetest.RealData(t, "nobody-has-this.csv")
	}
}

func TestWhatIsMissingIsSaid(t *testing.T) {
	t.Parallel()
	leftOut := filepath.Join(t.TempDir(), "left-out")
	if err := os.WriteFile(leftOut, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, outcome string
		env           []string
		fails         bool
		says          string
	}{
		{"no server fails", "postgres", []string{"MOTCUA_TEST_DATABASE_URL="}, true, "run `make test`"},
		{"a server that does not answer fails", "postgres", []string{"MOTCUA_TEST_DATABASE_URL=postgres:///x?host=" + t.TempDir()}, true, "does not answer"},
		{"real data is required in CI", "real data", []string{"CI=true"}, true, "CI must test on real data"},
		{"real data is left out elsewhere", "real data", []string{"CI=", "MOTCUA_TEST_LEFT_OUT=" + leftOut}, false, "--- SKIP: TestOutcome"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestOutcome$", "-test.v")
			cmd.Env = append(append(os.Environ(), "STORETEST_OUTCOME="+c.outcome), c.env...)
			out, err := cmd.CombinedOutput()
			if (err != nil) != c.fails || !strings.Contains(string(out), c.says) {
				t.Errorf("want failure %t and %q, got %v and\n%s", c.fails, c.says, err, out)
			}
		})
	}
	t.Cleanup(func() { // after the parallel ones
		if got, err := os.ReadFile(leftOut); err != nil || !strings.Contains(string(got), "TestOutcome: no real data nobody-has-this.csv") {
			t.Errorf("left out: %q, %v", got, err)
		}
	})
}
