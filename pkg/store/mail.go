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

// Mails is what became of a checkpoint by mail.
type Mails struct {
	To int       // how many recipients the mail server took it for
	At time.Time // the last time
}

// Mails is that of the checkpoints of the sizes, by size; of those that were never mailed nothing.
func (s *Store) Mails(ctx context.Context, sizes []int64) (map[int64]Mails, error) {
	var rows []checkpointMailRow
	if err := s.reader(ctx).Where("size IN ?", sizes).Find(&rows).Error; err != nil {
		return nil, s.fault("checkpoint mails", err)
	}
	found := map[int64]Mails{}
	for _, r := range rows {
		m := found[r.Size]
		m.To++
		if at := r.MailedAt.UTC(); at.After(m.At) {
			m.At = at
		}
		found[r.Size] = m
	}
	return found, nil
}

// CheckpointMailed notes that the mail server took a checkpoint for a recipient, however often it did.
func (s *Store) CheckpointMailed(ctx context.Context, recipient string, size int64, at time.Time) error {
	return s.fault("checkpoint mailed", s.writer(ctx).Exec(`INSERT INTO checkpoint_mails (recipient, size, mailed_at) VALUES (?, ?, ?)
		ON CONFLICT (recipient, size) DO UPDATE SET mailed_at = excluded.mailed_at`, recipient, size, instant(at)).Error)
}
