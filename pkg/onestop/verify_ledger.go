package onestop

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/ledger"
	"github.com/motcua/motcua/pkg/store"
)

// How long an act may take from the instant that it is recorded as to its commit. An event that is recorded as older than that when the log
// took in others meanwhile was not written when it says.
const (
	actTakes    = 10 * time.Minute
	importTakes = ledgerReach
)

// most is how many findings of one sort are listed.
const most = 1000

// VerifyLedger holds the log over all journals against the journals, its tree and its checkpoints, and adds what it finds: an event that was
// changed, taken out, put in or dated back since, wherever its dossier's own chain is made to hold again. kept are checkpoints that were kept
// away from this machine, as signed notes; with key, the public key known from elsewhere, they also show a log that was cut off or replaced
// as a whole. Without a key the one that the database names is believed.
//
// A log that was emptied or cut off together with its checkpoints shows by what else the database says of it: checkpoints that were mailed,
// receivers that were told, runs of the job that enters events.
func (o *Office) VerifyLedger(ctx context.Context, now time.Time, v *Verification, key string, kept []string) error {
	return o.store.Snapshot(ctx, func(ctx context.Context) error {
		all, signed, err := o.checkpoints(ctx, v, &key, kept)
		if err != nil {
			return err
		}
		w := walk{v: v, roots: all, known: all, stored: o.store.LedgerHashes(ctx), beginning: math.MaxInt64}
		for size := range all {
			w.beginning = min(w.beginning, size)
		}
		if err := o.store.EachEntry(ctx, w.entry); err != nil {
			return err
		}
		w.nodes(0)
		v.Entries = w.tree.Size
		for size := range all {
			if size > w.tree.Size {
				v.found("log", fmt.Sprintf("a checkpoint was signed over %d entries, and there are only %d: it was cut off", size, w.tree.Size))
			}
		}
		return o.verifyExtent(ctx, now, w, signed)
	})
}

// checkpoints opens every checkpoint, those of the database and those that were kept elsewhere, and gives their roots by size; signed is the
// size of the largest one in the database.
func (o *Office) checkpoints(ctx context.Context, v *Verification, key *string, kept []string) (roots map[int64]tlog.Hash, signed int64, err error) {
	roots = map[int64]tlog.Hash{}
	take := func(signed, where string) {
		c, err := ledger.Open(signed, *key)
		if err != nil {
			v.found("log", fmt.Sprintf("%s: %v", where, err))
			return
		}
		if other, there := roots[c.Size]; there && other != c.Root {
			v.found("log", fmt.Sprintf("%s of %d entries has another root than one of the same size: there were two logs", where, c.Size))
		}
		roots[c.Size] = c.Root
	}
	for page := (store.Page{Limit: 1000}); ; {
		some, next, err := o.store.Checkpoints(ctx, false, page)
		if err != nil {
			return nil, 0, err
		}
		for _, c := range some {
			signed = max(signed, c.Size)
			if *key == "" {
				*key = c.PublicKey
			}
			take(c.Signed, "a checkpoint in the database")
		}
		if next == "" {
			break
		}
		page.After = string(next)
	}
	if *key == "" && len(kept) > 0 {
		v.found("log", fmt.Sprintf("there is no checkpoint in the database, so its public key is not known: "+
			"the %d that were kept cannot be checked without --key", len(kept)))
		return roots, signed, nil
	}
	for _, note := range kept {
		take(note, "a checkpoint that was kept")
	}
	return roots, signed, nil
}

// walk goes through the log from its first entry.
type walk struct {
	v      *Verification
	known  map[int64]tlog.Hash // roots by size, as checkpoints say
	roots  map[int64]tlog.Hash // the same, nil once an entry is missing
	tree   ledger.Tree
	stored tlog.HashReader
	hashes []tlog.Hash // that the tree should have, not yet held against those that are stored
	first  int64       // place of the first of them
	last   time.Time   // when the entries before were made
	before time.Time   // when those before these were made

	beginning int64 // size at the first checkpoint: what stands below it was there before the log, and may be older
}

func (w *walk) entry(e store.Entry) error {
	if e.Index != w.tree.Size {
		w.v.found("log", fmt.Sprintf("entry %d is missing", w.tree.Size))
		w.tree.Size = e.Index // what follows cannot be checked against a root, but each against its event
		w.roots = nil
	}
	if e.EnteredAt.Before(w.last) {
		w.v.found("log", fmt.Sprintf("entry %d was made before the one in front of it", e.Index))
	}
	if !e.EnteredAt.Equal(w.last) {
		w.before, w.last = w.last, e.EnteredAt
	}
	w.event(e)
	if w.roots == nil {
		w.tree.Size++
		return nil
	}
	w.hashes = append(w.hashes, w.tree.Add(e.Leaf)...)
	w.nodes(4000)
	if root, there := w.roots[w.tree.Size]; there && root != w.tree.Root() {
		w.v.found("log", fmt.Sprintf("its first %d entries are not those that a checkpoint was signed over", w.tree.Size))
	}
	return nil
}

// nodes holds the hashes of the tree, once there are so many, against those that are stored.
func (w *walk) nodes(enough int) {
	if len(w.hashes) == 0 || len(w.hashes) < enough {
		return
	}
	places := make([]int64, len(w.hashes))
	for i := range places {
		places[i] = w.first + int64(i)
	}
	found, err := w.stored.ReadHashes(places)
	if err != nil || !slices.Equal(found, w.hashes) {
		w.v.found("log", fmt.Sprintf("the stored hashes %d to %d of its tree are not those of its entries", w.first, w.first+int64(len(w.hashes))-1))
	}
	w.first += int64(len(w.hashes))
	w.hashes = w.hashes[:0]
}

// event holds an entry against the event in the journal.
func (w *walk) event(e store.Entry) {
	switch {
	case e.Found == "":
		w.v.found(e.Dossier, fmt.Sprintf("event %d stood in the log and is gone from the journal", e.Seq))
	case e.Found != e.EventHash:
		w.v.found(e.Dossier, fmt.Sprintf("event %d is not the one that stands in the log", e.Seq))
	case e.Index >= w.beginning && e.RecordedAt.Before(w.before.Add(-takes(e.Kind))):
		w.v.found(e.Dossier, fmt.Sprintf("event %d is dated back: it says that it was recorded at %s, and came into the log at %s",
			e.Seq, e.RecordedAt.UTC().Format(time.RFC3339), e.EnteredAt.Format(time.RFC3339)))
	}
}

func takes(kind string) time.Duration {
	if k := dossier.Kind(kind); k == dossier.WasImported || k == dossier.WasUpdated {
		return importTakes
	}
	return actTakes
}
