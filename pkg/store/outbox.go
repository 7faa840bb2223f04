package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/ledger"
	"github.com/motcua/motcua/pkg/notify"
)

// Turn is a receiver that somebody works for.
type Turn struct {
	notify.Receiver
	Position int64
	Failures int
	Number   int64 // whoever has a later one has taken the receiver over
}

// HoldReceiver gives a receiver for which there is something to do at the instant and whom nobody else works for, nil if there is none. It is
// held until the other instant, or until KeepTurn lets go of it.
func (s *Store) HoldReceiver(ctx context.Context, now, until time.Time) (*Turn, error) {
	const due = `SELECT %s FROM receivers r WHERE NOT paused AND held_until <= @now AND retry_at <= @now
		AND (position <= (SELECT MAX(idx) FROM ledger_leaves)
			OR EXISTS (SELECT 1 FROM held_dossiers h WHERE h.receiver_id = r.id AND h.retry_at <= @now))
		ORDER BY held_until, id LIMIT 1`
	at := map[string]any{"now": instant(now)}
	var some []uuid.UUID // mostly there is none, and nobody who writes need wait for that
	if err := s.reader(ctx).Raw(fmt.Sprintf(due, "id"), at).Find(&some).Error; err != nil || len(some) == 0 {
		return nil, s.fault("hold receiver", err)
	}
	var held *Turn
	err := s.InTx(ctx, func(ctx context.Context) error {
		held = nil
		var rows []receiverRow
		lock := " FOR UPDATE SKIP LOCKED"
		if s.sqlite() {
			lock = ""
		}
		err := s.reader(ctx).Raw(fmt.Sprintf(due, "*")+lock, at).Find(&rows).Error
		if err != nil || len(rows) == 0 {
			return s.fault("hold receiver", err)
		}
		r, err := rows[0].receiver()
		if err != nil {
			return err
		}
		held = &Turn{Receiver: r, Position: rows[0].Position, Failures: rows[0].Failures, Number: rows[0].Turn + 1}
		return s.fault("hold receiver", s.writer(ctx).Exec("UPDATE receivers SET turn = ?, held_until = ? WHERE id = ?", held.Number, instant(until), r.ID).Error)
	})
	return held, err
}

// RenewTurn holds the receiver until a later instant, and says whether it is still the turn's to hold.
func (s *Store) RenewTurn(ctx context.Context, t Turn, until time.Time) (bool, error) {
	done := s.writer(ctx).Exec("UPDATE receivers SET held_until = ? WHERE id = ? AND turn = ?", instant(until), t.ID, t.Number)
	return done.RowsAffected == 1, s.fault("renew turn", done.Error)
}

// Outgoing is an entry of the log that is to be told.
type Outgoing struct {
	ledger.Leaf
	Kind  dossier.Kind
	Found string // hash of the event as the journal now has it, "" where it is gone
	After int64  // place of the dossier's event before it in the log: -1 for a first event, later than the entry's own where the log took them in another order
}

// Never is the place in the log of what does not stand in it.
const Never = int64(1<<62 - 1)

// Outgoing lists the entries from a position on, in the order of the log.
func (s *Store) Outgoing(ctx context.Context, position int64, limit int) ([]Outgoing, error) {
	return s.outgoing(ctx, "l.idx >= ? ORDER BY l.idx LIMIT ?", position, limit)
}

// OutgoingOf lists the entries of one dossier from the numbered event on, as far as they stand before the position, in the order of its journal.
func (s *Store) OutgoingOf(ctx context.Context, dossierID uuid.UUID, seq int, position int64, limit int) ([]Outgoing, error) {
	return s.outgoing(ctx, "l.dossier_id = ? AND l.seq >= ? AND l.idx < ? ORDER BY l.seq LIMIT ?", dossierID, seq, position, limit)
}

func (s *Store) outgoing(ctx context.Context, condition string, arguments ...any) ([]Outgoing, error) {
	var rows []struct {
		Leaf   leafRow `gorm:"embedded"`
		Kind   *string
		Hash   *string
		Before *int64
	}
	err := s.reader(ctx).Raw(`SELECT l.*, e.kind, e.hash, p.idx AS before FROM ledger_leaves l
		LEFT JOIN dossier_events e ON e.dossier_id = l.dossier_id AND e.seq = l.seq
		LEFT JOIN ledger_leaves p ON p.dossier_id = l.dossier_id AND p.seq = l.seq - 1 WHERE `+condition, arguments...).Find(&rows).Error
	all := make([]Outgoing, len(rows))
	for i, r := range rows {
		o := Outgoing{Leaf: r.Leaf.leaf(), After: Never}
		if r.Hash != nil {
			o.Found, o.Kind = *r.Hash, dossier.Kind(*r.Kind)
		}
		switch {
		case r.Before != nil:
			o.After = *r.Before
		case o.Seq == 1:
			o.After = -1
		}
		all[i] = o
	}
	return all, s.fault("outgoing", err)
}

