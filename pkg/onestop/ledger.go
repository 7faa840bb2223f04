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

// resign is how long a checkpoint stands before the log is signed again, whether it has grown or not.
const resign = time.Hour

// EnterEvents enters every event that is not there yet into the log, all as of one instant, and signs a checkpoint if the log has grown, or an
// hour went by. It returns how many it entered. Several may run it: the log grows by one at a time. A log that is no continuation of what was
// signed last is Conflict "ledger-broken": it would be a second one.
func (o *Office) EnterEvents(ctx context.Context, now time.Time, signer *ledger.Signer) (int, error) {
	looked, err := o.goesOn(ctx, signer)
	if err != nil {
		return 0, err
	}
	var since time.Time // a log takes in whatever is there until all of it was looked through once, however often that is broken off
	if !looked.IsZero() {
		since = looked.Add(-ledgerGlance)
		if !looked.Truncate(time.Hour).Equal(now.Truncate(time.Hour)) {
			since = looked.Add(-ledgerReach)
		}
	}
	entered, lost := 0, 0
	for after := (*store.EventRef)(nil); ; {
		var some []store.EventRef
		var signed string
		// What is not there yet is looked for where it is then written: on SQLite the one connection that writes is also the only one that
		// still knows the pages it read a moment ago. And one transaction waits for the disk once.
		err := o.store.InTx(ctx, func(ctx context.Context) error {
			if some, err = o.store.NotInLedger(ctx, since, after, ledgerBatch); err != nil {
				return err
			}
			if err = o.enter(ctx, now, some, looked.IsZero()); err == nil {
				signed, err = o.sign(ctx, now, signer, len(some) < ledgerBatch)
			}
			return err
		})
		switch {
		case errors.Is(err, fault.Conflict) && lost < 20: // somebody else entered some of them, or signed: look again which are left
			lost, after = lost+1, nil
			continue
		case err != nil:
			return entered, err
		}
		entered += len(some)
		if signed != "" && signer.Keep != nil { // only now: a checkpoint that was never committed must bind nobody
			if err := signer.Keep(signed); err != nil {
				return entered, err
			}
		}
		if len(some) < ledgerBatch {
			return entered, nil
		}
		after = &some[len(some)-1]
	}
}

// goesOn says until when the log was known to hold all that was recorded. It refuses to go on with one that is not the one that was signed
// last, by the database or by what is kept outside of it, and with one that another key signs: checkpoints that people keep would no longer
// hang together.
func (o *Office) goesOn(ctx context.Context, signer *ledger.Signer) (looked time.Time, err error) {
	kept := ""
	if signer.Last != nil {
		if kept, err = signer.Last(); err != nil {
			return looked, err
		}
	}
	err = o.store.Snapshot(ctx, func(ctx context.Context) error {
		size, _, err := o.store.LedgerEnd(ctx)
		if err != nil {
			return err
		}
		last, err := o.store.LastCheckpoint(ctx)
		switch {
		case errors.Is(err, fault.NotFound):
			if size > 0 {
				return fault.New(fault.Conflict, "ledger-broken", "the log has %d entries and no checkpoint: checkpoints were taken out", size)
			}
		case err != nil:
			return err
		case last.PublicKey != signer.Public:
			return fault.New(fault.Conflict, "ledger-key", "the log of this database is signed with another key: %s", last.PublicKey)
		default:
			if _, err := o.continues(ctx, signer, last.Signed, size); err != nil {
				return err
			}
			if last.Size < size {
				return fault.New(fault.Conflict, "ledger-broken", "the log has %d entries, and its last checkpoint was signed over %d: checkpoints were taken out, or entries put in",
					size, last.Size)
			}
		}
		if kept != "" {
			c, err := o.continues(ctx, signer, kept, size)
			if err != nil {
				return err
			}
			// What is kept was committed before: of equal size it tells of hours in which nothing happened.
			if c.At.After(last.SignedAt) {
				return fault.New(fault.Conflict, "ledger-broken", "a checkpoint was signed at %s, and the last one here is of %s: checkpoints were taken out",
					c.At.Format(time.RFC3339), last.SignedAt.Format(time.RFC3339))
			}
		}
		looked, err = o.store.LastLook(ctx)
		return err
	})
	return looked, err
}

