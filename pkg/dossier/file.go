package dossier

import (
	"encoding/hex"
	"path"
	"strings"
	"time"
	"unicode"

	"github.com/motcua/motcua/pkg/fault"
)

// Origin is where a file comes from.
type Origin string

// The origins.
const (
	Scanned     Origin = "SCANNED"      // of a paper, at the counter
	FromReuse   Origin = "REUSED"       // from another dossier of the same applicant
	BornDigital Origin = "BORN_DIGITAL" // there never was a paper
)

// Origins lists them.
var Origins = []Origin{Scanned, FromReuse, BornDigital}

// FileOf is what a file belongs to.
type FileOf string

// What it may be.
const (
	OfPart    FileOf = "PART"
	OfResult  FileOf = "RESULT"
	OfDossier FileOf = "DOSSIER" // to none of its parts
)

// allOf lists them.
var allOf = []FileOf{OfPart, OfResult, OfDossier}

// File is a file attached to a dossier. The journal holds its hash; the bytes lie in the archive under it and stay there, also when the file
// is removed.
type File struct {
	No         int         `json:"no,omitempty"` // in the dossier, 1 up; the event leaves it to its place in the journal
	Of         FileOf      `json:"of"`
	Part       int         `json:"part,omitempty"` // its number
	Name       string      `json:"name"`
	MediaType  string      `json:"media_type"` // as the content shows it
	Size       int64       `json:"size"`
	SHA256     string      `json:"sha256"` // of the content, hex
	Origin     Origin      `json:"origin"`
	From       *FileSource `json:"from,omitempty"` // with REUSED
	AttachedAt *time.Time  `json:"attached_at,omitempty"`
	AttachedBy *By         `json:"attached_by,omitempty"`
	RemovedAt  *time.Time  `json:"removed_at,omitempty"`
	RemovedBy  *By         `json:"removed_by,omitempty"`
	Removal    string      `json:"removal,omitempty"` // why
}

// FileSource is the file of another dossier that is used again.
type FileSource struct {
	Dossier string `json:"dossier"` // code
	File    int    `json:"file"`
	Of      FileOf `json:"of"`
}

const mostFiles = 500 // of one dossier

func (f File) flag() Flag {
	switch {
	case f.Origin == Scanned:
		return FlagScanned
	case f.Origin == FromReuse && f.From != nil && f.From.Of == OfResult:
		return FlagReusedResult
	case f.Origin == FromReuse:
		return FlagReusedPart
	}
	return FlagNone
}

// File of the number, nil if there is none.
func (d Dossier) File(no int) *File {
	if no < 1 || no > len(d.Files) {
		return nil
	}
	return &d.Files[no-1]
}

// FilesOf are the files that belong to the part of the number, to the result or to the dossier, and were not removed.
func (d Dossier) FilesOf(of FileOf, part int) []File {
	var all []File
	for _, f := range d.Files {
		if f.Of == of && f.Part == part && f.RemovedAt == nil {
			all = append(all, f)
		}
	}
	return all
}

// Attachable says why no file can be attached to what is named, nil if one can. A file of the result needs a dossier that is being worked on or
// whose result is there.
func (d Dossier) Attachable(of FileOf, part int) error {
	var wrong fault.Fields
	switch {
	case d.Source != nil:
		return fault.New(fault.Conflict, "foreign-dossier", "the dossier is kept by another system; its files are there")
	case d.State == Refused || d.State == Withdrawn || d.State == Stopped:
		return fault.New(fault.Conflict, "wrong-state", "no file can be attached in state %s (%s)", d.State, StateNames[d.State])
	case of == OfResult && d.State != Accepted && d.State != InProgress && d.State != Resolved && d.State != Returned:
		return fault.New(fault.Conflict, "wrong-state", "a result's file cannot be attached in state %s (%s)", d.State, StateNames[d.State])
	case len(d.Files) >= mostFiles:
		return fault.New(fault.Conflict, "too-many-files", "the dossier has %d files already", len(d.Files))
	case of == OfPart && len(d.Parts) == 0:
		wrong.Add("of", "part-unknown", "the dossier has no parts: DOSSIER takes the file")
	case of == OfPart && part == 0:
		wrong.Add("part", "required", "is missing: of=PART needs the number of the part, 1 to %d", len(d.Parts))
	case of == OfPart && d.Part(part) == nil:
		wrong.Add("part", "part-unknown", "the dossier has parts 1 to %d", len(d.Parts))
	case of != OfPart && part != 0:
		wrong.Add("part", "not-here", "belongs to of=PART")
	case of != OfPart && of != OfResult && of != OfDossier:
		wrong.Add("of", "unknown", "%q is none of %v", of, allOf)
	}
	return wrong.Err("file-invalid", "the file cannot be attached")
}

