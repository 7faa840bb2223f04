package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/motcua/motcua/pkg/fault"
)

// AgencyRecord is an agency as a file gives it: its neighbours in the tree and in time are named by code, not yet by id.
type AgencyRecord struct {
	At           string // where it stands in the file: "units[3]"
	Agency       Agency // without ID, ParentID and Path
	Parent       string // code of the agency above, "" for the root
	Predecessors []AgencyLink
	Successors   []AgencyLink
}

// AgencyLink names the other end of a succession: by code and, where the file has it, by name. A link without a code is one between
// provinces and names the other by its name alone.
type AgencyLink struct {
	Code string
	Name string
	On   Date
}

// AgencyDefaults is what a file of units does not say itself.
type AgencyDefaults struct {
	ValidFrom      Date              // first day of units that ended in a merger; "" is DefaultValidFrom
	IdentifierRoot string            // identifier of the province (H30): its units get <root>.<code>
	Roots          map[string]string // the same by code of the province, for when IdentifierRoot is empty
}

// DefaultValidFrom is taken for units of before the mergers, whose files do not say since when they exist: the day on which the
// province of Hậu Giang was set up (NQ 22/2003/QH11).
const DefaultValidFrom Date = "2004-01-01"

// merged is the day on which provinces and communes merged and districts ended (NQ 202/2025/QH15).
const merged Date = "2025-07-01"

