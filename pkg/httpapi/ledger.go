package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/ledger"
	"github.com/motcua/motcua/pkg/store"
)

// ReadLedger shows the last checkpoint.
func (s *server) ReadLedger(ctx context.Context, _ ReadLedgerRequestObject) (ReadLedgerResponseObject, error) {
	ctx, _ = enter(ctx)
	c, err := s.Store.LastCheckpoint(ctx)
	if err != nil {
		return nil, err
	}
	items, err := s.checkpoints(ctx, c)
	if err != nil {
		return nil, err
	}
	return ReadLedger200JSONResponse(items[0]), nil
}

func (s *server) checkpoints(ctx context.Context, all ...store.SignedCheckpoint) ([]Checkpoint, error) {
	mails, err := s.Store.Mails(ctx, each(all, func(c store.SignedCheckpoint) int64 { return c.Size }))
	return each(all, func(c store.SignedCheckpoint) Checkpoint {
		out := Checkpoint{Size: c.Size, SignedAt: s.local(c.SignedAt), Signed: c.Signed, PublicKey: c.PublicKey, SentAt: s.localOf(c.SentAt)}
		if m, ok := mails[c.Size]; ok {
			out.MailedAt, out.MailedTo = s.localOf(&m.At), m.To
		}
		return out
	}), err
}

// ListCheckpoints lists every checkpoint.
func (s *server) ListCheckpoints(ctx context.Context, r ListCheckpointsRequestObject) (ListCheckpointsResponseObject, error) {
	ctx, _ = enter(ctx)
	all, next, err := s.Store.Checkpoints(ctx, false, page(r.Params.Limit, r.Params.After))
	if err != nil {
		return nil, err
	}
	items, err := s.checkpoints(ctx, all...)
	if err != nil {
		return nil, err
	}
	link := ListCheckpoints200ResponseHeaders{Link: nextLink(ctx, next)}
	if r.Params.Format == FormatCsv {
		t := table{header: []string{"size", "signed_at", "sent_at", "mailed_at", "mailed_to", "public_key", "signed"}}
		for _, c := range items {
			t.rows = append(t.rows, []string{number(c.Size), when(c.SignedAt), when(c.SentAt), when(c.MailedAt), number(c.MailedTo), c.PublicKey, c.Signed})
		}
		body, length, err := t.csv()
		return ListCheckpoints200TextcsvResponse{Body: body, ContentLength: length, Headers: link}, err
	}
	return ListCheckpoints200JSONResponse{Body: CheckpointList{Items: items, Next: string(next)}, Headers: link}, nil
}

// ProveGrowth proves that the log only grew.
func (s *server) ProveGrowth(ctx context.Context, r ProveGrowthRequestObject) (ProveGrowthResponseObject, error) {
	ctx, _ = enter(ctx)
	hashes, err := s.Office.ProveGrowth(ctx, r.Params.From, r.Params.To)
	if err != nil {
		return nil, err
	}
	return ProveGrowth200JSONResponse{From: r.Params.From, To: r.Params.To, Hashes: hashes}, nil
}

// proof is written out as it is: the event must keep every byte that is hashed.
type proof struct{ ledger.Proof }

func (p proof) write(w http.ResponseWriter) error {
	body, err := json.Marshal(p.Proof)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", `attachment; filename="motcua-proof.json"`)
	w.WriteHeader(http.StatusOK)
	_, err = w.Write(append(body, '\n'))
	return err
}

func (p proof) VisitProveReceiptResponse(w http.ResponseWriter) error { return p.write(w) }
func (p proof) VisitProveOnPageResponse(w http.ResponseWriter) error  { return p.write(w) }

// ProveReceipt proves an intake to whoever holds the receipt.
func (s *server) ProveReceipt(ctx context.Context, r ProveReceiptRequestObject) (ProveReceiptResponseObject, error) {
	return s.prove(ctx, *r.Body)
}

// ProveOnPage is the same for the page.
func (s *server) ProveOnPage(ctx context.Context, r ProveOnPageRequestObject) (ProveOnPageResponseObject, error) {
	return s.prove(ctx, *r.Body)
}

func (s *server) prove(ctx context.Context, q LookupQuestion) (proof, error) {
	address := addressOf(ctx)
	ctx, v := enter(ctx)
	if _, err := s.lookups.take(network(address), v.now); err != nil {
		return proof{}, err
	}
	p, err := s.Office.ProveReceipt(ctx, q.Code, q.Secret)
	if errors.Is(err, fault.NotFound) {
		await(ctx, failedLookup-s.Clock().Sub(v.now))
	}
	return proof{p}, err
}
