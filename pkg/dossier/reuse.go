package dossier

import (
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/pkg/fault"
)

// ReusableKind is where a paper came from.
type ReusableKind string

// The kinds.
const (
	ReusablePaper  ReusableKind = "PAPER"  // handed in with a dossier
	ReusableResult ReusableKind = "RESULT" // what a dossier led to
)

// Reusable is a paper that the office has of a person already, from one dossier, and that need not be handed in again.
type Reusable struct {
	Dossier string       `json:"dossier"` // code
	Kind    ReusableKind `json:"kind"`
	Name    string       `json:"name"`
	Number  string       `json:"number,omitempty"`
	At      time.Time    `json:"at,omitzero"` // when it came in or was made
}

// Reused is a paper that an intake took over from an earlier dossier instead of asking for it again (tái sử dụng).
type Reused struct {
	Dossier string       `json:"dossier"` // code
	Kind    ReusableKind `json:"kind"`
	Name    string       `json:"name"`
	Number  string       `json:"number,omitempty"`
}

// ReusableFrom lists what the office has of a dossier: papers that came in and that it still holds, or that it has as files of their own, those
// told by name with a supplement that did not go back by it, and the result, once there is one that was not taken back.
func ReusableFrom(d Dossier, events []Event) ([]Reusable, error) {
	var all []Reusable
	for _, e := range events {
		if e.Kind != SupplementWasCompleted {
			continue
		}
		f, err := e.Read()
		if err != nil {
			return nil, err
		}
		for _, name := range f.Papers {
			if strings.TrimSpace(name) != "" && !d.counted(name) && !d.wentBack(name) {
				all = append(all, Reusable{Dossier: d.Code, Kind: ReusablePaper, Name: name, At: e.At})
			}
		}
	}
	for _, p := range d.Parts {
		if at := d.hasSince(p); at != nil && !slices.ContainsFunc(all, func(r Reusable) bool { return r.Name == p.Name }) {
			all = append(all, Reusable{Dossier: d.Code, Kind: ReusablePaper, Name: p.Name, At: *at})
		}
	}
	if d.Result != nil && d.FinishedAt != nil {
		all = append(all, Reusable{Dossier: d.Code, Kind: ReusableResult, Name: d.Result.Summary, Number: d.Result.Number, At: *d.FinishedAt})
	}
	return all, nil
}

// hasSince is when a part came in of which the office still has paper, or a file that is not another dossier's; nil where it has neither.
func (d Dossier) hasSince(p Part) *time.Time {
	own := slices.DeleteFunc(d.FilesOf(OfPart, p.No), func(f File) bool { return f.Origin == FromReuse })
	switch {
	case len(own) == 0 && !p.Held().Any():
		return nil
	case p.ReceivedAt == nil:
		return own[0].AttachedAt
	}
	return p.ReceivedAt
}

// counted says whether copies of a paper of the name came in: the checklist then tells what is left of it.
func (d Dossier) counted(name string) bool {
	return slices.ContainsFunc(d.Parts, func(p Part) bool { return p.Name == name && p.Received.Any() })
}

// wentBack says whether a paper went back in words, by its name.
func (d Dossier) wentBack(name string) bool {
	return d.Return != nil && slices.Contains(d.Return.Originals, name) ||
		slices.ContainsFunc(d.PapersBack, func(x PapersBack) bool { return slices.Contains(x.Originals, name) })
}

// Among finds the paper; the number need not be said.
func (r Reused) Among(all []Reusable) (Reused, bool) {
	i := slices.IndexFunc(all, func(x Reusable) bool {
		return x.Dossier == r.Dossier && x.Kind == r.Kind && x.Name == r.Name && (r.Number == "" || r.Number == x.Number)
	})
	if i < 0 {
		return r, false
	}
	r.Number = all[i].Number
	return r, true
}

func checkReused(all []Reused, wrong *fault.Fields) {
	if len(all) > 100 {
		wrong.Add("reused_from", "too-long", "has more than 100 entries")
	}
}
