package onestop

import (
	"context"
	"errors"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/ledger"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

const (
	ledgerBatch = 1000
	// How far back events are looked for that are not in the log yet: longer than any act or import takes. What is dated back further
	// than this was not written by the office, and never gets in.
	ledgerReach = 6 * time.Hour
	// That far back they are looked for once an hour, for the sake of imports that take long, and this far every time: longer than any act
	// takes. To look through six hours every minute would cost each event some 360 looks, as much as the intake that it is.
	ledgerGlance = actTakes + 5*time.Minute
)

// EnterEvents enters every event that is not there yet into the log, all as of one instant, and signs a checkpoint if the log has grown. It
// returns how many it entered. Several may run it: the log grows by one at a time.
func (o *Office) EnterEvents(ctx context.Context, now time.Time, signer *ledger.Signer) (int, error) {
	begun, err := o.ownLog(ctx, signer)
	if err != nil {
		return 0, err
	}
	_, last, err := o.store.LedgerEnd(ctx)
	if err != nil {
		return 0, err
	}
	var since time.Time // a log takes in whatever is there until it is signed for the first time, however often that is broken off
	if begun {
		since = last.Add(-ledgerGlance)
		if !last.Truncate(time.Hour).Equal(now.Truncate(time.Hour)) {
			since = last.Add(-ledgerReach)
		}
	}
	entered, lost := 0, 0
	for after := (*store.EventRef)(nil); ; {
		var some []store.EventRef
		// What is not there yet is looked for where it is then written: on SQLite the one connection that writes is also the only one that
		// still knows the pages it read a moment ago. And one transaction waits for the disk once.
		err := o.store.InTx(ctx, func(ctx context.Context) error {
			if some, err = o.store.NotInLedger(ctx, since, after, ledgerBatch); err != nil {
				return err
			}
			if err = o.enter(ctx, now, some); err != nil || len(some) == ledgerBatch {
				return err
			}
			return o.sign(ctx, now, signer)
		})
		switch {
		case errors.Is(err, fault.Conflict) && lost < 20: // somebody else entered some of them, or signed: look again which are left
			lost, after = lost+1, nil
			continue
		case err != nil:
			return entered, err
		}
		if entered += len(some); len(some) < ledgerBatch {
			return entered, nil
		}
		after = &some[len(some)-1]
	}
}

// ownLog says whether the log was ever signed. It refuses to go on with one that another key signs: checkpoints that people keep would no
// longer hang together.
func (o *Office) ownLog(ctx context.Context, signer *ledger.Signer) (begun bool, err error) {
	last, err := o.store.LastCheckpoint(ctx)
	if errors.Is(err, fault.NotFound) {
		return false, nil
	}
	if err == nil && last.PublicKey != signer.Public {
		err = fault.New(fault.Conflict, "ledger-key", "the log of this database is signed with another key: %s", last.PublicKey)
	}
	return true, err
}

// enter makes an entry of each event, as of now, or of the last entry where another clock was ahead: the log never goes back in time.
func (o *Office) enter(ctx context.Context, now time.Time, events []store.EventRef) error {
	if len(events) == 0 {
		return nil
	}
	size, last, err := o.store.LedgerEnd(ctx)
	if err != nil {
		return err
	}
	if last.After(now) {
		now = last
	}
	leaves := make([]ledger.Leaf, len(events))
	for i, e := range events {
		leaves[i] = ledger.Leaf{DossierID: e.DossierID, Seq: e.Seq, EventHash: e.Hash, EnteredAt: instant(now)}
	}
	hashes, err := ledger.Append(size, leaves, o.store.LedgerHashes(ctx))
	if err != nil {
		return err
	}
	return o.store.AddLeaves(ctx, leaves, hashes)
}

// sign signs a checkpoint over the whole log, unless there is one.
func (o *Office) sign(ctx context.Context, now time.Time, signer *ledger.Signer) error {
	size, _, err := o.store.LedgerEnd(ctx)
	if err != nil || size == 0 {
		return err
	}
	if last, err := o.store.LastCheckpoint(ctx); err == nil && last.Size == size {
		return nil
	} else if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	root, err := tlog.TreeHash(size, o.store.LedgerHashes(ctx))
	if err != nil {
		return err
	}
	signed, err := signer.Sign(ledger.Checkpoint{Size: size, Root: root, At: now})
	if err != nil {
		return err
	}
	return o.store.AddCheckpoint(ctx, store.SignedCheckpoint{Size: size, SignedAt: now, Signed: signed, PublicKey: signer.Public})
}

// SendCheckpoints lets every checkpoint leave the machine that has not yet, the oldest first, until one cannot be sent. It returns how many
// were sent.
func (o *Office) SendCheckpoints(ctx context.Context, clock func() time.Time, send func(ctx context.Context, signed string) error) (int, error) {
	for sent := 0; ; {
		some, _, err := o.store.Checkpoints(ctx, true, store.Page{Limit: 100})
		if err != nil || len(some) == 0 {
			return sent, err
		}
		for _, c := range some {
			if err := send(ctx, c.Signed); err != nil {
				return sent, err
			}
			if err := o.store.CheckpointSent(ctx, c.Size, clock()); err != nil {
				return sent, err
			}
			sent++
		}
	}
}

// ProveReceipt proves to whoever holds the receipt that the intake with its first promise stands in the log. The faults are those of Lookup,
// and Conflict "not-proved-yet" until the next checkpoint, a minute at most.
func (o *Office) ProveReceipt(ctx context.Context, code, secret string) (ledger.Proof, error) {
	d, err := o.Lookup(ctx, code, secret)
	if err != nil {
		return ledger.Proof{}, err
	}
	events, err := o.store.Journal(ctx, staff.System().Scope(), d.ID)
	if err != nil {
		return ledger.Proof{}, err
	}
	return o.prove(ctx, untilPromised(events))
}

// untilPromised is a journal up to the event that promised the first date, or the intake alone where no date was promised.
func untilPromised(journal []dossier.Event) []dossier.Event {
	for i, e := range journal {
		if f, err := e.Read(); err == nil && f.Promise != nil {
			return journal[:i+1]
		}
	}
	return journal[:1]
}

func (o *Office) prove(ctx context.Context, journal []dossier.Event) (ledger.Proof, error) {
	e := journal[len(journal)-1]
	tooEarly := fault.New(fault.Conflict, "not-proved-yet", "no checkpoint covers this yet; there is one every minute")
	leaf, err := o.store.Leaf(ctx, e.DossierID, e.Seq)
	if errors.Is(err, fault.NotFound) {
		return ledger.Proof{}, tooEarly
	}
	if err != nil {
		return ledger.Proof{}, err
	}
	last, err := o.store.LastCheckpoint(ctx)
	if errors.Is(err, fault.NotFound) || err == nil && last.Size <= leaf.Index {
		return ledger.Proof{}, tooEarly
	}
	if err != nil {
		return ledger.Proof{}, err
	}
	return ledger.Prove(journal, leaf, last.Signed, last.PublicKey, o.store.LedgerHashes(ctx))
}

// ProveGrowth is RFC 6962's consistency proof that the log of one size is the beginning of the log of another, as base64 hashes. The fault is
// Invalid "size-invalid" when the sizes are not in order or the log is not that large.
func (o *Office) ProveGrowth(ctx context.Context, from, to int64) ([]string, error) {
	size, _, err := o.store.LedgerEnd(ctx)
	if err != nil {
		return nil, err
	}
	if from < 1 || from > to || to > size {
		return nil, fault.New(fault.Invalid, "size-invalid", "sizes must be in order, from 1 to %d", size)
	}
	proof, err := tlog.ProveTree(to, from, o.store.LedgerHashes(ctx))
	if err != nil {
		return nil, err
	}
	hashes := make([]string, len(proof))
	for i, h := range proof {
		hashes[i] = h.String()
	}
	return hashes, nil
}
