package onestop

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/ledger"
	"github.com/motcua/motcua/pkg/store"
)

// How long an act may take from the instant that it is recorded as to its commit. An event that is recorded as older than that when the log
// was already known to hold all that there was is one that was not written when it says. So is one that is recorded as earlier than the one in
// front of it in its own journal, by more than the clocks of two machines and a wait for a lock make.
const (
	actTakes    = 10 * time.Minute
	importTakes = ledgerReach
	clocksApart = 2 * time.Minute
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
	if v.unread {
		v.found("log", "it was not held against the journals: some of them cannot be read")
		return nil
	}
	return o.store.Snapshot(ctx, func(ctx context.Context) error {
		all, err := o.checkpoints(ctx, v, &key, kept)
		if err != nil {
			return err
		}
		w := walk{v: v, roots: all.roots, stored: o.store.LedgerHashes(ctx), looks: all.looks, sizes: slices.Sorted(maps.Keys(all.looks)), names: map[uuid.UUID]string{}}
		w.code = func(id uuid.UUID) (string, error) { return o.store.FormerCode(ctx, id) }
		if err := o.store.EachEntry(ctx, w.entry); err != nil {
			return err
		}
		w.nodes(0)
		v.Entries = w.tree.Size
		for size := range all.roots {
			if size > w.tree.Size {
				v.found("log", fmt.Sprintf("a checkpoint was signed over %d entries, and there are only %d: it was cut off", size, w.tree.Size))
			}
		}
		return o.verifyExtent(ctx, now, w, all)
	})
}

// signatures is what all checkpoints say.
type signatures struct {
	roots  map[int64]tlog.Hash   // by size
	looks  map[int64][]time.Time // when the log of the size was known to hold all that there was
	size   int64                 // of the largest in the database
	looked time.Time             // the last look that the database tells, the zero time where there is none
}

// checkpoints opens every checkpoint, those of the database and those that were kept elsewhere.
func (o *Office) checkpoints(ctx context.Context, v *Verification, key *string, kept []string) (signatures, error) {
	all := signatures{roots: map[int64]tlog.Hash{}, looks: map[int64][]time.Time{}}
	look := func(size int64, at time.Time) { all.looks[size] = append(all.looks[size], at) }
	take := func(signed, where string) {
		c, err := ledger.Open(signed, *key)
		if err != nil {
			v.found("log", fmt.Sprintf("%s: %v", where, err))
			return
		}
		if other, there := all.roots[c.Size]; there && other != c.Root {
			v.found("log", fmt.Sprintf("%s of %d entries has another root than one of the same size: there were two logs", where, c.Size))
		}
		all.roots[c.Size] = c.Root
		look(c.Size, c.At)
	}
	for page := (store.Page{Limit: 1000}); ; {
		some, next, err := o.store.Checkpoints(ctx, false, page)
		if err != nil {
			return all, err
		}
		for _, c := range some {
			all.size = max(all.size, c.Size)
			if *key == "" {
				*key = c.PublicKey
			}
			take(c.Signed, "a checkpoint in the database")
			if c.LookedAt != nil {
				look(c.Size, *c.LookedAt)
				if c.LookedAt.After(all.looked) {
					all.looked = *c.LookedAt
				}
			}
		}
		if next == "" {
			break
		}
		page.After = string(next)
	}
	if *key == "" && len(kept) > 0 {
		v.found("log", fmt.Sprintf("there is no checkpoint in the database, so its public key is not known: "+
			"the %d that were kept cannot be checked without --key", len(kept)))
		return all, nil
	}
	for _, note := range kept {
		take(note, "a checkpoint that was kept")
	}
	return all, nil
}

