package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Answer is what was answered to a request that carries an idempotency key. Fingerprint names the request.
type Answer struct {
	Status      int
	Header      map[string]string
	Body        []byte
	Fingerprint string
}

// ClaimKey says whether this is the first request of the actor with the key; if not, kept is what the first was answered. A second
// request waits here while the first is still in its transaction. It needs a transaction, the one that the answer is kept in.
func (s *Store) ClaimKey(ctx context.Context, actor uuid.UUID, key, fingerprint string, at time.Time) (first bool, kept Answer, err error) {
	if s.tx(ctx) == nil {
		return false, kept, fmt.Errorf("claim key: %w", errNoTx)
	}
	claimed := s.writer(ctx).Exec(`INSERT INTO idempotency_keys (actor_id, key, fingerprint, claimed_at, status, header, body)
		VALUES (?, ?, ?, ?, 0, '{}', ?) ON CONFLICT (actor_id, key) DO NOTHING`, actor, key, fingerprint, instant(at), []byte{})
	if claimed.Error != nil {
		return false, kept, s.fault("claim key", claimed.Error)
	}
	if claimed.RowsAffected == 1 {
		return true, Answer{Fingerprint: fingerprint}, nil
	}
	var row idempotencyRow
	if err := s.reader(ctx).Where("actor_id = ? AND key = ?", actor, key).Take(&row).Error; err != nil {
		return false, kept, s.fault("claim key", err)
	}
	kept = Answer{Status: row.Status, Body: row.Body, Fingerprint: row.Fingerprint}
	if err := json.Unmarshal([]byte(row.Header), &kept.Header); err != nil {
		return false, kept, fmt.Errorf("kept answer: %w", err)
	}
	return false, kept, nil
}

// KeepAnswer keeps what the first request was answered.
func (s *Store) KeepAnswer(ctx context.Context, actor uuid.UUID, key string, a Answer) error {
	header, err := json.Marshal(a.Header)
	if err != nil {
		return fmt.Errorf("keep answer: %w", err)
	}
	body := a.Body
	if body == nil {
		body = []byte{}
	}
	done := s.writer(ctx).Exec("UPDATE idempotency_keys SET status = ?, header = ?, body = ? WHERE actor_id = ? AND key = ?",
		a.Status, string(header), body, actor, key)
	if done.Error == nil && done.RowsAffected == 0 {
		return fmt.Errorf("keep answer: the key was not claimed")
	}
	return s.fault("keep answer", done.Error)
}

// ForgetKeys forgets the keys claimed before the instant and says how many.
func (s *Store) ForgetKeys(ctx context.Context, before time.Time) (int64, error) {
	done := s.writer(ctx).Exec("DELETE FROM idempotency_keys WHERE claimed_at < ?", instant(before))
	return done.RowsAffected, s.fault("forget keys", done.Error)
}
