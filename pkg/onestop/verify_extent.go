package onestop

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/store"
)

// EnterJob is the name of the job that enters events into the log: its runs say how far the log must be.
const EnterJob = "enter-events"

// How long events may wait for a server to run that enters them, before an empty log is told of.
const serverAway = time.Hour

// verifyExtent says what does not stand in the log although it must, and what speaks of a log that was longer.
func (o *Office) verifyExtent(ctx context.Context, now time.Time, w walk, all signatures) error {
	v, size := w.v, w.tree.Size
	trace, err := o.store.LogTrace(ctx, EnterJob)
	if err != nil {
		return err
	}
	for _, x := range []struct {
		what string
		n    int64
	}{{"a checkpoint over %d entries was mailed", trace.Mailed}, {"a receiver was told of %d entries", trace.Told}} {
		if x.n > size {
			v.found("log", fmt.Sprintf(x.what+", and there are only %d: it was cut off", x.n, size))
		}
	}
	if trace.Nodes > tlog.StoredHashCount(size) {
		v.found("log", fmt.Sprintf("more hashes of its tree are stored than its %d entries have: it was cut off", size))
	}
	if all.size < size { // whatever is entered is signed in the same breath
		v.found("log", fmt.Sprintf("its last %d entries stand under no checkpoint: checkpoints were taken out, or entries put in", size-all.size))
	}
	since := latest(latest(w.last, trace.Entered), all.looked)
	if size == 0 {
		return o.verifyEmpty(ctx, now, v, since)
	}
	if all.looked.IsZero() {
		if trace.Entered.After(w.last) || w.last.Before(now.Add(-ledgerGlance)) {
			v.found("log", "its beginning was broken off, or the checkpoints behind it were taken out")
		}
		return nil // it is still taking in what was there before it
	}
	outside, err := o.store.Outside(ctx, since.Add(-ledgerGlance), since.Add(-ledgerReach), most)
	for _, e := range outside {
		v.found(e.Dossier, fmt.Sprintf("event %d does not stand in the log: it was not written when it says", e.Seq))
	}
	return err
}

// verifyEmpty tells of a log without entries although there are events that must stand in it. since is when they were last entered; where no
// run of the job says so either, no server may have run yet.
func (o *Office) verifyEmpty(ctx context.Context, now time.Time, v *Verification, since time.Time) error {
	acts, imports, why := since.Add(-ledgerGlance), since.Add(-ledgerReach), "it was emptied"
	if since.IsZero() {
		acts, imports, why = now.Add(-serverAway), now.Add(-ledgerReach), "it was emptied, or no server has run since they were written"
	}
	outside, err := o.store.Outside(ctx, acts, imports, most)
	if n := len(outside); n > 0 {
		v.found("log", fmt.Sprintf("it is empty, and %s events should stand in it: %s", atLeast(n), why))
	}
	return err
}

func atLeast(n int) string {
	if n >= most {
		return fmt.Sprintf("at least %d", n)
	}
	return fmt.Sprint(n)
}

// numbering holds the codes of dossiers against the counters that they were drawn from: whatever number was given out is a dossier's.
type numbering struct {
	counters map[string]store.DossierCounter // by what the codes begin with
	seen     map[string]int                  // how many of the numbers were met
}

func (o *Office) numbering(ctx context.Context, v *Verification) (*numbering, error) {
	n := &numbering{counters: map[string]store.DossierCounter{}, seen: map[string]int{}}
	all, err := o.store.DossierCounters(ctx)
	for _, c := range all {
		if _, err := catalog.ParseDate(string(c.Day)); err != nil {
			v.found("dossier_counters", fmt.Sprintf("counter %s has a day that is none", c.Identifier))
			continue
		}
		n.counters[head(dossier.Code(c.Identifier, c.Day, 0))] = c
	}
	return n, err
}

// head is a code without its running number.
func head(code string) string { return code[:strings.LastIndex(code, "-")+1] }

// add notes a dossier's code and names one that no counter has given out.
func (n *numbering) add(d dossier.Dossier, v *Verification) {
	first := head(d.Code)
	c, there := n.counters[first]
	var no int
	if _, err := fmt.Sscanf(d.Code[len(first):], "%d", &no); err != nil || no < 1 || there && dossier.Code(c.Identifier, c.Day, no) != d.Code {
		no = 0
	}
	if no > 0 && no <= c.Last {
		n.seen[first]++
		return
	}
	if d.Code != "" && d.Source == nil {
		v.found(d.Code, fmt.Sprintf("its number was never given out: the counter of that day stands at %d", c.Last))
	}
}

// compare names the numbers that were given out and that no dossier has.
func (n *numbering) compare(ctx context.Context, s *store.Store, v *Verification) error {
	for _, first := range slices.Sorted(maps.Keys(n.counters)) {
		c, seen := n.counters[first], n.seen[first]
		switch {
		case seen >= c.Last:
			continue
		case c.Last-seen > most:
			v.found("dossier_counters", fmt.Sprintf("counter %s of %s stands at %d, and %d dossiers bear its numbers", c.Identifier, c.Day, c.Last, seen))
			continue
		}
		codes := make([]string, c.Last)
		for i := range codes {
			codes[i] = dossier.Code(c.Identifier, c.Day, i+1)
		}
		borne, err := s.DossierCodes(ctx, codes)
		if err != nil {
			return err
		}
		for _, code := range codes {
			if _, there := borne[code]; !there {
				v.found(code, "this number was given out, and there is no such dossier: it was taken out")
			}
		}
	}
	return nil
}
