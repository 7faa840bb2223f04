package onestop_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/archive"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/onestop"
)

// slowArchive is one in which something happens while bytes are deleted.
type slowArchive struct {
	archive.Archive
	deleting func(sha string) error
}

func (a slowArchive) Delete(ctx context.Context, sha string) error {
	if err := a.deleting(sha); err != nil {
		return err
	}
	return a.Archive.Delete(ctx, sha)
}

func TestNoTransactionWaitsForTheArchiveToLetGoOfAFile(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		a := slowArchive{Archive: archive.NewFolder(t.TempDir())}
		a.deleting = func(string) error { return nil }
		keep := func(text string) (onestop.KeptFile, error) {
			return h.KeepSample(ctx, h.now, []byte(text))
		}
		code := func(err error) string {
			if f := fault.As(err); f != nil {
				return f.Code
			}
			return ""
		}
		attach := func(kept onestop.KeptFile) error {
			d, _ := h.receive(t, h.clerk, input("9.000001"))
			in := onestop.FileInput{Of: dossier.OfDossier, Name: "a.txt", Origin: dossier.Scanned}
			_, err := h.AttachFile(ctx, h.clerk, h.now, d.Code, d.Version, kept, in)
			return err
		}
		seen := 0
		a.deleting = func(sha string) error {
			seen++
			// Others write meanwhile; the same bytes can neither be attached nor kept anew, since they are about to go.
			if _, err := keep("something else " + sha); err != nil {
				t.Error(err)
			}
			if err := attach(onestop.KeptFile{SHA256: sha, MediaType: "text/plain", Size: 5}); code(err) != "file-not-kept" {
				t.Errorf("attached: %v", err)
			}
			if _, err := keep("paper"); code(err) != "file-going" || !errors.Is(err, fault.Unavailable) {
				t.Errorf("kept: %v", err)
			}
			if seen == 1 {
				return errors.New("the archive is down")
			}
			return nil
		}
		h.KeepFiles(onestop.FileRules{Archive: a, Types: []string{"text/plain"}})
		if _, err := keep("paper"); err != nil {
			t.Fatal(err)
		}
		h.now = h.now.Add(25 * time.Hour)
		if n, err := h.SweepFiles(ctx, h.now); n != 0 || err == nil || !strings.Contains(err.Error(), "the archive is down") {
			t.Fatalf("%d, %v", n, err)
		}
		if n, err := h.SweepFiles(ctx, h.now.Add(time.Minute)); n != 0 || err != nil || seen != 1 {
			t.Errorf("swept while somebody may still be at it: %d, %v", n, err)
		}
		h.now = h.now.Add(6 * time.Minute)
		if n, err := h.SweepFiles(ctx, h.now); n != 1 || err != nil || seen != 2 {
			t.Errorf("not swept anew after the one who began it died: %d, %v", n, err)
		}
		kept, err := keep("paper")
		if err == nil {
			err = attach(kept)
		}
		if err != nil {
			t.Errorf("not kept anew once it is gone: %v", err)
		}
		if n, err := h.SweepFiles(ctx, h.now.Add(time.Minute)); n != 0 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
	})
}
