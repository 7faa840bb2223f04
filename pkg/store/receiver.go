package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/notify"
)

// ReceiverState is a receiver with how far it got.
type ReceiverState struct {
	notify.Receiver
	Position    int64      // the next entry of the log to be told
	Behind      int64      // entries of the log behind that one, and it
	Held        int        // dossiers whose events wait for one that was not taken
	Oldest      *time.Time // when the oldest event that waits was entered into the log
	Delivered   int64
	Refused     int64 // attempts after which a message was not taken
	Retried     int64 // attempts at what was not taken before
	DeliveredAt *time.Time
	Failures    int // in a row
	RetryAt     time.Time
	LastError   fault.Text
	LastErrorAt *time.Time
}

// AddReceiver keeps a receiver that is told what the log holds from the position on.
func (s *Store) AddReceiver(ctx context.Context, r notify.Receiver, position int64) error {
	row, err := rowOfReceiver(r)
	if err != nil {
		return err
	}
	row.Position, row.RetryAt, row.HeldUntil = position, row.CreatedAt, row.CreatedAt
	return s.fault("add receiver", s.writer(ctx).Create(&row).Error)
}

// Receivers lists all by name.
func (s *Store) Receivers(ctx context.Context) ([]ReceiverState, error) {
	var rows []receiverRow
	if err := s.reader(ctx).Order("name, id").Find(&rows).Error; err != nil {
		return nil, s.fault("receivers", err)
	}
	return s.receiverStates(ctx, rows)
}

// ReceiversUnder lists by name those that are bound to an agency at or below a path; "" is all, those that are bound to none too.
func (s *Store) ReceiversUnder(ctx context.Context, path string, p Page) ([]ReceiverState, Next, error) {
	const order = "receivers"
	after, err := p.place(order)
	if err != nil {
		return nil, "", err
	}
	w := where{}
	if path != "" {
		below, arguments := under("path", path)
		w.add("agency_id IN (SELECT id FROM agencies WHERE "+below+")", arguments...)
	}
	if after != nil {
		w.add("(name, id) > (?, ?)", after.Text, after.ID)
	}
	var rows []receiverRow
	if err := w.on(s.reader(ctx)).Order("name, id").Limit(p.limit() + 1).Find(&rows).Error; err != nil {
		return nil, "", s.fault("receivers", err)
	}
	rows, next := cut(rows, p, func(r receiverRow) place { return place{Order: order, Text: r.Name, ID: r.ID} })
	all, err := s.receiverStates(ctx, rows)
	return all, next, err
}

// Receiver finds one. The error is NotFound "receiver-not-found".
func (s *Store) Receiver(ctx context.Context, id uuid.UUID) (ReceiverState, error) {
	var row receiverRow
	if err := s.reader(ctx).Where("id = ?", id).Take(&row).Error; err != nil {
		return ReceiverState{}, s.missing("receiver", err, "receiver-not-found", "there is no such receiver")
	}
	all, err := s.receiverStates(ctx, []receiverRow{row})
	if err != nil {
		return ReceiverState{}, err
	}
	return all[0], nil
}

func (s *Store) receiverStates(ctx context.Context, rows []receiverRow) ([]ReceiverState, error) {
	size, _, err := s.LedgerEnd(ctx)
	if err != nil {
		return nil, err
	}
	positions := make([]int64, len(rows))
	for i, r := range rows {
		positions[i] = r.Position
	}
	var next []leafRow
	if err := s.reader(ctx).Where("idx IN ?", positions).Find(&next).Error; err != nil {
		return nil, s.fault("receivers", err)
	}
	entered := map[int64]time.Time{}
	for _, l := range next {
		entered[l.Idx] = l.EnteredAt.UTC()
	}
	all := make([]ReceiverState, len(rows))
	for i, r := range rows {
		if all[i], err = r.state(); err != nil {
			return nil, err
		}
		all[i].Behind = max(size-r.Position, 0)
		if at, ok := entered[r.Position]; ok {
			all[i].Oldest = &at
		}
		var count int64
		var first []heldDossierRow
		held := s.reader(ctx).Model(&heldDossierRow{}).Where("receiver_id = ?", r.ID)
		if err := held.Count(&count).Error; err != nil {
			return nil, s.fault("receivers", err)
		}
		if err := s.reader(ctx).Where("receiver_id = ?", r.ID).Order("since").Limit(1).Find(&first).Error; err != nil {
			return nil, s.fault("receivers", err)
		}
		all[i].Held = int(count)
		if len(first) > 0 && (all[i].Oldest == nil || first[0].Since.Before(*all[i].Oldest)) {
			at := first[0].Since.UTC()
			all[i].Oldest = &at
		}
	}
	return all, nil
}

