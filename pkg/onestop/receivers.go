package onestop

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/notify"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// ReceiverInput is what an administrator says of a receiver.
type ReceiverInput struct {
	Name        string
	URL         string
	Unreachable fault.Text // why messages may not go there, empty when they may, as a Reach said beforehand: no transaction waits for a name server
	Format      notify.Format
	Full        bool
	Agency      string // code, identifier or id; "" is all, which is for an administrator of the topmost agency to say
	Kinds       []dossier.Kind
	Paused      bool
	Note        string
	From        *int64 // entry of the log that it begins with; nil is what happens from now on. Only for one that is new.
}

// Reach says whether messages may go to an address as far as can be known now: wrong is why they may not, hint what is to be noticed. It may take
// its time and is asked before an act begins.
type Reach func(ctx context.Context, url string) (wrong, hint fault.Text)

// AddReceiver keeps a receiver. Its secret is told this once.
func (o *Office) AddReceiver(ctx context.Context, actor staff.Actor, now time.Time, in ReceiverInput) (added store.ReceiverState, err error) {
	r := notify.Receiver{ID: uuid.Must(uuid.NewV7()), CreatedAt: instant(now), CreatedBy: by(actor)}
	secret := notify.NewSecret()
	if r.Secret, err = o.keys.Lock(secret, r.ID); err != nil {
		return added, err
	}
	err = o.store.InTx(ctx, func(ctx context.Context) error {
		if err := o.describe(ctx, actor, &r, in, now); err != nil {
			return err
		}
		from, err := o.entry(ctx, in.From)
		if err != nil {
			return err
		}
		return o.store.AddReceiver(ctx, r, from)
	})
	if err != nil {
		return added, err
	}
	added, err = o.store.Receiver(ctx, r.ID)
	added.Secret = secret
	return added, err
}

// describe writes what was said into the receiver, if the actor may say so.
func (o *Office) describe(ctx context.Context, actor staff.Actor, r *notify.Receiver, in ReceiverInput, now time.Time) error {
	var wrong fault.Fields
	if !in.Unreachable.Empty() && r.URL != in.URL { // one that was let in stays, so that it can be paused
		wrong.Put("url", "unreachable", in.Unreachable)
	}
	r.Name, r.URL, r.Format, r.Full, r.Kinds, r.Paused, r.Note, r.AgencyID = in.Name, in.URL, in.Format, in.Full, in.Kinds, in.Paused, in.Note, nil
	if in.Agency == "" {
		if err := leadsAll(actor, staff.EditReceivers); err != nil {
			return err
		}
		return r.Check(wrong)
	}
	if err := actor.Must(staff.EditReceivers); err != nil {
		return err
	}
	a, err := o.store.AgencyByCode(ctx, in.Agency, catalog.DateOf(now, o.zone))
	switch {
	case errors.Is(err, fault.NotFound):
		wrong.Add("agency", "unknown", "no agency has the code, identifier or id %q today", in.Agency)
	case err != nil:
		return err
	case !actor.Covers(a.Path):
		return fault.New(fault.Forbidden, "not-your-agency", "what happens in agency %s is not yours to send out", a.Code)
	default:
		r.AgencyID = &a.ID
	}
	return r.Check(wrong)
}

// entry is a place in the log: the one given, which must not lie behind its end, or the end.
func (o *Office) entry(ctx context.Context, from *int64) (int64, error) {
	size, _, err := o.store.LedgerEnd(ctx)
	if err != nil || from == nil {
		return size, err
	}
	if *from < 0 || *from > size {
		return 0, fault.New(fault.Invalid, "entry-unknown", "from must be from 0 to %d, the size of the log", size)
	}
	return *from, nil
}

// Receivers lists those that are the actor's to look after, by name.
func (o *Office) Receivers(ctx context.Context, actor staff.Actor, p store.Page) ([]store.ReceiverState, store.Next, error) {
	if err := actor.Must(staff.EditReceivers); err != nil {
		return nil, "", err
	}
	switch {
	case leadsAll(actor, staff.EditReceivers) == nil:
		return o.store.ReceiversUnder(ctx, "", p) // those that are bound to no agency too
	case actor.AgencyPath == "":
		return nil, "", nil
	}
	return o.store.ReceiversUnder(ctx, actor.AgencyPath, p)
}

