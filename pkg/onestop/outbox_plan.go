package onestop

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/notify"
	"github.com/motcua/motcua/pkg/store"
)

// plan reads what the turn has to tell: the entries of the log from the receiver's position on, and what was held back and may be tried again.
func (t *turn) plan(ctx context.Context) error {
	s := t.office.store
	fresh, err := s.Outgoing(ctx, t.Position, turnSize)
	if err != nil {
		return err
	}
	t.end, t.probing = t.Position, t.Failures >= FailuresInARow
	if n := len(fresh); n > 0 {
		t.end = fresh[n-1].Index + 1
	}
	waiting, err := t.waiting(ctx, fresh)
	if err != nil {
		return err
	}
	byDossier := map[uuid.UUID]*delivery{}
	for _, x := range fresh {
		if h, ok := waiting[x.DossierID]; ok {
			if x.Seq < h.Seq { // the log took it in later than one that follows it
				h.Seq, h.Since = x.Seq, x.EnteredAt
				t.hold(h)
				waiting[x.DossierID] = h
			}
			continue
		}
		if x.After > x.Index {
			h := store.HeldDossier{DossierID: x.DossierID, Seq: x.Seq, Since: x.EnteredAt, RetryAt: t.begun, LastError: outOfOrder}
			t.hold(h)
			waiting[x.DossierID] = h
			continue
		}
		d := byDossier[x.DossierID]
		if d == nil {
			d = &delivery{}
			byDossier[x.DossierID], t.work = d, append(t.work, d)
		}
		d.items = append(d.items, item{Outgoing: x})
	}
	if !t.probing || len(fresh) == 0 {
		if err := t.planHeld(ctx); err != nil {
			return err
		}
	}
	if err := t.look(ctx); err != nil {
		return err
	}
	if t.probing {
		t.onlyOne()
	}
	return nil
}

var outOfOrder = fault.Say("an earlier event of the dossier does not stand in the log yet")

// waiting are the dossiers among the entries that are held back already.
func (t *turn) waiting(ctx context.Context, fresh []store.Outgoing) (map[uuid.UUID]store.HeldDossier, error) {
	found := map[uuid.UUID]store.HeldDossier{}
	if len(fresh) == 0 {
		return found, nil
	}
	ids := make([]uuid.UUID, len(fresh))
	for i, x := range fresh {
		ids[i] = x.DossierID
	}
	held, err := t.office.store.HeldAmong(ctx, t.ID, ids)
	for _, h := range held {
		found[h.DossierID] = h
	}
	return found, err
}

// planHeld adds what was held back and may be tried again, as far as it stands before the receiver's position.
func (t *turn) planHeld(ctx context.Context) error {
	s := t.office.store
	due, err := s.HeldDue(ctx, t.ID, t.begun, turnSize)
	if err != nil {
		return err
	}
	for _, h := range due {
		if changed, ok := t.after[h.DossierID]; ok {
			h = changed
		}
		some, err := s.OutgoingOf(ctx, h.DossierID, h.Seq, t.Position, turnSize)
		if err != nil {
			return err
		}
		d := &delivery{held: &h}
		for i, x := range some {
			if x.After >= t.Position || i > 0 && x.Seq != some[i-1].Seq+1 {
				break
			}
			d.items = append(d.items, item{Outgoing: x})
		}
		if len(some) > 0 && len(d.items) == 0 {
			h.RetryAt, h.LastError = t.begun.Add(time.Minute), outOfOrder
			t.hold(h)
			continue
		}
		t.work = append(t.work, d)
	}
	return nil
}

// hold keeps the earliest event that a dossier waits for.
func (t *turn) hold(h store.HeldDossier) {
	if t.after == nil {
		t.after = map[uuid.UUID]store.HeldDossier{}
	}
	if before, ok := t.after[h.DossierID]; ok && before.Seq < h.Seq {
		return
	}
	t.after[h.DossierID] = h
}

