// Package archive keeps the bytes of files under their SHA-256, in a folder or in S3-compatible storage. A name says what must lie under it, so
// that keeping the same bytes again changes nothing, and whoever reads them finds out whether they are still the same.
package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/gabriel-vasile/mimetype"
)

// What can be wrong with bytes that should be there.
var (
	ErrMissing = errors.New("the bytes are not there")
	ErrDamaged = errors.New("the bytes are not those that were kept")
)

// ErrTooLarge says that more bytes came than are allowed.
var ErrTooLarge = errors.New("too many bytes")

// Archive is where bytes lie. Folder and Bucket are two.
type Archive interface {
	// Put keeps the bytes for good before it returns. What lies under the name already and is sound stays.
	Put(ctx context.Context, spool *Spool) error
	// Open gives the bytes, unchecked; ErrMissing when they are not there.
	Open(ctx context.Context, sha string) (io.ReadCloser, error)
	// Delete takes them away; it is no error that they are not there.
	Delete(ctx context.Context, sha string) error
	// Sweep takes away what a crash left half kept before that instant, and says how much.
	Sweep(before time.Time) (int, error)
}

// Spool is bytes on their way into or out of the archive: a temporary file that knows its hash. It has no name any more where the system allows that,
// so that nothing stays of it when the program is killed; Close removes it elsewhere.
type Spool struct {
	*os.File
	SHA256    string
	Size      int64
	MediaType string // as the content shows it
	Broken    bool   // a PDF or an office document that broke off, or only begins like one
	Macros    bool   // an office document that carries a program

	named bool // still
}

// Take reads all of r, up to most bytes, into a spool. The error is ErrTooLarge when there are more; whatever else reading gives is passed on.
func Take(r io.Reader, most int64) (*Spool, error) {
	f, err := os.CreateTemp("", "motcua-file-")
	if err != nil {
		return nil, err
	}
	s := &Spool{File: f, named: os.Remove(f.Name()) != nil}
	sum := sha256.New()
	if s.Size, err = io.Copy(io.MultiWriter(f, sum), io.LimitReader(r, most+1)); err == nil && s.Size > most {
		err = ErrTooLarge
	}
	if err == nil {
		s.SHA256 = hex.EncodeToString(sum.Sum(nil))
		err = s.sniff()
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Spool) sniff() error {
	if _, err := s.Seek(0, io.SeekStart); err != nil {
		return err
	}
	kind, err := mimetype.DetectReader(s.File)
	if err != nil {
		return err
	}
	s.MediaType = kind.String()
	if kind.Is("application/pdf") {
		end := make([]byte, min(s.Size, pdfEnd))
		if _, err := s.ReadAt(end, s.Size-int64(len(end))); err != nil {
			return err
		}
		s.Broken = !bytes.Contains(end, []byte("%%EOF"))
	}
	if strings.HasPrefix(s.MediaType, openXML) {
		s.Macros, err = hasMacros(s.File, s.Size)
		s.Broken = err != nil
	}
	_, err = s.Seek(0, io.SeekStart)
	return err
}

// pdfEnd is in how many bytes at the end readers look for the mark that a PDF ends with (ISO 32000-1, annex H, note 18).
const pdfEnd = 1024

// Close removes the temporary file.
func (s *Spool) Close() error {
	err := s.File.Close()
	if s.named {
		err = errors.Join(err, os.Remove(s.Name()))
	}
	return err
}

// Fetch is the bytes under the name, checked before the first of them leaves: ErrMissing, ErrDamaged, or the archive's own failure.
func Fetch(ctx context.Context, a Archive, sha string, size int64) (*Spool, error) {
	r, err := a.Open(ctx, sha)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	s, err := Take(r, size)
	switch {
	case errors.Is(err, ErrTooLarge):
		return nil, ErrDamaged
	case err != nil:
		return nil, err
	case s.SHA256 != sha:
		return nil, errors.Join(ErrDamaged, s.Close())
	}
	return s, nil
}

// Check reads the bytes under the name and says whether they are sound: nil, ErrMissing, ErrDamaged, or the archive's own failure.
func Check(ctx context.Context, a Archive, sha string) error {
	r, err := a.Open(ctx, sha)
	if err != nil {
		return err
	}
	defer r.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, r); err != nil {
		if errors.Is(err, ErrMissing) {
			return ErrMissing
		}
		return fmt.Errorf("read file %s: %w", sha, err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != sha {
		return ErrDamaged
	}
	return nil
}

// place is the name under which bytes lie: folders of 256, so that none of them grows beyond what can be listed.
func place(sha string) (string, error) {
	if sum, err := hex.DecodeString(sha); err != nil || len(sum) != sha256.Size {
		return "", fmt.Errorf("%q is no SHA-256", sha)
	}
	return sha[:2] + "/" + sha, nil
}