// Attach writes down that a file belongs to the dossier from now on. Its bytes must lie in the archive already.
func (d Dossier) Attach(m Move, f File) (Dossier, Event, error) {
	f.Name = CleanName(f.Name)
	if err := d.Attaches(&f); err != nil {
		return d, Event{}, err
	}
	f.No, f.AttachedAt, f.AttachedBy, f.RemovedAt, f.RemovedBy, f.Removal = 0, nil, nil, nil, nil, ""
	return d.write(FileWasAttached, m, Facts{File: &f})
}

// Attaches says why the file cannot be attached as it is named, nil if it can.
func (d Dossier) Attaches(f *File) error {
	var wrong fault.Fields
	if f == nil {
		wrong.Add("file", "required", "is missing")
		return wrong.Err("file-invalid", "the file cannot be attached")
	}
	if err := d.Attachable(f.Of, f.Part); err != nil {
		return err
	}
	if f.Name == "" {
		wrong.Add("name", "required", "is missing")
	}
	if sum, err := hex.DecodeString(f.SHA256); err != nil || len(sum) != 32 || f.SHA256 != strings.ToLower(f.SHA256) {
		wrong.Add("sha256", "pattern", "is no SHA-256")
	}
	if f.Size < 1 {
		wrong.Add("file", "required", "is empty")
	}
	switch {
	case f.Origin != Scanned && f.Origin != BornDigital && f.Origin != FromReuse:
		wrong.Add("origin", "unknown", "%q is none of %v", f.Origin, Origins)
	case (f.Origin == FromReuse) != (f.From != nil):
		wrong.Add("origin", "not-here", "REUSED names the file of another dossier, and nothing else does")
	}
	return wrong.Err("file-invalid", "the file cannot be attached")
}

// Remove marks a file as removed; the journal keeps its hash, the archive its bytes.
func (d Dossier) Remove(m Move, no int, reason string) (Dossier, Event, error) {
	if err := d.Removes(no, reason); err != nil {
		return d, Event{}, err
	}
	return d.write(FileWasRemoved, m, Facts{FileNo: no, Reason: reason})
}

// Removes says why the file cannot be marked as removed, nil if it can.
func (d Dossier) Removes(no int, reason string) error {
	var wrong fault.Fields
	f := d.File(no)
	switch {
	case f == nil:
		return fault.New(fault.NotFound, "file-not-found", "the dossier has no file %d", no)
	case f.RemovedAt != nil:
		return fault.New(fault.Conflict, "file-removed", "file %d was removed already", no)
	case strings.TrimSpace(reason) == "":
		wrong.Add("reason", "required", "is missing")
	}
	return wrong.Err("file-invalid", "the file cannot be removed")
}

func (d *Dossier) attach(f *File, e Event) {
	if f == nil {
		return
	}
	x := *f
	x.No, x.AttachedAt, x.AttachedBy = len(d.Files)+1, ptr(e.At), ptr(e.By)
	d.Files = append(d.Files, x)
	if p := d.Part(x.Part); p != nil { // it came as a file
		p.Asked = false
	}
}

func (d *Dossier) strike(f Facts, e Event) {
	if x := d.File(f.FileNo); x != nil {
		x.RemovedAt, x.RemovedBy, x.Removal = ptr(e.At), ptr(e.By), f.Reason
	}
}

// SamePerson says whether two dossiers are certainly of one applicant: both have the same identity number or tax code. Names alone say nothing.
func SamePerson(a, b Person) bool {
	clean := func(s string) string {
		return strings.ToUpper(strings.NewReplacer(" ", "", "-", "", ".", "").Replace(s))
	}
	return clean(a.IDNumber) != "" && clean(a.IDNumber) == clean(b.IDNumber)
}

const longestFileName = 150 // letters

// CleanName makes of what a sender calls a file a name that is safe to show and to save: no folders, no control or direction signs, nothing that a
// file system takes for something else, not too long. "" if nothing is left.
func CleanName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`/\:*?"<>|`, r):
			return '_'
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar || r >= 0x2028 && r <= 0x2029:
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, name)
	name = strings.Trim(strings.Join(strings.Fields(name), " "), ". ")
	if all := []rune(name); len(all) > longestFileName {
		ending := []rune(path.Ext(name))
		if len(ending) > 10 {
			ending = nil
		}
		name = strings.TrimRight(string(all[:longestFileName-len(ending)]), ". ") + string(ending)
	}
	return name
}
