package onestop

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/worktime"
)

// follower works out how dossiers follow one revision of a calendar.
type follower struct {
	office   *Office
	calendar *worktime.Calendar
	name     string
	revision int
}

func (o *Office) follower(name string, revision int, c *worktime.Calendar) *follower {
	return &follower{office: o, calendar: c, name: name, revision: revision}
}

// facts are what changes for the dossier; false when nothing does.
func (f *follower) facts(ctx context.Context, d dossier.Dossier, at time.Time, act string) (dossier.Facts, bool, error) {
	facts := dossier.Facts{Reason: replanReason(f.name, f.revision), LegalBasis: act}
	if d.Basis == nil {
		return facts, false, nil
	}
	rules, err := f.office.ruleSet(ctx, d.Basis.Rules)
	if err != nil {
		return facts, false, err
	}
	moved, err := dossier.Reckoner{Calendar: f.calendar, Name: f.name, Revision: f.revision, Rules: rules}.Replan(d, at, &facts)
	return facts, moved, err
}

// replanReason is why a date moves with a calendar.
func replanReason(calendar string, revision int) string {
	return fmt.Sprintf("CALENDAR %s %d", calendar, revision)
}

// replanBatch is how many dossiers are looked at, and then moved, at once: few enough that intake in between does not notice.
const replanBatch = 200

// A dossier that was taken in or moved while the revision was being written down may still have been reckoned by the one before: such
// acts are over after this time, and are then looked at once more.
const settle = time.Minute

// replanLease is how long a process that works on a replan may be silent before another takes it over.
const replanLease = 2 * time.Minute

// FollowCalendars lets the open dossiers follow the revisions that were kept since: each whose date moves gets a new promise in its
// journal. It works in small transactions, beside whatever else happens, and goes on where it, or a process that died, left off; several
// may run it. progress (may be nil) hears how far a calendar is, of how many open dossiers. It returns how many dossiers it moved.
func (o *Office) FollowCalendars(ctx context.Context, clock func() time.Time, holder string, progress func(r store.Replan, total int)) (int, error) {
	moved := 0
	for ctx.Err() == nil {
		now := clock()
		r, err := o.store.HoldReplan(ctx, holder, now, now.Add(replanLease))
		if err != nil || r == nil {
			return moved, err
		}
		before := r.Moved
		waits, err := o.follow(ctx, clock, r, progress)
		moved += r.Moved - before
		if err != nil || waits {
			return moved, err
		}
	}
	return moved, ctx.Err()
}

// everyone stands behind the last dossier: all were looked at.
var everyone = uuid.Max

// follow works on one replan until it is finished, or has to wait for late acts to be over.
func (o *Office) follow(ctx context.Context, clock func() time.Time, r *store.Replan, progress func(store.Replan, int)) (waits bool, err error) {
	kept, err := o.store.Calendar(ctx, r.Calendar, r.Revision)
	if err != nil {
		return false, err
	}
	c, err := o.calendarRevision(ctx, r.Calendar, r.Revision)
	if err != nil {
		return false, err
	}
	f := o.follower(r.Calendar, r.Revision, c)
	total, err := o.store.CountOpenOn(ctx, r.Calendar)
	if err != nil {
		return false, err
	}
	for r.Reached != everyone {
		if over, err := o.overtaken(ctx, clock, r); over || err != nil {
			return false, err
		}
		some, err := o.store.OpenOn(ctx, r.Calendar, r.Reached, replanBatch)
		if err != nil {
			return false, err
		}
		reached := everyone
		if len(some) > 0 {
			reached = some[len(some)-1].ID
		}
		if err := o.step(ctx, clock, f, r, some, reached, kept.Act); err != nil {
			return false, err
		}
		if progress != nil {
			progress(*r, total)
		}
	}
	if over, err := o.overtaken(ctx, clock, r); over || err != nil {
		return false, err
	}
	if clock().Before(r.BegunAt.Add(settle)) {
		return true, nil
	}
	some, err := o.store.PromisedBetween(ctx, r.Calendar, r.BegunAt.Add(-settle), r.BegunAt.Add(settle))
	if err != nil {
		return false, err
	}
	some = slices.DeleteFunc(some, func(d dossier.Dossier) bool { return d.Promise() == nil || d.Promise().Revision >= r.Revision })
	for len(some) > 0 {
		n := min(len(some), replanBatch)
		if err := o.step(ctx, clock, f, r, some[:n], everyone, kept.Act); err != nil {
			return false, err
		}
		some = some[n:]
	}
	return false, o.finishReplan(ctx, clock, r)
}