// ReadAgencies reads a file of agencies, either a published list of territorial units ("units") or our own fuller form ("agencies");
// both are described in api/agencies.md. The error is Invalid, "agencies-invalid", and names every field that is wrong.
func ReadAgencies(data []byte, d AgencyDefaults) ([]AgencyRecord, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	var file struct {
		Units    *[]unitJSON     `json:"units"`
		Agencies json.RawMessage `json:"agencies"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, unreadable(data, err)
	}
	switch {
	case file.Units != nil && file.Agencies != nil:
		return nil, wrongFile("units", "duplicate", "stands beside agencies; a file holds one of the two")
	case file.Units != nil:
		return readUnits(*file.Units, d)
	case file.Agencies != nil:
		return readOwn(file.Agencies)
	default:
		return nil, wrongFile("units", "required", "is missing: the file has neither units nor agencies")
	}
}

// unitJSON is a territorial unit as published lists give it.
type unitJSON struct {
	Code         string     `json:"code"`
	Name         string     `json:"name"`
	ShortName    string     `json:"short_name"`
	Level        string     `json:"level"`
	Parent       *string    `json:"parent"`
	Successors   []linkJSON `json:"successors_2025"`
	Predecessors []linkJSON `json:"predecessors"`
}

type linkJSON struct {
	Code     *string `json:"code"`
	Name     string  `json:"name"`
	Province string  `json:"province"`
}

// readUnits tells from the links which side of the mergers the list is from: units with successors ended on that day, units with
// predecessors began on it.
func readUnits(units []unitJSON, d AgencyDefaults) ([]AgencyRecord, error) {
	before, after := false, false
	for _, u := range units {
		before, after = before || len(u.Successors) > 0, after || len(u.Predecessors) > 0
	}
	from, to := d.ValidFrom, Date("")
	if from == "" {
		from = DefaultValidFrom
	}
	switch {
	case before:
		to = merged
	case after:
		from = merged
	}
	root := d.root(units)
	records := make([]AgencyRecord, len(units))
	provinces := links{}
	for i, u := range units {
		r := AgencyRecord{At: fmt.Sprintf("units[%d]", i), Agency: Agency{
			Code: strings.TrimSpace(u.Code), Name: line(u.Name), ShortName: line(u.ShortName), ValidFrom: from, ValidTo: to,
			Level: Level(strings.ToUpper(u.Level)), Kind: AgencyKind(strings.ToUpper(u.Level)),
		}}
		if u.Parent != nil {
			r.Parent = strings.TrimSpace(*u.Parent)
		}
		if root != "" && r.Agency.Kind == ProvinceCommittee {
			r.Agency.Identifier = root
		} else if root != "" {
			r.Agency.Identifier = root + "." + r.Agency.Code
		}
		r.Predecessors, r.Successors = provinces.read(u.Predecessors), provinces.read(u.Successors)
		records[i] = r
	}
	provinces.between(records, before)
	return records, checkRecords(records)
}

// root is the identifier of the province that the list is of.
func (d AgencyDefaults) root(units []unitJSON) string {
	if d.IdentifierRoot != "" {
		return strings.TrimSpace(d.IdentifierRoot)
	}
	for _, u := range units {
		if u.Parent == nil && d.Roots[strings.TrimSpace(u.Code)] != "" {
			return d.Roots[strings.TrimSpace(u.Code)]
		}
	}
	return ""
}

// links gathers the names of the provinces in which the other ends of successions lie.
type links map[string]bool

// read passes over a unit that is known by name only: the name alone does not tell which of several it is.
func (seen links) read(all []linkJSON) []AgencyLink {
	var read []AgencyLink
	for _, l := range all {
		if l.Province != "" {
			seen[line(l.Province)] = true
		}
		if l.Code != nil && *l.Code != "" {
			read = append(read, AgencyLink{Code: strings.TrimSpace(*l.Code), Name: line(l.Name), On: merged})
		}
	}
	return read
}

// between links the province itself with those in which its units went on, or from which they come.
func (seen links) between(records []AgencyRecord, before bool) {
	for i := range records {
		r := &records[i]
		if r.Parent != "" || r.Agency.Kind != ProvinceCommittee {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(seen)) {
			if link := (AgencyLink{Name: name, On: merged}); before {
				r.Successors = append(r.Successors, link)
			} else {
				r.Predecessors = append(r.Predecessors, link)
			}
		}
	}
}

// ownJSON is an agency in our own form.
type ownJSON struct {
	Code         string     `json:"code"`
	Name         string     `json:"name"`
	ShortName    string     `json:"short_name"`
	Kind         AgencyKind `json:"kind"`
	Level        Level      `json:"level"`
	Parent       string     `json:"parent"`
	Identifier   string     `json:"identifier"`
	Calendar     string     `json:"calendar"`
	ValidFrom    Date       `json:"valid_from"`
	ValidTo      Date       `json:"valid_to"`
	Predecessors []string   `json:"predecessors"`
	Successors   []string   `json:"successors"`
}

func readOwn(data []byte) ([]AgencyRecord, error) {
	var items []json.RawMessage
	if err := json.Unmarshal(data, &items); err != nil {
		return nil, wrongFile("agencies", "type", "is no list")
	}
	records := make([]AgencyRecord, len(items))
	var wrong fault.Fields
	for i, item := range items {
		at := fmt.Sprintf("agencies[%d]", i)
		var a ownJSON
		dec := json.NewDecoder(bytes.NewReader(item))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&a); err != nil {
			wrong.Put(at, "type", plainJSON(err))
			continue
		}
		r := AgencyRecord{At: at, Parent: strings.TrimSpace(a.Parent), Agency: Agency{
			Code: strings.TrimSpace(a.Code), Name: line(a.Name), ShortName: line(a.ShortName), Kind: a.Kind, Level: a.Level,
			Identifier: strings.TrimSpace(a.Identifier), Calendar: strings.TrimSpace(a.Calendar), ValidFrom: a.ValidFrom, ValidTo: a.ValidTo,
		}}
		for _, code := range a.Predecessors {
			r.Predecessors = append(r.Predecessors, AgencyLink{Code: strings.TrimSpace(code), On: a.ValidFrom})
		}
		for _, code := range a.Successors {
			r.Successors = append(r.Successors, AgencyLink{Code: strings.TrimSpace(code), On: a.ValidTo})
		}
		if len(a.Successors) > 0 && a.ValidTo == "" {
			wrong.Add(at+".valid_to", "required", "is missing, though there are successors")
		}
		records[i] = r
	}
	if len(wrong) > 0 {
		return nil, wrong.Err("agencies-invalid", "the agencies cannot be taken over")
	}
	return records, checkRecords(records)
}

// checkRecords names every wrong field of every record, and codes that two agencies bear at the same time.
func checkRecords(records []AgencyRecord) error {
	var wrong fault.Fields
	seen := map[string][]AgencyRecord{}
	for _, r := range records {
		if f := fault.As(r.Agency.Check()); f != nil {
			for _, field := range f.Fields {
				wrong.Put(r.At+"."+field.Name, field.Code, field.Said)
			}
		}
		for _, other := range seen[r.Agency.Code] {
			if r.Agency.Overlaps(other.Agency) {
				wrong.Add(r.At+".code", "duplicate", "%q is borne by %s at the same time", r.Agency.Code, other.At)
			}
		}
		seen[r.Agency.Code] = append(seen[r.Agency.Code], r)
	}
	return wrong.Err("agencies-invalid", "the agencies cannot be taken over")
}

// Overlaps says whether there is a day on which both exist.
func (a Agency) Overlaps(b Agency) bool {
	return (b.ValidTo == "" || a.ValidFrom < b.ValidTo) && (a.ValidTo == "" || b.ValidFrom < a.ValidTo)
}

func wrongFile(field, code, detail string, args ...any) error {
	var wrong fault.Fields
	wrong.Add(field, code, detail, args...)
	return wrong.Err("agencies-invalid", "the agencies cannot be taken over")
}

// unreadable says where a file stops being JSON, or which field is of another type.
func unreadable(data []byte, err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		upto := data[:min(int(syntax.Offset), len(data))]
		return wrongFile(fmt.Sprintf("line %d", 1+bytes.Count(upto, []byte("\n"))), "syntax", "is no JSON: %v", syntax)
	}
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) {
		at := data[:min(int(mismatch.Offset), len(data))]
		return wrongFile(fmt.Sprintf("line %d, %s", 1+bytes.Count(at, []byte("\n")), mismatch.Field), "type", "is a %s where another type is due", mismatch.Value)
	}
	return wrongFile("file", "syntax", "cannot be read: %v", err)
}

// plainJSON says what is wrong with one object without the names of our types.
func plainJSON(err error) fault.Text {
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) {
		return fault.Say("%s is a %s where another type is due", mismatch.Field, mismatch.Value)
	}
	return fault.Say("cannot be read: %s", strings.TrimPrefix(err.Error(), "json: "))
}