// continues opens a checkpoint, and refuses a log of the size that does not begin with what it was signed over.
func (o *Office) continues(ctx context.Context, signer *ledger.Signer, signed string, size int64) (ledger.Checkpoint, error) {
	c, err := ledger.Open(signed, signer.Public)
	if errors.Is(err, ledger.ErrSignature) {
		return c, fault.New(fault.Conflict, "ledger-key", "what was signed last is signed with another key than %s", signer.Public)
	}
	if err != nil {
		return c, err
	}
	if c.Size > size {
		return c, fault.New(fault.Conflict, "ledger-broken", "a checkpoint over %d entries of the log was signed at %s, and there are only %d: it was cut off, or an older copy was put back",
			c.Size, c.At.Format(time.RFC3339), size)
	}
	root, err := tlog.TreeHash(c.Size, o.store.LedgerHashes(ctx))
	if err == nil && root == c.Root {
		return c, nil
	}
	if fault.As(err) != nil {
		return c, err
	}
	return c, fault.New(fault.Conflict, "ledger-broken", "the log's first %d entries are not those that a checkpoint was signed over at %s", c.Size, c.At.Format(time.RFC3339))
}

// enter makes an entry of each event, as of now, or of the last entry where another clock was ahead: the log never goes back in time. What was
// there before the log is entered as of its first entry, however often the beginning is broken off.
func (o *Office) enter(ctx context.Context, now time.Time, events []store.EventRef, beginning bool) error {
	if len(events) == 0 {
		return nil
	}
	size, last, err := o.store.LedgerEnd(ctx)
	if err != nil {
		return err
	}
	began, err := o.store.LedgerBegan(ctx)
	if err != nil {
		return err
	}
	leaves := make([]ledger.Leaf, len(events))
	for i, e := range events {
		at := now
		if beginning && !began.IsZero() && !e.RecordedAt.After(began) {
			at = began
		}
		if at.Before(last) {
			at = last
		}
		leaves[i] = ledger.Leaf{DossierID: e.DossierID, Seq: e.Seq, EventHash: e.Hash, EnteredAt: instant(at)}
	}
	hashes, err := ledger.Append(size, leaves, o.store.LedgerHashes(ctx))
	if err != nil {
		return err
	}
	return o.store.AddLeaves(ctx, leaves, hashes)
}

// sign signs a checkpoint over the whole log, "" where there is one of late. all says that nothing is left to be entered.
func (o *Office) sign(ctx context.Context, now time.Time, signer *ledger.Signer, all bool) (string, error) {
	size, _, err := o.store.LedgerEnd(ctx)
	if err != nil || size == 0 {
		return "", err
	}
	last, err := o.store.LastCheckpoint(ctx)
	switch {
	case err == nil && last.Size == size && now.Before(last.SignedAt.Add(resign)):
		if all {
			err = o.store.Looked(ctx, last, now)
		}
		return "", err
	case err != nil && !errors.Is(err, fault.NotFound):
		return "", err
	}
	root, err := tlog.TreeHash(size, o.store.LedgerHashes(ctx))
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(ledger.Checkpoint{Size: size, Root: root, At: now})
	if err != nil {
		return "", err
	}
	c := store.SignedCheckpoint{Size: size, SignedAt: now, Signed: signed, PublicKey: signer.Public}
	if all {
		c.LookedAt = &now
	}
	return signed, o.store.AddCheckpoint(ctx, c)
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
			if err := o.store.CheckpointSent(ctx, c, clock()); err != nil {
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