// look reads the journals behind the work and finds out what the receiver wants of it.
func (t *turn) look(ctx context.Context) error {
	ids := make([]uuid.UUID, 0, len(t.work))
	for _, d := range t.work {
		if len(d.items) > 0 {
			ids = append(ids, d.items[0].DossierID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	journals, err := t.office.store.Journals(ctx, ids)
	if err != nil {
		return err
	}
	lives := make(map[uuid.UUID][]notify.Moment, len(journals))
	for id, journal := range journals {
		lives[id], _ = notify.Follow(journal) // what does not fit is missing, and held back as such
	}
	if err := t.names.read(ctx, t.office, t.Receiver, lives); err != nil {
		return err
	}
	for _, d := range t.work {
		for i := range d.items {
			x := &d.items[i]
			if life := lives[x.DossierID]; x.Seq <= len(life) {
				x.moment = &life[x.Seq-1]
			}
			if x.broken = sound(x.Outgoing, x.moment); x.broken.Empty() {
				x.skip = !t.wanted(*x.moment)
			}
		}
	}
	return nil
}

// onlyOne leaves the first message and, of the log, what stands before it.
func (t *turn) onlyOne() {
	first := t.end
	for _, d := range t.work {
		for _, x := range d.items {
			if !x.skip && (d.held != nil || x.Index < first) {
				first = min(first, x.Index)
				if d.held != nil {
					t.work = []*delivery{{items: d.items[:1], held: d.held}}
					return
				}
			}
		}
	}
	if first == t.end {
		return // the receiver wants none of it
	}
	t.end = first + 1
	var work []*delivery
	for _, d := range t.work {
		n := 0
		for n < len(d.items) && d.items[n].Index < t.end {
			n++
		}
		if d.items = d.items[:n]; n > 0 {
			work = append(work, d)
		}
	}
	t.work = work
}

// result is what the turn came to.
func (t *turn) result(ctx context.Context) (store.TurnResult, error) {
	now := instant(t.clock())
	r := store.TurnResult{
		Position: t.position(), Delivered: t.taken, Refused: t.refused, Retried: t.retried, DeliveredAt: now, Failures: t.row, RetryAt: now, Error: t.wrong, ErrorAt: t.wrongAt,
	}
	switch {
	case t.gone:
		r.Pause = "Bên nhận trả lời 410 Gone: không nhận nữa. / The receiver answered 410 Gone: it wants no more."
	case t.row >= FailuresInARow:
		r.RetryAt = now.Add(max(receiverWait.after(t.row-FailuresInARow+1), t.busy))
	case t.taken > 0:
		r.Recovered = t.Failures > 0
	}
	for _, d := range t.work {
		if err := t.keep(ctx, d, &r, now); err != nil {
			return r, err
		}
	}
	for _, h := range t.after {
		r.Held = append(r.Held, h)
	}
	return r, nil
}

// position is behind all that was planned or, when the turn was broken off, behind the last entry that something was done about: what is
// left of those before it is held back.
func (t *turn) position() int64 {
	if !t.stopped {
		return t.end
	}
	reached := t.Position
	for _, d := range t.work {
		if d.held != nil {
			continue
		}
		for i, x := range d.items {
			if i < d.next || i == d.next && d.tried && !d.wrong.Empty() {
				reached = max(reached, x.Index+1)
			}
		}
	}
	return reached
}

// keep notes what is left of a delivery.
func (t *turn) keep(ctx context.Context, d *delivery, r *store.TurnResult, now time.Time) error {
	if d.held != nil {
		return t.keepHeld(ctx, d, r, now)
	}
	if d.next == len(d.items) || d.items[d.next].Index >= r.Position {
		return nil
	}
	x := d.items[d.next]
	h := store.HeldDossier{DossierID: x.DossierID, Seq: x.Seq, Since: x.EnteredAt, RetryAt: now}
	if !d.wrong.Empty() {
		h.Failures, h.LastError, h.RetryAt = 1, d.wrong, now.Add(dossierWait.after(1))
	}
	t.hold(h)
	return nil
}

func (t *turn) keepHeld(ctx context.Context, d *delivery, r *store.TurnResult, now time.Time) error {
	h := *d.held
	if d.next < len(d.items) {
		x := d.items[d.next]
		if d.next > 0 {
			h.Failures, h.LastError, h.RetryAt = 0, fault.Text{}, now
		}
		h.Seq, h.Since = x.Seq, x.EnteredAt
		if !d.wrong.Empty() {
			h.Failures++
			h.LastError, h.RetryAt = d.wrong, now.Add(dossierWait.after(h.Failures))
		}
		t.hold(h)
		return nil
	}
	next := h.Seq
	if n := len(d.items); n > 0 {
		next = d.items[n-1].Seq + 1
	}
	more, err := t.office.store.OutgoingOf(ctx, h.DossierID, next, r.Position, 1)
	switch {
	case err != nil:
		return err
	case len(more) == 0:
		r.Released = append(r.Released, h.DossierID)
	default:
		t.hold(store.HeldDossier{DossierID: h.DossierID, Seq: more[0].Seq, Since: more[0].EnteredAt, RetryAt: now})
	}
	return nil
}

// names is what messages call agencies and fields, as far as they were read.
type names struct {
	agencies map[uuid.UUID]catalog.Agency
	fields   map[uuid.UUID]string // code of the field, by version of the procedure
	path     string               // of the agency that the receiver is bound to
}

func (n *names) read(ctx context.Context, o *Office, r notify.Receiver, lives map[uuid.UUID][]notify.Moment) error {
	var ids []uuid.UUID
	if r.AgencyID != nil {
		ids = append(ids, *r.AgencyID)
	}
	n.fields = map[uuid.UUID]string{}
	for _, life := range lives {
		for _, m := range life {
			ids = append(ids, concerned(m.Dossier)...)
			ids = append(ids, m.Event.By.AgencyID)
			version := m.Dossier.Procedure.VersionID
			if _, read := n.fields[version]; read || r.Format != notify.National || version == uuid.Nil {
				continue
			}
			p, err := o.store.ProcedureVersion(ctx, version)
			if err != nil {
				return err
			}
			n.fields[version] = p.FieldCode
		}
	}
	var err error
	n.agencies, err = o.store.AgencyNames(ctx, ids)
	if r.AgencyID != nil {
		n.path = n.agencies[*r.AgencyID].Path
	}
	return err
}

func (n *names) of(m notify.Moment, source string) notify.Names {
	return notify.Names{Source: source, Agencies: n.agencies, FieldCode: n.fields[m.Dossier.Procedure.VersionID]}
}

// concerned are the agencies that receive, decide or hold a dossier, or have a step of it under way.
func concerned(d dossier.Dossier) []uuid.UUID {
	ids := []uuid.UUID{d.ReceivingID, d.DecidingID, d.HolderID}
	for _, s := range d.UnderWay() {
		ids = append(ids, s.AgencyID)
	}
	return ids
}

// within says whether an agency at or below the receiver's is concerned with the dossier.
func (n *names) within(agency *uuid.UUID, d dossier.Dossier) bool {
	if agency == nil {
		return true
	}
	for _, id := range concerned(d) {
		if a, ok := n.agencies[id]; ok && n.path != "" && strings.HasPrefix(a.Path, n.path) {
			return true
		}
	}
	return false
}
