package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/motcua/motcua/pkg/ledger"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store"
)

type verifyVerb struct {
	data
	fileStore
	Repair bool `help:"Write rows anew that differ from a sound journal. The journal itself is never touched."`
	JSON   bool `name:"json" help:"Print the outcome as JSON."`

	Checkpoint []string `help:"File with a checkpoint that was kept away from this machine; may be given several times." type:"existingfile"`
	Receipt    []string `help:"File with the proof of a receipt that somebody kept; may be given several times. Needs --key." type:"existingfile"`
	Key        string   `help:"Public key of the log, known from elsewhere; the one that the server on this folder signs with, or that the database names, if left out."`
}

// Run exits with an error when anything does not fit and was not repaired.
func (v verifyVerb) Run() error {
	return v.with(v.run)
}

func (v verifyVerb) run(ctx context.Context, _ *store.Store, office *onestop.Office) error {
	begun, bar := time.Now(), newProgress("hồ sơ / dossiers")
	found, err := office.Verify(ctx, clock(), v.Repair, func(done int) { bar.at(done, 0) })
	bar.end()
	if err == nil {
		err = office.VerifyGuards(ctx, &found)
	}
	if err == nil {
		var kept []string
		var key string
		if kept, key, err = v.kept(&found); err == nil {
			err = office.VerifyLedger(ctx, clock(), &found, key, kept)
		}
	}
	if err == nil {
		err = v.receipts(ctx, office, &found)
	}
	if err == nil {
		err = v.verifyFiles(ctx, office, &found)
	}
	if err != nil {
		return err
	}
	if v.JSON {
		if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
			return err
		}
	} else {
		for _, f := range found.Findings {
			note := ""
			if f.Repaired {
				note = " (repaired)"
			}
			fmt.Printf("%s: %s%s\n", f.Dossier, f.What, note)
		}
		for _, n := range found.Notices {
			fmt.Printf("%s: %s (lưu ý / notice)\n", n.Dossier, n.What)
		}
		fmt.Printf("%d hồ sơ, %d sự kiện, %d hạn và %d số liệu tính lại, %d mục trong sổ chung, %d tệp: %d điểm sai, %d sửa được; %.1f giây.\n"+
			"%d dossiers, %d events, %d promises and %d figures worked out anew, %d entries in the log, %d files: %d findings, %d repaired; %.1f s.\n",
			found.Dossiers, found.Events, found.Promises, found.Figures, found.Entries, found.Files, len(found.Findings), found.Repaired, time.Since(begun).Seconds(),
			found.Dossiers, found.Events, found.Promises, found.Figures, found.Entries, found.Files, len(found.Findings), found.Repaired, time.Since(begun).Seconds())
	}
	if n := found.Open(); n > 0 {
		return fmt.Errorf("%d findings are not repaired", n)
	}
	return nil
}

// verifyFiles reads every attached file.
func (v verifyVerb) verifyFiles(ctx context.Context, office *onestop.Office, found *onestop.Verification) error {
	if err := v.keepFiles(office, v.Data, fileLimits{}); err != nil {
		return err
	}
	bar := newProgress("tệp / files")
	defer bar.end()
	return office.VerifyFiles(ctx, found, func(done int) { bar.at(done, 0) })
}

// receipts holds journals against the proofs that were kept elsewhere.
func (v verifyVerb) receipts(ctx context.Context, office *onestop.Office, found *onestop.Verification) error {
	if len(v.Receipt) > 0 && v.Key == "" {
		return errors.New("a receipt is checked by a key that is known from elsewhere: name it with --key")
	}
	for _, file := range v.Receipt {
		body, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		p, err := readProof(body)
		if err != nil {
			return fmt.Errorf("%s is no proof: %w", file, err)
		}
		if err := office.VerifyReceipt(ctx, found, p, v.Key); err != nil {
			return err
		}
	}
	return nil
}

// kept reads the checkpoints that were kept elsewhere: signed notes as they are, or sheets of `motcua ledger sheet`, and the one that the server
// on this folder signed last. Without --key the key is believed that stands beside that one. Where that one is damaged, this is a finding like
// any other: the log is checked by the rest.
func (v verifyVerb) kept(found *onestop.Verification) (all []string, key string, err error) {
	for _, file := range v.Checkpoint {
		body, err := os.ReadFile(file)
		if err != nil {
			return nil, "", err
		}
		notes := ledger.Find(string(body))
		if len(notes) == 0 {
			return nil, "", fmt.Errorf("there is no signed checkpoint in %s", file)
		}
		all = append(all, notes...)
	}
	last, key, err := lastSigned(filepath.Join(v.Data, lastFile)).read()
	if errors.Is(err, errDamaged) {
		found.Findings, err = append(found.Findings, onestop.Finding{Dossier: lastFile, What: errDamaged.Error()}), nil
	}
	if last != "" {
		all = append(all, last)
	}
	if v.Key != "" {
		key = v.Key
	}
	return all, key, err
}
