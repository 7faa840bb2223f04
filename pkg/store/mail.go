package store

import (
	"context"
	"time"
)

// Mailed is the last checkpoint that was mailed to somebody.
type Mailed struct {
	Size int64 // of the checkpoint
	At   time.Time
}

// LastMailed is what was mailed last to each recipient that was ever mailed a checkpoint.
func (s *Store) LastMailed(ctx context.Context) (map[string]Mailed, error) {
	var rows []checkpointMailRow
	err := s.reader(ctx).Raw(`SELECT m.* FROM checkpoint_mails m
		WHERE m.mailed_at = (SELECT MAX(mailed_at) FROM checkpoint_mails x WHERE x.recipient = m.recipient)`).Find(&rows).Error
	found := make(map[string]Mailed, len(rows))
	for _, r := range rows {
		found[r.Recipient] = Mailed{Size: r.Size, At: r.MailedAt.UTC()}
	}
	return found, s.fault("checkpoint mails", err)
}

// CheckpointMailed notes that the mail server took a checkpoint for a recipient, however often it did.
func (s *Store) CheckpointMailed(ctx context.Context, recipient string, size int64, at time.Time) error {
	return s.fault("checkpoint mailed", s.writer(ctx).Exec(`INSERT INTO checkpoint_mails (recipient, size, mailed_at) VALUES (?, ?, ?)
		ON CONFLICT (recipient, size) DO UPDATE SET mailed_at = excluded.mailed_at`, recipient, size, instant(at)).Error)
}
