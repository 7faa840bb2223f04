package main

import (
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

func TestServersThatStartTogetherMakeOneKey(t *testing.T) {
	t.Parallel()
	for range 20 {
		file := filepath.Join(t.TempDir(), "data", "secrets.key")
		var made atomic.Int64
		var starting sync.WaitGroup
		read := make([]string, 8)
		for i := range read {
			starting.Go(func() {
				body, err := keyFile(file, func() (string, error) { return "key " + strconv.FormatInt(made.Add(1), 10), nil })
				if err != nil {
					t.Error(err)
				}
				read[i] = string(body)
			})
		}
		starting.Wait()
		kept, err := os.ReadFile(file)
		if err != nil || len(kept) == 0 {
			t.Fatal(err)
		}
		for _, body := range read {
			if body != string(kept) {
				t.Errorf("a server goes by %q, the file holds %q", body, kept)
			}
		}
		all, err := os.ReadDir(filepath.Dir(file))
		if err != nil || len(all) != 1 {
			t.Errorf("beside the key there are %v, %v", all, err)
		}
		if x, err := os.Stat(file); err != nil || x.Mode().Perm() != 0o600 {
			t.Errorf("others may read it: %v, %v", x.Mode(), err)
		}
	}
}