// ChangeReceiver writes what a receiver is, not how far it got. A message that is on its way is not called back. What was not taken is tried
// again at once.
func (s *Store) ChangeReceiver(ctx context.Context, r notify.Receiver, now time.Time) error {
	row, err := rowOfReceiver(r)
	if err != nil {
		return err
	}
	return s.InTx(ctx, func(ctx context.Context) error {
		db := s.writer(ctx)
		err := db.Exec(`UPDATE receivers SET name = ?, url = ?, format = ?, everything = ?, agency_id = ?, kinds = ?, paused = ?, note = ?, secret = ?,
			old_secret = ?, old_until = ?, retry_at = ? WHERE id = ?`, row.Name, row.URL, row.Format, row.Everything, row.AgencyID, row.Kinds, row.Paused, row.Note,
			row.Secret, row.OldSecret, row.OldUntil, instant(now), row.ID).Error
		if err != nil {
			return s.fault("change receiver", err)
		}
		return s.fault("change receiver", db.Exec("UPDATE held_dossiers SET retry_at = ? WHERE receiver_id = ?", instant(now), r.ID).Error)
	})
}

// RelockSecrets writes the secrets of a receiver as they are locked anew, unless they were changed meanwhile.
func (s *Store) RelockSecrets(ctx context.Context, r notify.Receiver, secret, oldSecret string) (changed bool, err error) {
	done := s.writer(ctx).Exec("UPDATE receivers SET secret = ?, old_secret = ? WHERE id = ? AND secret = ? AND old_secret = ?",
		secret, oldSecret, r.ID, r.Secret, r.OldSecret)
	return done.RowsAffected == 1, s.fault("relock secrets", done.Error)
}

// ReplayReceiver sets a receiver to a position of the log. Whoever works for it loses the turn, and what was held back is forgotten: it comes
// again if it stands behind the position.
func (s *Store) ReplayReceiver(ctx context.Context, id uuid.UUID, position int64, now time.Time) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		db := s.writer(ctx)
		if err := db.Exec("UPDATE receivers SET position = ?, turn = turn + 1, retry_at = ?, failures = 0 WHERE id = ?", position, instant(now), id).Error; err != nil {
			return s.fault("replay", err)
		}
		return s.fault("replay", db.Exec("DELETE FROM held_dossiers WHERE receiver_id = ?", id).Error)
	})
}

// RemoveReceiver forgets a receiver and how far it got.
func (s *Store) RemoveReceiver(ctx context.Context, id uuid.UUID) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		db := s.writer(ctx)
		if err := db.Exec("DELETE FROM receivers WHERE id = ?", id).Error; err != nil {
			return s.fault("remove receiver", err)
		}
		return s.fault("remove receiver", db.Exec("DELETE FROM held_dossiers WHERE receiver_id = ?", id).Error)
	})
}

// HeldDossier is a dossier whose events wait, for one receiver, for the one with the number.
type HeldDossier struct {
	DossierID uuid.UUID
	Code      string // as far as there is a row
	Seq       int
	Since     time.Time // when that event was entered into the log
	Failures  int
	RetryAt   time.Time
	LastError fault.Text
}

