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

// ReusableFrom lists what a dossier's journal knows of papers: those of its checklist that came in, those told by name with a supplement,
// and the result, once there is one that was not taken back.
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
			if strings.TrimSpace(name) != "" {
				all = append(all, Reusable{Dossier: d.Code, Kind: ReusablePaper, Name: name, At: e.At})
			}
		}
	}
	for _, p := range d.Parts {
		if p.Received.Any() && p.ReceivedAt != nil && !slices.ContainsFunc(all, func(r Reusable) bool { return r.Name == p.Name }) {
			all = append(all, Reusable{Dossier: d.Code, Kind: ReusablePaper, Name: p.Name, At: *p.ReceivedAt})
		}
	}
	if d.Result != nil && d.FinishedAt != nil {
		all = append(all, Reusable{Dossier: d.Code, Kind: ReusableResult, Name: d.Result.Summary, Number: d.Result.Number, At: *d.FinishedAt})
	}
	return all, nil
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
