package httpapi

import (
	"context"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/notify"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/store"
)

// ListReceivers lists who outside is told of what happens.
func (s *server) ListReceivers(ctx context.Context, r ListReceiversRequestObject) (ListReceiversResponseObject, error) {
	ctx, v := enter(ctx)
	all, next, err := s.Office.Receivers(ctx, v.actor, page(r.Params.Limit, r.Params.After))
	if err != nil {
		return nil, err
	}
	items, err := s.receivers(ctx, all...)
	if err != nil {
		return nil, err
	}
	link := ListReceivers200ResponseHeaders{Link: nextLink(ctx, next)}
	if r.Params.Format == FormatCsv {
		t := table{header: []string{
			"id", "name", "url", "format", "full", "agency", "paused", "position", "behind", "held", "oldest_at", "delivered", "delivered_at", "refused", "retried", "failures",
			"retry_at", "last_error", "last_error_at",
		}}
		for _, x := range items {
			t.rows = append(t.rows, []string{
				x.Id.String(), x.Name, x.Url, string(x.Format), yesNo(x.Full), x.Agency.Code, yesNo(x.Paused), number(x.Position), number(x.Behind),
				number(x.Held), when(x.OldestAt), number(x.Delivered), when(x.DeliveredAt), number(x.Refused), number(x.Retried), number(x.Failures), when(x.RetryAt), x.LastError, when(x.LastErrorAt),
			})
		}
		body, length, err := t.csv()
		return ListReceivers200TextcsvResponse{Body: body, ContentLength: length, Headers: link}, err
	}
	return ListReceivers200JSONResponse{Body: ReceiverList{Items: items, Next: string(next)}, Headers: link}, nil
}

// findAddress finds out whether messages may go to the address of a receiver before the act begins: with a key for repetitions all of an act is one
// transaction, and none waits for a name server. Nothing is looked up for who may not say where events go.
func (s *server) findAddress(f StrictHandlerFunc, _ string) StrictHandlerFunc {
	return func(c *gin.Context, request any) (any, error) {
		address := ""
		switch r := request.(type) {
		case AddReceiverRequestObject:
			address = r.Body.Url
		case ChangeReceiverRequestObject:
			address = r.Body.Url
		}
		if ctx, v := enter(c); address != "" && v.actor.Must(staff.EditReceivers) == nil {
			v.unreachable, v.hint = s.Reach(ctx, address)
		}
		return f(c, request)
	}
}

// AddReceiver adds one and tells its secret.
func (s *server) AddReceiver(ctx context.Context, r AddReceiverRequestObject) (AddReceiverResponseObject, error) {
	ctx, v := enter(ctx)
	b := r.Body
	in := receiverInput(ReceiverChange{
		Name: b.Name, Url: b.Url, Format: b.Format, Full: b.Full, Agency: b.Agency, Kinds: b.Kinds, Paused: b.Paused, Note: b.Note,
	})
	in.From = b.From
	in.Unreachable = v.unreachable
	x, err := s.Office.AddReceiver(ctx, v.actor, v.now, in)
	out, err := s.receiver(ctx, x, err)
	out.Secret, out.Hint = x.Secret, s.said(v.english, v.hint).asked
	return AddReceiver201JSONResponse(out), err
}

func receiverInput(b ReceiverChange) onestop.ReceiverInput {
	return onestop.ReceiverInput{
		Name: b.Name, URL: b.Url, Format: notify.Format(b.Format), Full: b.Full, Agency: b.Agency, Paused: b.Paused, Note: b.Note,
		Kinds: each(b.Kinds, func(k string) dossier.Kind { return dossier.Kind(k) }),
	}
}

// ReadReceiver shows one.
func (s *server) ReadReceiver(ctx context.Context, r ReadReceiverRequestObject) (ReadReceiverResponseObject, error) {
	ctx, v := enter(ctx)
	x, err := s.Office.Receiver(ctx, v.actor, r.Id)
	out, err := s.receiver(ctx, x, err)
	return ReadReceiver200JSONResponse(out), err
}

// ChangeReceiver says anew what one is.
func (s *server) ChangeReceiver(ctx context.Context, r ChangeReceiverRequestObject) (ChangeReceiverResponseObject, error) {
	ctx, v := enter(ctx)
	in := receiverInput(*r.Body)
	in.Unreachable = v.unreachable
	x, err := s.Office.ChangeReceiver(ctx, v.actor, v.now, r.Id, in)
	out, err := s.receiver(ctx, x, err)
	out.Hint = s.said(v.english, v.hint).asked
	return ChangeReceiver200JSONResponse(out), err
}

// RemoveReceiver forgets one.
func (s *server) RemoveReceiver(ctx context.Context, r RemoveReceiverRequestObject) (RemoveReceiverResponseObject, error) {
	ctx, v := enter(ctx)
	return RemoveReceiver204Response{}, s.Office.RemoveReceiver(ctx, v.actor, r.Id)
}

