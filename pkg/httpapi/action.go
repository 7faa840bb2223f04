package httpapi

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/onestop"
	"github.com/motcua/motcua/pkg/staff"
)

// ActOnDossier makes one move with a dossier, as it was in the version that If-Match names.
func (s *server) ActOnDossier(ctx context.Context, r ActOnDossierRequestObject) (ActOnDossierResponseObject, error) {
	ctx, v := enter(ctx)
	version, err := versionOf(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	in := onestop.ActInput{}
	if b := r.Body; b != nil {
		in = onestop.ActInput{
			Reason: b.Reason, LegalBasis: b.LegalBasis, Note: b.Note, Papers: b.Papers, PartNos: b.PartNos, Received: received(b.Received),
			AnswerBy: given(b.AnswerBy), Fees: each(b.Fees, feeLineOf),
		}
		var wrong fault.Fields
		in.Extension = workTermIn(b.Extension, "extension", &wrong)
		if err := wrong.Err("action-invalid", "the action cannot be taken"); err != nil {
			return nil, err
		}
		in.Step, in.ToStage, in.Assign, in.FileNo = b.Step, b.ToStage, assignIn(b.Assignment), b.FileNo
		if b.Wait != (WaitInput{}) {
			in.Wait = &dossier.Wait{Cause: dossier.PauseCause(b.Wait.Cause), Body: b.Wait.Body, AnswerBy: b.Wait.AnswerBy}
		}
		if b.Result != (Result{}) {
			in.Result = &dossier.Result{Summary: b.Result.Summary, Number: b.Result.Number}
		}
		if x := b.Document; x != (OfficialDocument{}) {
			in.Document = &dossier.Document{Number: x.Number, Date: dateOf(&x.Date)}
		}
		if x := b.Request; x != (WithdrawalRequest{}) {
			in.Request = &dossier.Request{By: dossier.Requester(x.By), How: dossier.Manner(x.How), Name: x.Name}
		}
		if c := b.ReturnChoice; c != (ReturnChoiceInput{}) {
			in.Return = &onestop.ReturnInput{Agency: c.Agency, Method: dossier.ReturnMethod(c.Method), Address: c.Address}
		}
		if h := b.HandedOut; h.Method != "" {
			out := handedOutOf(h)
			in.HandedOut = &out
		}
	}
	d, err := s.Office.Act(ctx, v.actor, v.now, r.Code, dossier.Action(r.Action), version, in)
	if errors.Is(err, fault.Stale) || errors.Is(err, fault.Conflict) {
		return nil, moved{err, r.Code}
	}
	if err != nil {
		return nil, err
	}
	out, err := s.dossier(ctx, v, d)
	if err != nil {
		return nil, err
	}
	return ActOnDossier200JSONResponse{Body: out, Headers: ActOnDossier200ResponseHeaders{ETag: etag(d)}}, nil
}

var ownTag = regexp.MustCompile(`^"([1-9]\d{0,8})"$`)

// versionOf reads If-Match. A tag that we never gave out matches no version and leads to 412 like any other old one; "*" says nothing
// about what was looked at and will not do.
func versionOf(ifMatch string) (int, error) {
	ifMatch = strings.TrimSpace(ifMatch)
	if ifMatch == "*" {
		return 0, errAnyVersion
	}
	m := ownTag.FindStringSubmatch(ifMatch)
	if m == nil {
		return -1, nil
	}
	return strconv.Atoi(m[1])
}

// moved is a refusal because of where the dossier is; whoever may see the dossier is told where that is. It is read when the refusal is
// written, because the transaction of the act is over then.
type moved struct {
	error
	code string
}

func (m moved) Unwrap() error { return m.error }

func (s *server) currentState(ctx context.Context, actor staff.Actor, code string) CurrentState {
	d, err := s.Store.DossierByCode(ctx, actor.Scope(), code)
	if err != nil {
		return CurrentState{}
	}
	names, err := s.namesOf(ctx, d)
	if err != nil {
		return CurrentState{}
	}
	out := CurrentState{
		Version: d.Version, Etag: etag(d), State: State(d.State), StateName: StateName(dossier.StateNames[d.State]), StateLabel: labels[d.State],
		Holder: names.ref(d.HolderID), StepNo: d.StepNo,
	}
	if x := d.Step(); x != nil {
		out.TakenBy = by(x.TakenBy, names)
	}
	return out
}