// Receiver is one of those.
func (o *Office) Receiver(ctx context.Context, actor staff.Actor, id uuid.UUID) (store.ReceiverState, error) {
	if err := actor.Must(staff.EditReceivers); err != nil {
		return store.ReceiverState{}, err
	}
	r, err := o.store.Receiver(ctx, id)
	if err != nil {
		return r, err
	}
	path := ""
	if r.AgencyID != nil {
		a, err := o.store.AgencyNames(ctx, []uuid.UUID{*r.AgencyID})
		if err != nil {
			return r, err
		}
		path = a[*r.AgencyID].Path
	}
	if path == "" && leadsAll(actor, staff.EditReceivers) != nil || path != "" && !actor.Covers(path) {
		return store.ReceiverState{}, fault.New(fault.NotFound, "receiver-not-found", "there is no such receiver")
	}
	return r, nil
}

// ChangeReceiver sets anew what a receiver is; where it stands in the log stays. Unpausing tries it at once.
func (o *Office) ChangeReceiver(ctx context.Context, actor staff.Actor, now time.Time, id uuid.UUID, in ReceiverInput) (store.ReceiverState, error) {
	return o.changed(ctx, actor, now, id, func(ctx context.Context, r *notify.Receiver) error {
		return o.describe(ctx, actor, r, in, now)
	})
}

// How long the secret before signs beside a new one.
const changeOver = 24 * time.Hour

// RenewSecret gives a receiver a new secret, told this once. For a day messages are signed with both, so that it can change over; not with one
// that no key of the server opens any more.
func (o *Office) RenewSecret(ctx context.Context, actor staff.Actor, now time.Time, id uuid.UUID) (store.ReceiverState, error) {
	secret := notify.NewSecret()
	next, err := o.changed(ctx, actor, now, id, func(_ context.Context, r *notify.Receiver) error {
		locked, err := o.keys.Lock(secret, id)
		if err != nil {
			return err
		}
		until := instant(now.Add(changeOver))
		r.OldSecret, r.OldUntil = r.Secret, &until
		if _, err := o.keys.Open(r.OldSecret, id); err != nil {
			r.OldSecret, r.OldUntil = "", nil
		}
		r.Secret = locked
		return nil
	})
	next.Secret = secret
	return next, err
}

func (o *Office) changed(
	ctx context.Context, actor staff.Actor, now time.Time, id uuid.UUID, change func(context.Context, *notify.Receiver) error,
) (store.ReceiverState, error) {
	var next store.ReceiverState
	err := o.store.InTx(ctx, func(ctx context.Context) error {
		r, err := o.Receiver(ctx, actor, id)
		if err != nil {
			return err
		}
		if err := change(ctx, &r.Receiver); err != nil {
			return err
		}
		if err := o.store.ChangeReceiver(ctx, r.Receiver, now); err != nil {
			return err
		}
		next, err = o.store.Receiver(ctx, id)
		return err
	})
	return next, err
}

// RemoveReceiver forgets a receiver.
func (o *Office) RemoveReceiver(ctx context.Context, actor staff.Actor, id uuid.UUID) error {
	return o.store.InTx(ctx, func(ctx context.Context) error {
		if _, err := o.Receiver(ctx, actor, id); err != nil {
			return err
		}
		return o.store.RemoveReceiver(ctx, id)
	})
}

// ReplayReceiver sends a receiver the log again from an entry on, with the same message ids as before.
func (o *Office) ReplayReceiver(ctx context.Context, actor staff.Actor, now time.Time, id uuid.UUID, from int64) (store.ReceiverState, error) {
	var next store.ReceiverState
	err := o.store.InTx(ctx, func(ctx context.Context) error {
		if _, err := o.Receiver(ctx, actor, id); err != nil {
			return err
		}
		position, err := o.entry(ctx, &from)
		if err != nil {
			return err
		}
		if err := o.store.ReplayReceiver(ctx, id, position, now); err != nil {
			return err
		}
		next, err = o.store.Receiver(ctx, id)
		return err
	})
	return next, err
}

// HeldDossiers lists the dossiers whose events wait for one that a receiver did not take.
func (o *Office) HeldDossiers(ctx context.Context, actor staff.Actor, id uuid.UUID, p store.Page) ([]store.HeldDossier, store.Next, error) {
	if _, err := o.Receiver(ctx, actor, id); err != nil {
		return nil, "", err
	}
	return o.store.HeldDossiers(ctx, id, p)
}

// Ping sends a receiver a message that says nothing, whether it is paused or not, and tells what came of it.
func (o *Office) Ping(ctx context.Context, actor staff.Actor, now time.Time, id uuid.UUID, source string, send Send) (notify.Answer, error) {
	r, err := o.Receiver(ctx, actor, id)
	if err != nil {
		return notify.Answer{}, err
	}
	m, err := notify.Ping(uuid.Must(uuid.NewV7()), source, now)
	if err != nil {
		return notify.Answer{}, err
	}
	to, err := o.unlocked(r.Receiver, now)
	if err != nil {
		return notify.Answer{}, err
	}
	return send(ctx, to, m), nil
}