// HeldAmong lists which of the dossiers are held back for a receiver.
func (s *Store) HeldAmong(ctx context.Context, receiver uuid.UUID, dossiers []uuid.UUID) ([]HeldDossier, error) {
	w := where{}
	w.add("h.receiver_id = ? AND h.dossier_id IN ?", receiver, dossiers)
	return s.held(ctx, w, "h.dossier_id", len(dossiers))
}

// HeldDue lists dossiers that are held back for a receiver and are to be tried again at the instant, whoever waits longest first.
func (s *Store) HeldDue(ctx context.Context, receiver uuid.UUID, now time.Time, limit int) ([]HeldDossier, error) {
	w := where{}
	w.add("h.receiver_id = ? AND h.retry_at <= ?", receiver, instant(now))
	return s.held(ctx, w, "h.retry_at, h.dossier_id", limit)
}

// Journals reads whole journals by the ids of their dossiers. What the office itself sends out asks for it, nobody's eyes.
func (s *Store) Journals(ctx context.Context, dossiers []uuid.UUID) (map[uuid.UUID][]dossier.Event, error) {
	var rows []eventRow
	if err := s.reader(ctx).Where("dossier_id IN ?", dossiers).Order("dossier_id, seq").Find(&rows).Error; err != nil {
		return nil, s.fault("journals", err)
	}
	all := map[uuid.UUID][]dossier.Event{}
	for _, r := range rows {
		all[r.DossierID] = append(all[r.DossierID], r.event())
	}
	return all, nil
}

// TurnResult is what a turn came to.
type TurnResult struct {
	Position    int64
	Delivered   int
	Refused     int // attempts after which a message was not taken
	Retried     int // attempts at what was not taken before
	DeliveredAt time.Time
	Failures    int
	RetryAt     time.Time
	Recovered   bool       // it takes messages again: what is held back is tried at once
	Error       fault.Text // the last one, empty when all went well
	ErrorAt     time.Time
	Pause       string        // why the receiver is paused from now on, "" when it is not
	Held        []HeldDossier // held back from now on, or still
	Released    []uuid.UUID   // no longer
}

// KeepTurn writes down what a turn came to and lets go of the receiver. It is false, and nothing is written, when somebody else has taken the
// receiver over, or it is gone.
func (s *Store) KeepTurn(ctx context.Context, t Turn, r TurnResult, now time.Time) (kept bool, err error) {
	err = s.InTx(ctx, func(ctx context.Context) error {
		db := s.writer(ctx)
		set := map[string]any{
			"position": r.Position, "failures": r.Failures, "retry_at": instant(r.RetryAt), "held_until": instant(now),
			"delivered": gorm.Expr("delivered + ?", r.Delivered), "refused": gorm.Expr("refused + ?", r.Refused), "retried": gorm.Expr("retried + ?", r.Retried),
		}
		if r.Delivered > 0 {
			set["delivered_at"] = instant(r.DeliveredAt)
		}
		if !r.Error.Empty() {
			set["last_error"], set["last_error_at"] = saidRow(r.Error), instant(r.ErrorAt)
		}
		if r.Pause != "" {
			set["paused"], set["note"] = true, r.Pause
		}
		changed := db.Model(&receiverRow{}).Where("id = ? AND turn = ?", t.ID, t.Number).Updates(set)
		if kept = changed.Error == nil && changed.RowsAffected == 1; !kept {
			return s.fault("keep turn", changed.Error)
		}
		if r.Recovered {
			if err := db.Exec("UPDATE held_dossiers SET retry_at = ? WHERE receiver_id = ?", instant(now), t.ID).Error; err != nil {
				return s.fault("keep turn", err)
			}
		}
		if len(r.Released) > 0 {
			if err := db.Exec("DELETE FROM held_dossiers WHERE receiver_id = ? AND dossier_id IN ?", t.ID, r.Released).Error; err != nil {
				return s.fault("keep turn", err)
			}
		}
		for _, h := range r.Held {
			err := db.Exec(`INSERT INTO held_dossiers (receiver_id, dossier_id, seq, since, failures, retry_at, last_error) VALUES (?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT (receiver_id, dossier_id) DO UPDATE SET seq = excluded.seq, since = excluded.since, failures = excluded.failures,
				retry_at = excluded.retry_at, last_error = excluded.last_error`,
				t.ID, h.DossierID, h.Seq, instant(h.Since), h.Failures, instant(h.RetryAt), saidRow(h.LastError)).Error
			if err != nil {
				return s.fault("keep turn", err)
			}
		}
		return nil
	})
	return kept && err == nil, err
}
