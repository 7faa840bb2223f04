package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/store"
)

type verifyVerb struct {
	data
	Repair bool `help:"Write rows anew that differ from a sound journal. The journal itself is never touched."`
	JSON   bool `name:"json" help:"Print the outcome as JSON."`
}

// Run exits with an error when anything does not fit and was not repaired.
func (v verifyVerb) Run() error {
	return v.with(v.run)
}

func (v verifyVerb) run(ctx context.Context, _ *store.Store, office *onestop.Office) error {
	begun, bar := time.Now(), newProgress("hồ sơ / dossiers")
	found, err := office.Verify(ctx, v.Repair, func(done int) { bar.at(done, 0) })
	bar.end()
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
		fmt.Printf("%d hồ sơ, %d sự kiện, %d hạn tính lại: %d điểm sai, %d sửa được; %.1f giây.\n"+
			"%d dossiers, %d events, %d promises worked out anew: %d findings, %d repaired; %.1f s.\n",
			found.Dossiers, found.Events, found.Promises, len(found.Findings), found.Repaired, time.Since(begun).Seconds(),
			found.Dossiers, found.Events, found.Promises, len(found.Findings), found.Repaired, time.Since(begun).Seconds())
	}
	if n := found.Open(); n > 0 {
		return fmt.Errorf("%d findings are not repaired", n)
	}
	return nil
}
