package onestop

import (
	"context"
	"time"

	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// keyLife is how long an answer is kept for a repeated request.
const keyLife = 24 * time.Hour

// Once carries out act in one transaction with the note that this actor's key was used: a repeated request gets the first one's
// answer, even when both arrive at once, and a failed act leaves neither. fingerprint tells one request from another; the same key with
// another fingerprint is Invalid "idempotency-key-reused". act may run again when the database asks for it.
func (o *Office) Once(ctx context.Context, actor staff.Actor, key, fingerprint string, now time.Time, act func(context.Context) (store.Answer, error)) (store.Answer, bool, error) {
	if len(key) > 255 {
		return store.Answer{}, false, fieldFault("Idempotency-Key", "length", "is longer than 255 bytes")
	}
	var answer store.Answer
	var replayed bool
	err := o.store.InTx(ctx, func(ctx context.Context) error {
		first, kept, err := o.store.ClaimKey(ctx, actor.ID, key, fingerprint, now)
		if err != nil {
			return err
		}
		if replayed = !first; replayed {
			answer = kept
			if kept.Fingerprint != fingerprint {
				return fault.New(fault.Invalid, "idempotency-key-reused", "the key was used before with another request")
			}
			return nil
		}
		if answer, err = act(ctx); err != nil {
			return err
		}
		answer.Fingerprint = fingerprint
		return o.store.KeepAnswer(ctx, actor.ID, key, answer)
	})
	return answer, replayed, err
}

// ForgetKeys drops answers that are too old to be asked for again; it returns how many.
func (o *Office) ForgetKeys(ctx context.Context, now time.Time) (int64, error) {
	return o.store.ForgetKeys(ctx, now.Add(-keyLife))
}
