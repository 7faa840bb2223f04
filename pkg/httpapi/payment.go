package httpapi

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// ListPayments lists what was paid and given back in a period.
func (s *server) ListPayments(ctx context.Context, r ListPaymentsRequestObject) (ListPaymentsResponseObject, error) {
	ctx, v := enter(ctx)
	if err := v.actor.Must(staff.ReadReports); err != nil {
		return nil, err
	}
	var f store.PaymentFilter
	var err error
	if f.Period, err = store.Days(dateOf(r.Params.From), dateOf(r.Params.To), v.now, s.Zone); err != nil {
		return nil, err
	}
	if f.TakenPath, err = s.pathOf(ctx, "agency", r.Params.Agency, f.Naming(s.Zone)...); err != nil {
		return nil, err
	}
	out := PaymentList{From: *civil(f.First(s.Zone)), To: *civil(f.Last(s.Zone)), Items: []Payment{}}
	var next store.Next
	err = s.Store.Snapshot(ctx, func(ctx context.Context) error {
		all, after, err := s.Store.Payments(ctx, v.actor.Scope(), f, page(r.Params.Limit, r.Params.After))
		if err != nil {
			return err
		}
		sums, err := s.Store.PaymentSums(ctx, v.actor.Scope(), f)
		if err != nil {
			return err
		}
		next = after
		out.Sums = each(sums, func(x store.PaymentSum) PaymentSum {
			return PaymentSum{Kind: FeeKind(x.Kind), Paid: x.Paid, Refunded: x.Refunded}
		})
		out.Items, err = s.payments(ctx, all)
		return err
	})
	if err != nil {
		return nil, err
	}
	out.Next = string(next)
	link := ListPayments200ResponseHeaders{Link: nextLink(ctx, next)}
	if r.Params.Format == FormatCsv {
		body, length, err := paymentTable(out.Items).csv()
		return ListPayments200TextcsvResponse{Body: body, ContentLength: length, Headers: link}, err
	}
	return ListPayments200JSONResponse{Body: out, Headers: link}, nil
}

// payments are the lines of the events, one for each fee.
func (s *server) payments(ctx context.Context, all []store.Payment) ([]Payment, error) {
	var ids []uuid.UUID
	for _, p := range all {
		ids = agenciesOf(ids, &p.By, p.Asked)
	}
	names, err := s.names(ctx, ids...)
	if err != nil {
		return nil, err
	}
	items := []Payment{}
	for _, p := range all {
		for _, l := range p.Fees {
			x := Payment{
				At: s.local(p.At), Dossier: p.Dossier, No: l.No, Kind: FeeKind(l.Kind), Name: l.Name, Refund: p.Kind == dossier.FeesWereRefunded,
				Method: PayMethod(l.Method), Receipt: feeReceipt(l.Receipt), Reason: p.Reason, By: by(&p.By, names), AskedBy: by(p.Asked, names), Href: dossierHref(p.Dossier),
			}
			if l.VND != nil {
				x.Vnd = *l.VND
			}
			items = append(items, x)
		}
	}
	return items, nil
}

func paymentTable(all []Payment) table {
	t := table{header: []string{
		"at", "dossier", "fee", "kind", "name", "vnd", "refund", "method", "receipt_form", "receipt_series", "receipt_number", "reason", "by", "agency", "asked_by",
	}}
	for _, p := range all {
		t.rows = append(t.rows, []string{
			when(p.At), p.Dossier, number(p.No), string(p.Kind), p.Name, number(p.Vnd), strconv.FormatBool(p.Refund), string(p.Method),
			p.Receipt.Form, p.Receipt.Series, p.Receipt.Number, p.Reason, p.By.Name, p.By.Agency.Name, p.AskedBy.Name,
		})
	}
	return t
}

// feeStates are the states of fees in words.
var feeStates = map[dossier.FeeState]string{
	dossier.FeeUnpaid: "Chưa thanh toán", dossier.FeePending: "Chờ thanh toán", dossier.FeePaid: "Đã thanh toán",
	dossier.FeeRefunded: "Đã hoàn phí", dossier.FeeCancelled: "Hủy thanh toán", dossier.FeeExempt: "Miễn phí",
}

func (s *server) fees(d dossier.Dossier, names agencyNames) []DossierFee {
	return each(d.Fees, func(f dossier.Fee) DossierFee {
		return DossierFee{
			No: f.No, Kind: FeeKind(f.Kind), Name: f.Name, Vnd: f.VND, Text: f.Text, Due: FeeDue(f.Due), State: FeeState(f.State), StateLabel: feeStates[f.State],
			Method: PayMethod(f.Method), Receipt: feeReceipt(f.Receipt), Class: f.Class, Basis: f.Basis, Reason: f.Reason,
			ChangedAt: s.local(f.ChangedAt), ChangedBy: by(&f.ChangedBy, names), PaidAt: s.localOf(f.PaidAt), PaidBy: by(f.PaidBy, names),
			RefundedAt: s.localOf(f.RefundedAt), AskedBy: by(f.AskedBy, names), ApprovedBy: by(f.ApprovedBy, names),
		}
	})
}

func (s *server) refund(r *dossier.Refund, names agencyNames) Refund {
	if r == nil {
		return Refund{}
	}
	return Refund{Fees: r.Fees, Reason: r.Reason, AskedAt: s.local(r.AskedAt), AskedBy: by(&r.AskedBy, names)}
}

// feeTotals is empty for a dossier without fees.
func feeTotals(d dossier.Dossier) *FeeTotals {
	if len(d.Fees) == 0 {
		return nil
	}
	t := d.FeeTotals()
	return &FeeTotals{Due: t.Due, Paid: t.Paid, Refunded: t.Refunded, Open: t.Open}
}

func feeReceipt(r *dossier.FeeReceipt) FeeReceipt {
	if r == nil {
		return FeeReceipt{}
	}
	return FeeReceipt{Form: r.Form, Series: r.Series, Number: r.Number}
}

func feeLineOf(l FeeLine) dossier.FeeLine {
	out := dossier.FeeLine{
		No: l.No, Kind: dossier.FeeKind(l.Kind), Name: l.Name, VND: l.Vnd, Text: l.Text, Due: dossier.FeeDue(l.Due),
		Method: dossier.PayMethod(l.Method), Class: l.Class, Basis: l.Basis,
	}
	if l.Receipt != (FeeReceipt{}) {
		out.Receipt = &dossier.FeeReceipt{Form: l.Receipt.Form, Series: l.Receipt.Series, Number: l.Receipt.Number}
	}
	return out
}
