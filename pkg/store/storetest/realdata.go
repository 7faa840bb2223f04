package storetest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// RealData returns the path of a file of real records that others collected. They lie beside the project, not in it, because most came
// without a licence: in $MOTCUA_TEST_REAL_DATA, else in ../shared/data as seen from the project's root. CI fails without them; anywhere else
// the test is left out, and make test says so at its end.
func RealData(t testing.TB, name string) string {
	t.Helper()
	folder := os.Getenv("MOTCUA_TEST_REAL_DATA")
	if folder == "" {
		folder = filepath.Join(Root(t), "..", "shared", "data")
	}
	path := filepath.Join(folder, name)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("CI must test on real data: %v", err)
		}
		LeaveOut(t, "no real data "+name+" in $MOTCUA_TEST_REAL_DATA or ../shared/data")
	}
	return path
}

// LeaveOut skips the test, never silently: make test prints at its end what was left out and why. A plain t.Skip is a lint error.
func LeaveOut(t testing.TB, why string) {
	t.Helper()
	if path := os.Getenv("MOTCUA_TEST_LEFT_OUT"); path != "" {
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		_, err = fmt.Fprintf(f, "%s: %s\n", t.Name(), why)
		if errClose := f.Close(); err != nil || errClose != nil {
			t.Fatal(err, errClose)
		}
	}
	t.Skip(why)
}

// Root returns the project's folder: the nearest one above the test's own that has a go.mod.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod in this folder or above it")
		}
		dir = up
	}
}
