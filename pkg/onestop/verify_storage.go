package onestop

import (
	"context"

	"github.com/motcua/motcua/pkg/store"
)

// verifyStorage names what is stored otherwise than its column says, and gives it back: EachLife goes around it. What writing a row anew puts
// right is named with its dossier, later. Where a row that nothing can go around is among them, v is blind: it says so, and nothing else but what
// is wrong with the file as a whole.
func (o *Office) verifyStorage(ctx context.Context, v *Verification) ([]store.Misfit, error) {
	misfits, err := o.store.Misfits(ctx, most)
	inTable := map[string]int{}
	for _, m := range misfits {
		inTable[m.Table]++
		v.unread = v.unread || !m.Rewritten()
		v.blind = v.blind || !m.OfDossier() || inTable[m.Table] >= most
		if !m.Rewritten() {
			v.found(m.Name, m.String())
		}
	}
	if v.blind {
		for _, m := range misfits {
			if m.Rewritten() {
				v.found(m.Name, m.String())
			}
		}
		v.found("database", "nothing else was held against the journals: these values must be put right first")
	}
	if err != nil {
		return nil, err
	}
	broken, err := o.store.UnsoundFile(ctx)
	for _, line := range broken {
		v.found("database", "its file is not sound: "+line)
	}
	return misfits, err
}

// VerifyGuards holds the triggers that keep the journal, the log and the law append-only against those that the program makes. Whoever took them
// off and put them back is not told of.
func (o *Office) VerifyGuards(ctx context.Context, v *Verification) error {
	guards, err := o.store.UnsoundGuards(ctx)
	for _, g := range guards {
		v.found("trigger "+g.Name, g.What)
	}
	return err
}
