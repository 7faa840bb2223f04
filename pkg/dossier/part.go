package dossier

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/fault"
)

// PlannedPart is a paper that the procedure asks for, as its record stood when the dossier came in.
type PlannedPart struct {
	Name     string         `json:"name"`
	Required catalog.Copies `json:"required,omitzero"`
	Optional bool           `json:"optional,omitempty"`
	Note     string         `json:"note,omitempty"`
}

// Part is one line of the dossier's checklist (thành phần hồ sơ): what is asked for, and what was handed in so far. A part with Free is a paper
// beyond the checklist.
type Part struct {
	No         int            `json:"no"`
	Name       string         `json:"name"`
	Required   catalog.Copies `json:"required,omitzero"`
	Optional   bool           `json:"optional,omitempty"`
	Note       string         `json:"note,omitempty"`
	Free       bool           `json:"free,omitempty"`
	Asked      bool           `json:"asked,omitempty"` // for in a supplement, and not handed in since
	Received   catalog.Copies `json:"received,omitzero"`
	GivenBack  catalog.Copies `json:"given_back,omitzero"`   // with the result or without one
	ReceivedAt *time.Time     `json:"received_at,omitempty"` // when the last of it came
	ReceivedBy *By            `json:"received_by,omitempty"`
}

// Received is what came of one part: No names a line of the checklist; without it Name names a paper beyond it.
type Received struct {
	No     int            `json:"no,omitempty"`
	Name   string         `json:"name,omitempty"`
	Copies catalog.Copies `json:"copies"`
}

// Limits of what one intake or supplement can tell.
const (
	mostReceived  = 300
	mostCopies    = 999
	longestName   = 1500 // bytes of the name of a free paper
	mostFreeParts = 200
)

// checkOff writes into the checklist what an event says of it: what is asked for, what came in.
func (d *Dossier) checkOff(f Facts, e Event) {
	for _, no := range f.PartNos {
		if p := d.Part(no); p != nil {
			p.Asked = true
		}
	}
	for _, r := range f.Received {
		no := r.No
		if no == 0 {
			no = d.beyond(r.Name)
		}
		if p := d.Part(no); p != nil {
			p.Received, p.ReceivedAt, p.ReceivedBy, p.Asked = p.Received.Plus(r.Copies), ptr(e.At), ptr(e.By), false
		}
	}
	if e.Kind == SupplementWasCompleted { // what did not come stays asked for
		for i := range d.Parts {
			if p := &d.Parts[i]; slices.Contains(f.Papers, p.Name) {
				p.Asked = false
			}
		}
	}
}

// Part of the number, nil if there is none.
func (d Dossier) Part(no int) *Part {
	if no < 1 || no > len(d.Parts) {
		return nil
	}
	return &d.Parts[no-1]
}

func (d Dossier) freePart(name string) int {
	for _, p := range d.Parts {
		if p.Free && p.Name == name {
			return p.No
		}
	}
	return 0
}

// beyond is the number of the part beyond the checklist that has the name, which is added where there is none.
func (d *Dossier) beyond(name string) int {
	no := d.freePart(name)
	if no == 0 {
		no = len(d.Parts) + 1
		d.Parts = append(d.Parts, Part{No: no, Name: name, Free: true})
	}
	return no
}

// checkParts names what is wrong with what an action says of the checklist. Parts are asked for by request-supplement; they come in with
// accept, complete-supplement or the intake.
func (d Dossier) checkParts(f Facts, wrong *fault.Fields) {
	for i, no := range f.PartNos {
		if d.Part(no) == nil {
			wrong.Add(fmt.Sprintf("part_nos[%d]", i), "part-unknown", "the dossier has parts 1 to %d", len(d.Parts))
		}
	}
	free := 0
	for _, p := range d.Parts {
		if p.Free {
			free++
		}
	}
	for _, r := range f.Received {
		if r.No == 0 && d.freePart(r.Name) == 0 {
			free++
		}
	}
	if free > mostFreeParts {
		wrong.Add("received", "too-long", "the dossier would have more than %d papers beyond its checklist", mostFreeParts)
	}
	checkReceived(f.Received, len(d.Parts), wrong)
}

