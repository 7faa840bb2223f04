package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/motcua/motcua/pkg/ledger"
)

// lastFile lies in the data folder, as a rule beside the key. The key itself may lie where nothing is written.
const lastFile = "ledger.last"

// lastSigned is the file of the checkpoint that was signed last, and of the key that checks it. It is no part of the database: a log that was
// emptied or written anew there is not signed as if it were the first.
type lastSigned string

// errDamaged says that the file is there and does not hold what was signed last.
var errDamaged = errors.New("the file holds no signed checkpoint")

// signed is the checkpoint as it was signed, "" before the first.
func (f lastSigned) signed() (string, error) {
	signed, _, err := f.read()
	return signed, err
}

func (f lastSigned) read() (signed, public string, err error) {
	body, err := os.ReadFile(string(f))
	if errors.Is(err, os.ErrNotExist) {
		return "", "", nil
	}
	if err != nil {
		return "", "", err
	}
	if found := ledger.Find(string(body)); len(found) == 1 {
		signed, public = found[0], strings.TrimSpace(strings.TrimPrefix(string(body), found[0]))
	}
	if _, err := ledger.Open(signed, public); err != nil {
		return "", "", fmt.Errorf("%w: %s; `motcua verify` says whether the log is sound, and a server makes the file anew where it is missing",
			errDamaged, f)
	}
	return signed, public, nil
}

// keep writes it whole, or not at all.
func (f lastSigned) keep(signed, public string) error {
	folder := filepath.Dir(string(f))
	beside, err := os.CreateTemp(folder, ".last-")
	if err != nil {
		return err
	}
	_, err = beside.WriteString(signed + "\n" + public + "\n")
	if err = errors.Join(err, beside.Sync(), beside.Close()); err == nil {
		err = os.Rename(beside.Name(), string(f))
	}
	if err != nil {
		return errors.Join(err, os.Remove(beside.Name()))
	}
	return flushed(folder)
}
