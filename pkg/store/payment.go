package store

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/staff"
)

// payments are the events that money changed hands with, over rows e of the journals; the index of the same condition leads to them.
const payments = `e.kind IN ('FEES_PAID', 'FEES_REFUNDED') AND e.at >= :from AND e.at < :to`

// PaymentFilter narrows a list of payments; what is empty does not count.
type PaymentFilter struct {
	Period
	TakenPath string // taken or given back by somebody of an agency at or below
}

// Payment is an event with which fees of a dossier were paid, or given back.
type Payment struct {
	Dossier string // its code
	dossier.Event
	Fees   []dossier.FeeLine
	Reason string      // of a refund
	Asked  *dossier.By // for a refund, granted by whoever wrote the event
}

type paymentRow struct {
	Event       eventRow `gorm:"embedded"` // GORM passes over an embedded type that is not exported
	DossierCode string
}

func (s *Store) paymentsWhere(ctx context.Context, scope staff.Scope, f PaymentFilter) (where, error) {
	w := where{}
	condition, arguments := f.bind(payments)
	w.add(condition, arguments...)
	return w, errors.Join(s.seen(ctx, &w, scope), s.within(ctx, &w, "e.by_agency", f.TakenPath))
}

const paymentsFrom = "SELECT e.*, d.code AS dossier_code FROM dossier_events e JOIN dossiers d ON d.id = e.dossier_id WHERE "

// Payments lists what was paid and given back in the period on dossiers within the scope, the newest first.
func (s *Store) Payments(ctx context.Context, scope staff.Scope, f PaymentFilter, p Page) ([]Payment, Next, error) {
	const order = "payments"
	after, err := p.place(order)
	if err != nil {
		return nil, "", err
	}
	w, err := s.paymentsWhere(ctx, scope, f)
	if err != nil {
		return nil, "", err
	}
	if after != nil && after.At != nil {
		w.add("(e.at, e.dossier_id, e.seq) < (?, ?, ?)", instant(*after.At), after.ID, after.Number)
	}
	var rows []paymentRow
	err = s.reader(ctx).Raw(paymentsFrom+w.sql()+" ORDER BY e.at DESC, e.dossier_id DESC, e.seq DESC LIMIT ?", append(w.arguments, p.limit()+1)...).Find(&rows).Error
	if err != nil {
		return nil, "", s.fault("payments", err)
	}
	rows, next := cut(rows, p, func(r paymentRow) place {
		return place{Order: order, At: &r.Event.At, ID: r.Event.DossierID, Number: int64(r.Event.Seq)}
	})
	list := make([]Payment, len(rows))
	for i, r := range rows {
		if list[i], err = r.payment(); err != nil {
			return nil, "", err
		}
	}
	return list, next, nil
}

// PaymentSum is what fees of one kind came to in a period, in đồng.
type PaymentSum struct {
	Kind           dossier.FeeKind
	Paid, Refunded int64
}

// PaymentSums adds up what Payments lists on all pages, by kind.
func (s *Store) PaymentSums(ctx context.Context, scope staff.Scope, f PaymentFilter) ([]PaymentSum, error) {
	w, err := s.paymentsWhere(ctx, scope, f)
	if err != nil {
		return nil, err
	}
	sums := make([]PaymentSum, len(dossier.FeeKinds))
	for i, k := range dossier.FeeKinds {
		sums[i].Kind = k
	}
	for at, id, seq := f.From, uuid.Nil, 0; ; {
		var rows []eventRow
		err := s.reader(ctx).Raw("SELECT e.* FROM dossier_events e JOIN dossiers d ON d.id = e.dossier_id WHERE "+w.sql()+
			" AND (e.at, e.dossier_id, e.seq) > (?, ?, ?) ORDER BY e.at, e.dossier_id, e.seq LIMIT ?",
			append(w.arguments[:len(w.arguments):len(w.arguments)], instant(at), id, seq, lifeBatch)...).
			Find(&rows).Error
		if err != nil {
			return nil, s.fault("sum of payments", err)
		}
		for _, r := range rows {
			p, err := paymentRow{Event: r}.payment()
			if err != nil {
				return nil, err
			}
			for i := range sums {
				sums[i].Add(p.Kind, p.Fees)
			}
		}
		if len(rows) < lifeBatch {
			return sums, nil
		}
		last := rows[len(rows)-1]
		at, id, seq = last.At, last.DossierID, last.Seq
	}
}

// Add adds what an event of the kind says of fees.
func (x *PaymentSum) Add(k dossier.Kind, fees []dossier.FeeLine) {
	for _, l := range fees {
		switch {
		case l.Kind != x.Kind || l.VND == nil:
		case k == dossier.FeesWereRefunded:
			x.Refunded += *l.VND
		default:
			x.Paid += *l.VND
		}
	}
}

func (r paymentRow) payment() (Payment, error) {
	e := r.Event.event()
	f, err := e.Read()
	p := Payment{Dossier: r.DossierCode, Event: e, Fees: f.Fees, Reason: f.Reason}
	if f.Refund != nil {
		p.Reason, p.Asked = f.Refund.Reason, &f.Refund.AskedBy
	}
	return p, err
}
