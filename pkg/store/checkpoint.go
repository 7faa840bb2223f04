package store

import (
	"context"
	"time"
)

// SignedCheckpoint is a checkpoint as it was signed, with the public key that checks it.
type SignedCheckpoint struct {
	Size      int64
	SignedAt  time.Time
	Signed    string
	PublicKey string
	SentAt    *time.Time // when it had left the machine
	LookedAt  *time.Time // until when the log of this size was known to hold all that was recorded; nil where there was more to enter
}

// AddCheckpoint keeps one. The fault is Conflict when there is one of that size and time.
func (s *Store) AddCheckpoint(ctx context.Context, c SignedCheckpoint) error {
	row := checkpointRow{
		Size: c.Size, SignedAt: instant(c.SignedAt), Signed: c.Signed, PublicKey: c.PublicKey, SentAt: instantOf(c.SentAt), LookedAt: instantOf(c.LookedAt),
	}
	return s.taken("checkpoint", s.writer(ctx).Create(&row).Error, "already-there", "there is a checkpoint of this size and time")
}

// LastCheckpoint is the newest one. The error is NotFound "no-checkpoint".
func (s *Store) LastCheckpoint(ctx context.Context) (SignedCheckpoint, error) {
	var row checkpointRow
	err := s.reader(ctx).Order("size DESC, signed_at DESC").Take(&row).Error
	return row.checkpoint(), s.missing("checkpoint", err, "no-checkpoint", "no checkpoint was signed yet")
}

// Looked notes that the log of a checkpoint still held, at the instant, all that was recorded.
func (s *Store) Looked(ctx context.Context, c SignedCheckpoint, at time.Time) error {
	return s.fault("checkpoint", s.writer(ctx).Exec(`UPDATE ledger_checkpoints SET looked_at = ?
		WHERE size = ? AND signed_at = ? AND (looked_at IS NULL OR looked_at < ?)`, instant(at), c.Size, instant(c.SignedAt), instant(at)).Error)
}

// LastLook is when the log was last known to hold all that was recorded; the zero time where it never was.
func (s *Store) LastLook(ctx context.Context) (time.Time, error) {
	var rows []checkpointRow
	err := s.reader(ctx).Where("looked_at IS NOT NULL").Order("size DESC, signed_at DESC").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return time.Time{}, s.fault("checkpoints", err)
	}
	return rows[0].LookedAt.UTC(), nil
}

// Checkpoints lists them, the newest first; unsent only those that have not left the machine, the oldest first.
func (s *Store) Checkpoints(ctx context.Context, unsent bool, p Page) ([]SignedCheckpoint, Next, error) {
	const order = "checkpoints"
	after, err := p.place(order)
	if err != nil {
		return nil, "", err
	}
	w, by := where{}, "size DESC, signed_at DESC"
	if unsent {
		w.add("sent_at IS NULL")
		by = "size, signed_at"
	}
	if after != nil && after.At != nil {
		w.add(map[bool]string{true: "(size, signed_at) > (?, ?)", false: "(size, signed_at) < (?, ?)"}[unsent], after.Number, instant(*after.At))
	}
	var rows []checkpointRow
	if err := w.on(s.reader(ctx)).Order(by).Limit(p.limit() + 1).Find(&rows).Error; err != nil {
		return nil, "", s.fault("checkpoints", err)
	}
	rows, next := cut(rows, p, func(r checkpointRow) place { return place{Order: order, Number: r.Size, At: &r.SignedAt} })
	return each(rows, checkpointRow.checkpoint), next, nil
}

// CheckpointSent notes that one has left the machine.
func (s *Store) CheckpointSent(ctx context.Context, c SignedCheckpoint, at time.Time) error {
	return s.fault("checkpoint", s.writer(ctx).Exec("UPDATE ledger_checkpoints SET sent_at = ? WHERE size = ? AND signed_at = ? AND sent_at IS NULL",
		instant(at), c.Size, instant(c.SignedAt)).Error)
}

func (r checkpointRow) checkpoint() SignedCheckpoint {
	return SignedCheckpoint(r)
}
