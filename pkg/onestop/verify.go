package onestop

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/store"
)

// Finding is something in the database that does not fit the journal. It holds no personal data.
type Finding struct {
	Dossier  string `json:"dossier"` // its code, or its id where no event tells it
	What     string `json:"what"`
	Repaired bool   `json:"repaired,omitempty"`
}

// Verification is what a check of the whole database came to.
type Verification struct {
	Dossiers int       `json:"dossiers"`
	Events   int       `json:"events"`
	Promises int       `json:"promises"` // worked out anew
	Figures  int       `json:"figures"`  // counted anew
	Entries  int64     `json:"entries"`  // of the log, see VerifyLedger
	Files    int       `json:"files"`    // read anew, see VerifyFiles
	Repaired int       `json:"repaired"` // dossiers
	Findings []Finding `json:"findings"`
	Notices  []Finding `json:"notices"` // of what fits the journal and may still make a late dossier look on time

	unread bool // some events or entries cannot be read
	blind  bool // nothing can be
}

// Open counts the findings that were not repaired.
func (v Verification) Open() int {
	n := 0
	for _, f := range v.Findings {
		if !f.Repaired {
			n++
		}
	}
	return n
}

// broken is a dossier whose journal is sound and whose row, with findings from one place to another, is not.
type broken struct {
	dossier.Dossier
	from, to int
}

// Verify rebuilds every dossier from its journal and holds the result against what is stored: numbers, chain and hashes of the events,
// every date and limit that an event claims, the fees that it says were paid, whether who it names might do it, the row and everything derived from
// it, the figures of the on-time report and the sums of payments. With repair, a row that differs from a sound journal is written anew; the journal
// itself is never touched, and neither is a row that knows more than its journal. progress (may be nil) hears the number of dossiers done.
func (o *Office) Verify(ctx context.Context, now time.Time, repair bool, progress func(done int)) (Verification, error) {
	v := Verification{Findings: []Finding{}, Notices: []Finding{}}
	var rows []broken
	err := o.store.Snapshot(ctx, func(ctx context.Context) error {
		misfits, err := o.verifyStorage(ctx, &v)
		if err != nil || v.blind {
			return err
		}
		who, err := o.rollCall(ctx)
		if err != nil {
			return err
		}
		who.law.verifyCalendars(&v)
		numbers, err := o.numbering(ctx, &v)
		if err != nil {
			return err
		}
		figures := newRecount(now)
		err = o.store.EachLife(ctx, misfits, func(events []dossier.Event, row store.StoredRow) error {
			v.Dossiers++
			v.Events += len(events)
			if progress != nil {
				progress(v.Dossiers)
			}
			b := o.check(ctx, now, who, events, row, &v)
			if b.from < b.to {
				rows = append(rows, b)
			}
			if b.ID != uuid.Nil {
				numbers.add(b.Dossier, &v)
			}
			figures.add(b.Dossier)
			figures.addMoney(events)
			return ctx.Err()
		})
		if err != nil {
			return err
		}
		if err := numbers.compare(ctx, o.store, &v); err != nil {
			return err
		}
		if len(v.Findings) > 0 {
			return nil // where a row is wrong, so are the figures that count it
		}
		return figures.compare(ctx, o.store, &v)
	})
	if err != nil || v.blind {
		return v, err
	}
	strays, err := o.store.Strays(ctx)
	if err != nil {
		return v, err
	}
	for _, s := range strays {
		v.found(s.Name, s.Table+": leads to no journal")
	}
	if err := o.verifyRest(ctx, &v); err != nil {
		return v, err
	}
	if !repair {
		return v, nil
	}
	for _, b := range rows {
		switch err := o.store.InTx(ctx, func(ctx context.Context) error { return o.store.Rewrite(ctx, b.Dossier) }); {
		case errors.Is(err, fault.Conflict): // another dossier stands in the way
			v.found(b.Code, "cannot be repaired: "+fault.As(err).Detail)
			continue
		case err != nil:
			return v, err
		}
		v.Repaired++
		for i := b.from; i < b.to; i++ {
			v.Findings[i].Repaired = true
		}
	}
	return v, nil
}

