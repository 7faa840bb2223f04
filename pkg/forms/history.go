package forms

import (
	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
)

// Find reads in a dossier's journal what the named form tells: what happened last that it is for, who did it, and the form in use then as far
// as the event says. no is the number of a promise, for the receipt and the apology; 0 is the last that they tell. The fault is Conflict
// "form-not-applicable" when nothing happened that the form could tell, NotFound "promise-not-found" when there is no such promise.
func Find(name string, events []dossier.Event, no int) (Paper, error) {
	var p Paper
	found := false
	slip := trail{}
	d, err := dossier.Replay(events, func(before dossier.Dossier, e dossier.Event, f dossier.Facts) error {
		slip.follow(before, e, f)
		if !told(name, e, f, no) {
			return nil
		}
		found = true
		p.At, p.By, p.Facts, p.Promise = e.At, e.By, f, dossier.Promise{}
		if p.Form = f.Form; name == dossier.FormControlSlip || name == dossier.FormHandOver {
			p.Form = nil // the event's own is another
		}
		p.Before, p.Granted = dossier.Promise{}, nil
		if at := before.Promise(); at != nil {
			p.Promise, p.Before = *at, *at
		}
		if f.Promise != nil {
			p.Promise = *f.Promise
		}
		if x := before.Extension; x != nil && e.Kind == dossier.ExtensionWasApproved {
			p.Granted = &x.Term
		}
		return nil
	})
	if err != nil {
		return p, err
	}
	if p.Dossier = d; no > len(d.Promises) {
		return p, fault.New(fault.NotFound, "promise-not-found", "the dossier has %d promises", len(d.Promises))
	}
	if d.Source != nil || !found {
		return p, fault.New(fault.Conflict, "form-not-applicable", "%s", why(d, name, no))
	}
	if n := p.Promise.No; n > 0 {
		p.Promise = d.Promises[n-1] // with who stands for it
	}
	p.HandOvers = slip.rows(d)
	return p, nil
}

// told says whether the form tells what the event writes down.
func told(name string, e dossier.Event, f dossier.Facts, no int) bool {
	switch name {
	case dossier.FormReceipt:
		switch e.Kind {
		case dossier.WasReceived, dossier.WasAccepted:
			return no == 0 || f.Promise != nil && f.Promise.No == no
		case dossier.SupplementWasCompleted, dossier.PaymentWasConfirmed:
			return f.Promise != nil && (no == 0 || f.Promise.No == no)
		}
	case dossier.FormSupplement:
		return e.Kind == dossier.SupplementWasRequested
	case dossier.FormRefusal:
		return e.Kind == dossier.WasRefused
	case dossier.FormApology:
		return e.Kind == dossier.ExtensionWasApproved && f.Promise != nil && (no == 0 || f.Promise.No == no)
	case dossier.FormStop:
		return e.Kind == dossier.WasStopped
	case dossier.FormControlSlip:
		return e.Kind == dossier.WasReceived || e.Kind == dossier.WasAccepted
	case dossier.FormHandOver:
		return e.Kind == dossier.WasFinished || e.Kind == dossier.WasReturned
	}
	return false
}

// why a form has nothing to tell of a dossier.
func why(d dossier.Dossier, name string, no int) string {
	if d.Source != nil {
		return "another system keeps this dossier; its papers are printed there"
	}
	if no > 0 && (name == dossier.FormApology || name == dossier.FormReceipt) {
		return "this promise was not told with this form"
	}
	return map[string]string{
		dossier.FormReceipt:     "the dossier was not accepted yet",
		dossier.FormSupplement:  "no papers were asked for",
		dossier.FormRefusal:     "the dossier was not refused",
		dossier.FormApology:     "no date was moved with an apology",
		dossier.FormStop:        "the dossier was not stopped",
		dossier.FormControlSlip: "the dossier was not accepted yet",
		dossier.FormHandOver:    "there is no result yet",
	}[name]
}

// trail gathers the hand-overs of a journal.
type trail struct{ done []HandOver }

func (t *trail) follow(before dossier.Dossier, e dossier.Event, f dossier.Facts) {
	h := HandOver{From: before.HolderID, Giver: e.By.Name, At: e.At, Note: f.Note}
	if s := before.Step(); s != nil {
		h.Timing = onTime(s.Mark, e.At)
	}
	switch e.Kind {
	case dossier.WasHandedOver:
		h.To, h.Timing = stepAgency(before, 1), ""
	case dossier.PaymentWasConfirmed: // before the first hand-over it is one, as the national table has it
		if before.StepNo > 0 || len(before.Steps) == 0 {
			return
		}
		h.To = stepAgency(before, 1)
	case dossier.StepWasCompleted:
		h.To = stepAgency(before, before.StepNo+1)
		t.taken(e)
	case dossier.WasFinished:
		if before.Step() == nil {
			return // on the spot: it went nowhere
		}
		h.To = before.ReceivingID
		t.taken(e)
	case dossier.WasRecalled, dossier.WasReopened:
		h.To, h.Note = stepAgency(before, len(before.Steps)), f.Reason
	case dossier.StepWasTaken:
		if n := len(t.done); n > 0 {
			t.done[n-1].Taker, t.done[n-1].TakenAt = e.By.Name, e.At
		}
		return
	default:
		return
	}
	t.done = append(t.done, h)
}

// taken names who completed a step as who had it, where nobody took it first.
func (t *trail) taken(e dossier.Event) {
	if n := len(t.done); n > 0 && t.done[n-1].Taker == "" {
		t.done[n-1].Taker = e.By.Name
	}
}

// rows are the hand-overs that happened and, while the dossier is under way, those that are planned.
func (t *trail) rows(d dossier.Dossier) []HandOver {
	if d.State.Ended() || len(d.Steps) == 0 {
		return t.done
	}
	all, from := t.done, d.HolderID
	for no := d.StepNo + 1; no <= len(d.Steps); no++ {
		to := stepAgency(d, no)
		all, from = append(all, HandOver{From: from, To: to}), to
	}
	return append(all, HandOver{From: from, To: d.ReceivingID})
}

// stepAgency is where a step is done; the deciding agency where the process has no such step.
func stepAgency(d dossier.Dossier, no int) uuid.UUID {
	if no < 1 || no > len(d.Steps) {
		return d.DecidingID
	}
	return d.Steps[no-1].AgencyID
}
