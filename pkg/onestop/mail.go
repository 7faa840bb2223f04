package onestop

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/notify"
)

// MailRule says who is mailed checkpoints, and when: once a day at an hour of the office's zone, or once an hour.
type MailRule struct {
	To     []string
	Hour   int // of the day, from 0 to 23
	Hourly bool
	Source string // of the log, as a URI
}

// since is the last time that a mail fell due.
func (r MailRule) since(now time.Time, zone *time.Location) time.Time {
	if r.Hourly {
		return now.Truncate(time.Hour)
	}
	y, m, d := now.In(zone).Date()
	at := time.Date(y, m, d, r.Hour, 0, 0, 0, zone)
	if at.After(now) {
		at = time.Date(y, m, d-1, r.Hour, 0, 0, 0, zone)
	}
	return at
}

// Mail carries letters to the mail server, once each, and says for each why it was not taken, nil when it was.
type Mail func(ctx context.Context, letters []notify.Letter) []error

// MailCheckpoint mails the newest checkpoint to everybody who was mailed none since a mail fell due, if there is one that they were not mailed
// yet; at once, whether due or not, if told so. One checkpoint is enough: it speaks for all before it. Whom the server did not take it for is
// tried again when this runs the next time. It returns how many letters were taken.
func (o *Office) MailCheckpoint(ctx context.Context, clock func() time.Time, rule MailRule, atOnce bool, post Mail) (int, error) {
	last, err := o.store.LastCheckpoint(ctx)
	if errors.Is(err, fault.NotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	mailed, err := o.store.LastMailed(ctx)
	if err != nil {
		return 0, err
	}
	due, pledge := rule.since(clock(), o.zone), notify.Pledge{
		Size: last.Size, SignedAt: last.SignedAt, Signed: last.Signed, PublicKey: last.PublicKey, Source: rule.Source,
	}
	var letters []notify.Letter
	for _, to := range rule.To {
		before, ever := mailed[to]
		// A log that was cut off and signed anew has another checkpoint too: that one above all must be seen outside.
		news := !ever || before.Size != last.Size || last.SignedAt.After(before.At)
		if atOnce || news && before.At.Before(due) {
			letters = append(letters, notify.CheckpointLetter(pledge, to, o.zone))
		}
	}
	if len(letters) == 0 {
		return 0, nil
	}
	taken, failed := 0, []error(nil)
	for i, err := range post(ctx, letters) {
		if err == nil {
			// Written down even when the program is told to stop: the server has it.
			err = o.store.CheckpointMailed(context.WithoutCancel(ctx), letters[i].To, last.Size, clock())
			taken++
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("recipient %d of %d: %w", i+1, len(letters), err))
		}
	}
	return taken, errors.Join(failed...)
}