func (v *Verification) found(name, what string) {
	v.Findings = append(v.Findings, Finding{Dossier: name, What: what})
}

// notices tells of what an event goes by and others hardly saw, and of an update by another system's record that dates an end back, or puts off a due date that had passed.
func (v *Verification) notices(name string, l law, before dossier.Dossier, e dossier.Event, f dossier.Facts) {
	for _, what := range l.passing(before, f) {
		v.Notices = append(v.Notices, Finding{Dossier: name, What: fmt.Sprintf("event %d: %s", e.Seq, what)})
	}
	if e.Kind != dossier.WasUpdated {
		return
	}
	for _, c := range before.Changes(f, e.RecordedAt) {
		if c.Suspect {
			v.Notices = append(v.Notices, Finding{Dossier: name, What: fmt.Sprintf("event %d: the source's %s was %s and is now %s",
				e.Seq, c.Field, c.Was.UTC().Format(time.RFC3339), c.Is.UTC().Format(time.RFC3339))})
		}
	}
}

// check is one dossier's part: it tells what it finds, and what of it a row written anew would put right.
func (o *Office) check(ctx context.Context, now time.Time, who *rollCall, events []dossier.Event, row store.StoredRow, v *Verification) (b broken) {
	name := codeOf(events, row)
	defer func() { // no act leads to some of what a forged journal may say
		if why := recover(); why != nil {
			b = broken{}
			v.found(name, fmt.Sprintf("journal: it leads to what cannot be: %v", why))
		}
	}()
	if len(events) == 0 {
		v.found(name, "has a row but no journal")
		return broken{}
	}
	d, err := dossier.Replay(events, func(before dossier.Dossier, e dossier.Event, f dossier.Facts) error {
		for _, all := range [][]string{
			recheckSaid(e, f), o.recheck(ctx, who, before, e, f, v), recheckFees(before, e, f), recheckPapers(before, e, f), recheckTime(e, now),
			o.recheckWho(ctx, who, before, e, f), o.recheckTerm(ctx, who, before, e, f), o.recheckProcedure(ctx, who, e, f),
		} {
			for _, what := range all {
				v.found(name, what)
			}
		}
		v.notices(name, who.law, before, e, f)
		return nil
	})
	if err == nil {
		err = reaches(events, row)
	}
	if err != nil {
		v.found(name, "journal: "+err.Error())
		return broken{}
	}
	for _, what := range o.recheckFollowed(ctx, now, who, events, d) {
		v.found(name, what)
	}
	b = broken{Dossier: d, from: len(v.Findings)}
	for _, what := range o.store.Differences(ctx, d, row) {
		v.found(name, "differs from its journal: "+what)
	}
	b.to = len(v.Findings)
	return b
}

// reaches says whether the journal holds the event that the row was last written with. If not, it was cut or replaced, and the row is what
// is left of the truth.
func reaches(events []dossier.Event, row store.StoredRow) error {
	switch n := row.Version(); {
	case n == len(events)+1:
		return fmt.Errorf("event %d is missing", n)
	case n > len(events):
		return fmt.Errorf("events %d to %d are missing", len(events)+1, n)
	case n > 0 && row.Head() != events[n-1].Hash:
		return fmt.Errorf("event %d is not the one that the row was written with", n)
	}
	return nil
}

// codeOf is what the dossier is called, by its journal if that tells it.
func codeOf(events []dossier.Event, row store.StoredRow) string {
	if len(events) == 0 {
		return row.Code()
	}
	if f, err := events[0].Read(); err == nil && f.Intake != nil {
		return f.Intake.Code
	}
	if row.Code() != "" {
		return row.Code()
	}
	return events[0].DossierID.String()
}

func same(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}
