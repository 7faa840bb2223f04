package main

import (
	"errors"
	"os"
	"path/filepath"
)

// keyFile is what a file of keys holds. One that is missing is made, readable by its owner only: whole and flushed before it has its name, since
// what is locked or signed with a key that is lost is lost with it; and once, since of two servers that start together each must go by the
// same.
func keyFile(file string, fresh func() (string, error)) ([]byte, error) {
	body, err := os.ReadFile(file)
	if !errors.Is(err, os.ErrNotExist) {
		return body, err
	}
	key, err := fresh()
	if err != nil {
		return nil, err
	}
	folder := filepath.Dir(file)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	beside, err := os.CreateTemp(folder, ".key-") // 0600
	if err != nil {
		return nil, err
	}
	_, err = beside.WriteString(key)
	if err = errors.Join(err, beside.Sync(), beside.Close()); err == nil {
		err = os.Link(beside.Name(), file) // unlike a rename it replaces nothing
	}
	if err = errors.Join(err, os.Remove(beside.Name())); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	if err := flushed(folder); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
}

// flushed makes sure that the names in a folder outlive a power cut.
func flushed(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
