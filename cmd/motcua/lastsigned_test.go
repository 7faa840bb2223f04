package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/ledger"
	"github.com/motcua/motcua/pkg/onestop"
)

func TestWhatWasSignedLastIsKeptBesideTheDatabase(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	signer, err := ledgerKey{LedgerName: "motcua-test"}.signer(folder)
	if err != nil {
		t.Fatal(err)
	}
	if signed, err := signer.Last(); signed != "" || err != nil {
		t.Fatalf("before anything was signed: %q, %v", signed, err)
	}
	var found onestop.Verification
	for size := range int64(3) {
		signed, err := signer.Sign(ledger.Checkpoint{Size: size, At: time.Date(2026, 11, 2, 3, 0, 0, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		if err := signer.Keep(signed); err != nil {
			t.Fatal(err)
		}
		again, err := ledgerKey{}.signer(folder) // as after a start
		if err != nil {
			t.Fatal(err)
		}
		if last, err := again.Last(); last != signed || err != nil {
			t.Fatalf("%q is kept, not %q: %v", last, signed, err)
		}
		kept, key, err := verifyVerb{data: data{Data: folder}}.kept(&found)
		if err != nil || len(kept) != 1 || kept[0] != signed || key != signer.Public {
			t.Fatalf("verify reads %q and key %q: %v", kept, key, err)
		}
	}
	if _, key, err := (verifyVerb{data: data{Data: folder}, Key: "another"}).kept(&found); key != "another" || err != nil {
		t.Errorf("verify goes by key %q: %v", key, err)
	}
	if all, err := os.ReadDir(folder); err != nil || len(all) != 2 {
		t.Errorf("beside the key there are %v, %v", all, err)
	}
	sound, err := os.ReadFile(filepath.Join(folder, lastFile))
	if err != nil {
		t.Fatal(err)
	}
	others, err := ledgerKey{LedgerName: "motcua-test"}.signer(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for what, content := range map[string]string{
		"no checkpoint": "x", "cut off": string(sound[:len(sound)-60]), "another key": strings.Replace(string(sound), signer.Public, others.Public, 1),
		"another root": strings.Replace(string(sound), "AAAA", "BAAA", 1),
	} {
		if err := os.WriteFile(filepath.Join(folder, lastFile), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := signer.Last(); err == nil || !strings.Contains(err.Error(), "holds no signed checkpoint") {
			t.Errorf("a file that was damaged, %s: %v", what, err)
		}
	}
	if len(found.Findings) > 0 {
		t.Errorf("found %+v", found.Findings)
	}
	kept, key, err := verifyVerb{data: data{Data: folder}}.kept(&found)
	if want := []onestop.Finding{{Dossier: "ledger.last", What: "the file holds no signed checkpoint"}}; err != nil || len(kept) > 0 || key != "" || !slices.Equal(found.Findings, want) {
		t.Errorf("verify reads %q, key %q, finds %+v: %v", kept, key, found.Findings, err)
	}
}
