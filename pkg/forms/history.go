package forms

import (
	"cmp"
	"slices"
	"strings"

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
		if !told(name, e, f, no) && !toldOfPapers(name, before, e, f) {
			return nil
		}
		found = true
		p.At, p.By, p.Facts, p.Promise = e.At, e.By, f, dossier.Promise{}
		if p.Form = f.Form; name == dossier.FormControlSlip || name == dossier.FormHandOver || name == dossier.FormPapersBack {
			p.Form = nil // the event's own is another
		}
		p.Parts, p.Over = slices.Clone(before.Parts), before.State
		if end := endings[e.Kind]; end != "" {
			p.Over = end
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
		return p, fault.Of(fault.Conflict, "form-not-applicable", why(d, name, no))
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

// endings are the states that papers go back in as a dossier ends.
var endings = map[dossier.Kind]dossier.State{dossier.WasRefused: dossier.Refused, dossier.WasWithdrawn: dossier.Withdrawn, dossier.WasStopped: dossier.Stopped}

// toldOfPapers says whether the slip for papers tells what the event writes down: that some went back, or that the dossier ended while the
// office has some, and then the slip is to be filled in.
func toldOfPapers(name string, before dossier.Dossier, e dossier.Event, f dossier.Facts) bool {
	if name != dossier.FormPapersBack {
		return false
	}
	if e.Kind == dossier.PapersWereGivenBack {
		return true
	}
	held := slices.ContainsFunc(before.Parts, func(p dossier.Part) bool { return p.Held().Any() })
	return endings[e.Kind] != "" && (f.HandedOut != nil || held)
}

// why a form has nothing to tell of a dossier.
func why(d dossier.Dossier, name string, no int) fault.Text {
	if d.Source != nil {
		return fault.Say("another system keeps this dossier; its papers are printed there")
	}
	if no > 0 && (name == dossier.FormApology || name == dossier.FormReceipt) {
		return fault.Say("this promise was not told with this form")
	}
	return map[string]fault.Text{
		dossier.FormReceipt:     fault.Say("the dossier was not accepted yet"),
		dossier.FormSupplement:  fault.Say("no papers were asked for"),
		dossier.FormRefusal:     fault.Say("the dossier was not refused"),
		dossier.FormApology:     fault.Say("no date was moved with an apology"),
		dossier.FormStop:        fault.Say("the dossier was not stopped"),
		dossier.FormControlSlip: fault.Say("the dossier was not accepted yet"),
		dossier.FormHandOver:    fault.Say("there is no result yet"),
		dossier.FormPapersBack:  fault.Say("no papers went back without a result, and none are to"),
	}[name]
}

// trail gathers the hand-overs of a journal.
type trail struct{ done []HandOver }

func (t *trail) follow(before dossier.Dossier, e dossier.Event, f dossier.Facts) {
	h := HandOver{From: before.HolderID, Giver: e.By.Name, At: e.At, Note: f.Note}
	no := f.StepNo
	if e.Kind == dossier.WasFinished {
		no = before.StepNo
	}
	var m *dossier.Mark // of the step or, where neither it nor a counter has one, of the dossier
	if promise := cmp.Or(f.Promise, before.Promise()); promise != nil {
		m = &promise.Mark
	}
	whole := onTime(m, e.At)
	if no > 0 && no <= len(before.Steps) {
		s := before.Steps[no-1]
		h.From, m = s.AgencyID, cmp.Or(s.Mark, m)
	}
	h.Timing = onTime(m, e.At)
	switch e.Kind {
	case dossier.WasHandedOver:
		t.pass(h, before, before.StepsOf(1))
	case dossier.PaymentWasConfirmed: // before the first hand-over it is one, as the national table has it
		if before.StepNo == 0 {
			t.pass(h, before, before.StepsOf(1))
		}
	case dossier.StepWasCompleted:
		t.taken(no, e, false)
		to := before.StageAfter(no)
		if len(to) == 0 { // others of its stage are under way: it goes where all of them will go
			to = before.StepsOf(before.Steps[no-1].Stage + 1)
		}
		t.pass(h, before, to)
	case dossier.WasFinished:
		if no == 0 {
			return // on the spot: it went nowhere
		}
		t.taken(no, e, false)
		h.To = before.Returning()
		if whole != "" {
			h.Note = strings.TrimPrefix(h.Note+"\nHồ sơ: "+whole, "\n")
		}
		t.done = append(t.done, h)
	case dossier.StepWasSentBack:
		h.Note = f.Reason
		t.pass(h, before, before.StepsOf(f.ToStage))
	case dossier.StepWasRecalled:
		h.From, h.Timing, h.Note = before.HolderID, "", f.Reason
		t.pass(h, before, []int{no})
		t.taken(no, e, true)
	case dossier.WasRecalled, dossier.WasReopened:
		h.Timing, h.Note = "", f.Reason
		if to := before.LeftOpen(); len(to) > 0 {
			t.pass(h, before, to)
		} else {
			h.To = before.DecidingID
			t.done = append(t.done, h)
		}
	case dossier.StepWasTaken:
		t.taken(no, e, true)
	}
}

// pass adds a row for each step that it is handed on to.
func (t *trail) pass(h HandOver, d dossier.Dossier, to []int) {
	for _, no := range to {
		h.To, h.step = stepAgency(d, no), no
		t.done = append(t.done, h)
	}
}

// JudgeCounters judges hand-overs by a counter by its own time, where the rules give it one.
func (p *Paper) JudgeCounters(r dossier.Reckoner) error {
	for _, turn := range p.Dossier.Turns {
		if turn.StepNo > 0 {
			continue
		}
		m, err := r.Counter(p.Dossier, turn.From, turn.To)
		if err != nil {
			return err
		}
		for i := range p.HandOvers {
			if h := &p.HandOvers[i]; m != nil && h.At.Equal(turn.To) {
				h.Timing = onTime(m, h.At)
			}
		}
	}
	return nil
}

// taken names who took a step, or who completed it where nobody had taken it first.
func (t *trail) taken(no int, e dossier.Event, now bool) {
	for i := range t.done {
		h := &t.done[i]
		if h.step != no || h.Taker != "" && !now {
			continue
		}
		if now && h.Taker != "" && !h.TakenAt.IsZero() {
			continue // an earlier turn of the step
		}
		if h.Taker = e.By.Name; now {
			h.TakenAt = e.At
		}
	}
}

// rows are the hand-overs that happened and, while the dossier is under way, those that are planned.
func (t *trail) rows(d dossier.Dossier) []HandOver {
	if d.State.Ended() || len(d.Steps) == 0 {
		return t.done
	}
	all, from, stage := t.done, d.HolderID, 1
	if s := d.Step(); s != nil {
		stage = s.Stage + 1
	}
	for ; stage <= d.LastStage(); stage++ {
		steps := d.StepsOf(stage)
		for _, no := range steps {
			all = append(all, HandOver{From: from, To: stepAgency(d, no)})
		}
		from = stepAgency(d, steps[0])
	}
	return append(all, HandOver{From: from, To: d.Returning()})
}

// stepAgency is where a step is done; the deciding agency where the process has no such step.
func stepAgency(d dossier.Dossier, no int) uuid.UUID {
	if no < 1 || no > len(d.Steps) {
		return d.DecidingID
	}
	return d.Steps[no-1].AgencyID
}
