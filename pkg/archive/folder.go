package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Folder keeps bytes in a folder of this machine.
type Folder struct{ root string }

// NewFolder opens the folder. It is made when the first bytes come.
func NewFolder(root string) *Folder { return &Folder{root} }

// coming is where bytes are that are not yet under their name, in the same file system.
func (f *Folder) coming() string { return filepath.Join(f.root, ".coming") }

// Put writes beside the place, flushes and renames: after a crash either all of it is there or nothing that counts.
func (f *Folder) Put(ctx context.Context, bytes *Spool) error {
	name, err := place(bytes.SHA256)
	if err != nil {
		return err
	}
	if err := Check(ctx, f, bytes.SHA256); err == nil {
		return nil
	} else if !errors.Is(err, ErrMissing) && !errors.Is(err, ErrDamaged) {
		return err
	}
	target := filepath.Join(f.root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(target), 0o750); err != nil {
		return err
	}
	if _, err := bytes.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := os.MkdirAll(f.coming(), 0o750); err != nil {
		return err
	}
	beside, err := os.CreateTemp(f.coming(), "")
	if err != nil {
		return err
	}
	defer os.Remove(beside.Name()) // gone already, if all went well
	_, err = io.Copy(beside, bytes.File)
	if err == nil {
		err = beside.Sync()
	}
	if err = errors.Join(err, beside.Close()); err != nil {
		return fmt.Errorf("keep file: %w", err)
	}
	if err := os.Rename(beside.Name(), target); err != nil {
		return err
	}
	// The names too: that of the file in its folder, that of the folder in the one above.
	return errors.Join(flush(filepath.Dir(target)), flush(f.root), flush(filepath.Dir(f.root)))
}

func flush(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Open gives the bytes.
func (f *Folder) Open(_ context.Context, sha string) (io.ReadCloser, error) {
	name, err := place(sha)
	if err != nil {
		return nil, err
	}
	r, err := os.Open(filepath.Join(f.root, filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrMissing
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Delete takes them away.
func (f *Folder) Delete(_ context.Context, sha string) error {
	name, err := place(sha)
	if err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(f.root, filepath.FromSlash(name))); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Sweep takes away what a crash left half written before that instant, and says how many.
func (f *Folder) Sweep(before time.Time) (int, error) {
	left, err := os.ReadDir(f.coming())
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	n := 0
	for _, x := range left {
		at, err := x.Info()
		if err == nil && at.ModTime().Before(before) {
			if err = os.Remove(filepath.Join(f.coming(), x.Name())); err == nil {
				n++
			}
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return n, err
		}
	}
	return n, err
}
