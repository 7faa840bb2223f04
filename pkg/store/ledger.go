package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/motcua/motcua/pkg/ledger"
)

// EventRef names an event of a journal.
type EventRef struct {
	DossierID  uuid.UUID
	Seq        int
	Hash       string
	RecordedAt time.Time
}

// NotInLedger lists events that were recorded at or after the instant and are not in the log yet, in the order of recording, behind the
// given one (nil is the beginning).
func (s *Store) NotInLedger(ctx context.Context, since time.Time, after *EventRef, limit int) ([]EventRef, error) {
	w := where{}
	w.add("e.recorded_at >= ?", instant(since))
	if after != nil {
		w.add("(e.recorded_at, e.dossier_id, e.seq) > (?, ?, ?)", instant(after.RecordedAt), after.DossierID, after.Seq)
	}
	var found []EventRef
	err := s.reader(ctx).Raw(`SELECT e.dossier_id, e.seq, e.hash, e.recorded_at FROM dossier_events e WHERE `+w.sql()+`
		AND NOT EXISTS (SELECT 1 FROM ledger_leaves l WHERE l.dossier_id = e.dossier_id AND l.seq = e.seq)
		ORDER BY e.recorded_at, e.dossier_id, e.seq LIMIT ?`, append(w.arguments, limit)...).Find(&found).Error
	return found, s.fault("ledger", err)
}

// LedgerEnd is the size of the log and when its last entry was made; the zero time when there is none.
func (s *Store) LedgerEnd(ctx context.Context) (size int64, last time.Time, err error) {
	var rows []leafRow
	err = s.reader(ctx).Order("idx DESC").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return 0, time.Time{}, s.fault("ledger", err)
	}
	return rows[0].Idx + 1, rows[0].EnteredAt.UTC(), nil
}

// LedgerBegan is when the first entry of the log was made; the zero time when there is none.
func (s *Store) LedgerBegan(ctx context.Context) (time.Time, error) {
	var rows []leafRow
	err := s.reader(ctx).Order("idx").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return time.Time{}, s.fault("ledger", err)
	}
	return rows[0].EnteredAt.UTC(), nil
}

// AddLeaves keeps entries with the hashes that they add. The fault is Conflict "already-there" when another process was quicker.
func (s *Store) AddLeaves(ctx context.Context, leaves []ledger.Leaf, hashes []ledger.Hash) error {
	rows, nodes := make([]leafRow, len(leaves)), make([]nodeRow, len(hashes))
	for i, l := range leaves {
		rows[i] = leafRow{Idx: l.Index, DossierID: l.DossierID, Seq: l.Seq, EventHash: l.EventHash, EnteredAt: instant(l.EnteredAt)}
	}
	for i, h := range hashes {
		nodes[i] = nodeRow{Idx: h.Index, Hash: h.Hash[:]}
	}
	return s.InTx(ctx, func(ctx context.Context) error {
		for _, some := range []any{rows, nodes} {
			if err := s.pour(ctx, some); err != nil {
				return s.fault("ledger", err)
			}
		}
		return nil
	})
}

// LedgerHashes reads the hashes of the log's tree.
func (s *Store) LedgerHashes(ctx context.Context) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var rows []nodeRow
		if err := s.reader(ctx).Where("idx IN ?", indexes).Find(&rows).Error; err != nil {
			return nil, s.fault("ledger", err)
		}
		at := make(map[int64][]byte, len(rows))
		for _, r := range rows {
			at[r.Idx] = r.Hash
		}
		found := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			if len(at[x]) != tlog.HashSize {
				return nil, fmt.Errorf("ledger: hash %d is not there", x)
			}
			copy(found[i][:], at[x])
		}
		return found, nil
	})
}

// Leaf is the entry of an event. The error is NotFound "not-in-ledger".
func (s *Store) Leaf(ctx context.Context, dossierID uuid.UUID, seq int) (ledger.Leaf, error) {
	var row leafRow
	err := s.reader(ctx).Where("dossier_id = ? AND seq = ?", dossierID, seq).Take(&row).Error
	return row.leaf(), s.missing("ledger", err, "not-in-ledger", "the event does not stand in the log yet")
}

// Entry is an entry of the log beside the event that it is to be the entry of.
type Entry struct {
	ledger.Leaf
	Dossier    string     // code, or the id where there is no row
	Found      string     // hash of the event as the journal now has it, "" where it is gone
	Kind       string     // of the event
	RecordedAt *time.Time // of the event
	Before     *time.Time // when the event in front of it in its journal was recorded
}

// EachEntry tells every entry in the order of the log. It ends with the first error.
func (s *Store) EachEntry(ctx context.Context, tell func(Entry) error) error {
	for after := int64(-1); ; {
		var rows []struct {
			Leaf       leafRow `gorm:"embedded"`
			Code       *string
			Hash       *string
			Kind       *string
			RecordedAt *time.Time
			Before     *time.Time
		}
		err := s.reader(ctx).Raw(`SELECT l.*, d.code, e.hash, e.kind, e.recorded_at, p.recorded_at AS before FROM ledger_leaves l
			LEFT JOIN dossier_events e ON e.dossier_id = l.dossier_id AND e.seq = l.seq LEFT JOIN dossiers d ON d.id = l.dossier_id
			LEFT JOIN dossier_events p ON p.dossier_id = l.dossier_id AND p.seq = l.seq - 1
			WHERE l.idx > ? ORDER BY l.idx LIMIT 2000`, after).Find(&rows).Error
		if err != nil || len(rows) == 0 {
			return s.fault("ledger", err)
		}
		for _, r := range rows {
			e := Entry{Leaf: r.Leaf.leaf(), Dossier: r.Leaf.DossierID.String(), RecordedAt: r.RecordedAt, Before: r.Before}
			if r.Code != nil {
				e.Dossier = *r.Code
			}
			if r.Hash != nil {
				e.Found, e.Kind = *r.Hash, *r.Kind
			}
			if err := tell(e); err != nil {
				return err
			}
		}
		after = rows[len(rows)-1].Leaf.Idx
	}
}

// Outside lists events that were recorded before the instant, as they say, and do not stand in the log: at most so many. What an import
// writes has an earlier one.
func (s *Store) Outside(ctx context.Context, acts, imports time.Time, limit int) ([]Entry, error) {
	var rows []struct {
		DossierID uuid.UUID
		Seq       int
		Code      *string
	}
	err := s.reader(ctx).Raw(`SELECT e.dossier_id, e.seq, d.code FROM dossier_events e LEFT JOIN dossiers d ON d.id = e.dossier_id
		WHERE e.recorded_at < ? AND (e.recorded_at < ? OR e.kind NOT IN ('IMPORTED', 'UPDATED'))
		AND NOT EXISTS (SELECT 1 FROM ledger_leaves l WHERE l.dossier_id = e.dossier_id AND l.seq = e.seq)
		ORDER BY e.recorded_at, e.dossier_id, e.seq LIMIT ?`, instant(acts), instant(imports), limit).Find(&rows).Error
	all := make([]Entry, len(rows))
	for i, r := range rows {
		all[i] = Entry{Leaf: ledger.Leaf{DossierID: r.DossierID, Seq: r.Seq}, Dossier: r.DossierID.String()}
		if r.Code != nil {
			all[i].Dossier = *r.Code
		}
	}
	return all, s.fault("ledger", err)
}

func (r leafRow) leaf() ledger.Leaf {
	return ledger.Leaf{Index: r.Idx, DossierID: r.DossierID, Seq: r.Seq, EventHash: r.EventHash, EnteredAt: r.EnteredAt.UTC()}
}