// overtaken finishes a replan that a later revision has overtaken, which has one of its own.
func (o *Office) overtaken(ctx context.Context, clock func() time.Time, r *store.Replan) (bool, error) {
	head, err := o.store.CalendarHead(ctx, r.Calendar)
	if err != nil || head == r.Revision {
		return false, err
	}
	return true, o.finishReplan(ctx, clock, r)
}

func (o *Office) finishReplan(ctx context.Context, clock func() time.Time, r *store.Replan) error {
	now := clock()
	r.FinishedAt = &now
	return o.store.KeepReplan(ctx, *r, now)
}

// step moves those of the dossiers that have to move and writes down how far it is, in one transaction.
func (o *Office) step(ctx context.Context, clock func() time.Time, f *follower, r *store.Replan, some []dossier.Dossier, reached uuid.UUID, act string) error {
	now := instant(clock())
	var move []uuid.UUID
	for _, d := range some {
		_, moves, err := f.facts(ctx, d, now, act)
		if err != nil {
			return err
		}
		if moves {
			move = append(move, d.ID)
		}
	}
	next := *r
	err := o.store.InTx(ctx, func(ctx context.Context) error {
		next = *r
		next.Reached, next.Checked = reached, r.Checked+len(some)
		if len(move) > 0 {
			lives, err := o.replanned(ctx, f, &next, move, now, act)
			if err != nil {
				return err
			}
			if err := o.store.MoveDossiers(ctx, lives); err != nil {
				return err
			}
		}
		return o.store.KeepReplan(ctx, next, now.Add(replanLease))
	})
	if err == nil {
		*r = next
	}
	return err
}

// replanned locks the dossiers and moves those that still have to move as they now stand.
func (o *Office) replanned(ctx context.Context, f *follower, r *store.Replan, ids []uuid.UUID, now time.Time, act string) ([]dossier.Life, error) {
	locked, err := o.store.LockDossiers(ctx, ids)
	if err != nil {
		return nil, err
	}
	var lives []dossier.Life
	for _, d := range locked {
		facts, moves, err := f.facts(ctx, d, now, act)
		if err != nil {
			return nil, err
		}
		if !moves {
			continue
		}
		next, e, err := d.Replan(dossier.Move{At: now, Recorded: now, By: r.BegunBy}, facts)
		if err != nil {
			return nil, err
		}
		lives = append(lives, dossier.Life{Dossier: next, Events: []dossier.Event{e}})
		r.Moved++
		if p := facts.Promise; p != nil {
			was := d.Promise().Mark
			count(&r.Later, p.DueAt.After(was.DueAt))
			count(&r.Earlier, p.DueAt.Before(was.DueAt))
			count(&r.BecameLate, was.LateFrom.After(now) && !p.LateFrom.After(now))
		}
	}
	return lives, nil
}

// Replans lists how far dossiers have followed the revisions of a calendar, the newest first. The error is NotFound for an unknown one.
func (o *Office) Replans(ctx context.Context, actor staff.Actor, calendar string) ([]store.Replan, error) {
	if err := actor.Must(staff.ReadDossiers); err != nil {
		return nil, err
	}
	if _, err := o.store.CalendarHead(ctx, calendar); err != nil {
		return nil, err
	}
	return o.store.Replans(ctx, calendar)
}
