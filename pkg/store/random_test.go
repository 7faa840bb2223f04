package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/motcua/motcua/pkg/catalog"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/store"
	"github.com/motcua/motcua/pkg/worktime"
)

// quarter is the grain of random times: coarse, so that instants often coincide and every "before or at" is put to the test.
const quarter = 6 * time.Hour

func later(r *rand.Rand, t time.Time) time.Time { return t.Add(time.Duration(r.IntN(9)) * quarter) }

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// randomMark is judged by date or by the instant, like the real ones.
func randomMark(r *rand.Rand, after time.Time) dossier.Mark {
	m := mark(later(r, after))
	if r.IntN(3) == 0 {
		m.OnTimeFrom, m.LateFrom = m.DueAt, m.DueAt.Add(time.Microsecond)
	}
	return m
}

func randomPromise(r *rand.Rand, d dossier.Dossier, kind dossier.PromiseKind, at time.Time) *dossier.Promise {
	if r.IntN(6) == 0 { // dated back or ahead, as other systems do
		at = at.Add(time.Duration(r.IntN(5)-2) * quarter)
	}
	return &dossier.Promise{No: len(d.Promises) + 1, Kind: kind, MadeAt: at, Mark: randomMark(r, at)}
}

// randomLives makes dossiers of every kind: ours and others', with and without a due date, in every state, with pauses and promises
// that others supersede.
func randomLives(t testing.TB, r *rand.Rand, x town, n int) []dossier.Life {
	lives := make([]dossier.Life, n)
	for i := range lives {
		at := monday.Add(time.Duration(r.IntN(160)) * quarter)
		agencies := x.all()
		in := x.intake(fmt.Sprintf("H13-%06d", i), pick(r, agencies...), pick(r, agencies...))
		in.Procedure.Field = pick(r, "Y tế", "Đất đai", "")
		in.Procedure.Code = pick(r, "1.000001", "1.000002", "2.000003")
		in.Procedure.Level = pick(r, catalog.Province, catalog.Commune)
		in.Channel = string(pick(r, catalog.Channels...))
		if r.IntN(3) == 0 {
			in.HelpedID = pick(r, agencies...).ID
		}
		if r.IntN(3) == 0 {
			in.ReturningID = pick(r, agencies...).ID
		}
		if r.IntN(4) == 0 {
			in.Source = &dossier.Source{System: pick(r, "igate", "khác"), Key: fmt.Sprint(i)}
			lives[i] = foreignLife(t, r, in, at)
		} else {
			lives[i] = ownLife(t, r, agencies, in, at)
		}
	}
	return lives
}

func ownLife(t testing.TB, r *rand.Rand, agencies []catalog.Agency, in *dossier.Intake, at time.Time) dossier.Life {
	f := dossier.Facts{Intake: in}
	if r.IntN(2) == 0 {
		f.Received = []dossier.Received{{Name: "Giấy chứng nhận", Copies: catalog.Copies{Original: 1 + r.IntN(3)}}, {Name: "Đơn", Copies: catalog.Copies{Form: 1}}}
	}
	kind := pick(r, dossier.WasReceived, dossier.WasReceived, dossier.WasRegistered)
	if kind == dossier.WasReceived && r.IntN(8) > 0 {
		f.Promise = randomPromise(r, dossier.Dossier{}, dossier.FirstPromise, at)
	}
	if kind == dossier.WasRegistered {
		f.AcceptBy = ptr(at.Add(quarter))
	}
	d, e := open(t, kind, at, f)
	life := dossier.Life{Events: []dossier.Event{e}}
	for range r.IntN(12) {
		at = later(r, at)
		a := pick(r, dossier.Actions...)
		step := d.StepOf(a, 0)
		if could := d.StepsFor(a); a.OfStep() && len(could) > 0 {
			step = pick(r, could...)
		}
		if d.Can(a, step) != nil || d.CanAt(a, at) != nil {
			continue
		}
		f := dossier.Facts{StopsClock: r.IntN(4) > 0, StepNo: step}
		switch a {
		case dossier.RequestSupplement:
			f.Papers = []string{"Bản sao"}
			if r.IntN(2) == 0 {
				f.AnswerBy = ptr(later(r, at).Add(time.Second))
			}
		case dossier.Accept:
			if r.IntN(8) > 0 {
				f.Promise = randomPromise(r, d, dossier.FirstPromise, at)
			}
		case dossier.CompleteSupplement, dossier.ConfirmPayment, dossier.Reopen:
			if a == dossier.CompleteSupplement {
				f.Papers = []string{"Bản sao"}
			}
			if r.IntN(2) == 0 && d.AcceptedAt != nil {
				f.Promise = randomPromise(r, d, dossier.AfterPause, at)
			}
		case dossier.SendBack:
			f.ToStage = 1
		case dossier.RequestExtension:
			f.Extension = &dossier.Extension{Term: worktime.Term{Value: worktime.Whole(2), Unit: worktime.WorkingDay}}
		case dossier.Return:
			if r.IntN(2) == 0 { // by whoever took it in, whatever was chosen
				f.HandedOut = &dossier.HandedOut{Method: dossier.ReturnInPerson, AgencyID: in.ReceivingID}
			}
		case dossier.Refuse, dossier.Withdraw, dossier.Stop, dossier.GivePapersBack:
			if n := d.OriginalsHeld(); n > 0 && r.IntN(2) == 0 {
				f.HandedOut = &dossier.HandedOut{Method: dossier.ReturnInPerson, GivenBack: []dossier.GivenBack{{No: 1, Copies: catalog.Copies{Original: 1 + r.IntN(n)}}}}
			}
		case dossier.ChangeReturn:
			f.ReturnChoice = &dossier.ReturnChoice{Method: dossier.ReturnInPerson}
			if r.IntN(2) == 0 {
				f.ReturnChoice.AgencyID = pick(r, in.ReceivingID, in.DecidingID)
			}
		case dossier.Assign:
			f.Assignment = &dossier.Assignment{Main: &dossier.Officer{ID: uuid.New(), Name: "Cán bộ được giao", AgencyID: pick(r, agencies...).ID}}
		case dossier.BeginWait:
			f.Wait = &dossier.Wait{Cause: dossier.ForOpinion, Body: "Cơ quan thuế"}
		case dossier.ApproveExtension:
			f.Promise = randomPromise(r, d, dossier.Extended, at)
		}
		if f.Fees = randomFees(r, d, a); len(f.Fees) == 0 && money[a] != nil {
			continue
		}
		next, _ := act(t, d, a, at, f)
		for _, s := range next.UnderWay() {
			if s.Mark == nil {
				f.StepMarks = append(f.StepMarks, dossier.StepMark{No: s.No, Mark: randomMark(r, at)})
			}
		}
		d, e = act(t, d, a, at, f)
		life.Events = append(life.Events, e)
	}
	life.Dossier = d
	return life
}

