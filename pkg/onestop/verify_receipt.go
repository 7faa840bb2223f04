package onestop

import (
	"context"
	"fmt"

	"github.com/motcua/motcua/pkg/ledger"
	"github.com/motcua/motcua/pkg/staff"
)

// VerifyReceipt holds the journal of a dossier against a proof that somebody kept, by the public key: whatever it shows must still stand there.
// What is wrong with the proof itself is a finding as well.
func (o *Office) VerifyReceipt(ctx context.Context, v *Verification, p ledger.Proof, key string) error {
	shown, err := p.Check(key)
	if err != nil {
		v.found("receipt", fmt.Sprintf("it proves nothing: %v", err))
		return nil
	}
	name := p.Event.DossierID.String()
	if shown.Intake != nil {
		name = shown.Intake.Code
	}
	journal, err := o.store.Journal(ctx, staff.System().Scope(), p.Event.DossierID)
	if err != nil {
		return err
	}
	for i, e := range p.Journal() {
		switch {
		case i >= len(journal):
			v.found(name, fmt.Sprintf("event %d of a receipt that was kept is not in the journal", e.Seq))
			return nil
		case journal[i].Hash != e.Hash:
			v.found(name, fmt.Sprintf("event %d is not the one that a receipt shows", e.Seq))
		}
	}
	return nil
}