// checkNames names what is wrong with the names of papers that are asked for or came. There must be some, or others that are named otherwise; those
// of the checklist are as the record has them.
func (d Dossier) checkNames(papers []string, others int, missing fault.Text, wrong *fault.Fields) {
	if len(papers)+others == 0 {
		wrong.Put("papers", "required", missing)
	}
	for i, name := range papers {
		switch field := fmt.Sprintf("papers[%d]", i); {
		case slices.ContainsFunc(d.Parts, func(p Part) bool { return p.Name == name }):
		case !says(name):
			wrong.Add(field, "too-short", "names no paper")
		default:
			onOneLine(field, name, wrong)
		}
	}
}

func checkReceived(all []Received, parts int, wrong *fault.Fields) {
	if len(all) > mostReceived {
		wrong.Add("received", "too-long", "has more than %d items", mostReceived)
	}
	for i, r := range all {
		at := fmt.Sprintf("received[%d]", i)
		switch {
		case r.No < 0 || r.No > parts:
			wrong.Add(at+".no", "part-unknown", "the dossier has parts 1 to %d", parts)
		case r.No > 0 && r.Name != "":
			wrong.Add(at+".name", "not-here", "part %d has its name; leave it out", r.No)
		case r.No == 0 && strings.TrimSpace(r.Name) == "":
			wrong.Add(at+".name", "required", "is missing: name the paper, or give the number of a part")
		case len(r.Name) > longestName:
			wrong.Add(at+".name", "too-long", "is longer than %d bytes", longestName)
		case slices.ContainsFunc(all[:i], func(x Received) bool { return x.No == r.No && x.Name == r.Name }):
			wrong.Add(at, "duplicate", "stands twice in the list")
		}
		onOneLine(at+".name", r.Name, wrong)
		n := r.Copies
		if least, total := min(n.Original, n.Certified, n.Copy, n.Form), n.Original+n.Certified+n.Copy+n.Form; least < 0 || total < 1 || total > mostCopies {
			wrong.Add(at+".copies", "copies-invalid", "must be 1 to %d copies, none of a kind less than 0", mostCopies)
		}
	}
}

// Digitisation is how far the dossier is there as files (số hóa). Digitised: each part that counts has a file, at least one has, and where there is
// a result, the result has one too. From acceptance on a part counts that everybody has to hand in, whatever was written down of it.
type Digitisation struct {
	Digitised  bool `json:"digitised"`
	Parts      int  `json:"parts"`       // handed in, taken over from another dossier, there as a file alone, or accepted as if it were
	WithFiles  int  `json:"with_files"`  // of them
	Reused     int  `json:"reused"`      // of them, with a file from another dossier
	ResultFile bool `json:"result_file"` // the result has a file
}

// Digitisation works it out.
func (d Dossier) Digitisation() Digitisation {
	var x Digitisation
	for _, p := range d.Parts {
		flag, there := d.PartFlag(p.No), len(d.FilesOf(OfPart, p.No)) > 0
		if there {
			x.WithFiles++
		}
		due := d.AcceptedAt != nil && !p.Optional && !p.Free
		if there || due || p.Received.Any() || len(d.ReusedFor(p.No)) > 0 {
			x.Parts++
		}
		if flag == FlagReusedPart || flag == FlagReusedResult {
			x.Reused++
		}
	}
	x.ResultFile = len(d.FilesOf(OfResult, 0)) > 0
	x.Digitised = x.WithFiles > 0 && x.WithFiles == x.Parts && (d.Result == nil || x.ResultFile)
	return x
}

// Flag is how a part came to its file, as the national data carry it.
type Flag int

// The flags. A file that was born digital is neither of the others: it counts as a file and has no flag.
const (
	FlagNone         Flag = 0
	FlagScanned      Flag = 1
	FlagReusedPart   Flag = 2
	FlagReusedResult Flag = 3
)

// PartFlag is the flag of a part: the highest of its files.
func (d Dossier) PartFlag(no int) Flag {
	flag := FlagNone
	for _, f := range d.FilesOf(OfPart, no) {
		flag = max(flag, f.flag())
	}
	return flag
}