// money is which fees an action may be done with.
var money = map[dossier.Action][]dossier.FeeState{
	dossier.SetFees: {}, dossier.RequestPayment: {}, dossier.BillFees: {dossier.FeeUnpaid}, dossier.PayFees: {dossier.FeeUnpaid, dossier.FeePending},
	dossier.ExemptFees: {dossier.FeeUnpaid, dossier.FeePending}, dossier.RefundFees: {dossier.FeePaid},
	dossier.CancelFees: {dossier.FeeUnpaid, dossier.FeePending},
}

// randomFees is a new fee where an action may set one, else one that it may be done with.
func randomFees(r *rand.Rand, d dossier.Dossier, a dossier.Action) []dossier.FeeLine {
	states, about := money[a]
	switch {
	case !about:
		return nil
	case len(states) == 0:
		dues := dossier.FeeDues
		if a == dossier.RequestPayment { // what is due at the return is not asked for
			dues = []dossier.FeeDue{dossier.BeforeAcceptance, dossier.AfterAcceptance}
		}
		return []dossier.FeeLine{{
			Kind: pick(r, dossier.FeeKinds...), VND: ptr(int64(1000 * (1 + r.IntN(500)))), Due: pick(r, dues...),
		}}
	}
	for _, f := range d.Fees {
		if slices.Contains(states, f.State) {
			return []dossier.FeeLine{{
				No: f.No, Class: "người thử", Basis: "Điều 1 Luật thử", Method: dossier.Transfer, Receipt: &dossier.FeeReceipt{Number: fmt.Sprint(r.Uint64())},
			}}
		}
	}
	return nil
}

func foreignLife(t testing.TB, r *rand.Rand, in *dossier.Intake, at time.Time) dossier.Life {
	told := func() dossier.Facts {
		f := dossier.Facts{Intake: in, Foreign: &dossier.Foreign{State: pick(r, dossier.States...), ReceivedAt: at}}
		if f.Foreign.State.Ended() {
			f.Foreign.FinishedAt = ptr(later(r, at))
		}
		if r.IntN(3) > 0 {
			f.Promise = randomPromise(r, dossier.Dossier{}, dossier.SourcesPromise, later(r, at))
		}
		return f
	}
	d, e := open(t, dossier.WasImported, later(r, at), told())
	life := dossier.Life{Events: []dossier.Event{e}}
	for range r.IntN(3) {
		f := told()
		f.Intake = nil
		when := later(r, e.At)
		var err error
		d, e, err = d.Follow(dossier.Move{At: when, Recorded: when, By: clerk}, f)
		must(t, err)
		life.Events = append(life.Events, e)
	}
	life.Dossier = d
	return life
}

// keep puts some of the lives in at once and the others event by event.
func keep(t testing.TB, s *store.Store, r *rand.Rand, lives []dossier.Life) {
	t.Helper()
	var bulk []dossier.Life
	for _, l := range lives {
		if r.IntN(2) == 0 {
			bulk = append(bulk, l)
			continue
		}
		must(t, s.InTx(context.Background(), func(ctx context.Context) error {
			for i := range l.Events {
				d, err := dossier.Rebuild(l.Events[:i+1])
				if err != nil {
					return err
				}
				put := s.MoveDossier
				if i == 0 {
					put = s.AddDossier
				}
				if err := put(ctx, d, l.Events[i]); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	must(t, s.AddDossiers(context.Background(), bulk))
}
