package dossier

import (
	"fmt"
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
	No      int          `json:"no,omitempty"` // of the part that it stands in for; an intake leaves it out for a paper beyond its checklist
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

// PartFor is the number of the part that a paper of another dossier stands in for: the one that it names, else the only one of its name; 0 is a
// paper beyond the checklist, or one of which the name alone does not tell.
func (in Intake) PartFor(r Reused) int {
	if r.No != 0 {
		return r.No
	}
	named := func(p PlannedPart) bool { return p.Name == r.Name }
	first := slices.IndexFunc(in.Parts, named)
	if first < 0 || slices.ContainsFunc(in.Parts[first+1:], named) {
		return 0
	}
	return first + 1
}

// checkReused names what is wrong with the papers of other dossiers.
func (in Intake) checkReused(wrong *fault.Fields) {
	if len(in.ReusedFrom) > 100 {
		wrong.Add("reused_from", "too-long", "has more than 100 entries")
	}
	for i, r := range in.ReusedFrom {
		at := fmt.Sprintf("reused_from[%d]", i)
		switch {
		case r.No < 0 || r.No > len(in.Parts):
			wrong.Add(at+".no", "part-unknown", "the dossier has parts 1 to %d", len(in.Parts))
		case r.No == 0 && slices.ContainsFunc(in.Parts, func(p PlannedPart) bool { return p.Name == r.Name }):
			wrong.Add(at+".no", "required", "is missing: several parts have this name, say which one it stands in for")
		case slices.ContainsFunc(in.ReusedFrom[:i], func(x Reused) bool { x.No = r.No; return x == r }):
			wrong.Add(at, "duplicate", "stands twice in the list")
		}
	}
}

// ReusedFor are the papers of other dossiers that stand in for the part.
func (d Dossier) ReusedFor(no int) []Reused {
	return slices.DeleteFunc(slices.Clone(d.ReusedFrom), func(r Reused) bool { return r.No != no })
}

// Lends are the files that go along with a paper of the dossier that another one uses again, as that one attaches them.
func (d Dossier) Lends(r Reused) []File {
	var all []File
	if r.Kind == ReusableResult {
		all = d.FilesOf(OfResult, 0)
	}
	for _, p := range d.Parts {
		if r.Kind == ReusablePaper && p.Name == r.Name {
			all = append(all, d.FilesOf(OfPart, p.No)...)
		}
	}
	for i, f := range all {
		all[i] = d.Lent(f, OfPart, r.No)
	}
	return all
}

// Lent is a file of the dossier as another one attaches it: the same bytes.
func (d Dossier) Lent(f File, of FileOf, part int) File {
	return File{
		Of: of, Part: part, Name: f.Name, MediaType: f.MediaType, Size: f.Size, SHA256: f.SHA256, Origin: FromReuse,
		From: &FileSource{Dossier: d.Code, File: f.No, Of: f.Of},
	}
}
