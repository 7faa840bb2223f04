package onestop

import (
	"context"
	"errors"
	"time"

	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/notify"
)

// LockSecrets tells the office the keys that it locks the secrets of receivers with. Without any it adds no receiver.
func (o *Office) LockSecrets(k notify.Keys) { o.keys = k }

// unlocked is a receiver whose messages can be signed now. The fault is Conflict "secret-locked".
func (o *Office) unlocked(r notify.Receiver, now time.Time) (notify.Receiver, error) {
	var err error
	if r.Secret, err = o.keys.Open(r.Secret, r.ID); err != nil {
		return r, fault.New(fault.Conflict, "secret-locked", "the secret is locked with a key that the server does not have: give it that key, or the receiver a new secret").Because(err)
	}
	if r.OldUntil != nil && now.Before(*r.OldUntil) {
		if r.OldSecret, err = o.keys.Open(r.OldSecret, r.ID); err != nil { // the new one is enough
			r.OldSecret, r.OldUntil = "", nil
		}
	}
	return r, nil
}

// RelockSecrets locks with the first key what is not yet: secrets from before there were keys, and those of keys that are to go. It returns how
// many receivers it did so for, and how many have a secret that none of the keys opens.
func (o *Office) RelockSecrets(ctx context.Context) (relocked, closed int, err error) {
	all, err := o.store.Receivers(ctx)
	if err != nil {
		return 0, 0, err
	}
	for _, r := range all {
		next := r.Receiver
		for _, secret := range []*string{&next.Secret, &next.OldSecret} {
			if o.keys.Current(*secret) {
				continue
			}
			plain, wrong := o.keys.Open(*secret, r.ID)
			if errors.Is(wrong, notify.ErrLocked) {
				if secret == &next.Secret {
					closed++
				}
				continue
			}
			if *secret, err = o.keys.Lock(plain, r.ID); err != nil {
				return relocked, closed, err
			}
		}
		if next.Secret == r.Secret && next.OldSecret == r.OldSecret {
			continue
		}
		changed, err := o.store.RelockSecrets(ctx, r.Receiver, next.Secret, next.OldSecret)
		if err != nil {
			return relocked, closed, err
		}
		if changed {
			relocked++
		}
	}
	return relocked, closed, nil
}