// RenewSecret gives one a new secret.
func (s *server) RenewSecret(ctx context.Context, r RenewSecretRequestObject) (RenewSecretResponseObject, error) {
	ctx, v := enter(ctx)
	x, err := s.Office.RenewSecret(ctx, v.actor, v.now, r.Id)
	out, err := s.receiver(ctx, x, err)
	out.Secret = x.Secret
	return RenewSecret200JSONResponse(out), err
}

// ReplayReceiver sends one the log again.
func (s *server) ReplayReceiver(ctx context.Context, r ReplayReceiverRequestObject) (ReplayReceiverResponseObject, error) {
	ctx, v := enter(ctx)
	x, err := s.Office.ReplayReceiver(ctx, v.actor, v.now, r.Id, r.Body.From)
	out, err := s.receiver(ctx, x, err)
	return ReplayReceiver200JSONResponse(out), err
}

// PingReceiver sends one a test message.
func (s *server) PingReceiver(ctx context.Context, r PingReceiverRequestObject) (PingReceiverResponseObject, error) {
	ctx, v := enter(ctx)
	a, err := s.Office.Ping(ctx, v.actor, v.now, r.Id, s.PublicURL, s.Send)
	if err != nil {
		return nil, err
	}
	said := s.said(v.english, a.Said())
	return PingReceiver200JSONResponse{Delivered: a.Delivered(), Status: a.Status, Error: said.asked, ErrorVi: said.vi, ErrorEn: said.en}, nil
}

// ListHeldDossiers lists what waits.
func (s *server) ListHeldDossiers(ctx context.Context, r ListHeldDossiersRequestObject) (ListHeldDossiersResponseObject, error) {
	ctx, v := enter(ctx)
	all, next, err := s.Office.HeldDossiers(ctx, v.actor, r.Id, page(r.Params.Limit, r.Params.After))
	if err != nil {
		return nil, err
	}
	items := each(all, func(h store.HeldDossier) HeldDossier {
		said := s.said(v.english, h.LastError)
		return HeldDossier{
			Dossier: h.Code, DossierId: h.DossierID, Seq: h.Seq, Since: s.local(h.Since), Failures: h.Failures, RetryAt: s.local(h.RetryAt),
			Error: said.asked, ErrorVi: said.vi, ErrorEn: said.en,
		}
	})
	link := ListHeldDossiers200ResponseHeaders{Link: nextLink(ctx, next)}
	if r.Params.Format == FormatCsv {
		t := table{header: []string{"dossier", "dossier_id", "seq", "since", "failures", "retry_at", "error"}}
		for _, h := range items {
			t.rows = append(t.rows, []string{
				h.Dossier, h.DossierId.String(), number(h.Seq), when(h.Since), number(h.Failures), when(h.RetryAt), h.Error,
			})
		}
		body, length, err := t.csv()
		return ListHeldDossiers200TextcsvResponse{Body: body, ContentLength: length, Headers: link}, err
	}
	return ListHeldDossiers200JSONResponse{Body: HeldDossierList{Items: items, Next: string(next)}, Headers: link}, nil
}

// receiver is one as it is shown, unless there was an error before.
func (s *server) receiver(ctx context.Context, x store.ReceiverState, err error) (Receiver, error) {
	if err != nil {
		return Receiver{}, err
	}
	all, err := s.receivers(ctx, x)
	if err != nil {
		return Receiver{}, err
	}
	return all[0], nil
}

func (s *server) receivers(ctx context.Context, all ...store.ReceiverState) ([]Receiver, error) {
	var ids []uuid.UUID
	for _, x := range all {
		if x.AgencyID != nil {
			ids = append(ids, *x.AgencyID)
		}
	}
	ctx, v := enter(ctx)
	names, err := s.names(ctx, ids...)
	return each(all, func(x store.ReceiverState) Receiver {
		said := s.said(v.english, x.LastError)
		out := Receiver{
			Id: x.ID, Name: x.Name, Url: x.URL, Format: ReceiverFormat(x.Format), Full: x.Full, Kinds: each(x.Kinds, func(k dossier.Kind) string { return string(k) }),
			Paused: x.Paused, Note: x.Note, CreatedAt: s.local(x.CreatedAt), CreatedBy: x.CreatedBy.Name, Position: x.Position, Behind: x.Behind, Held: x.Held,
			OldestAt: s.localOf(x.Oldest), Delivered: x.Delivered, Refused: x.Refused, Retried: x.Retried, DeliveredAt: s.localOf(x.DeliveredAt), Failures: x.Failures,
			LastError: said.asked, LastErrorVi: said.vi, LastErrorEn: said.en, LastErrorAt: s.localOf(x.LastErrorAt), Href: "/api/v1/receivers/" + x.ID.String(),
		}
		if x.AgencyID != nil {
			out.Agency = names.ref(*x.AgencyID)
		}
		if x.RetryAt.After(s.Clock()) {
			out.RetryAt = s.localOf(&x.RetryAt)
		}
		return out
	}), err
}