// HeldDossiers lists those of a receiver in the order of ids.
func (s *Store) HeldDossiers(ctx context.Context, receiver uuid.UUID, p Page) ([]HeldDossier, Next, error) {
	const order = "held"
	after, err := p.place(order)
	if err != nil {
		return nil, "", err
	}
	w := where{}
	w.add("h.receiver_id = ?", receiver)
	if after != nil {
		w.add("h.dossier_id > ?", after.ID)
	}
	all, err := s.held(ctx, w, "h.dossier_id", p.limit()+1)
	if err != nil {
		return nil, "", err
	}
	all, next := cut(all, p, func(h HeldDossier) place { return place{Order: order, ID: h.DossierID} })
	return all, next, nil
}

func (s *Store) held(ctx context.Context, w where, by string, limit int) ([]HeldDossier, error) {
	var rows []struct {
		Held heldDossierRow `gorm:"embedded"`
		Code *string
	}
	err := s.reader(ctx).Raw("SELECT h.*, d.code FROM held_dossiers h LEFT JOIN dossiers d ON d.id = h.dossier_id WHERE "+w.sql()+" ORDER BY "+by+" LIMIT ?",
		append(w.arguments, limit)...).Find(&rows).Error
	all := make([]HeldDossier, len(rows))
	for i, r := range rows {
		h := r.Held
		all[i] = HeldDossier{DossierID: h.DossierID, Seq: h.Seq, Since: h.Since.UTC(), Failures: h.Failures, RetryAt: h.RetryAt.UTC(), LastError: saidOf(h.LastError)}
		if r.Code != nil {
			all[i].Code = *r.Code
		}
	}
	return all, s.fault("held dossiers", err)
}

func rowOfReceiver(r notify.Receiver) (receiverRow, error) {
	by, err := json.Marshal(r.CreatedBy)
	if err != nil {
		return receiverRow{}, fmt.Errorf("receiver: %w", err)
	}
	kinds := make([]string, len(r.Kinds))
	for i, k := range r.Kinds {
		kinds[i] = string(k)
	}
	return receiverRow{
		ID: r.ID, Name: r.Name, URL: r.URL, Format: string(r.Format), Everything: r.Full, AgencyID: r.AgencyID, Kinds: strings.Join(kinds, ","),
		Paused: r.Paused, Note: r.Note, Secret: r.Secret, OldSecret: r.OldSecret, OldUntil: instantOf(r.OldUntil),
		CreatedAt: instant(r.CreatedAt), CreatedBy: string(by),
	}, nil
}

func (r receiverRow) receiver() (notify.Receiver, error) {
	out := notify.Receiver{
		ID: r.ID, Name: r.Name, URL: r.URL, Format: notify.Format(r.Format), Full: r.Everything, AgencyID: r.AgencyID, Paused: r.Paused, Note: r.Note,
		Secret: r.Secret, OldSecret: r.OldSecret, OldUntil: instantOf(r.OldUntil), CreatedAt: r.CreatedAt.UTC(),
	}
	if r.Kinds != "" {
		for _, k := range strings.Split(r.Kinds, ",") {
			out.Kinds = append(out.Kinds, dossier.Kind(k))
		}
	}
	if err := json.Unmarshal([]byte(r.CreatedBy), &out.CreatedBy); err != nil {
		return out, fmt.Errorf("receiver %s: %w", r.ID, err)
	}
	return out, nil
}

func (r receiverRow) state() (ReceiverState, error) {
	kept, err := r.receiver()
	return ReceiverState{
		Receiver: kept, Position: r.Position, Delivered: r.Delivered, Refused: r.Refused, Retried: r.Retried, DeliveredAt: instantOf(r.DeliveredAt), Failures: r.Failures,
		RetryAt: r.RetryAt.UTC(), LastError: saidOf(r.LastError), LastErrorAt: instantOf(r.LastErrorAt),
	}, err
}

// saidRow is how what went wrong is kept, "" for nothing: format and arguments apart, since it is read in more than one language.
func saidRow(t fault.Text) string {
	if t.Empty() {
		return ""
	}
	kept, _ := json.Marshal(t) // texts and numbers never fail
	return string(kept)
}

// saidOf reads it; what cannot be read is said as it stands.
func saidOf(kept string) fault.Text {
	var t fault.Text
	if kept == "" {
		return t
	}
	if err := json.Unmarshal([]byte(kept), &t); err != nil {
		return fault.Text{Format: kept}
	}
	return t
}