// walk goes through the log from its first entry.
type walk struct {
	v      *Verification
	roots  map[int64]tlog.Hash // by size, as checkpoints say; nil once an entry is missing
	tree   ledger.Tree
	stored tlog.HashReader
	hashes []tlog.Hash // that the tree should have, not yet held against those that are stored
	first  int64       // place of the first of them
	last   time.Time   // when the entries before were made
	run    int         // how many were made then
	cut    time.Time   // when the entries before those were made, if a run that had more to enter may have been cut off there
	began  time.Time   // when the first entry was made: what was entered then was there before the log, and may be older

	names  map[uuid.UUID]string // of dossiers that are gone
	code   func(uuid.UUID) (string, error)
	failed error // to ask for one

	looks  map[int64][]time.Time // by size, as checkpoints say
	sizes  []int64               // of those that were not reached yet
	looked time.Time             // until when the log without this entry was known to hold all that there was
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
	if w.began.IsZero() {
		w.began = e.EnteredAt
	}
	if !e.EnteredAt.Equal(w.last) {
		w.cut = time.Time{}
		if w.run > 0 && w.run%ledgerBatch == 0 {
			w.cut = w.last
		} else { // the entries before were made when all that there was was looked through
			w.looked = latest(w.looked, w.last)
		}
		w.last, w.run = e.EnteredAt, 0
	}
	w.run++
	for len(w.sizes) > 0 && w.sizes[0] <= e.Index {
		w.look(w.looks[w.sizes[0]], e)
		w.sizes = w.sizes[1:]
	}
	if w.event(e); w.failed != nil {
		return w.failed
	}
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

// look goes by what was signed before the entry. A checkpoint of the very second in which the entry was made was signed between two batches of one
// run: there was more to enter. So there may have been where a run ended with a full batch, since it is also what a run leaves that was cut off.
func (w *walk) look(signed []time.Time, e store.Entry) {
	for _, at := range signed {
		if !at.Equal(e.EnteredAt.Truncate(time.Second)) && !at.Equal(w.cut.Truncate(time.Second)) {
			w.looked = latest(w.looked, at)
		}
	}
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
	if e.Found != "" && e.RecordedAt.After(e.EnteredAt.Add(actTakes)) {
		w.v.found(e.Dossier, fmt.Sprintf("event %d is dated ahead: it came into the log before it was recorded", e.Seq))
	}
	switch {
	case e.Found == "":
		w.v.found(w.former(e), fmt.Sprintf("event %d stood in the log and is gone from the journal", e.Seq))
		return
	case e.Found != e.EventHash:
		w.v.found(e.Dossier, fmt.Sprintf("event %d is not the one that stands in the log", e.Seq))
		return
	case !e.EnteredAt.Equal(w.began) && e.RecordedAt.Before(w.looked.Add(-takes(e.Kind))):
		w.v.found(e.Dossier, fmt.Sprintf("event %d is dated back: it says that it was recorded at %s, and came into the log at %s, which held all that there was at %s",
			e.Seq, e.RecordedAt.UTC().Format(time.RFC3339), e.EnteredAt.Format(time.RFC3339), w.looked.UTC().Format(time.RFC3339)))
	}
	if e.Before != nil && takes(e.Kind) == actTakes && e.RecordedAt.Before(e.Before.Add(-clocksApart)) {
		w.v.found(e.Dossier, fmt.Sprintf("event %d says that it was recorded at %s, and event %d in front of it at %s",
			e.Seq, e.RecordedAt.UTC().Format(time.RFC3339), e.Seq-1, e.Before.UTC().Format(time.RFC3339)))
	}
}

// former is what the dossier of an event is called that is gone: by its code if anything still tells it. Where a whole database is gone, it is not
// asked for each.
func (w *walk) former(e store.Entry) string {
	id := e.DossierID.String()
	if e.Dossier != id {
		return e.Dossier
	}
	name, asked := w.names[e.DossierID]
	if !asked && len(w.names) < most {
		name = id
		code, err := w.code(e.DossierID)
		if w.failed = err; code != "" {
			name = code
		}
		w.names[e.DossierID] = name
	}
	if name == "" {
		return id
	}
	return name
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func takes(kind string) time.Duration {
	if k := dossier.Kind(kind); k == dossier.WasImported || k == dossier.WasUpdated {
		return importTakes
	}
	return actTakes
}
