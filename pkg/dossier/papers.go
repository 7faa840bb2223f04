package dossier

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
)

// GivenBack is what went back to the applicant of one part of the checklist (trả lại bản chính).
type GivenBack struct {
	No     int            `json:"no"`
	Copies catalog.Copies `json:"copies"`
}

// PapersBack is papers that went back without a result: when, by whom, and to whom.
type PapersBack struct {
	At time.Time `json:"at"`
	By By        `json:"by"`
	HandedOut
}

// paperMethods are the ways by which paper can go.
var paperMethods = []ReturnMethod{ReturnInPerson, ReturnPost}

// GivesBack says whether papers go back with the action without a result: when a dossier ends otherwise, or after any end.
func (a Action) GivesBack() bool {
	return a == Refuse || a == Withdraw || a == Stop || a == GivePapersBack
}

// GivesBackIn are the states in which papers go back by themselves: the dossier is over, and there is no result that they could go with.
var GivesBackIn = []State{Refused, Withdrawn, Stopped, Returned}

// PapersAt is the counter where papers of the applicant lie: where they were handed in, and once there is a result where that goes out.
func (d Dossier) PapersAt() uuid.UUID {
	if d.State == Resolved || d.State == Returned {
		return d.Returning()
	}
	return d.ReceivingID
}

// checkPapers names everything that is wrong with papers that go back without a result.
func (d Dossier) checkPapers(a Action, h *HandedOut, wrong *fault.Fields) {
	if h == nil {
		if a == GivePapersBack {
			wrong.Add("handed_out", "required", "is missing: say which papers went back, and to whom")
		}
		return
	}
	if h.FileNo != 0 {
		wrong.Add("handed_out.file_no", "not-here", "belongs to %v", []Action{Return})
	}
	if len(h.GivenBack)+len(h.Originals) == 0 {
		wrong.Add("handed_out.given_back", "required", "is missing: say which papers went back, and to whom")
	}
	h.checkWay(d, paperMethods, wrong)
}

func checkGivenBack(d Dossier, all []GivenBack, wrong *fault.Fields) {
	for i, x := range all {
		at := fmt.Sprintf("handed_out.given_back[%d]", i)
		p := d.Part(x.No)
		if p == nil {
			wrong.Add(at+".no", "part-unknown", "the dossier has parts 1 to %d", len(d.Parts))
			continue
		}
		if slices.ContainsFunc(all[:i], func(y GivenBack) bool { return y.No == x.No }) {
			wrong.Add(at+".no", "duplicate", "stands twice in the list")
		}
		n, held := x.Copies, p.Held()
		switch {
		case n.Least() < 0 || !n.Any():
			wrong.Add(at+".copies", "copies-invalid", "must be at least 1, none of a kind less than 0")
		case held.Minus(n).Least() < 0:
			wrong.Add(at+".copies", "copies-invalid", "is more than the office still has: %d originals, %d certified, %d copies, %d forms",
				held.Original, held.Certified, held.Copy, held.Form)
		}
	}
}

// Overdrawn names what an event gives back that the office did not have: nobody could have handed it out.
func (d Dossier) Overdrawn(k Kind, f Facts) []string {
	if f.HandedOut == nil || k != WasReturned && !k.Action().GivesBack() {
		return nil
	}
	var wrong fault.Fields
	checkGivenBack(d, f.HandedOut.GivenBack, &wrong)
	all := make([]string, len(wrong))
	for i, w := range wrong {
		all[i] = strings.TrimPrefix(w.Name, "handed_out.") + ": " + w.Detail
	}
	return all
}

// PapersElsewhere says whether an event has papers go back at another counter than where they lay.
func (d Dossier) PapersElsewhere(k Kind, f Facts) bool {
	return f.HandedOut != nil && k.Action().GivesBack() && f.HandedOut.AgencyID != d.PapersAt()
}

// canGiveBack says why there is nothing to give back. Where nobody counted what was handed in, papers go back in words; after a result only
// originals do.
func (d Dossier) canGiveBack() error {
	counted, held := false, false
	for _, p := range d.Parts {
		counted, held = counted || p.Received.Any(), held || p.Held().Any()
	}
	if counted && !held || d.State == Returned && d.OriginalsHeld() == 0 {
		return fault.New(fault.Conflict, "nothing-held", "the office has nothing left to give back")
	}
	return nil
}

// giveBack writes down which papers went back without a result.
func (d *Dossier) giveBack(e Event, out *HandedOut) {
	if out == nil {
		return
	}
	d.PapersBack = append(d.PapersBack, PapersBack{At: e.At, By: e.By, HandedOut: *out})
	d.takeOff(*out)
}

// takeOff takes what went back off what is held of each part.
func (d *Dossier) takeOff(out HandedOut) {
	for _, x := range out.GivenBack {
		if p := d.Part(x.No); p != nil {
			p.GivenBack = p.GivenBack.Plus(x.Copies)
		}
	}
}

// Held is what was handed in of the part and not given back.
func (p Part) Held() catalog.Copies { return p.Received.Minus(p.GivenBack) }

// OriginalsHeld is how many originals of the part were handed in and not given back.
func (p Part) OriginalsHeld() int { return max(p.Held().Original, 0) }

// OriginalsHeld is how many originals of all parts were handed in and not given back.
func (d Dossier) OriginalsHeld() int {
	n := 0
	for _, p := range d.Parts {
		n += p.OriginalsHeld()
	}
	return n
}
